import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NEWLINE } from '../../src/syntax/token-kinds.ts';
import { isKeyword } from '../../src/syntax/token-places.ts';
import { type Tokens, tokensOf } from '../../src/syntax/tokens.ts';
import { findPython } from '../support/python.ts';

function read(text: string): Tokens {
  const tokens = tokensOf(text);
  if (tokens === undefined) throw new Error('does not read as Python');
  return tokens;
}

function words(text: string): readonly string[] {
  const tokens = read(text);
  return Array.from({ length: tokens.count }, (_, at) => tokens.word(at)).filter((word) => word !== '');
}

describe('tokens', () => {
  it('leaves out what stands in strings and comments', () => {
    expect(words("a = \"b\" + '''c\nd'''  # e\nrb\"f\"\ng\n")).toEqual(['a', 'g']);
  });

  it('reads what an f-string interpolates', () => {
    expect(words('f"a {b.c(d)} {{e}} {f:>{g}} {h!r}"\n')).toEqual(['b', 'c', 'd', 'f', 'g', 'h', 'r']);
    expect(words('rf"""a {\nb}"""\n')).toEqual(['b']);
  });

  it('ends a logical line outside brackets alone', () => {
    const tokens = read('a(\n  b,  # c\n)\nd = \\\n  e\n\n\n# f\ng');
    const ends = Array.from({ length: tokens.count }, (_, at) => tokens.kind(at)).filter((kind) => kind === NEWLINE);
    expect(ends).toHaveLength(4);
  });

  it('knows the bracket around each token, and its other half', () => {
    const tokens = read('a(b[c], {d: e})\n');
    const at = (word: string): number => {
      for (let place = 0; place < tokens.count; place++) if (tokens.word(place) === word) return place;
      throw new Error(`${word} is not there`);
    };
    const opens = (word: string): string => tokens.text.charAt(tokens.start(tokens.open(at(word))));
    expect([opens('b'), opens('c'), opens('d'), opens('e')]).toEqual(['(', '[', '{', '{']);
    expect(tokens.open(at('a'))).toBe(-1);
    expect(tokens.text.charAt(tokens.start(tokens.close(at('a') + 1)))).toBe(')');
  });

  it.each(['a)', '(a', "'a", '"""a', 'f"{a"', 'f"{(a}"'])('does not read %s', (text) => {
    expect(tokensOf(text)).toBeUndefined();
  });

  const python = findPython();

  it.skipIf(python === undefined)(
    'finds every name that CPython finds (skipped without Python 3)',
    { timeout: 60_000 },
    () => {
      const print = 'import sysconfig; print(sysconfig.get_path("stdlib"))';
      const folder = execFileSync(python?.command ?? '', ['-c', print], { encoding: 'utf8' }).trim();
      const names = readdirSync(folder).filter((name) => name.endsWith('.py'));
      const paths = names.filter((_, index) => index % 6 === 0).map((name) => join(folder, name));
      const program = [
        'import io, json, keyword, sys, tokenize',
        'for path in sys.argv[1:]:',
        '    text = open(path, encoding="utf-8", newline="").read()',
        '    found = tokenize.generate_tokens(io.StringIO(text, newline="").readline)',
        '    print(json.dumps([t.string for t in found if t.type == tokenize.NAME]))',
      ].join('\n');
      const lines = execFileSync(python?.command ?? '', ['-c', program, ...paths], { encoding: 'utf8' })
        .trim()
        .split('\n');
      for (const [index, path] of paths.entries()) {
        const known = JSON.parse(lines[index] ?? '[]') as readonly string[];
        // What f-strings interpolate is no name to older versions, and a format is one here.
        const text = readFileSync(path, 'utf8');
        if (/\bf["']/i.test(text)) expect(words(text)).toEqual(expect.arrayContaining([...new Set(known)]));
        else expect([path, words(text)]).toEqual([path, known]);
      }
    },
  );

  it('tells keywords that an expression may follow', () => {
    expect(['return', 'in', 'lines', 'None'].map(isKeyword)).toEqual([true, true, false, false]);
  });
});
