"""One Asterisk with both queues, and the service in its own process, on loopback."""

import asyncio
import secrets as randomness
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from dialplan.link import AmiLink
from dialplan.wire.ami import AmiMessage
from hotline.loader import load
from hotline.model import Hotline
from lab.bench import hotline as bench_hotline
from lab.bench import rival
from lab.kept_sounds import kept_sounds, share_sounds
from lab.patience import PATIENCE, patience, until
from lab.phone import Phone
from lab.ports import unused_base
from processes import obtaining
from processes.asterisk import AsteriskProcess
from processes.child import ServiceChild
from publishing.prepare import prepare
from settings import secrets
from settings.settings import Settings
from settings.settings import load as load_settings

BASES = range(36_000, 36_500, 5)
"""Where five free ports in a row are looked for."""

ROOMY = "max_calls_per_address = 2000\nmax_calls_per_number = 2000\n"
"""Settings with room for all callers, who come from loopback."""

Tell = Callable[[str], None]


class BenchFailed(Exception):
    """Measuring is not possible. The message says why."""


class Stage:
    """Made by `stage`. `agents`: ids of all agents."""

    def __init__(self, settings: Settings, hotline: Hotline, known: secrets.Secrets, tell: Tell) -> None:
        self.settings = settings
        self.agents = sorted(hotline.agents)
        self.sip = ("127.0.0.1", settings.ports.sip)
        self._hotline, self._known, self._tell = hotline, known, tell
        self._installation = obtaining.obtain(obtaining.default_cache(), tell)
        if rival.MODULE not in self._installation.modules:
            raise BenchFailed(f"this Asterisk has no {rival.MODULE} in {self._installation.modules_dir}")
        self._asterisk = AsteriskProcess(self._installation, settings.asterisk_folder)
        self._ami_secret = randomness.token_hex(16)
        self._service: ServiceChild | None = None

    # -- Asterisk ---------------------------------------------------------------------------------------------------

    @property
    def asterisk_pid(self) -> int:
        pid = self._asterisk.running()
        if pid is None:
            raise BenchFailed("Asterisk has ended")
        return pid

    async def start_asterisk(self, *, music: bool) -> None:
        """Start it without app_queue: `load_rival` loads that."""
        await prepare(self.settings, self._known, self._hotline, self._installation, self._tell)
        with rival.added(self.settings.asterisk_folder / "etc", self.agents, self._ami_secret, music=music):
            await self._asterisk.start()

    async def start_as_rendered(self) -> None:
        """Start it with nothing of the bench's own."""
        await prepare(self.settings, self._known, self._hotline, self._installation, self._tell)
        await self._asterisk.start()

    async def stop_asterisk(self) -> None:
        await self._asterisk.stop()

    async def load_rival(self) -> None:
        await self._asterisk.command(f"module load {rival.MODULE}.so")
        shown = await self._asterisk.command(f"queue show {rival.QUEUE}")
        if "(Not in use)" not in shown:
            raise BenchFailed(f"app_queue is not ready: {shown.strip()[-300:]}")

    async def unload_rival(self) -> None:
        await self._asterisk.command(f"module unload {rival.MODULE}.so")

    async def wait_quiet(self, within: float = PATIENCE) -> None:
        """Wait until Asterisk has no channel. Raises Late after so many seconds."""
        await until(
            "the end of all channels",
            lambda: self._asterisk.command("core show channels count"),
            lambda shown: "0 active channels" in shown,
            every=0.2,
            within=within,
        )

    @asynccontextmanager
    async def onlooker(self, on_event: Callable[[AmiMessage], None]) -> AsyncIterator[AmiLink]:
        """Pass on AMI events of calls and of AGI commands as they come."""
        link = AmiLink(
            "127.0.0.1",
            self.settings.ports.ami,
            rival.AMI_USER,
            self._ami_secret,
            on_event=on_event,
            on_up=lambda: None,
            on_down=lambda why: None,
        )
        running = asyncio.create_task(link.run())
        try:
            async with patience("the login at Asterisk's manager"):
                await link.wait_up()
            yield link
        finally:
            running.cancel()
            await asyncio.wait({running})

    # -- the service ------------------------------------------------------------------------------------------------

    @property
    def service_pid(self) -> int:
        process = None if self._service is None else self._service.process
        if process is None or not process.alive:
            raise BenchFailed(f"the service has ended; its log is in {self.settings.folder.logs}")
        return process.pid

    async def start_service(self, ready: list[str]) -> None:
        """Start the service, with these agents ready; their phones must be registered."""
        self._service = ServiceChild(self.settings)
        await self._service.start()
        await self.make_ready(ready)

    async def make_ready(self, agents: list[str]) -> None:
        async with self.http() as http:
            for agent in agents:
                answer = await http.put(f"agents/{agent}/state", json={"state": "ready"})
                answer.raise_for_status()

    async def stop_service(self) -> None:
        service, self._service = self._service, None
        if service is not None:
            await service.stop()

    async def queue(self) -> Any:
        """The service's view of its queue."""
        async with self.http() as http:
            return (await http.get(f"queues/{bench_hotline.QUEUE}")).raise_for_status().json()

    async def metrics(self) -> str:
        """The service's page for Prometheus."""
        async with self.http() as http:
            return (await http.get(f"{self._web}/metrics")).raise_for_status().text

    async def token(self, agent: str) -> str:
        """A new one, with an agent's rights."""
        wanted = {"name": f"phone-{agent}", "roles": ["agent"], "agent": agent}
        async with self.http() as http:
            return str((await http.post("tokens", json=wanted)).raise_for_status().json()["token"])

    @property
    def _web(self) -> str:
        scheme = "http" if self.settings.certificate is None else "https"
        return f"{scheme}://127.0.0.1:{self.settings.ports.http}"

    def http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"{self._web}/api/v1/",
            headers={"Authorization": f"Bearer {self._known.token.get_secret_value()}"},
            timeout=PATIENCE,
            trust_env=False,
            verify=False,  # noqa: S501 - a certificate of the bench is signed by itself
        )

    # -- phones -----------------------------------------------------------------------------------------------------

    def agent_phone(self, agent: str) -> Phone:
        password = self._known.phone_password(agent, self._hotline.phones[agent]).get_secret_value()
        return Phone(self.sip, agent, password, taciturn=True, keep=1)

    def caller_phone(self, number: str) -> Phone:
        """A citizen's: behind the trunk, if there is one."""
        trunk = self.settings.trunk
        if trunk is None:
            return Phone(self.sip, number=number, taciturn=True, keep=1)
        line = (str(trunk.bind), trunk.bind_port)
        return Phone(line, number=number, host=trunk.sources[0], taciturn=True, keep=1)


@asynccontextmanager
async def stage(
    folder: Path,
    agents: int,
    tell: Tell,
    given: str = f"{ROOMY}max_calls = 2000\n",
    text: str = bench_hotline.HOTLINE,
) -> AsyncIterator[Stage]:
    """Everything prepared in `folder`, nothing started. At the end all that was started is stopped.

    `given`: what is in settings.toml; `text`: hotline.yaml.
    """
    bench_hotline.write(folder / "hotline", agents, text)
    (folder / "state").mkdir()
    (folder / "state" / "settings.toml").write_text(given)
    base = unused_base(BASES)
    if base is None:
        raise BenchFailed(f"there are no five free ports in a row from {BASES.start} to {BASES.stop}")
    settings = load_settings(state=folder / "state", hotline=folder / "hotline", base_port=base)
    share_sounds(settings.folder, kept_sounds())
    loaded = load(settings.hotline)
    if loaded.hotline is None:
        raise BenchFailed("\n".join(str(problem) for problem in loaded.problems))
    known = secrets.obtain(settings.folder, loaded.hotline.phones)
    made = Stage(settings, loaded.hotline, known, tell)
    try:
        yield made
    finally:
        try:
            await made.stop_service()
        finally:
            await made.stop_asterisk()
