/** A cheap necessary condition, and what other files may make a finding. */
import type { InheritableSubject } from '../../src/plan/transform.ts';
import { mayCloseCycle } from './text-cycle.ts';

const NAME = '[\\w\\u0080-\\uffff]+';
/** Something is bound to an attribute: by itself, among others, or by name. */
const BINDS = new RegExp(`\\.[\\s\\\\]*${NAME}\\s*(?::[^=\\n\\r]*)?(?:=(?!=)|[,)\\]])|\\bsetattr\\b`);
/** Something is put into an attribute, or a second one is bound. */
const HOLDS = /\.\s*(?:append|appendleft|add|insert|setdefault|push|extend)\b|\]\s*(?:=(?!=)|,)|\+=|\bsetattr\b/;
const SEVERAL = new RegExp(
  `\\.[\\s\\\\]*${NAME}\\s*(?::[^=\\n\\r]*)?(?:=(?!=)|[,)\\]])[\\s\\S]*\\.[\\s\\\\]*${NAME}\\s*(?::[^=\\n\\r]*)?(?:=(?!=)|[,)\\]])`,
);

const GENERATED = /\bdataclass/;

/** False proves that the rule finds nothing in the text by itself: a cycle takes a class, a pointer and what holds. */
export function mayMatch(text: string): boolean {
  if (!/\bclass\b/.test(text) || !/\bdef\b/.test(text)) return false;
  const binds = BINDS.test(text);
  const holds = HOLDS.test(text);
  // A constructor that is generated binds without a statement that does.
  if (GENERATED.test(text) ? !holds && !binds : !binds || !(holds || SEVERAL.test(text))) return false;
  return mayCloseCycle(text);
}

const CLASS = new RegExp(`^([ \\t]*)class[ \\t]+(${NAME})`, 'gm');
/** `self.parent = parent`, `self.parent: Node = parent`, `self.parent = None`. */
const POINTER = new RegExp(
  `\\b(?:self|this)\\.(${NAME})\\s*(?::[^=\\n\\r]*)?=\\s*(${NAME})[ \\t]*(?:#[^\\n\\r]*)?$`,
  'gm',
);

/** `parent: Optional["Node"] = None` in a class body. */
const FIELD = new RegExp(`^[ \\t]+(${NAME})[ \\t]*:[ \\t]*[^=\\n\\r]*[A-Z][^=\\n\\r]*(?:=|$)`, 'gm');

/** The attributes that may become pointers back if another file hands the object to its owner. */
export function* inheritable(text: string): Iterable<InheritableSubject> {
  const classes = [...text.matchAll(CLASS)].map(({ index, 2: name = '' }) => ({ index, name }));
  const fields = GENERATED.test(text) ? text.matchAll(FIELD) : [];
  const found = new Map<string, InheritableSubject>();
  for (const match of [...text.matchAll(POINTER), ...fields]) {
    const [, attribute = '', value = 'field'] = match;
    const className = classes.findLast(({ index }) => index < match.index)?.name;
    const key = `${className}.${attribute}`;
    if (className === undefined || /^(?:True|False|\d.*)$/.test(value) || found.get(key)?.linked === 'given') continue;
    found.set(key, { className, attribute, importable: true, linked: value === 'None' ? 'set' : 'given' });
  }
  yield* found.values();
}
