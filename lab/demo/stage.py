"""The demo's hotline while it runs: its folder, its ports, and the `up` that runs it."""

import asyncio
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from base.failure import NotDone
from lab.kept_sounds import kept_sounds, share_sounds
from lab.ports import unused_base
from processes.report import REPORT_PIPE, pass_on, started
from service.cli.terminal import TerminalReport
from settings.settings import Settings
from settings.settings import load as load_settings

BASES = range(20_000, 21_000, 10)
"""Where five free ports in a row are looked for."""

SETTINGS = """\
# The demo's callers all come from this machine. It makes no users of the system: they would stay.
max_calls_per_address = 500
separate_users = false

[voices]
fetch = false  # all that is said here ships as sound
"""


def new_folder(wanted: Path | None) -> Path:
    """An empty folder for the demo alone. Raises NotDone where something is in the one that is wanted."""
    if wanted is None:
        return Path(tempfile.mkdtemp(prefix="wutong-demo-"))
    folder = wanted.expanduser().absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotDone(f"{folder} is not empty: the demo needs a state folder of its own, and removes it at the end")
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    return folder


def settings_in(folder: Path, base: int | None) -> Settings:
    """The demo's settings; the prompts that it needs are kept between two demos. Raises NotDone."""
    (folder / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    if base is None and (base := unused_base(BASES)) is None:
        raise NotDone(f"there are no five free ports in a row from {BASES.start} on: choose some with --ports")
    settings = load_settings(state=folder, hotline=folder / "hotline", base_port=base)
    share_sounds(settings.folder, kept_sounds())
    return settings


class _Steps(TerminalReport):
    """What `up` does until all is up. Then the demo says what to look at."""

    def ready(self, already: bool, number: str = "", agents: Sequence[str] = ()) -> None:
        pass


@asynccontextmanager
async def up(settings: Settings) -> AsyncIterator["asyncio.Task[int]"]:
    """`./wutong up` with these settings, and gone afterwards. Within: it takes calls; the task ends when it does.

    Raises NotDone where it does not come up, as it says itself.
    """
    options = settings.as_options({"state", "hotline", "base_port"})
    command = [sys.executable, "-P", "-m", "service", "up", *options]
    supervisor, reading = started(command, settings.folder.logs / "supervisor.err", REPORT_PIPE)
    ended = asyncio.create_task(asyncio.to_thread(supervisor.wait))
    report = asyncio.create_task(asyncio.to_thread(pass_on, reading, _Steps(settings)))
    try:
        if not await asyncio.shield(report):
            raise NotDone(f"the demo's hotline did not come up; its logs are in {settings.folder.logs}")
        yield ended
    finally:
        if not ended.done():
            supervisor.send_signal(signal.SIGTERM)  # it stops service and Asterisk in order
        await asyncio.wait({ended, report})


def remove(folder: Path) -> None:
    """Remove the state folder; the prompts stay, as it only has a link to them."""
    shutil.rmtree(folder, ignore_errors=True)
