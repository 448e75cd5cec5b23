"""A menu tree: menus, what their keys do, and where calls go (destinations)."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from sounds.model import Texts

Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Place = tuple[str, str]
"""A section of the file and a name in it: `("menus", "main")`."""

_NONE: Mapping[str, Any] = MappingProxyType({})


class _Kind(_Model):
    """A kind of destination, and all that other modules have to know of it.

    person   a person answers there
    in_menu  it has a meaning only in a menu
    """

    person: ClassVar[bool] = False
    in_menu: ClassVar[bool] = False

    @property
    def place(self) -> Place | None:
        """The named place that it leads to; None: none."""
        return None

    @property
    def after(self) -> Mapping[str, "Destination"]:
        """Destinations that may follow it, by their keys in the file."""
        return _NONE

    @property
    def texts(self) -> Mapping[str, Texts]:
        """What is said, by the keys in the file."""
        return _NONE


class ToQueue(_Kind):
    """`{queue: greening}`: wait for an agent."""

    person = True

    queue: Name = Field(description="The queue in which the caller waits for an agent.", examples=["greening"])

    @property
    def place(self) -> Place:
        return "queues", self.queue


class ToMenu(_Kind):
    """`{menu: water}` or `{language: en, menu: main}`: another menu, from here on in that language if one is named."""

    menu: Name = Field(description="The menu that the caller hears next.", examples=["main"])
    language: str | None = Field(
        default=None,
        description="The caller's language from here on. Left out: it stays as it is.",
        examples=["en"],
    )

    @property
    def place(self) -> Place:
        return "menus", self.menu


class ToSubHotline(_Kind):
    """`{sub_hotline: gas}`: the call is put through to a department's own line."""

    person = True

    sub_hotline: Name = Field(description="The sub-hotline to which the call is put through.", examples=["bureau"])

    @property
    def place(self) -> Place:
        return "sub_hotlines", self.sub_hotline


class Say(_Kind):
    """`{say: TEXT, then: DESTINATION}`: a message, then on. `then` left out: a goodbye."""

    say: Texts = Field(
        description="A message that the caller hears.",
        examples=[{"zh": "我们的办公时间是九点到十七点。", "en": "We are open from 9 to 17."}],
    )
    then: "Destination | None" = Field(
        default=None,
        description="Where the call goes after the message. Left out: the goodbye, and the call ends.",
        examples=[{"queue": "gas"}],
    )

    @property
    def after(self) -> Mapping[str, "Destination"]:
        return _NONE if self.then is None else {"then": self.then}

    @property
    def texts(self) -> Mapping[str, Texts]:
        return {"say": self.say}


class HangUp(_Kind):
    """`{hangup: true}`: goodbye."""

    hangup: Literal[True] = Field(description="The caller hears the goodbye, and the call ends.")


class Repeat(_Kind):
    """`{repeat: true}`: the same menu again."""

    in_menu = True

    repeat: Literal[True] = Field(description="The same menu again. Only under a key of a menu.")


KINDS: Mapping[str, type[_Kind]] = {
    "queue": ToQueue,
    "menu": ToMenu,
    "sub_hotline": ToSubHotline,
    "say": Say,
    "hangup": HangUp,
    "repeat": Repeat,
}
"""The key that marks each kind of destination in the file; of several, the first here counts."""


def _kind(value: Any) -> str | None:
    """The kind that was meant, so that a mistake in a destination is reported once, not once for every kind."""
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
for _model in KINDS.values():
    _model.model_rebuild()


class Attempts(_Model):
    """What silence or wrong keys do: the menu is played again `repeat` times, then the call goes on to `then`."""

    repeat: int = Field(
        default=1,
        ge=0,
        le=5,
        description="How many times the caller hears the menu again before the call goes on.",
        examples=[1],
    )
    then: Destination = Field(
        description="Where the call goes on. Left out: to a person, where the menu leads to one.",
        examples=[{"queue": "general"}],
    )


class Menu(_Model):
    """One menu. `wait` is in seconds."""

    name: Texts | None = Field(
        default=None,
        description="What agents read as the caller's way. Nobody hears it. Left out: what the keys' texts say.",
        examples=[{"zh": "供水", "en": "Water"}],
    )
    say: Texts = Field(
        description="The choices as they are spoken: short, and the key after the subject.",
        examples=[{"zh": "绿化请按1，人工服务请按0。", "en": "For greening, press 1. To talk to a person, press 0."}],
    )
    keys: Mapping[Key, Destination] = Field(
        description='What the keys "0" to "9", "*" and "#" do, in quotation marks. "0" is a person.',
        examples=[{"1": {"queue": "greening"}, "0": {"queue": "general"}, "*": {"repeat": True}}],
    )
    wait: float = Field(
        default=5.0, gt=0, le=60, description="How long to wait for a key after the text.", examples=["5s"]
    )
    no_input: Attempts = Field(
        description="What happens when no key comes. Left out: the menu once more, then a person.",
        examples=[{"repeat": 1, "then": {"queue": "general"}}],
    )
    invalid: Attempts = Field(
        description="What happens when a key comes that the menu does not have. Left out: the menu once more, then a "
        "person.",
        examples=[{"repeat": 1, "then": {"queue": "general"}}],
    )


class Tree(Protocol):
    """All menus of one version of a hotline, as the interpreter walks them."""

    @property
    def greeting(self) -> Texts: ...
    @property
    def goodbye(self) -> Texts: ...
    @property
    def entry(self) -> str: ...
    @property
    def menus(self) -> Mapping[str, Menu]: ...


def places(destination: Destination) -> Iterator[Destination]:
    """The destination and all that may follow it."""
    yield destination
    for then in destination.after.values():
        yield from places(then)
