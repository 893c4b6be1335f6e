/** What our own parser takes it reads as the grammar does, node for node; what it does not take is the grammar's. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { sourceFromBytes } from '../../src/source/read.ts';
import { descend } from '../../src/syntax/access.ts';
import { copyOf } from '../../src/syntax/copy.ts';
import { dialect, lineEnds } from '../../src/syntax/dialect.ts';
import { nativeTree } from '../../src/syntax/native.ts';
import type { PyNode } from '../../src/syntax/node.ts';
import { NotTaken } from '../../src/syntax/parser/lexer.ts';
import { StatementParser } from '../../src/syntax/parser/statement-parser.ts';
import { parse } from '../../src/syntax/tree.ts';
import { modules } from '../support/modules.ts';
import { findPython } from '../support/python.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? 20);
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 120);

interface Tree {
  readonly root: PyNode;
  readonly comments: readonly PyNode[];
}

function own(text: string): Tree | undefined {
  const input = lineEnds(text);
  const parser = new StatementParser(input, input.length);
  try {
    return { root: parser.module(), comments: parser.comments };
  } catch (error) {
    if (error instanceof NotTaken) return undefined;
    throw error;
  }
}

/** Undefined for a text with an error, or with what only Python 2 takes. */
function grammars(text: string): Tree | undefined {
  const input = dialect(text);
  const tree = nativeTree(input);
  if (tree.rootNode.hasError) return undefined;
  const copied = copyOf(tree, input);
  return copied.python2 ? undefined : copied;
}

/** Every node with its place and role and that of its parent, and the comments. */
function told(tree: Tree | undefined): readonly string[] {
  if (tree === undefined) return ['none'];
  const nodes = [...descend(tree.root)].map(
    ({ kind, field, start, end, parent }) => `${field}: ${kind} ${start}-${end} in ${parent?.kind} ${parent?.start}`,
  );
  return [...nodes, ...tree.comments.map(({ start, end }) => `comment ${start}-${end}`)];
}

