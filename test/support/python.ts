/**
 * The Python side of the tests. One interpreter process takes a batch of jobs, because starting one for each of some hundred
 * files would take longer than the checks themselves; only the `leak.py` programs get a process each, forked from it, so that none sees
 * another's objects.
 */
import { execFile, spawnSync } from 'node:child_process';

export interface Python {
  readonly command: string;
  /** Major and minor version. */
  readonly version: readonly [number, number];
}

/** Can the file be compiled? A job for CPython's own compiler: tree-sitter accepts more than Python does. */
export interface CompileJob {
  readonly kind: 'compile';
  /** Absolute. */
  readonly path: string;
}

/** Runs `exercise(subject)` of a `leak.py` on a module. */
export interface LeakJob {
  readonly kind: 'leak';
  /** Absolute. Imported before the subject, so that it may put a stand-in for a package in place. */
  readonly leak: string;
  /** Absolute; where the subject and what it imports are looked for first. */
  readonly root: string;
  /** The name the module is imported by. */
  readonly subject: string;
}

export type Job = CompileJob | LeakJob;

export type Outcome =
  | { readonly ok: false; readonly error: string }
  /** `result` and `leaked` are what `exercise` returned; null for a compile job. */
  | { readonly ok: true; readonly result: unknown; readonly leaked: boolean | null };

/** How long one `leak.py` may take, in seconds. */
const LEAK_SECONDS = 30;

/** The first Python 3 on the PATH; undefined, with a warning on stderr, if there is none. */
export function findPython(): Python | undefined {
  for (const command of ['python3', 'python']) {
    const { status, stdout } = spawnSync(command, ['-c', 'import sys; print(*sys.version_info[:2])'], {
      encoding: 'utf8',
    });
    const [major, minor] = (stdout ?? '').trim().split(' ').map(Number);
    if (status === 0 && major === 3 && minor !== undefined) return { command, version: [major, minor] };
  }
  console.warn('No Python 3 on the PATH: whether fixtures compile and leak is not checked.');
  return undefined;
}

/** True if the interpreter can run a fixture marked `>=3.10` and the like; never for Python 2 source, marked `2`. */
export function canRun(python: Python, requirement: string): boolean {
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(requirement) ?? [];
  if (major === undefined || minor === undefined) return false;
  return (
    python.version[0] > Number(major) || (python.version[0] === Number(major) && python.version[1] >= Number(minor))
  );
}

/** The outcomes in the order of the jobs. Rejects if the driver itself fails, with what it wrote to stderr. */
export function runJobs(python: Python, jobs: readonly Job[]): Promise<readonly Outcome[]> {
  return new Promise((resolve, reject) => {
    const driver = ['-B', '-c', DRIVER, String(LEAK_SECONDS)];
    const options = {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    } as const;
    const child = execFile(python.command, driver, options, (error, stdout) =>
      error === null ? resolve(JSON.parse(stdout) as readonly Outcome[]) : reject(error),
    );
    child.stdin?.end(JSON.stringify(jobs));
  });
}

/** Jobs as JSON on stdin, outcomes as JSON on stdout. Whatever a `leak.py` prints goes with its errors. */
const DRIVER = `
import importlib, importlib.util, json, os, signal, sys, tempfile, traceback, warnings

leak_seconds = int(sys.argv[1])
# The empty path is the folder that the tests run in.
sys.path[:] = [path for path in sys.path if path]


def check_syntax(path):
    try:
        with open(path, "rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(file.read(), path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return {"ok": False, "error": "%s: %s" % (type(error).__name__, error)}
    return {"ok": True, "result": None, "leaked": None}


def exercise(leak, root, subject, **_):
    sys.path.insert(0, root)
    spec = importlib.util.spec_from_file_location("leak", leak)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    result, leaked = module.exercise(importlib.import_module(subject))
    if not isinstance(leaked, bool):
        raise TypeError("leaked has to be True or False, not %r" % (leaked,))
    return {"ok": True, "result": result, "leaked": leaked}


def start(job):
    """A process for one job, its answer, and what it prints."""
    answer, printed = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    pid = os.fork()
    if pid > 0:
        return pid, answer, printed
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        signal.alarm(leak_seconds)
        answer.write(json.dumps(exercise(**job)).encode("utf-8"))
        answer.flush()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def outcome(status, answer, printed):
    if status == 0:
        answer.seek(0)
        return json.loads(answer.read().decode("utf-8"))
    printed.seek(0)
    how = "stopped after %d s" % leak_seconds if status == signal.SIGALRM else "status %d" % status
    return {"ok": False, "error": "%s: %s" % (how, printed.read().decode("utf-8", "replace"))}


jobs = json.load(sys.stdin)
outcomes = [check_syntax(job["path"]) if job["kind"] == "compile" else None for job in jobs]
waiting = [index for index, done in enumerate(outcomes) if done is None]
running = {}
while waiting or running:
    while waiting and len(running) < os.cpu_count():
        index = waiting.pop()
        pid, *files = start(jobs[index])
        running[pid] = (index, files)
    pid, status = os.wait()
    index, files = running.pop(pid)
    outcomes[index] = outcome(status, *files)
    for file in files:
        file.close()
json.dump(outcomes, sys.stdout)
`;
