/** What keeps a `local` fix of `class-mutable-default` from being safe, or from being offered. The bytes are what fixtures are for. */
import { describe, expect, it } from 'vitest';
import { applicabilityOf, type Fix, type Unfixable } from '../../src/core/finding.ts';
import { judgeFile } from '../../src/judge.ts';
import { loadRules } from '../../src/rules.ts';
import { modelOf } from '../support/model.ts';

const rules = await loadRules();

describe('what one call leaves is not missed by the next', () => {
  it.each([
    ['emptied at once', 'self.rows.clear(); self.rows.append(n); return len(self.rows)'],
    ['stored over', 'self.rows[:] = n; self.rows.append(n); return list(self.rows)'],
    ['deleted from', 'del self.rows[:]; self.rows.append(n); return sorted(self.rows)'],
    ['gone through', 'self.rows.clear(); self.rows.append(n); return ",".join(str(x) for x in self.rows)'],
    ['bound or emptied', 'if n: self.rows = []\n        else: self.rows.clear()\n        self.rows.append(n)'],
  ])('where it is %s', (_, body) => expect(unmet(body)).toEqual([]));

  it.each([
    ['added to first', 'self.rows.append(n); self.rows.clear()'],
    ['emptied on one path', 'if n: self.rows.clear()\n        self.rows.append(n)'],
    ['emptied by what may not run', 'n and self.rows.clear(); self.rows.append(n)'],
    ['read by what empties it', 'self.rows[:] = self.rows[1:]; self.rows.append(n)'],
    ['returned', 'self.rows.clear(); self.rows.append(n); return self.rows'],
    ['returned inside', 'self.rows.clear(); self.rows.append(n); return n, self.rows'],
    ['given a second name', 'self.rows.clear(); self.rows.append(n); self.kept = self.rows'],
    ['what was passed in', 'self.rows.clear(); self.rows.append(n); self.rows = n'],
    ['read later', 'self.rows.clear(); self.rows.append(n); self.read = lambda: len(self.rows)'],
    ['looked through later', 'self.rows.clear(); self.rows.append(n); return (x for x in n for y in self.rows)'],
    ['handed to what is not known', 'self.rows.clear(); self.rows.append(n); show(self.rows)'],
    ['used by a generator', 'self.rows.clear(); self.rows.append(n); yield len(self.rows)'],
    ['used around a callback', 'self.rows.clear(); self.rows.append(n); n(1); return len(self.rows)'],
  ])('which is not known where it is %s', (_, body) => expect(unmet(body)).toEqual(['not-kept-between-calls']));

  it('which is not known where another function calls the method', () => {
    const body = 'self.rows.clear(); self.rows.append(n); again(); return len(self.rows)';
    expect(unmet(body, 'def again():\n    last.use(1)\n')).toEqual(['not-kept-between-calls']);
    expect(unmet(body, 'def again():\n    last.other(1)\n')).toEqual([]);
  });
});

describe('nothing else looks for it on an instance', () => {
  const body = 'self.rows.clear(); self.rows.append(n); return len(self.rows)';

  it.each([
    ['an object of unknown class', 'def show(x):\n    return x.rows\n'],
    ['its name', 'def show(x):\n    return getattr(x, "rows")\n'],
    ['a template', 'def show(x):\n    return "{0.rows}".format(x)\n'],
    ['a doctest', 'def show(x):\n    """\n    >>> x.rows\n    []\n    """\n'],
    ['a pattern', 'def show(x):\n    match 1:\n        case x.rows: pass\n'],
  ])('which is not known where it is read by %s', (_, rest) =>
    expect(unmet(body, rest)).toEqual(['not-read-from-outside']),
  );
});

describe('no fix is offered', () => {
  it.each([
    ['`f"{self.rows=}"`', 'self.rows.append(n); return f"{self.rows=}"', 'shows what it is called'],
    ['a pattern', 'self.rows.append(n)\n        match n:\n            case self.rows: pass', 'reads it too'],
    ['`del`', 'self.rows.append(n); self.rows = []; del self.rows', 'brings back'],
    ['a comment inside', '(self  # the class\n         .rows).append(n)', 'comment'],
    ['a docstring on the line', '"Doc."; self.rows.append(n)', 'docstring'],
    ['another function that calls the method', 'self.rows.append(n); self.more(n)', 'calls itself'],
  ])('for %s', (_, body, reason) => {
    const fix = fixOf(body, '\n    def more(self, n):\n        self.use(n)\n');
    expect('unfixable' in fix ? fix.unfixable : applicabilityOf(fix)).toContain(reason);
  });
});

function unmet(body: string, rest = ''): readonly string[] {
  const fix = fixOf(body, rest);
  if ('unfixable' in fix) throw new Error(fix.unfixable);
  return fix.obligations.filter(({ holds }) => holds !== true).map(({ id }) => id);
}

/** The fix for `Box.rows`, used by the method `use` with this body. */
function fixOf(body: string, rest: string): Fix | Unfixable {
  const file = modelOf(`class Box:\n    rows = []\n\n    def use(self, n):\n        ${body}\n\n${rest}`);
  const strategies = new Map([['class-mutable-default', 'local']]);
  const fix = judgeFile(file, { rules, strategies }).findings[0]?.fixes[0];
  if (fix === undefined) throw new Error(`nothing is found: ${body}`);
  return fix;
}
