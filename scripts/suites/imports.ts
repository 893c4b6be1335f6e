/** Whether files of a copy compile and can be imported, each in a process of its own. */

import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Python } from '../corpus/pythons.ts';
import { run, TIMED_OUT } from './command.ts';
import type { Subject } from './subject.ts';
import { environment, lay, type Workspace, type Written } from './workspace.ts';

/** What importing a module may take, in seconds. */
const LIMIT = 60;

/** Is given the folder to import from, the name of the module and its path. The last line of stderr says what is wrong. */
const IMPORT = `
import importlib, os, sys, warnings
warnings.simplefilter("ignore")
folder, name, path = sys.argv[1:]
def fail(reason):
    sys.stderr.write("\\n" + " ".join(reason.split()))
    sys.stderr.flush()
    os._exit(1)
with open(path, "rb") as file:
    source = file.read()
try:
    compile(source, path, "exec", dont_inherit=True)
except (SyntaxError, ValueError) as error:
    fail(f"it does not compile: {error}")
sys.path.insert(0, folder)
try:
    module = importlib.import_module(name)
except BaseException as error:
    fail(f"it cannot be imported: {type(error).__name__}: {error}")
if os.path.realpath(module.__file__) != os.path.realpath(path):
    fail(f"{module.__file__} is imported in its place")
os._exit(0)
`;

/** What is wrong with each of the files (relative to the code) in a copy with `written`, by path; empty if nothing is. */
export function importAll(
  subject: Subject,
  python: Python,
  workspace: Workspace,
  written: Written,
  files: readonly string[],
): ReadonlyMap<string, string> {
  if (files.length === 0) return new Map();
  lay(workspace, subject, written);
  const { tree } = workspace;
  return new Map(
    files.map((path) => {
      const file = join(tree, subject.code, path);
      const folder = importFolder(file);
      const name = relative(folder, file)
        .replace(/\.py$/, '')
        .replace(/(^|\/)__init__$/, '')
        .replaceAll('/', '.');
      const { status, stderr } = run(python.executable, {
        words: [subject.python(tree), '-c', IMPORT, folder, name, file],
        cwd: tree,
        env: environment(workspace, subject),
        limit: LIMIT,
      });
      if (status === 0) return [path, ''];
      if (status === TIMED_OUT) return [path, `importing it takes more than ${LIMIT} s`];
      return [path, stderr.trimEnd().split('\n').at(-1) ?? `importing it ends with status ${status}`];
    }),
  );
}

/** The nearest folder above a file that is not a package. */
function importFolder(file: string): string {
  const folder = dirname(file);
  return existsSync(join(folder, '__init__.py')) ? importFolder(folder) : folder;
}
