"""Callers hang up, keep their places and are called back: through the provider at 127.0.0.2, which is our phone."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lab.patience import until
from lab.phone import Call, IncomingCall, Phone
from sounds.numbers import digits
from tests.integration.conversations import hear_each_other
from tests.integration.test_calls_out import CALLS_OUT, CITIZEN, connected
from tests.integration.test_cut_off import dies
from tests.integration.world import World, kinds, record

OTHER = "13900139000"
RULE = 'callback: {key: "2", again: 10s, tries: 2}'


def with_callbacks(folder: Path) -> Path:
    """Callers of greening may be called back; its agents wrap up at once."""
    file = folder / "hotline.yaml"
    before = "    needs: {greening: 3}\n    ring: 120s\n    wrap_up: 1s\n"
    text = file.read_text()
    assert text.count(before) == 1
    file.write_text(text.replace(before, f"{before}    announce: {{every: 30s}}\n    {RULE}\n"))
    return folder


pytestmark = pytest.mark.parametrize("change", [CALLS_OUT])


async def waits(hotline: World, provider: Phone, number: str = CITIZEN) -> Call:
    """A citizen who waits in greening, and calls from this number."""
    provider.number = number
    call = await provider.dial("12319")
    await call.hears_speech()
    await call.press("1")
    await hotline.see("calls", lambda calls: any(one["state"] == "waiting" for one in calls))
    return call


async def asks(hotline: World, provider: Phone, number: str = CITIZEN) -> Call:
    """A citizen who waits, and asks to be called back."""
    call = await waits(hotline, provider, number)
    await call.hears_recording(hotline.clip("please-hold"))
    await call.press("2")
    return call


async def hears_number(hotline: World, call: Call, number: str) -> None:
    """The number is read back digit by digit."""
    await call.hears_recording(hotline.clip("callback-number"))
    for digit in number:
        await call.hears_recording(hotline.clip({"zh": digits(digit, "zh")}))
    await call.hears_recording(hotline.clip("callback-confirm"))


async def confirms(hotline: World, call: Call, number: str = CITIZEN) -> Any:
    """The citizen confirms the number before it was read to the end, and hears that the call back is promised: the
    call's story.
    """
    await call.hears_recording(hotline.clip("callback-number"))
    await call.press("1")
    await call.hears_recording(hotline.clip("callback-promised"))
    await call.ended()
    told = await hotline.ended(CITIZEN)
    assert record(told, "callback-promised")["number"] == number
    return told


async def promised(hotline: World, provider: Phone) -> Any:
    """A citizen has waited, has asked to be called back, and has heard that this will be done: the call's story."""
    return await confirms(hotline, await asks(hotline, provider))


def since_an_earlier_call(told: Any) -> bool:
    """Whether the caller's wait counts from before this call."""
    began, connected = (datetime.fromisoformat(record(told, kind)["at"]) for kind in ("call-started", "connected"))
    return bool(record(told, "connected")["waited_s"] > (connected - began).total_seconds())


async def ending(hotline: World, callback: str) -> Any:
    """Why the callback is over: a Record. It has a story only when the database has its end."""

    async def look() -> Any:
        answer = await hotline.http.get(f"/api/v1/calls/{callback}")
        return answer.json() if answer.status_code == 200 else None

    story = await until(
        "the story of the callback", look, lambda call: call is not None and "left-queue" in kinds(call)
    )
    return record(story, "left-queue")


