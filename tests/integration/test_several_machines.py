"""Two machines with one PostgreSQL: a real `./wutong up` each, with an Asterisk of its own; one leads."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from lab.patience import until
from lab.phone import Call, CallFailed, Phone
from lab.postgres import Postgres, running
from tests.integration.command import Wutong
from tests.integration.conversations import hear_each_other
from tests.integration.test_reload import edit
from tests.unit.nodes.leading import address

NUMBER = "12319"


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """One that this test may stop."""
    with running() as made:
        yield made


@asynccontextmanager
async def two_machines(
    another: Callable[[str], Wutong], postgres: Postgres, *, addresses: bool
) -> AsyncIterator[tuple[Wutong, Wutong]]:
    url = postgres.create()
    north, south = made = another("north"), another("south")
    for name, machine in zip(("north", "south"), made, strict=True):
        machine.variables |= {"WUTONG_DATABASE_URL": url, "WUTONG_NODE": name, "WUTONG_STAND_BY": "true"}
        if addresses:
            machine.variables["WUTONG_NODE_ADDRESS"] = address()
    try:
        await north.up()
        south.folder.secrets.write_bytes(north.folder.secrets.read_bytes())
        south.folder.secrets.chmod(0o600)
        await south.up()
        yield made
    finally:
        for machine in made:
            await machine.run("down", "--yes")


@pytest.fixture
async def machines(another: Callable[[str], Wutong], postgres: Postgres) -> AsyncIterator[tuple[Wutong, Wutong]]:
    """North leads, south stands by. Both have the same secrets, as docs/several-machines.md says."""
    async with two_machines(another, postgres, addresses=False) as made:
        yield made


@pytest.fixture
async def backing(another: Callable[[str], Wutong], postgres: Postgres) -> AsyncIterator[tuple[Wutong, Wutong]]:
    """The same, and each has an address for the other: south backs north."""
    async with two_machines(another, postgres, addresses=True) as made:
        await until("south backs north", lambda: made[0].text("/metrics"), lambda page: "wutong_backed 1.0" in page)
        yield made


@pytest.fixture
async def phones() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as made:
        yield made


async def leads(machine: Wutong) -> None:
    """Wait until this one takes calls."""
    await until("a machine that leads", machine.status, lambda found: found["ready"] and found["stands_by"] is None)


async def stands_by(machine: Wutong, leader: str) -> None:
    """Wait until this one says that the other leads."""

    def seen(found: dict[str, Any]) -> bool:
        return found["ready"] and f"{leader} leads" in (found["stands_by"] or "")

    await until(f"a machine that stands by for {leader}", machine.status, seen)


async def offers(machine: Wutong, may: bool) -> None:
    """Wait until this leader may ring agents, or may not."""
    line = f"wutong_may_offer {float(may)}"
    await until(line, lambda: machine.text("/metrics"), lambda page: line in page)


async def waiting(machine: Wutong, phones: AsyncExitStack, number: str) -> Call:
    """A citizen in the queue `everybody`."""
    citizen = await phones.enter_async_context(Phone(("127.0.0.1", machine.base + 1), number=number))
    call = await citizen.dial(NUMBER)
    await call.hears_speech()
    await call.press("2")
    await call.press("3")

    def seen(calls: list[dict[str, Any]]) -> bool:
        return any(one["caller"] == number for one in calls)

    await until(f"{number} waits", lambda: machine.get("calls?state=waiting"), seen)
    return call


async def rings_again(machine: Wutong, phones: AsyncExitStack, number: str) -> Call:
    """A citizen who has been cut off, and presses nothing."""
    citizen = await phones.enter_async_context(Phone(("127.0.0.1", machine.base + 1), number=number))
    call = await citizen.dial(NUMBER)

    def seen(calls: list[dict[str, Any]]) -> bool:
        return any(one["caller"] == number for one in calls)

    await until(f"{number} waits", lambda: machine.get("calls?state=waiting"), seen)
    return call


async def agent(machine: Wutong, phones: AsyncExitStack, agent_id: str) -> Phone:
    """The agent's phone, registered at this machine."""
    address, password = ("127.0.0.1", machine.base + 1), machine.password(agent_id)
    phone = await phones.enter_async_context(Phone(address, user=agent_id, password=password))
    await phone.register(expires=60)
    await until(
        f"the phone of {agent_id}", lambda: machine.get(f"agents/{agent_id}"), lambda found: found["phone"] == "free"
    )
    return phone


