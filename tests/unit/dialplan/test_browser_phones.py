"""Passwords of phones in the browser, as Asterisk gets them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from base.failure import NotDone
from dialplan import browser_phones
from dialplan.browser_phones import BrowserPhones
from dialplan.telephony import Telephony
from dialplan.wire.ami import AmiMessage
from lab.patience import until
from tests.unit.asterisk.manager import Action, Manager, Session
from tests.unit.dialplan.heard import Heard
from tests.unit.dialplan.linked import up


class Rights:
    """Who may be an agent's phone: everybody, but who is in `ended`."""

    def __init__(self) -> None:
        self.ended: set[str] = set()

    def __call__(self, agent_id: str, holder: str) -> bool:
        return holder not in self.ended


@asynccontextmanager
async def phones_in(folder: Path, may: Rights | None = None) -> AsyncIterator[tuple[BrowserPhones, Session]]:
    """Phones in the browser with this folder, and their session at Asterisk's manager."""
    async with Manager() as manager, up(manager) as (link, _, session):
        yield BrowserPhones(Telephony(link, Heard()), 8088, folder, may or Rights()), session


@asynccontextmanager
async def running(phones: BrowserPhones) -> AsyncIterator[None]:
    """They shut out who is to be shut out. Stopping them waits for nobody's phone."""
    task = asyncio.create_task(phones.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_phones, "AGAIN_S", 0.0)
    monkeypatch.setattr(browser_phones, "LOOK_S", 0.01)


def kept(action: Action) -> dict[str, str]:
    assert (action.name, action["Channel"]) == ("Originate", "Local/s@wutong-password/n")
    assert "Async" not in action, "the answer comes when it is done"
    assert action.variables["WUTONG_PHONE"] == "1001_browser"
    made: dict[str, str] = json.loads(action.variables["WUTONG_KEPT"])
    return made


async def admitted(phones: BrowserPhones, session: Session, holder: str) -> str:
    """The password that this holder got."""
    asking = asyncio.create_task(phones.admit("1001", holder))
    action = await session.actions.get()
    session.respond(action)
    made = await asking
    assert (made.user, made.port) == ("1001_browser", 8088)
    assert kept(action) == {"auth_type": "digest", "username": made.user, "password": made.password}
    assert "WUTONG_OUT" not in action.variables
    return made.password


async def nobody_left(folder: Path) -> None:
    await until("nobody left", partial(asyncio.to_thread, left, folder), lambda holders: holders == {})


def left(folder: Path) -> dict[str, str]:
    """Agents and who holds the password of each, as the next start finds them."""
    found = {}
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # given back just now
            found[file.name] = file.read_text()
    return found


async def test_each_sign_in_has_a_password_of_its_own_that_asterisk_knows(tmp_path: Path) -> None:
    async with phones_in(tmp_path / "out") as (phones, session):
        passwords = {await admitted(phones, session, "monday"), await admitted(phones, session, "tuesday")}
        assert left(tmp_path / "out") == {"1001": "tuesday"}
        asking_out = asyncio.create_task(phones.shut_out("1001"))
        action = await session.actions.get()
        assert action.variables["WUTONG_OUT"] == "1"
        session.respond(action)
        await asking_out
        assert len({*passwords, kept(action)["password"]}) == 3
        assert left(tmp_path / "out") == {}


async def test_a_holder_whose_rights_have_ended_is_shut_out(tmp_path: Path) -> None:
    rights = Rights()
    async with phones_in(tmp_path / "out", rights) as (phones, session), running(phones):
        before = await admitted(phones, session, "session")
        rights.ended.add("session")
        action = await session.actions.get()
        assert kept(action)["password"] != before
        assert action.variables["WUTONG_OUT"] == "1"
        session.respond(action)
        await nobody_left(tmp_path / "out")


async def test_also_if_asterisk_is_away_for_a_while(tmp_path: Path) -> None:
    rights = Rights()
    async with phones_in(tmp_path / "out", rights) as (phones, session), running(phones):
        await admitted(phones, session, "session")
        rights.ended.add("session")
        session.refuse(await session.actions.get(), "not now")
        session.respond(await session.actions.get())
        await nobody_left(tmp_path / "out")


