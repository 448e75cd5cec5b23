"""A menu tree: menus, what their keys do, and where calls go (destinations)."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from base.hints import WrongKey
from ivr.timetable import Timetable
from sentences.sentence import Sentence
from sounds.model import Texts

Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
OfDistrict = Annotated[
    Name | None,
    Field(
        description="Take the one for this district, wherever the caller is; `other`: the one named here.",
        examples=["hongkou"],
    ),
]


class Alone(NamedTuple):
    """A note in an annotation: the file may have a value of this kind alone there."""

    kind: Any


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gated(_Model):
    """A node, or a way to one, that may have hours. There is a `closed` exactly where there are `hours`."""

    hours: Name | None = Field(
        default=None,
        description="The name of its opening hours, of the section `opening_hours`. Left out: always open.",
        examples=["office"],
    )
    closed: "Destination | None" = Field(
        default=None,
        description="Where calls go while it is closed.",
        examples=[{"sub_hotline": "duty"}],
    )

    @model_validator(mode="after")
    def _both(self) -> "Gated":
        if self.hours is not None and self.closed is None:
            raise _lacks("hours", "closed", Sentence("say where a call goes meanwhile: `closed: DESTINATION`"))
        if self.closed is not None and self.hours is None:
            raise _lacks("closed", "hours", Sentence("say when that is: `hours: NAME`"))
        return self


def _lacks(given: str, missing: str, hint: Sentence) -> PydanticCustomError:
    """One of two keys that belong together is missing, for `hotline.wording`."""
    return PydanticCustomError("gate", "{missing} is missing", {"given": given, "missing": missing, "hint": hint})


DISTRICT = "district"
"""Under this name a caller's district is known."""

OTHER = "other"
"""The district of callers of whom nobody knows one, or whose district has nothing of its own."""

NodeId = tuple[str, str]
"""A section of the file and a name in it: `("menus", "main")`."""

_NONE: Mapping[str, Any] = MappingProxyType({})


class Look(NamedTuple):
    """What a kind of destination is called, and how drawings show it. Colours: of the line, and of the ground.

    zh, en       the word for one of it
    drawn        its name in drawings, and over HTTP; empty: what follows it is drawn, and not the kind itself
    icon         its sign: strokes on 16 by 16 pixels, which need no font, as the path of an SVG
    corner       the radius of its card's corners, which differ without colour, too
    light, dark  its colours on a light and on a dark sheet; empty: no node is drawn
    """

    zh: str
    en: str
    drawn: str = ""
    icon: str = ""
    corner: int = 3
    light: tuple[str, str] = ("", "")
    dark: tuple[str, str] = ("", "")


class _Kind(Gated):
    """A kind of destination, and all that other modules have to know of it. Each may have `hours` and `closed`.

    key      marks it in the file
    section  the section of the file whose names stand at that key; empty: no names do
    passed   a call passes its nodes, like messages: each of the section is a `Passed`
    person   a person answers there
    in_menu  it has a meaning only in a menu
    """

    key: ClassVar[str]
    look: ClassVar[Look]
    section: ClassVar[str] = ""
    passed: ClassVar[bool] = False
    person: ClassVar[bool] = False
    in_menu: ClassVar[bool] = False

    @property
    def node(self) -> NodeId | None:
        """The named node that it leads to; None: none."""
        return None

    @property
    def after(self) -> Mapping[str, "Destination"]:
        """Destinations that may follow it while it is open, by their keys in the file."""
        return _NONE

    @property
    def when(self) -> Mapping[str, tuple[str, str]]:
        """When a call goes to one of `after`, by the same keys, in Chinese and English; left out: always."""
        return _NONE

    @property
    def texts(self) -> Mapping[str, Texts]:
        """What is said, by the keys in the file."""
        return _NONE


class _Named(_Kind):
    """`{key: NAME}`: a node of its section."""

    @property
    def node(self) -> NodeId:
        return self.section, getattr(self, self.key)


class ToQueue(_Named):
    """`{queue: greening}`: wait for an agent. With `district`: in what the queue has for that one, not the caller's."""

    key = "queue"
    section = "queues"
    look = Look(
        "队列",
        "queue",
        "queue",
        "M3 10V8a5 5 0 0 1 10 0v2M3 9.5h1.8v3.6H4a1 1 0 0 1-1-1zM13 9.5h-1.8v3.6h.8a1 1 0 0 0 1-1zM11.5 13.6H9",
        16,
        ("#1d7a4c", "#e6f5ec"),
        ("#6fd3a0", "#173426"),
    )
    person = True

    queue: Name = Field(description="The queue in which the caller waits for an agent.", examples=["greening"])
    district: OfDistrict = None


