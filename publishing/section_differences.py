"""What callers notice of one changed part of a hotline: queues, hours, texts, lists of callers and districts. In
Chinese and English. Pure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from acd.model import Announce, Overflow, StickyRule, Survey
from base.hints import shortened, some_of
from drawing.words import hours_in_words
from hotline.callers import CallerList, District, Divided, bare
from hotline.durations import spoken
from hotline.inwords import capital, destination_in_words, language_in_words, node_in_words, quoted
from hotline.model import Hotline, HotlineOverflow, HotlineQueue
from hotline.texts import every_text
from ivr.hours import OpeningHours, written
from ivr.model import Destination, Gated, Input, Scope
from sentences.languages import said, worded
from sentences.sentence import Sentence, listed
from sounds.model import EVERY, Texts, choose
from sounds.phrases import everything_said


def queue_rules(
    name: str, old: HotlineQueue, new: HotlineQueue, skills: Mapping[str, Texts], language: str
) -> Iterator[str]:
    """`name`: the queue in words, such as `the queue general`. `skills`: what they are called."""
    if (old.needs, old.relax) != (new.needs, new.relax):
        before, after = _needs(old, skills, language), _needs(new, skills, language)
        yield worded(
            "In {name} agents with {after} answer; before: {before}", language, name=name, after=after, before=before
        )
    if old.priority != new.priority:
        was, now = spoken(old.priority), spoken(new.priority)
        yield worded("Callers in {name} have a head start of {now}, not {was}", language, name=name, now=now, was=was)
    if old.ring != new.ring:
        yield worded(
            "In {name} an agent is rung for {now:g} s, not {was:g} s", language, name=name, now=new.ring, was=old.ring
        )
    if old.sticky != new.sticky:
        was, now = _of_last_time(old.sticky, language), _of_last_time(new.sticky, language)
        yield worded(
            "Who rings {name} again gets the agent of last time: {now}; before: {was}",
            language,
            name=name,
            now=now,
            was=was,
        )
    yield from _announced(name, old.announce, new.announce, language)
    yield from _surveyed(name, old.survey, new.survey, language)
    for rule in old.overflow:
        if rule not in new.overflow:
            yield worded("{name} no longer {rule}", language, name=capital(name), rule=_overflow(rule, language))
    for rule in new.overflow:
        if rule not in old.overflow:
            yield worded("{name} now {rule}", language, name=capital(name), rule=_overflow(rule, language))
    kept = [rule for rule in old.overflow if rule in new.overflow]
    if kept != [rule for rule in new.overflow if rule in old.overflow]:
        yield worded("The rules that send callers on from {name} are in another order", language, name=name)


def _needs(queue: HotlineQueue, skills: Mapping[str, Texts], language: str) -> str:
    """Who may answer, at once and later."""
    who = _in_words(queue.needs, skills, language)
    for step in queue.relax:
        needs, after = _in_words(step.needs, skills, language), spoken(step.after)
        who = worded("{who}, {needs} after {after}", language, who=who, needs=needs, after=after)
    return who


def _in_words(needs: Mapping[str, int], skills: Mapping[str, Texts], language: str) -> str:
    called = {skill: choose(skills[skill], language, language)[1] if skill in skills else skill for skill in needs}
    return " + ".join(f"{called[skill]} {level}" for skill, level in needs.items())


def _of_last_time(sticky: StickyRule | None, language: str) -> str:
    if sticky is None:
        return worded("no", language)
    within, wait = spoken(sticky.within), spoken(sticky.wait)
    if not sticky.wait:
        return worded("within {within}", language, within=within)
    return worded("within {within}, and waits {wait} for this agent", language, within=within, wait=wait)


def _announced(name: str, old: Announce | None, new: Announce | None, language: str) -> Iterator[str]:
    before, after = _said_to_callers(old, language), _said_to_callers(new, language)
    if before != after:
        yield worded(
            "Waiting callers in {name} are told {after}; before: {before}",
            language,
            name=name,
            after=after,
            before=before,
        )


def _said_to_callers(announce: Announce | None, language: str) -> str:
    if announce is None:
        return worded("nothing at all", language)
    count = len(announce.messages)
    what = [
        *([Sentence("their position")] if announce.position else []),
        *([Sentence("the expected wait")] if announce.estimate else []),
        *([Sentence("1 message") if count == 1 else Sentence("{count} messages", count=count)] if count else []),
    ]
    parts = said(listed(what), language)
    first, every = spoken(announce.first), spoken(announce.every)
    return worded("{told} after {first}, then every {every}", language, told=parts, first=first, every=every)


def _surveyed(name: str, old: Survey | None, new: Survey | None, language: str) -> Iterator[str]:
    before, after = _asked(old, language), _asked(new, language)
    if before != after:
        yield worded(
            "After a talk, callers in {name} are asked {after}; before: {before}",
            language,
            name=name,
            after=after,
            before=before,
        )
    if old is None or new is None:
        return
    for number, (was, now) in enumerate(zip(old.questions, new.questions, strict=False), 1):
        subject = worded("Question {number} of the survey in {name}", language, number=number, name=name)
        yield from texts(subject, was.say, now.say, language)
    subject = worded("The thanks for the survey in {name}", language, name=name)
    yield from texts(subject, old.thanks or {}, new.thanks or {}, language)


def _asked(survey: Survey | None, language: str) -> str:
    """How many questions, who, how often."""
    if survey is None:
        return worded("nothing at all", language)
    keys = ", ".join(question.keys for question in survey.questions)
    return worded(
        "questions with the keys {keys} ({share} of them, once in {once})",
        language,
        keys=keys,
        share=survey.share,
        once=spoken(survey.once_in),
    )


def _overflow(rule: HotlineOverflow, language: str) -> str:
    """`sends callers on to the sub-hotline duty after 5m of waiting`."""
    to, when = destination_in_words(rule.then, language), _when(rule, language)
    return worded("sends callers on to {to} {when}", language, to=to, when=when)


def _when(rule: Overflow, language: str) -> str:
    condition, limit = rule.condition
    match condition:
        case "waited":
            return worded("after {limit} of waiting", language, limit=spoken(limit))
        case "waiting":
            return worded("while {limit:g} wait already", language, limit=limit)
        case "nobody_signed_in":
            return worded("after {limit} without an agent signed in", language, limit=spoken(limit))
        case "estimate":
            return worded("with an expected wait of {limit}", language, limit=spoken(limit))
    return condition


# What callers notice of hours that changed, in sentences, in Chinese and English. Pure.


_MOST = 3
"""Dates that are named; of more only their number is given."""


def gate(name: str, old: Gated, new: Gated, language: str) -> Iterator[str]:
    """When a node is open, and where its calls go meanwhile. `name`: in words, such as `the queue general`."""
    was, now = _closed(old, language), _closed(new, language)
    subject = capital(name)
    if old.hours is None and new.hours is not None:
        yield worded(
            "{name} is now open in the hours {hours} only; else calls go to {now}",
            language,
            name=subject,
            hours=new.hours,
            now=now,
        )
    elif new.hours is None and old.hours is not None:
        yield worded(
            "{name} is now open at any time; before: in the hours {hours} only", language, name=subject, hours=old.hours
        )
    else:
        if old.hours != new.hours:
            yield worded(
                "{name} is now open in the hours {now}, not {was}", language, name=subject, now=new.hours, was=old.hours
            )
        if old.closed != new.closed:
            yield worded(
                "While {name} is closed, calls go to {now}; before: {was}", language, name=name, now=now, was=was
            )


def timetable(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """The times and days of hours that are in both. Hours that come and go are named where they are used."""
    for name in [name for name in old.opening_hours if name in new.opening_hours]:
        yield from _hours(name, old.opening_hours[name], new.opening_hours[name], language)
    for name in [name for name in old.known_days if name in new.known_days]:
        before, after = old.known_days[name], new.known_days[name]
        subject = worded("In the calendar {name}", language, name=name)
        for was, now, kind in (
            (before.off, after.off, worded("off", language)),
            (before.made_up, after.made_up, worded("worked", language)),
        ):
            if more := _dates(now - was, language):
                yield worded("{subject} {days} are now {kind}", language, subject=subject, days=more, kind=kind)
            if fewer := _dates(was - now, language):
                yield worded("{subject} {days} are no longer {kind}", language, subject=subject, days=fewer, kind=kind)


def _closed(gated: Gated, language: str) -> str:
    return "" if gated.closed is None else destination_in_words(gated.closed, language)


def _hours(name: str, old: OpeningHours, new: OpeningHours, language: str) -> Iterator[str]:
    before, after = hours_in_words(old, language), hours_in_words(new, language)
    if before != after:
        shut = worded("closed", language)
        yield worded(
            "The hours {name} are now {now}; before: {was}", language, name=name, now=after or shut, was=before or shut
        )
    if old.makeup != new.makeup:
        was, now = (
            worded("as usual", language) if each is None else written(each) for each in (old.makeup, new.makeup)
        )
        yield worded(
            "On make-up days the hours {name} are now {now}; before: {was}", language, name=name, now=now, was=was
        )
    for day in sorted(old.dated.keys() | new.dated.keys()):
        earlier, later = old.dated.get(day), new.dated.get(day)
        if earlier != later:
            usual = worded("as usual", language)
            was, now = (usual if each is None else written(each) for each in (earlier, later))
            yield worded(
                "On {day} the hours {name} are now {now}; before: {was}", language, day=day, name=name, now=now, was=was
            )
    if (old.calendar, bool(before)) != (new.calendar, bool(after)) and before == after:
        yield worded("The hours {name} now follow another calendar", language, name=name)


def _dates(days: Collection[date], language: str) -> str:
    """`2026-09-10`, `2026-09-10 and 4 more`."""
    shown = sorted(days)
    first = said(listed(map(str, shown[:_MOST])), language)
    rest = len(shown) - _MOST
    return first if rest <= 0 else worded("{days} and {count} more", language, days=first, count=rest)


# What is said otherwise in two texts, and which recorded texts sound different, in both languages. Pure.


_CONTEXT = 8
"""Characters that are shown on both sides of what changed in a text."""


def texts(subject: str, old: Texts, new: Texts, language: str) -> Iterator[str]:
    """What is said otherwise, by language, with what changed in it."""
    for said_in in dict.fromkeys((*old, *new)):
        before, after = old.get(said_in), new.get(said_in)
        if before == after:
            continue
        who = subject
        if said_in != EVERY:
            tongue = language_in_words(said_in, language)
            who = worded("{subject} in {tongue}", language, subject=subject, tongue=tongue)
        if after is None:
            yield worded("{who} no longer says {words}", language, who=who, words=quoted(before or ""))
        elif before is None:
            yield worded("{who} now says {words}", language, who=who, words=quoted(after))
        else:
            was, now = (quoted(each) for each in _changed(before, after))
            yield worded("{who} now says {now}, not {was}", language, who=who, now=now, was=was)


def _changed(old: str, new: str) -> tuple[str, str]:
    """The part of two texts in which they differ, with a little around it."""
    start = max(0, _common(old, new) - _CONTEXT)
    tail = max(0, _common(old[start:][::-1], new[start:][::-1]) - _CONTEXT)
    begins, ends = "…" if start else "", "…" if tail else ""
    return f"{begins}{old[start : len(old) - tail]}{ends}", f"{begins}{new[start : len(new) - tail]}{ends}"


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


_NAMED = 8
"""Texts that one sentence names."""


def recordings(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """One sentence for each way in which texts sound different that both hotlines have."""
    if old.recorded == new.recorded:
        return
    before, after = (set(everything_said(every_text(each), each.languages)) for each in (old, new))
    both = sorted(before & after)
    was, now = old.recorded, new.recorded
    again = [text for text in both if text in was and text in now and was[text] != now[text]]
    come = [text for text in both if text not in was and text in now]
    gone = [text for text in both if text in was and text not in now]
    if again:
        yield worded("Another recording is played: {texts}", language, texts=_named(again))
    if come:
        yield worded("A recording is played, not the voice: {texts}", language, texts=_named(come))
    if gone:
        yield worded("The voice speaks, no recording: {texts}", language, texts=_named(gone))


def _named(texts: Sequence[tuple[str, str]]) -> str:
    """The texts, the first of them by their words."""
    return some_of([quoted(shortened(words)) for _, words in texts], _NAMED)


# What callers notice of changed lists, districts, scopes and inputs, in sentences, in Chinese and English. Pure.


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
    """Who calls from which district. What a district has is named at its queue or sub-hotline."""
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
