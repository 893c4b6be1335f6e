/** Which files of the project may use an attribute of a class. */
import { field } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { asNamed, type ClassModel, isImportable } from './class.ts';
import type { NamedAttribute } from './class-attribute.ts';
import { relatives, subclassesOf, unknownSubclasses } from './class-hierarchy.ts';
import { concerns, usesUnseen } from './class-use.ts';
import type { FileModel, FilesFound } from './file.ts';
import { receiverOf } from './receiver.ts';
import { spelledOut } from './reflection.ts';

/**
 * The files that may use the attribute: its own, those of the classes related to its class, and those that name one of these
 * or read the attribute from a class that they need not name.
 */
export function filesAround(attribute: NamedAttribute): FilesFound {
  return kept(attribute, ALL, () => {
    const found = othersAround(attribute);
    return { files: withFamily(attribute, found.files), incomplete: whyIncomplete(attribute, found) };
  });
}

/** Those of the {@link filesAround} that have one of the words, or something of a name behind a dot (`.name`); the file and those of related classes too. */
export function filesSaying(attribute: NamedAttribute, words: readonly string[]): readonly FileModel[] {
  return some(attribute, ['saying', ...words].join(), () => othersAround(attribute, words));
}

/**
 * Of the files in which the class or a relative is named, as far as imports tell, those that `matter`; asked of those alone that have
 * the word, or something of a name behind a dot (`.name`). The file and those of related classes too.
 */
export function filesNaming(
  attribute: NamedAttribute,
  word: string,
  matters: (file: FileModel) => boolean,
): readonly FileModel[] {
  const { class: model, name } = attribute;
  const { surroundings } = model.file;
  const only = { having: [word], byName: true };
  return some(attribute, `naming,${word}`, () =>
    surroundings.mentioning(importable(model).map(asNamed), name, model.file, matters, only),
  );
}

const around = new WeakMap<ClassModel, Map<string, FilesFound>>();
const ALL = 'all';

function keyOf({ name }: NamedAttribute, what: string): string {
  return `${name},${what}`;
}

function kept(attribute: NamedAttribute, what: string, find: () => FilesFound): FilesFound {
  const byKey = around.get(attribute.class) ?? new Map<string, FilesFound>();
  around.set(attribute.class, byKey);
  const key = keyOf(attribute, what);
  const known = byKey.get(key);
  if (known !== undefined) return known;
  const found = find();
  // What is incomplete is kept where that is told, or it would count as complete once there is room for more.
  if (what === ALL || found.incomplete === undefined) byKey.set(key, found);
  return found;
}

/**
 * A part of the {@link filesAround}, or all of them where they are known: after those there may be no room for a part, and it would seem
 * that nothing is used. If there is no room for a part there is none for all, and {@link filesAround} says so.
 */
function some(attribute: NamedAttribute, what: string, find: () => FilesFound): readonly FileModel[] {
  const all = around.get(attribute.class)?.get(keyOf(attribute, ALL));
  if (all !== undefined) return all.files;
  const found = kept(attribute, what, () => {
    const { files, incomplete } = find();
    return { files: withFamily(attribute, files), incomplete };
  });
  return found.files;
}

function importable(model: ClassModel): readonly ClassModel[] {
  return [model, ...subclassesOf(model)].filter(isImportable);
}

function othersAround({ class: model, name }: NamedAttribute, having?: readonly string[]): FilesFound {
  const { file } = model;
  const known = importable(model);
  // One that has a class of the same name and nothing to do with this one is not kept.
  const matters = (other: FileModel): boolean =>
    concerns(other, model) ||
    spelledOut(other, model, name) !== undefined ||
    known.some((member) => usesUnseen(other, member).length > 0) ||
    other.attributes(name).some((node) => mayReach(other, field(node, 'object'), known));
  const only = having === undefined ? undefined : { having, byName: false };
  return file.surroundings.mentioning(known.map(asNamed), name, file, matters, only);
}

function withFamily({ class: model }: NamedAttribute, files: readonly FileModel[]): readonly FileModel[] {
  const family = [...relatives(model)].map((member) => member.file);
  return [...new Set([model.file, ...[...family, ...files].sort(byPath)])];
}

function whyIncomplete({ class: model }: NamedAttribute, { files, incomplete }: FilesFound): string | undefined {
  return unknownSubclasses(model) ?? incomplete ?? unseenUse(files, importable(model));
}

/** Why something may be done to one of the classes that was not seen; undefined if all uses are known. */
function unseenUse(files: readonly FileModel[], classes: readonly ClassModel[]): string | undefined {
  for (const file of files) {
    for (const member of classes) {
      const [use] = usesUnseen(file, member);
      if (use === undefined) continue;
      return `\`${file.text(use).slice(0, 40)}\` in ${file.source.path} may mean \`${member.name}\``;
    }
  }
  return undefined;
}

function byPath(a: FileModel, b: FileModel): number {
  return a.source.path < b.source.path ? -1 : Number(a.source.path > b.source.path);
}

function mayReach(file: FileModel, object: PyNode | undefined, heirs: readonly ClassModel[]): boolean {
  if (object === undefined) return false;
  return receiverOf(file, object).kind === 'some-class' || mayBeNamed(file, object, heirs);
}

/**
 * True for a name of the class that nothing in the file binds, and for an attribute of that name of who knows what: a star import, a
 * module that is found only when the program runs.
 */
export function mayBeNamed(file: FileModel, object: PyNode, heirs: readonly ClassModel[]): boolean {
  const isHeir = (name: string): boolean => heirs.some((heir) => heir.name === name);
  if (object.kind === 'identifier') return file.resolve(object) === undefined && isHeir(file.text(object));
  const name = object.kind === 'attribute' ? field(object, 'attribute') : undefined;
  return name !== undefined && isHeir(file.text(name)) && file.qualifiedName(object) === undefined;
}
