"""A link to a fake manager: how it comes up, is lost, and comes back."""

import asyncio
import time
from typing import Any

import pytest
import structlog.testing

from dialplan.ami_connection import LISTENER, Broke, LinkDown
from dialplan.link import AmiLink, LinkTimes, pause
from dialplan.wire.ami import AmiMessage
from lab.faults.proxy import Proxy
from tests.unit.asterisk.manager import SECRET, Action, Manager, Session
from tests.unit.dialplan.linked import Heard, broken, linked, up

pytestmark = pytest.mark.usefixtures("bounded")


# -- coming up --------------------------------------------------------------------------------------------------------


async def test_it_logs_in_and_says_so(manager: Manager) -> None:
    async with linked(manager) as (link, heard):
        assert not link.up
        await link.wait_up()
        assert link.up
        assert link.reason == ""
        session = await manager.sessions.get()
        (login,) = session.received
        assert {key: login[key] for key in ("Action", "Username", "Secret", "Events")} == {
            "Action": "Login",
            "Username": "wutong",
            "Secret": SECRET,
            "Events": "on",
        }
        assert heard.all == ["up"]


async def test_events_come_in_order_from_up_on(manager: Manager) -> None:
    manager.boots = False
    async with linked(manager) as (_, heard):
        session = await manager.sessions.get()
        session.event("TooEarly")
        manager.boot(session)
        await heard.ups.get()
        for number in range(50):
            session.event(f"E{number}")
        while await heard.news.get() != "E49":
            pass
        assert heard.all == ["up", *(f"E{number}" for number in range(50))]


async def test_without_fully_booted_it_is_not_up_and_says_what_may_be_missing(manager: Manager) -> None:
    manager.boots = False
    async with linked(manager, LinkTimes(boot=0.01)) as (link, heard):
        assert "read=system" in await heard.downs.get()
        assert not link.up


async def test_what_is_no_manager_is_told(manager: Manager) -> None:
    manager.greeting = "SSH-2.0-OpenSSH_9.9\r\n"
    async with linked(manager) as (_, heard):
        assert "no Asterisk manager" in await heard.downs.get()
        session = await manager.sessions.get()
        await session.ended.wait()
        assert session.received == []  # the secret was not told to a stranger


async def test_a_manager_that_does_not_greet_is_told(manager: Manager) -> None:
    manager.greeting = ""
    async with linked(manager, LinkTimes(login=0.01)) as (_, heard):
        assert "did not greet" in await heard.downs.get()


async def test_a_refused_login_is_told_clearly_and_retried_slowly(manager: Manager) -> None:
    # both links would come back at once after any other failure
    async with Manager() as closed:
        pass
    async with linked(manager, secret="wrong") as (link, heard), linked(closed) as (_, beside):
        why = await heard.downs.get()
        assert "refused the login of wutong: Authentication failed" in why
        assert "manager.conf" in why
        assert "wrong" not in why
        for _ in range(20):
            await beside.attempts.get()
        assert manager.connections == 1
        assert link.reason == why


async def test_an_asterisk_that_is_shutting_down_is_tried_again_soon(manager: Manager) -> None:
    manager.secret, manager.refusal = "another", "Asterisk is shutting down"
    async with linked(manager) as (link, heard):
        assert "Asterisk is shutting down" in await heard.downs.get()
        manager.secret = SECRET
        await link.wait_up()


async def test_a_login_that_is_accepted_later_is_found(manager: Manager) -> None:
    manager.secret = "another"
    async with linked(manager, LinkTimes(retry_refused=0)) as (link, heard):
        await heard.downs.get()
        manager.secret = SECRET
        await link.wait_up()


async def test_the_same_reason_is_told_once(manager: Manager) -> None:
    await manager.close()
    async with linked(manager) as (link, heard):
        for _ in range(5):
            await heard.attempts.get()
        assert heard.all == ["down"]
        assert f"127.0.0.1:{manager.port}" in link.reason
        with pytest.raises(LinkDown, match="was not sent: cannot connect"):
            await link.action("Originate")


@pytest.mark.parametrize(
    ("failures", "chance", "expected"),
    [(1, 1.0, 0.5), (1, 0.0, 0.25), (2, 1.0, 1.0), (3, 1.0, 2.0), (6, 1.0, 10.0), (6, 0.0, 5.0), (10_000, 1.0, 10.0)],
)
def test_the_pause_doubles_up_to_its_most_and_is_spread(failures: int, chance: float, expected: float) -> None:
    assert pause(LinkTimes(retry_first=0.5, retry_most=10.0), failures, chance) == expected


