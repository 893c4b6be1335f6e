/** Fixes of different strategies for one class, accepted together or one after the other. */
import { describe, expect, it } from 'vitest';
import { render } from '../../src/apply/render.ts';
import { isFileError } from '../../src/core/errors.ts';
import type { Finding, Fix } from '../../src/core/finding.ts';
import type { SourceFile } from '../../src/core/source-file.ts';
import { decide } from '../../src/decide.ts';
import { judgeFile } from '../../src/judge.ts';
import { composeEdits } from '../../src/plan/compose.ts';
import { policyReviewer } from '../../src/review/reviewer.ts';
import { loadRules } from '../../src/rules.ts';
import { encode } from '../../src/source/decode.ts';
import { modelOf } from '../support/model.ts';

const rules = await loadRules();

const DRAWER = `class Drawer:
    spoons = []  # silver
    forks = []
    _spoons = {}

    def __init__(self, content):
        for name in content:
            self._spoons[name] = name
            self.spoons.append(self._spoons[name])
            self.forks.append(name)

    def take(self):
        return self.forks.pop()
`;

const FIXED = `class Drawer:
    def __init__(self, content):
        spoons = []  # silver
        self.forks = []
        spoons_ = {}
        for name in content:
            spoons_[name] = name
            spoons.append(spoons_[name])
            self.forks.append(name)

    def take(self):
        return self.forks.pop()
`;

describe('`local` beside `init`', () => {
  it('arrives in one method, in the order of the class body', () => {
    const fixes = [fixOf(DRAWER, 'spoons', 'local'), fixOf(DRAWER, 'forks', 'init'), fixOf(DRAWER, '_spoons', 'local')];
    expect(applied(DRAWER, fixes)).toBe(FIXED);
    expect(applied(DRAWER, fixes.toReversed())).toBe(FIXED);
  });

  it('calls each attribute the same, whichever were accepted', () => {
    const without = applied(DRAWER, [fixOf(DRAWER, '_spoons', 'local')]);
    expect(without).toContain('        spoons_ = {}\n');
    expect(applied(without, [fixOf(without, 'spoons', 'local')])).toContain('        spoons = []  # silver\n');
  });
});

describe('a `local` name inside a value that moves', () => {
  const nested = (first: string, last: string) => `class Outer:
${first}    def fill(self):
        outer = self
        self.rows.append(1)

        class Inner:
            cells = [len(outer.rows)]

            def add(self):
                self.cells.append(1)

        return Inner
${last}`;

  it.each([
    ['above', nested('    rows = []\n\n', '')],
    ['below', nested('', '\n    rows = []\n')],
  ])('is a conflict where the outer attribute stands %s', async (_, text) => {
    const { findings, source } = judged(text, 'local');
    const sources = new Map([[source.path, source]]);
    const { outcomes, errors } = await decide(
      { findings, sources },
      policyReviewer(true),
      'skipped',
      async () => undefined,
    );
    expect(errors).toEqual([]);
    expect(outcomes.map(({ status }) => status)).toEqual(['planned', 'conflict']);
  });
});

function judged(
  text: string,
  strategy: string,
): { readonly findings: readonly Finding[]; readonly source: SourceFile } {
  const file = modelOf(text);
  const strategies = new Map([['class-mutable-default', strategy]]);
  return { findings: judgeFile(file, { rules, strategies }).findings, source: file.source };
}

/** Throws where the strategy offers no fix for the attribute. */
function fixOf(text: string, attribute: string, strategy: string): Fix {
  const { findings } = judged(text, strategy);
  const fix = findings.find(({ symbol }) => symbol.endsWith(`.${attribute}`))?.fixes[0];
  if (fix === undefined || 'unfixable' in fix) throw new Error(`${attribute}: ${fix?.unfixable ?? 'not found'}`);
  return fix;
}

function applied(text: string, fixes: readonly Fix[]): string {
  const { source } = modelOf(text);
  const result = render(source, composeEdits(source, fixes), encode);
  if (isFileError(result)) throw new Error(result.message);
  return result.text;
}
