"""Passwords of phones in the browser, as Asterisk gets them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from dialplan.telephony import Telephony
from lab.patience import until
from service.asterisk import browser_phones
from service.asterisk.browser_phones import BrowserPhones
from service.setup.failure import NotDone
from tests.unit.asterisk.manager import Action, Manager, Session
from tests.unit.dialplan.heard import Heard
from tests.unit.dialplan.linked import up


@asynccontextmanager
async def phones_in(folder: Path) -> AsyncIterator[tuple[BrowserPhones, Session]]:
    """Phones in the browser with this folder, and their session at Asterisk's manager."""
    async with Manager() as manager, up(manager) as (link, _, session):
        yield BrowserPhones(Telephony(link, Heard()), 8088, folder), session


@asynccontextmanager
async def running(phones: BrowserPhones) -> AsyncIterator[None]:
    """They shut out who is to be shut out. Stopping them waits for nobody's phone."""
    task = asyncio.create_task(phones.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


def kept(action: Action) -> dict[str, str]:
    assert (action.name, action["Channel"]) == ("Originate", "Local/s@wutong-password/n")
    assert "Async" not in action, "the answer comes when it is done"
    assert action.variables["WUTONG_PHONE"] == "1001_browser"
    made: dict[str, str] = json.loads(action.variables["WUTONG_KEPT"])
    return made


async def test_each_sign_in_has_a_password_of_its_own_that_asterisk_knows(tmp_path: Path) -> None:
    async with phones_in(tmp_path / "out") as (phones, session):
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
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(browser_phones, "AGAIN_S", 0.0)
    async with phones_in(tmp_path / "out") as (phones, session), running(phones):
        phones.shut_out_soon("1001")
        session.refuse(await session.actions.get(), "not now")
        action = await session.actions.get()
        assert kept(action)["password"]
        phones.shut_out_soon("1001")  # the account was changed once more, after another sign-in at a desk
        session.respond(action)
        session.refuse(await session.actions.get(), "not now")


async def test_a_new_sign_in_at_the_desk_is_not_shut_out_for_the_one_before(tmp_path: Path) -> None:
    async with phones_in(tmp_path / "out") as (phones, session):
        phones.shut_out_soon("1001")
        asking = asyncio.create_task(phones.admit("1001"))
        session.respond(await session.actions.get())
        await asking
        async with running(phones):
            another = asyncio.create_task(phones.admit("1002"))
            action = await session.actions.get()
            assert action.variables["WUTONG_PHONE"] == "1002_browser"
            session.respond(action)
            await another


async def test_a_restart_in_between_forgets_nobody(tmp_path: Path) -> None:
    async with phones_in(tmp_path / "out") as (before, session):
        before.shut_out_soon("1001")
        before.shut_out_soon("1002")
        asking = asyncio.create_task(before.admit("1002"))  # shuts the one before out
        session.respond(await session.actions.get())
        await asking
    async with phones_in(tmp_path / "out") as (after, session), running(after):
        action = await session.actions.get()
        assert kept(action)["username"] == "1001_browser"
        session.respond(action)
        await until("nobody left", partial(asyncio.to_thread, left, tmp_path / "out"), lambda names: names == [])


async def test_an_agent_who_is_shut_out_while_the_password_is_made_stays_out(tmp_path: Path) -> None:
    async with phones_in(tmp_path / "out") as (phones, session):
        asking = asyncio.create_task(phones.admit("1001"))
        action = await session.actions.get()
        phones.shut_out_soon("1001")
        session.respond(action)
        first = (await asking).password
        async with running(phones):
            assert kept(await session.actions.get())["password"] != first
            assert left(tmp_path / "out") == ["1001"]


async def test_what_asterisk_did_not_take_is_still_owed(tmp_path: Path) -> None:
    async with phones_in(tmp_path / "out") as (phones, session):
        phones.shut_out_soon("1001")
        asking = asyncio.create_task(phones.admit("1001"))
        session.refuse(await session.actions.get(), "not now")
        with pytest.raises(NotDone):
            await asking
        assert left(tmp_path / "out") == ["1001"]


async def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    async with phones_in(tmp_path / "out" / "beneath") as (phones, session), running(phones):
        phones.shut_out_soon("1001")
        session.respond(await session.actions.get())


def left(folder: Path) -> list[str]:
    """The agents who are still to be shut out after a restart."""
    return sorted(file.name for file in folder.iterdir())


async def test_a_password_that_asterisk_does_not_have_is_given_to_nobody(tmp_path: Path) -> None:
    async with phones_in(tmp_path / "out") as (phones, session):
        asking = asyncio.create_task(phones.admit("1001"))
        session.refuse(await session.actions.get(), "Permission denied")
        with pytest.raises(NotDone, match="Permission denied"):
            await asking
