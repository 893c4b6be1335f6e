/** Thinning a text leaves every place where it was, and what the rules say about it as it was. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isFileError } from '../../src/core/errors.ts';
import type { SourceFile } from '../../src/core/source-file.ts';
import { FileModel } from '../../src/model/file.ts';
import { loadRules } from '../../src/rules.ts';
import { sourceFromBytes } from '../../src/source/read.ts';
import { thinned } from '../../src/syntax/top-level.ts';
import { parse, parses } from '../../src/syntax/tree.ts';
import { modules } from '../support/modules.ts';
import { findPython } from '../support/python.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? 20);
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 120);
const rules = await loadRules();

const CLASS = [
  'class Basket:',
  '    lines = []',
  '    def add(self, line):',
  '        self.lines.append(line)',
  '',
].join('\n');

/** What of the lines after (or before) the class is left, without blank lines. */
function left(lines: string): readonly string[] {
  const rest = thinned(`${CLASS}${lines}\n`).slice(CLASS.length);
  return rest.split('\n').filter((line) => line.trim() !== '');
}

/** Everything the rules say, or where the text does not parse. */
function said(source: SourceFile, thinAbove: number): unknown {
  const syntax = parse(source.text, { thinAbove });
  if ('offset' in syntax) return syntax;
  const file = new FileModel(source, syntax);
  return rules.flatMap((rule) =>
    [...rule.detect(file, () => true)].map((match) => [
      rule.explain(match),
      ...rule.meta.strategies.map(({ name }) => rule.remedy(match, name)),
    ]),
  );
}

function expectPlacesKept(text: string): void {
  const thin = thinned(text);
  expect(thin).toHaveLength(text.length);
  for (let at = 0; at < text.length; at++) {
    if (thin[at] === text[at]) continue;
    expect([at, thin[at]]).toEqual([at, ' ']);
    expect(text[at]).not.toMatch(/[\r\n]/);
  }
}

describe('a statement goes', () => {
  test.each([
    'value = compute(1, 2, 3)  # words',
    'rows = [\n  (1, "a"),\n  # b\n  (2, """c\nd"""),\n]',
    'total = 1 + \\\n  2',
    'text = "it\'s" + \'"\' + r"\\" "#" + b\'\' + f"{a!r:>{b}} {{"',
    'x: int = 3; y = x',
    '"""words"""',
    'values.sort(key=lambda each: each)',
    'print(1 if x else [y for z in w])',
    'größe = "\u{1f600}"',
  ])('that no class has to do with: %s', (statement) => {
    expect(left(statement)).toEqual([]);
    for (const end of ['\r\n', '\r']) expect(left(statement.replaceAll('\n', end)).join('').trim()).toBe('');
  });
});

describe('a statement stays', () => {
  test.each([
    'basket = Basket()',
    'Basket.lines.append(1)',
    'other.lines = None',
    'patch("shop.Basket.lines")',
    'getattr(x, y)',
    'x = 1; del y',
    'import shop',
    'list = tuple; self = 3',
    'if x: y = 1',
    '@x\ndef f(): pass',
    'match x:\n    case 1: pass',
    'print "x"',
    'mode = 0777',
    'count = 10L',
    'words = `x`',
    'x = 1  # pyleak: ignore',
    'f"{Basket().lines}"',
  ])('that a rule may need: %s', (statement) => {
    expect(left(statement).join('\n')).toBe(statement);
  });

  test('that uses an instance known by name, or binds a name that what stays uses', () => {
    expect(left('basket = Basket()\nsame = basket\nsame.add(1)\nfar = 1')).toEqual([
      'basket = Basket()',
      'same = basket',
      'same.add(1)',
    ]);
    expect(left('def main(x, y):\n    z = Basket()\nf(x, y, z)')).toEqual(['def main(x, y):', '    z = Basket()']);
    expect(left('LIMIT = 3\nOTHER = 4\nbasket = Basket(LIMIT)')).toEqual(['LIMIT = 3', 'basket = Basket(LIMIT)']);
  });

  test('that opens the file', () => {
    expect(thinned('"""words"""\n"""more"""\n').trim()).toBe('"""words"""');
  });
});

