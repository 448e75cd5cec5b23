"""A menu tree: menus, what their keys do, and where calls go (destinations)."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from sounds.model import Texts

Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ToQueue(_Model):
    """`{queue: greening}`: wait for an agent."""

    queue: Name


class ToMenu(_Model):
    """`{menu: water}` or `{language: en, menu: main}`: another menu, from here on in that language if one is named."""

    menu: Name
    language: str | None = None


class ToSubHotline(_Model):
    """`{sub_hotline: gas}`: the call is put through to a department's own line."""

    sub_hotline: Name


class Say(_Model):
    """`{say: TEXT, then: DESTINATION}`: a message, then on. `then` left out: a goodbye."""

    say: Texts
    then: "Destination | None" = None


class HangUp(_Model):
    """`{hangup: true}`: goodbye."""

    hangup: Literal[True]


class Repeat(_Model):
    """`{repeat: true}`, in a menu only: the same menu again."""

    repeat: Literal[True]


KINDS: Mapping[str, type[_Model]] = {
    "queue": ToQueue,
    "menu": ToMenu,
    "sub_hotline": ToSubHotline,
    "say": Say,
    "hangup": HangUp,
    "repeat": Repeat,
}
"""What each kind of destination is known by in the file: the first of these keys that is there."""


def _kind(value: Any) -> str | None:
    """So that a mistake in a destination is reported once, for the kind that was meant, and not once for every kind."""
    if isinstance(value, Mapping):
        return next((KINDS[key].__name__ for key in KINDS if key in value), None)
    return type(value).__name__


Destination = Annotated[
    Annotated[ToQueue, Tag("ToQueue")]
    | Annotated[ToMenu, Tag("ToMenu")]
    | Annotated[ToSubHotline, Tag("ToSubHotline")]
    | Annotated[Say, Tag("Say")]
    | Annotated[HangUp, Tag("HangUp")]
    | Annotated[Repeat, Tag("Repeat")],
    Discriminator(_kind),
]
Say.model_rebuild()


class Attempts(_Model):
    """What silence or wrong keys do: the menu is played again `repeat` times, then the call goes on to `then`."""

    repeat: int = Field(default=1, ge=0, le=5)
    then: Destination


class Menu(_Model):
    """One menu. `wait` is the time for a key after the prompt, in seconds."""

    say: Texts
    keys: Mapping[Key, Destination]
    wait: float = Field(default=5.0, gt=0, le=60)
    no_input: Attempts
    invalid: Attempts


class Tree(_Model):
    """All menus of one version of a hotline, as the interpreter walks them."""

    greeting: Texts
    goodbye: Texts
    languages: tuple[str, ...] = Field(min_length=1)
    entry: Name
    menus: Mapping[str, Menu]


def places(destination: Destination) -> Iterator[Destination]:
    """The destination and, for messages, all that follow it."""
    yield destination
    if isinstance(destination, Say) and destination.then is not None:
        yield from places(destination.then)
