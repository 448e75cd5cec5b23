"""What the daily sheet says: the figures of one day beside those of the day before and of a week before. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reports.figures.model import Figure, Unit
from reports.kinds import FIGURES
from reports.periods import DayKind
from reports.sums import Dimension, Sums

MOST_PARTS = 10
"""Lines of the table of queues: the busiest, and one for all others together."""

SHOWN = (
    *("calls", "calls_reached", "entries", "offered", "answered", "abandoned", "abandoned_short", "abandon_rate"),
    *("asa", "longest_wait", "interactions", "aht", "transfers_blind", "transfers_consult", "callbacks"),
    *("callbacks_on_time", "messages", "first_contact", "surveys_complete", "score", "direct_answers"),
)
"""Ids of the figures, beside the service level that is set."""

LEVEL = "level"
"""Stands for the id of the service level that is set."""

OF_PARTS: Mapping[Dimension, tuple[str, ...]] = {
    Dimension.QUEUE: ("offered", "answered", "abandoned", LEVEL, "asa", "longest_wait"),
    Dimension.SUB_HOTLINE: ("lines", "lines_answered", "line_talk"),
}
"""Ids of the figures of each line in the table of queues, or of sub-hotlines."""

CALLBACKS_OVER = frozenset(
    {"callbacks_connected", "callbacks_not_reached", "callbacks_cancelled", "callbacks_otherwise"}
)
"""The sums of callbacks that are over, each of which has one end."""

Value = float | None


@dataclass(frozen=True, slots=True)
class Part:
    """A queue or a sub-hotline. `name` "": all others together. `values`: as `Sheet.columns`."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands on it.

    kind     None: no calendar has that year
    aim      the service level that the queues are to reach: per cent and seconds; None: not all queues have the same
    figures  of each its values of the day, of the day before and of a week before; None: there is nothing to make it of
    hours    of each hour of the day: answered, abandoned
    columns  the figures of `parts`
    since    the beginning of what is counted, if that is not before all three days
    version  of the menu tree in use
    """

    name: str
    numbers: tuple[str, ...]
    day: date
    kind: DayKind | None
    language: str
    level: Figure
    aim: tuple[float, float] | None
    figures: Mapping[str, tuple[Value, Value, Value]]
    hours: tuple[tuple[int, int], ...]
    dimension: Dimension
    columns: tuple[Figure, ...]
    parts: tuple[Part, ...]
    since: datetime | None
    version: str
    at: datetime

    @property
    def known(self) -> bool:
        """The day was counted. If not, all its values are None."""
        return self.figures["calls"][0] is not None


def compared(day: date) -> tuple[date, date, date]:
    """The day, the day before, and the same weekday a week before."""
    return day, day - timedelta(days=1), day - timedelta(days=7)


def figures_of(
    day: date, days: Mapping[date, Sums], since: date | None, level: Figure
) -> dict[str, tuple[Value, Value, Value]]:
    """Id → the values of the three days. `days`: the sums of those on which something happened. `since`: the first day
    that is counted; None: nothing was ever counted. Of a day before that nothing is known, and a 0 would be wrong.

    The share of the callbacks in time is None while callbacks of the day may still be dialled for the first time: the
    sheet is signed, and that share would change afterwards.
    """
    known = [None if since is None or each < since else days.get(each, Sums()) for each in compared(day)]

    def values(figure: Figure) -> tuple[Value, Value, Value]:
        first, second, third = (
            None if sums is None or (figure.id == "callbacks_on_time" and _waiting(sums)) else figure(sums)
            for sums in known
        )
        return first, second, third

    return {name: values(level if name == level.id else FIGURES[name]) for name in (level.id, *SHOWN)}


def _waiting(sums: Sums) -> bool:
    """Callbacks may still be dialled for the first time. Some that were dialled may have been cancelled afterwards."""
    over: int = sum(getattr(sums, each) for each in CALLBACKS_OVER)
    return sums.callbacks > max(sums.callbacks_tried, over)


def parts_of(
    sums: Mapping[str, Sums], called: Mapping[str, str], columns: tuple[Figure, ...], most: int = MOST_PARTS
) -> tuple[Part, ...]:
    """The busiest first, by the first column; what does not fit is summed up in the last line. `called`: id → name."""
    busiest = sorted(sums, key=lambda each: (-(columns[0](sums[each]) or 0), each))
    kept = busiest if len(busiest) <= most else busiest[: most - 1]
    made = [Part(called.get(each) or each, tuple(figure(sums[each]) for figure in columns)) for each in kept]
    if len(kept) < len(busiest):
        rest = Sums()
        for each in busiest[len(kept) :]:
            rest.add(sums[each])
        made.append(Part("", tuple(figure(rest) for figure in columns)))
    return tuple(made)


def shown(value: Value, unit: Unit, language: str) -> str:
    """A value as people read it; a dash: there is none."""
    if value is None:
        return "–"
    match unit:
        case Unit.PERCENT:
            return f"{value:.2f}%"
        case Unit.SECONDS:
            return _time(value, *(("时", "分", "秒") if language == "zh" else ("h", "min", "s")))
        case Unit.SCORE:
            return f"{value:.2f}"
    return f"{value:,.10g}"


def _time(seconds: float, h: str, min_: str, s: str) -> str:
    """With a tenth below a minute: `8.3 s`, `5 min 12 s`, `2 h 2 min 5 s`."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} {s}"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours} {h} " if hours else "") + f"{minutes} {min_} {rest} {s}"
