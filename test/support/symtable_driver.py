"""What CPython itself says about the scopes of a file, in the words of src/model/scope.ts.

The answer for a file is {"scopes", "lazy", "inlined"}; how it is asked for stands in each_file.py.
A scope has its path from the module down ("class C:3/function f:4"), the names it owns, and every name that is written in it
with what is done to it there and the path of the scope that owns it (None: a builtin, or nothing at all).

`symtable` shows how CPython compiles, and that differs between versions where the language does not. So on purpose:
- Names with a dot (".0", ".type_params") and those that the compiler makes for itself are left out.
- From 3.12 on comprehensions other than generators are part of the scope around them (PEP 709, "inlined"): what they read and
  the scopes in them are listed there, unless that scope has the name itself; what any loops of comprehensions bind is left out
  ("hidden"). Before, the line of a comprehension or lambda is left out: in an f-string it was wrong until 3.12.
- What is bound by `:=` in a comprehension belongs to the scope around it (PEP 572); in a module symtable does not say so.
- An annotation scope (PEP 695) directly in a class sees the names of the class, which symtable calls global.
- The annotations of 3.14 are scopes of their own (PEP 649) but bind nothing: they are read as a part of the scope around them.
- Under `from __future__ import annotations` 3.10 and later leave annotations out ("lazy").
"""

import ast
import symtable
import sys

from each_file import answer_each

COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}
ANNOTATION_SCOPES = {
    "type parameter": "type-parameters", "type parameters": "type-parameters",
    "type alias": "annotation", "TypeVar bound": "annotation", "type variable": "annotation",
}
MADE_BY_COMPILER = {"__class__", "__classdict__", "__type_params__", "__conditional_annotations__"}
DEF_COMP_ITER = 2 << 8
INLINES = sys.version_info >= (3, 12)


class Scope:
    def __init__(self, table, parent):
        self.table = table
        self.parent = parent
        self.kind = kind_of(table)
        self.owned = set()
        self.symbols = {}
        self.hidden = set()
        self.walrus = set()
        self.children = []
        name = "" if self.kind in ("annotation", "type-parameters") else " " + table.get_name()
        line = "" if self.kind in ("comprehension", "lambda") and not INLINES else ":%d" % table.get_lineno()
        self.path = "" if parent is None else "%s/%s%s%s" % (parent.path, self.kind, name, line)
        self.read(table)

    def read(self, table):
        for symbol in table.get_symbols():
            name = symbol.get_name()
            if "." in name or name in MADE_BY_COMPILER:
                continue
            if INLINES and symbol._Symbol__flags & DEF_COMP_ITER:
                self.hidden.add(name)
            else:
                self.symbols.setdefault(name, symbol)
        for child in table.get_children():
            kind = kind_of(child)
            if kind == "inline annotation" or INLINES and kind == "comprehension" and child.get_name() != "genexpr":
                self.read(child)
            else:
                self.children.append(Scope(child, self))


def kind_of(table):
    kind = str(getattr(table.get_type(), "value", table.get_type()))
    if kind == "function":
        name = table.get_name()
        if name in COMPREHENSIONS and ".0" in table.get_identifiers():
            return "comprehension"
        return "lambda" if name == "lambda" else "function"
    if kind == "annotation":
        return "inline annotation"
    return ANNOTATION_SCOPES.get(kind, kind)


def every(scope):
    yield scope
    for child in scope.children:
        yield from every(child)


def uses(scope, name):
    """The letters of what is done to the name in this scope."""
    symbol = scope.symbols[name]
    walrus = scope.kind == "comprehension" and (symbol.is_nonlocal() or symbol.is_declared_global())
    letters = ""
    if symbol.is_assigned() and not walrus or name in scope.walrus:
        letters += "b"
    if symbol.is_imported():
        letters += "i"
    if symbol.is_parameter():
        letters += "p"
    if symbol.is_referenced():
        letters += "r"
    return letters


def owner(scope, name, module):
    symbol = scope.symbols[name]
    if scope is module:
        return module
    if symbol.is_free():
        above = scope.parent
        while above is not None and name not in above.hidden:
            if above.kind != "class" and name in above.symbols and above.symbols[name].is_local():
                break
            above = above.parent
        return above
    if symbol.is_local():
        return scope
    around = scope
    while around.kind in ("type-parameters", "annotation"):
        around = around.parent
    if around is not scope and around.kind == "class" and not symbol.is_declared_global():
        own = around.symbols.get(name)
        if own is not None and own.is_local():
            return around
    return module


def comprehension_targets(node, inside=False):
    """The names that `:=` in a module's own comprehensions binds in the module."""
    for child in ast.iter_child_nodes(node):
        if inside and isinstance(child, ast.NamedExpr):
            yield child.target.id
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            comprehension = isinstance(child, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp))
            yield from comprehension_targets(child, inside or comprehension)


def scopes_of(source, path, tree):
    module = Scope(symtable.symtable(source, path, "exec"), None)
    module.walrus.update(comprehension_targets(tree))
    scopes = list(every(module))
    for scope in scopes:
        for name in scope.symbols:
            if set(uses(scope, name)) & set("bpi"):
                owner(scope, name, module).owned.add(name)
    return [described(scope, module) for scope in scopes]


def described(scope, module):
    names = {}
    for name in scope.symbols:
        letters = uses(scope, name)
        if letters:
            target = owner(scope, name, module)
            inlined = scope.symbols[name].is_free() and target is not None and name in target.hidden
            known = inlined or target is not None and name in target.owned
            names[name] = [letters, target.path if known else None]
    return {"path": scope.path, "owned": sorted(scope.owned), "names": names, "hidden": sorted(scope.hidden)}


def is_lazy(tree):
    """True if the compiler leaves annotations out of the symbol table."""
    return sys.version_info >= (3, 10) and any(
        alias.name == "annotations"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    )


def describe(source, path):
    tree = ast.parse(source, path)
    return {"scopes": scopes_of(source, path, tree), "lazy": is_lazy(tree), "inlined": INLINES}


answer_each(describe)
