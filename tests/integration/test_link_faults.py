"""The link to Asterisk's manager misbehaves; calls go on, and what was missed is made up for."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from lab.patience import patience, until
from tests.integration.conversations import connected, hear_each_other, in_menu, queued, taken
from tests.integration.test_service_away import ready, works
from tests.integration.world import World, kinds, world


@pytest.fixture
async def hotline(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "state", hotline_folder, sounds, proxied=True) as made:
        yield made


async def measure(hotline: World, name: str, **labels: str) -> float:
    page = (await hotline.http.get("/metrics")).text
    return next(
        sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name == name and sample.labels == labels
    )


async def measures(hotline: World, wanted: float, name: str) -> None:
    await until(f"{wanted} as {name}", lambda: measure(hotline, name), lambda found: found == wanted)


class Heard:
    """Actions that Asterisk was sent, as they pass the proxy."""

    def __init__(self, hotline: World) -> None:
        self._bytes = bytearray()
        hotline.proxies.ami.to_server.watch = self._bytes.extend

    def count(self, action: str) -> int:
        return self._bytes.count(f"Action: {action}\r\n".encode())


async def cut_off(hotline: World) -> None:
    """The link breaks and cannot come back."""
    await hotline.proxies.ami.refuse()
    hotline.proxies.ami.cut()
    away = await ready(hotline, 503)
    assert away["checks"]["asterisk"] != "ok"
    assert away["checks"]["database"] == "ok"
    assert await measure(hotline, "wutong_ami_up") == 0
    assert await measure(hotline, "wutong_ami_breaks_total", reason="closed") > 0


async def held(hotline: World) -> None:
    """Until somebody waits in the holding bridge, and the service has been told."""
    await until(
        "a caller in the holding bridge",
        lambda: hotline.asterisk.command("bridge show all"),
        lambda bridges: re.search(r" [1-9]\d* .*holding_bridge", bridges),
    )
    await hotline.get("queues")


async def back(hotline: World) -> None:
    await hotline.proxies.ami.listen()
    await ready(hotline, 200)


@contextlib.asynccontextmanager
async def half_open(hotline: World) -> AsyncIterator[None]:
    """Nothing arrives in either direction, and nothing fails; noticed, when it is entered."""
    hotline.proxies.ami.half_open()
    away = await ready(hotline, 503)
    assert "nothing came from Asterisk" in away["checks"]["asterisk"]
    yield
    hotline.proxies.ami.heal()
    await ready(hotline, 200)


@pytest.fixture(params=["cut", "half-open"])
def away(request: pytest.FixtureRequest, hotline: World) -> Any:
    """A way for the link to be away."""

    @contextlib.asynccontextmanager
    async def cut() -> AsyncIterator[None]:
        await cut_off(hotline)
        yield
        await back(hotline)

    return cut if request.param == "cut" else lambda: half_open(hotline)


async def test_calls_in_every_state_live_through_it(hotline: World, away: Any) -> None:
    """One chooses, one waits, one talks; all go on meanwhile, and are served when it is back."""
    agent, other = await hotline.agent("1001"), await hotline.agent("1003")
    talking, offer = await connected(hotline, agent)
    await hotline.set_state("1003", "not-ready")
    waiting = await queued(hotline, "0", "13900139000")
    await waiting.hears_recording(hotline.clip("please-hold"))
    choosing = await in_menu(hotline, "13700137000")
    heard = Heard(hotline)
    async with away():
        before = heard.count("Originate")
        await choosing.press("2")  # heard by AGI alone
        await choosing.hears_recording(hotline.menu("water"))
        await hear_each_other(talking, offer)
        await waiting.hears("sound")
        await hotline.set_state("1003", "ready")
        assert not other.calls
    ring = await other.incoming()
    assert ring.caller_number == "13900139000"
    await ring.answer()
    await hear_each_other(waiting, ring)
    await hear_each_other(talking, offer)
    await choosing.press("1")
    await choosing.hears_recording(hotline.clip("please-hold"))
    assert heard.count("Originate") == before + 1
    assert await measure(hotline, "wutong_ami_up") == 1
    assert await measure(hotline, "wutong_ami_reconnects_total") == 1
    for call in (waiting, talking, choosing):
        await call.hang_up()
    assert kinds(await hotline.ended("13900139000")).count("offered") == 1
    await agent.unregister()  # the look found this contact, as the phone was busy
    await hotline.see_agent("1001", phone="unreachable")


async def test_what_happened_meanwhile_is_made_up_for(hotline: World, away: Any) -> None:
    """A ring was answered; a waiting caller hung up; a talking caller hung up; an agent's phone went."""
    agent, other, third = await hotline.agent("1001"), await hotline.agent("1002"), await hotline.agent("1003")
    talking, offer = await connected(hotline, agent)
    ringing = await queued(hotline, "1", "13900139000")
    ring = await other.incoming()
    await ring.ring()
    await hotline.see_agent("1002", state="ringing")
    await hotline.set_state("1003", "not-ready")
    waiting = await queued(hotline, "0", "13700137000")
    await waiting.hears_recording(hotline.clip("please-hold"))
    async with away():
        await ring.answer()
        await hear_each_other(ringing, ring)
        await talking.hang_up()
        await offer.ended()
        await waiting.hang_up()
        await third.unregister()
    await hotline.see_agent("1002", state="on-call")
    await hear_each_other(ringing, ring, one_says=900, other_says=500)
    assert (await hotline.ended())["outcome"] == "answered"
    assert (await hotline.ended("13700137000"))["outcome"] == "abandoned"
    await hotline.see_agent("1003", phone="unreachable")
    await hotline.see_agent("1001", state="ready")
    await ring.hang_up()
    told = await hotline.ended("13900139000")
    assert told["outcome"] == "answered"
    assert kinds(told).count("offered") == 1
    await hotline.set_state("1002", "not-ready")
    await works(hotline, "1001", agent, "13600136000")


