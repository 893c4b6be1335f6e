/** How the compiler spells a name: identifiers that look alike are one name, private ones carry the name of their class. */
import type { Scope } from './scope.ts';

/**
 * What an identifier written in `scope` is called there. Identifiers are compared in normal form KC (language reference 2.3),
 * and inside `class C` the names `__x` and `_C__x` are one.
 */
export function nameIn(scope: Scope, identifier: string): string {
  const name = /[^\0-\x7f]/.test(identifier) ? identifier.normalize('NFKC') : identifier;
  const { privatePrefix } = scope;
  return privatePrefix !== '' && name.startsWith(`${privatePrefix}__`) && !name.endsWith('__')
    ? name.slice(privatePrefix.length)
    : name;
}

/** What private names are prefixed with inside a class of this name (reference 6.2.1); a class called `__` mangles nothing. */
export function privatePrefix(className: string): string {
  const stripped = className.replace(/^_+/, '');
  return stripped === '' ? '' : `_${stripped}`;
}

/**
 * Under which name `scope` would bind what is called `name` in `from`, a scope inside it. Bindings are kept as they are
 * called in their own block, so only a private name that crosses a class statement on its way out is another one there.
 */
export function nameSeenFrom(from: Scope, scope: Scope, name: string): string {
  const isPrivate = name.startsWith('__') && !name.endsWith('__');
  return isPrivate && from.privatePrefix !== scope.privatePrefix ? from.privatePrefix + name : name;
}
