"""The last hour of each queue in the event stream: once a minute, as a whole."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.model import Reach
from acd.api import QueueSource, last_hour_out

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class _Hour:
    """What was told of a queue, the JSON for clients, and the look that saw it change."""

    waiting: tuple[int | None, ...]
    json: str
    number: int


class Hours:
    """`now`: seconds since the epoch."""

    def __init__(self, source: QueueSource, now: Callable[[], float]) -> None:
        self._source, self._now = source, now
        self._minute = -1.0
        self._hours: dict[str, _Hour] = {}

    def look(self, number: int) -> bool:
        """Look at every queue if another minute has begun; whether anything changed. `number`: of this look."""
        minute = self._now() // MINUTE
        if minute == self._minute:
            return False
        self._minute, changed = minute, False
        for name in self._source.queues():
            hour, seen = self._source.last_hour(name), self._hours.get(name)
            if seen is None or seen.waiting != hour.waiting:
                self._hours[name] = _Hour(hour.waiting, last_hour_out(name, hour).model_dump_json(), number)
                changed = True
        return changed

    def since(self, told: int, reach: Reach) -> list[str]:
        """The JSON of what is new to a client of that reach that was told up to the look `told`."""
        return [hour.json for name, hour in self._hours.items() if hour.number > told and reach.has_queue(name)]

    def next_look(self) -> float:
        """Seconds until another minute begins."""
        return MINUTE - self._now() % MINUTE

    def clear(self) -> None:
        """Forget all; the next look is at everything."""
        self._minute, self._hours = -1.0, {}
