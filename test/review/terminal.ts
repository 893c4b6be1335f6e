/** Proposals, and a terminal whose person is the test, for the tests of the review. */
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { Finding, Fix } from '../../src/core/finding.ts';
import type { EditText } from '../../src/review/editor.ts';
import { interactiveReviewer } from '../../src/review/interactive.ts';
import type { Decision, Offer, Proposal, Turn } from '../../src/review/reviewer.ts';

const range = { start: 0, end: 1 };

const fix: Fix = {
  strategy: 'init',
  title: 'Move lines into __init__',
  obligations: [
    { id: 'no-class-level-access', holds: true, detail: 'nothing reads Basket.lines' },
    { id: 'no-subclass-binds', holds: false, detail: 'Big binds it' },
    { id: 'init-runs', holds: 'unknown', detail: 'base Shop is not known' },
  ],
  edits: [],
  requests: [],
};

export function offer(overrides: Partial<Offer> = {}): Offer {
  return {
    fix,
    applicability: 'unsafe',
    others: [],
    diff: () => Buffer.from('--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -1 +1 @@\n-lines = []\x1b\r\n+pass\r\n'),
    result: () => Buffer.from('pass\r\n'),
    ...overrides,
  };
}

/** A second strategy of the same change. */
export const local = offer({
  fix: { ...fix, strategy: 'local', title: 'Make lines a local name', obligations: [] },
  applicability: 'safe',
  diff: () => Buffer.from('+lines = []\n'),
});

export function proposal(overrides: Partial<Finding> = {}, more: Partial<Proposal> = {}): Proposal {
  const finding: Finding = {
    rule: 'class-mutable-default',
    retention: 'process',
    path: 'shop/cart.py',
    symbol: 'Basket.lines',
    range,
    message: 'one list is shared by every Basket',
    evidence: [{ place: { path: 'shop/cart.py', range }, message: 'changed here through self' }],
    fixes: [fix],
    ...overrides,
  };
  return {
    finding,
    key: 'key',
    file: { path: 'shop/cart.py', realPath: '/shop/cart.py', bytes: Buffer.from('lines = []\r\n') },
    position: { line: 12, column: 5 },
    evidencePositions: [{ line: 15, column: 9 }],
    number: 3,
    total: 41,
    offers: [offer()],
    blocked: [],
    hasEarlier: false,
    problemWith: () => undefined,
    ...more,
  };
}

export const safe = (path = 'shop/cart.py') => proposal({ path }, { offers: [offer({ applicability: 'safe' })] });
export const unsafe = (path = 'shop/cart.py') => proposal({ path });

export interface Session {
  /** What kind of decision it came to. */
  readonly decide: (proposal: Proposal) => Promise<string>;
  readonly decisions: readonly Decision[];
  readonly passedOver: (turn: Turn, reason: string) => void;
  readonly type: (keys: string) => void;
  readonly stdin: PassThrough;
  readonly shown: () => string;
  readonly raw: () => string;
  readonly rawMode: () => boolean;
}

interface Look {
  readonly color?: boolean;
  readonly columns?: number;
  readonly edit?: EditText;
}

const noEditor: EditText = () => Promise.resolve({ problem: 'there is no editor' });

/** A terminal whose screen is collected; `type` presses keys. */
export function session({ color = false, columns = 100, edit = noEditor }: Look = {}): Session {
  let rawMode = false;
  let screen = '';
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => {
      rawMode = raw;
    },
  });
  // As the streams of a process, it is not ended by what is piped into it.
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns, _isStdio: true });
  stderr.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
  });
  const decisions: Decision[] = [];
  const io = {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
  };
  const reviewer = interactiveReviewer(io, { color, edit });
  return {
    decide: async (change) => {
      const decision = await reviewer.decide(change);
      decisions.push(decision);
      return decision.kind;
    },
    decisions,
    passedOver: (turn, reason) => reviewer.passedOver?.(turn, reason),
    type: (keys) => void stdin.write(keys),
    stdin,
    shown: () => stripVTControlCharacters(screen),
    raw: () => screen,
    rawMode: () => rawMode,
  };
}
