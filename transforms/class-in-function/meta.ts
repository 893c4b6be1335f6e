/** What the command line says of the rule; the rest is loaded when it is run. */
import type { RuleMeta } from '../../src/core/rule.ts';

const meta: RuleMeta = {
  id: 'class-in-function',
  summary: 'a class is built anew by every call of a function that needs only one',
  retention: 'gc',
  strategies: [{ name: 'hoist', summary: 'move the class to module level, where it is built once' }],
};

export default meta;
