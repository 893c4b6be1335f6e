/** The way through a review: what is in the way of what, how an answer is taken back, and what an edit does to the rest. */
import { describe, expect, it } from 'vitest';
import { readEdited } from '../src/edited-file.ts';
import type { Proposal } from '../src/review/reviewer.ts';
import { type Answer, back, findingAt, made, no, play, sourceOf, yes } from './support/review.ts';

/** A finding at each of the words. */
const at = (of: string, ...symbols: string[]) => symbols.map((symbol) => findingAt(of, symbol, { one: [symbol] }));

describe('two changes in each other’s way', () => {
  const text = 'a = b\n';
  const findings = [findingAt(text, 'a', { one: ['a', 'b'] }), findingAt(text, 'b', { one: ['b'] })];

  it('of which the first is accepted: the second is not asked about, and says by what it is blocked', async () => {
    const { asked, statuses } = await play(text, findings, [yes]);
    expect(asked).toEqual(['1 of 2: a', 'b: it overlaps the fix of a (some-rule)']);
    expect(statuses).toEqual(['a planned', 'b conflict']);
  });

  it('of which the first is rejected: the second is free', async () => {
    const { asked, statuses } = await play(text, findings, [no, yes]);
    expect(asked).toEqual(['1 of 2: a', '2 of 2: b']);
    expect(statuses).toEqual(['a rejected', 'b planned']);
  });

  it('of which the first was accepted and taken back: the second is free', async () => {
    const more = [...findings, findingAt('a = b\n', '\n', { one: [] })];
    const { asked, statuses } = await play(text, more, [yes, back, no, yes, no]);
    expect(asked[0]).toBe('1 of 3: a');
    expect(asked.slice(-3)).toEqual(['1 of 3: a', '2 of 3: b', '3 of 3: \n']);
    expect(statuses).toEqual(['a rejected', 'b planned', '\n rejected']);
  });

  it('of which the second has another strategy: that one is offered, and the blocked one named', async () => {
    const second = findingAt(text, 'b', { one: ['b'], two: ['='] });
    const seen: Proposal[] = [];
    const look: Answer = (proposal) => {
      seen.push(proposal);
      return yes(proposal);
    };
    const first = findingAt(text, 'a', { one: ['a', 'b'] });
    await play('a = b\n', [first, second], [yes, look]);
    expect(seen[0]?.offers.map(({ fix }) => fix.strategy)).toEqual(['two']);
    expect(seen[0]?.blocked).toEqual([{ strategy: 'one', reason: 'it overlaps the fix of a (some-rule)' }]);
  });
});

describe('an edit', () => {
  const text = 'a\nb\nc\nd\n';

  it('is what the rest builds on: accepted later, its fixes are of the edited text', async () => {
    const {
      asked,
      statuses,
      text: result,
    } = await play(text, at(text, 'a', 'b', 'c', 'd'), [yes, made('new\n\nB\nc\nd\n'), yes, no], (edited) =>
      at(edited, 'c', 'd'),
    );
    expect(asked).toEqual(['1 of 4: a', '2 of 4: b', '3 of 4: c', '4 of 4: d']);
    expect(statuses).toEqual(['a planned', 'b planned', 'c planned', 'd rejected']);
    expect(result).toBe('new\n\nB\nnew\nd\n');
  });

  it('does not ask again about what was rejected before, or about the change itself', async () => {
    const { asked, statuses } = await play(text, at(text, 'a', 'b', 'c'), [no, made('a\nb\nc\nx\n'), yes], (edited) =>
      at(edited, 'a', 'b', 'c'),
    );
    expect(asked).toEqual(['1 of 3: a', '2 of 3: b', '3 of 3: c']);
    expect(statuses).toEqual(['a rejected', 'b planned', 'c planned']);
  });

  it('that takes a finding away has dealt with it, and one that brings a finding has it asked about', async () => {
    const { asked, statuses, outcomes } = await play(
      text,
      at(text, 'a', 'b', 'd'),
      [made('x\ny\nc\nd\n'), no, no],
      (edited) => at(edited, 'y', 'd'),
    );
    expect(asked).toEqual(['1 of 3: a', '2 of 3: y', '3 of 3: d']);
    expect(statuses).toEqual(['a planned', 'y rejected', 'b planned', 'd rejected']);
    // Where the edit is in the file as it was read, in which none of its fixes would fit.
    expect(outcomes[1]?.finding).toMatchObject({ range: { start: 0, end: 3 }, fixes: [] });
  });

  it('may be followed by another', async () => {
    const { text: result, statuses } = await play(
      text,
      at(text, 'a', 'b', 'c'),
      [made('A\nb\nc\nd\n'), made('A\nB\nc\nd\n'), yes],
      (edited) => at(edited, ...['b', 'c'].filter((symbol) => edited.includes(symbol))),
    );
    expect(result).toBe('A\nB\nnew\nd\n');
    expect(statuses).toEqual(['a planned', 'b planned', 'c planned']);
  });

  it('that comes to the file as it was writes nothing', async () => {
    const { text: result, statuses } = await play(text, at(text, 'a', 'b'), [made(text), no], (edited) =>
      at(edited, 'b'),
    );
    expect(result).toBeUndefined();
    expect(statuses).toEqual(['a rejected', 'b rejected']);
  });

  it('is taken back whole', async () => {
    const { asked, text: result } = await play(text, at(text, 'a', 'b'), [made('A\nb\n'), back, no, yes], (edited) =>
      at(edited, 'b'),
    );
    expect(asked).toEqual(['1 of 2: a', '2 of 2: b', '1 of 2: a', '2 of 2: b']);
    expect(result).toBe('a\nnew\nc\nd\n');
  });
});

