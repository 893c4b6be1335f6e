"""The part that the drivers share: paths come as JSON lines on stdin, and for each one line of JSON goes to stdout."""

import json
import sys
import warnings


def answer_each(describe):
    """Prints what `describe(source, path)` returns for each file, or {"error"} for what this Python itself refuses."""
    if sys.version_info < (3, 8):
        sys.exit("Only Python 3.8 and later say where an expression ends and what `:=` binds.")
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    for line in sys.stdin:
        print(json.dumps(answer(describe, json.loads(line))), flush=True)


def answer(describe, path):
    try:
        with open(path, "rb") as file:
            source = file.read()
        return describe(source, path)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"error": "%s: %s" % (type(error).__name__, error)}
