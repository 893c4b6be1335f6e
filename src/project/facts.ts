/**
 * What a file's text alone says that other files may need: plain data, made for every file of the project, anywhere and in any order.
 *
 * It errs on one side only. What it lists may stand in a string, or be another thing of that name; what it does not list is not
 * there. So it tells which files are worth reading for their meaning, and nothing else.
 */
import { owned, wordStart } from '../core/words.ts';
import { handedSelf } from './self-arguments.ts';

/** Identifiers may have letters beyond ASCII, which `\w` leaves out. */
const NAME = '[\\w\\u0080-\\uffff]+';
const CLASS = new RegExp(`class[ \\t]+(${NAME})[^(:\\n\\r]*(\\(?)`, 'y');
const IMPORT =
  /(?:from[ \t]*([.\w\u0080-\uffff]+)[\s\\]+)?import\b[ \t]*(\((?:#[^\n\r]*(?![^\n\r])|[^)#])*\)|(?:\\\r?\n|[^\n\r;#])*)/y;
const IMPORTED = new RegExp(`(\\*|${NAME}(?:\\s*\\.\\s*${NAME})*)(?:[\\s\\\\]+as[\\s\\\\]+(${NAME}))?`, 'g');
/** Modules and classes that only running the program tells. A `__getattr__` with `self` is a method: a module's gets a name alone (PEP 562). */
const DYNAMIC =
  /\b(?:import_module|__import__|import_string|locate|resolve_name|load_module|iter_modules|__getattr__(?![ \t]*\([ \t]*self[ \t]*,)|spec_from_file_location|run_path|run_module|sys\.modules)\b/;
const WORD = new RegExp(NAME, 'g');
const MUTATORS =
  'append|appendleft|extend|extendleft|insert|remove|discard|pop|popleft|popitem|clear|add|update|setdefault|sort|reverse|put|put_nowait';
/** Where something is put into what stands in front. */
const FILLING = /\.(?:append|add|extend|insert|setdefault|update)\(|\][ \t]*=(?!=)/g;
/** How long a key may be, in UTF-16 units. */
const LONGEST_KEY = 120;
/** An attribute that something is stored in, or that is changed in place. */
const CHANGED = new RegExp(`\\.(${NAME})(?=\\s*(?:\\[|\\.\\s*(?:${MUTATORS})\\s*\\(|[-+|&^*]=))`, 'g');
/** How far `import` may stand behind its module, in UTF-16 units. */
const LONGEST_GAP = 200;
/** How far the bases of one class are looked at, in UTF-16 units. */
const LONGEST_BASES = 10_000;

export interface FileFacts {
  /** As in {@link SourceFile.path}. */
  readonly path: string;
  /** The class statements; every word between the parentheses may be the name of a base. */
  readonly classes: readonly { readonly name: string; readonly bases: readonly string[] }[];
  /** `import module`, with no names; `from module import names`, `*` among them; relative ones with their dots. */
  readonly imports: readonly { readonly module: string; readonly names: readonly string[] }[];
  /** `name as alias` in an import. */
  readonly aliases: readonly (readonly [name: string, alias: string])[];
  /** True if it may get hold of modules that it does not import by a statement. */
  readonly dynamic: boolean;
  /** The attributes that are changed in place, where the file has a class with bases. */
  readonly changed: readonly string[];
  /** The last names of what is called with `self` as an argument (`to`), and the attributes of others that are set to it (`as`). */
  readonly handsSelf: { readonly to: readonly string[]; readonly as: readonly string[] };
  /** What something is put into: an imported name, or an attribute of such an `owner`. */
  readonly filled: readonly { readonly owner: string | undefined; readonly name: string }[];
}

/** Reads the facts from a file's text. */
export function factsOf(path: string, text: string): FileFacts {
  const classes = classesIn(text);
  const derives = classes.some(({ bases }) => bases.length > 0);
  const changed = new Set(derives ? [...text.matchAll(CHANGED)].map(([, name = '']) => owned(name)) : []);
  const imported = importsIn(text);
  const { to, as } = handedSelf(text);
  return {
    path,
    classes,
    ...imported,
    dynamic: DYNAMIC.test(text),
    changed: [...changed],
    filled: filledIn(text, imported),
    handsSelf: { to: [...to].map(owned), as: [...as].map(owned) },
  };
}

/** `LIVE.append(x)` where `LIVE` is imported, `registry.LIVE[x] = y` and `Base.live.add(x)` where what stands in front is. */
function filledIn(text: string, { imports, aliases }: Pick<FileFacts, 'imports' | 'aliases'>): FileFacts['filled'] {
  const known = new Set(imports.flatMap(({ module, names }) => (names.length > 0 ? names : module.split('.'))));
  for (const [, alias] of aliases) known.add(alias);
  const found = new Map<string, FileFacts['filled'][number]>();
  for (const { 0: put, index } of text.matchAll(FILLING)) {
    const end = put.startsWith('.') ? index : openingBracket(text, index);
    const start = wordStart(text, Math.max(0, end));
    const name = text.slice(start, Math.max(0, end));
    if (name === '') continue;
    const from = text.charAt(start - 1) === '.' ? wordStart(text, start - 1) : start;
    const owner = from < start - 1 ? text.slice(from, start - 1) : undefined;
    const imported = owner === undefined ? known.has(name) || known.has('*') : known.has(owner);
    const key = `${owner ?? ''}.${name}`;
    if (!imported || found.has(key)) continue;
    found.set(key, { owner: owner === undefined ? undefined : owned(owner), name: owned(name) });
  }
  return [...found.values()];
}

/** Where the bracket opens that closes at `close`, with a short key between them; -1 if there is none. */
function openingBracket(text: string, close: number): number {
  const open = text.lastIndexOf('[', close);
  const key = open < 0 || close - open > LONGEST_KEY ? '' : text.slice(open + 1, close);
  return key === '' || /[\]\n\r]/.test(key) ? -1 : open;
}

/** A class statement starts its line: it is a compound statement, and none may follow a colon or a semicolon (reference 8). */
function classesIn(text: string): FileFacts['classes'] {
  const found: { name: string; bases: readonly string[] }[] = [];
  for (let at = text.indexOf('class'); at >= 0; at = text.indexOf('class', at + 5)) {
    CLASS.lastIndex = at;
    if (!endsLine(text, blankStart(text, at) - 1)) continue;
    const [head = '', name, open] = CLASS.exec(text) ?? [];
    if (name === undefined) continue;
    const bases = new Set(open === '' ? [] : basesFrom(text, at + head.length).match(WORD));
    found.push({ name: owned(name), bases: [...bases].map(owned) });
  }
  return found;
}

/** True if a line ends with the unit at `at`, or the text begins behind it. */
function endsLine(text: string, at: number): boolean {
  return at < 0 || /[\n\r]/.test(text.charAt(at));
}

/** Where the blanks before `end` begin. */
function blankStart(text: string, end: number): number {
  let at = end;
  while (/[ \t\f]/.test(text.charAt(at - 1))) at -= 1;
  return at;
}

/** The text up to the closing parenthesis, without comments. */
function basesFrom(text: string, start: number): string {
  let out = '';
  let depth = 1;
  const limit = Math.min(text.length, start + LONGEST_BASES);
  for (let at = start; at < limit; at++) {
    const unit = text.charAt(at);
    if (unit === '#') {
      const end = text.slice(at, limit).search(/[\r\n]/);
      if (end < 0) return out;
      at += end;
      continue;
    }
    if (unit === '"' || unit === "'") {
      const end = text.indexOf(unit, at + 1);
      if (end < 0) return out;
      out += text.slice(at, end);
      at = end;
    }
    if (unit === '(') depth++;
    if (unit === ')') depth--;
    if (depth === 0) return out;
    out += unit;
  }
  return out;
}

/** The matches of {@link IMPORT} at the beginning of statements. */
function* importStatements(text: string): Generator<RegExpExecArray> {
  for (let at = text.indexOf('import'); at >= 0; ) {
    const start = importStart(text, at);
    IMPORT.lastIndex = start ?? 0;
    const match = start === undefined ? null : IMPORT.exec(text);
    if (match !== null) yield match;
    at = text.indexOf('import', Math.max(at + 1, match === null ? 0 : match.index + match[0].length));
  }
}

/** Where the statement begins whose word `import` stands at `word`; undefined if it is none. */
function importStart(text: string, word: number): number | undefined {
  const begins = (at: number): boolean => {
    const before = blankStart(text, at) - 1;
    return endsLine(text, before) || /[;:]/.test(text.charAt(before));
  };
  if (begins(word)) return word;
  const end = word - (/[\s\\]+$/.exec(text.slice(Math.max(0, word - LONGEST_GAP), word))?.[0].length ?? 0);
  let module = end;
  while (end < word && /[.\w\u0080-\uffff]/.test(text.charAt(module - 1))) module -= 1;
  // `from.x import y`
  if (text.startsWith('from', module) && begins(module)) return module;
  const from = blankStart(text, module) - 4;
  return module < end && text.startsWith('from', from) && begins(from) ? from : undefined;
}

/** The text without its import statements; a line of a string that looks like one, and goes on as none could, stays. */
export function withoutImports(text: string): string {
  let out = '';
  let copied = 0;
  for (const { 0: statement, index } of importStatements(text)) {
    if (/[=:[\]{}"'`]/.test(statement.replace(/#[^\n\r]*/g, ''))) continue;
    out += text.slice(copied, index);
    copied = index + statement.length;
  }
  return out + text.slice(copied);
}

function importsIn(text: string): Pick<FileFacts, 'imports' | 'aliases'> {
  const imports: { module: string; names: readonly string[] }[] = [];
  const aliases = new Map<string, readonly [string, string]>();
  for (const [, from, list = ''] of importStatements(text)) {
    const names: string[] = [];
    for (const [, written = '', alias] of list.replace(/#[^\n\r]*/g, '').matchAll(IMPORTED)) {
      const name = owned(written.replace(/\s/g, ''));
      names.push(name);
      const last = name.slice(name.lastIndexOf('.') + 1);
      if (alias !== undefined && alias !== last) aliases.set(`${last} ${alias}`, [last, owned(alias)]);
    }
    if (from === undefined) for (const module of names) imports.push({ module, names: [] });
    else imports.push({ module: owned(from.replace(/[\s\\]/g, '')), names });
  }
  return { imports, aliases: [...aliases.values()] };
}
