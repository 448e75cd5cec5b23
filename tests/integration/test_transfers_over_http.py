"""Programs that send callers on, hold them and consult over HTTP, whatever phone the agent has."""

import asyncio
from typing import Any

import httpx
import pytest

from lab.phone import Call
from tests.integration.conversations import connected, hear_each_other
from tests.integration.test_listening import token
from tests.integration.test_transfers import CALLER, declines, seen
from tests.integration.test_unseen_talks import service_away
from tests.integration.world import World, kinds, record


async def ask_transfer(hotline: World, to: dict[str, str]) -> None:
    """Over HTTP, of the citizen's call."""
    (call,) = [call for call in await hotline.get("calls") if call["caller"] == CALLER]
    answer = await hotline.http.post(f"/api/v1/calls/{call['id']}/transfer", json={"to": to, "how": "blind"})
    assert answer.status_code == 200, answer.text


async def test_a_caller_is_sent_on_over_http_from_the_agent_to_a_colleague_and_from_there_to_a_queue(
    hotline: World,
) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, first)
    await ask_transfer(hotline, {"agent": "1005"})  # is not registered
    await offer.ended()
    await caller.hears_recording(hotline.clip("transfer-failed"))
    back = await (await first.incoming()).answer()
    await hear_each_other(caller, back, one_says=900, other_says=500)
    await hotline.set_state("1001", "not-ready")  # after the talk
    await ask_transfer(hotline, {"agent": "1003"})
    await back.ended()
    asked = await (await colleague.incoming()).answer()
    await hear_each_other(caller, asked, one_says=1000, other_says=600)
    await seen(hotline, state="talking", agent="1003")
    third = await hotline.agent("1002")
    await ask_transfer(hotline, {"queue": "greening"})
    await asked.ended()
    ring = await (await third.incoming()).answer()
    await hear_each_other(caller, ring, one_says=900, other_says=500)
    await ring.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    call = await hotline.ended()
    steps = [kind for kind in kinds(call) if kind.startswith(("transfer", "talk", "connected", "queued"))]
    there_and_back = ["queued", "connected", "talk-ended", "transferred", "transfer-failed", "queued", "connected"]
    on = ["talk-ended", "transferred", "transfer-answered", "transfer-ended", "transferred", "queued", "connected"]
    assert steps == [*there_and_back, *on, "talk-ended"]
    sent = [step for step in call["story"] if step["kind"] == "transferred"]
    assert [(step["actor"], step["agent"], step["to"]) for step in sent] == [
        ("token:local", "1001", {"agent": "1005"}),
        ("token:local", "1001", {"agent": "1003"}),
        ("token:local", "1003", {"queue": "greening"}),
    ]
    assert record(call, "talk-ended")["cause"] == "transferred"


async def order(hotline: World, what: str, expected: int = 200, *, to: dict[str, str] | None = None) -> Any:
    """Over HTTP, of the citizen's call. `to`: whom the agent consults, else a colleague."""
    (call,) = [call for call in await hotline.get("calls") if call["caller"] == CALLER]
    body = {"to": to or {"agent": "1003"}, "how": "consult"} if what == "transfer" else None
    answer = await hotline.http.post(f"/api/v1/calls/{call['id']}/{what}", json=body)
    assert answer.status_code == expected, answer.text
    return answer.json()


async def silence_between(caller: Call, agent: Call) -> None:
    """The caller hears music, and the agent nothing of the caller."""
    caller.send_tone(1200)
    await caller.hears("sound")
    await agent.hears_silence()
    caller.send_silence()


