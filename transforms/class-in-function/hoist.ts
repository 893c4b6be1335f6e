/** Writes the classes at module level and takes them out of their function. */
import type { Edit } from '../../src/core/edit.ts';
import type { Fix, ImportRequest, MoveRequest } from '../../src/core/finding.ts';
import {
  indentation,
  isBlankLine,
  lineEnd,
  lineEnding,
  lineStart,
  nextLine,
  previousLine,
  startsLine,
} from '../../src/core/lines.ts';
import type { Range } from '../../src/core/range.ts';
import type { FileModel } from '../../src/model/file.ts';
import { withCommentsAbove } from '../../src/plan/class-layout.ts';
import { importPlace } from '../../src/plan/import-place.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { descend, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { LocalClass, Match } from './match.ts';
import { removalOf } from './removal.ts';

/** A comment that tells a tool something about the lines below it. */
const DIRECTIVE = /#\s*(?:fmt|yapf|isort|ruff|pylint|flake8|noinspection)\b/;
/** What may follow the class on its last line. */
const REST_OF_LINE = /^[ \t\f]*;?[ \t\f]*(?:#[^\r\n]*)?$/;
/** Blank lines around a definition at module level (PEP 8) where the file does not show its own way. */
const BLANK_LINES = 2;

/** What one match is to become: the classes move, with what they import, and where they get another name their uses in the function follow. */
export function hoist(match: Match): (Pick<Fix, 'edits' | 'requests'> & { readonly at: number }) | Unwritable {
  const { classes, moving } = match;
  const { file } = classes[0].model;
  const { text, path } = file.source;
  const blocks = classes.map((one) => ({ one, range: linesOf(text, one.statement) }));
  for (const { one } of blocks) {
    if (!REST_OF_LINE.test(text.slice(one.statement.end, lineEnd(text, one.statement.end))))
      return { unwritable: 'another statement shares the last line of the class' };
  }
  if (classes.some((one) => isIndentedOtherwise(text, one)))
    return { unwritable: 'the lines of the class are indented by tabs here and by blanks there' };
  const renames = renamesOf(file, match).map(([node, name]) => ({
    path,
    range: { start: node.start, end: node.end },
    text: name,
  }));
  const isIn = (edit: Edit, range: Range): boolean => edit.range.start >= range.start && edit.range.end <= range.end;
  const at = placeFor(text, classes[0].outermost);
  const { requests, above } = importsFor(match, at);
  const parts: MoveRequest['parts'][number][] = [leadFor(text, match) + above];
  for (const { one, range } of blocks) {
    parts.push({
      range,
      indent: indentation(text, one.statement.start),
      // Plain data: a fix outlives the tree.
      literals: [...descend(one.statement)].flatMap(({ kind, start, end }) =>
        kind === 'string' ? { start, end } : [],
      ),
      renames: renames.filter((edit) => isIn(edit, range)),
      removal: removalOf(text, one, range, classes, moving),
    });
    parts.push(gapIn(text, classes[0]));
  }
  return {
    edits: renames.filter((edit) => !blocks.some(({ range }) => isIn(edit, range))),
    requests: [{ kind: 'move', path, at, parts }, ...requests],
    at,
  };
}

const CLAUSE = /^(?:decorator|\w+_clause|function_definition|class_definition)$/;

/** True if some logical line of the class does not start with what the class statement is indented by. */
function isIndentedOtherwise(text: string, { statement }: LocalClass): boolean {
  const indent = indentation(text, statement.start);
  return [...descend(statement)].some(
    (node) =>
      (node.parent?.kind === 'block' || CLAUSE.test(node.kind)) &&
      startsLine(text, node.start) &&
      !indentation(text, node.start).startsWith(indent),
  );
}

/** The whole lines of the class: the comments directly above it, and those that end its body. */
function linesOf(text: string, statement: PyNode): Range {
  const indent = indentation(text, statement.start);
  const own = lineStart(text, statement.start);
  const above = withCommentsAbove(text, statement, indent);
  const start = DIRECTIVE.test(text.slice(above, own)) ? own : above;
  let end = nextLine(text, statement.end);
  for (let at = end; at < text.length; at = nextLine(text, at)) {
    if (isBlankLine(text, at)) continue;
    const line = text.slice(at, lineEnd(text, at));
    const deeper = /^[ \t\f]*/.exec(line)?.[0] ?? '';
    if (!line.startsWith('#', deeper.length) || !deeper.startsWith(indent) || deeper.length === indent.length) break;
    end = nextLine(text, at);
  }
  return { start, end };
}

/** The place in front of the outermost statement, its decorators and the comments directly above it. */
function placeFor(text: string, outermost: PyNode): number {
  const own = lineStart(text, outermost.start);
  const above = withCommentsAbove(text, outermost, '');
  // A shebang or an encoding declaration stays the first line.
  return above === 0 && /^#(?:!|.*coding[:=])/m.test(text.slice(0, own)) ? own : above;
}

/** The blank lines that the outermost statement has above it. */
function gapAbove(text: string, at: number): number {
  let gap = 0;
  for (
    let above = previousLine(text, at);
    above !== undefined && isBlankLine(text, above);
    above = previousLine(text, above)
  )
    gap += 1;
  return gap;
}

function gapIn(text: string, { outermost }: LocalClass): string {
  const gap = gapAbove(text, placeFor(text, outermost));
  return lineEnding(text).repeat(gap === 0 ? BLANK_LINES : gap);
}

/** What sets the first class off from code that stands directly above. */
function leadFor(text: string, { classes: [first], moving }: Match): string {
  const at = placeFor(text, first.outermost);
  if (at === 0 || gapAbove(text, at) > 0) return '';
  const isFirst = ![...moving].some((other) => within(other, first.outermost) && other.start < first.statement.start);
  return isFirst ? lineEnding(text).repeat(BLANK_LINES) : '';
}

/** The imports that the classes bring along: at the top of the file, or where no line there is free directly above, set off as from any code (PEP 8). */
function importsFor(
  { classes, imports }: Match,
  at: number,
): { readonly requests: readonly ImportRequest[]; readonly above: string } {
  const { file } = classes[0].model;
  const { text, path } = file.source;
  const requests: ImportRequest[] = [];
  let above = '';
  for (const [module, line] of linesByModule([...imports.values()])) {
    const place = importPlace(
      file,
      line.startsWith('from ') ? 'import_from_statement' : 'import_statement',
      module,
      at,
    );
    if (place === undefined) above += line + lineEnding(text);
    else requests.push({ kind: 'import', path, target: { kind: 'new', line, ...place } });
  }
  return { requests, above: above === '' ? '' : above + lineEnding(text).repeat(BLANK_LINES) };
}

/** `from m import a` and `from m import b` become one line. */
function linesByModule(statements: readonly string[]): readonly (readonly [module: string, line: string])[] {
  const lines = new Map<string, readonly [string, string]>();
  for (const statement of statements) {
    const [, from = '', module = '', names = ''] = /^(from (\S+) import |import )(.*)$/.exec(statement) ?? [];
    const known = module === '' ? undefined : lines.get(from);
    if (known === undefined) lines.set(module === '' ? statement : from, [module === '' ? names : module, statement]);
    else lines.set(from, [module, `${known[1]}, ${names}`]);
  }
  return [...lines.values()];
}

/** Every name that changes, with what it becomes. */
function renamesOf(file: FileModel, { classes, names }: Match): readonly (readonly [PyNode, string])[] {
  return classes.flatMap((one) => {
    const name = names.get(one);
    if (name === undefined || name === one.model.name) return [];
    return file.usesOf(one.binding).map((node) => [node, name] as const);
  });
}
