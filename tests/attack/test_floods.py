"""Floods of requests from one address: Asterisk stays small, its log too, and it sends back no more than it got."""

import asyncio
from pathlib import Path

import pytest

from lab.attacks.attacker import Attacker
from lab.attacks.program import attacking
from lab.patience import until
from lab.phone import CallFailed
from processes import logs
from tests.integration.exchange import exchange
from tests.integration.world import World

FLOOD = 4.0
"""Seconds. Before its bounds Asterisk grew by more than a gigabyte in that time."""

MOST = 700
"""Megabytes; mostly it grows by 100. A request needs 70 KB while it waits, in one of 31 queues for 500 each."""

LITTLE = 300
"""Megabytes that Asterisk may grow by while the hotline's own number is flooded. It was 1,800."""

CALLED = 10_000
"""INVITEs a second to the hotline's own number: more than Asterisk can make calls of by far, and not so many that the
kernel of a busy machine of two cores drops an agent's packets with them. `python -m lab.bench.attacked` has 30,000.
"""

SENDERS = ("13800138000", "1001", "anonymous", "refused")


def resident(pid: int) -> int:
    """Megabytes of memory that a process has."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 // 1_000_000


@pytest.mark.parametrize("sender", SENDERS)
async def test_calls_to_no_number_leave_nothing_in_memory(tmp_path: Path, sender: str) -> None:
    async with exchange(tmp_path) as here, Attacker(("127.0.0.1", here.given.ports.sip)) as attacker:
        pid = here.asterisk.running()
        assert pid is not None
        before = resident(pid)
        sent = await attacker.flood(f"sip:9999@127.0.0.1:{attacker.server[1]}", FLOOD, sender=sender)
        grown = resident(pid) - before
        assert grown < MOST, f"{grown} MB more after {sent} INVITEs"
        assert await attacker.asks(attacker.invite("sip:9999@127.0.0.1")) == 401


async def test_a_sender_who_acknowledges_nothing_gets_one_answer(tmp_path: Path) -> None:
    """Else a sender who forges another machine's address makes Asterisk send that machine more than was sent."""

    async def send(sender: str, port: int) -> None:
        async with Attacker(("127.0.0.1", port)) as attacker:
            for _ in range(50):
                attacker.send(attacker.invite("sip:9999@127.0.0.1", sender=f"<sip:{sender}@127.0.0.1>"))

            async def came() -> int:
                return attacker.answers.total()

            assert await until("an answer to each", came, lambda answers: answers >= 50) == 50, sender
            await asyncio.sleep(4)  # Asterisk would send them again after 0.5, 1 and 2 s
            assert attacker.answers.total() == 50, sender
            assert {status for _, status in attacker.answers} == {401}, sender

    async with exchange(tmp_path) as here:
        await asyncio.gather(*(send(sender, here.given.ports.sip) for sender in SENDERS))


async def test_asterisks_log_stays_small(hotline: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST", 20_000)
    monkeypatch.setattr(logs, "LOOK", 0.05)
    log = hotline.asterisk.folder / "log"

    async def size() -> int:
        return (log / "messages").stat().st_size

    async def sizes() -> list[int]:
        return [path.stat().st_size for path in log.iterdir() if path.name.startswith("messages")]

    async with Attacker(hotline.sip) as attacker:
        for _ in range(logs.KEPT + 2):
            await attacker.flood("sip:9999@127.0.0.1", 0.3)
            await until("an emptied log", size, lambda found: found <= 20_000)
    # Asterisk may still write of the last flood
    kept = await until("small files", sizes, lambda found: max(found) <= 20_000)
    assert len(kept) == logs.KEPT + 1
    call = await (await hotline.citizen()).dial("12319")
    await call.hears_speech()


async def test_a_flood_of_calls_to_the_hotline_itself_keeps_no_agent_from_calling(hotline: World) -> None:
    """The door by which it comes in is shut, and opens again."""
    pid = hotline.asterisk.running()
    assert pid is not None
    before = largest = resident(pid)
    agent = await hotline.agent_phone("1001")
    aimed = ("127.0.0.1", hotline.sip[1], "INVITE", "13800138000", "12319", "127.0.0.1", "--rate", CALLED)
    async with attacking("flooding", *aimed) as flood:
        for _ in range(5):
            call = await agent.dial("6001")
            await call.hears_speech()
            await call.hang_up()
            largest = max(largest, resident(pid))
    assert int(flood.said.split()[0]) > 10_000
    assert largest - before < LITTLE
    citizen = await hotline.citizen("13900139000")

    async def answered() -> bool:
        try:
            call = await citizen.dial("12319")
        except CallFailed:
            return False
        await call.hang_up()
        return True

    assert await until("the open door", answered)
