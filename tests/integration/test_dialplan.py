"""The rendered dialplan on a real Asterisk with real phones; a few lines of AGI stand in for the service."""

import asyncio
import math
import struct
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest

from acd.effects import RingAgent
from dialplan.agi_session import AgiSession
from dialplan.differences import Believed, Caller, StrayHeld, differences
from dialplan.leg import Ring
from dialplan.telephony import Telephony
from lab.patience import patience
from lab.phone import Call, CallFailed, Phone
from settings.sections import Trunk
from tests.integration.exchange import Desk, Exchange, desk, exchange, shown_by
from tests.integration.machine import values, wait_for_ever
from tests.unit.dialplan.heard import Heard


async def answered(citizen: Phone, at: Desk) -> tuple[Call, AgiSession, asyncio.Event]:
    """A citizen's call that the service has answered, its session, and what releases the session."""
    call = await citizen.place("12319")
    session, release = await at.call()
    await session.answer()
    await call.answered()
    return call, session, release


@asynccontextmanager
async def an_agent_and_a_citizen(folder: Path) -> AsyncIterator[tuple[Exchange, Desk, Phone, Phone]]:
    """The exchange, the desk, the registered phone of the agent 1001, and a citizen's phone."""
    async with (
        exchange(folder) as here,
        desk(here.given) as at,
        here.agent("1001") as agent,
        here.citizen() as citizen,
    ):
        await agent.register()
        yield here, at, agent, citizen


async def waiting_in_bridge(here: Exchange, session: AgiSession) -> asyncio.Task[str]:
    """The session's command that holds the caller in the holding bridge; the caller is in it."""
    waiting = asyncio.create_task(session.execute("BridgeWait", "acd", "participant", "m(default)"))
    await here.ami.event("BridgeEnter", Uniqueid=session.request.uniqueid)
    return waiting


async def test_a_citizens_call_comes_to_the_service_and_ends_when_it_says_so(tmp_path: Path) -> None:
    async with exchange(tmp_path) as here, desk(here.given) as at, here.citizen() as citizen:
        call = await citizen.place("12319")
        session, release = await at.call()

        assert session.request.network_script == "call"
        assert session.request.extension == "12319"
        assert session.request.callerid == "13800138000"
        assert session.request.variables["agi_language"] == "zh"
        assert await session.get_variable("WUTONG_NUMBER") == "12319"
        assert not await session.get_variable("WUTONG_AGENT")
        await session.answer()
        await call.answered()
        await session.command("SET VARIABLE", "WUTONG_DONE", "1")
        release.set()

        assert not (await call.ended()).by_us


async def test_without_the_service_it_rings_until_the_service_is_there(tmp_path: Path) -> None:
    async with exchange(tmp_path) as here, here.citizen() as citizen:
        call = await citizen.place("12319")
        await call.ringing()

        async with desk(here.given) as at:
            session, _ = await at.call()
            await session.answer()
            await call.answered()


async def test_when_the_service_breaks_off_the_caller_has_music_and_comes_again(tmp_path: Path) -> None:
    async with exchange(tmp_path) as here, here.citizen() as citizen:
        async with desk(here.given) as at:
            call, session, _ = await answered(citizen, at)
            await session.command("SET VARIABLE", "WUTONG_CALL", "call-7")

        await call.hears("sound")

        async with desk(here.given) as at:
            session, _ = await at.call()
            assert shown_by(session)[0] == "call-7"
            assert call.up


async def test_a_caller_whose_session_is_stranded_comes_again_though_the_dialled_number_was_removed(
    tmp_path: Path,
) -> None:
    async with exchange(tmp_path) as here, desk(here.given) as at, here.citizen() as citizen:
        call, session, _ = await answered(citizen, at)
        await session.command("SET VARIABLE", "WUTONG_CALL", "call-7")
        extensions = here.folder / "etc" / "extensions.conf"
        extensions.write_text(extensions.read_text().replace("12319", "12318"))
        await here.asterisk.command("dialplan reload")
        telephony = Telephony(here.ami.link, Heard())
        assert await telephony.lead_back(session.request.uniqueid, session.request.channel)
        again, _ = await at.call()
        assert (again.request.network_script, shown_by(again)[0]) == ("call", "call-7")
        assert again.request.callerid == "13800138000"
        assert not any(again.request.args[4:6]), "the caller was not transferred"
        assert call.up