async def test_over_http_a_caller_is_held_a_colleague_asked_and_given_the_caller(hotline: World) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, first)
    await order(hotline, "hold")
    await silence_between(caller, offer)
    assert "unhold, consult, transfer" in (await order(hotline, "hold", 409))["detail"]
    await order(hotline, "unhold")
    await hear_each_other(caller, offer, one_says=900, other_says=500)
    await order(hotline, "transfer")
    rung = await colleague.incoming()
    assert rung.caller_number == "1001"
    asked = await rung.answer()
    await hear_each_other(offer, asked, one_says=1000, other_says=600)
    await silence_between(caller, offer)
    await order(hotline, "return")
    await asked.ended()
    await hear_each_other(caller, offer, one_says=900, other_says=500)
    await order(hotline, "transfer")
    await declines(colleague)
    await hear_each_other(caller, offer, one_says=1000, other_says=600)
    await order(hotline, "transfer")
    asked = await (await colleague.incoming()).answer()
    await hear_each_other(offer, asked, one_says=900, other_says=500)
    await order(hotline, "complete")
    await offer.ended()
    await hear_each_other(caller, asked, one_says=1100, other_says=700)
    await seen(hotline, state="talking", agent="1003")
    await asked.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    call = await hotline.ended()
    steps = [kind for kind in kinds(call) if kind.startswith(("held", "unheld", "consult", "transfer", "talk"))]
    back = ["held", "consult-asked", "consult-answered", "consult-ended", "unheld"]
    failed = ["held", "consult-asked", "consult-failed", "unheld"]
    given = [
        "held",
        "consult-asked",
        "consult-answered",
        "talk-ended",
        "transferred",
        "transfer-answered",
        "transfer-ended",
    ]
    assert steps == ["held", "unheld", *back, *failed, *given]
    assert [(step["how"], step["became"]) for step in call["transfers"]] == [("consult", "answered")]


async def test_a_hold_and_a_consultation_outlive_the_service(hotline: World) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, first)
    await order(hotline, "hold")
    await silence_between(caller, offer)
    async with service_away(hotline):
        await silence_between(caller, offer)
    await order(hotline, "unhold")
    await hear_each_other(caller, offer, one_says=900, other_says=500)
    await order(hotline, "transfer")
    asked = await (await colleague.incoming()).answer()
    async with service_away(hotline):
        await hear_each_other(offer, asked, one_says=1000, other_says=600)
    await order(hotline, "complete")
    await hear_each_other(caller, asked, one_says=1100, other_says=700)
    await caller.hang_up()
    await asked.ended()
    call = await hotline.ended()
    assert (call["outcome"], kinds(call).count("transfer-answered")) == ("answered", 1)


async def test_a_consultation_that_fails_while_the_service_is_away_comes_back_to_the_caller(hotline: World) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, first)
    await order(hotline, "transfer")
    ringing = await colleague.incoming()
    async with service_away(hotline):
        await ringing.reject(603)
        await hear_each_other(caller, offer, one_says=900, other_says=500)
    await order(hotline, "hold")
    await caller.hears("sound")
    await caller.hang_up()
    await offer.ended()  # nobody is left on the line
    call = await hotline.ended()
    assert kinds(call)[-2:] == ["talk-ended", "call-finished"]
    assert record(call, "talk-ended")["by"] == "caller"


async def all_hear(*calls: Call) -> None:
    """Each speaks, and all others hear it."""
    for speaker, hertz in zip(calls, (500, 700, 900), strict=True):
        speaker.send_tone(hertz)
        for other in calls:
            if other is not speaker:
                await other.hears(hertz)
        speaker.send_silence()


async def test_over_http_three_talk_and_any_of_them_may_leave(hotline: World) -> None:
    first, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    caller, offer = await connected(hotline, first)

    async def three() -> Call:
        await order(hotline, "transfer")
        asked = await (await colleague.incoming()).answer()
        await hear_each_other(offer, asked, one_says=1000, other_says=600)
        assert (await order(hotline, "join"))["consulted"] == {"agent": "1003"}
        await all_hear(offer, caller, asked)
        return asked

    asked = await three()
    await asked.press("*#")
    await asked.press("*", "info")
    await all_hear(offer, caller, asked)
    async with service_away(hotline):
        await all_hear(offer, caller, asked)
    await seen(hotline, held=None, consulted={"agent": "1003"})
    await order(hotline, "return")
    await asked.ended()
    await hear_each_other(caller, offer, one_says=800, other_says=400)
    asked = await three()
    await asked.hang_up()
    await hear_each_other(caller, offer, one_says=1000, other_says=600)
    await seen(hotline, consulted=None)
    asked = await three()
    await order(hotline, "complete")
    await offer.hang_up()  # at once, as an agent's program may
    await hear_each_other(caller, asked, one_says=1100, other_says=700)
    await seen(hotline, state="talking", agent="1003")
    await asked.hang_up()
    await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    call = await hotline.ended()
    steps = [kind for kind in kinds(call) if kind.startswith(("unheld", "consult", "transfer", "talk"))]
    talked = ["consult-asked", "consult-answered", "consult-joined", "unheld"]
    given = ["talk-ended", "transferred", "transfer-answered", "transfer-ended"]
    assert steps == [*talked, "consult-ended", *talked, "consult-ended", *talked, *given]


