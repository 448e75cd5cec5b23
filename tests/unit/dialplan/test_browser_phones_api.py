"""An agent's phone in the browser, over HTTP."""

import json

from accounts import tokens
from base.role import Role
from tests.unit.desk import editions
from tests.unit.faketime import fake_time
from tests.unit.service.calling import hall
from tests.unit.service.world import World

OWN, OTHERS = "/api/v1/agents/1001/browser-phone", "/api/v1/agents/1002/browser-phone"


@fake_time
async def test_an_agent_gets_a_password_for_the_own_phone_alone_while_asterisk_is_there() -> None:
    async with hall(edition=editions().in_use) as here:
        world = World(hall=here)
        token = await world.key(Role.AGENT, agent="1001")
        async with world.client(token) as client:
            made = (await client.post(OWN)).json()
            kept = json.loads(here.asterisk.asked[-1].variables["WUTONG_KEPT"])
            assert [(await client.post(OTHERS)).status_code, (await client.delete(OTHERS)).status_code] == [404, 404]
            assert world.holder("1001") == tokens.digest(token)
            assert (await client.delete(OWN)).status_code == 204
            assert world.holder("1001") is None
            worthless = json.loads(here.asterisk.asked[-1].variables["WUTONG_KEPT"])
            await here.link_down()
            answer = await client.post(OWN)
        assert (made["user"], made["port"], made["password"]) == ("1001_browser", 8088, kept["password"])
        assert (worthless["username"], worthless["password"] == kept["password"]) == ("1001_browser", False)
        assert (answer.status_code, "Try again in a moment" in answer.json()["detail"]) == (503, True)


async def test_nobody_else_gets_one_whatever_else_they_may_do() -> None:
    world = World()
    everybody_else = [role for role in Role if role is not Role.AGENT]
    async with world.client(await world.key(*everybody_else)) as client:
        refused = await client.post(OWN)
    async with world.client() as client:
        local = await client.post(OWN)
    assert (refused.status_code, local.status_code) == (403, 403)
