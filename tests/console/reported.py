"""Calls of some days for the page Reports."""

import math
from collections.abc import Iterator

from journal.records import Kind, Record
from tests.unit.reports.stories import abandoned, began, finished, in_order, queued

DAY, HOUR = 86_400.0, 3_600.0
QUEUES = ("greening", "water", "gas", "roads", "lighting", "waste", "heating", "general")


def short(call: str, at: float, queue: str, wait: float) -> list[Record]:
    """A call from the main menu to a queue whose agent answers. What the agent does is left out."""
    connected = {"waited_s": wait, "in_service_level": wait <= 15}
    return [
        began(call, at),
        Record(at, Kind.MENU_ENTERED, call, data={"menu": "main", "language": "zh"}),
        Record(at + 5, Kind.KEY_PRESSED, call, data={"key": str(QUEUES.index(queue) + 1), "menu": "main"}),
        queued(call, at + 6, queue),
        Record(at + 6 + wait, Kind.CONNECTED, call, queue, "1001", f"o-{call}", connected),
        Record(at + 96 + wait, Kind.TALK_ENDED, call, queue, "1001", data={"by": "caller", "talked_s": 90.0}),
        finished(call, at + 96 + wait),
    ]


def left(call: str, at: float) -> list[Record]:
    """The caller hangs up in the main menu."""
    entered = Record(at, Kind.MENU_ENTERED, call, data={"menu": "main", "language": "zh"})
    return [began(call, at), entered, finished(call, at + 8)]


def week(now: float) -> list[Record]:
    """Seven days up to `now`, with busy mornings and quiet nights."""
    return in_order(*_calls(now))


def _calls(now: float) -> Iterator[list[Record]]:
    midnight = now - (now + 8 * HOUR) % DAY
    for day in range(7):
        for hour in range(7, 21):
            for number, queue in enumerate(QUEUES):
                at = midnight - day * DAY + hour * HOUR + 71 * number
                busy = math.exp(-(((hour - 10 - number % 3) / 3) ** 2)) * (1 + number % 4)
                for nth in range(round(busy)):
                    call = f"w{day}-{hour}-{number}-{nth}"
                    if at + 600 * nth < now - 300:
                        gives_up = (number + nth + hour) % 9 == 0
                        yield (
                            abandoned(call, at + 600 * nth, 30, queue)
                            if gives_up
                            else short(call, at + 600 * nth, queue, 4.0 + 5 * nth + number)
                        )
