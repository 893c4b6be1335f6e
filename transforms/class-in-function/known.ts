/** What decorators, bases and calls of the standard library do to a class: whether a second one would be missed. */
import { isBuiltinException } from '../../src/model/builtins.ts';
import type { Base, ClassModel } from '../../src/model/class.ts';
import type { FileModel } from '../../src/model/file.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** They add methods and keep nothing. */
const CLASS_DECORATORS =
  /^(?:dataclasses\.dataclass|functools\.total_ordering|enum\.unique|(?:typing|typing_extensions)\.(?:final|runtime_checkable)|attr\.(?:s|attrs|dataclass|define|frozen|mutable)|attrs\.(?:define|frozen|mutable)|six\.python_2_unicode_compatible)$/;
/** They wrap a function and keep nothing from call to call. */
const METHOD_DECORATORS =
  /^(?:builtins\.(?:property|staticmethod|classmethod)|abc\.abstract\w+|functools\.cached_property|contextlib\.(?:async)?contextmanager|(?:typing|typing_extensions)\.(?:overload|override|final|no_type_check)|types\.coroutine)$/;
/** Calls that give equal results for equal arguments, change nothing and give what cannot be changed. */
const PURE_CALLS =
  /^(?:builtins\.(?:range|xrange|len|tuple|frozenset|str|int|float|bool|complex|bytes|min|max|sum|abs|chr|ord|round|pow|property|staticmethod|classmethod|slice)|collections\.namedtuple|(?:typing|typing_extensions)\.(?:NamedTuple|TypeVar|NewType|ParamSpec)|re\.compile|operator\.(?:itemgetter|attrgetter|methodcaller)|dataclasses\.field|attr\.(?:ib|attrib|field)|attrs\.field|struct\.(?:Struct|calcsize)|enum\.auto|ctypes\.(?:POINTER|sizeof)|datetime\.(?:timedelta|date|timezone)|decimal\.Decimal|fractions\.Fraction|uuid\.UUID)$/;
/** Bases that neither register their subclasses nor look at them, with metaclasses that do no more. */
const BASES =
  /^(?:builtins\.(?:object|dict|list|set|frozenset|tuple|str|bytes|bytearray|int|float|complex|property)|abc\.ABC|(?:typing|typing_extensions)\.(?:Generic|Protocol|NamedTuple|TypedDict)|enum\.\w+|threading\.(?:Thread|local|Timer)|json\.(?:JSONEncoder|JSONDecoder)|json\.(?:encoder|decoder)\.JSON\w+|argparse\.\w+|optparse\.\w+|ast\.Node(?:Visitor|Transformer)|html\.parser\.HTMLParser|collections\.\w+|collections\.abc\.\w+|io\.\w+|string\.(?:Formatter|Template)|logging\.\w+|http\.server\.\w+|socketserver\.\w+|contextlib\.\w+|ctypes\.(?:Structure|Union|BigEndianStructure|LittleEndianStructure)|pickle\.(?:Pickler|Unpickler)|cmd\.Cmd|code\.\w+|configparser\.\w+|queue\.\w+|asyncio\.\w*Protocol|urllib\.request\.\w+|xml\.sax\.\w+(?:\.\w+)*|datetime\.tzinfo|random\.Random|tokenize\.\w+|pprint\.PrettyPrinter|threading\.Event|multiprocessing\.Process|subprocess\.Popen|smtplib\.\w+|ftplib\.\w+|shlex\.shlex|bdb\.Bdb|pdb\.Pdb)$/;

export function isPlainClassDecorator(file: FileModel, decorator: PyNode): boolean {
  return CLASS_DECORATORS.test(calledName(file, decorator));
}

/** Also `@width.setter`. */
export function isPlainMethodDecorator(file: FileModel, decorator: PyNode): boolean {
  if (decorator.kind === 'attribute' && /\.(?:setter|getter|deleter)$/.test(file.text(decorator))) return true;
  return METHOD_DECORATORS.test(calledName(file, decorator));
}

export function isPureCall(file: FileModel, call: PyNode): boolean {
  return PURE_CALLS.test(calledName(file, call));
}

function calledName(file: FileModel, expression: PyNode): string {
  const callee = expression.kind === 'call' ? (field(expression, 'function') ?? expression) : expression;
  return file.qualifiedName(callee) ?? '';
}

/** The first base of the class, or of one it inherits from, that may want each subclass for itself; with the file it stands in. */
export function unknownBase(
  model: ClassModel,
  seen: ReadonlySet<ClassModel> = new Set(),
): { readonly file: FileModel; readonly node: PyNode } | undefined {
  const { file } = model;
  for (const base of model.bases) {
    if (base.class === undefined) {
      if (!isPlain(base)) return { file, node: base.node };
      continue;
    }
    if (seen.has(base.class)) continue;
    const hook = base.class.methods.find(({ name }) => name === '__init_subclass__');
    if (hook !== undefined) return { file: hook.class.file, node: hook.node };
    if (!hasPlainHeader(base.class)) return { file: base.class.file, node: base.class.node };
    const deeper = unknownBase(base.class, new Set([...seen, model]));
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function isPlain({ qualifiedName }: Base): boolean {
  return qualifiedName !== undefined && (BASES.test(qualifiedName) || isBuiltinException(qualifiedName));
}

/** True if no keyword but `metaclass=ABCMeta` says what becomes of the class, and nothing is unpacked into its bases. */
export function hasPlainHeader({ file, keywords, spread }: ClassModel): boolean {
  if (spread) return false;
  return [...keywords].every(
    ([keyword, value]) =>
      (keyword === 'metaclass' &&
        /^(?:abc\.ABCMeta|enum\.EnumMeta|builtins\.type)$/.test(file.qualifiedName(value) ?? '')) ||
      (keyword === 'total' && value.kind !== 'call'),
  );
}
