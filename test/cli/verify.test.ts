/** `--verify`: what the user's own command does not pass with is found, rolled back and told; the rest stays. */

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { mostRuns } from '../../src/trial/ddmin.ts';
import { contents, fixed, isInstalled, project, pyleak, shared, startWith } from '../support/cli.ts';
import { at, play } from '../support/pty.ts';

const scratch = mkdtempSync(join(tmpdir(), 'pyleak-fix-verify-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** One line for each run of the command. */
const log = join(scratch, 'runs');
const runs = () => readFileSync(log, 'utf8').split('\n').length - 1;
beforeEach(() => writeFileSync(log, ''));

const names = Array.from({ length: 12 }, (_, index) => `m${index}`);
const before = Object.fromEntries(names.map((name) => [`${name}.py`, shared(name)]));
const after = Object.fromEntries(names.map((name) => [`${name}.py`, fixed(name)]));
const twelve = () => project(before);
/** Enough where nothing is searched for. */
const few = { 'm4.py': shared('m4'), 'm5.py': shared('m5') };
const fewFixed = { 'm4.py': fixed('m4'), 'm5.py': fixed('m5') };
/** A command that notes its run, and then does this. */
const noted = (line: string) => `echo run >> ${log}; ${line}`;
const isFixed = (name: string) => `grep -q __init__ ${name}.py`;
/** A suite in which the fix of one file breaks a test, and one in which two fixes break it only together. */
const ONE = noted(`if ${isFixed('m5')}; then echo m5 is meant to be shared; exit 3; fi`);
const PAIR = noted(`if ${isFixed('m2')} && ${isFixed('m9')}; then echo one of them has to be shared; exit 1; fi`);

const without = (...kept: string[]) => ({
  ...after,
  ...Object.fromEntries(kept.map((name) => [`${name}.py`, shared(name)])),
});

describe('of twelve fixes', () => {
  it('one that breaks a test is rolled back, in the runs that delta debugging promises', async () => {
    const folder = twelve();
    const { status, stdout, stderr } = await pyleak(folder, '--batch', '--format', 'json', '--verify', ONE);
    expect(status).toBe(1);
    expect(contents(folder)).toMatchObject(without('m5'));
    // Before anything is written, with all fixes, the search, and with those that stay.
    expect(runs()).toBeLessThanOrEqual(3 + mostRuns(12).single);
    const report = JSON.parse(stdout.toString()) as Report;
    expect(report.findings.filter(({ status }) => status !== 'applied')).toMatchObject([
      {
        symbol: 'm5.items',
        status: 'rolled-back',
        reason: `with it, \`${ONE}\` ends with exit status 3\nm5 is meant to be shared`,
      },
    ]);
    expect(report.files).toHaveLength(11);
    expect(stderr).toContain('Rolled back m5.items (m5.py): ');
    expect(stderr).toContain('\n  m5 is meant to be shared\n');
    expect(stderr).toContain(`it passes with 11 of 12 changes (${runs()} runs).\n`);
    await pyleak(folder, 'undo');
    expect(contents(folder)).toMatchObject(before);
  });

  it('one over two files is rolled back in both', async () => {
    const scene = {
      'nodes.py': `class Node:
    def __init__(self, scene):
        self.scene = scene
        scene.nodes.append(self)


class Scene:
    def __init__(self):
        self.nodes = []
        self.time = 0
`,
      'render.py': `from nodes import Node, Scene


def render(node: Node):
    return node.scene.time


def frame():
    scene = Scene()
    print(render(Node(scene)))
`,
    };
    const folder = project({ ...few, ...scene });
    const breaks = noted('if grep -q "scene()" render.py; then echo the scene is gone; exit 1; fi');
    const by = ['--select', 'class-mutable-default,parent-pointer', '--strategy', 'parent-pointer=ref'];
    const { status, stderr } = await pyleak(folder, '--batch', ...by, '--verify', breaks);
    expect(status).toBe(1);
    expect(contents(folder)).toMatchObject({ ...fewFixed, ...scene });
    expect(stderr).toContain('Rolled back Node.scene (nodes.py): ');
    expect(stderr).toContain('it passes with 2 of 3 changes');
    await pyleak(folder, 'undo');
    expect(contents(folder)).toMatchObject({ ...few, ...scene });
  });

  it('two that break it only together are both rolled back', async () => {
    const folder = twelve();
    const { status, stderr } = await pyleak(folder, '--batch', '--verify', PAIR);
    expect(status).toBe(1);
    expect(contents(folder)).toMatchObject(without('m2', 'm9'));
    expect(runs()).toBeLessThanOrEqual(3 + mostRuns(12).several);
    expect(runs()).toBe(23);
    expect(stderr).toContain('Rolled back m2.items (m2.py) and m9.items (m9.py): with them together, ');
    expect(stderr).toMatch(/m2\.py:2:5 class-mutable-default m2\.items — together with m9\.items \(m9\.py\), /);
  });

  it('it is the same over copies, several at once, which are gone afterwards', async () => {
    const folder = twelve();
    const room = join(scratch, 'tmp');
    mkdirSync(room);
    const argv = ['--batch', '--verify', PAIR, '--verify-jobs', '3'];
    const child = startWith({ TMPDIR: room }, folder, ...argv);
    const [status] = await once(child, 'close');
    expect([status, readdirSync(room)]).toEqual([1, []]);
    expect(contents(folder)).toMatchObject(without('m2', 'm9'));
  });

  it('none is written where the command fails as it is', async () => {
    const folder = project(few);
    const { status, stderr } = await pyleak(folder, '--batch', '--verify', 'echo broken before; exit 4');
    expect(status).toBe(2);
    expect(stderr).toBe(
      'broken before\nerror: nothing was changed: `echo broken before; exit 4` fails as it is (exit status 4)\n',
    );
    expect(contents(folder)).toEqual({ ...few, 'pyproject.toml': '' });
  });

  it('all stay where it passes, in two runs', async () => {
    const folder = project(few);
    const { status, stderr } = await pyleak(folder, '--batch', '--verify', noted('true'));
    expect([status, runs()]).toEqual([0, 2]);
    expect(stderr).toContain('it passes with 2 changes (2 runs).\n');
    expect(contents(folder)).toMatchObject(fewFixed);
  });

  it('no copy is trusted that does not do what the project does', async () => {
    const folder = project({ ...few, '.git/HEAD': 'ref: refs/heads/main\n' });
    const line = `test -e .git && ! ${isFixed('m5')}`;
    const { stderr } = await pyleak(folder, '--batch', '--allow-dirty', '--verify', line, '--verify-jobs', '2');
    expect(stderr).toContain('does not do on a copy of the project what it does there: one run at a time.\n');
    expect(contents(folder)).toMatchObject({ ...few, 'm4.py': fixed('m4') });
  });

  it('several projects are tried together', async () => {
    const folder = project({ 'a/setup.py': '', 'a/m4.py': shared('m4'), 'b/setup.py': '', 'b/m5.py': shared('m5') });
    const { stderr } = await pyleak(folder, '--batch', '--verify', `! ${isFixed('b/m5')}`);
    expect(stderr).toContain('it passes with 1 of 2 changes');
    expect(contents(folder)).toMatchObject({ 'a/m4.py': fixed('m4'), 'b/m5.py': shared('m5') });
    await pyleak(join(folder, 'a'), 'undo');
    expect(contents(folder)).toMatchObject({ 'a/m4.py': shared('m4'), 'b/m5.py': shared('m5') });
  });

  it('a run that takes too long counts as failed', async () => {
    const folder = project({ 'm5.py': shared('m5') });
    const line = `if ${isFixed('m5')}; then sleep 60; fi`;
    const { stderr } = await pyleak(folder, '--batch', '--verify', line, '--timeout', '0.5');
    expect(stderr).toContain('ends with no end within 0.5 s');
    expect(contents(folder)).toMatchObject({ 'm5.py': shared('m5') });
  });

  it('what the command itself has changed is not put back, and told', async () => {
    const folder = project({ 'm5.py': shared('m5'), 'm6.py': shared('m6') });
    const { status, stderr } = await pyleak(
      folder,
      '--batch',
      '--verify',
      `if ${isFixed('m5')}; then echo >> m6.py; exit 1; fi`,
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/^m6\.py: changed: not put back: it was changed since the run/m);
    expect(contents(folder)['m5.py']).toBe(shared('m5'));
    expect(contents(folder)['m6.py']).toMatch(/^class m6:\n {4}def __init__.*\n\n$/s);
  });
});

/** A command that passes at first, and does this to the program once something is written. */
const later = (what: string) => noted(`if ${isFixed('m5')}; then ${what}; fi`);

describe('ended while the command runs', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])('by %s: nothing stays, and that is said', async (signal, status) => {
    const folder = project(few);
    const ran = await pyleak(folder, '--batch', '--verify', later(`kill -${signal.slice(3)} $PPID; sleep 60`));
    expect(ran.status).toBe(status);
    expect(ran.stderr).toContain('Interrupted: nothing was written.\n');
    expect(contents(folder)).toEqual({ ...few, 'pyproject.toml': '' });
  });

  it.each([
    ['undo', async (folder: string) => (await pyleak(folder, 'undo')).stderr, 'restored m5.py\n'],
    [
      'the next run',
      async (folder: string) => (await pyleak(folder, '--batch', 'm4.py')).stderr,
      '2 of 2 files: they were put back.\n',
    ],
  ] as const)('by a kill: %s puts the files back', async (_, next, said) => {
    const folder = project(few);
    const ran = await pyleak(folder, '--batch', '--verify', later('kill -KILL $PPID'));
    expect(ran.status).toBeNull();
    expect(contents(folder)).toMatchObject(fewFixed);
    expect(await next(folder)).toContain(said);
    expect(contents(folder)['m5.py']).toBe(shared('m5'));
  });
});

