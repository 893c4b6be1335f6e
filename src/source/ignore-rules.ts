/** Patterns of .gitignore files and of `--exclude`, asked about absolute paths. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { repositoryRoot } from './project-root.ts';

/** As `core.ignorecase` is set by git where file systems do not tell cases apart. */
const IGNORE_CASE = process.platform === 'darwin' || process.platform === 'win32';

/** A blank line, a comment, or a pattern that names nothing: rewritten for a parent folder it would name something. */
const SAYS_NOTHING = /^(#.*|!?\/* *)$/s;

/**
 * The patterns that hold in one folder tree, later ones overruling earlier ones. Those of a nested file are rewritten as if they
 * stood at the root, so that one list in one order decides, as in git: an ignored parent settles it, else the last match does.
 */
export class IgnoreRules {
  readonly #root: string;
  readonly #prefix: string;
  readonly #patterns: readonly string[];
  #matcher: Ignore | undefined;

  /** `root` is absolute; what does not lie below it is never ignored. */
  constructor(root: string, patterns: readonly string[] = []) {
    this.#root = root;
    this.#prefix = root.endsWith(sep) ? root : root + sep;
    this.#patterns = patterns;
  }

  /** With the lines of a pattern file that lies in `folder`, the root or below it. */
  extended(folder: string, lines: string): IgnoreRules {
    const base = this.#inside(folder);
    const added = lines
      .replace(/^\ufeff/, '')
      .split(/\r?\n/)
      .filter((line) => !SAYS_NOTHING.test(line))
      .map((line) => (base === '' ? line : rebased(line, base)));
    return added.length === 0 ? this : new IgnoreRules(this.#root, [...this.#patterns, ...added]);
  }

  /** True if the file, or a folder that holds it, is ignored. */
  ignoresFile(path: string): boolean {
    return this.#patterns.length > 0 && this.#ignores(this.#inside(path));
  }

  ignoresFolder(path: string): boolean {
    return this.#patterns.length > 0 && this.#ignores(`${this.#inside(path)}/`);
  }

  /** Without the patterns that ignore this very folder or a parent: someone asked for what is in it. */
  sparing(folder: string): IgnoreRules {
    if (!this.ignoresFolder(folder)) return this;
    const spares = (pattern: string) => !new IgnoreRules(this.#root, [pattern]).ignoresFolder(folder);
    return new IgnoreRules(this.#root, this.#patterns.filter(spares));
  }

  #ignores(inside: string): boolean {
    if (inside === '' || inside === '/') return false;
    this.#matcher ??= ignore({ ignorecase: IGNORE_CASE }).add(this.#patterns);
    return this.#matcher.ignores(inside);
  }

  /** The path from the root with forward slashes; empty for the root itself and for what lies outside. */
  #inside(path: string): string {
    if (!path.startsWith(this.#prefix)) return '';
    const inside = path.slice(this.#prefix.length);
    return sep === '/' ? inside : inside.replaceAll(sep, '/');
  }
}

/** A pattern of the folder `base` (relative to the root, forward slashes) as one of the root. */
function rebased(line: string, base: string): string {
  const negation = line.startsWith('!') ? '!' : '';
  const pattern = line.slice(negation.length);
  // gitignore(5): a slash at the start or in the middle ties a pattern to its folder; without one it holds at any depth.
  const tied = /\/(?! *$)/.test(pattern);
  const below = tied ? pattern.replace(/^\//, '') : `**/${pattern}`;
  return `${negation}/${base.replace(/[\\*?[ ]/g, '\\$&')}/${below}`;
}

/** The rules of git that hold in `folder` before its own .gitignore is read; `top` is where to start without a repository. */
export function gitRulesAbove(folder: string, top: string): IgnoreRules {
  const repository = repositoryRoot(folder);
  const root = repository ?? top;
  const steps = relative(root, folder)
    .split(sep)
    .filter((step) => step !== '');
  let rules = repository === undefined ? new IgnoreRules(root) : repositoryRules(repository);
  let above = root;
  for (const step of steps) {
    rules = rules.extended(above, readPatterns(join(above, '.gitignore')));
    above = join(above, step);
  }
  return rules;
}

/** What `info/exclude` of a repository says. */
export function repositoryRules(root: string): IgnoreRules {
  return new IgnoreRules(root).extended(root, readPatterns(join(gitFolder(join(root, '.git')), 'info', 'exclude')));
}

/** The text of a pattern file; nothing when there is none that can be read, as in git. */
export function readPatterns(path: string): string {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}

/** Where a repository keeps its own files: `.git`, or what a `.git` file of a worktree or submodule leads to (gitrepository-layout). */
function gitFolder(dotGit: string): string {
  const pointed = /^gitdir: (.+)/.exec(readPatterns(dotGit))?.[1];
  if (pointed === undefined) return dotGit;
  const folder = resolve(dirname(dotGit), pointed);
  const common = readPatterns(join(folder, 'commondir')).trim();
  return common === '' ? folder : resolve(folder, common);
}
