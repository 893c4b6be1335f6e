/** Reviews of made-up files whose answers are given in advance, for the tests of the way through a review. */
import type { Finding, Fix } from '../../src/core/finding.ts';
import type { SourceFile } from '../../src/core/source-file.ts';
import { type Decided, decide } from '../../src/decide.ts';
import type { Decision, Proposal, Reviewer } from '../../src/review/reviewer.ts';
import { sourceFromBytes } from '../../src/source/read.ts';
import type { Recheck } from '../../src/standing.ts';

const path = 'a.py';

export function sourceOf(content: string | Buffer, name = path): SourceFile {
  const source = sourceFromBytes(Buffer.from(content), { path: name, realPath: `/${name}`, writable: true });
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

/** The same in one of several files, by path; each strategy replaces words of several, by path, with `new` or another text. */
export function findingIn(
  texts: Readonly<Record<string, string>>,
  home: string,
  symbol: string,
  strategies: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  text = 'new',
): Finding {
  const placeOf = (file: string, word: string) => {
    const start = (texts[file] ?? '').indexOf(word);
    return { start, end: start + word.length };
  };
  const fixes = Object.entries(strategies).map(([strategy, files]): Fix => {
    const edits = Object.entries(files).flatMap(([file, words]) =>
      words.map((word) => ({ path: file, range: placeOf(file, word), text })),
    );
    return { strategy, title: strategy, obligations: [], edits, requests: [] };
  });
  const range = placeOf(home, symbol);
  return { rule: 'some-rule', retention: 'gc', path: home, symbol, range, message: '', evidence: [], fixes };
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
  /** What the files come to, those that are not written left out. */
  readonly texts: Readonly<Record<string, string>>;
  readonly text: string | undefined;
}

export interface Around {
  /** What is found in an edited file. */
  readonly again?: (text: string, path: string) => readonly Finding[];
  readonly around?: (reviewer: Reviewer) => Reviewer;
  readonly recheck?: Recheck;
  readonly maxChanges?: number;
}

/** In one file, `a.py`. */
export function play(
  text: string,
  findings: readonly Finding[],
  answers: readonly Answer[],
  again: (text: string) => readonly Finding[] = () => [],
  around: (reviewer: Reviewer) => Reviewer = (reviewer) => reviewer,
): Promise<Played> {
  return playFiles({ [path]: text }, findings, answers, { again, around });
}

/** What has no answer is accepted. The findings have to be in the order of their files. */
export async function playFiles(
  files: Readonly<Record<string, string | Buffer>>,
  findings: readonly Finding[],
  answers: readonly Answer[],
  { again = () => [], around = (reviewer) => reviewer, recheck = async () => undefined, maxChanges }: Around = {},
): Promise<Played> {
  const sources = new Map(Object.entries(files).map(([name, text]) => [name, sourceOf(text, name)]));
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
    { findings, sources },
    around(reviewer),
    'rejected',
    recheck,
    async (edited) => ({ findings: again(edited.text, edited.path), sources: new Map() }),
    maxChanges,
  );
  const statuses = decided.outcomes.map(({ finding, status }) => `${finding.symbol} ${status}`);
  const texts = Object.fromEntries(decided.rendered.map(({ source, text }) => [source.path, text]));
  return { ...decided, asked, statuses, texts, text: texts[path] };
}