/** Every construct on lines of its own. */
const CONSTRUCTS: Readonly<Record<string, string>> = {
  'names and numbers': 'café\n_x1\n10\n1_000\n0x1F\n0b1\n0o17\n00\n1.\n.5\n1e5\n1_0.0_1e-3\n2j\n1.5j\n0xe\n',
  strings:
    'r"\\d\\""\nb"\\x41\\u1234"\n"\\N{DASH}\\n\\q\\\n"\n"a" \'b\'\n("a"\n  "b")\n"""a "quoted" b"""\nr\'\\\\\'\nu"x"\nrb""\n\'\'\'\'\'\'\n',
  'formatted strings':
    'f"{a}"\nf"{a!r:>{width}} {{x}} {b, c} {d=} {e = } \\n"\nf"{a:%H:%M}"\nf"{x["k"]}"\nrf"\\d{a}\\{b}"\nf"""{\na\n}"""\nf"{yield}" f"{lambda: 1}"\nt"{a}"\n',
  operators:
    'a + b * c ** -d ** e\na or b and not c\na < b <= c != d\na is not b\na not in b\na | b & c ^ d << e\n-a.b\n~a[0]\na @ b // c % d\nawait_ = a\n',
  'calls and subscripts':
    'f()\nf(a, *b, c=1, **d,)\nf(x for x in y)\nf(a := 1)\nf(*a + b)\na.b.c(1)[2](3)\na[1:2, ::3, b,]\na[:]\na[*b]\nf(**a or b)\n',
  collections:
    '()\n(a,)\n(a)\n(yield)\n(a := 1)\n[]\n[a, *b]\n{}\n{a}\n{*a, b}\n{a: b, **c}\n[x for x, (y, z) in a if b if c for d in e]\n{a: b for a in c}\n{a for a in b}\n(a async for a in b)\n',
  lambdas: 'lambda: 0\nlambda a, *b, c=1, **d: a\nlambda *, a: a\nlambda a, /: a\na or lambda: b\n',
  conditions: 'a if b else c\na if b else lambda: c\nnot a if b else c if d else e\n',
  assignments:
    'a = b = c, d\na, *b = c\n(a, b), [c, d] = e\n(a) = b\na.b[c] = yield d\na: int = 1\na: int\na += 1, 2\na @= b\nx = *a, b\n*a, = b\n',
  types:
    'a: List[int] = 1\na: Dict[str, int] | None | int\na: int | List[int]\na: t.List[int]\na: "A"\na: Callable[[int, L[str]], ...]\ndef f(a: *A, *b: B, c: C[D] = 1, **e: E[F]) -> G[H] | None: pass\n',
  'type parameters':
    'class A[T, *Ts, **P]: pass\ndef f[T: int, U = str](a): pass\ntype X = int\ntype Y[T] = L[T] | None\ntype.x = 1\ntype(a)\ntype = 1\n',
  'simple statements':
    'pass; break\ncontinue;\nreturn\nreturn a, b\ndel a, (b, c)\nraise\nraise A from b\nassert a, b\nglobal a, b\nnonlocal c\nyield a, b\nyield from a\nyield\na,\na, b\nprint(a) % b\n',
  imports:
    'import a, b.c as d\nfrom a import *\nfrom . import a\nfrom ...b.c import (d as e, f,)\nfrom __future__ import a\nfrom __future__ import (a, b)\n',
  'if, for and while':
    'if a: b\nelif c := d:\n    e\nelse:\n    f\nfor a, *b in c, d:\n    e\nelse: f\nfor (a) in b: pass\nwhile a:\n    b\nelse:\n    c\nasync def f():\n    async for a in b: await c\n    async with d: pass\n',
  try: 'try: a\nexcept A: b\nexcept (A, B) as c:\n    d\nexcept: e\nelse:\n    f\nfinally:\n    g\ntry:\n    a\nfinally: b\ntry: a\nexcept* A as b: c\nexcept* (A, B):\n    d\n',
  with: 'with a: b\nwith a as b, c as (d, e): f\nwith (a, b): c\nwith (a as b, c,): d\nwith (a): b\nwith (a as b): c\nwith (a,): b\nwith (a, b) as c: d\nwith (a), b: c\nwith (yield) as a: b\nwith (a for a in b): c\nwith (a.b(c)) as d, e: f\nwith (a("b\\"c") + "d"), e: f\n',
  match:
    'match a, b:  # c\n    # d\n    case [x, *_, y] if x > 1:\n        pass\n    case {"k": v, **r} | A.B | None | -1: pass\n    case P(x, y=3, z=Q(_)) as n: pass\n    case 1+2j | _ | (): pass\n    case {-1: _, A.B: [a]}: pass\n    case str() as q, *r: pass\n    # e\nmatch (x):\n    case f"a" "b": pass\nmatch(x)\nmatch[x] = 1\nmatch.x\nmatch = 1\nmatch * a\n',
  definitions:
    '@a\n@b.c(d)  # e\n# f\ndef g(a, /, b, *, c=1): return\n@a\nclass B(C, metaclass=D): pass\n@a\nasync def f(): pass\nclass E: x = 1; y = 2\nclass F():\n    """doc"""\n',
  'comments and indentation':
    '# a\n\nif a:  # b\n    # c\n    d  # e\n\n    # f\n  # g\n# h\nif a:\n\tb\n\tif c:\n\t\td\n\t# e\nf\n',
  'joined lines': 'a = b + \\\n    c\nif a and \\\n   b:\n    c\n(a,\n# b\n c)\n',
  'no line end at the end': 'if a:\n    b  # c',
  'only comments': '# a\n# b',
  nothing: '',
};

