"""What the event stream has beside queues and agents: callers who wait, emergency messages, the supervisors' news, a
trial, the zone, who listens, whether the callbacks have changed.
"""

import json
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass

from accounts.model import Reach
from accounts.roles import Permission
from acd.api import last_hour_out
from acd.callers import Standing
from acd.callers_api import standing_out
from agents.api import colleague_out
from calls.listen_api import listening_out
from calls.listeners import Listening
from calls.targets_api import colleagues
from calls.trials import LastTrial
from events.board import Board
from hotline.model import Hotline
from journal.records import Kind
from messages.model import CHANGING
from web.fields import iso

Source = Callable[[], list[str]]
"""Gives the JSON of each thing of the kind."""


class Latest:
    """name        in a message, where it is a list
    source      what is so now
    kinds       Records that may have changed it
    permission  who gets it
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

    def since(self, last: int) -> list[str] | None:
        """Their JSON; None: nothing changed since the look `last`, or there is nothing to send at first."""
        if last < 0:
            return self._seen or None
        return None if self._number <= last else self._seen


def emergency_of(source: Source) -> Latest:
    """The messages that are on."""
    kinds = (Kind.EMERGENCY_ON, Kind.EMERGENCY_ENDING, Kind.EMERGENCY_OVER)
    return Latest("emergency", source, kinds, Permission.SEE_EMERGENCY)


def notice_of(source: Source) -> Latest:
    """The supervisors' line of news."""
    return Latest("notice", source, (Kind.NOTICE,), Permission.SEE_NOTICE)


def messages_of(changes: Callable[[], int]) -> Latest:
    """That the list of messages has changed: clients ask `GET /messages` then."""
    kinds = (*CHANGING, Kind.AGENT_STATE, Kind.CALL_OUT_ANSWERED)
    return Latest("messages", lambda: [json.dumps({"changes": changes()})], kinds, Permission.MESSAGES)


def trial_of(source: Callable[[], LastTrial | None]) -> Latest:
    """The trial that runs, or the last one. Its figures change with every call: `GET versions` has them."""

    def latest() -> list[str]:
        found = source()
        if found is None:
            return []
        ended = None if found.ended is None else iso(found.ended)
        return [json.dumps({**asdict(found), "since": iso(found.since), "ended": ended})]

    return Latest("trial", latest, (Kind.TRIAL_STARTED, Kind.TRIAL_ENDED), Permission.READ_FILES)


def callbacks_of(changes: Callable[[], int]) -> Latest:
    """Another number of `changes` says that the list of callbacks is another one."""
    return Latest("callbacks", lambda: [json.dumps({"changes": changes()})], (), Permission.CALLBACKS)


def zone_of(source: Callable[[], str]) -> Latest:
    """The hotline's time zone, in which people see times."""
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

    def since(self, last: int, reach: Reach) -> list[str] | None:
        """The JSON of all that a client of that reach may see; None: nothing changed since the look `last`."""
        if self._number <= last and last >= 0:
            return None
        return [listening_out(each).model_dump_json() for each in self._seen if reach.has_call(each.queue, None, None)]


MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class _Hour:
    """What was sent of a queue, the JSON for clients, and the look that saw it change."""

    waiting: tuple[int | None, ...]
    json: str
    number: int


class Hours:
    """The last hour of each queue: once a minute, as a whole. `now`: seconds since the epoch."""

    def __init__(self, board: Board, now: Callable[[], float]) -> None:
        self._board, self._now = board, now
        self._minute = -1.0
        self._hours: dict[str, _Hour] = {}

    def look(self, number: int) -> bool:
        """Look at every queue if another minute has begun; whether anything changed. `number`: of this look."""
        minute = self._now() // MINUTE
        if minute == self._minute:
            return False
        self._minute, changed = minute, False
        for name in self._board.queues():
            hour, seen = self._board.last_hour(name), self._hours.get(name)
            if seen is None or seen.waiting != hour.waiting:
                self._hours[name] = _Hour(hour.waiting, last_hour_out(name, hour).model_dump_json(), number)
                changed = True
        return changed

    def since(self, last: int, reach: Reach) -> list[str]:
        """The JSON of what is new to a client of that reach that has all up to the look `last`."""
        return [hour.json for name, hour in self._hours.items() if hour.number > last and reach.has_queue(name)]

    def next_look(self) -> float:
        """Seconds until another minute begins."""
        return MINUTE - self._now() % MINUTE

    def clear(self) -> None:
        """Forget all; the next look is at everything."""
        self._minute, self._hours = -1.0, {}


