"""The lock against guessers must not become a lock on the person."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from accounts import sign_in
from accounts.model import Role
from accounts.sign_in import network_of
from tests.unit.service.world import PASSWORD, World

SESSION = "/api/v1/session"
DAY = 86_400.0
WRONG = "a wrong but long one"
OFFICE, ELSEWHERE = "192.0.2.7", "203.0.113.9"


@asynccontextmanager
async def at(world: World, address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client that asks from that address."""
    transport = httpx.ASGITransport(world.app(), client=(address, 4_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://wutong") as client:
        yield client


async def tried(client: httpx.AsyncClient, name: str = "wang", password: str = WRONG) -> int:
    return (await client.post(SESSION, json={"name": name, "password": password})).status_code


async def test_nobody_elsewhere_locks_out_who_signs_in_from_a_usual_place() -> None:
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    async with at(world, OFFICE) as office, at(world, ELSEWHERE) as elsewhere:
        assert await tried(office, password=PASSWORD) == 201
        assert [await tried(elsewhere) for _ in range(8)] == [401] * 6 + [429] * 2
        assert await tried(elsewhere, password=PASSWORD) == 429, "a guesser gets no more than before"
        assert await tried(office, password=PASSWORD) == 201
        assert await tried(elsewhere) == 429, "and no new tries by that"
        assert [await tried(office) for _ in range(8)] == [401] * 6 + [429] * 2, "guessing there is as slow"
        world.now += 31 * DAY
        assert [await tried(elsewhere) for _ in range(7)] == [401] * 6 + [429]
        assert await tried(office, password=PASSWORD) == 429, "a place is not the person's for ever"


async def test_an_office_behind_one_address_is_not_locked_by_one_guesser_in_it() -> None:
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    async with at(world, OFFICE) as office:
        assert await tried(office, password=PASSWORD) == 201
        assert [await tried(office, f"name{n}") for n in range(23)] == [401] * 21 + [429] * 2
        assert await tried(office, password=PASSWORD) == 201
        assert await tried(office, "name1") == 429


async def test_a_name_that_looks_like_a_place_locks_no_place() -> None:
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    async with at(world, OFFICE) as office, at(world, ELSEWHERE) as elsewhere:
        assert await tried(office, password=PASSWORD) == 201
        for _ in range(8):
            await tried(elsewhere, f"wang {OFFICE}")
        assert await tried(office, password=PASSWORD) == 201


async def test_places_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "MOST_PLACES", 2)
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    for number in range(4):
        async with at(world, f"192.0.2.{number}") as client:
            assert await tried(client, password=PASSWORD) == 201
    assert len(world.accounts.sign_in._places) == 2


def test_all_ipv4_addresses_are_not_one_network_where_a_proxy_writes_them_as_ipv6() -> None:
    assert network_of("::ffff:192.0.2.7") == "192.0.2.7"
