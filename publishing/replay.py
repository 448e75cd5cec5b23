"""What callers of the last days would have met under a draft: their recorded paths, walked once more, in words. Pure.

Callers do under the draft what they did. Where that leads elsewhere first, it is reported: nobody knows which key
somebody would press in a menu that was not heard.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from hotline.inwords import language_in_words, node_in_words, walked_again
from hotline.model import Hotline
from ivr.walk import CALLBACKS, MESSAGES, SILENCE, Facts, Path, Stop
from sentences.languages import worded
from sentences.sentence import Sentence

MINUTE = 60.0
"""Seconds. No rule of a tree looks at a time more closely."""


class Recorded(NamedTuple):
    """One caller: the path, the dialled number, the moment (seconds since the epoch), the caller's number."""

    path: Path
    number: str
    at: float
    caller: str


class Change(NamedTuple):
    """What is otherwise for some callers, and where first.

    number  the dialled one, where the calls begin elsewhere, or do not begin any more (`after` is None); else ""
    here    the menu or queue in which they do `did`; None: at the beginning
    led     the key led somewhere, and was no wrong key
    leads   the same under the draft
    before  where that led; after: where it leads under the draft

    All stops have the language "" where the change has nothing to do with language. Then callers of every language
    count together.
    """

    number: str
    here: Stop | None
    did: str
    led: bool
    leads: bool
    before: Stop
    after: Stop | None


@dataclass(frozen=True, slots=True)
class Replay:
    """`changes`: callers by what is otherwise for them, the most first. `walked`: how many walks that took.

    new_menus  menus of the draft that no caller has heard
    """

    callers: int
    paths: int
    walked: int
    changes: tuple[tuple[Change, int], ...]
    new_menus: frozenset[str]

    @property
    def elsewhere(self) -> int:
        """How many callers would have ended elsewhere."""
        return sum(count for _, count in self.changes)


def replay(hotline: Hotline, recorded: Iterable[Recorded]) -> Replay:
    """Walk each distinct path once; more often only where the draft asks when, or from which number, somebody calls."""
    groups: dict[tuple[Path, str], list[tuple[float, str]]] = defaultdict(list)
    for one in recorded:
        groups[one.path, one.number].append((one.at, one.caller))
    changes: Counter[Change] = Counter()
    walks = 0
    for (path, number), callers in groups.items():
        if number not in hotline.numbers:
            changes[_alike(Change(number, None, "", True, False, path.start, None))] += len(callers)
            continue
        for new, count in _walked(hotline, path, number, callers):
            walks += 1
            if (change := difference(path, new, number)) is not None:
                changes[_alike(change)] += count
    heard = {stop.node[1] for path, _ in groups for stop in _stops(path) if stop.node[0] == "menus"}
    callers_all = sum(map(len, groups.values()))
    order = sorted(changes.items(), key=lambda item: (-item[1], item[0].number, item[0].here or (), item[0].did))
    return Replay(callers_all, len(groups), walks, tuple(order), frozenset(hotline.menus) - heard)


def difference(old: Path, new: Path, number: str) -> Change | None:
    """Where two ways of one caller part; None: both end at the same node, in the same language."""
    if old.end == new.end:
        return None
    if old.start != new.start:
        return Change(number, None, "", True, True, old.start, new.start)
    here = old.start
    for index, stride in enumerate(old.strides):
        if index == len(new.strides):  # the draft has no use for it
            return Change("", here, stride.did, stride.leads, False, stride.stop, new.end)
        then = new.strides[index]
        if then.stop != stride.stop:
            return Change("", here, stride.did, stride.leads, then.leads, stride.stop, then.stop)
        here = stride.stop
    return None


def _alike(change: Change) -> Change:
    here, before, after = change.here, change.before, change.after
    if len({stop.language for stop in (here, before, after) if stop is not None}) > 1:
        return change
    here, after = (None if stop is None else stop._replace(language="") for stop in (here, after))
    return change._replace(here=here, before=before._replace(language=""), after=after)


def _stops(path: Path) -> Iterator[Stop]:
    yield path.start
    yield from (stride.stop for stride in path.strides)


