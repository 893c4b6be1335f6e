import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/config/command-line.ts';
import { resolveOptions } from '../../src/config/options.ts';
import type { Settings } from '../../src/config/settings.ts';
import { UserError } from '../../src/core/errors.ts';
import type { RuleMeta } from '../../src/core/rule.ts';

const metas: readonly RuleMeta[] = [
  {
    id: 'class-mutable-default',
    summary: 'A container is shared by all instances',
    retention: 'process',
    strategies: [
      { name: 'init', summary: 'Move it' },
      { name: 'local', summary: 'Make it local' },
    ],
  },
  {
    id: 'strong-registry',
    summary: 'A registry keeps its instances',
    retention: 'process',
    strategies: [{ name: 'weak', summary: 'Hold them weakly' }],
  },
  {
    id: 'parent-pointer',
    summary: 'A pointer closes a cycle',
    retention: 'gc',
    preview: true,
    strategies: [{ name: 'property', summary: 'Make it weak' }],
  },
];

const at = (where: string, ...values: string[]) => values.map((value) => ({ value, where }));

function resolve(argv: readonly string[], file: Settings = {}, environment: NodeJS.ProcessEnv = {}) {
  return resolveOptions(parseCommandLine(argv, '/srv/shop'), file, metas, '/srv/shop', environment);
}

