import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/config/command-line.ts';
import { documentedFlags, flags } from '../../src/config/flags.ts';
import { helpText } from '../../src/config/help.ts';
import { UserError } from '../../src/core/errors.ts';

const parse = (...argv: string[]) => parseCommandLine(argv, '/srv/shop');

function mistake(...argv: string[]): string {
  try {
    parse(...argv);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error(`accepted: ${argv.join(' ')}`);
}

describe('modes', () => {
  it.each([
    [[], 'dry-run'],
    [['--dry-run'], 'dry-run'],
    [['-i'], 'interactive'],
    [['--interactive'], 'interactive'],
    [['--batch'], 'batch'],
    [['--batch', '--batch'], 'batch'],
  ])('%j is the mode %s', (argv, mode) => {
    expect(parse(...argv).mode).toBe(mode);
  });

  it.each([
    ['--dry-run', '--batch'],
    ['--dry-run', '-i'],
    ['--batch', '--interactive'],
  ])('%s with %s is two modes at once', (one, other) => {
    expect(mistake(one, other)).toMatch(/^--[a-z-]+ and --[a-z-]+ are two modes; choose one$/);
  });
});

describe('--resume', () => {
  it('is a review, with -i or without', () => {
    for (const argv of [['--resume'], ['-i', '--resume', 'src']])
      expect(parse(...argv)).toMatchObject({ mode: 'interactive', resume: true });
    expect(parse('-i').resume).toBe(false);
  });

  it.each(['--batch', '--dry-run'])('does not go with %s', (mode) => {
    expect(mistake('--resume', mode)).toBe(`--resume goes on with a review (--interactive), which ${mode} is not`);
  });

  it('is not for standard input, or for undo', () => {
    expect(mistake('--resume', '-')).toContain('--interactive asks on standard input');
    expect(mistake('undo', '--resume')).toBe('undo does not take --resume');
  });
});

describe('paths', () => {
  it.each([
    [
      ['a.py', 'b'],
      ['a.py', 'b'],
    ],
    [['--batch', 'true'], ['true']],
    [['--unsafe', '3'], ['3']],
    [
      ['--quiet', 'src', '--exclude', 'x', 'lib'],
      ['src', 'lib'],
    ],
    [
      ['--', '-odd.py', '--batch'],
      ['-odd.py', '--batch'],
    ],
    [
      ['./undo', './rules'],
      ['./undo', './rules'],
    ],
    [
      ['src', 'undo'],
      ['src', 'undo'],
    ],
    [['--', 'undo'], ['undo']],
    [
      ['0x10', '1e3', '007'],
      ['0x10', '1e3', '007'],
    ],
    [
      ['"quoted"', "'quoted'"],
      ['"quoted"', "'quoted'"],
    ],
    [['-'], ['-']],
  ])('%j names %j', (argv, paths) => {
    const commandLine = parse(...argv);
    expect(commandLine.command).toBe('fix');
    expect(commandLine.operands).toEqual(paths);
  });

  it('a path is not empty', () => {
    expect(mistake('')).toBe('a path is empty');
    expect(mistake('--', '')).toBe('a path is empty');
  });
});

describe('prove', () => {
  it('takes paths, and behind -- the program with all that looks like an option', () => {
    const commandLine = parse('prove', '--format', 'json', 'src', '--', 'python', '-m', 'app', '--batch', '');
    expect(commandLine).toMatchObject({ command: 'prove', operands: ['src'], mode: 'dry-run' });
    expect(commandLine.program).toEqual(['python', '-m', 'app', '--batch', '']);
  });

  it.each([
    [['prove'], /^prove: which program\? .* as \.\/prove$/],
    [['prove', 'src', '--'], /^prove: which program\?/],
    [['prove', '--batch', '--', 'x'], /^prove does not take --batch$/],
    [['prove', '--unsafe', '--', 'x'], /^prove does not take --unsafe$/],
    [['prove', '-', '--', 'x'], /standard input/],
    [['--trace-memory'], /^--trace-memory is for prove$/],
    [['--timeout', '3'], /^--timeout is for prove and --verify$/],
    [['--verify', 'pytest'], /give --batch or -i too$/],
    [['--verify', 'pytest', '--batch', '-'], /^--verify needs files/],
    [['--batch', '--verify-jobs', '2'], /give it too$/],
    [['undo', '--verify', 'x'], /^undo does not take --verify$/],
  ])('%j is a mistake', (argv, message) => {
    expect(mistake(...argv)).toMatch(message);
  });
});

describe('standard input', () => {
  it('has a name', () => {
    expect(parse('-', '--stdin-filename', 'shop/cart.py').stdinFilename).toBe('shop/cart.py');
  });

  it.each([
    [['-', 'a.py'], 'standard input (-) cannot be mixed with other paths'],
    [['-', '-'], 'standard input (-) cannot be mixed with other paths'],
    [['--stdin-filename', 'a.py'], '--stdin-filename is for standard input; give the path - too'],
    [['-i', '-'], '--interactive asks on standard input, so the source cannot come from there (-)'],
  ])('%j is a mistake', (argv, message) => {
    expect(mistake(...argv)).toBe(message);
  });
});

describe('values', () => {
  it('are taken behind a space or =', () => {
    expect(parse('--format', 'json').settings.format).toEqual({ value: 'json', where: '--format' });
    expect(parse('--format=json').settings.format).toEqual({ value: 'json', where: '--format' });
    expect(parse('--output=-x=y').output).toBe('-x=y');
    expect(parse('--config', 'ci.toml').config).toBe('ci.toml');
    expect(parse('--jobs', '4').settings.jobs?.value).toBe('4');
  });

  it.each(['select', 'ignore'] as const)('--%s takes comma lists and repetition', (name) => {
    const given = parse(`--${name}`, 'one, two', `--${name}=three`).settings[name];
    expect(given?.map(({ value }) => value)).toEqual(['one', 'two', 'three']);
  });

  it('--declarative-bases takes them too', () => {
    const { declarativeBases } = parse('--declarative-bases', 'a.B,c.D', '--declarative-bases=e.F').settings;
    expect(declarativeBases?.map(({ value }) => value)).toEqual(['a.B', 'c.D', 'e.F']);
  });

  it('--strategy and --exclude are repeatable, and a comma is part of the value', () => {
    const { settings } = parse('--strategy', 'a=b', '--strategy=c=d', '--exclude', '{x,y}.py', '--exclude', 'z');
    expect(settings.strategy?.map(({ value }) => value)).toEqual(['a=b', 'c=d']);
    expect(settings.exclude).toEqual([
      { pattern: '{x,y}.py', base: '/srv/shop' },
      { pattern: 'z', base: '/srv/shop' },
    ]);
  });

  it.each(flags.filter(({ kind }) => kind === 'value').map(({ name }) => name))('--%s is given once', (name) => {
    expect(mistake(`--${name}`, 'x', `--${name}`, 'y', '-')).toBe(`--${name} is given more than once`);
  });

  it.each(flags.filter(({ kind }) => kind !== 'switch').map(({ name }) => name))('--%s needs a value', (name) => {
    expect(mistake(`--${name}`)).toBe(`--${name} needs a value`);
    expect(mistake(`--${name}=`)).toBe(`--${name} needs a value`);
    expect(mistake(`--${name}`, '')).toBe(`--${name} needs a value`);
    expect(mistake(`--${name}`, '--quiet')).toBe(`--${name} needs a value`);
  });

  it.each(flags.filter(({ kind }) => kind === 'switch').map(({ name }) => name))('--%s takes no value', (name) => {
    expect(mistake(`--${name}=maybe`)).toBe(`--${name} takes no value`);
  });

  it('a name is not missing beside a comma', () => {
    expect(mistake('--select', 'one,,two')).toBe('--select: a name is missing beside a comma');
    expect(mistake('--ignore', 'one,')).toBe('--ignore: a name is missing beside a comma');
  });
});

describe('switches', () => {
  it.each([
    ['unsafe', 'unsafe'],
    ['exit-zero', 'exitZero'],
    ['quiet', 'quiet'],
    ['force-exclude', 'forceExclude'],
    ['color', 'color'],
  ] as const)('--%s is undefined, on or off, as it was given last', (name, key) => {
    expect(parse().settings[key]).toBeUndefined();
    expect(parse(`--${name}`).settings[key]).toBe(true);
    expect(parse(`--no-${name}`).settings[key]).toBe(false);
    expect(parse(`--no-${name}`, `--${name}`).settings[key]).toBe(true);
    expect(parse(`--${name}`, `--no-${name}`).settings[key]).toBe(false);
  });

  it('short ones may stand together', () => {
    expect(parse('-iq')).toMatchObject({ mode: 'interactive', settings: { quiet: true } });
  });
});

describe('unknown options', () => {
  it.each([
    [['--dryrun'], 'unknown option --dryrun; did you mean --dry-run?'],
    [['--dry_run'], 'unknown option --dry_run; did you mean --dry-run?'],
    [['--dryRun'], 'unknown option --dryRun; did you mean --dry-run?'],
    [['--formt', 'json'], 'unknown option --formt; did you mean --format?'],
    [['--Format=json'], 'unknown option --Format; did you mean --format?'],
    [['--no-unsave'], 'unknown option --no-unsave; did you mean --no-unsafe?'],
    [['--no-batch'], 'unknown option --no-batch; did you mean --batch?'],
    [['--nocolor'], 'unknown option --nocolor; did you mean --no-color?'],
    [['-batch'], 'unknown option -batch; did you mean --batch?'],
    [['--frobnicate'], 'unknown option --frobnicate'],
    [['--constructor'], 'unknown option --constructor'],
    [['--a.b', 'c'], 'unknown option --a.b'],
    [['-x'], 'unknown option -x'],
    [['src', '--exit-zeroo', '--batch'], 'unknown option --exit-zeroo; did you mean --exit-zero?'],
  ])('%j', (argv, message) => {
    expect(mistake(...argv)).toBe(message);
  });
});

describe('commands', () => {
  it.each([
    [['undo'], 'undo', []],
    [['--quiet', 'undo'], 'undo', []],
    [['rules'], 'rules', []],
    [['rules', 'class-mutable-default'], 'rules', ['class-mutable-default']],
    [['--help', '--dry-run'], 'help', []],
    [['rules', '-h'], 'help', []],
    [['-V', 'src'], 'version', []],
  ])('%j is %s %j', (argv, command, operands) => {
    expect(parse(...argv)).toMatchObject({ command, operands });
  });

  it.each([
    [['undo', 'src'], 'unexpected argument "src"; a path called undo is given as ./undo'],
    [['rules', 'one', 'two'], 'unexpected argument "two"; a path called rules is given as ./rules'],
    [['undo', '--batch'], 'undo does not take --batch'],
    [['rules', '--format', 'json'], 'rules does not take --format'],
  ])('%j is a mistake', (argv, message) => {
    expect(mistake(...argv)).toBe(message);
  });
});

describe('--help', () => {
  it('names every option, and no line is wider than a terminal', () => {
    const help = helpText();
    for (const { name } of documentedFlags) expect(help).toContain(name);
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});
