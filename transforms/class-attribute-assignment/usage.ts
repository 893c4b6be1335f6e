/** Whether methods use an attribute as an object of its own: they call methods that plain data does not have. */

import type { AttributeAccess } from '../../src/model/attribute-accesses.ts';
import type { ClassModel } from '../../src/model/class.ts';
import { field } from '../../src/syntax/access.ts';
import { methodOfInstance } from './assignment.ts';

/** Methods of strings, bytes, numbers, tuples, and those with which lists, sets and mappings are read. */
const OF_PLAIN_DATA: ReadonlySet<string> = new Set(
  (
    'capitalize casefold center count encode decode endswith expandtabs find format format_map index isalnum isalpha isascii ' +
    'isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans ' +
    'partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip ' +
    'swapcase title translate upper zfill hex fromhex bit_length to_bytes from_bytes as_integer_ratio is_integer conjugate ' +
    'get keys values items copy union intersection difference issubset issuperset isdisjoint has_key iteritems itervalues ' +
    'iterkeys total_seconds strftime isoformat timestamp date time weekday match search fullmatch sub findall finditer'
  ).split(' '),
);

/** The name of a method of its own that a method of an instance of one of the classes calls on it; undefined if none does. */
export function usedAsObject(uses: readonly AttributeAccess[], members: ReadonlySet<ClassModel>): string | undefined {
  for (const use of uses) {
    const { file, node } = use;
    const member = node.parent;
    const name = member?.kind === 'attribute' && node.field === 'object' ? field(member, 'attribute') : undefined;
    if (name === undefined || member?.field !== 'function') continue;
    const method = methodOfInstance(use);
    if (method === undefined || !members.has(method.class)) continue;
    const called = file.text(name);
    if (!OF_PLAIN_DATA.has(called)) return called;
  }
  return undefined;
}