async def test_when_the_service_does_not_come_back_the_caller_is_told_and_the_fallback_takes_the_call(
    tmp_path: Path,
) -> None:
    apology = tmp_path / "apology"
    with wave.open(f"{apology}.wav", "wb") as sound:
        sound.setparams((1, 2, 8_000, 0, "NONE", ""))
        sound.writeframes(b"".join(struct.pack("<h", round(9_000 * math.sin(i * math.pi / 5))) for i in range(8_000)))
    async with (
        exchange(tmp_path, tries=2, apology=apology) as here,
        here.agent("2200") as duty,
        here.citizen() as citizen,
    ):
        await duty.register()
        call = await citizen.place("12319")
        await call.answered()
        await call.hears(800)

        incoming = await duty.incoming()
        await incoming.answer()

        call.send_tone(600)
        await incoming.hears(600)


async def test_tries_are_counted_anew_for_a_call_that_was_served_for_a_while(tmp_path: Path) -> None:
    async with exchange(tmp_path, tries=3) as here, desk(here.given) as at, here.citizen() as citizen:
        _, session, _ = await answered(citizen, at)
        # as if it had waited for the service twice, and then been served for long
        channel = session.request.channel
        for name, value in (("WUTONG_TRIES", "2"), ("WUTONG_SINCE", "0")):
            await here.ami.link.action("Setvar", Channel=channel, Variable=name, Value=value)
        session.close()
        session, _ = await at.call()
        assert await session.get_variable("WUTONG_TRIES") == "1"


async def test_without_a_fallback_the_caller_s_phone_tells(tmp_path: Path) -> None:
    async with exchange(tmp_path, tries=1, fallback=None) as here, here.citizen() as citizen:
        call = await citizen.place("12319")

        assert (await call.ended()).status == 503


async def test_a_citizen_reaches_the_hotline_and_nothing_else(tmp_path: Path) -> None:
    async with exchange(tmp_path) as here, here.citizen() as citizen:
        for number in ("1001", "2200", "6001", "*45", "s", "h", "i", "962777"):
            with pytest.raises(CallFailed) as failure:
                await citizen.dial(number)
            assert failure.value.status == 401, number


async def test_nobody_is_an_agent_without_the_agent_s_password(tmp_path: Path) -> None:
    async with exchange(tmp_path) as here, here.citizen(number="1001") as impostor:
        with pytest.raises(CallFailed) as failure:
            await impostor.dial("2200")
        assert failure.value.status == 401


async def test_with_a_trunk_nobody_else_may_call(tmp_path: Path) -> None:
    ports = values().ports
    trunk = Trunk(host="192.0.2.1", bind="127.0.0.1", bind_port=ports.http)
    async with exchange(tmp_path, ports=ports, trunk=trunk) as here:
        for name in ("13800138000", "trunk", "anonymous", "wutong"):
            async with here.citizen(number=name) as citizen:
                with pytest.raises(CallFailed) as failure:
                    await citizen.dial("12319")
                assert failure.value.status == 401, name


async def test_a_call_from_the_trunk_is_a_citizens_call(tmp_path: Path) -> None:
    ports = values().ports
    trunk = Trunk(host="127.0.0.1", bind="127.0.0.1", bind_port=ports.http)
    async with (
        exchange(tmp_path, ports=ports, trunk=trunk) as here,
        desk(here.given) as at,
        Phone(("127.0.0.1", ports.http), number="13800138000") as citizen,
    ):
        await citizen.place("12319")
        session, _ = await at.call()
        assert session.request.callerid == "13800138000"

        with pytest.raises(CallFailed) as failure:
            await citizen.dial("1001")
        assert failure.value.status == 404


