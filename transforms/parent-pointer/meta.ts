/** What the command line says of the rule; the rest is loaded when it is run. */
import type { RuleMeta } from '../../src/core/rule.ts';

const meta: RuleMeta = {
  id: 'parent-pointer',
  summary: 'an object points back to the one that holds it, and only the cycle collector frees the two',
  retention: 'gc',
  preview: true,
  strategies: [
    { name: 'property', summary: 'make the pointer a property over a weak reference' },
    { name: 'ref', summary: 'store a `weakref.ref`, and call it at every read' },
    { name: 'proxy', summary: 'store a `weakref.proxy`' },
    { name: 'destroy', summary: 'add a method that breaks the links, for the owner to call' },
  ],
};

export default meta;
