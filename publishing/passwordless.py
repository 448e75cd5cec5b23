"""The text of agents.yaml without its passwords, and with them again; all else stays as it is written. Pure.

A version never has a password: those of the phones are kept among the secrets.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode

from hotline.files import AGENTS, Given
from sentences.sentence import Sentence

KEY = "password"


class Unkeepable(ValueError):
    """The text cannot be kept without its passwords; a sentence."""


def texts(given: Given) -> Mapping[str, str]:
    """What a version keeps of a hotline's files. Raises Unkeepable."""
    try:
        decoded = {name: data.decode("utf-8-sig") for name, data in given.items()}
    except UnicodeDecodeError as wrong:
        raise Unkeepable(Sentence("a file is not UTF-8 text")) from wrong
    return {name: passwordless(text) if name == AGENTS else text for name, text in decoded.items()}


def passwordless(text: str) -> str:
    """The text less every key `password` and its value. Raises Unkeepable."""
    for begin, end in sorted(_cuts(text, _tree(text)), reverse=True):
        text = text[:begin] + text[end:]
    left = next(_passwords(_tree(text), set()), None)
    if left is not None:
        line = left[1][0].start_mark.line + 1
        raise Unkeepable(
            Sentence(
                "the password in {file}, line {line}, cannot be taken out: write the agent's id before it",
                file=AGENTS,
                line=line,
            )
        )
    return text


def with_passwords(text: str, passwords: Mapping[str, str]) -> str:
    """The text with the password of each agent of that id, behind the id. It has none of its own. Raises Unkeepable."""
    spots: list[tuple[int, str]] = []
    for mapping in _mappings(_tree(text), set()):
        for key, value in mapping.value:
            if key.value == "id" and value.value in passwords:
                said = f"{KEY}: {json.dumps(passwords[value.value], ensure_ascii=False)}"
                between = ", " if mapping.flow_style else "\n" + " " * key.start_mark.column
                spots.append((value.end_mark.index, between + said))
    for at, said in sorted(spots, reverse=True):
        text = text[:at] + said + text[at:]
    return text


def passwords(text: str) -> Mapping[str, str]:
    """The password of each agent that has one, by the agent's id. Raises Unkeepable."""
    found: dict[str, str] = {}
    for mapping, (_, value) in _passwords(_tree(text), set()):
        names = {key.value: each.value for key, each in mapping.value}
        if isinstance(value.value, str) and isinstance(names.get("id"), str):
            found[names["id"]] = value.value
    return found


def _tree(text: str) -> Any:
    try:
        return YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, ValueError, RecursionError) as wrong:
        raise Unkeepable(Sentence("{file} cannot be read", file=AGENTS)) from wrong


def _cuts(text: str, root: Any) -> Iterator[tuple[int, int]]:
    """What is cut out for each password: up to the key behind it, or from the end of the value before it."""
    for mapping, at in _passwords(root, set()):
        pairs = mapping.value
        index = pairs.index(at)
        key, value = at
        if index + 1 < len(pairs):
            yield key.start_mark.index, pairs[index + 1][0].start_mark.index
        elif index and mapping.flow_style:
            yield pairs[index - 1][1].end_mark.index, value.end_mark.index
        elif index:  # its lines whole: a remark behind it may say the password too
            begin = text.rfind("\n", 0, key.start_mark.index)
            last = value.end_mark.index
            end = text.find("\n", last - 1 if text[last - 1 : last] == "\n" else last)
            yield begin, len(text) if end < 0 else end


def _passwords(root: Any, seen: set[int]) -> Iterator[tuple[Any, tuple[Any, Any]]]:
    """Every mapping that has a password, and that pair of it."""
    for mapping in _mappings(root, seen):
        yield from ((mapping, pair) for pair in mapping.value if pair[0].value == KEY)


def _mappings(node: Any, seen: set[int]) -> Iterator[Any]:
    """Every mapping, once: an alias leads to the same node again."""
    if id(node) in seen:
        return
    seen.add(id(node))
    match node:
        case MappingNode():
            yield node
            for _, value in node.value:
                yield from _mappings(value, seen)
        case SequenceNode():
            for member in node.value:
                yield from _mappings(member, seen)
