/** The JSON report as scripts read it, what other files of the project say about a fix, and suppression comments. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, fixed, memo, project, pyleak, pyleakOn, reportOf, shared } from '../support/cli.ts';

describe('the JSON report', () => {
  it('has lines and columns from 1 in characters, bytes from 0 in the file, the byte order mark included', async () => {
    const source = `\ufeffs = "😀"\r\nclass A:  # é\r\n    y = "😀é"; items = ["😀"]\r\n    def add(self): s = "😀"; self.items.append(1)\r\n`;
    const { findings } = await reportOf(project({ 'a.py': source }));
    const [{ start, end, evidence } = { start: undefined, end: undefined, evidence: [] }] = findings;
    const byte = Buffer.from(source).indexOf('items = ');
    expect(start).toEqual({ line: 3, column: 15, byte });
    expect(end).toEqual({ line: 3, column: 28, byte: byte + Buffer.byteLength('items = ["😀"]') });
    expect(evidence).toMatchObject([{ path: 'a.py', line: 4, column: 29 }]);
  });

  it('is sorted by path, then position, and its counts add up', async () => {
    const folder = project({ 'b.py': `${shared('B')}${shared('C')}`, 'a.py': memo('M'), 'z.py': 'x = (\n' });
    const { findings, files, errors, summary } = await reportOf(folder);
    const places = findings.map(({ path, start, status }) => [path, start.line, status]);
    expect(places).toEqual([
      ['a.py', 2, 'skipped'],
      ['b.py', 2, 'planned'],
      ['b.py', 7, 'planned'],
    ]);
    expect(summary).toMatchObject({ files: 3, findings: 3, planned: 2, applied: 0, skipped: 1 });
    expect(files).toMatchObject([{ path: 'b.py', findings: [findings[1]?.id, findings[2]?.id] }]);
    expect(errors).toEqual([]);
    for (const { status, reason } of findings) expect(reason === undefined).toBe(status === 'planned');
  });

  it('of a batch tells what was applied, at the places from before the write and under the ids of the dry run', async () => {
    const folder = project({ 'a.py': shared('A'), 'm.py': memo('M') });
    const dry = await reportOf(folder);
    const batch = await reportOf(folder, '--batch');
    expect(batch.mode).toBe('batch');
    expect(batch.findings.map(({ status }) => status)).toEqual(['applied', 'skipped']);
    expect(batch.files).toEqual(dry.files);
    const places = ({ findings }: typeof dry) => findings.map(({ id, start, end }) => ({ id, start, end }));
    expect(places(batch)).toEqual(places(dry));
    expect(batch.summary).toMatchObject({ findings: 2, planned: 0, applied: 1, skipped: 1 });
  });

  it('of standard input lists what is written to standard output', async () => {
    for (const mode of ['--dry-run', '--batch']) {
      const { stdout } = await pyleakOn(shared('A'), project({}), '-', mode, '--format', 'json');
      const { files, findings } = JSON.parse(stdout.toString());
      expect(files).toMatchObject([{ path: '-', findings: [findings[0].id] }]);
    }
  });

  it('has ids that stay when unrelated lines are added above, however the file is named', async () => {
    const folder = project({ 'a.py': `${shared('A')}\n\n${shared('A')}` });
    const ids = async (path: string) => (await reportOf(folder, path)).findings.map(({ id }) => id);
    const before = await ids('.');
    expect(new Set(before).size).toBe(2);
    expect(await ids('./a.py')).toEqual(before);
    writeFileSync(join(folder, 'a.py'), `import os\r\n\r\n${shared('A')}\n\n${shared('A')}`);
    expect(await ids('a.py')).toEqual(before);
  });
});

describe('evidence outside the named paths', () => {
  it('keeps a fix from being safe: another file of the project says `Basket.items`', async () => {
    const files = {
      'shop/basket.py': shared('Basket'),
      'tools/clear.py': 'from shop.basket import *\nBasket.items.clear()\n',
    };
    const folder = project(files);
    for (const [cwd, path] of [
      [folder, 'shop/basket.py'],
      [join(folder, 'shop'), '.'],
      [join(folder, 'tools'), '../shop'],
    ] as const) {
      const { findings } = await reportOf(cwd, path, '--exclude', 'tools');
      expect(findings).toMatchObject([
        { status: 'skipped', fixes: [{ applicability: 'unsafe' }, { strategy: 'local' }] },
      ]);
    }
  });

  it('also in a file that git ignores', async () => {
    const folder = project({
      'a.py': shared('Basket'),
      'local.py': 'from a import Basket\n\nBasket.items.clear()\n',
      '.gitignore': 'local.py\n',
    });
    expect((await reportOf(folder)).findings).toMatchObject([{ path: 'a.py', status: 'skipped' }]);
  });

  it('where there is no project, in the files beside the named one, or in its package', async () => {
    const folder = project({
      'a.py': shared('Basket'),
      'b.py': 'from a import Basket\n\nBasket.items.clear()\n',
      'shop/__init__.py': '',
      'shop/cart.py': shared('Cart'),
      'shop/tools/__init__.py': '',
      'shop/tools/clear.py': 'from ..cart import Cart\n\nCart.items.clear()\n',
    });
    rmSync(join(folder, 'pyproject.toml'));
    for (const path of ['a.py', 'shop/cart.py'])
      expect((await reportOf(folder, path)).findings).toMatchObject([{ path, status: 'skipped' }]);
  });

  it.each([
    [
      'fetched from a module that only running the program tells',
      'import importlib\n\nmod = importlib.import_module("a")\nmod.Basket.items.clear()\n',
    ],
    ['fetched there by its name', 'import importlib\n\nprint(getattr(importlib.import_module("a"), "Basket"))\n'],
    ['named in a string that is run', 'exec("import a; a.Basket.items.clear()")\n'],
  ])('or the class is %s', async (_, text) => {
    const folder = project({ 'a.py': shared('Basket'), 'b.py': text });
    expect((await reportOf(folder, 'a.py')).findings).toMatchObject([{ status: 'skipped' }]);
  });

  it('is read, never written', async () => {
    const folder = project({ 'a.py': shared('A'), 'b.py': shared('B') });
    expect((await pyleak(folder, '--batch', 'a.py')).status).toBe(0);
    expect(contents(folder)).toMatchObject({ 'a.py': fixed('A'), 'b.py': shared('B') });
  });
});

describe('suppression', () => {
  const marked = (name: string, comment: string) => shared(name).replace('items = []', `items = []  ${comment}`);

  it('is a comment on the first line of the finding, also after another one, with and without rules', async () => {
    const folder = project({
      'all.py': marked('A', '# pyleak: ignore'),
      'after.py': marked('B', '# noqa: RUF012  # pyleak: ignore'),
      'rule.py': marked('C', '# pyleak: ignore[class-mutable-default]'),
      'rules.py': marked('D', '# pyleak: ignore[class-mutable-default, class-mutable-default]'),
      'open.py': shared('E').replace('[]', '[  # pyleak: ignore\n    ]'),
      'cr.py': marked('F', '# pyleak: ignore').replaceAll('\n', '\r'),
      'file.py': `#!/usr/bin/env python\n# pyleak: ignore-file\n${shared('G')}`,
    });
    expect(await pyleak(folder)).toMatchObject({ status: 0, stderr: expect.stringMatching(/^All clear/) });
  });

  it('is none on another line or in a string, and a mistake in it is a warning', async () => {
    const folder = project({
      'above.py': shared('A').replace('    items', '    # pyleak: ignore\n    items'),
      'last.py': shared('B').replace('[]', '[\n    ]  # pyleak: ignore'),
      'string.py': shared('C').replace('[]', '["# pyleak: ignore"]'),
      'word.py': marked('D', '# pyleak: ignored'),
      'bracket.py': marked('E', '# pyleak: ignore[class-mutable-default'),
      'rule.py': marked('F', '# pyleak: ignore[class-mutable-default, no-such-rule]'),
      'below.py': `${'\n'.repeat(30)}# pyleak: ignore-file\n${shared('G')}`,
    });
    const { stderr } = await pyleak(folder);
    expect(stderr.split('\n').slice(0, -1)).toEqual([
      'warning: bracket.py:2:17: the bracket is not closed; nothing is suppressed',
      'warning: rule.py:2:17: unknown rule `no-such-rule`; nothing is suppressed',
      'Would fix 7 of 7 findings.',
    ]);
  });
});
