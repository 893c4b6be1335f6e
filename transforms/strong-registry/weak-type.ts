/** Which weak container takes the place of a registry, or why none can. */

import { excerpt } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { type Entry, isCompound } from './entry.ts';
import type { Registry } from './registry.ts';

export type WeakType = 'WeakKeyDictionary' | 'WeakValueDictionary' | 'WeakSet';

const NO_TWIN: Readonly<Record<string, string>> = {
  defaultdict: 'use a `weakref.WeakKeyDictionary` and `setdefault` where a missing key is looked up',
  OrderedDict:
    'a `weakref.WeakKeyDictionary` or `WeakValueDictionary` keeps the order of insertion, but has no `move_to_end`',
  Counter: 'use a `weakref.WeakKeyDictionary` and count with `get(key, 0) + 1`',
};

/** By what the entries hold. */
export function weakTypeOf({ type }: Registry, entries: readonly Entry[]): WeakType | Unwritable {
  const advice = NO_TWIN[type];
  if (advice !== undefined) return { unwritable: `\`${type}\` has no weak twin: ${advice}` };
  const nested = entries.find(({ inside }) => inside === 'container');
  if (nested !== undefined)
    return {
      unwritable: `the objects lie in containers inside it (\`${excerpt(nested.operation.file, nested.operation.node)}\`): make the inner ones weak (\`weakref.WeakSet\`)`,
    };
  const tuple = entries.find((entry) => entry.inside === 'tuple' || (entry.role === 'key' && isCompound(entry)));
  if (tuple !== undefined)
    return {
      unwritable: `\`${excerpt(tuple.operation.file, tuple.node)}\` is held inside a tuple, which cannot be weakly referenced: keep one registry for each part, or take the entry out where the object ends`,
    };
  if (type === 'list' || type === 'set') return 'WeakSet';
  if (type !== 'dict') return { unwritable: `\`${type}\` has no weak twin` };
  return entries.some(({ role }) => role === 'key') ? 'WeakKeyDictionary' : 'WeakValueDictionary';
}
