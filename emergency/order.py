"""What somebody asks for: a message to be switched on, or another end of the one that is on. Pure."""

from collections.abc import Collection, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from emergency.model import AFTER, GOODBYE, PERSON, WHERE, WHOLE, When
from sentences.sentence import Sentence, listed
from sounds.model import LONGEST

UNTIL = r"^[0-9][0-9:：.smhdTZ+ -]*$"
"""What the end of a message is written with; `emergency.model` reads it."""

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Take = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


Texts = Annotated[dict[Language, Annotated[str, Field(max_length=LONGEST)]], Field(max_length=20)]


class WrongOrder(ValueError):
    """It cannot be done as it is asked for. The sentence says why."""


class InDraft(Exception):
    """Nothing was switched on: only the draft voice can speak these languages here, and nobody has said that this is
    meant. `takes`: by language, how it sounds.
    """

    def __init__(self, takes: Mapping[str, str]) -> None:
        super().__init__(
            Sentence(
                "Nothing is on yet, as only the draft voice can speak {names} here, and callers hardly "
                "understand it: record it instead, or send `draft: true` to switch it on all the same.",
                names=listed(takes),
            )
        )
        self.takes = takes


class EmergencyIn(BaseModel):
    """The message, or only another end for the one that is on: then `texts` and `recordings` are left out."""

    model_config = ConfigDict(extra="forbid")

    where: Annotated[str, Field(pattern=WHERE)] | None = Field(
        default=None,
        description="Only callers who come there hear it: `queue:ID`, `sub_hotline:ID` or `menu:ID`. Left out: "
        "all new callers.",
        examples=["queue:water"],
    )
    mode: When = Field(
        default=When.BEFORE,
        description="`before`: callers hear it, then the greeting and the menus, or what follows there. `instead`: "
        "they hear it twice, then what `after` says.",
    )
    after: Annotated[str, Field(pattern=AFTER)] = Field(
        default=GOODBYE,
        description="After a message `instead` of the menus: `goodbye`, `person` (the way of key 0, or of who presses "
        "nothing), `queue:ID` or `sub_hotline:ID`.",
        examples=["person", "queue:general"],
    )
    texts: Texts = Field(
        default={},
        description="By language: the voice speaks it. Beside a recording of that language: the words of that.",
        examples=[{"zh": "虹口区发生燃气泄漏，请勿前往。", "en": "There is a gas leak in Hongkou. Please stay away."}],
        json_schema_extra={"additionalProperties": False},
    )
    recordings: Annotated[dict[Language, Take], Field(max_length=20)] = Field(
        default={},
        description="By language: a `take` of `POST /emergency/takes`.",
        json_schema_extra={"additionalProperties": False},
    )
    until: Annotated[str, Field(max_length=40, pattern=UNTIL)] | None = Field(
        default=None,
        description="A time of the hotline's clock (`06:00`), how long (`2h`), or ISO 8601. Left out: as the setting "
        "`emergency.hours` says.",
        examples=["06:00"],
    )
    draft: StrictBool = Field(
        default=False,
        description="True: also where only the draft voice can speak it, which callers hardly understand.",
    )

    @property
    def node(self) -> str:
        """WHOLE, or the node."""
        return self.where or WHOLE

    @property
    def renews(self) -> bool:
        """Whether it only gives the message that is on another end."""
        return not (self.texts or self.recordings)


class WordsIn(BaseModel):
    """Words to be heard, not to be switched on."""

    model_config = ConfigDict(extra="forbid")

    texts: Annotated[Texts, Field(min_length=1)] = Field(
        description="By language: the voice speaks it.",
        examples=[{"zh": "虹口区发生燃气泄漏，请勿前往。"}],
        json_schema_extra={"additionalProperties": False},
    )


def check(
    order: EmergencyIn, languages: Collection[str], nodes: Mapping[str, Collection[str]], *, person: bool
) -> None:
    """Raises WrongOrder for what this hotline does not have.

    `nodes`: its ids of `queue`, `sub_hotline` and `menu`; `person`: whether its entry has a way to a person.
    """
    for language in (*order.texts, *order.recordings):
        if language not in languages:
            raise WrongOrder(
                Sentence(
                    "This hotline does not speak {language}; its languages are {names}.",
                    language=language,
                    names=listed(languages),
                )
            )
    if order.after != GOODBYE and order.mode is not When.INSTEAD:
        raise WrongOrder(
            Sentence("`after` is for the mode `instead`: after a message before the menus come the menus.")
        )
    for written in (order.node, order.after):
        section, _, name = written.partition(":")
        if name and name not in nodes[section]:
            there = listed(nodes[section]) or Sentence("none")
            raise WrongOrder(
                Sentence(
                    "This hotline has no {section} {name}; there are: {names}.", section=section, name=name, names=there
                )
            )
    if order.mode is When.INSTEAD and order.after == order.node:
        raise WrongOrder(Sentence("`after` leads to where the message is: use the mode `before`."))
    if order.after == PERSON and not person:
        raise WrongOrder(
            Sentence("Its first menu has no way to a person, neither by key 0 nor without a key: name a queue.")
        )
