/** What is shown about a change: where, why it leaks, what was checked, the diff. Readable without colours and on narrow terminals. */
import { stripVTControlCharacters } from 'node:util';
import type { Obligation } from '../core/finding.ts';
import { describeMeasured } from '../core/measured.ts';
import { visible } from '../core/visible.ts';
import { wrap } from './layout.ts';
import type { Offer, Proposal, Turn } from './reviewer.ts';
import { colorize } from './terminal-diff.ts';

/** How to write for a terminal. */
export interface Look {
  readonly color: boolean;
  readonly columns: number;
}

type Color = 'bold' | 'red' | 'green' | 'yellow';
const codes: Readonly<Record<Color, number>> = { bold: 1, red: 31, green: 32, yellow: 33 };

/** What an obligation has come to: the word that is shown, and its colour, in the order in which they are shown. */
const marks = [
  { holds: false, word: 'not met', color: 'red' },
  { holds: 'unknown', word: 'unknown', color: 'yellow' },
  { holds: true, word: 'met', color: 'green' },
] as const satisfies readonly { holds: Obligation['holds']; word: string; color: Color }[];
const MARK_WIDTH = Math.max(...marks.map(({ word }) => word.length));
/** Below so many columns, what is wrapped is indented less. */
const NARROW = 60;

function paint({ color }: Look, name: Color, text: string): string {
  return color ? `\x1b[${codes[name]}m${text}\x1b[0m` : text;
}

/** `3 of 41 · class-mutable-default · Basket.lines · shop/cart.py:12`, ended. */
export function heading({ number, total, finding, position }: Turn, look: Look): string {
  const { rule, symbol, path } = finding;
  const text = visible([`${number} of ${total}`, rule, symbol, `${path}:${position.line}`].join(' · '));
  return `${paint(look, 'bold', wrap(text, look.columns, 2))}\n`;
}

/** Everything a person needs to decide about one of the offers, ended. */
export function describe(proposal: Proposal, offer: Offer, look: Look): string {
  const { finding, evidencePositions, blocked } = proposal;
  const evidence = finding.evidence.map(({ place, message }, index) => {
    const at = evidencePositions[index];
    return listed(`${place.path}${at === undefined ? '' : `:${at.line}:${at.column}`}: ${message}`, look);
  });
  const others = blocked.map(({ strategy, reason }) => listed(`${strategy} cannot be chosen: ${reason}`, look));
  const lines = [
    wrap(visible(finding.message), look.columns, 0),
    ...evidence,
    ...(finding.measured === undefined ? [] : [listed(`measured: ${describeMeasured(finding.measured)}`, look)]),
    title(proposal, offer, look),
    ...marks.flatMap((mark) => {
      const such = offer.fix.obligations.filter(({ holds }) => holds === mark.holds);
      return such.map((obligation) => obligationLine(obligation, mark, look));
    }),
    ...others,
    '',
    shownDiff(offer.diff(), look),
  ];
  return `\n${heading(proposal, look)}${lines.join('\n').trimEnd()}\n`;
}

function listed(text: string, { columns }: Look): string {
  return `  ${wrap(visible(text), columns, 4, 2)}`;
}

/** `init: Move lines into __init__ (unsafe, strategy 1 of 2)` */
function title({ offers }: Proposal, offer: Offer, look: Look): string {
  const { applicability, fix } = offer;
  const which = offers.length === 1 ? '' : `, strategy ${offers.indexOf(offer) + 1} of ${offers.length}`;
  const text = wrap(`${visible(`${fix.strategy}: ${fix.title}`)} (${applicability}${which})`, look.columns, 2);
  // The bracket may have been broken, but the word is whole.
  const at = text.lastIndexOf(applicability);
  const kind = paint(look, applicability === 'safe' ? 'green' : 'yellow', applicability);
  return text.slice(0, at) + kind + text.slice(at + applicability.length);
}

function obligationLine({ id, detail }: Obligation, { word, color }: (typeof marks)[number], look: Look): string {
  const prefix = MARK_WIDTH + 4;
  const indent = look.columns < NARROW ? 4 : prefix;
  const text = wrap(visible(`${id}: ${detail}`), look.columns, indent, prefix);
  return `  ${paint(look, color, word.padEnd(MARK_WIDTH))}  ${text}`;
}

/** Without the carriage returns of CRLF, which would stand at the end of every line and tell nothing. */
function shownDiff(diff: Buffer, { color }: Look): string {
  if (diff.length === 0) return '(This change cannot be written in the encoding of the file.)';
  const shown = colorize(Buffer.from(diff.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'));
  return color ? shown : stripVTControlCharacters(shown);
}
