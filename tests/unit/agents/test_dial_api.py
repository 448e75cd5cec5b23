"""Agents' phones that dial, over HTTP."""

import httpx

from base.role import Role
from calls.dial_api import diallable
from tests.unit.desk import editions
from tests.unit.faketime import fake_time
from tests.unit.service.calling import hall
from tests.unit.service.small import hotline
from tests.unit.service.world import World


async def dial(world: World, number: str, key: str, agent_id: str = "1001") -> httpx.Response:
    async with world.client(key) as client:
        return await client.post(f"/api/v1/agents/{agent_id}/dial", json={"number": number})


@fake_time
async def test_an_agent_has_the_own_phone_dial_while_it_is_free() -> None:
    async with hall(edition=editions(outside_numbers={"+862012345": {"zh": "市局"}}).in_use) as here:
        world = World(hall=here)
        noted = list[tuple[str, str, str]]()
        world.accounts.audit.note = lambda entry, change: noted.append(  # type: ignore[method-assign,misc]
            (entry.what, entry.target, entry.detail)
        )
        own = await world.key(Role.AGENT, agent="1001")
        assert (await dial(world, "1001", own, agent_id="1002")).status_code == 404
        answer = await dial(world, "110", own)
        assert (answer.status_code, "Not 110." in answer.json()["detail"]) == (422, True)
        answer = await dial(world, "+862012345", own)
        assert (answer.status_code, answer.json()["id"]) == (200, "1001"), "numbers outside may be written so"
        dialled = here.asterisk.asked[-1]
        assert (dialled["Channel"], dialled.variables) == ("PJSIP/1001", {"WUTONG_DIALS": "+862012345"})
        assert noted[-1] == ("agent-dialled", "/agents/1001/dial", "+86*****45"), "masked"
        await here.heard()
        answer = await dial(world, "1002", own)
        assert (answer.status_code, "has a call, or rings" in answer.json()["detail"]) == (409, True)
        await here.link_down()
        assert (await dial(world, "1002", own)).status_code == 503


async def test_nobody_else_dials_for_an_agent_and_no_number_is_a_command() -> None:
    world = World()
    for role in (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.OPERATIONS, Role.DEPARTMENT):
        assert (await dial(world, "1002", await world.key(role))).status_code == 403
    own = await world.key(Role.AGENT, agent="1001")
    for number in ("", "1 2", "sip:110", "110@trunk", "110,60", "110&1002", "110;lr", "i", "1" * 21):
        assert (await dial(world, number, own)).status_code == 422


def test_agents_may_dial_what_their_phones_may() -> None:
    inside = {"12319", "6001", "1001", "1002", "2201"}
    assert diallable(hotline(), trunk=False) == inside
    assert diallable(hotline(), trunk=True) == inside
    allowed = hotline().model_copy(update={"outside_numbers": {"110": {"*": "Police"}}})
    assert diallable(allowed, trunk=False) == inside
    assert diallable(allowed, trunk=True) == inside | {"110"}
