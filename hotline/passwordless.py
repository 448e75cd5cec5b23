"""The text of agents.yaml without its passwords, all else as it is written. Pure.

A version never has a password: the phones' are kept among the secrets.
"""

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

KEY = "password"


class NotTakenOut(ValueError):
    """A password stands where it cannot be taken out. `line` counts from 1."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line}: write `{KEY}: …` there as one of several keys of an agent, without & and *")


def passwordless(text: str) -> str:
    """The text less every key `password` and its value. It is of a file that the loader takes. Raises NotTakenOut."""
    root = _tree(text)
    cuts = sorted(_cuts(text, root, set()), reverse=True)
    for begin, end in cuts:
        text = text[:begin] + text[end:]
    if (left := next(_passwords(_tree(text), set()), None)) is not None:
        raise NotTakenOut(left[0].start_mark.line + 1)
    return text


def _tree(text: str) -> Any:
    try:
        return YAML(typ="safe", pure=True).compose(text)
    except YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        raise NotTakenOut(1 if mark is None else mark.line + 1) from None


def _passwords(node: Any, seen: set[int]) -> Iterator[tuple[Node, Node]]:
    """Key and value of every password."""
    for _, at in _mappings(node, seen):
        yield at[0], at[1]


def _cuts(text: str, node: Any, seen: set[int]) -> Iterator[tuple[int, int]]:
    """What is cut out for each: up to the key behind it, or from the end of the value before it."""
    for mapping, at in _mappings(node, seen):
        pairs = mapping.value
        index = pairs.index(at)
        key, value = at
        if index + 1 < len(pairs):
            yield key.start_mark.index, pairs[index + 1][0].start_mark.index
        elif index:
            before = pairs[index - 1][1].end_mark.index
            end = value.end_mark.index
            if not mapping.flow_style:  # a remark behind it may say the password too
                before = text.rfind("\n", 0, key.start_mark.index)
                line = text.find("\n", end - 1 if text[end - 1 : end] == "\n" else end)
                end = len(text) if line < 0 else line
            yield before, end


def _mappings(node: Any, seen: set[int]) -> Iterator[tuple[Any, tuple[Any, Any]]]:
    """Every mapping that has a password, and that pair of it. An alias leads to the same node again."""
    if id(node) in seen:
        return
    seen.add(id(node))
    match node:
        case MappingNode():
            for pair in node.value:
                if pair[0].value == KEY:
                    yield node, pair
                else:
                    yield from _mappings(pair[1], seen)
        case SequenceNode():
            for member in node.value:
                yield from _mappings(member, seen)
