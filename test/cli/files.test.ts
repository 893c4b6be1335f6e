/** Files as they are: which are read, what is said of those that cannot be, and that nothing outside an edit changes by a byte. */
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, fixed, isInstalled, memo, project, pyleak, reportOf, run, shared } from '../support/cli.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('nothing outside an edit changes by a byte', () => {
  const crlf = (text: string) => text.replaceAll('\n', '\r\n');
  /** Each a file and what it becomes, as latin-1 text. The class has the name `X`, which is made another in every file. */
  const cases: Readonly<Record<string, readonly [before: string, after: string]>> = {
    bom: [`\xef\xbb\xbf${shared('X')}`, `\xef\xbb\xbf${fixed('X')}`],
    cookie: [`# coding: latin-1\n# \xe9\n${shared('X')}`, `# coding: latin-1\n# \xe9\n${fixed('X')}`],
    cp1252: [
      `#!python\n# vim: fileencoding=cp1252\n# \x80\n${shared('X')}`,
      `#!python\n# vim: fileencoding=cp1252\n# \x80\n${fixed('X')}`,
    ],
    crlf: [crlf(shared('X')), crlf(fixed('X'))],
    cr: [shared('X').replaceAll('\n', '\r'), fixed('X').replaceAll('\n', '\r')],
    mixed: [`import os\rimport sys\r\n${shared('X')}`, `import os\rimport sys\r\n${fixed('X')}`],
    tabs: [shared('X').replaceAll('    ', '\t'), fixed('X').replaceAll('    ', '\t')],
    formfeed: [`\f\nx = 1\n\f\n${shared('X')}\f`, `\f\nx = 1\n\f\n${fixed('X')}\f`],
    trailing: [`x = 1 \t\n${shared('X')}# end  `, `x = 1 \t\n${fixed('X')}# end  `],
    newline: [shared('X').trimEnd(), fixed('X').trimEnd()],
    long: [`x = "${'a'.repeat(1_000_000)}"\n${shared('X')}`, `x = "${'a'.repeat(1_000_000)}"\n${fixed('X')}`],
    python2: [`print "x"\n${shared('X')}`, `print "x"\n${fixed('X')}`],
  };
  const named = (index: 0 | 1) =>
    Object.fromEntries(
      Object.entries(cases).map(([name, pair]) => [
        `${name}.py`,
        latin1(pair[index].replace('class X', `class ${name.toUpperCase()}`)),
      ]),
    );

  it(`with ${Object.keys(cases).join(', ')}; and the report's edits give the same bytes`, async () => {
    const folder = project(named(0));
    const { files } = await reportOf(folder);
    await pyleak(folder, '--batch');
    const after = contents(folder);
    const expected = Object.entries(named(1)).map(([path, bytes]) => [path, bytes.toString('latin1')]);
    expect(after).toEqual({ ...Object.fromEntries(expected), 'pyproject.toml': '' });
    for (const { path, edits } of files) {
      const written = edits.toReversed().reduce((bytes, { startByte, endByte, text }) => {
        // None of these edits has a character beyond ASCII.
        return Buffer.concat([bytes.subarray(0, startByte), latin1(text), bytes.subarray(endByte)]);
      }, named(0)[path] ?? Buffer.alloc(0));
      expect([path, written.toString('latin1')]).toEqual([path, after[path]]);
    }
  });
});

