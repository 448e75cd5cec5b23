"""Makes Asterisk read its configuration again: by its control socket, or for a remote one by AMI."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from dialplan import modules
from dialplan.asterisk import AsteriskProcess
from dialplan.link import AmiLink
from dialplan.obtaining import Installation
from service.setup.secrets import Secrets
from service.setup.settings import RemoteAsterisk, Settings

PATIENCE = 10.0
"""Seconds that a remote Asterisk has to accept the reload account."""


class AsteriskControl(Protocol):
    """`installation`: None for a remote Asterisk."""

    @property
    def installation(self) -> Installation | None: ...

    async def reload(self) -> None:
        """Load phones and dialplan again; calls are not disturbed. Raises AsteriskFailed, LinkDown, ActionRefused or
        TimeoutError."""


class LocalControl:
    """The private Asterisk beside the service."""

    def __init__(self, installation: Installation, settings: Settings) -> None:
        self.installation: Installation | None = installation
        self._process = AsteriskProcess(installation, settings.asterisk_folder)

    async def reload(self) -> None:
        await self._process.reload()


class RemoteControl:
    """A remote Asterisk, through an account that may only reload and is logged in only for that."""

    installation: Installation | None = None

    def __init__(self, remote: RemoteAsterisk, settings: Settings, known: Secrets) -> None:
        self._address = (remote.host, settings.ports.ami)
        self._secret = known.ami_reload.get_secret_value()

    async def reload(self) -> None:
        async with self._link() as link:
            for module in (*modules.RELOADABLE, "pbx_config"):
                await link.action("Reload", Module=f"{module}.so")

    @asynccontextmanager
    async def _link(self) -> AsyncIterator[AmiLink]:
        link = AmiLink(
            *self._address,
            "wutong-reload",
            self._secret,
            on_event=lambda event: None,
            on_up=lambda: None,
            on_down=lambda why: None,
        )
        keeping = asyncio.create_task(link.run())
        try:
            await asyncio.wait_for(link.wait_up(), PATIENCE)
            yield link
        finally:
            keeping.cancel()
            await asyncio.wait({keeping})
