"""The message that is on, kept for the next start. Commands read it also while the service is away."""

import os
from pathlib import Path

from pydantic import ValidationError

from emergency.model import Emergency


class Unreadable(Exception):
    """The file is not what was written. The sentence says which."""


def read(file: Path) -> Emergency | None:
    """The message; None: none is kept. It may have ended. Raises Unreadable, OSError."""
    try:
        return Emergency.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise Unreadable(
            f"{file} cannot be read, so no emergency message is on: remove it, and switch it on again"
        ) from None


def write(file: Path, emergency: Emergency | None) -> None:
    """Keep the message, whole or not at all; None: none. For its owner only. Raises OSError."""
    if emergency is None:
        file.unlink(missing_ok=True)
        return
    replace(file, emergency.model_dump_json().encode())


def replace(file: Path, content: bytes) -> None:
    """Write a file of the service whole, with mode 0600, so that it outlives a power cut. Raises OSError."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
