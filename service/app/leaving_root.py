"""What `./wutong up` does as root, and last of it: it gives up root. No process of the hotline keeps it.

The service's user and Asterisk's get the state folder, and a way to the program, the hotline and the private Asterisk.
Programs that only root can install are installed before. A small program of Asterisk's user stays: it starts Asterisk.
"""

import asyncio
import compileall
import os
import sys
from collections.abc import Callable
from pathlib import Path

from base import process
from base.failure import NotDone
from base.folders import CHECKOUT, default_state
from hotline.model import Hotline
from processes import obtaining, ownership, passage, users
from processes.obtaining import Installation
from processes.report import Report
from processes.starter import NotStarted, Other
from processes.users import User
from publishing.prepare import equip
from publishing.speech import voice
from settings.settings import Settings

CODE = ("acd", "agents", "calls", "dialplan", "emergency", "hotline", "ivr", "journal", "service", "sounds")


def leave_root(
    settings: Settings, hotline: Hotline | None, installation: Installation | None, report: Report
) -> Other | None:
    """Become the service's user for good. Answers what starts Asterisk as its own user; None: Asterisk is remote.

    `hotline` None: the service runs already. Raises `NotDone`, `NotOurProgram`, OSError, and what `equip` raises.
    """
    process.require("`up` would give up root", "Start ./wutong up in a process of its own")
    folder, cache = settings.folder, obtaining.default_cache()
    os.umask(0o022)  # both users read what is installed
    both = users.obtain(cache, report.step)
    if hotline is not None:
        asyncio.run(equip(settings, hotline, report.step))
    for package in CODE:  # as they may not write there, every start would compile it anew
        compileall.compile_dir(CHECKOUT / package, quiet=2)
    tools = [] if installation is None else [installation.modules_dir]  # the cache may have a link to its folder
    used = folder.secrets.exists() and folder.secrets.stat().st_uid != both.service.uid
    ownership.give(folder, both)
    opened = {
        *passage.let_pass(both.service, [*program(), settings.hotline, folder.root, cache, *tools, voice().folder]),
        *passage.let_pass(both.asterisk, [*program(), folder.root, cache, *tools]),
    }
    if hotline is not None:
        lend_prompts(settings.hotline, both.service, report.step)
    if opened:
        names = ", ".join(map(str, sorted(opened)))
        report.step(f"the users {users.SERVICE} and {users.ASTERISK} may go through {names}, and list nothing there")
    if used:
        report.step(
            f"{folder.root} is {users.SERVICE}'s from now on, and Asterisk's own files there are {users.ASTERISK}'s; "
            "it was root's"
        )
    starter = None
    try:
        if installation is not None:
            starter = Other(both.asterisk.name, both.asterisk.uid, both.asterisk.gid)
    except NotStarted as error:
        raise NotDone(f"{error}. Put Wutong where every user may read it, such as /opt") from None
    # cache and state folder stay where root had them
    os.environ |= {"XDG_CACHE_HOME": str(cache.parent), "XDG_STATE_HOME": str(default_state().parent)}
    os.environ |= {"HOME": str(folder.root), "USER": both.service.name, "LOGNAME": both.service.name}
    users.become(both.service, both.asterisk.gid)
    if hotline is not None:
        passage.check_readable(settings.hotline, both.service)
    return starter


def lend_prompts(hotline: Path, service: User, tell: Callable[[str], None]) -> None:
    """Let the service keep recordings. Where it cannot, as on a disk that is read only, all else works."""
    prompts = hotline / ownership.PROMPTS
    try:
        if ownership.lend(hotline, service):
            tell(f"the user {service.name} may keep recordings in {prompts}")
    except OSError as error:
        tell(f"the user {service.name} cannot keep recordings in {prompts}: {error.strerror}")


def program() -> list[Path]:
    """The folders that the service runs from: the checkout, Python and the folders of its packages."""
    return [CHECKOUT, Path(sys.executable), Path(sys.base_prefix), *(Path(name) for name in sys.path if name)]
