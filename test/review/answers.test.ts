/** What is kept of a review, line by line, and what it is worth when the files are looked at again. */
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  type AnswerRecord,
  countAnswers,
  parseAnswers,
  recordsOf,
  serializeRecord,
  standingOf,
} from '../../src/review/answers.ts';

const answer = (path: string, key: string, more: Partial<Answer> = {}): AnswerRecord => ({
  answer: { path, key, before: 'old', kind: 'accept', ...more },
});
const written = (path: string): AnswerRecord => ({ written: { path, after: 'new' } });
const parsed = (...records: readonly AnswerRecord[]) => parseAnswers(records.map(serializeRecord).join(''));
const keysOf = (files: ReturnType<typeof parseAnswers>, path = 'a.py') => [...(files.get(path)?.answers.keys() ?? [])];

describe('what is kept', () => {
  it('is every answer, the later of two about the same, but for those taken back', () => {
    const files = parsed(
      answer('a.py', '1'),
      answer('a.py', '2'),
      answer('b.py', '1'),
      answer('a.py', '1', { kind: 'reject' }),
      { takenBack: [{ path: 'a.py', key: '2' }] },
      { takenBack: [{ path: 'b.py', key: '1' }] },
    );
    expect(keysOf(files)).toEqual(['1']);
    expect(files.get('a.py')?.answers.get('1')?.kind).toBe('reject');
    expect([...files.keys()]).toEqual(['a.py']);
    expect(countAnswers(files)).toBe(1);
  });

  it('comes to the same when it is written anew', () => {
    const files = parsed(answer('a.py', '1', { fix: 'f', edited: 'eA==' }), answer('b.py', '2'), written('b.py'));
    expect(parsed(...recordsOf(files))).toEqual(files);
  });

  it('is what could be written before the power failed', () => {
    const whole = serializeRecord(answer('a.py', '1'));
    expect(keysOf(parseAnswers(`${whole}\0\0\n{"answer":{"path":\n[1]\nnull\n${whole.slice(0, 30)}`))).toEqual(['1']);
  });

  it('of a file that has become another, is what was answered about that one', () => {
    expect(keysOf(parsed(answer('a.py', '1'), answer('a.py', '2', { before: 'other' })))).toEqual(['2']);
  });

  it.each([
    ['as it was written', 'new'],
    ['put back', 'old'],
  ])('of a file answered about again, %s, no longer has what was accepted before', (_, before) => {
    const files = parsed(
      answer('a.py', '1'),
      answer('a.py', '2', { kind: 'reject' }),
      written('a.py'),
      answer('a.py', '3', { before }),
    );
    expect(keysOf(files)).toEqual(['2', '3']);
    expect(files.get('a.py')?.after).toBeUndefined();
  });
});

it('what answers are worth follows from the bytes of the file now', () => {
  const open = { before: 'old', after: undefined, answers: new Map() };
  expect([standingOf(open, 'old'), standingOf(open, 'other')]).toEqual(['valid', 'changed']);
  const done = { ...open, after: 'new' };
  expect(['new', 'old', 'other'].map((now) => standingOf(done, now))).toEqual(['written', 'put back', 'changed']);
});
