"""Puts a number of entries of its own into the container in every way in which a program may run and end."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading

from shop import Basket


def fill(count):
    for number in range(count):
        Basket().add(number)


async def fill_later(count):
    await asyncio.sleep(0)
    fill(count)


def child(what, count):
    script = "import os, signal, sys; from ends import fill; fill(%d); %s" % (count, what)
    subprocess.run([sys.executable, "-c", script], stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    fill(1)
    thread = threading.Thread(target=fill, args=(2,))
    thread.start()
    thread.join()
    asyncio.run(fill_later(4))
    for method, count in (("fork", 8), ("spawn", 16)):
        process = multiprocessing.get_context(method).Process(target=fill, args=(count,))
        process.start()
        process.join()
    child("os._exit(3)", 32)
    child("os.kill(os.getpid(), signal.SIGTERM)", 64)
    child("os.execvp(sys.executable, [sys.executable, '-c', ''])", 128)
    print(signal.SIGTERM.name)
    sys.exit(5)
