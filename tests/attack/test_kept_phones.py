"""Somebody keeps the password of an agent's phone in the browser after the right to it has ended."""

from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Route

from lab.patience import PATIENCE, until
from lab.phone import Phone
from lab.phone.registration import RegistrationFailed
from tests.console.agent_page import at_work, in_talk, person, speaking
from tests.integration.conversations import hear_each_other
from tests.integration.world import World, record
from tests.unit.service.world import PASSWORD

SUPERVISOR = {"roles": ["supervisor"]}

Client = httpx.AsyncClient


async def role_taken(admin: Client, own: Client, name: str) -> None:
    await done(admin.put(f"/api/v1/users/{name}", json=SUPERVISOR))


async def other_agent(admin: Client, own: Client, name: str) -> None:
    await done(admin.put(f"/api/v1/users/{name}", json={"roles": ["agent"], "agent": "2200"}))


async def removed_later(admin: Client, own: Client, name: str) -> None:
    """The role first: the account that is removed is no longer an agent's."""
    await role_taken(admin, own, name)
    await done(admin.delete(f"/api/v1/users/{name}"))


async def signed_out(admin: Client, own: Client, name: str) -> None:
    await done(own.delete("/api/v1/session"))


async def revoked(admin: Client, own: Client, name: str) -> None:
    await done(admin.delete(f"/api/v1/tokens/{name}"))


WAYS = {"1001": role_taken, "1002": other_agent, "1003": removed_later, "1004": signed_out, "1005": revoked}
"""By the agent whose phone it is: how the right to it ends."""


async def done(asked: Awaitable[httpx.Response]) -> None:
    answer = await asked
    assert answer.is_success, answer.text


async def test_a_phone_in_the_browser_ends_with_the_right_to_it(hotline: World) -> None:
    for agent, ends in WAYS.items():
        async with client(hotline) as own:
            await (with_token if ends is revoked else signed_in)(hotline, own, agent)
            given: Any = (await own.post(f"/api/v1/agents/{agent}/browser-phone")).json()
            async with Phone(hotline.sip, given["user"], given["password"]) as phone:
                await phone.register(expires=3_600)
                await hotline.see_agent(agent, phone="free")
                await ends(hotline.http, own, f"agent-{agent}")
                # it is not rung any more, though it goes on answering, and its password opens nothing
                await hotline.see_agent(agent, phone="unreachable")
                assert "_browser/sip:" not in await hotline.asterisk.command("pjsip show contacts")
                with pytest.raises(RegistrationFailed):
                    await phone.register()


async def test_whoever_is_the_phone_next_finds_the_one_before_gone(hotline: World) -> None:
    """It stayed registered, and kept its talk, if the next one came before the service had looked."""
    async with client(hotline) as own, client(hotline) as following:
        await signed_in(hotline, own, "1001")
        before: Any = (await own.post("/api/v1/agents/1001/browser-phone")).json()
        async with Phone(hotline.sip, before["user"], before["password"]) as phone:
            await phone.register(expires=3_600)
            await hotline.see_agent("1001", phone="free")
            await done(own.delete("/api/v1/session"))
            await enter(following, "1001")
            given: Any = (await following.post("/api/v1/agents/1001/browser-phone")).json()
            assert "_browser/sip:" not in await hotline.asterisk.command("pjsip show contacts")
            async with Phone(hotline.sip, given["user"], given["password"]) as next_one:
                await next_one.register(expires=3_600)
                await hotline.see_agent("1001", phone="free")
                with pytest.raises(RegistrationFailed):
                    await phone.register()


def client(hotline: World) -> Client:
    return Client(base_url=hotline.http.base_url, timeout=PATIENCE)


async def signed_in(hotline: World, own: Client, agent: str) -> None:
    await person(hotline, agent)
    await enter(own, agent)


async def enter(own: Client, agent: str) -> None:
    entered = await own.post("/api/v1/session", json={"name": f"agent-{agent}", "password": PASSWORD})
    own.headers["X-CSRF-Token"] = entered.json()["csrf"]


async def with_token(hotline: World, own: Client, agent: str) -> None:
    wanted = {"name": f"agent-{agent}", "roles": ["agent"], "agent": agent}
    made = await hotline.http.post("/api/v1/tokens", json=wanted)
    own.headers["Authorization"] = f"Bearer {made.json()['token']}"


@pytest.mark.parametrize("change", [("entry: main", "entry: main\nagent_back: 4s")])
async def test_the_talk_of_a_page_that_may_not_talk_any_more_ends_and_its_caller_gets_somebody(
    hotline: World, tmp_path: Path
) -> None:
    async def unanswered(route: Route) -> None:
        await route.abort()

    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        call = await in_talk(page, hotline)
        await page.route("**/api/v1/**", unanswered)  # it does not hang up by itself
        await done(hotline.http.put("/api/v1/users/agent-1001", json=SUPERVISOR))
        await call.hears_recording(hotline.clip("talk-broken"))
        await hotline.see_queue("greening", waiting=1)
        other = await hotline.agent("1002")
        offer = await other.incoming()
        await offer.answer()
        await hear_each_other(call, offer)
        story = await hotline.story((await hotline.get("calls"))[0]["id"])
        assert record(story, "talk-ended")["cause"] == "agent-phone-gone"
        await until("the page is no longer a phone", lambda: hotline.get("agents/1001"), unreachable)


def unreachable(agent: Any) -> bool:
    return bool(agent["phone"] == "unreachable")
