/** The pieces that generated modules are made of: values, ways of changing them, and `__init__` methods as people write them. */

/** Lines without line ends. A line starts with one `INDENT` for each level; one that starts with `VERBATIM` is never indented. */
export type Block = readonly string[];
export const INDENT = '\u0001';
export const VERBATIM = '\u0002';

export type Container = 'list' | 'dict' | 'set' | 'deque' | 'defaultdict';

export const VALUES: Readonly<Record<Container, readonly Block[]>> = {
  list: [
    ['[]'],
    ['list()'],
    ['[LIMIT]'],
    ['[0] * 2'],
    ['[n for n in range(2)]'],
    ['[', `${INDENT}1,  # one`, `${INDENT}2,`, ']'],
    ['["""first', `${VERBATIM}  second`, `${VERBATIM}""", 2]`],
    ['\\', `${INDENT}[]`],
  ],
  dict: [['{}'], ['dict()'], ['{"a": []}'], ['{', '', `${INDENT}"ü": {},`, '}'], ['({})'], ['dict(a=LIMIT)']],
  set: [['set()'], ['{1, 2}']],
  deque: [['deque()'], ['collections.deque(maxlen=3)']],
  defaultdict: [['defaultdict(list)'], ['defaultdict(lambda: [])']],
};

export const CHANGES: Readonly<Record<Container, readonly ((name: string) => string)[]>> = {
  list: [
    (x) => `${x}.append(value)`,
    (x) => `${x} += [value]`,
    (x) => `${x}[:] = [value]`,
    (x) => `${x}.extend([1, 2])`,
  ],
  dict: [(x) => `${x}[value] = 1`, (x) => `${x}.update(b=value)`, (x) => `${x}.setdefault("c", []).append(value)`],
  set: [(x) => `${x}.add(value)`, (x) => `${x} |= {value}`],
  deque: [(x) => `${x}.append(value)`, (x) => `${x}.appendleft(value)`],
  defaultdict: [(x) => `${x}["k"].append(value)`, (x) => `${x}[value]`],
};

export function block(...lines: string[]): Block {
  return lines;
}

export function indented(lines: Block): Block {
  return lines.map((line) => (line === '' || line.startsWith(VERBATIM) ? line : INDENT + line));
}

export const INITS: readonly Block[] = [
  block('def __init__(self): pass'),
  block('def __init__(self): self.ready = True; self.value = 0'),
  block('def __init__(self):', `${INDENT}"""Makes one."""`),
  block('def __init__(self):', `${INDENT}"""Makes`, `${VERBATIM}   one."""`, '', `${INDENT}self.ready = True`),
  block('def __init__(self, size=1, *rest, key: str = "ü", **options) -> None:', `${INDENT}self.size = size`),
  block(
    'def __init__(',
    `${INDENT}self,`,
    `${INDENT}size=1,  # how many`,
    '):',
    `${INDENT}# first of all`,
    `${INDENT}self.size = size`,
  ),
  block('def __init__(this):  # the usual', '', `${INDENT}super().__init__()`, `${INDENT}this.ready = True`),
  block('@keep', 'def __init__(self):', `${INDENT}self.ready = len("ready")`),
];

/** An object that methods put on the class, by what they call the class. The blocks of one way use each other. */
export const PUTS: readonly ((holder: string, owner: string) => Block)[] = [
  (holder) =>
    block(
      'def resetlink(self, value=5):',
      `${INDENT}${holder}.link = Thing(value)`,
      `${INDENT}return ${holder}.link.value`,
      '',
      'def readlink(self):',
      `${INDENT}return ${holder}.link.value if ${holder}.link else None`,
    ),
  (holder) => block(`def resetlink(self, value=5): value += 1; ${holder}.link = Thing(value); return self.link.value`),
  (holder) =>
    block(
      'def resetlink(self, value=5):',
      `${INDENT}value, ${holder}.link = 3, [value]  # both`,
      `${INDENT}def later():`,
      `${INDENT}${INDENT}${holder}.link.append(value)`,
      `${INDENT}later()`,
      `${INDENT}return [${holder}.link for _ in "ab"]`,
    ),
  (holder) =>
    block(
      'def resetlink(this, value=5):',
      `${INDENT}"""Sets it."""`,
      `${INDENT}setattr(${holder.replace('self', 'this')}, "link", Thing(value))`,
      `${INDENT}return getattr(${holder.replace('self', 'this')}, "link").value`,
      '',
      '# at last',
      'def __del__(this):',
      `${INDENT}# nothing to do`,
      `${INDENT}pass`,
    ),
  (holder) =>
    block(
      'def resetlink(self, value=5):',
      `${INDENT}if value:`,
      `${INDENT}${INDENT}${holder}.link = self.resetlink`,
      `${INDENT}return callable(self.link)`,
    ),
  (holder) =>
    block(
      'def __del__(self): self.gone = True',
      '',
      'def resetlink(self, value=5):',
      `${INDENT}${holder}.link = ${holder}.other = Thing(value)`,
      `${INDENT}return (${holder}).other.value`,
    ),
  (holder, owner) =>
    block(
      'def resetlink(self, value=5):',
      `${INDENT}${holder}.link: object = {value: self}`,
      '',
      '@classmethod',
      'def sharedlink(cls):',
      `${INDENT}return bool(${owner}.link)`,
    ),
];
