"""Whoever gets a call from a colleague sees it, is on call, writes notes on it, wraps up, and can be listened to."""

from typing import Any

import pytest

from lab.phone import Call
from tests.integration.conversations import connected, hear_each_other
from tests.integration.test_listening import token
from tests.integration.test_transfers import CALLER, declines, seen
from tests.integration.test_transfers_over_http import ask_transfer, order
from tests.integration.test_unseen_talks import service_away
from tests.integration.world import World, kinds

LONG_WRAP_UP = ("ring: 120s\n    wrap_up: 1s\n  everybody:", "ring: 120s\n    wrap_up: 60s\n  everybody:")


async def account(hotline: World, agent: str) -> dict[str, str]:
    return await token(hotline, f"desk-{agent}", roles=["agent"], agent=agent)


async def read(hotline: World, path: str, who: dict[str, str], expected: int = 200) -> Any:
    answer = await hotline.http.get(f"/api/v1/{path}", headers=who)
    assert answer.status_code == expected, answer.text
    return answer.json()


async def note(hotline: World, call: str, text: str, who: dict[str, str]) -> None:
    answer = await hotline.http.put(f"/api/v1/calls/{call}/wrap-up", json={"note": text}, headers=who)
    assert answer.status_code == 200, answer.text


async def the_call(hotline: World) -> str:
    (call,) = [call for call in await hotline.get("calls") if call["caller"] == CALLER]
    return str(call["id"])


@pytest.mark.parametrize("change", [LONG_WRAP_UP])
@pytest.mark.parametrize("how", ["by the phone", "over HTTP", "after a consultation by the phone"])
async def test_a_call_goes_through_three_hands_and_each_has_it_as_an_own_one(hotline: World, how: str) -> None:
    first, second, third = [await hotline.agent(agent) for agent in ("1001", "1003", "1005")]
    mine = {agent: await account(hotline, agent) for agent in ("1001", "1003", "1005")}
    caller, talk = await connected(hotline, first)
    call = await the_call(hotline)
    await note(hotline, call, "树上有虫", mine["1001"])
    await read(hotline, f"calls/{call}", mine["1003"], 404)
    asked: Call
    if how == "after a consultation by the phone":
        asking = await first.place("1003")
        asked = await (await second.incoming()).answer()
        await asking.answered()
        await hear_each_other(asking, asked)
        await talk.attended_transfer(asking)
    else:
        if how == "by the phone":
            await talk.blind_transfer("1003")
        else:
            await ask_transfer(hotline, {"agent": "1003"})
        ring = await second.incoming()
        rings = await hotline.see_agent("1003", state="ringing", call_id=call, sent="rings")
        assert rings["queue"] == "greening"
        asked = await ring.answer()
    await hear_each_other(caller, asked, one_says=1000, other_says=600)
    await hotline.see_agent("1003", state="on-call", call_id=call, queue="greening", sent="talks")
    story = await read(hotline, f"calls/{call}", mine["1003"])
    assert (story["caller"], story["queue"], story["way"][-1]["key"]) == (CALLER, "greening", "1")
    assert [(one["agent"], one["note"]) for one in story["wrap_ups"]] == [("1001", "树上有虫")]
    assert story["transfers"][-1]["agent"] == "1001"
    await note(hotline, call, "要找绿化局", mine["1003"])
    await hotline.set_state("1003", "not-ready", "lunch")  # after this call

    await ask_transfer(hotline, {"agent": "1005"})
    last = await (await third.incoming()).answer()
    await hear_each_other(caller, last, one_says=900, other_says=500)
    await hotline.see_agent("1005", state="on-call", call_id=call)
    await hotline.see_agent("1003", state="wrap-up", call_id=call, next_state="not-ready")
    await note(hotline, call, "已派人", mine["1005"])
    await last.hang_up()
    await hotline.see_agent("1005", state="wrap-up", call_id=call)
    for agent in ("1001", "1003", "1005"):
        assert (await hotline.get(f"agents/{agent}/day"))["calls"] == 1
    told = await hotline.ended()
    assert [(one["agent"], one["note"]) for one in told["wrap_ups"]] == [
        ("1001", "树上有虫"),
        ("1003", "要找绿化局"),
        ("1005", "已派人"),
    ]


