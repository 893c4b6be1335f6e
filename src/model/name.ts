/** How the compiler spells a name: identifiers that look alike are one name, private ones carry the name of their class. */

/** A block, as far as names go. */
interface Block {
  /** What private names (`__x`) written in it are prefixed with; empty outside of classes. */
  readonly privatePrefix: string;
}

/**
 * What an identifier written in `block` is called there. Identifiers are compared in normal form KC (language reference 2.3),
 * and inside `class C` the names `__x` and `_C__x` are one.
 */
export function nameIn(block: Block, identifier: string): string {
  const name = /[^\0-\x7f]/.test(identifier) ? identifier.normalize('NFKC') : identifier;
  const { privatePrefix } = block;
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
 * Under which name `around` would bind what is called `name` in `from`, a block inside it. Bindings are kept as they are
 * called in their own block, so only a private name that crosses a class statement on its way out is another one there.
 */
export function nameSeenFrom(from: Block, around: Block, name: string): string {
  const isPrivate = name.startsWith('__') && !name.endsWith('__');
  return isPrivate && from.privatePrefix !== around.privatePrefix ? from.privatePrefix + name : name;
}
