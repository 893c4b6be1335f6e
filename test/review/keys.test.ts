/** The keys that change what is asked about: another strategy, an edit, an answer taken back; and what the screen says beside them. */
import { describe, expect, it } from 'vitest';
import type { EditText } from '../../src/review/editor.ts';
import { local, offer, proposal, safe, session } from './terminal.ts';

const twoWays = (): ReturnType<typeof proposal> => proposal({}, { offers: [offer(), local] });

describe('s', () => {
  it('shows the next strategy, then the first again, and y applies the one that is shown', async () => {
    const { decide, decisions, type, shown } = session();
    type('s\rs\rs\ry\r');
    expect(await decide(twoWays())).toBe('accept');
    expect(shown()).toContain('(unsafe, strategy 1 of 2)');
    expect(shown()).toContain('local: Make lines a local name (safe, strategy 2 of 2)');
    expect(shown().match(/3 of 41/g)).toHaveLength(4);
    expect(decisions).toMatchObject([{ fix: { strategy: 'local' } }]);
  });

  it('changes what Enter does with what is shown', async () => {
    const { decide, type } = session();
    type('s\r\r');
    expect(await decide(twoWays())).toBe('accept');
    type('\r');
    expect(await decide(twoWays())).toBe('reject');
  });

  it('is not offered where there is one, and says so', async () => {
    const { decide, type, shown } = session();
    type('s\rn\r');
    await decide(safe());
    expect(shown()).toContain('There is no other strategy for this change.');
    expect(shown()).toContain('[y,n,a,d,A,e,q,?]');
  });

  it('a strategy that is blocked says by what', async () => {
    const { decide, type, shown } = session();
    type('n\r');
    await decide(proposal({}, { blocked: [{ strategy: 'local', reason: 'it overlaps the fix of A.x (some-rule)' }] }));
    expect(shown()).toContain('  local cannot be chosen: it overlaps the fix of A.x (some-rule)\n');
  });
});

describe('e', () => {
  /** An editor that gives these one after the other, and remembers what it was given. */
  function editor(...results: readonly (string | { readonly problem: string })[]) {
    const opened: string[] = [];
    const edit: EditText = (path, content) => {
      opened.push(`${path}: ${content}`);
      const result = results[opened.length - 1] ?? '';
      return Promise.resolve(typeof result === 'string' ? Buffer.from(result) : result);
    };
    return { edit, opened };
  }

  it('opens the file as it would be, and takes what it was made into', async () => {
    const { edit, opened } = editor('edited\n');
    const { decide, decisions, type, shown } = session({ edit });
    type('e\r');
    expect(await decide(safe())).toBe('accept');
    expect(opened).toEqual(['shop/cart.py: pass\r\n']);
    expect(shown()).toContain('Taken as edited.\n');
    expect(decisions).toMatchObject([{ edited: Buffer.from('edited\n') }]);
  });

  it('says what is wrong with it, asks again, and opens it as it was left', async () => {
    const { edit, opened } = editor('broken', 'whole');
    const { decide, type, shown } = session({ edit });
    type('e\re\r');
    const problemWith = (edited: Buffer) => (edited.toString() === 'broken' ? 'line 7 is wrong' : undefined);
    expect(await decide(proposal({}, { problemWith }))).toBe('accept');
    expect(shown()).toContain('Line 7 is wrong; nothing was taken. e opens it again as you left it.\n');
    expect(opened).toEqual(['shop/cart.py: pass\r\n', 'shop/cart.py: broken']);
  });

  it.each([
    ['an editor that fails', { problem: 'the editor ended with status 1' }, 'The editor ended with status 1; nothing'],
    ['nothing edited', 'pass\r\n', 'Nothing was edited; y applies the change as it is.'],
  ])('%s is no answer', async (_, result, expected) => {
    const { decide, type, shown } = session({ edit: editor(result).edit });
    type('e\rn\r');
    expect(await decide(safe())).toBe('reject');
    expect(shown()).toContain(expected);
  });
});

describe('u', () => {
  it('goes back where there is an answer to take back, also behind one for the whole file', async () => {
    const { decide, type } = session();
    type('a\r');
    expect([await decide(safe('a.py')), await decide(safe('a.py'))]).toEqual(['accept', 'accept']);
    type('u\rn\r');
    const next = { ...safe('b.py'), hasEarlier: true };
    expect([await decide(next), await decide(safe('a.py'))]).toEqual(['back', 'reject']);
    type('n\r');
    expect(await decide(safe('a.py'))).toBe('reject');
  });

  it('is not offered at the first change, and says so', async () => {
    const { decide, type, shown } = session();
    type('u\rn\r');
    await decide(safe());
    expect(shown()).toContain('There is no answer to take back.');
    expect(shown()).not.toContain(',u,');
  });
});

describe('A', () => {
  const hint = 'You have applied 3 changes of class-mutable-default in a row. A applies this one and all after it.';

  it('is mentioned after three changes of one rule', async () => {
    const { decide, type, shown } = session();
    type('y\ry\ry\rn\r');
    for (let count = 0; count < 3; count++) await decide(safe());
    expect(shown()).not.toContain('in a row');
    await decide(safe());
    expect(shown()).toContain(hint);
  });

  it('is not where one was skipped, where the rule is another, or at the last', async () => {
    const { decide, type, shown } = session();
    type('y\ry\rn\ry\ry\ry\rn\ry\ry\ry\rn\r');
    for (let count = 0; count < 6; count++) await decide(safe());
    await decide(proposal({ rule: 'strong-registry' }));
    for (let count = 0; count < 3; count++) await decide(safe());
    await decide(proposal({}, { number: 41 }));
    expect(shown()).not.toContain('in a row');
  });
});

describe('a change that is in the way of an accepted one', () => {
  it('is told of with what is in its way', () => {
    const { passedOver, shown } = session();
    passedOver(safe(), 'it overlaps the fix of A.x (some-rule)');
    expect(shown()).toBe(
      '\n3 of 41 · class-mutable-default · Basket.lines · shop/cart.py:12\nPassed over: it overlaps the fix of A.x (some-rule), which was accepted.\n',
    );
  });
});

describe('a narrow terminal', () => {
  it.each([24, 40, 70])('of %d columns gets lines that fit, but for the diff', async (columns) => {
    const { decide, type, shown } = session({ columns });
    type('n\r');
    await decide(proposal({ message: 'one list is shared by every Basket that was ever made, and it only grows' }));
    const before = shown().slice(0, shown().indexOf('---'));
    const words = Math.max(...before.split(/\s+/).map((word) => word.length));
    for (const line of before.split('\n')) expect(line.length).toBeLessThanOrEqual(Math.max(columns, words + 4));
    expect(before.replace(/\s+/g, ' ')).toContain(
      'one list is shared by every Basket that was ever made, and it only grows',
    );
    expect(before).toMatch(/^ {2}not met\s+no-subclass-binds:/m);
  });
});
