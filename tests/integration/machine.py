"""A real Asterisk alone, without the service: for tests of its process and of its dialplan."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from dialplan import render
from dialplan.link import AmiLink
from dialplan.render import RenderValues
from dialplan.wire.ami import AmiMessage
from hotline.model import SubHotline
from lab.patience import patience
from lab.ports import free_base
from processes import obtaining
from processes.asterisk import AsteriskProcess
from settings.ports import Ports
from tests.unit.sounds.making import tone

AMI_SECRET = "s3cret-of-ami"
AGI_SECRET = SecretStr("s3cret-of-agi")
PHONE_SECRET = "s3cret-of-phones"
DUTY = SubHotline(id="duty", name={"*": "Duty"}, dial="2200", ring=20)


_folder = tempfile.TemporaryDirectory(prefix="wutong-music-")
MUSIC = tone(Path(_folder.name, "music.wav"), seconds=5, channels=1).parent
"""Something to hear; the folder goes when the tests end."""


def installed() -> obtaining.Installation:
    return obtaining.obtain(obtaining.default_cache(), print)


def values(**changes: Any) -> RenderValues:
    installation = installed()
    return RenderValues(
        **{
            "ports": Ports.from_base(free_base()),
            "modules_dir": installation.modules_dir,
            "data_dir": installation.data_dir,
            "music": MUSIC,
            "modules": installation.modules,
            "ami_secret": AMI_SECRET,
            "agi_secret": AGI_SECRET,
            "numbers": ("12319",),
            "languages": ("zh", "en"),
            "agents": dict.fromkeys(("1001", "2200"), PHONE_SECRET),
            "extensions": ("6001",),
            "sub_hotlines": (DUTY,),
            "fallback": DUTY,
            **changes,
        }
    )


@asynccontextmanager
async def asterisk(folder: Path, given: RenderValues) -> AsyncIterator[AsteriskProcess]:
    """A started Asterisk, stopped at the end."""
    render.render(folder, given)
    process = AsteriskProcess(installed(), folder)
    await process.start()
    try:
        yield process
    finally:
        await process.stop()


async def wait_for_ever(process: AsteriskProcess) -> None:
    """An agent's leg that waits for its caller gives up after 10 s. From now on it does not: only what it is told ends
    it.
    """
    extensions = process.folder / "etc" / "extensions.conf"
    text = extensions.read_text()
    assert text.count("> 500]") == 1
    extensions.write_text(text.replace("> 500]", "> 500000]"))
    await process.command("dialplan reload")


class Manager:
    """AMI with a memory: events are kept until a test has looked at them."""

    def __init__(self, given: RenderValues) -> None:
        self._events: asyncio.Queue[AmiMessage] = asyncio.Queue(100_000)
        self.link = AmiLink(
            "127.0.0.1",
            given.ports.ami,
            "wutong",
            AMI_SECRET,
            on_event=self._events.put_nowait,
            on_up=lambda: None,
            on_down=lambda reason: None,
        )

    def taken(self) -> list[AmiMessage]:
        """All events that have come and were not looked at; none is left."""
        return [self._events.get_nowait() for _ in range(self._events.qsize())]

    async def event(self, name: str, **wanted: str) -> AmiMessage:
        """The next event of that name whose fields are as wanted; those before it are forgotten."""
        async with patience(f"the AMI event {name} with {wanted}"):
            while True:
                event = await self._events.get()
                if event.event == name and all(event.get(field) == value for field, value in wanted.items()):
                    return event


@asynccontextmanager
async def manager(given: RenderValues) -> AsyncIterator[Manager]:
    """A `Manager` that is logged in."""
    made = Manager(given)
    running = asyncio.create_task(made.link.run())
    try:
        async with patience("the login at Asterisk's manager"):
            await made.link.wait_up()
        yield made
    finally:
        running.cancel()
        await asyncio.wait({running})


def processes_on(folder: Path) -> list[int]:
    """Every process whose command line names a file in `folder`."""
    return [int(process.name) for process in _processes() if str(folder).encode() in _command_line(process)]


def _processes() -> Iterator[Path]:
    return Path("/proc").glob("[0-9]*")


def _command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def listening(pid: int) -> set[tuple[str, str, int]]:
    """Protocol, address (as /proc/net writes it) and port of every socket that a process listens on or has bound."""
    own = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            own.add(str(descriptor.readlink()))
        except OSError:
            continue
    found = set()
    for protocol in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path("/proc/net", protocol).read_text().splitlines()[1:]:
            fields = line.split()
            address, _, port = fields[1].partition(":")
            if f"socket:[{fields[9]}]" in own and (protocol.startswith("udp") or fields[3] == "0A"):
                found.add((protocol, address, int(port, 16)))
    return found