class ToMenu(_Named):
    """`{menu: water}` or `{language: en, menu: main}`: another menu, from here on in that language if one is named."""

    key = "menu"
    section = "menus"
    look = Look(
        "菜单",
        "menu",
        "menu",
        "M2.5 3.5h1M6 3.5h7.5M2.5 8h1M6 8h7.5M2.5 12.5h1M6 12.5h7.5",
        7,
        ("#2f62c9", "#eaf1fe"),
        ("#86b0ff", "#1d2c47"),
    )

    menu: Name = Field(description="The menu that the caller hears next.", examples=["main"])
    language: str | None = Field(
        default=None,
        description="The caller's language from here on. Left out: it stays as it is.",
        examples=["en"],
    )


class ToSubHotline(_Named):
    """`{sub_hotline: gas}`: the call is put through to a department's own line. `district`: as in `ToQueue`."""

    key = "sub_hotline"
    section = "sub_hotlines"
    look = Look(
        "分热线",
        "sub-hotline",
        "line",
        "M2.5 13.5v-9l5-2.2v11.2M7.5 6.5h6v7M1.5 13.5h13M5 6v0M5 9v0M10.5 9.5v0M10.5 11.5v0",
        light=("#a2620f", "#fdf1df"),
        dark=("#f2b868", "#3a2a13"),
    )
    person = True

    sub_hotline: Name = Field(description="The sub-hotline to which the call is put through.", examples=["bureau"])
    district: OfDistrict = None


class Say(_Kind):
    """`{say: TEXT, then: DESTINATION}`: a message, then on. `then` left out: a goodbye.

    `skip: false`: no key cuts it short, and keys pressed meanwhile do not count.
    """

    key = "say"
    look = Look("播报", "message")

    say: Texts = Field(
        description="A message that the caller hears.",
        examples=[{"zh": "我们的办公时间是九点到十七点。", "en": "We are open from 9 to 17."}],
    )
    skip: bool = Field(default=True, description="`false`: no key cuts the message short.", examples=[False])
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

    key = "hangup"
    look = Look(
        "结束通话", "goodbye", "goodbye", "M1.8 9.8c3.4-3.6 9-3.6 12.4 0l-1.7 2-2.6-1V8.9a7 7 0 0 0-3.8 0v1.9l-2.6 1z"
    )

    hangup: Literal[True] = Field(description="The caller hears the goodbye, and the call ends.")


class MessageFor(_Model):
    """For which queue a message is, and its longest time in seconds."""

    queue: Name = Field(description="The queue whose agents get the message.", examples=["greening"])
    limit: float = Field(default=120.0, ge=5, le=600, description="How long it may be.", examples=["2m"])


class ToMessage(_Kind):
    """`{message: {queue: greening, limit: 2m}}`: the caller leaves a message, then hears the goodbye."""

    key = "message"
    look = Look("留言", "voice message", "message", "M2.5 3.5h11v7h-6l-3 3v-3h-2zM5.5 7v.1M8 7v.1M10.5 7v.1")

    message: MessageFor = Field(
        description="The caller leaves a message, which the queue's agents find on the page Messages.",
        examples=[{"queue": "greening", "limit": "2m"}],
    )


class ChooseDistrict(_Kind):
    """`{district: hongkou}`: the caller is there, and goes on to what asked for it; with `then`, to that."""

    key = "district"
    look = Look("区", "district")

    district: Name = Field(description="The district in which the caller is.", examples=["hongkou"])
    then: "Destination | None" = Field(
        default=None,
        description="Where the call goes then. Left out: on to what asked for the district, else to the entry.",
        examples=[{"queue": "general"}],
    )

    @property
    def after(self) -> Mapping[str, "Destination"]:
        return _NONE if self.then is None else {"then": self.then}


class ToScope(_Named):
    """`{scope: compound-trees}`: not our business; the caller hears whose it is."""

    key = "scope"
    section = "scopes"
    passed = True
    look = Look(
        "职责说明",
        "scope",
        "scope",
        "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 7.4v3.6M8 5v.2",
        light=("#0d6e83", "#e2f3f6"),
        dark=("#6cc9dd", "#12313a"),
    )

    scope: Name = Field(description="The subject, of the section `scopes`.", examples=["compound-trees"])


