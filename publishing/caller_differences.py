"""What callers notice of changed lists, districts, scopes and inputs, in sentences, in Chinese and English. Pure."""

from collections.abc import Iterator, Mapping

from hotline.callers import CallerList, bare
from hotline.districts import District, Divided
from hotline.durations import spoken
from hotline.inwords import apart, capital, destination_in_words, either, node_in_words
from hotline.model import Hotline
from ivr.model import Destination, Input, Scope
from publishing.text_differences import texts


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
