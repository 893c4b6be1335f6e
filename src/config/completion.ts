/**
 * Completion scripts for bash, zsh and fish, made from the table of options. What may be completed is written into the script, so that
 * a press of the tab key starts no program; yargs' own scripts start it every time, and know no fish.
 */
import { UserError } from '../core/errors.ts';
import { formats } from '../core/options.ts';
import type { RuleMeta } from '../core/rule.ts';
import { documentedFlags, documentedName, type Flag } from './flags.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** The words that may follow an option, or what kind of path. */
type Values = readonly string[] | 'file' | 'text';

interface Words {
  readonly rules: readonly string[];
  readonly strategies: readonly string[];
}

/** The script for a shell, for its user to source. Throws UserError if there is none for it. */
export function completionScript(shell: string | undefined, metas: readonly RuleMeta[]): string {
  const known = shells.find((name) => name === shell);
  if (known === undefined) {
    const mistake = shell === undefined ? 'which shell?' : `unknown shell "${shell}";`;
    throw new UserError(`completion: ${mistake} give one of ${shells.join(', ')}`);
  }
  const words: Words = {
    rules: metas.map(({ id }) => id),
    strategies: metas.flatMap(({ id, strategies }) => strategies.map(({ name }) => `${id}=${name}`)),
  };
  return writers[known](words);
}

const writers: Readonly<Record<Shell, (words: Words) => string>> = { bash, zsh, fish };

function valuesOf({ name }: Flag, { rules, strategies }: Words): Values {
  if (name === 'select' || name === 'ignore') return rules;
  if (name === 'strategy') return strategies;
  if (name === 'format') return formats;
  if (name === 'jobs') return ['auto'];
  return ['output', 'config', 'baseline', 'write-baseline', 'evidence', 'stdin-filename'].includes(name)
    ? 'file'
    : 'text';
}

/** `-i`, `--interactive`. */
function spelled(flag: Flag): readonly string[] {
  const long = `--${documentedName(flag)}`;
  return flag.short === undefined ? [long] : [`-${flag.short}`, long];
}

const commands = {
  prove: 'Run a program before and after the fixes',
  undo: 'Put back the files of the last run',
  rules: 'List the rules',
  completion: 'Print a script',
};

function bash(words: Words): string {
  const cases = documentedFlags
    .filter(({ kind }) => kind !== 'switch')
    .map((flag) => {
      const values = valuesOf(flag, words);
      const action =
        values === 'file'
          ? 'COMPREPLY=($(compgen -f -- "$current"))'
          : values === 'text'
            ? 'COMPREPLY=()'
            : `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$current"))`;
      return `    ${spelled(flag).join('|')}) ${action}; return ;;`;
    });
  return `# bash completion for pyleak-fix; in ~/.bashrc: eval "$(pyleak-fix completion bash)"
_pyleak_fix() {
  local current previous
  COMPREPLY=()
  # Without the word breaks at = and : that readline has: a strategy is one word.
  if declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref -n =: -c current -p previous
  else
    current=\${COMP_WORDS[COMP_CWORD]}
    previous=\${COMP_WORDS[COMP_CWORD - 1]}
  fi
  case $previous in
${cases.join('\n')}
    rules) COMPREPLY=($(compgen -W '${words.rules.join(' ')}' -- "$current")); return ;;
    completion) COMPREPLY=($(compgen -W '${shells.join(' ')}' -- "$current")); return ;;
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W '${documentedFlags.flatMap(spelled).join(' ')}' -- "$current"))
    return
  fi
  COMPREPLY=($(compgen -f -- "$current"))
  if ((COMP_CWORD == 1)); then
    COMPREPLY+=($(compgen -W '${Object.keys(commands).join(' ')}' -- "$current"))
  fi
}
complete -o filenames -F _pyleak_fix pyleak-fix
`;
}

/** A description inside single quotes; zsh reads brackets and colons in it. */
function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');
}

function zsh(words: Words): string {
  const specs = documentedFlags.map((flag) => {
    const values = valuesOf(flag, words);
    const again = flag.kind === 'list' ? '*' : '';
    const action = values === 'file' ? '_files' : typeof values === 'string' ? '' : `(${values.join(' ')})`;
    const value = flag.kind === 'switch' ? '' : `:${zshText(flag.metavar ?? 'value')}:${action}`;
    return spelled(flag).map((name) => `    '${again}${name}[${zshText(flag.summary)}]${value}'`);
  });
  return `#compdef pyleak-fix
# zsh completion for pyleak-fix; in ~/.zshrc, behind compinit: eval "$(pyleak-fix completion zsh)"
_pyleak_fix() {
  case $words[2] in
    rules) _arguments '2:rule:(${words.rules.join(' ')})'; return ;;
    completion) _arguments '2:shell:(${shells.join(' ')})'; return ;;
  esac
  local -a commands
  commands=(${Object.entries(commands)
    .map(([name, summary]) => `'${name}:${summary}'`)
    .join(' ')})
  if (( CURRENT == 2 )) && [[ $words[CURRENT] != -* ]]; then
    _describe command commands
    _files
    return
  fi
  _arguments -s -S \\
${specs.flat().join(' \\\n')} \\
    '*:path:_files'
}
compdef _pyleak_fix pyleak-fix
`;
}

function fishText(text: string): string {
  return text.replace(/['\\]/g, '\\$&');
}

function fish(words: Words): string {
  const lines = documentedFlags.map((flag) => {
    const values = valuesOf(flag, words);
    const short = flag.short === undefined ? '' : ` -s ${flag.short}`;
    const value =
      flag.kind === 'switch'
        ? ''
        : values === 'file'
          ? ' -r -F'
          : typeof values === 'string'
            ? ' -x'
            : ` -x -a '${values.join(' ')}'`;
    return `complete -c pyleak-fix${short} -l ${documentedName(flag)}${value} -d '${fishText(flag.summary)}'`;
  });
  const subcommands = Object.entries(commands).map(
    ([name, summary]) => `complete -c pyleak-fix -n __fish_use_subcommand -a ${name} -d '${fishText(summary)}'`,
  );
  return `# fish completion for pyleak-fix; in config.fish: pyleak-fix completion fish | source
${lines.join('\n')}
${subcommands.join('\n')}
complete -c pyleak-fix -n '__fish_seen_subcommand_from rules' -f -a '${words.rules.join(' ')}'
complete -c pyleak-fix -n '__fish_seen_subcommand_from completion' -f -a '${shells.join(' ')}'
`;
}