class ToInput(_Named):
    """`{input: order}`: the caller enters digits."""

    key = "input"
    section = "inputs"
    passed = True
    look = Look(
        "按键录入",
        "input",
        "input",
        "M4.5 3.5v.1M8 3.5v.1M11.5 3.5v.1M4.5 7v.1M8 7v.1M11.5 7v.1M4.5 10.5v.1M8 10.5v.1M11.5 10.5v.1M8 14v.1",
        light=("#a3316f", "#fbe9f2"),
        dark=("#f29ac6", "#3d1a2d"),
    )

    input: Name = Field(description="What is entered, of the section `inputs`.", examples=["order"])


class Repeat(_Kind):
    """`{repeat: true}`: the same menu again."""

    key = "repeat"
    look = Look("重听", "again", "repeat", "M13 8a5 5 0 1 1-1.6-3.7M13.2 1.8v3h-3")
    in_menu = True

    repeat: Literal[True] = Field(description="The same menu again. Only under a key of a menu.")


_KINDS: tuple[type[_Kind], ...] = (
    ToQueue,
    ToMenu,
    ToSubHotline,
    Say,
    HangUp,
    ToMessage,
    ChooseDistrict,
    ToScope,
    ToInput,
    Repeat,
)
KINDS: Mapping[str, type[_Kind]] = {kind.key: kind for kind in _KINDS}
"""The key that marks each kind of destination in the file; of several, the first here counts."""

PASSED = tuple(kind.section for kind in _KINDS if kind.passed)
"""The sections of nodes that a call passes on its way, like messages. Records say little of the keys there."""


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
    | Annotated[ToMessage, Tag("ToMessage")]
    | Annotated[ChooseDistrict, Tag("ChooseDistrict")]
    | Annotated[ToScope, Tag("ToScope")]
    | Annotated[ToInput, Tag("ToInput")]
    | Annotated[Repeat, Tag("Repeat")],
    Discriminator(_kind),
]
Gated.model_rebuild()
for _model in KINDS.values():
    _model.model_rebuild()


def _menu_named(value: Any) -> Any:
    return {"menu": value} if isinstance(value, str) else value


Entry = Annotated[Destination, BeforeValidator(_menu_named), Alone(Name)]
"""Where a call goes after the greeting: a destination, or the name of a menu alone."""


class Passed(_Model):
    """One node of a section that a call passes on its way, like a message."""

    @property
    def texts(self) -> Mapping[str, Texts | None]:
        """What is said there, by the keys in the file; None: nothing."""
        return _NONE

    @property
    def by_key(self) -> Mapping[str, Destination | None]:
        """Where a key of the caller leads, by the keys in the file; None: there is no such way."""
        return _NONE

    @property
    def after(self) -> Mapping[str, Destination | None]:
        """Where a caller goes without such a key, as `by_key`."""
        return _NONE


class Scope(Passed):
    """A subject that is somebody else's business. A key other than `key` goes on to `then`. `wait` in seconds."""

    say: Texts = Field(
        description="Which office is responsible, and how to reach it.",
        examples=[{"zh": "小区里的树木由物业公司负责，电话是", "en": "Trees in a compound belong to its manager at"}],
    )
    number: Annotated[str, Field(pattern=r"^[0-9]{3,20}$")] | None = Field(
        default=None, description="The office's number: read twice, digit by digit.", examples=["62521234"]
    )
    transfer: Destination | None = Field(
        default=None,
        description="Where callers go who want to be put through.",
        examples=[{"queue": "general"}],
    )
    offer: Texts | None = Field(
        default=None,
        description="The offer to be put through. It names the key.",
        examples=[{"zh": "现在转接请按1", "en": "To be put through now, press 1"}],
    )
    key: Key = Field(default="1", description="The key that takes the offer.", examples=["1"])
    wait: float = Field(default=5.0, gt=0, le=60, description="How long to wait for the key.", examples=["5s"])
    then: Destination | None = Field(
        default=None, description="Where all others go. Left out: the goodbye.", examples=[{"menu": "main"}]
    )

    @property
    def texts(self) -> Mapping[str, Texts | None]:
        return {"say": self.say, "offer": self.offer}

    @property
    def by_key(self) -> Mapping[str, Destination | None]:
        return {"transfer": self.transfer}

    @property
    def after(self) -> Mapping[str, Destination | None]:
        return {"then": self.then}

    @model_validator(mode="after")
    def _offers(self) -> "Scope":
        if self.transfer is not None and self.offer is None:
            raise WrongKey("transfer", Sentence("say in `offer` which key puts the caller through"))
        if self.offer is not None and self.transfer is None:
            raise WrongKey("offer", Sentence("say in `transfer` where the caller is put through to"))
        return self


