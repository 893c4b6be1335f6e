/** Where an import is written, and when the one that is there will do. The last line of each text uses what is imported. */
import { describe, expect, it } from 'vitest';
import type { Fix } from '../../src/core/finding.ts';
import { composeEdits } from '../../src/plan/compose.ts';
import { ensureImport } from '../../src/plan/ensure-import.ts';
import { lastExpression, modelOf } from '../support/model.ts';

/** The text with `USE` replaced by what stands for `weakref.WeakSet`, or why that cannot be written. */
function written(text: string): string {
  const file = modelOf(text);
  const use = lastExpression(file, 'USE');
  const scope = file.scopeOf(use) ?? file.scopes.module;
  const imported = ensureImport(file, 'weakref', 'WeakSet', [{ scope, at: use.start }]);
  if ('unwritable' in imported) return imported.unwritable;
  const path = file.source.path;
  const edit = { path, range: { start: use.start, end: use.end }, text: imported.expression };
  const fix: Fix = { strategy: 'weak', title: '', obligations: [], edits: [edit], requests: imported.requests };
  // Twice the same request: it is written once.
  const other: Fix = { ...fix, edits: [] };
  let out = text;
  for (const { range, text: inserted } of composeEdits(file.source, [fix, other]).toReversed())
    out = out.slice(0, range.start) + inserted + out.slice(range.end);
  return out;
}

describe('an import that is there will do', () => {
  it.each([
    ['import weakref\n\nx = USE\n', 'import weakref\n\nx = weakref.WeakSet\n'],
    ['import os, weakref as wr\nx = USE\n', 'import os, weakref as wr\nx = wr.WeakSet\n'],
    ['from weakref import WeakSet as Weak, ref\nx = USE\n', 'from weakref import WeakSet as Weak, ref\nx = Weak\n'],
  ])('%j', (text, expected) => {
    expect(written(text)).toBe(expected);
  });
});

describe('a `from` import gets one more name', () => {
  it.each([
    ['from weakref import ref  # cycle\nx = USE\n', 'from weakref import ref, WeakSet  # cycle\nx = WeakSet\n'],
    [
      'from weakref import (\n    proxy,\n    ref,\n)\nx = USE\n',
      'from weakref import (\n    proxy,\n    ref, WeakSet,\n)\nx = WeakSet\n',
    ],
    ['from weakref import ref as r\nx = USE\n', 'from weakref import ref as r, WeakSet\nx = WeakSet\n'],
  ])('%j', (text, expected) => {
    expect(written(text)).toBe(expected);
  });

  it('unless that name means something else', () => {
    expect(written('from weakref import ref\nclass WeakSet: pass\nx = USE\n')).toBe(
      'import weakref\nfrom weakref import ref\nclass WeakSet: pass\nx = weakref.WeakSet\n',
    );
  });
});

describe('a new import stands', () => {
  it.each([
    ['at the top', 'x = USE\n', 'import weakref\n\nx = weakref.WeakSet\n'],
    ['two lines above a class', 'class A:\n    x = USE\n', 'import weakref\n\n\nclass A:\n    x = weakref.WeakSet\n'],
    ['behind the docstring', '"""Doc."""\nx = USE\n', '"""Doc."""\n\nimport weakref\n\nx = weakref.WeakSet\n'],
    [
      'behind a docstring of several lines',
      '"""Doc.\n\nMore.\n"""\n\n\nx = USE\n',
      '"""Doc.\n\nMore.\n"""\n\nimport weakref\n\n\nx = weakref.WeakSet\n',
    ],
    [
      'behind what comes from the future',
      '"""Doc."""\nfrom __future__ import annotations\n\nx = USE\n',
      '"""Doc."""\nfrom __future__ import annotations\n\nimport weakref\n\nx = weakref.WeakSet\n',
    ],
    [
      'behind the first lines that only comment',
      '#!/usr/bin/python\n# coding: utf-8\n\n# The one.\nx = USE\n',
      '#!/usr/bin/python\n# coding: utf-8\n\nimport weakref\n\n# The one.\nx = weakref.WeakSet\n',
    ],
    [
      'behind what sorts before it',
      'import os\nimport sys\n\nx = USE\n',
      'import os\nimport sys\nimport weakref\n\nx = weakref.WeakSet\n',
    ],
    [
      'before what sorts behind it',
      'import os\nimport zlib\nx = USE\n',
      'import os\nimport weakref\nimport zlib\nx = weakref.WeakSet\n',
    ],
    [
      'at the end of imports in no order',
      'import sys\nimport os\nfrom abc import ABC\nx = USE\n',
      'import sys\nimport os\nimport weakref\nfrom abc import ABC\nx = weakref.WeakSet\n',
    ],
    [
      'above `from` imports',
      'from abc import ABC\nfrom typing import Dict\nx = USE\n',
      'import weakref\nfrom abc import ABC\nfrom typing import Dict\nx = weakref.WeakSet\n',
    ],
    [
      'between `from` imports where all are sorted by module',
      'from abc import ABC\nimport os\nfrom typing import Dict\nimport zlib\nx = USE\n',
      'from abc import ABC\nimport os\nfrom typing import Dict\nimport weakref\nimport zlib\nx = weakref.WeakSet\n',
    ],
    [
      'among the standard modules, not the packages below',
      'import re\n\nimport numpy\n\nfrom . import base\n\nx = USE\n',
      'import re\nimport weakref\n\nimport numpy\n\nfrom . import base\n\nx = weakref.WeakSet\n',
    ],
    [
      'with the line ends of the file',
      'import os\r\nx = USE\r\n',
      'import os\r\nimport weakref\r\nx = weakref.WeakSet\r\n',
    ],
    [
      'above its use, where other imports come too late',
      'import os\nx = USE\nimport sys\n',
      'import os\nimport weakref\nx = weakref.WeakSet\nimport sys\n',
    ],
    [
      'for everybody, where it was imported under a condition',
      'try:\n    import weakref\nexcept ImportError:\n    pass\nx = USE\n',
      'import weakref\n\ntry:\n    import weakref\nexcept ImportError:\n    pass\nx = weakref.WeakSet\n',
    ],
  ])('%s', (_where, text, expected) => {
    expect(written(text)).toBe(expected);
  });
});

describe('a name that is taken', () => {
  it('gets an underscore', () => {
    expect(written('weakref = None\nx = USE\n')).toBe(
      'import weakref as _weakref\n\nweakref = None\nx = _weakref.WeakSet\n',
    );
  });

  it('may be taken in the class alone', () => {
    expect(written('class A:\n    weakref = 1\n    x = USE\n')).toBe(
      'import weakref as _weakref\n\n\nclass A:\n    weakref = 1\n    x = _weakref.WeakSet\n',
    );
  });

  it('may leave nothing to write', () => {
    expect(written('weakref = _weakref = None\nx = USE\n')).toMatch(/mean something else/);
  });
});
