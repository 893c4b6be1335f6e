/**
 * Turns accepted fixes into edits, file by file.
 *
 * What several fixes share is written once: all statements for one method of a class arrive in one place, in their order, and an
 * import stands there once, whichever of the fixes were accepted.
 */
import { compareEdits, type Edit } from '../core/edit.ts';
import type { Fix, ImportRequest, MethodRequest, MethodTarget, MovedLines, StatementLine } from '../core/finding.ts';
import { isBlankLine, lineEnd, lineEnding, previousLine } from '../core/lines.ts';
import { overlaps, type Range } from '../core/range.ts';
import type { SourceFile } from '../core/source-file.ts';
import { linesAround, movedLines, moveEdits, outside, withoutIndent } from './moves.ts';
import { removals } from './removals.ts';

/** What all fixes together change in `source`, ascending and without overlap. */
export function composeEdits(source: SourceFile, fixes: readonly Fix[]): readonly Edit[] {
  const isHere = ({ path }: { readonly path: string }): boolean => path === source.path;
  const requests = fixes.flatMap((fix) => fix.requests.filter(isHere));
  const moved = movedLines(requests);
  const edits: Edit[] = [];
  const inner = new Map<MovedLines, Edit[]>();
  const add = (edit: Edit, lines: MovedLines | undefined): void => {
    if (lines === undefined) edits.push(edit);
    else inner.set(lines, [...(inner.get(lines) ?? []), edit]);
  };
  for (const edit of fixes.flatMap((fix) => fix.edits.filter(isHere))) {
    const lines = linesAround(moved, edit);
    add(lines === undefined ? edit : { ...edit, text: withoutIndent(edit.text, lines.indent) }, lines);
  }
  const newline = lineEnding(source.text);
  const methods = requests.filter((request) => request.kind === 'method');
  for (const [classStart, ofClass] of grouped(methods, (request) => request.classStart)) {
    const lines = linesAround(moved, classStart);
    for (const edit of classEdits(source, ofClass, newline, lines?.indent ?? '')) add(edit, lines);
  }
  const elements = requests.filter((request) => request.kind === 'element');
  for (const [at, ofList] of grouped(elements, (request) => request.at)) {
    const text = [...new Set(ofList.map((request) => `, ${request.text}`))].join('');
    const edit = { path: source.path, range: { start: at, end: at }, text };
    add(edit, linesAround(moved, edit));
  }
  const imports = requests.filter((request) => request.kind === 'import');
  for (const [, atPlace] of grouped(imports, ({ target }) => target.at))
    edits.push(...importEdits(source, atPlace, newline));
  for (const request of requests) if (request.kind === 'move') edits.push(...moveEdits(source, request, inner));
  return edits.sort(compareEdits);
}

/** True if the edits of one fix are in the way of the other's in `source`. What fixes share is written once, and what moves takes along what changes in it. */
export function collide(source: SourceFile, one: Fix, other: Fix): boolean {
  const movedBy = ({ requests }: Fix) => movedLines(requests.filter(({ path }) => path === source.path));
  const mine = outside(movedBy(other), one);
  const theirs = outside(movedBy(one), other);
  return meet(source, mine, theirs) || meet(source, theirs, mine);
}

/** True if what a fix does by itself, and does not share, meets anything the other does. */
function meet(source: SourceFile, one: Fix, other: Fix): boolean {
  const own = remembered(unshared, source, one);
  if (own.length === 0) return false;
  const others = remembered(alone, source, other);
  return own.some(({ range }) => others.some((edit) => overlaps(range, edit.range)));
}

/** What each fix comes to in a file by itself: of many in one file each is compared with all. */
const alone = new WeakMap<SourceFile, WeakMap<Fix, readonly Edit[]>>();
const unshared = new WeakMap<SourceFile, WeakMap<Fix, readonly Edit[]>>();

function remembered(known: typeof alone, source: SourceFile, fix: Fix): readonly Edit[] {
  const ofFile = known.get(source) ?? new WeakMap<Fix, readonly Edit[]>();
  known.set(source, ofFile);
  const own = known === alone ? fix : { ...fix, requests: fix.requests.filter(({ kind }) => kind === 'move') };
  const edits = ofFile.get(fix) ?? composeEdits(source, [own]);
  ofFile.set(fix, edits);
  return edits;
}

/** Everything that is to be imported at one place. */
function importEdits({ path, text }: SourceFile, requests: readonly ImportRequest[], newline: string): readonly Edit[] {
  const [first] = requests;
  if (first === undefined) return [];
  const range = { start: first.target.at, end: first.target.at };
  const names = requests.flatMap(({ target }) => (target.kind === 'name' ? [target.name] : []));
  if (names.length > 0)
    return [
      {
        path,
        range,
        text: [...new Set(names)]
          .sort()
          .map((name) => `, ${name}`)
          .join(''),
      },
    ];
  const lines = requests.flatMap(({ target }) => (target.kind === 'new' ? [target] : []));
  const before = newline.repeat(Math.max(...lines.map(({ blankBefore }) => blankBefore)));
  const after = newline.repeat(Math.max(...lines.map(({ blankAfter }) => blankAfter)));
  // `import x` before `from x import y`, as most files have it.
  const isFrom = (line: string): number => Number(line.startsWith('from '));
  const written = [...new Set(lines.map(({ line }) => line))]
    .sort((a, b) => isFrom(a) - isFrom(b) || (a < b ? -1 : 1))
    .map((line) => line + newline);
  const unended = range.start === text.length && text !== '' && !/[\r\n]$/.test(text) ? newline : '';
  return [{ path, range, text: unended + before + written.join('') + after }];
}

