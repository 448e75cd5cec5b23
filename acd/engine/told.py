"""What a waiting caller has been told last."""

from typing import NamedTuple


class Told(NamedTuple):
    """What a waiting caller has been told last.

    position, wait  as announced (`wait` in seconds, rounded for speech); None: not told, or not true any more
    nobody          that nobody is there
    turn            when the queue's own messages were last begun from the first one, in whole seconds since the epoch;
                    None: not yet
    """

    position: int | None = None
    wait: float | None = None
    nobody: bool = False
    turn: int | None = None

    def and_then(
        self, at: float, position: int | None, wait: float | None, message: int | None, *, nobody: bool
    ) -> "Told":
        """The same after one more announcement, at `at`, of which None was left out."""
        begins = message is not None and (message == 0 or self.turn is None)
        turn = int(at) if begins else self.turn
        if nobody:
            return Told(nobody=True, turn=turn)
        if position is None and wait is None:
            return self._replace(turn=turn)
        return Told(self.position if position is None else position, self.wait if wait is None else wait, turn=turn)


UNTOLD = Told()
"""Of a caller who has been told nothing yet."""