async def test_nothing_that_was_wanted_meanwhile_is_sent_afterwards(hotline: World, away: Any) -> None:
    """The caller hangs up while the phone rings and the link is away: the ring ends because it is looked up, once."""
    agent = await hotline.agent("1001")
    call = await queued(hotline, "1")
    ring = await agent.incoming()
    await ring.ring()
    heard = Heard(hotline)
    async with away():
        await call.hang_up()
        await measures(hotline, 0, "wutong_agi_sessions")
        hangups = heard.count("Hangup")
    await ring.ended()
    assert (await hotline.ended())["outcome"] == "abandoned"  # not before Asterisk was asked whether they talked
    assert heard.count("Hangup") <= hangups + 1
    assert heard.count("Originate") == 0
    assert heard.count("BridgeKick") == 0
    await works(hotline, "1001", agent, "13900139000")


async def test_a_caller_whose_wait_ends_meanwhile_is_sent_on_once_it_is_back(hotline: World, away: Any) -> None:
    """`waited` fires while nobody can be brought back from the holding bridge."""
    call = await queued(hotline, "6")
    await call.hears_recording(hotline.clip("nobody-there"))
    (live,) = await hotline.get("calls")
    await held(hotline)
    async with away():
        await hotline.see(f"calls/{live['id']}", lambda told: "overflowed" in kinds(told))
    await call.hears_recording(hotline.clip({"zh": "现在很忙", "en": "We are very busy"}))
    await call.ended()
    assert (await hotline.ended())["outcome"] == "overflowed"


async def test_answers_and_events_that_are_seconds_late(hotline: World) -> None:
    """The link stays, nobody is rung twice, and what a late event says does not undo what is known since."""
    agent = await hotline.agent("1001")
    heard = Heard(hotline)
    hotline.proxies.ami.lag(2, to_server=False)
    call = await queued(hotline, "1")
    ring = await agent.incoming()
    await ring.answer()
    await hear_each_other(call, ring)
    await hotline.see_agent("1001", state="on-call")
    assert await measure(hotline, "wutong_ami_lag_seconds") > 1
    waiting = await queued(hotline, "1", "13900139000")
    await ring.hang_up()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    second = await agent.incoming()  # wrap-up: 1 s
    assert second.caller_number == "13900139000"
    await waiting.hang_up()  # and here the ring ends at once: the session says so, not an event
    await second.ended()
    hotline.proxies.ami.heal()
    assert kinds(await hotline.ended()).count("offered") == 1
    assert kinds(await hotline.ended("13900139000")).count("offered") == 1
    assert heard.count("Originate") == 2
    assert await measure(hotline, "wutong_ami_reconnects_total") == 0
    await works(hotline, "1001", agent, "13700137000")


