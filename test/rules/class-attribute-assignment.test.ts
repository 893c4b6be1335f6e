/** What `class-attribute-assignment` finds, and what its text condition may miss: nothing. The bytes it writes are what fixtures are for. */
import { describe, expect, it } from 'vitest';
import { render } from '../../src/apply/render.ts';
import { isFileError } from '../../src/core/errors.ts';
import type { Finding, Fix } from '../../src/core/finding.ts';
import { decide } from '../../src/decide.ts';
import { judgeFile } from '../../src/judge.ts';
import { composeEdits } from '../../src/plan/compose.ts';
import { policyReviewer } from '../../src/review/reviewer.ts';
import { loadRules } from '../../src/rules.ts';
import { encode } from '../../src/source/decode.ts';
import { mayMatch } from '../../transforms/class-attribute-assignment/sift.ts';
import { modelOf } from '../support/model.ts';

const RULE = 'class-attribute-assignment';
const rules = await loadRules();

/** A class whose method runs `body`. */
const method = (body: string): string => `class A:\n    def put(self, given):\n        ${body}\n\nclass Thing: pass\n`;

describe('an object of the instance on the class', () => {
  it.each([
    ['`self.__class__`', 'self.__class__.x = Thing()'],
    ['`type(self)`', 'type(self).x = Thing()'],
    ['the name of the class', 'A.x = Thing()'],
    ['the cell `__class__`', '__class__.x = Thing()'],
    ['parentheses', '(type((self))).x = Thing()'],
    ['another name of the instance', 'this = self; this.__class__.x = Thing()'],
    ['a call of `setattr`', 'setattr(type(self), "x", Thing())'],
    ['`setattr` with the name of the class', "setattr(A, 'x', Thing())"],
    ['a chain', 'y = self.__class__.x = Thing()'],
    ['a tuple', 'y, self.__class__.x = 1, Thing()'],
    ['a list of targets', '[self.__class__.x, y] = Thing(), 1'],
    ['targets over several lines', '(self.__class__.x,\n            y) = Thing(), 1'],
    ['an annotation', 'self.__class__.x: Thing = Thing()'],
    ['an annotation over two lines', 'self.__class__.x: dict[str,\n            int] = {}'],
    ['a joined line', 'self.__class__ \\\n            .x = Thing()'],
    ['a line of its own for the value', 'self.__class__.x = \\\n            Thing()'],
    ['a comment inside', '(self.__class__  # of it\n            .x) = Thing()'],
    ['a function inside', 'def later(): type(self).x = Thing()'],
    ['a condition', 'if given: self.__class__.x = Thing()'],
  ])('is found behind %s, and behind the sift', (_, body) => {
    expect(found(method(body))).toEqual(['A.x']);
    expect(mayMatch(method(body))).toBe(true);
  });

  it.each([
    ['a class of the file', 'Thing(given)'],
    ['what is named like a class', 'other.Session()'],
    ['another constructor of a class', 'Thing.from_file(given)'],
    ['an open file', 'open(given)'],
    ['a connection', 'db.connect(given)'],
    ['what is awaited', 'await asyncio.open_connection(given)'],
    ['a list', '[]'],
    ['a list of a size', '[0] * 8'],
    ['a comprehension', '{key: 1 for key in given}'],
    ['a generator', '(key for key in given)'],
    ['a tuple with the instance', '(self, 1)'],
    ['a tuple with an object', '(1, Thing())'],
    ['a method of the instance', 'self.put'],
    ['one of two', 'Thing() if given else None'],
    ['what is given or made', 'given or Thing()'],
  ])('is %s', (_, value) => expect(found(method(`self.__class__.x = ${value}`))).toEqual(['A.x']));

  it.each([
    ['a local name', 'thing = Thing()\n        self.__class__.x = thing'],
    ['a name of two objects', 'thing = Thing()\n        if given: thing = []\n        self.__class__.x = thing'],
    ['the file of a `with`', 'with open(given) as file: self.__class__.x = file'],
    ['a name bound on the way', 'self.__class__.x = (thing := Thing())'],
  ])('comes by %s', (_, body) => expect(found(method(body))).toEqual(['A.x']));

  it.each([
    ['Thing', ['A.x']],
    ['"Thing"', []],
    ['Thing | None', ['A.x']],
    ['Optional[Thing]', ['A.x']],
    ['str', []],
    ['type[Thing]', []],
    ['Callable[[], Thing]', []],
  ])('comes by a parameter annotated %s: %j', (type, symbols) => {
    const imports = 'from typing import Optional\nfrom collections.abc import Callable\n';
    const text = `${imports}class Thing: pass\nclass A:\n    def put(self, given: ${type}):\n        type(self).x = given\n`;
    expect(found(text)).toEqual(symbols);
  });

  it('is what methods call methods on, unless plain data has them too', () => {
    const text = (call: string): string =>
      `${method('type(self).x = given')}    \n`.replace('\n\n', `\n\n    ${call}\n\n`);
    expect(found(text('def use(self): self.x.send(1)'))).toEqual(['A.x']);
    expect(found(text('def use(self): return type(self).x.send(1)'))).toEqual(['A.x']);
    expect(found(text('def use(self): return self.x.upper()'))).toEqual([]);
    expect(found(text('def use(self): return self.x.get(1)'))).toEqual([]);
    expect(found(text('def use(self): return self.x'))).toEqual([]);
  });
});

