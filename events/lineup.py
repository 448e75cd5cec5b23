"""The waiting callers in the event stream: which ones came, were moved or are gone since a look."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.model import Reach
from acd.callers import Standing
from acd.callers_api import CallerSource, standing_out

MOST_CALLERS = 30
"""Callers of a queue that are told, from the head: more than a wall shows. `GET queues/{id}/callers` has the others."""

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
    """`number_of`: a caller's number by the id of the call. `forgotten`: a client that was last told before this look
    cannot be told which callers are gone.
    """

    def __init__(self, source: CallerSource, number_of: Callable[[str], str]) -> None:
        self.forgotten = -1
        self._source, self._number_of = source, number_of
        self._callers: dict[str, _Caller] = {}
        self._lists: dict[str, list[Standing]] = {}
        self._gone: deque[tuple[int, str, str]] = deque()  # look, queue, call

    def look_at(self, queues: Iterable[str], number: int) -> bool:
        """Look at these queues; whether anything changed. `number`: of this look. O(callers that are told)."""
        changed = False
        for queue, seen in self._source.line_up(queues, MOST_CALLERS).items():
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

    def since(self, told: int, reach: Reach) -> tuple[list[str], list[str]]:
        """What is new to a client of that reach that was told up to the look `told`: the JSON of callers who came or
        changed, and the ids of calls that wait no more in a queue that it sees.
        """
        came = [
            caller.json for caller in self._callers.values() if caller.number > told and reach.has_queue(caller.queue)
        ]
        gone: dict[str, None] = {}
        for number, queue, call_id in reversed(self._gone):
            if number <= told:
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
