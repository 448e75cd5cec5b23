"""The storm over several machines: what it draws, does to datagrams, and finds."""

from dataclasses import replace
from random import Random

import pytest

from lab.bench.permits import Permit
from lab.chaos.several.blows import Fault, drawn
from lab.chaos.several.history import History, Offer, Row, longest_gap, losses
from lab.chaos.several.relay import Way

NORTH, SOUTH = "north-1", "south-1"


def fine() -> History:
    """North offers caller 1, and dies; south offers caller 2."""
    return History(
        permits=[Permit(NORTH, 1.0, 1.4), Permit(SOUTH, 1.5, 1.9)],
        offers=[Offer(NORTH, 1, "1", 1.0, 1.4, 1.01), Offer(SOUTH, 2, "2", 1.5, 1.9, 1.51)],
        rows=[Row(1, NORTH, 1, "1"), Row(2, SOUTH, 2, "2")],
        acknowledged={(NORTH, "1"), (SOUTH, "2")},
        came={"1", "2"},
    )


def test_a_take_over_in_order_is_no_loss() -> None:
    assert losses(fine()) == []


def test_two_machines_that_might_offer_at_the_same_time_are_found() -> None:
    history = fine()
    history.permits[1] = Permit(SOUTH, 1.39, 1.79)
    assert [loss for loss in losses(history) if loss.startswith("double grant: south-1")]


@pytest.mark.parametrize(
    ("start", "at", "found"),
    [
        pytest.param(SOUTH, 1.2, True, id="by another machine while the first one may offer"),
        pytest.param(NORTH, 1.6, True, id="twice by one machine"),
        pytest.param(SOUTH, 1.6, False, id="by the next leader"),
    ],
)
def test_a_caller_who_is_offered_twice_is_found(start: str, at: float, found: bool) -> None:
    history = fine()
    history.offers.append(Offer(start, 2, "1", at, at + 0.4, at))
    assert bool([loss for loss in losses(history) if loss.startswith("caller 1 was offered")]) is found


def test_a_record_of_an_older_epoch_after_a_newer_one_is_found() -> None:
    history = fine()
    history.rows.append(Row(3, NORTH, 1, "3"))
    assert losses(history) == ["Record 3 of epoch 1 was taken after one of epoch 2"]


def test_a_committed_record_that_is_gone_is_found() -> None:
    history = fine()
    del history.rows[0]
    assert losses(history) == ["the Record of caller 1 by north-1 was committed, and is gone"]


def test_a_caller_who_is_never_offered_is_found() -> None:
    history = fine()
    history.came.add("3")
    assert losses(history) == ["caller 3 was lost: never offered to an agent"]


def test_the_longest_gap_counts_from_the_fault_to_the_end() -> None:
    assert longest_gap([1.0, 2.0, 2.5], 1.8, 3.5) == 1.0
    assert longest_gap([], 1.0, 3.0) == 2.0


def test_a_seed_draws_the_same_blows_and_each_fault_comes_before_any_comes_again() -> None:
    blows = drawn(7, 65.0)
    assert blows == drawn(7, 65.0) != drawn(8, 65.0)
    assert {blow.faults[0] for blow in blows} == set(Fault)
    assert any(len(blow.faults) == 2 for blow in blows)


def test_an_attacked_way_brings_old_and_forged_datagrams_beside_the_true_one() -> None:
    way, chance = Way(), Random(1)
    assert way.of(b"first", chance) == [b"first"]
    way.attacked = True
    old, true, forged, again = way.of(b"second", chance)
    assert old in (b"first", b"second")
    assert (true, again) == (b"second", b"second")
    assert forged not in (b"first", b"second")
    assert replace(way, attacked=False, lost=True).of(b"third", chance) == []
