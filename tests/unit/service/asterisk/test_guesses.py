"""Who is blocked, and for how long."""

from ipaddress import IPv4Address

from dialplan.security import UNKNOWN, Proof
from service.asterisk import guesses
from service.asterisk.guesses import ATTACKED, BLOCKS, MOST, MOST_BLOCKED, TRIES, TRIES_OF_FRIENDS, WINDOW, Guesses

STRANGER, OTHER = IPv4Address("192.0.2.7"), IPv4Address("192.0.2.8")


def fail(made: Guesses, times: int, now: float, address: IPv4Address = STRANGER, account: str = "1001") -> list[int]:
    """Fail so often at one moment; the failures (from 1) that led to a block."""
    return [number + 1 for number in range(times) if made.note(Proof(address, account, passed=False), now)]


def test_the_tenth_failure_blocks_that_address_alone() -> None:
    made = Guesses()
    assert fail(made, TRIES, 0) == [TRIES]
    assert fail(made, TRIES - 1, 0, OTHER) == []
    assert set(made.blocked(0)) == {STRANGER}
    assert (made.failures, made.blocks) == (2 * TRIES - 1, 1)


def test_a_phone_that_fails_now_and_then_is_never_blocked() -> None:
    made = Guesses()
    for number in range(500):
        assert fail(made, 1, number * 30.0) == []


def test_each_block_is_longer_up_to_a_limit_and_a_quiet_day_forgives() -> None:
    made, now = Guesses(), 0.0
    for length in (*BLOCKS, BLOCKS[-1]):
        assert fail(made, TRIES, now) == [TRIES]
        assert made.blocked(now)[STRANGER] == now + length
        assert made.blocked(now + length) == {}
        now += length + 1
    now += guesses.FORGIVEN + 1
    fail(made, TRIES, now)
    assert made.blocked(now)[STRANGER] == now + BLOCKS[0]


def test_an_office_is_blocked_late_and_briefly() -> None:
    made = Guesses()
    made.note(Proof(STRANGER, "1002", passed=True), 0)
    assert fail(made, TRIES_OF_FRIENDS, 1) == [TRIES_OF_FRIENDS]
    assert made.blocked(1)[STRANGER] == 1 + BLOCKS[0]
    assert fail(made, TRIES_OF_FRIENDS, 100) == [TRIES_OF_FRIENDS]
    assert made.blocked(100)[STRANGER] == 100 + BLOCKS[0]
    assert fail(made, TRIES, guesses.FRIEND + 200) == [TRIES]


def test_many_addresses_against_one_agent_have_two_tries_each() -> None:
    made = Guesses()
    for number in range(ATTACKED):
        fail(made, 1, 0, IPv4Address(f"198.51.{number // 250}.{number % 250 + 1}"))
    assert fail(made, 5, 0) == [guesses.TRIES_THEN]
    assert fail(made, 5, 0, OTHER, account="1002") == []
    assert fail(made, TRIES, WINDOW * 2, OTHER) == [TRIES], "it is over"


def test_unknown_users_are_no_agent_that_is_attacked() -> None:
    made = Guesses()
    for number in range(2 * ATTACKED):
        fail(made, 1, 0, IPv4Address(f"198.51.{number // 250}.{number % 250 + 1}"), UNKNOWN)
    assert fail(made, TRIES - 1, 0, account=UNKNOWN) == []


def test_nothing_grows_without_bound() -> None:
    made = Guesses()
    for number in range(MOST + 500):
        fail(made, 1, 0, IPv4Address(0x0A000000 + number), str(number))
    assert len(made._addresses) == len(made._agents) == MOST
    for number in range(MOST_BLOCKED + 50):
        fail(made, TRIES, 0, IPv4Address(0x0B000000 + number), UNKNOWN)
    assert len(made.blocked(0)) == MOST_BLOCKED