def invented(number: int) -> bytes:
    """Events of kinds that the service looks at, about channels that it does not know, and one of no kind at all."""
    channel = f"Channel: PJSIP/9999-{number:08x}\r\nUniqueid: flood-{number}\r\nContext: x\r\nExten: 绿化\r\n"
    events = ("DTMFEnd", "Newchannel", "Newstate", "BridgeEnter", "BridgeLeave", "Hangup", "DeviceStateChange", "Noise")
    return "".join(f"Event: {name}\r\nPrivilege: call,all\r\n{channel}\r\n" for name in events).encode()


async def test_a_flood_of_events_does_not_stop_calls(hotline: World) -> None:
    """As many as the service can take in: a call comes, is rung for, talks and ends as ever, and the link stays."""
    agent = await hotline.agent("1001")
    (link,) = hotline.proxies.ami.connections
    sent = 0

    async def flood() -> None:
        nonlocal sent
        while True:
            await link.tell_client(b"".join(map(invented, range(sent, sent + 25))), behind=b"\r\n\r\n")
            sent += 25
            await asyncio.sleep(0)

    flooding = asyncio.create_task(flood())
    call, offer = await connected(hotline, agent)

    async def told() -> int:
        return 8 * sent

    await until("a flood", told, lambda events: events > 20_000)  # in the talk; a busy machine takes in less in it
    await offer.hang_up()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    assert not flooding.done()
    flooding.cancel()
    assert kinds(await hotline.ended()).count("offered") == 1
    assert await measure(hotline, "wutong_ami_reconnects_total") == 0
    await works(hotline, "1001", agent, "13900139000")


async def test_a_session_that_is_half_open_ends_when_its_caller_does(hotline: World) -> None:
    """AGI says nothing any more. AMI tells that the caller is gone; if its link was away then, the snapshot does."""
    first, second = await in_menu(hotline), await in_menu(hotline, "13900139000")
    hotline.proxies.agi.half_open()
    await first.hang_up()
    assert (await hotline.ended())["outcome"] == "hung-up"
    await cut_off(hotline)
    await second.hang_up()
    await back(hotline)
    assert (await hotline.ended("13900139000"))["outcome"] == "hung-up"
    hotline.proxies.agi.heal()
    assert await measure(hotline, "wutong_agi_sessions") == 0
    agent = await hotline.agent("1001")
    await works(hotline, "1001", agent, "13700137000")


async def test_callers_of_a_machine_that_died_are_led_to_the_next_service(hotline: World) -> None:
    """Its connections never end; those of the next one are new."""
    choosing = await in_menu(hotline)
    waiting = await queued(hotline, "1", "13900139000")
    bureau = await hotline.agent_phone("2202")
    talking = await in_menu(hotline, "13700137000")
    await talking.press("5")
    department = await bureau.incoming()
    await department.answer()
    await hear_each_other(talking, department)
    hotline.proxies.agi.strand()
    hotline.proxies.ami.strand()
    await hotline.stop_service()
    await hotline.start_service()
    await choosing.hears_recording(hotline.clip("service-apology"))
    await choosing.hears_recording(hotline.menu("main"))
    await choosing.press("2")
    await choosing.hears_recording(hotline.menu("water"))
    agent = await hotline.agent("1001")
    offer = await taken(waiting, agent)
    await offer.hang_up()
    await waiting.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await department.hang_up()
    await talking.hears_recording(hotline.clip(hotline.hotline.goodbye))


