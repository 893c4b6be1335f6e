/** Puts the probe into the environment of a command: the file itself, what it is to look for, and where it writes. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What one finding speaks of at run time. */
export interface ProbeTarget {
  /** The file that the command runs. Absolute, links resolved. */
  readonly path: string;
  /** The same file in the project, which the command should not run. */
  readonly original: string;
  /** Qualified name inside the module. */
  readonly symbol: string;
}

export interface ProbeRequest {
  /** A folder for the probe and what it writes; what another run has left there goes. Absolute. */
  readonly folder: string;
  /** The files that the probe is put together of, in order. */
  readonly parts: readonly string[];
  /** Projects and what stands for them, the inner of two nested ones first. */
  readonly roots: readonly { readonly origin: string; readonly copy: string }[];
  /** None: the probe measures nothing, and only leads Python to the copies. */
  readonly targets: readonly ProbeTarget[];
  /** Python's allocations are traced, which takes time. */
  readonly traceMemory: boolean;
}

export interface Probe {
  /** More variables for the environment of the command. */
  readonly env: NodeJS.ProcessEnv;
  /** Where the reports of its processes come to lie. */
  readonly output: string;
}

/** `pythonPath` is the value of PYTHONPATH that the command would have. */
export function installProbe(request: ProbeRequest, pythonPath: string | undefined): Probe {
  const { folder, roots, targets, traceMemory } = request;
  const output = join(folder, 'output');
  const specification = join(folder, 'specification.json');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  // Python imports this name by itself. Not from where the program is installed: nothing is to be written there.
  const probe = request.parts.map((part) => readFileSync(part, 'utf8')).join('\n\n');
  writeFileSync(join(folder, 'sitecustomize.py'), probe);
  // The probe reads it as Python: no true, false or null.
  writeFileSync(
    specification,
    JSON.stringify({
      output: targets.length === 0 ? '' : output,
      trace: traceMemory ? 1 : 0,
      roots: roots.map(({ origin, copy }) => [origin, copy]),
      targets: targets.map(({ path, symbol }) => [path, symbol]),
      originals: targets.map(({ path, original }) => [original, path]),
    }),
  );
  const env = {
    PYTHONPATH: pythonPath ? `${folder}${delimiter}${pythonPath}` : folder,
    // A module of the copy must never be taken from what another run has compiled.
    PYTHONDONTWRITEBYTECODE: '1',
    PYLEAK_FIX_PROBE: specification,
  };
  return { env, output };
}

/**
 * The option with which a Python command starts without the probe: it ignores PYTHONPATH, or does not import `sitecustomize`. Undefined
 * if there is none, or the command is something else.
 */
export function optionThatShutsOut([program = '', ...words]: readonly string[]): string | undefined {
  if (!/(^|\/)(python|pypy)[\d.]*$/.test(program)) return undefined;
  for (let index = 0; /^-[A-Za-z]/.test(words[index] ?? ''); index += 1) {
    for (const [at, letter] of [...(words[index] ?? '')].entries()) {
      if ('ISE'.includes(letter)) return `-${letter}`;
      // The rest is for the program.
      if (letter === 'c' || letter === 'm') return undefined;
      if (letter !== 'W' && letter !== 'X') continue;
      // These take the rest of the word for their value, or else the next one.
      if (at + 1 === words[index]?.length) index += 1;
      break;
    }
  }
  return undefined;
}