# -- losing it --------------------------------------------------------------------------------------------------------


async def test_what_was_not_answered_fails_and_is_never_sent_again(manager: Manager) -> None:
    async with up(manager) as (link, heard, session):
        ringing = asyncio.create_task(link.action("Originate", action_id="offer-1"))
        listing = asyncio.create_task(link.list_action("Status"))
        for _ in range(2):
            await session.actions.get()
        session.hang_up()
        with pytest.raises(LinkDown, match="Originate was not answered: Asterisk closed"):
            await ringing
        with pytest.raises(LinkDown, match="Status was not answered"):
            await listing
        assert await heard.downs.get() == "Asterisk closed the connection"
        with pytest.raises(LinkDown, match="was not sent"):
            await link.action("Hangup", Channel="while it is down")
        await heard.ups.get()
        again = await manager.sessions.get()
        asking = asyncio.create_task(link.action("Getvar", Variable="a"))
        again.respond(await again.actions.get())
        await asking
        assert again.names() == ["Login", "Getvar"]
        assert heard.all == ["up", "down", "up"]


async def test_it_comes_back_as_often_as_needed(manager: Manager) -> None:
    async with up(manager) as (link, heard, session):
        for _ in range(3):
            session.hang_up()
            await heard.downs.get()
            await heard.ups.get()
            session = await manager.sessions.get()
        assert link.up
        assert heard.all == ["up", *["down", "up"] * 3]


def answered_pings(manager: Manager) -> asyncio.Queue[None]:
    """The manager answers every ping from now on; each answer puts an item into the queue."""
    pinged: asyncio.Queue[None] = asyncio.Queue()

    def on_ping(session: Session, action: Action) -> None:
        session.respond(action, Ping="Pong")
        pinged.put_nowait(None)

    manager.on_ping = on_ping
    return pinged


async def test_pings_are_answered_and_the_link_stays(manager: Manager) -> None:
    pinged = answered_pings(manager)
    async with up(manager, LinkTimes(ping_every=0.05, silence=5)) as (link, heard, _):
        for _ in range(4):
            await pinged.get()
        assert link.up
        assert heard.all == ["up"]
        assert link.figures.lag < 5


async def test_a_half_open_link_is_noticed(manager: Manager) -> None:
    manager.on_ping = lambda session, action: None
    times = LinkTimes(ping_every=0.05, silence=0.1, retry_first=0, retry_most=0)
    async with up(manager, times) as (link, heard, session):
        asking = asyncio.create_task(link.action("Originate", timeout=3_600))
        assert "nothing came from Asterisk" in await heard.downs.get()
        assert not link.up
        with pytest.raises(LinkDown):
            await asking
        await session.ended.wait()
        await heard.ups.get()  # and it comes back
        assert broken(link) == {Broke.SILENT: 1}
        assert link.figures.connects == 2


async def test_what_the_kernel_has_kept_of_a_dead_link_is_never_sent(manager: Manager) -> None:
    """An Originate that a network brings after minutes would ring an agent for nobody."""
    async with Proxy(manager.port) as proxy:
        shown = bytearray()
        proxy.to_server.watch = shown.extend
        manager.port = proxy.port
        times = LinkTimes(ping_every=0.05, silence=0.1, retry_first=0, retry_most=0, retry_refused=0, login=0.1)
        async with up(manager, times) as (link, heard, _):
            proxy.half_open()
            asking = asyncio.create_task(link.action("Originate", timeout=3_600, Channel="stale"))
            await heard.downs.get()
            with pytest.raises(LinkDown):
                await asking
            for _ in range(3):  # it tries in vain to come back; the dead connection is closed by then
                await heard.attempts.get()
            proxy.heal()
            await heard.ups.get()
            await link.action("Ping", action_id="fresh")
        assert b"fresh" in shown
        assert b"stale" not in shown


async def test_a_service_that_stood_still_does_not_blame_the_link(manager: Manager) -> None:
    """It was swapped out, say: Asterisk's answer lies in the socket and is read first."""
    pinged = answered_pings(manager)
    async with up(manager, LinkTimes(ping_every=0.1, silence=0.1)) as (_, heard, _):
        for _ in range(3):
            await pinged.get()
            time.sleep(0.5)  # noqa: ASYNC251 - the whole loop is to stand still
        await pinged.get()
        assert heard.all == ["up"]


