/** Who hands its own `self` to an object of another class, told by names alone: the two may hold each other. */
import type { FileFacts } from './facts.ts';

export class HandedSelf {
  private readonly byCallee = new Map<string, Set<string>>();
  private readonly byAttribute = new Map<string, Set<string>>();

  constructor(facts: readonly FileFacts[]) {
    for (const { path, handsSelf, aliases } of facts) {
      for (const name of handsSelf.to)
        note(this.byCallee, aliases.find(([, alias]) => alias === name)?.[0] ?? name, path);
      for (const name of handsSelf.as) note(this.byAttribute, name, path);
    }
  }

  /** The paths of the files that call the class with `self`, where it keeps that (`given`), or set an attribute of that name to it. */
  paths(className: string, attribute: string, given: boolean): readonly string[] {
    const called = given ? this.byCallee.get(className) : undefined;
    return [...new Set([...(called ?? []), ...(this.byAttribute.get(attribute) ?? [])])];
  }
}

function note(index: Map<string, Set<string>>, name: string, path: string): void {
  const paths = index.get(name);
  if (paths === undefined) index.set(name, new Set([path]));
  else paths.add(path);
}
