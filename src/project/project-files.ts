/** The files of a project by what they are called: one index for all who look files up. */
import type { FileFacts } from './facts.ts';

/** `path` and `realPath` as in {@link SourceFile}. */
export interface ProjectFile {
  readonly path: string;
  readonly realPath: string;
}

export class ProjectFiles<File extends ProjectFile = ProjectFile> {
  private readonly byPath: ReadonlyMap<string, File>;
  private readonly byRealPath: ReadonlyMap<string, File>;
  private readonly factsByPath: ReadonlyMap<string, FileFacts>;

  constructor(files: readonly File[], facts: readonly FileFacts[]) {
    this.byPath = new Map(files.map((file) => [file.path, file]));
    this.byRealPath = new Map(files.map((file) => [file.realPath, file]));
    this.factsByPath = new Map(facts.map((one) => [one.path, one]));
  }

  at(path: string): File | undefined {
    return this.byPath.get(path);
  }

  atRealPath(realPath: string): File | undefined {
    return this.byRealPath.get(realPath);
  }

  /** Absolute, each once. */
  get realPaths(): readonly string[] {
    return [...this.byRealPath.keys()];
  }

  facts(path: string): FileFacts | undefined {
    return this.factsByPath.get(path);
  }

  /** Of every file that has some. */
  get allFacts(): Iterable<FileFacts> {
    return this.factsByPath.values();
  }
}
