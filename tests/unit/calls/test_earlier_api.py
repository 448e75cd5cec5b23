"""Earlier calls of the same number over HTTP: who sees them, and when."""

from dataclasses import replace

import pytest

from accounts.model import EVERYTHING, Reach, Role
from agents.states import AgentState
from calls.model import CallState, CallSummary, Outcome
from journal.records import Kind, Record
from tests.unit.service.world import World, waiting_call

AT = 1_700_000_000.0
EARLIER = "/api/v1/calls/c1/earlier"


@pytest.fixture
def world() -> World:
    """c1 rings at 1001; the same number called twice before."""
    made = World()
    made.note(*waiting_call())
    made.archive.before = [
        CallSummary(
            *("b2", AT - 100, CallState.ENDED, "13800000000"),
            queue="greening",
            outcome=Outcome.ANSWERED,
            code="answered",
        ),
        CallSummary("b1", AT - 900, CallState.ENDED, "13800000000", sub_hotline="gas", outcome=Outcome.SUB_HOTLINE),
    ]
    return made


async def test_an_agent_sees_them_while_the_phone_rings_without_number_or_note(world: World) -> None:
    key = await world.key(Role.AGENT, agent="1001")
    async with world.client(key) as client:
        answer = await client.get(EARLIER)
        one = await client.get(EARLIER, params={"limit": 1})
    assert answer.json() == [
        {
            "id": "b2",
            "started": "2023-11-14T22:11:40.000+00:00",
            "queue": "greening",
            "sub_hotline": None,
            "outcome": "answered",
            "code": "answered",
            "name": {"zh": "当场答复", "en": "Answered"},
        },
        {
            "id": "b1",
            "started": "2023-11-14T21:58:20.000+00:00",
            "queue": None,
            "sub_hotline": "gas",
            "outcome": "sub-hotline",
            "code": None,
            "name": None,
        },
    ]
    assert [call["id"] for call in one.json()] == ["b2"]
    assert world.archive.reach == EVERYTHING
    assert [entry.target for entry in await world.accounts.audit.list(None, "earlier-calls-read", 0, 9)] == [
        "/calls/c1/earlier",
        "/calls/c1/earlier",
    ]


async def test_not_once_the_call_is_over(world: World) -> None:
    key = await world.key(Role.AGENT, agent="1001")
    world.note(
        Record(AT + 10, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 8.0}),
        Record(AT + 60, Kind.TALK_ENDED, "c1", "greening", "1001", data={"by": "caller", "talked_s": 50.0}),
    )
    world.agents.views["1001"] = replace(world.agents.views["1001"], state=AgentState.WRAP_UP, call_id="c1")
    async with world.client(key) as client:
        assert (await client.get(EARLIER)).status_code == 200
        world.agents.views["1001"] = replace(world.agents.views["1001"], state=AgentState.READY, call_id=None)
        assert (await client.get(EARLIER)).status_code == 403


async def test_others_see_what_is_in_their_part(world: World) -> None:
    key = await world.key(Role.SUPERVISOR, queues=["greening"])
    async with world.client(key) as client:
        assert (await client.get(EARLIER)).status_code == 200
    assert world.archive.reach == Reach(queues=frozenset({"greening"}))
    for other in (
        await world.key(Role.SUPERVISOR, queues=["general"]),
        await world.key(Role.AGENT, agent="1002"),
    ):
        async with world.client(other) as client:
            assert (await client.get(EARLIER)).status_code == 404
    async with world.client(await world.key(Role.OPERATIONS)) as client:
        assert (await client.get(EARLIER)).status_code == 403


async def test_without_a_database(world: World) -> None:
    world.archive.away = True
    async with world.client() as client:
        assert (await client.get(EARLIER)).status_code == 503
