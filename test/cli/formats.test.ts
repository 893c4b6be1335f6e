/** The reports for other programs, as the program prints them: SARIF against its published schema, GitHub, GitLab, and text for people. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import type { Log, Result } from 'sarif';
import { describe, expect, it } from 'vitest';
import { contents, fixed, memo, project, pyleak, reportOf, shared, startWith } from '../support/cli.ts';

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json, as it is published. */
const schema = JSON.parse(
  readFileSync(fileURLToPath(new URL('../data/sarif-schema-2.1.0.json', import.meta.url)), 'utf8'),
) as object;
const ajv = addFormats.default(new Ajv.default({ strict: false, allErrors: true }));
const validate = ajv.compile(schema);

/** The control characters and overrides that a terminal would act on; line feeds may stand. */
const RAW = /[\x00-\x09\x0b-\x1f\x7f-\x9f]|\p{Bidi_Control}/u;

const files = {
  'shop/a b,c:%.py': `${shared('A')}\n\n${shared('B')}`,
  'ü/m.py': memo('M'),
  'open.py': shared('Open').replace('[]', '[\n        1,\n    ]'),
  'old.py': `${shared('Old')}def f(:\n`,
};

async function sarif(folder: string, ...argv: readonly string[]): Promise<Log> {
  const { stdout, stderr } = await pyleak(folder, '--format', 'sarif', ...argv);
  expect(stderr).not.toContain('bug');
  const log = JSON.parse(stdout.toString()) as Log;
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log;
}

const resultsOf = (log: Log): readonly Result[] => log.runs[0]?.results ?? [];

describe('--format sarif', () => {
  it('the schema is one that refuses', () => {
    expect(validate({ version: '2.1.0', runs: [{ tool: { driver: {} } }] })).toBe(false);
    expect(validate({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [{}] }] })).toBe(false);
  });

  it('is valid, and has each finding with its rule, place and fingerprint', async () => {
    const folder = project(files);
    const [log, json] = [await sarif(folder), await reportOf(folder)];
    const [run] = log.runs;
    expect(run?.columnKind).toBe('unicodeCodePoints');
    const rules = run?.tool.driver.rules ?? [];
    for (const rule of rules) {
      expect(rule.help?.markdown).toMatch(new RegExp(`^# ${rule.id}\n`));
      expect(rule.help?.text).toBe(rule.help?.markdown);
      expect(rule.shortDescription?.text).toMatch(/\w/);
    }
    const told = resultsOf(log).map(({ ruleId, ruleIndex = -1, partialFingerprints, locations }) => {
      expect(rules[ruleIndex]?.id).toBe(ruleId);
      const { artifactLocation, region } = locations?.[0]?.physicalLocation ?? {};
      return [ruleId, partialFingerprints, artifactLocation?.uri, region];
    });
    expect(told).toEqual(
      json.findings.map(({ id, rule, path, start, end }) => [
        rule,
        { 'pyleakFix/v1': id },
        path.split('/').map(encodeURIComponent).join('/'),
        { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
      ]),
    );
    expect(told[1]?.[2]).toBe('shop/a%20b%2Cc%3A%25.py');
  });

  it('has fixes whose regions, by lines and by bytes, give what a batch writes', async () => {
    const source = `\ufeff# 😀 é\r\n${shared('A').replaceAll('\n', '\r\n').replace('[]', '["😀"]')}`;
    const [folder, target] = [project({ 'a.py': source }), project({ 'a.py': source })];
    await pyleak(target, '--batch');
    const [result] = resultsOf(await sarif(folder));
    const fixes = result?.fixes ?? [];
    expect(fixes.map(({ description }) => description?.text)).toEqual([
      expect.stringMatching(/\(init, safe\)$/),
      expect.stringMatching(/\(local, unsafe\)$/),
    ]);
    const [change] = fixes[0]?.artifactChanges ?? [];
    expect(change?.artifactLocation.uri).toBe('a.py');
    let bytes = readFileSync(join(folder, 'a.py'));
    let lines = source
      .slice(1)
      .split('\r\n')
      .map((line) => [...line]);
    for (const { deletedRegion, insertedContent } of [...(change?.replacements ?? [])].reverse()) {
      const {
        byteOffset = 0,
        byteLength = 0,
        startLine = 0,
        startColumn = 0,
        endLine = 0,
        endColumn = 0,
      } = deletedRegion;
      const text = insertedContent?.text ?? '';
      bytes = Buffer.concat([
        bytes.subarray(0, byteOffset),
        Buffer.from(text),
        bytes.subarray(byteOffset + byteLength),
      ]);
      const kept = [
        ...(lines[startLine - 1]?.slice(0, startColumn - 1) ?? []),
        ...[...text],
        ...(lines[endLine - 1]?.slice(endColumn - 1) ?? []),
      ];
      const middle = kept
        .join('')
        .split('\r\n')
        .map((line) => [...line]);
      lines = [...lines.slice(0, startLine - 1), ...middle, ...lines.slice(endLine)];
    }
    const written = readFileSync(join(target, 'a.py'));
    expect(bytes).toEqual(written);
    expect(lines.map((line) => line.join('')).join('\r\n')).toBe(written.toString().slice(1));
  });

  it('tells the evidence, and files in trouble as notifications', async () => {
    const log = await sarif(project({ 'a.py': shared('A'), 'old.py': files['old.py'] }));
    expect(resultsOf(log)[0]?.relatedLocations).toMatchObject([
      { physicalLocation: { artifactLocation: { uri: 'a.py' }, region: { startLine: 5, startColumn: 9 } } },
    ]);
    expect(log.runs[0]?.invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: 'error',
            locations: [{ physicalLocation: { artifactLocation: { uri: 'old.py' }, region: { startLine: 6 } } }],
          },
        ],
      },
    ]);
  });

  it('of nothing is valid too, as is that of a batch, which tells what is left', async () => {
    expect(resultsOf(await sarif(project({})))).toEqual([]);
    const folder = project({ 'a.py': shared('A'), 'm.py': memo('M') });
    expect(resultsOf(await sarif(folder, '--batch')).map(({ message }) => message.text)).toEqual([
      expect.stringMatching(/^M\.data: /),
    ]);
    expect(contents(folder)['a.py']).toBe(fixed('A'));
  });

  it('goes to --output', async () => {
    const folder = project({ 'a.py': shared('A') });
    expect(await pyleak(folder, '--format', 'sarif', '--output', 'leaks.sarif')).toMatchObject({
      stdout: Buffer.alloc(0),
    });
    expect(validate(JSON.parse(readFileSync(join(folder, 'leaks.sarif'), 'utf8')))).toBe(true);
  });
});

