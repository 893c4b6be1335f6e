"""Highlights three hundred sources, one after the other, as a server of a documentation would; prints the tokens of each."""

import sys

from pygments import highlight
from pygments.formatters import RawTokenFormatter
from pygments.lexers import get_lexer_by_name


def sources():
    for number in range(100):
        # An opcode of its own, and the call of one that another source has defined.
        yield "csound", "opcode osc%d, a, k\nxout oscili(1, p4)\nendop\ninstr 1\nasig osc%d 440\nendin\n" % (number, number - 1)
        # Written in a hurry: a condition without its end, and a brace that nobody closes.
        yield "haxe", "class Shape%d {\n#if debug\n  var x:Int;\n}\n" % number
        yield "xquery", "declare function local:f%d($x) { <a>{ $x " % number


for language, text in sources():
    sys.stdout.buffer.write(highlight(text, get_lexer_by_name(language), RawTokenFormatter()))
