/** `--show-settings`, `--help`, `rules` and `completion`, as a person meets them; the scripts are run by the shells they are for. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { documentedFlags, documentedName } from '../../src/config/flags.ts';
import { contents, fixed, isInstalled, project, pyleak, run, shared } from '../support/cli.ts';

const driver = fileURLToPath(new URL('../support/pty.py', import.meta.url));

describe('--show-settings', () => {
  const table = [
    '[tool.pyleak-fix]',
    'unsafe = true',
    'exclude = ["gen/"]',
    'baseline = "known.json"',
    'max-changes = 7',
    'jobs = 2',
    'per-file-ignores = { "tests/*" = ["strong-registry"] }',
    'strategy = { class-mutable-default = "local" }',
    'declarative-bases = ["shop.db.Document"]',
    '',
  ].join('\n');

  it('prints what holds and where it comes from, and runs nothing', async () => {
    const folder = project({ 'pyproject.toml': table, 'a.py': shared('A') });
    const { status, stdout, stderr } = await pyleak(
      folder,
      '--show-settings',
      '--batch',
      '--jobs',
      '3',
      '--ignore',
      'strong-registry',
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.toString()).toBe(
      [
        '# mode: batch; paths: .',
        '# configuration: pyproject.toml',
        '[tool.pyleak-fix]',
        'select = ["class-attribute-assignment", "class-in-function", "class-mutable-default"]  # command line',
        'strategy = { "class-mutable-default" = "local" }  # pyproject.toml',
        'declarative-bases = ["shop.db.Document"]  # pyproject.toml',
        'exclude = ["gen/"]  # pyproject.toml',
        'force-exclude = false  # default',
        'per-file-ignores = { "tests/*" = ["strong-registry"] }  # pyproject.toml',
        'unsafe = true  # pyproject.toml',
        'max-changes = 7  # pyproject.toml',
        'allow-dirty = false  # default',
        `baseline = ${JSON.stringify(join(folder, 'known.json'))}  # pyproject.toml`,
        'report-unused-ignores = false  # default',
        'format = "text"  # default',
        'jobs = 3  # command line',
        'no-cache = false  # default',
        'exit-zero = false  # default',
        'quiet = false  # default',
        'no-color = false  # default',
        '',
      ].join('\n'),
    );
  });

  it('may stand in the file as it is: the settings are the same then', async () => {
    const folder = project({ 'pyproject.toml': table });
    const lines = async () => (await pyleak(folder, '--show-settings')).stdout.toString().replaceAll(/ {2}# .*/g, '');
    const before = await lines();
    writeFileSync(join(folder, 'pyproject.toml'), before);
    expect(await lines()).toBe(before);
  });

  it('says that there is no file, and finds mistakes first', async () => {
    expect((await pyleak('/', '--show-settings')).stdout.toString()).toContain(
      '# configuration: none (no pyproject.toml',
    );
    expect(
      await pyleak(project({ 'pyproject.toml': '[tool.pyleak-fix]\nmax-changes = "7"\n' }), '--show-settings'),
    ).toMatchObject({
      status: 2,
      stdout: Buffer.alloc(0),
      stderr: 'error: pyproject.toml:2:1: max-changes must be a positive number\n',
    });
  });
});

it.each<[string, string]>([
  ['max-changes = 0', '2:15: "0" is not a number of changes; give a positive number'],
  ['max-change = 3', '2:1: unknown key max-change; did you mean max-changes?'],
  ['since = "main"', '2:1: since can only be given on the command line, as --since'],
  ['write-baseline = "x"', '2:1: write-baseline can only be given on the command line, as --write-baseline'],
  ['baseline = ["x"]', '2:1: baseline must be a string'],
  ['baseline = "none.json"', ''],
  ['per-file-ignore = {}', '2:1: unknown key per-file-ignore; did you mean per-file-ignores?'],
  ['allow-dirty = "yes"', '2:1: allow-dirty must be true or false'],
])('%s in pyproject.toml is told with line and column', async (line, message) => {
  const { status, stderr } = await pyleak(
    project({ 'pyproject.toml': `[tool.pyleak-fix]\n${line}\n`, 'a.py': shared('A') }),
  );
  const expected = message === '' ? /^error: --baseline: cannot read .*none\.json: it does not exist;.*\n$/ : undefined;
  expect([status, stderr]).toEqual([
    2,
    expected ? expect.stringMatching(expected) : `error: pyproject.toml:${message}\n`,
  ]);
});

