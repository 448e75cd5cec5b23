"""An agent's last calls over HTTP: what the agent noted, and who sees it for how long."""

from typing import Any

import pytest

from agents.states import AgentState
from base.role import Role
from journal.records import Kind, Record
from tests.unit.service.world import World, waiting_call

AT = 1_700_000_000.0
CALLS = "/api/v1/agents/1001/calls"


def talked(call: str = "c1", *more: Record) -> list[Record]:
    """1001 has talked with that caller, from 10 s to 60 s."""
    return [
        *waiting_call(call),
        Record(AT + 10, Kind.CONNECTED, call, "greening", "1001", "o1", {"waited_s": 8.0}),
        Record(AT + 60, Kind.TALK_ENDED, call, "greening", "1001", data={"by": "caller", "talked_s": 50.0}),
        *more,
    ]


NOTE = Record(AT + 61, Kind.NOTE, "c1", "greening", "1001", data={"note": "梧桐树生虫"})
CODE = Record(AT + 62, Kind.WRAP_UP_CODE, "c1", "greening", "1001", data={"code": "answered", "name": {"zh": "答复"}})
ROUTED = [
    Record(AT + 60, Kind.TRANSFERRED, "c1", None, "1001", data={"how": "blind", "to": {"queue": "general"}}),
    Record(AT + 62, Kind.QUEUED, "c1", "general", data={"language": "zh", "position": 1}),
    Record(AT + 63, Kind.CONNECTED, "c1", "general", "1002", "o2", {"waited_s": 1.0}),
]


async def listed(world: World, **who: Any) -> list[dict[str, Any]]:
    key = await world.key(who.pop("role", Role.AGENT), **(who or {"agent": "1001"}))
    async with world.client(key) as client:
        answer = await client.get(CALLS)
    assert answer.status_code == 200, answer.text
    return list(answer.json())


@pytest.fixture
def world() -> World:
    return World(now=AT + 100)


async def test_the_agent_reads_the_own_note_and_sees_that_the_code_is_missing(world: World) -> None:
    world.note(*talked("c1", NOTE))
    (call,) = await listed(world)
    assert (call["id"], call["note"], call["code"], call["open"]) == ("c1", "梧桐树生虫", None, True)
    assert (call["caller"], call["queue"]) == ("138******00", "greening")
    assert call["began"] == "2023-11-14T22:13:30.000+00:00"
    world.note(CODE)
    (call,) = await listed(world)
    assert (call["code"], call["name"], call["open"]) == ("answered", {"zh": "答复"}, False)
    assert {entry.what for entry in await world.accounts.audit.list(None, None, 0, 9)} >= {"agent-calls-listed"}


async def test_a_talk_that_a_failure_has_cut_off_says_so(world: World) -> None:
    cut = {"by": "system", "cause": "asterisk-ended", "talked_s": 50.0}
    over = Record(AT + 60, Kind.CALL_FINISHED, "c1", data={"by": "system", "outcome": "lost", "cause": "machine-lost"})
    world.note(*talked("c1")[:-1], Record(AT + 60, Kind.TALK_ENDED, "c1", "greening", "1001", data=cut), over)
    world.note(*talked("c2", Record(AT + 61, Kind.CALL_FINISHED, "c2", data=over.data)))
    found = {call["id"]: call["cut"] for call in await listed(world)}
    assert found == {"c1": True, "c2": False}, "in the second one the caller had hung up before"


async def test_a_call_that_is_sent_on_is_the_agents_until_it_is_too_late(world: World) -> None:
    world.note(*talked("c1", NOTE), *ROUTED)
    assert [(call["id"], call["note"]) for call in await listed(world)] == [("c1", "梧桐树生虫")]
    world.now = AT + 60 + 3_601
    assert await listed(world) == []


async def test_after_an_hour_the_agent_reads_no_note_and_the_supervisor_does(world: World) -> None:
    world.note(*talked("c1", NOTE))
    world.now = AT + 60 + 3_601
    (call,) = await listed(world)
    assert (call["note"], call["open"], call["caller"]) == ("", False, "138******00")
    (call,) = await listed(world, role=Role.SUPERVISOR, queues=["greening"])
    assert (call["note"], call["caller"]) == ("梧桐树生虫", "13800000000")


async def test_others_see_nothing_of_it(world: World) -> None:
    world.note(*talked("c1"))
    async with world.client(await world.key(Role.AGENT, agent="1002")) as client:
        assert (await client.get(CALLS)).status_code == 404
    async with world.client(await world.key(Role.SUPERVISOR, queues=["general"])) as client:
        assert (await client.get(CALLS)).status_code == 404
    async with world.client(await world.key(Role.OPERATIONS)) as client:
        assert (await client.get(CALLS)).status_code == 403


async def test_a_call_that_only_rang_is_none_of_them_and_the_one_at_work_shows_its_number(world: World) -> None:
    world.note(*waiting_call("c2"), *talked("c1"))
    world.desk.seat("1001", "c1", state=AgentState.WRAP_UP, until=world.now + 20)
    (call,) = await listed(world)
    assert (call["id"], call["caller"], call["until"]) == ("c1", "13800000000", None)


async def test_without_a_database(world: World) -> None:
    world.archive.lose()
    async with world.client(await world.key(Role.AGENT, agent="1001")) as client:
        assert (await client.get(CALLS)).status_code == 503
