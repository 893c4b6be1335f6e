/** Changes over several files: made in all of them or in none, whatever is in the way, and wherever. */
import { describe, expect, it } from 'vitest';
import type { FileError } from '../src/core/errors.ts';
import type { Proposal } from '../src/review/reviewer.ts';
import { type Answer, back, findingIn, made, no, playFiles, yes } from './support/review.ts';

const files = { 'a.py': 'a\nb\n', 'b.py': 'c\nd\n' };
const over = findingIn(files, 'a.py', 'a', { one: { 'a.py': ['a'], 'b.py': ['c'] } });
const other = findingIn(files, 'a.py', 'b', { one: { 'a.py': ['b'] } });

const failing =
  (error: FileError) =>
  async ({ path }: { readonly path: string }): Promise<FileError | undefined> =>
    path === error.path ? error : undefined;

describe('a change over two files', () => {
  it('is written in both, which are told to be written together', async () => {
    const { texts, outcomes, together } = await playFiles(files, [over, other], [yes, no]);
    expect(texts).toEqual({ 'a.py': 'new\nb\n', 'b.py': 'new\nd\n' });
    expect(outcomes[0]).toMatchObject({ status: 'planned', paths: ['a.py', 'b.py'] });
    expect(together).toEqual([['a.py', 'b.py']]);
  });

  it('shows the diff of both, on top of what was accepted in each', async () => {
    const before = findingIn(files, 'a.py', 'a', { one: { 'b.py': ['d'] } });
    const after = findingIn(files, 'a.py', 'b', { one: { 'a.py': ['b'], 'b.py': ['c'] } });
    const seen: string[] = [];
    const look: Answer = (proposal) => {
      seen.push(proposal.offers[0].diff().toString());
      return yes(proposal);
    };
    const { texts } = await playFiles(files, [before, after], [look, look]);
    expect(seen[1]).toBe(
      '--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n a\n-b\n+new\n--- a/b.py\n+++ b/b.py\n@@ -1,2 +1,2 @@\n-c\n+new\n new\n',
    );
    expect(texts).toEqual({ 'a.py': 'a\nnew\n', 'b.py': 'new\nnew\n' });
  });

  it('that was rejected leaves both as they are', async () => {
    expect((await playFiles(files, [over], [no])).texts).toEqual({});
  });

  it('is one change of those that a run may make', async () => {
    const { statuses } = await playFiles(files, [over, other], [], { maxChanges: 1 });
    expect(statuses).toEqual(['a planned', 'b skipped']);
  });

  it('can be taken back, and is then in nobody’s way', async () => {
    const late = findingIn(files, 'b.py', 'c', { one: { 'b.py': ['c'] } });
    const last = findingIn(files, 'b.py', 'd', { one: { 'b.py': ['d'] } });
    const { texts, asked } = await playFiles(files, [over, late, last], [yes, back, no, yes, no]);
    expect(asked.slice(0, 2)).toEqual(['1 of 3: a', 'c: it overlaps the fix of a (some-rule)']);
    expect(texts).toEqual({ 'b.py': 'new\nd\n' });
  });
});

