"""Proxies between the service and Asterisk.

A proxy listens at the service's `ports.ami` instead of Asterisk's manager. Asterisk calls another proxy instead of the
service's `ports.agi`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.faults.proxy import Proxy
from processes import obtaining
from processes.asterisk import START_TIMEOUT, AsteriskProcess
from settings.ports import Ports


class Proxies:
    """AMI and AGI pass through these. `elsewhere` is the port where Asterisk's manager really listens."""

    def __init__(self, ports: Ports, elsewhere: int) -> None:
        self.ports, self.elsewhere = ports, elsewhere
        self.ami = Proxy(elsewhere, ports.ami)
        self.agi = Proxy(ports.agi)

    async def start(self) -> None:
        await self.ami.listen()
        await self.agi.listen()

    async def close(self) -> None:
        await self.ami.close()
        await self.agi.close()

    @contextmanager
    def diverted(self, folder: Path) -> Iterator[None]:
        """Within the block the configuration rendered into `folder` leads through the proxies."""
        rendered = {name: (folder / "etc" / name).read_text() for name in ("manager.conf", "extensions.conf")}
        for name, here, there in (
            ("manager.conf", f"port = {self.ports.ami}\n", f"port = {self.elsewhere}\n"),
            ("extensions.conf", f":{self.ports.agi}/", f":{self.agi.port}/"),
        ):
            (folder / "etc" / name).write_text(rendered[name].replace(here, there))
        try:
            yield
        finally:
            for name, text in rendered.items():
                (folder / "etc" / name).write_text(text)


class DivertedAsterisk(AsteriskProcess):
    """An Asterisk that talks through proxies from each start. The service finds its rendered files unchanged and does
    not reload; a dialplan reload would bring new calls directly to the service.
    """

    def __init__(self, installation: obtaining.Installation, folder: Path, proxies: Proxies) -> None:
        super().__init__(installation, folder)
        self._proxies = proxies

    async def start(self, timeout: float = START_TIMEOUT) -> int:
        with self._proxies.diverted(self.folder):
            return await super().start(timeout)