describe('what a person made of a file is read', () => {
  it('in its encoding, with its line ends and its byte order mark', () => {
    const latin = sourceOf(Buffer.from('# coding: latin-1\r\nx = "\xe9"\r\n', 'latin1'));
    const edited = Buffer.from('# coding: latin-1\r\nx = "\xe8"\r\n', 'latin1');
    expect(readEdited(latin, edited)).toMatchObject({ bytes: edited, text: edited.toString('latin1') });
    const marked = sourceOf('\ufeffx = 1\n');
    expect(readEdited(marked, Buffer.from('x = 2\n'))).toMatchObject({
      bytes: Buffer.from('\ufeffx = 2\n'),
      bom: true,
    });
  });

  it.each([
    ['x = (\n', 'the edited file has a syntax error (line 1, column '],
    ['', 'the edit left nothing of the file'],
    ['# coding: latin-1\nx = 1\n', 'the edit changes the encoding of the file from utf-8 to latin-1'],
    [Buffer.from('x = "\xe9"\n', 'latin1'), 'byte 0xe9 is not UTF-8'],
  ])('%j is refused with a sentence', (bytes, expected) => {
    const result = readEdited(sourceOf('x = 1\n'), Buffer.from(bytes));
    expect('problem' in result && result.problem).toContain(expected);
  });
});

it('two thousand changes in one file are decided without a diff that nobody looks at', async () => {
  const names = Array.from({ length: 2000 }, (_, index) => `name${String(index).padStart(4, '0')}`);
  const text = `${names.join('\n')}\n`;
  const findings = names.map((name) => findingAt(text, name, { one: [name] }));
  const started = performance.now();
  const { statuses, text: result } = await play(text, findings, []);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(statuses).toHaveLength(2000);
  expect(result).toBe('new\n'.repeat(2000));
});

describe('what can be taken back by itself', () => {
  const text = 'a\nb\nc\n';

  it('is each accepted fix', async () => {
    const { changes, renderOnly } = await play(text, at(text, 'a', 'b', 'c'), [yes, no, yes]);
    expect(changes.map((change) => change.map(({ symbol }) => symbol))).toEqual([['a'], ['c']]);
    expect(changes.map((change) => renderOnly([change]).rendered[0]?.text)).toEqual(['new\nb\nc\n', 'a\nb\nnew\n']);
    expect(renderOnly([]).rendered).toEqual([]);
    expect(renderOnly(changes).rendered[0]?.text).toBe('new\nb\nnew\n');
  });

  it('is all of a file that a person has edited', async () => {
    const edited = (now: string) => at(now, 'c');
    const { changes, renderOnly } = await play(text, at(text, 'a', 'b', 'c'), [yes, made('new\nB\nc\n'), yes], edited);
    expect(changes.map((change) => change.map(({ symbol }) => symbol))).toEqual([['a', 'b', 'c']]);
    expect(renderOnly([]).rendered).toEqual([]);
    expect(renderOnly(changes).rendered[0]?.text).toBe('new\nB\nnew\n');
  });
});