async def kill_machine(machine: Wutong) -> None:
    """All of its processes at once, as if it had lost its power."""
    found = await machine.status()
    for name in ("supervisor_pid", "pid", "asterisk_pid"):
        os.kill(found[name], signal.SIGKILL)


async def test_a_machine_that_stands_by_says_who_leads_and_sends_calls_elsewhere(
    machines: tuple[Wutong, Wutong],
) -> None:
    north, south = machines
    assert (await north.status())["stands_by"] is None
    await stands_by(south, "north")
    ready = await south.get("/readyz")
    assert ready["status"] == 503
    assert "north leads since" in ready["checks"]["leadership"]
    assert (await south.get("/healthz")) == {"status": "alive"}
    assert "wutong_leads 0.0" in await south.text("/metrics")
    assert "wutong_leads 1.0" in await north.text("/metrics")
    assert "north leads since" in (await south.get("queues"))["detail"]
    async with Phone(("127.0.0.1", south.base + 1), number="13800138000") as citizen:
        with pytest.raises(CallFailed, match="503"):
            await citizen.dial(NUMBER)
    status, said = await south.run("status")
    assert (status, "stands by: another machine leads" in said) == (0, True)


async def test_a_machine_dies_and_citizens_who_ring_again_have_their_old_places(
    machines: tuple[Wutong, Wutong], phones: AsyncExitStack
) -> None:
    north, south = machines
    await waiting(north, phones, "13900000001")
    await waiting(north, phones, "13900000002")
    await north.put("agents/1001/state", {"state": "not-ready", "reason": ""})
    await asyncio.sleep(1.2)  # a place is kept for who has waited longer than `missed.after`
    await until(
        "all Records written", lambda: north.text("/metrics"), lambda page: "wutong_journal_waiting 0.0" in page
    )
    await kill_machine(north)
    await leads(south)
    assert (await south.get("agents/1001"))["state"] == "not-ready", "what agents chose goes on"
    again = await waiting(south, phones, "13900000002")
    before = await waiting(south, phones, "13900000001")
    phone = await agent(south, phones, "1001")
    await south.put("agents/1001/state", {"state": "ready", "reason": ""})
    offer = await phone.incoming()
    await offer.answer()
    await hear_each_other(before, offer)
    await north.up()
    await stands_by(north, "south")
    assert not again.ending


async def test_who_was_cut_off_at_the_machine_that_died_rings_the_other_and_has_the_place_without_the_menus(
    machines: tuple[Wutong, Wutong], phones: AsyncExitStack
) -> None:
    north, south = machines
    numbers = first, second, talker = "13900000001", "13900000002", "13900000003"
    phone = await agent(north, phones, "1001")
    talking = await waiting(north, phones, talker)
    await north.put("agents/1001/state", {"state": "ready", "reason": ""})
    offer = await phone.incoming()
    await offer.answer()
    await hear_each_other(talking, offer)
    await north.put("agents/1001/state", {"state": "not-ready", "reason": ""})  # after this talk
    await waiting(north, phones, first)
    await waiting(north, phones, second)
    await until(
        "all Records written", lambda: north.text("/metrics"), lambda page: "wutong_journal_waiting 0.0" in page
    )
    await kill_machine(north)
    await leads(south)
    again: dict[str, Call] = {}
    for number in reversed(numbers[:2]):
        again[number] = await rings_again(south, phones, number)
    await waiting(south, phones, "13900000004")
    again[talker] = await rings_again(south, phones, talker)
    standing = await south.get("queues/everybody/callers")
    assert [one["caller"] for one in standing] == [talker, first, second, "13900000004"]
    lost = await south.get("calls?outcome=lost")
    assert {one["caller"] for one in lost} == set(numbers)
    story = (await south.get(f"calls/{lost[0]['id']}"))["story"]
    assert story[-1]["cause"] == "machine-lost"
    phone = await agent(south, phones, "1001")
    await south.put("agents/1001/state", {"state": "ready", "reason": ""})
    for number in (talker, first, second):
        offer = await phone.incoming()
        assert offer.caller_number == number
        await offer.answer()
        await hear_each_other(again[number], offer)
        await again[number].hang_up()


