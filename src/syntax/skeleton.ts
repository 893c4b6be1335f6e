/**
 * A text without the bodies of its functions: each is a `0`, so that what is left parses, and where everything stands in the text is
 * remembered. Most of a file is in function bodies, and most questions are about few of them.
 */
import { type FunctionBody, outlineOf } from './outline.ts';
import { FORM_FEED, SPACE, TAB } from './statement-scanner.ts';

/** Where the places of a parsed text are in the text that they stand for. Asked in the order of the nodes, parents first, a start before its end. */
export interface Places {
  start(at: number): number;
  end(at: number): number;
  /** The body that stands where the last start was; undefined for none. */
  body(): FunctionBody | undefined;
}

/** The text itself was parsed. */
export const IN_PLACE: Places = { start: (at) => at, end: (at) => at, body: () => undefined };

/** A part of the text was parsed, which begins `by` units further on. */
export function shifted(by: number): Places {
  return { start: (at) => at + by, end: (at) => at + by, body: () => undefined };
}

/** Shorter bodies cost less where they are, in UTF-16 units. */
const SHORTEST = 100;

interface Piece {
  /** Where it ends in the skeleton. */
  readonly to: number;
  /** What is added to a place in it. */
  readonly shift: number;
  /** What it stands for, if it is no part of the text. */
  readonly body: FunctionBody | undefined;
}

/** The text to parse, and its places in the text it was made from. */
export class Skeleton implements Places {
  readonly text: string;
  private readonly pieces: readonly Piece[];
  private at = 0;

  constructor(text: string, bodies: readonly FunctionBody[]) {
    const parts: string[] = [];
    const pieces: Piece[] = [];
    let length = 0;
    let copied = 0;
    const add = (part: string, from: number, body?: FunctionBody): void => {
      if (part === '') return;
      parts.push(part);
      pieces.push({ to: length + part.length, shift: from - length, body });
      length += part.length;
    };
    for (const body of bodies) {
      add(text.slice(copied, body.start), copied);
      add(`${text.slice(indentationStart(text, body.first), body.first)}0`, body.first, body);
      copied = body.end;
    }
    add(text.slice(copied), copied);
    this.text = parts.join('');
    this.pieces = pieces;
  }

  start(at: number): number {
    while (at >= (this.pieces[this.at]?.to ?? Number.POSITIVE_INFINITY)) this.at += 1;
    const piece = this.pieces[this.at];
    return piece?.body === undefined ? at + (piece?.shift ?? 0) : piece.body.first;
  }

  end(at: number): number {
    let index = this.at;
    while (at > (this.pieces[index]?.to ?? Number.POSITIVE_INFINITY)) index += 1;
    const piece = this.pieces[index];
    return piece?.body === undefined ? at + (piece?.shift ?? 0) : piece.body.end;
  }

  body(): FunctionBody | undefined {
    return this.pieces[this.at]?.body;
  }
}

/** Undefined where nothing is gained, or the text does not read as Python. */
export function skeletonOf(text: string): Skeleton | undefined {
  const bodies = outlineOf(text)?.bodies.filter(({ start, end }) => end - start >= SHORTEST) ?? [];
  return bodies.length === 0 ? undefined : new Skeleton(text, bodies);
}

function indentationStart(text: string, first: number): number {
  let at = first;
  for (let unit = text.charCodeAt(at - 1); at > 0; unit = text.charCodeAt(--at - 1))
    if (unit !== SPACE && unit !== TAB && unit !== FORM_FEED) break;
  return at;
}