describe('our own parser', () => {
  test.each(Object.entries(CONSTRUCTS))('reads %s as the grammar does', (_, text) => {
    const expected = told(grammars(text));
    expect(expected).not.toEqual(['none']);
    expect(told(own(text))).toEqual(expected);
    const carriage = text.replaceAll('\n', '\r\n');
    expect(told(own(carriage))).toEqual(told(grammars(carriage)));
  });

  test.each([
    ['Python 2', 'print "x"\n'],
    ['a chevron', 'print >>a, b\n'],
    ['an old octal', 'x = 0777\n'],
    ['a long number', 'x = 10L\n'],
    ['backquotes', '`x`\n'],
    ['an old string', "ur'x'\n"],
    ['an old exception', 'try: a\nexcept A, e: b\n'],
    ['an old comparison', 'a <> b\n'],
    ['an open bracket', 'f(a\n'],
    ['brackets that do not match', '(a]\n'],
    ['a comprehension that is closed by another bracket', '[a for a in b)\n'],
    ['a string without an end', '"a\n'],
    ['an indentation too many', 'a\n  b\n'],
    ['an indentation that fits none', 'if a:\n    b\n  c\n'],
    ['an empty block', 'if a:\nb\n'],
    ['two expressions', 'a b\n'],
    ['an assignment to a call', 'f() = 1\n'],
    ['a name that is a keyword', 'class = 1\n'],
    ['two kinds of `except`', 'try: a\nexcept A: b\nexcept* B: c\n'],
    ['nothing to try', 'try:\n    a\nb\n'],
    ['a `null`', 'a\0b\n'],
    ['nesting beyond any measure', `${'('.repeat(500)}a${')'.repeat(500)}\n`],
    ['powers of powers beyond any measure', `${'a ** '.repeat(5000)}a\n`],
    ['conditions beyond any measure', `${'a if b else '.repeat(5000)}a\n`],
    ['negations beyond any measure', `${'not '.repeat(5000)}a\n`],
    ['signs beyond any measure', `${'-'.repeat(5000)}a\n`],
    ['functions beyond any measure', `${'lambda: '.repeat(5000)}a\n`],
    ['blocks beyond any measure', Array.from({ length: 90 }, (_, depth) => `${' '.repeat(depth)}if a:`).join('\n')],
  ])('does not take %s', (_, text) => {
    expect(own(text)).toBeUndefined();
  });

  it.each([
    ['sums', `${'a + '.repeat(20_000)}a\n`],
    ['targets', `${'a = '.repeat(20_000)}a\n`],
    ['attributes', `a${'.b'.repeat(20_000)}\n`],
    ['conditions', `if a: b\n${'elif c: d\n'.repeat(5000)}`],
    ['strings', `${'"a" '.repeat(20_000)}\n`],
    [
      'all that nests, as deep as it goes',
      `${Array.from({ length: 59 }, (_, depth) => `${' '.repeat(depth)}if a:\n`).join('')}${' '.repeat(59)}${'f(['.repeat(45)}a${'])'.repeat(45)}\n`,
    ],
  ])('takes %s of any length', (_, text) => {
    expect(own(text)).toBeDefined();
  });

  it('leaves to the grammar what it does not take', () => {
    const deep = `x = ${'('.repeat(500)}a${')'.repeat(500)}\n`;
    expect(parse(deep)).toHaveProperty('root');
    expect(parse('print "x"\n')).toMatchObject({ python2: true });
    expect(parse('x = = 1\n')).toEqual({ offset: 4 });
  });

  it('has a star before a call as Python has it, where the grammar takes either', () => {
    const [statement] = own('x = *f(a).b, c\n')?.root.children ?? [];
    const splat = [...descend(statement as PyNode)].find(({ kind }) => kind === 'list_splat');
    expect(splat?.children.map(({ kind }) => kind)).toEqual(['attribute']);
  });

  it('reads every module that is generated as the grammar does', () => {
    fc.assert(
      fc.property(modules, ({ text }) => {
        const read = own(text);
        expect(read).toBeDefined();
        expect(told(read)).toEqual(told(grammars(text)));
      }),
      { seed, numRuns },
    );
  });

  const inserted = [...'()[]{},:.=;@#\\\n\t "\'*_x1!<>~`$'].concat(
    'if |else |in |not |lambda: |await |async |def |class |:=|->|**|is |yield |return |for x in y|as |f"{x}"|import |match |case |type |+=|with |b"|raise |    '.split(
      '|',
    ),
  );
  const constructs = Object.values(CONSTRUCTS);
  const damaged = fc
    .record({
      text: fc.oneof(
        fc.constantFrom(...constructs),
        modules.map(({ text }) => text),
      ),
      changes: fc.array(
        fc.record({ at: fc.nat(4000), remove: fc.nat(3), insert: fc.constantFrom('', '', ...inserted) }),
        { minLength: 1, maxLength: 3 },
      ),
    })
    .map(({ text, changes }) =>
      changes.reduce((changed, { at, remove, insert }) => {
        const from = at % (changed.length + 1);
        return changed.slice(0, from) + insert + changed.slice(from + remove);
      }, text),
    );

  it('takes nothing that the grammar refuses or reads in another way, however a text is damaged', () => {
    let same = 0;
    fc.assert(
      fc.property(damaged, (text) => {
        const read = own(text);
        if (read === undefined) return;
        const native = grammars(text);
        const [found, expected] = [told(read), told(native)];
        const isSame = found.length === expected.length && found.every((line, index) => line === expected[index]);
        if (isSame) same += 1;
        else if (!hasStar(read.root) && !isMisread(text, native)) expect(found).toEqual(expected);
      }),
      { seed, numRuns: numRuns * 20 },
    );
    expect(same).toBeGreaterThan(numRuns * 2);
  });

  const python = findPython();

  it.skipIf(python === undefined)(
    'reads the standard library as the grammar does (skipped without Python 3)',
    { timeout: 60_000 },
    () => {
      const print = 'import sysconfig; print(sysconfig.get_path("stdlib"))';
      const folder = execFileSync(python?.command ?? '', ['-c', print], { encoding: 'utf8' }).trim();
      const names = readdirSync(folder).filter((name) => name.endsWith('.py'));
      let compared = 0;
      const refused: string[] = [];
      for (const name of names) {
        const source = sourceFromBytes(readFileSync(join(folder, name)), {
          path: name,
          realPath: name,
          writable: true,
        });
        if ('kind' in source || source.text.length > 60_000) continue;
        const read = own(source.text);
        if (read === undefined) refused.push(name);
        if (read === undefined || hasStar(read.root)) continue;
        expect(told(read), name).toEqual(told(grammars(source.text)));
        compared += 1;
      }
      expect(compared).toBeGreaterThan(100);
      expect(refused).toEqual([]);
    },
  );
});

