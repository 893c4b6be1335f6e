/** A project in memory, for tests of what files say about each other. */
import { FileModel } from '../../src/model/file.ts';
import { factsOf } from '../../src/project/facts.ts';
import { Project } from '../../src/project/project.ts';
import { parse } from '../../src/syntax/tree.ts';

/** Where the files lie. */
export const ROOT = '/project';

export interface TestProject {
  readonly project: Project;
  /** The model of a file. Throws where there is none. */
  file(path: string): FileModel;
  /** The paths of the files that were read for their meaning so far, each once. */
  readonly read: ReadonlySet<string>;
}

/** `files`: texts by their paths below the root. */
export function projectOf(
  files: Readonly<Record<string, string>>,
  declarativeBases: readonly string[] = [],
): TestProject {
  const read = new Set<string>();
  const entries = Object.keys(files).map((path) => ({ path, realPath: `${ROOT}/${path}` }));
  const project = new Project({
    files: entries,
    roots: [ROOT],
    facts: Object.entries(files).map(([path, text]) => factsOf(path, text)),
    declarativeBases,
    text: ({ path }) => files[path],
    load: ({ path, realPath }, surroundings) => {
      read.add(path);
      const text = files[path] ?? '';
      const syntax = parse(text);
      const source = { path, realPath, bytes: Buffer.from(text), text, encoding: 'utf-8', bom: false, writable: true };
      return 'offset' in syntax ? undefined : new FileModel(source, syntax, surroundings);
    },
  });
  const file = (path: string): FileModel => {
    const model = project.file(path);
    if (model === undefined) throw new Error(`${path} is no file of the project, or does not parse`);
    return model;
  };
  return { project, file, read };
}
