"""What a supervisor does with callers who wait: sees why, moves them, sets skills; over restarts of the service."""

import asyncio
from typing import Any

import httpx

from tests.integration.conversations import connected, hear_each_other, queued
from tests.integration.hall import check_story
from tests.integration.world import World, kinds, record

FIRST, SECOND, THIRD = "13800138001", "13800138002", "13800138003"


async def ids(hotline: World) -> dict[str, str]:
    """The live calls by caller."""
    return {call["caller"]: call["id"] for call in await hotline.get("calls") if call["state"] != "ended"}


async def ask(hotline: World, call_id: str, to: dict[str, Any]) -> httpx.Response:
    return await hotline.http.post(f"/api/v1/calls/{call_id}/move", json={"to": to})


async def move(hotline: World, call_id: str, to: dict[str, Any]) -> Any:
    answer = await ask(hotline, call_id, to)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def line(hotline: World, queue: str = "greening") -> list[str]:
    """The waiting callers of the queue, in order."""
    return [caller["caller"] for caller in await hotline.get(f"queues/{queue}/callers")]


async def test_moved_callers_are_where_they_were_moved_after_a_restart(hotline: World) -> None:
    calls = {number: await queued(hotline, "1", number) for number in (FIRST, SECOND, THIRD)}
    known = await ids(hotline)
    assert await line(hotline) == [FIRST, SECOND, THIRD]
    moved = await move(hotline, known[THIRD], {"front": True})
    assert (moved["state"], moved["position"]) == ("waiting", 1)
    await calls[FIRST].hears_recording(hotline.clip("nobody-there"))
    await move(hotline, known[FIRST], {"queue": "general"})
    await hotline.stop_service()  # the caller may still be on the way
    await hotline.start_service()
    await hotline.see_queue("general", waiting=1)
    assert (await line(hotline), await line(hotline, "general")) == ([THIRD, SECOND], [FIRST])
    await calls[SECOND].hears("sound")

    agent = await hotline.agent("1002")  # knows greening only
    offer = await agent.incoming()
    assert offer.caller_number == THIRD
    await offer.answer()
    await hear_each_other(calls[THIRD], offer)
    generalist = await hotline.agent("1003")
    other = await generalist.incoming()
    assert other.caller_number == FIRST
    await other.answer()
    await hear_each_other(calls[FIRST], other)

    await offer.hang_up()
    await calls[THIRD].ended()
    told = await hotline.ended(THIRD)
    step = record(told, "moved")
    assert (step["to"], step["actor"], step["queue"]) == ({"front": True}, "token:local", "greening")
    await other.hang_up()
    await calls[FIRST].ended()
    told = await hotline.ended(FIRST)
    check_story(told)
    assert told["outcome"] == "answered"
    assert kinds(told).count("queued") == 2
    assert record(told, "moved")["to"] == {"queue": "general"}
    waits = [step["head_start"] for step in told["story"] if step["kind"] == "queued"]
    assert waits[0] == 0
    assert waits[1] > 0


async def test_a_caller_is_given_to_an_agent_who_lacks_the_skill(hotline: World) -> None:
    call = await queued(hotline, "1", FIRST)
    generalist = await hotline.agent("1003")
    (caller,) = await hotline.get("queues/greening/callers")
    assert (caller["position"], caller["estimate_s"]) == (1, None)
    assert (caller["why"]["obstacle"], caller["why"]["able"]) == ("nobody", 0)
    assert caller["why"]["short"] == [{"skill": "greening", "needed": 3, "best": 0}]
    moved = await move(hotline, caller["call_id"], {"agent": "1003"})
    assert (moved["state"], moved["agent"], moved["position"]) == ("ringing", "1003", None)
    offer = await generalist.incoming()
    await offer.reject(603)  # declines; the caller waits on
    await hotline.see("queues/greening/callers", lambda callers: callers and callers[0]["position"] == 1)
    assert (await hotline.get("agents/1003"))["state"] == "not-ready"
    refused = await ask(hotline, caller["call_id"], {"agent": "1003"})
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("Agent 1003 is not-ready;")
    await hotline.set_state("1003", "ready")
    await move(hotline, caller["call_id"], {"agent": "1003"})
    offer = await generalist.incoming()
    await offer.answer()
    await hear_each_other(call, offer)


