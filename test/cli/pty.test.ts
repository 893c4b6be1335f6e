/** The review of `--interactive` on a real terminal: what each key does, and how it ends. A pseudo-terminal plays the person. */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, fixed, isInstalled, memo, project, shared } from '../support/cli.ts';
import { type Action, at, play, type Step } from '../support/pty.ts';

const files = { 'a.py': `${shared('A')}\n\n${shared('B')}`, 'c.py': shared('C'), 'm.py': memo('M') };
/** The names of the files that differ from those above. */
const changed = (folder: string) =>
  Object.entries(contents(folder))
    .filter(([path, now]) => path in files && now !== files[path as keyof typeof files])
    .map(([path]) => path);

describe.skipIf(!isInstalled('python3'))('on a pseudo-terminal (skipped where python3 is not installed)', () => {
  it('shows where, why it leaks, what was checked, the diff, and which of how many', async () => {
    const { screen, restored } = await play(project(files), at(1, 'q\n'));
    expect(screen).toContain('1 of 4 · class-mutable-default · A.items · a.py:2\n');
    expect(screen).toContain('a.py:5:9: `add` changes it');
    expect(screen).toMatch(/^ {2}met +no-class-level-access: /m);
    expect(screen).toContain('+        self.items = []\n');
    expect(restored).toBe(true);
  });

  it('y applies a change, n skips it, and something skipped is status 1', async () => {
    const folder = project(files);
    const steps = [...at(1, 'n\n'), ...at(2, 'y\n'), ...at(3, 'n\n'), ...at(4, 'y\n')];
    expect(await play(folder, steps)).toMatchObject({ status: 1, restored: true });
    expect(contents(folder)['a.py']).toBe(`${shared('A')}\n\n${fixed('B')}`);
    expect(changed(folder)).toEqual(['a.py', 'm.py']);
  });

  it('Enter applies a safe change and skips an unsafe one', async () => {
    const folder = project(files);
    await play(folder, [...at(1, '\n'), ...at(2, '\n'), ...at(3, '\n'), ...at(4, '\n')]);
    expect(changed(folder)).toEqual(['a.py', 'c.py']);
  });

  it('a applies and d skips the rest of the file', async () => {
    const [applied, skipped] = [project(files), project(files)];
    await play(applied, [...at(1, 'a\n'), ...at(3, 'n\n'), ...at(4, 'n\n')]);
    await play(skipped, [...at(1, 'd\n'), ...at(3, 'y\n'), ...at(4, 'n\n')]);
    expect(contents(applied)['a.py']).toBe(`${fixed('A')}\n\n${fixed('B')}`);
    expect(changed(applied)).toEqual(['a.py']);
    expect(changed(skipped)).toEqual(['c.py']);
  });

  it('A applies all that remain, and then nothing is left', async () => {
    const folder = project(files);
    expect(await play(folder, at(1, 'A\n'))).toMatchObject({ status: 0, restored: true });
    expect(changed(folder)).toEqual(['a.py', 'c.py', 'm.py']);
  });

  it.each([
    ['q', 'q\n'],
    ['Ctrl-D', '\x04'],
  ])('%s stops: what was accepted is written', async (_, key) => {
    const folder = project(files);
    expect(await play(folder, [...at(1, 'y\n'), ...at(2, key)])).toMatchObject({ status: 1, restored: true });
    expect(contents(folder)['a.py']).toBe(`${fixed('A')}\n\n${shared('B')}`);
    expect(changed(folder)).toEqual(['a.py']);
  });

  it.each([
    ['Ctrl-C', 130, { send: '\x03' }],
    ['SIGTERM', 143, { signal: 'SIGTERM' }],
    ['hang-up', 129, { signal: 'SIGHUP' }],
  ] satisfies [string, number, Action][])(
    '%s writes nothing, says so, leaves the terminal as it was and exits with %d',
    async (_, expected, action) => {
      const folder = project(files);
      const { status, screen, restored } = await play(folder, [...at(1, 'y\n'), ...at(2, action)]);
      expect([status, restored]).toEqual([expected, true]);
      expect(screen).toContain('nothing was written');
      expect(changed(folder)).toEqual([]);
    },
  );

  it('? explains the keys, an unknown one is named, and the question is asked again', async () => {
    const steps: Step[] = [
      ...at(1, '?\n'),
      ['y - apply this change', {}],
      [')?', { send: 'x\n' }],
      ['There is no key x', {}],
      [')?', { send: 'q\n' }],
    ];
    expect((await play(project(files), steps)).stuck).toBeUndefined();
  });

  it('what is typed ahead answers the questions to come', async () => {
    const folder = project(files);
    await play(folder, at(1, 'n\nn\ny\nn\n'));
    expect(changed(folder)).toEqual(['c.py']);
  });

  it('the review stays on the terminal when stdout is redirected', async () => {
    const folder = project(files);
    const report = join(folder, 'report.json');
    const { status, screen } = await play(folder, [...at(1, 'y\n'), ...at(2, 'q\n')], ['-i', '--format', 'json'], {
      stdout: report,
    });
    expect(status).toBe(1);
    expect(screen).toContain('2 of 4 · ');
    const { findings, summary } = JSON.parse(readFileSync(report, 'utf8'));
    const statuses = findings.map((finding: { status: string }) => finding.status);
    expect(statuses).toEqual(['applied', 'rejected', 'rejected', 'rejected']);
    expect(summary).toMatchObject({ findings: 4, planned: 0, applied: 1, skipped: 3 });
  });

  it.each([
    ['before its turn', 'c.py', [...at(4, 'n\n')]],
    ['while it is asked about', 'a.py', [...at(3, 'n\n'), ...at(4, 'n\n')]],
  ] as const)('a file changed %s is left alone and reported: status 2', async (_, path, rest) => {
    const folder = project(files);
    const change: Action = { write: [join(folder, path), '# mine\n'], send: 'a\n' };
    const { status, screen } = await play(folder, [...at(1, change), ...rest]);
    expect(status).toBe(2);
    expect(screen).toMatch(new RegExp(`^${path}: changed: `, 'm'));
    expect(contents(folder)[path]).toBe('# mine\n');
  });

  it('a file without write permission is reported and not asked about: status 2', async () => {
    const folder = project(files);
    chmodSync(join(folder, 'a.py'), 0o444);
    const { status, screen } = await play(folder, [...at(3, 'y\n'), ...at(4, 'y\n')]);
    expect(status).toBe(2);
    expect(screen).toMatch(/^a\.py: io: the file has no write permission \(mode 0444\)$/m);
    expect(screen).not.toContain('1 of 4');
    expect(changed(folder)).toEqual(['c.py', 'm.py']);
  });

  it('nothing of the file acts on the terminal, with colours and without', async () => {
    const nasty = shared('A').replace('[]', '[]  # \x1b[2J\u202e');
    for (const argv of [['--dry-run'], ['--dry-run', '--no-color'], ['-i']]) {
      const { screen, stuck } = await play(project({ 'x\x07.py': nasty }), argv[0] === '-i' ? at(1, 'q\n') : [], argv);
      expect(stuck).toBeUndefined();
      expect(screen).toContain('\\x1b[2J\\u202e');
      expect(screen).not.toMatch(/[\x07\u202e]/);
    }
  });
});