describe('rules', () => {
  it('lists them, and explains one with its page', async () => {
    const list = (await pyleak('/', 'rules')).stdout.toString();
    for (const id of list.match(/^\S+/gm) ?? []) {
      const { status, stdout } = await pyleak('/', 'rules', id);
      expect([status, stdout.toString()]).toEqual([
        0,
        expect.stringMatching(new RegExp(`^# ${id}\n[^]*## What it finds`)),
      ]);
    }
    expect(list.match(/^\S+/gm)?.length).toBeGreaterThan(3);
  });
});

it('--help groups the options and has examples, each of which is one the program takes', async () => {
  const help = (await pyleak('/', '--help')).stdout.toString();
  for (const group of ['Modes:', 'Selection:', 'Migration:', 'Output:', 'Other:', 'Examples:'])
    expect(help).toContain(`\n${group}\n`);
  const examples = [...help.slice(help.indexOf('Examples:')).matchAll(/^ {2}pyleak-fix(.*?)(?: {2,}.*)?$/gm)];
  expect(examples.length).toBeGreaterThan(6);
  for (const [, argv = ''] of examples) {
    const words = argv
      .replace(/\|.*/, '')
      .replace('-i', '')
      .split(' ')
      .filter((word) => word !== '');
    expect(await pyleak(project({}), '--show-settings', ...words)).toMatchObject({ status: 0 });
  }
});

describe.skipIf(!isInstalled('git'))('.pre-commit-hooks.yaml (skipped without git)', () => {
  const yaml = readFileSync(fileURLToPath(new URL('../../.pre-commit-hooks.yaml', import.meta.url)), 'utf8');
  const entry = (id: string) =>
    new RegExp(`^- id: ${id}\\n[^]*?^ {2}entry: pyleak-fix(.*)$`, 'm').exec(yaml)?.[1]?.trim().split(' ') ?? [];

  /** A repository with both files staged, as a hook meets it. */
  const staged = () => {
    const folder = project({
      'a.py': shared('A'),
      'gen/b.py': shared('B'),
      'pyproject.toml': '[tool.pyleak-fix]\nexclude = ["gen/"]\n',
    });
    run('git', ['init', '--quiet'], folder);
    run('git', ['add', '.'], folder);
    return folder;
  };

  it('one shows the fixes and fails, excluded files left out although pre-commit names them', async () => {
    const { status, stdout } = await pyleak(staged(), ...entry('pyleak-fix'), 'a.py', 'gen/b.py');
    expect([status, stdout.toString().match(/^\+\+\+ .*$/gm)]).toEqual([1, ['+++ b/a.py']]);
  });

  it('the other writes them over what is staged', async () => {
    const folder = staged();
    expect((await pyleak(folder, ...entry('pyleak-fix-batch'), 'a.py', 'gen/b.py')).status).toBe(0);
    expect(contents(folder)).toMatchObject({ 'a.py': fixed('A'), 'gen/b.py': shared('B') });
  });
});

