/** Functions that may build a class in peace: tests, and what runs once. */
import type { FileModel } from '../../src/model/file.ts';
import type { Scope } from '../../src/model/scope.ts';
import { callArguments, decorators, field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** Files and folders of tests, as pytest and unittest find them and projects name them. */
const TEST_PATH =
  /(?:^|[/.])(?:tests?|testing|test_[^/.]*|[^/.]*_tests?|conftest|testsuite|unittests?|[^/.]*test_?(?:utils?|support|helpers|case))(?:[/.]|$)/i;

/** True for a file that only tests run. */
export function isTestFile(file: FileModel): boolean {
  return isTestPath(file.source.path) || TEST_PATH.test(file.module?.name ?? '');
}

/** The same, as far as its path tells. */
export function isTestPath(path: string): boolean {
  return TEST_PATH.test(path);
}

const TEST_FUNCTION = /^(?:test(?=_|[A-Z]|$)|(?:async)?(?:setUp|tearDown)|(?:setup|teardown)_)/;
const TEST_CLASS = /^_?(?:Base)?Test(?![a-z])|Tests?$|TestCase|TestMixin$/;
/** What a program, a module or a class object does once. */
const RUN_ONCE =
  /^_*(?:main|setup|install|bootstrap|configure|init|initialize|initialise|register|demo|includeme|create_app|__set_name__|__init_subclass__)(?:_module)?_*$/i;
/** A function of the module that is part of such: hooks that a program, a plug-in or an extension calls when it is loaded. */
const SET_UP = /^_*(?:(?:setup|install|bootstrap|configure|init|initiali[sz]e|register)_\w+|[a-z]+setup)$/;
const ONCE_DECORATORS =
  /(?:^|\.)(?:\w*lru_cache|ttl_cache|\w*property_?cache|cache|cached|cached_?property|cached_function|memoize|memoized?|once|run_once|call_once|reify|lazyproperty|singleton)$/;
const TEST_DECORATORS = /^(?:pytest|unittest|nose|hypothesis|mock)\./;

/** True if the function, or one around it, is a test or runs once. */
export function isQuiet(file: FileModel, holder: Scope): boolean {
  for (let scope: Scope | undefined = holder; scope !== undefined; scope = scope.parent) {
    if (scope.kind === 'class' && isTestClass(file, scope.node)) return true;
    if (scope.kind === 'function' && isQuietFunction(file, scope)) return true;
  }
  return isUnderMain(file, holder.node);
}

/** True if the function of that name is a test or runs once, whatever it does. */
export function isQuietName(name: string): boolean {
  return TEST_FUNCTION.test(name) || RUN_ONCE.test(name);
}

function isQuietFunction(file: FileModel, { node, parent }: Scope): boolean {
  const named = field(node, 'name');
  const name = named === undefined ? '' : file.identifier(named);
  if (isQuietName(name) || (parent?.kind === 'module' && SET_UP.test(name))) return true;
  const wrappers = decorators(node).map((decorator) => {
    const callee = decorator.kind === 'call' ? (field(decorator, 'function') ?? decorator) : decorator;
    return file.qualifiedName(callee) ?? file.text(callee);
  });
  if (wrappers.some((wrapper) => ONCE_DECORATORS.test(wrapper) || TEST_DECORATORS.test(wrapper))) return true;
  return parent?.kind === 'module' && named !== undefined && runsAtImport(file, named);
}

function isTestClass(file: FileModel, node: PyNode): boolean {
  const name = field(node, 'name');
  const bases = callArguments(field(node, 'superclasses'), file.source.text).positional;
  return [...(name === undefined ? [] : [name]), ...bases].some((one) =>
    TEST_CLASS.test(file.text(one).split('.').at(-1) ?? ''),
  );
}

/** True if the file calls the function at module level and uses it in no other way. */
function runsAtImport(file: FileModel, name: PyNode): boolean {
  const binding = file.resolve(name);
  const uses = binding === undefined ? [] : file.usesOf(binding).filter((use) => use !== name);
  return uses.length > 0 && uses.every((use) => use.field === 'function' && file.scopeOf(use)?.kind === 'module');
}

/** True under `if __name__ == "__main__"`. */
function isUnderMain(file: FileModel, node: PyNode): boolean {
  for (let current: PyNode | undefined = node; current !== undefined; current = current.parent) {
    const condition = current.kind === 'if_statement' ? field(current, 'condition') : undefined;
    if (condition !== undefined && /\b__name__\b/.test(file.text(condition))) return true;
  }
  return false;
}
