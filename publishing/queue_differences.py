"""What callers notice of the rules of a queue that changed, in sentences, in Chinese and English. Pure."""

from collections.abc import Iterator, Mapping

from acd.model import Announce, Overflow
from hotline.durations import spoken
from hotline.inwords import apart, capital, destination_in_words, either
from hotline.model import HotlineOverflow, HotlineQueue
from sounds.model import Texts, choose


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
