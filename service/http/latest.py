"""What the event stream tells whole whenever it changes: emergency messages, the supervisors' news, a version's trial,
the hotline's zone, who listens to which talk.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict

from accounts.model import Reach
from accounts.roles import Permission
from calls.listen_api import listening_out
from calls.listeners import Listening
from calls.trials import LastTrial
from journal.records import Kind
from web.fields import iso

Source = Callable[[], list[str]]
"""Gives the JSON of each thing of the kind."""


class Latest:
    """name        in a message, where it is a list
    source      what is so now
    kinds       Records after which it may be another
    permission  who is told
    """

    def __init__(self, name: str, source: Source, kinds: Collection[Kind], permission: Permission) -> None:
        self.name, self.kinds, self.permission = name, frozenset(kinds), permission
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


def emergency_of(source: Source) -> Latest:
    """The messages that are on."""
    kinds = (Kind.EMERGENCY_ON, Kind.EMERGENCY_ENDING, Kind.EMERGENCY_OVER)
    return Latest("emergency", source, kinds, Permission.SEE_EMERGENCY)


def notice_of(source: Source) -> Latest:
    """The supervisors' line of news."""
    return Latest("notice", source, (Kind.NOTICE,), Permission.SEE_NOTICE)


def trial_of(source: Callable[[], LastTrial | None]) -> Latest:
    """The trial that runs, or the last one. Its figures change with every call: `GET versions` has them."""

    def told() -> list[str]:
        found = source()
        if found is None:
            return []
        ended = None if found.ended is None else iso(found.ended)
        return [json.dumps({**asdict(found), "since": iso(found.since), "ended": ended})]

    return Latest("trial", told, (Kind.TRIAL_STARTED, Kind.TRIAL_ENDED), Permission.READ_FILES)


def zone_of(source: Callable[[], str]) -> Latest:
    """The hotline's time zone, in which people are told times."""
    return Latest("timezone", lambda: [json.dumps(source())], (Kind.HOTLINE_CHANGED,), Permission.SEE_QUEUES)


class Listened:
    """Who listens to which talk. `source`: all listenings that have not ended."""

    def __init__(self, source: Callable[[], Sequence[Listening]]) -> None:
        self._source = source
        self._seen: list[Listening] = []
        self._number = -1

    def look(self, number: int) -> bool:
        """Whether anything changed. `number`: of this look."""
        now = list(self._source())
        if now == self._seen:
            return False
        self._seen, self._number = now, number
        return True

    def since(self, told: int, reach: Reach) -> list[str] | None:
        """The JSON of all that a client of that reach may see; None: nothing changed since the look `told`."""
        if self._number <= told and told >= 0:
            return None
        return [listening_out(each).model_dump_json() for each in self._seen if reach.has_call(each.queue, None, None)]
