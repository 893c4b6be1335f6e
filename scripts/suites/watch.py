"""Notes which lines of which files run, in every Python process of a test run: workers and subprocesses too.

A `.pth` file imports it in each process. It does nothing unless PYLEAK_WATCH names a JSON file `{"output": path, "files": {path:
[line, ..]}}`. Then `path:0` is written to the output when a module is made from a file, and `path:line` when a line runs. Only the
functions with such lines are monitored: more than that, and tests of debuggers see other events than without.
"""

import json
import os
import sys
from types import CodeType


def watch(output, files):
    monitoring = sys.monitoring
    # Of the numbers that are free for tools, one that no known tool takes.
    tool = 4
    # The tests may replace what is in `os`.
    open_file, write, close = os.open, os.write, os.close
    noted = set()

    def note(path, line):
        if (path, line) in noted:
            return
        noted.add((path, line))
        # Opened anew each time: tests close descriptors that they do not know.
        descriptor = open_file(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        write(descriptor, f"{path}:{line}\n".encode("utf-8", "surrogateescape"))
        close(descriptor)

    def executed(event, arguments):
        if event == "exec" and arguments[0].co_filename in files:
            note(arguments[0].co_filename, 0)
            monitor(arguments[0])

    def monitor(code):
        if not files[code.co_filename].isdisjoint(line for _, _, line in code.co_lines()):
            monitoring.set_local_events(tool, code, monitoring.events.LINE)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                monitor(constant)

    def reached(code, line):
        if line in files[code.co_filename]:
            note(code.co_filename, line)
        return monitoring.DISABLE

    monitoring.use_tool_id(tool, "pyleak-fix suites")
    monitoring.register_callback(tool, monitoring.events.LINE, reached)
    # Importing a module, by whatever loader, ends in `exec`.
    sys.addaudithook(executed)


def main():
    request = os.environ.get("PYLEAK_WATCH")
    # Before 3.12 there is nothing to ask that would not slow the tests down.
    if request is None or not hasattr(sys, "monitoring"):
        return
    with open(request, encoding="utf-8") as file:
        spec = json.load(file)
    watch(spec["output"], {path: frozenset(lines) for path, lines in spec["files"].items()})


main()
