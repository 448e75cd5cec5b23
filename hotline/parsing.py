"""What a YAML file says, as ruamel's stream of events.

ruamel's parser is written in Python: half of the time that `check` took went into it. libyaml is fifty times as fast,
but it follows YAML 1.1 and reads a few odd things differently. So libyaml reads what both read alike, which is nearly
every file. ruamel reads all others, also those that are not YAML: each message about a mistake is ruamel's.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

MOST = 100_000
"""Events; five hundred menus and their queues have 37,000. ruamel gives them one by one, so that a reader can stop."""

DEEPEST = 50
"""Levels: twice what a reader takes."""

_BLOCK = re.compile(r"[|>][-+]?(?: +#[^\n]*)?\n +[^ \n]")
"""A block scalar as both read it: its first line is indented and holds words."""

_TIGHT = re.compile(r":[^ \n]")
"""Behind a quoted key: to libyaml `["a":b]` has a mapping in it, to ruamel it is a mistake."""

_OF_DOCUMENTS = re.compile(r"^(?:\.\.\.|%|---[^\n])", re.MULTILINE)
"""What divides a file into documents, except `---` alone in a line: the two read some of it in different ways."""

_PLAIN: Mapping[type, type[Event]] = {
    yaml.StreamStartEvent: StreamStartEvent,
    yaml.StreamEndEvent: StreamEndEvent,
    yaml.DocumentStartEvent: DocumentStartEvent,
    yaml.DocumentEndEvent: DocumentEndEvent,
    yaml.SequenceEndEvent: SequenceEndEvent,
    yaml.MappingEndEvent: MappingEndEvent,
}
"""Events that have nothing but a place."""


class _Odd(Exception):
    """ruamel may read this in another way."""


def events(text: str) -> Iterator[Event]:
    """The events of a text, with their places. Raises what ruamel's parser raises, as far as the text could be read."""
    if (quick := quick_events(text)) is not None:
        yield from quick
    else:
        yield from YAML(typ="safe", pure=True).parse(text)


def quick_events(text: str) -> list[Event] | None:
    """The events by libyaml, as ruamel would give them; the ends of lists and mappings may have other places. None: the
    text is no YAML, or ruamel may read it in another way.
    """
    loader = getattr(yaml, "CSafeLoader", None)  # PyYAML may have been built without libyaml
    if loader is None or not text.replace("\n", "").isprintable() or _OF_DOCUMENTS.search(text):
        return None
    found: list[Event] = []
    depth = 0
    try:
        for event in yaml.parse(text, loader):
            found.append(_same(event, text))
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST or len(found) > MOST:
                return None
    except (yaml.YAMLError, _Odd):
        return None
    return found


def _same(event: Any, text: str) -> Event:
    """ruamel's event for one of libyaml. Raises `_Odd`."""
    start, end = event.start_mark, event.end_mark
    if (simple := _PLAIN.get(type(event))) is not None:
        return simple(start, end)
    if event.anchor is not None:
        after = start.index + 1 + len(event.anchor)
        if text[after : after + 1] not in ("", " ", "\n", ",", "}", "]"):
            raise _Odd
    if isinstance(event, yaml.AliasEvent):
        return AliasEvent(event.anchor, start, end)
    if event.tag is not None:
        raise _Odd
    if isinstance(event, yaml.ScalarEvent):
        _scalar(event, text)
        return ScalarEvent(event.anchor, None, event.implicit, event.value, start, end, style=event.style or None)
    kind = SequenceStartEvent if isinstance(event, yaml.SequenceStartEvent) else MappingStartEvent
    return kind(event.anchor, None, event.implicit, start, end, flow_style=event.flow_style)


def _scalar(event: Any, text: str) -> None:
    """Raises `_Odd`."""
    if event.style in ("|", ">"):
        if _BLOCK.match(text, text.index(event.style, event.start_mark.index)) is None:
            raise _Odd
    elif not event.style:
        if not event.value or ":" in event.value:
            raise _Odd  # an empty value has another place; a colon may have been meant as one that ends a key
    elif _TIGHT.match(text, event.end_mark.index):
        raise _Odd
