"""`./wutong report day AGENT`: an agent's day as lines of an hour each, a cell a minute, and its sums."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import typer

from commands.client import Client
from commands.options import say
from reports.day import LOOKS, Activity
from sentences.languages import language_here
from sentences.sentence import Sentence

MINUTE, HOUR = 60_000, 3_600_000
"""Milliseconds."""


class Line(NamedTuple):
    """An hour. `begin`: on the hotline's clock. `cells`: what the agent did most of each minute; None: signed out."""

    begin: str
    cells: Sequence[Activity | None]


def show(client: Client, agent: str, date: str | None, *, as_json: bool) -> None:
    """Print the day. `date`: as 2025-03-03; None: today. Raises Refused."""
    day = client.agent_day(agent, date)
    if as_json:
        typer.echo(json.dumps(day, ensure_ascii=False))
        return
    say(Sentence("{agent} {name}, {date} ({zone})", agent=day["agent"], name=day["name"], **_when(day)))
    if not day["spans"]:
        say(Sentence("not signed in on this day"))
        return
    _print(day)
    say(Sentence("Rings not answered: {count}", count=day["missed"]))


def _when(day: Mapping[str, Any]) -> Mapping[str, str]:
    return {"date": day["date"], "zone": day["timezone"]}


def lines(spans: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> Iterator[Line]:
    """From the hour of the first span to that of the last. `spans`: as HTTP has them, in order."""
    times = [(_milliseconds(span["from"]), _milliseconds(span["until"]), Activity(span["kind"])) for span in spans]
    first = datetime.fromtimestamp(times[0][0] / 1_000, zone)
    hour = _milliseconds(first.replace(minute=0, second=0, microsecond=0).isoformat())
    minutes: dict[int, Counter[Activity]] = {}
    for begin, end, activity in times:
        for number in range((begin - hour) // MINUTE, (end - 1 - hour) // MINUTE + 1):
            at = hour + number * MINUTE
            minutes.setdefault(number, Counter())[activity] += min(end, at + MINUTE) - max(begin, at)
    for number in range(0, max(minutes) + 1, 60):
        cells = [minutes[each].most_common(1)[0][0] if each in minutes else None for each in range(number, number + 60)]
        yield Line(f"{datetime.fromtimestamp((hour + number * MINUTE) / 1_000, zone):%H:%M}", cells)


def _milliseconds(written: str) -> int:
    return round(datetime.fromisoformat(written).timestamp() * 1_000)


def _print(day: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False, soft_wrap=True)
    for line in lines(day["spans"], ZoneInfo(day["timezone"])):
        text = Text(f"{line.begin} ")
        for cell in line.cells:
            text.append(*(" ", "") if cell is None else (LOOKS[cell].mark, LOOKS[cell].terminal))
        text.rstrip()
        console.print(text)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    for each, seconds in zip(day["sums"], whole_seconds([each["ms"] for each in day["sums"]]), strict=True):
        look = LOOKS[Activity(each["kind"])]
        name = look.zh if language_here() == "zh" else look.en
        words = f"{look.mark} {': '.join(filter(None, (name, each['reason'])))}"
        share = 100 * each["ms"] / day["signed_in_ms"]
        table.add_row(Text(words, look.terminal), _clock(seconds), f"{share:.1f} %")
    table.add_row("=", _clock(round(day["signed_in_ms"] / 1_000)), "")
    console.print(table)


def whole_seconds(milliseconds: Sequence[int]) -> list[int]:
    """Seconds to show, which add up to the rounded sum: what is rounded off is left to the next."""
    marks = [0, *(round(so_far / 1_000) for so_far in accumulate(milliseconds))]
    return [after - before for before, after in pairwise(marks)]


def _clock(seconds: int) -> str:
    return f"{seconds // 3_600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
