/** A function as its text shows it: what is stored where, what is called with what, which names stand for something else. */
import { ASCII, IN_WORD } from '../../src/core/words.ts';

/** `holder.attribute = value`, or a container there that gets it. Paths are dotted names; what a call gives has a name of its own. */
export interface Store {
  readonly holder: string;
  readonly value: string;
}

export interface Argument {
  readonly path: string;
  /** Its place, or the keyword it has; undefined behind a `*`. Parts of one argument have one place. */
  readonly place: number | string | undefined;
}

export interface TextCall {
  /** The last name of what is called. */
  readonly name: string;
  /** What stands before that name; empty for nothing. */
  readonly receiver: string;
  readonly arguments: readonly Argument[];
  /** Like no other of the text. */
  readonly result: string;
}

/** A function's own lines, or those of the module; what stands in a class body makes no object hold another. */
export interface TextBody {
  readonly name: string | undefined;
  /** The class whose body has it. */
  readonly className: string | undefined;
  readonly parameters: readonly string[];
  readonly stores: Store[];
  readonly calls: TextCall[];
  /** By a path, what else it may stand for. */
  readonly aliases: Map<string, Set<string>>;
  /** How often a statement binds each name. */
  readonly bindings: Map<string, number>;
}

/** Forgets what a name stands for that is bound more than once, or is a parameter too: it means who knows what. */
export function dropRebound({ parameters, aliases, bindings }: TextBody): void {
  for (const [name, count] of bindings) if (count > 1 || parameters.includes(name)) aliases.delete(name);
}

/** A body of which nothing is read yet. */
export function emptyBody(
  name: string | undefined,
  className: string | undefined,
  parameters: readonly string[],
): TextBody {
  return { name, className, parameters, stores: [], calls: [], aliases: new Map(), bindings: new Map() };
}

/** `a.b` of `a.b.c`; empty for a single name. */
export function ownerOf(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot < 0 ? '' : path.slice(0, dot);
}

export const OPENS = '([{';
export const CLOSES = ')]}';

/** True for a UTF-16 unit that may stand in a name or number. */
export function isWord(unit: number): boolean {
  return unit >= ASCII || IN_WORD[unit] === 1;
}

/** The name or number that starts at `at`. */
export function wordAt(text: string, at: number): string {
  let end = at;
  while (end < text.length && isWord(text.charCodeAt(end))) end += 1;
  return text.slice(at, end);
}
