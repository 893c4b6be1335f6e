import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isFileError } from '../../src/core/errors.ts';
import type { FileEntry } from '../../src/source/discover.ts';
import { lacksWords, readSource, sourceFromBytes } from '../../src/source/read.ts';
import { makeTree } from './tree.ts';

function entry(root: string, path: string): FileEntry {
  return { path, realPath: join(root, path), writable: true };
}

describe('what a file lacks', () => {
  test.each<[string, string | Buffer, string[], boolean]>([
    ['a word', 'x = spam\n', ['spam'], false],
    ['none of two', 'x = spam\n', ['eggs', 'ham'], true],
    ['one of two', 'x = spam\n', ['eggs', 'spam'], false],
    ['part of a word, which is for others to tell', 'x = spamming\n', ['spam'], false],
    ['a word beyond ASCII', 'x = 1\n', ['caf\u00e9'], false],
    ['another encoding', '# coding: latin-1\nx = 1\n', ['spam'], true],
    ['an encoding that writes letters in its own way', '# coding: utf-7\n+AHMAcABhAG0 = 1\n', ['spam'], false],
    ['units of two bytes', '# -*- coding: utf-16 -*-\n', ['spam'], false],
  ])('%s', (_, text, words, lacks) => {
    const root = makeTree({ 'a.py': text });
    expect(lacksWords(entry(root, 'a.py'), words)).toBe(lacks);
  });

  test('is not known of a file that is not there', () => {
    expect(lacksWords(entry(makeTree({}), 'a.py'), ['spam'])).toBe(false);
  });
});

describe('a file that can be read', () => {
  test('is there as bytes and as text', async () => {
    const bytes = Buffer.from('\ufeff# coding: utf-8\r\nx = "\u00e9"');
    const root = makeTree({ 'a.py': bytes });
    const file = await readSource(entry(root, 'a.py'));
    const text = '# coding: utf-8\r\nx = "\u00e9"';
    expect(file).toEqual({
      path: 'a.py',
      realPath: join(root, 'a.py'),
      bytes,
      text,
      encoding: 'utf-8',
      bom: true,
      writable: true,
    });
    expect(isFileError(file)).toBe(false);
  });

  test('may come from standard input', () => {
    const file = sourceFromBytes(Buffer.from('x\n'), { path: 'stdin.py', realPath: '', writable: false });
    expect(file).toMatchObject({ path: 'stdin.py', text: 'x\n', encoding: 'utf-8', bom: false, writable: false });
  });
});

describe('a file that cannot be read is an io error in clear words', () => {
  test('when it has vanished', async () => {
    const root = makeTree({ 'a.py': '' });
    rmSync(join(root, 'a.py'));
    const result = await readSource(entry(root, 'a.py'));
    expect(result).toEqual({ path: 'a.py', kind: 'io', message: 'cannot read the file: it does not exist' });
    expect(isFileError(result)).toBe(true);
  });

  test('when it is a folder by now', async () => {
    const root = makeTree({ 'a.py/': '' });
    expect(await readSource(entry(root, 'a.py'))).toMatchObject({
      kind: 'io',
      message: 'cannot read the file: it is a folder',
    });
  });

  test('when a part of its path is a file by now', async () => {
    const root = makeTree({ 'a.py': '' });
    expect(await readSource(entry(root, 'a.py/b.py'))).toMatchObject({
      kind: 'io',
      message: expect.stringContaining('not a folder'),
    });
  });

  test('when it is a FIFO by now, without waiting for a writer', async ({ skip }) => {
    if (process.platform === 'win32') skip('there are no FIFOs');
    const root = makeTree();
    execFileSync('mkfifo', [join(root, 'a.py')]);
    expect(await readSource(entry(root, 'a.py'))).toMatchObject({
      kind: 'io',
      message: 'cannot read the file: it is not a regular file',
    });
  });

  test('when the permission is missing', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may read every file');
    const root = makeTree({ 'a.py': '' });
    chmodSync(join(root, 'a.py'), 0);
    expect(await readSource(entry(root, 'a.py'))).toMatchObject({
      kind: 'io',
      message: 'cannot read the file: permission denied',
    });
  });
});

test('a file that does not decode is an encoding error with its place', async () => {
  const root = makeTree({ 'a.py': Buffer.from('x = 1\ny = "\u00e9"', 'latin1') });
  const message = 'byte 0xe9 is not UTF-8, and the file declares no other encoding (PEP 263)';
  expect(await readSource(entry(root, 'a.py'))).toEqual({
    path: 'a.py',
    kind: 'encoding',
    message,
    line: 2,
    column: 6,
  });
});
