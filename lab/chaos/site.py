"""The hotline under test: Asterisk, the service in its own process, the proxies between, the service's keeper."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from hotline.loader import load
from hotline.model import Hotline
from lab.faults.diverted import DivertedAsterisk, Proxies
from lab.kept_sounds import share_sounds
from lab.phone import Phone
from lab.ports import free_base, free_port
from processes import obtaining
from processes.asterisk import START_TIMEOUT, AsteriskFailed
from processes.child import ServiceChild, keep
from publishing.prepare import prepare
from settings import secrets
from settings.settings import Settings
from settings.settings import load as load_settings
from sounds.catalogue import Catalogue

PROVIDER = "127.0.0.2"
"""The address from which citizens call, and at which they are called back."""

HOTLINE = Path(__file__).parent / "hotline"

KEEP = 6.0
"""Seconds of heard audio that each call keeps."""


class Site:
    """Made by `site`. A keeper starts the service again `pause` seconds after it has ended."""

    def __init__(
        self,
        settings: Settings,
        hotline: Hotline,
        known: secrets.Secrets,
        catalogue: Catalogue,
        proxies: Proxies,
        asterisk: DivertedAsterisk,
        tell: Callable[[str], None],
    ) -> None:
        self.settings, self.hotline, self.catalogue, self.proxies = settings, hotline, catalogue, proxies
        self.asterisk = asterisk
        self.sip = ("127.0.0.1", settings.ports.sip)
        self.provider: Phone | None
        """The telephone network, if there is a trunk: every call to a citizen comes to it."""
        self._entrance, self.provider = self.sip, None
        if (trunk := settings.trunk) is not None:
            self._entrance = (str(trunk.bind), trunk.bind_port)
            self.provider = Phone(self._entrance, host=PROVIDER, port=trunk.port, keep=KEEP)
        self.pause = 1.0
        self.starts = 0
        self.up = asyncio.Event()
        """The service takes calls."""
        self.asterisk_up = asyncio.Event()
        self.asterisk_ends: list[tuple[float, float]] = []
        """When Asterisk was away: from, until, in epoch seconds."""
        self._known, self._tell = known, tell
        self._service = ServiceChild(settings)
        self._rendering = asyncio.Lock()  # a starting service writes Asterisk's files; a starting Asterisk reads them
        self._keeping: asyncio.Task[None] | None = None
        self._http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{settings.ports.http}/api/v1/",
            headers={"Authorization": f"Bearer {known.token.get_secret_value()}"},
            timeout=5,
            trust_env=False,
        )

    @property
    def token(self) -> str:
        """The local administrator's."""
        return self._known.token.get_secret_value()

    @property
    def service_pid(self) -> int | None:
        return None if self._service.process is None else self._service.process.pid

    # -- the service ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start Asterisk, the service and its keeper."""
        if self.provider is not None:
            await self.provider.open()  # Asterisk would ask a provider that does not answer again only after 30 s
        await self.start_asterisk()
        await self._start_service()
        self._keeping = asyncio.create_task(
            keep("the service", self._start_service, self._ended, self._note, sleep=self._wait)
        )

    async def stop(self) -> None:
        """Stop all of it."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait({self._keeping})
        await self._http.aclose()
        try:
            await self._service.stop()
        finally:
            await self.asterisk.stop()
            if self.provider is not None:
                await self.provider.close()

    def signal_service(self, number: signal.Signals) -> bool:
        """Send the signal; whether there was a process to get it."""
        process = self._service.process
        if process is None or not process.alive:
            return False
        self.up.clear()
        process.send(number)
        return True

    def freeze_service(self) -> None:
        """Stop the process without ending it."""
        self._send(signal.SIGSTOP)

    def thaw_service(self) -> None:
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        if self._service.process is not None:
            self._service.process.send(number)

    async def service_gone(self) -> None:
        if self._service.process is not None:
            await self._service.process.gone()

    async def _start_service(self) -> None:
        async with self._rendering:
            self.starts += 1
            starting = asyncio.ensure_future(self._service.start())
            await asyncio.wait({starting}, timeout=2.0)  # by then it has rendered
        await starting
        self.up.set()

    async def _ended(self) -> str:
        how = await self._service.ended()
        self.up.clear()
        return how

    async def _wait(self, seconds: float) -> None:
        """The keeper's sleep: always `pause`, where the keeper would wait longer after each failure."""
        await asyncio.sleep(self.pause)

    def _note(self, line: str) -> None:
        if "runs again" not in line and "signal 9" not in line and "exit 0" not in line and "signal 15" not in line:
            self._tell(line)

    # -- Asterisk ---------------------------------------------------------------------------------------------------

    async def start_asterisk(self) -> None:
        for attempt in range(3):
            try:
                async with self._rendering:
                    await self.asterisk.start(START_TIMEOUT)
                break
            except AsteriskFailed:
                if attempt == 2:
                    raise
        self.asterisk_up.set()

    async def end_asterisk(self, *, kill: bool) -> None:
        """Returns when it is gone."""
        self.asterisk_up.clear()
        pid = self.asterisk.running()
        if kill and pid is not None:
            from base.process import Process

            process = Process.of(pid)
            if process is not None:
                process.send(signal.SIGKILL)
                await process.gone()
        await self.asterisk.stop()

    def was_asterisk_away(self, since: float, until: float) -> bool:
        """Whether Asterisk was away at any time from `since` to `until`, in epoch seconds."""
        if not self.asterisk_up.is_set():
            return True
        return any(began <= until and since <= ended for began, ended in self.asterisk_ends)

    async def channels(self) -> str:
        return await self.asterisk.command("core show channels concise")

    # -- HTTP -------------------------------------------------------------------------------------------------------

    async def get(self, path: str) -> Any:
        """The answer as JSON; None while the service does not answer."""
        try:
            response = await self._http.get(path)
        except httpx.HTTPError:
            return None
        return response.json() if response.status_code == 200 else None

    async def post(self, path: str, body: Any = None) -> int:
        """The status of the answer; 0 while the service does not answer."""
        try:
            return (await self._http.post(path, json=body)).status_code
        except httpx.HTTPError:
            return 0

    async def set_state(self, agent_id: str, state: str, reason: str = "", within: float = 60.0) -> bool:
        """Try until the service has taken the state; False if it does not within `within` seconds."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            try:
                response = await self._http.put(f"agents/{agent_id}/state", json={"state": state, "reason": reason})
                if response.status_code == 200:
                    return True
            except httpx.HTTPError:
                pass  # the service is away; the loop tries again
            await asyncio.sleep(0.2)
        return False

    # -- phones -----------------------------------------------------------------------------------------------------

    def agent_phone(self, agent_id: str, host: str = "127.0.0.1") -> Phone:
        password = self._known.phone_password(agent_id, self.hotline.phones[agent_id]).get_secret_value()
        return Phone(self.sip, agent_id, password, host=host, keep=KEEP)

    def citizen(self, number: str, host: str = "127.0.0.1") -> Phone:
        """`host`: whence this citizen calls; through the trunk, if there is one."""
        return Phone(self._entrance, number=number, host=host if self.provider is None else PROVIDER, keep=KEEP)


def _settings(folder: Path, *, trunk: bool) -> Settings:
    folder.mkdir()
    line = f'[trunk]\nhost = "{PROVIDER}"\nport = {free_port()}\nbind = "127.0.0.1"\nbind_port = {free_port()}\n'
    given = f"max_calls_per_address = 500\n{line if trunk else ''}"  # all callers come from one address
    (folder / "settings.toml").write_text(given)
    return load_settings(state=folder, hotline=HOTLINE, base_port=free_base())


@asynccontextmanager
async def site(folder: Path, sounds: Path, tell: Callable[[str], None], *, trunk: bool = False) -> AsyncIterator[Site]:
    """A site with everything up; all stops at the end. `folder`, which is new, gets the state, `sounds` has or gets the
    prompts. `trunk`: citizens call, and are called, by a trunk.
    """
    settings = await asyncio.to_thread(_settings, folder, trunk=trunk)
    share_sounds(settings.folder, sounds)
    loaded = await asyncio.to_thread(load, settings.hotline)
    if loaded.hotline is None:
        raise RuntimeError("\n".join(str(problem) for problem in loaded.problems))
    known = secrets.obtain(settings.folder, loaded.hotline.phones)
    installation = await asyncio.to_thread(obtaining.obtain, obtaining.default_cache(), tell)
    prepared = await prepare(settings, known, loaded.hotline, installation, tell)
    proxies = Proxies(settings.ports, free_base())
    await proxies.start()
    made = Site(
        settings,
        loaded.hotline,
        known,
        prepared.catalogue,
        proxies,
        DivertedAsterisk(installation, settings.asterisk_folder, proxies),
        tell,
    )
    try:
        await made.start()
        yield made
    finally:
        try:
            await made.stop()
        finally:
            await proxies.close()
