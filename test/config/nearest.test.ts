import fc from 'fast-check';
import { expect, it } from 'vitest';
import { didYouMean, nearest } from '../../src/config/nearest.ts';

const names = ['select', 'ignore', 'strategy', 'exit-zero'];

it.each([
  ['selct', 'select'],
  ['SELECT', 'select'],
  ['exit_zero', 'exit-zero'],
  ['stratgey', 'strategy'],
  ['zzz', undefined],
  ['', undefined],
])('%j is near %s', (name, candidate) => {
  expect(nearest(name, names)).toBe(candidate);
});

it('a name is nearest to itself, and one slip away is found again', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat(), (name, at) => {
      const cut = at % name.length;
      expect(nearest(name, names)).toBe(name);
      expect(nearest(name.slice(0, cut) + name.slice(cut + 1), names)).toBe(name);
    }),
  );
});

it('says nothing, or the other thing, when none is near', () => {
  expect(didYouMean('selct', names)).toBe('; did you mean select?');
  expect(didYouMean('zzz', names)).toBe('');
  expect(didYouMean('zzz', names, '; see --help')).toBe('; see --help');
});
