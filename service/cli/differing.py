"""`./wutong diff`: what changes for a caller from one hotline to another."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hotline.differences import Difference, differences
from hotline.inwords import either
from hotline.loader import load
from hotline.model import Hotline
from hotline.walks import written
from service.setup.failure import NotDone

Named = Callable[[str], Hotline]
"""The hotline of a name. Raises NotDone."""


def in_folder(name: str) -> Hotline:
    """The hotline in the folder of that name. Raises NotDone with its errors."""
    loaded = load(Path(name).expanduser().absolute())
    if loaded.hotline is None:
        errors = [f"{name}/{problem}" for problem in loaded.problems if problem.level == "error"]
        raise NotDone("\n".join(errors))
    return loaded.hotline


def between(old: str, new: str, language: str, named: Named = in_folder) -> list[Difference]:
    """What changes for a caller from the hotline named `old` to the one named `new`. Raises NotDone."""
    return differences(named(old), named(new), language)


def nothing(language: str) -> str:
    return either("对来电者没有变化", "Nothing changes for callers", language)


def document(found: list[Difference]) -> list[dict[str, Any]]:
    """For programs: the place as a destination is written; null: the whole hotline."""
    return [{"at": None if each.place is None else written(each.place), "sentence": each.sentence} for each in found]