@pytest.mark.parametrize("change", [LONG_WRAP_UP])
async def test_who_is_asked_over_http_sees_the_call_and_takes_it_or_not(hotline: World) -> None:
    first, second = [await hotline.agent(agent) for agent in ("1001", "1003")]
    asked_account = await account(hotline, "1003")
    caller, talk = await connected(hotline, first)
    call = await the_call(hotline)
    await order(hotline, "transfer")
    ring = await second.incoming()
    await hotline.see_agent("1003", state="ringing", call_id=call, sent="rings")
    aside = (await hotline.get("agents/1001"))["aside"]
    assert (aside["held"] is not None, aside["to"], aside["stage"]) == (True, {"agent": "1003"}, "rings")
    asked = await ring.answer()
    await hear_each_other(talk, asked, one_says=1000, other_says=600)
    await hotline.see_agent("1003", state="on-call", call_id=call, sent="asked")
    story = await read(hotline, f"calls/{call}", asked_account)
    assert (story["caller"], story["consulted"], story["agent"]) == (CALLER, {"agent": "1003"}, "1001")
    await note(hotline, call, "问过我", asked_account)
    await order(hotline, "return")
    await asked.ended()
    await hotline.see_agent("1003", state="ready", call_id=None)
    assert (await hotline.get("agents/1003/day"))["calls"] == 0
    await hear_each_other(caller, talk, one_says=900, other_says=500)

    await order(hotline, "transfer")
    asked = await (await second.incoming()).answer()
    await hear_each_other(talk, asked, one_says=1000, other_says=600)
    async with service_away(hotline):
        pass
    await hotline.see_agent("1003", state="on-call", call_id=call, sent="asked")
    await order(hotline, "join")
    await hotline.see_agent("1003", state="on-call", call_id=call, sent="talks")
    await order(hotline, "complete")
    await talk.ended()
    await hear_each_other(caller, asked, one_says=1100, other_says=700)
    await hotline.see_agent("1001", state="wrap-up", call_id=call)
    await hotline.see_agent("1003", state="on-call", call_id=call, sent="talks")
    await caller.hang_up()
    await hotline.see_agent("1003", state="wrap-up", call_id=call)
    assert (await hotline.get("agents/1003/day"))["calls"] == 1
    told = await hotline.ended()
    assert [(one["agent"], one["note"]) for one in told["wrap_ups"]] == [("1003", "问过我")]


async def test_who_is_signed_out_is_on_call_with_the_callers_call_and_signed_out_after_it(hotline: World) -> None:
    first, second = await hotline.agent("1001"), await hotline.agent_phone("1003")
    supervisor = await hotline.agent_phone("1002")
    caller, _ = await connected(hotline, first)
    call = await the_call(hotline)
    await ask_transfer(hotline, {"agent": "1003"})
    asked = await (await second.incoming()).answer()
    await hear_each_other(caller, asked, one_says=1000, other_says=600)
    await hotline.see_agent("1003", state="on-call", call_id=call, next_state="logged-out")
    who = await token(hotline, "li", roles=["supervisor", "agent"], agent="1002")
    answer = await hotline.http.post(f"/api/v1/calls/{call}/listen", json={"mode": "listen"}, headers=who)
    assert answer.status_code == 201, answer.text
    heard = await (await supervisor.incoming()).answer()
    caller.send_tone(1300)
    await heard.hears(1300)
    await caller.hang_up()
    await hotline.see_agent("1003", state="logged-out", call_id=None)
    await note(hotline, call, "签出后接的", await account(hotline, "1003"))
    told = await hotline.ended()
    assert [(one["agent"], one["note"]) for one in told["wrap_ups"]] == [("1003", "签出后接的")]


async def test_a_transfer_that_is_declined_is_no_missed_call_of_a_queue(hotline: World) -> None:
    first, second = await hotline.agent("1001"), await hotline.agent("1003")
    caller, _ = await connected(hotline, first)
    await ask_transfer(hotline, {"agent": "1003"})
    await declines(second)
    await seen(hotline, state="ringing", agent="1001")
    back = await (await first.incoming()).answer()
    await hear_each_other(caller, back, one_says=900, other_says=500)
    agent = await hotline.see_agent("1003", state="ready", call_id=None)
    assert agent["missed_offers"] == 0
    await caller.hang_up()
    assert "transfer-failed" in kinds(await hotline.ended())
