import { expect, it } from 'vitest';
import { optionThatShutsOut } from '../../src/proof/probe.ts';

it.each([
  ['python -I x.py', '-I'],
  ['python3.12 -BS x.py', '-S'],
  ['/usr/bin/python3 -W ignore -E x.py', '-E'],
  ['python -Wignore -X dev -u -I x.py', '-I'],
  ['python -Werror::ImportWarning x.py', undefined],
  ['python -X importtime x.py -I', undefined],
  ['python -c I -I', undefined],
  ['python -m unittest -E', undefined],
  ['python', undefined],
  ['pytest -I', undefined],
])('%s: %s', (line, option) => {
  expect(optionThatShutsOut(line.split(' '))).toBe(option);
});
