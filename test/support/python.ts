/**
 * The Python side of the tests. One interpreter process takes a batch of jobs, because starting one for each of some hundred
 * files would take longer than the checks themselves; only the `leak.py` programs get a process each, so that none sees another's.
 */
import { execFile, spawnSync } from 'node:child_process';

export interface Python {
  readonly command: string;
  /** Major and minor version. */
  readonly version: readonly [number, number];
}

/** Can the file be compiled? A job for CPython's own compiler: tree-sitter accepts more than Python does. */
export interface CompileJob {
  readonly kind: 'compile';
  /** Absolute. */
  readonly path: string;
}

/** Runs `exercise(subject)` of a `leak.py` on a module. */
export interface LeakJob {
  readonly kind: 'leak';
  /** Absolute. Imported before the subject, so that it may put a stand-in for a package in place. */
  readonly leak: string;
  /** Absolute; where the subject and what it imports are looked for first. */
  readonly root: string;
  /** The name the module is imported by. */
  readonly subject: string;
}

export type Job = CompileJob | LeakJob;

export type Outcome =
  | { readonly ok: false; readonly error: string }
  /** `result` and `leaked` are what `exercise` returned; null for a compile job. */
  | { readonly ok: true; readonly result: unknown; readonly leaked: boolean | null };

/** How long one `leak.py` may take, in seconds. */
const LEAK_SECONDS = 30;

/** The first Python 3 on the PATH; undefined, with a warning on stderr, if there is none. */
export function findPython(): Python | undefined {
  for (const command of ['python3', 'python']) {
    const { status, stdout } = spawnSync(command, ['-c', 'import sys; print(*sys.version_info[:2])'], {
      encoding: 'utf8',
    });
    const [major, minor] = (stdout ?? '').trim().split(' ').map(Number);
    if (status === 0 && major === 3 && minor !== undefined) return { command, version: [major, minor] };
  }
  console.warn('No Python 3 on the PATH: whether fixtures compile and leak is not checked.');
  return undefined;
}

/** True if the interpreter can run a fixture marked `>=3.10` and the like; never for Python 2 source, marked `2`. */
export function canRun(python: Python, requirement: string): boolean {
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(requirement) ?? [];
  if (major === undefined || minor === undefined) return false;
  return (
    python.version[0] > Number(major) || (python.version[0] === Number(major) && python.version[1] >= Number(minor))
  );
}

/** The outcomes in the order of the jobs. Rejects if the driver itself fails, with what it wrote to stderr. */
export function runJobs(python: Python, jobs: readonly Job[]): Promise<readonly Outcome[]> {
  return new Promise((resolve, reject) => {
    const driver = ['-B', '-c', DRIVER, LEAK_PROGRAM, String(LEAK_SECONDS)];
    const options = {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    } as const;
    const child = execFile(python.command, driver, options, (error, stdout) =>
      error === null ? resolve(JSON.parse(stdout) as readonly Outcome[]) : reject(error),
    );
    child.stdin?.end(JSON.stringify(jobs));
  });
}

/** Jobs as JSON on stdin, outcomes as JSON on stdout. */
const DRIVER = `
import concurrent.futures, json, os, subprocess, sys, warnings

warnings.simplefilter("ignore")
leak_program, leak_seconds = sys.argv[1], float(sys.argv[2])


def check_syntax(job):
    with open(job["path"], "rb") as file:
        compile(file.read(), job["path"], "exec", dont_inherit=True)
    return {"ok": True, "result": None, "leaked": None}


def check_leak(job):
    command = [sys.executable, "-B", "-c", leak_program, job["leak"], job["root"], job["subject"]]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=leak_seconds)
    if done.returncode != 0:
        return {"ok": False, "error": done.stderr.decode("utf-8", "replace")}
    result, leaked = json.loads(done.stdout.decode("utf-8"))
    return {"ok": True, "result": result, "leaked": leaked}


def check(job):
    try:
        return {"compile": check_syntax, "leak": check_leak}[job["kind"]](job)
    except (SyntaxError, ValueError, subprocess.TimeoutExpired) as error:
        return {"ok": False, "error": "%s: %s" % (type(error).__name__, error)}


with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    json.dump(list(pool.map(check, json.load(sys.stdin))), sys.stdout)
`;

/** Whatever the program prints goes to stderr: stdout carries the outcome alone. */
const LEAK_PROGRAM = `
import importlib, importlib.util, json, sys

leak_path, root, subject = sys.argv[1:]
# The empty path is the folder that the tests run in.
sys.path[:] = [root] + [path for path in sys.path if path]
spec = importlib.util.spec_from_file_location("leak", leak_path)
leak = importlib.util.module_from_spec(spec)

stdout, sys.stdout = sys.stdout, sys.stderr
spec.loader.exec_module(leak)
result, leaked = leak.exercise(importlib.import_module(subject))
if not isinstance(leaked, bool):
    raise TypeError("leaked has to be True or False, not %r" % (leaked,))
json.dump([result, leaked], stdout)
`;
