"""Measures, inside a Python process, what the findings of pyleak-fix hold: the probe.

Python imports a module of this name at the start of every process whose PYTHONPATH leads here, children included. Without
PYLEAK_FIX_PROBE, which names the specification of a measurement, it only hands over to the `sitecustomize` that it stands before.

Nothing is traced: classes are met when they are made, instances when they are initialised, and containers are looked at when the
collector has run. Only modules that every process has already are imported, so that no module of the program's own is hidden; and
the program's own objects are never asked for a length, an equality or a hash. It has to load in any Python, and measures in CPython
3.8 and later.
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
# So many instances of a class are all followed to their death; of more, every second one, then every fourth.
FOLLOWED = 4096
ATOMS = (type(None), bool, int, float, complex, str, bytes)
SIZED = (list, dict, set, bytearray)


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
        self.number = number
        self.path = path
        self.symbol = symbol
        self.owner, _, self.name = symbol.rpartition(".")
        # The classes that the symbol itself names, and the instances of the class that has the attribute.
        self.classes = Population(probe)
        self.instances = Population(probe)
        # By identity, each class that has the attribute: a weak reference, the value it began with (its identity: holding it might
        # hold the class) and the size of that.
        self.owners = {}
        self.module = None
        self.start = 0
        self.elsewhere = 0
        self.forget_samples()

    def forget_samples(self):
        self.samples = []
        self.thinning = 1
        self.looks = 0

    def own(self, cls):
        value = self.value_in(cls)
        key = id(cls)
        self.owners[key] = (ref(cls, lambda _: self.owners.pop(key, None)), id(value), size_of(value))

    def value_in(self, cls):
        private = self.name.startswith("__") and not self.name.endswith("__")
        return vars(cls).get("_%s%s" % (cls.__name__.lstrip("_"), self.name) if private else self.name)

    def entries(self):
        """Entries more than at the start (None where no such container is), and bindings that are other than at the start."""
        sized, grown, rebound = False, 0, 0
        for reference, first, size in list(self.owners.values()):
            cls = reference()
            if cls is None:
                continue
            value = self.value_in(cls)
            if id(value) != first:
                rebound += not issubclass(type(value), ATOMS) and not hasattr(type(value), "__get__")
            elif size is not None:
                sized = True
                grown += size_of(value) - size
        if self.module is not None:
            size = size_of(variables_of(self.module).get(self.name))
            if size is not None:
                sized = True
                grown = size - self.start
        return (grown if sized else None), rebound

    def look(self, now):
        if not self.owner and self.module is None:
            self.module = module_of(self.path)
        grown, _ = self.entries()
        if grown is None:
            return
        self.looks += 1
        if self.looks % self.thinning:
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
        self.forget_samples()

    def kinds(self):
        """The classes whose instances count."""
        found = {}
        queue = [reference() for reference, _, _ in list(self.owners.values())]
        while queue:
            cls = queue.pop()
            if cls is not None and id(cls) not in found:
                found[id(cls)] = cls
                queue.extend(type.__subclasses__(cls))
        return found

    def report(self, alive):
        grown, rebound = self.entries()
        report = {"number": self.number, "rebound": rebound, "elsewhere": self.elsewhere, "samples": self.samples}
        report["classes"] = self.classes.report()
        report["instances"] = self.instances.report()
        if grown is not None:
            report["entries"] = grown
        if alive is not None:
            report["alive"] = alive
        return report


# Read past whatever a module of the program puts in the way: some import on the first attribute that they are asked for.
variables_of = type(sys).__dict__["__dict__"].__get__
real_paths = {}


def module_of(path):
    for module in list(sys.modules.values()):
        if not issubclass(type(module), type(sys)):
            continue
        variables = variables_of(module)
        file = variables.get("__file__")
        if file is None and variables.get("__name__") == "__main__":
            # A script loses the name when it has run.
            file = getattr(variables.get("__loader__"), "path", None)
        if type(file) is not str:
            continue
        if file not in real_paths:
            real_paths[file] = os.path.realpath(file)
        if real_paths[file] == path:
            return module
    return None


class Probe:
    """One process under measurement."""

    def __init__(self, spec):
        self.folder = spec["output"]
        self.targets = [Target(self, number, path, symbol) for number, (path, symbol) in enumerate(spec["targets"])]
        # The same files where the program should not run them, in the project itself: copy by original.
        self.originals = dict(spec["originals"])
        self.targets_by_file = {}
        # The targets of each class that has an attribute in question, by the identity of the class.
        self.owned = {}
        # Classes whose decorators have still to run: dataclass, for one, would take our `__init__` for the program's own.
        self.waiting = []
        self.ends = {}
        self.collecting = False
        self.begin()

    def begin(self):
        self.started = self.looked = self.reported = time.monotonic()
        self.report_path = os.path.join(self.folder, "%d-%d.json" % (os.getpid(), time.time_ns()))

    def start(self):
        self.write("running")
        builtins.__build_class__ = self.watched(builtins.__build_class__)
        gc.callbacks.append(self.collector_ran)
        os.register_at_fork(after_in_child=self.forked)
        self.leave_word()

    def leave_word(self):
        """Reports from whatever end the process comes to, as far as it can be seen."""
        import atexit

        atexit.register(self.end, "exit")
        for name in ("_exit", "execv", "execve"):
            setattr(os, name, self.before(name, getattr(os, name)))
        try:
            import _signal

            for signal in (_signal.SIGTERM, _signal.SIGHUP):
                if _signal.getsignal(signal) == _signal.SIG_DFL:
                    _signal.signal(signal, self.signalled)
        except (ValueError, AttributeError):
            # Not the main interpreter, or a system without such signals.
            pass

    def before(self, how, leave):
        def leaving(*args, **keywords):
            self.end(how)
            return leave(*args, **keywords)

        return leaving

    def signalled(self, signal, frame):
        import _signal

        self.end("signal")
        _signal.signal(signal, _signal.SIG_DFL)
        os.kill(os.getpid(), signal)

    def forked(self):
        self.collecting = False
        for target in self.targets:
            target.forked()
        self.begin()
        self.write("running")

    # Classes and their instances

    def watched(self, build_class):
        # A class statement may pass keywords of any name.
        def __build_class__(*args, **keywords):
            cls = build_class(*args, **keywords)
            if self.waiting:
                self.count_waiting()
            targets = self.targets_in(args[0].__code__.co_filename)
            if (targets or self.owned) and issubclass(type(cls), type):
                try:
                    self.meet(cls, args[0], targets)
                except Exception:
                    self.failed()
            return cls

        return __build_class__

    def targets_in(self, filename):
        """The findings of a file by its name in code; only the first look at it costs something."""
        found = self.targets_by_file.get(filename)
        if found is None:
            path = os.path.realpath(filename)
            found = self.targets_by_file[filename] = [target for target in self.targets if target.path == path]
            for target in self.targets:
                target.elsewhere += target.path == self.originals.get(path)
        return found

    def meet(self, cls, body, targets):
        inherited = [one for base in cls.__mro__[1:] for one in self.owned.get(id(base), ())]
        owned = [one for one in self.targets if one in inherited]
        for target in targets:
            if cls.__qualname__ == target.symbol:
                target.classes.note(cls)
            elif cls.__qualname__ == target.owner:
                owned.append(target)
        if not owned:
            return
        key = id(cls)
        self.owned[key] = owned
        for target in owned:
            target.own(cls)
        self.ends[key] = ref(cls, lambda _: (self.owned.pop(key, None), self.ends.pop(key, None)))
        if inherited and "__init__" not in vars(cls):
            return
        if is_decorated(body.__code__):
            self.waiting.append(cls)
        else:
            self.count(cls)

    def count_waiting(self):
        waiting, self.waiting = self.waiting, []
        for cls in waiting:
            self.count(cls)

    def count(self, cls):
        """Counts the instances of a class where they are initialised."""
        original = vars(cls).get("__init__")
        if original is not None and not hasattr(original, "__code__"):
            return
        owned = self.owned

        def __init__(*args, **keywords):
            made = type(args[0])
            # A method that overrides this one, and calls it, has counted.
            if made.__init__ is __init__:
                for target in owned.get(id(made), owned.get(id(cls), ())):
                    target.instances.note(args[0])
            if original is not None:
                return original(*args, **keywords)
            # What object() refuses, and what it lets pass where there is a __new__, stays as it was.
            if super(cls, made).__init__ is object.__init__ and made.__new__ is not object.__new__:
                return None
            return super(cls, args[0]).__init__(*args[1:], **keywords)

        stands_for = super(cls, cls).__init__ if original is None else original
        if hasattr(stands_for, "__code__"):
            for name in ("__module__", "__name__", "__qualname__", "__doc__"):
                setattr(__init__, name, getattr(stands_for, name))
            annotations = "__annotate__" if hasattr(stands_for, "__annotate__") else "__annotations__"
            setattr(__init__, annotations, getattr(stands_for, annotations))
            __init__.__dict__.update(stands_for.__dict__)
            __init__.__wrapped__ = stands_for
        type.__setattr__(cls, "__init__", __init__)

    # Looks

    def collector_ran(self, phase, info):
        self.collecting = phase == "start"
        if self.collecting:
            return
        if self.waiting:
            self.count_waiting()
        now = time.monotonic()
        if now - self.looked < LOOK:
            return
        self.looked = now
        try:
            self.look(now)
            if now - self.reported >= REPORT:
                self.reported = now
                self.write("running")
        except Exception:
            self.failed()

    def look(self, now):
        for target in self.targets:
            target.look(int((now - self.started) * 1000))

    def end(self, how):
        try:
            self.look(time.monotonic())
            gc.unfreeze()
            gc.collect()
            # What the first pass has finalised may have let go of more.
            gc.collect()
            self.look(time.monotonic())
            self.write(how)
        except Exception:
            self.failed()

    def alive(self):
        """How many instances there are, target by target."""
        counts = [0] * len(self.targets)
        by_kind = {}
        for target in self.targets:
            for key in target.kinds():
                by_kind.setdefault(key, []).append(target.number)
        if by_kind:
            for thing in gc.get_objects():
                for number in by_kind.get(id(type(thing)), ()):
                    counts[number] += 1
        return counts

    def write(self, how):
        counts = [None] * len(self.targets) if how == "running" else self.alive()
        targets = [target.report(alive) for target, alive in zip(self.targets, counts)]
        report = {"how": how, "pid": os.getpid(), "targets": targets}
        tracing = sys.modules.get("tracemalloc")
        if tracing is not None and tracing.is_tracing():
            report["peak"] = tracing.get_traced_memory()[1]
        # Numbers, lists and plain words: what Python writes of them is JSON but for the quotes.
        replace(self.report_path, repr(report).replace("'", '"'))

    def failed(self):
        """The program goes on; that this process was not measured rightly is told."""
        told(self.report_path)


def replace(path, text):
    """A reader, and a kill at any moment, meets the whole text or none."""
    descriptor = os.open(path + ".next", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, text.encode("utf-8", "replace"))
    finally:
        os.close(descriptor)
    os.rename(path + ".next", path)


def told(path):
    """Writes down the exception that is being handled."""
    kind, error, _ = sys.exc_info()
    try:
        replace(path + ".error", "%s: %s" % (kind.__name__, error))
    except (OSError, AttributeError):
        pass


def is_decorated(code):
    """True if the class statement of this body stands below a decorator, as its source tells."""
    try:
        with open(code.co_filename, "rb") as file:
            for number, line in enumerate(file, 1):
                if number == code.co_firstlineno:
                    return line.lstrip().startswith(b"@")
    except OSError:
        pass
    return True


def lead_to_copies(roots):
    """What an editable install, a `.pth` file or PYTHONPATH takes from the project comes from its copy."""

    def moved(path):
        for origin, copy in roots:
            if isinstance(path, str) and (path == origin or path.startswith(origin + os.sep)):
                there = copy + path[len(origin) :]
                return there if os.path.exists(there) else path
        return path

    sys.path[:] = [moved(path) for path in sys.path]
    for finder in sys.meta_path:
        # Of the finders that setuptools writes for an editable install.
        mapping = getattr(sys.modules.get(getattr(finder, "__module__", "")), "MAPPING", None)
        if isinstance(mapping, dict):
            for name, path in list(mapping.items()):
                mapping[name] = moved(path)


def start(path):
    with open(path, "rb") as file:
        # JSON of strings, numbers and lists is a Python literal as well; the json module would be one more that is imported.
        spec = eval(file.read().decode("utf-8"), {"__builtins__": {}})
    lead_to_copies(spec["roots"])
    if not spec["output"]:
        return
    if spec["trace"]:
        import tracemalloc

        tracemalloc.start()
    Probe(spec).start()


def hand_over():
    """Runs the `sitecustomize` that would have been found without this one."""
    own = sys.modules.pop(__name__)
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
    try:
        import sitecustomize  # noqa: F401
    except ImportError:
        pass
    finally:
        sys.modules.setdefault(__name__, own)


if sys.version_info >= (3, 8) and os.environ.get("PYLEAK_FIX_PROBE"):
    try:
        start(os.environ["PYLEAK_FIX_PROBE"])
    except Exception:
        told("%s.%d" % (os.environ["PYLEAK_FIX_PROBE"], os.getpid()))
hand_over()