test.each(['x = (', 'x = )', 'x = "', 'x = """', 'x = \\ y', `x = f"{y["z"]}"`])(
  'a text that is not understood is left whole: %s',
  (text) => {
    expect(thinned(`y = 1\n${text}\n`)).toBe(`y = 1\n${text}\n`);
  },
);

test('a syntax error is seen in what stays, and not in what goes', () => {
  expect(parse(`x = = 1\n${CLASS}y = (1\n`, { thinAbove: 0 })).toHaveProperty('offset');
  expect(parses(`x = = 1\n${CLASS}class C\n`, { thinAbove: 0 })).toBe(false);
  expect(parses(`x = = 1\n${CLASS}`)).toBe(false);
  expect(parses(`x = = 1\n${CLASS}`, { thinAbove: 0 })).toBe(true);
});

it('has no end of string, bracket or line that moves a place', () => {
  const part = fc.constantFrom(
    ...[
      '"',
      "'",
      '"""',
      "'''",
      'f"',
      "rb'",
      '\\',
      '\n',
      '\r\n',
      '\r',
      '\f',
      ' ',
      '    ',
      '#',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
    ],
    ...['x', '=', ':', '.', ';', ',', '@', 'class C', 'def f():', 'ß', '\u{1f600}', 'del', '0', 'pyleak'],
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => expectPlacesKept(parts.join(''))),
    { seed, numRuns: numRuns * 10 },
  );
});

describe('the rules say the same', () => {
  const lines = [
    'value = compute(1)',
    'LIMIT = 4',
    'one = Alpha()',
    'two = one',
    'one.items = None',
    'two._seen.clear()',
    'Alpha.items.append(1)',
    'keep = Alpha',
    'setattr(Alpha, "items", [])',
    'list = set = dict',
    'collections = None',
    'Beta = Alpha',
    'one.add(Alpha.items)',
    'patch("module.Beta.größe")',
    'copy.copy(one)',
    'one.__class__ = Beta',
    'text = """\nclass Alpha:\n    items = []\n"""',
  ];

  it('about every module, with statements around its classes', () => {
    const some = fc.subarray(lines).map((chosen) => chosen.map((line) => `${line}\n`).join(''));
    const around = fc.tuple(some, modules, some).filter(([, { encoding, bom }]) => encoding === 'utf-8' && !bom);
    fc.assert(
      fc.property(around, ([above, { text }, below]) => {
        const source = sourceOf(Buffer.from(`${above}${text}\n${below}`));
        expectPlacesKept(source.text);
        expect(said(source, 0)).toEqual(said(source, Number.POSITIVE_INFINITY));
      }),
      { seed, numRuns },
    );
  });

  const python = findPython();

  it.skipIf(python === undefined)('about every other file of the standard library', { timeout: 60_000 }, () => {
    const print = 'import sysconfig; print(sysconfig.get_path("stdlib"))';
    const folder = execFileSync(python?.command ?? '', ['-c', print], { encoding: 'utf8' }).trim();
    const names = readdirSync(folder).filter((name) => name.endsWith('.py'));
    expect(names.length).toBeGreaterThan(100);
    for (const name of names.filter((_, index) => index % 2 === 0)) {
      const source = sourceFromBytes(readFileSync(join(folder, name)), { path: name, realPath: name, writable: true });
      if (isFileError(source) || !rules.some((rule) => rule.mayMatch(source.text, source.path))) continue;
      expectPlacesKept(source.text);
      expect([name, said(source, 0)]).toEqual([name, said(source, Number.POSITIVE_INFINITY)]);
    }
  });
});

/** Throws for bytes that the tool refuses. */
function sourceOf(bytes: Buffer): SourceFile {
  const source = sourceFromBytes(bytes, { path: 'module.py', realPath: '/module.py', writable: true });
  if (isFileError(source)) throw new Error(source.message);
  return source;
}
