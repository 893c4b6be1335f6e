/**
 * Generated Python modules for property tests: classes with containers in their bodies and methods that use them, written in the
 * many ways people write them. Every module runs on Python 3.8 and later; each class can be made with `C()`.
 */
import fc from 'fast-check';
import { isFileError } from '../../src/core/errors.ts';
import type { SourceFile } from '../../src/core/source-file.ts';
import { encode } from '../../src/source/decode.ts';
import { sourceFromBytes } from '../../src/source/read.ts';
import {
  type Block,
  block,
  CHANGES,
  type Container,
  INDENT,
  INITS,
  indented,
  PUTS,
  VALUES,
  VERBATIM,
} from './module-parts.ts';

interface Attribute {
  readonly name: string;
  readonly type: Container;
  readonly lines: Block;
}

const NAMES = ['items', 'größe', '_seen', '__own'] as const;

function attribute(name: string): fc.Arbitrary<Attribute> {
  const values = Object.entries(VALUES).flatMap(([type, all]) =>
    all.map((value) => ({ type: type as Container, value })),
  );
  return fc
    .record({
      chosen: fc.constantFrom(...values),
      annotation: fc.constantFrom('', '', '', ': "object"'),
      above: fc.constantFrom<Block[]>(
        block(),
        block(),
        block(`#: what ${name} holds`),
        block('', '# ä', '# and more'),
        block('\f'),
      ),
      after: fc.constantFrom('', '', '', '  # all of them: ß', '; count = 1', ';', '; other = []', '   '),
      below: fc.constantFrom<Block[]>(
        block(),
        block(),
        block('"""Documents it."""'),
        block('"""Over', `${VERBATIM}lines."""`),
        block(''),
      ),
      before: fc.constantFrom('', '', '', '', 'first = 1; '),
    })
    .map(({ chosen: { type, value }, annotation, above, after, below, before }) => {
      const [head = '', ...rest] = value;
      const lines = [`${before}${name}${annotation} = ${head}`, ...rest];
      const end = lines.length - 1;
      return {
        name,
        type,
        lines: [...above, ...lines.map((line, at) => (at === end ? line + after : line)), ...below],
      };
    });
}

/** Methods of a class that use `self.<name>`; `owner` is the class's name. */
function methods(owner: string, { name, type }: Attribute): fc.Arbitrary<Block> {
  const own = `self.${name}`;
  const uses = CHANGES[type].flatMap((change): Block[] => [
    block(`def change${name}(self, value=5):`, `${INDENT}${change(own)}`),
    block(`def change${name}(self, value=5): ${change(own)}`),
    block(
      '@keep',
      `def change${name}(self, value=5):`,
      `${INDENT}"""Adds."""`,
      `${INDENT}if value:`,
      `${INDENT}${INDENT}${change(own)}`,
    ),
    block(
      `def change${name}(self, value=5):`,
      `${INDENT}def later():`,
      `${INDENT}${INDENT}${change(own)}`,
      `${INDENT}later()`,
    ),
    block(`def change${name}(self, value=5):`, `${INDENT}known = ${own}`, `${INDENT}${change('known')}`),
    block(
      '# comments on it',
      `def change${name}(self, value=5):`,
      `${INDENT}${change(own)}`,
      `${INDENT}return sorted(map(repr, ${own}))`,
    ),
    block(
      `def reset${name}(self, value=5):`,
      `${INDENT}self.${name} = type(${own})()`,
      '',
      `def change${name}(self, value=5):`,
      `${INDENT}${change(own)}`,
    ),
  ]);
  const reads: Block[] = [
    block(`def read${name}(self):`, `${INDENT}return sorted(map(repr, ${own}))`),
    block('@property', `def size${name}(self):`, `${INDENT}return len(${own})`),
    block('@classmethod', `def shared${name}(cls):`, `${INDENT}return len(cls.${name})`),
    block('@staticmethod', `def all${name}():`, `${INDENT}return len(${owner}.${name})`),
    block(),
    block(),
    block(),
  ];
  return fc.tuple(fc.constantFrom(...uses), fc.constantFrom(...reads)).map(([use, read]) => joined([use, read]));
}

/** A default in the body, and methods that put an object on the class; mostly none. */
function puts(owner: string): fc.Arbitrary<{ readonly held: Block; readonly uses: Block }> {
  const none = { held: block(), uses: block() };
  const some = fc
    .record({
      put: fc.constantFrom(...PUTS),
      holder: fc.constantFrom('self.__class__', 'type(self)', owner),
      held: fc.constantFrom<Block[]>(block('link = None'), block('link = "none"  # yet'), block('link = ()')),
    })
    .map(({ put, holder, held }) => ({ held, uses: put(holder, owner) }));
  return fc.oneof(fc.constant(none), some);
}

