import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInstalled, memo, project, pyleak, reportOf, shared } from '../support/cli.ts';
import { prove } from '../support/proof.ts';
import { at, play } from '../support/pty.ts';
import { findPython } from '../support/python.ts';

const python = findPython()?.command ?? '';
const MAIN = `from a import A
from b import B
from c import C
A().add(1)
for number in range(20):
    B().add(number)
C().get("key")
`;

/** Three classes of which the second piles up most, and the proof of that. */
async function proven(): Promise<string> {
  const folder = project({
    'a.py': shared('A'),
    'b.py': shared('B'),
    'c.py': memo('C'),
    'd.py': shared('D'),
    'main.py': MAIN,
  });
  await prove(folder, ['--format', 'json', '--output', 'proof.json', '--', python, 'main.py']);
  return folder;
}

describe.runIf(python !== '')('--evidence', () => {
  it('puts first what piled up, with figures, and adds them to every format', async () => {
    const folder = await proven();
    const { findings } = await reportOf(folder, '--evidence', 'proof.json', '.');
    expect(findings.map(({ symbol, measured }) => [symbol, measured?.before, measured?.after])).toEqual([
      ['B.items', 20, 0],
      ['A.items', 1, 0],
      ['C.data', 1, 0],
      ['D.items', 0, 0],
    ]);
    expect((await reportOf(folder, '.')).findings.map(({ measured }) => measured)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    const figures = `20 entries held at the end of \`${python} main.py\`, 0 with the fix (confirmed)`;
    const github = await pyleak(folder, '--evidence', 'proof.json', '--format', 'github');
    expect(github.stdout.toString().split('\n')[0]).toContain(`Measured: ${figures}.`);
    const sarif = await pyleak(folder, '--evidence', 'proof.json', '--format', 'sarif');
    expect(sarif.stdout.toString()).toContain('"measured": {');
    const text = await pyleak(folder, '--evidence', 'proof.json', 'c.py');
    expect(text.stderr).toContain(`  measured: 1 entry held at the end of \`${python} main.py\``);
  });

  it('of another working directory is told to be strange', async () => {
    const folder = await proven();
    const { stderr } = await pyleak(join(folder, '..'), '--evidence', join(folder, 'proof.json'), folder);
    expect(stderr).toContain(
      'warning: --evidence knows none of the findings; was the proof made in another working directory?',
    );
  });

  it.skipIf(!isInstalled('python3'))('leads the review', async () => {
    const folder = await proven();
    const { screen } = await play(folder, [...at(1, 'n\n'), ...at(2, 'q\n')], ['-i', '--evidence', 'proof.json']);
    expect(screen.indexOf('1 of 4 · class-mutable-default · B.items')).toBeGreaterThanOrEqual(0);
    expect(screen).toContain('  measured: 20 entries held at the end of');
    expect(screen.indexOf('2 of 4 · class-mutable-default · A.items')).toBeGreaterThan(0);
  });
});

it.each([
  ['is not there', undefined, /^error: --evidence: cannot read .*proof\.json: it does not exist$/m],
  ['is no JSON', 'x', /^error: --evidence: .*proof\.json is not the report of a proof; `pyleak-fix prove /],
  ['is another report', '{"schemaVersion": 1, "mode": "dry-run", "findings": []}', /is not the report of a proof/],
])('a file that %s is a mistake', async (_, content, message) => {
  const folder = project({ 'a.py': shared('A') });
  if (content !== undefined) writeFileSync(join(folder, 'proof.json'), content);
  const { status, stderr } = await pyleak(folder, '--evidence', 'proof.json');
  expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
});