describe('what cannot be handled is reported with its place and reason, and the rest goes on', () => {
  it('in one run', async () => {
    const folder = project({
      'bom-cookie.py': latin1(`\xef\xbb\xbf# coding: latin-1\n${shared('A')}`),
      'bytes.py': latin1(`# \xff\n${shared('B')}`),
      'cookie.py': `# coding: nonsense\n${shared('C')}`,
      'nul.py': `x = 1\n\0\n${shared('D')}`,
      'syntax.py': `${shared('E')}def f(:\n`,
      'utf16.py': Buffer.from(`\ufeff${shared('F')}`, 'utf16le'),
      'empty.py': '',
      'bom.py': latin1('\xef\xbb\xbf'),
      'folder.py/inner.py': shared('G'),
      'stub.pyi': shared('H'),
      'ok.py': shared('I'),
    });
    const before = contents(folder);
    const { errors, summary } = await reportOf(folder);
    expect(errors.map(({ path, kind, line, column }) => [path, kind, line, column])).toEqual([
      ['bom-cookie.py', 'encoding', 1, 11],
      ['bytes.py', 'encoding', 1, 3],
      ['cookie.py', 'encoding', 1, 11],
      ['nul.py', 'encoding', 2, 1],
      ['syntax.py', 'syntax', 6, 7],
      ['utf16.py', 'encoding', 1, 1],
    ]);
    expect(summary).toMatchObject({ files: 10, findings: 2, planned: 2 });
    const { status, stderr } = await pyleak(folder, '--batch');
    expect(status).toBe(2);
    expect(stderr).toContain('bytes.py:1:3: encoding: byte 0xff is not UTF-8');
    expect(contents(folder)).toEqual({ ...before, 'folder.py/inner.py': fixed('G'), 'ok.py': fixed('I') });
  });

  it('a file without write permission is left alone, reported, and status 2; the mode of the others is kept', async () => {
    const folder = project({ 'a.py': shared('A'), 'b.py': shared('B') });
    chmodSync(join(folder, 'a.py'), 0o444);
    chmodSync(join(folder, 'b.py'), 0o750);
    const { status, stderr } = await pyleak(folder, '--batch', '--exit-zero');
    expect(status).toBe(2);
    expect(stderr).toContain('a.py: io: the file has no write permission (mode 0444)\n');
    expect(contents(folder)).toMatchObject({ 'a.py': shared('A'), 'b.py': fixed('B') });
    expect(statSync(join(folder, 'b.py')).mode & 0o777).toBe(0o750);
  });

  it('a dry run shows nothing of a file without write permission, as the batch writes nothing to it', async () => {
    const folder = project({ 'a.py': shared('A'), 'b.py': shared('B'), 'm.py': memo('M') });
    for (const path of ['a.py', 'm.py']) chmodSync(join(folder, path), 0o444);
    const [text, dry, batch] = [await pyleak(folder), await reportOf(folder), await reportOf(folder, '--batch')];
    expect([text.status, text.stdout.toString().match(/^\+\+\+ .*/gm)]).toEqual([2, ['+++ b/b.py']]);
    const reason = 'the file has no write permission (mode 0444)';
    // Nothing would be written to m.py in any case, since its fix is unsafe.
    const errors = [{ path: 'a.py', kind: 'io', message: reason, line: null, column: null }];
    for (const report of [dry, batch]) {
      expect(report.errors).toEqual(errors);
      expect(report.findings[0]).toMatchObject({ path: 'a.py', status: 'skipped', reason });
      expect(report.findings[2]?.reason).toMatch(/^unsafe: /);
      expect(report.files).toMatchObject([{ path: 'b.py', findings: [report.findings[1]?.id] }]);
    }
    expect(batch.files).toEqual(dry.files);
  });

  it('a broken link that is met is a warning, one that is named an error; a FIFO is passed over', async () => {
    const folder = project({ 'a.py': 'x = 1\n' });
    symlinkSync('nowhere', join(folder, 'broken.py'));
    if (isInstalled('mkfifo')) run('mkfifo', ['pipe.py'], folder);
    expect(await pyleak(folder)).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^warning: broken\.py: broken link\n/),
    });
    expect(await pyleak(folder, 'broken.py')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^broken\.py: io: /),
    });
  });
});

describe('which files', () => {
  const paths = async (folder: string, ...argv: string[]) =>
    (await reportOf(folder, ...argv)).findings.map(({ path }) => path);

  it('a link to a file is read and its target written, inside the root only; each file is one file', async () => {
    const outside = project({ 'o.py': shared('Outside') });
    const folder = project({ 'a.py': shared('A') });
    symlinkSync('a.py', join(folder, 'link.py'));
    symlinkSync(join(outside, 'o.py'), join(folder, 'out.py'));
    mkdirSync(join(folder, 'sub'));
    symlinkSync('..', join(folder, 'sub', 'up'));
    expect(await paths(folder, '.', 'a.py', './link.py')).toHaveLength(2);
    const { status } = await pyleak(folder, '--batch');
    expect([status, readFileSync(join(folder, 'link.py'), 'utf8')]).toEqual([1, fixed('A')]);
    expect(contents(outside)['o.py']).toBe(shared('Outside'));
  });

  it('ignored and excluded ones are left out of a walk, and read when they are named unless --force-exclude', async () => {
    const names = ['a', 'venv/v', 'gen/g', 'gen/keep', 'x_pb2', 'sub/only', 'sub/deep/top'];
    const files = Object.fromEntries(names.map((name, index) => [`${name}.py`, shared(`C${index}`)]));
    const folder = project({ ...files, '.gitignore': 'gen/*\n!gen/keep.py\n', 'sub/.gitignore': '/top.py\nonly.py\n' });
    expect(await paths(folder)).toEqual(['a.py', 'gen/keep.py', 'sub/deep/top.py', 'x_pb2.py']);
    expect(await paths(folder, '--exclude', '*_pb2.py', '--exclude', '/sub')).toEqual(['a.py', 'gen/keep.py']);
    expect(await paths(folder, 'gen/g.py', 'venv', '--exclude', 'g.py')).toEqual(['gen/g.py', 'venv/v.py']);
    expect(await paths(folder, 'gen/g.py', 'a.py', '--exclude', 'g.py', '--force-exclude')).toEqual(['a.py']);
  });

  it('options come from the nearest pyproject.toml, or from --config; the command line wins', async () => {
    const folder = project({
      'a.py': shared('A'),
      'sub/m.py': memo('M'),
      'alt.toml': '[tool.pyleak-fix]\nunsafe = true\n',
    });
    writeFileSync(join(folder, 'pyproject.toml'), '[tool.pyleak-fix]\nexclude = ["a.py"]\nexit-zero = true\n');
    expect(await pyleak(join(folder, 'sub'))).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
    expect(await paths(folder)).toEqual(['sub/m.py']);
    expect(await paths(folder, '--exclude', 'sub')).toEqual(['a.py']);
    expect((await pyleak(folder, '--config', 'alt.toml')).stdout.toString().match(/^\+\+\+ .*/gm)).toHaveLength(2);
    writeFileSync(join(folder, 'pyproject.toml'), '[tool.pyleak-fix]\nselct = []\n');
    expect(await pyleak(folder)).toMatchObject({
      status: 2,
      stderr: 'error: pyproject.toml:2:1: unknown key selct; did you mean select?\n',
    });
  });
});
