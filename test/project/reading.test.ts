/** Files that have an attribute of some name, of whatever it may be. */
import { describe, expect, it } from 'vitest';
import { accessesOf } from '../../src/model/attribute-accesses.ts';
import { Suspended } from '../../src/project/project.ts';
import { classNamed } from '../support/model.ts';
import { projectOf, type TestProject } from '../support/project.ts';

const home = { 'a.py': 'class Node:\n    parent = None\n', 'b.py': 'from a import Node\nNode().parent\n' };

/** As a judgement is: again after it was suspended. */
function whole<T>({ project }: TestProject, work: () => T): T {
  for (;;) {
    project.resume();
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Suspended)) throw error;
    }
  }
}

describe('the files with an attribute', () => {
  it('are read though they name no class, and others with the word are not', () => {
    const files = {
      ...home,
      'c.py': 'x.parent\n',
      'd.py': 'parent = 1\n',
      'e.py': 'x . parent\n',
      'f.py': '"parent"\n',
    };
    const all = projectOf(files);
    const { files: found, incomplete } = all.project.reading('parent', all.file('a.py'));
    expect(found.map(({ source }) => source.path)).toEqual(['b.py', 'c.py', 'e.py']);
    expect(incomplete).toBeUndefined();
    expect([...all.read].sort()).toEqual(['a.py', 'b.py', 'c.py', 'e.py']);
  });

  it('are told to be more if one cannot be parsed', () => {
    const all = projectOf({ ...home, 'c.py': 'x.parent\ndef f(:\n' });
    expect(all.project.reading('parent', all.file('a.py')).incomplete).toContain('c.py');
  });

  it('take nothing from the limit of what is looked into for a class', () => {
    const long = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`long${index}.py`, `x.parent\n# ${'.'.repeat(90_000)}\n`]),
    );
    const all = projectOf({ ...home, ...long });
    const { incomplete } = whole(all, () => all.project.reading('parent', all.file('a.py')));
    expect(incomplete).toContain('51 files have `.parent`, which is too much to look into');
    const model = classNamed(all.file('a.py'), 'Node');
    const accesses = whole(all, () => accessesOf({ class: model, name: 'parent', binding: undefined }));
    expect(accesses.instance.map(({ file }) => file.source.path)).toEqual(['b.py']);
  });
});
