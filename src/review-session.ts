/**
 * A review from its first question to the end of the writing, with its answers kept on disk:
 *
 *     .pyleak-fix/answers.jsonl   what was answered and is not done with (src/review/answers.ts)
 *     .pyleak-fix/review.lock     while a review is open
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { openState, stateFolder } from './apply/journal.ts';
import { acquireLock } from './apply/lock.ts';
import type { Environment } from './config/main.ts';
import { UserError } from './core/errors.ts';
import type { Options } from './core/options.ts';
import { visible } from './core/visible.ts';
import type { Decided } from './decide.ts';
import { stateRoots } from './recover.ts';
import {
  type AnswerRecord,
  countAnswers,
  type FileAnswers,
  parseAnswers,
  recordsOf,
  serializeRecord,
} from './review/answers.ts';
import type { AnswerStore } from './review/remembering.ts';
import { policyReviewer, type Reviewer } from './review/reviewer.ts';
import type { FileEntry } from './source/discover.ts';
import type { Written } from './write.ts';

/** The terminal of a review: standard output may be redirected. */
const STDERR = 2;

export interface Reviewed {
  readonly decided: Decided;
  readonly written: Written;
  /** How many answers are kept for `--resume`. */
  readonly kept: number;
}

/**
 * Runs `work` with the reviewer that the options ask for. `files` are those that the run looks at. Throws a UserError if another
 * review is open, or nothing can be kept.
 */
export async function reviewed(
  options: Options,
  io: Environment,
  files: readonly FileEntry[],
  work: (reviewer: Reviewer) => Promise<Omit<Reviewed, 'kept'>>,
): Promise<Reviewed> {
  if (options.mode !== 'interactive') return { ...(await work(policyReviewer(options.unsafe))), kept: 0 };
  const [{ interactiveReviewer }, { environmentEditor }, { rememberingReviewer }, { watchingReviewer }] =
    await Promise.all([
      import('./review/interactive.ts'),
      import('./review/editor.ts'),
      import('./review/remembering.ts'),
      import('./review/watching.ts'),
    ]);
  const edit = environmentEditor(io.env, STDERR);
  const asking = watchingReviewer(interactiveReviewer(io, { color: options.color, edit }));
  const say = (sentence: string): void => void io.stderr.write(`${visible(sentence)}\n`);
  // Of several projects the first keeps the answers.
  const root = await realpath(stateRoots(options)[0] ?? options.cwd);
  let session: ReviewSession | undefined;
  const open = async (): Promise<AnswerStore> => {
    session = await openSession(root, options.resume);
    if (options.resume || session.earlier > 0) say(greeting(options, session.earlier));
    return session;
  };
  try {
    const result = await work(rememberingReviewer(asking, open, say));
    return { ...result, kept: session?.end(result, files) ?? 0 };
  } catch (error) {
    if (!(error instanceof UserError) || session === undefined) throw error;
    throw new UserError(`${error.message}; the answers are kept: --resume goes on with the review`, { cause: error });
  } finally {
    asking.release();
    await session?.close();
  }
}

function greeting({ resume }: Options, answers: number): string {
  if (answers === 0) return 'No review was left here: this one starts from the beginning.';
  const are = answers === 1 ? '1 answer is' : `${answers} answers are`;
  return resume
    ? `Going on with the review that was left: ${are} kept.`
    : `A review was left here, of which ${are} kept: --resume goes on with it. This one asks again.`;
}

async function openSession(root: string, resume: boolean): Promise<ReviewSession> {
  return openState(root, async (state) => {
    const release = await acquireLock(join(state, 'review.lock'), 'reviewing');
    return new ReviewSession(root, resume, release);
  });
}

class ReviewSession implements AnswerStore {
  readonly kept: ReadonlyMap<string, FileAnswers>;
  /** How many answers an earlier review has left. */
  readonly earlier: number;
  private readonly root: string;
  private readonly path: string;
  private readonly release: () => Promise<void>;
  private readonly file: number;

  constructor(root: string, resume: boolean, release: () => Promise<void>) {
    this.root = root;
    this.path = join(stateFolder(root), 'answers.jsonl');
    this.release = release;
    this.file = openSync(this.path, 'a+', 0o600);
    const all = this.read();
    this.earlier = countAnswers(all);
    this.kept = resume ? all : new Map();
  }

  pathOf(realPath: string): string {
    return relative(this.root, realPath).split(sep).join('/');
  }

  append(record: AnswerRecord, durable: boolean): void {
    writeSync(this.file, serializeRecord(record));
    if (durable) fsyncSync(this.file);
  }

  /**
   * After the writing: what was written is noted, and what is done with is forgotten, which is all about the files of a review that
   * came to its end but what could not be written. How many answers are left.
   */
  end({ decided, written }: Omit<Reviewed, 'kept'>, files: readonly FileEntry[]): number {
    for (const { source, sha256After } of written.written)
      this.append({ written: { path: this.pathOf(source.realPath), after: sha256After } }, true);
    const kept = this.read();
    if (decided.stopped || decided.interrupted !== undefined || written.interrupted !== undefined)
      return countAnswers(kept);
    const failed = new Set([...decided.errors, ...written.errors].map(({ path }) => path));
    for (const { path, realPath } of files) if (!failed.has(path)) kept.delete(this.pathOf(realPath));
    for (const path of kept.keys()) if (!existsSync(resolve(this.root, path))) kept.delete(path);
    this.replace(kept);
    return countAnswers(kept);
  }

  async close(): Promise<void> {
    closeSync(this.file);
    await this.release();
  }

  private read(): Map<string, FileAnswers> {
    return parseAnswers(readFileSync(this.path, 'utf8'));
  }

  private replace(files: ReadonlyMap<string, FileAnswers>): void {
    if (files.size === 0) return rmSync(this.path, { force: true });
    const next = `${this.path}.next`;
    writeFileSync(next, recordsOf(files).map(serializeRecord).join(''), { mode: 0o600 });
    renameSync(next, this.path);
  }
}