async def test_a_provider_with_a_user_name_is_asked_to_show_the_number(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    folder = with_callbacks(hotline_folder)
    account = connected(tmp_path, folder, sounds, user="02112319", password="given-to-us")
    async with account as (hotline, provider, _):
        citizen = await called_back(hotline, provider)
        assert citizen.caller_number == "02112319"
        assert citizen.header("P-Preferred-Identity") == "<sip:12320@127.0.0.2>"
        await citizen.reject(486)


async def called_back(hotline: World, provider: Phone) -> IncomingCall:
    """A callback has been promised, the only agent gets ready, and the citizen's phone is called: that call."""
    await hotline.set_state("1001", "not-ready")
    await promised(hotline, provider)
    await hotline.set_state("1001", "ready")
    return await provider.incoming()


async def test_a_citizen_is_called_back_presses_one_and_talks(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, agent):
        citizen = await called_back(hotline, provider)
        assert citizen.caller_number == "12320"
        answered = await citizen.answer()
        await answered.hears_recording(hotline.clip("callback-ask"))
        await answered.press("1")
        offer = await agent.incoming()
        assert offer.caller_number == CITIZEN
        own = await offer.answer()
        await hear_each_other(answered, own)
        await answered.hang_up()
        told = await hotline.ended(CITIZEN)
        assert [kind for kind in kinds(told) if kind.startswith(("callback", "connected"))] == [
            "callback-answered",
            "connected",
        ]


async def test_a_citizen_called_back_is_led_to_the_next_service_when_the_machine_died(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    """The session's other end never ends, and the talk ends meanwhile."""
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds, proxied=True) as (hotline, provider, agent):
        citizen = await called_back(hotline, provider)
        answered = await citizen.answer()
        await answered.hears_recording(hotline.clip("callback-ask"))
        await answered.press("1")
        own = await (await agent.incoming()).answer()
        await hear_each_other(answered, own)
        hotline.proxies.agi.strand()
        hotline.proxies.ami.strand()
        await hotline.stop_service()
        await own.hang_up()
        await hotline.start_service()
        await answered.hears_recording(hotline.clip(hotline.hotline.goodbye))
        await answered.ended()


async def test_a_citizen_called_back_whose_talk_is_cut_off_rings_again_and_comes_first(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, agent):
        answered = await (await called_back(hotline, provider)).answer()
        await answered.hears_recording(hotline.clip("callback-ask"))
        await answered.press("1")
        own = await (await agent.incoming()).answer()
        await hear_each_other(answered, own)
        await hotline.set_state("1001", "not-ready")
        await dies(hotline)
        await until("calls are taken", lambda: hotline.http.get("/readyz"), lambda answer: answer.status_code == 200)
        await hotline.see_agent("1001", state="not-ready")  # in wrap-up the agent would be rung at once
        provider.number = OTHER
        await waits(hotline, provider, OTHER)
        provider.number = CITIZEN
        again = await provider.dial("12319")
        await again.hears_recording(hotline.clip("talk-broken"))
        line = await hotline.get("queues/greening/callers")
        assert [one["caller"] for one in line] == [CITIZEN, OTHER]
        assert await hotline.get("callbacks") == []
        await hotline.set_state("1001", "ready")
        offer = await agent.incoming()
        assert offer.caller_number == CITIZEN
        await hear_each_other(again, await offer.answer())


async def test_a_mailbox_presses_nothing_and_the_last_try_ends_it(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, _):
        await hotline.set_state("1001", "not-ready")
        told = await promised(hotline, provider)
        callback = record(told, "callback-promised")["callback"]
        await hotline.set_state("1001", "ready")
        mailbox = await (await provider.incoming()).answer()
        await mailbox.ended()
        story = await hotline.see(f"calls/{callback}", lambda call: "callback-postponed" in kinds(call))
        assert record(story, "callback-postponed")["why"] == "not-confirmed"
        await (await provider.incoming()).reject(486)
        story = await hotline.see(f"calls/{callback}", lambda call: "left-queue" in kinds(call))
        assert record(story, "left-queue")["why"] == "not-reached"
        await hotline.see_agent("1001", state="ready", phone="free")


async def test_who_rings_meanwhile_gets_the_place_and_the_other_phone_rings_no_more(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, agent):
        rings = await called_back(hotline, provider)
        await rings.ring()
        call = await provider.dial("12319")
        await call.hears_speech()
        await call.press("1")
        offer = await agent.incoming()
        await rings.ended()
        await hear_each_other(call, await offer.answer())
        await call.hang_up()
        told = await hotline.ended(CITIZEN)
        assert kinds(told).count("callback-answered") == 1
        assert since_an_earlier_call(told)


async def test_a_withheld_number_is_asked_for_that_one_is_dialled_and_can_be_forgotten(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, _):
        await hotline.set_state("1001", "not-ready")
        call = await asks(hotline, provider, "anonymous")
        await call.hears_recording(hotline.clip("callback-enter"))
        await call.press("02162521234#")
        await call.hears_recording(hotline.clip("callback-refused"))
        await call.hears_recording(hotline.clip("callback-enter"))
        await call.press(f"{OTHER}#")
        await hears_number(hotline, call, OTHER)
        await call.press("1")
        await call.hears_recording(hotline.clip("callback-promised"))
        await call.ended()
        (callback,) = await hotline.get("callbacks")
        assert callback["number"] == OTHER
        said = [one["text"] for one in (await hotline.get(f"calls/{callback['call']}"))["story"] if "text" in one]
        assert not set("90") & set("".join(said)), "no digit of the number"
        await hotline.set_state("1001", "ready")
        dialled = await provider.incoming()
        assert dialled.dialled == OTHER
        await dialled.reject(486)
        await hotline.see("callbacks", lambda seen: [one["why"] for one in seen] == ["busy"])
        forgotten = await hotline.http.post("/api/v1/privacy/forget", json={"number": OTHER})
        assert (forgotten.status_code, forgotten.json()["removed"]) == (200, 1), forgotten.text
        assert await hotline.get("callbacks") == []
        assert record(await hotline.story(callback["call"]), "callback-promised")["number"] == ""


async def test_a_number_has_one_callback_and_who_asks_again_hears_the_position(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, _):
        await hotline.set_state("1001", "not-ready")
        await promised(hotline, provider)
        call = await asks(hotline, provider, OTHER)
        await hears_number(hotline, call, OTHER)
        await call.press("2")
        await call.hears_recording(hotline.clip("callback-enter"))
        await call.press(f"{CITIZEN}#")
        await hears_number(hotline, call, CITIZEN)
        await call.press("1")
        await call.hears_recording(hotline.clip("callback-already"))
        await call.hears_recording(hotline.clip("queue-position-next"))
        assert len(await hotline.get("callbacks")) == 1
        await call.press("2")
        await hears_number(hotline, call, OTHER)
        await call.press("1")
        await call.hears_recording(hotline.clip("callback-promised"))
        await call.ended()
        assert {callback["number"] for callback in await hotline.get("callbacks")} == {CITIZEN, OTHER}


async def test_an_agent_who_comes_free_while_the_number_is_keyed_in_gets_the_caller(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, agent):
        await hotline.set_state("1001", "not-ready")
        call = await asks(hotline, provider)
        await hears_number(hotline, call, CITIZEN)
        await call.press("2")
        await call.hears_recording(hotline.clip("callback-enter"))
        await call.press("139")
        await hotline.set_state("1001", "ready")
        await hear_each_other(call, await (await agent.incoming()).answer())
        await call.hang_up()


@pytest.mark.parametrize(("key", "left"), [("1", 1), ("", 1), ("2", 0)])
async def test_who_rings_in_meanwhile_keeps_the_callback_or_cancels_it(
    tmp_path: Path, hotline_folder: Path, sounds: Path, key: str, left: int
) -> None:
    """The empty key: the citizen hangs up."""
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, _):
        await hotline.set_state("1001", "not-ready")
        told = await promised(hotline, provider)
        callback = record(told, "callback-promised")["callback"]
        call = await provider.dial("12319")
        await call.hears_speech()
        await call.press("1")
        for said in ("callback-waits", "queue-position-next", "callback-choose"):
            await call.hears_recording(hotline.clip(said))
        if key:
            await call.press(key)
            await call.hears_recording(hotline.clip("callback-promised" if left else "callback-cancelled"))
            await call.ended()
        else:
            await call.hang_up()
        await hotline.see("calls", lambda calls: all(one["state"] == "ended" for one in calls if one["caller"]))
        assert len(await hotline.get("callbacks")) == left
        assert await hotline.get("missed") == []
        if not left:
            gone = await ending(hotline, callback)
            assert (gone["why"], gone["actor"]) == ("cancelled", "caller")