describe('one finding', () => {
  it('is made of all assignments of an attribute, where the first stands', () => {
    const text = 'class A:\n    def open(self): self.__class__.x = []\n    def again(self): type(self).x = {}\n';
    const [finding, ...others] = findings(text);
    expect(others).toEqual([]);
    expect(text.slice(finding?.range.start, finding?.range.end)).toBe('self.__class__.x');
    expect(finding?.evidence).toHaveLength(2);
    expect(finding).toMatchObject({ retention: 'process', symbol: 'A.x' });
  });

  it('is about the class that binds the name, whichever of its subclasses sets it', () => {
    const set = '    def put(self): type(self).x = []\n';
    expect(found(`class A:\n    x = None\nclass B(A):\n${set}class C(A):\n${set}`)).toEqual(['A.x']);
    expect(found(`class A: pass\nclass B(A):\n${set}class C(A):\n${set}`)).toEqual(['B.x', 'C.x']);
    expect(found(`class A:\n    x = None\nclass B(A):\n    x = 0\n${set}class C(A):\n${set}`)).toEqual(['B.x', 'A.x']);
  });
});

describe('the sift', () => {
  it.each([
    ['nothing is assigned', 'class A:\n    def f(self): return self.__class__.x, type(self).y == A.z\n'],
    ['special attributes are', 'class A:\n    def f(self): self.__class__.__doc__ = Thing()\n'],
    ['an instance is', 'class A:\n    def f(self): self.x = Thing(); other.x = 1\n'],
    ['there is no class', 'def f(A): A.x = Thing()\n'],
    ['there is no method', 'class A: pass\nA.x = []\n'],
    ['the class body does', 'class A:\n    if hot: A.x = []\n    def f(self): pass\n'],
    ['only constants are', 'class A:\n    def f(self): A.x = None; type(self).y: int = 1; self.__class__.z = "off"\n'],
    ['it is an argument', 'class A:\n    def f(self): return call(x=A.y, z=(type(self).y, 1))\n'],
    ['it is said in a string', 'class A:\n    def f(self):\n        "A.x = Thing()"\n        # A.x = Thing()\n'],
    ['another class is called', 'class A:\n    def f(self): make(A).x = Thing(); setattr(self, A, 1)\n'],
  ])('spares the file where %s', (_, text) => expect(mayMatch(text)).toBe(false));

  it.each([
    ['a base', 'from b import Base\nclass A(Base):\n    def f(self): Base.x = Thing()\n'],
    ['a dotted base', 'import b\nclass A(b.Base):\n    def f(self): b.Base.x = Thing()\n'],
    ['a subscripted base', 'from b import Base\nclass A(Base[int], metaclass=M):\n    def f(self): Base.x = Thing()\n'],
    ['a base on another line', 'from b import Base\nclass A(\n    Base,  # of all\n):\n    def f(self): Base.x = []\n'],
    ['a renamed `type`', 'from builtins import type as t\nclass A:\n    def f(self): t(self).x = Thing()\n'],
    ['a renamed `setattr`', 'from builtins import setattr as s\nclass A:\n    def f(self): s(A, "x", Thing())\n'],
    ['a comment in `type`', 'class A:\n    def f(self): type(  # of it\n        self).x = Thing()\n'],
    ['a comment behind `type`', 'class A:\n    def f(self):\n        (type(self)  # of it\n        ).x = Thing()\n'],
    ['a comment in `setattr`', 'class A:\n    def f(self): setattr(  # a, b\n        type(self), "x", [])\n'],
    ['constants for several', 'class A:\n    def f(self): A.x, A.y = "ab"\n'],
    ['a constant in a chain', 'class A:\n    def f(self): y, type(self).x = z = None\n'],
    ['letters beyond ASCII', 'class Größe:\n    def f(self): Größe.länge = Thing()\n'],
  ])('lets %s through', (_, text) => expect(mayMatch(text)).toBe(true));
});

