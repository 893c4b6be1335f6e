/** Which results of fixes are known to parse: a run that would write what another would have written need not parse it again. */
import type { Store } from './store.ts';

/** A file after its edits. */
interface Result {
  readonly text: string;
  /** Of its bytes, hexadecimal. */
  readonly sha256After: string;
}

/** What is kept of it: for which build, and the digests, of which those that were asked for last come last. */
interface Kept {
  readonly build: string;
  readonly digests: readonly string[];
}

const KEY = 'all';
const MOST = 5_000;

/** Results that parse, kept in a store under their digests. */
export class ParsingResults {
  private readonly store: Store;
  private readonly build: string;
  private readonly parsesNow: (text: string) => boolean;
  private readonly known: ReadonlySet<string>;
  private readonly asked = new Set<string>();

  /** `parsesNow` parses the text. What another build has found out does not count. */
  constructor(store: Store, build: string, parsesNow: (text: string) => boolean) {
    this.store = store;
    this.build = build;
    this.parsesNow = parsesNow;
    const kept = store.get(KEY) as Kept | undefined;
    this.known = new Set(kept?.build === build ? kept.digests : []);
  }

  /** True if the result parses. */
  readonly parses = ({ text, sha256After }: Result): boolean => {
    const parses = this.known.has(sha256After) || this.parsesNow(text);
    if (parses) this.asked.add(sha256After);
    return parses;
  };

  /** Keeps what was found out, if anything was. */
  keep(): void {
    if ([...this.asked].every((digest) => this.known.has(digest))) return;
    const digests = [...[...this.known].filter((digest) => !this.asked.has(digest)), ...this.asked].slice(-MOST);
    this.store.put(KEY, { build: this.build, digests } satisfies Kept);
  }
}
