"""An agent's call for help, over HTTP."""

from base.role import Role
from tests.unit.service.world import World, talk

OWN, OTHERS = "/api/v1/agents/1001/help", "/api/v1/agents/1002/help"


async def test_an_agent_calls_for_help_and_takes_it_back() -> None:
    world = World()
    world.note(*talk())
    async with world.client(await world.key(Role.AGENT, agent="1001")) as client:
        called = await client.post(OWN)
        foreign = [(await client.post(OTHERS)).status_code, (await client.delete(OTHERS)).status_code]
        over = await client.delete(OWN)
    assert (called.status_code, called.json()["help_since"]) == (200, "2023-11-14T22:15:00.000+00:00")
    assert foreign == [404, 404]
    assert (over.status_code, over.json()["help_since"]) == (200, None)
    done = [entry for entry in await world.accounts.audit.list(None, None, 0, 9) if entry.status < 400]
    assert [(entry.what, entry.target) for entry in reversed(done)] == [
        ("help-called", "/agents/1001/help"),
        ("help-over", "/agents/1001/help"),
    ]


async def test_only_agents_call_for_help() -> None:
    world = World()
    async with world.client(await world.key(*[role for role in Role if role is not Role.AGENT])) as client:
        assert (await client.post(OWN)).status_code == 403


async def test_help_without_a_talk_is_refused() -> None:
    world = World()
    async with world.client(await world.key(Role.AGENT, agent="1001")) as client:
        answer = await client.post(OWN)
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "Help can be called for in a talk with a caller; this agent is in none.",
    )
