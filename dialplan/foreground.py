"""`python -m dialplan.foreground FOLDER`: Asterisk in the foreground, as a process manager wants it.

The program becomes Asterisk: the same process, which notifies systemd itself when it is ready. It uses the Asterisk
that `processes.obtaining` finds, and the configuration that the service renders into FOLDER, for which it waits.
"""

import os
import sys
import time
from pathlib import Path
from typing import NoReturn

from dialplan.render import TEMPLATES
from processes.asterisk import resolver_options
from processes.obtaining import Installation, NoAsterisk, default_cache, obtain
from processes.tools import MissingTools
from sentences.languages import here
from sentences.sentence import Sentence

LAST = max(template.stem for template in TEMPLATES.glob("*.j2"))
"""The file that `dialplan.render` puts in place last: once it is there, all files are."""

LOOK_EVERY = 1.0
"""Seconds between two looks for the configuration, which a first start lacks for about a minute."""


def command(installation: Installation, folder: Path) -> list[str]:
    """The command that runs Asterisk there in the foreground."""
    return [*installation.command, "-C", str(folder / "etc" / "asterisk.conf"), "-f"]


def main(arguments: list[str]) -> int:
    """Become Asterisk; returns an exit status if that fails."""
    if len(arguments) != 1 or not arguments[0].startswith("/"):
        _say(Sentence("give the folder of Asterisk's configuration: python -m dialplan.foreground /…/asterisk"))
        return 2
    folder = Path(arguments[0])
    try:
        installation = obtain(default_cache(), _say)
    except (NoAsterisk, MissingTools) as error:
        _say(str(error))
        return 1
    configuration = folder / "etc" / LAST
    if not configuration.exists():
        _say(Sentence("waiting for the service to write {file}", file=configuration))
    while not configuration.exists():
        # Another container or unit writes it, so there is no process to wait for, and Python's library has no inotify.
        # Nothing else runs here, and this happens once an installation.
        time.sleep(LOOK_EVERY)
    # Asterisk's control socket has a path relative to this folder: see asterisk.conf.j2
    os.chdir(folder)
    installation.link(folder)
    os.environ.update(RES_OPTIONS=resolver_options(folder))
    return _become(command(installation, folder))


def _become(started: list[str]) -> NoReturn:
    os.execvp(started[0], started)  # noqa: S606 - no shell: arguments of our own


def _say(line: str) -> None:
    print(here(line), file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
