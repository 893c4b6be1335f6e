/** What a class is for: an ordinary class, one whose body is a declaration, or one whose constructor is generated. */

import { descend, field, unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { type Base, type ClassModel, classAt } from './class.ts';
import { isMetaclass, resolutionOrder } from './class-hierarchy.ts';
import type { FileModel } from './file.ts';
import { definitionAt, origins } from './imports.ts';

/** Bases whose class body declares something, by qualified name or by package prefix (ending in a dot). */
const DECLARATIVE: readonly string[] = [
  ...['enum.', 'typing.NamedTuple', 'typing.TypedDict', 'typing_extensions.NamedTuple', 'typing_extensions.TypedDict'],
  ...['ctypes.Structure', 'ctypes.Union', 'ctypes.BigEndianStructure', 'ctypes.LittleEndianStructure'],
  ...['pydantic.', 'pydantic_settings.', 'sqlmodel.', 'msgspec.Struct'],
  ...[
    'django.db.models.',
    'django.contrib.gis.db.models.',
    'django.db.migrations.',
    'django.forms.',
    'django.contrib.admin.',
  ],
  ...['django_filters.', 'rest_framework.serializers.', 'marshmallow.', 'wtforms.', 'flask_wtf.'],
  ...[
    'sqlalchemy.orm.DeclarativeBase',
    'sqlalchemy.orm.declarative_base',
    'sqlalchemy.ext.declarative.',
    'flask_sqlalchemy.',
  ],
  ...[
    'peewee.Model',
    'mongoengine.',
    'tortoise.models.',
    'odoo.models.',
    'graphene.',
    'traitlets.',
    'traits.',
    'param.Parameterized',
  ],
  ...['scrapy.Item', 'scrapy.item.', 'factory.', 'google.cloud.ndb.', 'elasticsearch_dsl.'],
];

/** Declares only for the class that names it: a class that implements a protocol is an ordinary one. */
const DECLARATIVE_DIRECTLY: ReadonlySet<string> = new Set(['typing.Protocol', 'typing_extensions.Protocol']);
const DECLARATIVE_METACLASSES: readonly string[] = ['enum.', 'django.db.models.base.', 'sqlalchemy.'];
/** Inner classes that frameworks read as options (Django, DRF, marshmallow, pydantic). */
const OPTION_CLASSES: ReadonlySet<string> = new Set(['Meta', 'Config', 'Params']);

const DATACLASS: readonly string[] = ['dataclasses.dataclass', 'pydantic.dataclasses.dataclass'];
const ATTRS: readonly string[] = [
  ...['attr.s', 'attr.attrs', 'attr.attributes', 'attr.define', 'attr.mutable', 'attr.frozen', 'attr.dataclass'],
  ...['attrs.define', 'attrs.mutable', 'attrs.frozen'],
];

export type Constructor =
  /** The class's own `__init__`, as usual. */
  | { readonly kind: 'init' }
  /** Written by a decorator. */
  | ({ readonly kind: 'generated' } & Generated);

/** True if the class body is a declaration: what stands there is read by a metaclass, a framework or a type checker. */
export function isDeclarative(model: ClassModel): boolean {
  if (isMetaclass(model)) return true;
  if (OPTION_CLASSES.has(model.name) && model.scope.parent?.kind === 'class') return true;
  if (model.bases.some((base) => base.qualifiedName !== undefined && DECLARATIVE_DIRECTLY.has(base.qualifiedName)))
    return true;
  const configured = model.file.surroundings.declarativeBases;
  const named = new Set(configured.map((name) => classAt(name, model.file)));
  return resolutionOrder(model).classes.some(
    (holder) =>
      named.has(holder) ||
      holder.bases.some((base) => isDeclarativeBase(holder.file, base, configured)) ||
      hasDeclarativeMetaclass(holder),
  );
}

function hasDeclarativeMetaclass(model: ClassModel): boolean {
  const metaclass = model.keywords.get('metaclass');
  const name = metaclass === undefined ? undefined : model.file.qualifiedName(metaclass);
  return name !== undefined && DECLARATIVE_METACLASSES.some((known) => name.startsWith(known));
}

function isDeclarativeBase(file: FileModel, base: Base, configured: readonly string[]): boolean {
  const names = [...namesOf(file, base), instanceBase(file, unwrap(base.node))].filter((name) => name !== undefined);
  return names.some(
    (name) =>
      // `db.Model` of Flask-SQLAlchemy: `db` nearly always comes from a module of the project's own.
      /(?:^|\.)db\.(?:Model|Document|EmbeddedDocument)$/.test(name) ||
      configured.includes(name) ||
      DECLARATIVE.some((known) => matches(name, known)),
  );
}

/** Every qualified name that the base may have outside of the project, where modules of the project pass it on or there is a choice. */
function namesOf(file: FileModel, base: Base): readonly string[] {
  const name = base.qualifiedName;
  if (name !== undefined) return [name, ...origins(name, file)];
  const binding = base.named.kind === 'identifier' ? file.resolve(base.named) : undefined;
  if (binding === undefined) return base.named.kind === 'identifier' ? starOrigins(file, base.named) : [];
  const sources = binding.sites.map((site) =>
    site.kind === 'import' ? file.qualified.ofSite(site, binding) : undefined,
  );
  return sources.flatMap((source) => (source === undefined ? [] : origins(source, file)));
}

/** `from compat import *` */
function starOrigins(file: FileModel, name: PyNode): readonly string[] {
  const modules = file.scopes.module.starImports.flatMap((statement) => file.qualified.importedModule(statement) ?? []);
  return modules.flatMap((module) => origins(`${module}.${file.text(name)}`, file));
}

/** `Base = declarative_base()`, `db = SQLAlchemy()` with `db.Model`, here or where it is imported from: the qualified name of what was called. */
function instanceBase(file: FileModel, node: PyNode): string | undefined {
  const object = node.kind === 'attribute' ? field(node, 'object') : node;
  if (object === undefined) return undefined;
  const binding = object.kind === 'identifier' ? file.resolve(object) : undefined;
  const isHere = binding !== undefined && binding.sites[0]?.kind !== 'import';
  const qualifiedName = isHere ? undefined : file.qualifiedName(object);
  const imported = qualifiedName === undefined ? undefined : definitionAt(qualifiedName, file);
  const { sites = [] } = imported?.binding ?? binding ?? {};
  const value = sites.length === 1 && sites[0]?.value !== undefined ? unwrap(sites[0].value) : undefined;
  const callee = value?.kind === 'call' ? field(value, 'function') : undefined;
  return callee === undefined ? undefined : (imported?.file ?? file).qualifiedName(callee);
}

function matches(name: string, known: string): boolean {
  return known.endsWith('.') ? name.startsWith(known) : name === known || name.startsWith(`${known}.`);
}

/** How instances of the class are initialised. */
export function constructorOf(model: ClassModel): Constructor {
  // A constructor written by hand is kept by both decorators, and runs no hook.
  if (model.methods.some((method) => method.name === '__init__')) return { kind: 'init' };
  const generated = generatedBy(model);
  return generated === undefined || !generated.init ? { kind: 'init' } : { kind: 'generated', ...generated };
}

export interface Generated {
  readonly by: 'dataclass' | 'attrs';
  /** What the generated `__init__` calls at its end. */
  readonly hook: string;
  /** True if instances cannot be given new attributes: `frozen`, or `slots`. */
  readonly fixed: boolean;
  /** False with `init=False`. */
  readonly init: boolean;
}

/** What a decorator of dataclasses or attrs makes of the class; undefined without one. */
export function generatedBy(model: ClassModel): Generated | undefined {
  for (const decorator of model.decorators) {
    const call = decorator.kind === 'call';
    const callee = call ? field(decorator, 'function') : decorator;
    const name = callee === undefined ? undefined : model.file.qualifiedName(callee);
    if (name === undefined) continue;
    const by = DATACLASS.includes(name) ? 'dataclass' : ATTRS.includes(name) ? 'attrs' : undefined;
    if (by === undefined) continue;
    const keywords = call ? model.file.argumentsOf(decorator).keywords : new Map<string, PyNode>();
    const option = (keyword: string, otherwise: boolean): boolean => {
      const value = keywords.get(keyword);
      return value === undefined ? otherwise : model.file.text(value) !== 'False';
    };
    // attrs.define makes slots unless told otherwise; attr.s and dataclasses do not.
    const modern = by === 'attrs' && /(?:define|mutable|frozen)$/.test(name);
    const fixed = option('frozen', name.endsWith('frozen')) || option('slots', modern);
    const hook = by === 'dataclass' ? '__post_init__' : '__attrs_post_init__';
    return { by, hook, fixed, init: option('init', true) };
  }
  return undefined;
}

/** True for an annotation that says the attribute is of the class: `ClassVar`, whatever it is imported as (PEP 526). */
export function isClassVariable(file: FileModel, annotation: PyNode): boolean {
  if (/\bClassVar\b/.test(file.text(annotation))) return true;
  return [...descend(annotation)].some((node) => {
    const name = node.kind === 'identifier' || node.kind === 'attribute' ? file.qualifiedName(node) : undefined;
    return name !== undefined && origins(name, file).some((origin) => origin.endsWith('.ClassVar'));
  });
}

/** True if an annotated assignment in the class body declares a field of the generated constructor. */
export function isField(model: ClassModel, annotation: PyNode | undefined): boolean {
  return (
    annotation !== undefined && constructorOf(model).kind === 'generated' && !isClassVariable(model.file, annotation)
  );
}

const UNITTEST: ReadonlySet<string> = new Set([
  'unittest.TestCase',
  'unittest.IsolatedAsyncioTestCase',
  'django.test.TestCase',
]);

/** Methods that a framework runs on every instance before any other. */
export function setUpHooks(model: ClassModel): readonly string[] {
  const order = resolutionOrder(model).classes;
  const test = order.some((holder) =>
    holder.bases.some(
      (base) =>
        base.qualifiedName !== undefined &&
        (UNITTEST.has(base.qualifiedName) || base.qualifiedName.endsWith('TestCase')),
    ),
  );
  if (test) return ['setUp', 'asyncSetUp'];
  return /^Test/.test(model.name) ? ['setup_method', 'setup'] : [];
}
