/** The imports of src/ and transforms/ point one way, as ARCHITECTURE.md has it: read from the import statements themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  /** Relative to the root, with forward slashes: `src/core/edit.ts`. */
  readonly from: string;
  /** The same for a file of ours; else the name of a package or of a module of Node.js. */
  readonly to: string;
  /** Everything between `import` and `from`, or the whole of a dynamic one. */
  readonly what: string;
}

const NAMES = String.raw`(?<what>(?:type\s)?(?:\{[^}]*\}|\*(?:\sas\s\w+)?|\w+(?:,\s\{[^}]*\})?))`;
/** `import x from`, `export x from`, the bare `import`, and `import()` and `require()` in code and in types. */
const STATEMENT = new RegExp(
  String.raw`^(?:import|export)\s(?:${NAMES}\sfrom\s)?'(?<named>[^']+)'|\b(?:import|require)\((?:'(?<loaded>[^']+)'|(?=[^')]))`,
  'gm',
);

function importsOf(from: string): Import[] {
  return [...readFileSync(join(root, from), 'utf8').matchAll(STATEMENT)].map(({ groups = {} }) => {
    const name = groups['named'] ?? groups['loaded'] ?? '(computed)';
    const to = name.startsWith('.') ? relative(root, join(root, dirname(from), name)) : name;
    return { from, to, what: groups['what'] ?? 'import()' };
  });
}

const files = ['src', 'transforms']
  .flatMap((top) => readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((path) => `${top}/${path}`))
  .filter((path) => path.endsWith('.ts'));
const imports = files.flatMap(importsOf);
const ours = imports.filter(({ to }) => files.includes(to));

/** `src/core`, `transforms/some-rule`; `src` for the files directly in it. */
const layerOf = (path: string) => (/^src\/[^/]+$/.test(path) ? 'src' : path.split('/').slice(0, 2).join('/'));
const shown = ({ from, to }: Import) => `${from} imports ${to}`;
const rules = readdirSync(join(root, 'transforms')).map((rule) => `transforms/${rule}`);

/** Which folders the files of a folder may import, besides their own. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/source': ['src/core'],
  'src/syntax': ['src/core'],
  'src/apply': ['src/core'],
  // A thread runs what the main one does for a file.
  'src/workers': ['src', 'src/core', 'src/source'],
  'src/cache': ['src/core'],
  'src/report': ['src/core'],
  'src/review': ['src/core'],
  'src/config': ['src/core'],
  'src/trial': ['src/core'],
  'src/proof': ['src/core', 'src/trial'],
  'src/model': ['src/core', 'src/syntax'],
  'src/project': ['src/core', 'src/model'],
  'src/plan': ['src/core', 'src/syntax', 'src/model', 'src/project'],
  ...Object.fromEntries(
    rules.map((rule) => [rule, ['src/core', 'src/syntax', 'src/model', 'src/project', 'src/plan']]),
  ),
};

it('the statements are found: most files import something, and every relative import leads to a file', () => {
  expect(new Set(ours.map(({ from }) => from)).size).toBeGreaterThan(files.length / 2);
  const astray = imports.filter(({ to }) => /^(src|transforms|\.\.)\b/.test(to) && !files.includes(to));
  expect(astray.map(shown)).toEqual([]);
});

describe('a folder imports only what lies below it', () => {
  const layers = [...new Set(files.map(layerOf))].filter((layer) => layer !== 'src');

  it.each(layers)('%s', (layer) => {
    const allowed = ALLOWED[layer];
    expect(allowed, `which folders ${layer} may import has to be said here`).toBeDefined();
    const astray = ours.filter(
      ({ from, to }) => layerOf(from) === layer && ![layer, ...(allowed ?? [])].includes(layerOf(to)),
    );
    expect(astray.map(shown)).toEqual([]);
  });
});

describe('one door to each', () => {
  it.each([
    ['tree-sitter', ['src/syntax/native.ts']],
    ['tree-sitter-python', ['src/syntax/native.ts']],
    ['magic-string', ['src/apply/render.ts']],
  ])('%s is imported by %j alone', (name, expected) => {
    const importers = imports.filter(({ to }) => to === name).map(({ from }) => from);
    expect([...new Set(importers)]).toEqual(expected);
  });

  it.each([
    ['inquirer', 'src/review'],
    ['yargs-parser', 'src/config'],
  ])('%s is imported in %s alone', (name, folder) => {
    const layers = imports
      .filter(({ to }) => to === name || to.startsWith(`${name}/`))
      .map(({ from }) => layerOf(from));
    expect([...new Set(layers)]).toEqual([folder]);
  });
});

describe('a transform', () => {
  const its = imports.filter(({ from }) => from.startsWith('transforms/'));

  it('touches neither files nor processes, and no package', () => {
    expect(its.filter(({ to }) => !files.includes(to)).map(shown)).toEqual([]);
  });

  it('reads trees and parses none', () => {
    const parsing = its.filter(({ to, what }) => to === 'src/syntax/tree.ts' && !/^type\s/.test(what));
    expect(parsing.filter(({ what }) => /\bparses?\b|\*|import\(\)/.test(what)).map(shown)).toEqual([]);
  });
});

it('no file leads back to itself, types included', () => {
  const next = new Map(files.map((file) => [file, ours.filter(({ from }) => from === file).map(({ to }) => to)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});