describe('a container in a class body that is changed in place', () => {
  const put = (name: string, body: string): string =>
    `class Base:\n    x = []\n\n\nclass A(Base):\n${body}    def put(self, given):\n        ${name}.x += [given]\n\n    def renew(self):\n        ${name}.x = []\n`;

  it('would go on being shared, also that of a base', () => {
    const text = put('A', '');
    expect(applied(text, new Map([[RULE, 'instance']]))).toBe(text);
  });

  it('is of no interest where a nearer class binds the name', () => {
    expect(applied(put('A', '    x = ()\n\n'), new Map([[RULE, 'instance']]))).toContain('self.x += [given]');
  });
});

describe('beside `class-mutable-default`', () => {
  const DESK = `class Drawer: pass


class Desk:
    papers = []
    drawer = None

    def __init__(self, name): self.__class__.drawer = Drawer()

    def add(self, paper):
        self.papers.append((self.__class__.drawer, paper))

    def __del__(self):
        print("cleared")
`;

  it('meets in one class, each in its own lines', () => {
    expect(applied(DESK, new Map([[RULE, 'instance']]))).toBe(`class Drawer: pass


class Desk:
    drawer = None

    def __init__(self, name):
        self.papers = []
        self.drawer = Drawer()

    def add(self, paper):
        self.papers.append((self.drawer, paper))

    def __del__(self):
        print("cleared")
`);
    const released = applied(DESK, new Map([[RULE, 'release']]));
    expect(released).toContain(
      '    def __del__(self):\n        self.__class__.drawer = None\n        print("cleared")\n',
    );
    expect(released).toContain('        self.papers = []\n        self.__class__.drawer = Drawer()\n');
  });

  it('makes two methods in one class', () => {
    const text =
      'class A:\n    x = []\n    y = None\n\n    def add(self):\n        type(self).y = [self.x]\n        self.x.append(1)\n';
    expect(applied(text, new Map([[RULE, 'release']]))).toBe(`class A:
    y = None

    def __init__(self):
        self.x = []

    def add(self):
        type(self).y = [self.x]
        self.x.append(1)

    def __del__(self):
        type(self).y = None
`);
  });

  it('leaves nothing that one of them finds', async () => {
    for (const strategy of ['instance', 'release']) {
      const strategies = new Map([[RULE, strategy]]);
      const once = applied(DESK, strategies);
      const { findings: again } = judgeFile(modelOf(once), { rules, strategies });
      expect(again.map(({ symbol }) => symbol)).toEqual([]);
      const file = modelOf(DESK);
      const { findings: first } = judgeFile(file, { rules, strategies });
      const sources = new Map([[file.source.path, file.source]]);
      const decided = await decide(
        { findings: first, sources },
        policyReviewer(true),
        'skipped',
        async () => undefined,
      );
      expect(decided.outcomes.map(({ status }) => status)).toEqual(['planned', 'planned']);
    }
  });
});

function findings(text: string): readonly Finding[] {
  const own = rules.filter(({ meta }) => meta.id === RULE);
  return judgeFile(modelOf(text), { rules: own, strategies: new Map() }).findings;
}

function found(text: string): readonly string[] {
  return findings(text).map(({ symbol }) => symbol);
}

/** The text with the first fix of every finding of every rule. Throws if they are in each other's way. */
function applied(text: string, strategies: ReadonlyMap<string, string>): string {
  const file = modelOf(text);
  const fixes = judgeFile(file, { rules, strategies }).findings.flatMap(({ fixes: [first] }): readonly Fix[] =>
    first === undefined || 'unfixable' in first ? [] : [first],
  );
  const result = render(file.source, composeEdits(file.source, fixes), encode);
  if (isFileError(result)) throw new Error(result.message);
  return result.text;
}
