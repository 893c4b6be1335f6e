/** A reviewer that keeps each answer as it is given, and gives again those that were kept before. */
import { createHash } from 'node:crypto';
import { type Answer, type AnswerId, type AnswerRecord, type FileAnswers, standingOf } from './answers.ts';
import type { Decision, Offer, Proposal, Reviewer } from './reviewer.ts';

/** Where answers are kept. */
export interface AnswerStore {
  /** What is kept from an earlier review and counts in this one, by path. */
  readonly kept: ReadonlyMap<string, FileAnswers>;
  /** The name under which answers about a file are kept. */
  pathOf(realPath: string): string;
  /** `durable`: it is to outlive a power failure. */
  append(record: AnswerRecord, durable: boolean): void;
}

/** `open` is called once, at the first change; `say` shows a sentence to the person. */
export function rememberingReviewer(
  asking: Reviewer,
  open: () => Promise<AnswerStore>,
  say: (sentence: string) => void,
): Reviewer {
  let memory: Memory | undefined;
  return {
    ...asking,
    async decide(proposal) {
      memory ??= new Memory(await open(), say);
      const recalled = memory.recall(proposal);
      if (recalled !== undefined) return recalled;
      const decision = await asking.decide(proposal);
      memory.keep(proposal, decision);
      return decision;
    },
  };
}

class Memory {
  private readonly store: AnswerStore;
  private readonly say: (sentence: string) => void;
  /** The answers of this review in their order, so that they can be taken back as the review takes them back. */
  private readonly given: (AnswerId & { readonly asked: boolean })[] = [];
  private readonly takenBack = new Set<string>();
  private readonly mentioned = new Set<string>();
  private digested: { readonly bytes: Buffer; readonly digest: string } | undefined;
  /** How many were given again since somebody was asked. */
  private repeated = 0;

  constructor(store: AnswerStore, say: (sentence: string) => void) {
    this.store = store;
    this.say = say;
  }

  /** The kept answer about a change; undefined if there is none, or if it counts no longer. */
  recall(proposal: Proposal): Decision | undefined {
    const id = this.idOf(proposal);
    const file = this.store.kept.get(id.path);
    const answer = file?.answers.get(id.key);
    const decision =
      file === undefined || this.takenBack.has(nameOf(id)) ? undefined : this.stillGiven(proposal, file, answer);
    if (decision !== undefined) {
      this.repeated += 1;
      this.given.push({ ...id, asked: true });
    } else if (this.repeated > 0) {
      const [changes, are] = this.repeated === 1 ? ['change', 'is'] : ['changes', 'are'];
      this.say(`${this.repeated} ${changes} that you answered before ${are} skipped; u takes the last answer back.`);
      this.repeated = 0;
    }
    return decision;
  }

  private stillGiven(proposal: Proposal, file: FileAnswers, answer: Answer | undefined): Decision | undefined {
    const standing = standingOf(file, this.digestOf(proposal.file.bytes));
    if (standing === 'changed') {
      const count = file.answers.size;
      const them = count === 1 ? 'the answer about it is' : `the ${count} answers about it are`;
      this.mention(proposal, `${proposal.file.path} has changed since the review was left: ${them} asked for again.`);
      return undefined;
    }
    if (answer === undefined) return undefined;
    // What is found after it was accepted and written was answered all the same.
    if (answer.kind === 'reject' || standing === 'written') return { kind: 'reject' };
    if (standing === 'put back') {
      this.mention(
        proposal,
        `${proposal.file.path} was put back since it was written: what was applied is asked again.`,
      );
      return undefined;
    }
    const offer = proposal.offers.find((one) => this.digestOfOffer(one) === answer.fix);
    const edited = answer.edited === undefined ? undefined : Buffer.from(answer.edited, 'base64');
    if (offer !== undefined && (edited === undefined || proposal.problemWith(edited) === undefined))
      return { kind: 'accept', fix: offer.fix, edited };
    this.mention(
      proposal,
      `What can be done in ${proposal.file.path}, or was checked for it, has changed since: it is asked again.`,
    );
    return undefined;
  }

  /** Each sentence once. */
  private mention({ file: { path } }: Proposal, sentence: string): void {
    if (this.mentioned.has(path)) return;
    this.mentioned.add(path);
    this.say(sentence);
  }

  keep(proposal: Proposal, decision: Decision): void {
    if (decision.kind === 'stop') return;
    if (decision.kind === 'back') return this.takeBack();
    const id = this.idOf(proposal);
    const { kind, implied = false } = decision;
    const offer = decision.kind === 'accept' ? proposal.offers.find(({ fix }) => fix === decision.fix) : undefined;
    const accepted =
      decision.kind === 'accept' && offer !== undefined
        ? { fix: this.digestOfOffer(offer), edited: decision.edited?.toString('base64') }
        : undefined;
    const before = this.digestOf(proposal.file.bytes);
    this.store.append({ answer: { ...id, before, kind, ...accepted } }, !implied);
    this.given.push({ ...id, asked: !implied });
  }

  /** The last answer that somebody gave, and those that followed from it. */
  private takeBack(): void {
    const last = this.given.findLastIndex(({ asked }) => asked);
    if (last < 0) return;
    const ids = this.given.splice(last).map(({ path, key }) => ({ path, key }));
    for (const id of ids) this.takenBack.add(nameOf(id));
    this.store.append({ takenBack: ids }, true);
  }

  private idOf({ file, key }: Proposal): AnswerId {
    return { path: this.store.pathOf(file.realPath), key };
  }

  /** Of what it does and what was checked: an answer counts only for the change that was shown, and where its other files are the same. */
  private digestOfOffer({ fix, others }: Offer): string {
    const { strategy, edits, requests, obligations } = fix;
    const checked = obligations.map(({ id, holds }) => [id, holds]);
    const elsewhere = new Map(others.map(({ path, realPath }) => [path, this.store.pathOf(realPath)]));
    // By the names of the store: those of the fix depend on where the review is started.
    const written = edits.map(({ path, range, text }) => [elsewhere.get(path), range, text]);
    const asked = requests.map((request) => ({ ...request, path: elsewhere.get(request.path) }));
    const files = others.map(({ bytes }) => sha256(bytes));
    return sha256(JSON.stringify([strategy, written, asked, checked, files]));
  }

  /** The changes of a file come one after the other, so one digest is remembered. */
  private digestOf(bytes: Buffer): string {
    if (this.digested?.bytes !== bytes) this.digested = { bytes, digest: sha256(bytes) };
    return this.digested.digest;
  }
}

function nameOf({ path, key }: AnswerId): string {
  return `${path}\0${key}`;
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
