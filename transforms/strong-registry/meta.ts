/** What the command line says of the rule; the rest is loaded when it is run. */
import type { RuleMeta } from '../../src/core/rule.ts';

const meta: RuleMeta = {
  id: 'strong-registry',
  summary: 'a container of a class or module keeps every instance it was given, and nothing takes one out',
  retention: 'process',
  strategies: [
    { name: 'weak', summary: 'hold the instances weakly: `WeakKeyDictionary`, `WeakValueDictionary`, `WeakSet`' },
  ],
};

export default meta;
