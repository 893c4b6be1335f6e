/** Runs a command over copies of the projects of a run, with changes in them or not, and with the probe in its Python processes. */
import { realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rendered } from './apply/render.ts';
import { UserError } from './core/errors.ts';
import type { Options } from './core/options.ts';
import { isFolder } from './input.ts';
import { installProbe, type ProbeTarget } from './proof/probe.ts';
import { projectRoot } from './source/project-root.ts';
import { type Ran, runCommand } from './trial/command.ts';
import { Workspace } from './trial/workspace.ts';

/** The probe is one file; these are its parts, in order. */
const PROBE = ['population', 'process', 'start'].map((part) =>
  fileURLToPath(new URL(`./probe/${part}.py`, import.meta.url)),
);

/** A process that is measured collects all of its memory before it leaves, which may take so many seconds. */
const REPORTING = 10;

export interface CopyRun {
  /** The program and its arguments; a line for the shell with `shell`. */
  readonly words: readonly string[];
  readonly shell: boolean;
  /** What the user's command would have. */
  readonly env: NodeJS.ProcessEnv;
  /** Written into the copies before the run. */
  readonly changes: readonly Rendered[];
  /** What the probe looks for, by the files of the project. */
  readonly targets: readonly Pick<ProbeTarget, 'original' | 'symbol'>[];
}

/** Room for copies of what the paths of a run belong to, and of the working directory's project. Absolute paths in `paths`. */
export function workspaceFor({ cwd, paths }: Pick<Options, 'cwd' | 'paths'>): Workspace {
  const folders = [cwd, ...paths.map((path) => resolve(cwd, path))].map((path) =>
    isFolder(path) ? path : dirname(path),
  );
  return new Workspace(folders.map((folder) => realpathSync(projectRoot(folder) ?? folder)));
}

/**
 * Copies everything anew and runs the command there. `output` is where the probe's reports lie until the next run. Throws a UserError
 * if there is no such command.
 */
export async function runOverCopies(
  workspace: Workspace,
  { cwd, timeout, traceMemory }: Pick<Options, 'cwd' | 'timeout' | 'traceMemory'>,
  { words, shell, env, changes, targets }: CopyRun,
  stop: AbortSignal,
): Promise<{ readonly ran: Ran; readonly output: string }> {
  workspace.fill();
  for (const { source, bytes } of changes) writeFileSync(placeOf(workspace, source.realPath), bytes);
  const probe = installProbe(
    {
      folder: join(workspace.folder, 'probe'),
      parts: PROBE,
      roots: workspace.roots,
      targets: targets.map(({ original, symbol }) => ({ path: placeOf(workspace, original), original, symbol })),
      traceMemory,
    },
    workspace.translateList(env['PYTHONPATH']),
  );
  const here = realpathSync(cwd);
  const place = placeOf(workspace, here);
  const [program = '', ...rest] = shell ? words : workspace.translate(words, here);
  const environment = { ...env, PATH: workspace.translateList(env['PATH']), PWD: place, ...probe.env };
  const command = { words: [program, ...rest], shell, cwd: place, env: environment, timeout } as const;
  const ran = await runCommand(targets.length === 0 ? command : { ...command, grace: REPORTING }, stop);
  return { ran, output: probe.output };
}

function placeOf(workspace: Workspace, path: string): string {
  const place = workspace.placeOf(path);
  if (place === undefined) throw new UserError(`${path} lies in no project that is copied`);
  return place;
}
