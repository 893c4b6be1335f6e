/**
 * Asks about each change, as `git add -p` does.
 *
 * The review goes to stderr: stdout carries the diff or the report and nothing else, so that
 * `pyleak-fix -i --format json > report.json` still asks on the terminal.
 */
import { visible } from '../core/visible.ts';
import { describe, heading, type Look } from './describe.ts';
import type { EditText } from './editor.ts';
import { columnsOf, wrap } from './layout.ts';
import { type Prompt, terminalPrompt } from './prompt.ts';
import type { Decision, Offer, Proposal, Reviewer } from './reviewer.ts';

/** The terminal that is asked. */
export interface ReviewIO {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

export interface ReviewOptions {
  readonly color: boolean;
  /** How a person edits a file. */
  readonly edit: EditText;
}

/** What the prompt says about `A` after so many of one rule were applied one by one, and then again after each ten. */
const FEW = 3;
const MANY = 10;

/** What earlier answers have settled. */
interface Standing {
  /** For the rest of one file. */
  file?: { readonly path: string; readonly kind: 'accept' | 'reject' };
  /** For all that remains. */
  all?: 'accept' | 'stop';
  /** How many changes of one rule were applied in a row, each when it was asked about. */
  applied: { readonly rule: string; readonly times: number };
}

/** One question. */
interface Question {
  readonly proposal: Proposal;
  readonly session: Session;
  /** The offer that is shown. */
  offer: Offer;
  /** What a person made of the file that could not be taken, to be opened again. */
  draft?: Buffer;
}

interface Key {
  readonly key: string;
  readonly help: string;
  /** Why the key does nothing here, as a sentence; it is not listed then. */
  readonly idle?: (proposal: Proposal) => string | undefined;
  /** Undefined asks again. */
  readonly act: (question: Question) => Decision | undefined | Promise<Decision | undefined>;
}

const keys: readonly Key[] = [
  { key: 'y', help: 'apply this change', act: ({ offer: { fix } }) => ({ kind: 'accept', fix }) },
  { key: 'n', help: 'skip this change', act: () => ({ kind: 'reject' }) },
  {
    key: 'a',
    help: 'apply this change and the rest in this file',
    act: ({ proposal, session: { standing }, offer: { fix } }) => {
      standing.file = { path: proposal.finding.path, kind: 'accept' };
      return { kind: 'accept', fix };
    },
  },
  {
    key: 'd',
    help: 'skip this change and the rest in this file',
    act: ({ proposal, session: { standing } }) => {
      standing.file = { path: proposal.finding.path, kind: 'reject' };
      return { kind: 'reject' };
    },
  },
  {
    key: 'A',
    help: 'apply this change and all that remain, the unsafe ones too',
    act: ({ session: { standing }, offer: { fix } }) => {
      standing.all = 'accept';
      return { kind: 'accept', fix };
    },
  },
  {
    key: 's',
    help: 'show another strategy for this change',
    idle: ({ offers }) => (offers.length > 1 ? undefined : 'There is no other strategy for this change.'),
    act: showNext,
  },
  { key: 'e', help: 'edit the file as it would be after this change', act: edit },
  {
    key: 'u',
    help: 'take back the last answer',
    idle: ({ hasEarlier }) => (hasEarlier ? undefined : 'There is no answer to take back.'),
    act: () => ({ kind: 'back' }),
  },
  {
    key: 'q',
    help: 'stop here; what was accepted is written',
    act: ({ session: { standing } }) => {
      standing.all = 'stop';
      return { kind: 'stop' };
    },
  },
  { key: '?', help: 'print this help', act: printHelp },
];

function keysFor(proposal: Proposal): readonly Key[] {
  return keys.filter(({ idle }) => idle?.(proposal) === undefined);
}

function printHelp({ proposal, session }: Question): undefined {
  session.write(
    keysFor(proposal)
      .map(({ key, help }) => `${key} - ${help}\n`)
      .join(''),
  );
}

function showNext(question: Question): undefined {
  const { offers } = question.proposal;
  question.offer = offers[(offers.indexOf(question.offer) + 1) % offers.length] ?? offers[0];
  draw(question);
}

async function edit(question: Question): Promise<Decision | undefined> {
  const { proposal, session, offer } = question;
  const result = offer.result();
  if (result === undefined) return session.say('This change cannot be written in the encoding of the file.');
  const others = offer.others.map((other) => other.path);
  const them = others.length === 1 ? 'changes' : 'change';
  if (others.length > 0) session.say(`Only ${proposal.finding.path} is opened; ${others.join(', ')} ${them} as shown.`);
  const edited = await session.edit(proposal.finding.path, question.draft ?? result);
  if (!Buffer.isBuffer(edited)) return session.say(`${edited.problem}; nothing was taken.`);
  if (edited.equals(result)) return session.say('Nothing was edited; y applies the change as it is.');
  const problem = proposal.problemWith(edited);
  if (problem === undefined) {
    session.say('Taken as edited.');
    return { kind: 'accept', fix: offer.fix, edited };
  }
  question.draft = edited;
  return session.say(`${problem}; nothing was taken. e opens it again as you left it.`);
}

function draw({ proposal, offer, session }: Question): void {
  session.write(describe(proposal, offer, session.look()));
}

/** One review on one terminal. */
class Session {
  readonly standing: Standing = { applied: { rule: '', times: 0 } };
  readonly edit: EditText;
  private readonly stderr: NodeJS.WriteStream;
  private readonly color: boolean;
  private readonly prompt: Prompt;

