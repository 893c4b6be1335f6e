import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/configuration.ts';
import { readSettings } from '../../src/config/pyproject.ts';
import { UserError } from '../../src/core/errors.ts';

const read = (text: string | Buffer) => readSettings(Buffer.from(text), 'pyproject.toml', '/project');

function mistake(text: string | Buffer): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error(`accepted: ${text.toString()}`);
}

const full = `
[project]
name = "shop"

[tool.pyleak-fix]
select = ["class-mutable-default"]
ignore = []
unsafe = true
format = "json"
exclude = ["migrations/", "*_pb2.py"]
jobs = 4
exit-zero = true
quiet = false
force-exclude = true
no-color = true
declarative-bases = ["shop.db.Document"]

[tool.pyleak-fix.strategy]
class-mutable-default = "local"
`;

describe('the table', () => {
  it('holds the options under their names', () => {
    expect(read(full)).toEqual({
      select: [{ value: 'class-mutable-default', where: 'pyproject.toml:6:11' }],
      ignore: [],
      strategy: [{ value: 'class-mutable-default=local', where: 'pyproject.toml:19:1' }],
      declarativeBases: [{ value: 'shop.db.Document', where: 'pyproject.toml:16:22' }],
      exclude: [
        { pattern: 'migrations/', base: '/project' },
        { pattern: '*_pb2.py', base: '/project' },
      ],
      format: { value: 'json', where: 'pyproject.toml:9:10' },
      jobs: { value: '4', where: 'pyproject.toml:11:8' },
      unsafe: true,
      exitZero: true,
      quiet: false,
      forceExclude: true,
      color: false,
    });
  });

  it.each([
    '[tool.pyleak-fix]\nunsafe = true',
    '[tool]\npyleak-fix.unsafe = true',
    '[tool]\npyleak-fix = {unsafe = true}',
    'tool.pyleak-fix.unsafe = true',
    'tool = {pyleak-fix = {unsafe = true}}',
    '["tool".\'pyleak-fix\']\n"unsafe" = true',
  ])('is read however it is spelled: %j', (text) => {
    expect(read(text).unsafe).toBe(true);
  });

  it.each([
    '[tool.pyleak-fix.strategy]\nrule = "init"',
    '[tool.pyleak-fix]\nstrategy = {rule = "init"}',
    '[tool.pyleak-fix]\nstrategy.rule = "init"',
    '[tool.pyleak-fix]\nstrategy = ["rule=init"]',
  ])('strategies are a table or a list: %j', (text) => {
    expect(read(text).strategy?.map(({ value }) => value)).toEqual(['rule=init']);
  });

  it('jobs may be auto', () => {
    expect(read('tool.pyleak-fix.jobs = "auto"').jobs?.value).toBe('auto');
  });

  it.each([
    '',
    '[tool.ruff]\nselect = 3',
    '[tool.pyleak-fix]',
    '[[tool.mypy.overrides]]\nquiet = 1',
    '\r\n[a]\r\nb = 1\r\n',
  ])('that is absent or empty asks for nothing: %j', (text) => {
    expect(Object.values(read(text)).filter((value) => value !== undefined)).toEqual([]);
  });
});

