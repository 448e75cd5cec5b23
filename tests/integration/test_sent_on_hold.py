"""Whoever gets a call from a colleague holds it, asks others about it and talks with both over HTTP, as with a call of
a queue, however the call has come.
"""

import asyncio

import pytest

from lab.phone import Call, IncomingCall, Phone
from tests.integration.conversations import connected, hear_each_other
from tests.integration.test_sent import account, the_call
from tests.integration.test_transfers import declines, seen
from tests.integration.test_transfers_over_http import all_hear, ask_transfer, order, silence_between
from tests.integration.test_unseen_talks import service_away
from tests.integration.world import World, kinds, record

HOW = [
    "by the phone",
    "over HTTP",
    "after a consultation by the phone",
    "after one over HTTP",
    "out of a talk of three",
]


async def sent(hotline: World, how: str, first: Phone, talk: IncomingCall, second: Phone, caller: Call) -> Call:
    """Agent 1001, who talks with the caller, sends the caller to 1003. Returns the talk of that agent."""
    got: Call
    if how == "after a consultation by the phone":
        asking = await first.place("1003")
        got = await (await second.incoming()).answer()
        await asking.answered()
        await hear_each_other(asking, got)
        await talk.attended_transfer(asking)
    elif how in ("by the phone", "over HTTP"):
        if how == "by the phone":
            await talk.blind_transfer("1003")
        else:
            await ask_transfer(hotline, {"agent": "1003"})
        got = await (await second.incoming()).answer()
    else:
        await order(hotline, "transfer")
        got = await (await second.incoming()).answer()
        await hear_each_other(talk, got)
        if how == "out of a talk of three":
            await order(hotline, "join")
            await all_hear(talk, caller, got)
        await order(hotline, "complete")
    await hear_each_other(caller, got, one_says=1000, other_says=600)
    await hotline.see_agent("1003", state="on-call", sent="talks")
    return got


@pytest.mark.parametrize("how", HOW)
async def test_a_call_from_a_colleague_is_held_asked_about_and_given_on_also_over_restarts(
    hotline: World, how: str
) -> None:
    first, second, third = [await hotline.agent(agent) for agent in ("1001", "1003", "1005")]
    other = {"agent": "1005"}
    caller, talk = await connected(hotline, first)
    own = await sent(hotline, how, first, talk, second, caller)

    await order(hotline, "hold")
    await silence_between(caller, own)
    async with service_away(hotline):
        await silence_between(caller, own)
    held = (await hotline.see_agent("1003", state="on-call", sent="talks"))["aside"]
    assert (held["held"] is not None, held["stage"]) == (True, None)
    await order(hotline, "unhold")
    await hear_each_other(caller, own, one_says=900, other_says=500)

    await order(hotline, "transfer", to=other)
    await declines(third)
    await hear_each_other(caller, own, one_says=1000, other_says=600)
    await order(hotline, "transfer", to=other)
    rung = await third.incoming()
    assert rung.caller_number == "1003"
    asked = await rung.answer()
    await hear_each_other(own, asked, one_says=900, other_says=500)
    await hotline.see_agent("1005", state="on-call", sent="asked")
    async with service_away(hotline):
        await silence_between(caller, own)
    await order(hotline, "return")
    await asked.ended()
    await hear_each_other(caller, own, one_says=1000, other_says=600)

    await order(hotline, "transfer", to=other)
    asked = await (await third.incoming()).answer()
    await hear_each_other(own, asked, one_says=900, other_says=500)
    await order(hotline, "join")
    await all_hear(own, caller, asked)
    async with service_away(hotline):
        await all_hear(own, caller, asked)
    await seen(hotline, held=None, consulted=other)
    await order(hotline, "complete")
    await own.ended()
    await hear_each_other(caller, asked, one_says=1100, other_says=700)
    await hotline.see_agent("1003", state="ready", call_id=None)

    await order(hotline, "hold")  # the next one has the same
    await silence_between(caller, asked)
    await order(hotline, "unhold")
    await hear_each_other(caller, asked, one_says=900, other_says=500)
    await asked.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    call = await hotline.ended()
    assert [talk["with"] for talk in call["talks"]] == [{"agent": "1001"}, {"agent": "1003"}, {"agent": "1005"}]
    assert [(step["agent"], step["to"], step["became"]) for step in call["transfers"]] == [
        ("1001", {"agent": "1003"}, "answered"),
        ("1003", {"agent": "1005"}, "answered"),
    ]
    assert {step["agent"] for step in call["story"] if step["kind"] == "held"} >= {"1003", "1005"}


