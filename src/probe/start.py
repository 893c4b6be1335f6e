# The last part of the probe: what happens when a Python process starts.


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
            mapping.update({name: moved(path) for name, path in mapping.items()})


def start(path):
    with open(path, "rb") as file:
        # JSON of strings, numbers and lists is a Python literal as well; the json module would be one more that is imported.
        spec = eval(file.read().decode("utf-8"), {"__builtins__": {}})
    lead_to_copies(spec["roots"])
    if spec["trace"]:
        import tracemalloc

        tracemalloc.start()
    if spec["output"]:
        Probe(spec).start()


def hand_over():
    """Runs the `sitecustomize` that would have been found without this one."""
    own = sys.modules.pop(__name__)
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        # As Python does: that there is none is no mistake, but one that fails is.
        if getattr(error, "name", __name__) != __name__:
            raise
    finally:
        sys.modules.setdefault(__name__, own)


if sys.version_info >= (3, 8) and os.environ.get("PYLEAK_FIX_PROBE"):
    try:
        start(os.environ["PYLEAK_FIX_PROBE"])
    except Exception:
        told(os.path.join(os.path.dirname(os.environ["PYLEAK_FIX_PROBE"]), "output", str(os.getpid())))
hand_over()
