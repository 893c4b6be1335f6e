/** Which file an import means, told from where the files lie. That CPython finds the same is tried on a real tree of folders. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { absoluteName } from '../../src/model/module-name.ts';
import { ModuleIndex } from '../../src/project/modules.ts';
import { findPython } from '../support/python.ts';

const ROOT = '/p';
const index = (...files: readonly string[]) =>
  new ModuleIndex(
    files.map((file) => `${ROOT}/${file}`),
    [ROOT],
  );

describe('a file is called', () => {
  it.each([
    ['by its packages, from the first folder that is none', 'src/shop/cart.py', 'shop.cart'],
    ['like its folder, where it is an __init__.py', 'src/shop/__init__.py', 'shop'],
    ['by its own name, where no package is around it', 'tool.py', 'tool'],
    ['from the root on, in a package without __init__.py', 'plugins/audio/wav.py', 'plugins.audio.wav'],
    ['without the folder that only holds sources, there too', 'src/space/mod.py', 'space.mod'],
  ])('%s', (_, file, name) => {
    const files = ['src/shop/__init__.py', 'src/shop/cart.py', 'tool.py', 'plugins/audio/wav.py', 'src/space/mod.py'];
    expect(index(...files).nameOf(`${ROOT}/${file}`).name).toBe(name);
  });
});

describe('an import means', () => {
  const layout = [
    'a/__init__.py',
    'a/b.py',
    'a/c/__init__.py',
    'a/c/d.py',
    'b.py',
    'scripts/run.py',
    'scripts/util.py',
  ];
  it.each([
    ['a module of a package', 'a.b', 'b.py', 'a/b.py'],
    ['a package', 'a.c', 'b.py', 'a/c/__init__.py'],
    ['the top-level module, not the one inside a package', 'b', 'scripts/run.py', 'b.py'],
    ['the neighbour of a script', 'util', 'scripts/run.py', 'scripts/util.py'],
    ['none of the project', 'os.path', 'b.py', undefined],
  ])('%s', (_, name, importer, expected) => {
    const found = index(...layout).find(name, `${ROOT}/${importer}`);
    expect(found).toBe(expected === undefined ? undefined : `${ROOT}/${expected}`);
  });

  it('the one below the same root, where two folders hold packages of one name', () => {
    const two = index('x/p/__init__.py', 'x/p/m.py', 'x/p/n.py', 'y/p/__init__.py', 'y/p/m.py');
    expect(two.find('p.m', `${ROOT}/x/p/n.py`)).toBe(`${ROOT}/x/p/m.py`);
  });

  it('what cannot be told, where neither is nearer', () => {
    const two = index('x/p/__init__.py', 'x/p/m.py', 'y/p/__init__.py', 'y/p/m.py', 'z/q/__init__.py', 'z/q/n.py');
    expect(two.find('p.m', `${ROOT}/z/q/n.py`)).toBe('ambiguous');
  });

  it.each([
    ['.', 'a/b.py', 'a'],
    ['.c', 'a/b.py', 'a.c'],
    ['..b', 'a/c/d.py', 'a.b'],
    ['.d', 'a/c/__init__.py', 'a.c.d'],
    ['...x', 'a/b.py', undefined],
  ])('for the relative %s in %s the module %s', (relative, importer, expected) => {
    expect(absoluteName(relative, index(...layout).nameOf(`${ROOT}/${importer}`))).toBe(expected);
  });
});

const python = findPython();
const folder = mkdtempSync(join(tmpdir(), 'pyleak-modules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('CPython', () => {
  it.skipIf(python === undefined)('finds the same files (skipped where python3 is not installed)', () => {
    const files = ['src/shop/__init__.py', 'src/shop/cart.py', 'src/shop/tax/__init__.py', 'src/shop/tax/rates.py'];
    files.push('src/space/deep/mod.py', 'src/single.py');
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
    const names = ['shop', 'shop.cart', 'shop.tax', 'shop.tax.rates', 'space.deep.mod', 'single', 'shop.missing'];
    const program = `
import importlib.util, json, sys
def origin(name):
    try:
        return getattr(importlib.util.find_spec(name), "origin", None)
    except ModuleNotFoundError:
        return None
sys.path.insert(0, sys.argv[1])
json.dump([origin(name) for name in json.load(sys.stdin)], sys.stdout)
`;
    const { stdout } = spawnSync(python?.command ?? '', ['-c', program, join(folder, 'src')], {
      input: JSON.stringify(names),
      encoding: 'utf8',
    });
    const modules = new ModuleIndex(
      files.map((file) => join(folder, file)),
      [folder],
    );
    const importer = join(folder, 'src/single.py');
    expect(names.map((name) => modules.find(name, importer) ?? null)).toEqual(JSON.parse(stdout));
  });
});
