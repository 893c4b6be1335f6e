"""Runs a program on a pseudo-terminal and plays the person in front of it, since a review asks only on a terminal.

The play comes as JSON on stdin:
{"command": [..], "cwd": "..", "stdout": PATH or null, "size": [LINES, COLUMNS], "steps": [[EXPECTED, ACTION], ..]}.
Each step waits until EXPECTED appears on the screen after what the step before waited for, then acts:
{"send": TEXT} types, {"signal": NAME} sends the program a signal, {"write": [PATH, TEXT]} changes a file behind its back,
{"resize": [LINES, COLUMNS]} makes the terminal another size, {} does nothing. "size" is the one it has at first. With "stdout" the
program's standard output is that file and the terminal is the rest.

The result is JSON on stdout: the exit status (-N for death by signal N), the screen, how many seconds each step had to wait, and
whether the terminal is set as it was.
A program that does not come to an expected text, or to its end, is killed after SECONDS; the result then has "stuck": EXPECTED.
"""
import fcntl
import json
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time

SECONDS = 30


class Terminal:
    def __init__(self, play):
        self.ours, theirs = os.openpty()
        self.theirs = theirs
        self.resize(*play["size"])
        self.settings = termios.tcgetattr(theirs)
        stdout = theirs if play["stdout"] is None else os.open(play["stdout"], os.O_WRONLY | os.O_CREAT, 0o600)
        self.program = subprocess.Popen(
            play["command"],
            cwd=play["cwd"],
            stdin=theirs,
            stdout=stdout,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self.screen = ""
        self.waited = []
        self.deadline = time.monotonic() + SECONDS

    def resize(self, lines, columns):
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def read(self):
        """Takes what has arrived, after at most a tenth of a second; false once the deadline is over."""
        if select.select([self.ours], [], [], 0.1)[0]:
            self.screen += os.read(self.ours, 65536).decode("utf-8", "replace")
        return time.monotonic() < self.deadline

    def act(self, action):
        for kind, value in action.items():
            if kind == "send":
                os.write(self.ours, value.encode())
            elif kind == "signal":
                self.program.send_signal(signal.Signals[value])
            elif kind == "resize":
                self.resize(*value)
            elif kind == "write":
                with open(value[0], "w") as file:
                    file.write(value[1])

    def result(self, **more):
        as_before = termios.tcgetattr(self.theirs) == self.settings
        return dict(more, status=self.program.returncode, screen=self.screen, waited=self.waited, restored=as_before)


def run(play):
    terminal = Terminal(play)
    seen = 0
    for expected, action in play["steps"]:
        begun = time.monotonic()
        while expected not in terminal.screen[seen:]:
            if not terminal.read() or terminal.program.poll() is not None and not select.select([terminal.ours], [], [], 0)[0]:
                terminal.program.kill()
                terminal.program.wait()
                return terminal.result(stuck=expected)
        seen = terminal.screen.index(expected, seen) + len(expected)
        terminal.waited.append(time.monotonic() - begun)
        terminal.act(action)
    while terminal.program.poll() is None:
        if not terminal.read():
            terminal.program.kill()
            terminal.program.wait()
            return terminal.result(stuck="the end")
    while select.select([terminal.ours], [], [], 0)[0]:
        terminal.read()
    return terminal.result()


json.dump(run(json.load(sys.stdin)), sys.stdout)
