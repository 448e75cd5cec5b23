"""Passwords of agents' phones in the browser: made for each sign-in at a desk, kept by Asterisk alone.

Asterisk looks for them in its own database (`asterisk-config/sorcery.conf.j2`), so that no file is written and nothing
is reloaded when an agent sits down. They stay over a restart of the service and of Asterisk.
"""

import asyncio
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import structlog

from agents.browser_phone_api import BrowserPhone
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.phones import browser_of
from dialplan.telephony import Telephony
from service.setup.failure import NotDone

log = structlog.get_logger(__name__)

AGAIN_S = 5.0
"""Seconds until a password is replaced that Asterisk did not take the last time."""


class BrowserPhones:
    """The `BrowserPhoneSource` of the router.

    port    the port of Asterisk's WebSocket
    folder  has a file for each agent who is still to be shut out, so that a restart in between forgets nobody
    run     makes the passwords worthless that `shut_out_soon` has named. It tries again while Asterisk is away.
    """

    def __init__(self, telephony: Telephony, port: int, folder: Path) -> None:
        self._telephony = telephony
        self.port = port
        self._folder = folder
        self._out = set(_named(folder))  # agents to shut out
        self._news = asyncio.Event()
        self._news.set()

    async def admit(self, agent_id: str) -> BrowserPhone:
        phone = BrowserPhone(user=browser_of(agent_id), password=secrets.token_urlsafe(24), port=self.port)
        owed = agent_id in self._out
        self._out.discard(agent_id)  # the one before ends with this
        try:
            await self._set(phone.user, phone.password)
        except NotDone:
            if owed:
                self.shut_out_soon(agent_id)
            raise
        self._done(agent_id)
        return phone

    async def shut_out(self, agent_id: str) -> None:
        await self._set(browser_of(agent_id), secrets.token_urlsafe(24))  # nobody knows it

    def shut_out_soon(self, agent_id: str) -> None:
        """Let `run` shut the agent's phone out, also if Asterisk is away for a while."""
        self._out.add(agent_id)
        self._news.set()
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            (self._folder / agent_id).touch(mode=0o600)
        except OSError as error:
            log.warning(
                "shut-out-not-kept", agent=agent_id, why=str(error), effect="a restart before it would forget it"
            )

    async def run(self) -> None:
        """Runs until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._out:
                agent_id = self._out.pop()
                try:
                    await self.shut_out(agent_id)
                except NotDone as error:
                    self._out.add(agent_id)
                    log.warning("browser-phone-not-shut-out", agent=agent_id, why=str(error), effect="tried again")
                    await asyncio.sleep(AGAIN_S)
                    await self._telephony.link.wait_up()
                except BaseException:  # whoever runs this again must not have forgotten that agent
                    self._out.add(agent_id)
                    self._news.set()
                    raise
                else:
                    self._done(agent_id)

    def _done(self, agent_id: str) -> None:
        """The password is worthless, unless that was asked for once more meanwhile."""
        if agent_id in self._out:
            return
        try:
            (self._folder / agent_id).unlink(missing_ok=True)
        except OSError as error:
            log.warning("shut-out-not-noted", agent=agent_id, why=str(error), effect="the next start does it once more")

    async def _set(self, user: str, password: str) -> None:
        kept = json.dumps({"auth_type": "digest", "username": user, "password": password})
        try:
            await self._telephony.keep_password(user, kept)
        except (LinkDown, TimeoutError, ActionRefused) as error:
            raise NotDone(
                f"Asterisk did not take the password of this phone: {error}. Try again in a moment."
            ) from error


def _named(folder: Path) -> Iterator[str]:
    """The agents whose files are there."""
    try:
        yield from (file.name for file in folder.iterdir() if file.name.isdigit())
    except FileNotFoundError:
        return
    except OSError as error:
        log.warning(
            "shut-outs-unreadable", folder=str(folder), why=str(error), effect="who was to be shut out may stay in"
        )
