"""Agents' phones that are gone in the middle of a talk, and phones of which only SIP or only audio is missing."""

import asyncio
import socket
import time
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dialplan.liveness import LISTEN
from lab.patience import until
from lab.phone import Call, IncomingCall, Phone
from lab.stalls import Stalls
from settings.ports import Ports
from tests.integration.conversations import connected, hear_each_other, in_menu, queued, taken
from tests.integration.test_transfers_over_http import order
from tests.integration.test_unseen_talks import link_away, service_away
from tests.integration.world import World, kinds, record, world

SOON = 10.0
"""Seconds from the death of a phone in a talk to the end of that talk. It takes up to nine on a machine that runs."""


async def comes_back(hotline: World, call: Call, told: Any, died: float, stalled: Stalls) -> IncomingCall:
    """The caller hears why, is the first in the queue again, and talks with another agent, whose call it is."""
    await call.hears_recording(hotline.clip("talk-broken"))
    await hotline.see_queue("greening", waiting=2)
    await hotline.see_agent("1001", state="ready", phone="unreachable")
    other = await hotline.agent("1002")
    offer = await other.incoming()
    assert offer.caller_number == "13800138000", "the caller who waited behind was first"
    await offer.answer()
    await hear_each_other(call, offer)
    story = await hotline.story(told["id"])
    over = record(story, "talk-ended")
    assert (over["agent"], over["by"], over["cause"]) == ("1001", "system", "agent-phone-gone")
    assert datetime.fromisoformat(over["at"]).timestamp() - died < SOON + stalled.seconds
    assert record(story, "routed")["to"] == {"queue": "greening"}
    assert story["agent"] == "1002"
    return offer


async def the_call(hotline: World, number: str = "13800138000") -> Any:
    return next(call for call in await hotline.get("calls") if call["caller"] == number)


@pytest.mark.parametrize("held", [False, True])
async def test_a_caller_whose_agents_phone_dies_is_told_and_comes_first(
    hotline: World, stalled: Stalls, held: bool
) -> None:
    agent = await hotline.agent("1001")
    call, offer = await connected(hotline, agent)
    await queued(hotline, "1", "13900139000")
    if held:
        await offer.hold()
    died = time.time()
    agent.die()
    told = await the_call(hotline)
    talks = await comes_back(hotline, call, told, died, stalled)

    # The caller's channel keeps the cause of that end, and Asterisk gives it to the leg that sends the caller on.
    colleague = await hotline.agent_phone("1003")
    transferring = asyncio.create_task(talks.blind_transfer("1003"))
    asked = await (await colleague.incoming()).answer()
    await hear_each_other(call, asked, one_says=900, other_says=500)
    await transferring
    story = await hotline.story(told["id"])
    assert [(talk["with"], talk["ended_by"]) for talk in story["talks"]][1] == ({"agent": "1002"}, "agent")
    assert [(sent["agent"], sent["became"]) for sent in story["transfers"]] == [("1002", "answered")]


@pytest.mark.parametrize("counted", ["nowhere", "at the caller's"])
async def test_a_phone_that_dies_is_noticed_where_asterisk_does_not_count_its_audio(
    tmp_path: Path,
    hotline_folder: Path,
    sounds: Path,
    stalled: Stalls,
    monkeypatch: pytest.MonkeyPatch,
    counted: str,
) -> None:
    """Other programs have the ports from which Asterisk would send its reports (RTCP)."""
    first = {"nowhere": 24_000, "at the caller's": 24_100}[counted]  # the two may run beside each other
    audio = range(first, first + 40)
    ports = Ports.from_base
    own = classmethod(lambda cls, base: replace(ports(base), rtp_first=audio[0], rtp_last=audio[-1]))
    monkeypatch.setattr(Ports, "from_base", own)
    with ExitStack() as others:

        def take_ports() -> None:
            for port in audio[1::2]:
                with suppress(OSError):  # Asterisk has it
                    others.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind(("127.0.0.1", port))

        if counted == "nowhere":
            take_ports()
        async with world(tmp_path / "state", hotline_folder, sounds) as hotline:
            call = await queued(hotline, "1", "13800138000")
            take_ports()
            agent = await hotline.agent("1001")
            offer = await taken(call, agent)
            await queued(hotline, "1", "13900139000")
            if counted == "at the caller's":
                await only_misses_options(hotline, agent, call)
                await hear_each_other(call, offer)
            died = time.time()
            agent.die()
            await comes_back(hotline, call, await the_call(hotline), died, stalled)


