/** What was judged before, and still holds, is what would be found now. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Judged, judge } from '../src/judge.ts';
import { type ChangedFile, Judgements, type KeptJudgement } from '../src/judgements.ts';
import { factsOf } from '../src/project/facts.ts';
import { loadRules } from '../src/rules.ts';
import { scan } from '../src/scan.ts';
import { project } from './support/cli.ts';
import { HUBS, IMPORTS } from './support/hubs.ts';

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 60);
const rules = await loadRules(['class-mutable-default', 'class-attribute-assignment', 'strong-registry']);

type Files = Readonly<Record<string, string>>;

/** A project on the disk that is judged again and again, with what is known from the time before. */
class Tree {
  private readonly folder: string;
  private files: Files;
  private kept: readonly KeptJudgement[] = [];
  /** The paths of the files that were judged the last time. */
  judged: readonly string[] = [];

  constructor(files: Files) {
    this.files = files;
    this.folder = project(files);
  }

  /** Writes the files, and judges what has to be: what comes of it, and what comes of judging everything. */
  async change(files: Files): Promise<{ readonly some: Judged; readonly all: Judged }> {
    const changed = Object.entries(files)
      .filter(([path, text]) => this.files[path] !== text)
      .map(([path, text]): ChangedFile => {
        return { path, text, before: factsOf(path, this.files[path] ?? ''), now: factsOf(path, text) };
      });
    for (const { path, text } of changed) writeFileSync(join(this.folder, path), text);
    this.files = { ...this.files, ...files };
    const paths = Object.keys(this.files);
    const judgements = new Judgements(paths, this.kept, changed);
    const entries = paths.map((path) => ({ path, realPath: join(this.folder, path), writable: true }));
    const evidence = async () => ({ files: entries, roots: [this.folder] });
    const options = { rules, strategies: new Map<string, string>(), declarativeBases: [] };
    const noted: string[] = [];
    const known = {
      of: judgements.of.bind(judgements),
      note(...given: Parameters<Judgements['note']>) {
        noted.push(given[0]);
        judgements.note(...given);
      },
    };
    const some = await judge(await scan(entries, rules), evidence, { ...options, judgements: known });
    const all = await judge(await scan(entries, rules), evidence, options);
    // As the cache keeps it.
    this.kept = deserialize(serialize(judgements.all)) as readonly KeptJudgement[];
    this.judged = noted;
    return { some, all };
  }
}

function expectSame({ some, all }: { readonly some: Judged; readonly all: Judged }): void {
  expect(some.findings).toEqual(all.findings);
  expect(some.suppressed).toEqual(all.suppressed);
  expect([...some.sources.keys()].sort()).toEqual([...all.sources.keys()].sort());
}

const CART = `class Basket:
    lines = []
    last = None

    def add(self, line):
        self.lines.append(line)
        self.__class__.last = Line()


class Line:
    pass
`;
const POOL = `SIZE = 8


class Pool:
    free = [SIZE]

    def put(self, one):
        self.free.append(one)
`;
const USER = `from shop.cart import Basket


def fill(basket: Basket):
    basket.add(1)
`;
const SHOP: Files = {
  'shop/__init__.py': '',
  'shop/cart.py': CART,
  'pool.py': POOL,
  'user.py': USER,
  'loose.py': 'def show(x):\n    pass\n',
};

describe('a file is judged again where', () => {
  const judgedAfter = async (files: Files): Promise<readonly string[]> => {
    const tree = new Tree(SHOP);
    await tree.change({});
    expect([...tree.judged].sort()).toEqual(['pool.py', 'shop/cart.py']);
    expectSame(await tree.change(files));
    return tree.judged;
  };

  it.each([
    [
      'it has changed itself',
      { 'pool.py': `${POOL}\n    def get(self):\n        return self.free.pop()\n` },
      ['pool.py'],
    ],
    ['a file has that knows its class', { 'user.py': USER.replace('add(1)', 'lines.clear()') }, ['shop/cart.py']],
    ['a file says its class now', { 'user.py': `${USER}\nNAME = "pool.Pool"\n` }, ['pool.py', 'shop/cart.py']],
    ['a file has it of some class now', { 'loose.py': 'def show(x):\n    print(type(x).last)\n' }, ['shop/cart.py']],
    ['a file sets a variable of its module now', { 'loose.py': 'def show(x):\n    x.SIZE = 9\n' }, ['pool.py']],
    ['what files tell others has changed', { 'user.py': `import os\n${USER}` }, ['pool.py', 'shop/cart.py']],
    ['nothing is', {}, []],
  ])('%s', async (_, files: Files, expected) => {
    expect([...(await judgedAfter(files))].sort()).toEqual(expected);
  });
});

