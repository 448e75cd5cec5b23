"""Queues over HTTP."""

from dataclasses import replace

from tests.unit.service.world import World

COUNTS = {"ready": 0, "ringing": 0, "on_call": 0, "wrap_up": 0, "not_ready": 0}


async def test_queues_in_the_order_of_the_file() -> None:
    world = World()
    world.queues.views["greening"] = replace(
        world.queues.views["greening"],
        waiting=2,
        talking=1,
        longest_wait_s=12.25,
        estimate_s=40.0,
        agents={**COUNTS, "ready": 1, "on_call": 2},
        service_level=91.5,
        answered=212,
        abandoned=9,
        agents_now={**COUNTS, "ready": 1},
        estimate_calls=7,
    )
    async with world.client() as client:
        answer = await client.get("/api/v1/queues")
        one = await client.get("/api/v1/queues/greening")
    assert answer.status_code == 200
    greening, general = answer.json()
    assert greening == {
        "id": "greening",
        "name": {"zh": "绿化", "en": "Greening"},
        "needs": [{"greening": 3}],
        "waiting": 2,
        "talking": 1,
        "longest_wait_s": 12.25,
        "estimate_s": 40.0,
        "answered": 212,
        "abandoned": 9,
        "agents": {**COUNTS, "ready": 1, "on_call": 2},
        "agents_now": {**COUNTS, "ready": 1},
        "estimate_calls": 7,
        "service_level": {"percent": 91.5, "within_s": 15.0, "target_percent": 80.0},
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
