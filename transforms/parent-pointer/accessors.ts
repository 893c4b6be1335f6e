/** What the getter and the setter of the property do. */

export interface Bodies {
  /** What the setter calls its parameter. */
  readonly value: string;
  readonly get: readonly string[];
  readonly set: readonly string[];
}

/**
 * `stored`: the private name; `reference`: how `weakref.ref` is written there. `None` is told from an owner by identity: one that is empty
 * or false is no less an owner. The reference is read once, so that nothing can die between two looks at it.
 */
export function accessorBodies(attribute: string, stored: string, reference: string): Bodies {
  const bare = attribute.replace(/^_+/, '');
  const taken = new Set([reference.split('.')[0], 'self', 'property']);
  const value = /^\d|^$/.test(bare) || taken.has(bare) ? 'value' : bare;
  return {
    value,
    get: [`${value} = self.${stored}`, `return None if ${value} is None else ${value}()`],
    set: [`self.${stored} = None if ${value} is None else ${reference}(${value})`],
  };
}
