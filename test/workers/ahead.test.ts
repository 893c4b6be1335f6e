/** Threads say what one thread says; a file that brings one down, or holds it up, is named, and the rest goes on. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { FileEntry } from '../../src/source/discover.ts';
import { Ahead } from '../../src/workers/ahead.ts';
import { project, pyleak, shared } from '../support/cli.ts';

const scratch = mkdtempSync(join(tmpdir(), 'pyleak-fix-ahead-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const entry = (path: string): FileEntry => ({ path, realPath: `/${path}`, writable: true });
const files = Array.from({ length: 60 }, (_, index) => entry(`m${index}.py`));

/** A thread that does as the file's name says, and counts what it was asked. */
function worker(body: string): URL {
  const path = join(scratch, `worker-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(
    path,
    `export default async ({ files, leave }) => {\n  const out = [];\n  for (const { path } of files) {\n${body}\n    out.push({ facts: { path }, bytes: 1 });\n  }\n  return out;\n};\n`,
  );
  return pathToFileURL(path);
}

async function all(body: string, some: readonly FileEntry[] = files, patience = 1000): Promise<readonly string[]> {
  const ahead = new Ahead(some, { jobs: 2, rules: [], patience, worker: worker(body) });
  const told: string[] = [];
  for (const file of some) {
    const one = await ahead.get(file);
    told.push(one === undefined ? 'undefined' : 'message' in one ? `${one.path}: ${one.message}` : one.facts.path);
  }
  await ahead.end();
  return told;
}

const NAMES = files.map(({ path }) => path);

describe('threads', () => {
  it('give what each file came to, whoever is asked for first, and nothing for another file', async () => {
    expect(await all('')).toEqual(NAMES);
    const ahead = new Ahead(files, { jobs: 3, rules: [], worker: worker('') });
    expect(await ahead.get(entry('other.py'))).toBeUndefined();
    expect(await ahead.get(files[59] ?? entry(''))).toMatchObject({ facts: { path: 'm59.py' } });
    await ahead.end();
  });

  it('name a file that throws, one that ends its thread and one that does not come to an end', {
    timeout: 30_000,
  }, async () => {
    const body = [
      "    if (path === 'm3.py') throw new Error('no such luck');",
      "    if (path === 'm30.py') process.exit(1);",
      "    if (path === 'm50.py') for (;;);",
    ].join('\n');
    const told = await all(body);
    const broken = told.filter((line) => line.includes(':'));
    expect(told.map((line) => line.split(':')[0])).toEqual(NAMES);
    expect(broken.map((line) => line.split(':')[0])).toEqual(['m3.py', 'm30.py', 'm50.py']);
    expect(broken[0]).toContain('no such luck');
    expect(broken[2]).toContain('did not come to an end');
  });

  it('leave to who asks what it would wait for, with the same result', async () => {
    const here: string[] = [];
    const ahead = new Ahead(files, {
      jobs: 2,
      rules: [],
      worker: worker('    await new Promise((resolve) => setTimeout(resolve, 20));'),
      here: (file) => {
        here.push(file.path);
        return { path: file.path, kind: 'io', message: 'here' };
      },
    });
    const told: string[] = [];
    for (const file of files) {
      const one = await ahead.get(file);
      told.push(one !== undefined && 'message' in one ? one.path : (one?.facts.path ?? ''));
    }
    await ahead.end();
    expect(told).toEqual(NAMES);
    expect(here.length).toBeGreaterThan(0);
    expect(here.length).toBeLessThan(NAMES.length);
  });

  it('take what does not come to an end there, what throws, and what is large', { timeout: 30_000 }, async () => {
    const large = join(scratch, 'large.py');
    writeFileSync(large, 'x = 1\n'.repeat(100_000));
    const some = [...files.slice(0, 2), { path: 'large.py', realPath: large, writable: true }];
    for (const trouble of ['loop', 'throw', 'none'] as const) {
      const here: string[] = [];
      const ahead = new Ahead(trouble === 'none' ? some : files, {
        jobs: 2,
        rules: [],
        patience: 300,
        worker: worker('    await new Promise((resolve) => setTimeout(resolve, 5));'),
        here: ({ path }) => {
          here.push(path);
          if (trouble === 'throw') throw new Error('no such luck');
          for (; trouble === 'loop'; );
          return { path, kind: 'io', message: 'here' };
        },
      });
      for (const file of trouble === 'none' ? some : files)
        expect(await ahead.get(file)).toMatchObject({ facts: { path: file.path } });
      await ahead.end();
      expect(here.length > 0).toBe(trouble !== 'none');
    }
  });

  it('leave trees to who asks, and a file that is stuck there to a thread of its own', {
    timeout: 30_000,
  }, async () => {
    const finished: string[] = [];
    const asked = join(scratch, 'asked');
    const ahead = new Ahead(files, {
      jobs: 2,
      rules: [],
      patience: 300,
      worker: worker(
        `    (await import('node:fs')).appendFileSync(${JSON.stringify(asked)}, \`\${path} \${leave}\\n\`);\n` +
          "    if (leave > 0 && path !== 'm7.py') { out.push({ facts: { path }, wanted: new Map([['rule', true]]), bytes: 1 }); continue; }",
      ),
      here: ({ path }, unfinished) => {
        if (unfinished !== undefined) finished.push(path);
        for (; path === 'm5.py' && unfinished !== undefined; );
        return { path, kind: 'io', message: unfinished === undefined ? 'whole' : `${[...unfinished.wanted.keys()]}` };
      },
    });
    const told = new Map<string, string>();
    for (const file of files) {
      const one = await ahead.get(file);
      if (one !== undefined)
        told.set('message' in one ? one.path : one.facts.path, 'message' in one ? one.message : '');
    }
    await ahead.end();
    expect([...told.keys()]).toEqual(NAMES);
    const inThread = new Map(
      readFileSync(asked, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' ') as [string, string]),
    );
    expect(finished).toContain('m5.py');
    expect(finished).not.toContain('m7.py');
    // What is stuck is asked for whole.
    expect([told.get('m5.py'), inThread.get('m5.py')]).toEqual(['', '0']);
    for (const path of finished) if (path !== 'm5.py') expect(told.get(path)).toBe('rule');
  });

  it('are not taken for stuck while portions wait for each other', async () => {
    const marks = join(scratch, 'waited');
    const many = Array.from({ length: 300 }, (_, index) => entry(`w${index}.py`));
    const ahead = new Ahead(many, {
      jobs: 1,
      rules: [],
      patience: 400,
      worker: worker(
        `    if (path === files[0].path) await new Promise((resolve) => setImmediate(resolve));\n    process.getBuiltinModule('node:fs').appendFileSync(${JSON.stringify(marks)}, \`\${files.length}\\n\`);\n    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4);`,
      ),
    });
    for (const file of many) expect(await ahead.get(file)).toMatchObject({ facts: { path: file.path } });
    await ahead.end();
    // Each file in a portion, and none alone.
    const portions = readFileSync(marks, 'utf8').trim().split('\n');
    expect([portions.length, portions.includes('1')]).toEqual([many.length, false]);
  });

  it('end where they are', async () => {
    const marks = join(scratch, 'ended');
    const many = Array.from({ length: 400 }, (_, index) => entry(`e${index}.py`));
    const ahead = new Ahead(many, {
      jobs: 2,
      rules: [],
      worker: worker(
        `    (await import('node:fs')).appendFileSync(${JSON.stringify(marks)}, 'x');\n    await new Promise((resolve) => setTimeout(resolve, 5));`,
      ),
    });
    await ahead.get(many[0] ?? entry(''));
    await ahead.end();
    const asked = readFileSync(marks, 'utf8').length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(readFileSync(marks, 'utf8').length).toBe(asked);
    expect(asked).toBeLessThan(many.length);
  });

  it('do no more ahead than is asked for', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => entry(`n${index}.py`));
    const marks = join(scratch, 'marks');
    const ahead = new Ahead(many, {
      jobs: 2,
      rules: [],
      worker: worker(`    (await import('node:fs')).appendFileSync(${JSON.stringify(marks)}, path + '\\n');`),
    });
    await ahead.get(many[0] ?? entry(''));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await ahead.end();
    expect(readFileSync(marks, 'utf8').trim().split('\n').length).toBeLessThan(400);
  });
});

it('the report is the same for any number of jobs', { timeout: 60_000 }, async () => {
  const folder = project(
    Object.fromEntries(
      Array.from({ length: 320 }, (_, index) => [
        `p${index % 7}/m${index}.py`,
        index % 9 === 0
          ? shared(`C${index}`)
          : index % 50 === 1
            ? 'x = = 1\nclass A:\n    b = []\n    def f(self):\n        self.b.append(1)\n'
            : `x = ${index}\n`,
      ]),
    ),
  );
  const said = async (jobs: string): Promise<unknown> => {
    const { status, stdout, stderr } = await pyleak(folder, '--no-cache', '--format', 'json', '--jobs', jobs);
    return [status, stdout.toString().replace(/"milliseconds": \d+/, ''), stderr];
  };
  const one = await said('1');
  expect(await said('2')).toEqual(one);
  expect(await said('5')).toEqual(one);
});