/** True if a star stands before more than a name, of which the grammar makes one thing or another. */
function hasStar(root: PyNode): boolean {
  return [...descend(root)].some(
    ({ kind, children: [value] }) => kind.startsWith('list_splat') && value?.kind !== 'identifier',
  );
}

const RESERVED = /^(?:lambda|not|if|else|in|is|for|async|await|def|class|import|with|raise|return|yield|as)$/;

/** Where the grammar is wrong: what it, or the dialect that bridges to it, makes of these no Python does. */
const MISREAD = [
  // A line that ends in a comma goes on in the next.
  /,[ \t\f]*(?:#.*)?\r?$/m,
  // In brackets a line that is indented less than the block ends it, but where the bracket may close.
  /[-=][ \t\f]*[\d.]*[ \t\f]*\r?$/m,
  /\[\s*[\r\n]\s*:/,
  // No dotted name of a pattern begins with `_`.
  /\b_\s*\./,
  // A lambda before `as` ends with it.
  /\blambda\b.*\bas\b/,
  // A name `type` at the end of a line is a statement that has begun.
  /\btype[ \t\f]*\r?$/m,
  // A comment behind a decorator stands no further left than that.
  /@[^\r\n]*(?:\r\n|\r|\n)\s*#/,
  // Raw strings have escapes.
  /\\[\\"'][{}]/,
  // A template string cannot follow a quote.
  /["'](?:t|tr|rt)["']/i,
];

/** True for those, and where keywords are taken for names because they mean nothing there. */
function isMisread(text: string, tree: Tree | undefined): boolean {
  if (MISREAD.some((pattern) => pattern.test(text))) return true;
  return (
    tree !== undefined &&
    [...descend(tree.root)].some(
      ({ kind, start, end }) => kind === 'identifier' && RESERVED.test(text.slice(start, end)),
    )
  );
}
