/** Runs the tests of a copy once, and keeps the outcome of each. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Python } from '../corpus/pythons.ts';
import { run, TIMED_OUT } from './command.ts';
import type { Change } from './rewrite.ts';
import type { Subject } from './subject.ts';
import { environment, lay, type Workspace } from './workspace.ts';

export type Outcome = 'passed' | 'failed' | 'error' | 'skipped';

export interface Test {
  readonly id: string;
  readonly outcome: Outcome;
  /** What it says about an outcome that is not a pass. */
  readonly text: string;
}

export interface TestRun {
  /** Wall time in seconds. */
  readonly seconds: number;
  /** In the order that they were run. An id comes twice if its test is reported twice, as for an error while it is torn down. */
  readonly tests: readonly Test[];
  /** Why this is not the run of a suite; empty if it is. */
  readonly trouble: string;
  /** The end of what it printed. */
  readonly end: string;
  /** `path:line` of the watched lines that ran, `path:0` of the watched files that were loaded; paths relative to the code. */
  readonly reached: ReadonlySet<string>;
}

/** What a suite may take, in seconds: four minutes on a free machine, and room for a busy one. */
const LIMIT = 600;

/** Reads JUnit's XML; prints as JSON the id, outcome and text of each test. Addresses in ids would make them differ from run to run. */
const READ = `
import json, re, sys, xml.etree.ElementTree as tree
names = {"failure": "failed", "error": "error", "skipped": "skipped"}
def read(case):
    parts = [case.get("classname"), case.get("name")]
    id = re.sub("0x[0-9a-f]+", "0x", "::".join(part for part in parts if part))
    for child in case:
        if child.tag in names:
            return {"id": id, "outcome": names[child.tag], "text": (child.get("message") or "") + "\\n" + (child.text or "")}
    return {"id": id, "outcome": "passed", "text": ""}
json.dump([read(case) for case in tree.parse(sys.argv[1]).iter("testcase")], sys.stdout)
`;

/** Lays a copy with `change` in it and runs the tests that are about `files`, relative to the code. */
export function runTests(
  subject: Subject,
  python: Python,
  workspace: Workspace,
  change: Change,
  files: readonly string[],
): TestRun {
  lay(workspace, subject, change.written);
  const { folder, tree } = workspace;
  const code = join(tree, subject.code);
  const [request, output, junit] = [join(folder, 'watch.json'), join(folder, 'reached'), join(folder, 'junit.xml')];
  writeFileSync(request, JSON.stringify({ output, files: watched(code, change, files) }));
  const { status, stdout, stderr, seconds } = run(python.executable, {
    words: subject.testCommand(tree, files, junit),
    cwd: tree,
    env: { ...environment(workspace, subject), PYLEAK_WATCH: request },
    limit: LIMIT,
  });
  const reached = existsSync(output) ? readFileSync(output, 'utf8').trim().split('\n') : [];
  const end = `${stdout.toString().slice(-1000)}${stderr.slice(-500)}`;
  const trouble = status === TIMED_OUT ? `it took more than ${LIMIT} s` : `it ended with status ${status}: ${end}`;
  return {
    seconds,
    tests: existsSync(junit) ? read(python, junit) : [],
    trouble: subject.ran.includes(status) ? '' : trouble,
    end,
    reached: new Set(reached.map((line) => relative(code, line))),
  };
}

/** The lines to watch, by absolute path. */
function watched(code: string, { places }: Change, files: readonly string[]): Record<string, readonly number[]> {
  const linesIn = (path: string) => places.filter(({ finding }) => finding.path === path).flatMap(({ lines }) => lines);
  return Object.fromEntries(files.map((path) => [join(code, path), linesIn(path)]));
}

function read(python: Python, junit: string): readonly Test[] {
  const { status, stdout, stderr } = spawnSync(python.executable, ['-I', '-c', READ, junit], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`the outcomes in ${junit} cannot be read: ${stderr}`);
  return JSON.parse(stdout) as readonly Test[];
}
