import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collaborators, main, type UndoResult } from '../../src/config/main.ts';
import { version } from '../../src/config/version.ts';
import { UserError } from '../../src/core/errors.ts';
import type { Options } from '../../src/core/options.ts';

const rule = {
  id: 'class-mutable-default',
  summary: 'A container is shared by all instances',
  retention: 'process',
  strategies: [
    { name: 'init', summary: 'Move it into __init__' },
    { name: 'local', summary: 'Make it a local' },
  ],
} as const;

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'pyleak-fix-main-'));
  // Shields the tests from a pyproject.toml above the temporary folder.
  await writeFile(join(cwd, 'pyproject.toml'), '[tool.pyleak-fix]\nexit-zero = true\n');
});
afterAll(() => rm(cwd, { recursive: true }));

function stream(isTTY: boolean) {
  const chunks: Buffer[] = [];
  const through = new PassThrough().on('data', (chunk: Buffer) => chunks.push(chunk));
  const fake = Object.assign(through, { isTTY }) as unknown as NodeJS.ReadStream & NodeJS.WriteStream;
  return { fake, text: () => Buffer.concat(chunks).toString() };
}

interface Call {
  readonly terminal?: boolean;
  readonly run?: (options: Options) => Promise<number>;
  readonly undone?: UndoResult;
}

async function call(argv: readonly string[], { terminal = false, run, undone }: Call = {}) {
  const [stdin, stdout, stderr] = [stream(terminal), stream(false), stream(false)];
  const runs: Options[] = [];
  const rest: Collaborators = {
    run: async (options) => {
      runs.push(options);
      return run === undefined ? 0 : run(options);
    },
    ruleMetas: () => Promise.resolve([rule]),
    prove: async (options) => {
      runs.push(options);
      return run === undefined ? 0 : run(options);
    },
    rulePage: (id) => Promise.resolve(`# ${id}\n\nIt leaks.\n`),
    undo: () => Promise.resolve(undone ?? { restored: [], refused: [], nothing: true }),
  };
  const environment = { cwd, env: {}, stdin: stdin.fake, stdout: stdout.fake, stderr: stderr.fake };
  const status = await main(argv, environment, rest);
  return { status, stdout: stdout.text(), stderr: stderr.text(), runs };
}

describe('a run', () => {
  it('gets the options, and its status is the exit status', async () => {
    const { status, runs, stdout, stderr } = await call(['--batch', 'src'], { run: () => Promise.resolve(1) });
    expect(status).toBe(1);
    expect(runs).toMatchObject([{ mode: 'batch', paths: ['src'], cwd, exitZero: true, rules: [rule.id] }]);
    expect(stdout + stderr).toBe('');
  });

  it('warns when no rule is left', async () => {
    const { status, stderr } = await call(['--ignore', rule.id]);
    expect([status, stderr]).toEqual([0, 'warning: no rule is left to run\n']);
    expect((await call(['--ignore', rule.id, '--quiet'])).stderr).toBe('');
  });

  it('is interactive on a terminal', async () => {
    expect((await call(['-i'], { terminal: true })).runs).toMatchObject([{ mode: 'interactive' }]);
  });
});

describe('a mistake is one line on stderr and status 2, and nothing runs', () => {
  it.each([
    [['--dryrun'], 'error: unknown option --dryrun; did you mean --dry-run?\n'],
    [['--dry-run', '--batch'], 'error: --dry-run and --batch are two modes; choose one\n'],
    [['-i'], 'error: --interactive needs a terminal on standard input, and there is none\n'],
    [
      ['--select', 'clas-mutable-default'],
      'error: --select: unknown rule "clas-mutable-default"; did you mean class-mutable-default?\n',
    ],
    [
      ['rules', 'class-mutable-defaults'],
      'error: rules: unknown rule "class-mutable-defaults"; did you mean class-mutable-default?\n',
    ],
    [['--config', 'no\x1b.toml'], 'error: --config no\\x1b.toml: cannot be read: there is no such file\n'],
    [['--\x1b[2J'], 'error: unknown option --\\x1b[2J\n'],
  ])('%j', async (argv, line) => {
    expect(await call(argv)).toEqual({ status: 2, stdout: '', stderr: line, runs: [] });
  });

  it('also if the run finds it', async () => {
    const run = () => Promise.reject(new UserError('srk: no such path'));
    expect(await call(['srk'], { run })).toMatchObject({ status: 2, stderr: 'error: srk: no such path\n' });
  });
});

it('a bug is called one, with the stack, and is status 2', async () => {
  const run = () => Promise.reject(new TypeError('x is not a function'));
  const { status, stdout, stderr } = await call([], { run });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    /^error: this is a bug in pyleak-fix;.*\nTypeError: x is not a function\n +at .*main\.test\.ts/,
  );
});

describe('--version and --help', () => {
  it.each([['--version'], ['-V'], ['-V', 'src']])('%s %s', async (...argv) => {
    expect(await call(argv)).toEqual({ status: 0, stdout: `pyleak-fix ${version}\n`, stderr: '', runs: [] });
  });

  it.each([['--help'], ['-h'], ['undo', '--help']])('%s %s', async (...argv) => {
    const { status, stdout } = await call(argv);
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: pyleak-fix [options] [paths...]');
  });
});

describe('rules', () => {
  it('lists them with what they find and their strategies, the default first', async () => {
    expect((await call(['rules'])).stdout).toBe(
      [
        'class-mutable-default',
        '  A container is shared by all instances; held until the process ends',
        '    init   Move it into __init__ (default)',
        '    local  Make it a local',
        '',
      ].join('\n'),
    );
  });

  it('explains one with its page', async () => {
    expect(await call(['rules', rule.id])).toMatchObject({ status: 0, stdout: `# ${rule.id}\n\nIt leaks.\n` });
  });
});

describe('undo', () => {
  it('is 0 when all is put back', async () => {
    const undone = { restored: [join(cwd, 'a.py'), join(cwd, '../b\x1b.py')], refused: [], nothing: false };
    expect(await call(['undo'], { undone })).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'restored a.py\nrestored ../b\\x1b.py\n',
    });
    expect(await call(['undo', '-q'], { undone })).toMatchObject({ status: 0, stderr: '' });
  });

  it('is 1 when there is nothing', async () => {
    expect(await call(['undo'])).toMatchObject({ status: 1, stderr: 'Nothing to undo.\n' });
  });

  it('is 2 when something is refused, which is named', async () => {
    const undone = {
      restored: [join(cwd, 'a.py')],
      refused: [{ path: join(cwd, 'src/b.py'), reason: 'changed since' }],
      nothing: false,
    };
    expect(await call(['undo', '--quiet'], { undone })).toMatchObject({
      status: 2,
      stderr: 'src/b.py: not restored: changed since\n',
    });
  });
});
