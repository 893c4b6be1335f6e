/**
 * Findings, fixes and obligations: what a rule says about one place.
 *
 * All of it is plain data. A rule makes it from the models of its file and those around it; the planner turns accepted fixes into edits.
 */
import type { Edit } from './edit.ts';
import type { Measured } from './measured.ts';
import type { Place, Range } from './range.ts';

/** `process`: held until the process ends. `gc`: freed only by the cycle collector. */
export type Retention = 'process' | 'gc';

/** One thing that must hold for a fix to keep the program working. */
export interface Obligation {
  readonly id: string;
  readonly holds: boolean | 'unknown';
  /** One sentence for a person: what was looked at and what was found. */
  readonly detail: string;
  readonly where?: Place | undefined;
}

/**
 * `safe`: every obligation holds. `unsafe`: one does not, or is unknown, but the result runs. `manual`: no edit is offered.
 */
export type Applicability = 'safe' | 'unsafe' | 'manual';

/** Puts a statement into a method of a class. Shared by every fix that asks the same of that method, which is written once. */
export interface MethodRequest {
  readonly kind: 'method';
  readonly path: string;
  /** Identifies the class in the file: the offset of its `class` keyword. */
  readonly classStart: number;
  readonly layout: MethodLayout;
  readonly statement: MethodStatement;
}

export interface MethodStatement {
  /** Statements of one method are written in this order; for what moves, the position of the attribute in the class body. */
  readonly order: number;
  /** Lines of text without indentation or line end, the first being `self.x = ...` or its like; comments and docs come along. */
  readonly lines: readonly StatementLine[];
  /** What disappears from the class body, where something moves. */
  readonly removal?: Removal | undefined;
}

/** One line to write. `verbatim` lines start inside a string literal and take no indentation. */
export interface StatementLine {
  readonly text: string;
  readonly verbatim: boolean;
}

/** How the attribute leaves the class body. */
export type Removal =
  /** Whole lines, from the start of the first to the start of the line after the last. */
  | { readonly kind: 'lines'; readonly range: Range }
  /** Part of a line: beside `;`, or the value behind an annotation. */
  | { readonly kind: 'span'; readonly range: Range };

/** Where a class has, or gets, the method that receives the statements. */
export interface MethodLayout {
  /** The name of the method. */
  readonly method: string;
  readonly target: MethodTarget;
}

export type MethodTarget =
  /** The method is there: statements go before `at`, the start of a line of its body. */
  | { readonly kind: 'existing'; readonly at: number; readonly indent: string }
  /** The method is there with its body on the header's line: `range` is the white space between colon and body. */
  | { readonly kind: 'one-line'; readonly range: Range; readonly indent: string }
  /** The method has to be written at `at`, the start of a line in the class body. */
  | {
      readonly kind: 'new';
      readonly at: number;
      readonly indent: string;
      readonly bodyIndent: string;
      /** Lines above the header, `@property`, without indentation. */
      readonly decorators?: readonly string[] | undefined;
      /** `def __init__(self):`, without indentation. */
      readonly header: string;
      /** Statements before those asked for, such as the docstring: written once, whoever asks. */
      readonly lead?: readonly string[] | undefined;
      /** Statements after those asked for, such as the call of `super().__init__`. */
      readonly tail: readonly string[];
      /** The blank lines that set it off from code above, and those that follow it. */
      readonly above: number;
      readonly below: number;
    };

/** Binds a name of a module at the top of the file. Shared by every fix that needs the same, which is written once. */
export interface ImportRequest {
  readonly kind: 'import';
  readonly path: string;
  readonly target: ImportTarget;
}

export type ImportTarget =
  /** A line of its own at `at`, the start of a line, with the blank lines that set it off. */
  | {
      readonly kind: 'new';
      readonly at: number;
      /** `import weakref`, without line end. */
      readonly line: string;
      readonly blankBefore: number;
      readonly blankAfter: number;
    }
  /** One more name in a `from` import that is there: `at` is the end of its last name. */
  | { readonly kind: 'name'; readonly at: number; readonly name: string };

/** Moves whole lines of a class. What other fixes change in them moves along, changed. */
export interface MoveRequest {
  readonly kind: 'move';
  readonly path: string;
  /** Where they go: the start of a line. */
  readonly at: number;
  /** What is written there, in this order: lines of the file, and text between them. */
  readonly parts: readonly (MovedLines | string)[];
}

export interface MovedLines {
  /** Whole lines, with the class statement in them. */
  readonly range: Range;
  /** What each line loses at its start. */
  readonly indent: string;
  /** String literals: a line that starts inside of one keeps its bytes. */
  readonly literals: readonly Range[];
  /** Names that become other names in them. */
  readonly renames: readonly Pick<Edit, 'range' | 'text'>[];
  /** What happens where they were: blank lines may go too, and a `pass` may come. */
  readonly removal: Pick<Edit, 'range' | 'text'>;
}

/** One more element behind the last of a list that is there, such as `__slots__`. Shared by every fix that needs the same. */
export interface ElementRequest {
  readonly kind: 'element';
  readonly path: string;
  /** The end of the last element. */
  readonly at: number;
  readonly text: string;
}

export type Request = MethodRequest | ImportRequest | MoveRequest | ElementRequest;

/** All or nothing, in all files that it changes. Requests are what several fixes may share; the planner writes each once. */
export interface Fix {
  readonly strategy: string;
  readonly title: string;
  readonly obligations: readonly Obligation[];
  readonly edits: readonly Edit[];
  readonly requests: readonly Request[];
}

/** A strategy that cannot be written here, and why. */
export interface Unfixable {
  readonly strategy: string;
  readonly unfixable: string;
}

export interface Evidence {
  readonly place: Place;
  readonly message: string;
}

/** What a rule says about one place, before anyone decided anything. */
export interface Finding {
  readonly rule: string;
  readonly retention: Retention;
  readonly path: string;
  /** Qualified name inside the module: `Basket.lines`. */
  readonly symbol: string;
  readonly range: Range;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** Where it stands besides, where one change has several causes: what is said of a line counts there too. */
  readonly also?: readonly Place[] | undefined;
  /** What it is known by where it may be found from several files: the first that is looked at reports it. */
  readonly identity?: string | undefined;
  /** The default strategy first. */
  readonly fixes: readonly (Fix | Unfixable)[];
  /** What a proof has measured, where one was given. */
  readonly measured?: Measured | undefined;
}

/** Where it stands: its own place, and the others of the same change. */
export function placesOf({ path, range, also = [] }: Pick<Finding, 'path' | 'range' | 'also'>): readonly Place[] {
  return [{ path, range }, ...also];
}

/** The files that a fix changes, ascending. */
export function pathsChanged({ edits, requests }: Fix): readonly string[] {
  return [...new Set([...edits, ...requests].map(({ path }) => path))].sort();
}

/** The applicability follows from the obligations and cannot be claimed. */
export function applicabilityOf(fix: Fix | Unfixable): Applicability {
  if ('unfixable' in fix) return 'manual';
  return fix.obligations.every((obligation) => obligation.holds === true) ? 'safe' : 'unsafe';
}
