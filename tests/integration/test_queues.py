"""Waiting, being rung for, talking, and how each can end."""

import asyncio
from datetime import datetime

import pytest

from lab.phone import Phone
from lab.stalls import Stalls
from sounds.audio import RATE
from sounds.levelling import speech_level
from tests.integration.conversations import connected, hear_each_other, in_menu, queued
from tests.integration.world import World, kinds, record


async def test_from_the_menu_to_the_agent_who_knows_and_back_to_ready(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await queued(hotline, "1")
    offer = await agent.incoming()
    assert offer.caller_name == "绿化 13800138000"
    assert offer.caller_number == "13800138000"
    await offer.ring()
    await hotline.see_agent("1001", state="ringing", queue="greening")
    await offer.answer()
    offer.send_tone(440)
    call.send_tone(800)
    await call.hears(440)
    await offer.hears(800)
    await hotline.see_agent("1001", state="on-call")
    await hotline.see_queue("greening", talking=1, waiting=0)
    offer.send_silence()
    await offer.hang_up()
    await hotline.see_agent("1001", state="wrap-up")
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await call.ended()
    await hotline.see_agent("1001", state="ready")
    told = await hotline.ended()
    assert told["outcome"] == "answered"
    assert kinds(told)[0] == "call-started"
    assert kinds(told)[-1] == "call-finished"
    way = [kind for kind in kinds(told) if kind in ("menu-entered", "key-pressed", "queued", "offered", "connected")]
    assert way == ["menu-entered", "key-pressed", "queued", "offered", "connected"]
    assert record(told, "talk-ended")["by"] == "agent"
    assert record(told, "connected")["agent"] == "1001"


async def test_music_while_the_caller_waits_and_the_depth_over_http(hotline: World) -> None:
    call = await queued(hotline, "1")
    await call.hears_recording(hotline.clip("nobody-there"))
    for _ in range(3):
        await call.hears("sound")
    queue = await hotline.see_queue("greening", waiting=1)
    assert queue["longest_wait_s"] > 0
    metrics = (await hotline.http.get("/metrics")).text
    assert 'wutong_queue_waiting{queue="greening"} 1.0' in metrics
    await call.hang_up()
    await hotline.see_queue("greening", waiting=0)
    assert (await hotline.ended())["outcome"] == "abandoned"


async def test_the_music_that_a_caller_hears_is_as_loud_as_the_prompts(hotline: World) -> None:
    call = await (await hotline.citizen()).dial("12319")
    await call.hears_recording(hotline.menu("main"))
    await call.hears_silence()
    said = speech_level(call.heard(call.received), RATE)
    await call.press("1")
    await call.hears_recording(hotline.clip("nobody-there"))
    begin = call.received
    while call.received < begin + 12:
        await call.hears("sound")
    assert speech_level(call.heard(10), RATE) == pytest.approx(said, abs=2)  # 10 s of a piece differ from the whole
    await call.hang_up()


async def test_only_agents_with_the_skill_are_rung(hotline: World) -> None:
    general, novice = await hotline.agent("1003"), await hotline.agent("1004")
    call = await queued(hotline, "1")
    expert = await hotline.agent("1001")
    await expert.incoming()
    assert general.calls == novice.calls == ()
    await call.hang_up()


async def test_the_language_is_needed_too(hotline: World) -> None:
    """1002 knows greening but no English; 1001 does."""
    chinese = await hotline.agent("1002")
    citizen = await hotline.citizen()
    call = await citizen.dial("12319")
    await call.hears_speech()
    await call.press("81")
    await hotline.see_queue("greening", waiting=1)
    both = await hotline.agent("1001")
    offer = await both.incoming()
    assert "绿化" in offer.caller_name  # the display is in the agent's first language
    assert not chinese.calls
    await call.hang_up()


async def test_the_agent_idle_longest_is_rung(hotline: World) -> None:
    second, first = await hotline.agent("1002"), await hotline.agent("1001")
    one = await queued(hotline, "1")
    offer = await second.incoming()  # 1002 was ready before 1001
    await offer.answer()
    await hotline.see_agent("1002", state="on-call")  # a ring that comes to nothing would not count
    await one.hang_up()
    await offer.ended()
    await hotline.see_agent("1002", state="ready")
    await queued(hotline, "1", "13900139000")
    await first.incoming()


@pytest.mark.parametrize("change", [("ring: 120s", "ring: 3s")], ids=["of 3 s"])
async def test_a_missed_ring_puts_the_agent_in_not_ready_and_the_caller_keeps_the_place(hotline: World) -> None:
    sleeper = await hotline.agent("1002")
    first = await queued(hotline, "1")
    ringing = await sleeper.incoming()
    await ringing.ring()
    second = await queued(hotline, "1", "13900139000")
    await ringing.cancelled()
    view = await hotline.see_agent("1002", state="not-ready")
    assert view["reason"] == "rona"
    awake = await hotline.agent("1001")
    offer = await awake.incoming()
    assert offer.caller_number == "13800138000"  # not the one who came later
    await first.hang_up()
    await offer.cancelled()
    assert (await awake.incoming()).caller_number == "13900139000"
    await second.hang_up()
    told = await hotline.ended()
    assert record(told, "offer-failed")["reason"] == "no-answer"


@pytest.mark.parametrize("target", ["1002", "PJSIP%2F1002"])
async def test_a_rung_phone_cannot_forward_its_ring(hotline: World, target: str) -> None:
    """Asterisk follows a 302, with `Technology/` even past the dialplan: through a trunk to any number on earth."""
    agent, other = await hotline.agent("1001"), await hotline.agent_phone("1002")
    call = await queued(hotline, "1")
    await (await agent.incoming()).reject(302, f"sip:{target}@127.0.0.1")
    await hotline.see_agent("1001", state="not-ready", reason="rona")
    if "%2F" in target:  # the INVITE has gone out, and is withdrawn at once
        await (await other.incoming()).cancelled()
    await hotline.set_state("1002", "ready")
    await (await other.incoming()).answer()
    await call.hears_silence()
    await call.hang_up()
    told = await hotline.ended()
    assert record(told, "offer-failed")["reason"] == "declined"


async def test_ring_all_the_first_who_answers_has_the_caller_the_others_missed_nothing(hotline: World) -> None:
    slow, quick = await hotline.agent("1001"), await hotline.agent("1002")
    call = await queued(hotline, "23")
    one, other = await slow.incoming(), await quick.incoming()
    await one.ring()
    await other.answer()
    assert "cause=26" in await one.cancelled()
    await hear_each_other(call, other)
    view = await hotline.see_agent("1001", state="ready")
    assert view["missed_offers"] == 0
    await call.hang_up()
    await other.ended()
    told = await hotline.ended()
    assert kinds(told).count("offered") == 2
    assert record(told, "connected")["agent"] == "1002"


async def test_asterisk_has_nothing_to_complain_of_in_a_talk(hotline: World) -> None:
    """The silence that ends the music is there, and so is everything else that the dialplan names."""
    call, offer = await connected(hotline, await hotline.agent("1001"))
    await offer.hang_up()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await hotline.ended()
    log = (hotline.asterisk.folder / "log" / "messages").read_text()
    assert [line for line in log.splitlines() if "WARNING" in line or "ERROR" in line] == []


async def test_the_agent_hears_the_whisper_before_the_caller(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await queued(hotline, "6")
    offer = await agent.incoming()
    await offer.answer()
    whisper = hotline.hotline.queues["quick"].whisper
    assert whisper is not None
    await offer.hears_recording(hotline.clip(whisper))
    call.send_tone(800)
    await offer.hears(800)
    await call.hang_up()
    await offer.ended()


async def test_a_caller_who_leaves_during_the_whisper_frees_the_agent(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await queued(hotline, "6")
    offer = await agent.incoming()
    await offer.answer()
    await offer.hears_speech()
    await call.hang_up()
    assert "cause=26" in (await offer.ended()).reason  # by us; after the whisper its leg would end by itself, with 16
    await hotline.see_agent("1001", state="ready")


async def test_an_agent_who_hangs_up_during_the_whisper_loses_no_caller(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await queued(hotline, "6")
    offer = await agent.incoming()
    await offer.answer()
    await offer.hears_speech()
    await offer.hang_up()
    again = await agent.incoming()
    await again.answer()
    call.send_tone(800)
    await again.hears(800)
    await call.hang_up()


async def test_position_is_told_within_seconds_and_a_match_cuts_it_short(hotline: World, stalled: Stalls) -> None:
    agent = await hotline.agent("1001")
    await hotline.set_state("1001", "not-ready")
    first, second = await queued(hotline, "6"), await queued(hotline, "6", "13900139000")
    await first.hears_recording(hotline.clip("queue-position-next"))
    await second.hears_recording(hotline.clip("queue-position-one"))
    await hotline.set_state("1001", "ready")
    offer = await agent.incoming()
    await offer.answer()
    first.send_tone(800)
    await offer.hears(800)
    await first.hang_up()
    await second.hang_up()
    story = (await hotline.ended("13900139000"))["story"]
    came, told = (next(step["at"] for step in story if step["kind"] == kind) for kind in ("queued", "announced"))
    passed = (datetime.fromisoformat(told) - datetime.fromisoformat(came)).total_seconds()
    assert passed < 5 + stalled.seconds


async def test_a_queues_own_message_and_its_key_lead_to_another_queue(hotline: World) -> None:
    agent = await hotline.agent("1003")
    call = await queued(hotline, "6")
    await call.press("7")  # not on offer: the caller stays
    await call.hears_recording(hotline.clip({"zh": "综合座席请按0"}))
    await hotline.see_queue("quick", waiting=1)
    await call.press("0")
    offer = await agent.incoming()
    assert "综合" in offer.caller_name
    await offer.answer()
    await hear_each_other(call, offer)
    await call.hang_up()
    told = await hotline.ended()
    assert record(told, "left-queue")["why"] == "went-elsewhere"
    assert told["queue"] == "general"


async def test_many_calls_at_once_each_reach_an_agent(hotline: World) -> None:
    agents = [await hotline.agent(agent_id) for agent_id in ("1001", "1002")]

    async def work(phone: Phone) -> None:
        for _ in range(4):
            offer = await phone.incoming()
            await offer.answer()
            await offer.hears(800)
            await offer.hang_up()

    async def need(number: str) -> None:
        call = await queued(hotline, "1", number)
        call.send_tone(800)
        await call.ended()

    await asyncio.gather(*(work(phone) for phone in agents), *(need(f"1380000{n:04}") for n in range(8)))
    answered = await hotline.see("calls", lambda calls: all(call["state"] == "ended" for call in calls))
    assert [call["outcome"] for call in answered] == ["answered"] * 8


async def test_an_agent_is_connected_to_the_caller_offered_not_to_one_whose_id_begins_alike(
    hotline_of_its_own: World,
) -> None:
    hotline = hotline_of_its_own
    agent = await hotline.agent("1001")
    phones = [await hotline.citizen(f"138001380{number:02}") for number in range(12)]
    calls = [await phone.dial("12319") for phone in phones]  # Asterisk's ids of the second and the last: ….1 and ….11
    await calls[1].hears_speech()
    await calls[1].press("1")
    offer = await agent.incoming()
    assert offer.caller_number == phones[1].number
    await offer.answer()
    offer.send_tone(440)
    await calls[1].hears(440)
    await hotline.see_agent("1001", state="on-call")


async def test_a_limit_of_one_lets_one_caller_talk_though_another_agent_is_ready(hotline: World) -> None:
    first, second = await hotline.agent("1001"), await hotline.agent("1002")
    calls = []
    for number in ("13800138000", "13900139000"):
        call = await in_menu(hotline, number)
        await call.press("2")
        await call.press("4")
        calls.append(call)
        await hotline.see_queue("single", waiting=len(calls))
    ringing, waiting = await hotline.get("queues/single/callers")
    assert (ringing["why"]["obstacle"], waiting["why"]["obstacle"]) == ("ringing", "limit")
    agents = {"1001": first, "1002": second}
    offer = await agents[ringing["ringing"][0]].incoming()
    await offer.answer()
    await hear_each_other(calls[0], offer)
    await hotline.see_queue("single", waiting=1, talking=1)
    await calls[0].hang_up()
    await hotline.see("queues/single/callers", lambda seen: [one["why"]["obstacle"] for one in seen] == ["ringing"])
    await calls[1].hang_up()
