/** Which of two attributes that lead from one object to the other and back is the pointer to the owner. */
import { classOf } from '../../src/model/class.ts';
import { fileOf } from '../../src/model/file.ts';
import type { Link } from '../../src/model/link.ts';
import { isNamed } from '../../src/model/object-path.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/**
 * What the name of a link says of its direction: the greater, the surer it leads back. Names break ties only; of the two links of a
 * list they are all there is.
 */
export function backwardness(attribute: string): number {
  const name = attribute.replace(/^_+/, '').toLowerCase();
  if (
    /^(?:next|nxt|succ|successor|first|head|front|start|left|right|child|children|down|below|inner)(?:_|$|sibling|node|child)/.test(
      name,
    )
  )
    return -1;
  if (/^(?:last|tail|rear|end)(?:_|$|child|node)/.test(name)) return 1;
  if (/^(?:prev|previous|prior|pred|predecessor|before)(?:_|$|sibling|node)/.test(name)) return 2;
  if (
    /(?:^|_)(?:parent|owner|root|up|container|master|host|manager|outer|top|doc|document|tree|graph)(?:_|$|node)/.test(
      name,
    ) ||
    /parent$/.test(name)
  )
    return 3;
  return 0;
}

/** The links of lists: next and previous, first and last. */
function isListLink(attribute: string): boolean {
  const rank = backwardness(attribute);
  return rank === -1 || rank === 1 || rank === 2;
}

/**
 * True if `there`, which leads from one object to another, points back, and `back`, which leads from there to the first, holds; undefined
 * where nothing tells. Both are held directly: what lies in a container is held by whoever has the container.
 */
export function pointsBack(there: Link, back: Link): boolean | undefined {
  const [a, b] = [backwardness(there.attribute), backwardness(back.attribute)];
  if (isListLink(there.attribute) && isListLink(back.attribute) && a !== b) return a > b;
  // Who makes the other has it.
  if (makes(there) !== makes(back)) return makes(back);
  // What is made with the other at hand came later.
  if (there.given !== back.given) return there.given;
  if (there.atBirth !== back.atBirth) return there.atBirth;
  // Beside what is no link of a list, the last of something is held as the first is.
  const [far, near] = [a, b].map((rank) => (rank === 1 ? -1 : rank)) as [number, number];
  return far === near ? undefined : far > near;
}

/** True if what the link leads to is made for it: `self.engine = Engine(self)`. */
function makes({ value, given }: Link): boolean {
  if (isNamed(value) || value.steps.length > 0 || given) return false;
  const call = value.root as PyNode;
  const callee = field(call, 'function');
  return callee !== undefined && classOf(fileOf(call), callee) !== undefined;
}
