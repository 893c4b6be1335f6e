/**
 * The answers of a review, a line of JSON each, written as they are given: a review that was killed or left loses none of them.
 *
 *     {"answer":{"path":"shop/cart.py","before":"<sha-256 of the file>","key":"..","kind":"accept","fix":"<digest>"}}
 *     {"takenBack":[{"path":"shop/cart.py","key":".."}]}
 *     {"written":{"path":"shop/cart.py","after":"<sha-256 of the file>"}}
 *
 * Later lines win. A line that was cut off by a power failure is passed over.
 */

/** One answer. Paths are relative to the folder of the state, with forward slashes. */
export interface Answer {
  readonly path: string;
  /** Digest of the file as it was read. */
  readonly before: string;
  /** The finding, inside its file. */
  readonly key: string;
  readonly kind: 'accept' | 'reject';
  /** Digest of the fix that was accepted, with what was checked of it. */
  readonly fix?: string | undefined;
  /** Base64 of what a person made of the file. */
  readonly edited?: string | undefined;
}

export type AnswerId = Pick<Answer, 'path' | 'key'>;

export type AnswerRecord =
  | { readonly answer: Answer }
  | { readonly takenBack: readonly AnswerId[] }
  | { readonly written: { readonly path: string; readonly after: string } };

/** What is kept about one file. */
export interface FileAnswers {
  readonly before: string;
  /** Digest of what was written because of the answers, if anything was. */
  readonly after: string | undefined;
  /** By key. */
  readonly answers: ReadonlyMap<string, Answer>;
}

/** What the answers about a file are worth now. */
export type Standing =
  /** The file is as it was: all count. */
  | 'valid'
  /** The file is as it was written: what was accepted is done. */
  | 'written'
  /** The file was written, and put back since: what was accepted is not. */
  | 'put back'
  | 'changed';

/** `now` is the digest of the file. */
export function standingOf({ before, after }: FileAnswers, now: string): Standing {
  if (now === after) return 'written';
  if (now !== before) return 'changed';
  return after === undefined ? 'valid' : 'put back';
}

/** What is kept, by path. */
export function parseAnswers(text: string): Map<string, FileAnswers> {
  const files = new Map<string, FileAnswers>();
  for (const line of text.split('\n')) {
    const record = parseRecord(line);
    if (record === undefined) continue;
    if ('answer' in record) keep(files, record.answer);
    else if ('takenBack' in record) for (const id of record.takenBack) forget(files, id);
    else {
      const file = files.get(record.written.path);
      if (file !== undefined) files.set(record.written.path, { ...file, after: record.written.after });
    }
  }
  return files;
}

function keep(files: Map<string, FileAnswers>, answer: Answer): void {
  const file = files.get(answer.path);
  // Answers about other bytes than these are worth nothing beside them; those about what was written come after it.
  const same = file !== undefined && (file.before === answer.before || file.after === answer.before);
  const answers = new Map(same ? file.answers : []);
  // What was accepted before the file was written is done, or was put back.
  if (file?.after !== undefined)
    for (const { key, kind } of file.answers.values()) if (kind === 'accept') answers.delete(key);
  // The newest answer is the last.
  answers.delete(answer.key);
  answers.set(answer.key, answer);
  files.set(answer.path, { before: answer.before, after: undefined, answers });
}

function forget(files: Map<string, FileAnswers>, { path, key }: AnswerId): void {
  const file = files.get(path);
  if (file === undefined) return;
  const answers = new Map(file.answers);
  answers.delete(key);
  if (answers.size === 0) files.delete(path);
  else files.set(path, { ...file, answers });
}

/** Line ended. */
export function serializeRecord(record: AnswerRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** The records that come to what is kept. */
export function recordsOf(files: ReadonlyMap<string, FileAnswers>): readonly AnswerRecord[] {
  return [...files].flatMap(([path, { after, answers }]): readonly AnswerRecord[] => [
    ...[...answers.values()].map((answer) => ({ answer })),
    ...(after === undefined ? [] : [{ written: { path, after } }]),
  ]);
}

export function countAnswers(files: ReadonlyMap<string, FileAnswers>): number {
  return [...files.values()].reduce((count, { answers }) => count + answers.size, 0);
}

function parseRecord(line: string): AnswerRecord | undefined {
  const { answer, takenBack, written } = asRecord(parseJson(line));
  if (isAnswer(answer)) return { answer };
  if (Array.isArray(takenBack) && takenBack.every(isAnswerId)) return { takenBack };
  const { path, after } = asRecord(written);
  return typeof path === 'string' && typeof after === 'string' ? { written: { path, after } } : undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isAnswer(value: unknown): value is Answer {
  const { before, kind, fix, edited } = asRecord(value);
  const optional = [fix, edited].every((one) => one === undefined || typeof one === 'string');
  return isAnswerId(value) && typeof before === 'string' && (kind === 'accept' || kind === 'reject') && optional;
}

function isAnswerId(value: unknown): value is AnswerId {
  const { path, key } = asRecord(value);
  return typeof path === 'string' && typeof key === 'string';
}
