"""Files of the state folder, written whole."""

import os
from pathlib import Path


def replace(file: Path, content: bytes) -> None:
    """Write a file of the service whole, with mode 0600, so that it outlives a power cut. Raises OSError."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
