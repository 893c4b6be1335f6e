/**
 * Laws that hold for every module and every choice of fixes, tried on generated ones: what is written is what the edits say, it
 * still is Python, it behaves as before, and nothing is left to do.
 *
 * The modules are the same in every run; PROPERTY_SEED and PROPERTY_RUNS look elsewhere and further.
 */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse } from '../src/analyse.ts';
import { type Rendered, render } from '../src/apply/render.ts';
import { isFileError } from '../src/core/errors.ts';
import { applicabilityOf, type Finding, type Fix } from '../src/core/finding.ts';
import type { SourceFile } from '../src/core/source-file.ts';
import { decide } from '../src/decide.ts';
import { judgeFile } from '../src/judge.ts';
import { FileModel } from '../src/model/file.ts';
import { composeEdits } from '../src/plan/compose.ts';
import { unifiedDiff } from '../src/review/diff.ts';
import { policyReviewer } from '../src/review/reviewer.ts';
import { loadRules } from '../src/rules.ts';
import { encode } from '../src/source/decode.ts';
import { parse, parses } from '../src/syntax/tree.ts';
import { modules, read } from './support/modules.ts';
import { findPython } from './support/python.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? 20);
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 120);
const rules = await loadRules();

interface Offer {
  readonly finding: Finding;
  readonly fix: Fix;
}

describe('for every module', () => {
  it('the edits are all that changes, in the line ends of the file', () =>
    holds(modules, (source) => {
      const result = applied(source, offers(source));
      let at = 0;
      const parts = result.byteEdits.flatMap(({ startByte, endByte, text }) => {
        expect(startByte).toBeGreaterThanOrEqual(at);
        expect(endByte).toBeGreaterThanOrEqual(startByte);
        const kept = source.bytes.subarray(at, startByte);
        at = endByte;
        return [kept, encode(text, source.encoding) ?? Buffer.alloc(0)];
      });
      expect(Buffer.concat([...parts, source.bytes.subarray(at)]).equals(result.bytes)).toBe(true);
      expect(lineEnds(source.text)).toEqual(expect.arrayContaining(lineEnds(result.text)));
      expect(/[\r\n]$/.test(result.text)).toBe(/[\r\n]$/.test(source.text));
    }));

  it('what is found is found behind the sift too', () =>
    holds(modules, (source) => {
      const symbols = judgedAlone(source).findings.map(({ symbol }) => symbol.slice(symbol.lastIndexOf('.') + 1));
      const subjects = analyse(source, rules).subjects.map(({ attribute }) => attribute);
      expect(subjects.toSorted()).toEqual(symbols.toSorted());
    }));

  it('every fix that is offered is written, and parses', () =>
    holdsAsync(modules, async (source) => {
      const { findings, errors } = judgedAlone(source);
      const sources = new Map([[source.path, source]]);
      const decided = await decide({ findings, sources }, policyReviewer(true), 'skipped', async () => undefined);
      expect([...errors, ...decided.errors]).toEqual([]);
      const planned = decided.outcomes.filter(({ status }) => status === 'planned');
      expect(planned.map(({ finding }) => finding.symbol)).toEqual(offers(source).map(({ finding }) => finding.symbol));
      for (const { text } of decided.rendered) expect(parses(text)).toBe(true);
    }));

  it('any of the fixes leave a module that parses, in whichever order they were accepted', () =>
    holds(withChoice, ([source, chosen]) => {
      const result = applied(source, chosen);
      expect(parses(result.text)).toBe(true);
      expect(applied(source, chosen.toReversed()).text).toBe(result.text);
    }));

  it('a second run finds nothing to fix', () =>
    holds(modules, (source) => {
      const again = read(applied(source, offers(source)).bytes);
      expect(offers(again).map(({ finding }) => finding.symbol)).toEqual([]);
    }));

  it('the later attributes of a class now and the earlier ones in another run is all at once', () =>
    holds(modules, (source) => {
      for (const own of byClass(source).values()) {
        const expected = applied(source, own).text;
        for (const first of own.keys()) expect(inTwoRuns(source, own.slice(first), own)).toBe(expected);
      }
    }));

  it('any of a class now and the rest in another run gives the same lines, though not in the same order', () =>
    holds(withChoice, ([source, chosen]) => {
      for (const own of byClass(source).values()) {
        const some = own.filter((one) => chosen.some(({ finding }) => finding.symbol === one.finding.symbol));
        expect(sortedLines(inTwoRuns(source, some, own))).toEqual(sortedLines(applied(source, own).text));
      }
    }));

  it('the diff gives what the batch writes', () =>
    holds(modules, (source) => {
      const { bytes, byteEdits, replacements } = applied(source, offers(source));
      const diff = unifiedDiff(source.path, source.bytes, byteEdits, replacements);
      expect(patched(source.bytes, diff).equals(bytes)).toBe(true);
    }));
});

describe('CPython', () => {
  const python = findPython();

  it.skipIf(python === undefined)('compiles what is written, and one instance behaves as before a safe fix', () => {
    const samples = fc.sample(modules, { seed, numRuns }).flatMap((source) => {
      const all = offers(source);
      const safe = all.filter(({ fix }) => applicabilityOf(fix) === 'safe');
      return all.length === 0 ? [] : [[source, applied(source, all), applied(source, safe)] as const];
    });
    const input = JSON.stringify(samples.map((versions) => versions.map(({ bytes }) => bytes.toString('base64'))));
    const { stdout, stderr } = spawnSync(python?.command ?? '', ['-c', BEHAVE], { input, maxBuffer: 1 << 28 });
    const outcomes = JSON.parse(stdout.toString() || JSON.stringify(stderr.toString())) as Outcome[];
    expect(outcomes).toHaveLength(samples.length);
    for (const [index, { compiles, before, after }] of outcomes.entries()) {
      const [source, all, safe] = samples[index] ?? [];
      expect(compiles, all?.text).toBe(true);
      expect(after, `${source?.text}\n-- becomes --\n${safe?.text}`).toEqual(before);
    }
  });
});