def _walked(
    hotline: Hotline, path: Path, number: str, callers: Sequence[tuple[float, str]]
) -> Iterator[tuple[Path, int]]:
    """The paths of these callers under the draft, each with how many of them have it."""
    asked = _Asked()
    at, caller = callers[0]
    first = _path(hotline, path, _facts(hotline, at, caller, number, asked))
    if not asked.moment and not asked.caller:
        yield first, len(callers)
        return
    while True:  # what the first walk did not ask a later one may
        by_moment, by_caller = asked.moment, asked.caller
        alike: Counter[tuple[float, str]] = Counter()
        for moment, who in callers:
            alike[moment // MINUTE * MINUTE if by_moment else at, who if by_caller else caller] += 1
        found = [
            (_path(hotline, path, _facts(hotline, moment, who, number, asked)), count)
            for (moment, who), count in alike.items()
        ]
        if (by_moment, by_caller) == (asked.moment, asked.caller):
            yield from found
            return


def _path(hotline: Hotline, path: Path, facts: Facts) -> Path:
    return walked_again(hotline, facts, path)


@dataclass(slots=True)
class _Asked:
    """What a walk asked of its caller."""

    moment: bool = False
    caller: bool = False


class _Watched:
    """Facts that note what is asked. The dialled number is known of a path anyway."""

    def __init__(self, hotline: Hotline, at: float, caller: str, number: str, asked: _Asked) -> None:
        self._hotline, self._at, self._caller, self._asked = hotline, at, caller, asked
        self.number = number
        self._learned: Mapping[str, str] | None = None

    @property
    def moment(self) -> datetime:
        self._asked.moment = True
        return datetime.fromtimestamp(self._at, self._hotline.zone)

    @property
    def caller(self) -> str:
        self._asked.caller = True
        return self._caller

    @property
    def known(self) -> Mapping[str, str]:
        if self._learned is not None:
            return self._learned
        if self._hotline.callers or self._hotline.districts:
            self._asked.caller = True
        return self._hotline.known(self._caller)

    def _replace(self, *, known: Mapping[str, str]) -> "_Watched":
        """As Facts has it: from now on this is known of the caller, who has chosen a district."""
        changed = _Watched(self._hotline, self._at, self._caller, self.number, self._asked)
        changed._learned = known
        return changed


def _facts(hotline: Hotline, at: float, caller: str, number: str, asked: _Asked) -> Facts:
    return cast(Facts, _Watched(hotline, at, caller, number, asked))


# What a replay found, in sentences, in Chinese and English. Pure.


def sentences(found: Replay, language: str) -> list[str]:
    """One for each change, the most callers first."""
    return [sentence(found, change, count, language) for change, count in found.changes]


def sentence(found: Replay, change: Change, count: int, language: str) -> str:
    """`312 callers of key 2 in the menu main would hear the new menu water, instead of the queue water`."""
    who = _who(change, count, language)
    if change.after is None:
        return worded("{who} would not get through: the draft does not have this number", language, who=who)
    then = f"{_then(found, change, change.after, language)}{_instead(change.before, change.after, language)}"
    if change.here is None or not change.led or change.leads:
        return worded("{who} {then}", language, who=who, then=then)
    if change.after == change.here:
        before = node_in_words(change.before.node, language)
        return worded(
            "{who} would find no way: it is no longer a key there (before: {before})", language, who=who, before=before
        )
    return worded("{who} would find it no key any more: they {then}", language, who=who, then=then)


def _who(change: Change, count: int, language: str) -> str:
    who = {"count": count, "callers": Sentence("caller") if count == 1 else Sentence("callers")}
    if change.here is None:
        return worded("{count:,} {callers} of {number}", language, **who, number=change.number)
    here = node_in_words(change.here.node, language)
    if change.did == SILENCE:
        return worded("{count:,} silent {callers} in {here}", language, **who, here=here)
    if not change.led:
        return worded(
            "{count:,} {callers} of the wrong key {key} in {here}", language, **who, key=change.did, here=here
        )
    return worded("{count:,} {callers} of key {key} in {here}", language, **who, key=change.did, here=here)


def _then(found: Replay, change: Change, after: Stop, language: str) -> str:
    """Where they are under the draft."""
    node = node_in_words(after.node, language)
    if after.node == change.before.node:
        name = language_in_words(after.language, language)
        return worded("would be in {node} in {name}", language, node=node, name=name)
    if change.here is not None and after == change.here:
        return worded("would stay in {node}", language, node=node)
    match after.node[0]:
        case "menus":
            if after.node[1] in found.new_menus:
                node = worded("the new menu {name}", language, name=after.node[1])
            return worded("would hear {node}", language, node=node)
        case "queues":
            return worded("would wait in {node}", language, node=node)
        case "sub_hotlines":
            return worded("would be put through to {node}", language, node=node)
        case _ if after.node[0] == MESSAGES:
            return worded("would leave {node}", language, node=node)
        case _ if after.node[0] == CALLBACKS:
            return worded("would get {node}", language, node=node)
    return worded("would hear {node}", language, node=node)


def _instead(before: Stop, after: Stop, language: str) -> str:
    """Where they came to; and in which language, if that is another one."""
    node, name = node_in_words(before.node, language), language_in_words(before.language, language)
    if before.language == after.language:
        return worded(", instead of {node}", language, node=node)
    if before.node == after.node:
        return worded(", instead of {name}", language, name=name)
    return worded(", instead of {node} in {name}", language, node=node, name=name)
