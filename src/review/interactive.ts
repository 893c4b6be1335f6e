/**
 * Asks about each change, as `git add -p` does.
 *
 * The review goes to stderr: stdout carries the diff or the report and nothing else, so that
 * `pyleak-fix -i --format json > report.json` still asks on the terminal.
 */
import { stripVTControlCharacters } from 'node:util';
import type { Obligation } from '../core/finding.ts';
import { visible } from '../core/visible.ts';
import { type Prompt, terminalPrompt } from './prompt.ts';
import type { Decision, Proposal, Reviewer } from './reviewer.ts';
import { colorize } from './terminal-diff.ts';

/** The terminal that is asked. */
export interface ReviewIO {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

/** What earlier answers have settled. */
interface Standing {
  /** For the rest of one file. */
  file?: { readonly path: string; readonly decision: Decision };
  /** For all that remains. */
  all?: Decision;
}

interface Key {
  readonly key: string;
  readonly help: string;
  /** Undefined asks again. */
  readonly act: (proposal: Proposal, standing: Standing, session: Session) => Decision | undefined;
}

/** Where to write, and whether in colours. */
interface Session {
  readonly write: (text: string) => void;
  readonly color: boolean;
}

function forFile(decision: Decision): Key['act'] {
  return ({ finding }, standing) => {
    standing.file = { path: finding.path, decision };
    return decision;
  };
}

function forAll(decision: Decision): Key['act'] {
  return (_proposal, standing) => {
    standing.all = decision;
    return decision;
  };
}

const keys: readonly Key[] = [
  { key: 'y', help: 'apply this change', act: () => 'accept' },
  { key: 'n', help: 'skip this change', act: () => 'reject' },
  { key: 'a', help: 'apply this change and the rest in this file', act: forFile('accept') },
  { key: 'd', help: 'skip this change and the rest in this file', act: forFile('reject') },
  { key: 'A', help: 'apply this change and all that remain', act: forAll('accept') },
  { key: 'q', help: 'stop here; what was accepted is written', act: forAll('stop') },
  { key: '?', help: 'print this help', act: (_proposal, _standing, session) => printHelp(session) },
];

function printHelp({ write }: Session): undefined {
  write(keys.map(({ key, help }) => `${key} - ${help}\n`).join(''));
}

type Color = 'bold' | 'red' | 'green' | 'yellow';
const codes: Readonly<Record<Color, number>> = { bold: 1, red: 31, green: 32, yellow: 33 };

function paint({ color }: Session, name: Color, text: string): string {
  return color ? `\x1b[${codes[name]}m${text}\x1b[0m` : text;
}

function mark(holds: Obligation['holds']): readonly [string, Color] {
  if (holds === 'unknown') return ['unknown', 'yellow'];
  return holds ? ['holds', 'green'] : ['does not hold', 'red'];
}

function obligationLine({ holds, id, detail }: Obligation, session: Session): string {
  const [word, color] = mark(holds);
  return `  ${paint(session, color, word.padEnd('does not hold'.length))}  ${visible(`${id}: ${detail}`)}`;
}

/** `3 of 41 · class-mutable-default · Basket.lines · shop/cart.py:12` */
function heading({ number, total, finding, position }: Proposal): string {
  return visible(
    [`${number} of ${total}`, finding.rule, finding.symbol, `${finding.path}:${position.line}`].join(' · '),
  );
}

/** Without the carriage returns of CRLF, which would stand at the end of every line and tell nothing. */
function shownDiff(diff: Buffer, { color }: Session): string {
  const shown = colorize(Buffer.from(diff.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'));
  return color ? shown : stripVTControlCharacters(shown);
}

/** Everything a person needs to decide: where, why, what was checked, the diff. */
function describe(proposal: Proposal, session: Session): string {
  const { finding, fix, applicability, evidencePositions } = proposal;
  const evidence = finding.evidence.map(({ place, message }, index) => {
    const at = evidencePositions[index];
    return `  ${visible(`${place.path}${at === undefined ? '' : `:${at.line}:${at.column}`}: ${message}`)}`;
  });
  const kind = paint(session, applicability === 'safe' ? 'green' : 'yellow', applicability);
  return [
    '',
    paint(session, 'bold', heading(proposal)),
    visible(finding.message),
    ...evidence,
    `${visible(`${fix.strategy}: ${fix.title}`)} (${kind})`,
    ...fix.obligations.map((obligation) => obligationLine(obligation, session)),
    '',
    shownDiff(proposal.diff(), session),
  ].join('\n');
}

async function ask(proposal: Proposal, standing: Standing, session: Session, prompt: Prompt): Promise<Decision> {
  session.write(`${describe(proposal, session).trimEnd()}\n`);
  const names = keys.map(({ key }) => key).join(',');
  const fallback = proposal.applicability === 'safe' ? 'y' : 'n';
  for (;;) {
    const answer = (await prompt.ask('Apply this change', `[${names}] (${fallback})?`, fallback)) ?? 'q';
    const key = keys.find((candidate) => candidate.key === answer);
    if (key === undefined)
      session.write(`There is no key ${visible(answer)}; the keys are ${names} (? explains them).\n`);
    const decision = key?.act(proposal, standing, session);
    if (decision !== undefined) return decision;
  }
}

/**
 * Asks on `io.stderr`, reads from `io.stdin`, a terminal. Enter alone applies a safe change and skips an unsafe one.
 * `decide` rejects with `Interrupted` (see prompt.ts) at Ctrl-C, SIGTERM or hang-up.
 */
export function interactiveReviewer(io: ReviewIO, options: { readonly color: boolean }): Reviewer {
  const session: Session = { write: (text) => io.stderr.write(text), color: options.color && io.stderr.isTTY };
  const standing: Standing = {};
  const prompt = terminalPrompt(io.stdin, io.stderr);
  return {
    offers: () => true,
    async decide(proposal) {
      if (standing.all !== undefined) return standing.all;
      if (standing.file?.path === proposal.finding.path) return standing.file.decision;
      return ask(proposal, standing, session, prompt);
    },
  };
}

export { Interrupted } from './prompt.ts';
