"""The emergency message, for the event stream: whenever it is switched, gets another end, or ends."""

from collections.abc import Callable

from journal.records import Kind

WARNINGS = frozenset({Kind.EMERGENCY_ON, Kind.EMERGENCY_ENDING, Kind.EMERGENCY_OVER})
"""Records after which it may be another."""


class Warned:
    """`source`: the JSON of the message that is on; None: there is none."""

    def __init__(self, source: Callable[[], str | None]) -> None:
        self._source = source
        self._seen: str | None = None
        self._number = -1

    def look(self, number: int) -> bool:
        """Whether it changed. `number`: of this look."""
        now = self._source()
        if now == self._seen:
            return False
        self._seen, self._number = now, number
        return True

    def since(self, told: int) -> list[str] | None:
        """Its JSON, [] for none; None: nothing changed since the look `told`, or there is nothing to tell at first."""
        if told < 0:
            return None if self._seen is None else [self._seen]
        if self._number <= told:
            return None
        return [] if self._seen is None else [self._seen]