@pytest.mark.parametrize("who", ["the agent", "the caller"])
async def test_a_talk_of_three_ends_with_the_agent_and_with_the_caller(hotline: World, who: str) -> None:
    first, gas = await hotline.agent("1001"), await hotline.agent_phone("2201")
    caller, offer = await connected(hotline, first)
    await order(hotline, "transfer", to={"sub_hotline": "gas"})
    asked = await (await gas.incoming()).answer()
    await hear_each_other(offer, asked, one_says=1000, other_says=600)
    await order(hotline, "join")
    await all_hear(offer, caller, asked)
    if who == "the agent":
        await offer.hang_up()
        await caller.hears_recording(hotline.clip(hotline.hotline.goodbye))
    else:
        await caller.hang_up()
        await offer.ended()
    await asked.ended()
    call = await hotline.ended()
    assert record(call, "consult-joined")["to"] == {"sub_hotline": "gas"}
    assert record(call, "talk-ended")["by"] == ("agent" if who == "the agent" else "caller")


async def test_a_department_is_consulted_and_an_agent_goes_back_as_it_rings_or_hangs_up(hotline: World) -> None:
    first, gas = await hotline.agent("1001"), await hotline.agent_phone("2201")
    caller, offer = await connected(hotline, first)
    department = {"sub_hotline": "gas"}
    await order(hotline, "transfer", to=department)
    ringing = await gas.incoming()
    await ringing.ring()
    await order(hotline, "return")
    await ringing.cancelled()
    await hear_each_other(caller, offer, one_says=900, other_says=500)
    for _ in range(3):  # the leg comes back by itself, and the order is late
        await order(hotline, "transfer", to=department)
        asked = await (await gas.incoming()).answer()
        await hear_each_other(offer, asked, one_says=1000, other_says=600)
        hanging_up = asyncio.create_task(asked.hang_up())
        (call,) = [call for call in await hotline.get("calls") if call["caller"] == CALLER]
        answer = await hotline.http.post(f"/api/v1/calls/{call['id']}/return")
        assert answer.status_code in (200, 409), answer.text
        await hanging_up
        await hear_each_other(caller, offer, one_says=800, other_says=400)
    await order(hotline, "transfer", to=department)
    asked = await (await gas.incoming()).answer()
    await hear_each_other(offer, asked, one_says=1000, other_says=600)
    await order(hotline, "complete")
    await offer.ended()
    await hear_each_other(caller, asked, one_says=1100, other_says=700)
    await caller.hang_up()
    await asked.ended()
    call = await hotline.ended()
    assert record(call, "transferred")["to"] == {"sub_hotline": "gas"}
    assert "sub-hotline-answered" in kinds(call)
    assert "call-resumed" not in kinds(call), "the caller's session has lived"


async def test_an_agents_phone_dials_by_http_what_it_may_and_rings_first(hotline: World) -> None:
    first, colleague = await hotline.agent_phone("1001"), await hotline.agent_phone("1003")
    await hotline.see_agent("1001", phone="free")
    own = await token(hotline, "desk", roles=["agent"], agent="1001")

    async def dial(number: str) -> httpx.Response:
        return await hotline.http.post("/api/v1/agents/1001/dial", json={"number": number}, headers=own)

    refused = await dial("110")
    assert (refused.status_code, "Not 110" in refused.json()["detail"]) == (422, True)
    assert (await dial("1003")).status_code == 200
    ring = await first.incoming()
    assert ring.caller_number == "1003"
    assert (await dial("1003")).status_code == 409
    call = await ring.answer()
    asked = await colleague.incoming()
    assert asked.caller_number == "1001"
    await asked.answer()
    await hear_each_other(call, asked)
    await call.hang_up()
    await asked.ended()