/** A workflow command taken apart as the runner does it (actions/runner, ActionCommand). */
function parsed(line: string) {
  const [, kind, properties = '', data = ''] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
  const decoded = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
  const pairs = properties.split(',').map((pair): [string, string] => {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    return [name, decoded(value.replaceAll('%3A', ':').replaceAll('%2C', ','))];
  });
  return { kind, properties: Object.fromEntries(pairs), message: decoded(data) };
}

describe('--format github', () => {
  it('is one warning for each finding that the runner reads back, and an error for a file in trouble', async () => {
    const folder = project(files);
    const { stdout, stderr } = await pyleak(folder, '--format', 'github');
    const { findings, errors } = await reportOf(folder);
    const commands = stdout.toString().split('\n').slice(0, -1).map(parsed);
    expect(commands.map(({ kind, properties }) => [kind, properties])).toEqual([
      ...findings.map(({ rule, path, start, end }) => [
        'warning',
        {
          title: `pyleak-fix (${rule})`,
          file: path,
          line: String(start.line),
          endLine: String(end.line),
          ...(start.line === end.line ? { col: String(start.column), endColumn: String(end.column) } : {}),
        },
      ]),
      ...errors.map(({ path, line, column }) => [
        'error',
        { title: 'pyleak-fix (syntax)', file: path, line: String(line), col: String(column) },
      ]),
    ]);
    expect(stdout.toString()).toContain('file=shop/a b%2Cc%3A%25.py,');
    expect(commands[1]?.message).toMatch(/^shop\/a b,c:%\.py:2:5: class-mutable-default A\.items: /);
    expect(stderr).toMatch(/Would fix \d of 4 findings\.\n/);
  });

  it('names the files from the top of the checkout, where the job says where that is', async () => {
    const folder = project({ 'backend/shop/a.py': shared('A') });
    const at = (top: string) => ({ GITHUB_WORKSPACE: top, CI_PROJECT_DIR: top });
    const run = async (format: string, top: string) => {
      return text(startWith(at(top), join(folder, 'backend'), '--format', format).stdout);
    };
    expect(await run('github', folder)).toContain('file=backend/shop/a.py,');
    expect(await run('github', join(folder, 'elsewhere'))).toContain('file=shop/a.py,');
    expect(await run('gitlab', folder)).toContain('"path": "backend/shop/a.py"');
    expect(await run('sarif', folder)).toContain('"uri": "backend/shop/a.py"');
  });
});

