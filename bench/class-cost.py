"""What a class statement costs at every call of the function around it: time, and the objects that only the cycle collector frees.

Run it with any Python 3.6 or later; it prints one line for the interpreter that runs it:

    python3 bench/class-cost.py

The time is the ratio between the calls of a function that builds a class and makes one instance, and of one that makes an instance
of a class at module level: the best of several rounds, so that a slow moment of the machine does not count. The objects are what a
thousand calls leave with the collector switched off.
"""
import gc
import platform
import sys
import timeit

CALLS = 1000
ROUNDS = 7


class Cell:
    width = 8


def without():
    return Cell().width


def local_class():
    class Cell:
        width = 8

    return Cell().width


def local_class_with_methods():
    class Cell:
        def __init__(self):
            self.width = 8

        def show(self):
            return str(self.width)

    return Cell().width


def local_subclass():
    class Wide(Cell):
        width = 16

    return Wide().width


def seconds(function):
    """For one call, the collector at work as usual."""
    timer = timeit.Timer(function, setup="import gc; gc.enable()")
    return min(timer.repeat(ROUNDS, CALLS)) / CALLS


def objects_left(function):
    """By one call, on average."""
    function()
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        for _ in range(CALLS):
            function()
        return (len(gc.get_objects()) - before) / CALLS
    finally:
        gc.enable()
        gc.collect()


def main():
    base = seconds(without)
    variants = [local_class, local_class_with_methods, local_subclass]
    parts = []
    for variant in variants:
        parts.append("%s: %.0f times, %.1f objects" % (variant.__name__, seconds(variant) / base, objects_left(variant)))
    print("%s: %s (without: %.1f objects)" % (platform.python_version(), "; ".join(parts), objects_left(without)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
