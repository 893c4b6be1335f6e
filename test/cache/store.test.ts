/** What is kept comes back whole or not at all, whatever was done to the folder. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { areUnchanged, fingerprints, hashOf } from '../../src/cache/fingerprint.ts';
import { Store } from '../../src/cache/store.ts';

const scratch = mkdtempSync(join(tmpdir(), 'pyleak-fix-cache-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function folder(): string {
  return join(mkdtempSync(join(scratch, 'project-')), '.pyleak-fix', 'cache');
}

describe('the store', () => {
  it('gives back what was put in, and nothing for another key', () => {
    const store = new Store(folder(), 'result', 4);
    const value = { list: [1, 'zwei'], map: new Map([['a', { b: undefined }]]) };
    store.put('k1', value);
    expect(store.get('k1')).toEqual(value);
    expect(store.get('k2')).toBeUndefined();
  });

  it('gives nothing back of what was damaged, wherever', () => {
    const where = folder();
    const store = new Store(where, 'result', 4);
    store.put('k', { text: 'x'.repeat(50) });
    const path = join(where, 'result-k.bin');
    const bytes = readFileSync(path);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, by, cut) => {
        const damaged = cut ? bytes.subarray(0, at) : Buffer.from(bytes);
        if (!cut) damaged[at] = ((damaged[at] ?? 0) + by) % 256;
        writeFileSync(path, damaged);
        expect(store.get('k')).toBeUndefined();
      }),
    );
    writeFileSync(path, bytes);
    expect(store.get('k')).toEqual({ text: 'x'.repeat(50) });
  });

  it('keeps those that were used last', () => {
    const where = folder();
    const store = new Store(where, 'result', 2);
    for (const [index, key] of ['a', 'b'].entries()) {
      store.put(key, key);
      utimesSync(join(where, `result-${key}.bin`), index, index);
    }
    expect(store.get('a')).toBe('a');
    store.put('c', 'c');
    expect([store.get('a'), store.get('b'), store.get('c')]).toEqual(['a', undefined, 'c']);
  });

  it('ignores itself in git, and leaves other files alone', () => {
    const where = folder();
    mkdirSync(where, { recursive: true });
    writeFileSync(join(where, 'files-x.bin'), 'of another kind');
    new Store(where, 'result', 1).put('k', 1);
    expect(readFileSync(join(where, '..', '.gitignore'), 'utf8')).toBe('*\n');
    expect(readdirSync(where).sort()).toEqual(['files-x.bin', 'result-k.bin']);
  });

  it('does without where it may not write, and keeps nothing that cannot be kept', () => {
    const where = folder();
    mkdirSync(join(where, '..'), { recursive: true });
    writeFileSync(where, 'a file where the folder should be');
    new Store(where, 'result', 1).put('k', 1);
    expect(new Store(where, 'result', 1).get('k')).toBeUndefined();
    const store = new Store(folder(), 'result', 1);
    store.put('f', () => undefined);
    expect(store.get('f')).toBeUndefined();
  });
});

describe('a fingerprint', () => {
  const file = join(scratch, 'a.py');
  const named = [{ path: 'a.py', realPath: file }];

  it('changes with the content, the path and what else counts', () => {
    writeFileSync(file, 'x = 1\n');
    const before = fingerprints(named);
    expect(hashOf(fingerprints(named), 'o')).toBe(hashOf(before, 'o'));
    expect(hashOf(before, 'other')).not.toBe(hashOf(before, 'o'));
    expect(hashOf(fingerprints([{ path: 'b.py', realPath: file }]), 'o')).not.toBe(hashOf(before, 'o'));
    writeFileSync(file, 'x = 2\n');
    expect(hashOf(fingerprints(named), 'o')).not.toBe(hashOf(before, 'o'));
  });

  it('tells what was written since, also with the same bytes, and what is gone', () => {
    writeFileSync(file, 'x = 1\n');
    const before = fingerprints(named);
    expect(areUnchanged(before)).toBe(true);
    writeFileSync(file, 'x = 1\n');
    utimesSync(file, 1, 1);
    expect(areUnchanged(before)).toBe(false);
    rmSync(file);
    expect(areUnchanged(before)).toBe(false);
    expect(fingerprints(named)[0]?.hash).toBeUndefined();
  });
});