describe('--format gitlab', () => {
  it('is an array of issues with what GitLab asks for, the fingerprints all different', async () => {
    const folder = project(files);
    const { stdout } = await pyleak(folder, '--format', 'gitlab');
    const issues = JSON.parse(stdout.toString()) as Record<string, unknown>[];
    const { findings } = await reportOf(folder);
    expect(issues).toEqual([
      ...findings.map(({ id, rule, path, symbol, start, end }) => ({
        description: expect.stringMatching(new RegExp(`^${symbol}: `)),
        check_name: rule,
        fingerprint: id,
        severity: 'major',
        location: { path, lines: { begin: start.line, end: end.line } },
      })),
      {
        description: expect.stringContaining('could not be parsed'),
        check_name: 'syntax',
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        severity: 'major',
        location: { path: 'old.py', lines: { begin: 6 } },
      },
    ]);
    expect(new Set(issues.map((issue) => issue['fingerprint'])).size).toBe(issues.length);
    expect(JSON.parse((await pyleak(project({}), '--format', 'gitlab')).stdout.toString())).toEqual([]);
  });
});

describe('text', () => {
  it('has what is left by file, each with a place that terminals link and its source', async () => {
    const two = `${memo('M')}\n\n${memo('N').replace('data = {}', 'data = {  # 😀\n    }')}`;
    const { stderr } = await pyleak(project({ 'a.py': two, 'b/c.py': memo('O').replaceAll('    ', '\t') }));
    const shown = stderr.replaceAll(/— .*/g, '— why').split('\nWould')[0];
    expect(shown).toBe(
      [
        'a.py:2:5 class-mutable-default M.data — why',
        '  2 |     data = {}',
        '    |     ^^^^^^^^^',
        'a.py:11:5 class-mutable-default N.data — why',
        '  11 |     data = {  # 😀',
        '     |     ^^^^^^^^^^^^^^',
        '',
        'b/c.py:2:2 class-mutable-default O.data — why',
        '  2 |     data = {}',
        '    |     ^^^^^^^^^',
        '',
      ].join('\n'),
    );
  });

  it('cuts a long line', async () => {
    const long = memo('M').replace('data = {}', `data = {}; x = "${'y'.repeat(5000)}"`);
    const { stderr } = await pyleak(project({ 'a.py': long }));
    const lines = stderr.split('\n');
    expect(lines[1]).toMatch(/^ {2}2 | {4}data = \{\}; x = "y+…$/);
    expect(lines[1]?.length).toBeLessThan(120);
    expect(lines[2]).toBe('    |     ^^^^^^^^^');
  });
});

describe('nothing that a terminal would act on is printed raw', () => {
  const nasty = {
    'a\x1b[2J\r\u202e\x9b.py': memo('M').replace('data = {}', 'data = {}  # \x1b[2J \u202e \x07'),
    'b\n::error::x.py': memo('N'),
  };

  it.each(['text', 'json', 'sarif', 'github', 'gitlab'])('%s', async (format) => {
    const { stdout, stderr, status } = await pyleak(project(nasty), '--format', format);
    expect(status).toBe(1);
    expect(stdout.toString()).not.toMatch(RAW);
    expect(stderr).not.toMatch(RAW);
    if (format === 'github') expect(stdout.toString().match(/^::/gm)).toHaveLength(2);
    if (format === 'sarif') await sarif(project(nasty));
  });

  it('the settings', async () => {
    const folder = project({ 'pyproject.toml': '[tool.pyleak-fix]\nexclude = ["\\u001b[2J\\u202e\\u007f"]\n' });
    const { stdout } = await pyleak(folder, '--show-settings', 'x\x1b');
    expect(stdout.toString()).not.toMatch(RAW);
    writeFileSync(join(folder, 'pyproject.toml'), stdout);
    expect((await pyleak(folder, '--show-settings')).stdout.toString()).toContain('\\u001b[2J\\u202e\\u007f');
  });
});
