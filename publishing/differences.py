"""What changes for a caller between two hotlines, in sentences, in Chinese and English. Pure.

Settings that callers do not notice are left out. Any other one without a sentence of its own is named, so that no
change is passed over in silence.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from hotline.durations import spoken
from hotline.inwords import capital, destination_in_words, language_in_words, node_in_words
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
from sentences.languages import said, worded
from sentences.sentence import Sentence, listed
from sounds.model import Texts

UNNOTICED: Mapping[str, frozenset[str]] = {
    "hotline": frozenset(
        {
            *("id", "folder", "version", "name", "agents"),
            *("outside_numbers", "wrap_up_codes", "breaks", "break_limits", "skills", "listening", "agent_back"),
            "calls_out",
        }
    ),
    "menus": frozenset(),
    "queues": frozenset(
        {
            "id",
            "name",
            "extension",
            "number",
            "strategy",
            "missed_offers",
            "wrap_up",
            "wrap_up_codes",
            "whisper",
            "service_level",
            "missed",
            "callback",
        }
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
            of_node = _node(node, before.get(name), after.get(name), goes, skills, language)
            found.extend(Difference(node, sentence) for sentence in of_node)
    return found


def _whole(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    for gone in sorted(set(old.numbers) - set(new.numbers)):
        yield worded("{gone} is no longer a number of the hotline", language, gone=gone)
    for come in sorted(set(new.numbers) - set(old.numbers)):
        yield worded("{come} is a number of the hotline now", language, come=come)
    if old.languages != new.languages:
        before, after = (
            said(listed(language_in_words(each, language) for each in one.languages), language) for one in (old, new)
        )
        yield worded("The languages are now {after}; before: {before}", language, after=after, before=before)
    yield from texts(worded("The greeting", language), old.greeting, new.greeting, language)
    yield from texts(worded("The goodbye", language), old.goodbye, new.goodbye, language)
    if old.entry != new.entry:
        before, after = (destination_in_words(one.entry, language) for one in (old, new))
        yield worded("Calls enter at {after}, not at {before}", language, after=after, before=before)
    if old.fallback != new.fallback:
        before, after = (_to(one.fallback, language) for one in (old, new))
        yield worded(
            "While the service is away for long, calls go to {after}; before: {before}",
            language,
            after=after,
            before=before,
        )
    yield from _entrances(old, new, language)
    yield from gate(worded("the hotline", language), old, new, language)
    yield from timetable(old, new, language)
    yield from lists(old, new, language)
    yield from districts(old, new, language)
    yield from recordings(old, new, language)
    if old.remember_language != new.remember_language:
        never = worded("not at all", language)
        was, now = (never if each is None else spoken(each) for each in (old.remember_language, new.remember_language))
        yield worded(
            "The language of a caller's last call is remembered: {now}; before: {was}", language, now=now, was=was
        )
    compared = {"languages", "greeting", "goodbye", "entry", "fallback", "entrances", "remember_language", *SECTIONS}
    compared |= {"hours", "closed", "opening_hours", "calendars", "known_days", "callers", "filed", "districts"}
    compared |= {"recorded", "paths"}
    compared.add("removed_queues")  # it is said of each queue that is gone
    if set(old.numbers) != set(new.numbers):
        compared.add("numbers")
    subject = worded("the hotline", language)
    yield from _others(subject, old, new, UNNOTICED["hotline"] | compared, language)


def _entrances(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """Numbers that both versions have, with another entry or another greeting."""
    before = {each.number: each for each in old.entrances}
    for now in new.entrances:
        was = before.get(now.number)
        if was is None or was == now:
            continue
        yield from texts(
            worded("The greeting of {number}", language, number=now.number),
            was.greeting or old.greeting,
            now.greeting or new.greeting,
            language,
        )
        if was.entry != now.entry:
            earlier, later = (
                destination_in_words(each.entry or one.entry, language) for each, one in ((was, old), (now, new))
            )
            yield worded(
                "Calls to {number} enter at {later}, not at {earlier}",
                language,
                number=now.number,
                later=later,
                earlier=earlier,
            )


def _to(to: Destination | None, language: str) -> str:
    return worded("nowhere", language) if to is None else destination_in_words(to, language)


def _node(
    node: NodeId, old: Any, new: Any, goes: Destination | None, skills: Mapping[str, Texts], language: str
) -> Iterator[str]:
    """What differs in a menu, queue or sub-hotline; None: it is not there. `goes`: where callers go who wait
    there when it is taken out. `skills`: what they are called.
    """
    name = node_in_words(node, language)
    if old is None:
        yield worded("{subject} is new", language, subject=capital(name))
    elif new is None:
        gone = worded("{subject} is gone", language, subject=capital(name))
        if goes is not None:
            to = destination_in_words(goes, language)
            gone = worded("{gone}; whoever waits there goes to {to}", language, gone=gone, to=to)
        yield gone
    elif old != new:
        match node[0]:
            case "menus":
                yield from _menu(name, old, new, language)
                compared = {"say", "keys", "wait", "no_input", "invalid", *_GATE}
                yield from gate(name, old, new, language)
            case "queues":
                yield from queue_rules(name, old, new, skills, language)
                for index, (before, after) in enumerate(_messages(old, new), 1):
                    subject = worded("Message {index} in {name}", language, index=index, name=name)
                    yield from texts(subject, before, after, language)
                yield from _keys(name, old.keys, new.keys, language)
                yield from gate(name, old, new, language)
                yield from divided(name, node[0], old, new, language)
                compared = {
                    "needs",
                    "relax",
                    "priority",
                    "announce",
                    "survey",
                    "overflow",
                    "keys",
                    "ring",
                    "sticky",
                    *_DIVIDED,
                    *_GATE,
                }
            case "scopes":
                yield from scope(name, old, new, language)
                compared = {"say", "number", "offer", "key", "transfer", "then"}
            case "inputs":
                yield from entry(name, old, new, language)
                compared = {"say", "entered", "confirm", "least", "most", "wait", "attempts", "then", "failed"}
            case "sub_hotlines":
                yield from _line(name, old, new, language)
                yield from gate(name, old, new, language)
                yield from divided(name, node[0], old, new, language)
                compared = {"name", "dial", "ring", "failed", *_DIVIDED, *_GATE}
            case _:
                compared = {*new.texts}
                for key, said in new.texts.items():
                    yield from texts(capital(name), old.texts[key] or {}, said or {}, language)
        yield from _others(name, old, new, UNNOTICED.get(node[0], frozenset()) | compared, language)


def _menu(name: str, old: Menu, new: Menu, language: str) -> Iterator[str]:
    yield from texts(capital(name), old.say, new.say, language)
    yield from _keys(name, old.keys, new.keys, language)
    silent = worded("Callers who press no key", language)
    yield from _attempts(name, silent, old.no_input, new.no_input, language)
    wrong = worded("Callers who press a wrong key", language)
    yield from _attempts(name, wrong, old.invalid, new.invalid, language)
    if old.wait != new.wait:
        yield worded(
            "{name} waits {now:g} s for a key, not {was:g} s", language, name=capital(name), now=new.wait, was=old.wait
        )


def _keys(name: str, old: Mapping[Any, Destination], new: Mapping[Any, Destination], language: str) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        was, then = _to(before, language), _to(after, language)
        if before is None:
            yield worded(
                "Key {key} in {name} now leads to {then}; there was none", language, key=key, name=name, then=then
            )
        elif after is None:
            yield worded("Key {key} in {name} is gone; it led to {was}", language, key=key, name=name, was=was)
        elif isinstance(before, Say) and isinstance(after, Say) and before.then == after.then:
            subject = worded("The message at key {key} in {name}", language, key=key, name=name)
            yield from texts(subject, before.say, after.say, language)
        else:
            yield worded(
                "Key {key} in {name} now leads to {then}, not to {was}",
                language,
                key=key,
                name=name,
                then=then,
                was=was,
            )


def _attempts(name: str, who: str, old: Attempts, new: Attempts, language: str) -> Iterator[str]:
    if old == new:
        return
    before, after = destination_in_words(old.then, language), destination_in_words(new.then, language)
    yield worded(
        "{who} in {name} hear it {now}, then come to {after}; before: {was}, then {before}",
        language,
        who=who,
        name=name,
        now=_times(new.repeat),
        after=after,
        was=_times(old.repeat),
        before=before,
    )


def _times(count: int) -> Sentence:
    few = (Sentence("no more"), Sentence("once more"), Sentence("twice more"))
    return few[count] if count < len(few) else Sentence("{count} times more", count=count)


def _messages(old: Any, new: Any) -> Iterator[tuple[Texts, Texts]]:
    """The messages of two queues that are in the same node of both lists."""
    if old.announce is not None and new.announce is not None:
        yield from zip(old.announce.messages, new.announce.messages, strict=False)


def _line(name: str, old: SubHotline, new: SubHotline, language: str) -> Iterator[str]:
    yield from texts(worded("The name of {name}", language, name=name), old.name, new.name, language)
    if old.dial != new.dial:
        yield worded("{name} dials {now}, not {was}", language, name=capital(name), now=new.dial, was=old.dial)
    if old.ring != new.ring:
        yield worded(
            "{name} rings for {now:g} s, not {was:g} s", language, name=capital(name), now=new.ring, was=old.ring
        )
    if old.failed != new.failed:
        apology = worded("an apology and the goodbye", language)
        before, after = (
            apology if one.failed is None else destination_in_words(one.failed, language) for one in (old, new)
        )
        yield worded(
            "If nobody answers at {name}, callers come to {after}; before: {before}",
            language,
            name=name,
            after=after,
            before=before,
        )


def _others(
    subject: str, old: BaseModel, new: BaseModel, compared: frozenset[str] | set[str], language: str
) -> Iterator[str]:
    """Settings without a sentence of their own."""
    for field, about in type(new).model_fields.items():
        if field not in compared and getattr(old, field) != getattr(new, field):
            key = about.alias or field
            yield worded("The setting `{key}` of {subject} is another one", language, key=key, subject=subject)
