"""Sending a caller on over HTTP: who may, where to, and what is said when it is not possible."""

from typing import Any

import pytest

from base.role import Role
from journal.actor import Actor
from journal.records import Kind
from tests.unit.calls.talked import CITIZEN, talk
from tests.unit.faketime import fake_time
from tests.unit.service.world import World, waiting_call


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ({"queue": "general"}, "queue general"),
        ({"menu": "main"}, "menu main"),
        ({"sub_hotline": "gas"}, "sub-hotline gas"),
        ({"agent": "1002"}, "agent 1002"),
        ({"number": "110"}, "number 110"),
    ],
)
@fake_time
async def test_where_to(to: Any, told: str) -> None:
    async with talk() as here:
        answer = await here.send(to)
        assert (answer.status_code, answer.json()["id"], answer.json()["caller"]) == (200, here.call, CITIZEN)
        sent = here.last(Kind.TRANSFERRED)
        assert sent is not None
        assert (sent.actor, sent.agent, sent.data) == (Actor.token("local"), "1001", {"how": "blind", "to": to})
        assert not here.caller.talking
        assert here.audited == [("call-transferred", f"/calls/{here.call}/transfer", f"blind to {told}", 200)]


@fake_time
async def test_what_is_no_destination_is_refused() -> None:
    async with talk() as here:
        wrong: tuple[Any, ...] = (
            *({}, None, [], "general", {"queue": "General"}, {"queue": "general", "agent": "1002"}, {"agent": "x"}),
            *({"number": "+86"}, {"number": "110", "agent": "1002"}, {"hangup": True}),
            {"menu": "main", "language": "en"},
        )
        for to in wrong:
            assert (await here.send(to)).status_code == 422, to
        assert here.caller.talking


@fake_time
async def test_the_reason_goes_to_whoever_receives_the_call_and_to_no_audit() -> None:
    async with talk() as here:
        for reason in ("x" * 201, "two\nlines", "\x07", "\u202e", 7, None):
            assert (await here.send({"agent": "1002"}, reason=reason)).status_code == 422, reason
        assert here.caller.talking
        assert (await here.send({"agent": "1002"}, reason="  找李师傅 13900139000 ")).status_code == 200
        sent = here.last(Kind.TRANSFERRED)
        assert sent is not None
        assert sent.data["reason"] == "找李师傅 13900139000"
        assert here.audited[-1][2:] == ("blind to agent 1002", 200)


@pytest.mark.parametrize("reason", ["x" * 200, "", " "])
@fake_time
async def test_a_reason_may_be_long_or_left_out(reason: str) -> None:
    async with talk() as here:
        assert (await here.send({"agent": "1002"}, reason=reason)).status_code == 200
        sent = here.last(Kind.TRANSFERRED)
        assert sent is not None
        assert sent.data.get("reason", "") == reason.strip()


@fake_time
async def test_a_destination_that_there_is_not_is_named() -> None:
    said = {
        "agent 1009": {"agent": "1009"},
        "talks with this caller already": {"agent": "1001"},
        "outside: 110, +862012345. Not 911": {"number": "911"},
        "no queue water in the hotline": {"queue": "water"},
    }
    async with talk() as here:
        for sentence, to in said.items():
            answer = await here.send(to)
            assert (answer.status_code, sentence in answer.json()["detail"]) == (422, True), answer.text
        assert CITIZEN in (await here.send({"number": CITIZEN})).text
        assert here.audited[-1][2] == "blind to number 138******00", "the audit is kept for a year"
        here.world.trunk = False
        assert "no trunk" in (await here.send({"number": "110"})).json()["detail"]
        assert here.caller.talking


@pytest.mark.parametrize("to", [{"agent": "1002"}, {"queue": "general"}, {"number": "110"}])
@fake_time
async def test_an_agent_sends_the_own_caller_anywhere_and_no_other(to: Any) -> None:
    async with talk() as here:
        own, other = [await here.world.key(Role.AGENT, agent=agent) for agent in ("1001", "1002")]
        assert (await here.send(to, other)).status_code == 404
        answer = await here.send(to, own)
        assert answer.status_code == 200
        assert CITIZEN not in answer.text, "the call is somebody else's work by now"
        assert here.last(Kind.TRANSFERRED) is not None


@fake_time
async def test_an_agent_who_is_consulted_sends_nobody_on() -> None:
    async with talk() as here:
        consulted = await here.world.key(Role.AGENT, agent="1002")
        await here.consulted("1002")
        answer = await here.send({"queue": "general"}, consulted)
        assert (answer.status_code, answer.json()["detail"]) == (409, "Somebody else talks with this caller by now.")


@fake_time
async def test_a_supervisor_sends_on_only_within_the_own_part() -> None:
    for to in ({"queue": "greening"}, {"sub_hotline": "gas"}):
        async with talk() as here:
            own = await here.world.key(Role.SUPERVISOR, queues=["greening"])
            other = await here.world.key(Role.SUPERVISOR, queues=["general"])
            assert (await here.send(to, other)).status_code == 404
            assert (await here.send({"queue": "general"}, own)).status_code == 422
            assert (await here.send({"agent": "1002"}, own)).status_code == 422
            assert (await here.send(to, own)).status_code == 200
            assert not here.caller.talking


@fake_time
async def test_nobody_else_sends_callers_on() -> None:
    async with talk() as here:
        for role in (Role.OPERATIONS, Role.DEPARTMENT):
            key = await here.world.key(role, queues=["greening"])
            assert (await here.send({"queue": "general"}, key)).status_code == 403


@fake_time
async def test_while_asterisk_cannot_be_asked_the_talk_goes_on() -> None:
    async with talk() as here:
        await here.here.link_down()
        answer = await here.send({"queue": "general"})
        assert (answer.status_code, "the talk goes on" in answer.json()["detail"]) == (503, True)
        assert here.caller.talking


async def test_who_talks_with_nobody_is_not_sent_on() -> None:
    world = World()
    world.note(*waiting_call())
    async with world.client() as client:
        wanted = {"to": {"queue": "general"}, "how": "blind"}
        answer = await client.post("/api/v1/calls/c1/transfer", json=wanted)
        assert (answer.status_code, answer.json()["detail"][:34]) == (409, "Nobody talks with this caller; POS")
        assert (await client.post("/api/v1/calls/c9/transfer", json=wanted)).status_code == 404
