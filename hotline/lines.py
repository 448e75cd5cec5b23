"""Whether a call can get to the phone or number that each sub-hotline dials, and to the numbers outside."""

import re
from collections.abc import Iterator

from base.hints import did_you_mean, shown
from hotline.document import Path
from hotline.draft import Draft
from hotline.problem import Problem, warning
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
