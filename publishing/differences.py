"""What changes for a caller between two hotlines, in sentences, in Chinese and English. Pure.

Settings that callers do not notice are left out. Any other one without a sentence of its own is named, so that no
change is passed over in silence.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from base.hints import either
from hotline.durations import spoken
from hotline.inwords import apart, capital, destination_in_words, language_in_words, node_in_words
from hotline.model import SECTIONS, Hotline, SubHotline
from hotline.removed import onward
from ivr.model import Attempts, Destination, Menu, NodeId, Say
from publishing.section_differences import (
    districts,
    divided,
    entry,
    gate,
    lists,
    queue_rules,
    recordings,
    scope,
    texts,
    timetable,
)
from sounds.model import Texts

UNNOTICED: Mapping[str, frozenset[str]] = {
    "hotline": frozenset(
        {
            *("id", "folder", "version", "name", "agents"),
            *("outside_numbers", "wrap_up_codes", "breaks", "skills", "listening", "agent_back"),
        }
    ),
    "menus": frozenset(),
    "queues": frozenset(
        {"id", "name", "extension", "strategy", "missed_offers", "wrap_up", "wrap_up_codes", "whisper", "service_level"}
    ),
    "sub_hotlines": frozenset({"id", "extension"}),
    "scopes": frozenset({"wait"}),
    "inputs": frozenset({"name"}),
}
"""Settings that callers do not notice, of the hotline and of each section."""


_GATE = frozenset({"hours", "closed"})
_DIVIDED = frozenset({"districts", "ask"})


class Difference(NamedTuple):
    """`node`: the menu, queue or sub-hotline that is concerned; None: the whole hotline."""

    node: NodeId | None
    sentence: str


def differences(old: Hotline, new: Hotline, language: str) -> list[Difference]:
    """All of them, as a caller comes through the hotline. `language`: of the sentences, `zh` or `en`."""
    found = [Difference(None, sentence) for sentence in _whole(old, new, language)]
    to, skills = onward(new), {**old.skill_names, **new.skill_names}
    for section in SECTIONS:
        before, after = getattr(old, section), getattr(new, section)
        for name in dict.fromkeys((*before, *after)):
            node = (section, name)
            goes = to.of(name) if section == "queues" else None
            told = _node(node, before.get(name), after.get(name), goes, skills, language)
            found.extend(Difference(node, sentence) for sentence in told)
    return found


def _whole(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    comma = either("、", ", ", language)
    for gone in sorted(set(old.numbers) - set(new.numbers)):
        yield either(f"拨打 {gone} 不再接通", f"{gone} is no number of the hotline any more", language)
    for come in sorted(set(new.numbers) - set(old.numbers)):
        yield either(f"拨打 {come} 也会接通", f"{come} is a number of the hotline now", language)
    if old.languages != new.languages:
        before, after = (comma.join(language_in_words(each, language) for each in one.languages) for one in (old, new))
        yield either(f"语言现为{after}，原为{before}", f"The languages are now {after}; before: {before}", language)
    yield from texts(either("问候语", "The greeting", language), old.greeting, new.greeting, language)
    yield from texts(either("结束语", "The goodbye", language), old.goodbye, new.goodbye, language)
    if old.entry != new.entry:
        before, after = (destination_in_words(one.entry, language) for one in (old, new))
        yield either(f"来电先到{after}，原为{before}", f"Calls enter at {after}, not at {before}", language)
    if old.fallback != new.fallback:
        before, after = (_to(one.fallback, language) for one in (old, new))
        zh = f"服务长时间不在时来电转到{after}，原为{before}"
        yield either(zh, f"While the service is away for long, calls go to {after}; before: {before}", language)
    yield from _entrances(old, new, language)
    yield from gate(either("热线", "the hotline", language), old, new, language)
    yield from timetable(old, new, language)
    yield from lists(old, new, language)
    yield from districts(old, new, language)
    yield from recordings(old, new, language)
    if old.remember_language != new.remember_language:
        never = either("不记", "not at all", language)
        was, now = (never if each is None else spoken(each) for each in (old.remember_language, new.remember_language))
        zh = f"来电者上次的语言记住的时间：{now}，原为：{was}"
        yield either(zh, f"The language of a caller's last call is remembered: {now}; before: {was}", language)
    told = {"languages", "greeting", "goodbye", "entry", "fallback", "entrances", "remember_language", *SECTIONS}
    told |= {"hours", "closed", "opening_hours", "calendars", "known_days", "callers", "filed", "districts"}
    told |= {"recorded", "paths"}
    told.add("removed_queues")  # it is told of each queue that is gone
    if set(old.numbers) != set(new.numbers):
        told.add("numbers")
    subject = either("热线", "the hotline", language)
    yield from _others(subject, old, new, UNNOTICED["hotline"] | told, language)


def _entrances(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """Numbers that both have, and that enter or greet otherwise."""
    before = {each.number: each for each in old.entrances}
    for now in new.entrances:
        was = before.get(now.number)
        if was is None or was == now:
            continue
        yield from texts(
            either(f"拨打 {now.number} 的问候语", f"The greeting of {now.number}", language),
            was.greeting or old.greeting,
            now.greeting or new.greeting,
            language,
        )
        if was.entry != now.entry:
            earlier, later = (
                destination_in_words(each.entry or one.entry, language) for each, one in ((was, old), (now, new))
            )
            zh = f"拨打 {now.number} 先到{later}，原为{earlier}"
            yield either(zh, f"Calls to {now.number} enter at {later}, not at {earlier}", language)


def _to(to: Destination | None, language: str) -> str:
    return either("无处", "nowhere", language) if to is None else destination_in_words(to, language)


def _node(
    node: NodeId, old: Any, new: Any, goes: Destination | None, skills: Mapping[str, Texts], language: str
) -> Iterator[str]:
    """What is otherwise in a menu, queue or sub-hotline; None: it is not there. `goes`: where callers go who wait
    there when it is taken out. `skills`: what they are called.
    """
    name = node_in_words(node, language)
    if old is None:
        yield either(f"新增{name}", f"{capital(name)} is new", language)
    elif new is None:
        zh, en = f"取消了{name}", f"{capital(name)} is gone"
        if goes is None:
            yield either(zh, en, language)
        else:
            to = destination_in_words(goes, language)
            yield either(f"{zh}，在那里等候的转到{to}", f"{en}; whoever waits there goes to {to}", language)
    elif old != new:
        match node[0]:
            case "menus":
                yield from _menu(name, old, new, language)
                told = {"say", "keys", "wait", "no_input", "invalid", *_GATE}
                yield from gate(name, old, new, language)
            case "queues":
                yield from queue_rules(name, old, new, skills, language)
                for index, (before, after) in enumerate(_messages(old, new), 1):
                    subject = either(f"{apart(name)}的第 {index} 条留言", f"Message {index} in {name}", language)
                    yield from texts(subject, before, after, language)
                yield from _keys(name, old.keys, new.keys, language)
                yield from gate(name, old, new, language)
                yield from divided(name, node[0], old, new, language)
                told = {"needs", "relax", "priority", "announce", "overflow", "keys", "ring", *_DIVIDED, *_GATE}
            case "scopes":
                yield from scope(name, old, new, language)
                told = {"say", "number", "offer", "key", "transfer", "then"}
            case "inputs":
                yield from entry(name, old, new, language)
                told = {"say", "entered", "confirm", "least", "most", "wait", "attempts", "then", "failed"}
            case _:
                yield from _line(name, old, new, language)
                yield from gate(name, old, new, language)
                yield from divided(name, node[0], old, new, language)
                told = {"name", "dial", "ring", "failed", *_DIVIDED, *_GATE}
        yield from _others(name, old, new, UNNOTICED[node[0]] | told, language)


def _menu(name: str, old: Menu, new: Menu, language: str) -> Iterator[str]:
    yield from texts(capital(name), old.say, new.say, language)
    yield from _keys(name, old.keys, new.keys, language)
    silent = either("不按键的来电者", "Callers who press no key", language)
    yield from _attempts(name, silent, old.no_input, new.no_input, language)
    wrong = either("按错键的来电者", "Callers who press a wrong key", language)
    yield from _attempts(name, wrong, old.invalid, new.invalid, language)
    if old.wait != new.wait:
        zh = f"{name}等待按键 {new.wait:g} 秒，原为 {old.wait:g} 秒"
        yield either(zh, f"{capital(name)} waits {new.wait:g} s for a key, not {old.wait:g} s", language)


def _keys(name: str, old: Mapping[Any, Destination], new: Mapping[Any, Destination], language: str) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        was, then = _to(before, language), _to(after, language)
        if before is None:
            zh, en = (
                f"{apart(name)}的 {key} 键现在到{then}，原来没有",
                f"Key {key} in {name} now leads to {then}; there was none",
            )
            yield either(zh, en, language)
        elif after is None:
            zh, en = f"{name}不再有 {key} 键，原来到{was}", f"Key {key} in {name} is gone; it led to {was}"
            yield either(zh, en, language)
        elif isinstance(before, Say) and isinstance(after, Say) and before.then == after.then:
            subject = either(f"{name} {key} 键的留言", f"The message at key {key} in {name}", language)
            yield from texts(subject, before.say, after.say, language)
        else:
            zh, en = (
                f"{apart(name)}的 {key} 键现在到{then}，而不是{was}",
                f"Key {key} in {name} now leads to {then}, not to {was}",
            )
            yield either(zh, en, language)


def _attempts(name: str, who: str, old: Attempts, new: Attempts, language: str) -> Iterator[str]:
    if old == new:
        return
    before, after = destination_in_words(old.then, language), destination_in_words(new.then, language)
    again = f"hear it {_times(new.repeat)} more, then" if new.repeat else "do not hear it again and"
    earlier = f"{_times(old.repeat)} more, then" if old.repeat else "not again, and then"
    zh = f"{name}：{who}再听 {new.repeat} 遍后到{after}，原为 {old.repeat} 遍后到{before}"
    yield either(zh, f"{who} in {name} {again} come to {after}; before: {earlier} {before}", language)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _messages(old: Any, new: Any) -> Iterator[tuple[Texts, Texts]]:
    """The messages of two queues that are in the same node of both lists."""
    if old.announce is not None and new.announce is not None:
        yield from zip(old.announce.messages, new.announce.messages, strict=False)


def _line(name: str, old: SubHotline, new: SubHotline, language: str) -> Iterator[str]:
    yield from texts(either(f"{apart(name)}的名称", f"The name of {name}", language), old.name, new.name, language)
    if old.dial != new.dial:
        yield either(
            f"{name}拨打 {new.dial}，原为 {old.dial}", f"{capital(name)} dials {new.dial}, not {old.dial}", language
        )
    if old.ring != new.ring:
        zh = f"{name}振铃 {new.ring:g} 秒，原为 {old.ring:g} 秒"
        yield either(zh, f"{capital(name)} rings for {new.ring:g} s, not {old.ring:g} s", language)
    if old.failed != new.failed:
        apology = either("道歉和结束语", "an apology and the goodbye", language)
        before, after = (
            apology if one.failed is None else destination_in_words(one.failed, language) for one in (old, new)
        )
        zh, en = (
            f"{name}无人接听时到{after}，原为{before}",
            f"If nobody answers at {name}, callers come to {after}; before: {before}",
        )
        yield either(zh, en, language)


def _others(
    subject: str, old: BaseModel, new: BaseModel, told: frozenset[str] | set[str], language: str
) -> Iterator[str]:
    """Settings without a sentence of their own."""
    for field, about in type(new).model_fields.items():
        if field not in told and getattr(old, field) != getattr(new, field):
            key = about.alias or field
            yield either(
                f"{apart(subject)}的设置 `{key}` 变了", f"The setting `{key}` of {subject} is another one", language
            )
