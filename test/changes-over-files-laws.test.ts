/** What holds of changes over several files, whatever they are and whatever is answered. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pathsChanged } from '../src/core/finding.ts';
import { type AnswerRecord, parseAnswers, serializeRecord } from '../src/review/answers.ts';
import { Interrupted } from '../src/review/prompt.ts';
import { rememberingReviewer } from '../src/review/remembering.ts';
import { type Answer, back, findingIn, no, type Played, playFiles, yes } from './support/review.ts';

const names = ['a.py', 'b.py', 'c.py'];
/** Every word stands once: `a0` to `a3`, `b0` ... */
const files = Object.fromEntries(names.map((name) => [name, [0, 1, 2, 3].map((n) => `${name[0]}${n}\n`).join('')]));
const wordsOf = (name: string) => (files[name] ?? '').trim().split('\n');

/** For each word a finding that changes it and some others, of any file, into `new` or what does not parse. */
const finding = fc.record({
  home: fc.constantFrom(...names),
  at: fc.nat(3),
  others: fc.array(fc.tuple(fc.constantFrom(...names), fc.nat(3)), { maxLength: 3 }),
  text: fc.constantFrom('new', 'new', 'new', '('),
});
const findings = fc
  .uniqueArray(finding, { minLength: 2, maxLength: 7, selector: ({ home, at }) => `${home}${at}` })
  .map((all) =>
    all
      .sort((one, two) => (`${one.home}${one.at}` < `${two.home}${two.at}` ? -1 : 1))
      .map(({ home, at, others, text }) => {
        const words: Record<string, string[]> = {};
        for (const [file, n] of [[home, at] as const, ...others])
          words[file] = [...new Set([...(words[file] ?? []), wordsOf(file)[n] ?? ''])];
        return findingIn(files, home, wordsOf(home)[at] ?? '', { one: words }, text);
      }),
  );
const keys = fc.array(fc.constantFrom('y', 'y', 'n', 'u'), { maxLength: 12 });
const given = (key: string): Answer => {
  return (proposal) => (key === 'u' && proposal.hasEarlier ? back : key === 'y' ? yes : no)(proposal);
};

/** Each word that a planned change has is replaced, and no other byte is another. */
function expectAllOrNothing({ outcomes, texts, together }: Played): void {
  const replaced = new Map<string, string>();
  for (const {
    finding: { fixes },
    status,
    paths,
  } of outcomes) {
    const [fix] = fixes;
    if (status !== 'planned' || fix === undefined || 'unfixable' in fix) continue;
    expect(paths).toEqual(pathsChanged(fix));
    if (pathsChanged(fix).length > 1) expect(together).toContainEqual(paths);
    for (const { path, range, text } of fix.edits) {
      const word = (files[path] ?? '').slice(range.start, range.end);
      expect(replaced.has(word), 'two changes of one place are in each other’s way').toBe(false);
      replaced.set(word, text);
    }
  }
  for (const name of names) {
    const expected = wordsOf(name).map((word) => `${replaced.get(word) ?? word}\n`);
    expect(texts[name] ?? files[name]).toBe(expected.join(''));
  }
}

it('a change is made in all its files or in none, and nothing else changes', async () => {
  await fc.assert(
    fc.asyncProperty(findings, keys, async (found, pressed) => {
      expectAllOrNothing(await playFiles(files, found, pressed.map(given)));
    }),
    { numRuns: 250 },
  );
});

it('so it is where files may not be written', async () => {
  await fc.assert(
    fc.asyncProperty(findings, fc.constantFrom(...names), async (found, closed) => {
      const recheck = async ({ path }: { readonly path: string }) =>
        path === closed ? ({ path, kind: 'io', message: 'closed' } as const) : undefined;
      const played = await playFiles(files, found, [], { recheck });
      expectAllOrNothing(played);
      expect(played.texts[closed]).toBeUndefined();
    }),
    { numRuns: 200 },
  );
});

it('what was taken back leaves no trace in any file', async () => {
  await fc.assert(
    fc.asyncProperty(findings, keys, async (found, pressed) => {
      const net: string[] = [];
      const recorded = pressed.map((key): Answer => {
        return (proposal) => {
          if (key === 'u' && proposal.hasEarlier) net.pop();
          else net.push(key);
          return given(key)(proposal);
        };
      });
      const whole = await playFiles(files, found, recorded);
      const direct = await playFiles(
        files,
        found,
        net.map((key) => given(key === 'u' ? 'n' : key)),
      );
      expect(whole.texts).toEqual(direct.texts);
      expect(whole.statuses).toEqual(direct.statuses);
    }),
    { numRuns: 200 },
  );
});

it('a review that is killed goes on as if it had not been', async () => {
  await fc.assert(
    fc.asyncProperty(findings, keys, fc.nat(6), async (found, pressed, length) => {
      const kept: AnswerRecord[] = [];
      const remembered = (answers: readonly Answer[]) => {
        const store = {
          kept: parseAnswers(kept.map(serializeRecord).join('')),
          pathOf: (path: string) => path,
          append: (record: AnswerRecord) => void kept.push(record),
        };
        const around = (asking: Parameters<typeof rememberingReviewer>[0]) =>
          rememberingReviewer(
            asking,
            () => Promise.resolve(store),
            () => undefined,
          );
        return playFiles(files, found, answers, { around });
      };
      const all = pressed.map(given);
      const { interrupted } = await remembered([...all.slice(0, length), killed]);
      if (interrupted === undefined) return;
      const resumed = await remembered(all.slice(length));
      const unbroken = await playFiles(files, found, all);
      expect(resumed.texts).toEqual(unbroken.texts);
      expect(resumed.statuses).toEqual(unbroken.statuses);
    }),
    { numRuns: 200 },
  );
});

const killed: Answer = () => {
  throw new Interrupted('SIGTERM');
};

it('an answer about a change counts no longer where its other file is another now', async () => {
  const over = findingIn(files, 'a.py', 'a0', { one: { 'a.py': ['a0'], 'b.py': ['b0'] } });
  const records: AnswerRecord[] = [];
  const store = () => ({
    kept: parseAnswers(records.map(serializeRecord).join('')),
    pathOf: (path: string) => path,
    append: (record: AnswerRecord) => void records.push(record),
  });
  const around = (asking: Parameters<typeof rememberingReviewer>[0]) =>
    rememberingReviewer(
      asking,
      () => Promise.resolve(store()),
      () => undefined,
    );
  await playFiles(files, [over], [yes], { around });
  expect((await playFiles(files, [over], [no], { around })).asked).toEqual([]);
  const { asked } = await playFiles({ ...files, 'b.py': 'b0\nother\n' }, [over], [no], { around });
  expect(asked).toEqual(['1 of 1: a0']);
});
