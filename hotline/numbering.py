"""Numbers that mean two things at once: dialled numbers, extensions, agents' ids and sub-hotlines share one plan."""

from collections.abc import Iterator

from agents.states import CODES
from agents.states import EMERGENCY_CODE as EMERGENCY
from hotline.document import Path
from hotline.draft import Draft
from hotline.problem import Problem, error
from sentences.sentence import Sentence


def numbering(draft: Draft) -> Iterator[Problem]:
    """One problem for every number that was taken before. A sub-hotline may be an agent's phone: that is no clash."""
    hotline = draft.hotline
    taken: dict[str, str] = {
        code: Sentence("an agent's code ({state})", state=state) for code, (state, _) in CODES.items()
    }
    taken[EMERGENCY] = Sentence("the code for emergency messages")

    def take(path: Path, number: str, what: str) -> Iterator[Problem]:
        if number in taken:
            message = Sentence("{number} is {what} already", number=number, what=taken[number])
            yield error("duplicate-number", draft.spot(path), message, Sentence("give each its own number"))
        else:
            taken[number] = what

    for index, number in enumerate(hotline.numbers):
        yield from take(("numbers", index, "number"), number, Sentence("a number of the hotline"))
    for queue_id, queue in hotline.queues.items():
        if queue.extension is not None:
            yield from take(
                ("queues", queue_id, "extension"),
                queue.extension,
                Sentence("the extension of queue {name}", name=queue_id),
            )
    for line_id, line in hotline.sub_hotlines.items():
        if line.extension is not None:
            what = Sentence("the extension of sub-hotline {name}", name=line_id)
            yield from take(("sub_hotlines", line_id, "extension"), line.extension, what)
    for line_id, line in hotline.sub_hotlines.items():
        if line.dial in taken:
            message = Sentence("{number} is {what} already", number=line.dial, what=taken[line.dial])
            yield error(
                "duplicate-number",
                draft.spot(("sub_hotlines", line_id, "dial")),
                message,
                Sentence("dial the department's own number"),
            )
    lines: dict[str, int] = {}
    for index, agent in enumerate(draft.agents or ()):
        path = ("agents", index, "id")
        if agent.id in lines:
            message = Sentence("the agent {id} is given twice, first in line {line}", id=agent.id, line=lines[agent.id])
            yield error("duplicate-agent", draft.spot(path), message, Sentence("give each agent a different id"))
            continue
        lines[agent.id] = draft.spot(path).line
        yield from take(path, agent.id, Sentence("the id of an agent"))
    for number in hotline.outside_numbers:
        if number in taken:
            message, hint = (
                Sentence("{number} is {what} already", number=number, what=taken[number]),
                Sentence("agents can call it without this line"),
            )
            yield error("duplicate-number", draft.spot(("outside_numbers", number), key=True), message, hint)
