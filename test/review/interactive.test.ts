import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/review/interactive.ts';
import type { Proposal } from '../../src/review/reviewer.ts';
import { proposal, safe, session, unsafe } from './terminal.ts';

/** The decisions about `proposals` when `keys` are typed ahead. */
async function answers(keys: string, ...proposals: Proposal[]): Promise<string[]> {
  const { decide, type } = session();
  type(keys);
  const decisions = [];
  for (const change of proposals) decisions.push(await decide(change));
  return decisions;
}

describe('what is shown', () => {
  it('is which of how many, where, why, what was checked, the diff, and then the question', async () => {
    const { decide, type, shown } = session();
    type('n\r');
    await decide(unsafe());
    const [before, ...after] = shown().split('Apply this change [y,n,a,d,A,e,q,?] (n)?');
    expect(after.length).toBeGreaterThan(0);
    expect(before).toBe(
      [
        '',
        '3 of 41 · class-mutable-default · Basket.lines · shop/cart.py:12',
        'one list is shared by every Basket',
        '  shop/cart.py:15:9: changed here through self',
        'init: Move lines into __init__ (unsafe)',
        '  not met  no-subclass-binds: Big binds it',
        '  unknown  init-runs: base Shop is not known',
        '  met      no-class-level-access: nothing reads Basket.lines',
        '',
        '--- a/shop/cart.py',
        '+++ b/shop/cart.py',
        '@@ -1 +1 @@',
        '-lines = []\\x1b',
        '+pass',
        '',
      ].join('\n'),
    );
  });

  it('has colours if they are wanted, and the same words', async () => {
    const { decide, type, raw, shown } = session({ color: true });
    type('n\r');
    await decide(unsafe());
    expect(raw()).toContain('\x1b[33munknown');
    expect(raw()).toContain('\x1b[31mnot met');
    expect(shown()).toContain('  met      no-class-level-access');
    expect(raw()).not.toContain('lines = []\x1b\r');
  });

  it('never lets control characters of names or messages reach the terminal', async () => {
    const { decide, type, raw } = session();
    type('n\r');
    await decide(proposal({ path: 'a\x1b[2J.py', symbol: 'X\u202eY', message: 'see\x07' }));
    expect(raw()).toContain('X\\u202eY · a\\x1b[2J.py:12');
    expect(raw()).toContain('see\\x07');
  });
});

describe('keys', () => {
  it('y applies, n skips', async () => {
    expect(await answers('y\rn\ry\r', unsafe(), safe(), safe())).toEqual(['accept', 'reject', 'accept']);
  });

  it('Enter alone applies a safe change and skips an unsafe one', async () => {
    expect(await answers('\r\r', safe(), unsafe())).toEqual(['accept', 'reject']);
  });

  it('a applies this and the rest of the file, and asks again in the next', async () => {
    const decisions = await answers('a\rn\r', unsafe('a.py'), unsafe('a.py'), safe('a.py'), safe('b.py'));
    expect(decisions).toEqual(['accept', 'accept', 'accept', 'reject']);
  });

  it('d skips this and the rest of the file, and asks again in the next', async () => {
    const decisions = await answers('d\ry\r', safe('a.py'), safe('a.py'), unsafe('b.py'));
    expect(decisions).toEqual(['reject', 'reject', 'accept']);
  });

  it('A applies this and all that remain', async () => {
    expect(await answers('n\rA\r', safe('a.py'), unsafe('a.py'), unsafe('b.py'))).toEqual([
      'reject',
      'accept',
      'accept',
    ]);
  });

  it('q stops, and nothing is asked after it', async () => {
    expect(await answers('y\rq\r', safe(), safe(), safe())).toEqual(['accept', 'stop', 'stop']);
  });

  it('? explains each key and asks again', async () => {
    const { decide, type, shown } = session();
    type('?\ry\r');
    expect(await decide(safe())).toBe('accept');
    for (const key of ['y', 'n', 'a', 'd', 'A', 'e', 'q', '?']) expect(shown()).toContain(`\n${key} - `);
  });

  it('any other says which there are and asks again; Y is not y', async () => {
    const { decide, type, shown } = session();
    type('Y\rn\r');
    expect(await decide(safe())).toBe('reject');
    expect(shown()).toContain('There is no key Y; the keys are y,n,a,d,A,e,q,? (? explains them).');
  });

  it('may be corrected before Enter', async () => {
    expect(await answers('y\x7fn\r', safe())).toEqual(['reject']);
  });

  it('may be ended by LF or CR LF too', async () => {
    expect(await answers('n\nn\r\nn\n', safe(), safe(), safe())).toEqual(['reject', 'reject', 'reject']);
  });

  it('may be typed one by one, each when it is asked for', async () => {
    const { decide, type } = session();
    for (const [key, decision] of [
      ['y', 'accept'],
      ['n', 'reject'],
    ] as const) {
      const decided = decide(safe());
      await sleep(50);
      type(key);
      await sleep(10);
      type('\r');
      expect(await decided).toBe(decision);
    }
  });
});

describe('the end', () => {
  it('Ctrl-D is q', async () => {
    expect(await answers('y\r\x04', safe(), safe(), safe())).toEqual(['accept', 'stop', 'stop']);
  });

  it('so is the end of the input', async () => {
    const { decide, stdin } = session();
    stdin.end('n\r');
    expect([await decide(safe()), await decide(safe())]).toEqual(['reject', 'stop']);
  });

  it('Ctrl-C rejects with Interrupted and leaves the terminal as it was', async () => {
    const { decide, type, rawMode } = session();
    const decided = decide(safe());
    await sleep(50);
    expect(rawMode()).toBe(true);
    type('\x03');
    await expect(decided).rejects.toThrow(Interrupted);
    await expect(decided).rejects.toMatchObject({ signal: 'SIGINT' });
    expect(rawMode()).toBe(false);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('%s does too', async (signal) => {
    const { decide, rawMode } = session();
    const decided = decide(safe());
    await sleep(50);
    process.kill(process.pid, signal);
    await expect(decided).rejects.toMatchObject({ name: 'Interrupted', signal });
    expect(rawMode()).toBe(false);
  });

  it('a terminal that is gone does too', async () => {
    const { decide, stdin } = session();
    const decided = decide(safe());
    await sleep(50);
    stdin.destroy(new Error('EIO'));
    await expect(decided).rejects.toMatchObject({ signal: 'SIGHUP' });
  });

  it('leaves no listeners behind, however many were asked', async () => {
    const before = process.listenerCount('SIGTERM');
    const { decide, type, stdin } = session();
    for (let count = 0; count < 30; count++) {
      type('y\r');
      expect(await decide(safe())).toBe('accept');
    }
    expect(stdin.listenerCount('data')).toBe(0);
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});
