"""Two requests about one person at one time: what was taken away stays taken away."""

import asyncio
from collections.abc import Iterable

from accounts.model import Session
from accounts.sessions import MOST_OF_ONE
from base.role import Role
from lab.patience import PATIENCE
from tests.unit.accounts.stores import FakeStore
from tests.unit.service.world import PASSWORD, World

SESSION = "/api/v1/session"
WANG = {"name": "wang", "password": PASSWORD}


class Held(FakeStore):
    """Once, one call of the method named `at` waits for `gate`."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self._at = at
        self.entered, self.gate = asyncio.Event(), asyncio.Event()

    async def remove_sessions(self, digests: Iterable[str]) -> None:
        await self._wait("remove_sessions")
        await super().remove_sessions(digests)

    async def put_session(self, session: Session) -> None:
        await self._wait("put_session")
        await super().put_session(session)

    async def remove_person(self, name: str) -> None:
        await self._wait("remove_person")
        await super().remove_person(name)

    async def _wait(self, at: str) -> None:
        if at == self._at and not self.entered.is_set():
            self.entered.set()
            await self.gate.wait()


async def test_a_sign_in_with_the_old_password_at_this_moment_ends_with_it() -> None:
    store = Held("remove_sessions")
    world = World(store=store)
    await world.person("wang", Role.SUPERVISOR)
    for _ in range(MOST_OF_ONE):  # the next sign-in ends one of them, and waits for the database
        await world.accounts.sessions.begin("wang", "127.0.0.1")
    async with world.client() as administrator, world.client(token=None) as own:
        signing_in = asyncio.create_task(own.post(SESSION, json=WANG))
        await asyncio.wait_for(store.entered.wait(), PATIENCE)
        assert (await administrator.put("/api/v1/users/wang/password", json={})).status_code == 200
        store.gate.set()
        await signing_in
        assert (await own.get(SESSION)).status_code == 401
    assert world.accounts.sessions.all() == []


async def test_a_session_that_ends_while_it_is_written_does_not_come_back_with_a_restart() -> None:
    store = Held("put_session")
    world = World(store=store)
    await world.person("wang", Role.SUPERVISOR)
    async with world.client(token=None) as own:
        signing_in = asyncio.create_task(own.post(SESSION, json=WANG))
        await asyncio.wait_for(store.entered.wait(), PATIENCE)
        await world.accounts.end_sessions("wang")
        store.gate.set()
        await signing_in
    await world.accounts.sessions.end_over()
    assert store.sessions == {}


async def test_the_next_person_of_that_name_inherits_no_session() -> None:
    store = Held("remove_person")
    world = World(store=store)
    await world.person("wang", Role.SUPERVISOR)
    async with world.client() as administrator, world.client(token=None) as own:
        removing = asyncio.create_task(administrator.delete("/api/v1/users/wang"))
        await asyncio.wait_for(store.entered.wait(), PATIENCE)
        secret, _ = await world.accounts.sessions.begin("wang", "127.0.0.1")  # proven a moment before
        store.gate.set()
        assert (await removing).status_code == 204
        await world.person("wang", Role.ADMINISTRATOR)
        assert (await own.get(SESSION, headers={"Cookie": f"wutong={secret}"})).status_code == 401
