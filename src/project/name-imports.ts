/** Who may have what a module defines by a name of its own, as `from` imports pass it on: under other names, through other modules, by stars. */
import { once, oncePer } from '../core/once.ts';
import { absoluteName } from '../model/module-name.ts';
import type { FileFacts } from './facts.ts';
import type { ModuleIndex } from './modules.ts';
import { Postings } from './postings.ts';

/** To whom import statements may give what one file defines. */
export interface Naming {
  /** The paths of the files that may get it by a name of their own, and not as an attribute of something. */
  readonly paths: ReadonlySet<string>;
  /** True if the file, absolute, may have it under that name as a module. */
  mayHave(name: string, file: string): boolean;
}

/** `from module import name as local`; `name` is `*` for a star import. */
interface NameImport {
  /** Absolute; of the file that has the statement. */
  readonly importer: string;
  readonly path: string;
  readonly locals: readonly string[];
  /** The files that the module may be, absolute; undefined if nothing tells. */
  readonly sources: readonly string[] | undefined;
}

/** The statements that import one name. */
interface NameImporters {
  /** From what may have anything under any name. */
  readonly always: readonly NameImport[];
  /** By the file, absolute, that the module may be. */
  readonly from: ReadonlyMap<string, readonly NameImport[]>;
}

const STAR = '*';
/** More than any file has: a number tells a file and a statement of it. */
const STATEMENTS = 1 << 20;

export class NameImports {
  private readonly modules: ModuleIndex;
  private readonly files: readonly FileFacts[];
  private readonly realPaths: readonly string[];
  /** Absolute paths of the files that may get hold of modules they do not import: what they have cannot be told. */
  private readonly dynamic: ReadonlySet<string>;
  /** By the name that is imported, `*` for star imports: the number of the file times {@link STATEMENTS}, and that of the statement there. */
  private readonly statements = new Postings<number>();
  private readonly known = new Map<string, Naming>();

  /** `realPaths`: absolute, those of the files in their order. */
  constructor(files: readonly FileFacts[], realPaths: readonly string[], modules: ModuleIndex) {
    this.files = files;
    this.realPaths = realPaths;
    this.modules = modules;
    this.dynamic = new Set(files.flatMap(({ dynamic }, number) => (dynamic ? (realPaths[number] ?? []) : [])));
    for (const [file, { imports }] of files.entries())
      for (const [statement, { names }] of imports.entries())
        for (const name of names) this.statements.add(name, file * STATEMENTS + statement);
  }

  /** Who may have what the file at `home`, absolute, defines under one of the names. */
  naming(home: string, names: readonly string[]): Naming {
    const key = `${home}\0${names.join()}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const naming = this.follow(home, names);
    this.known.set(key, naming);
    return naming;
  }

  private follow(home: string, names: readonly string[]): Naming {
    const paths = new Set<string>();
    const holders = new Map<string, Set<string>>();
    const queue: (readonly [name: string, file: string])[] = [];
    const give = (name: string, { path, importer, locals }: NameImport): void => {
      paths.add(path);
      for (const local of locals[0] === STAR ? [name] : locals) hold(local, importer);
    };
    const hold = (name: string, file: string): void => {
      const known = holders.get(name);
      const files = known ?? new Set();
      if (files.has(file)) return;
      holders.set(name, files.add(file));
      queue.push([name, file]);
      if (known !== undefined) return;
      for (const statement of [...this.importersOf(name).always, ...this.stars().always]) give(name, statement);
    };
    for (const name of names) hold(name, home);
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [name, file] = next;
      for (const statement of this.importersOf(name).from.get(file) ?? []) give(name, statement);
      for (const statement of this.stars().from.get(file) ?? []) give(name, statement);
    }
    const { dynamic } = this;
    return {
      paths,
      mayHave(name, file) {
        const files = holders.get(name);
        return files !== undefined && (dynamic.has(file) || files.has(file));
      },
    };
  }

  private readonly stars = once(() => this.importersOf(STAR));

  private readonly importersOf = oncePer((name: string): NameImporters => {
    const always: NameImport[] = [];
    const from = new Map<string, NameImport[]>();
    for (const number of this.statements.get(name)) {
      const statement = this.statement(name, number);
      if (statement === undefined) continue;
      if (statement.sources?.some((file) => this.dynamic.has(file)) !== false) always.push(statement);
      else for (const file of statement.sources) from.set(file, [...(from.get(file) ?? []), statement]);
    }
    return { always, from };
  });

  private statement(name: string, number: number): NameImport | undefined {
    const index = Math.floor(number / STATEMENTS);
    const file = this.files[index];
    const module = file?.imports[number % STATEMENTS]?.module;
    if (file === undefined || module === undefined) return undefined;
    const { path, aliases } = file;
    const importer = this.realPaths[index] ?? path;
    const absolute = absoluteName(module, this.modules.nameOf(importer));
    const sources = absolute === undefined ? undefined : this.modules.all(absolute, importer);
    const locals = [name, ...aliases.filter(([real]) => real === name).map(([, alias]) => alias)];
    return { importer, path, locals, sources };
  }
}