class Colleagues:
    """For an agent's desk: who the colleagues are, and whether they are free. `hotline`: the one in use."""

    def __init__(self, board: Board, hotline: Callable[[], Hotline]) -> None:
        self._board, self._hotline = board, hotline
        self._seen: dict[str, tuple[str, int]] = {}  # JSON, and the look that saw the agent change

    def look_at_all(self, number: int) -> None:
        """Forget what was, and look at everybody. `number`: of this look."""
        known = [agent.id for agent in colleagues(self._hotline())]
        self._seen = {agent_id: (self._json(agent_id), number) for agent_id in known}

    def look_at(self, touched: Collection[str], number: int) -> None:
        """Look at those whom Records named."""
        for agent_id in self._seen.keys() & touched:
            json = self._json(agent_id)
            if json != self._seen[agent_id][0]:
                self._seen[agent_id] = json, number

    def since(self, last: int, own: str) -> list[str]:
        """The JSON of those who have changed since the look `last`, for the desk of the agent `own`."""
        return [json for name, (json, number) in self._seen.items() if number > last and name != own]

    def clear(self) -> None:
        """There is no desk any more: forget all."""
        self._seen = {}

    def _json(self, agent_id: str) -> str:
        return colleague_out(self._board.agents()[agent_id], self._board.agent_view(agent_id)).model_dump_json()


# The waiting callers in the event stream: which ones came, were moved or are gone since a look.


MOST_CALLERS = 30
"""Callers of a queue that are sent, from the head: more than a wall shows. `GET queues/{id}/callers` has the others."""

MOST_GONE = 2_000
"""Callers who are gone and remembered. A client that is further behind gets the whole state."""


@dataclass(frozen=True, slots=True)
class _Caller:
    """A caller, the JSON for clients, and the look that saw the caller come or change."""

    queue: str
    standing: Standing
    json: str
    number: int


class Lineup:
    """`number_of`: a caller's number by the id of the call. `forgotten`: a client whose last look was before this one
    cannot learn which callers are gone.
    """

    def __init__(self, board: Board, number_of: Callable[[str], str]) -> None:
        self.forgotten = -1
        self._board, self._number_of = board, number_of
        self._callers: dict[str, _Caller] = {}
        self._lists: dict[str, list[Standing]] = {}
        self._gone: deque[tuple[int, str, str]] = deque()  # look, queue, call

    def look_at(self, queues: Iterable[str], number: int) -> bool:
        """Look at these queues; whether anything changed. `number`: of this look. O(callers that are sent)."""
        changed = False
        for queue, seen in self._board.line_up(queues, MOST_CALLERS).items():
            before, now = self._lists.get(queue, []), list(seen)
            if before == now:
                continue
            changed = True
            self._lists[queue] = now
            known, here = set(before), {standing.call_id for standing in now}
            for standing in before:
                if standing.call_id not in here:
                    self._went(queue, standing.call_id, number)
            for standing in now:
                if standing not in known:
                    json = standing_out(queue, standing, self._number_of(standing.call_id)).model_dump_json()
                    self._callers[standing.call_id] = _Caller(queue, standing, json, number)
        return changed

    def _went(self, queue: str, call_id: str, number: int) -> None:
        caller = self._callers.get(call_id)
        if caller is not None and caller.queue == queue:  # else the caller is in another queue by now
            del self._callers[call_id]
        self._gone.append((number, queue, call_id))
        if len(self._gone) > MOST_GONE:
            self.forgotten = self._gone.popleft()[0]

    def since(self, last: int, reach: Reach) -> tuple[list[str], list[str]]:
        """What is new to a client of that reach that has all up to the look `last`: the JSON of callers who came or
        changed, and the ids of calls that no longer wait in a queue that it sees.
        """
        came = [
            caller.json for caller in self._callers.values() if caller.number > last and reach.has_queue(caller.queue)
        ]
        gone: dict[str, None] = {}
        for number, queue, call_id in reversed(self._gone):
            if number <= last:
                break
            if reach.has_queue(queue):
                caller = self._callers.get(call_id)
                if caller is None or not reach.has_queue(caller.queue):
                    gone[call_id] = None
        return came, list(gone)

    def clear(self) -> None:
        """Nobody listens: forget all."""
        self._callers, self._lists = {}, {}
        self._gone.clear()
