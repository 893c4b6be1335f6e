import fc from 'fast-check';
import { expect, it } from 'vitest';
import { betweenTexts, placeBefore } from '../src/text-difference.ts';

/** Short texts with much in common, pairs of units and line ends among them. */
const texts = fc.array(fc.constantFrom('a', 'b', '\r', '\n', '\r\n', '😀', '😁', '\ud83d'), { maxLength: 8 });
const joined = texts.map((parts) => parts.join(''));

it('the edit makes the second text of the first', () => {
  fc.assert(
    fc.property(joined, joined, (before, after) => {
      const { range, text } = betweenTexts(before, after);
      expect(before.slice(0, range.start) + text + before.slice(range.end)).toBe(after);
    }),
  );
});

it('it cuts neither a code point nor a line end in two', () => {
  expect(betweenTexts('x😀', 'x😁')).toEqual({ range: { start: 1, end: 3 }, text: '😁' });
  expect(betweenTexts('x\r\ny', 'x\r\n\r\ny')).toEqual({ range: { start: 3, end: 3 }, text: '\r\n' });
  expect(betweenTexts('x\ny', 'x\r\ny')).toEqual({ range: { start: 1, end: 2 }, text: '\r\n' });
});

it('places before and behind what was changed are found again; those inside are where the change is', () => {
  const difference = betweenTexts('one two three', 'one 2 three');
  expect(placeBefore(difference, { start: 0, end: 3 })).toEqual({ start: 0, end: 3 });
  expect(placeBefore(difference, { start: 6, end: 11 })).toEqual({ start: 8, end: 13 });
  expect(placeBefore(difference, { start: 4, end: 5 })).toEqual({ start: 4, end: 7 });
});
