/** How pointers are called in sentences. */
import type { Group } from './match.ts';

/** `first`, `last` of `List`, quoted. */
export function namesOf({ holder, pointers }: Group): string {
  return `${pointers.map(({ attribute }) => `\`${attribute}\``).join(', ')} of \`${holder.name}\``;
}
