"""What callers notice of the rules of a queue that changed, in sentences, in Chinese and English. Pure."""

from collections.abc import Iterator, Mapping

from acd.model import Announce, Overflow
from hotline.durations import spoken
from hotline.inwords import capital, destination_in_words
from hotline.model import HotlineOverflow, HotlineQueue
from sentences.languages import said, worded
from sentences.sentence import Sentence, listed
from sounds.model import Texts, choose


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
    yield from _announced(name, old.announce, new.announce, language)
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


def _announced(name: str, old: Announce | None, new: Announce | None, language: str) -> Iterator[str]:
    before, after = _telling(old, language), _telling(new, language)
    if before != after:
        yield worded(
            "Waiting callers in {name} are told {after}; before: {before}",
            language,
            name=name,
            after=after,
            before=before,
        )


def _telling(announce: Announce | None, language: str) -> str:
    if announce is None:
        return worded("nothing at all", language)
    count = len(announce.messages)
    what = [
        *([Sentence("their position")] if announce.position else []),
        *([Sentence("the expected wait")] if announce.estimate else []),
        *([Sentence("1 message") if count == 1 else Sentence("{count} messages", count=count)] if count else []),
    ]
    told = said(listed(what), language)
    first, every = spoken(announce.first), spoken(announce.every)
    return worded("{told} after {first}, then every {every}", language, told=told, first=first, every=every)


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
