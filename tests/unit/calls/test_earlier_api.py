"""Earlier calls of the same number over HTTP: who sees them, and when."""

import pytest

from agents.states import AgentState
from base.role import Role
from journal.records import Kind, Record
from tests.unit.archive import past
from tests.unit.service.world import World, waiting_call

AT, CITIZEN = 1_700_000_000.0, "13800000000"
EARLIER = "/api/v1/calls/c1/earlier"


@pytest.fixture
def world() -> World:
    """c1 rings at 1001; the same number called twice before."""
    made = World()
    made.note(*waiting_call())
    at, code = AT - 100, {"code": "answered", "name": {"zh": "答复"}}
    made.archive.keep(
        [
            *past("b2", at, CITIZEN, agent="1002"),
            Record(at + 20, Kind.LISTENING_BEGAN, "b2", "greening", "1002", data={"listening": "l1", "mode": "listen"}),
            Record(at + 70, Kind.NOTE, "b2", "greening", "1002", data={"note": "树在阳台前"}),
            Record(at + 71, Kind.WRAP_UP_CODE, "b2", "greening", "1002", data=code),
        ],
        [
            Record(AT - 900, Kind.CALL_STARTED, "b1", data={"caller": CITIZEN, "number": "12319", "language": "zh"}),
            Record(AT - 890, Kind.SUB_HOTLINE_DIALLED, "b1", data={"sub_hotline": "gas", "dial": "962777"}),
            Record(AT - 880, Kind.SUB_HOTLINE_ANSWERED, "b1", data={"sub_hotline": "gas"}),
            Record(AT - 800, Kind.CALL_FINISHED, "b1", data={"by": "caller"}),
        ],
    )
    return made


async def test_an_agent_sees_them_with_their_notes_while_the_phone_rings(world: World) -> None:
    key = await world.key(Role.AGENT, agent="1001")
    async with world.client(key) as client:
        answer = await client.get(EARLIER)
        one = await client.get(EARLIER, params={"limit": 1})
    assert answer.json() == [
        {
            "id": "b2",
            "caller": None,
            "direction": "in",
            "started": "2023-11-14T22:11:40.000+00:00",
            "queue": "greening",
            "sub_hotline": None,
            "agent": "1002",
            "outcome": "answered",
            "code": "answered",
            "name": {"zh": "当场答复", "en": "Answered"},
            "notes": [{"agent": "1002", "code": "answered", "name": {"zh": "答复"}, "note": "树在阳台前"}],
        },
        {
            "id": "b1",
            "caller": None,
            "direction": "in",
            "started": "2023-11-14T21:58:20.000+00:00",
            "queue": None,
            "sub_hotline": "gas",
            "agent": None,
            "outcome": "sub-hotline",
            "code": None,
            "name": None,
            "notes": [],
        },
    ]
    assert [call["id"] for call in one.json()] == ["b2"]
    assert [entry.target for entry in await world.accounts.audit.list(None, "earlier-calls-read", 0, 9)] == [
        "/calls/c1/earlier",
        "/calls/c1/earlier",
    ]


async def test_the_whole_story_of_one_of_them_and_of_no_other_call(world: World) -> None:
    async with world.client(await world.key(Role.AGENT, agent="1001")) as client:
        story = (await client.get(f"{EARLIER}/b2")).json()
        assert (story["caller"], story["wrap_ups"][0]["note"]) == ("13800000000", "树在阳台前")
        assert "listening-began" not in [step["kind"] for step in story["story"]]
        for other in ("c1", "b9", "%20"):
            assert (await client.get(f"{EARLIER}/{other}")).status_code == 404
        world.note(
            Record(AT + 60, Kind.LEFT_QUEUE, "c1", "greening", data={"why": "hung-up", "waited_s": 58.0}),
            Record(AT + 60, Kind.CALL_FINISHED, "c1", data={"by": "caller"}),
        )
        assert (await client.get(f"{EARLIER}/b2")).status_code == 404


async def test_not_once_the_call_is_over(world: World) -> None:
    key = await world.key(Role.AGENT, agent="1001")
    world.note(
        Record(AT + 10, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 8.0}),
        Record(AT + 60, Kind.TALK_ENDED, "c1", "greening", "1001", data={"by": "caller", "talked_s": 50.0}),
    )
    world.desk.seat("1001", "c1", state=AgentState.WRAP_UP, until=world.now + 20)
    async with world.client(key) as client:
        assert (await client.get(EARLIER)).status_code == 200
        world.desk.seat("1001", state=AgentState.READY)
        assert (await client.get(EARLIER)).status_code == 403


async def test_others_see_what_is_in_their_part(world: World) -> None:
    key = await world.key(Role.SUPERVISOR, queues=["greening"])
    async with world.client(key) as client:
        assert [call["id"] for call in (await client.get(EARLIER)).json()] == ["b2"]
    for other in (
        await world.key(Role.SUPERVISOR, queues=["general"]),
        await world.key(Role.AGENT, agent="1002"),
    ):
        async with world.client(other) as client:
            assert (await client.get(EARLIER)).status_code == 404
    async with world.client(await world.key(Role.OPERATIONS)) as client:
        assert (await client.get(EARLIER)).status_code == 403


async def test_without_a_database(world: World) -> None:
    world.archive.lose()
    async with world.client() as client:
        assert (await client.get(EARLIER)).status_code == 503
