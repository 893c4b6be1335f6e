"""What CPython itself says about the classes and imports of a file, in the words of src/model/class.ts and file.ts.

The answer for a file is {"classes", "imports"}; how it is asked for stands in each_file.py. An expression is told by its place:
line, column, last line, last column, the columns in bytes of UTF-8, as `ast` has them.

`ast` says what is written, not what it means. So this much is worked out here:
- Qualified names (PEP 3155); a name that its block declares global starts anew.
- The methods of a class: the functions its body binds, whatever statement they stand in. What only type checkers see is left out:
  overloads, and what stands under `if TYPE_CHECKING`.
- The kind of a method, from its decorators and its name (reference 3.3.3.1, 3.3.5). Null where a decorator is called like a
  builtin and may be another, or where several disagree.
- A function is a generator if a `yield` is evaluated in its own block (reference 6.2.9).
"""

import ast

from each_file import answer_each

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = FUNCTIONS + (ast.ClassDef,)
KINDS = {"staticmethod": "static", "classmethod": "class"}
IMPLICIT_KINDS = {"__new__": "static", "__init_subclass__": "class", "__class_getitem__": "class"}
TYPING = ("typing.", "typing_extensions.")


def place(node):
    return [node.lineno, node.col_offset, node.end_lineno, node.end_col_offset]


def statements(body):
    """All statements of one block, without those of the definitions in it."""
    stack = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, DEFINITIONS + (ast.expr,)):
            stack.extend(ast.iter_child_nodes(node))


def declared(body, kinds):
    return {name for node in statements(body) if isinstance(node, kinds) for name in node.names}


class File:
    def __init__(self, tree):
        self.classes = []
        self.imports = []
        self.sources = {}
        self.bound = set()
        for node in ast.walk(tree):
            self.note(node)
        self.read_block(tree.body, "")

    def note(self, node):
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.note_import(node, alias, alias.name if alias.asname else alias.name.split(".")[0])
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                name = "" if alias.name == "*" else alias.name
                dot = "." if node.module and name else ""
                self.note_import(node, alias, module + dot + name)
        elif isinstance(node, DEFINITIONS):
            self.bound.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)

    def note_import(self, node, alias, source):
        name = alias.asname or alias.name
        if not alias.asname and isinstance(node, ast.Import):
            name = name.split(".")[0]
        self.bound.add(name)
        self.sources.setdefault(name, set()).add(source)
        self.imports.append([node.lineno, name, source])

    def meanings(self, node):
        """What a dotted name may stand for, going by every import of the file."""
        if isinstance(node, ast.Attribute):
            return {"%s.%s" % (name, node.attr) for name in self.meanings(node.value)}
        return self.sources.get(node.id, set()) if isinstance(node, ast.Name) else set()

    def read_block(self, body, prefix):
        elsewhere = declared(body, ast.Global)
        for node in statements(body):
            if not isinstance(node, DEFINITIONS):
                continue
            name = node.name if node.name in elsewhere else prefix + node.name
            if isinstance(node, ast.ClassDef):
                self.classes.append(self.class_of(node, name))
                self.read_block(node.body, name + ".")
            else:
                self.read_block(node.body, name + ".<locals>.")

    def class_of(self, node, name):
        elsewhere = declared(node.body, (ast.Global, ast.Nonlocal))
        return {
            "name": name,
            "line": node.lineno,
            "bases": [place(base) for base in node.bases if not isinstance(base, ast.Starred)],
            "keywords": {keyword.arg: place(keyword.value) for keyword in node.keywords if keyword.arg is not None},
            "spread": any(isinstance(base, ast.Starred) for base in node.bases)
            or any(keyword.arg is None for keyword in node.keywords),
            "decorators": [place(decorator) for decorator in node.decorator_list],
            "methods": [
                self.method_of(function)
                for function in self.functions_of(node.body)
                if function.name not in elsewhere
            ],
        }

    def functions_of(self, body):
        for node in body:
            if isinstance(node, FUNCTIONS):
                if not any(self.is_overload(decorator) for decorator in node.decorator_list):
                    yield node
            elif not isinstance(node, (ast.ClassDef, ast.expr)):
                hidden = node.body if isinstance(node, ast.If) and self.is_type_checking(node.test) else []
                inner = [child for child in ast.iter_child_nodes(node) if child not in hidden]
                yield from self.functions_of(inner)

    def is_overload(self, decorator):
        return any(name in (typing + "overload" for typing in TYPING) for name in self.meanings(decorator))

    def is_type_checking(self, test):
        return any(name.endswith(".TYPE_CHECKING") for name in self.meanings(test))

    def method_of(self, node):
        parameters = node.args.posonlyargs + node.args.args
        return {
            "name": node.name,
            "line": node.lineno,
            "kind": self.kind_of(node),
            "async": isinstance(node, ast.AsyncFunctionDef),
            "generator": any(yields(child) for child in node.body),
            "first": parameters[0].arg if parameters else None,
            "decorators": [place(decorator) for decorator in node.decorator_list],
        }

    def kind_of(self, node):
        kinds = set()
        for decorator in node.decorator_list:
            name = getattr(decorator, "attr", getattr(decorator, "id", ""))
            if name in KINDS and isinstance(decorator, ast.Name) and name not in self.bound:
                kinds.add(KINDS[name])
            elif name.endswith(tuple(KINDS)):
                kinds.add(None)
        if not kinds:
            return IMPLICIT_KINDS.get(node.name, "instance")
        return kinds.pop() if len(kinds) == 1 else None


def yields(node):
    """True if a `yield` in the node is evaluated by the block that the node stands in."""
    if isinstance(node, (ast.Yield, ast.YieldFrom)):
        return True
    if isinstance(node, DEFINITIONS):
        inner = node.body + getattr(node, "type_params", [])
        return any(yields(child) for child in ast.iter_child_nodes(node) if child not in inner)
    if isinstance(node, ast.Lambda):
        return yields(node.args)
    return any(yields(child) for child in ast.iter_child_nodes(node))


def describe(source, path):
    file = File(ast.parse(source, path))
    return {"classes": file.classes, "imports": file.imports}


answer_each(describe)
