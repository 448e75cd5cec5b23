"""What a caller hears and does before somebody answers."""

import asyncio
import socket
import wave
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest

from lab.phone import CallFailed
from lab.ports import free_port
from lab.stalls import Stalls
from tests.integration.world import World, record


def seconds(clip: Path) -> float:
    with wave.open(str(clip)) as audio:
        return float(audio.getnframes() / audio.getframerate())


async def test_greeting_and_menu_in_chinese_then_in_english(hotline: World) -> None:
    citizen = await hotline.citizen()
    call = await citizen.dial("12319")
    await call.hears_recording(hotline.clip(hotline.hotline.greeting))
    await call.hears_recording(hotline.menu("main"))
    await call.press("8")
    await call.hears_recording(hotline.menu("main", "en"))
    await call.hang_up()
    told = await hotline.ended()
    assert told["language"] == "en"
    assert told["outcome"] == "hung-up"
    assert record(told, "language-chosen")["language"] == "en"


async def test_both_numbers_enter_the_tree(hotline: World) -> None:
    citizen = await hotline.citizen()
    call = await citizen.dial("12320")
    await call.hears_recording(hotline.clip(hotline.hotline.greeting))
    await call.hang_up()
    assert (await hotline.ended())["number"] == "12320"


@pytest.mark.parametrize("method", ["rfc4733", "info"])
async def test_a_key_leads_into_a_sub_menu_and_on(hotline: World, method: Literal["rfc4733", "info"]) -> None:
    agent = await hotline.agent("1003")
    citizen = await hotline.citizen()
    call = await citizen.dial("12319")
    await call.hears_speech()
    await call.press("2", method)
    await call.hears_recording(hotline.menu("water"))
    await call.press("1", method)
    offer = await agent.incoming()
    assert "综合" in offer.caller_name
    await call.hang_up()
    told = await hotline.ended()
    assert [step["key"] for step in told["story"] if step["kind"] == "key-pressed"] == ["2", "1"]
    assert [step["menu"] for step in told["story"] if step["kind"] == "menu-entered"] == ["main", "water"]


async def test_a_key_interrupts_the_prompt_at_once(hotline: World, stalled: Stalls) -> None:
    citizen, loop = await hotline.citizen(), asyncio.get_running_loop()
    dialled = loop.time()
    call = await citizen.dial("12319")
    await call.hears_speech()
    answered = loop.time() - dialled
    await call.press("2")
    before = call.received
    water = hotline.menu("water")
    await call.hears_recording(water)
    # The time is what is tested here. Greeting and menu would go on for ten seconds; the next menu begins within a
    # fraction of one, and its loudest part, which is what is listened for, may come at its end. A busy machine may
    # take longer, by as much as it took to answer the call.
    assert call.received - before < seconds(water) + 0.5 + answered + stalled.seconds
    await call.hang_up()
    said = [step for step in (await hotline.ended())["story"] if step["kind"] == "said"]
    assert said[0]["interrupted"] is True


async def test_keys_pressed_before_the_first_prompt_are_not_lost(hotline: World) -> None:
    agent = await hotline.agent("1003")
    citizen = await hotline.citizen()
    call = await citizen.dial("12319")
    await call.press("21")  # at once, the second before its menu is heard
    await agent.incoming()
    await call.hang_up()
    told = await hotline.ended()
    assert [step["key"] for step in told["story"] if step["kind"] == "key-pressed"] == ["2", "1"]


async def test_a_key_pressed_between_two_prompts_is_not_lost(hotline: World) -> None:
    """Callers press around the very moment at which the greeting ends and the menu begins: none is overheard."""
    end = seconds(hotline.clip(hotline.hotline.greeting))
    offsets = [-0.18 + 0.02 * step for step in range(12)]  # a key lasts 100 ms: it ends around that moment

    async def caller(number: str, offset: float) -> None:
        phone = await hotline.citizen(number)
        call = await phone.dial("12319")
        await call.hears_speech()
        await asyncio.sleep(end + offset)
        await call.press("2")
        await call.hears_recording(hotline.menu("water"))
        await call.hang_up()

    await asyncio.gather(*(caller(f"1380000{n:04}", offset) for n, offset in enumerate(offsets)))


@pytest.mark.parametrize("key", ["5", "7"])
async def test_a_sub_hotline_that_cannot_be_reached(hotline: World, key: str) -> None:
    """5: a phone that is not there, and no `failed`; 7: a number outside, without a trunk."""
    agent = await hotline.agent("1003")
    citizen = await hotline.citizen()
    call = await citizen.dial("12319")
    await call.hears_speech()
    await call.press(key)
    await call.hears_recording(hotline.clip("no-answer-apology"))
    if key == "5":
        await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
        await call.ended()
    else:
        await agent.incoming()
        await call.hang_up()
    assert record(await hotline.ended(), "sub-hotline-failed")["status"] == "CHANUNAVAIL"


async def test_a_citizen_reaches_the_hotline_and_nothing_else(hotline: World) -> None:
    await hotline.agent("1001")
    citizen = await hotline.citizen()
    for number in ("1001", "2201", "6001", "*45", "962777", "s", "12319x"):
        with pytest.raises(CallFailed):
            await citizen.dial(number)
        assert await hotline.get("calls") == [], number


async def test_a_hostile_caller_id_is_kept_out(hotline: World) -> None:
    agent = await hotline.agent("1001")
    citizen = await hotline.citizen("$(id)&,x", name='"] = x; ${SHELL(id)}')
    call = await citizen.dial("12319")
    await call.hears_speech()
    await call.press("1")
    offer = await agent.incoming()
    assert offer.caller_name == "绿化", "no number is left of it"
    await call.hang_up()
    assert (await hotline.ended(caller=""))["outcome"] == "abandoned"


async def test_line_breaks_in_a_caller_id_forge_no_event(hotline: World) -> None:
    """Asterisk 22 decodes %0D%0A in the From header's user and prints it raw; a forged event follows the break."""
    await hotline.agent("1001")
    forged = quote("1\r\n\r\nEvent: DeviceStateChange\r\nDevice: PJSIP/1001\r\nState: X\r\n\r\n", safe="")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:  # no phone sends such a thing
        line.bind(("127.0.0.1", 0))
        here = f"127.0.0.1:{line.getsockname()[1]}"
        audio = f"m=audio {free_port()} RTP/AVP 0"
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", audio, ""]
        body = "\r\n".join(lines)
        head = [
            f"INVITE sip:12319@127.0.0.1:{hotline.sip[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {here};branch=z9hG4bKforged",
            f"From: <sip:{forged}@127.0.0.1>;tag=1",
            f"To: <sip:12319@127.0.0.1:{hotline.sip[1]}>",
            "Call-ID: forged",
            "CSeq: 1 INVITE",
            "Max-Forwards: 70",
            f"Contact: <sip:x@{here}>",
            "Content-Type: application/sdp",
            f"Content-Length: {len(body)}",
        ]
        line.sendto("\r\n".join([*head, "", body]).encode(), hotline.sip)
        calls = await hotline.see("calls", lambda calls: len(calls) == 1 and calls[0]["state"] == "menu")
    assert (await hotline.get("agents/1001"))["phone"] == "free"
    assert calls[0]["caller"] == ""
