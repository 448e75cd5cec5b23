"""Whether somebody can serve each queue, in each language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from acd.model import Queue
from agents.model import Agent
from base.hints import did_you_mean, one_of, shown
from hotline.draft import Draft
from hotline.durations import spoken
from hotline.problem import Problem, error, warning
from sentences.sentence import Sentence


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
    told: set[str] = set()
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
            if skill not in needed | told | draft.mentioned:
                told.add(skill)
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
