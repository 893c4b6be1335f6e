/**
 * What git knows of files: which have changed since a revision and on which lines, and which hold what no commit has.
 *
 * git itself is asked, with the settings that would change its answers overruled. A repository is found by its `.git`, so what a hook
 * sets for its own (GIT_DIR and the like) is left out.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { type ChangedLines, changedLinesOf } from './git-diff.ts';

const OWN_VARIABLES = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
];
/** More names than this would not fit on a command line everywhere. */
const NAMES_AT_ONCE = 500;
const GIBIBYTE = 1 << 30;
/** Nothing of the user's own that makes a diff read otherwise. */
const PLAIN = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
  '--ignore-submodules',
  '--find-renames',
];

/** The files of one repository that have changed since a revision, by their place. */
export interface Changes {
  /** `file` is absolute, links resolved. */
  has(file: string): boolean;
  /** The lines of such a file that are new, from 1, ends included; `all` for a file that git did not know. */
  lines(file: string): ChangedLines | 'all';
}

/**
 * What has changed in the repository at `root` (absolute, links resolved) since `revision`, the working tree and untracked files
 * included. `REV...` is the place where the branch left REV. `option` is named in the UserError when git knows no such revision.
 * The lines are looked at only with `withLines`; without, a changed file has none.
 */
export async function changesSince(
  root: string,
  revision: string,
  { option, withLines }: { readonly option: string; readonly withLines: boolean },
): Promise<Changes> {
  const from = await resolved(root, revision, option);
  const diff = (...format: readonly string[]) => ['diff', ...format, '--diff-filter=d', ...PLAIN, from, '--'];
  const [names, untracked, hunks] = await Promise.all([
    git(root, diff('--name-only', '-z')),
    git(root, ['ls-files', '--others', '--exclude-standard', '-z']),
    withLines ? git(root, diff('--unified=0', '--text', '--src-prefix=a/', '--dst-prefix=b/'), 'latin1') : '',
  ]);
  const absolute = (list: string) => list.split('\0').flatMap((name) => (name === '' ? [] : join(root, name)));
  const changed = new Set(absolute(names));
  const unknown = new Set(absolute(untracked));
  const lines = changedLinesOf(hunks);
  return {
    has: (file) => changed.has(file) || unknown.has(file),
    lines: (file) => (unknown.has(file) ? 'all' : (lines.get(file.slice(root.length + 1)) ?? [])),
  };
}

/** The revision as the id of a commit. */
async function resolved(root: string, revision: string, option: string): Promise<string> {
  const branch = /^(.+)\.\.\.$/s.exec(revision)?.[1];
  const id = await git(root, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${branch ?? revision}^{commit}`,
  ]).catch((error: unknown) => {
    if (error instanceof UserError) throw error;
    throw new UserError(`${option}: git knows no revision "${branch ?? revision}" in ${root}`);
  });
  if (branch === undefined) return id.trim();
  const base = await git(root, ['merge-base', id.trim(), 'HEAD']).catch((error: unknown) => {
    if (error instanceof UserError) throw error;
    throw new UserError(`${option}: HEAD and "${branch}" have no commit in common in ${root}`);
  });
  return base.trim();
}

/**
 * Those of `files` (below `root`, all absolute and links resolved) with content that no commit has: changed, staged, or not known to
 * git. What git ignores is none of its business, and in a repository without a commit nothing is. Throws UserError if git cannot tell.
 */
export async function uncommitted(root: string, files: readonly string[]): Promise<readonly string[]> {
  const dirty = new Set<string>();
  for (let start = 0; start < files.length; start += NAMES_AT_ONCE) {
    const names = files.slice(start, start + NAMES_AT_ONCE).map((file) => file.slice(root.length + 1));
    const status = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--', ...names];
    for (const entry of (await git(root, status)).split('\0')) {
      // `XY name`: two letters, a space.
      if (entry !== '') dirty.add(join(root, entry.slice(3)));
    }
  }
  if (dirty.size === 0 || !(await hasCommit(root))) return [];
  return files.filter((file) => dirty.has(file));
}

async function hasCommit(root: string): Promise<boolean> {
  return git(root, ['rev-parse', '--verify', '--quiet', 'HEAD']).then(
    () => true,
    (error: unknown) => {
      if (error instanceof UserError) throw error;
      return false;
    },
  );
}

/** What git prints. Rejects with a UserError if it cannot run or says that something is wrong, else with git's exit status 1. */
function git(root: string, args: readonly string[], encoding: 'utf8' | 'latin1' = 'utf8'): Promise<string> {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_LITERAL_PATHSPECS: '1' };
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !OWN_VARIABLES.includes(name)));
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      ['-c', 'core.quotePath=false', ...args],
      { cwd: root, env: own, encoding, maxBuffer: GIBIBYTE },
      (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        if (error.code === 1 && stderr === '') return reject(error);
        reject(new UserError(`git cannot tell about ${root}: ${reasonOf(error, stderr, root)}`));
      },
    );
  });
}

function reasonOf(error: Error & { code?: unknown }, stderr: string, root: string): string {
  // The same code is given for a program that is not there and for a folder that is not.
  if (error.code === 'ENOENT' && existsSync(root)) return 'it is not installed';
  return stderr.trim().split('\n', 1).join('') || error.message;
}
