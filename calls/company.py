"""Which agents ring, are asked or talk in a call, and were not chosen by the queue: a colleague to whom the caller was
sent, whom the agent of the talk consults, or whose phone is a department's. Pure.
"""

from collections.abc import Iterator, Mapping

from acd.events import Company, CompanyChanged
from calls.life import Life
from calls.states import AtLine, Doing, Hold, InQueue, Line, State, Talking, Transfer

_DOING = {Doing.CALLING: Company.RINGS, Doing.ASKING: Company.ASKED, Doing.BRINGING: Company.ASKED}


def tell(life: Life) -> None:
    """Tell the distributor, if this has changed."""
    if life.company == (now := found(life)):
        return
    for agent_id in life.company.keys() - now.keys():
        life.tell(CompanyChanged(life.id, agent_id, None))
    for agent_id, changed in now.items():
        if changed != life.company.get(agent_id):
            life.tell(changed)
    life.company = now


def found(life: Life) -> Mapping[str, CompanyChanged]:
    """As the state of the call says, by agents."""
    agents = life.edition.hotline.agents
    return {
        number: CompanyChanged(life.id, number, company, _queue(life, line), life.arrival.test)
        for line, company in _lines(life.state)
        if (number := life.number_of(line)) in agents
    }


def _lines(state: State) -> Iterator[tuple[Line, Company]]:
    match state:
        case AtLine(line, answered):
            yield line, Company.TALKS if answered else Company.RINGS
    match state:
        case Talking(hold=Hold(doing=doing, line=asked)) | AtLine(hold=Hold(doing=doing, line=asked)):
            if asked is not None and not isinstance(asked, InQueue) and doing in _DOING:
                yield asked, _DOING[doing]
        case Talking(third=third) | AtLine(third=third) if third is not None:
            yield third, Company.TALKS


def _queue(life: Life, line: Line) -> str | None:
    return life.queue or (line.queue if isinstance(line, Transfer) else "") or life.talker.queue or None
