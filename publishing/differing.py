"""`./wutong diff`: what changes for a caller from one hotline to another."""

from typing import Any

from hotline.inwords import either
from hotline.walks import written
from publishing.differences import Difference, differences
from publishing.naming import loaded, named
from settings.settings import Settings


def between(settings: Settings, old: str, new: str, language: str) -> list[Difference]:
    """What changes for a caller from the hotline named `old` to the one named `new`. Raises NotDone."""
    before, after = (loaded(named(settings, name)) for name in (old, new))
    return differences(before, after, language)


def nothing(language: str) -> str:
    return either("对来电者没有变化", "Nothing changes for callers", language)


def document(found: list[Difference]) -> list[dict[str, Any]]:
    """For programs: the node as a destination is written; null: the whole hotline."""
    return [{"at": None if each.node is None else written(each.node), "sentence": each.sentence} for each in found]
