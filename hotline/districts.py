"""Districts of a city: who calls from which. Pure."""

from collections.abc import Mapping
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

from hotline.callers import SEPARATORS, Pattern, bare
from ivr.model import Name
from sounds.model import Texts


class District(BaseModel):
    """A district, and who calls from there unless the caller says otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Texts = Field(
        description="Shown, not spoken; 80 characters at most.", examples=[{"zh": "虹口区", "en": "Hongkou"}]
    )
    numbers: Annotated[tuple[Pattern, ...], Field(min_length=1)] = Field(
        default=(),
        description="Numbers of callers there; `*` at the end: all that begin so. The longest beginning counts.",
        examples=[["0216252*"]],
    )
    callers: Annotated[tuple[Name, ...], Field(min_length=1)] = Field(
        default=(),
        description="Lists of callers who are there, whatever their numbers.",
        examples=[["hongkou-offices"]],
    )


class Divided(Protocol):
    """A queue or a sub-hotline that may have one of its kind for each district."""

    @property
    def districts(self) -> Mapping[str, str]: ...
    @property
    def ask(self) -> str | None: ...


def district_of(caller: str, listed: str | None, districts: Mapping[Name, District]) -> Name | None:
    """The district of a caller by the list, else by the number; None: nobody knows."""
    for name, district in districts.items():
        if listed is not None and listed in district.callers:
            return name
    written = SEPARATORS.sub("", caller)
    best: tuple[int, Name] | None = None
    for name, district in districts.items():
        length = max((_fits(written, pattern) for pattern in district.numbers), default=0)
        if length > (best[0] if best else 0):
            best = length, name
    return best[1] if best else None


def _fits(written: str, pattern: str) -> int:
    """How many characters of the number the pattern tells; 0: it is another number."""
    if pattern.endswith("*"):
        return len(pattern) - 1 if written.startswith(pattern[:-1]) else 0
    return len(written) + 1 if bare(written) == bare(pattern) else 0