describe('in the way in the other file', () => {
  const late = findingIn(files, 'b.py', 'c', { one: { 'b.py': ['c'] } });

  it('an accepted one blocks what its file finds later', async () => {
    const { statuses, outcomes } = await playFiles(files, [over, late], []);
    expect(statuses).toEqual(['a planned', 'c conflict']);
    expect(outcomes[1]?.reason).toBe('it overlaps the fix of a (some-rule)');
  });

  it('a rejected one frees it', async () => {
    expect((await playFiles(files, [over, late], [no])).texts).toEqual({ 'b.py': 'new\nd\n' });
  });

  it('what was accepted in that file blocks all of a later one', async () => {
    const first = findingIn(files, 'a.py', 'a', { one: { 'a.py': ['a'] } });
    const back_ = findingIn(files, 'b.py', 'c', { one: { 'a.py': ['a'], 'b.py': ['c'] } });
    const { texts, outcomes } = await playFiles(files, [first, back_], []);
    expect(texts).toEqual({ 'a.py': 'new\nb\n' });
    expect(outcomes[1]).toMatchObject({
      status: 'conflict',
      reason: 'it overlaps the fix of a (some-rule) in a.py',
    });
  });

  it('another strategy is offered, and the blocked one named', async () => {
    const first = findingIn(files, 'a.py', 'a', { one: { 'a.py': ['a'] } });
    const second = findingIn(files, 'b.py', 'c', { one: { 'a.py': ['a'], 'b.py': ['c'] }, two: { 'b.py': ['c'] } });
    const seen: Proposal[] = [];
    const look: Answer = (proposal) => {
      seen.push(proposal);
      return yes(proposal);
    };
    await playFiles(files, [first, second], [yes, look]);
    expect(seen[0]?.offers.map(({ fix }) => fix.strategy)).toEqual(['two']);
    expect(seen[0]?.blocked).toEqual([{ strategy: 'one', reason: 'it overlaps the fix of a (some-rule) in a.py' }]);
  });
});

describe('where one of the files cannot take it', () => {
  it('because of a syntax error, it is dropped in both, and the others stay', async () => {
    const open = findingIn(files, 'a.py', 'a', { one: { 'a.py': ['a'], 'b.py': ['c'] } }, 'x = 1\ny');
    const [fix] = open.fixes;
    if (fix === undefined || 'unfixable' in fix) throw new Error('no fix');
    const edits = fix.edits.map((edit) => (edit.path === 'b.py' ? { ...edit, text: '(' } : edit));
    const both = { ...open, fixes: [{ ...fix, edits }] };
    const { texts, outcomes } = await playFiles(files, [both, other], []);
    expect(texts).toEqual({ 'a.py': 'a\nnew\n' });
    expect(outcomes[0]).toMatchObject({
      status: 'unfixable',
      reason: 'b.py: the result would not parse, so the fix was dropped',
    });
  });

  it('because of its encoding, it is dropped in both', async () => {
    const latin = { ...files, 'b.py': '# coding: latin-1\nc\n' };
    const wide = findingIn(latin, 'a.py', 'a', { one: { 'a.py': ['a'], 'b.py': ['c'] } }, '"\u20ac"');
    const { texts, outcomes, errors } = await playFiles(latin, [wide, other], []);
    expect(texts).toEqual({ 'a.py': 'a\nnew\n' });
    expect(outcomes[0]).toMatchObject({ status: 'unfixable', reason: expect.stringMatching(/^b\.py: .*U\+20AC/) });
    expect(errors.map(({ path, kind }) => [path, kind])).toEqual([['b.py', 'encoding']]);
  });

  it('because it may not be written, it is not offered, and the file is told once', async () => {
    const error: FileError = { path: 'b.py', kind: 'io', message: 'no permission' };
    const { texts, asked, outcomes, errors } = await playFiles(files, [over, other], [], { recheck: failing(error) });
    expect(asked).toEqual(['2 of 2: b']);
    expect(texts).toEqual({ 'a.py': 'a\nnew\n' });
    expect(outcomes[0]).toMatchObject({ status: 'skipped', reason: 'it would change b.py too: no permission' });
    expect(errors).toEqual([error]);
  });

  it('because it changed before its own turn came, it is taken back', async () => {
    const late = findingIn(files, 'b.py', 'd', { one: { 'b.py': ['d'] } });
    const error: FileError = { path: 'b.py', kind: 'changed', message: 'changed' };
    let asks = 0;
    const recheck = async ({ path }: { readonly path: string }) => (path === 'b.py' && ++asks > 1 ? error : undefined);
    const { texts, statuses, errors } = await playFiles(files, [over, other, late], [], { recheck });
    expect(texts).toEqual({ 'a.py': 'a\nnew\n' });
    expect(statuses).toEqual(['a skipped', 'b planned', 'd skipped']);
    expect(errors).toEqual([error]);
  });
});

