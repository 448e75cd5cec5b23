"""What callers notice of one changed part of a hotline: queues, hours, texts, lists of callers and districts. In
Chinese and English. Pure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from acd.model import Announce, Overflow
from base.hints import either, shortened
from drawing.words import told
from hotline.callers import CallerList, District, Divided, bare
from hotline.durations import spoken
from hotline.inwords import apart, capital, destination_in_words, language_in_words, node_in_words, quoted
from hotline.model import Hotline, HotlineOverflow, HotlineQueue
from hotline.texts import every_text
from ivr.hours import OpeningHours, written
from ivr.model import Destination, Gated, Input, Scope
from sounds.model import EVERY, Texts, choose
from sounds.phrases import everything_said


def queue_rules(
    name: str, old: HotlineQueue, new: HotlineQueue, skills: Mapping[str, Texts], language: str
) -> Iterator[str]:
    """`name`: the queue in words, such as `the queue general`. `skills`: what they are called."""
    if (old.needs, old.relax) != (new.needs, new.relax):
        before, after = _needs(old, skills, language), _needs(new, skills, language)
        yield either(
            f"{apart(name)}由{after}的坐席接听，原为{before}",
            f"In {name} agents with {after} answer; before: {before}",
            language,
        )
    if old.priority != new.priority:
        was, now = spoken(old.priority), spoken(new.priority)
        yield either(
            f"{apart(name)}的来电优先 {now}，原为 {was}",
            f"Callers in {name} have a head start of {now}, not {was}",
            language,
        )
    if old.ring != new.ring:
        zh, en = (
            f"{name}中坐席振铃 {new.ring:g} 秒，原为 {old.ring:g} 秒",
            f"In {name} an agent is rung for {new.ring:g} s, not {old.ring:g} s",
        )
        yield either(zh, en, language)
    yield from _announced(name, old.announce, new.announce, language)
    for rule in old.overflow:
        if rule not in new.overflow:
            zh, en = f"{name}不再{_overflow(rule, language)}", f"{capital(name)} no longer {_overflow(rule, language)}"
            yield either(zh, en, language)
    for rule in new.overflow:
        if rule not in old.overflow:
            zh, en = f"{name}现在{_overflow(rule, language)}", f"{capital(name)} now {_overflow(rule, language)}"
            yield either(zh, en, language)
    kept = [rule for rule in old.overflow if rule in new.overflow]
    if kept != [rule for rule in new.overflow if rule in old.overflow]:
        yield either(
            f"{apart(name)}的转出规则次序变了",
            f"The rules that send callers on from {name} are in another order",
            language,
        )


def _needs(queue: HotlineQueue, skills: Mapping[str, Texts], language: str) -> str:
    """Who may answer, at once and later."""
    first = _in_words(queue.needs, skills, language)
    steps = ((spoken(step.after), _in_words(step.needs, skills, language)) for step in queue.relax)
    later = (either(f"{after} 后 {needs}", f"{needs} after {after}", language) for after, needs in steps)
    return either("，", ", ", language).join((first, *later))


def _in_words(needs: Mapping[str, int], skills: Mapping[str, Texts], language: str) -> str:
    called = {skill: choose(skills[skill], language, language)[1] if skill in skills else skill for skill in needs}
    return " + ".join(f"{called[skill]} {level}" for skill, level in needs.items())


def _announced(name: str, old: Announce | None, new: Announce | None, language: str) -> Iterator[str]:
    before, after = _telling(old, language), _telling(new, language)
    if before != after:
        zh, en = (
            f"{name}的等候播报：{after}；原为：{before}",
            f"Waiting callers in {name} are told {after}; before: {before}",
        )
        yield either(zh, en, language)


def _telling(announce: Announce | None, language: str) -> str:
    if announce is None:
        return either("无", "nothing", language)
    count = len(announce.messages)
    what = [
        *([either("位置", "their position", language)] if announce.position else []),
        *([either("预计时间", "the expected wait", language)] if announce.estimate else []),
        *([either(f"{count} 条留言", "1 message" if count == 1 else f"{count} messages", language)] if count else []),
    ]
    told = either("、", ", ", language).join(what)
    first, every = spoken(announce.first), spoken(announce.every)
    return either(
        f"首次在 {first} 后，之后每 {every} 播报：{told}", f"{told} after {first}, then every {every}", language
    )


def _overflow(rule: HotlineOverflow, language: str) -> str:
    """`sends callers on to the sub-hotline duty after 5m of waiting`."""
    to, when = destination_in_words(rule.then, language), _when(rule, language)
    return either(f"把{when}的来电转到{to}", f"sends callers on to {to} {when}", language)


def _when(rule: Overflow, language: str) -> str:
    condition, limit = rule.condition
    match condition:
        case "waited":
            return either(f"已等 {spoken(limit)} ", f"after {spoken(limit)} of waiting", language)
        case "waiting":
            return either(f"前面已有 {limit:g} 人", f"while {limit:g} wait already", language)
        case "nobody_signed_in":
            return either(
                f"{spoken(limit)} 内无坐席签入时", f"after {spoken(limit)} without an agent signed in", language
            )
        case "estimate":
            return either(f"预计要等 {spoken(limit)} ", f"with an expected wait of {spoken(limit)}", language)
    return condition


# What callers notice of hours that changed, in sentences, in Chinese and English. Pure.


_MOST = 3
"""Dates that are named; of more only their number is told."""


def gate(name: str, old: Gated, new: Gated, language: str) -> Iterator[str]:
    """When a node is open, and where its calls go meanwhile. `name`: in words, such as `the queue general`."""
    was, now = _closed(old, language), _closed(new, language)
    subject = capital(name)
    if old.hours is None and new.hours is not None:
        zh = f"{name}现在按时间表 {new.hours} 开放，其他时间来电到{now}"
        yield either(zh, f"{subject} is now open in the hours {new.hours} only; else calls go to {now}", language)
    elif new.hours is None and old.hours is not None:
        zh = f"{name}现在随时开放，原来只按时间表 {old.hours} 开放"
        yield either(zh, f"{subject} is now open at any time; before: in the hours {old.hours} only", language)
    else:
        if old.hours != new.hours:
            zh = f"{name}现在按时间表 {new.hours} 开放，而不是 {old.hours}"
            yield either(zh, f"{subject} is now open in the hours {new.hours}, not {old.hours}", language)
        if old.closed != new.closed:
            zh = f"{name}关闭时来电到{now}，原为{was}"
            yield either(zh, f"While {name} is closed, calls go to {now}; before: {was}", language)


def timetable(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """The times and days of hours that are in both. Hours that come and go are told where they are used."""
    for name in [name for name in old.opening_hours if name in new.opening_hours]:
        yield from _hours(name, old.opening_hours[name], new.opening_hours[name], language)
    for name in [name for name in old.known_days if name in new.known_days]:
        before, after = old.known_days[name], new.known_days[name]
        subject = either(f"日历 {name}", f"In the calendar {name}", language)
        for was, now, zh, en in (
            (before.off, after.off, "休息", "off"),
            (before.made_up, after.made_up, "上班", "worked"),
        ):
            if more := _dates(now - was, language):
                yield either(f"{subject}：{more}现在{zh}", f"{subject} {more} are now {en}", language)
            if fewer := _dates(was - now, language):
                yield either(f"{subject}：{fewer}不再{zh}", f"{subject} {fewer} are no longer {en}", language)


def _closed(gated: Gated, language: str) -> str:
    return "" if gated.closed is None else destination_in_words(gated.closed, language)


def _hours(name: str, old: OpeningHours, new: OpeningHours, language: str) -> Iterator[str]:
    before, after = told(old, language), told(new, language)
    if before != after:
        zh = f"时间表 {name} 现为{after or '关闭'}，原为{before or '关闭'}"
        yield either(zh, f"The hours {name} are now {after or 'closed'}; before: {before or 'closed'}", language)
    if old.makeup != new.makeup:
        was, now = (
            either("照常", "as usual", language) if each is None else written(each) for each in (old.makeup, new.makeup)
        )
        zh = f"时间表 {name} 在调休上班日现为 {now}，原为 {was}"
        yield either(zh, f"On make-up days the hours {name} are now {now}; before: {was}", language)
    for day in sorted(old.dated.keys() | new.dated.keys()):
        earlier, later = old.dated.get(day), new.dated.get(day)
        if earlier != later:
            usual = either("照常", "as usual", language)
            was, now = (usual if each is None else written(each) for each in (earlier, later))
            zh = f"{day} 时间表 {name} 现为 {now}，原为 {was}"
            yield either(zh, f"On {day} the hours {name} are now {now}; before: {was}", language)
    if (old.calendar, bool(before)) != (new.calendar, bool(after)) and before == after:
        zh, en = f"时间表 {name} 现在用另一个日历", f"The hours {name} now follow another calendar"
        yield either(zh, en, language)


def _dates(days: Collection[date], language: str) -> str:
    """`2026-09-10`, `2026-09-10 and 4 more`."""
    shown = sorted(days)
    first = either("、", ", ", language).join(map(str, shown[:_MOST]))
    rest = len(shown) - _MOST
    return first if rest <= 0 else either(f"{first}等 {len(shown)} 天", f"{first} and {rest} more", language)


# What is said otherwise in two texts, and which recorded texts sound different, in both languages. Pure.


_CONTEXT = 8
"""Characters that are shown on both sides of what changed in a text."""


def texts(subject: str, old: Texts, new: Texts, language: str) -> Iterator[str]:
    """What is said otherwise, by language, with what changed in it."""
    for said_in in dict.fromkeys((*old, *new)):
        before, after = old.get(said_in), new.get(said_in)
        if before == after:
            continue
        name = "" if said_in == EVERY else language_in_words(said_in, language)
        zh_in, en_in = (f"（{name}）", f" in {name}") if name else ("", "")
        if before is None or after is None:
            said = quoted(before or after or "")
            zh = f"{subject}{zh_in}{'不再说' if after is None else '现在说'}{said}"
            yield either(zh, f"{subject} {'no longer' if after is None else 'now'} says{en_in} {said}", language)
            continue
        was, says = (quoted(each) for each in _changed(before, after))
        yield either(
            f"{subject}{zh_in}现在说{says}，原为{was}", f"{subject} now says{en_in} {says}, not {was}", language
        )


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
        yield either("换了录音：", "Another recording is played: ", language) + _named(again, language)
    if come:
        yield either("改用录音：", "A recording is played, not the voice: ", language) + _named(come, language)
    if gone:
        yield either("不再用录音，改由合成语音说：", "The voice speaks, no recording: ", language) + _named(
            gone, language
        )


def _named(texts: Sequence[tuple[str, str]], language: str) -> str:
    """The texts, the first of them by their words."""
    said = either("、", ", ", language).join(quoted(shortened(words)) for _, words in texts[:_NAMED])
    more = len(texts) - _NAMED
    return said if more <= 0 else either(f"{said}，还有 {more} 条", f"{said} and {more} more", language)


# What callers notice of changed lists, districts, scopes and inputs, in sentences, in Chinese and English. Pure.


def lists(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """The lists of callers: who is on them, where they go, how far ahead they begin."""
    for name in dict.fromkeys((*old.callers, *new.callers)):
        subject = either(f"名单 {name}", f"the list {name}", language)
        before, after = old.callers.get(name), new.callers.get(name)
        if before is None or after is None:
            yield _gone_or_new(subject, after is None, language)
            continue
        was, now = _numbers(old, name, before), _numbers(new, name, after)
        if was != now:
            more, fewer = len(now - was), len(was - now)
            zh = f"{subject}多了 {more} 个号码，少了 {fewer} 个"
            yield either(zh, f"{capital(subject)} has new numbers: {more}; numbers that are gone: {fewer}", language)
        if before.then != after.then:
            from_, to = (
                _to(each.then, either("与其他来电相同的去处", "where other callers go", language), language)
                for each in (before, after)
            )
            zh = f"{subject}上的来电现在到{to}，而不是{from_}"
            yield either(zh, f"Callers on {subject} now come to {to}, not to {from_}", language)
        if before.priority != after.priority:
            one, other = spoken(after.priority), spoken(before.priority)
            zh = f"{subject}上的来电优先 {one}，原为 {other}"
            yield either(zh, f"Callers on {subject} have a head start of {one}, not {other}", language)
    if [name for name in old.callers if name in new.callers] != [name for name in new.callers if name in old.callers]:
        yield either(
            "名单的次序变了：先有号码的名单算数",
            "The lists of callers are in another order: the first list that has a number counts",
            language,
        )


def districts(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """Who calls from which district. What a district has is told at its queue or sub-hotline."""
    for name in dict.fromkeys((*old.districts, *new.districts)):
        before, after = old.districts.get(name), new.districts.get(name)
        if before is None or after is None:
            yield _gone_or_new(either(f"区 {name}", f"the district {name}", language), after is None, language)
        elif _from(before) != _from(after):
            zh = f"区 {name} 现在包括{_those(after, language)}，原为{_those(before, language)}"
            yield either(
                zh,
                f"The district {name} now has {_those(after, language)}; before: {_those(before, language)}",
                language,
            )


def _gone_or_new(subject: str, gone: bool, language: str) -> str:
    """`subject`: in words, such as `the list seniors`."""
    if gone:
        return either(f"取消了{subject}", f"{capital(subject)} is gone", language)
    return either(f"新增{subject}", f"{capital(subject)} is new", language)


def divided(name: str, section: str, old: Divided, new: Divided, language: str) -> Iterator[str]:
    """What a queue or a sub-hotline has for districts, and how an unknown one is asked for."""
    for district in dict.fromkeys((*old.districts, *new.districts)):
        was, now = (
            name if (to := each.districts.get(district)) is None else node_in_words((section, to), language)
            for each in (old, new)
        )
        if was != now:
            zh = f"{name}：区 {district} 的来电现在到{now}，而不是{was}"
            yield either(zh, f"Callers from {district} who come to {name} now get {now}, not {was}", language)
    if old.ask != new.ask:
        was, now = (
            either("不询问", "nothing", language) if each is None else node_in_words(("menus", each), language)
            for each in (old.ask, new.ask)
        )
        zh = f"{name}：所在区未知的来电由{now}询问，原为{was}"
        yield either(
            zh, f"Callers of an unknown district who come to {name} are asked by {now}; before: {was}", language
        )


def scope(name: str, old: Scope, new: Scope, language: str) -> Iterator[str]:
    """`name`: in words, such as `the scope trees`."""
    yield from texts(capital(name), old.say, new.say, language)
    if old.number != new.number:
        none = either("没有号码", "no number", language)
        zh = f"{name}报出的号码现为 {new.number or none}，原为 {old.number or none}"
        yield either(zh, f"{capital(name)} now reads {new.number or none}, not {old.number or none}", language)
    yield from texts(
        either(f"{apart(name)}的转接提议", f"The offer of {name}", language), old.offer or {}, new.offer or {}, language
    )
    if old.key != new.key:
        zh = f"{name}按 {new.key} 转接，而不是 {old.key}"
        yield either(zh, f"In {name} the key {new.key} puts through, not {old.key}", language)
    yield from _moved(
        either(f"{name}转接", f"{capital(name)} puts callers through", language), old.transfer, new.transfer, language
    )
    yield from _moved(either(f"听完{name}后", f"After {name} callers go on", language), old.then, new.then, language)


def entry(name: str, old: Input, new: Input, language: str) -> Iterator[str]:
    """Digits that callers enter. `name`: in words, such as `the input order`."""
    yield from texts(capital(name), old.say, new.say, language)
    yield from texts(
        either(f"{name}在数字前", f"Before the digits {name}", language), old.entered, new.entered, language
    )
    yield from texts(
        either(f"{name}在数字后", f"After the digits {name}", language), old.confirm, new.confirm, language
    )
    if (old.least, old.most) != (new.least, new.most):
        was, now = f"{old.least}–{old.most}", f"{new.least}–{new.most}"
        yield either(
            f"{name}现为 {now} 位数字，原为 {was} 位", f"{capital(name)} now takes {now} digits, not {was}", language
        )
    if old.attempts != new.attempts:
        zh = f"{name}最多询问 {new.attempts} 次，原为 {old.attempts} 次"
        yield either(zh, f"{capital(name)} asks {new.attempts} times at most, not {old.attempts}", language)
    if old.wait != new.wait:
        zh = f"{name}等待每个数字 {new.wait:g} 秒，原为 {old.wait:g} 秒"
        yield either(zh, f"{capital(name)} waits {new.wait:g} s for each digit, not {old.wait:g} s", language)
    yield from _moved(
        either(f"{name}确认后", f"Confirmed at {name}, callers go on", language), old.then, new.then, language
    )
    yield from _moved(
        either(f"{name}未成时", f"Without digits for {name} callers go on", language), old.failed, new.failed, language
    )


def _moved(subject: str, old: Destination | None, new: Destination | None, language: str) -> Iterator[str]:
    if old != new:
        nowhere = either("结束语", "the goodbye", language)
        was, now = (_to(each, nowhere, language) for each in (old, new))
        yield either(f"{subject}到{now}，原为{was}", f"{subject} to {now}; before: {was}", language)


def _to(to: Destination | None, else_: str, language: str) -> str:
    return else_ if to is None else destination_in_words(to, language)


def _numbers(hotline: Hotline, name: str, callers: CallerList) -> frozenset[str]:
    return frozenset(callers.numbers) | frozenset(map(bare, hotline.filed.get(name, ())))


def _from(district: District) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(district.numbers), frozenset(district.callers)


def _those(district: District, language: str) -> str:
    """The numbers and lists of a district."""
    named: Mapping[str, tuple[str, ...]] = {
        either("号码 ", "the numbers ", language): district.numbers,
        either("名单 ", "the lists ", language): district.callers,
    }
    shown = [f"{kind}{', '.join(of)}" for kind, of in named.items() if of]
    return either("和", " and ", language).join(shown) or either(
        "只有自己选择的人", "only those who choose it", language
    )
