"""The waiting callers of a queue over HTTP: what is told, and to whom."""

import pytest

from agents.states import AgentState, PhoneState
from base.role import Role
from tests.unit.desk import beginner
from tests.unit.service.world import World, waiting_call

AT = 1_700_000_000.0


@pytest.fixture
def world() -> World:
    made = World()
    beginner(made.desk)
    made.note(*waiting_call()[:-1])
    made.desk.seat("1001", "c0", state=AgentState.ON_CALL, phone=PhoneState.BUSY, engaged_at=made.now - 60)
    made.desk.seat("1002", state=AgentState.READY)
    return made


async def test_a_caller_and_why_the_caller_waits(world: World) -> None:
    async with world.client() as client:
        answer = await client.get("/api/v1/queues/greening/callers")
        none = await client.get("/api/v1/queues/general/callers")
    assert answer.json() == [
        {
            "call_id": "c1",
            "caller": "13800000000",
            "language": "zh",
            "since": "2023-11-14T22:13:22.000+00:00",
            "waited_s": 98.0,
            "head_start_s": 0.0,
            "position": 1,
            "estimate_s": 22.0,
            "ringing": [],
            "why": {
                "obstacle": "busy",
                "needs": [{"greening": 3}],
                "next_step": {"at": "2023-11-14T22:15:22.000+00:00", "needs": {"greening": 1}},
                "no_speaker": False,
                "short": [{"skill": "greening", "needed": 3, "best": 2}],
                "able": 1,
                "agents": [
                    {"id": "1001", "state": "on-call", "phone": "busy", "free_at": "2023-11-14T22:17:20.000+00:00"},
                ],
                "sticky": None,
            },
        }
    ]
    assert none.json() == []


async def test_as_many_as_asked_for(world: World) -> None:
    world.desk.wait("greening", *[5.0] * 60)
    async with world.client() as client:
        assert len((await client.get("/api/v1/queues/greening/callers")).json()) == 50
        assert len((await client.get("/api/v1/queues/greening/callers?limit=60")).json()) == 60
        for wrong in ("0", "501", "many"):
            assert (await client.get(f"/api/v1/queues/greening/callers?limit={wrong}")).status_code == 422


async def test_only_queues_that_one_may_see(world: World) -> None:
    supervisor = await world.key(Role.SUPERVISOR, queues=["general"])
    async with world.client(supervisor) as client:
        assert (await client.get("/api/v1/queues/general/callers")).status_code == 200
        refused = await client.get("/api/v1/queues/greening/callers")
    assert refused.status_code == 404
    assert refused.json()["detail"] == "There is no such queue; those that you may see are general."


async def test_a_department_sees_its_callers_and_no_agents(world: World) -> None:
    department = await world.key(Role.DEPARTMENT, queues=["greening"])
    async with world.client(department) as client:
        (caller,) = (await client.get("/api/v1/queues/greening/callers")).json()
    assert caller["caller"] == "13800000000"
    assert (caller["why"]["able"], caller["why"]["agents"]) == (1, [])


async def test_a_supervisor_of_a_part_sees_the_agents_of_that_part(world: World) -> None:
    supervisor = await world.key(Role.SUPERVISOR, queues=["greening"])
    async with world.client(supervisor) as client:
        (caller,) = (await client.get("/api/v1/queues/greening/callers")).json()
    assert [agent["id"] for agent in caller["why"]["agents"]] == ["1001"]


async def test_operations_and_agents_see_no_callers(world: World) -> None:
    async with world.client(await world.key(Role.OPERATIONS)) as client:
        assert (await client.get("/api/v1/queues/greening/callers")).status_code == 403
    async with world.client(await world.key(Role.AGENT, agent="1001")) as client:
        assert (await client.get("/api/v1/queues/greening/callers")).status_code == 404


async def test_a_look_at_callers_is_in_the_audit(world: World) -> None:
    async with world.client() as client:
        await client.get("/api/v1/queues/greening/callers?limit=5")
    (entry,) = await world.accounts.audit.list(None, "callers-listed", 0.0, 10)
    assert (entry.target, entry.detail, entry.status) == ("/queues/greening/callers", "limit=5", 200)
