"""Hours at which calls wait in a queue while nobody works who could take them. Pure."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from agents.model import Agent
from base.hints import one_of
from hotline.draft import Draft
from hotline.model import HotlineQueue
from hotline.problem import Problem, warning
from hotline.proof import classes, come_to
from sentences.sentence import Sentence


def shifts(draft: Draft) -> Iterator[Problem]:
    """One problem for each queue. Nothing where no agent has hours, or where a part of agents.yaml was left out."""
    hotline, agents = draft.hotline, draft.speaking()
    used = {agent.hours for agent in agents if agent.hours is not None}
    if not used or not draft.agents_whole:
        return
    told: set[str] = set()
    for hours in classes(hotline, used):
        for section, name in come_to(hotline, hours):
            if section != "queues" or name in told:
                continue
            lacking = _lacking(hotline.queues[name], hotline.languages, agents, hours.open)
            if lacking:
                told.add(name)
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
