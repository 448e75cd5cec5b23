"""The book of offers: it gives their ids, and knows the live ones and, for a while, the dead ones."""

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping

from acd.effects import CancelReason
from acd.engine.parts import Offer, Place, Seat

REMEMBERED = 10_000
"""How many dead offers are known, so that an agent who answers one late is not left talking to nobody."""

_SAFE = re.compile(r"[A-Za-z0-9.-]{1,40}")


class OfferBook:
    """Gives ids and knows what each stands for.

    `made`: how many it has given out. Ids are `NODE-SEED-N`: unique as long as every start of the service has a seed of
    its own.
    """

    def __init__(self, node: str, seed: int) -> None:
        if not _SAFE.fullmatch(node):
            raise ValueError(f"node {node!r}: 1 to 40 letters, digits, '.' and '-' are allowed")
        self._prefix = f"{node}-{seed & 0xFFFF_FFFF_FFFF_FFFF:x}"
        self.made = 0
        self._live: dict[str, Offer] = {}
        self._dead: OrderedDict[str, tuple[str, CancelReason]] = OrderedDict()

    def make(self, place: Place, seat: Seat, step: int, at: float) -> Offer:
        self.made += 1
        offer = Offer(f"{self._prefix}-{self.made}", place, seat, step, at)
        self._live[offer.id] = offer
        return offer

    def restore(self, made: int, live: Iterable[Offer], dead: Mapping[str, tuple[str, CancelReason]]) -> None:
        """Take over the offers of an earlier book, which had given out `made` ids."""
        self.made = made
        self._live = {offer.id: offer for offer in live}
        self._dead = OrderedDict(dead)

    @property
    def all_dead(self) -> Mapping[str, tuple[str, CancelReason]]:
        """Agent and reason of the dead offers that are remembered, the oldest first."""
        return self._dead

    def live(self, offer_id: str) -> Offer | None:
        """The offer, while it rings or waits for the bridge."""
        return self._live.get(offer_id)

    def all_live(self) -> list[Offer]:
        return list(self._live.values())

    def connected(self, offer: Offer) -> None:
        """The offer has become a conversation."""
        del self._live[offer.id]

    def died(self, offer: Offer, why: CancelReason) -> None:
        """The offer is over without a call. `why`: the reason to give if its leg turns up all the same."""
        del self._live[offer.id]
        self._dead[offer.id] = (offer.seat.id, why)
        if len(self._dead) > REMEMBERED:
            self._dead.popitem(last=False)

    def dead(self, offer_id: str) -> tuple[str, CancelReason] | None:
        """Agent and reason of a dead offer; None: it was connected, is forgotten, or is not ours."""
        return self._dead.get(offer_id)
