"""What this machine keeps of itself: which it is, and whether its spool has the newest past.

The spool has that if nobody else has led since this machine did. The file `led` of the state folder has the holders of
this machine's leaderships, the newest first. If another machine has led since, this one must not go on with its spool:
what the spool has and the database lacks was never known to the machine that led on. So the spool is put aside, and
stays readable.
"""

import json
import secrets
from pathlib import Path

from base.files import replace
from base.folders import StateFolder

ASIDE = "spool-of-epoch-"
"""What folders are called that were put aside, before the epoch."""


def identity(folder: StateFolder, name: str) -> str:
    """The id of the machine `name`, chosen by chance when it is first asked for. A state folder that was copied to a
    machine with another name gets an id of its own. Raises OSError.
    """
    try:
        known = json.loads(folder.node.read_bytes())
        if known["name"] == name:
            return str(known["id"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):  # there is none, or it is no such file
        pass
    made = secrets.token_hex(16)
    replace(folder.node, json.dumps({"id": made, "name": name}).encode())
    return made


def claim(folder: StateFolder, holder: str, former: str | None, epoch: int) -> Path | None:
    """`holder` is about to lead in the epoch `epoch`, after the holder `former` (None: nobody has led yet).

    Returns where the spool was put aside; None: it goes on, or there is none. Raises OSError.
    """
    before = folder.led.read_text().split() if folder.led.exists() else []
    ours = former is None or former in before
    aside = None
    if not ours and folder.spool.exists():
        aside = folder.root / f"{ASIDE}{epoch - 1}"
        folder.spool.rename(aside)
    replace(folder.led, (f"{holder}\n{former or ''}\n" if ours else f"{holder}\n").encode())
    return aside


def put_aside(folder: StateFolder) -> list[Path]:
    """The folders that were put aside, by name."""
    return sorted(folder.root.glob(f"{ASIDE}*"))
