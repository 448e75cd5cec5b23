"""The emergency messages, for the event stream: whenever one is switched, gets another end, or ends."""

from collections.abc import Callable

from journal.records import Kind

WARNINGS = frozenset({Kind.EMERGENCY_ON, Kind.EMERGENCY_ENDING, Kind.EMERGENCY_OVER})
"""Records after which it may be another."""


class Warned:
    """`source`: the JSON of each message that is on."""

    def __init__(self, source: Callable[[], list[str]]) -> None:
        self._source = source
        self._seen: list[str] = []
        self._number = -1

    def look(self, number: int) -> bool:
        """Whether it changed. `number`: of this look."""
        now = self._source()
        if now == self._seen:
            return False
        self._seen, self._number = now, number
        return True

    def since(self, told: int) -> list[str] | None:
        """Their JSON; None: nothing changed since the look `told`, or there is nothing to tell at first."""
        if told < 0:
            return self._seen or None
        return None if self._number <= told else self._seen
