"""The lock against guessers must not become a lock on the person."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf

import httpx
import pytest

from accounts import sign_in
from accounts.limits import network_of
from accounts.passwords import MOST_WAITING
from accounts.sign_in import FREE_OF_NAME, Outcome, Refused
from base.role import Role
from lab.patience import PATIENCE
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


async def test_nobody_elsewhere_locks_out_who_signs_in_from_a_usual_network() -> None:
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
        assert [await tried(office, f"name{n}") for n in range(22)] == [401] * 21 + [429]
        assert await tried(office, password=PASSWORD) == 429, "a network is not the person's for ever"


async def test_an_office_behind_one_address_is_not_locked_by_one_guesser_in_it() -> None:
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    async with at(world, OFFICE) as office:
        assert await tried(office, password=PASSWORD) == 201
        assert [await tried(office, f"name{n}") for n in range(23)] == [401] * 21 + [429] * 2
        assert await tried(office, password=PASSWORD) == 201
        assert await tried(office, "name1") == 429


async def test_a_name_that_looks_like_a_network_locks_no_network() -> None:
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    async with at(world, OFFICE) as office, at(world, ELSEWHERE) as elsewhere:
        assert await tried(office, password=PASSWORD) == 201
        for _ in range(8):
            await tried(elsewhere, f"wang {OFFICE}")
        assert await tried(office, password=PASSWORD) == 201


async def wrong_everywhere(world: World, name: str, addresses: int) -> None:
    """A wrong password for that name from so many addresses."""
    for number in range(addresses):
        await refusal(world, name, f"198.51.{number // 250}.{number % 250}")


@pytest.mark.parametrize("name", ["wang", "nobody"])
async def test_many_addresses_together_lock_a_name_but_not_from_a_usual_network(name: str) -> None:
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    async with at(world, OFFICE) as office, at(world, ELSEWHERE) as elsewhere:
        assert await tried(office, password=PASSWORD) == 201
        await wrong_everywhere(world, name, FREE_OF_NAME)
        assert await tried(elsewhere, name) == 401
        assert await tried(elsewhere, name) == 429
        assert await tried(office, password=PASSWORD) == 201


@pytest.mark.parametrize(
    ("names", "addresses", "first_day", "later"),
    [
        (["wang"], 1, 106, 98),
        (["nobody"], 1, 106, 98),
        ([f"name{number}" for number in range(300)], 1, 121, 98),
        (["wang"], 13, 161, 98),
        (["nobody"], 13, 161, 98),
    ],
)
async def test_a_guesser_gets_a_hundred_tries_a_day_whatever_the_pauses(
    names: list[str], addresses: int, first_day: int, later: int
) -> None:
    """With pauses of an hour it was 220 for one name, 552 from one address, 1,512 from 13 addresses."""
    found = [await two_days(names, addresses, rest_from) for rest_from in (60.0, 120.0, 240.0, 480.0, 900.0, inf)]
    assert max(first for first, _ in found) == first_day
    assert max(second for _, second in found) == later


async def two_days(names: list[str], addresses: int, rest_from: float) -> tuple[int, int]:
    """Tries that were compared on each day, of a guesser who asks again at once, and who pauses for an hour where the
    wait is `rest_from` seconds or longer.
    """
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    begun, tries, name = world.now, [0, 0], itertools.cycle(names)
    while (day := int((world.now - begun) // DAY)) < 2:
        waits = []
        for number in range(addresses):
            while (refused := await refusal(world, next(name), f"192.0.2.{number}")).outcome is Outcome.WRONG:
                tries[day] += 1
            waits.append(refused.again)
        world.now += min(waits) if min(waits) < rest_from else 3_601
    return tries[0], tries[1]


async def refusal(world: World, name: str, address: str) -> Refused:
    """What a wrong password for that name from that address is answered with."""
    with pytest.raises(Refused) as refused:
        await world.accounts.sign_in.prove(name, WRONG, address, "")
    return refused.value


async def test_a_right_password_makes_nobody_wait_at_an_address_with_many_wrong_ones() -> None:
    world = World()
    for name in ("wang", "li"):
        await world.person(name, Role.SUPERVISOR)
    async with at(world, OFFICE) as office:
        assert [await tried(office, f"name{n}") for n in range(23)] == [401] * 21 + [429] * 2
        world.now += 31
        assert await tried(office, password=PASSWORD) == 201
        assert await tried(office, "li", PASSWORD) == 201, "it waited for a minute, as the right one had counted"
        assert [await tried(office, "name"), await tried(office, "name")] == [401, 429]


async def test_ten_thousand_unknown_names_open_no_lock() -> None:
    """They come from as many addresses, and push one another out of the memory, but no tries for a person."""
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    async with at(world, ELSEWHERE) as elsewhere:
        assert [await tried(elsewhere) for _ in range(7)] == [401] * 6 + [429]
        assert set(await asyncio.gather(*(guess(world, number) for number in range(10_100)))) == {Outcome.WRONG}
        assert [await tried(elsewhere) for _ in range(3)] == [429] * 3
    assert world.accounts.audit.waiting < 50, "nor do they fill the audit"


async def guess(world: World, number: int) -> Outcome:
    """A try for a name that nobody has, from an address of its own; how it ended."""
    return (await refusal(world, f"name{number}", f"10.{number >> 8}.{number & 255}.1")).outcome


async def test_ten_thousand_unknown_names_do_not_tell_which_of_two_is_somebodys() -> None:
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    for name in ("wang", "nobody"):
        assert {(await refusal(world, name, ELSEWHERE)).outcome for _ in range(7)} == {Outcome.WRONG, Outcome.LOCKED}
    await asyncio.gather(*(guess(world, number) for number in range(10_100)))
    assert [(await refusal(world, name, ELSEWHERE)).outcome for name in ("wang", "nobody")] == [Outcome.LOCKED] * 2


async def test_in_a_flood_of_wrong_passwords_right_ones_get_in_and_nobody_learns_which_names_exist() -> None:
    world = World()
    for number in range(20):
        await world.person(f"person{number}", Role.SUPERVISOR)
    outcomes: Counter[Outcome] = Counter()
    numbers = itertools.count()

    async def guesses() -> None:
        while True:
            outcomes[await guess(world, next(numbers))] += 1
            await asyncio.sleep(0)

    guessers = [asyncio.create_task(guesses()) for _ in range(100)]
    await asyncio.sleep(0)
    answers = []
    for number in range(20):
        async with at(world, f"203.0.113.{number}") as client:
            answers.append([await tried(client, f"person{number}", password) for password in (PASSWORD, WRONG)])
    for guesser in guessers:
        guesser.cancel()
    await asyncio.wait(guessers)
    assert answers == [[201, 401]] * 20
    assert set(outcomes) == {Outcome.WRONG}
    assert outcomes.total() > 100


async def test_what_was_not_compared_does_not_count_and_usual_networks_have_room() -> None:
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    sign_in = world.accounts.sign_in
    await sign_in.prove("wang", PASSWORD, OFFICE, "")

    async def one() -> Outcome:
        return (await refusal(world, "wang", ELSEWHERE)).outcome

    full = [asyncio.create_task(world.accounts.passwords.hash(PASSWORD, "wang")) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    assert [await one() for _ in range(30)] == [Outcome.BUSY] * 30
    assert (await sign_in.prove("wang", PASSWORD, OFFICE, "")).name == "wang"
    await asyncio.gather(*full)
    assert [await one() for _ in range(7)] == [Outcome.WRONG] * 6 + [Outcome.LOCKED]


async def test_a_person_without_a_password_here_is_told_wrong_also_in_a_crowd() -> None:
    """It was "busy", from which a guesser learned that there is such a name; and the try counted."""
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    sign_in, passwords = world.accounts.sign_in, world.accounts.passwords
    await sign_in.prove("wang", PASSWORD, OFFICE, "")
    await world.accounts.directory.change("wang", password=None, subject="https://login.example 7")
    full = [asyncio.create_task(passwords.hash(PASSWORD, "wang")) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    assert passwords.full()
    assert (await refusal(world, "wang", OFFICE)).outcome is Outcome.WRONG
    await asyncio.gather(*full)


async def test_a_restart_knows_the_usual_networks() -> None:
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    async with at(world, OFFICE) as office:
        assert await tried(office, password=PASSWORD) == 201
    await world.accounts.audit.list(None, None, 0, 1)  # written
    restarted = World(store=world.store, audited=world.audited, now=world.now + DAY)
    running = asyncio.create_task(restarted.accounts.run())
    await restarted.accounts.wait_looked(PATIENCE)
    await wrong_everywhere(restarted, "wang", FREE_OF_NAME + 1)
    async with at(restarted, OFFICE) as office, at(restarted, ELSEWHERE) as elsewhere:
        assert await tried(elsewhere, password=PASSWORD) == 429
        assert await tried(office, password=PASSWORD) == 201
    running.cancel()
    await asyncio.wait({running})


async def test_networks_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "MOST_USUAL", 2)
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    for number in range(4):
        async with at(world, f"192.0.2.{number}") as client:
            assert await tried(client, password=PASSWORD) == 201
    assert len(world.accounts.sign_in._usual) == 2


def test_all_ipv4_addresses_are_not_one_network_where_a_proxy_writes_them_as_ipv6() -> None:
    assert network_of("::ffff:192.0.2.7") == "192.0.2.7"
