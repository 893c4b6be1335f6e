/** Comments that keep a finding from being reported: `# pyleak: ignore`, `# pyleak: ignore[rule, rule]`, `# pyleak: ignore-file`. */
import { lineStart } from '../core/lines.ts';
import type { Syntax } from '../syntax/tree.ts';

/** `ignore-file` counts in this many lines from the top. */
const HEAD_LINES = 10;

/** One comment, or one of several in one comment, that is not a mistake. */
export interface Directive {
  readonly offset: number;
  /** What it says: of its line, or of the whole file. */
  readonly scope: 'line' | 'file';
  readonly rules: ReadonlySet<string> | 'all';
  /** False for an `ignore-file` that stands too far down. */
  readonly counts: boolean;
}

export interface Suppressions {
  readonly directives: readonly Directive[];
  readonly wholeFile: boolean;
  /** True if a finding of `rule` whose first line holds `offset` is suppressed. */
  covers(offset: number, rule: string): boolean;
  /** A comment that suppresses nothing because of a mistake in it: where, and what. */
  readonly warnings: readonly { readonly offset: number; readonly message: string }[];
}

/** The rules that a directive names, or what is wrong with it. */
type Named = ReadonlySet<string> | 'all' | { readonly mistake: string };

/** A comment may have several of these: the word, and what follows it up to the next one. */
const DIRECTIVE = /#\s*pyleak\s*:\s*(?<word>ignore(?:-file)?)(?!\w|-(?!-))(?<rest>(?:(?!#\s*pyleak\s*:).)*)/gs;
const RULES = /^\s*\[(?<rules>[^\][]*)\](?!\s*[\][])/;
const UNCLOSED = /^\s*\[[^\][]*$/;
/** The comment ends, or another comment or a reason follows. */
const NO_RULES = /^(?:$|#|--|\s+(?![\s\][]))/;

/** Reads the comments of one file. `rules` are the ids that may be named. */
export function suppressionsOf(syntax: Syntax, text: string, rules: readonly string[]): Suppressions {
  const directives: Directive[] = [];
  const warnings: { offset: number; message: string }[] = [];
  // Asking for the comments reads the whole file.
  for (const comment of text.includes('pyleak') ? syntax.comments : []) {
    const body = text.slice(comment.start, comment.end);
    for (const { groups = {}, index } of body.matchAll(DIRECTIVE)) {
      const { word = '', rest = '' } = groups;
      const named = word === 'ignore' ? namedRules(rest, rules) : wholeFileOnly(rest);
      if (typeof named === 'object' && 'mistake' in named) {
        warnings.push({ offset: comment.start + index, message: `${named.mistake}; nothing is suppressed` });
      } else {
        const scope = word === 'ignore' ? 'line' : 'file';
        const counts = scope === 'line' || text.slice(0, comment.start).split(/\r\n|\r|\n/).length <= HEAD_LINES;
        directives.push({ offset: comment.start + index, scope, rules: named, counts });
      }
    }
  }
  const byLine = new Map<number, (ReadonlySet<string> | 'all')[]>();
  for (const { offset, scope, rules: named } of directives) {
    const line = lineStart(text, offset);
    if (scope === 'line') byLine.set(line, [...(byLine.get(line) ?? []), named]);
  }
  return {
    directives,
    wholeFile: directives.some(({ scope, counts }) => scope === 'file' && counts),
    warnings,
    covers(offset, rule) {
      if (byLine.size === 0) return false;
      const onLine = byLine.get(lineStart(text, offset)) ?? [];
      return onLine.some((named) => named === 'all' || named.has(rule));
    },
  };
}

/** What follows `ignore`. */
function namedRules(rest: string, known: readonly string[]): Named {
  const list = RULES.exec(rest)?.groups?.['rules'];
  if (list === undefined) return withoutRules('ignore', rest);
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return new Set(names);
  return { mistake: unknown === '' ? 'a rule is missing in the brackets' : `unknown rule \`${unknown}\`` };
}

/** What follows `ignore-file`. */
function wholeFileOnly(rest: string): Named {
  return RULES.test(rest) ? { mistake: '`ignore-file` takes no rules' } : withoutRules('ignore-file', rest);
}

function withoutRules(word: string, rest: string): Named {
  if (NO_RULES.test(rest)) return 'all';
  if (UNCLOSED.test(rest)) return { mistake: 'the bracket is not closed' };
  return { mistake: `\`${word}\` is followed by \`${rest.trim().charAt(0)}\` (a reason goes behind \`--\`)` };
}
