/** Obligation `name-not-observed`: nothing reads where the class is defined, nor its name where that changes. */
import type { Obligation } from '../../src/core/finding.ts';
import { generatedBy } from '../../src/model/class-kind.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import { descend } from '../../src/syntax/access.ts';
import type { LocalClass, Match } from './match.ts';

const OBSERVING = ['__qualname__', '__module__'] as const;

export function nameNotObserved(one: LocalClass, { names }: Match): Obligation {
  const id = 'name-not-observed';
  const { model, statement, holder } = one;
  const { file } = model;
  for (const name of OBSERVING) {
    const read = file.attributes(name)[0];
    if (read !== undefined)
      return unknown(id, { file, node: read, detail: `\`${excerpt(file, read)}\` may see where the class is defined` });
  }
  const bare = file
    .names('__qualname__')
    .find((node) => node.start >= holder.node.start && node.end <= holder.node.end);
  if (bare !== undefined)
    return unmet(id, { file, node: bare, detail: '`__qualname__` says where the class is defined' });
  if (generatedBy(model) !== undefined && !model.methods.some(({ name }) => name === '__repr__')) {
    const detail = 'the generated `__repr__` says where the class is defined';
    return unknown(id, { file, node: model.node, detail });
  }
  const example = [...descend(statement)].find((node) => node.kind === 'string' && file.text(node).includes('>>>'));
  if (example !== undefined) {
    const detail = 'doctest runs the examples of a class at module level, and not of one in a function';
    return unknown(id, { file, node: example, detail });
  }
  const renamed = names.get(one);
  if (renamed !== undefined && renamed !== model.name) {
    const seen = file
      .attributes('__name__')
      .find((node) => node.start >= holder.node.start && node.end <= holder.node.end);
    if (seen !== undefined)
      return unmet(id, { file, node: seen, detail: `\`${excerpt(file, seen)}\` would be \`${renamed}\`` });
    const spelled = [...descend(holder.node)].find(
      (node) => node.kind === 'string_content' && mentions(file.text(node), model.name),
    );
    if (spelled !== undefined)
      return unknown(id, {
        file,
        node: spelled,
        detail: `a string speaks of \`${model.name}\`, which becomes \`${renamed}\``,
      });
    const manglesAnew = model.name.replace(/^_+/, '') !== renamed.replace(/^_+/, '');
    const secret = [...descend(statement)].find(
      (node) => node.kind === 'identifier' && /^__(?!\w*__$)/.test(file.text(node)),
    );
    if (manglesAnew && secret !== undefined)
      return unknown(id, { file, node: secret, detail: `private names would be called after \`${renamed}\`` });
    if (model.bases.some((base) => !/^builtins\.object$/.test(base.qualifiedName ?? '')))
      return unknown(id, { file, node: model.node, detail: `messages and representations would say \`${renamed}\`` });
  }
  return met(id, 'nothing reads where the class is defined');
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w])${name}(?![\\w])`, 'u').test(text);
}
