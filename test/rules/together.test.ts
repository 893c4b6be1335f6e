/** Several rules in one place: each fix fits beside the others, and one run reaches the end. */
import { describe, expect, it } from 'vitest';
import type { Fix } from '../../src/core/finding.ts';
import { judgeFile } from '../../src/judge.ts';
import { collide, composeEdits } from '../../src/plan/compose.ts';
import { loadRules } from '../../src/rules.ts';
import { modelOf } from '../support/model.ts';

const rules = await loadRules();

interface Offered {
  readonly name: string;
  readonly fix: Fix;
}

function offered(text: string): readonly Offered[] {
  const { findings, errors } = judgeFile(modelOf(text), { rules, strategies: new Map() });
  expect(errors).toEqual([]);
  return findings.flatMap(({ rule, symbol, fixes: [fix] }) =>
    fix === undefined || 'unfixable' in fix ? [] : [{ name: `${rule} ${symbol}`, fix }],
  );
}

function applied(text: string, fixes: readonly Fix[]): string {
  let out = text;
  for (const { range, text: inserted } of composeEdits(modelOf(text).source, fixes).toReversed())
    out = out.slice(0, range.start) + inserted + out.slice(range.end);
  return out;
}

/** What a run that takes every fix writes: none may be in another's way. */
function written(text: string, names: readonly string[]): string {
  const all = offered(text);
  expect(all.map(({ name }) => name)).toEqual(names);
  const { source } = modelOf(text);
  for (const { fix } of all)
    for (const { fix: other } of all) if (fix !== other) expect(collide(source, fix, other)).toBe(false);
  return applied(
    text,
    all.map(({ fix }) => fix),
  );
}

const REPORT = `"""Checks orders."""


def check(orders):
    class Report:
        # What is wrong, in the order it was seen.
        errors = []
        limit = 3

        def add(self, error):
            """Keeps
            the error."""
            self.errors.append(error)

    report = Report()
    for order in orders:
        report.add(order)
    return len(report.errors)
`;

const HOISTED = `"""Checks orders."""


class Report:
    limit = 3

    def __init__(self):
        # What is wrong, in the order it was seen.
        self.errors = []

    def add(self, error):
        """Keeps
            the error."""
        self.errors.append(error)


def check(orders):
    report = Report()
    for order in orders:
        report.add(order)
    return len(report.errors)
`;

const NAMES = ['class-in-function check.<locals>.Report', 'class-mutable-default check.<locals>.Report.errors'];

describe('a class that moves takes along what another fix changes in it', () => {
  it('with the indentation it has there', () => {
    expect(written(REPORT, NAMES)).toBe(HOISTED);
    expect(offered(HOISTED)).toEqual([]);
  });

  it('with the file’s own line ends', () => {
    expect(written(REPORT.replaceAll('\n', '\r\n'), NAMES)).toBe(HOISTED.replaceAll('\n', '\r\n'));
  });

  it('indented by tabs', () => {
    const tabs = (text: string) => text.replaceAll('    ', '\t');
    expect(written(tabs(REPORT), NAMES)).toBe(tabs(HOISTED));
  });

  it('also into a method that is there', () => {
    const text = REPORT.replace('        limit = 3\n', '        def __init__(self):\n            self.limit = 3\n');
    const expected = HOISTED.replace('    limit = 3\n\n', '').replace(
      'self.errors = []\n',
      'self.errors = []\n        self.limit = 3\n',
    );
    expect(written(text, NAMES)).toBe(expected);
  });

  it('also where it has nothing else', () => {
    const text = `def check(orders):
    class Log:
        lines = []
        def add(self): self.lines.append(1)
    class Bare:
        lines = []

    for order in orders:
        Log().add()
        Bare().lines.append(order)
`;
    expect(
      applied(
        text,
        offered(text).map(({ fix }) => fix),
      ),
    ).toBe(`class Log:
    def __init__(self):
        self.lines = []

    def add(self): self.lines.append(1)


class Bare:
    def __init__(self):
        self.lines = []


def check(orders):
    for order in orders:
        Log().add()
        Bare().lines.append(order)
`);
  });

  it('and comes to the same one by one, whichever is first', () => {
    for (const first of [0, 1]) {
      const [fix] = [offered(REPORT)[first]?.fix].filter((one) => one !== undefined);
      const once = applied(REPORT, fix === undefined ? [] : [fix]);
      const twice = applied(
        once,
        offered(once).map((one) => one.fix),
      );
      expect(offered(twice)).toEqual([]);
      expect(twice).toContain('\nclass Report:\n    limit = 3\n\n    def __init__(self):\n');
    }
  });

  it('but stays where it collects its instances, which would then live for ever', () => {
    const text = REPORT.replace('self.errors.append(error)', 'self.errors.append(self)');
    expect(offered(text)).toEqual([]);
    expect(offered(text.replace('self.errors', 'Report.errors'))).toEqual([]);
  });
});

describe('`class-attribute-assignment` and `strong-registry` on one attribute', () => {
  const PLAYER = `class Player:
    _live = {}

    def __init__(self, name):
        self.name = name
        self._live[name] = self

    def restart(self):
        self.__class__._live = {self.name: self}

    def find(self, name):
        return self._live.get(name)
`;

  it('offer at most one fix', () => {
    const names = offered(PLAYER).map(({ name }) => name);
    expect(names.filter((name) => name.endsWith('Player._live')).length).toBeLessThan(2);
  });

  it('on two attributes of one class both fit', () => {
    const text = `class Screen:
    _open = set()

    def __init__(self, title):
        self.__class__.cursor = Cursor(title)
        self._open.add(self)

    def title(self):
        return self.cursor.title


class Cursor:
    def __init__(self, title):
        self.title = title
`;
    const names = ['strong-registry Screen._open', 'class-attribute-assignment Screen.cursor'];
    const after = written(text, names);
    expect(after).toContain('import weakref\n');
    expect(after).toContain('    _open = weakref.WeakSet()\n');
    expect(after).toContain('        self.cursor = Cursor(title)\n');
    expect(offered(after)).toEqual([]);
  });
});