async def test_events_show_that_the_link_lives_but_not_for_ever(manager: Manager) -> None:
    def on_ping(session: Session, action: Action) -> None:
        session.event("Busy")

    manager.on_ping = on_ping
    async with up(manager, LinkTimes(ping_every=0.05, silence=0.2, answer=0.5)) as (link, heard, _):
        assert "did not answer a ping within 0.5 s" in await heard.downs.get()
        assert heard.all.count("Busy") > 5
        assert broken(link) == {Broke.LATE: 1}


async def test_answers_that_are_late_but_come_do_not_end_it(manager: Manager) -> None:
    """Asterisk is busy, and answers every ping later than the next one is sent, but in time."""
    waiting: list[Action] = []
    answered: asyncio.Queue[None] = asyncio.Queue()

    def on_ping(session: Session, action: Action) -> None:
        waiting.append(action)
        if len(waiting) > 4:
            session.respond(waiting.pop(0), Ping="Pong")
            answered.put_nowait(None)

    manager.on_ping = on_ping
    async with up(manager, LinkTimes(ping_every=0.05, silence=5, answer=5)) as (link, heard, _):
        for _ in range(10):
            await answered.get()
        assert link.figures.lag >= 0.1
        assert heard.all == ["up"]


async def test_a_manager_that_lets_in_and_throws_out_at_once_is_asked_ever_more_slowly(manager: Manager) -> None:
    """The pause after each break doubles, as if it had never come up, until it stays."""
    async with up(manager, LinkTimes(retry_first=0.001, retry_most=0.064, ping_every=3_600)) as (link, heard, session):
        loop = asyncio.get_running_loop()
        pauses = []
        for _ in range(7):
            session.hang_up()
            await heard.downs.get()
            went = loop.time()
            await heard.ups.get()
            pauses.append(loop.time() - went)
            session = await manager.sessions.get()
        assert pauses[-1] >= 0.064
        assert broken(link) == {Broke.CLOSED: 7}


async def test_a_link_that_was_steady_comes_back_quickly(manager: Manager) -> None:
    times = LinkTimes(retry_first=0.001, retry_most=3_600, steady=0, ping_every=3_600)
    async with up(manager, times) as (_, heard, session):
        for _ in range(30):  # the pause would have become a week
            session.hang_up()
            await heard.ups.get()
            session = await manager.sessions.get()


async def test_a_flood_that_is_no_ami_ends_the_link(manager: Manager) -> None:
    async with up(manager) as (_, heard, session):
        session.send("x" * 300_000)
        assert "longer than" in await heard.downs.get()


async def test_a_listener_that_fails_breaks_nothing(manager: Manager) -> None:
    seen: asyncio.Queue[str] = asyncio.Queue()

    def on_event(event: AmiMessage) -> None:
        seen.put_nowait(event.event)
        raise ZeroDivisionError

    def broken(*_: str) -> None:
        raise ZeroDivisionError

    link = AmiLink("127.0.0.1", manager.port, "wutong", SECRET, on_event=on_event, on_up=broken, on_down=broken)
    failed: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: failed.append(context))
    with structlog.testing.capture_logs():
        running = asyncio.create_task(link.run())
        await link.wait_up()
        session = await manager.sessions.get()
        session.event("One")
        session.event("Two")
        assert [await seen.get(), await seen.get()] == ["One", "Two"]
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert [context["work"] for context in failed] == [LISTENER] * 4


async def test_the_end_of_run_closes_the_link_and_fails_what_waits(manager: Manager) -> None:
    async with up(manager) as (link, heard, session):
        asking = asyncio.create_task(link.action("Originate"))
        await session.actions.get()
    with pytest.raises(LinkDown, match="closed here"):
        await asking
    await session.ended.wait()
    assert not link.up
    assert heard.all == ["up", "down"]
    with pytest.raises(LinkDown, match="was not sent"):
        await link.action("Originate")


async def test_before_it_runs_it_is_down(manager: Manager) -> None:
    heard = Heard()
    link = AmiLink(
        "127.0.0.1", manager.port, "u", "s", on_event=heard.on_event, on_up=heard.on_up, on_down=heard.on_down
    )
    with pytest.raises(LinkDown, match="was not started"):
        await link.action("Ping")