async def test_the_leader_lists_the_machines_and_forgets_one_that_is_away_for_good(
    machines: tuple[Wutong, Wutong],
) -> None:
    north, south = machines
    await stands_by(south, "north")

    async def parts() -> dict[str, str]:
        return {node["name"]: node["part"] for node in await north.get("nodes")}

    await until("both machines", parts, lambda found: found == {"north": "leads", "south": "stands-by"})
    status, said = await north.run_in("node", "list")
    assert (status, "north  leads (epoch 1)" in said, "south  stands by" in said) == (0, True, True)
    status, said = await north.run_in("node", "remove", "south", "--yes")
    assert (status, "south lives; stop Wutong there first" in said) == (1, True)
    await kill_machine(south)
    await until("south is away", parts, lambda found: found == {"north": "leads", "south": "away"})
    assert "no sign of life from south" in (await north.run("doctor"))[1]
    status, said = await north.run_in("node", "remove", "south", "--yes")
    assert (status, said.strip()) == (0, "south is removed")
    assert await parts() == {"north": "leads"}
    status, said = await north.run_in("node", "remove", "north", "--yes")
    assert (status, "north leads; stop Wutong there" in said) == (1, True)


async def test_whoever_takes_over_has_what_was_published_and_switched(
    machines: tuple[Wutong, Wutong], hotline_folder: Path
) -> None:
    north, south = machines
    edit(hotline_folder, "hotline.yaml", ('"6": {queue: quick}', '"6": {queue: general}'))
    status, said = await north.run("publish", "--note", "no quick queue", "--yes")
    assert status == 0, said
    await north.put("notice", {"text": "Rain until noon"})
    status, said = await north.run("drain")
    assert status == 0, said

    async def shared() -> bool:
        files = (south.folder.versions / "000002.json", south.folder.notice, south.folder.drained)
        return all(file.exists() for file in files)

    await until("the files at the other machine", shared)
    await kill_machine(north)
    await leads(south)
    current = await south.get("versions/current")
    assert (current["number"], current["note"]) == (2, "no quick queue")
    assert (await south.get("notice"))["text"] == "Rain until noon"
    assert south.folder.drained_since() == north.folder.drained_since()
    # and back: the one that was away gets what it has missed
    status, said = await south.run("drain", "--off")
    assert status == 0, said
    await north.up()
    await stands_by(north, "south")
    assert not north.folder.drained.exists()


async def test_a_leader_that_was_frozen_finds_that_the_other_leads(machines: tuple[Wutong, Wutong]) -> None:
    north, south = machines
    frozen = (await north.status())["pid"]
    os.kill(frozen, signal.SIGSTOP)
    await leads(south)
    os.kill(frozen, signal.SIGCONT)
    await north.next_service(frozen)
    await stands_by(north, "south")
    assert "wutong_leads 1.0" in await south.text("/metrics")


async def test_a_restart_leaves_the_lead_where_it_is(machines: tuple[Wutong, Wutong], phones: AsyncExitStack) -> None:
    north, south = machines
    call = await waiting(north, phones, "13900000001")
    before = (await north.status())["pid"]
    status, said = await north.run("restart")
    assert status == 0, said
    await north.next_service(before)
    await leads(north)
    await stands_by(south, "north")
    found = await north.get("calls?state=waiting")
    assert [one["caller"] for one in found] == ["13900000001"]
    phone = await agent(north, phones, "1001")
    await north.put("agents/1001/state", {"state": "ready", "reason": ""})
    offer = await phone.incoming()
    await offer.answer()
    await hear_each_other(call, offer)


