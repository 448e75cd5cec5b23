"""Figures: each is one function of sums, and its docstring defines it. Pure.

A docstring has the definition in English, the formula by the names of `reports.sums.Sums` (left out: the figure is one
of them), the kinds of Records that it comes from, and the definition in Chinese. From here they get to docs/reports.md
and into the console.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reports.sums import MEASURES, Dimension, Sums

D = Dimension


class Family(StrEnum):
    """Figures that are known of the same dimensions."""

    ENTRIES = "entries"
    TALKS = "talks"
    CONTACTS = "contacts"
    STATES = "states"
    BREAKS = "breaks"
    LIMITED_BREAKS = "limited-breaks"
    TRANSFERS = "transfers"
    CALLS = "calls"
    LINES = "lines"
    MENUS = "menus"
    SCOPES = "scopes"
    CALLBACKS = "callbacks"
    SURVEYS = "surveys"
    SOUND = "sound"


_CALL = (D.HOTLINE, D.NUMBER, D.LANGUAGE, D.DISTRICT, D.VERSION)

DIMENSIONS: Mapping[Family, tuple[Dimension, ...]] = {
    Family.ENTRIES: (*_CALL, D.QUEUE),
    Family.TALKS: (D.HOTLINE, D.QUEUE, D.AGENT),
    Family.CONTACTS: (D.HOTLINE, D.QUEUE),
    Family.STATES: (D.HOTLINE, D.AGENT),
    Family.BREAKS: (D.HOTLINE, D.AGENT, D.BREAK),
    Family.LIMITED_BREAKS: (D.HOTLINE, D.AGENT, D.BREAK),
    Family.TRANSFERS: (D.HOTLINE, D.QUEUE, D.AGENT, D.DESTINATION),
    Family.CALLS: _CALL,
    Family.LINES: (*_CALL, D.SUB_HOTLINE),
    Family.MENUS: (D.MENU, D.KEY),
    Family.SCOPES: (D.SCOPE,),
    Family.CALLBACKS: (D.HOTLINE, D.QUEUE),
    Family.SURVEYS: (D.HOTLINE, D.QUEUE, D.AGENT),
    Family.SOUND: (D.HOTLINE, D.PHONE, D.NETWORK),
}


class Unit(StrEnum):
    COUNT = "count"
    PERCENT = "percent"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Figure:
    """`zh`, `en`: its name. `of`: the figure; None: there is nothing to make it of. `measures`: the sums it needs."""

    id: str
    family: Family
    unit: Unit
    zh: str
    en: str
    definition: str
    definition_zh: str
    formula: str
    source: str
    of: Callable[[Sums], float | None]
    measures: frozenset[str]

    def __call__(self, sums: Sums) -> float | None:
        """Rounded: percent and scores to two digits, times to a tenth."""
        value = self.of(sums)
        return None if value is None else round(value, 1 if self.unit in (Unit.SECONDS, Unit.MILLISECONDS) else 2)


_CHINESE, _FORMULA, _SOURCE = "中文：", "Formula: ", "Source: "


def figure(family: Family, unit: Unit, zh: str, en: str) -> Callable[[Callable[[Sums], float | None]], Figure]:
    """Make a figure of the function, with its name."""

    def made(of: Callable[[Sums], float | None]) -> Figure:
        text = " ".join((of.__doc__ or "").split())
        told, _, chinese = text.partition(f" {_CHINESE}")
        told, _, source = told.partition(f" {_SOURCE}")
        definition, _, formula = told.partition(f" {_FORMULA}")
        used = {*of.__code__.co_names}
        if "offered" in used:
            used |= {"answered", "abandoned"}
        measures = frozenset(used & {*MEASURES, "waits"})
        formula = formula or "".join(measures)
        return Figure(of.__name__, family, unit, zh, en, definition, chinese, formula, source, of, measures)

    return made


def share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def mean(ms: int, count: int) -> float | None:
    """Seconds of milliseconds, and milliseconds of microseconds."""
    return ms / count / 1000 if count else None


def seconds(ms: float | None) -> float | None:
    return None if ms is None else ms / 1000