/** What each key has, by the first of each. */
function grouped<T, K extends number | string>(all: readonly T[], keyOf: (one: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}

/** `lost`: the indentation that the class loses because it moves. */
function classEdits(
  source: SourceFile,
  requests: readonly MethodRequest[],
  newline: string,
  lost: string,
): readonly Edit[] {
  const { text, path } = source;
  const ordered = [...requests].sort((a, b) => a.statement.order - b.statement.order);
  const { lines: removed, parts } = removals(
    text,
    ordered.flatMap(({ statement }) => statement.removal ?? []),
  );
  const edits: Edit[] = [...removed, ...parts].map((range) => ({ path, range, text: '' }));
  const made = new Set<number>();
  for (const [, ofMethod] of grouped(ordered, placeOf)) {
    const [first] = ofMethod;
    if (first === undefined) continue;
    const { target } = first.layout;
    const lines = distinct(ofMethod).flatMap(({ statement }) => statement.lines);
    edits.push({ path, ...insertion({ text, newline, removed, made, lost }, target, lines) });
    if (target.kind === 'new') made.add(target.at);
  }
  return edits;
}

/** The same statement may be asked for more than once. */
function distinct(requests: readonly MethodRequest[]): readonly MethodRequest[] {
  const byText = new Map<string, MethodRequest>();
  for (const request of requests) {
    const { order, lines } = request.statement;
    const key = [order, ...lines.map(({ text }) => text)].join('\n');
    if (!byText.has(key)) byText.set(key, request);
  }
  return [...byText.values()];
}

/** What is asked for the same place of the same method is written there once. */
function placeOf({ layout: { method, target } }: MethodRequest): string {
  return `${method} ${target.kind === 'one-line' ? target.range.start : target.at}`;
}

interface Surroundings {
  readonly text: string;
  readonly newline: string;
  /** The lines that go. */
  readonly removed: readonly Range[];
  /** Where other methods of the class are made. */
  readonly made: ReadonlySet<number>;
  /** What of each indentation is not written. */
  readonly lost: string;
}

function insertion(
  { text, newline, removed, made, lost }: Surroundings,
  target: MethodTarget,
  lines: readonly StatementLine[],
): Pick<Edit, 'range' | 'text'> {
  const indent = target.indent.slice(lost.length);
  if (target.kind === 'one-line')
    return { range: target.range, text: newline + written(lines, indent, newline) + indent };
  const range = { start: target.at, end: target.at };
  // After the last line of a file that does not end in a line end.
  const unended = target.at === text.length && !/[\r\n]$/.test(text);
  const ended = (inserted: string): string => (unended ? inserted.slice(0, -newline.length) : inserted);
  if (target.kind === 'existing')
    return { range, text: (unended ? newline : '') + ended(written(lines, indent, newline)) };
  const bodyIndent = target.bodyIndent.slice(lost.length);
  const body = written(lines, bodyIndent, newline);
  const tail = target.tail.map((line) => bodyIndent + line + newline).join('');
  // Two methods may be made at one place.
  const follows = made.has(target.at) && target.below === 0;
  const setOff = follows || needsBlankLine(text, target.at, removed, target.indent);
  const gap = setOff ? newline.repeat(target.above) : '';
  const head = [...(target.decorators ?? []), target.header].map((line) => indent + line + newline).join('');
  const lead = written(
    (target.lead ?? []).map((line) => ({ text: line, verbatim: false })),
    bodyIndent,
    newline,
  );
  const method = head + lead + body + tail;
  // The last line of the file keeps having no line end; the one above gets the one it needs.
  const above = unended && !removed.some(({ end }) => end === text.length) ? newline : '';
  return { range, text: above + ended(gap + method + newline.repeat(target.below)) };
}

function written(lines: readonly StatementLine[], indent: string, newline: string): string {
  return lines.map((line) => (line.verbatim || line.text === '' ? line.text : indent + line.text) + newline).join('');
}

/** True if the line that will stand above `at` is code, so that a method has to be set off from it. */
function needsBlankLine(text: string, at: number, removed: readonly Range[], indent: string): boolean {
  let start = at;
  for (;;) {
    const group = removed.find((range) => range.end === start);
    if (group === undefined) break;
    start = group.start;
  }
  const above = previousLine(text, start);
  if (above === undefined || isBlankLine(text, above)) return false;
  // Of lines that are not indented like the body, the class header ends in a colon, a string that goes over lines does not.
  return text.startsWith(indent, above) || !/:[ \t]*(?:#.*)?$/.test(text.slice(above, lineEnd(text, above)));
}