async def test_without_postgresql_no_agent_is_rung_talks_go_on_and_the_same_machine_leads_after_it(
    machines: tuple[Wutong, Wutong], phones: AsyncExitStack, postgres: Postgres
) -> None:
    north, south = machines
    phone = await agent(north, phones, "1001")
    talking = await waiting(north, phones, "13900000001")
    await north.put("agents/1001/state", {"state": "ready", "reason": ""})
    offer = await phone.incoming()
    await offer.answer()
    await hear_each_other(talking, offer)
    await asyncio.to_thread(postgres.stop)
    await offers(north, may=False)
    other = await agent(north, phones, "1002")
    await north.put("agents/1002/state", {"state": "ready", "reason": ""})
    citizen = await waiting(north, phones, "13900000002")
    await hear_each_other(talking, offer, one_says=700, other_says=500)
    assert other.calls == ()
    await asyncio.to_thread(postgres.start)
    ring = await other.incoming()
    await ring.answer()
    await hear_each_other(citizen, ring)
    await offers(north, may=True)
    await stands_by(south, "north")


async def talk(leader: Wutong, phones: AsyncExitStack, agent_id: str, number: str) -> None:
    """A citizen calls, waits, is offered to this agent, talks, and hangs up. Then the agent takes no more calls."""
    phone = await agent(leader, phones, agent_id)
    citizen = await waiting(leader, phones, number)
    await leader.put(f"agents/{agent_id}/state", {"state": "ready", "reason": ""})
    offer = await phone.incoming()
    await offer.answer()
    await hear_each_other(citizen, offer)
    await leader.put(f"agents/{agent_id}/state", {"state": "not-ready", "reason": ""})
    await citizen.hang_up()


async def test_with_addresses_agents_are_rung_while_postgresql_is_away(
    backing: tuple[Wutong, Wutong], phones: AsyncExitStack, postgres: Postgres
) -> None:
    north, south = backing
    assert "backs the leader" in (await north.run_in("node", "list"))[1]
    await asyncio.to_thread(postgres.stop)
    stopped = asyncio.get_running_loop().time()
    for n, agent_id in enumerate(("1001", "1002")):
        await talk(north, phones, agent_id, f"1390000000{n}")
        assert "wutong_leads 0.0" in await south.text("/metrics")
    await asyncio.sleep(max(0.0, stopped + 30.0 - asyncio.get_running_loop().time()))
    assert "wutong_may_offer 1.0" in await north.text("/metrics")
    await asyncio.to_thread(postgres.start)
    await until(
        "all Records are written", lambda: north.text("/metrics"), lambda page: "wutong_journal_waiting 0.0" in page
    )
    page = await north.text("/metrics")
    assert "wutong_leader_epoch 1.0" in page
    assert "wutong_journal_refused_total 0.0" in page
    found = await north.get("calls?state=ended")
    assert {call["caller"] for call in found} == {f"1390000000{n}" for n in range(2)}
    await stands_by(south, "north")


async def test_a_leader_that_dies_while_postgresql_is_away_is_followed_when_it_is_back(
    backing: tuple[Wutong, Wutong], postgres: Postgres
) -> None:
    north, south = backing
    await asyncio.to_thread(postgres.stop)

    def alone(found: dict[str, Any]) -> bool:
        return "PostgreSQL cannot be asked" in (found["stands_by"] or "")

    await until("south cannot ask PostgreSQL", south.status, alone)
    await kill_machine(north)
    await asyncio.sleep(3.0)
    assert "wutong_leads 0.0" in await south.text("/metrics")
    await asyncio.to_thread(postgres.start)
    await leads(south)
