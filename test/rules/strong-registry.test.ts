/** What `strong-registry` shares with others: one class with the fixes of another rule, one import with fixes of its own. */
import { describe, expect, it } from 'vitest';
import type { Fix } from '../../src/core/finding.ts';
import { judgeFile } from '../../src/judge.ts';
import { composeEdits } from '../../src/plan/compose.ts';
import { factsOf } from '../../src/project/facts.ts';
import { HandedSelf } from '../../src/project/handed-self.ts';
import { ImportedNames } from '../../src/project/imported-names.ts';
import { inheritedChanges } from '../../src/project/inherited-changes.ts';
import { ModuleIndex } from '../../src/project/modules.ts';
import { ProjectFiles } from '../../src/project/project-files.ts';
import { loadRules } from '../../src/rules.ts';
import { modelOf } from '../support/model.ts';

const rules = await loadRules();

const CLASS = `class Basket:
    lines = []
    _paid = set()
    _totals = {}

    def add(self, line):
        self.lines.append(line)

    def pay(self, total: float):
        self._paid.add(self)
        self._totals[self] = total

    def total(self):
        return self._totals[self] if self in self._paid else 0
`;

interface Chosen {
  readonly rule: string;
  readonly symbol: string;
  readonly fix: Fix;
}

function fixesIn(text: string): readonly Chosen[] {
  const { findings, errors } = judgeFile(modelOf(text), { rules, strategies: new Map() });
  expect(errors).toEqual([]);
  return findings.flatMap(({ rule, symbol, fixes: [fix] }) =>
    fix === undefined || 'unfixable' in fix ? [] : [{ rule, symbol, fix }],
  );
}

function applied(text: string, fixes: readonly Fix[]): string {
  let out = text;
  for (const { range, text: inserted } of composeEdits(modelOf(text).source, fixes).toReversed())
    out = out.slice(0, range.start) + inserted + out.slice(range.end);
  return out;
}

describe('on one class with `class-mutable-default`', () => {
  it('each attribute has one finding', () => {
    expect(fixesIn(CLASS).map(({ rule, symbol }) => `${symbol} ${rule}`)).toEqual([
      'Basket.lines class-mutable-default',
      'Basket._paid strong-registry',
      'Basket._totals strong-registry',
    ]);
  });

  it('both fit', () => {
    const all = applied(
      CLASS,
      fixesIn(CLASS).map(({ fix }) => fix),
    );
    expect(all).toContain('        self.lines = []\n');
    expect(all).toContain('    _paid = weakref.WeakSet()\n    _totals = weakref.WeakKeyDictionary()\n');
    expect(all.match(/^import weakref$/gm)).toHaveLength(1);
    expect(fixesIn(all)).toEqual([]);
  });

  it('comes to the same one by one', () => {
    let text = CLASS;
    for (let [next] = fixesIn(text); next !== undefined; [next] = fixesIn(text)) text = applied(text, [next.fix]);
    expect(text).toBe(
      applied(
        CLASS,
        fixesIn(CLASS).map(({ fix }) => fix),
      ),
    );
  });
});

describe('what another file fills', () => {
  const offers = (name: string, className?: string) =>
    new Map([['state.py', [{ attribute: name, className, importable: true }]]]);
  const found = (text: string, name: string, className?: string) => {
    const facts = [factsOf('state.py', ''), factsOf('use.py', text)];
    const files = facts.map(({ path }) => ({ path, realPath: `/project/${path}` }));
    const modules = new ModuleIndex(
      files.map(({ realPath }) => realPath),
      ['/project'],
    );
    const names = new ImportedNames(new ProjectFiles(files, facts), modules);
    return [...inheritedChanges(facts, offers(name, className), names, new HandedSelf(facts))];
  };

  it.each([
    ['from state import LIVE\nLIVE.append(1)\n', 'LIVE', undefined],
    ['from state import LIVE as live\nlive[self] = 1\n', 'LIVE', undefined],
    ['import state\nstate.LIVE.add(1)\n', 'LIVE', undefined],
    ['from state import *\nLIVE.add(1)\n', 'LIVE', undefined],
    ['from state import Base\nBase.live.setdefault(1, 2)\n', 'live', 'Base'],
  ])('%j', (text, name, className) => {
    expect(found(text, name, className)).toMatchObject([{ path: 'state.py', changedIn: 'use.py', attribute: name }]);
  });

  it.each([
    ['LIVE = []\nLIVE.append(1)\n', 'LIVE'],
    ['from state import LIVE\nprint(LIVE[0])\n', 'LIVE'],
    ['from elsewhere import LIVE\nLIVE.append(1)\n', 'LIVE'],
    ['from elsewhere import *\nLIVE.append(1)\n', 'LIVE'],
    ['import os\nos.LIVE.append(1)\n', 'LIVE'],
    ['from state import LIVE\nself.LIVE.append(1)\n', 'LIVE'],
  ])('and what it does not: %j', (text, name) => {
    expect(found(text, name)).toEqual([]);
  });
});
