"""A small library of trees: what is above a node is known to it, and what is below it too."""

from arbor.node import Node

__all__ = ["Node"]
