/** What the command line says of the rule; the rest is loaded when it is run. */
import type { RuleMeta } from '../../src/core/rule.ts';

const meta: RuleMeta = {
  id: 'class-attribute-assignment',
  summary: 'a method puts an object of its instance on the class, which outlives the instance',
  retention: 'process',
  strategies: [
    { name: 'instance', summary: 'set it on the instance, and read it from there' },
    { name: 'release', summary: 'let the class go of it in `__del__`, when the instance dies' },
  ],
};

export default meta;