/** Blocks with a blank line between. */
function joined(blocks: readonly Block[]): Block {
  return blocks.filter(({ length }) => length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function classOf(name: string, earlier: readonly string[]): fc.Arbitrary<Block> {
  const bases = [
    '',
    '',
    '()',
    '(object)',
    '(Exception)',
    ...earlier.map((base) => `(${base})`),
    ...(earlier.length > 1 ? [`(${earlier.toReversed().join(', ')})`] : []),
  ];
  return fc
    .record({
      base: fc.constantFrom(...bases),
      docstring: fc.constantFrom<Block[]>(
        block(),
        block('"""Says what it is."""'),
        block("'''Says", `${VERBATIM}ünd more.'''`, ''),
      ),
      attributes: fc
        .subarray([...NAMES], { minLength: 0, maxLength: 3 })
        .chain((names) => fc.tuple(...names.map(attribute))),
      init: fc.option(fc.constantFrom(...INITS), { nil: block() }),
      initLast: fc.boolean(),
      blank: fc.constantFrom<Block[]>(block(), block(''), block('', '')),
      decorator: fc.constantFrom<Block[]>(block(), block(), block('@keep')),
      header: fc.constantFrom('', '', '  # its own'),
      put: puts(name),
    })
    .chain(({ base, docstring, attributes, init, initLast, blank, decorator, header, put }) =>
      fc.tuple(...attributes.map((one) => methods(name, one))).map((changes) => {
        const held = [...attributes.flatMap(({ lines }) => lines), ...put.held];
        const uses = [...changes, put.uses];
        const limit = held.some((line) => line.includes('LIMIT')) ? ['LIMIT = 3'] : [];
        const body = [
          ...docstring,
          ...limit,
          ...held,
          ...blank,
          ...joined(initLast ? [...uses, init] : [init, ...uses]),
        ];
        const filled = body.every((line) => line === '' || line.trim() === '' || line.startsWith('#'))
          ? [...body, 'pass']
          : body;
        return [...decorator, `class ${name}${base}:${header}`, ...indented(filled)];
      }),
    );
}

const CLASS_NAMES = ['Alpha', 'Beta', 'Gamma'];

const classes = fc
  .integer({ min: 1, max: 3 })
  .chain((count) =>
    fc.tuple(...CLASS_NAMES.slice(0, count).map((name, index) => classOf(name, CLASS_NAMES.slice(0, index)))),
  );

/** A module as it would be read from disk. */
export const modules: fc.Arbitrary<SourceFile> = fc
  .record({
    classes,
    head: fc.constantFrom<Block[]>(block(), block('"""A module — with words."""', ''), block('# a comment', '')),
    indent: fc.constantFrom('    ', '    ', '\t', '  '),
    newlines: fc.constantFrom(['\n'], ['\n'], ['\r\n'], ['\r'], ['\r\n', '\n', '\n']),
    finalNewline: fc.boolean(),
    form: fc.constantFrom('utf-8', 'utf-8', 'bom', 'latin-1'),
    tail: fc.constantFrom<Block[]>(block(), block('', '', 'LAST = Alpha()')),
  })
  .map(({ classes: all, head, indent, newlines, finalNewline, form, tail }) => {
    const lines = [
      ...(form === 'latin-1' ? ['# -*- coding: latin-1 -*-'] : []),
      ...(form === 'latin-1' ? head.map((line) => line.replace('—', '-')) : head),
      'import collections',
      'from collections import defaultdict, deque',
      '',
      'def keep(it):',
      `${INDENT}return it`,
      '',
      'class Thing:',
      `${INDENT}def __init__(self, value): self.value = value`,
      ...all.flatMap((one) => ['', '', ...one]),
      ...tail,
    ];
    const last = lines.length - 1;
    const text = lines
      .map((line, at) => {
        const end = at === last && !finalNewline ? '' : (newlines[at % newlines.length] ?? '\n');
        return line.replaceAll(INDENT, indent).replace(VERBATIM, '') + end;
      })
      .join('');
    return sourceOf(text, form);
  });

/** Throws if the text has no form in the encoding. */
function sourceOf(text: string, form: string): SourceFile {
  const bytes = encode(text, form === 'latin-1' ? 'latin-1' : 'utf-8');
  if (bytes === undefined) throw new Error(`${form} lacks a character of the generated module`);
  return read(form === 'bom' ? Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]) : bytes);
}

/** Bytes as the tool reads them. Throws if it refuses them. */
export function read(bytes: Buffer): SourceFile {
  const source = sourceFromBytes(bytes, { path: 'module.py', realPath: '/module.py', writable: true });
  if (isFileError(source)) throw new Error(source.message);
  return source;
}
