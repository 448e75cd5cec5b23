"""Makes Asterisk read its configuration again: by its control socket, or for a remote one by AMI."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from dialplan.ami_connection import ActionRefused
from dialplan.link import AmiLink
from processes import modules
from processes.asterisk import AsteriskFailed, AsteriskProcess
from processes.obtaining import Installation
from settings.secrets import Secrets
from settings.settings import Settings

log = structlog.get_logger()

PATIENCE = 10.0
"""Seconds that a remote Asterisk has to accept the reload account."""


class AsteriskControl:
    """`installation`: of the private Asterisk beside the service; None: Asterisk is a remote one."""

    def __init__(self, installation: Installation | None, settings: Settings, known: Secrets) -> None:
        self.installation = installation
        self._settings = settings
        self._secret = known.ami_reload.get_secret_value()

    async def reload(self) -> None:
        """Load phones and dialplan again; calls are not disturbed. Raises AsteriskFailed, LinkDown, ActionRefused or
        TimeoutError."""
        if self.installation is not None:
            await self._process(self.installation).reload()
            return
        async with self._link() as link:
            for module in modules.NEEDED:
                try:
                    await link.action("ModuleCheck", Module=module)
                except ActionRefused:  # an Asterisk that an older version has started
                    await link.action("ModuleLoad", Module=f"{module}.so", LoadType="load")
            for module in modules.RELOADABLE:
                await link.action("Reload", Module=f"{module}.so")

    async def reload_lists(self) -> None:
        """Load the list of callers without an account again. Raises the same."""
        if self.installation is not None:
            await self._process(self.installation).reload_modules((modules.LISTS,))
            return
        async with self._link() as link:
            await link.action("Reload", Module=f"{modules.LISTS}.so")

    def pid(self) -> int | None:
        """Of Asterisk's process, if it is on this machine."""
        return None if self.installation is None else self._process(self.installation).running()

    async def relieve(self) -> None:
        """Have Asterisk give the kernel back what memory it does not use. A remote one takes no such order from us."""
        if self.installation is not None:
            try:
                await self._process(self.installation).command("malloc trim")
            except AsteriskFailed as error:
                log.warning("asterisk-not-relieved", why=str(error))

    def _process(self, installation: Installation) -> AsteriskProcess:
        return AsteriskProcess(installation, self._settings.asterisk_folder)

    @asynccontextmanager
    async def _link(self) -> AsyncIterator[AmiLink]:
        """To a remote Asterisk, by the account that may only reload, and is logged in only for that."""
        assert self._settings.asterisk is not None
        link = AmiLink(
            self._settings.asterisk.host,
            self._settings.ports.ami,
            "wutong-reload",
            self._secret,
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