describe('mistakes are shown at their place', () => {
  const table = '[tool.pyleak-fix]\n';
  it.each([
    [`${table}selct = []`, 'pyproject.toml:2:1: unknown key selct; did you mean select?'],
    [`${table}exit_zero = true`, 'pyproject.toml:2:1: unknown key exit_zero; did you mean exit-zero?'],
    ['[tool.pyleak-fix.selekt]', 'pyproject.toml:1:2: unknown key selekt; did you mean select?'],
    [`${table}batch = true`, 'pyproject.toml:2:1: batch can only be given on the command line, as --batch'],
    [`${table}output = "x"`, 'pyproject.toml:2:1: output can only be given on the command line, as --output'],
    [`${table}config = "x"`, 'pyproject.toml:2:1: config can only be given on the command line, as --config'],
    [`${table}unsafe = "yes"`, 'pyproject.toml:2:1: unsafe must be true or false'],
    [`${table}unsafe.x = true`, 'pyproject.toml:2:1: unsafe must be true or false'],
    [`${table}format = 1`, 'pyproject.toml:2:1: format must be a string'],
    [`${table}jobs = 1.5`, 'pyproject.toml:2:1: jobs must be a positive number or "auto"'],
    [`${table}select = "x"`, 'pyproject.toml:2:1: select must be an array of strings'],
    [`${table}select = {}`, 'pyproject.toml:2:1: select must be an array of strings'],
    [`${table}ignore = ["a",\n  2]`, 'pyproject.toml:3:3: ignore must be an array of strings, none empty'],
    [`${table}exclude = [""]`, 'pyproject.toml:2:12: exclude must be an array of strings, none empty'],
    [
      `${table}strategy = "a=b"`,
      'pyproject.toml:2:1: strategy must be a table of RULE = "NAME", or an array of "RULE=NAME"',
    ],
    [
      `${table}strategy.a = 1`,
      'pyproject.toml:2:1: strategy must be a table of RULE = "NAME", or an array of "RULE=NAME"',
    ],
    ['tool.pyleak-fix = 3', 'pyproject.toml:1:1: pyleak-fix must be a table'],
    ['[[tool.pyleak-fix]]\nunsafe = true', 'pyproject.toml:1:3: pyleak-fix must be one table, not an array of tables'],
    ['[tool.pyleak_fix]\n', 'pyproject.toml:1:2: unknown table [tool.pyleak_fix]; did you mean [tool.pyleak-fix]?'],
    ['a = 1\r\nb = [', 'pyproject.toml:2:6: not valid TOML: Unspecified values are invalid'],
    ['a = 1\na = 2', 'pyproject.toml:2:1: not valid TOML: Defining a key multiple times is invalid'],
    ['a = "😀" ?', 'pyproject.toml:1:9: not valid TOML: Unexpected character'],
  ])('%j', (text, message) => {
    expect(mistake(text)).toBe(message);
  });

  it('an unknown key without a near one is told all there are', () => {
    expect(mistake(`${table}zzzzz = 1`)).toMatch(
      /^pyproject.toml:2:1: unknown key zzzzz \(keys: .*select, ignore, .*\)$/,
    );
  });

  it('a file that is not UTF-8', () => {
    const text = Buffer.concat([Buffer.from('# ok\n# é'), Buffer.from([0xff]), Buffer.from('x\na = 1\n')]);
    expect(mistake(text)).toBe('pyproject.toml:2:4: not UTF-8, which TOML has to be');
  });
});

describe('which file', () => {
  let root = '';
  const unsafe = '[tool.pyleak-fix]\nunsafe = true\nexclude = ["x"]\n';

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'pyleak-fix-config-'));
    await mkdir(join(root, 'a/b'), { recursive: true });
    await mkdir(join(root, 'other/deep'), { recursive: true });
    await mkdir(join(root, 'odd/pyproject.toml'), { recursive: true });
    await writeFile(join(root, 'pyproject.toml'), unsafe);
    await writeFile(join(root, 'other/pyproject.toml'), '[project]\n');
    await writeFile(join(root, 'bad.toml'), '[tool.pyleak-fix]\nunsave = true\n');
  });
  afterAll(() => rm(root, { recursive: true }));

  it('is the nearest pyproject.toml upward from the working directory; globs are relative to its folder', async () => {
    const settings = await readConfiguration(undefined, join(root, 'a/b'));
    expect(settings).toMatchObject({ unsafe: true, exclude: [{ pattern: 'x', base: root }] });
  });

  it('is the nearest even if it has no table', async () => {
    expect((await readConfiguration(undefined, join(root, 'other/deep'))).unsafe).toBeUndefined();
  });

  it('is not a folder of that name', async () => {
    expect((await readConfiguration(undefined, join(root, 'odd'))).unsafe).toBe(true);
  });

  it('is the one of --config instead, relative to the working directory', async () => {
    const settings = await readConfiguration('../../pyproject.toml', join(root, 'other/deep'));
    expect(settings).toMatchObject({ unsafe: true, exclude: [{ pattern: 'x', base: root }] });
  });

  it('may be empty', async () => {
    expect((await readConfiguration('/dev/null', root)).unsafe).toBeUndefined();
  });

  it('is named in mistakes as it was given, or relative to the working directory', async () => {
    await expect(readConfiguration('bad.toml', root)).rejects.toThrow('bad.toml:2:1: unknown key unsave; did you mean');
    await expect(readConfiguration('missing.toml', root)).rejects.toThrow(
      '--config missing.toml: cannot be read: there is no such file',
    );
    await writeFile(join(root, 'other/pyproject.toml'), '[project\n');
    await expect(readConfiguration(undefined, join(root, 'other/deep'))).rejects.toThrow(
      '../pyproject.toml:2:1: not valid',
    );
  });
});
