/** What is known to parse is not parsed again, and nothing else is taken for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParsingResults } from '../../src/cache/parsing-results.ts';
import { Store } from '../../src/cache/store.ts';

let folder: string;
let parsed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parsing-results-'));
  parsed = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function results(build = 'one'): ParsingResults {
  return new ParsingResults(new Store(folder, 'parsing', 1), build, (text) => {
    parsed.push(text);
    return !text.includes('=  =');
  });
}

const sound = { text: 'x = 1\n', sha256After: 'aa' };
const broken = { text: 'x =  = 1\n', sha256After: 'bb' };

describe('results that parse', () => {
  it('are not parsed by the next run', () => {
    const first = results();
    expect(first.parses(sound)).toBe(true);
    first.keep();
    const second = results();
    expect(second.parses(sound)).toBe(true);
    expect(parsed).toEqual([sound.text]);
  });

  it('are told by their bytes alone: another text is parsed', () => {
    const first = results();
    first.parses(sound);
    first.keep();
    expect(results().parses({ ...broken, sha256After: 'cc' })).toBe(false);
  });

  it('and not those that do not', () => {
    const first = results();
    expect(first.parses(broken)).toBe(false);
    first.keep();
    expect(results().parses(broken)).toBe(false);
    expect(parsed).toEqual([broken.text, broken.text]);
  });

  it('are parsed again by another build', () => {
    const first = results();
    first.parses(sound);
    first.keep();
    results('two').parses(sound);
    expect(parsed).toEqual([sound.text, sound.text]);
  });

  it('stay known when a run asks for others', () => {
    for (const digest of ['aa', 'bb']) {
      const run = results();
      run.parses({ text: digest, sha256After: digest });
      run.keep();
    }
    const last = results();
    last.parses({ text: 'aa', sha256After: 'aa' });
    last.parses({ text: 'bb', sha256After: 'bb' });
    expect(parsed).toEqual(['aa', 'bb']);
  });
});
