"""Where an agent may send a call, and what became of it, over HTTP."""

from typing import Any

import httpx
import pytest

from acd.model import Relaxation
from agents.model import Abilities
from agents.states import AgentState, PhoneState
from base.role import Role
from hotline.model import SubHotline
from journal.records import Kind, Record
from tests.unit.service.world import World

AT = 1_700_000_000.0
CITIZEN = "13800000000"


@pytest.fixture
def world() -> World:
    made = World()
    desk = made.desk
    desk.queue("greening", extension="6001", relax=(Relaxation(after=60, needs={"general": 1}),))
    desk.change(
        sub_hotlines={
            "gas": SubHotline(id="gas", name={"zh": "燃气"}, dial="962777", extension="7001"),
            "far": SubHotline(id="far", name={"zh": "水务"}, dial="02112345"),
        },
        outside_numbers={"110": {"zh": "公安"}},
    )
    desk.wait("greening", 12.5, 3.0)
    desk.seat("1002", state=AgentState.READY, phone=PhoneState.BUSY)
    return made


async def asked(world: World, path: str, agent: str = "1001") -> httpx.Response:
    async with world.client(await world.key(Role.AGENT, agent=agent)) as client:
        return await client.get(f"/api/v1/agents/{path}")


async def test_everywhere_that_a_call_can_go_with_what_decides(world: World) -> None:
    told = (await asked(world, "1001/targets")).json()
    assert told["queues"] == [
        {
            "id": "greening",
            "name": {"zh": "绿化", "en": "Greening"},
            "number": "6001",
            "waiting": 2,
            "longest_wait_s": 12.5,
            "estimate_s": 620.0,
            "ready": 1,
        }
    ], "a queue without an extension cannot be dialled"
    (colleague,) = told["agents"]
    assert colleague == {
        "id": "1002",
        "name": "综合一席",
        "number": "1002",
        "state": "ready",
        "since": "2023-11-14T22:13:20.125+00:00",
        "phone": "busy",
        "fits": False,
    }
    assert [(line["id"], line["number"], line["phone"]) for line in told["departments"]] == [
        ("gas", "7001", None),
        ("far", "02112345", None),
    ]
    assert told["numbers"] == [{"name": {"zh": "公安"}, "number": "110"}]


async def test_who_knows_the_subject_of_the_call_fits(world: World) -> None:
    async def fits() -> bool:
        (colleague,) = (await asked(world, "1001/targets")).json()["agents"]
        return bool(colleague["fits"])

    world.desk.seat("1001", "c1", "general", state=AgentState.ON_CALL)
    assert await fits()
    world.desk.seat("1002", edited=Abilities({"roads": 5}, ("zh",)))
    assert not await fits()
    world.desk.seat("1002", edited=None)
    world.desk.seat("1001", "c1", "removed", state=AgentState.ON_CALL)
    assert not await fits()


async def test_without_a_trunk_nothing_outside_can_be_reached(world: World) -> None:
    world.trunk = False
    told = (await asked(world, "1001/targets")).json()
    assert (told["departments"], told["numbers"]) == ([], [])


async def test_a_department_with_a_phone_of_its_own_is_no_colleague(world: World) -> None:
    world.desk.change(sub_hotlines={"help": SubHotline(id="help", name={"zh": "值班"}, dial="1002")})
    told = (await asked(world, "1001/targets")).json()
    assert told["agents"] == []
    assert [(line["id"], line["number"], line["phone"]) for line in told["departments"]] == [("help", "1002", "busy")]


async def test_an_agent_sees_it_for_the_own_desk_alone_and_nobody_else_does(world: World) -> None:
    assert (await asked(world, "1002/targets")).status_code == 404
    others = await world.key(*(role for role in Role if role is not Role.AGENT))
    async with world.client(others) as client:
        assert (await client.get("/api/v1/agents/1001/targets")).status_code == 403
        assert (await client.get("/api/v1/agents/1001/transfers/c1")).status_code == 403


def transferred(*more: Record) -> list[Record]:
    """c1 was with 1001, who has sent it to 1002."""
    return [
        Record(AT, Kind.CALL_STARTED, "c1", data={"caller": CITIZEN, "number": "12319", "language": "zh"}),
        Record(AT + 1, Kind.QUEUED, "c1", "greening", data={"language": "zh", "position": 1}),
        Record(AT + 2, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 1.0}),
        Record(AT + 9, Kind.TALK_ENDED, "c1", "greening", "1001", data={"by": "agent", "talked_s": 7.0}),
        Record(AT + 9, Kind.TRANSFERRED, "c1", None, "1001", data={"how": "blind", "to": {"agent": "1002"}}),
        *more,
    ]


ANSWERED = Record(AT + 12, Kind.TRANSFER_ANSWERED, "c1", data={"to": {"agent": "1002"}})
DECLINED = Record(
    AT + 12, Kind.TRANSFER_FAILED, "c1", data={"to": {"agent": "1002"}, "status": "CHANUNAVAIL", "cause": "21"}
)


@pytest.mark.parametrize(
    ("more", "became", "why"),
    [([], None, None), ([ANSWERED], "answered", None), ([DECLINED], "failed", "declined")],
)
async def test_what_became_of_a_transfer_is_told_to_the_agent_who_did_it(
    world: World, more: list[Record], became: str | None, why: str | None
) -> None:
    world.note(*transferred(*more))
    answer = await asked(world, "1001/transfers/c1")
    (told,) = answer.json()
    assert (told["to"], told["how"], told["became"], told["why"]) == ({"agent": "1002"}, "blind", became, why)
    assert CITIZEN not in answer.text


@pytest.mark.parametrize("path", ["1002/transfers/c1", "1001/transfers/c9", "1001/transfers/%20"])
async def test_a_call_that_the_agent_has_not_transferred_is_not_there(world: World, path: str) -> None:
    world.note(*transferred())
    sentences: set[Any] = set()
    for agent in ("1001", "1002"):
        answer = await asked(world, path, agent)
        if agent == path[:4]:
            assert answer.status_code == 404
            sentences.add(answer.json()["detail"])
    assert len(sentences) == 1