@pytest.mark.parametrize("who", ["the agent", "the caller", "nobody: sent on"])
async def test_a_call_from_a_colleague_ends_while_it_is_on_hold(hotline: World, who: str) -> None:
    first, second, third = [await hotline.agent(agent) for agent in ("1001", "1003", "1005")]
    caller, talk = await connected(hotline, first)
    own = await sent(hotline, "over HTTP", first, talk, second, caller)
    await order(hotline, "hold")
    await silence_between(caller, own)
    if who == "the caller":
        await caller.hang_up()
        await own.ended()
    elif who == "the agent":
        await own.hang_up()
        await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    else:
        await ask_transfer(hotline, {"agent": "1005"})
        await own.ended()
        asked = await (await third.incoming()).answer()
        await hear_each_other(caller, asked, one_says=1000, other_says=600)
        await caller.hang_up()
    await hotline.see_agent("1003", state="ready", call_id=None)
    call = await hotline.ended()
    by = {"the agent": "agent", "the caller": "caller", "nobody: sent on": "system"}[who]
    assert record(call, "transfer-ended")["by"] == by
    assert "call-resumed" not in kinds(call), "the caller's session has lived"


async def test_who_hangs_up_on_hold_while_the_service_is_away_has_ended_the_talk(hotline: World) -> None:
    first, second = [await hotline.agent(agent) for agent in ("1001", "1003")]
    caller, talk = await connected(hotline, first)
    own = await sent(hotline, "over HTTP", first, talk, second, caller)
    await order(hotline, "hold")
    await silence_between(caller, own)
    async with service_away(hotline):
        await own.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    assert record(await hotline.ended(), "transfer-ended")["by"] == "agent"


async def test_only_whose_call_it_is_may_hold_it_and_two_orders_at_once_are_one(hotline: World) -> None:
    first, second = [await hotline.agent(agent) for agent in ("1001", "1003")]
    caller, talk = await connected(hotline, first)
    own = await sent(hotline, "over HTTP", first, talk, second, caller)
    path = f"/api/v1/calls/{await the_call(hotline)}/hold"
    for agent, expected in (("1001", (404, 409)), ("1003", (200, 409))):
        who = await account(hotline, agent)
        asked = await asyncio.gather(*(hotline.http.post(path, headers=who) for _ in range(2)))
        assert sorted(answer.status_code for answer in asked) == sorted(expected) or agent == "1001"
        if agent == "1001":
            assert all(answer.status_code in expected for answer in asked)
    await silence_between(caller, own)
    await order(hotline, "unhold")
    await hear_each_other(caller, own, one_says=900, other_says=500)
    assert kinds(await hotline.story(await the_call(hotline))).count("held") == 1


@pytest.mark.parametrize("how", ["to a phone", "to a queue", "after a consultation"])
async def test_a_phone_sends_on_by_its_own_keys_a_call_that_was_on_hold(hotline: World, how: str) -> None:
    first, second, third = [await hotline.agent(agent) for agent in ("1001", "1003", "1005")]
    fourth = await hotline.agent("1002")
    caller, talk = await connected(hotline, first)
    own = await sent(hotline, "over HTTP", first, talk, second, caller)
    await order(hotline, "hold")
    await silence_between(caller, own)
    await order(hotline, "unhold")
    await hear_each_other(caller, own, one_says=900, other_says=500)
    await hotline.set_state("1001", "not-ready")  # the queue's next call is for another one
    if how == "after a consultation":
        asking = await second.place("1005")
        got = await (await third.incoming()).answer()
        await asking.answered()
        await hear_each_other(asking, got)
        await own.attended_transfer(asking)
    else:
        await own.blind_transfer("1005" if how == "to a phone" else "6001")
        got = await (await (third if how == "to a phone" else fourth).incoming()).answer()
    await hear_each_other(caller, got, one_says=1000, other_says=600)
    await hotline.see_agent("1003", state="ready", call_id=None)
    await got.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    call = await hotline.ended()
    by = [step["by"] for step in call["story"] if step["kind"] == "transfer-ended"]
    assert by == ["agent"] * (1 if how == "to a queue" else 2)
    assert [(step["agent"], step["became"]) for step in call["transfers"]] == [
        ("1001", "answered"),
        ("1003", "answered"),
    ]


async def test_a_phone_that_dies_with_a_call_from_a_colleague_on_hold_leaves_the_caller_to_somebody(
    hotline: World,
) -> None:
    first, second = [await hotline.agent(agent) for agent in ("1001", "1003")]
    caller, talk = await connected(hotline, first)
    own = await sent(hotline, "over HTTP", first, talk, second, caller)
    await order(hotline, "hold")
    await silence_between(caller, own)
    second.die()
    back = await (await first.incoming()).answer()
    await hear_each_other(caller, back, one_says=900, other_says=500)
    assert "transfer-failed" in kinds(await hotline.story(await the_call(hotline)))
