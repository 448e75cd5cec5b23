"""Numbers that mean two things at once: dialled numbers, extensions, agents' ids and sub-hotlines share one plan."""

from collections.abc import Iterator

from agents.states import CODES
from agents.states import EMERGENCY_CODE as EMERGENCY
from hotline.document import Path
from hotline.draft import Draft
from hotline.problem import Problem, error


def numbering(draft: Draft) -> Iterator[Problem]:
    """One problem for every number that was taken before. A sub-hotline may be an agent's phone: that is no clash."""
    hotline = draft.hotline
    taken: dict[str, str] = {code: f"an agent's code ({state})" for code, (state, _) in CODES.items()}
    taken[EMERGENCY] = "the code for emergency messages"

    def take(path: Path, number: str, what: str) -> Iterator[Problem]:
        if number in taken:
            message = f"{number} is {taken[number]} already"
            yield error("duplicate-number", draft.spot(path), message, "give each its own number")
        else:
            taken[number] = what

    for index, number in enumerate(hotline.numbers):
        yield from take(("numbers", index, "number"), number, "a number of the hotline")
    for queue_id, queue in hotline.queues.items():
        if queue.extension is not None:
            yield from take(("queues", queue_id, "extension"), queue.extension, f"the extension of queue {queue_id}")
    for line_id, line in hotline.sub_hotlines.items():
        if line.extension is not None:
            what = f"the extension of sub-hotline {line_id}"
            yield from take(("sub_hotlines", line_id, "extension"), line.extension, what)
    for line_id, line in hotline.sub_hotlines.items():
        if line.dial in taken:
            message = f"{line.dial} is {taken[line.dial]} already"
            yield error(
                "duplicate-number",
                draft.spot(("sub_hotlines", line_id, "dial")),
                message,
                "dial the department's own number",
            )
    lines: dict[str, int] = {}
    for index, agent in enumerate(draft.agents or ()):
        path = ("agents", index, "id")
        if agent.id in lines:
            message = f"the agent {agent.id} is given twice, first in line {lines[agent.id]}"
            yield error("duplicate-agent", draft.spot(path), message, "give each agent a different id")
            continue
        lines[agent.id] = draft.spot(path).line
        yield from take(path, agent.id, "the id of an agent")
    for number in hotline.outside_numbers:
        if number in taken:
            message, hint = f"{number} is {taken[number]} already", "agents can call it without this line"
            yield error("duplicate-number", draft.spot(("outside_numbers", number), key=True), message, hint)
