"""Passwords of agents' phones in the browser: made for each sign-in at a desk, kept by Asterisk alone.

Asterisk looks for them in its own database (`asterisk-config/sorcery.conf.j2`), so that no file is written and nothing
is reloaded when an agent sits down. They stay over a restart of the service and of Asterisk.
"""

import asyncio
import json
import secrets

import structlog

from agents.browser_phone_api import BrowserPhone
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.phones import browser_of
from dialplan.telephony import Telephony
from service.setup.failure import NotDone

log = structlog.get_logger(__name__)

AGAIN_S = 5.0
"""Seconds until Asterisk is asked again to let a browser in no more."""


class BrowserPhones:
    """The `BrowserPhoneSource` of the router. `port`: of Asterisk's WebSocket."""

    def __init__(self, telephony: Telephony, port: int) -> None:
        self._telephony = telephony
        self.port = port

    async def admit(self, agent_id: str) -> BrowserPhone:
        phone = BrowserPhone(user=browser_of(agent_id), password=secrets.token_urlsafe(24), port=self.port)
        await self._set(phone.user, phone.password)
        return phone

    async def shut_out(self, agent_id: str) -> None:
        await self._set(browser_of(agent_id), secrets.token_urlsafe(24))  # nobody knows it

    async def shut_out_surely(self, agent_id: str) -> None:
        """As `shut_out`, also if Asterisk is away for a while."""
        while True:
            try:
                await self.shut_out(agent_id)
            except NotDone as error:
                log.warning("browser-phone-not-shut-out", agent=agent_id, why=str(error), effect="it is tried again")
                await asyncio.sleep(AGAIN_S)
                await self._telephony.link.wait_up()
            else:
                return

    async def _set(self, user: str, password: str) -> None:
        kept = json.dumps({"auth_type": "digest", "username": user, "password": password})
        try:
            await self._telephony.keep_password(user, kept)
        except (LinkDown, TimeoutError, ActionRefused) as error:
            raise NotDone(
                f"Asterisk did not take the password of this phone: {error}. Try again in a moment."
            ) from error
