"""What a file says, as a form shows it, and which of its values a problem is about. Pure."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from hotline.document import Entries, Items, Node, Path, Scalar

_Spot = tuple[int, int]
"""Line and column."""


def content(node: Node | None) -> Any:
    """Texts, true, false, None, lists, mappings. A number is the text of its digits."""
    match node:
        case Entries(nodes=nodes):
            return {key: content(each) for key, each in nodes.items()}
        case Items(nodes=items):
            return [content(each) for each in items]
        case Scalar():
            return node.value
    return None


class Whereabouts:
    """Finds the path of a value by its spot in the file."""

    def __init__(self, node: Node | None) -> None:
        first: dict[_Spot, Path] = {}
        for spot, path in () if node is None else _spots(node, ()):
            first.setdefault(spot, path)  # what stands for another value is written at the other one's spot
        self._found = sorted(first.items())
        self._at = [spot for spot, _ in self._found]

    def path(self, line: int, column: int) -> Path:
        """Of the last value, or key, that begins there or before; empty: there is none."""
        index = bisect_right(self._at, (line, column)) - 1
        return self._found[index][1] if index >= 0 else ()


def _spots(node: Node, path: Path) -> Iterator[tuple[_Spot, Path]]:
    if isinstance(node, Entries):
        for key, each in node.nodes.items():
            spot = node.keys[key]
            yield (spot.line, spot.column), (*path, key)
            yield from _spots(each, (*path, key))
        return
    yield (node.spot.line, node.spot.column), path
    if isinstance(node, Items):
        for index, each in enumerate(node.nodes):
            yield (each.spot.line, each.spot.column), (*path, index)
            yield from _spots(each, (*path, index))
