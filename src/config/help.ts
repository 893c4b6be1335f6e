/** The text of `--help`, from the table of options. */
import { documentedFlags, documentedName, type Flag, type FlagGroup } from './flags.ts';

const groups: readonly FlagGroup[] = ['Modes', 'Selection', 'Migration', 'Proof', 'Output', 'Other'];

/** The part before the summary: `-i, --interactive`, `--select RULE,..`. */
function left(flag: Flag): string {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  return `  ${short}--${documentedName(flag)}${flag.metavar === undefined ? '' : ` ${flag.metavar}`}`;
}

function section(group: FlagGroup, width: number): string {
  const lines = documentedFlags
    .filter((flag) => flag.group === group)
    .map((flag) => `${left(flag).padEnd(width)}  ${flag.summary}`);
  return `${group}:\n${lines.join('\n')}\n`;
}

/** Ends with a line end. */
export function helpText(): string {
  const width = Math.max(...documentedFlags.map((flag) => left(flag).length));
  return `Find Python code that keeps objects alive for longer than anyone meant, and rewrite it.

Usage: pyleak-fix [options] [paths...]     files or folders, . if none, - for standard input
       pyleak-fix prove [paths] -- CMD     run CMD before and after the fixes, and compare
       pyleak-fix undo                     put back the files of the last run that wrote
       pyleak-fix rules [RULE]             list the rules, or explain one
       pyleak-fix completion SHELL         print the completion script for bash, zsh or fish

${groups.map((group) => section(group, width)).join('\n')}
Examples:
  pyleak-fix                               show the safe fixes of this folder as a diff
  pyleak-fix --unsafe src | less           the unsafe ones too
  pyleak-fix -i src                        decide one by one
  pyleak-fix --batch src                   write every safe fix
  pyleak-fix --since main... --changed-lines    only what this branch brings in
  pyleak-fix --write-baseline leaks.json   take what is there as known; then look for new ones with
  pyleak-fix --baseline leaks.json         (or baseline = "leaks.json" in pyproject.toml)
  pyleak-fix --batch --max-changes 20 src  a step that can be reviewed
  pyleak-fix --format sarif --output leaks.sarif
  pyleak-fix prove src -- python main.py   what is held before the fixes, and what after
  pyleak-fix --batch --verify pytest       keep the fixes with which the tests pass

Exit status: 0 nothing left, 1 findings remain, 2 usage error or a file that could not be handled.
Options are also read from [tool.pyleak-fix] of the nearest pyproject.toml; the command line wins.
`;
}
