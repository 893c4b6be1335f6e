/**
 * `class-in-function`: a class statement in a function that closes over nothing local, so that every call builds a class that only
 * the cycle collector frees. The page of the rule is README.md beside this file.
 */
import type { Evidence, Fix, Unfixable } from '../../src/core/finding.ts';
import type { FileModel } from '../../src/model/file.ts';
import { place } from '../../src/plan/place.ts';
import type { Explanation, Topic, Transform } from '../../src/plan/transform.ts';
import { field } from '../../src/syntax/access.ts';
import { matchesIn } from './candidates.ts';
import { instancesKept } from './collects.ts';
import { troubleWithNames, usedBeforeDefined } from './early-names.ts';
import { hoist } from './hoist.ts';
import type { LocalClass, Match } from './match.ts';
import meta from './meta.ts';
import { obligations } from './obligations.ts';
import { mayMatch } from './sift.ts';

const transform: Transform<Match> = {
  meta,
  mayMatch,
  subject: ({ classes: [first] }) => ({ class: first.model }),
  detect,
  explain,
  remedy,
};

export default transform;

function* detect(file: FileModel, wanted: (topic: Topic) => boolean): Iterable<Match> {
  for (const match of matchesIn(file)) if (wanted({ class: match.classes[0].model })) yield match;
}

function explain({ classes, captured }: Match): Explanation {
  const [first, ...others] = classes;
  const { model } = first;
  const { file } = model;
  const along = others.length === 0 ? '' : ` with ${others.map((one) => `\`${one.model.name}\``).join(', ')}`;
  const owners = new Map(classes.map((one) => [one.holder, one]));
  const functions = [...owners.values()].map((one) => `\`${nameOf(file, one)}\``).join(' or ');
  const cause =
    captured.length === 0
      ? 'Nothing in it depends on the call.'
      : `Of the call it only reads ${captured.map(({ name }) => `\`${name}\``).join(' and ')}.`;
  const calls: readonly Evidence[] = [...owners.values()].map((one) => ({
    place: place(file, field(one.holder.node, 'name') ?? one.holder.node),
    message: `every call of \`${nameOf(file, one)}\` runs the class statement`,
  }));
  const uses: readonly Evidence[] = classes.flatMap(({ model: { name }, uses: [use] }) =>
    use === undefined ? [] : [{ place: place(file, use), message: `\`${name}\` is used here` }],
  );
  const header = field(model.node, 'superclasses') ?? field(model.node, 'name') ?? model.node;
  return {
    symbol: model.qualifiedName,
    range: { start: model.node.start, end: header.end },
    message: `\`${model.name}\`${along} is a new class at every call of ${functions}: about seven objects that the cycle collector tracks, in a cycle that only it frees, late. ${cause}`,
    evidence: [...calls, ...uses],
  };
}

function nameOf(file: FileModel, { holder }: LocalClass): string {
  const name = field(holder.node, 'name');
  return name === undefined ? '' : file.text(name);
}

function remedy(match: Match, strategy: string): Fix | Unfixable {
  const manual = (unfixable: string): Unfixable => ({ strategy, unfixable });
  const { classes, captured, names } = match;
  const [first, ...others] = classes;
  const { file } = first.model;
  if (captured.length > 0) {
    const values = captured.map(({ name }) => `\`${name}\``).join(' and ');
    return manual(
      `it reads ${values} of \`${nameOf(file, first)}\`: pass that in, to \`__init__\` for example, and the class can move to module level`,
    );
  }
  const registry = classes.map(instancesKept).find((name) => name !== undefined);
  if (registry !== undefined)
    return manual(`\`${registry}\` collects instances: at module level it would keep every one until the process ends`);
  const early = usedBeforeDefined(file, classes);
  if (early !== undefined) return manual(`\`${file.text(early)}\` would be used before it is defined`);
  const hoisted = hoist(match);
  if ('unwritable' in hoisted) return manual(hoisted.unwritable);
  const { edits, requests, at } = hoisted;
  const crash = classes.flatMap((one) => troubleWithNames(file, one, at)).find(({ trouble }) => trouble === 'crashes');
  if (crash !== undefined) return manual(`at module level the class statement would fail: ${crash.detail}`);
  const renamed = names.get(first) ?? first.model.name;
  const alias = renamed === first.model.name ? '' : ` as \`${renamed}\``;
  const along = others.length === 0 ? '' : ` and ${others.map((one) => `\`${one.model.name}\``).join(', ')}`;
  return {
    strategy,
    title: `Move \`${first.model.name}\`${along} to module level${alias}`,
    obligations: obligations(match, at),
    edits,
    requests,
  };
}
