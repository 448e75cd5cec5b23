"""A filter that a route does not know is refused: answered without it, it would tell more than was asked for."""

import pytest

from tests.unit.service.world import World


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("calls?stat=waiting", ["'stat'", "state, queue, agent, outcome", "did you mean 'state'?"]),
        ("calls?state=waiting&who=1001", ["'who'", "state, queue, agent, outcome"]),
        ("calls/c1?story=false", ["'story'", "takes no filters"]),
        ("queues?id=greening", ["'id'", "takes no filters"]),
        ("agents?state=ready", ["'state'", "takes no filters"]),
        ("events?queue=greening", ["'queue'", "takes no filters"]),
    ],
)
async def test_an_unknown_filter_is_refused_and_the_known_ones_named(asked: str, named: list[str]) -> None:
    async with World().client() as client:
        answer = await client.get(f"/api/v1/{asked}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    for words in named:
        assert words in answer.json()["detail"]


async def test_what_is_repeated_of_a_hostile_name_is_short_and_plain() -> None:
    async with World().client() as client:
        answer = await client.get("/api/v1/calls", params={f"x\n\x1b[31m{'x' * 5_000}": "1"})
    assert answer.status_code == 400
    assert len(answer.json()["detail"]) < 300
    assert answer.json()["detail"].isprintable()


async def test_known_filters_together_are_answered() -> None:
    async with World().client() as client:
        answer = await client.get("/api/v1/calls?state=waiting&queue=greening&limit=5")
        assert (answer.status_code, answer.json()) == (200, [])
        assert (await client.get("/healthz?who=balancer")).status_code == 200


def test_the_description_says_so_of_every_route_that_is_read() -> None:
    paths = World().app().openapi()["paths"]
    told = {path: item["get"]["responses"].get("400") for path, item in paths.items() if "get" in item}
    assert [path for path, answer in told.items() if answer is None] == ["/healthz", "/readyz", "/metrics"]
    assert "filter" in told["/api/v1/calls"]["description"]
    assert "application/problem+json" in told["/api/v1/calls"]["content"]
