/**
 * The trees that are measured: the standard library of the newest Python here, the packages of the Python that has most, and repositories
 * that are made up. They are copies, so that every peer sees the same files and nothing of ours lies in anybody's folders.
 */
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPythons, pythonFiles, richestPython } from '../scripts/corpus/pythons.ts';

export interface Tree {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
}

const root = join(tmpdir(), 'pyleak-fix-bench');

/** Copies the `*.py` files of a folder, once. */
function copied(name: string, from: string): Tree {
  const folder = join(root, name);
  if (!existsSync(folder)) {
    for (const path of pythonFiles(from)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      cpSync(join(from, path), join(folder, path), { dereference: true });
    }
  }
  return { name, folder };
}

/** The standard library of the newest Python; undefined where there is none. */
export function standardLibrary(): Tree | undefined {
  const [python] = findPythons();
  return python === undefined ? undefined : copied(`standard library ${python.version.join('.')}`, python.library);
}

/** The installed packages of the Python that has most; undefined where there is none. */
export function sitePackages(): Tree | undefined {
  const python = richestPython(findPythons());
  return python === undefined ? undefined : copied(`site-packages ${python.version.join('.')}`, python.packages);
}

/** A copy of the file that is a project of its own; its path. */
export function alone(file: string): string {
  const folder = join(root, 'one file');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pyproject.toml'), '');
  cpSync(file, join(folder, 'module.py'));
  return join(folder, 'module.py');
}

/** Modules of one package. */
const MODULES = 50;

/** A repository of so many files: services of a hundred packages, which import each other as those of a company do. */
export function monorepo(files: number): Tree {
  const name = `monorepo of ${files.toLocaleString('en')} files`;
  const folder = join(root, `monorepo-${files}`);
  if (!existsSync(folder)) {
    for (let index = 0; index < files; index++) {
      const path = join(folder, pathOf(index));
      if (index % MODULES === 0) mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, moduleText(index));
    }
    writeFileSync(join(folder, 'pyproject.toml'), '');
  }
  return { name, folder };
}

function packageOf(index: number): string {
  const number = Math.floor(index / MODULES);
  return `service${Math.floor(number / 100)}/package${number}`;
}

function pathOf(index: number): string {
  return `${packageOf(index)}/${index % MODULES === 0 ? '__init__' : `module${index}`}.py`;
}

function moduleName(index: number): string {
  return `${packageOf(index).replaceAll('/', '.')}.module${index}`;
}

/** About a kilobyte; one in two hundred has a list that its instances share, one in a thousand a registry. */
function moduleText(index: number): string {
  if (index % MODULES === 0) return `"""Package ${Math.floor(index / MODULES)}."""\n`;
  const first = index - (index % MODULES);
  const neighbour = (step: number): number => first + 1 + ((index + step) % (MODULES - 1));
  const leak = index % 200 === 7 ? '    lines = []\n\n' : '';
  const registry =
    index % 1000 === 13
      ? `_seen${index} = {}\n\n\ndef note${index}(order):\n    _seen${index}[order.key] = order\n\n\n`
      : '';
  const init = leak === '' ? '        self.lines = []\n' : '';
  return `"""Module ${index}: orders and what is in them."""
import json
from collections import OrderedDict

from ${moduleName(neighbour(3))} import Order${neighbour(3)}
from ${moduleName(neighbour(17))} import total_of_${neighbour(17)}

LIMITS = {'small': 10, 'large': 1000}
NAMES = ['first', 'second', 'third']


${registry}class Order${index}:
    """An order with its lines."""

${leak}    currency = 'EUR'

    def __init__(self, key, customer=None):
        self.key = key
        self.customer = customer
${init}        self.totals = OrderedDict()

    def add(self, name, price, count=1):
        if count > LIMITS['large']:
            raise ValueError(f'{name}: {count} is too many')
        self.lines.append((name, price, count))
        self.totals[name] = self.totals.get(name, 0) + price * count
        return self

    def total(self):
        return sum(price * count for _, price, count in self.lines)

    def dump(self):
        return json.dumps({'key': self.key, 'lines': self.lines, 'currency': self.currency})


class Parcel${index}(Order${neighbour(3)}):
    weights = (1, 2, 5)

    def weigh(self, scale):
        heavy = [weight for weight in self.weights if weight > scale.limit]
        return {'heavy': heavy, 'sum': sum(heavy)}


def total_of_${index}(orders):
    return sum(order.total() for order in orders) + len(NAMES)


def report_${index}(orders):
    rows = []
    for order in orders:
        rows.append([order.key, order.total(), total_of_${neighbour(17)}([order])])
    return rows
`;
}
