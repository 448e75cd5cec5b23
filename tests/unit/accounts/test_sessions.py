import pytest

from accounts import tokens
from accounts.sessions import MOST_OF_ONE, Sessions
from accounts.store import StoreUnavailable
from tests.unit.accounts.stores import FakeStore


class Hall:
    def __init__(self) -> None:
        self.now = 1_000.0
        self.store = FakeStore()
        self.sessions = self.another()

    def another(self) -> Sessions:
        return Sessions(self.store, lambda: self.now, idle=100, longest=1_000)


async def test_a_session_ends_after_idling_and_after_its_longest_time() -> None:
    hall = Hall()
    secret, session = await hall.sessions.begin("wang", "127.0.0.1")
    for _ in range(9):
        hall.now += 99
        assert hall.sessions.find(secret) is not None
    assert hall.sessions.alive(session.digest)
    hall.now += 99
    assert hall.now < hall.sessions.ends(session)
    assert hall.sessions.find(secret) is not None
    hall.now = hall.sessions.ends(session)
    assert hall.sessions.find(secret) is None, "however often it is used"
    idle, _ = await hall.sessions.begin("li", "127.0.0.1")
    hall.now += 100
    assert hall.sessions.find(idle) is None
    await hall.sessions.end_over()
    assert hall.store.sessions == {}


async def test_what_is_kept_does_not_open_anything() -> None:
    hall = Hall()
    secret, _ = await hall.sessions.begin("wang", "127.0.0.1")
    assert secret not in repr(hall.store.sessions)
    for kept in (*hall.store.sessions, tokens.csrf(secret)):
        assert hall.sessions.find(kept) is None
    assert hall.sessions.find("x" * 10_000) is None


async def test_a_restart_knows_them_and_an_ended_one_stays_ended() -> None:
    hall = Hall()
    secret, _ = await hall.sessions.begin("wang", "127.0.0.1")
    gone, session = await hall.sessions.begin("wang", "127.0.0.1")
    await hall.sessions.end(session.digest)
    again = hall.another()
    again.take_up(hall.store.sessions.values())
    assert again.find(secret) is not None
    assert again.find(gone) is None


async def test_the_database_is_away() -> None:
    """A person who signs in is signed in, and after signing out is signed out: also after the next start."""
    hall = Hall()
    _, ended = await hall.sessions.begin("wang", "127.0.0.1")
    hall.store.away = True
    secret, _ = await hall.sessions.begin("wang", "127.0.0.1")
    assert hall.sessions.find(secret) is not None
    await hall.sessions.end(ended.digest)
    assert not hall.sessions.alive(ended.digest)
    hall.store.away = False
    await hall.sessions.end_over()
    assert hall.store.sessions == {}


async def test_a_session_that_began_while_the_database_was_away_outlives_a_restart() -> None:
    """It ended with the next start, and with it the phone in its browser and the talk there."""
    hall = Hall()
    hall.store.away = True
    secret, _ = await hall.sessions.begin("wang", "127.0.0.1")
    out, signed_out = await hall.sessions.begin("wang", "127.0.0.1")
    with pytest.raises(StoreUnavailable):
        await hall.sessions.keep()
    hall.store.away = False
    await hall.sessions.end(signed_out.digest)
    hall.now += 50
    assert hall.sessions.find(secret) is not None
    await hall.sessions.keep()
    again = hall.another()
    again.take_up(hall.store.sessions.values())
    hall.now += 99
    assert again.find(secret) is not None, "with its last use"
    assert again.find(out) is None
    hall.store.away = True
    await hall.sessions.keep()  # nothing is left to tell


async def test_one_person_has_so_many_sessions() -> None:
    hall = Hall()
    first, _ = await hall.sessions.begin("wang", "127.0.0.1")
    hall.now += 1
    for _ in range(MOST_OF_ONE):
        await hall.sessions.begin("wang", "127.0.0.1")
    assert len(hall.sessions.of("wang")) == MOST_OF_ONE
    assert hall.sessions.find(first) is None


@pytest.mark.parametrize("count", [1, 3])
async def test_secrets_are_long_and_all_different(count: int) -> None:
    made = {tokens.new_token() for _ in range(count)} | {tokens.new_session() for _ in range(count)}
    assert len(made) == 2 * count
    assert all(len(secret.removeprefix(tokens.PREFIX)) == 43 for secret in made)
