"""What callers notice of changed lists, districts, scopes and inputs, in sentences, in Chinese and English. Pure."""

from collections.abc import Iterator

from hotline.callers import CallerList, bare
from hotline.districts import District, Divided
from hotline.durations import spoken
from hotline.inwords import capital, destination_in_words, node_in_words
from hotline.model import Hotline
from ivr.model import Destination, Input, Scope
from publishing.text_differences import texts
from sentences.languages import worded


def lists(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """The lists of callers: who is on them, where they go, how far ahead they begin."""
    for name in dict.fromkeys((*old.callers, *new.callers)):
        subject = worded("the list {name}", language, name=name)
        before, after = old.callers.get(name), new.callers.get(name)
        if before is None or after is None:
            yield _gone_or_new(subject, after is None, language)
            continue
        was, now = _numbers(old, name, before), _numbers(new, name, after)
        if was != now:
            more, fewer = len(now - was), len(was - now)
            yield worded(
                "{subject} has new numbers: {more}; numbers that are gone: {fewer}",
                language,
                subject=capital(subject),
                more=more,
                fewer=fewer,
            )
        if before.then != after.then:
            from_, to = (
                _to(each.then, worded("where other callers go", language), language) for each in (before, after)
            )
            yield worded(
                "Callers on {subject} now come to {to}, not to {was}", language, subject=subject, to=to, was=from_
            )
        if before.priority != after.priority:
            now_s, was_s = spoken(after.priority), spoken(before.priority)
            yield worded(
                "Callers on {subject} have a head start of {now}, not {was}",
                language,
                subject=subject,
                now=now_s,
                was=was_s,
            )
    if [name for name in old.callers if name in new.callers] != [name for name in new.callers if name in old.callers]:
        yield worded("The lists of callers are in another order: the first list that has a number counts", language)


def districts(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """Who calls from which district. What a district has is told at its queue or sub-hotline."""
    for name in dict.fromkeys((*old.districts, *new.districts)):
        before, after = old.districts.get(name), new.districts.get(name)
        if before is None or after is None:
            yield _gone_or_new(worded("the district {name}", language, name=name), after is None, language)
        elif _from(before) != _from(after):
            yield worded(
                "The district {name} now has {after}; before: {before}",
                language,
                name=name,
                after=_those(after, language),
                before=_those(before, language),
            )


def _gone_or_new(subject: str, gone: bool, language: str) -> str:
    """`subject`: in words, such as `the list seniors`."""
    if gone:
        return worded("{subject} is gone", language, subject=capital(subject))
    return worded("{subject} is new", language, subject=capital(subject))


def divided(name: str, section: str, old: Divided, new: Divided, language: str) -> Iterator[str]:
    """What a queue or a sub-hotline has for districts, and how an unknown one is asked for."""
    for district in dict.fromkeys((*old.districts, *new.districts)):
        was, now = (
            name if (to := each.districts.get(district)) is None else node_in_words((section, to), language)
            for each in (old, new)
        )
        if was != now:
            yield worded(
                "Callers from {district} who come to {name} now get {now}, not {was}",
                language,
                district=district,
                name=name,
                now=now,
                was=was,
            )
    if old.ask != new.ask:
        was, now = (
            worded("no menu", language) if each is None else node_in_words(("menus", each), language)
            for each in (old.ask, new.ask)
        )
        yield worded(
            "Callers of an unknown district who come to {name} are asked by {now}; before: {was}",
            language,
            name=name,
            now=now,
            was=was,
        )


def scope(name: str, old: Scope, new: Scope, language: str) -> Iterator[str]:
    """`name`: in words, such as `the scope trees`."""
    yield from texts(capital(name), old.say, new.say, language)
    if old.number != new.number:
        none = worded("no number", language)
        now, was = new.number or none, old.number or none
        yield worded("{name} now reads {now}, not {was}", language, name=capital(name), now=now, was=was)
    yield from texts(worded("The offer of {name}", language, name=name), old.offer or {}, new.offer or {}, language)
    if old.key != new.key:
        yield worded("In {name} the key {now} puts through, not {was}", language, name=name, now=new.key, was=old.key)
    yield from _moved(
        worded("{name} puts callers through", language, name=capital(name)), old.transfer, new.transfer, language
    )
    yield from _moved(worded("After {name} callers go on", language, name=name), old.then, new.then, language)


def entry(name: str, old: Input, new: Input, language: str) -> Iterator[str]:
    """Digits that callers enter. `name`: in words, such as `the input order`."""
    yield from texts(capital(name), old.say, new.say, language)
    yield from texts(worded("Before the digits {name}", language, name=name), old.entered, new.entered, language)
    yield from texts(worded("After the digits {name}", language, name=name), old.confirm, new.confirm, language)
    if (old.least, old.most) != (new.least, new.most):
        was, now = f"{old.least}–{old.most}", f"{new.least}–{new.most}"
        yield worded("{name} now takes {now} digits, not {was}", language, name=capital(name), now=now, was=was)
    if old.attempts != new.attempts:
        yield worded(
            "{name} asks {now} times at most, not {was}",
            language,
            name=capital(name),
            now=new.attempts,
            was=old.attempts,
        )
    if old.wait != new.wait:
        yield worded(
            "{name} waits {now:g} s for each digit, not {was:g} s",
            language,
            name=capital(name),
            now=new.wait,
            was=old.wait,
        )
    yield from _moved(worded("Confirmed at {name}, callers go on", language, name=name), old.then, new.then, language)
    yield from _moved(
        worded("Without digits for {name} callers go on", language, name=name), old.failed, new.failed, language
    )


def _moved(subject: str, old: Destination | None, new: Destination | None, language: str) -> Iterator[str]:
    if old != new:
        nowhere = worded("the goodbye", language)
        was, now = (_to(each, nowhere, language) for each in (old, new))
        yield worded("{subject} to {now}; before: {was}", language, subject=subject, now=now, was=was)


def _to(to: Destination | None, else_: str, language: str) -> str:
    return else_ if to is None else destination_in_words(to, language)


def _numbers(hotline: Hotline, name: str, callers: CallerList) -> frozenset[str]:
    return frozenset(callers.numbers) | frozenset(map(bare, hotline.filed.get(name, ())))


def _from(district: District) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(district.numbers), frozenset(district.callers)


def _those(district: District, language: str) -> str:
    """The numbers and lists of a district."""
    numbers, callers = ", ".join(district.numbers), ", ".join(district.callers)
    if numbers and callers:
        return worded("the numbers {numbers} and the lists {callers}", language, numbers=numbers, callers=callers)
    if numbers:
        return worded("the numbers {numbers}", language, numbers=numbers)
    if callers:
        return worded("the lists {callers}", language, callers=callers)
    return worded("only those who choose it", language)
