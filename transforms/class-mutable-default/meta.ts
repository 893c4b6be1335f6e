/** What the command line says of the rule; the rest is loaded when it is run. */
import type { RuleMeta } from '../../src/core/rule.ts';

const meta: RuleMeta = {
  id: 'class-mutable-default',
  summary: 'a mutable class attribute is changed through instances, which all share it',
  retention: 'process',
  strategies: [
    { name: 'init', summary: 'move the value into `__init__`, so that each instance builds its own' },
    { name: 'local', summary: 'make it a local name of the one method that uses it, new at each call' },
  ],
};

export default meta;