function mistake(argv: readonly string[], file: Settings = {}): string {
  try {
    resolve(argv, file);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error(`accepted: ${argv.join(' ')}`);
}

it('what nobody asked for is the default', () => {
  expect(resolve([])).toEqual({
    mode: 'dry-run',
    cwd: '/srv/shop',
    paths: ['.'],
    stdinFilename: '-',
    rules: ['class-mutable-default', 'strong-registry'],
    knownRules: ['class-mutable-default', 'strong-registry', 'parent-pointer'],
    runsAll: true,
    perFileIgnores: [],
    strategies: new Map(),
    since: undefined,
    command: [],
    traceMemory: false,
    verify: undefined,
    verifyJobs: 1,
    timeout: undefined,
    evidence: undefined,
    changedLines: false,
    maxChanges: undefined,
    allowDirty: false,
    baseline: undefined,
    writeBaseline: undefined,
    reportUnusedIgnores: false,
    resume: false,
    unsafe: false,
    format: 'text',
    output: undefined,
    declarativeBases: [],
    exclude: [],
    forceExclude: false,
    cache: true,
    sift: true,
    stats: false,
    jobs: 'auto',
    exitZero: false,
    quiet: false,
    color: true,
  });
});

describe('the command line wins', () => {
  const file: Settings = {
    unsafe: true,
    exitZero: true,
    quiet: true,
    forceExclude: true,
    color: false,
    format: { value: 'json', where: 'f:1:1' },
    jobs: { value: '2', where: 'f:2:1' },
    exclude: [{ pattern: 'x', base: '/project' }],
    strategy: at('f:3:1', 'class-mutable-default=local', 'strong-registry=weak'),
  };

  it('over a file that says otherwise', () => {
    const argv = ['--no-unsafe', '--no-exit-zero', '--no-quiet', '--no-force-exclude', '--color', '--format=text'];
    const options = resolve([...argv, '--jobs=auto', '--exclude=y', '--strategy=class-mutable-default=init'], file);
    expect(options).toMatchObject({
      unsafe: false,
      exitZero: false,
      quiet: false,
      forceExclude: false,
      color: true,
      format: 'text',
      jobs: 'auto',
      exclude: [{ pattern: 'y', base: '/srv/shop' }],
    });
    expect([...options.strategies]).toEqual([
      ['class-mutable-default', 'init'],
      ['strong-registry', 'weak'],
    ]);
  });

  it('and leaves to the file what it does not mention', () => {
    const options = resolve([], file);
    expect(options).toMatchObject({ unsafe: true, exitZero: true, quiet: true, forceExclude: true, color: false });
    expect(options).toMatchObject({ format: 'json', jobs: 2, exclude: file.exclude });
  });
});

describe('rules', () => {
  const one = 'class-mutable-default';
  const two = 'strong-registry';

  it.each<[string[], Settings, string[]]>([
    [[`--select=${two},${one}`], {}, [one, two]],
    [[`--ignore=${one}`], {}, [two]],
    [[`--select=${one}`, `--ignore=${one}`], {}, []],
    [[], { select: at('f', one) }, [one]],
    [[], { select: [] }, []],
    [[], { ignore: at('f', one) }, [two]],
    [[], {}, [one, two]],
    [['--select=parent-pointer'], {}, ['parent-pointer']],
    [[], { select: at('f', 'parent-pointer') }, ['parent-pointer']],
    [[`--select=${one}`], { select: at('f', two) }, [one]],
    [[`--select=${one}`], { ignore: at('f', one) }, [one]],
    [[`--ignore=${one}`], { ignore: at('f', two) }, []],
  ])('%j with %j in the file run %j', (argv, file, rules) => {
    expect(resolve(argv, file).rules).toEqual(rules);
  });
});

describe('mistakes', () => {
  it.each<[string[], string]>([
    [
      ['--select=class-mutable-defualt'],
      '--select: unknown rule "class-mutable-defualt"; did you mean class-mutable-default?',
    ],
    [['--ignore=strong-regstry'], '--ignore: unknown rule "strong-regstry"; did you mean strong-registry?'],
    [['--select=E501'], '--select: unknown rule "E501"; `pyleak-fix rules` lists the rules'],
    [['--strategy=strong-regitry=weak'], '--strategy: unknown rule "strong-regitry"; did you mean strong-registry?'],
    [
      ['--strategy=class-mutable-default=inti'],
      '--strategy: rule class-mutable-default has no strategy "inti"; did you mean init?',
    ],
    [
      ['--strategy=class-mutable-default=weak'],
      '--strategy: rule class-mutable-default has no strategy "weak"; it has init, local',
    ],
    [['--strategy=init'], '--strategy: "init" is not of the form RULE=NAME'],
    [['--strategy==init'], '--strategy: "=init" is not of the form RULE=NAME'],
    [['--strategy=strong-registry='], '--strategy: "strong-registry=" is not of the form RULE=NAME'],
    [['--strategy=strong-registry=a=b'], '--strategy: "strong-registry=a=b" is not of the form RULE=NAME'],
    [
      ['--strategy=strong-registry=weak', '--strategy=strong-registry=weak'],
      '--strategy: a strategy for strong-registry is given twice',
    ],
    [
      ['--declarative-bases=Document'],
      '--declarative-bases: "Document" is not the qualified name of a class, such as mypkg.db.Document',
    ],
    [
      ['--format=jsno'],
      '--format: unknown format "jsno"; did you mean json? (formats: text, json, sarif, github, gitlab)',
    ],
    [['--format=xml'], '--format: unknown format "xml" (formats: text, json, sarif, github, gitlab)'],
    [['--jobs=0'], '--jobs: "0" is not a number of jobs; give a positive number or auto'],
    [['--jobs', '-1'], '--jobs: "-1" is not a number of jobs; give a positive number or auto'],
    [['--jobs=many'], '--jobs: "many" is not a number of jobs; give a positive number or auto'],
    [['--jobs=1.5'], '--jobs: "1.5" is not a number of jobs; give a positive number or auto'],
    [['--jobs=0x2'], '--jobs: "0x2" is not a number of jobs; give a positive number or auto'],
    [
      ['--jobs=99999999999999999999'],
      '--jobs: "99999999999999999999" is not a number of jobs; give a positive number or auto',
    ],
  ])('%j', (argv, message) => {
    expect(mistake(argv)).toBe(message);
  });

  it('in the file are told with their place, also where the command line wins', () => {
    expect(mistake(['--format=text'], { format: { value: 'xml', where: 'f:1:10' } })).toMatch(
      /^f:1:10: unknown format "xml"/,
    );
    expect(mistake(['--jobs=2'], { jobs: { value: '-3', where: 'f:1:8' } })).toMatch(/^f:1:8: "-3" is not/);
    expect(mistake(['--select=strong-registry'], { select: at('f:2:11', 'nope') })).toMatch(
      /^f:2:11: unknown rule "nope"/,
    );
  });
});

describe('colour', () => {
  it.each<[string[], NodeJS.ProcessEnv, boolean]>([
    [[], {}, true],
    [['--no-color'], {}, false],
    [[], { NO_COLOR: '1' }, false],
    [[], { NO_COLOR: '' }, true],
    [['--color'], { NO_COLOR: '1' }, true],
    [[], { TERM: 'dumb' }, false],
  ])('%j with %j: %s', (argv, environment, color) => {
    expect(resolve(argv, {}, environment).color).toBe(color);
  });
});

it('--output is relative to the working directory, and - is standard output', () => {
  expect(resolve(['--output', 'out/fix.diff']).output).toBe('/srv/shop/out/fix.diff');
  expect(resolve(['--output', '-']).output).toBeUndefined();
});

it.each([
  [['--batch', '--verify', 'x', '--timeout', '0'], '--timeout: "0" is not a number of seconds'],
  [['--batch', '--verify', 'x', '--timeout', '1e9'], '--timeout: "1e9" is not a number of seconds'],
  [['--batch', '--verify', 'x', '--verify-jobs', 'auto'], '--verify-jobs: "auto" is not a number of runs at once'],
])('%j is a mistake', (argv, message) => {
  expect(mistake(argv)).toContain(message);
});

it('a proof has a time limit, and a verification has one where it is given', () => {
  expect(resolve(['prove', '--', 'x']).timeout).toBe(600);
  expect(resolve(['prove', '--timeout', '2.5', '--', 'x']).timeout).toBe(2.5);
  expect(resolve(['--batch', '--verify', 'x']).timeout).toBeUndefined();
});
