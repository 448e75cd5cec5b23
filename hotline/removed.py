"""Queues and agents that another version takes out: where their callers go, in words too. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from acd.model import Onward
from base.hints import shown
from hotline.defaults import person
from hotline.draft import Draft
from hotline.inwords import destination_in_words
from hotline.model import Hotline
from hotline.problem import Problem, error
from ivr.model import Destination
from sentences.languages import worded
from sentences.sentence import Sentence


def onward(hotline: Hotline) -> Onward:
    """Where callers go whose queue this version does not have: where `removed_queues` says, else to a person."""
    return Onward(hotline.removed_queues, person(hotline))


def removed(draft: Draft) -> Iterator[Problem]:
    """Queues that are said to be removed and are there."""
    for name in draft.hotline.removed_queues:
        if name in draft.names("queues"):
            spot, hint = draft.spot(("removed_queues", name), key=True), Sentence("take it out here, or there")
            yield error("not-removed", spot, Sentence("the queue {name} is under `queues` too", name=shown(name)), hint)


@dataclass(frozen=True, slots=True)
class RemovedQueue:
    """`waiting`: how many callers wait there. `stated`: whether `removed_queues` says where they go."""

    name: str
    waiting: int
    to: Destination
    stated: bool


def removed_queues(old: Hotline, new: Hotline, waiting: Mapping[str, int]) -> list[RemovedQueue]:
    """The queues that `new` takes out. `waiting`: callers by queue."""
    to = onward(new)
    gone = [name for name in old.queues if name not in new.queues]
    return [RemovedQueue(name, waiting.get(name, 0), to.of(name), name in new.removed_queues) for name in gone]


def removal_in_words(gone: RemovedQueue, language: str) -> str:
    """What is shown to whoever takes the queue out. `language`: `zh` or `en`."""
    to = destination_in_words(gone.to, language)
    if gone.waiting == 1:
        words = worded(
            "The queue {name} is taken out: 1 caller waits there and goes to {to}", language, name=gone.name, to=to
        )
    else:
        words = worded(
            "The queue {name} is taken out: {count} callers wait there and go to {to}",
            language,
            name=gone.name,
            count=gone.waiting,
            to=to,
        )
    return words if gone.stated else worded("{words}, as `removed_queues` does not name it", language, words=words)
