"""Passwords of phones in the browser, as Asterisk gets them."""

import asyncio
import json

import pytest

from dialplan.telephony import Telephony
from service.asterisk import browser_phones
from service.asterisk.browser_phones import BrowserPhones
from service.setup.failure import NotDone
from tests.unit.asterisk.manager import Action, Manager
from tests.unit.dialplan.heard import Heard
from tests.unit.dialplan.linked import up


def kept(action: Action) -> dict[str, str]:
    assert (action.name, action["Channel"]) == ("Originate", "Local/s@wutong-password/n")
    assert "Async" not in action, "the answer comes when it is done"
    assert action.variables["WUTONG_PHONE"] == "1001_browser"
    made: dict[str, str] = json.loads(action.variables["WUTONG_KEPT"])
    return made


async def test_each_sign_in_has_a_password_of_its_own_that_asterisk_knows() -> None:
    async with Manager() as manager, up(manager) as (link, _, session):
        phones = BrowserPhones(Telephony(link, Heard()), 8088)
        passwords = set()
        for _ in range(2):
            asking = asyncio.create_task(phones.admit("1001"))
            action = await session.actions.get()
            session.respond(action)
            made = await asking
            assert (made.user, made.port) == ("1001_browser", 8088)
            assert kept(action) == {"auth_type": "digest", "username": made.user, "password": made.password}
            passwords.add(made.password)
        asking_out = asyncio.create_task(phones.shut_out("1001"))
        action = await session.actions.get()
        session.respond(action)
        await asking_out
        assert len({*passwords, kept(action)["password"]}) == 3


async def test_a_browser_is_shut_out_also_if_asterisk_is_away_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(browser_phones, "AGAIN_S", 0.0)
    async with Manager() as manager, up(manager) as (link, _, session):
        phones = BrowserPhones(Telephony(link, Heard()), 8088)
        running = asyncio.create_task(phones.run())
        phones.shut_out_soon("1001")
        session.refuse(await session.actions.get(), "not now")
        action = await session.actions.get()
        assert kept(action)["password"]
        phones.shut_out_soon("1001")  # the account was changed once more, after another sign-in at a desk
        session.respond(action)
        session.refuse(await session.actions.get(), "not now")
        running.cancel()  # a restart waits for nobody's phone
        await asyncio.wait({running})


async def test_a_new_sign_in_at_the_desk_is_not_shut_out_for_the_one_before() -> None:
    async with Manager() as manager, up(manager) as (link, _, session):
        phones = BrowserPhones(Telephony(link, Heard()), 8088)
        phones.shut_out_soon("1001")
        asking = asyncio.create_task(phones.admit("1001"))
        session.respond(await session.actions.get())
        await asking
        running = asyncio.create_task(phones.run())
        another = asyncio.create_task(phones.admit("1002"))
        action = await session.actions.get()
        assert action.variables["WUTONG_PHONE"] == "1002_browser"
        session.respond(action)
        await another
        running.cancel()
        await asyncio.wait({running})


async def test_a_password_that_asterisk_does_not_have_is_given_to_nobody() -> None:
    async with Manager() as manager, up(manager) as (link, _, session):
        asking = asyncio.create_task(BrowserPhones(Telephony(link, Heard()), 8088).admit("1001"))
        session.refuse(await session.actions.get(), "Permission denied")
        with pytest.raises(NotDone, match="Permission denied"):
            await asking
