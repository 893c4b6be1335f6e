/**
 * What other files say about a class: until they are read for their meaning, a file that so much as names a class may do anything
 * with it, and what it might break is unknown.
 */
import type { Finding, Fix, Obligation, Unfixable } from '../core/finding.ts';
import { applicabilityOf } from '../core/finding.ts';

/** A file of the project as text. `path` as in {@link SourceFile.path}. */
export interface ProjectText {
  readonly path: string;
  readonly text: string;
}

/** The findings whose obligations other files could still break: with a fix that nothing in its own file speaks against. */
export function inQuestion(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((finding) => finding.fixes.some((fix) => applicabilityOf(fix) === 'safe'));
}

/** Collects what the texts say about the findings' questions, one text at a time. */
export class Mentions {
  private readonly names: RegExp | undefined;
  private readonly attributes: RegExp | undefined;
  private readonly byName = new Map<string, string[]>();
  private readonly byAttribute = new Map<string, string[]>();

  constructor(findings: readonly Finding[]) {
    this.names = anyOf(
      findings.flatMap(({ question }) => question.classNames),
      '\\b(?:',
      ')\\b',
    );
    // `cls.x`, `type(o).x`, `o.__class__.x`: the attribute of a class that the file need not name.
    const some = '(?:\\b(?:cls|klass|mcs|mcls)|\\btype\\([^()]*\\)|__class__)\\s*\\.\\s*(?:';
    this.attributes = anyOf(
      findings.map(({ question }) => question.attribute),
      some,
      ')\\b',
    );
  }

  add({ path, text }: ProjectText): void {
    for (const [pattern, index] of [
      [this.names, this.byName],
      [this.attributes, this.byAttribute],
    ] as const) {
      if (pattern === undefined) continue;
      for (const name of new Set(text.match(pattern)?.map((match) => /\w+$/.exec(match)?.[0] ?? match))) {
        const paths = index.get(name);
        if (paths === undefined) index.set(name, [path]);
        else paths.push(path);
      }
    }
  }

  /** The finding with the obligations that other files make unknown. */
  settle(finding: Finding): Finding {
    const { classNames, attribute, obligations } = finding.question;
    for (const name of classNames) {
      const path = this.byName.get(name)?.find((candidate) => candidate !== finding.path);
      if (path !== undefined)
        return unsettle(finding, obligations, `\`${name}\` is named in ${path} too, which was not looked into`);
    }
    const path = this.byAttribute.get(attribute)?.find((candidate) => candidate !== finding.path);
    if (path === undefined) return finding;
    return unsettle(
      finding,
      ['no-class-level-access'],
      `${path} reads \`${attribute}\` from some class, which was not looked into`,
    );
  }
}

function anyOf(names: readonly string[], before: string, after: string): RegExp | undefined {
  const unique = [...new Set(names)];
  // Identifiers may hold letters beyond ASCII, but nothing that means something in a pattern.
  return unique.length === 0 ? undefined : new RegExp(before + unique.join('|') + after, 'gu');
}

function unsettle(finding: Finding, ids: readonly string[], detail: string): Finding {
  const settle = (obligation: Obligation): Obligation =>
    obligation.holds === true && ids.includes(obligation.id)
      ? { id: obligation.id, holds: 'unknown', detail }
      : obligation;
  const fixes = finding.fixes.map((fix: Fix | Unfixable) =>
    'unfixable' in fix ? fix : { ...fix, obligations: fix.obligations.map(settle) },
  );
  return { ...finding, fixes };
}
