import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstDifference, lastLines, likenessOf, type Output, OutputRecorder } from '../../src/trial/output.ts';

function output(text: string | Buffer, chunk = 1 << 16): Output {
  const recorder = new OutputRecorder();
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += chunk) recorder.add(bytes.subarray(start, start + chunk));
  return recorder.finish();
}

it.each([
  ['3 passed', '3 passed', 'same'],
  ['3 passed in 0.25s', '3 passed in 1.5s', 'same but for numbers'],
  ['<Node at 0x7f3a9c>', '<Node at 0x55e1>', 'same but for numbers'],
  ['3 passed', '3 failed', 'different'],
  ['a', 'a1', 'different'],
  ['', '', 'same'],
])('%j and %j are %s', (before, after, likeness) => {
  expect(likenessOf(output(before), output(after))).toBe(likeness);
});

it('how it comes in pieces makes no difference', () => {
  const piece = fc.constantFrom('12', '0x1f', ' ', 'a', 'g', '\n', '3.5', 'é');
  fc.assert(
    fc.property(fc.array(piece), fc.integer({ min: 1, max: 5 }), (pieces, chunk) => {
      expect(output(pieces.join(''), chunk)).toEqual(output(pieces.join('')));
    }),
  );
});

it('of a long one the beginning and the end are kept', () => {
  const long = output(Buffer.alloc(3 << 20, 'x\n'));
  expect([long.bytes, long.head.length, long.tail.length]).toEqual([3 << 20, 1 << 20, 1 << 14]);
});

it('the first line that differs is told, numbers aside', () => {
  const [before, after] = [output('1\nb 2\nc\n'), output('2\nb 3\nd\n')];
  expect(firstDifference(before, after)).toEqual({ line: 3, before: 'c', after: 'd' });
  expect(firstDifference(before, before)).toBeUndefined();
});

it('the last lines are those that say something', () => {
  expect(lastLines([output('a\n\nb\n'), output('c\r\n\n')], 2)).toBe('b\nc');
});
