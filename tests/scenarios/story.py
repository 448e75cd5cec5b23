"""A call's Records in words, without times, ids and what depends on the speed of the machine."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sounds.model import Phrase
from sounds.phrases import parts
from tests.scenarios.hotline import without_place

_UNTOLD = ("said", "announced", "leg-measured", "sound-lost", "sound-back")
"""Kinds: how much of a prompt the caller hears depends on when the next thing happens, and what a leg's sound was like
on the machine.
"""

_UNSAID = (
    *("kind", "queue", "agent", "at", "call", "offer", "actor"),
    *("caller", "number", "channel", "version", "language", "id", "hours", "opens"),
    *("ring", "step", "rule", "condition", "within", "in_service_level", "until", "head_start"),
)
"""Fields that are an id or a time, or stand in the hotline's files."""


def heard(records: Iterable[Mapping[str, Any]], prompt: str, after: int) -> int:
    """How many prompts the caller had heard to the end when this one was over; 0: it was not heard after the first
    `after` ones. `prompt`: a phrase of Wutong's by its key, or a text of the hotline's.
    """
    words = next(text for _, text in parts((Phrase(prompt),), "zh", "zh")) if prompt.isascii() else prompt
    said = (record["text"] for record in records if record["kind"] == "said" and not record["interrupted"])
    return next((number for number, text in enumerate(said, 1) if number > after and words in text), 0)


def in_words(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line a Record: its kind, queue and agent, then what it tells beside them. `records`: each as HTTP has it, in
    their order.
    """
    return [_line(record) for record in records if record["kind"] not in _UNTOLD]


def _line(record: Mapping[str, Any]) -> str:
    words = [str(record["kind"]), *(str(record[name]) for name in ("queue", "agent") if record.get(name))]
    for name in sorted(record):
        if name not in _UNSAID and not name.endswith("_s") and record[name] not in (None, False, ""):
            words.append(f"{name}={_value(record[name])}")
    return " ".join(without_place(word) for word in words)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}:{without_place(_value(of))}" for name, of in value.items())
    return without_place(value if isinstance(value, str) else json.dumps(value))
