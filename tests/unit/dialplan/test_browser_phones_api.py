"""An agent's phone in the browser, over HTTP."""

from accounts import tokens
from base.failure import NotDone
from base.role import Role
from tests.unit.service.world import World

OWN, OTHERS = "/api/v1/agents/1001/browser-phone", "/api/v1/agents/1002/browser-phone"


async def test_an_agent_gets_a_password_for_the_own_phone_alone() -> None:
    world = World()
    token = await world.key(Role.AGENT, agent="1001")
    async with world.client(token) as client:
        made = await client.post(OWN)
        foreign = [(await client.post(OTHERS)).status_code, (await client.delete(OTHERS)).status_code]
        let_in = set(world.browser_phones.let_in)
        ended = await client.delete(OWN)
    assert made.json() == {"user": "1001_browser", "password": "made for this test", "port": 8088}
    assert foreign == [404, 404]
    assert let_in == {"1001"}
    assert world.browser_phones.holder == tokens.digest(token)
    assert (ended.status_code, world.browser_phones.let_in) == (204, set())


async def test_nobody_else_gets_one_whatever_else_they_may_do() -> None:
    world = World()
    everybody_else = [role for role in Role if role is not Role.AGENT]
    async with world.client(await world.key(*everybody_else)) as client:
        refused = await client.post(OWN)
    async with world.client() as client:
        local = await client.post(OWN)
    assert (refused.status_code, local.status_code) == (403, 403)
    assert not world.browser_phones.let_in


async def test_while_asterisk_is_away_a_sentence_says_so() -> None:
    world = World()
    world.browser_phones.failure = NotDone("Asterisk is away.")
    async with world.client(await world.key(Role.AGENT, agent="1001")) as client:
        answer = await client.post(OWN)
    assert (answer.status_code, answer.json()["detail"]) == (503, "Asterisk is away.")
