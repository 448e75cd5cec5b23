"""A test of a menu tree: a caller, what the caller does, and what is expected of it. Pure."""

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ivr.model import Name, Place
from ivr.walk import GOODBYE

Did = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "silence"]

MOST_TESTS = 2_000
MOST_KEYS = 50
"""As many as a test call presses."""

_PLACES = {"queue": "queues", "sub_hotline": "sub_hotlines", "menu": "menus"}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expected(_Model):
    """What a test expects of the end of the way, and to be heard on it. Only what is written counts.

    words  each is heard somewhere on the way, in this order
    """

    queue: Name | None = None
    sub_hotline: Name | None = None
    menu: Name | None = None
    goodbye: Literal[True] | None = None
    language: str | None = None
    words: tuple[Annotated[str, Field(min_length=1)], ...] = ()

    @property
    def places(self) -> dict[str, Place]:
        """The end that is expected, by its key in the file."""
        named = {key: (section, name) for key, section in _PLACES.items() if (name := getattr(self, key)) is not None}
        return named | ({"goodbye": GOODBYE} if self.goodbye else {})

    @model_validator(mode="after")
    def _something(self) -> "Expected":
        if len(self.places) > 1:
            raise ValueError("a call ends at one place, so keep one of queue, sub_hotline, menu and goodbye")
        if not (self.places or self.language or self.words):
            raise ValueError("expect a queue, a sub_hotline, a menu, goodbye, a language or words")
        return self


class TreeTest(_Model):
    """One test. `at`, `number` and `language` left out: now, the hotline's first number and its first language."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    keys: Annotated[tuple[Did, ...], Field(max_length=MOST_KEYS)] = ()
    at: str | None = None
    number: str | None = None
    caller: Annotated[str, Field(alias="from", max_length=40)] = ""
    language: str | None = None
    expect: Expected


class TestsFile(_Model):
    """tests.yaml."""

    __test__ = False  # no test of pytest's

    tests: Annotated[tuple[TreeTest, ...], Field(max_length=MOST_TESTS)]


class Met(NamedTuple):
    """What a caller has met, in a walk or in a call: where the way ended, in which language, what was said."""

    end: Place
    language: str
    words: str


class Shortfall(NamedTuple):
    """An expectation that was not met. `key`: of `expect`; `nth`: of the words, from 0; None for the others."""

    key: str
    wanted: Any
    nth: int | None = None


def shortfalls(expected: Expected, met: Met) -> list[Shortfall]:
    """What of the expectations was not met."""
    found = [Shortfall(key, place) for key, place in expected.places.items() if place != met.end]
    if expected.language not in (None, met.language):
        found.append(Shortfall("language", expected.language))
    heard = 0
    for index, words in enumerate(expected.words):
        even = " ".join(words.split())
        at = met.words.find(even, heard)
        if at < 0:
            found.append(Shortfall("words", even, index))
        else:
            heard = at + len(even)
    return found
