"""Whether a call can get to each phone and number outside, and whether a number means two things."""

import re
from collections.abc import Iterator

from agents.states import CODES, RECORDING_CODE
from agents.states import EMERGENCY_CODE as EMERGENCY
from base.hints import did_you_mean, shown
from hotline.calls_out import goes_abroad
from hotline.document import Path
from hotline.draft import Draft
from hotline.problem import Problem, error, warning
from sentences.sentence import Sentence

UNREACHED = ("undiallable", "no-trunk")
"""The codes of its problems."""

_DIALLABLE = re.compile(r"\+?[*#]*[0-9][0-9*#]*")


def dial(name: str) -> Path:
    """Where the file says what the sub-hotline `name` dials."""
    return "sub_hotlines", name, "dial"


def lines(draft: Draft, trunk: bool | None) -> Iterator[Problem]:
    """`trunk`: whether there is a line to the telephone network; None: not known. Numbers are not judged then, nor
    while it is not known who the agents are.
    """
    agents = {agent.id for agent in draft.agents or ()}
    known = draft.agents is not None and draft.agents_whole
    for name, line in draft.hotline.sub_hotlines.items():
        number, spot = line.dial, draft.spot(dial(name))
        if not _DIALLABLE.fullmatch(number):
            hint = Sentence("use an agent's id, or digits, with + at the beginning only")
            yield warning("undiallable", spot, Sentence("nobody has the number {number}", number=shown(number)), hint)
        elif known and trunk is False and number not in agents:
            message = Sentence(
                "{number} is not an agent's id, and there is no trunk to dial it: nobody would be reached",
                number=shown(number),
            )
            hint = did_you_mean(number, agents, Sentence("use an agent's id, or set a trunk as docs/trunk.md says"))
            yield warning("no-trunk", spot, message, hint)
    for number in draft.hotline.outside_numbers:
        spot = draft.spot(("outside_numbers", number), key=True)
        if not _DIALLABLE.fullmatch(number):
            hint = Sentence("use digits, with + at the beginning only")
            yield warning("undiallable", spot, Sentence("nobody has the number {number}", number=shown(number)), hint)
        elif trunk is False:
            message = Sentence("there is no trunk to dial {number}: agents cannot reach it", number=shown(number))
            yield warning("no-trunk", spot, message, Sentence("set a trunk as docs/trunk.md says"))


def calls_out(draft: Draft, trunk: bool | None) -> Iterator[Problem]:
    """Calls to citizens: the numbers that they see, and forms that allow more than was meant."""
    hotline = draft.hotline
    for queue_id, queue in hotline.queues.items():
        if queue.number is not None and queue.number not in hotline.numbers:
            message = Sentence("{number} is not a number of this hotline", number=shown(queue.number))
            hint = did_you_mean(queue.number, hotline.numbers, Sentence("use one of `numbers`"))
            yield error("unknown-number", draft.spot(("queues", queue_id, "number")), message, hint)
    if hotline.calls_out is None:
        return
    for index, form in enumerate(hotline.calls_out.allowed):
        if goes_abroad(form):
            spot = draft.spot(("calls_out", "allowed", index))
            message = Sentence("{form} allows calls abroad: such numbers begin with 00", form=shown(form))
            yield warning("calls-abroad", spot, message, Sentence("write the first digits as they are"))
    if trunk is False:
        spot = draft.spot(("calls_out",), key=True)
        message = Sentence("there is no trunk: agents cannot call citizens")
        yield warning("no-trunk", spot, message, Sentence("set a trunk as docs/trunk.md says"))


# Numbers that mean two things at once: dialled numbers, extensions, agents' ids and sub-hotlines share one plan.


def numbering(draft: Draft) -> Iterator[Problem]:
    """One problem for every number that was taken before. A sub-hotline may be an agent's phone: that is no clash."""
    hotline = draft.hotline
    taken: dict[str, str] = {
        code: Sentence("an agent's code ({state})", state=state) for code, (state, _) in CODES.items()
    }
    taken[RECORDING_CODE] = Sentence("the code that lets a recording pause")
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
