/** How far a run is, on one line of a terminal that is wiped at the end. Runs that are done at once show nothing. */
import type { Environment } from './config/main.ts';
import type { Options } from './core/options.ts';

/** The part of a terminal that is needed here. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Progress {
  /** `what` is done for `done` of `total` files; `found` says what that came to, such as `3 findings`. */
  show(what: string, done: number, total: number, found: string): void;
  /** Wipes the line. */
  end(): void;
}

/** A run that takes less shows nothing. In milliseconds, as all times here. */
const PATIENCE = 1000;
const REDRAW = 100;
const DEFAULT_COLUMNS = 80;

/** Nothing is shown where `stream` is no terminal. `now` is the time in milliseconds. */
export function progressOn(stream: ProgressStream, now: () => number = () => performance.now()): Progress {
  const started = now();
  let shown = false;
  let next = started + PATIENCE;
  let stage = { what: '', since: started };
  return {
    show(what, done, total, found) {
      if (stream.isTTY !== true) return;
      const time = now();
      if (stage.what !== what) stage = { what, since: time };
      if (time < next) return;
      next = time + REDRAW;
      shown = true;
      const left = done === 0 ? '' : `, about ${seconds(((time - stage.since) / done) * (total - done))} left`;
      const line = `${what} ${done} of ${total} files: ${found}${left}`;
      // A line that wraps could not be wiped.
      stream.write(`\r${line.slice(0, (stream.columns || DEFAULT_COLUMNS) - 1)}\x1b[K`);
    },
    end() {
      if (shown) stream.write('\r\x1b[K');
      shown = false;
    },
  };
}

/** A line that says what goes on and is wiped at the end; nothing where a progress would not be shown. */
export function statusLine(
  { quiet }: Pick<Options, 'quiet'>,
  { stderr, env }: Pick<Environment, 'stderr' | 'env'>,
): { readonly show: (text: string) => void; readonly end: () => void } {
  if (quiet || env['TERM'] === 'dumb' || !stderr.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: (text) => void stderr.write(`\r${text.slice(0, (stderr.columns || DEFAULT_COLUMNS) - 1)}\x1b[K`),
    end: () => void stderr.write('\r\x1b[K'),
  };
}

/** What the stages of a run call. */
export interface RunProgress {
  readonly read: (done: number, candidates: number) => void;
  readonly judged: (done: number, total: number, findings: number) => void;
  readonly end: () => void;
}

/** What the stages of a run call; nothing is shown with `--quiet` and on a terminal that cannot wipe a line. */
export function progressOf(
  { quiet }: Pick<Options, 'quiet'>,
  { stderr, env }: Pick<Environment, 'stderr' | 'env'>,
  files: number,
): RunProgress {
  const progress = progressOn(quiet || env['TERM'] === 'dumb' ? { write: () => undefined } : stderr);
  return {
    read: (done, candidates) => progress.show('Read', done, files, `${candidates} to look into`),
    judged: (done, total, findings) =>
      progress.show('Looked into', done, total, `${findings} ${findings === 1 ? 'finding' : 'findings'}`),
    end: () => progress.end(),
  };
}

/** `3 s`, `2 min`. */
function seconds(milliseconds: number): string {
  const whole = Math.max(1, Math.ceil(milliseconds / 1000));
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}