/** What modules may do with the class, where it is called by that name. */
const USES: readonly ((name: string) => string)[] = [
  (name) => `${name}.lines.append(1)`,
  (name) => `${name}().lines.append(1)`,
  (name) => `b = ${name}()\nb.lines.append(1)`,
  (name) => `def g(b: ${name}):\n    b.lines.append(1)`,
  (name) => `print(vars(${name})["lines"])`,
  (name) => `print(getattr(${name}, "lines"))`,
  (name) => `${name}.last = None`,
  () => 'def show(cls): return cls.lines',
  (name) => `"${name}.lines"`,
  (name) => `x = ${name}.__new__(${name})`,
  (name) => `def put(b): b.lines = 1; setattr(b, "last", ${name})`,
  () => 'pass',
];
const NAMES = ['Basket', 'Korb', 'c', 'shop.cart.Basket', 'c.Basket', 'cart.Basket', 'hub.Korb', 'hub.cart.Basket'];

/** What a file may do that has nothing to do with the class, as far as its names tell. */
const LOOSE = [
  'pass',
  'def show(cls): return cls.lines',
  'def show(x): print(type(x).last)',
  'def show(x): x.lines = 1',
  'def show(x): setattr(x, "last", 1)',
  'def show(x): x.free.clear()',
  'def show(x): x.SIZE = 9',
  '"lines"',
];

const uses = fc
  .array(fc.record({ use: fc.constantFrom(...USES), name: fc.constantFrom(...NAMES) }), { minLength: 1, maxLength: 2 })
  .map((all) => all.map(({ use, name }) => use(name)).join('\n'));
const module = fc.record({
  imports: fc.array(fc.constantFrom(...IMPORTS), { minLength: 1, maxLength: 2 }),
  sub: fc.constantFrom(
    '',
    'class Sub(Basket):\n    def more(self):\n        return self.lines\n',
    'class Basket: lines = ()\n',
  ),
  versions: fc.tuple(uses, uses, uses),
});
const shops = fc.record({
  hubs: fc.tuple(...Object.values(HUBS).map((texts) => fc.constantFrom(...texts))),
  modules: fc.array(module, { minLength: 2, maxLength: 3 }),
  loose: fc.tuple(fc.constantFrom(...LOOSE), fc.constantFrom(...LOOSE)),
  changes: fc.tuple(fc.nat(2), fc.nat(2)),
});

it('what is not judged again would come to the same', { timeout: 120_000 }, async () => {
  let spared = 0;
  await fc.assert(
    fc.asyncProperty(shops, async ({ hubs, modules, loose, changes }) => {
      const textOf = (index: number, version: number): Files => {
        const { imports, sub, versions } = modules[index % modules.length] as (typeof modules)[number];
        const path = `module${index % modules.length}.py`;
        return { [path]: `${imports.join('\n')}\n${sub}${versions[version]}\n` };
      };
      const hubTexts = Object.fromEntries(Object.keys(HUBS).map((path, index) => [path, hubs[index] ?? '']));
      const first = Object.assign({}, ...modules.map((_, index) => textOf(index, 0))) as Files;
      const tree = new Tree({ 'shop/cart.py': CART, 'pool.py': POOL, 'loose.py': loose[0], ...hubTexts, ...first });
      expectSame(await tree.change({}));
      expectSame(await tree.change({ 'loose.py': loose[1] }));
      spared += 2 - tree.judged.length;
      for (const [version, index] of changes.entries()) {
        expectSame(await tree.change(textOf(index, version + 1)));
        spared += 2 - tree.judged.length;
      }
    }),
    { numRuns },
  );
  expect(spared).toBeGreaterThan(numRuns / 2);
});
