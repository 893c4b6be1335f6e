/**
 * What an edit by hand does to the review of a file. The text that a person made takes the place of everything accepted so far, and
 * what follows is found anew in it: its places have moved, and what was checked may hold no longer.
 */
import type { Finding, Fix } from './core/finding.ts';
import type { SourceFile } from './core/source-file.ts';
import { type FileState, type Item, planned } from './file-review.ts';
import { contentKey, contentOf } from './finding-key.ts';
import type { Outcome } from './report/build.ts';
import { lineColumn } from './source/lines.ts';
import { sourceFromBytes } from './source/read.ts';
import { parse } from './syntax/tree.ts';
import { betweenTexts, placeBefore } from './text-difference.ts';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Reads bytes as the new content of a file. A `problem` is a sentence for a person, with the place. */
export function readEdited(source: SourceFile, bytes: Buffer): SourceFile | { readonly problem: string } {
  // An editor that drops the mark was not asked to.
  const whole = source.bom && !bytes.subarray(0, BOM.length).equals(BOM) ? Buffer.concat([BOM, bytes]) : bytes;
  const edited = sourceFromBytes(whole, source);
  if ('kind' in edited) return { problem: `${edited.message}${place(edited)}` };
  if (edited.encoding !== source.encoding || edited.bom !== source.bom) {
    const [before, after] = [source, edited].map(({ encoding, bom }) => (bom ? `${encoding} with a BOM` : encoding));
    return { problem: `the edit changes the encoding of the file from ${before} to ${after}` };
  }
  if (edited.text.trim() === '') return { problem: 'the edit left nothing of the file' };
  const syntax = parse(edited.text);
  if (!('offset' in syntax)) return edited;
  return { problem: `the edited file has a syntax error${place(lineColumn(edited.text, syntax.offset))}` };
}

function place({ line, column }: { readonly line?: number | undefined; readonly column?: number | undefined }): string {
  return line === undefined || column === undefined ? '' : ` (line ${line}, column ${column})`;
}

/**
 * The state after the edit, in which `fix` of the first finding was accepted. `found` is what is found in `base`, the edited file: what was
 * refused before is not asked again, what is no longer found is done, and what was not found before is asked about in its turn.
 * `others` are the fixes of other files' findings that are in the text too.
 */
export function takeEdit(
  state: FileState,
  fix: Fix,
  base: SourceFile,
  found: readonly Finding[],
  others: readonly Fix[],
): FileState {
  const [current, ...rest] = state.queue;
  if (current === undefined) return state;
  const accepted = [...state.accepted, { finding: current.origin, fix, key: current.key }];
  const done = accepted.map((one) => {
    const { paths = [], ...outcome } = planned(one);
    // The text is a person's, whether the change itself has a part in it or not.
    return { ...outcome, paths: [...new Set([...paths, base.path])].sort(), key: one.key };
  });
  const doneBefore = state.settled.filter(({ status }) => status === 'planned');
  const doneContents = new Set([...done, ...doneBefore].map(({ key }) => contentOf(key)));
  const refused = state.settled.filter(({ status }) => status !== 'planned').map(({ key }) => contentOf(key));
  const waiting = [...rest];
  const known = new Set([...state.settled, ...done, ...rest].map(({ key }) => key));
  const difference = betweenTexts(state.source.text, base.text);

  const queue: Item[] = [];
  for (const finding of found) {
    const content = contentKey(base.text, finding);
    if (takeFirst(refused, (one) => one === content) !== undefined) continue;
    const item = takeFirst(waiting, ({ key }) => contentOf(key) === content);
    if (item !== undefined) queue.push({ ...item, finding });
    else if (!doneContents.has(content)) {
      const key = unused(content, known);
      known.add(key);
      queue.push({ finding, key, origin: foundLater(finding, (range) => placeBefore(difference, range)) });
    }
  }
  const gone = waiting.map(({ origin, key }): Outcome & { readonly key: string } => {
    return { finding: origin, key, status: 'planned', paths: [origin.path] };
  });
  const taken = [...state.taken, ...accepted.map((one) => one.fix), ...others];
  return { ...state, base, taken, queue, accepted: [], settled: [...state.settled, ...done, ...gone] };
}

/** Removes and returns the first that fits. */
function takeFirst<T>(all: T[], fits: (one: T) => boolean): T | undefined {
  const index = all.findIndex(fits);
  return index < 0 ? undefined : all.splice(index, 1)[0];
}

function unused(content: string, known: ReadonlySet<string>): string {
  let number = 0;
  while (known.has(`${content}.${number}`)) number += 1;
  return `${content}.${number}`;
}

/** As it is reported: in the file as it was read, where its fixes would not fit. What other files show of it is left out. */
function foundLater(finding: Finding, before: (range: Finding['range']) => Finding['range']): Finding {
  const evidence = finding.evidence
    .filter(({ place }) => place.path === finding.path)
    .map((one) => ({ ...one, place: { ...one.place, range: before(one.place.range) } }));
  return { ...finding, range: before(finding.range), evidence, fixes: [] };
}
