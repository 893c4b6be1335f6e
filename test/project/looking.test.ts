/** What imports and words say about where a class is used loses nothing: compared with a reading of every file, over generated projects. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessesOf } from '../../src/model/attribute-accesses.ts';
import type { FileModel, FilesFound } from '../../src/model/file.ts';
import type { Project } from '../../src/project/project.ts';
import { HUBS, IMPORTS } from '../support/hubs.ts';
import { classNamed } from '../support/model.ts';
import { projectOf } from '../support/project.ts';

const CART = `class Basket:
    lines = []

    class Line:
        notes = []

    def add(self, line):
        self.lines.append(line)
`;

const NOISE = [
  'c = None',
  'def f(c):\n    return c',
  '"""c, and what it is."""',
  'for c in (): pass',
  '# c: nothing',
  'x = c',
];
const HOLDERS = ['c', 'shop', 'shop.cart', 'shop.till', 'cart', 'hub', 'hub.cart', 'c.cart', 'c.till'];
const CLASSES = ['Basket', 'B', 'Korb', ...HOLDERS.flatMap((holder) => [`${holder}.Basket`, `${holder}.Korb`])];
const USES: readonly ((name: string) => string)[] = [
  (name) => `${name}.lines.append(1)`,
  (name) => `${name}().lines.append(1)`,
  (name) => `b = ${name}()\nb.lines.append(1)`,
  (name) => `def g(b: ${name}):\n    b.lines.append(1)`,
  (name) => `class Sub(${name}):\n    def put(self):\n        self.lines.append(1)`,
  (name) => `getattr(${name}, "lines")`,
  (name) => `vars(${name})["lines"]`,
  (name) => `print(${name}.Line.notes)`,
  (name) => `@patch("${name}.lines", [])\ndef h(): pass`,
];

const module = fc
  .record({
    imports: fc.array(fc.constantFrom(...IMPORTS), { minLength: 1, maxLength: 3 }),
    noise: fc.array(fc.constantFrom(...NOISE), { maxLength: 1 }),
    uses: fc.array(fc.record({ use: fc.constantFrom(...USES), name: fc.constantFrom(...CLASSES) }), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ imports, noise, uses }) =>
    ['from unittest.mock import patch', ...imports, ...noise, ...uses.map(({ use, name }) => use(name)), ''].join('\n'),
  );

const project = fc.record({
  hubs: fc.tuple(...Object.values(HUBS).map((texts) => fc.constantFrom(...texts))),
  modules: fc.array(module, { minLength: 1, maxLength: 3 }),
});

/** The project as it is, and one that reads every file to answer. */
function both(files: Readonly<Record<string, string>>) {
  const narrow = projectOf(files);
  const wide = projectOf(files);
  for (const { project } of [narrow, wide]) project.resume();
  wide.project.mentioning = (_targets, _attribute, file, matters): FilesFound =>
    everyOther(wide.project, files, file, matters);
  return { narrow, wide };
}

function everyOther(
  all: Project,
  files: Readonly<Record<string, string>>,
  { source }: FileModel,
  matters: (file: FileModel) => boolean,
): FilesFound {
  const others = Object.keys(files).filter((path) => path !== source.path);
  return { files: others.flatMap((path) => all.file(path) ?? []).filter(matters), incomplete: undefined };
}

/** Where the attribute is used, by path and place. */
function uses({ file }: ReturnType<typeof projectOf>, className: string, name: string) {
  const model = classNamed(file('shop/cart.py'), className);
  const accesses = accessesOf({ class: model, name, binding: model.scope.bindings.get(name) });
  const places = (list: typeof accesses.instance) =>
    list.map(({ file: { source }, node }) => `${source.path}:${node.start}`);
  const { instance, classLevel, byName } = accesses;
  const named = byName.filter(({ node }) => node.kind === 'attribute');
  return { instance: places(instance), classLevel: places(classLevel), byName: places(named) };
}

describe('every use of a class that a reading of all files finds', () => {
  it('is found where only those are read that imports and words lead to', () => {
    fc.assert(
      fc.property(project, ({ hubs, modules }) => {
        const files: Record<string, string> = { 'shop/cart.py': CART };
        for (const [index, path] of Object.keys(HUBS).entries()) files[path] = hubs[index] ?? '';
        for (const [index, text] of modules.entries()) files[`use${index}.py`] = text;
        const { narrow, wide } = both(files);
        expect(uses(narrow, 'Basket', 'lines')).toEqual(uses(wide, 'Basket', 'lines'));
        expect(uses(narrow, 'Line', 'notes')).toEqual(uses(wide, 'Line', 'notes'));
      }),
      { numRuns: 600 },
    );
  });
});