async def test_a_restart_in_between_forgets_nobody(tmp_path: Path) -> None:
    rights = Rights()
    async with phones_in(tmp_path / "out", rights) as (before, session):
        await admitted(before, session, "session")
    rights.ended.add("session")
    async with phones_in(tmp_path / "out", rights) as (after, session), running(after):
        action = await session.actions.get()
        assert kept(action)["username"] == "1001_browser"
        session.respond(action)
        await nobody_left(tmp_path / "out")


async def test_whoever_becomes_the_phone_comes_after_the_one_before_is_out_and_its_calls_have_ended(
    tmp_path: Path,
) -> None:
    """The one before stayed registered for two minutes, and kept its talk."""
    rights = Rights()
    async with phones_in(tmp_path / "out", rights) as (phones, session):
        await admitted(phones, session, "before")
        phones._telephony.phones.began(AmiMessage((("Channel", "PJSIP/1001_browser-1"), ("Uniqueid", "talk"))))
        rights.ended.add("before")
        asking = asyncio.create_task(phones.admit("1001", "after"))
        action = await session.actions.get()
        assert action.variables["WUTONG_OUT"] == "1"
        session.respond(action)
        action = await session.actions.get()
        assert (action.name, action["Channel"]) == ("Hangup", "talk")
        action = await session.actions.get()
        session.respond(action)
        assert kept(action)["password"] == (await asking).password
        assert left(tmp_path / "out") == {"1001": "after"}


async def test_nobody_becomes_the_phone_while_the_one_before_cannot_be_shut_out(tmp_path: Path) -> None:
    async with phones_in(tmp_path / "out") as (phones, session):
        await admitted(phones, session, "before")
        giving_back = asyncio.create_task(phones.shut_out("1001"))
        session.refuse(await session.actions.get(), "not now")
        with pytest.raises(NotDone):
            await giving_back
        asking = asyncio.create_task(phones.admit("1001", "after"))
        session.refuse(await session.actions.get(), "not yet")
        with pytest.raises(NotDone, match="not yet"):
            await asking
        assert left(tmp_path / "out") == {"1001": ""}, "it is still owed"


async def test_the_same_holder_is_not_shut_out_when_its_page_is_loaded_again(tmp_path: Path) -> None:
    async with phones_in(tmp_path / "out") as (phones, session):
        first = await admitted(phones, session, "session")
        assert await admitted(phones, session, "session") != first


async def test_who_becomes_the_phone_while_the_one_before_is_shut_out_stays(tmp_path: Path) -> None:
    rights = Rights()
    async with phones_in(tmp_path / "out", rights) as (phones, session), running(phones):
        await admitted(phones, session, "before")
        rights.ended.add("before")
        shutting = await session.actions.get()
        asking = asyncio.create_task(phones.admit("1001", "after"))
        session.respond(shutting)
        action = await session.actions.get()
        session.respond(action)
        assert kept(action)["password"] == (await asking).password
        assert "WUTONG_OUT" not in action.variables, "once is enough"
        assert left(tmp_path / "out") == {"1001": "after"}


async def test_whose_rights_end_while_the_password_is_made_stays_out(tmp_path: Path) -> None:
    rights = Rights()
    async with phones_in(tmp_path / "out", rights) as (phones, session):
        first = await admitted(phones, session, "session")
        rights.ended.add("session")
        async with running(phones):
            assert kept(await session.actions.get())["password"] != first
            assert left(tmp_path / "out") == {"1001": ""}


async def test_the_phone_stays_whose_it_was_if_asterisk_takes_no_other_password(tmp_path: Path) -> None:
    async with phones_in(tmp_path / "out") as (phones, session):
        await admitted(phones, session, "before")
        asking = asyncio.create_task(phones.admit("1001", "after"))
        session.refuse(await session.actions.get(), "Permission denied")
        with pytest.raises(NotDone, match="Permission denied"):
            await asking
        assert left(tmp_path / "out") == {"1001": "before"}


async def test_what_could_not_be_given_back_is_still_owed(tmp_path: Path) -> None:
    async with phones_in(tmp_path / "out") as (phones, session):
        await admitted(phones, session, "session")
        asking = asyncio.create_task(phones.shut_out("1001"))
        session.refuse(await session.actions.get(), "not now")
        with pytest.raises(NotDone):
            await asking
        async with running(phones):
            session.respond(await session.actions.get())
            await nobody_left(tmp_path / "out")


async def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    rights = Rights()
    async with phones_in(tmp_path / "out" / "beneath", rights) as (phones, session), running(phones):
        await admitted(phones, session, "session")
        rights.ended.add("session")
        session.respond(await session.actions.get())
