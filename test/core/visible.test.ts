import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visible, visibleLines } from '../../src/core/visible.ts';

it.each([
  ['\x1b[2J', '\\x1b[2J'],
  ['a\nb\tc\rd\0', 'a\\x0ab\\x09c\\x0dd\\x00'],
  ['\x7f\x85\x9b', '\\x7f\\x85\\x9b'],
  ['\u202etxt.py\u2066', '\\u202etxt.py\\u2066'],
  ['line\u2028end', 'line\\u2028end'],
  ['\ufeffno\u200bthing \u{e0041}', '\\ufeffno\\u200bthing \\U000e0041'],
  ['half \ud83d of \ude00', 'half \\ud83d of \\ude00'],
  ['whole 😀, naïve, 日本', 'whole 😀, naïve, 日本'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

it('nothing that acts on a terminal is left, and what is shown is shown as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = visible(text);
      expect(shown).not.toMatch(/\p{Cc}|\p{Cf}|\p{Surrogate}/u);
      expect(visible(shown)).toBe(shown);
    }),
  );
});

it('several lines keep their line feeds and tabs, nothing else', () => {
  expect(visibleLines('+\tx\n-\x1b\r\n')).toBe('+\tx\n-\\x1b\\x0d\n');
});