async def test_an_agent_reaches_the_codes_the_queues_the_hotline_and_the_colleagues(tmp_path: Path) -> None:
    async with (
        exchange(tmp_path) as here,
        desk(here.given) as at,
        here.agent("1001", name="Somebody Else") as agent,
        here.agent("2200") as colleague,
    ):
        await agent.register()
        await colleague.register()
        for number, script, arguments in (
            ("*45", "code", ("1001",)),
            ("*46", "code", ("1001",)),
            ("*47", "code", ("1001",)),
            ("*48", "code", ("1001",)),
            ("6001", "call", ("", "", "", "", "1001", "", "", "", "")),
            ("12319", "call", ("", "", "", "", "1001", "", "", "", "")),
        ):
            call = await agent.place(number)
            session, release = await at.call()
            assert session.request.network_script == script
            assert shown_by(session) == arguments
            assert session.request.extension == number
            await session.command("SET VARIABLE", "WUTONG_DONE", "1")
            release.set()
            await call.ended()

        call = await agent.place("2200")
        incoming = await colleague.incoming()
        assert incoming.other_number == "1001"
        await call.hang_up()

        for number in ("962777", "*49", "110"):
            with pytest.raises(CallFailed) as failure:
                await agent.dial(number)
            assert failure.value.status == 404


@pytest.mark.parametrize("stays", [True, False])
async def test_a_ring_that_was_taken_back_leaves_a_caller_alone_who_has_gone_elsewhere(
    tmp_path: Path, stays: bool
) -> None:
    """It is picked up before its cancel arrives. Bridge() would break the caller's AGI session and end the call."""
    async with an_agent_and_a_citizen(tmp_path) as (here, at, agent, citizen):
        call, session, _ = await answered(citizen, at)
        waiting = await waiting_in_bridge(here, session)
        telephony = Telephony(here.ami.link, Heard())
        telephony.legs.ring(
            Ring(
                RingAgent("offer-1", "c-1", "1001", "greening", 20),
                session.request.uniqueid,
                session.request.channel,
                "x",
                "1",
                held=True,
            )
        )
        offer = await agent.incoming()
        if not stays:
            telephony.kick(session.request.channel)
            assert await waiting == "0"
        await offer.answer()
        if stays:
            offer.send_tone(900)
            await call.hears(900)
            await offer.hang_up()
            assert await waiting == "0"
        else:
            await offer.ended()
        await session.execute("MusicOnHold", "default", "1")
        assert call.up


async def held(telephony: Telephony, *known: str) -> list[str]:
    """Names of held channels without a known call. `known`: callers whose call is known."""
    believed = Believed({caller: Caller(caller, served=True) for caller in known}, {})
    found = differences(believed, believed, await telephony.look())
    return [difference.channel for difference in found if isinstance(difference, StrayHeld)]


async def test_an_offer_connects_and_gives_the_caller_back(tmp_path: Path) -> None:
    async with an_agent_and_a_citizen(tmp_path) as (here, at, agent, citizen):
        call, session, _ = await answered(citizen, at)
        waiting = await waiting_in_bridge(here, session)
        await call.hears("sound")
        telephony = Telephony(here.ami.link, Heard())
        assert await held(telephony) == [session.request.channel]
        assert await held(telephony, session.request.uniqueid) == []

        await here.ami.link.action(
            "Originate",
            Channel="PJSIP/1001",
            ChannelId="offer-1",
            Context="wutong-offer",
            Exten="s",
            Priority="1",
            CallerID="greening <13800138000>",
            Variable=[f"CALLER={session.request.channel}"],
            Async="true",
        )
        offer = await agent.incoming()
        assert (offer.other_name, offer.other_number) == ("greening", "13800138000")
        await offer.answer()
        call.send_tone(600)
        offer.send_tone(900)
        await offer.hears(600)
        await call.hears(900)
        assert await held(telephony) == [], "after a restart a conversation is left alone"

        await offer.hang_up()

        async with patience("the caller's return from the conversation"):
            assert await waiting == "0"
        assert await session.get_variable("WUTONG_NUMBER") == "12319", "the AGI session is alive"
        assert call.up