@pytest.mark.parametrize("away", [service_away, link_away])
async def test_a_phone_that_dies_while_the_service_or_its_link_is_away(
    tmp_path: Path, hotline_folder: Path, sounds: Path, stalled: Stalls, away: Any
) -> None:
    async with world(tmp_path / "state", hotline_folder, sounds, proxied=True) as hotline:
        agent = await hotline.agent("1001")
        call, _ = await connected(hotline, agent)
        await queued(hotline, "1", "13900139000")
        async with away(hotline):
            agent.die()

            async def contacts() -> str:
                return await hotline.asterisk.command("pjsip show contacts")

            await until("the phone's silence", contacts, lambda told: "Unavail" in told)
        back = time.time()
        await comes_back(hotline, call, await the_call(hotline), back, stalled)


async def test_a_talk_that_ends_because_the_phone_is_gone_while_the_service_is_away(hotline: World) -> None:
    """The agent's phone was started anew, and knows of no talk. Asterisk ends it by itself."""
    agent = await hotline.agent("1001")
    call, _ = await connected(hotline, agent)
    await queued(hotline, "1", "13900139000")
    told = await the_call(hotline)
    await hotline.stop_service()
    agent.forget_calls()
    leg = await refresh_session(hotline)

    async def ended() -> bool:
        return not await channels(hotline, leg)

    await until("the end of the leg", ended)
    await hotline.start_service()
    await told_why(hotline, call, told)
    await hotline.see_queue("greening", waiting=2)


async def test_phones_that_die_on_hold_and_after_a_consultation_while_the_service_is_away(hotline: World) -> None:
    """The consultation, and the talk before the hold, left a hangup cause on the agent's leg. Asterisk writes no other
    over one.
    """
    agent, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    call, offer = await connected(hotline, agent)
    told = await the_call(hotline)
    await order(hotline, "transfer")
    asked = await (await colleague.incoming()).answer()
    await hear_each_other(offer, asked, one_says=1000, other_says=600)
    await order(hotline, "return")
    await hear_each_other(call, offer)
    other = await hotline.agent("1002")
    on_hold, _ = await connected(hotline, other, number="13900139000")
    held = await the_call(hotline, "13900139000")
    assert (await hotline.http.post(f"/api/v1/calls/{held['id']}/hold")).status_code == 200

    async def aside() -> list[str]:
        return await channels(hotline, "!wutong-offer!aside!")

    await until("the leg that is set aside", aside)
    await hotline.stop_service()
    for agent_id, phone in (("1001", agent), ("1002", other)):
        phone.die()
        await refresh_session(hotline, agent_id)

    async def legs() -> list[str]:
        return [leg for agent_id in ("1001", "1002") for leg in await channels(hotline, f"PJSIP/{agent_id}-")]

    # 32 s for the answer to INVITE, and 32 s for that to BYE
    await until("the end of both talks", legs, lambda found: not found, within=90)
    await hotline.start_service()
    await asyncio.gather(told_why(hotline, call, told), told_why(hotline, on_hold, held, "1002"))
    await hotline.see_queue("greening", waiting=2)


async def channels(hotline: World, word: str) -> list[str]:
    """What Asterisk says of its channels that have this name, or application."""
    listed = await hotline.asterisk.command("core show channels concise")
    return [line for line in listed.splitlines() if word in line]


async def refresh_session(hotline: World, agent: str = "1001") -> str:
    """Asterisk asks the agent's phone now whether the call is still there, as it does every 45 s. Returns the leg."""
    (listed,) = await channels(hotline, f"PJSIP/{agent}-")
    leg = listed.split("!")[0]
    await hotline.asterisk.command(f"dialplan set chanvar {leg} PJSIP_SEND_SESSION_REFRESH() invite")
    return leg


async def told_why(hotline: World, call: Call, told: Any, agent: str = "1001") -> None:
    """The caller hears why the talk is over, and is led to the queue again."""
    await call.hears_recording(hotline.clip("talk-broken"))
    story = await hotline.story(told["id"])
    over = record(story, "talk-ended")
    assert (over["agent"], over["by"], over["cause"]) == (agent, "system", "agent-phone-gone")
    assert record(story, "routed")["to"] == {"queue": "greening"}


async def only_misses_options(hotline: World, agent: Phone, call: Call) -> None:
    """For longer than a gone phone is given. Its audio comes all the time."""
    agent.unplug()
    await hotline.see_agent("1001", phone="unreachable")
    before = call.received

    async def heard() -> float:
        return call.received - before

    await until("more audio than a gone phone is given", heard, lambda seconds: seconds > 8)
    agent.plug_in()
    await hotline.see_agent("1001", phone="busy", state="on-call")


