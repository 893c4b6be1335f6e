/** What the review lets a person change on a real terminal: another strategy, an edit, an answer taken back; and the terminal itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, fixed, isInstalled, memo, project, pyleak, shared } from '../support/cli.ts';
import { at, play, type Step } from '../support/pty.ts';

/** A class whose list one method uses alone: it can become a local name too. */
const scratchpad = (name: string) =>
  `class ${name}:\n    items = []\n\n    def fill(self):\n        self.items.clear()\n        self.items.append(1)\n        return len(self.items)\n`;

/** Two classes, the inner of which stands in the way of the outer's second strategy and the other way round. */
const nested = `class Outer:
    rows = []

    def fill(self):
        outer = self
        self.rows.append(1)

        class Inner:
            cells = [len(outer.rows)]

            def add(self):
                self.cells.append(1)

        return Inner
`;

const skipped = 'on a pseudo-terminal (skipped where python3 is not installed)';

describe.skipIf(!isInstalled('python3'))(`another strategy, ${skipped}`, () => {
  it('s draws the change anew with the next one, and y applies what is shown', async () => {
    const folder = project({ 'a.py': scratchpad('A') });
    const steps: Step[] = [...at(1, 's\n'), ['strategy 2 of 2', {}], [')?', { send: 'y\n' }]];
    const { status, screen } = await play(folder, steps);
    expect(screen).toContain('local: ');
    expect(status).toBe(0);
    expect(contents(folder)['a.py']).toContain('    def fill(self):\n        items = []\n');
  });
});

describe.skipIf(!isInstalled('python3'))(`an answer taken back, ${skipped}`, () => {
  const files = { 'a.py': `${shared('A')}\n\n${shared('B')}`, 'c.py': shared('C') };

  it('u asks again about the last change, also of another file', async () => {
    const folder = project(files);
    const steps = [...at(1, 'y\n'), ...at(2, 'y\n'), ...at(3, 'u\n'), ...at(2, 'u\n'), ...at(1, 'n\n')];
    const { status } = await play(folder, [...steps, ...at(2, 'n\n'), ...at(3, 'y\n')]);
    expect(status).toBe(1);
    expect(contents(folder)).toMatchObject({ 'a.py': files['a.py'], 'c.py': fixed('C') });
  });

  it('u after a takes back all that followed from it', async () => {
    const folder = project(files);
    await play(folder, [...at(1, 'a\n'), ...at(3, 'u\n'), ...at(1, 'n\n'), ...at(2, 'y\n'), ...at(3, 'n\n')]);
    expect(contents(folder)).toMatchObject({ 'a.py': `${shared('A')}\n\n${fixed('B')}`, 'c.py': files['c.py'] });
  });

  it('u takes back an edit', async () => {
    const folder = project(files);
    const env = { EDITOR: 'sed -i s/append/extend/' };
    const steps = [...at(1, 'e\n'), ...at(2, 'u\n'), ...at(1, 'n\n'), ...at(2, 'y\n'), ...at(3, 'n\n')];
    await play(folder, steps, ['-i'], { env });
    expect(contents(folder)['a.py']).toBe(`${shared('A')}\n\n${fixed('B')}`);
  });
});

describe.skipIf(!isInstalled('python3'))(`changes in each other's way, ${skipped}`, () => {
  const argv = ['-i', '--strategy', 'class-mutable-default=local'];

  it('one that what was accepted leaves no way for says by what', async () => {
    const folder = project({ 'a.py': nested });
    const { screen } = await play(folder, at(1, 'y\n'), argv);
    expect(screen).toMatch(/cannot be chosen: it overlaps the fix of|Passed over: it overlaps the fix of/);
  });

  it('one that was rejected is in nobody’s way', async () => {
    const { screen } = await play(project({ 'a.py': nested }), [...at(1, 'n\n'), ...at(2, 'n\n')], argv);
    expect(screen).not.toContain('it overlaps');
  });
});

