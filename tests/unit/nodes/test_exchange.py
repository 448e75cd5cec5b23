"""What machines say to each other: who cannot prove it says nothing, and nothing counts twice."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.exchange import KEPT, LENGTH, MOST_MACHINES, Answered, Asked, Exchange, Verdict, shared_key

NORTH, SOUTH = "0a" * 16, "0b" * 16
KEY = shared_key("the seal of all machines")


def chance(seed: int) -> Callable[[int], bytes]:
    return Random(seed).randbytes


@pytest.fixture
def north() -> Exchange:
    return Exchange(NORTH, KEY, chance(1))


@pytest.fixture
def south() -> Exchange:
    return Exchange(SOUTH, KEY, chance(2))


def asked(leader: Exchange, other: Exchange, at: float, epoch: int = 1) -> tuple[bytes, Asked]:
    """What it sends, and what the other makes of it."""
    request = leader.ask(SOUTH, epoch, at)
    assert request is not None
    found = other.received(request)
    assert isinstance(found, Asked)
    return request, found


def met(leader: Exchange, other: Exchange) -> None:
    """They have talked once, so that the leader has the challenge."""
    _, first = asked(leader, other, 0.0)
    assert not first.fresh, "it could be a recorded one"
    stale = leader.received(other.answer(first, Verdict.STALE))
    assert isinstance(stale, Answered)
    assert stale.again


def test_a_leader_asks_once_more_with_the_challenge_and_is_backed(north: Exchange, south: Exchange) -> None:
    met(north, south)
    _, found = asked(north, south, 10.0, epoch=7)
    assert (found.by, found.epoch, found.fresh) == (NORTH, 7, True)
    answer = south.answer(found, Verdict.BACKS)
    assert north.received(answer) == Answered(SOUTH, 10.0, Verdict.BACKS, again=False)


def test_each_answer_counts_from_the_sending_of_its_own_request(north: Exchange, south: Exchange) -> None:
    met(north, south)
    late = [asked(north, south, at)[1] for at in (10.0, 10.1, 10.2)]
    assert all(each.fresh for each in late)
    answers = [north.received(south.answer(each, Verdict.BACKS)) for each in reversed(late)]
    assert [each.sent for each in answers if isinstance(each, Answered)] == [10.2, 10.1, 10.0]


def test_what_is_older_than_the_last_requests_counts_no_more(north: Exchange, south: Exchange) -> None:
    met(north, south)
    _, old = asked(north, south, 10.0)
    for n in range(KEPT):
        asked(north, south, 11.0 + n)
    assert north.received(south.answer(old, Verdict.BACKS)) is None


def test_a_recorded_request_is_stale_and_a_recorded_answer_is_nothing(north: Exchange, south: Exchange) -> None:
    met(north, south)
    request, found = asked(north, south, 10.0)
    again = south.received(request)
    assert isinstance(again, Asked)
    assert not again.fresh
    answer = south.answer(found, Verdict.BACKS)
    assert Exchange(NORTH, KEY, chance(3)).received(answer) is None, "another start of north has not asked that"


def test_a_new_start_of_either_is_understood_after_one_more_request(north: Exchange, south: Exchange) -> None:
    met(north, south)
    for _ in range(5):
        asked(north, south, 10.0)
    next_north = Exchange(NORTH, KEY, chance(4))
    met(next_north, south)
    assert asked(next_north, south, 11.0)[1].fresh
    next_south = Exchange(SOUTH, KEY, chance(5))
    met(next_north, next_south)
    assert asked(next_north, next_south, 12.0)[1].fresh


def test_a_stale_answer_that_says_nothing_new_asks_for_nothing(north: Exchange, south: Exchange) -> None:
    met(north, south)
    _, older = asked(north, south, 10.0)
    found = north.received(south.answer(older, Verdict.STALE))
    assert isinstance(found, Answered)
    assert not found.again, "else two machines would talk for ever"


@given(st.binary(max_size=2 * LENGTH))
def test_noise_is_dropped(noise: bytes) -> None:
    south = Exchange(SOUTH, KEY, chance(2))
    assert south.received(noise) is None
    assert south.strangers == 1


@given(st.integers(0, LENGTH - 1), st.integers(1, 255))
def test_a_changed_byte_is_dropped(place: int, change: int) -> None:
    north, south = Exchange(NORTH, KEY, chance(1)), Exchange(SOUTH, KEY, chance(2))
    request = bytearray(north.ask(SOUTH, 1, 0.0) or b"")
    request[place] ^= change
    assert south.received(bytes(request)) is None


@pytest.mark.parametrize(
    ("own_id", "key"), [(SOUTH, shared_key("another seal")), ("0c" * 16, KEY), (NORTH, KEY)], ids=("key", "to", "self")
)
def test_what_is_for_another_or_by_another_key_or_from_itself_is_dropped(
    north: Exchange, own_id: str, key: bytes
) -> None:
    request = north.ask(SOUTH if own_id != NORTH else NORTH, 1, 0.0)
    assert request is not None
    assert Exchange(own_id, key, chance(2)).received(request) is None


def test_a_machine_talks_with_so_many_only(south: Exchange) -> None:
    for n in range(MOST_MACHINES + 5):
        request = Exchange(f"{n + 1:032x}", KEY, chance(n)).ask(SOUTH, 1, 0.0)
        assert request is not None
        assert (south.received(request) is not None) == (n < MOST_MACHINES)
    assert south.ask("0d" * 16, 1, 0.0) is None