class Input(Passed):
    """Digits that a caller enters. `#` ends them, `*` begins anew. `wait`: seconds for the next key."""

    name: Texts = Field(
        description="What the digits are: shown to the agent, not spoken.",
        examples=[{"zh": "工单号", "en": "Order number"}],
    )
    say: Texts = Field(
        description="Asks for the digits.",
        examples=[{"zh": "请输入工单号，按井号键结束", "en": "Enter it, then press hash"}],
    )
    entered: Texts = Field(
        description="Said before the digits are read back.", examples=[{"zh": "您输入的是", "en": "You entered"}]
    )
    confirm: Texts = Field(
        description="Said after the digits: 1 confirms, another key begins anew.",
        examples=[{"zh": "正确请按1，重新输入请按2", "en": "If this is right, press 1; to enter it again, press 2"}],
    )
    least: Annotated[int, Field(ge=1, le=20)] = Field(default=1, description="The fewest digits.", examples=[4])
    most: Annotated[int, Field(ge=1, le=20)] = Field(
        default=20, description="The most digits; with so many the caller need not press `#`.", examples=[12]
    )
    wait: float = Field(default=8.0, gt=0, le=60, description="How long to wait for each key.", examples=["8s"])
    attempts: Annotated[int, Field(ge=1, le=5)] = Field(
        default=3, description="How often the caller may be asked.", examples=[3]
    )
    then: Destination = Field(description="Where callers go who have confirmed.", examples=[{"queue": "general"}])
    failed: Destination = Field(description="Where all others go.", examples=[{"queue": "general"}])

    @property
    def texts(self) -> Mapping[str, Texts | None]:
        return {"say": self.say, "entered": self.entered, "confirm": self.confirm}

    @property
    def by_key(self) -> Mapping[str, Destination | None]:
        return {"then": self.then}

    @property
    def after(self) -> Mapping[str, Destination | None]:
        return {"failed": self.failed}

    @model_validator(mode="after")
    def _in_order(self) -> "Input":
        if self.least > self.most:
            raise WrongKey("least", Sentence("write no more than `most`"))
        return self


class Beginning(NamedTuple):
    """How a call begins: the greeting, and where the call goes after it."""

    greeting: Texts
    to: Destination


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


class Menu(Gated):
    """One menu. `wait` is in seconds."""

    name: Texts | None = Field(
        default=None,
        description="The menu's name at the desk; not spoken. Left out: the words of the key that leads to it.",
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


class Variants(NamedTuple):
    """What a node has for districts: the name of another node of its kind for each.

    `ask`: the menu that asks a caller of whom nobody knows the district; None: nobody asks.
    """

    of: Mapping[str, str]
    ask: str | None


class Tree(Protocol):
    """All menus of one version of a hotline, as the interpreter walks them."""

    @property
    def goodbye(self) -> Texts: ...
    @property
    def menus(self) -> Mapping[str, Menu]: ...
    @property
    def scopes(self) -> Mapping[str, Scope]: ...
    @property
    def inputs(self) -> Mapping[str, Input]: ...
    @property
    def timetable(self) -> Timetable: ...
    def gate(self, node: NodeId | None) -> Gated | None:
        """The hours of a node; node None: of the whole hotline. None: there is no such node."""

    def beginning(self, number: str, known: Mapping[str, str]) -> Beginning:
        """How a call to this dialled number begins, with what is known of the caller."""

    def variants(self, node: NodeId) -> Variants | None:
        """What a queue or a sub-hotline has for districts; None: nothing."""


def with_following(destination: Destination, *, closed: bool = True) -> Iterator[Destination]:
    """The destination and all that may follow it. `closed`: also where calls go while it is closed."""
    yield destination
    after = [*destination.after.values()]
    if closed and destination.closed is not None:
        after.append(destination.closed)
    for then in after:
        yield from with_following(then, closed=closed)


def to_person(tree: Tree, entry: Destination) -> Destination | None:
    """The way to a person from where calls enter, of a menu by key 0 or without a key; None: there is none."""
    ways: tuple[Destination | None, ...] = (entry,)
    if isinstance(entry, ToMenu):
        menu = tree.menus[entry.menu]
        ways = (menu.keys.get("0"), menu.no_input.then)
    return next((way for way in ways if way is not None and way.person), None)
