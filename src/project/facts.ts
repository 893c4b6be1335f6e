/**
 * What a file's text alone says that other files may need: plain data, made for every file of the project, anywhere and in any order.
 *
 * It errs on one side only. What it lists may stand in a string, or be another thing of that name; what it does not list is not
 * there. So it tells which files are worth reading for their meaning, and nothing else.
 */

/** Identifiers may have letters beyond ASCII, which `\w` leaves out. */
const NAME = '[\\w\\u0080-\\uffff]+';
/** A class statement starts its line: it is a compound statement, and none may follow a colon or a semicolon (reference 8). */
const CLASS = new RegExp(`^[ \\t\\f]*class[ \\t]+(${NAME})[^(:\\n\\r]*(\\(?)`, 'gm');
const IMPORT =
  /(?:^|[;:])[ \t\f]*(?:from[ \t]*([.\w\u0080-\uffff]+)[\s\\]+)?import\b[ \t]*(\((?:#[^\n\r]*(?![^\n\r])|[^)#])*\)|(?:\\\r?\n|[^\n\r;#])*)/gm;
const IMPORTED = new RegExp(`(\\*|${NAME}(?:\\s*\\.\\s*${NAME})*)(?:[\\s\\\\]+as[\\s\\\\]+(${NAME}))?`, 'g');
/** Modules and classes that only running the program tells. */
const DYNAMIC =
  /\b(?:import_module|__import__|import_string|locate|resolve_name|load_module|iter_modules|__getattr__|spec_from_file_location|run_path|run_module|sys\.modules)\b/;
const WORD = new RegExp(NAME, 'g');
const MUTATORS =
  'append|appendleft|extend|extendleft|insert|remove|discard|pop|popleft|popitem|clear|add|update|setdefault|sort|reverse|put|put_nowait';
/** Where something is put into what stands in front. */
const FILLING = /\.(?:append|add|extend|insert|setdefault|update)\(|\][ \t]*=(?!=)/g;
/** A name, or an attribute of a name, at the end: what the name is called may be known from an import. */
const FILLED = new RegExp(`(?:(${NAME})\\.)?(${NAME})$`);
/** How long a key, and what it is a key of, may be, in UTF-16 units. */
const LONGEST_KEY = 120;
const LONGEST_OWNER = 160;
/** An attribute that something is stored in, or that is changed in place. */
const CHANGED = new RegExp(`\\.(${NAME})(?=\\s*(?:\\[|\\.\\s*(?:${MUTATORS})\\s*\\(|[-+|&^*]=))`, 'g');
/**
 * What is called with `self`, where its result is kept: assigned, or an element or argument. Before `self` other arguments may stand, but no
 * call; that is enough to find most.
 */
const CALLED_WITH_SELF =
  /[=([{,:][ \t]*(?:[\w.]{0,80}\.)?([A-Za-z_]\w{0,80})\((?:[^()\n\r]{0,200}[,=])?\s*self\s*[,)]/g;
const SET_TO_SELF = new RegExp(`\\.(${NAME})\\s*=\\s*self[ \\t]*$`, 'gm');
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
  return {
    path,
    classes,
    ...imported,
    dynamic: DYNAMIC.test(text),
    changed: [...changed],
    filled: filledIn(text, imported),
    handsSelf: {
      to: [...new Set([...text.matchAll(CALLED_WITH_SELF)].map(([, name = '']) => owned(name)))],
      as: [...new Set([...text.matchAll(SET_TO_SELF)].map(([, name = '']) => owned(name)))],
    },
  };
}

/** `LIVE.append(x)` where `LIVE` is imported, `registry.LIVE[x] = y` and `Base.live.add(x)` where what stands in front is. */
function filledIn(text: string, { imports, aliases }: Pick<FileFacts, 'imports' | 'aliases'>): FileFacts['filled'] {
  const known = new Set(imports.flatMap(({ module, names }) => (names.length > 0 ? names : module.split('.'))));
  for (const [, alias] of aliases) known.add(alias);
  const found = new Map<string, FileFacts['filled'][number]>();
  for (const { 0: put, index } of text.matchAll(FILLING)) {
    const end = put.startsWith('.') ? index : openingBracket(text, index);
    const [, owner, name] = FILLED.exec(text.slice(Math.max(0, end - LONGEST_OWNER), Math.max(0, end))) ?? [];
    if (name === undefined) continue;
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

function classesIn(text: string): FileFacts['classes'] {
  return [...text.matchAll(CLASS)].map(({ 0: head, 1: name = '', 2: open, index }) => {
    const bases = new Set(open === '' ? [] : basesFrom(text, index + head.length).match(WORD));
    return { name: owned(name), bases: [...bases].map(owned) };
  });
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

function importsIn(text: string): Pick<FileFacts, 'imports' | 'aliases'> {
  const imports: { module: string; names: readonly string[] }[] = [];
  const aliases = new Map<string, readonly [string, string]>();
  for (const [, from, list = ''] of text.matchAll(IMPORT)) {
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

/** A string of its own: what is cut from a text would keep the whole text in memory. */
function owned(name: string): string {
  return name.length < 13 ? name : Buffer.from(name, 'utf16le').toString('utf16le');
}