describe('completion', () => {
  it.each([
    [['completion'], 'completion: which shell? give one of bash, zsh, fish'],
    [['completion', 'tcsh'], 'completion: unknown shell "tcsh"; give one of bash, zsh, fish'],
    [['completion', 'powershell'], 'completion: unknown shell "powershell"; give one of bash, zsh, fish'],
    [['completion', 'bash', 'x'], 'unexpected argument "x"; a path called completion is given as ./completion'],
  ])('%j is a mistake', async (argv, message) => {
    expect(await pyleak('/', ...argv)).toMatchObject({ status: 2, stderr: `error: ${message}\n` });
  });

  /** What the shell runs, with the completion script as its first argument. */
  const ask = async (shell: string, code: string, ...argv: readonly string[]): Promise<string[]> => {
    const script = (await pyleak('/', 'completion', shell)).stdout.toString();
    const folder = project({ script: script, 'src/a.py': '' });
    const { stdout, stderr } = spawnSync(shell, ['-c', code, shell, ...argv], { cwd: folder });
    expect(stderr.toString()).toBe('');
    return stdout
      .toString()
      .split('\n')
      .map((line) => line.split('\t')[0] ?? '')
      .filter((line) => line !== '');
  };

  const bash = (...words: readonly string[]) =>
    ask(
      'bash',
      'source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pyleak_fix; declare -p COMPREPLY | grep -o "\\"[^\\"]*\\"" | tr -d "\\""',
      ...words,
    );

  describe.skipIf(!isInstalled('bash'))('in bash (skipped without it)', () => {
    it.each<[string[], string[]]>([
      [['pyleak-fix', '--un'], ['--unsafe']],
      [['pyleak-fix', '--select', 'class-m'], ['class-mutable-default']],
      [
        ['pyleak-fix', '--format', ''],
        ['text', 'json', 'sarif', 'github', 'gitlab'],
      ],
      [['pyleak-fix', '--strategy', 'class-mutable-default=l'], ['class-mutable-default=local']],
      [['pyleak-fix', 'rules', 'strong'], ['strong-registry']],
      [['pyleak-fix', 'completion', 'z'], ['zsh']],
      [
        ['pyleak-fix', 's'],
        ['script', 'src'],
      ],
      [['pyleak-fix', 'un'], ['undo']],
      [['pyleak-fix', '--output', 'sr'], ['src']],
      [['pyleak-fix', '--max-changes', ''], []],
    ])('%j', async (words, expected) => {
      expect((await bash(...words)).sort()).toEqual(expected.sort());
    });

    it('every option', async () => {
      expect(await bash('pyleak-fix', '--')).toEqual(documentedFlags.map((flag) => `--${documentedName(flag)}`));
    });
  });

  describe.skipIf(!isInstalled('fish'))('in fish (skipped without it)', () => {
    it.each<[string, string[]]>([
      ['pyleak-fix --un', ['--unsafe']],
      ['pyleak-fix --select class-m', ['class-mutable-default']],
      ['pyleak-fix --format s', ['sarif']],
      ['pyleak-fix rules strong', ['strong-registry']],
      ['pyleak-fix completion z', ['zsh']],
      ['pyleak-fix und', ['undo']],
      ['pyleak-fix --output sr', ['src/']],
    ])('%s', async (line, expected) => {
      expect(await ask('fish', 'source ./script; complete -C $argv[2]', line)).toEqual(expected);
    });
  });

  describe.skipIf(!isInstalled('zsh') || !isInstalled('python3'))('in zsh (skipped without it and python3)', () => {
    it.each([
      ['--uns', 'afe'],
      ['--select class-m', 'utable-default'],
      ['--strategy class-mutable-default=l', 'ocal'],
      ['rules strong', '-registry'],
      ['completion fi', 'sh'],
      ['un', 'do'],
    ])('%s and the tab key', async (typed, expected) => {
      const script = (await pyleak('/', 'completion', 'zsh')).stdout.toString();
      const cwd = project({ script });
      const load = "autoload -Uz compinit && compinit -u -D && source ./script && PS1='rea''dy> '\n";
      const steps = [
        ['', { send: load }],
        ['ready> ', { send: `pyleak-fix ${typed}\t` }],
        [expected, { send: '\x15exit\n' }],
      ];
      const play = { command: ['zsh', '-f', '-i'], cwd, stdout: null, size: [40, 160], steps };
      const { stdout } = spawnSync('python3', [driver], {
        input: JSON.stringify(play),
        env: { ...process.env, TERM: 'vt100' },
      });
      expect(JSON.parse(stdout.toString())).not.toHaveProperty('stuck');
    });
  });
});