describe.skipIf(!isInstalled('python3'))(`an edit, ${skipped}`, () => {
  const files = { 'a.py': `${shared('A')}\n\n${shared('B')}`, 'c.py': shared('C') };

  it('e opens the file as it would be, and later answers in it build on what was made of it', async () => {
    const folder = project(files);
    const env = { VISUAL: "sed -i -e '1i # mine' -e 's/A:/A(object):/'", EDITOR: 'false' };
    const { status } = await play(folder, [...at(1, 'e\n'), ...at(2, 'y\n'), ...at(3, 'n\n')], ['-i'], { env });
    expect(status).toBe(1);
    expect(contents(folder)['a.py']).toBe(`# mine\n${fixed('A').replace('A:', 'A(object):')}\n\n${fixed('B')}`);
    await pyleak(folder, 'undo');
    expect(contents(folder)).toMatchObject(files);
  });

  it('one that breaks the syntax is told of, with the place, and not taken', async () => {
    const folder = project(files);
    const env = { EDITOR: 'sed -i s/class.A:/class:/' };
    const steps: Step[] = [...at(1, 'e\n'), ['syntax error (line 1, column ', {}], [')?', { send: 'n\n' }]];
    const { stuck } = await play(folder, [...steps, ...at(2, 'q\n')], ['-i'], { env });
    expect(stuck).toBeUndefined();
    expect(contents(folder)).toMatchObject(files);
  });

  it('the editor has the terminal, and the review has it after', async () => {
    const folder = project(files);
    const editor = join(folder, 'editor.sh');
    writeFileSync(editor, 'echo READY; read line; echo "# $line" >> "$1"\n');
    const steps: Step[] = [...at(1, 'e\n'), ['READY', { send: 'typed in the editor\n' }], ...at(2, 'q\n')];
    const { restored } = await play(folder, steps, ['-i'], { env: { EDITOR: `sh ${editor}` } });
    expect(restored).toBe(true);
    expect(contents(folder)['a.py']).toBe(`${fixed('A')}\n\n${shared('B')}# typed in the editor\n`);
  });

  it('Ctrl-C in the editor is the editor’s, and no answer', async () => {
    const folder = project(files);
    const editor = join(folder, 'editor.sh');
    writeFileSync(editor, 'echo READY; read line\n');
    const steps: Step[] = [
      ...at(1, 'e\n'),
      ['READY', { send: '\x03' }],
      ['nothing was taken', {}],
      [')?', { send: 'q\n' }],
    ];
    const { status, restored } = await play(folder, steps, ['-i'], { env: { EDITOR: `sh ${editor}` } });
    expect([status, restored]).toEqual([1, true]);
    expect(contents(folder)).toMatchObject(files);
  });

  it('SIGTERM in the editor ends both, with nothing written and the terminal as it was', async () => {
    const folder = project(files);
    const editor = join(folder, 'editor.sh');
    writeFileSync(editor, 'echo READY; read line\n');
    const steps: Step[] = [...at(1, 'e\n'), ['READY', { signal: 'SIGTERM' }]];
    const { status, restored, screen } = await play(folder, steps, ['-i'], { env: { EDITOR: `sh ${editor}` } });
    expect([status, restored]).toEqual([143, true]);
    expect(screen).toContain('Interrupted: nothing was written.');
    expect(contents(folder)).toMatchObject(files);
  });

  it('what the edit adds is asked about, and what it takes away is done', async () => {
    const folder = project(files);
    const editor = join(folder, 'editor.sh');
    const edited = `${fixed('A')}\n\n${memo('D')}`;
    writeFileSync(join(folder, 'edited'), edited);
    writeFileSync(editor, `cat ${join(folder, 'edited')} > "$1"\n`);
    const steps: Step[] = [
      ...at(1, 'e\n'),
      ['D.data', {}],
      [')?', { send: 'n\n' }],
      ['C.items', {}],
      [')?', { send: 'y\n' }],
    ];
    const { status } = await play(folder, steps, ['-i'], { env: { EDITOR: `sh ${editor}` } });
    expect(status).toBe(1);
    expect(contents(folder)).toMatchObject({ 'a.py': edited, 'c.py': fixed('C') });
  });
});

describe.skipIf(!isInstalled('python3'))(`the terminal, ${skipped}`, () => {
  it('may become narrow meanwhile', async () => {
    const folder = project({ 'a.py': `${shared('A')}\n\n${shared('B')}` });
    const steps = [...at(1, { resize: [20, 50], send: 'n\n' }), ...at(2, 'q\n')];
    const { screen, stuck } = await play(folder, steps);
    expect(stuck).toBeUndefined();
    const [, wide = '', narrow = ''] = screen.split(/\d of 2 · /);
    const longest = (text: string) =>
      Math.max(...(text.split('\n---')[0] ?? '').split('\n').map((line) => line.length));
    expect(longest(wide)).toBeGreaterThan(50);
    expect(longest(narrow)).toBeLessThanOrEqual(50);
  });

  it('has colours, but with NO_COLOR none, and says the same', async () => {
    const [coloured, plain] = await Promise.all(
      ['', '1'].map((NO_COLOR) => play(project({ 'a.py': memo('M') }), at(1, 'n\n'), ['-i'], { env: { NO_COLOR } })),
    );
    expect(coloured?.raw).toMatch(/\x1b\[3[123]m/);
    expect(plain?.raw).not.toMatch(/\x1b\[[0-9;]*m/);
    expect(plain?.screen).toMatch(/^ {2}(not met|unknown) /m);
  });
});

it.skipIf(!isInstalled('python3'))(
  `two thousand changes are asked about without a pause between them, ${skipped}`,
  async () => {
    const classes = (file: number) =>
      Array.from({ length: 20 }, (_, index) => shared(`C${file}_${index}`)).join('\n\n');
    const folder = project(
      Object.fromEntries(
        Array.from({ length: 100 }, (_, file) => [`m${String(file).padStart(3, '0')}.py`, classes(file)]),
      ),
    );
    const answers = Array.from({ length: 60 }, (_, index) => at(index + 1, index % 3 === 0 ? 'n\n' : 'y\n')).flat();
    const { waited, status } = await play(folder, [...answers, ...at(61, 'A\n')]);
    expect(status).toBe(1);
    // The first has to wait for the findings; each of the others for itself alone.
    for (const seconds of waited.slice(2)) expect(seconds).toBeLessThan(1);
    const after = Object.values(contents(folder)).join('');
    expect(after.match(/def __init__/g)).toHaveLength(1980);
  },
);
