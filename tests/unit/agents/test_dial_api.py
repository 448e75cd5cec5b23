"""Agents' phones that dial, over HTTP."""

import httpx
import pytest

from agents.api import NotPossible
from base.failure import NotDone
from base.role import Role
from calls.dial_api import NotDiallable, diallable
from tests.unit.service.small import hotline
from tests.unit.service.world import World


@pytest.fixture
def world() -> World:
    return World()


async def dial(world: World, number: str, key: str, agent_id: str = "1001") -> httpx.Response:
    async with world.client(key) as client:
        return await client.post(f"/api/v1/agents/{agent_id}/dial", json={"number": number})


async def test_an_agent_has_the_own_phone_dial(world: World) -> None:
    own = await world.key(Role.AGENT, agent="1001")
    answer = await dial(world, "1002", own)
    assert (answer.status_code, answer.json()["id"]) == (200, "1001")
    assert world.dials.dialled == [("1001", "1002")]
    (entry,) = await world.accounts.audit.list(None, "agent-dialled", 0, 10)
    assert (entry.target, entry.detail) == ("/agents/1001/dial", "1002")
    assert (await dial(world, "1001", own, agent_id="1002")).status_code == 404
    assert (await dial(world, "+862012345", own)).status_code == 200, "numbers outside may be written so"


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.OPERATIONS, Role.DEPARTMENT])
async def test_nobody_else_dials_for_an_agent(world: World, role: Role) -> None:
    assert (await dial(world, "1002", await world.key(role))).status_code == 403


async def test_what_is_not_possible_is_said(world: World) -> None:
    own = await world.key(Role.AGENT, agent="1001")
    for refusal, status in (
        (NotDiallable("Agents may dial 1002. Not 110."), 422),
        (NotPossible("The phone is not free."), 409),
        (NotDone("Asterisk is away."), 503),
    ):
        world.dials.refusal = refusal
        answer = await dial(world, "110", own)
        assert (answer.status_code, answer.json()["detail"]) == (status, str(refusal))
    world.dials.refusal = None
    for number in ("", "1 2", "sip:110", "110@trunk", "110,60", "110&1002", "110;lr", "i", "1" * 21):
        assert (await dial(world, number, own)).status_code == 422
    assert world.dials.dialled == []


def test_agents_may_dial_what_their_phones_may() -> None:
    inside = {"12319", "6001", "1001", "1002", "2201"}
    assert diallable(hotline(), trunk=False) == inside
    assert diallable(hotline(), trunk=True) == inside
    allowed = hotline().model_copy(update={"outside_numbers": {"110": {"*": "Police"}}})
    assert diallable(allowed, trunk=False) == inside
    assert diallable(allowed, trunk=True) == inside | {"110"}
