"""The files beside those that people edit: recordings with their index, and lists of callers. Pure.

A version keeps them, too. They are named as in the hotline's folder: `prompts/recordings.yaml`, `prompts/zh/main.wav`,
`seniors.txt`.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sounds.recordings import INDEX, Recording, Shelf

PROMPTS = "prompts"


class Extra(NamedTuple):
    """One of them. `size` in bytes; `words`: what a recording holds; None: it is not a recording."""

    sha256: str
    size: int
    words: str | None = None


Extras = Mapping[str, Extra]
"""By their names."""

Paths = Mapping[str, Path]
"""The same names → where the files are, if that is not the hotline's folder."""


def recording_name(recording: Recording) -> str:
    """The name of a recording's file in the hotline's folder."""
    return f"{PROMPTS}/{recording.language}/{recording.name}"


INDEX_NAME = f"{PROMPTS}/{INDEX}"


def shelf(folder: Path, paths: Paths | None) -> Shelf:
    """Where the recordings of a hotline are. `paths`: None: in the folder."""
    prompts = folder.absolute() / PROMPTS
    if paths is None:
        return Shelf(prompts)
    begin = f"{PROMPTS}/"
    return Shelf(prompts, {name.removeprefix(begin): at for name, at in paths.items() if name.startswith(begin)})


def sources(folder: Path, extras: Extras, paths: Paths | None) -> Paths:
    """Where these are: as `paths` says, or in the hotline's folder."""
    return {name: folder / name if paths is None else paths[name] for name in extras}


def contents(extras: Iterable[Extras]) -> dict[str, int]:
    """SHA-256 of all that these have → its size."""
    return {extra.sha256: extra.size for each in extras for extra in each.values()}


def written(extras: Extras) -> dict[str, Any]:
    """For JSON."""
    return {name: extra._asdict() for name, extra in sorted(extras.items())}


def read(given: Mapping[str, Any]) -> Extras:
    """What was written so. Raises ValueError, KeyError, TypeError, AttributeError."""
    return dict(_read(given))


def _read(given: Mapping[str, Any]) -> Iterator[tuple[str, Extra]]:
    for name, each in given.items():
        words = each["words"]
        if name.startswith("/") or ".." in name.split("/"):
            raise ValueError(name)
        yield name, Extra(_digest(each["sha256"]), int(each["size"]), None if words is None else str(words))


def _digest(given: str) -> str:
    if len(given) != 64 or not set(given) <= set("0123456789abcdef"):
        raise ValueError(given)
    return given
