"""Measures, inside a Python process, what the findings of pyleak-fix hold: the probe.

Python imports a module of this name at the start of every process whose PYTHONPATH leads here, children included. Without
PYLEAK_FIX_PROBE, which names the specification of a measurement, it only hands over to the `sitecustomize` that it stands before.

Nothing is traced: classes are met when they are made, instances when they are initialised, and containers are looked at when the
collector has run. Only modules that every process has already are imported, so that no module of the program's own is hidden; and
the program's own objects are never asked for a length, an equality or a hash. It loads in any Python and measures in CPython 3.8
and later.

It is one file, which is put together of three: this one, `process.py` and `start.py`.
"""

import builtins
import gc
import os
import sys
import time
from _weakref import ref

# Samples of a container are thinned out to so many at most.
SAMPLES = 64
# Seconds between two looks at the containers, and between two reports that a killed process leaves behind.
LOOK = 0.02
REPORT = 1.0
# So many objects of a kind are all followed to their death; of more, every second one, then every fourth.
FOLLOWED = 4096
ATOMS = (type(None), bool, int, float, complex, str, bytes)
SIZED = (list, dict, set, bytearray)
# What the program replaces later is not ours.
open_file, write_file, close_file, rename_file = os.open, os.write, os.close, os.rename
# Past whatever a module of the program puts in the way: some import on the first attribute that they are asked for.
variables_of = type(sys).__dict__["__dict__"].__get__
namespace_of = type.__dict__["__dict__"].__get__
real_paths = {}


def size_of(value):
    """The number of entries of a container of the standard library; None for anything else. Runs no code of the program."""
    kind = type(value)
    for sized in SIZED:
        if issubclass(kind, sized):
            return sized.__len__(value)
    if kind.__module__ in ("collections", "array"):
        return len(value)
    if kind.__module__ in ("weakref", "_weakrefset"):
        return len(value.data)
    if kind.__module__ in ("queue", "_queue"):
        return len(value.queue) if hasattr(value, "queue") else value.qsize()
    return None


def loaded_modules():
    """The modules of the process by the real path of their files."""
    found = {}
    for module in list(sys.modules.values()):
        if not issubclass(type(module), type(sys)):
            continue
        variables = variables_of(module)
        file = variables.get("__file__")
        if file is None and variables.get("__name__") == "__main__":
            # A script loses the name when it has run.
            file = getattr(variables.get("__loader__"), "path", None)
        if type(file) is str:
            if file not in real_paths:
                real_paths[file] = os.path.realpath(file)
            found[real_paths[file]] = module
    return found


class Population:
    """How many objects were made, and how each of them died: by its last reference, or only in the collector."""

    def __init__(self, probe):
        self.probe = probe
        # By identity: a weak reference hashes as its object does, which may run code of the program.
        self.living = {}
        self.reset()

    def reset(self):
        self.made = self.followed = self.collected = 0
        self.stride = 1
        self.living.clear()

    def note(self, thing):
        self.made += 1
        if self.made % self.stride:
            return
        try:
            mark = ref(thing, self.died)
        except TypeError:
            return
        self.living[id(mark)] = mark
        self.followed += 1
        if self.followed >= FOLLOWED * self.stride:
            self.stride *= 2

    def died(self, mark):
        if self.living.pop(id(mark), None) is not None and self.probe.collecting:
            self.collected += 1

    def report(self):
        return {"made": self.made, "followed": self.followed, "living": len(self.living), "collected": self.collected}


class Target:
    """What one finding speaks of: a class, an attribute of a class, or a variable of a module."""

    def __init__(self, probe, number, path, symbol):
        self.number, self.path, self.symbol = number, path, symbol
        self.owner, _, self.name = symbol.rpartition(".")
        # The classes that the symbol itself names, and the instances of the class that has the attribute.
        self.classes, self.instances = Population(probe), Population(probe)
        # By identity, each class that has the attribute: a weak reference, the value it began with (its identity: holding it might
        # hold the class) and the size of that.
        self.owners = {}
        self.module = None
        self.start = self.elsewhere = self.looks = 0
        self.thinning, self.samples = 1, []

    def own(self, cls):
        value, key = self.value_in(cls), id(cls)
        self.owners[key] = (ref(cls, lambda _: self.owners.pop(key, None)), id(value), size_of(value))

    def value_in(self, cls):
        private = self.name.startswith("__") and not self.name.endswith("__")
        return namespace_of(cls).get("_%s%s" % (cls.__name__.lstrip("_"), self.name) if private else self.name)

    def entries(self):
        """Entries more than at the start (None where no such container is), and bindings that are other than at the start."""
        grown, rebound = None, 0
        for reference, first, size in list(self.owners.values()):
            cls = reference()
            value = None if cls is None else self.value_in(cls)
            if id(value) == first and size is not None:
                grown = (grown or 0) + size_of(value) - size
            elif id(value) != first and cls is not None:
                rebound += not issubclass(type(value), ATOMS) and not hasattr(type(value), "__get__")
        size = None if self.module is None else size_of(variables_of(self.module).get(self.name))
        return (grown if size is None else size - self.start), rebound

    def look(self, now):
        grown, _ = self.entries()
        self.looks += grown is not None
        if grown is None or self.looks % self.thinning:
            return
        self.samples.append([now, grown])
        if len(self.samples) >= SAMPLES:
            del self.samples[::2]
            self.thinning *= 2

    def forked(self):
        """What was there before belongs to the parent."""
        self.classes.reset()
        self.instances.reset()
        for reference, _, _ in list(self.owners.values()):
            if reference() is not None:
                self.own(reference())
        if self.module is not None:
            self.start = size_of(variables_of(self.module).get(self.name)) or 0
        self.thinning, self.samples = 1, []

    def was_met(self):
        return self.owners or self.module or self.classes.made or self.instances.made or self.elsewhere

    def report(self, alive):
        grown, rebound = self.entries()
        report = {"number": self.number, "rebound": rebound, "elsewhere": self.elsewhere, "samples": self.samples}
        report.update(classes=self.classes.report(), instances=self.instances.report())
        report.update({} if grown is None else {"entries": grown}, **({} if alive is None else {"alive": alive}))
        return report