async def test_a_caller_is_led_in_whose_service_s_machine_died_before_its_first_word(hotline: World) -> None:
    """Nobody has written down that there is a call: neither a Record nor a variable of the channel."""
    citizen = await hotline.citizen()
    hotline.proxies.agi.half_open()
    async with asyncio.TaskGroup() as tasks:
        dialling = tasks.create_task(citizen.dial("12319"))
        await until(
            "a channel inside AGI()",
            lambda: hotline.asterisk.command("core show channels concise"),
            lambda channels: "!AGI!" in channels,
        )
        hotline.proxies.agi.strand()
        hotline.proxies.agi.heal()
        hotline.proxies.ami.strand()
        await hotline.stop_service()
        await hotline.start_service()
    call = await dialling
    await call.hears_recording(hotline.menu("main"))
    (told,) = await hotline.get("calls")
    assert (told["caller"], told["state"]) == ("13800138000", "menu")


async def test_a_call_that_was_finished_as_the_service_s_machine_died_is_over(hotline: World) -> None:
    """Asterisk knows that the call is over, and waits for the end of its session, which never comes."""
    call, finished = await queued(hotline, "1"), asyncio.Event()

    def last_word(chunk: bytes) -> None:
        if b"WUTONG_DONE" in chunk:
            hotline.proxies.agi.to_client.set(silent=True)
            finished.set()

    hotline.proxies.agi.to_client.watch = last_word
    offer = await taken(call, await hotline.agent("1001"))
    await offer.hang_up()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    async with patience("the last word to Asterisk"):
        await finished.wait()
    assert (await hotline.ended())["outcome"] == "answered"
    hotline.proxies.agi.strand()
    hotline.proxies.agi.heal()
    hotline.proxies.ami.strand()
    await hotline.stop_service()
    await hotline.start_service()
    await call.ended()
    assert "call-resumed" not in kinds(await hotline.ended())


async def test_a_session_that_is_cut_is_taken_up_again(hotline: World) -> None:
    call = await in_menu(hotline)
    (known,) = await hotline.get("calls")
    hotline.proxies.agi.cut()
    await call.hears_recording(hotline.clip("service-apology"))
    await call.press("2")
    await call.hears_recording(hotline.menu("water"))
    assert [call["id"] for call in await hotline.get("calls")] == [known["id"]]


async def test_a_caller_who_comes_while_being_fetched_is_the_same_call_in_the_next_session(hotline: World) -> None:
    """The Redirect is late, and breaks off the session in which the caller has come."""
    call = await in_menu(hotline)
    (known,) = await hotline.get("calls")
    agi, ami, fetched = hotline.proxies.agi, hotline.proxies.ami, asyncio.Event()

    def keep_back(chunk: bytes) -> None:
        if b"Action: Redirect\r\n" in chunk:
            ami.to_server.set(silent=True)
            fetched.set()

    ami.to_server.foresee = keep_back
    agi.to_server.set(silent=True)
    agi.cut()
    async with patience("a Redirect to Asterisk"):
        await fetched.wait()
    agi.to_client.set(silent=True)  # this session begins, and comes no further: the caller must not be asked twice
    agi.to_server.set()
    await hotline.see(f"calls/{known['id']}", lambda told: kinds(told).count("call-resumed") == 1)
    ami.heal()
    told = await hotline.see(f"calls/{known['id']}", lambda told: kinds(told).count("call-resumed") == 2)
    agi.heal()
    assert (kinds(told).count("call-started"), "call-finished" in kinds(told)) == (1, False)
    await call.hears_recording(hotline.clip("service-apology"))
    await call.press("2")
    await call.hears_recording(hotline.menu("water"))


async def test_a_caller_who_talked_while_both_links_were_away_is_through(hotline: World) -> None:
    """Asterisk is asked before the caller is back in a session."""
    agent = await hotline.agent("1001")
    call = await queued(hotline, "1")
    offer = await agent.incoming()
    await held(hotline)
    await hotline.proxies.agi.refuse()
    hotline.proxies.agi.cut()
    await cut_off(hotline)
    await offer.answer()
    await hear_each_other(call, offer)
    await offer.hang_up()
    await call.hears("sound")
    await back(hotline)
    await hotline.proxies.agi.listen()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.ended()
    assert told["outcome"] == "answered"
    assert (kinds(told).count("offered"), kinds(told).count("talk-ended")) == (1, 1)
