"""An agent asks somebody of a queue over HTTP: waits there, talks, goes back, gives the caller over, or three talk."""

import pytest

from tests.integration.conversations import connected, hear_each_other
from tests.integration.test_sent import account, read, the_call
from tests.integration.test_transfers import CALLER, seen
from tests.integration.test_transfers_over_http import all_hear, order, silence_between
from tests.integration.test_unseen_talks import service_away
from tests.integration.world import World, kinds, record

GENERAL = {"queue": "general"}


async def own_call(hotline: World, agent: str) -> str:
    """The id of the agent's own call, by which the agent asks the queue."""
    (call,) = [call for call in await hotline.get("calls") if call["caller"] == agent and call["state"] != "ended"]
    return str(call["id"])


async def test_somebody_of_a_queue_is_asked_and_given_the_caller_also_over_restarts(hotline: World) -> None:
    first, second = [await hotline.agent(agent) for agent in ("1001", "1003")]
    helper = await account(hotline, "1003")
    caller, talk = await connected(hotline, first)
    call = await the_call(hotline)
    await order(hotline, "transfer", to=GENERAL)
    ring = await second.incoming()
    await hotline.see_agent("1003", state="ringing", call_id=await own_call(hotline, "1001"), queue="general")
    aside = (await hotline.get("agents/1001"))["aside"]
    assert (aside["to"], aside["stage"]) == (GENERAL, "rings")
    asking = await read(hotline, f"calls/{await own_call(hotline, '1001')}", helper)
    assert (asking["caller"], asking["story"][0]["about"]) == ("1001", call)
    assert (await read(hotline, f"calls/{call}", helper))["caller"] == CALLER, "who is rung sees what it is about"
    assert "return, transfer" in (await order(hotline, "complete", 409))["detail"]
    async with service_away(hotline):
        await caller.hears("sound")
    asked = await ring.answer()
    await hear_each_other(talk, asked, one_says=1000, other_says=600)
    await silence_between(caller, talk)
    await seen(hotline, caller=CALLER, consulted={"agent": "1003"})
    async with service_away(hotline):
        await hear_each_other(talk, asked, one_says=900, other_says=500)
    assert (await read(hotline, f"calls/{call}", helper))["caller"] == CALLER
    await order(hotline, "return")
    await asked.ended()
    await hear_each_other(caller, talk, one_says=1000, other_says=600)
    await hotline.see_agent("1003", state="ready", call_id=None)
    await read(hotline, f"calls/{call}", helper, 404)

    await order(hotline, "transfer", to=GENERAL)
    asked = await (await second.incoming()).answer()
    await hear_each_other(talk, asked, one_says=900, other_says=500)
    async with service_away(hotline):
        await hear_each_other(talk, asked, one_says=1000, other_says=600)
    await seen(hotline, caller=CALLER, consulted={"agent": "1003"})
    await order(hotline, "complete")
    await talk.ended()
    await hear_each_other(caller, asked, one_says=1100, other_says=700)
    await hotline.see_agent("1003", state="on-call", call_id=call, sent="talks")
    async with service_away(hotline):
        await hear_each_other(caller, asked, one_says=900, other_says=500)
    await order(hotline, "hold")
    await silence_between(caller, asked)
    await order(hotline, "unhold")
    await hear_each_other(caller, asked, one_says=1000, other_says=600)
    await asked.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.story(call)
    assert [talk["with"] for talk in told["talks"]] == [{"agent": "1001"}, {"agent": "1003"}]
    assert [(step["how"], step["to"], step["became"]) for step in told["transfers"]] == [
        ("consult", {"agent": "1003"}, "answered")
    ]
    steps = [step["to"] for step in told["story"] if step["kind"] in ("consult-asked", "consult-answered")]
    assert steps == [GENERAL, {"agent": "1003"}] * 2


async def test_all_three_talk_and_whoever_was_asked_leaves_or_stays(hotline: World) -> None:
    first, second = [await hotline.agent(agent) for agent in ("1001", "1003")]
    caller, talk = await connected(hotline, first)
    for leaves in (True, False):
        await order(hotline, "transfer", to=GENERAL)
        asked = await (await second.incoming()).answer()
        await hear_each_other(talk, asked, one_says=900, other_says=500)
        await seen(hotline, caller=CALLER, consulted={"agent": "1003"})
        await order(hotline, "join")
        await all_hear(talk, caller, asked)
        async with service_away(hotline):
            await all_hear(talk, caller, asked)
        await seen(hotline, caller=CALLER, held=None, consulted={"agent": "1003"})
        if leaves:
            await asked.hang_up()
            await hear_each_other(caller, talk, one_says=1000, other_says=600)
            await hotline.see_agent("1003", state="ready", call_id=None)
    await order(hotline, "complete")
    await talk.ended()
    await hear_each_other(caller, asked, one_says=1100, other_says=700)
    await caller.hang_up()
    await asked.ended()


@pytest.mark.parametrize("who", ["the agent goes back", "the caller hangs up", "the agent of the queue hangs up"])
async def test_a_consultation_of_a_queue_ends_as_nobody_has_answered_or_somebody_hangs_up(
    hotline: World, who: str
) -> None:
    second = await hotline.agent("1003")
    if who != "the agent of the queue hangs up":
        await connected(hotline, second, "0", "13900139000")  # the queue's agent is busy
    first = await hotline.agent("1001")
    caller, talk = await connected(hotline, first)
    await order(hotline, "transfer", to=GENERAL)
    if who == "the agent of the queue hangs up":
        asked = await (await second.incoming()).answer()
        await hear_each_other(talk, asked, one_says=900, other_says=500)
        await asked.hang_up()
    else:
        await hotline.see_queue("general", waiting=1)
        await talk.hears("sound")
        async with service_away(hotline):
            await talk.hears("sound")
        await hotline.see_queue("general", waiting=1)
    if who == "the caller hangs up":
        await caller.hang_up()
        await talk.ended()
    else:
        if who == "the agent goes back":
            await order(hotline, "return")
        await hear_each_other(caller, talk, one_says=1000, other_says=600)
        await caller.hang_up()
    await hotline.see_queue("general", waiting=0)
    await hotline.see_agent("1001", state="ready", call_id=None)
    story = await hotline.ended()
    assert record(story, "consult-ended" if who != "the caller hangs up" else "talk-ended") is not None
    assert "consult-failed" not in kinds(story)


async def test_a_queue_that_nobody_serves_is_not_asked_and_the_talk_goes_on(hotline: World) -> None:
    first = await hotline.agent("1002")
    caller, talk = await connected(hotline, first)
    said = (await order(hotline, "transfer", 409, to=GENERAL))["detail"]
    assert said == "No agent of queue general is signed in, so there is nobody to ask."
    assert "no extension" in (await order(hotline, "transfer", 422, to={"queue": "expert"}))["detail"]
    await hear_each_other(caller, talk, one_says=1000, other_says=600)
