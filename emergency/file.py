"""The messages that are on, kept for the next start. Commands read them also while the service is away."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from base.files import replace
from emergency.model import Emergency

_KEPT = TypeAdapter(tuple[Emergency, ...] | Emergency)
"""Earlier versions kept one message, no list."""


class Unreadable(Exception):
    """The file is not what was written. The sentence says which."""


def read(file: Path) -> tuple[Emergency, ...]:
    """The messages; some may have ended. Raises Unreadable, OSError."""
    try:
        found = _KEPT.validate_json(file.read_bytes())
    except FileNotFoundError:
        return ()
    except ValidationError:
        raise Unreadable(
            f"{file} cannot be read, so no emergency message is on: remove it, and switch it on again"
        ) from None
    return (found,) if isinstance(found, Emergency) else found


def write(file: Path, messages: Sequence[Emergency]) -> None:
    """Keep the messages, whole or not at all. For their owner only. Raises OSError."""
    if not messages:
        file.unlink(missing_ok=True)
        return
    replace(file, _KEPT.dump_json(tuple(messages)))
