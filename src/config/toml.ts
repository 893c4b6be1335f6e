/** TOML as a flat list of keys and values that know their place, since every mistake in a configuration is shown at its own. */
import { isUtf8 } from 'node:buffer';
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { UserError } from '../core/errors.ts';

/** One `key = value` or, with the value `undefined`, one `[table]` header. */
export interface TomlEntry {
  /** From the root: `['tool', 'pyleak-fix', 'select']`. The elements of an array of tables have their index in it. */
  readonly path: readonly (string | number)[];
  readonly value: AST.TOMLContentNode | undefined;
  /** `pyproject.toml:3:1`, of the key. */
  readonly where: string;
}

export interface TomlFile {
  readonly entries: readonly TomlEntry[];
  /** The place of a node, as {@link TomlEntry.where}. */
  where(node: AST.TOMLNode): string;
}

/** `column` counts UTF-16 units from 0, as the parser does; what is shown counts code points from 1. */
function placeIn(name: string, lines: readonly string[], line: number, column: number): string {
  const before = (lines[line - 1] ?? '').slice(0, column);
  return `${name}:${line}:${[...before].length + 1}`;
}

function checkUtf8(bytes: Buffer, name: string): void {
  if (isUtf8(bytes)) return;
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const part = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isUtf8(part)) {
      const column = [...part.toString('utf8').split('\ufffd', 1).join('')].length + 1;
      throw new UserError(`${name}:${line}:${column}: not UTF-8, which TOML has to be`);
    }
    start = end < 0 ? bytes.length + 1 : end + 1;
  }
}

function keyPath(key: AST.TOMLKey): string[] {
  return key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
}

/** Parses the bytes of the file that is called `name` in messages. Throws UserError with the place if they are not TOML. */
export function parseToml(bytes: Buffer, name: string): TomlFile {
  checkUtf8(bytes, name);
  const text = bytes.toString('utf8');
  const lines = text.split(/\r?\n/);
  const where = (node: AST.TOMLNode) => placeIn(name, lines, node.loc.start.line, node.loc.start.column);
  const entries: TomlEntry[] = [];
  const add = (pair: AST.TOMLKeyValue, parent: readonly (string | number)[]) => {
    const path = [...parent, ...keyPath(pair.key)];
    if (pair.value.type !== 'TOMLInlineTable') {
      entries.push({ path, value: pair.value, where: where(pair.key) });
      return;
    }
    entries.push({ path, value: undefined, where: where(pair.key) });
    for (const inner of pair.value.body) add(inner, path);
  };
  for (const node of parse(text, name, lines).body[0].body) {
    if (node.type === 'TOMLKeyValue') {
      add(node, []);
      continue;
    }
    entries.push({ path: node.resolvedKey, value: undefined, where: where(node.key) });
    for (const pair of node.body) add(pair, node.resolvedKey);
  }
  return { entries, where };
}

function parse(text: string, name: string, lines: readonly string[]): AST.TOMLProgram {
  try {
    return parseTOML(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const place = placeIn(name, lines, error.lineNumber, error.column);
    throw new UserError(`${place}: not valid TOML: ${error.message}`, { cause: error });
  }
}