describe('an edit by hand', () => {
  const late = findingIn(files, 'b.py', 'd', { one: { 'a.py': ['b'], 'b.py': ['d'] } });

  it('is of the file with the finding; the other changes as it was shown', async () => {
    const { texts } = await playFiles(files, [over], [made('mine\nb\n')]);
    expect(texts).toEqual({ 'a.py': 'mine\nb\n', 'b.py': 'new\nd\n' });
  });

  it('that leaves its file as it was takes the change back in the other', async () => {
    const { texts, statuses } = await playFiles(files, [over], [made(files['a.py'])]);
    expect(texts).toEqual({});
    expect(statuses).toEqual(['a rejected']);
  });

  it('keeps what other files would change in the text from being offered', async () => {
    const { asked, outcomes, texts } = await playFiles(files, [over, late], [made('mine\nb\n')]);
    expect(asked).toEqual(['1 of 2: a']);
    expect(outcomes[1]).toMatchObject({
      status: 'skipped',
      reason: 'it would change a.py too, which was edited by hand',
    });
    expect(texts).toEqual({ 'a.py': 'mine\nb\n', 'b.py': 'new\nd\n' });
  });

  it('has in it what an earlier file changed there, which is not made twice', async () => {
    const own = findingIn(files, 'b.py', 'd', { one: { 'b.py': ['d'] } });
    const { texts } = await playFiles(files, [over, own], [yes, made('new\nmine\n')]);
    expect(texts).toEqual({ 'a.py': 'new\nb\n', 'b.py': 'new\nmine\n' });
  });

  it('goes with the change where the other file cannot take that', async () => {
    const broken = findingIn(files, 'a.py', 'a', { one: { 'b.py': ['c'] } }, '(');
    const { texts, statuses } = await playFiles(files, [broken], [made('mine\nb\n')]);
    expect(texts).toEqual({});
    expect(statuses).toEqual(['a unfixable']);
  });

  it('is taken back with its change', async () => {
    const { texts } = await playFiles(files, [over, other], [made('mine\nb\n'), back, no, yes], {
      again: () => [findingIn({ 'a.py': 'mine\nb\n' }, 'a.py', 'b', { one: { 'a.py': ['b'] } })],
    });
    expect(texts).toEqual({ 'a.py': 'a\nnew\n' });
  });
});

describe('what can be taken back by itself', () => {
  const own = findingIn(files, 'b.py', 'd', { one: { 'b.py': ['d'] } });
  const textsOf = ({ rendered }: { readonly rendered: readonly { source: { path: string }; text: string }[] }) =>
    Object.fromEntries(rendered.map(({ source, text }) => [source.path, text]));

  it('is a change in all of its files, and the others stay in them', async () => {
    const { changes, renderOnly } = await playFiles(files, [over, other, own], []);
    expect(changes.map((change) => change.map(({ symbol }) => symbol))).toEqual([['a'], ['b'], ['d']]);
    const [first = [], second = [], third = []] = changes;
    expect(textsOf(renderOnly([first]))).toEqual({ 'a.py': 'new\nb\n', 'b.py': 'new\nd\n' });
    expect(renderOnly([first]).together).toEqual([['a.py', 'b.py']]);
    expect(textsOf(renderOnly([second, third]))).toEqual({ 'a.py': 'a\nnew\n', 'b.py': 'c\nnew\n' });
    expect(renderOnly([second, third]).together).toEqual([]);
    expect(textsOf(renderOnly([]))).toEqual({});
    expect(textsOf(renderOnly(changes))).toEqual({ 'a.py': 'new\nnew\n', 'b.py': 'new\nnew\n' });
  });

  it('is all that shares a file which was edited by hand', async () => {
    const { changes, renderOnly, texts } = await playFiles(files, [over, own], [yes, made('new\nmine\n')]);
    expect(changes.map((change) => change.map(({ symbol }) => symbol))).toEqual([['a', 'd']]);
    expect(textsOf(renderOnly([]))).toEqual({});
    expect(textsOf(renderOnly(changes))).toEqual(texts);
  });
});
