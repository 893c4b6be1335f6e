import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findPythons } from '../../scripts/corpus/pythons.ts';
import { contents, memo, project, run } from '../support/cli.ts';
import { proofOf, prove, summed } from '../support/proof.ts';
import { findPython } from '../support/python.ts';

const data = fileURLToPath(new URL('../data/proof/', import.meta.url));
const python = findPython()?.command ?? '';
const ALL_RULES = 'class-mutable-default,strong-registry,class-in-function,class-attribute-assignment,parent-pointer';

/** A class that collects lines; `main` is the program that uses it. */
const SHOP = 'class Basket:\n    lines = []\n\n    def add(self, line):\n        self.lines.append(line)\n';
const FILL = 'from shop import Basket\nfor number in range(30):\n    Basket().add(number)\n';
const shop = (main: string) => project({ 'shop.py': SHOP, 'main.py': main });

/** The files of a case in `test/data/proof`. */
function filesOf(name: string): Record<string, string> {
  const folder = join(data, name);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

describe.runIf(python !== '')('what is held before the fixes and after', () => {
  it('on a tree library, a descriptor, a class in a function and an attribute bound through self.__class__', async () => {
    const cases = ['class-attribute', 'descriptor', 'local-class', 'tree'];
    const files = cases.flatMap((name) =>
      Object.entries(filesOf(name)).map(([path, text]) => [`${name}/${path}`, text]),
    );
    const line = cases.map((name) => `${python} ${name}/main.py`).join(' && ');
    const argv = ['--select', ALL_RULES, '--', 'sh', '-c', line];
    const proof = await proofOf(project(Object.fromEntries(files) as Record<string, string>), argv);
    expect(proof.findings.map(summed)).toEqual([
      'Probe.link: 1 -> 0, confirmed',
      'Bounded._seen: 150 -> 1, confirmed',
      'render.<locals>.Cell: 200 -> 0, confirmed',
      'Node.parent: 700 -> 0, confirmed',
    ]);
    expect(proof.findings.map(({ before: { made, alive, collected } }) => [made, alive, collected])).toEqual([
      [50, 0, 0],
      [1, 1, 0],
      [200, 0, 200],
      [700, 0, 700],
    ]);
    expect([proof.output, proof.before.status, proof.after?.status]).toEqual(['same', 0, 0]);
  });

  it('in every Python that can be measured', async () => {
    const pythons = findPythons().filter(({ version: [major = 0, minor = 0] }) => major === 3 && minor >= 8);
    expect(pythons.length).toBeGreaterThan(0);
    const line = pythons.map(({ executable }) => `'${executable}' main.py`).join(' && ');
    const folder = project({
      ...filesOf('local-class'),
      'shop.py': SHOP,
      'main.py': `${FILL}import table\ntable.render([1])\n`,
    });
    const proof = await proofOf(folder, ['--', 'sh', '-c', line]);
    const count = pythons.length;
    expect(proof.before).toMatchObject({ status: 0, processes: count, killed: 0 });
    expect(proof.findings.map(summed)).toEqual([
      `Basket.lines: ${30 * count} -> 0, confirmed`,
      `render.<locals>.Cell: ${count} -> 0, confirmed`,
    ]);
  });

  it('in threads, coroutines and children, whichever way they are started and end', async () => {
    const folder = project({ 'shop.py': SHOP, 'ends.py': readFileSync(join(data, 'ends.py'), 'utf8') });
    const proof = await proofOf(folder, ['--', python, 'ends.py']);
    // Each way has a bit of its own.
    expect(proof.findings.map(summed)).toEqual(['Basket.lines: 255 -> 0, confirmed']);
    expect(proof.before).toMatchObject({ status: 5, signal: null, killed: 0 });
    expect(proof.output).toBe('same');
  });

  it('with the peak of memory where it is asked for', async () => {
    const folder = shop(`${FILL}Basket().add(bytearray(10_000_000))\n`);
    const proof = await proofOf(folder, ['--trace-memory', '--', python, 'main.py']);
    expect(proof.before.peakBytes).toBeGreaterThan(10_000_000);
  });
});

describe.runIf(python !== '')('a verdict', () => {
  it('in the table, with the place of each finding, and an exit status', async () => {
    const folder = project({ 'shop.py': SHOP, 'memo.py': memo('Memo'), 'main.py': FILL });
    const { status, stdout, stderr } = await prove(folder, ['--', python, 'main.py']);
    expect(status).toBe(1);
    expect(stdout.replace(/in [\d.]+ s/g, 'in 0.1 s')).toBe(
      [
        'finding       what is held  before  after  verdict',
        'Memo.data     objects            0      0  not reached',
        '  memo.py:2: the command makes no use of it',
        'Basket.lines  entries           30      0  confirmed',
        '  shop.py:2',
        '',
        'Before: exit status 0 in 0.1 s, 1 Python process measured',
        'After:  exit status 0 in 0.1 s, 1 Python process measured',
        'Output: the same',
        '',
        'Confirmed 1 of 2 findings.',
        '',
      ].join('\n'),
    );
    expect(stderr).toContain(`Running over a copy of the project: ${python} main.py\n`);
    expect((await prove(folder, ['shop.py', '-q', '--', python, 'main.py'])).status).toBe(0);
  });

  it('says where the outputs part, which the leak may have made wrong', async () => {
    const folder = shop(
      'from shop import Basket\nfor word in "ab":\n    one = Basket()\n    one.add(word)\n    print(one.lines)\n',
    );
    const proof = await proofOf(folder, ['--', python, 'main.py']);
    expect(proof.output).toBe('different');
    expect(proof.difference).toEqual({ line: 2, before: "['a', 'b']", after: "['b']" });
    expect(proof.findings.map(summed)).toEqual(['Basket.lines: 2 -> 0, confirmed']);
  });

  it('is that of a command that ends otherwise', async () => {
    const folder = shop(`${FILL}assert len(Basket.lines) == 30\n`);
    const { stdout, stderr, status } = await prove(folder, ['--', python, 'main.py']);
    expect(status).toBe(1);
    expect(stdout).toContain(
      'made worse\n  shop.py:2: with the fixes the command ended otherwise: exit status 1, not exit status 0\n',
    );
    expect(stderr).toContain('AttributeError');
  });

  it('is not given on code that is not the copy', async () => {
    const folder = project({
      'shop.py': SHOP,
      'main.py': `import os, sys\nsys.path.insert(0, os.environ["HERE"])\n${FILL}`,
    });
    const proof = await proofOf(folder, ['--', python, 'main.py'], { HERE: folder });
    expect(proof.findings.map(({ verdict }) => verdict)).toEqual(['not-measured']);
  });
});

describe.runIf(python !== '')('the copy', () => {
  it('is what PYTHONPATH and a sitecustomize of the user lead to', async () => {
    const site = 'import sys\nprint("mine", "json" in sys.modules)\n';
    const folder = project({ 'src/shop.py': SHOP, 'main.py': FILL, 'site/sitecustomize.py': site });
    const path = `${join(folder, 'src')}:${join(folder, 'site')}`;
    const proof = await proofOf(folder, ['--', python, 'main.py'], { PYTHONPATH: path });
    expect(proof.findings.map(summed)).toEqual(['Basket.lines: 30 -> 0, confirmed']);
    expect(proof.before.stdout.bytes).toBe('mine False\n'.length);
  });

  it('is what an editable install in a virtual environment of the project leads to', async () => {
    const folder = project({ 'src/shop.py': SHOP, 'main.py': FILL });
    run(python, ['-m', 'venv', '--without-pip', '.venv'], folder);
    const [library = ''] = readdirSync(join(folder, '.venv/lib'));
    const installed = join(folder, '.venv/lib', library, 'site-packages/shop.pth');
    writeFileSync(installed, `${join(folder, 'src')}\n`);
    const proof = await proofOf(folder, ['src', '--', '.venv/bin/python', 'main.py']);
    expect(proof.findings.map(summed)).toEqual(['Basket.lines: 30 -> 0, confirmed']);
  });

  it('keeps the project as it is, whatever the command does', async () => {
    const folder = shop(`${FILL}import os, shutil\nopen("new.txt", "w").close()\nshutil.rmtree(os.getcwd())\n`);
    const before = contents(folder);
    const { status, left } = await prove(folder, ['--', python, 'main.py']);
    expect([status, left]).toEqual([0, []]);
    expect(contents(folder)).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(['main.py', 'pyproject.toml', 'shop.py']);
  });
});

it('nothing that is found is nothing to prove', async () => {
  const { status, stdout, stderr } = await prove(project({ 'a.py': 'x = 1\n' }), ['--', 'no-such-program']);
  expect([status, stdout, stderr]).toEqual([0, '', 'Nothing was found, so there is nothing to prove.\n']);
});
