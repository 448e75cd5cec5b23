"""Passwords of agents' phones in the browser: made for each sign-in at a desk, kept by Asterisk alone.

Asterisk looks for them in its own database (`asterisk-config/sorcery.conf.j2`), so that no file is written and nothing
is reloaded when an agent sits down. They stay over a restart of the service and of Asterisk.

Each password has a holder: the session or the token that asked for it. Once its holder may not be this phone any more,
for whatever reason, the password is worthless and the phone's calls end.
"""

import asyncio
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import structlog
from pydantic import BaseModel, Field

from base.failure import NotDone
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.phones import browser_of
from dialplan.telephony import Telephony
from sentences.of_libraries import recognised

log = structlog.get_logger(__name__)

LOOK_S = 1.0
"""Seconds between two looks at the rights of all holders."""

AGAIN_S = 5.0
"""Seconds until the service tries once more to replace a password, after Asterisk did not take it."""

NOBODY = ""
"""The holder of a password that is still to be made worthless."""


class BrowserPhone(BaseModel):
    """What a page needs to be an agent's phone: SIP over WebSocket."""

    user: str = Field(description="The user name in SIP.", examples=["1001_browser"])
    password: str = Field(
        repr=False,
        description="Until the next request for this agent, or until the session or token that asked has ended or may "
        "not take calls in the browser any more; shown only here.",
    )
    port: int = Field(
        description="Asterisk's WebSocket is `/ws` at this port of the same host, or where a reverse proxy has it.",
        examples=[8088],
    )


class BrowserPhones:
    """Who keeps the passwords.

    port    the port of Asterisk's WebSocket
    folder  has a file for each agent with a password, and in it the holder, so that a restart forgets nobody
    may     whether that holder (the digest of a session's or a token's secret) may be this agent's phone now
    run     shuts out every phone whose holder may not. It tries again while Asterisk is away.
    """

    def __init__(self, telephony: Telephony, port: int, folder: Path, may: Callable[[str, str], bool]) -> None:
        self._telephony = telephony
        self.port = port
        self._folder = folder
        self._may = may
        self._holders = dict(_kept(folder))  # agent → holder
        self._owed = asyncio.Event()  # somebody is to be shut out now
        self._cutting = asyncio.Lock()

    async def admit(self, agent_id: str, holder: str) -> BrowserPhone:
        """A new password for the agent's phone in the browser; the one before is not valid any more. `holder`: the
        digest of the secret of the session or token that asks (`Asker.proof`). The password ends with its rights.
        Raises NotDone while Asterisk is away.
        """
        phone = BrowserPhone(user=browser_of(agent_id), password=secrets.token_urlsafe(24), port=self.port)
        self._look(agent_id)
        await self._cut_off(agent_id)  # otherwise a browser that is still registered would go on as this phone
        before = self._holders.get(agent_id)
        self._hold(agent_id, holder)  # the one before ends with this
        try:
            await self._set(phone.user, phone.password)
        except NotDone:
            if self._holders.get(agent_id) == holder:
                self._hold(agent_id, before)
            raise
        return phone

    async def shut_out(self, agent_id: str) -> None:
        """The holder gives the phone back, and ends its calls itself. Raises NotDone while Asterisk is away."""
        before = self._holders.get(agent_id)
        try:
            await self._end(agent_id)
        except NotDone:
            self._hold(agent_id, NOBODY)
            raise
        if self._holders.get(agent_id) == before:
            self._hold(agent_id, None)

    async def run(self) -> None:
        """Runs until cancelled."""
        while True:
            try:
                for agent_id in list(self._holders):
                    self._look(agent_id)
                    await self._cut_off(agent_id)
            except NotDone as error:
                log.warning("browser-phone-not-shut-out", why=str(error), effect="tried again")
                await asyncio.sleep(AGAIN_S)
                await self._telephony.link.wait_up()
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._owed.wait()
            self._owed.clear()

    def _look(self, agent_id: str) -> None:
        """Find out whether the holder's rights have ended: by a change, by time, with the session or token."""
        holder = self._holders.get(agent_id, NOBODY)
        if holder != NOBODY and not self._may(agent_id, holder):
            log.info("browser-phone-shut-out", agent=agent_id)
            self._hold(agent_id, NOBODY)

    async def _cut_off(self, agent_id: str) -> None:
        """Shut out a phone without a holder, and end its calls. Raises NotDone."""
        async with self._cutting:
            if self._holders.get(agent_id) == NOBODY:
                await self._end(agent_id)
                self._telephony.cut(browser_of(agent_id))
                self._hold(agent_id, None)

    async def _end(self, agent_id: str) -> None:
        await self._set(browser_of(agent_id), secrets.token_urlsafe(24), out=True)  # nobody knows it

    async def _set(self, user: str, password: str, *, out: bool = False) -> None:
        kept = json.dumps({"auth_type": "digest", "username": user, "password": password})
        try:
            await self._telephony.keep_password(user, kept, out=out)
        except (LinkDown, TimeoutError, ActionRefused) as error:
            raise NotDone(
                "Asterisk did not take the password of this phone: {error}. Try again in a moment.",
                error=recognised(error),
            ) from error

    def _hold(self, agent_id: str, holder: str | None) -> None:
        """Note the holder for now and for the next start; None: there is no password that anybody knows."""
        if holder is None:
            self._holders.pop(agent_id, None)
        else:
            self._holders[agent_id] = holder
        if holder == NOBODY:
            self._owed.set()
        try:
            if holder is None:
                (self._folder / agent_id).unlink(missing_ok=True)
            else:
                self._folder.mkdir(mode=0o700, exist_ok=True)
                (self._folder / agent_id).write_text(holder)
        except OSError as error:
            log.warning("browser-phone-not-noted", agent=agent_id, why=str(error), effect="a restart would not know it")


def _kept(folder: Path) -> Iterator[tuple[str, str]]:
    """Agents and holders, from the files."""
    try:
        for file in folder.iterdir():
            if file.name.isdigit():
                yield file.name, file.read_text(errors="replace").strip()
    except FileNotFoundError:
        return
    except OSError as error:
        log.warning("browser-phones-unreadable", folder=str(folder), why=str(error), effect="phones may stay in")
