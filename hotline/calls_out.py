"""Calls that the hotline makes to citizens: which numbers may be dialled, and which number citizens see. Pure.

Such a call costs money, and whoever has stolen an account tries numbers abroad and expensive ones. So only numbers of
the forms that `hotline.yaml` lists may be dialled, and none at all without a list.
"""

import re
from collections.abc import Collection
from functools import cached_property
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from base.numbers import plain
from sentences.sentence import Sentence

_PLACE = re.compile(r"[0-9x]|\[((?:[0-9](?:-[0-9])?)+)\]")
_RANGE = re.compile(r"([0-9])-([0-9])")
FEWEST, MOST = 3, 20
"""Digits of a number of a form."""

_WIDE = {0xFF0B: "+", 0xFF0D: "-", 0xFF08: "(", 0xFF09: ")", **{0xFF10 + digit: str(digit) for digit in range(10)}}
"""Full-width characters, as an input method for Chinese writes them."""
_BETWEEN = re.compile(r"[\s()./_-]+")
_NUMBER = re.compile(r"\+?[0-9]{1,20}")


def _form(form: str) -> str:
    places = [place.group() for place in _PLACE.finditer(form)]
    if "".join(places) != form or not FEWEST <= len(places) <= MOST:
        raise ValueError(
            Sentence("write {fewest} to {most} digits; x is any digit, [3-9] one of these", fewest=FEWEST, most=MOST)
        )
    if any(first > last for first, last in _RANGE.findall(form)):
        raise ValueError(Sentence("write the smaller digit first, as in [3-9]"))
    return form


Form = Annotated[str, Field(min_length=FEWEST, max_length=100), AfterValidator(_form)]
"""The form of numbers: digits, `x` for any digit, `[3-9]` or `[357]` for one of these."""


class CallsOut(BaseModel):
    """Which citizens agents may call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allowed: Annotated[tuple[Form, ...], Field(min_length=1, max_length=100)] = Field(
        description="The forms of the numbers that may be dialled, as the trunk dials them: digits, x for any digit, "
        "[3-9] for one of these.",
        examples=[["1[3-9]xxxxxxxxx", "021xxxxxxxx"]],
    )
    country: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")] | None = Field(
        default=None,
        description="The own country's code: numbers that begin with + or 00 and this code are dialled without it.",
        examples=["86"],
    )

    @cached_property
    def forms(self) -> re.Pattern[str]:
        """What fits every number of these forms, and no other."""
        return re.compile("|".join(form.replace("x", "[0-9]") for form in self.allowed))


class Allowed(NamedTuple):
    """A number that may be dialled.

    number  as it was given, without what stands between its digits
    dial    as the trunk dials it
    """

    number: str
    dial: str


class NotAllowed(Exception):
    """The number may not be dialled; the message says why."""


def to_dial(given: str, rule: CallsOut | None, own: Collection[str]) -> Allowed:
    """How the number is dialled. `rule`: the hotline's; None: nobody may be called. `own`: numbers that are not
    citizens'.

    Raises NotAllowed.
    """
    number = _BETWEEN.sub("", given.translate(_WIDE))
    if rule is None:
        raise NotAllowed(Sentence("This hotline calls no citizens: hotline.yaml has no `calls_out`."))
    if not _NUMBER.fullmatch(number):
        raise NotAllowed(Sentence("A telephone number has 1 to 20 digits, and + at the beginning only; this is none."))
    ways = _ways(number, rule.country)
    if not {plain(way) for way in (number, *ways)}.isdisjoint(map(plain, own)):
        raise NotAllowed(Sentence("{number} belongs to the hotline, and is not a citizen's.", number=number))
    for way in ways:
        if rule.forms.fullmatch(way):
            return Allowed(number, way)
    if ways[0].startswith("00"):
        raise NotAllowed(
            Sentence("{number} is abroad, and `calls_out` of the hotline does not allow it.", number=number)
        )
    raise NotAllowed(Sentence("`calls_out` of the hotline does not allow {number}.", number=number))


def _ways(number: str, country: str | None) -> tuple[str, ...]:
    """In which a number without separators may be dialled; the first that is allowed counts."""
    national = _national(number, country)
    if national is not None:
        return national, f"0{national}"
    return (f"00{number[1:]}",) if number.startswith("+") else (number,)


def _national(number: str, country: str | None) -> str | None:
    """The number without the own country's code; None: it does not begin with that."""
    codes = () if country is None else (f"+{country}", f"00{country}")
    return next((number.removeprefix(code) for code in codes if number.startswith(code)), None)


def alike(number: str, rule: CallsOut | None) -> frozenset[str]:
    """The bare forms (`base.numbers.plain`) under which the same citizen may be known, with the country's code and
    without.
    """
    country = None if rule is None else rule.country
    national = _national(number, country)
    if national is not None:
        return frozenset((plain(number), plain(national)))
    return frozenset((plain(number), (country or "") + plain(number)))


def goes_abroad(form: str) -> bool:
    """Whether numbers of this form may begin with 00."""
    places = [place.group().replace("x", "[0-9]") for place in _PLACE.finditer(form)]
    return all(re.fullmatch(place, "0") for place in places[:2])
