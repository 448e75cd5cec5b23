"""Who listens to which talk, for the event stream: the whole list, whenever it has changed."""

from collections.abc import Callable, Sequence

from accounts.model import Reach
from calls.listen_api import listening_out
from calls.listeners import Listening


class Listened:
    """`source`: all listenings that have not ended."""

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
