/** A review that was left or killed goes on where it was, with the answers that still count; and two do not get mixed up. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { contents, fixed, isInstalled, memo, PROGRAM, project, pyleak, run, shared } from '../support/cli.ts';
import { type Action, at, play, type Step } from '../support/pty.ts';

const files = { 'a.py': `${shared('A')}\n\n${shared('B')}`, 'c.py': shared('C'), 'm.py': memo('M') };
const kept = (folder: string) => existsSync(join(folder, '.pyleak-fix/answers.jsonl'));
const skipped = '(skipped where python3 is not installed)';

describe.skipIf(!isInstalled('python3'))(`--resume ${skipped}`, () => {
  it('after q: what was written is said, and what was answered is not asked again', async () => {
    const folder = project(files);
    const left = await play(folder, [...at(1, 'y\n'), ...at(2, 'n\n'), ...at(3, 'q\n')]);
    expect(left.screen).toContain('Stopped: 1 file was written (`pyleak-fix undo` puts it back).\n');
    expect(left.screen).toContain('2 answers are kept: `pyleak-fix --resume` goes on with the review.\n');
    const steps: Step[] = [
      ['C.items', {}],
      [')?', { send: 'y\n' }],
      ['M.data', {}],
      [')?', { send: 'n\n' }],
    ];
    const { status, screen } = await play(folder, steps, ['-i', '--resume']);
    expect(status).toBe(1);
    expect(screen).toContain('1 change that you answered before is skipped; u takes the last answer back.\n');
    expect(screen).not.toContain('· B.items');
    expect(contents(folder)).toMatchObject({ 'a.py': `${fixed('A')}\n\n${shared('B')}`, 'c.py': fixed('C') });
    expect(kept(folder)).toBe(false);
  });

  it.each([
    ['Ctrl-C', 130, { send: '\x03' }],
    ['kill -9', -9, { signal: 'SIGKILL' }],
    ['SIGTERM', 143, { signal: 'SIGTERM' }],
    ['hang-up', 129, { signal: 'SIGHUP' }],
  ] satisfies [string, number, Action][])(
    'after %s: nothing was written, and the answers count all the same',
    async (_, status, action) => {
      const folder = project(files);
      const left = await play(folder, [...at(1, 'y\n'), ...at(2, 'n\n'), ...at(3, 'y\n'), ...at(4, action)]);
      expect(left.status).toBe(status);
      expect(contents(folder)).toMatchObject(files);
      const { screen } = await play(folder, at(4, 'y\n'), ['--resume']);
      expect(screen).toContain('Going on with the review that was left: 3 answers are kept.\n');
      expect(screen).toContain('3 changes that you answered before are skipped');
      expect(screen).not.toContain('1 of 4');
      expect(contents(folder)).toMatchObject({ 'a.py': `${fixed('A')}\n\n${shared('B')}`, 'c.py': fixed('C') });
      expect(contents(folder)['m.py']).not.toBe(files['m.py']);
    },
  );

  it('after Ctrl-C behind the last answer, while it is worked out: what was written is said, and the rest is not lost', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `m${index}`);
    const folder = project(Object.fromEntries(names.map((name) => [`${name}.py`, shared(name)])));
    const { status, screen } = await play(folder, [...at(1, 'A\n'), ['? A', { signal: 'SIGINT' }]]);
    expect(status).toBe(130);
    const written = names.filter((name) => contents(folder)[`${name}.py`] === fixed(name)).length;
    expect(screen).toContain(
      written === 0 ? 'Interrupted: nothing was written.' : `Interrupted: ${written} of 300 files were`,
    );
    expect(screen).toMatch(/\d+ answers? (is|are) kept: `pyleak-fix --resume`/);
    expect(existsSync(join(folder, '.pyleak-fix/review.lock'))).toBe(false);
  });

  it('an edit is kept as well, and what was taken back is not', async () => {
    const folder = project(files);
    const env = { EDITOR: "sed -i '1i # mine'" };
    const left = [...at(1, 'e\n'), ...at(2, 'y\n'), ...at(3, 'y\n'), ...at(4, 'u\n'), ...at(3, 'u\n')];
    await play(folder, [...left, ...at(2, { signal: 'SIGKILL' })], ['-i'], { env });
    await play(folder, [...at(2, 'n\n'), ...at(3, 'n\n'), ...at(4, 'n\n')], ['--resume']);
    expect(contents(folder)).toMatchObject({ ...files, 'a.py': `# mine\n${fixed('A')}\n\n${shared('B')}` });
  });

  it('once a review has come to its end nothing is kept, whatever became of the files', async () => {
    const folder = project({ ...files, 'd.py': shared('D'), 'e.py': shared('E') });
    await play(folder, [...at(1, 'a\n'), ...at(3, 'n\n'), ...at(4, 'n\n'), ...at(5, 'n\n'), ...at(6, 'q\n')]);
    writeFileSync(join(folder, 'c.py'), '# mine\n');
    rmSync(join(folder, 'd.py'));
    const steps: Step[] = [
      ['M.data', {}],
      [')?', { send: 'y\n' }],
    ];
    const { screen } = await play(folder, steps, ['--resume']);
    expect(screen).not.toContain('kept: `');
    expect(kept(folder)).toBe(false);
  });

  it('u takes back an answer of the review that was left', async () => {
    const folder = project(files);
    await play(folder, [...at(1, 'y\n'), ...at(2, 'y\n'), ...at(3, '\x03')]);
    await play(folder, [...at(3, 'u\n'), ...at(2, 'n\n'), ...at(3, 'q\n')], ['--resume']);
    expect(contents(folder)['a.py']).toBe(`${fixed('A')}\n\n${shared('B')}`);
  });

  it('a file that has changed since is said and asked about again', async () => {
    const folder = project(files);
    await play(folder, [...at(1, 'y\n'), ...at(2, 'n\n'), ...at(3, 'y\n'), ...at(4, '\x03')]);
    writeFileSync(join(folder, 'a.py'), `# mine\n${files['a.py']}`);
    const steps = [...at(1, 'n\n'), ...at(2, 'y\n'), ...at(4, 'n\n')];
    const { screen } = await play(folder, steps, ['--resume']);
    expect(screen).toContain(
      'a.py has changed since the review was left: the 2 answers about it are asked for again.\n',
    );
    expect(contents(folder)).toMatchObject({ 'a.py': `# mine\n${shared('A')}\n\n${fixed('B')}`, 'c.py': fixed('C') });
  });

  it('what was written and undone is asked about again', async () => {
    const folder = project(files);
    await play(folder, [...at(1, 'y\n'), ...at(2, 'n\n'), ...at(3, 'q\n')]);
    await pyleak(folder, 'undo');
    const { screen } = await play(folder, [...at(1, 'n\n'), ...at(3, 'q\n')], ['--resume']);
    expect(screen).toContain('a.py was put back since it was written: what was applied is asked again.\n');
    expect(contents(folder)).toMatchObject(files);
  });

  it('where nothing was left it starts from the beginning, and says so', async () => {
    const folder = project(files);
    const { screen } = await play(folder, at(1, 'q\n'), ['--resume']);
    expect(screen).toContain('No review was left here: this one starts from the beginning.\n');
  });

  it('without it everything is asked, and the answers of before are not lost', async () => {
    const folder = project(files);
    await play(folder, [...at(1, 'n\n'), ...at(2, 'n\n'), ...at(3, 'q\n')]);
    const { screen } = await play(folder, [...at(1, 'y\n'), ...at(2, '\x03')]);
    expect(screen).toContain('A review was left here, of which 2 answers are kept: --resume goes on with it.');
    await play(folder, [...at(3, 'q\n')], ['--resume']);
    expect(contents(folder)).toMatchObject({ ...files, 'a.py': `${fixed('A')}\n\n${shared('B')}` });
  });

  it.skipIf(!isInstalled('git'))('its state is ignored by git (skipped where git is not installed)', async () => {
    const folder = project(files);
    run('git', ['init', '-q'], folder);
    run('git', ['add', '.'], folder);
    run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-qm', 'start'], folder);
    await play(folder, [...at(1, 'n\n'), ...at(2, 'q\n')]);
    expect(kept(folder)).toBe(true);
    expect(run('git', ['status', '--porcelain', '--untracked-files=all'], folder)).not.toContain('.pyleak-fix');
  });

  it('a review that was killed while it wrote is put back, and its answers are written', async () => {
    const folder = project(files);
    await play(folder, [...at(1, 'a\n'), ...at(3, 'y\n'), ...at(4, '\x03')]);
    const answers = readFileSync(join(folder, '.pyleak-fix/answers.jsonl'), 'utf8');
    // As a kill between the first file and the second leaves it.
    await pyleak(folder, '--batch');
    writeFileSync(join(folder, 'c.py'), shared('C'));
    const index = join(folder, '.pyleak-fix/runs/1/index.json');
    writeFileSync(index, readFileSync(index, 'utf8').replace('"complete": true', '"complete": false'));
    writeFileSync(join(folder, '.pyleak-fix/answers.jsonl'), answers);
    const { screen } = await play(folder, at(4, 'n\n'), ['--resume']);
    expect(screen).toContain('A run was killed after it had written 1 of 2 files: they were put back.\n');
    expect(contents(folder)).toMatchObject({ 'a.py': `${fixed('A')}\n\n${fixed('B')}`, 'c.py': fixed('C') });
    await pyleak(folder, 'undo');
    expect(contents(folder)).toMatchObject(files);
  });
});

describe.skipIf(!isInstalled('python3'))(`two at the same time ${skipped}`, () => {
  it('a second review is refused with who is at it, and the first is none the worse', async () => {
    const folder = project(files);
    // The first waits in its editor for the second to end.
    const EDITOR = 'f() { touch open; while [ ! -e closed ]; do sleep 0.1; done; }; f';
    const first = play(
      folder,
      [...at(1, 'e\n'), ['Nothing was edited', {}], [')?', { send: 'y\n' }], ...at(2, 'q\n')],
      ['-i'],
      {
        env: { EDITOR },
      },
    );
    while (!existsSync(join(folder, 'open'))) await pause(50);
    const second = await play(folder, []);
    writeFileSync(join(folder, 'closed'), '');
    expect(second.status).toBe(2);
    expect(second.screen).toMatch(/another pyleak-fix \(process \d+\) is reviewing in this project; try again/);
    expect((await first).status).toBe(1);
    expect(contents(folder)).toMatchObject({ ...files, 'a.py': `${fixed('A')}\n\n${shared('B')}` });
  });

  it('while another writes nothing is written, and the answers are kept', async () => {
    const folder = project(files);
    const lock = JSON.stringify({ pid: process.pid, started: null });
    const steps = [...at(1, { write: [join(folder, '.pyleak-fix/lock'), lock], send: 'a\n' }), ...at(3, 'q\n')];
    const { status, screen } = await play(folder, steps);
    expect(status).toBe(2);
    expect(screen).toMatch(/is writing in this project; .*; the answers are kept: --resume goes on with the review\n/);
    expect(contents(folder)).toMatchObject(files);
    rmSync(join(folder, '.pyleak-fix/lock'));
    await play(folder, at(3, 'q\n'), ['--resume']);
    expect(contents(folder)['a.py']).toBe(`${fixed('A')}\n\n${fixed('B')}`);
  });

  it('a batch may write meanwhile: the review leaves alone and names what is no longer as it was', async () => {
    const folder = project(files);
    const EDITOR = `f() { "${process.execPath}" "${PROGRAM}" --batch --quiet --exit-zero; }; f`;
    const steps: Step[] = [...at(1, 'e\n'), ['Nothing was edited', {}], [')?', { send: 'a\n' }], ...at(4, 'y\n')];
    const { status, screen } = await play(folder, steps, ['-i'], { env: { EDITOR } });
    expect(status).toBe(2);
    expect(screen).toMatch(/^a\.py: changed: /m);
    expect(screen).toMatch(/^c\.py: changed: /m);
    expect(contents(folder)).toMatchObject({ 'a.py': `${fixed('A')}\n\n${fixed('B')}`, 'c.py': fixed('C') });
    expect((await pyleak(folder, 'undo')).status).toBe(0);
    expect((await pyleak(folder, 'undo')).status).toBe(0);
    expect(contents(folder)).toMatchObject(files);
  });
});
