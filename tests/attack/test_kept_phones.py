"""Somebody keeps the password of an agent's phone in the browser after the right to it has ended."""

from collections.abc import Awaitable, Callable
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

PHONE = "agents/1001/browser-phone"
SUPERVISOR = {"roles": ["supervisor"]}


async def done(asked: Awaitable[httpx.Response]) -> None:
    answer = await asked
    assert answer.is_success, answer.text


async def role_taken(admin: httpx.AsyncClient, session: httpx.AsyncClient) -> None:
    await done(admin.put("/api/v1/users/agent-1001", json=SUPERVISOR))


async def other_agent(admin: httpx.AsyncClient, session: httpx.AsyncClient) -> None:
    await done(admin.put("/api/v1/users/agent-1001", json={"roles": ["agent"], "agent": "1002"}))


async def removed_later(admin: httpx.AsyncClient, session: httpx.AsyncClient) -> None:
    """The role first: the account that is removed is no agent's any more."""
    await role_taken(admin, session)
    await done(admin.delete("/api/v1/users/agent-1001"))


async def signed_out(admin: httpx.AsyncClient, session: httpx.AsyncClient) -> None:
    await done(session.delete("/api/v1/session"))


@pytest.mark.parametrize("ends", [role_taken, other_agent, removed_later, signed_out])
async def test_a_phone_in_the_browser_ends_with_the_rights_of_its_person(
    hotline: World, ends: Callable[..., Awaitable[None]]
) -> None:
    await person(hotline, "1001")
    async with httpx.AsyncClient(base_url=hotline.http.base_url, timeout=PATIENCE) as session:
        entered = await session.post("/api/v1/session", json={"name": "agent-1001", "password": PASSWORD})
        session.headers["X-CSRF-Token"] = entered.json()["csrf"]
        async with await taken(hotline, session) as phone:
            await ends(hotline.http, session)
            await is_out(hotline, phone)


async def test_a_phone_in_the_browser_ends_with_its_token(hotline: World) -> None:
    made = await hotline.http.post("/api/v1/tokens", json={"name": "desk", "roles": ["agent"], "agent": "1001"})
    token = made.json()["token"]
    async with (
        httpx.AsyncClient(
            base_url=hotline.http.base_url, timeout=PATIENCE, headers={"Authorization": f"Bearer {token}"}
        ) as program,
        await taken(hotline, program) as phone,
    ):
        await done(hotline.http.delete("/api/v1/tokens/desk"))
        await is_out(hotline, phone)


async def taken(hotline: World, somebody: httpx.AsyncClient) -> Phone:
    """The agent's phone in the browser, registered with the password that this somebody got."""
    given: Any = (await somebody.post(f"/api/v1/{PHONE}")).json()
    phone = Phone(hotline.sip, given["user"], given["password"])
    await phone.register(expires=3_600)
    await hotline.see_agent("1001", phone="free")
    return phone


async def is_out(hotline: World, phone: Phone) -> None:
    """It is not rung any more, though it goes on answering, and its password opens nothing."""
    await hotline.see_agent("1001", phone="unreachable")
    assert "1001_browser/sip:" not in await hotline.asterisk.command("pjsip show contacts")
    with pytest.raises(RegistrationFailed):
        await phone.register()


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
        await until("the page is no phone any more", lambda: hotline.get("agents/1001"), unreachable)


def unreachable(agent: Any) -> bool:
    return bool(agent["phone"] == "unreachable")
