/** Reviews of a made-up file whose answers are given in advance, for the tests of the way through a review. */
import type { Finding, Fix } from '../../src/core/finding.ts';
import type { SourceFile } from '../../src/core/source-file.ts';
import { type Decided, decide } from '../../src/decide.ts';
import type { Decision, Proposal, Reviewer } from '../../src/review/reviewer.ts';
import { sourceFromBytes } from '../../src/source/read.ts';

const path = 'a.py';

export function sourceOf(content: string | Buffer): SourceFile {
  const source = sourceFromBytes(Buffer.from(content), { path, realPath: '/a.py', writable: true });
  if ('kind' in source) throw new Error(source.message);
  return source;
}

/** Replaces the words by `new`. */
function fixOf(text: string, strategy: string, words: readonly string[]): Fix {
  const edits = words.map((word) => {
    const start = text.indexOf(word);
    return { path, range: { start, end: start + word.length }, text: 'new' };
  });
  return { strategy, title: strategy, obligations: [], edits, requests: [] };
}

/** A finding at a word of the text; each strategy replaces words. */
export function findingAt(
  text: string,
  symbol: string,
  strategies: Readonly<Record<string, readonly string[]>>,
): Finding {
  const start = text.indexOf(symbol);
  const fixes = Object.entries(strategies).map(([name, words]) => fixOf(text, name, words));
  const range = { start, end: start + symbol.length };
  return { rule: 'some-rule', retention: 'gc', path, symbol, range, message: '', evidence: [], fixes };
}

export type Answer = (proposal: Proposal) => Decision;
export const yes: Answer = ({ offers: [{ fix }] }) => ({ kind: 'accept', fix });
export const no: Answer = () => ({ kind: 'reject' });
export const back: Answer = () => ({ kind: 'back' });
export const made =
  (text: string): Answer =>
  ({ offers: [{ fix }] }) => ({ kind: 'accept', fix, edited: Buffer.from(text) });

export interface Played extends Decided {
  /** `1 of 3: symbol` of each question, and what was passed over. */
  readonly asked: readonly string[];
  readonly statuses: readonly string[];
  readonly text: string | undefined;
}

export async function play(
  text: string,
  findings: readonly Finding[],
  answers: readonly Answer[],
  again: (text: string) => readonly Finding[] = () => [],
  around: (reviewer: Reviewer) => Reviewer = (reviewer) => reviewer,
): Promise<Played> {
  const source = sourceOf(text);
  const asked: string[] = [];
  const left = [...answers];
  const reviewer: Reviewer = {
    offers: () => true,
    choosesStrategy: true,
    decide: (proposal) => {
      asked.push(`${proposal.number} of ${proposal.total}: ${proposal.finding.symbol}`);
      return Promise.resolve((left.shift() ?? yes)(proposal));
    },
    passedOver: ({ finding }, reason) => void asked.push(`${finding.symbol}: ${reason}`),
  };
  const decided = await decide(
    { findings, sources: new Map([[path, source]]) },
    around(reviewer),
    'rejected',
    async () => undefined,
    async (edited) => ({ findings: again(edited.text), sources: new Map() }),
  );
  const statuses = decided.outcomes.map(({ finding, status }) => `${finding.symbol} ${status}`);
  return { ...decided, asked, statuses, text: decided.rendered[0]?.text };
}
