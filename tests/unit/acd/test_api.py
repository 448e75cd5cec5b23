"""Queues over HTTP."""

from agents.states import AgentState
from journal.records import Kind, Record
from tests.unit.desk import beginner
from tests.unit.service.world import World

COUNTS = {"ready": 0, "ringing": 0, "on_call": 0, "wrap_up": 0, "not_ready": 0, "unreachable": 0}


async def test_queues_in_the_order_of_the_file() -> None:
    world = World()
    beginner(world.desk)
    world.desk.seat("1001", "c1", state=AgentState.ON_CALL)
    world.desk.seat("1002", state=AgentState.NOT_READY)
    world.desk.wait("greening", 12.25, 3.0)
    for waited in (1.0, 2.0, 3.0, 20.0):
        data = {"waited_s": waited, "in_service_level": waited < 15}
        world.note(Record(world.now, Kind.CONNECTED, f"b{waited}", "greening", "gone", data=data))
    async with world.client() as client:
        answer = await client.get("/api/v1/queues")
        one = await client.get("/api/v1/queues/greening")
    assert answer.status_code == 200
    greening, general = answer.json()
    assert greening == {
        "id": "greening",
        "name": {"zh": "绿化", "en": "Greening"},
        "needs": [{"greening": 3}, {"greening": 1}],
        "waiting": 2,
        "callbacks": 0,
        "talking": 1,
        "longest_wait_s": 12.25,
        "estimate_s": 563.6363636363636,
        "answered": 4,
        "abandoned": 0,
        "agents": {**COUNTS, "on_call": 1, "not_ready": 1},
        "agents_now": {**COUNTS, "on_call": 1},
        "estimate_calls": 0,
        "service_level": {"percent": 75.0, "within_s": 15.0, "target_percent": 80.0},
        "open": True,
        "opens": None,
        "closes": None,
    }
    assert one.json() == greening
    assert (general["id"], general["estimate_s"], general["service_level"]["percent"]) == ("general", None, None)


async def test_an_unknown_queue_is_told_which_there_are() -> None:
    async with World().client() as client:
        answer = await client.get("/api/v1/queues/water")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no such queue; the queues of this hotline are greening, general."
