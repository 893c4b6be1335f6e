/** The parts of one rewrite. */
import type { Edit } from '../../src/core/edit.ts';
import type { Fix, Request } from '../../src/core/finding.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';

export type Rewritten = Pick<Fix, 'edits' | 'requests'>;

/** All of it or nothing. What several parts need at one place, such as room for weak references, is written once. */
export function together(all: readonly (Partial<Rewritten> | Unwritable)[]): Rewritten | Unwritable {
  const edits = new Map<string, Edit>();
  const requests: Request[] = [];
  for (const one of all) {
    if ('unwritable' in one) return one;
    for (const edit of one.edits ?? [])
      edits.set(`${edit.path} ${edit.range.start} ${edit.range.end} ${edit.text}`, edit);
    requests.push(...(one.requests ?? []));
  }
  return { edits: [...edits.values()], requests };
}