async def test_who_rings_in_meanwhile_and_stays_has_the_old_place(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, agent):
        await hotline.set_state("1001", "not-ready")
        await promised(hotline, provider)
        call = await provider.dial("12319")
        await call.hears_speech()
        await call.press("1")
        await call.hears_recording(hotline.clip("callback-choose"))
        await hotline.see("callbacks", lambda callbacks: callbacks == [])
        await hotline.set_state("1001", "ready")
        await hear_each_other(call, await (await agent.incoming()).answer())
        await call.hang_up()
        told = await hotline.ended(CITIZEN)
        assert "callback-answered" in kinds(told)
        assert since_an_earlier_call(told)


async def test_an_emergency_message_that_was_heard_in_place_of_the_queue_ends_the_callback(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, _):
        citizen = await called_back(hotline, provider)
        texts = {"zh": "水管破裂", "en": "The water main is broken"}
        message = {"where": "queue:greening", "mode": "instead", "texts": texts, "draft": True}
        switched = await hotline.http.put("/api/v1/emergency", json=message)
        assert switched.status_code == 200, switched.text
        (callback,) = await hotline.get("callbacks")
        answered = await citizen.answer()
        await answered.hears_recording(hotline.clip("callback-ask"))
        await answered.press("1")
        await answered.hears_recording(hotline.clip(hotline.hotline.goodbye))
        await answered.ended()
        assert "emergency-told" in kinds(await hotline.ended(CITIZEN))
        assert await hotline.get("callbacks") == []
        assert (await ending(hotline, callback["id"]))["why"] == "went-elsewhere"
        assert await hotline.get("missed") == []


async def test_a_restart_while_the_citizens_phone_rings_rings_nobody_twice(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_callbacks(hotline_folder), sounds) as (hotline, provider, agent):
        rings = await called_back(hotline, provider)
        await rings.ring()
        await hotline.stop_service()
        await hotline.start_service()
        answered = await rings.answer()
        await answered.hears_recording(hotline.clip("callback-ask"))
        await answered.press("1")
        await hear_each_other(answered, await (await agent.incoming()).answer())
        assert len(provider.calls) == 1
        await answered.hang_up()
        assert "callback-answered" in kinds(await hotline.ended(CITIZEN))
