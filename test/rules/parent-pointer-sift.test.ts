/** The sift of parent pointers rules nothing out in which the model sees a cycle: in generated programs, and in the standard library. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFileError } from '../../src/core/errors.ts';
import type { FileModel } from '../../src/model/file.ts';
import { bodiesOf } from '../../src/model/link.ts';
import { readSourceNow } from '../../src/source/read.ts';
import { parses } from '../../src/syntax/tree.ts';
import { closesCycle } from '../../transforms/parent-pointer/pair.ts';
import { mayMatch } from '../../transforms/parent-pointer/sift.ts';
import { mayCloseCycle } from '../../transforms/parent-pointer/text-cycle.ts';
import { sampleOfLibrary } from '../support/cpython.ts';
import { modelOf } from '../support/model.ts';
import { findPython } from '../support/python.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? 20);
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 3_000);

const name = fc.constantFrom('self', 'first', 'second', 'third');
const attribute = fc.constantFrom('up', 'down', 'items');
const path = fc.oneof(
  { weight: 4, arbitrary: name },
  fc.tuple(name, attribute).map((parts) => parts.join('.')),
);
const method = fc.constantFrom('attach', 'keep', 'both', 'passed');

/** One line that may make one object hold another, in the many ways people write it. */
const line = fc
  .record({ a: path, b: path, c: path, name, attribute, method })
  .chain(({ a, b, c, name: n, attribute: x, method: m }) =>
    fc.constantFrom(
      `${a}.${x} = ${b}`,
      `${a}.${x}, ${b}.${x} = ${b}, ${c}`,
      `${a}.${x} = ${b} if ${c} else ${n}`,
      `${a}.${x} = ${b} or ${n}`,
      `${a}.${x} = [${b}, ${c}]`,
      `${a}.${x}: "Node" = ${b}`,
      `${a}.${x} = ${n} = ${b}`,
      `${a}.${x}.append(${b})`,
      `${a}.${x}[${c}] = ${b}`,
      `${a}.${x} += [${b}]`,
      `${a}.${x}.append(Node(${b}, ${c}))`,
      `setattr(${a}, "${x}", ${b})`,
      `${a}.${m}(${b})`,
      `${a}.${m}(owner=${b})`,
      `${a}.${m}(*${b})`,
      `Node.${m}(${a}, ${b})`,
      `link(${a}, ${b})`,
      `link(b=${a}, a=${b})`,
      `${n} = Node(${a})`,
      `${n} = Node(b=${a})`,
      `${n} = type(self)(${a})`,
      `${n} = ${a}.${x}`,
      `${n} = ${a}.${x}[0]`,
      `${n} = list(${a}.${x})`,
      `${a}.${x} = Node(${b})`,
      `super().__init__(${a})`,
      `for ${n} in ${a}.${x}: ${n}.up = ${b}`,
      `for _, ${n} in enumerate(${a}.${x}): ${n}.attach(${b})`,
      `if (${n} := ${a}.${x}): ${b}.down = ${n}`,
      `[${n}.attach(${a}) for ${n} in ${b}.${x}]`,
      `print(f"{${a}.${m}(${b})}")`,
      `del ${n}`,
      `pass  # ${a}.${x} = ${b}`,
      `${n} = "${a}.${x} = ${b}"`,
    ),
  );

const block = fc
  .array(line, { maxLength: 3, size: 'small' })
  .map((lines): readonly string[] => (lines.length === 0 ? ['pass'] : lines));
const mostlyEmpty = fc.oneof(
  { weight: 2, arbitrary: fc.constant<readonly string[]>(['pass']) },
  { weight: 1, arbitrary: block },
);

function inClass(head: string, lines: readonly string[]): string {
  return [`    ${head}`, ...lines.map((one) => `        ${one}`)].join('\n');
}

const program = fc
  .record({
    base: mostlyEmpty,
    init: mostlyEmpty,
    attach: mostlyEmpty,
    keep: mostlyEmpty,
    both: mostlyEmpty,
    passed: mostlyEmpty,
    link: mostlyEmpty,
    main: block,
  })
  .map((blocks) =>
    [
      'class Base:',
      inClass('def __init__(self, first):', blocks.base),
      'class Node(Base):',
      inClass('def __init__(self, first, second=None, *, b=None):', blocks.init),
      inClass(
        'def attach(self, owner):',
        blocks.attach.map((one) => one.replaceAll('second', 'owner')),
      ),
      inClass(
        'def keep(self, owner, third=None):',
        blocks.keep.map((one) => one.replaceAll('first', 'owner')),
      ),
      inClass(
        'def both(self, owner):',
        blocks.both.map((one) => one.replaceAll('third', 'owner')),
      ),
      'def link(a, b):',
      ...blocks.link.map((one) => `    ${one.replaceAll('first', 'a').replaceAll('second', 'b')}`),
      'class Other:',
      inClass('def passed(self, owner):', blocks.passed),
      ...blocks.main.map((one) => one.replaceAll('self', 'third')),
      '',
    ].join('\n'),
  );

function closes(file: FileModel): boolean {
  return bodiesOf(file).some((body) => closesCycle(file, body));
}

describe('what the sift rules out', () => {
  it('closes no cycle in a generated program', { timeout: 120_000 }, () => {
    let ruledOut = 0;
    const law = fc.property(program, (text) => {
      if (mayCloseCycle(text)) return;
      ruledOut += 1;
      expect(closes(modelOf(text)), text).toBe(false);
    });
    fc.assert(law, { seed, numRuns });
    expect(ruledOut).toBeGreaterThan(numRuns / 10);
  });

  const python = findPython();

  it.skipIf(python === undefined)('closes none in the standard library', { timeout: 120_000 }, () => {
    let ruledOut = 0;
    for (const file of sampleOfLibrary(python?.command ?? '', 80)) {
      const source = readSourceNow({ path: file, realPath: file, writable: true });
      if (isFileError(source) || mayMatch(source.text) || !parses(source.text)) continue;
      ruledOut += 1;
      expect([file, closes(modelOf(source.text))]).toEqual([file, false]);
    }
    expect(ruledOut).toBeGreaterThan(20);
  });
});
