# The second part of the probe: one process under measurement, and what it reports. Imports stand in `population.py`.


class Probe:
    """One process under measurement."""

    def __init__(self, spec):
        self.folder = spec["output"]
        self.targets = [Target(self, number, path, symbol) for number, (path, symbol) in enumerate(spec["targets"])]
        # The same files in the project itself, where the program should not run them.
        self.originals = {copy: original for original, copy in spec["originals"]}
        self.targets_by_path, self.targets_by_file = {}, {}
        for target in self.targets:
            self.targets_by_path.setdefault(target.path, []).append(target)
        # The variables of modules that are not loaded yet, and how many modules there were at the last look for them.
        self.missing, self.modules = [target for target in self.targets if not target.owner], 0
        # By the identity of each class that has an attribute in question: a weak reference, and the targets.
        self.owned = {}
        # Classes whose decorators have still to run: dataclass, for one, would take our `__init__` for the program's own.
        self.waiting = []
        self.collecting = False
        # Python processes that this one has started without the probe.
        self.unseen = 0

    def begin(self):
        self.started = self.looked = self.reported = time.monotonic()
        self.report_path = os.path.join(self.folder, "%d-%d.json" % (os.getpid(), time.time_ns()))
        self.write("running")

    def start(self):
        import atexit
        import _posixsubprocess
        import _signal

        self.begin()
        builtins.__build_class__ = self.watched(builtins.__build_class__)
        gc.callbacks.append(self.collector_ran)
        os.register_at_fork(after_in_child=self.forked)
        # Whatever end the process comes to, as far as it can be seen.
        atexit.register(self.end, "exit")
        for name in ("_exit", "execv", "execve"):
            setattr(os, name, self.before(name, getattr(os, name)))
        _posixsubprocess.fork_exec = self.noting_unseen(_posixsubprocess.fork_exec)
        for signal in (_signal.SIGTERM, _signal.SIGHUP):
            if _signal.getsignal(signal) == _signal.SIG_DFL:
                try:
                    _signal.signal(signal, self.signalled)
                except ValueError:
                    # Only the main interpreter hears of signals.
                    pass

    def before(self, how, leave):
        def leaving(*args, **keywords):
            self.end(how)
            return leave(*args, **keywords)

        return leaving

    def noting_unseen(self, fork_exec):
        def noting(*args):
            self.unseen += shuts_out([os.fsdecode(word) for word in args[0]])
            return fork_exec(*args)

        return noting

    def signalled(self, signal, frame):
        import _signal

        self.end("signal")
        _signal.signal(signal, _signal.SIG_DFL)
        os.kill(os.getpid(), signal)

    def forked(self):
        self.collecting = False
        self.unseen = 0
        for target in self.targets:
            target.forked()
        self.begin()

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
                    self.meet(cls, args[0].__code__, targets)
                except Exception:
                    told(self.report_path)
            return cls

        return __build_class__

    def targets_in(self, filename):
        """The findings of a file by its name in code; only the first look at it costs something."""
        found = self.targets_by_file.get(filename)
        if found is None:
            found = self.targets_by_path.get(os.path.realpath(filename), [])
            self.targets_by_file[filename] = found
        return found

    def meet(self, cls, body, targets):
        inherited = [one for base in cls.__mro__[1:] for one in self.owned.get(id(base), ((), ()))[1]]
        owned = [one for one in self.targets if one in inherited]
        for target in targets:
            if cls.__qualname__ == target.symbol:
                target.classes.note(cls)
            elif cls.__qualname__ == target.owner:
                owned.append(target)
        if not owned:
            return
        key = id(cls)
        self.owned[key] = (ref(cls, lambda _: self.owned.pop(key, None)), owned)
        for target in owned:
            target.own(cls)
        if inherited and "__init__" not in namespace_of(cls):
            return
        if is_decorated(body):
            self.waiting.append(cls)
        else:
            self.count(cls)

    def count_waiting(self):
        waiting, self.waiting = self.waiting, []
        for cls in waiting:
            self.count(cls)

    def count(self, cls):
        """Counts the instances of a class where they are initialised."""
        original = namespace_of(cls).get("__init__")
        if original is not None and not hasattr(original, "__code__"):
            return
        owned = self.owned
        own = [target.instances for target in owned[id(cls)][1]]

        def __init__(*args, **keywords):
            made = type(args[0])
            if made is cls:
                for population in own:
                    population.note(args[0])
            # A method that overrides this one, and calls it, has counted.
            elif made.__init__ is __init__:
                for target in owned.get(id(made), owned[id(cls)])[1]:
                    target.instances.note(args[0])
            if original is not None:
                return original(*args, **keywords)
            # What object() refuses, and what it lets pass where there is a __new__, stays as it was.
            if super(cls, made).__init__ is object.__init__ and made.__new__ is not object.__new__:
                return None
            return super(cls, args[0]).__init__(*args[1:], **keywords)

        stands_for = super(cls, cls).__init__ if original is None else original
        if hasattr(stands_for, "__code__"):
            annotations = "__annotate__" if hasattr(stands_for, "__annotate__") else "__annotations__"
            for name in ("__module__", "__name__", "__qualname__", "__doc__", annotations):
                setattr(__init__, name, getattr(stands_for, name))
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
            told(self.report_path)

    def look(self, now):
        if self.missing and len(sys.modules) != self.modules:
            self.modules, loaded = len(sys.modules), loaded_modules()
            for target in self.missing:
                target.module = loaded.get(target.path)
            self.missing = [target for target in self.missing if target.module is None]
        for target in self.targets:
            target.look(int((now - self.started) * 1000))

    def end(self, how):
        try:
            self.modules = 0
            self.look(time.monotonic())
            gc.unfreeze()
            gc.collect()
            # What the first pass has finalised may have let go of more.
            gc.collect()
            loaded = loaded_modules()
            for target in self.targets:
                target.elsewhere = int(self.originals[target.path] in loaded)
            self.look(time.monotonic())
            self.write(how)
            # The collector runs on while the interpreter is taken down: this report is the last.
            self.reported = float("inf")
        except Exception:
            told(self.report_path)

    def alive(self):
        """How many instances there are, target by target."""
        counts, numbers = [0] * len(self.targets), {}
        for target in self.targets:
            kinds = [reference() for reference, _, _ in list(target.owners.values())]
            for cls in kinds:
                if cls is not None and target.number not in numbers.setdefault(id(cls), []):
                    numbers[id(cls)].append(target.number)
                    # Those that no class statement has made.
                    kinds.extend(type.__subclasses__(cls))
        for thing in gc.get_objects() if numbers else ():
            for number in numbers.get(id(type(thing)), ()):
                counts[number] += 1
        return counts

    def write(self, how):
        counts = [None] * len(self.targets) if how == "running" else self.alive()
        targets = [target.report(alive) for target, alive in zip(self.targets, counts) if target.was_met()]
        report = {"how": how, "pid": os.getpid(), "unseen": self.unseen, "targets": targets}
        tracing = sys.modules.get("tracemalloc")
        if tracing is not None and tracing.is_tracing():
            report["peak"] = tracing.get_traced_memory()[1]
        # Numbers, lists and plain words: what Python writes of them is JSON but for the quotes.
        replace(self.report_path, repr(report).replace("'", '"'))


