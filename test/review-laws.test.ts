/** What holds of every review, whatever is answered: taking back leaves no trace, and being killed loses nothing. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AnswerRecord, parseAnswers, serializeRecord } from '../src/review/answers.ts';
import { Interrupted } from '../src/review/prompt.ts';
import { rememberingReviewer } from '../src/review/remembering.ts';
import { type Answer, back, findingAt, no, play, yes } from './support/review.ts';

const words = ['aa', 'bb', 'cc', 'dd', 'ee'];
const text = `${words.join('\n')}\n`;
/** The first strategy of each replaces the next word too, so that neighbours are in each other's way; the second its own alone. */
const found = (of: string) => {
  const there = words.filter((word) => of.includes(word));
  return there.map((word, index) => findingAt(of, word, { both: there.slice(index, index + 2), one: [word] }));
};
const editing: Answer = ({ offers: [{ fix, result }] }) => {
  return { kind: 'accept', fix, edited: Buffer.from(`${result()}# edited\n`) };
};
const answers = { y: yes, n: no, e: editing, u: back };
const keys = fc.array(fc.constantFrom('y', 'n', 'e', 'u'), { maxLength: 14 });

it('what was answered and taken back leaves no trace, edits among it', async () => {
  await fc.assert(
    fc.asyncProperty(keys, async (pressed) => {
      const net: ('y' | 'n' | 'e')[] = [];
      let given = 0;
      const recorded: Answer[] = pressed.map((key) => (proposal) => {
        given += 1;
        // At the first change there is nothing to take back.
        const effective = key === 'u' && !proposal.hasEarlier ? 'n' : key;
        if (effective === 'u') net.pop();
        else net.push(effective);
        return answers[effective](proposal);
      });
      const whole = await play(text, found(text), recorded, found);
      const direct = await play(
        text,
        found(text),
        net.map((key) => answers[key]),
        found,
      );
      expect(given).toBeLessThanOrEqual(pressed.length);
      expect(whole.text).toBe(direct.text);
      expect(whole.statuses).toEqual(direct.statuses);
    }),
    { numRuns: 200 },
  );
});

it('a review that is killed anywhere, more than once, goes on as if it had not been', async () => {
  await fc.assert(
    fc.asyncProperty(keys, fc.array(fc.nat(6), { maxLength: 3 }), async (pressed, lengths) => {
      const kept: AnswerRecord[] = [];
      const remembered = (asked: readonly Answer[]) => {
        const store = {
          kept: parseAnswers(kept.map(serializeRecord).join('')),
          pathOf: (path: string) => path,
          append: (record: AnswerRecord) => void kept.push(record),
        };
        return play(text, found(text), asked, found, (asking) =>
          rememberingReviewer(
            asking,
            () => Promise.resolve(store),
            () => undefined,
          ),
        );
      };
      const all = pressed.map(
        (key): Answer =>
          (proposal) => {
            return answers[key === 'u' && !proposal.hasEarlier ? 'n' : key](proposal);
          },
      );
      const rest = [...all];
      for (const length of lengths) {
        const { interrupted } = await remembered([...rest.splice(0, length), killed]);
        // It came to its end before it was killed.
        if (interrupted === undefined) return;
      }
      const resumed = await remembered(rest);
      const unbroken = await play(text, found(text), all, found);
      expect(resumed.text).toBe(unbroken.text);
      expect(resumed.statuses).toEqual(unbroken.statuses);
    }),
    { numRuns: 200 },
  );
});

const killed: Answer = () => {
  throw new Interrupted('SIGTERM');
};
