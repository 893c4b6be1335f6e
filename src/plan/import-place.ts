/** Where a new `import` of a standard module belongs in a file: among its like, in the file's own order (PEP 8, "Imports"). */
import { isBlankLine, lineEnd, lineStart, nextLine, startsLine } from '../core/lines.ts';
import type { FileModel } from '../model/file.ts';
import { field, isStringStatement, statements } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';

export interface ImportPlace {
  /** The start of a line, or the end of a text without a line end. */
  readonly at: number;
  readonly blankBefore: number;
  readonly blankAfter: number;
}

const IMPORTS: ReadonlySet<string> = new Set(['import_statement', 'import_from_statement']);

/** The two forms of the statement. Most files have all of one form first. */
export type ImportKind = 'import_statement' | 'import_from_statement';

/** The place for an import of the module, in front of `before`; undefined where no line there is free. */
export function importPlace(
  file: FileModel,
  kind: ImportKind,
  module: string,
  before: number,
): ImportPlace | undefined {
  const { text } = file.source;
  const body = statements(file.syntax.root);
  const group = standardGroup(
    file,
    groupsOf(
      text,
      body.filter(({ end }) => end <= before),
    ),
  );
  const place =
    group === undefined
      ? atTheTop(file, body)
      : { at: inGroup(file, group, kind, module), blankBefore: 0, blankAfter: 0 };
  return place.at <= lineStart(text, before) && startsLine(text, place.at) ? place : undefined;
}

/** Import statements that follow each other without a blank line or anything else in between. */
function groupsOf(text: string, body: readonly PyNode[]): readonly (readonly PyNode[])[] {
  const groups: PyNode[][] = [];
  let last: PyNode | undefined;
  for (const statement of body) {
    const joined =
      last !== undefined && !/(?:\r\n|\r|\n)[ \t\f]*(?:\r\n|\r|\n)/.test(text.slice(last.end, statement.start));
    if (IMPORTS.has(statement.kind)) {
      if (joined && last !== undefined && IMPORTS.has(last.kind)) groups.at(-1)?.push(statement);
      else groups.push([statement]);
    }
    last = statement;
  }
  return groups;
}

/** The names of the standard library that are imported most, by their first part. */
const STANDARD: ReadonlySet<string> = new Set(
  (
    '__future__ abc argparse array ast asyncio atexit base64 bisect builtins bz2 calendar cgi cmd codecs collections concurrent configparser contextlib ' +
    'contextvars copy csv ctypes dataclasses datetime decimal difflib dis email enum errno fcntl fnmatch fractions ftplib ' +
    'functools gc getopt getpass gettext glob gzip hashlib heapq hmac html http importlib inspect io ipaddress itertools json ' +
    'keyword linecache locale logging lzma math mimetypes mmap multiprocessing numbers operator optparse os pathlib pdb pickle ' +
    'pkgutil platform pprint profile pwd queue random re reprlib resource sched secrets select selectors shelve shlex shutil ' +
    'signal site socket socketserver sqlite3 ssl stat statistics string stringprep struct subprocess symtable sys sysconfig ' +
    'tarfile tempfile textwrap threading time timeit tkinter token tokenize tomllib traceback tracemalloc types typing ' +
    'unicodedata unittest urllib uuid warnings wave weakref webbrowser winreg xml xmlrpc zipfile zipimport zlib zoneinfo ' +
    'ConfigParser Cookie Queue StringIO Tkinter UserDict __builtin__ cPickle cStringIO httplib urllib2 urlparse thread'
  ).split(' '),
);

/** The first group that has a module of the standard library. */
function standardGroup(file: FileModel, groups: readonly (readonly PyNode[])[]): readonly PyNode[] | undefined {
  return groups.find((group) => group.some((statement) => isStandard(moduleOf(file, statement))));
}

function isStandard(module: string): boolean {
  return STANDARD.has(module.split('.')[0] ?? '');
}

/** What the statement imports (from). */
function moduleOf(file: FileModel, statement: PyNode): string {
  const written = statement.kind === 'import_statement' ? statement.children[0] : field(statement, 'module_name');
  const named = written?.kind === 'aliased_import' ? field(written, 'name') : written;
  return named === undefined ? '' : file.text(named);
}

/** Sorted in where the group is sorted, else behind the last statement of its form with a standard module. */
function inGroup(file: FileModel, group: readonly PyNode[], kind: ImportKind, module: string): number {
  const { text } = file.source;
  const plain = group.filter((one) => one.kind === 'import_statement');
  const isMixed = plain.length > 0 && group.slice(0, plain.length).some((one) => one.kind !== 'import_statement');
  const like = isMixed && isSorted(file, group) ? group : group.filter((one) => one.kind === kind);
  if (like.length === 0)
    return kind === 'import_statement' ? lineStart(text, group[0]?.start ?? 0) : nextLine(text, group.at(-1)?.end ?? 0);
  const standard = like.filter((statement) => isStandard(moduleOf(file, statement)));
  const fitting = isSorted(file, like) ? like.filter((one) => order(moduleOf(file, one)) <= order(module)) : [];
  const above = (fitting.length > 0 ? fitting : standard.length > 0 && !isSorted(file, like) ? standard : []).at(-1);
  return above === undefined ? lineStart(text, like[0]?.start ?? 0) : nextLine(text, above.end);
}

function isSorted(file: FileModel, group: readonly PyNode[]): boolean {
  const modules = group.map((statement) => order(moduleOf(file, statement)));
  return modules.every((module, index) => index === 0 || (modules[index - 1] ?? '') <= module);
}

function order(module: string): string {
  return module.toLowerCase();
}

/** Behind comments at the head, the docstring and what is imported from the future. */
function atTheTop(file: FileModel, body: readonly PyNode[]): ImportPlace {
  const { text } = file.source;
  const head = body
    .filter((statement, index) => (index === 0 && isStringStatement(statement)) || isFuture(statement))
    .at(-1);
  if (head !== undefined) {
    const at = nextLine(text, head.end);
    return { at, blankBefore: 1, blankAfter: at >= text.length || isBlankLine(text, at) ? 0 : 1 };
  }
  const at = afterHeadComments(text, body[0]?.start ?? text.length);
  const first = body[0];
  const isImport = first !== undefined && (IMPORTS.has(first.kind) || first.kind === 'expression_statement');
  const definition = first !== undefined && /_definition$/.test(first.kind) && at === lineStart(text, first.start);
  return { at, blankBefore: 0, blankAfter: isImport || !definition ? 1 : 2 };
}

function isFuture({ kind }: PyNode): boolean {
  return kind === 'future_import_statement';
}

/** Behind `#!`, the encoding, and every block of comments that a blank line parts from the code. */
function afterHeadComments(text: string, code: number): number {
  let at = 0;
  let place = 0;
  while (at < code && at < text.length) {
    const line = text.slice(at, lineEnd(text, at));
    if (!/^[ \t\f]*(?:#.*)?$/.test(line)) break;
    const next = nextLine(text, at);
    const isBlank = /^[ \t\f]*$/.test(line);
    if (isBlank || /^#!|^#.*coding[:=]/.test(line)) place = next;
    if (next === at) break;
    at = next;
  }
  return place;
}
