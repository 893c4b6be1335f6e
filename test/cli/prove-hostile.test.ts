import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { project, startWith } from '../support/cli.ts';
import { proofOf, prove, summed, temporary } from '../support/proof.ts';
import { findPython } from '../support/python.ts';

const python = findPython()?.command ?? '';
const SHOP = 'class Basket:\n    lines = []\n\n    def add(self, line):\n        self.lines.append(line)\n';
const FILL = 'from shop import Basket\nfor number in range(30):\n    Basket().add(number)\n';
const shop = (more: string) => project({ 'shop.py': SHOP, 'main.py': `${FILL}${more}` });

describe.runIf(python !== '')('a program that', () => {
  it('hangs is stopped, and what it held until then is compared', async () => {
    const proof = await proofOf(shop('import time\ntime.sleep(100)\n'), ['--timeout', '1', '--', python, 'main.py']);
    expect(proof.before).toMatchObject({ timedOut: true, status: null, processes: 1 });
    expect(proof.findings.map(summed)).toEqual(['Basket.lines: 30 -> 0, confirmed']);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('dies of a signal before it could report is not measured', async () => {
    const folder = shop('import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n');
    const proof = await proofOf(folder, ['--', python, 'main.py']);
    expect(proof.before).toMatchObject({ signal: 'SIGKILL', status: null, processes: 0, killed: 1 });
    expect(proof.findings.map(({ verdict }) => verdict)).toEqual(['not-measured']);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('prints a lot has its output compared to the end', async () => {
    const more =
      'import sys\nfor _ in range(64):\n    sys.stdout.write("x" * (1 << 18))\nprint(Basket().lines == [])\n';
    const proof = await proofOf(shop(more), ['--', python, 'main.py']);
    expect(proof.before.stdout.bytes).toBe(64 * (1 << 18) + 'False\n'.length);
    expect([proof.output, proof.difference]).toEqual(['different', null]);
  });

  it('starts without the probe cannot be measured', async () => {
    const { status, stderr } = await prove(shop(''), ['--', python, '-I', 'main.py']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/cannot be measured: with -I, Python starts without/);
  });

  it('starts a child without the probe is told how many', async () => {
    const more = ['-I', '-BS', '-Wignore', '-c'].map((option) => `["${option}", "-c", "pass"]`).join(', ');
    const child = 'subprocess.run([sys.executable] + words)';
    const folder = shop(`import subprocess, sys\nfor words in [${more}]:\n    ${child}\n`);
    const { stdout } = await prove(folder, ['--', python, 'main.py']);
    expect(stdout).toMatch(/^Before: .* 3 Python processes measured, 2 started with -I, -S or -E and not measurable$/m);
  });

  it('starts no Python at all is told', async () => {
    const { status, stderr, left } = await prove(shop(''), ['--', 'sh', '-c', 'echo no Python here; exit 3']);
    expect([status, left]).toEqual([2, []]);
    expect(stderr).toContain('error: nothing was measured (exit status 3)');
    expect(stderr).toContain('it said: no Python here');
  });

  it('is not there is named', async () => {
    const { status, stderr, left } = await prove(shop(''), ['--', 'no-such-program']);
    expect([status, left]).toEqual([2, []]);
    expect(stderr).toMatch(/^error: cannot run no-such-program in .*: there is no such program$/m);
  });
});

it.runIf(python !== '')('Ctrl-C ends the program and removes the copies', async () => {
  const folder = shop('import time\ntime.sleep(100)\n');
  const child = startWith({ TMPDIR: temporary }, folder, 'prove', '--', python, 'main.py');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (chunk.includes('Running')) setTimeout(() => child.kill('SIGINT'), 200);
  });
  const [status] = await once(child, 'close');
  expect([status, readdirSync(temporary)]).toEqual([130, []]);
  expect(said).toContain('Interrupted: the copies are gone, and nothing was changed.\n');
});