def replace(path, text):
    """A reader, and a kill at any moment, meets the whole text or none."""
    descriptor = open_file(path + ".next", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        write_file(descriptor, text.encode("utf-8", "replace"))
    finally:
        close_file(descriptor)
    rename_file(path + ".next", path)


def told(path):
    """Writes down the exception that is being handled: the program goes on, and that it was not measured rightly is told."""
    kind, error, _ = sys.exc_info()
    try:
        replace(path + ".error", "%s: %s" % (kind.__name__, error))
    except OSError:
        pass


def shuts_out(words):
    """True for a command line of Python that starts it without what PYTHONPATH brings."""
    if not os.path.basename(words[0]).startswith(("python", "pypy")):
        return False
    for word in words[1:]:
        switches = word[1:] if word[:1] == "-" != word[1:2] else ""
        # What stands behind one of these is a value, or for the program.
        options = switches[: min([switches.find(one) for one in "cmWX" if one in switches] or [len(switches)])]
        if set(options) & set("ISE"):
            return True
        if options != switches or not switches:
            return False
    return False


def is_decorated(body):
    """True if the class statement of this body stands below a decorator, as its source tells."""
    try:
        with open(body.co_filename, "rb") as file:
            return file.read().splitlines()[body.co_firstlineno - 1].lstrip().startswith(b"@")
    except (OSError, IndexError):
        return True