interface Outcome {
  /** With all fixes. */
  readonly compiles: boolean;
  /** For each class what an instance's methods return or raise; as read, and with the safe fixes. */
  readonly before: unknown;
  readonly after: unknown;
}

/** A module and some of the fixes it is offered. */
const withChoice = modules.chain((source) =>
  fc.tuple(
    fc.constant(source),
    fc.subarray([...offers(source)]).map((some): readonly Offer[] => some),
  ),
);

/** What a file comes to without a project around it. */
function judgedAlone(source: SourceFile): ReturnType<typeof judgeFile> {
  const syntax = parse(source.text);
  if ('offset' in syntax) throw new Error(`syntax error at ${syntax.offset}`);
  return judgeFile(new FileModel(source, syntax), { rules, strategies: new Map() });
}

function offers(source: SourceFile): readonly Offer[] {
  return judgedAlone(source).findings.flatMap((finding) => {
    const [fix] = finding.fixes;
    return fix === undefined || 'unfixable' in fix ? [] : [{ finding, fix }];
  });
}

/** By the qualified name of the class. Fixes of different classes may change what is left to find: a base's attribute hides others. */
function byClass(source: SourceFile): ReadonlyMap<string, readonly Offer[]> {
  const groups = new Map<string, Offer[]>();
  for (const offer of offers(source)) {
    const name = offer.finding.symbol.replace(/\.[^.]*$/, '');
    groups.set(name, [...(groups.get(name) ?? []), offer]);
  }
  return groups;
}

/** The text after a run with `now` and another with what is left of `all`. */
function inTwoRuns(source: SourceFile, now: readonly Offer[], all: readonly Offer[]): string {
  const symbols = all.map(({ finding }) => finding.symbol);
  const later = read(applied(source, now).bytes);
  return applied(
    later,
    offers(later).filter(({ finding }) => symbols.includes(finding.symbol)),
  ).text;
}

function sortedLines(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).sort();
}

/** Throws if the edits cannot be written. */
function applied(source: SourceFile, chosen: readonly Offer[]): Rendered {
  const fixes = chosen.map(({ fix }) => fix);
  const result = render(source, composeEdits(source, fixes), encode);
  if (isFileError(result)) throw new Error(result.message);
  return result;
}

function lineEnds(text: string): string[] {
  return [...new Set(text.match(/\r\n|\r|\n/g))];
}

/** What a strict `patch` makes of a file: context and removed lines have to be there, at the line the hunk names. */
function patched(before: Buffer, diff: Buffer): Buffer {
  const lines = linesOf(before);
  const rows = linesOf(diff);
  const out: string[] = [];
  let at = 0;
  for (const [index, row] of rows.entries()) {
    const hunk = /^@@ -(\d+)/.exec(row);
    if (hunk !== null) while (at < Number(hunk[1]) - 1) out.push(lines[at++] ?? '');
    const mark = row.charAt(0);
    if (index < 3 || hunk !== null || mark === '\\') continue;
    const line = rows[index + 1]?.startsWith('\\ No newline') === true ? row.slice(1, -1) : row.slice(1);
    if (mark !== '+') expect(lines[at++]).toBe(line);
    if (mark !== '-') out.push(line);
  }
  return Buffer.from([...out, ...lines.slice(at)].join(''), 'latin1');
}

/** As git has them, with their line ends; a character for each byte. */
function linesOf(bytes: Buffer): readonly string[] {
  return bytes.toString('latin1').match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function holds<T>(values: fc.Arbitrary<T>, law: (value: T) => void): void {
  fc.assert(fc.property(values, law), { seed, numRuns });
}

async function holdsAsync<T>(values: fc.Arbitrary<T>, law: (value: T) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(values, law), { seed, numRuns });
}

/** Triples of modules as base64 in JSON on stdin: as read, with all fixes, with the safe fixes. Outcomes as JSON on stdout. */
const BEHAVE = `
import base64, json, sys, warnings
warnings.simplefilter("ignore")

def compiles(source):
    try:
        return bool(compile(source, "module.py", "exec", dont_inherit=True))
    except (SyntaxError, ValueError):
        return False

def attempt(call):
    try:
        return repr(call())
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)

def behaviour(source):
    results = {}
    for name in ["Alpha", "Beta", "Gamma"]:
        # Each class in a module of its own: what one instance did must not show in another.
        module = {"__name__": "module"}
        exec(compile(source, "module.py", "exec", dont_inherit=True), module)
        if name not in module:
            continue
        instance = module[name]()
        names = sorted(method for method in dir(instance) if method.rstrip("abcdefghijklmnopqrstuvwxyzöß_") == "" and method.startswith(("change", "reset", "read", "size", "shared", "all")))
        for step in range(2):
            for method in names:
                use = getattr(instance, method)
                results["%s.%s %d" % (name, method, step)] = attempt(use) if callable(use) else repr(use)
    return results

def outcome(source, everything, safe):
    return {"compiles": compiles(everything), "before": behaviour(source), "after": behaviour(safe)}

json.dump([outcome(*map(base64.b64decode, versions)) for versions in json.load(sys.stdin)], sys.stdout)
`;
