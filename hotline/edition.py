"""One version of the hotline in use: what calls walk through, and the prompts that were built for it.

A call keeps the edition that it began with, so that an edited folder never changes a call that is under way.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from hotline.model import Hotline
from hotline.removed import onward
from hotline.texts import every_text
from ivr.model import Destination, ToMenu, ToMessage, ToQueue, with_following
from sounds.catalogue import Catalogue, Clip

_DESTINATION: TypeAdapter[Destination] = TypeAdapter(Destination)


@dataclass(frozen=True)
class Edition:
    """`draft`: a sentence about texts that callers will not understand, or None."""

    hotline: Hotline
    catalogue: Catalogue
    draft: str | None = None

    def clips(self) -> Iterator[Clip]:
        """Every clip that its calls may hear."""
        for clip in self.catalogue.needed(every_text(self.hotline)):
            yield from self.catalogue.heard(clip)

    @cached_property
    def _extensions(self) -> Mapping[str, Destination]:
        return self.hotline.extensions

    def target(self, extension: str) -> Destination | str:
        """Where an agent's phone sends a caller by this number: a destination, or the number of a phone."""
        hotline = self.hotline
        if extension in hotline.numbers:
            return hotline.beginning(extension, {}).to
        return self._extensions.get(extension, extension)

    def language(self, asked: str) -> str:
        """`asked`, if the hotline speaks it, else its default."""
        return asked if asked in self.hotline.languages else self.hotline.languages[0]

    def destination(self, written: Mapping[str, Any]) -> Destination | None:
        """The destination that a Record names, perhaps of another version; None: this version does not have it. Of a
        queue that was taken out: where its callers go.
        """
        try:
            destination = _DESTINATION.validate_python(written)
        except ValidationError:
            return None
        if isinstance(destination, ToQueue) and destination.queue not in self.hotline.queues:
            to: Destination = onward(self.hotline).of(destination.queue)
            return to
        if isinstance(destination, ToMessage) and destination.message.queue not in self.hotline.queues:
            return None
        return destination if all(self.has(each) for each in with_following(destination)) else None

    def has(self, destination: Destination) -> bool:
        """Whether a call can be sent there from outside the menus. What follows that destination is not looked at."""
        language = destination.language if isinstance(destination, ToMenu) else None
        if destination.in_menu or language not in (None, *self.hotline.languages):
            return False
        if destination.hours not in (None, *self.hotline.opening_hours):
            return False
        section, name = destination.node or (None, "")
        return section is None or name in getattr(self.hotline, section)


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
