/** Whole projects as a user has them: the class in one package, what decides about it in others; and projects that are broken. */
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { project, reportOf } from '../support/cli.ts';

const BASKET = `class Basket:
    lines = []

    def __init__(self, owner):
        self.owner = owner

    def add(self, line):
        self.lines.append(line)
`;

/** Modules that have nothing to do with the class, some of them with a class of the same name. */
function others(count: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (let index = 0; index < count; index++) {
    const text =
      index % 100 === 0
        ? 'class Basket:\n    lines = ()\n\n\nprint(Basket.lines)\n'
        : `"""Module ${index}."""\nimport os\n\n\ndef run(x):\n    return os.path.join(x, "${index}")\n`;
    files[`pkg${index % 30}/module${index}.py`] = text;
  }
  return files;
}

function unmet({ findings }: Report): readonly string[] {
  return findings.flatMap(({ fixes: [fix] }) =>
    (fix?.obligations ?? []).filter(({ holds }) => holds !== true).map(({ id }) => id),
  );
}

describe('in a project of 3,000 files', () => {
  const files = {
    ...others(3_000),
    'shop/__init__.py': 'from .cart import Basket\n',
    'shop/cart.py': BASKET,
    'gifts/gift.py':
      'from shop import Basket\n\n\nclass Gift(Basket):\n    def __init__(self, owner):\n        super().__init__(owner)\n        self.paper = "red"\n',
    'desk/serve.py':
      'from shop import Basket\n\n\ndef serve(basket: Basket, line):\n    basket.add(line)\n    return basket.lines\n',
  };

  it('a class is judged by its subclass and its readers in other packages, and by nothing else', async () => {
    const report = await reportOf(project(files), 'shop');
    expect(report.findings).toMatchObject([{ symbol: 'Basket.lines', fixes: [{ applicability: 'safe' }, {}] }]);
  });

  it.each([
    [
      'a subclass of a subclass that never calls super()',
      'init-runs',
      'gifts/box.py',
      'from gifts.gift import Gift\n\n\nclass Box(Gift):\n    def __init__(self):\n        self.owner = None\n',
    ],
    [
      'a reader of the class',
      'no-class-level-access',
      'report/sum.py',
      'import shop\n\nprint(len(shop.Basket.lines))\n',
    ],
    [
      'a test that patches it',
      'no-class-level-access',
      'tests/test_it.py',
      'from unittest.mock import patch\n\n\n@patch("shop.cart.Basket.lines", ())\ndef test():\n    pass\n',
    ],
  ])('%s speaks against it, with its place', async (_, id, path, text) => {
    const report = await reportOf(project({ ...files, [path]: text }), 'shop');
    expect(unmet(report)).toContain(id);
    const [fix] = report.findings[0]?.fixes ?? [];
    expect(fix?.obligations.find((one) => one.id === id)?.detail).toMatch(new RegExp(`${path}:\\d+`));
  });
});

describe('a broken project ends, and knows less', () => {
  it.each<readonly [string, Readonly<Record<string, string>>]>([
    [
      'modules that import each other in a circle',
      {
        'shop/__init__.py': 'from .cart import Basket',
        'shop/cart.py': `from shop import Basket\nfrom .other import Base\n\n\n${BASKET.replace('Basket:', 'Cart(Base):')}`,
        'shop/other.py': 'from .cart import Base',
      },
    ],
    ['a class that inherits from itself', { 'a.py': BASKET.replace('Basket:', 'Basket(Basket):') }],
    [
      'two that inherit from each other, in two files',
      {
        'a.py': `from b import B\n\n\n${BASKET.replace('Basket:', 'A(B):')}`,
        'b.py': 'from a import A\n\n\nclass B(A):\n    pass\n',
      },
    ],
  ])('%s', async (_, files) => {
    const report = await reportOf(project(files));
    expect(report.errors).toEqual([]);
    expect(unmet(report)).toContain('init-runs');
  });

  it('attribute chains 5,000 deep', async () => {
    const deep = `x${'.a'.repeat(5_000)}`;
    const text = `from b import x\n\n\n${BASKET}\n    def far(self):\n        return ${deep}.Basket.lines, self${'.a'.repeat(5_000)}\n\n\nclass Far(${deep}):\n    pass\n`;
    const report = await reportOf(project({ 'a.py': text, 'b.py': `x = 1\nx${'.lines'.repeat(5_000)}\n` }));
    expect(report.errors).toEqual([]);
    expect(report.findings.map(({ symbol }) => symbol)).toEqual(['Basket.lines']);
  });

  it.each([
    ['a method first', 'class Rack:\n    def size(self):\n        return len(self.slots)\n\n    slots = []\n'],
    ['a header of several lines', 'class Rack(\n    object,\n):\n    def size(self): return 1\n    slots = []\n'],
    [
      'its second line further in',
      'class Rack(object,\n           metaclass=type):\n    # Shared.\n\n    slots = []\n',
    ],
    ['others before it on one line each', 'class A: pass\nclass B(A): pass\nclass Rack(B):\n    slots = []\n'],
    ['a text that goes on at the margin', 'class Rack:\n    HELP = """\nPut in.\n"""\n    slots = []\n'],
    ['a bracket in a comment', 'class Rack:  # (see below\n    def size(self):\n        return 1\n    slots = []\n'],
  ])('a subclass elsewhere that changes what a class declares, with %s', async (_, rack) => {
    const heir =
      'from rack import Rack\n\n\nclass Full(Rack):\n    def put(self, item):\n        self.slots.append(item)\n';
    const report = await reportOf(project({ 'rack.py': rack, 'full.py': heir }));
    expect(report.findings.map(({ symbol }) => symbol)).toEqual(['Rack.slots']);
  });

  it('5,000 classes that each inherit from the one before', async () => {
    const heirs = Array.from(
      { length: 5_000 },
      (_, index) => `class C${index}(${index === 0 ? 'Basket' : `C${index - 1}`}): pass`,
    );
    const report = await reportOf(project({ 'a.py': `${BASKET}\n\n${heirs.join('\n')}\n` }));
    expect(report.errors).toEqual([]);
    expect(report.findings.map(({ symbol }) => symbol)).toEqual(['Basket.lines']);
  });

  it('a class that is defined three times in its file', async () => {
    const report = await reportOf(
      project({ 'a.py': [BASKET, BASKET, BASKET].join('\n\n'), 'b.py': 'from a import Basket\nBasket.lines\n' }),
    );
    expect(report.errors).toEqual([]);
    expect(report.findings).toHaveLength(3);
    expect(report.findings.map(({ fixes: [fix] }) => fix?.applicability)).not.toContain('safe');
  });
});
