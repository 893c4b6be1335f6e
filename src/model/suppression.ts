/** Comments that keep a finding from being reported: `# pyleak: ignore`, `# pyleak: ignore[rule, rule]`, `# pyleak: ignore-file`. */
import type { PyNode, Syntax } from '../syntax/tree.ts';

/** `ignore-file` counts in this many lines from the top. */
const HEAD_LINES = 10;

export interface Suppressions {
  readonly wholeFile: boolean;
  /** True if a finding of `rule` whose first line holds `offset` is suppressed. */
  covers(offset: number, rule: string): boolean;
  /** A comment that suppresses nothing because of a mistake in it: where, and what. */
  readonly warnings: readonly { readonly offset: number; readonly message: string }[];
}

/** Reads the comments of one file. `rules` are the ids that may be named. */
export function suppressionsOf(syntax: Syntax, text: string, rules: readonly string[]): Suppressions {
  let wholeFile = false;
  const byLine = new Map<number, ReadonlySet<string> | 'all'>();
  const warnings: { offset: number; message: string }[] = [];
  for (const comment of syntax.comments) {
    const body = text.slice(comment.start, comment.end);
    if (!/pyleak\s*:/.test(body)) continue;
    if (/#\s*pyleak\s*:\s*ignore-file\b/.test(body)) {
      wholeFile ||= text.slice(0, comment.start).split(/\r\n|\r|\n/).length <= HEAD_LINES;
      continue;
    }
    const parsed = parseComment(body, rules);
    if (parsed === undefined) continue;
    if (typeof parsed === 'string') warnings.push({ offset: comment.start, message: parsed });
    else byLine.set(lineOf(text, comment), parsed.rules);
  }
  return {
    wholeFile,
    warnings,
    covers(offset, rule) {
      if (byLine.size === 0) return false;
      const suppressed = byLine.get(startOfLine(text, offset));
      return suppressed === 'all' || suppressed?.has(rule) === true;
    },
  };
}

/** The rules a comment names, or a message about the mistake in it; undefined for a comment about something else. */
function parseComment(
  body: string,
  known: readonly string[],
): { rules: ReadonlySet<string> | 'all' } | string | undefined {
  const match = /#\s*pyleak\s*:\s*ignore(?![\w-])\s*(?<list>\[[^\]]*(?<close>\])?)?/.exec(body);
  if (match === null) return undefined;
  const list = match.groups?.['list'];
  if (list === undefined) return { rules: 'all' };
  if (match.groups?.['close'] === undefined) return 'the bracket is not closed; nothing is suppressed';
  const names = list
    .slice(1, -1)
    .split(',')
    .map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return { rules: new Set(names) };
  return unknown === ''
    ? 'a rule is missing in the brackets; nothing is suppressed'
    : `unknown rule \`${unknown}\`; nothing is suppressed`;
}

function lineOf(text: string, comment: PyNode): number {
  return startOfLine(text, comment.start);
}

function startOfLine(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}
