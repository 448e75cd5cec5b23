"""The leader goes on without PostgreSQL as long as all others back it: real machines, a real PostgreSQL."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from sqlalchemy import text

from base.failure import NotDone
from journal import database
from lab.faults.proxy import Proxy
from lab.patience import until
from lab.postgres import Postgres
from lab.postgres import running as postgres_running
from nodes.channel import Channel
from nodes.exchange import LENGTH, Exchange, Verdict
from nodes.leadership import GIVE_UP_S, OTHERS_S, now
from nodes.machines import Machines
from nodes.permit import VALID_S, Stage
from nodes.session import Session
from tests.unit.nodes.leading import KEY, Machine, address, running, soon


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.create()


@pytest.fixture
def server() -> Iterator[Postgres]:
    """One that this test may stop."""
    with postgres_running() as made:
        yield made


async def backed(machine: Machine) -> None:
    """Wait until all others back it."""

    async def look() -> bool:
        return machine.leadership.permit.backed(now())

    await until(f"{machine.node.name} is backed", look)


async def offers(machine: Machine, may: bool) -> None:
    async def look() -> bool:
        return machine.leadership.may_offer() == may

    await until(f"{machine.node.name} may offer: {may}", look)


async def unsure(machine: Machine) -> None:
    """Wait until it has lost PostgreSQL, and its last heartbeat counts no more."""

    async def look() -> bool:
        permit = machine.leadership.permit
        return permit.stage is Stage.UNSURE and now() > permit.acknowledged + VALID_S

    await until(f"{machine.node.name} has lost PostgreSQL", look)


async def goes_on(machine: Machine, seconds: float, *others: Machine) -> None:
    """It may offer in nearly all moments, each 5 ms (this computer may be busy), and another one in none."""
    end, moments = now() + seconds, []
    while now() < end:
        moments.append(machine.leadership.may_offer())
        assert not any(other.leadership.may_offer() for other in others)
        await asyncio.sleep(0.005)
    assert sum(moments) > 0.8 * len(moments)


@asynccontextmanager
async def two(north_url: str, south_url: str) -> AsyncIterator[tuple[Machine, Machine]]:
    """North leads, and south backs it."""
    north, south = Machine(north_url, "north", address()), Machine(south_url, "south", address())
    async with running(north):
        await soon(north.leads, "north leads")
        async with running(south):
            await soon(south.saw, "south stands by")
            await backed(north)
            yield north, south


async def test_a_backed_leader_offers_while_postgresql_is_away_and_leads_on_after_it(server: Postgres) -> None:
    url = server.create()
    async with two(url, url) as (north, south):
        await asyncio.to_thread(server.stop)
        await unsure(north)
        await goes_on(north, 2.0, south)
        await asyncio.to_thread(server.start)
        await soon(north.regained, "north has its session again")
        await goes_on(north, 1.0, south)
        assert (north.leadership.epoch, south.takings) == (1, [])


async def test_a_leader_that_is_cut_off_from_postgresql_alone_keeps_the_lead(postgres: Postgres, url: str) -> None:
    async with Proxy(postgres.port) as proxy:
        cut = url.replace(f":{postgres.port}/", f":{proxy.port}/")
        async with two(cut, url) as (north, south):
            proxy.half_open()
            await unsure(north)

            async def waits() -> bool:
                return south.leadership.permit.stage is Stage.SETTLES

            await until("south has the lock, and waits", waits)
            await goes_on(north, 2.0, south)
            proxy.heal()
            await soon(north.regained, "north has its session again")
            await goes_on(north, 1.0, south)
            assert (north.leadership.epoch, south.takings) == (1, [])


async def test_a_machine_that_backed_a_leader_takes_over_when_that_dies(postgres: Postgres, url: str) -> None:
    async with Proxy(postgres.port) as proxy, AsyncExitStack() as ending:
        north = Machine(url.replace(f":{postgres.port}/", f":{proxy.port}/"), "north", address())
        leading = await ending.enter_async_context(running(north))
        await soon(north.leads, "north leads")
        south = Machine(url, "south", address())
        await ending.enter_async_context(running(south))
        await backed(north)
        proxy.half_open()
        await unsure(north)
        assert north.leadership.may_offer()
        leading.cancel()  # it asks nobody any more
        await soon(south.leads, "south takes over")
        assert not north.leadership.may_offer()
        assert south.takings == [("north", 2)]
        await offers(south, may=True)
        assert south.leadership.backs(1) is Verdict.REFUSES
        assert south.leadership.backs(2) is Verdict.REFUSES


async def test_without_postgresql_nobody_follows_a_leader_that_dies(server: Postgres) -> None:
    url = server.create()
    async with AsyncExitStack() as ending:
        north, south = Machine(url, "north", address()), Machine(url, "south", address())
        leading = await ending.enter_async_context(running(north))
        await soon(north.leads, "north leads")
        await ending.enter_async_context(running(south))
        await backed(north)
        await asyncio.to_thread(server.stop)
        await unsure(north)
        leading.cancel()
        await offers(north, may=False)
        await asyncio.sleep(1.0)
        assert south.takings == []
        await asyncio.to_thread(server.start)
        await soon(south.leads, "south takes over")
        assert south.takings == [("north", 2)]


async def test_a_leader_that_one_machine_does_not_back_any_more_stops_and_goes_on_with_it(server: Postgres) -> None:
    url = server.create()
    north, south = Machine(url, "north", address()), Machine(url, "south", address())
    async with running(north):
        await soon(north.leads, "north leads")
        async with running(south) as standing:
            await backed(north)
            await asyncio.to_thread(server.stop)
            await unsure(north)
            standing.cancel()
            await asyncio.gather(standing, return_exceptions=True)
        await offers(north, may=False)
        north.regained.clear()
        again = Machine(url, "south", south.node.address)
        again.leadership.node = again.node = south.node
        async with Channel(again.leadership, KEY):
            await soon(north.regained, "north is told that it may offer again")
            await goes_on(north, 0.5)


async def test_a_leader_that_may_not_offer_lets_another_go_that_could_lead(postgres: Postgres, url: str) -> None:
    """Three machines; one of those who back the leader is dead, and the leader is cut off from PostgreSQL."""
    async with Proxy(postgres.port) as proxy:
        cut = url.replace(f":{postgres.port}/", f":{proxy.port}/")
        async with two(cut, url) as (north, south):
            west = Machine(url, "west", address())
            async with running(west):

                async def knows() -> int:
                    return sum(other.counts for other in north.leadership.permit.others.machines.values())

                await until("north counts on two", knows, lambda count: count == 2)
            proxy.half_open()
            began = now()
            await soon(south.leads, "south takes over")
            assert now() - began > GIVE_UP_S
            assert not north.leadership.may_offer()
            await offers(south, may=True)
            proxy.heal()
            await soon(north.over, "north finds that south leads")


async def test_a_machine_that_the_leader_does_not_know_waits_until_it_does(postgres: Postgres, url: str) -> None:
    async with Proxy(postgres.port) as proxy:
        cut = url.replace(f":{postgres.port}/", f":{proxy.port}/")
        async with AsyncExitStack() as ending:
            north, south = Machine(cut, "north", address()), Machine(url, "south", address())
            leading = await ending.enter_async_context(running(north))
            await soon(north.leads, "north leads")
            standing = await ending.enter_async_context(running(south))
            await backed(north)
            proxy.half_open()
            await unsure(north)
            standing.cancel()  # else it would be the next one in the line
            await asyncio.gather(standing, return_exceptions=True)
            await south.leadership._session.close()
            west = Machine(url, "west", address())
            async with running(west):
                await soon(west.held, "west may not follow north")
                assert west.unknown[-1].node == "north"
                await goes_on(north, 1.0, west)
                leading.cancel()
                await asyncio.gather(leading, return_exceptions=True)
                engine = database.open(url)
                async with engine.begin() as connection:  # what docs/several-machines.md says for this case
                    await connection.execute(text("DELETE FROM nodes WHERE name = 'north'"))
                await engine.dispose()
                await soon(west.leads, "west leads")
                assert west.takings == [("north", 2)]


async def test_who_may_follow_whom(url: str) -> None:
    engine = database.open(url)
    await database.migrate(engine)
    north, south, west = (Machine(url, name, address()) for name in ("north", "south", "west"))
    session = Session(url, "anybody")
    await session.open()

    async def run(statement: str) -> None:
        async with engine.begin() as connection:
            await connection.execute(text(statement))

    async def follows(machine: Machine) -> bool:
        return await session.follows(machine.node, "of-north")

    assert await follows(south), "north is not in the table: it cannot count on anybody"
    assert await session.take(north.node, "of-north", 1, 0.0) == []
    assert await follows(south), "north counts on nobody"
    for machine, holder in ((south, "of-south"), (west, "of-west")):
        await session.present(machine.node, holder)
    assert list(await session.count("of-another", [south.node.id])) == [], "it does not lead"
    assert list(await session.count("of-north", [south.node.id])) == [south.node.id]
    assert (await follows(south), await follows(west)) == (True, False)
    assert await session.take(west.node, "of-west", 2, 0.0) is None
    assert (await session.leader()).holder == "of-north"  # type: ignore[union-attr]
    await session.present(south.node, "of-the-next-start-of-south")
    assert await follows(south), "the same machine"
    others = await session.others(north.node, "of-north")
    assert {other.name: other.counts for other in others} == {"south": True, "west": False}
    await run("DELETE FROM nodes WHERE name = 'north'")
    assert await follows(west), "north was removed"
    await session.present(north.node, "of-north")
    assert not await follows(west)
    await session.present(north.node, "of-the-next-start-of-north")
    assert await follows(west), "that start of north has ended"
    taken = await session.take(west.node, "of-west", 2, 0.0)
    assert {other.name: other.counts for other in taken or ()} == {"north": True, "south": True}
    assert await session.follows(north.node, "of-west"), "who takes over counts on all"
    await session.close()
    await engine.dispose()


async def test_a_machine_without_an_address_is_counted_and_never_backs(url: str) -> None:
    north, south = Machine(url, "north", address()), Machine(url, "south")
    async with running(north):
        await soon(north.leads, "north leads")
        async with running(south):
            await soon(south.saw, "south stands by")

            async def counts() -> list[bool]:
                return [other.counts for other in north.leadership.permit.others.machines.values()]

            await until("north counts on it", counts, lambda found: found == [True])
            await asyncio.sleep(0.3)
            assert not north.leadership.permit.backed(now())
            engine = database.open(url)
            assert Machines(engine, north.leadership).back() == {south.node.id: False}
            await engine.dispose()


async def test_a_removed_machine_is_needed_no_more(url: str) -> None:
    north, south, west = (Machine(url, name, address()) for name in ("north", "south", "west"))
    engine = database.open(url)
    async with running(north), AsyncExitStack() as ending:
        await soon(north.leads, "north leads")
        await ending.enter_async_context(running(south))
        async with running(west):
            await backed(north)
            machines = Machines(engine, north.leadership)

            async def both() -> dict[str, bool]:
                return dict(machines.back())

            await until("both back north", both, lambda found: found == {south.node.id: True, west.node.id: True})
        await asyncio.sleep(VALID_S)
        assert not north.leadership.permit.backed(now()), "west is away"
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE nodes SET seen = seen - 3600 WHERE name = 'west'"))
        await machines.remove("west")
        await backed(north)
        assert set(machines.back()) == {south.node.id}
        await asyncio.sleep(OTHERS_S + 0.3)  # north has looked at the table without west
        again = Machine(url, "west", west.node.address)
        again.leadership.node = again.node = west.node
        async with running(again):
            await until("west is back", both, lambda found: found == {south.node.id: True, west.node.id: True})
            assert north.leadership.permit.others.machines[west.node.id].counts
    await engine.dispose()


async def test_another_secret_proves_nothing(url: str) -> None:
    north, south = Machine(url, "north", address()), Machine(url, "south", address())
    async with running(north):
        await soon(north.leads, "north leads")
        async with running(south, key=b"of another hotline"):
            await soon(south.saw, "south stands by")
            await asyncio.sleep(1.5)  # north has seen it in the table, and has asked
            assert south.node.id in north.leadership.permit.others.machines
            assert not north.leadership.permit.backed(now())


async def test_noise_gets_no_answer_and_harms_nothing(url: str) -> None:
    async with two(url, url) as (north, south):
        host, _, port = south.node.address.partition(":")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.settimeout(0.3)
            forged = Exchange("0c" * 16, b"guessed", lambda count: bytes(count)).ask(south.node.id, 99, 0.0)
            for noise in (b"", b"x", b"x" * LENGTH, b"x" * 1400, forged or b""):
                stranger.sendto(noise, (host, int(port)))
            with pytest.raises(TimeoutError):
                await asyncio.to_thread(stranger.recv, 2048)
        await goes_on(north, 0.5, south)
        await backed(north)


async def test_an_address_that_is_taken_is_told() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        machine = Machine("postgresql://wutong:x@127.0.0.1:1/wutong", "north", where)
        with pytest.raises(NotDone, match=f"node_address: {where} cannot be used: .*in use"):
            async with Channel(machine.leadership, KEY):
                pass
    for _ in range(2):  # and it is free again at once
        async with Channel(machine.leadership, KEY):
            pass