async def test_a_phone_that_only_misses_options_keeps_its_talk(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call, offer = await connected(hotline, agent)
    await only_misses_options(hotline, agent, call)
    await hear_each_other(call, offer)
    await offer.hang_up()
    told = await hotline.ended()
    assert (record(told, "talk-ended")["by"], "cause" in record(told, "talk-ended")) == ("agent", False)


async def test_a_phone_of_which_nothing_is_heard_for_a_moment_keeps_its_talk(hotline: World) -> None:
    """It misses one OPTIONS and answers the next."""
    agent = await hotline.agent("1001")
    call, offer = await connected(hotline, agent)
    offer.send_nothing()
    agent.unplug()
    await hotline.see_agent("1001", phone="unreachable")
    agent.plug_in()
    await hotline.see_agent("1001", phone="busy")
    await asyncio.sleep(LISTEN + 1)  # longer than a gone phone is given: nothing happens
    await hear_each_other(call, offer)


async def test_a_caller_whose_sub_hotlines_phone_dies_goes_where_its_failure_leads(
    hotline: World, stalled: Stalls
) -> None:
    gas = await hotline.agent_phone("2201")
    call = await in_menu(hotline)
    await call.press("3")
    dialled = await gas.incoming()
    await dialled.answer()
    await hear_each_other(call, dialled)
    died = time.time()
    gas.die()
    await call.hears_recording(hotline.clip("no-answer-apology"))
    await hotline.see_queue("general", waiting=1)
    told = await hotline.story((await the_call(hotline))["id"])
    failed = record(told, "sub-hotline-failed")
    assert (failed["status"], failed["cause"]) == ("ANSWER", "18")
    assert datetime.fromisoformat(failed["at"]).timestamp() - died < SOON + stalled.seconds
    assert kinds(told).count("sub-hotline-answered") == 1


async def test_callers_whom_agents_have_joined_with_colleagues_come_back_when_the_colleagues_phones_die(
    hotline: World,
) -> None:
    """One agent by the phone's own keys, the other one over HTTP."""
    first = await hotline.agent("1001")
    call, offer = await connected(hotline, first)
    second = await hotline.agent("1002")
    other, other_offer = await connected(hotline, second, number="13900139000")
    colleague, another = await hotline.agent_phone("1003"), await hotline.agent_phone("1005")
    asking = await first.place("1003")
    asked = await (await colleague.incoming()).answer()
    await asking.answered()
    await offer.attended_transfer(asking)
    await hear_each_other(call, asked, one_says=900, other_says=500)
    (held,) = [each for each in await hotline.get("calls") if each["caller"] == "13900139000"]
    body = {"to": {"agent": "1005"}, "how": "consult"}
    assert (await hotline.http.post(f"/api/v1/calls/{held['id']}/transfer", json=body)).status_code == 200
    consulted = await (await another.incoming()).answer()
    await hear_each_other(other_offer, consulted, one_says=900, other_says=500)
    assert (await hotline.http.post(f"/api/v1/calls/{held['id']}/complete")).status_code == 200
    await hear_each_other(other, consulted, one_says=1100, other_says=700)
    died = time.time()
    for phone in (colleague, another):
        phone.die()
    for caller in (call, other):
        await caller.hears_recording(hotline.clip("talk-broken"))
    for caller, agent, id_ in ((call, first, (await the_call(hotline))["id"]), (other, second, held["id"])):
        back = await agent.incoming()
        await back.answer()
        await hear_each_other(caller, back)
        story = await hotline.story(id_)
        over = record(story, "transfer-failed")
        assert (over["status"], over["cause"]) == ("ANSWER", "18")
        assert datetime.fromisoformat(over["at"]).timestamp() - died < SOON
        assert [talk["ended_by"] for talk in story["talks"]][1] == "system"


async def test_an_agent_who_waits_in_a_queue_and_whose_phone_dies_waits_no_more(hotline: World) -> None:
    phone = await hotline.agent_phone("2202")
    call = await phone.dial("6000")
    await hotline.see_queue("general", waiting=1)
    call.send_nothing()
    phone.die()
    told = await hotline.ended("2202")
    finished, left = record(told, "call-finished"), record(told, "left-queue")
    assert (finished["by"], finished["cause"], left["why"]) == ("system", "caller-phone-gone", "phone-gone")
    assert told["outcome"] == "abandoned"