@pytest.mark.parametrize("told", ["at once", "later", "never"])
async def test_a_leg_that_came_early_waits_until_it_is_told_but_not_for_ever(tmp_path: Path, told: str) -> None:
    """The caller is gone, so the leg ends as soon as it tries to take the caller."""
    async with exchange(tmp_path) as here, here.agent("1001") as agent:
        if told != "never":
            await wait_for_ever(here.asterisk)
        await agent.register()
        await here.ami.link.action(
            "Originate",
            Channel="PJSIP/1001",
            ChannelId="offer-1",
            Context="wutong-offer",
            Exten="s",
            Priority="1",
            Variable=["CALLER=PJSIP/nobody-00000001", "WUTONG_EARLY=1"],
            Async="true",
        )
        if told == "at once":
            await here.ami.event("Newchannel", Uniqueid="offer-1")
            here.ami.link.send("Setvar", Channel="offer-1", Variable="WUTONG_HELD", Value="1")
        offer = await agent.incoming()
        await offer.answer()
        if told == "later":
            await offer.hears_silence()
            assert offer.up
            here.ami.link.send("Setvar", Channel="offer-1", Variable="WUTONG_HELD", Value="1")
        await offer.ended()


@pytest.mark.parametrize("method", ["rfc4733", "info"])
async def test_keys_of_both_kinds_arrive(tmp_path: Path, method: Literal["rfc4733", "info"]) -> None:
    async with exchange(tmp_path) as here, desk(here.given) as at, here.citizen() as citizen:
        call, session, _ = await answered(citizen, at)

        for key in "1*":
            await call.press(key, method=method)
            await here.ami.event("DTMFEnd", Digit=key, Uniqueid=session.request.uniqueid)


async def test_a_citizen_may_not_transfer_anybody(tmp_path: Path) -> None:
    async with exchange(tmp_path) as here, desk(here.given) as at, here.citizen() as citizen:
        call, _, _ = await answered(citizen, at)

        with pytest.raises(CallFailed) as failure:
            await call.blind_transfer("1001")
        assert failure.value.status == 603


async def test_an_agent_transfers_the_caller_to_a_queue(tmp_path: Path) -> None:
    async with an_agent_and_a_citizen(tmp_path) as (here, at, agent, citizen):
        call, session, release = await answered(citizen, at)
        await session.command("SET VARIABLE", "WUTONG_CALL", "call-7")
        waiting = await waiting_in_bridge(here, session)
        await here.ami.link.action(
            "Originate",
            Channel="PJSIP/1001",
            Context="wutong-offer",
            Exten="s",
            Priority="1",
            Variable=[f"CALLER={session.request.channel}"],
            Async="true",
        )
        offer = await agent.incoming()
        await offer.answer()
        await here.ami.event("BridgeEnter", Uniqueid=session.request.uniqueid)

        transferring = asyncio.create_task(offer.blind_transfer("6001"))
        async with patience("the end of the wait in the holding bridge"):
            assert await waiting == "-1"
        session.close()
        release.set()

        again, _ = await at.call()
        assert again.request.uniqueid == session.request.uniqueid
        assert again.request.extension == "6001"
        assert shown_by(again)[:5] == ("call-7", "", "", "call-7", ""), "not an agent, and moved"
        # The agent's phone is told of success once the caller can hear something.
        waiting = asyncio.create_task(again.execute("BridgeWait", "acd", "participant", "m(default)"))
        await transferring
        await call.hears("sound")
        assert call.up


async def test_a_call_from_the_command_line_is_listened_to_and_recorded(tmp_path: Path) -> None:
    recording = tmp_path / "heard.wav"
    async with exchange(tmp_path) as here, desk(here.given) as at:
        await here.ami.link.action(
            "Originate",
            Channel="Local/12319@wutong-citizen",
            Context="wutong-listen",
            Exten="s",
            Priority="1",
            Variable=["WUTONG_SECONDS=2", f"WUTONG_RECORDING={recording}"],
            Async="true",
        )
        session, _ = await at.call()
        await session.answer()
        await session.execute("MusicOnHold", "default", "5")
        async with patience("the end of the call from the command line"):
            await session.wait_gone()
        await here.ami.event("Hangup", Context="wutong-listen")

    assert recording.stat().st_size > 8000, "half a second of 8 kHz, 16 bit"
