"""A phone's registration at its server: made, renewed in time, taken back."""

import asyncio
import secrets
from contextlib import suppress

from lab.phone.dialog import Dialog
from lab.phone.endpoint import Endpoint
from lab.phone.message import Address, Response
from lab.phone.transaction import Peer

_PATIENCE = 4.0
"""Seconds that a renewal waits for its answer before it is tried anew."""


class RegistrationFailed(Exception):
    """The server refused the registration, or did not answer (408)."""

    def __init__(self, user: str, response: Response) -> None:
        super().__init__(f"{user} could not register: {response.status} {response.reason}")
        self.status = response.status


class Registration:
    """The registration of one user at one server. The contact is the endpoint's address."""

    def __init__(self, endpoint: Endpoint, user: str, server: Peer) -> None:
        self._endpoint = endpoint
        self._user = user
        host, port = server
        aor = f"sip:{user}@{host}:{port}"
        self._dialog = Dialog(
            call_id=secrets.token_hex(12),
            local=Address(aor, parameters={"tag": secrets.token_hex(6)}),
            remote=Address(aor),
            target=f"sip:{host}:{port}",
            peer=server,
        )
        self._renewal: asyncio.Task[None] | None = None
        self.valid = asyncio.Event()
        self.invalid = asyncio.Event()
        self._became(valid=False)

    async def register(self, expires: float) -> None:
        """Registers for `expires` seconds and renews that until `unregister`. Raises RegistrationFailed."""
        await self._stop_renewing()
        granted = await self._send(round(expires))
        self._renewal = asyncio.create_task(self._renew(round(expires), granted))

    async def unregister(self) -> None:
        """Takes it back. Raises RegistrationFailed. Does nothing when there is none."""
        if self._renewal is not None:
            await self._stop_renewing()
            await self._send(0)

    async def abandon(self) -> None:
        """Renews no more and lets it expire."""
        await self._stop_renewing()

    async def _send(self, expires: int) -> float:
        contact = f"{self._endpoint.contact(self._user)};expires={expires}"
        try:
            response = await self._endpoint.exchange(
                self._dialog, "REGISTER", headers=[("Contact", contact), ("Expires", str(expires))]
            )
        except asyncio.CancelledError:
            self._became(valid=False)
            raise
        self._became(valid=response.status < 300 and expires > 0)
        if response.status >= 300:
            raise RegistrationFailed(self._user, response)
        return self._granted(response, expires)

    def _became(self, *, valid: bool) -> None:
        now, before = (self.valid, self.invalid) if valid else (self.invalid, self.valid)
        now.set()
        before.clear()

    def _granted(self, response: Response, wanted: int) -> float:
        """Seconds that the server grants to our contact."""
        ours = self._endpoint.contact(self._user).strip("<>")
        for value in response.get_all("Contact"):
            contact = Address.parse(value)
            seconds = contact.parameters.get("expires", "")
            if contact.uri == ours and seconds.isdecimal():
                return float(seconds)
        seconds = response.get("Expires") or ""
        return float(seconds) if seconds.isdecimal() else float(wanted)

    async def _renew(self, expires: int, granted: float) -> None:
        wait = granted * 0.75
        while True:
            await asyncio.sleep(wait)
            try:
                async with asyncio.timeout(_PATIENCE):
                    wait = await self._send(expires) * 0.75
            except (TimeoutError, RegistrationFailed):
                wait = 1.0  # the server is away: try again soon

    async def _stop_renewing(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
            with suppress(asyncio.CancelledError):
                await self._renewal
            self._renewal = None
