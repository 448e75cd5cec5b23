"""The edition in use, and which one a new call gets. A live call keeps its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hotline.edition import Edition
from sounds.catalogue import Clip


@dataclass(eq=False)
class Editions:
    """`in_use`: what was published last for all. `trial`: what some callers get instead, who `tries` says."""

    in_use: Edition
    trial: Edition | None = None
    tries: Callable[[str], bool] = lambda caller: False

    def of_new_call(self, caller: str) -> Edition:
        """The one for a citizen's call that begins now. `caller`: the number; if it is withheld, the call's id."""
        return self.trial if self.trial is not None and self.tries(caller) else self.in_use

    def after_queue(self, has: Edition) -> Edition:
        """The one for a call that leaves its queue. `has`: the call's. In a trial both have the same queues."""
        return has if has is self.trial else self.in_use

    def clips(self) -> Iterator[Clip]:
        """Every clip that new calls may hear."""
        yield from self.in_use.clips()
        if self.trial is not None:
            yield from self.trial.clips()
