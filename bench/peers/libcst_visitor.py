"""What rule class-mutable-default begins with, as a LibCST visitor over every file below the working directory, in two processes."""
import concurrent.futures
import pathlib

import libcst as cst

CONTAINERS = (cst.List, cst.Dict, cst.Set, cst.Call)
CHANGES = {"append", "add", "update", "extend", "insert", "setdefault"}


class Visitor(cst.CSTVisitor):
    def __init__(self):
        self.bound = []
        self.found = 0

    def visit_ClassDef(self, node):
        names = set()
        for statement in node.body.body:
            for part in getattr(statement, "body", ()) if isinstance(statement, cst.SimpleStatementLine) else ():
                if isinstance(part, cst.Assign) and isinstance(part.value, CONTAINERS):
                    names.update(t.target.value for t in part.targets if isinstance(t.target, cst.Name))
        self.bound.append(names)

    def leave_ClassDef(self, node):
        self.bound.pop()

    def visit_Call(self, node):
        function = node.func
        if not self.bound or not isinstance(function, cst.Attribute) or function.attr.value not in CHANGES:
            return
        held = function.value
        if isinstance(held, cst.Attribute) and isinstance(held.value, cst.Name) and held.value.value == "self":
            self.found += held.attr.value in self.bound[-1]


def look(path):
    visitor = Visitor()
    try:
        cst.parse_module(path.read_bytes()).visit(visitor)
    except (cst.ParserSyntaxError, UnicodeDecodeError, SyntaxError, LookupError, RecursionError):
        # What it cannot read, or reads too deep, is left out.
        return 0
    return visitor.found


if __name__ == "__main__":
    files = sorted(pathlib.Path(".").rglob("*.py"))
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        print(sum(pool.map(look, files, chunksize=16)))
