/** A code base with many findings, step by step: the baseline, a limit of changes, rules left out by file, unused comments, the sums. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, fixed, memo, project, pyleak, reportOf, shared } from '../support/cli.ts';

/** The symbols that a run finds. */
const found = async (folder: string, ...argv: readonly string[]) =>
  (await reportOf(folder, ...argv)).findings.map(({ symbol }) => symbol);

describe('a baseline', () => {
  it.each<[string[], Record<string, string>, RegExp]>([
    [
      ['--baseline', 'none.json'],
      {},
      /^error: --baseline: cannot read .*none\.json: it does not exist; --write-baseline makes one\n$/,
    ],
    [
      ['--baseline', 'b.json'],
      { 'b.json': '{' },
      /^error: --baseline: .*b\.json is no baseline; --write-baseline writes it anew\n$/,
    ],
    [['--baseline', 'b.json'], { 'b.json': '[]' }, /^error: --baseline: .*b\.json is no baseline;/],
    [
      ['--baseline', 'b.json'],
      { 'b.json': '{"schemaVersion": 2, "findings": []}' },
      /^error: .* is of another version of pyleak-fix;/,
    ],
    [
      ['--baseline', 'b.json'],
      { 'b.json': '{"schemaVersion": 1, "findings": [{"path": 3}]}' },
      /^error: --baseline: finding 1 of .*b\.json is not one;/,
    ],
    [
      ['--write-baseline', 'no/b.json'],
      {},
      /^error: --write-baseline: cannot write .*no\/b\.json: its folder does not exist\n$/,
    ],
    [
      ['--write-baseline', 'b.json', '--batch'],
      {},
      /^error: --write-baseline records what is found and --batch changes it;.*\n$/,
    ],
    [['--write-baseline', ''], {}, /^error: --write-baseline needs a value\n$/],
  ])('%j with %j is a mistake', async (argv, files, line) => {
    const folder = project({ 'a.py': shared('A'), ...files });
    expect(await pyleak(folder, ...argv)).toMatchObject({
      status: 2,
      stdout: Buffer.alloc(0),
      stderr: expect.stringMatching(line),
    });
  });

  it('takes what is there as known: nothing is shown, nothing is fixed, status 0; what is new is', async () => {
    const folder = project({ 'a.py': shared('A'), 'sub/m.py': memo('M') });
    expect(await pyleak(folder, '--write-baseline', 'known.json')).toEqual({
      status: 0,
      stdout: Buffer.alloc(0),
      stderr: expect.stringMatching(/^All clear: no new findings.*\nWrote 2 findings to known\.json, as known\.\n$/),
    });
    const known = ['--baseline', 'known.json'];
    expect(await pyleak(folder, ...known)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('Known: 2 findings of known.json, left out.\n'),
    });
    writeFileSync(join(folder, 'new.py'), shared('New'));
    const dry = await pyleak(folder, ...known);
    expect(dry.stdout.toString()).toContain('+++ b/new.py\n');
    expect(dry.stdout.toString()).not.toContain('a.py');
    expect((await pyleak(folder, '--batch', ...known)).status).toBe(0);
    expect(contents(folder)).toMatchObject({ 'a.py': shared('A'), 'new.py': fixed('New'), 'sub/m.py': memo('M') });
  });

  it('knows them by content: lines may move and be indented anew, a second one like it is new', async () => {
    const folder = project({ 'a.py': `${shared('A')}\n\n${shared('A')}`, 'b.py': shared('B') });
    await pyleak(folder, '--write-baseline', 'known.json');
    const known = ['--baseline', 'known.json'];
    writeFileSync(join(folder, 'a.py'), `import os\r\n\r\n\r\n${shared('A')}\n# between\n\n${shared('A')}`);
    writeFileSync(join(folder, 'b.py'), shared('B').replace('items = []', 'items  =   []  # why'));
    expect(await found(folder, ...known)).toEqual([]);
    writeFileSync(join(folder, 'a.py'), `${shared('A')}\n\n${shared('A')}\n\n${shared('A')}`);
    expect(await found(folder, ...known)).toEqual(['A.items']);
    writeFileSync(join(folder, 'b.py'), shared('B').replace('[]', '[1]'));
    expect(await found(folder, ...known, 'b.py')).toEqual(['B.items']);
  });

  it('is the same from any folder, and by configuration, relative to it', async () => {
    const folder = project({
      'sub/a.py': shared('A'),
      'sub/deep/b.py': shared('B'),
      'pyproject.toml': '[tool.pyleak-fix]\nbaseline = "known.json"\n',
    });
    await pyleak(join(folder, 'sub'), '--write-baseline', '../known.json');
    expect(await found(folder)).toEqual([]);
    expect(await found(join(folder, 'sub/deep'))).toEqual([]);
    expect(JSON.parse(readFileSync(join(folder, 'known.json'), 'utf8'))).toMatchObject({
      schemaVersion: 1,
      findings: [
        { path: 'sub/a.py', rule: 'class-mutable-default', symbol: 'A.items' },
        { path: 'sub/deep/b.py', symbol: 'B.items' },
      ],
    });
  });

  it('names its stale entries: fixed, suppressed, or the file is gone; not those of what was not looked at', async () => {
    const names = ['fixed', 'ignored', 'gone', 'broken', 'elsewhere/x'];
    const folder = project(Object.fromEntries(names.map((name) => [`${name}.py`, shared(name.replace(/.*\//, ''))])));
    await pyleak(folder, '--write-baseline', 'known.json');
    writeFileSync(join(folder, 'fixed.py'), fixed('fixed'));
    writeFileSync(join(folder, 'ignored.py'), shared('ignored').replace('[]', '[]  # pyleak: ignore'));
    rmSync(join(folder, 'gone.py'));
    writeFileSync(join(folder, 'broken.py'), `${shared('broken')}def f(:\n`);
    renameSync(join(folder, 'elsewhere'), join(folder, 'other'));
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere/x.py'), 'x = 1\n');
    const { status, stderr } = await pyleak(
      folder,
      '--baseline',
      'known.json',
      '--exclude',
      'elsewhere',
      '--exclude',
      'other',
    );
    expect(status).toBe(2);
    expect(stderr.split('\n').filter((line) => line.startsWith('warning:'))).toEqual([
      'warning: known.json: stale: fixed.py: class-mutable-default fixed.items is found no more',
      'warning: known.json: stale: gone.py: class-mutable-default gone.items lay in a file that is gone',
      'warning: known.json: stale: ignored.py: class-mutable-default ignored.items is found no more',
    ]);
    expect(stderr).toContain('Stale entries of known.json: 3; --write-baseline known.json drops them.\n');
    const other = ['--baseline', 'known.json', '--select', 'strong-registry', '--exclude', 'broken.py'];
    expect((await pyleak(folder, ...other)).stderr.match(/stale:/g)).toHaveLength(1);
    await pyleak(folder, '--write-baseline', 'known.json');
    expect((await pyleak(folder, '--baseline', 'known.json')).stderr).not.toContain('stale');
  });
});

describe('--max-changes', () => {
  const files = { 'a.py': `${shared('A')}\n\n${shared('B')}`, 'b.py': memo('M'), 'c.py': shared('C') };

  it('stops there, in the dry run as in the batch; the next run goes on', async () => {
    const folder = project(files);
    const { stdout, stderr } = await pyleak(folder, '--max-changes', '1');
    expect(stderr).toContain('--max-changes 1 is reached');
    expect(stdout.toString().match(/^\+ {8}self\.items = \[\]$/gm)).toHaveLength(1);
    const { findings } = await reportOf(folder, '--max-changes', '2');
    expect(findings.map(({ symbol, status }) => [symbol, status])).toEqual([
      ['A.items', 'planned'],
      ['B.items', 'planned'],
      ['M.data', 'skipped'],
      ['C.items', 'skipped'],
    ]);
    expect(findings[2]?.reason).toMatch(/^unsafe: /);
    for (const left of ['Fixed 1 of 4', 'Fixed 1 of 3', 'Fixed 1 of 2', 'Fixed 0 of 1'])
      expect((await pyleak(folder, '--batch', '--max-changes', '1')).stderr).toContain(left);
    expect(contents(folder)).toMatchObject({ 'a.py': `${fixed('A')}\n\n${fixed('B')}`, 'c.py': fixed('C') });
  });

  it('may stand in the configuration', async () => {
    const folder = project({ ...files, 'pyproject.toml': '[tool.pyleak-fix]\nmax-changes = 1\n' });
    expect((await pyleak(folder, '--batch')).stderr).toContain('Fixed 1 of 4 findings.\n');
  });
});

it('a dry run is what a batch writes, also with all of these at once', async () => {
  const names = Array.from({ length: 6 }, (_, index) => `m${index}.py`);
  const folder = project(
    Object.fromEntries(names.map((name, index) => [name, `${shared(`A${index}`)}\n${memo(`M${index}`)}`])),
  );
  await pyleak(folder, '--write-baseline', 'known.json', 'm0.py');
  const ignores = ['--per-file-ignores', 'm1.py:class-mutable-default'];
  const options = ['--unsafe', '--baseline', 'known.json', ...ignores, '--max-changes', '5'];
  const [dry, batch] = [await reportOf(folder, ...options), await reportOf(folder, '--batch', ...options)];
  expect(dry.files.map(({ path, findings }) => [path, findings.length])).toEqual([
    ['m2.py', 2],
    ['m3.py', 2],
    ['m4.py', 1],
  ]);
  expect(batch.files).toEqual(dry.files);
  for (const { path, sha256After } of dry.files) {
    const bytes = readFileSync(join(folder, path));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256After);
  }
  const written = dry.files.map(({ path }) => path);
  expect(names.filter((name) => contents(folder)[name]?.includes('__init__'))).toEqual(written);
});

describe('per-file-ignores', () => {
  const files = {
    'tests/test_a.py': shared('A'),
    'shop/models/b.py': shared('B'),
    'shop/c.py': shared('C'),
  };
  const table = (lines: string) => ({ ...files, 'pyproject.toml': `[tool.pyleak-fix.per-file-ignores]\n${lines}\n` });

  it.each<[string, string[]]>([
    ['"tests/*" = ["class-mutable-default"]', ['C.items', 'B.items']],
    ['"models" = ["class-mutable-default"]', ['C.items', 'A.items']],
    ['"*.py" = ["strong-registry", "class-in-function"]', ['C.items', 'B.items', 'A.items']],
    ['"!shop/" = ["class-mutable-default"]', ['C.items', 'B.items']],
    ['"tests/" = ["class-mutable-default"]\n"c.py" = ["class-mutable-default"]', ['B.items']],
  ])('%s leaves %j', async (lines, left) => {
    const folder = project(table(lines));
    expect(await found(folder)).toEqual(left);
    // Relative to the configuration, from wherever the program runs.
    expect((await found(join(folder, 'shop'), '..')).sort()).toEqual([...left].sort());
  });

  it('on the command line takes the place of the table', async () => {
    const folder = project(table('"*" = ["class-mutable-default"]'));
    expect(await found(folder, '--per-file-ignores', 'shop/:class-mutable-default,strong-registry')).toEqual([
      'A.items',
    ]);
  });

  it.each<[string, string]>([
    [
      '"tests/*" = ["class-mutable-defaul"]',
      'pyproject.toml:2:14: unknown rule "class-mutable-defaul"; did you mean class-mutable-default?',
    ],
    [
      '"tests/*" = "class-mutable-default"',
      'pyproject.toml:2:1: per-file-ignores must be a table of "GLOB" = ["RULE", ..]',
    ],
    ['"tests/*" = [1]', 'pyproject.toml:2:14: per-file-ignores must be a table of "GLOB" = ["RULE", ..], none empty'],
    [
      'tests.x = ["class-mutable-default"]',
      'pyproject.toml:2:1: per-file-ignores must be a table of "GLOB" = ["RULE", ..]',
    ],
  ])('%s is a mistake', async (lines, message) => {
    expect(await pyleak(project(table(lines)))).toMatchObject({ status: 2, stderr: `error: ${message}\n` });
  });

  it.each(['shop', 'shop:', ':class-mutable-default', 'shop:a,,b'])(
    '--per-file-ignores %s is a mistake',
    async (value) => {
      expect(await pyleak(project(files), '--per-file-ignores', value)).toMatchObject({
        status: 2,
        stderr: `error: --per-file-ignores: "${value}" is not of the form GLOB:RULE,..\n`,
      });
    },
  );
});

describe('suppression comments', () => {
  const marked = (name: string, comment: string) => shared(name).replace('items = []', `items = []  ${comment}`);
  const files = {
    'used.py': marked('A', '# pyleak: ignore -- shared on purpose, see [1]'),
    'rule.py': marked('B', '# pyleak: ignore[class-mutable-default] -- as above'),
    'file.py': `# pyleak: ignore-file -- generated\n${shared('C')}`,
    'fine.py': 'x = 1  # pyleak: ignore\n',
    'half.py': marked('D', '# pyleak: ignore[strong-registry, class-mutable-default]'),
    'clean.py': '"""A module."""\n# pyleak: ignore-file\nx = 1\n',
    'low.py': `${'\n'.repeat(12)}# pyleak: ignore-file\n${shared('E')}`,
    'string.py': 'x = "# pyleak: ignore"\n',
    'broken.py': `${marked('F', '# pyleak: ignore')}def f(:\n`,
  };

  it('may have a reason behind --; those of no use are named on request, and status 1', async () => {
    const folder = project(files);
    expect((await pyleak(folder, '--exclude', 'broken.py', '--exclude', 'low.py')).status).toBe(0);
    const { status, stderr } = await pyleak(
      folder,
      '--report-unused-ignores',
      '--exclude',
      'broken.py',
      '--exclude',
      'low.py',
    );
    expect(status).toBe(1);
    expect(stderr.split('\n').filter((line) => line.startsWith('warning'))).toEqual([
      'warning: clean.py:2:1: unused `ignore-file`: nothing is found in this file',
      'warning: fine.py:1:8: unused `ignore`: nothing is found on this line',
      'warning: half.py:2:17: unused `ignore`: nothing is found on this line by strong-registry',
    ]);
    const more = await pyleak(folder, '--report-unused-ignores', '--exit-zero');
    expect(more.status).toBe(2);
    expect(more.stderr).toContain(
      'warning: low.py:13:1: unused `ignore-file`: it has to stand in the first ten lines\n',
    );
    expect(more.stderr).not.toContain('warning: broken.py');
  });

  it('of rules that are not run are neither unused nor unknown', async () => {
    const folder = project({
      'a.py': marked('A', '# pyleak: ignore[class-mutable-default]'),
      'b.py': marked('B', '# pyleak: ignore'),
    });
    const { status, stderr } = await pyleak(folder, '--select', 'strong-registry', '--report-unused-ignores');
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('warning')]);
  });

  it('the request may stand in the configuration', async () => {
    const folder = project({
      'a.py': 'x = 1  # pyleak: ignore\n',
      'pyproject.toml': '[tool.pyleak-fix]\nreport-unused-ignores = true\n',
    });
    expect((await pyleak(folder)).status).toBe(1);
    expect((await pyleak(folder, '--no-report-unused-ignores')).status).toBe(0);
  });
});

describe('the sums at the end', () => {
  it('are told by rule and by folder where there are several', async () => {
    const folder = project({
      'a.py': shared('A'),
      'shop/b.py': `${shared('B')}\n\n${memo('M')}`,
      'shop/c.py':
        'def f(x):\n    class Point:\n        def __init__(self, x):\n            self.x = x\n\n    return Point(x)\n',
    });
    const { stderr } = await pyleak(folder, '--batch');
    expect(stderr).toMatch(
      /\nFixed \d of 4 findings\.\n {2}rule +fixed +left\n {2}class-mutable-default +2 +1\n {2}class-in-function +\d +\d\n {2}folder +fixed +left\n {2}shop +\d +\d\n {2}\. +1 +0\n/,
    );
  });

  it('name the folders with the most findings and count the others together', async () => {
    const files = Array.from({ length: 20 }, (_, index) => [`f${index}/a.py`, shared(`A${index}`)]);
    const { stderr } = await pyleak(project({ ...Object.fromEntries(files), 'f3/b.py': shared('B') }));
    expect(stderr).toMatch(/\n {2}folder +would fix +left\n {2}f3 +2 +0\n/);
    expect(stderr).toMatch(/\n {2}\(6 more folders\) +6 +0\n/);
  });
});
