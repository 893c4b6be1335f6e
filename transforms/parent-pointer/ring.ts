/** A list whose ends meet: weak links back leave the links forward, which are a cycle themselves. */
import { bodiesOf, linksIn } from '../../src/model/link.ts';
import { keyOf } from '../../src/model/object-path.ts';
import type { Group } from './match.ts';

/** Why what is left would still be a cycle; undefined where nothing shows one. */
export function ringOf({ holder, pointers }: Group): string | undefined {
  const { file } = holder;
  const names = new Set(pointers.flatMap(({ pairs }) => pairs.flatMap(({ hold }) => hold ?? [])));
  for (const body of bodiesOf(file)) {
    for (const link of linksIn(file, body)) {
      if (!names.has(link.attribute) || link.by !== 'direct' || keyOf(link.object) !== keyOf(link.value)) continue;
      return `\`${file.text(link.node).slice(0, 60)}\` makes a ring: the links forward are a cycle without those back`;
    }
  }
  return undefined;
}
