"""Who leads, decided by a real PostgreSQL: it is asked, its sessions end, it is stopped, its standby takes over."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from base.failure import NotDone
from journal import database
from lab.patience import until
from lab.postgres import Postgres
from lab.postgres import running as postgres_running
from nodes.leadership import Leadership
from nodes.model import Node
from nodes.session import NAME
from tests.unit.nodes.leading import Machine, running, soon


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.create()


@pytest.fixture
def server() -> Iterator[Postgres]:
    """One that this test may stop."""
    with postgres_running() as made:
        yield made


async def offers(machine: Machine) -> None:
    """Wait until it may offer."""

    async def look() -> bool:
        return machine.leadership.may_offer()

    await until(f"{machine.leadership.node} may offer", look)


async def asleep(machine: Machine) -> None:
    """Wait until it may offer no more."""

    async def look() -> bool:
        return not machine.leadership.may_offer()

    await until(f"{machine.leadership.node} may not offer", look)


async def test_one_leads_and_the_other_sees_it(url: str) -> None:
    north, south = Machine(url, "north"), Machine(url, "south")
    async with running(north):
        await soon(north.leads, "north leads")
        assert north.takings == [(None, 1)]
        async with running(south):
            await soon(south.saw, "south sees who leads")
            leader = south.seen[-1]
            assert leader is not None
            assert (leader.node, leader.epoch, leader.holder) == ("north", 1, north.leadership.holder)
            await offers(north)
            assert not south.leadership.may_offer()


async def test_who_resigns_offers_nothing_and_the_next_one_leads(url: str) -> None:
    north, south = Machine(url, "north"), Machine(url, "south")
    async with running(north) as leading:
        await soon(north.leads, "north leads")
        async with running(south):
            await soon(south.saw, "south stands by")
            leading.cancel()
            await asyncio.gather(leading, return_exceptions=True)
            await north.leadership.resign()
            assert not north.leadership.may_offer()
            await soon(south.leads, "south takes over")
            assert south.takings == [("north", 2)]
            await offers(south)


async def test_a_leader_that_is_silent_stops_before_the_next_one_begins_and_is_over(url: str) -> None:
    north, south = Machine(url, "north"), Machine(url, "south")
    async with running(north) as silent:
        await soon(north.leads, "north leads")
        await offers(north)
        async with running(south):
            await soon(south.saw, "south stands by")
            silent.cancel()  # its session stays open: as of a frozen machine
            await soon(south.leads, "south takes over")
            assert not north.leadership.may_offer()
            await offers(south)
            await north.leadership.keep()  # it goes on, and finds that its session is gone
            assert north.leadership.over
            assert not north.leadership.may_offer()
            assert south.leadership.may_offer()


async def test_a_leader_whose_session_ends_goes_on_in_the_same_epoch(url: str, postgres: Postgres) -> None:
    north, south = Machine(url, "north"), Machine(url, "south")
    async with running(north), running(south):
        await soon(await first(north, south), "one leads")
        leader, other = (north, south) if north.leads.is_set() else (south, north)
        await soon(other.saw, "the other stands by")
        name = NAME + leader.leadership.holder
        await asyncio.to_thread(postgres.end_sessions, name)
        await soon(leader.regained, "it leads on")
        assert leader.leadership.may_offer()
        assert (leader.leadership.epoch, leader.takings, other.takings) == (1, [(None, 1)], [])


async def first(*machines: Machine) -> asyncio.Event:
    """Set once one of them leads."""
    waits = [asyncio.create_task(machine.leads.wait()) for machine in machines]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    done = asyncio.Event()
    done.set()
    return done


async def test_while_postgresql_is_away_nobody_offers_and_then_the_same_one_leads(server: Postgres) -> None:
    url = server.create()
    north, south = Machine(url, "north"), Machine(url, "south")
    async with running(north):
        await soon(north.leads, "north leads")
        await offers(north)
        async with running(south):
            await soon(south.saw, "south stands by")
            await asyncio.to_thread(server.stop)
            await asleep(north)
            await soon(south.saw, "south knows that PostgreSQL is away")
            assert south.seen[-1] is None
            assert not south.leadership.may_offer()
            await asyncio.to_thread(server.start)
            await soon(north.regained, "north leads on")
            assert north.leadership.may_offer()
            assert (north.leadership.epoch, south.takings) == (1, [])


async def test_a_standby_of_postgresql_that_becomes_the_primary_keeps_the_leader(server: Postgres) -> None:
    with postgres_running(server) as standby:
        alone = server.create()
        both = alone.replace(f"127.0.0.1:{server.port}", f"127.0.0.1:{server.port},127.0.0.1:{standby.port}")
        north, south = Machine(both, "north"), Machine(both, "south")
        async with running(north):
            await soon(north.leads, "north leads")
            async with running(south):
                await soon(south.saw, "south stands by")
                await asyncio.to_thread(server.stop, "fast")
                await asleep(north)
                await asyncio.to_thread(standby.promote)
                await soon(north.regained, "north leads on")
                assert (north.leadership.epoch, south.takings) == (1, [])


@asynccontextmanager
async def restarting(url: str, kept_s: float) -> AsyncIterator[Machine]:
    """South stands by while north, the leader, restarts, and is waited for so many seconds."""
    north, south = Machine(url, "north"), Machine(url, "south")
    async with running(north) as leading:
        await soon(north.leads, "north leads")
        async with running(south):
            await soon(south.saw, "south stands by")
            leading.cancel()
            await asyncio.gather(leading, return_exceptions=True)
            await north.leadership.resign(kept_s=kept_s)
            yield south


async def test_a_leader_that_restarts_is_waited_for(url: str) -> None:
    async with restarting(url, 60.0) as south:
        again = Machine(url, "north")
        async with running(again):
            await soon(again.leads, "the next start of north leads")
            assert (again.takings, south.takings) == ([("north", 2)], [])


async def test_a_leader_that_does_not_come_back_from_its_restart_is_replaced(url: str) -> None:
    async with restarting(url, 1.0) as south:
        await soon(south.leads, "south takes over")
        assert south.takings == [("north", 2)]


async def test_a_leader_whose_service_starts_is_not_replaced_though_it_is_silent(url: str) -> None:
    north, south = Machine(url, "north", starts=False), Machine(url, "south")
    async with running(north) as starting:
        await soon(north.leads, "north leads")
        starting.cancel()  # its session stays open, and is silent: the loop is busy
        async with running(south):
            await soon(south.saw, "south sees that north leads")
            await asyncio.sleep(1.5)
            assert not south.leads.is_set()
            north.leadership.started()
            keeping = asyncio.create_task(north.leadership.keep())
            await soon(north.regained, "north leads on")
            await offers(north)
            assert south.takings == []
            await asyncio.sleep(0.5)  # two heartbeats: the database knows that it has started
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await soon(south.leads, "south takes over from a leader that has started, and is silent")
            assert south.takings == [("north", 2)]


async def test_a_database_of_a_newer_version_is_told(url: str) -> None:
    engine = database.open(url)
    await database.migrate(engine)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    async def prepare() -> None:
        await database.migrate(engine)

    leadership = Leadership(url, Node("1", "north", "1.0"), prepare=prepare)
    with pytest.raises(NotDone, match="newer Wutong"):
        await leadership.win()
    await leadership.resign()
    await engine.dispose()


async def test_a_clock_of_the_database_that_is_set_back_does_not_keep_a_dead_leader(
    url: str, postgres: Postgres
) -> None:
    north, south = Machine(url, "north"), Machine(url, "south")
    async with running(north) as leading:
        await soon(north.leads, "north leads")
        await until("its start is over", lambda: kept_until(url), lambda kept: kept == 0)
        async with running(south):
            await soon(south.saw, "south stands by")
            await asyncio.to_thread(set_back, postgres, url)
            leading.cancel()  # it is silent from now on
            await soon(south.leads, "south takes over")
            assert south.takings == [("north", 2)]


async def test_a_clock_of_the_database_that_is_set_back_during_a_restart_lets_another_machine_lead(
    url: str, postgres: Postgres
) -> None:
    async with restarting(url, 20.0) as south:
        await asyncio.to_thread(set_back, postgres, url)
        await soon(south.leads, "south takes over")
        assert south.takings == [("north", 2)]


def set_back(postgres: Postgres, url: str) -> None:
    """As all times in the database look, once its clock was set back by an hour."""
    statement = "UPDATE leaders SET kept_until = kept_until + 3600 WHERE kept_until > 0"
    postgres.sql(url.rpartition("/")[2], statement)


async def kept_until(url: str) -> float:
    connection = await database.direct(url, seconds=5.0, settings={})
    try:
        return float(await connection.fetchval("SELECT kept_until FROM leaders"))
    finally:
        await connection.close()
