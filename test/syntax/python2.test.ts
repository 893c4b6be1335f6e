/** Python 2 is told from Python 3 by what only the former accepts; Python 3 is never taken for it. */
import { describe, expect, test } from 'vitest';
import { parsed } from '../support/syntax.ts';

describe('Python 2', () => {
  test.each([
    'print "a"',
    'print a, b',
    'print >>f, a',
    'print >>f',
    'exec "a"',
    'exec a in b',
    'x = `y`',
    "ur'a'",
    'UR"a"',
    '0777',
    '10L',
    '0xFFl',
    'a <> b',
    'raise A, "b"',
    'raise A, "b", c',
    'def f((a, b)): pass',
    'def f((a, b)=c): pass',
    'lambda (a, b): a',
    'try: pass\nexcept A, e: pass',
    'try: pass\nexcept (A, B), e: pass',
    'try: pass\nexcept A, (a, b): pass',
  ])('is recognised: %j', (text) => {
    expect(parsed(text).python2).toBe(true);
  });

  test.each([
    ...[
      '0',
      '00',
      '0_0',
      '000_000',
      '0o777',
      '0xFF',
      '0b1',
      '1_000',
      '0777.5',
      '0777e1',
      '0777j',
      '00.0',
      '1e5',
      '1E5j',
    ],
    ...['print', 'print()', 'print("a")', 'print(a, file=b)', 'print (a), b', 'print(*a)', 'print = 1', 'f(print)'],
    ...['exec(a)', 'exec(a, b)', 'exec = 1', 'async = 1', 'raise A', 'raise A from b', 'raise (A, b)', 'a != b'],
    ...['u"a"', 'rb"a"', '"`"', '# `x`', '"print a"', '"0777"', 'def f(a, b): pass', 'lambda a, *b: a', 'a @ b'],
    ...['try: pass\nexcept A as e: pass', 'try: pass\nexcept (A, B): pass', 'try: pass\nexcept A: pass'],
    ...['try: pass\nexcept A, B: pass', 'try: pass\nexcept a.B, c.D: pass', 'try: pass\nexcept A, B, c: pass'],
    ...['try: pass\nexcept* A: pass', 'try: pass\nexcept* A, B: pass', 'x = [0x1for x in y]', '1if x else y'],
  ])('is not seen where there is none: %j', (text) => {
    expect(parsed(text).python2).toBe(false);
  });
});
