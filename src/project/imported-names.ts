/** What a name that a file imports may stand for, as far as the import statements of all files tell. */
import { absoluteName } from '../model/module-name.ts';
import type { ModuleIndex } from './modules.ts';
import type { ProjectFiles } from './project-files.ts';

/** A name as one file has it; without a name, the module itself. */
export interface Origin {
  readonly path: string;
  readonly name: string | undefined;
}

export class ImportedNames {
  private readonly project: ProjectFiles;
  private readonly modules: ModuleIndex;

  constructor(project: ProjectFiles, modules: ModuleIndex) {
    this.project = project;
    this.modules = modules;
  }

  /** Every place that what the file at `path` imports under `name` may come from, those on the way among them. */
  origins(path: string, name: string): readonly Origin[] {
    const found = new Map<string, Origin>();
    const queue: Origin[] = [{ path, name }];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const origin of this.imported(next)) {
        const place = `${origin.path}\0${origin.name ?? ''}`;
        if (found.has(place)) continue;
        found.set(place, origin);
        if (origin.name !== undefined) queue.push(origin);
      }
    }
    return [...found.values()];
  }

  /** Where one file's own import statements take the name from. */
  private imported({ path, name }: Origin): readonly Origin[] {
    const facts = this.project.facts(path);
    const importer = this.project.at(path)?.realPath;
    const places: Origin[] = [];
    if (facts === undefined || importer === undefined || name === undefined) return places;
    const written = new Set([name, ...facts.aliases.filter(([, alias]) => alias === name).map(([real]) => real)]);
    for (const { module, names } of facts.imports) {
      const brought = [...written].filter((real) => names.includes(real));
      const starred = names.includes('*') ? [...written] : [];
      const parts = names.length === 0 ? module.split('.') : [];
      const prefixes = [...written].filter((real) => parts.includes(real));
      if (brought.length + starred.length + prefixes.length === 0) continue;
      const absolute = absoluteName(module, this.modules.nameOf(importer));
      if (absolute === undefined) continue;
      for (const real of prefixes)
        places.push(...this.at(parts.slice(0, parts.indexOf(real) + 1).join('.'), importer, undefined));
      for (const real of brought) places.push(...this.at(`${absolute}.${real}`, importer, undefined));
      for (const real of [...brought, ...starred]) places.push(...this.at(absolute, importer, real));
    }
    return places;
  }

  private at(module: string, importer: string, name: string | undefined): readonly Origin[] {
    return this.modules.all(module, importer).flatMap((file) => {
      const path = this.project.atRealPath(file)?.path;
      return path === undefined ? [] : [{ path, name }];
    });
  }
}