async def test_what_is_too_late_is_a_conflict_and_harms_nobody(hotline: World) -> None:
    agent = await hotline.agent("1002")
    talking, offer = await connected(hotline, agent, number=FIRST)
    known = await ids(hotline)
    refused = await ask(hotline, known[FIRST], {"front": True})
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "This caller talks with agent 1002. The call is a conversation.",
    )
    await hear_each_other(talking, offer, one_says=900, other_says=500)
    await offer.hang_up()
    await talking.ended()
    refused = await ask(hotline, known[FIRST], {"queue": "general"})
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("This caller does not wait in a queue. The call ")


async def test_of_two_supervisors_in_the_same_moment_one_moves_the_caller(hotline: World) -> None:
    call = await queued(hotline, "1", FIRST)
    await call.hears_recording(hotline.clip("nobody-there"))
    call_id = (await ids(hotline))[FIRST]
    answers = await asyncio.gather(*(ask(hotline, call_id, {"queue": "general"}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    await hotline.see_queue("general", waiting=1)
    await call.hang_up()
    assert kinds(await hotline.ended(FIRST)).count("moved") == 1


async def test_a_caller_who_is_moved_while_an_agent_comes_gets_one_of_the_two(hotline: World) -> None:
    """Matched or moved first: never both, and the caller is not lost."""
    expert, generalist = await hotline.agent_phone("1002"), await hotline.agent("1003")
    await hotline.see_agent("1002", phone="free")
    call = await queued(hotline, "1", FIRST)
    await call.hears_recording(hotline.clip("nobody-there"))
    call_id = (await ids(hotline))[FIRST]
    _, answer = await asyncio.gather(hotline.set_state("1002", "ready"), ask(hotline, call_id, {"queue": "general"}))
    phone = generalist if answer.status_code == 200 else expert
    assert answer.status_code in (200, 409), answer.text
    offer = await phone.incoming()
    await offer.answer()
    await hear_each_other(call, offer)
    await call.hang_up()
    await offer.ended()


async def test_skills_that_are_set_live_hold_over_a_restart_until_a_reload(hotline: World) -> None:
    generalist = await hotline.agent("1003")
    waiting = await queued(hotline, "1", FIRST)
    answer = await hotline.http.put("/api/v1/agents/1003/skills", json={"skills": {"general": 3, "greening": 3}})
    assert answer.status_code == 200, answer.text
    assert answer.json()["from_file"] == {"skills": {"general": 3}, "languages": ["zh", "en"]}
    offer = await generalist.incoming()  # at once
    assert offer.caller_number == FIRST
    await offer.answer()
    await hotline.stop_service()
    await hotline.start_service()
    await hear_each_other(waiting, offer)
    assert (await hotline.get("agents/1003"))["skills"] == {"general": 3, "greening": 3}
    await offer.hang_up()
    await waiting.ended()
    await hotline.see_agent("1003", state="ready", phone="free")
    assert (await hotline.get("queues/greening"))["agents"]["ready"] == 1

    answer = await hotline.http.post("/api/v1/reload")
    assert (answer.status_code, answer.json()["changed"]) == (200, False)
    told = await hotline.get("agents/1003")
    assert (told["skills"], told["from_file"]) == ({"general": 3}, None)
    assert (await hotline.get("queues/greening"))["agents"]["ready"] == 0
    again = await queued(hotline, "1", SECOND)
    (caller,) = await hotline.get("queues/greening/callers")
    assert caller["why"]["obstacle"] == "nobody"
    await again.hang_up()