describe.skipIf(!isInstalled('python3'))('a review', () => {
  const two = () => project(few);

  it('keeps what the command passes with, and shows how far it is', async () => {
    const folder = two();
    const { status, screen } = await play(folder, [...at(1, 'y\n'), ...at(2, 'y\n')], ['-i', '--verify', ONE]);
    expect(status).toBe(1);
    expect(screen).toMatch(/Verifying, run \d+, about \d+ left: 2 changes suspected/);
    expect(screen).toContain('Rolled back m5.items (m5.py): ');
    expect(contents(folder)).toMatchObject({ 'm4.py': fixed('m4'), 'm5.py': shared('m5') });
  });

  it('that is interrupted there has written nothing and keeps its answers', async () => {
    const folder = two();
    const steps = [...at(1, 'y\n'), ...at(2, 'y\n'), ['run 2', { send: '\x03' }] as const];
    const { status, screen } = await play(folder, steps, ['-i', '--verify', later('sleep 60')]);
    expect(status).toBe(130);
    expect(screen).toContain('Interrupted: nothing was written.');
    expect(screen).toContain('2 answers are kept');
    expect(contents(folder)).toMatchObject({ 'm4.py': shared('m4'), 'm5.py': shared('m5') });
  });

  it('that is killed in the middle goes on with its answers', async () => {
    const folder = two();
    await play(folder, [...at(1, 'n\n'), ...at(2, 'y\n')], ['-i', '--verify', later('kill -KILL $PPID')]);
    expect(contents(folder)).toMatchObject({ 'm5.py': fixed('m5') });
    const { screen } = await play(folder, [], ['--resume', '--verify', noted('true')]);
    expect(screen).toContain('they were put back.');
    expect(screen).toContain('Going on with the review that was left: 2 answers are kept.');
    expect(contents(folder)).toMatchObject({ 'm4.py': shared('m4'), 'm5.py': fixed('m5') });
  });
});