  constructor({ stdin, stderr }: ReviewIO, { color, edit: editText }: ReviewOptions) {
    this.stderr = stderr;
    this.color = color && stderr.isTTY;
    this.edit = editText;
    this.prompt = terminalPrompt(stdin, stderr);
  }

  look(): Look {
    return { color: this.color, columns: columnsOf(this.stderr) };
  }

  write(text: string): void {
    this.stderr.write(text);
  }

  /** A sentence that starts with a capital letter whatever `text` starts with. */
  say(text: string): undefined {
    const sentence = visible(text.charAt(0).toUpperCase() + text.slice(1));
    this.write(`${wrap(sentence, columnsOf(this.stderr), 0)}\n`);
  }

  async ask(proposal: Proposal): Promise<Decision> {
    const question: Question = { proposal, session: this, offer: proposal.offers[0] };
    draw(question);
    this.mentionAll(proposal);
    for (;;) {
      const names = keysFor(proposal)
        .map(({ key }) => key)
        .join(',');
      const fallback = question.offer.applicability === 'safe' ? 'y' : 'n';
      const answer = (await this.prompt.ask('Apply this change', `[${names}] (${fallback})?`, fallback)) ?? 'q';
      const key = keys.find((candidate) => candidate.key === answer);
      const idle = key?.idle?.(proposal);
      if (key === undefined) this.say(`There is no key ${answer}; the keys are ${names} (? explains them).`);
      else if (idle !== undefined) this.say(idle);
      const decision = idle === undefined ? await key?.act(question) : undefined;
      if (decision !== undefined) return this.note(proposal, decision);
    }
  }

  /** Keeps what later questions depend on. */
  private note({ finding: { rule } }: Proposal, decision: Decision): Decision {
    const { applied } = this.standing;
    const times = decision.kind !== 'accept' ? 0 : applied.rule === rule ? applied.times + 1 : 1;
    this.standing.applied = { rule, times };
    if (decision.kind === 'back') delete this.standing.file;
    return decision;
  }

  private mentionAll({ finding: { rule }, number, total }: Proposal): void {
    const { applied } = this.standing;
    if (applied.rule !== rule || number >= total) return;
    if (applied.times !== FEW && (applied.times === 0 || applied.times % MANY !== 0)) return;
    this.say(`You have applied ${applied.times} changes of ${rule} in a row. A applies this one and all after it.`);
  }
}

/** What earlier answers say about a change; undefined if it has to be asked about. */
function settled({ file, all }: Standing, { finding, offers: [{ fix }] }: Proposal): Decision | undefined {
  const kind = all ?? (file?.path === finding.path ? file.kind : undefined);
  switch (kind) {
    case undefined:
      return undefined;
    case 'accept':
      return { kind, fix, implied: true };
    case 'reject':
      return { kind, implied: true };
    case 'stop':
      return { kind };
  }
}

/**
 * Asks on `io.stderr`, reads from `io.stdin`, a terminal. Enter alone applies a safe change and skips an unsafe one.
 * `decide` rejects with `Interrupted` (see prompt.ts) at Ctrl-C, SIGTERM or hang-up.
 */
export function interactiveReviewer(io: ReviewIO, options: ReviewOptions): Reviewer {
  const session = new Session(io, options);
  return {
    offers: () => true,
    choosesStrategy: true,
    decide: (proposal) => {
      const decision = settled(session.standing, proposal);
      return decision === undefined ? session.ask(proposal) : Promise.resolve(decision);
    },
    passedOver(turn, reason) {
      if (session.standing.all !== undefined) return;
      session.write(`\n${heading(turn, session.look())}`);
      session.say(`Passed over: ${reason}, which was accepted.`);
    },
  };
}

export { Interrupted } from './prompt.ts';
