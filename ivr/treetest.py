"""A test of a menu tree: a caller, what the caller does, and what is expected of it. Pure."""

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from ivr.model import Name, NodeId
from ivr.walk import CALLBACKS, GOODBYE, MESSAGES
from sentences.sentence import Sentence

_KEYS = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "silence")
_DIGIT = {"type": "integer", "minimum": 0, "maximum": 9}
Did = Annotated[
    Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "silence"],
    WithJsonSchema({"anyOf": [{"enum": [*_KEYS]}, _DIGIT]}),
]
_AsWritten = WithJsonSchema({"type": ["string", "integer"]})
"""A number needs no quotation marks."""

MOST_TESTS = 2_000
MOST_KEYS = 50
"""As many as a test call presses."""

_NODES = {"queue": "queues", "sub_hotline": "sub_hotlines", "menu": "menus", "message": MESSAGES, "callback": CALLBACKS}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expected(_Model):
    """What a test expects of the end of the way, and to be heard on it. Only what is written counts.

    words  each is heard somewhere on the way, in this order
    """

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    queue: Name | None = Field(default=None, description="The queue in which the call ends.", examples=["water"])
    sub_hotline: Name | None = Field(
        default=None, description="The sub-hotline to which the call is put through.", examples=["bureau"]
    )
    menu: Name | None = Field(default=None, description="The menu in which the caller still is.", examples=["main"])
    message: Name | None = Field(
        default=None, description="The queue for which the caller leaves a message.", examples=["greening"]
    )
    callback: Name | None = Field(
        default=None, description="The queue for which the caller is called back.", examples=["greening"]
    )
    goodbye: Literal[True] | None = Field(default=None, description="The call ends with the goodbye.", examples=[True])
    language: str | None = Field(default=None, description="The caller's language at the end.", examples=["en"])
    words: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(),
        description="Words that the caller hears on the way, in this order.",
        examples=[["绿化请按1", "为您转接值班人员"]],
    )

    @property
    def nodes(self) -> dict[str, NodeId]:
        """The end that is expected, by its key in the file."""
        named = {key: (section, name) for key, section in _NODES.items() if (name := getattr(self, key)) is not None}
        return named | ({"goodbye": GOODBYE} if self.goodbye else {})

    @model_validator(mode="after")
    def _something(self) -> "Expected":
        if len(self.nodes) > 1:
            raise ValueError(
                Sentence("a call ends once, so keep one of queue, sub_hotline, menu, message, callback and goodbye")
            )
        if not (self.nodes or self.language or self.words):
            raise ValueError(
                Sentence("expect a queue, a sub_hotline, a menu, a message, a callback, goodbye, a language or words")
            )
        return self


class TreeTest(_Model):
    """One test. `at`, `number` and `language` left out: now, the hotline's first number and its first language."""

    name: str = Field(
        min_length=1, max_length=80, description="What the test is for.", examples=["停水", "Gas, in the night"]
    )
    keys: tuple[Did, ...] = Field(
        default=(),
        max_length=MOST_KEYS,
        description="What the caller does, in order: a key in quotation marks, or `silence`. Left out: nothing.",
        examples=[["2", "1"], ["silence", "silence"]],
    )
    at: str | None = Field(
        default=None,
        description="When, in the hotline's time zone. Left out: now.",
        examples=["2026-10-01 09:00"],
    )
    number: Annotated[str, _AsWritten] | None = Field(
        default=None, description="The dialled number. Left out: the hotline's first.", examples=["12319"]
    )
    caller: Annotated[str, _AsWritten] = Field(
        default="",
        alias="from",
        max_length=40,
        description="The caller's number. Left out: unknown.",
        examples=["13800138000"],
    )
    language: str | None = Field(
        default=None,
        description="The language in which the call begins. Left out: the hotline's first.",
        examples=["en"],
    )
    expect: Expected = Field(
        description="Where the way ends, in which language, and what is said on it. At least one of them.",
        examples=[{"queue": "gas", "language": "en", "words": ["close the valve"]}],
    )


class TestsFile(_Model):
    """tests.yaml."""

    __test__ = False  # no test of pytest's

    tests: tuple[TreeTest, ...] = Field(
        max_length=MOST_TESTS,
        description="The tests. `check` walks each, and a hotline whose tests fail is not published.",
        examples=[[{"name": "停水", "keys": ["2", "1"], "expect": {"queue": "water"}}]],
    )


class Met(NamedTuple):
    """What a caller has met, in a walk or in a call: where the way ended, in which language, what was said."""

    end: NodeId
    language: str
    words: str


class Shortfall(NamedTuple):
    """An expectation that was not met. `key`: of `expect`; `nth`: of the words, from 0; None for the others."""

    key: str
    wanted: Any
    nth: int | None = None


def shortfalls(expected: Expected, met: Met) -> list[Shortfall]:
    """What of the expectations was not met."""
    found = [Shortfall(key, node) for key, node in expected.nodes.items() if node != met.end]
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
