"""What a queue needs: wrap-up codes, agents who can serve it, in each language and at each of its hours. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from acd.model import Queue, Strategy
from agents.model import Agent
from base.hints import did_you_mean, one_of, shown
from hotline.draft import Draft
from hotline.durations import spoken
from hotline.model import CODES, HotlineQueue
from hotline.problem import Problem, error, warning
from hotline.proof import classes, come_to
from ivr.timetable import hour_classes
from sentences.sentence import Sentence

MOST_LISTS, MOST_CODES, LONGEST_NAME = 100, 200, 80


def codes(draft: Draft) -> Iterator[Problem]:
    """Nothing of a list that could not be understood."""
    lists, queues = draft.hotline.wrap_up_codes, draft.hotline.queues
    if len(lists) > MOST_LISTS:
        spot = draft.spot((CODES,), key=True)
        yield error(
            "too-many",
            spot,
            Sentence("{count:,} lists of wrap-up codes", count=len(lists)),
            Sentence("use {count} at most", count=MOST_LISTS),
        )
    for list_id, names in lists.items():
        yield from _list(draft, list_id, len(names))
        for code, name in names.items():
            for language, words in name.items():
                if len(words) > LONGEST_NAME:
                    spot = draft.spot((CODES, list_id, code, language))
                    yield error(
                        "too-long",
                        spot,
                        Sentence("a name of {count} characters", count=len(words)),
                        Sentence("use {count} at most", count=LONGEST_NAME),
                    )
    for queue_id, queue in queues.items():
        named = None if queue.wrap_up_codes is None else queue.wrap_up_codes.list
        if named is not None and named not in draft.names(CODES):
            hint = did_you_mean(named, lists, _add(lists))
            spot = draft.spot(("queues", queue_id, "wrap_up_codes", "list"))
            yield error("dangling", spot, Sentence("there is no list of wrap-up codes {name}", name=shown(named)), hint)


def limits(draft: Draft) -> Iterator[Problem]:
    """A limit of no break is a slip of the pen."""
    for name in draft.hotline.break_limits:
        if name not in draft.hotline.breaks:
            known = draft.hotline.breaks
            hint = did_you_mean(name, known, Sentence("add it under `{section}`", section="breaks"))
            spot = draft.spot(("break_limits", name), key=True)
            yield error("dangling", spot, Sentence("there is no break {name}", name=shown(name)), hint)


def callbacks(draft: Draft) -> Iterator[Problem]:
    """What a queue promises that nobody would hear of, or that could not be kept."""
    for queue_id, queue in draft.hotline.queues.items():
        rule = queue.callback
        if rule is None:
            if queue.missed.call_back:
                message = Sentence("missed callers are to be called back, but this queue has no `callback`")
                hint = Sentence("add `callback` with its `key` to the queue")
                yield error("no-callback", draft.spot(("queues", queue_id, "missed", "call_back")), message, hint)
            continue
        if draft.hotline.calls_out is None:
            message = Sentence("callers are to be called back, but this hotline may call no citizens")
            spot = draft.spot(("queues", queue_id, "callback"), key=True)
            yield error("no-calls-out", spot, message, Sentence("add `calls_out` with the numbers that may be called"))
        if rule.key in queue.keys:
            message = Sentence("key {key} has another meaning in this queue", key=rule.key)
            hint = Sentence("use another key, or take it out of `keys`")
            yield error("duplicate-key", draft.spot(("queues", queue_id, "callback", "key")), message, hint)
        if queue.announce is None:
            message = Sentence("callers hear of callbacks with the announcements, and this queue has none")
            spot = draft.spot(("queues", queue_id, "callback"), key=True)
            yield error("unannounced", spot, message, Sentence("add `announce: {{every: 30s}}` to the queue"))
        yield from _never_called(draft, queue, rule.hours)


def _never_called(draft: Draft, queue: HotlineQueue, hours: str | None) -> Iterator[Problem]:
    """`hours`, in which its citizens are called, have to be open when the queue is."""
    table = draft.hotline.clock_table
    others = {each for each in (draft.hotline.hours, queue.hours) if each not in (None, hours)}
    if hours is None or not others or draft.cut or not {hours, *others} <= table.hours.keys():
        return
    known = [hours, *sorted(each for each in others if each is not None)]
    if not any(each.open.issuperset(known) for each in hour_classes(table, known)):
        message = Sentence("these hours are never open while the queue is, so no citizen is called")
        hint = Sentence("let them open at the same time as {names}", names=one_of(known[1:]))
        yield error("never-open", draft.spot(("queues", queue.id, "callback", "hours")), message, hint)


def _list(draft: Draft, list_id: str, count: int) -> Iterator[Problem]:
    spot = draft.spot((CODES, list_id), key=True)
    if count > MOST_CODES:
        yield error(
            "too-many",
            spot,
            Sentence("{count:,} wrap-up codes", count=count),
            Sentence("use {count} at most, or several lists", count=MOST_CODES),
        )
    rules = (queue.wrap_up_codes for queue in draft.hotline.queues.values())
    used = any(rule is not None and rule.list == list_id for rule in rules)
    if not used and list_id not in draft.mentioned:
        hint = Sentence("add `wrap_up_codes: {{list: {list}}}` to a queue, or take the list out", list=list_id)
        yield warning("unused-codes", spot, Sentence("no queue uses these wrap-up codes"), hint)


def _add(lists: Mapping[str, object]) -> Sentence:
    if lists:
        names = one_of(sorted(lists))
        return Sentence("add it under `{section}`, or use {names}", section=CODES, names=names)
    return Sentence("add it under `{section}`", section=CODES)


def sticky(draft: Draft) -> Iterator[Problem]:
    """`sticky` that does nothing, or that keeps callers waiting for one agent until they leave the queue."""
    for queue_id, queue in draft.hotline.queues.items():
        rule = queue.sticky
        if rule is None:
            continue
        spot = draft.spot(("queues", queue_id, "sticky"), key=True)
        if queue.strategy is Strategy.RING_ALL:
            message = Sentence("`sticky` does nothing in the queue {queue!r}: it rings all agents", queue=queue_id)
            yield warning("no-sticky", spot, message, Sentence("take it out, or use another `strategy`"))
            continue
        shortest = min((each.waited for each in queue.overflow if each.waited is not None), default=None)
        if shortest is not None and rule.wait >= shortest:
            message = Sentence(
                "callers of the queue {queue!r} wait {wait} for the agent of last time, but leave the queue after "
                "{waited}: no other agent would be rung",
                queue=queue_id,
                wait=spoken(rule.wait),
                waited=spoken(shortest),
            )
            hint = Sentence("make `wait` shorter, or `waited` longer")
            yield warning("long-wait", draft.spot(("queues", queue_id, "sticky", "wait")), message, hint)


# Whether somebody can serve each queue, in each language.


def coverage(draft: Draft) -> Iterator[Problem]:
    """Nothing if agents.yaml or the languages cannot be read. Nothing on queues if a part of agents.yaml was left out:
    then it is not known who could serve them.
    """
    languages = draft.hotline.languages
    if draft.agents is None or not languages:
        return
    agents = draft.speaking()
    for queue_id, queue in draft.hotline.queues.items() if draft.agents_whole else ():
        yield from _queue(draft, queue_id, queue, agents, languages)
    yield from _unneeded(draft, agents)


def _queue(
    draft: Draft, queue_id: str, queue: Queue, agents: Sequence[Agent], languages: Sequence[str]
) -> Iterator[Problem]:
    strict = {language for language in languages if _anyone(agents, queue.needs, language)}
    relaxed: dict[str, float] = {}
    for step in queue.relax:
        for language in languages:
            if language not in strict and _anyone(agents, step.needs, language):
                relaxed.setdefault(language, step.after)
    spot = draft.spot(("queues", queue_id, "needs"), key=True)
    needs = ", ".join(f"{skill} {level}" for skill, level in queue.needs.items())
    if not strict and not relaxed:
        message = Sentence("no agent fits the queue {queue!r}: it needs {needs}", queue=queue_id, needs=needs)
        yield error("nobody-fits", spot, message, _remedy(agents, queue.needs))
        return
    nobody = [language for language in languages if language not in strict and language not in relaxed]
    if nobody:
        message = Sentence("nobody in the queue {queue!r} speaks {names}", queue=queue_id, names=one_of(nobody))
        yield warning("nobody-speaks", spot, message, Sentence("give an agent the language, or add a step to `relax`"))
    for language, after in relaxed.items():
        message = Sentence(
            "callers in {language} wait at least {duration} in the queue {queue!r}: nobody has {needs}",
            language=language,
            duration=spoken(after),
            queue=queue_id,
            needs=needs,
        )
        yield warning("only-relaxed", spot, message, Sentence("give an agent the skill and the language, or need less"))


def _anyone(agents: Iterable[Agent], needs: Mapping[str, int], language: str) -> bool:
    return any(agent.fits(needs, language) for agent in agents)


def _remedy(agents: Iterable[Agent], needs: Mapping[str, int]) -> Sentence:
    best: dict[str, int] = {}
    for agent in agents:
        for skill, level in agent.skills.items():
            best[skill] = max(level, best.get(skill, 0))
    for skill, level in needs.items():
        if skill not in best:
            return did_you_mean(
                skill, best, Sentence("give an agent the skill {skill} in agents.yaml", skill=shown(skill))
            )
        if best[skill] < level:
            return Sentence(
                "the best agent has {skill} {best}: need less, or raise this agent's level",
                skill=skill,
                best=best[skill],
            )
    return Sentence("no single agent has all of these skills and a language of the hotline: give them to one")


def _unneeded(draft: Draft, agents: Sequence[Agent]) -> Iterator[Problem]:
    """A skill that no queue asks for is often a slip of the pen."""
    needed = {
        skill
        for queue in draft.hotline.queues.values()
        for needs in (queue.needs, *(step.needs for step in queue.relax))
        for skill in needs
    }
    found_already: set[str] = set()
    for skill in draft.hotline.skills:
        if skill not in needed | draft.mentioned and all(skill not in agent.skills for agent in agents):
            hint = did_you_mean(skill, needed, Sentence("take it out, or add it to the `needs` of a queue"))
            spot = draft.spot(("skills", skill), key=True)
            yield warning(
                "unneeded-skill", spot, Sentence("no queue needs the skill {skill}", skill=shown(skill)), hint
            )
    dialled = {line.dial for line in draft.hotline.sub_hotlines.values()}
    for index, agent in enumerate(agents):
        for skill in agent.skills:
            if skill not in needed | found_already | draft.mentioned:
                found_already.add(skill)
                hint = did_you_mean(skill, needed, Sentence("take it out, or add it to the `needs` of a queue"))
                spot = draft.spot(("agents", index, "skills", skill), key=True)
                yield warning(
                    "unneeded-skill", spot, Sentence("no queue needs the skill {skill}", skill=shown(skill)), hint
                )
        if not agent.skills and agent.id not in dialled:
            spot = draft.spot(("agents", index, "skills"))
            message = Sentence("agent {id} has no skills, and is offered no calls by any queue", id=agent.id)
            yield warning(
                "no-skills", spot, message, Sentence("give the agent a skill, or a sub-hotline that dials the agent")
            )


# Hours at which calls wait in a queue while nobody works who could take them. Pure.


def shifts(draft: Draft) -> Iterator[Problem]:
    """One problem for each queue. Nothing where no agent has hours, or where a part of agents.yaml was left out."""
    hotline, agents = draft.hotline, draft.speaking()
    used = {agent.hours for agent in agents if agent.hours is not None}
    if not used or not draft.agents_whole:
        return
    found_already: set[str] = set()
    for hours in classes(hotline, used):
        for section, name in come_to(hotline, hours):
            if section != "queues" or name in found_already:
                continue
            lacking = _lacking(hotline.queues[name], hotline.languages, agents, hours.open)
            if lacking:
                found_already.add(name)
                message = Sentence(
                    "at times, such as {when}, no agent works who could take calls of the queue {name!r}",
                    when=hours.when,
                    name=name,
                )
                if len(lacking) < len(hotline.languages):
                    spoken = one_of(lacking)
                    message = Sentence(
                        "at times, such as {when}, nobody works in the queue {name!r} who speaks {names}",
                        when=hours.when,
                        name=name,
                        names=spoken,
                    )
                hint = Sentence("give an agent other `hours`, or close the queue then")
                yield warning("nobody-works", draft.spot(("queues", name), key=True), message, hint)


def _lacking(
    queue: HotlineQueue, languages: Sequence[str], agents: Sequence[Agent], open_: AbstractSet[str]
) -> list[str]:
    """The languages in which somebody could take calls of the queue, even after relaxing, but nobody works now."""
    steps = (queue.needs, *(step.needs for step in queue.relax))
    found = []
    for language in languages:
        fit = [agent for agent in agents if any(agent.fits(needs, language) for needs in steps)]
        if fit and not any(agent.hours is None or agent.hours in open_ for agent in fit):
            found.append(language)
    return found
