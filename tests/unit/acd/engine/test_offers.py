"""Ids of offers, and the memory of dead ones."""

import pytest

from acd.effects import CancelReason
from acd.engine import offers
from acd.engine.offers import OfferBook
from acd.engine.parts import Place, Seat
from tests.unit.acd.world import World, agent, queue


def some_pair() -> tuple[Place, Seat]:
    world = World([queue()], [agent("11")], signed_in=False)
    world.call("c1")
    floor = world.engine._floor
    return floor.places["c1"], floor.seats["11"]


def test_a_node_name_that_could_harm_is_refused() -> None:
    for node in ("", "a b", "a\nb", "名", "x" * 41):
        with pytest.raises(ValueError, match="allowed"):
            OfferBook(node, 1)


def test_a_negative_or_huge_seed_gives_a_safe_id() -> None:
    for seed in (-1, 1 << 70):
        place, seat = some_pair()
        offer = OfferBook("local", seed).make(place, seat, 0, 0.0)
        assert set(offer.id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert len(offer.id) < 40


def test_the_memory_of_dead_offers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offers, "REMEMBERED", 2)
    book = OfferBook("local", 1)
    place, seat = some_pair()
    made = [book.make(place, seat, 0, 0.0) for _ in range(3)]
    for offer in made:
        book.died(offer, CancelReason.TIMED_OUT)
    assert [book.dead(offer.id) for offer in made] == [None] + [("11", CancelReason.TIMED_OUT)] * 2
    assert book.all_live() == []
