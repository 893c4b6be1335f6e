/** What a class of another file may change is judged, and what by the texts it cannot is not. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../src/judge.ts';
import { factsOf } from '../src/project/facts.ts';
import { loadRules } from '../src/rules.ts';
import { type Scan, scan } from '../src/scan.ts';
import { subjectsByPath } from '../src/subjects.ts';
import { project } from './support/cli.ts';
import { projectOf } from './support/project.ts';

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 120);
const rules = await loadRules(['class-mutable-default', 'strong-registry']);

/** The attributes that are judged in `base.py`. */
function judged(files: Readonly<Record<string, string>>): readonly string[] {
  const facts = Object.entries(files).map(([path, text]) => factsOf(path, text));
  const inheritable = Object.entries(files).map(
    ([path, text]) => [path, rules.flatMap((rule) => [...(rule.inheritable?.(text) ?? [])])] as const,
  );
  const scanned: Pick<Scan, 'candidates' | 'inheritable'> = { candidates: [], inheritable: new Map(inheritable) };
  const { project: around } = projectOf(files);
  const text = (path: string): string | undefined => files[path];
  const subjects = subjectsByPath({ scan: scanned as Scan, facts, project: around, rules, text });
  return (subjects.get('base.py') ?? []).map(({ className, attribute }) => `${className}.${attribute}`);
}

const BASE = 'class Form:\n    errors = []\n';
const form = (body: string, bases = 'Form', imports = ''): string =>
  `from base import Form\n${imports}class Signup(${bases}):\n    def check(self):\n        ${body}\n`;
const READ = 'return self.errors[0]';

describe('what a base class has is judged where a class of another file', () => {
  it.each([
    ['puts something into it', 'self.errors.append(1)'],
    ['changes an element', 'self.errors[0] = 1'],
    ['changes it under another name', 'first = self.errors[0]; found = self.errors; found.append(first)'],
    ['hands it on', 'merge(self.errors[0]); merge(self.errors)'],
    ['puts itself in', 'self.errors[self] = 1'],
  ])('%s', (_, body) => {
    expect(judged({ 'base.py': BASE, 'form.py': form(body) })).toEqual(['Form.errors']);
  });

  it('reads it, and another class that it inherits from changes it', () => {
    const mixin = { 'mixin.py': 'class Checked:\n    def fail(self, why):\n        self.errors.append(why)\n' };
    const user = form(READ, 'Checked, Form', 'from mixin import Checked\n');
    expect(judged({ 'base.py': BASE, 'form.py': user, ...mixin })).toEqual(['Form.errors']);
  });

  it('reads it, and one beside the base changes it', () => {
    const base = `${BASE}class Checked:\n    def fail(self, why):\n        self.errors.append(why)\n`;
    const user = form(READ, 'Checked, Form', 'from base import Checked\n');
    expect(judged({ 'base.py': base, 'form.py': user })).toEqual(['Form.errors']);
  });

  it('looks up what that inserts', () => {
    const base = 'from collections import defaultdict\nclass Form:\n    errors = defaultdict(list)\n';
    expect(judged({ 'base.py': base, 'form.py': form('return self.errors["x"]') })).toEqual(['Form.errors']);
  });
});

describe('it is not where', () => {
  it.each([
    ['it is only read', { 'form.py': form(READ) }],
    ['another object has it', { 'form.py': form('self.errors[0].errors.append(1)') }],
    [
      'another class of that name has it',
      {
        'other.py': 'class Form:\n    errors = ()\n',
        'form.py': form('self.errors.append(1)').replace('from base', 'from other'),
      },
    ],
    [
      'a file changes it that has nothing to do with it',
      {
        'form.py': form(READ),
        'else.py': 'class Checked:\n    def fail(self, why):\n        self.errors.append(why)\n',
      },
    ],
  ])('%s', (_, files) => {
    expect(judged({ 'base.py': BASE, ...files })).toEqual([]);
  });
});

/** What a base has, what a mixin and a helper do, and what a class of a third file does with all of them. */
const USES = [
  'self.errors.append(1)',
  'self.errors[0] = 1',
  'self.errors[0].append(1)',
  'return self.errors[0]',
  'return self.errors',
  'self.all().append(self.errors[0])',
  'self.fill(self.errors)',
  'fill(self.errors)',
  'fill(self.errors[0])',
  'for one in self.errors: one.append(1)',
  'found = self.errors; found.append(self.errors[0])',
  'print(len(self.errors), self.errors[0])',
  'self.errors = []; self.errors.append(1)',
  'self.errors += [1]',
  'self.errors.append(self)',
  'this = self; this.errors.append(1)',
  'Form().errors.append(1)',
  'one = Form(); one.errors.append(1)',
  'one: Form = make(); one.errors.append(1)',
  'self.errors.get(0).append(1)',
];
const VALUES = ['[]', '[[]]', '{}', 'defaultdict(list)'];
const HELPER = 'def fill(given):\n    given.append(1)\n';

it('what is not judged would not have been found', { timeout: 60_000 }, async () => {
  const trusting = rules.map((rule) => ({ ...rule, mayChange: () => true }));
  const method = (name: string, body: string): string => `    def ${name}(self):\n        ${body}\n`;
  const body = fc.constantFrom(...USES);
  let found = 0;
  let spared = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...VALUES),
      fc.tuple(body, body, body, body),
      fc.constantFrom('Checked, Form', 'Form', 'Checked'),
      async (value, [one, two, three, four], bases) => {
        const helps = 'from helper import fill\n';
        const files = {
          'helper.py': HELPER,
          'base.py': `${helps}from collections import defaultdict\nclass Form:\n    errors = ${value}\n${method('all', one)}    def fill(self, to):\n        to.append(1)\n`,
          'mixin.py': `${helps}class Checked:\n${method('fail', two)}`,
          'form.py': `${helps}from base import Form\nfrom mixin import Checked\nclass Signup(${bases}):\n${method('check', three)}${method('again', four)}`,
        };
        const folder = project(files);
        const entries = Object.keys(files).map((path) => ({ path, realPath: join(folder, path), writable: true }));
        const evidence = async () => ({ files: entries, roots: [folder] });
        const judgedBy = async (which: typeof rules) =>
          judge(await scan(entries, which), evidence, { rules: which, strategies: new Map(), declarativeBases: [] });
        const [all, some] = [await judgedBy(trusting), await judgedBy(rules)];
        found += Number(all.findings.length > 0);
        spared += Number(!rules.some(({ mayChange }) => mayChange?.(files['form.py'], 'errors', files['base.py'])));
        expect(some.findings).toEqual(all.findings);
      },
    ),
    { numRuns },
  );
  expect([found > numRuns / 10, spared > 0]).toEqual([true, true]);
});
