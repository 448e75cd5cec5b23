"""What this machine keeps of itself: which it is, and whether its spool has the newest past.

The spool has that if nobody else has led since this machine did. The file `led` of the state folder has the holders of
this machine's leaderships, the newest first. If another machine has led since, this one must not go on with its spool:
what the spool has and the database lacks was never known to the machine that led on. So the spool is put aside, and
stays readable.
"""

import secrets
from pathlib import Path

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from base.files import replace
from base.folders import StateFolder


class _Kept(BaseModel):
    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    name: str
    begun: int = 0


_KEPT = TypeAdapter(_Kept)

ASIDE = "spool-of-epoch-"
"""What folders are called that were put aside, before the epoch."""


def identity(folder: StateFolder, name: str) -> tuple[str, int]:
    """The id of the machine `name`, chosen by chance when it is first asked for; and the newest epoch that it has begun
    (0: none). A state folder that was copied to a machine with another name gets an id of its own. Raises OSError.
    """
    try:
        known = _KEPT.validate_json(folder.node.read_bytes())
    except (FileNotFoundError, ValidationError):  # there is none, or it is no such file
        known = None
    if known is not None and known.name == name:
        return known.id, known.begun
    made = _Kept(id=secrets.token_hex(16), name=name)
    replace(folder.node, made.model_dump_json().encode())
    return made.id, made.begun


def begin(folder: StateFolder, epoch: int) -> None:
    """This machine is about to lead in that epoch. Raises OSError, ValidationError."""
    known = _KEPT.validate_json(folder.node.read_bytes())
    replace(folder.node, known.model_copy(update={"begun": epoch}).model_dump_json().encode())


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
