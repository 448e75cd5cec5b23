"""Programs that send callers on, hold them and consult over HTTP, whatever phone the agent has."""

import asyncio
from typing import Any

import httpx

from lab.phone import Call
from tests.integration.conversations import connected, hear_each_other
from tests.integration.test_listening import token
from tests.integration.test_transfers import CALLER, seen
from tests.integration.test_unseen_talks import service_away
from tests.integration.world import World, kinds, record


async def ask_transfer(hotline: World, to: dict[str, str]) -> None:
    """Over HTTP, of the citizen's call."""
    (call,) = [call for call in await hotline.get("calls") if call["caller"] == CALLER]
    answer = await hotline.http.post(f"/api/v1/calls/{call['id']}/transfer", json={"to": to, "how": "blind"})
    assert answer.status_code == 200, answer.text


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
