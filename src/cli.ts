#!/usr/bin/env node
/** The program `pyleak-fix`: hands the process's arguments and streams to {@link main} and exits with its status. */
import { bugReport, type Collaborators, main } from './config/main.ts';

const rest: Collaborators = {
  async run(options, io) {
    const { run } = await import('./run.ts');
    return run(options, io);
  },
  async prove(options, io) {
    const { prove } = await import('./prove.ts');
    return prove(options, io);
  },
  async ruleMetas() {
    const { ruleMetas } = await import('./rules.ts');
    return ruleMetas();
  },
  async rulePage(id) {
    const { rulePage } = await import('./rules.ts');
    return rulePage(id);
  },
  async undo(cwd) {
    const [{ undoLastRun }, { projectRoot }] = await Promise.all([
      import('./apply/undo.ts'),
      import('./source/project-root.ts'),
    ]);
    return undoLastRun(projectRoot(cwd) ?? cwd);
  },
};

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `pyleak-fix | head`: whoever read has seen enough. Status 0, as Ruff has it; nothing is written to files after stdout.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: cannot write to standard output: ${error.message}\n`);
  process.exit(2);
});
// Where stderr fails nothing can be said of it, and it is no reason to stop.
process.stderr.on('error', () => undefined);
process.on('uncaughtException', (error) => {
  process.stderr.write(bugReport(error), () => process.exit(2));
});

// Not process.exit(): what was written to a pipe may still be on its way.
process.exitCode = await main(
  process.argv.slice(2),
  { cwd: process.cwd(), env: process.env, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
  rest,
);
