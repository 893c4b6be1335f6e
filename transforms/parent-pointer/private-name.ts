/** What the attribute is called that keeps the weak reference. */
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { Group } from './match.ts';

/** A name that nothing in the files in question uses, nor any class of the family. */
export function privateName({ holder, files }: Pick<Group, 'holder' | 'files'>, attribute: string): string | undefined {
  const candidates = attribute.startsWith('_')
    ? [`${attribute}_ref`, `${attribute}_weak`]
    : [`_${attribute}`, `_${attribute}_ref`, `_${attribute}_weak`];
  return candidates.find((name) => {
    const word = new RegExp(`(?<![\\w\\u0080-\\uffff])${name}(?![\\w\\u0080-\\uffff])`);
    const everywhere = new Set([...files, ...[...relatives(holder)].map(({ file }) => file)]);
    return ![...everywhere].some(({ source }) => word.test(source.text));
  });
}
