"""Which agent rings, is asked or talks in a call, and was not chosen by the queue: a colleague to whom the caller was
sent, whom the agent of the talk consults, or whose phone is a department's. Pure.
"""

from acd.events import Company, CompanyChanged
from calls.life import Life
from calls.places import AtLine, Doing, Hold, Line, Talking, Transfer

_DOING = {Doing.CALLING: Company.RINGS, Doing.ASKING: Company.ASKED, Doing.BRINGING: Company.ASKED}


def tell(life: Life) -> None:
    """Tell the distributor, if this has changed."""
    now, before = found(life), life.company
    if now == before:
        return
    if before is not None and (now is None or now.agent_id != before.agent_id):
        life.tell(CompanyChanged(life.id, before.agent_id, None))
    if now is not None:
        life.tell(now)
    life.company = now


def found(life: Life) -> CompanyChanged | None:
    """As the place of the call says; None: nobody."""
    match life.place:
        case AtLine(line, answered):
            return _of(life, line, Company.TALKS if answered else Company.RINGS)
        case Talking(hold=Hold(doing=doing, line=line)) if line is not None and doing in _DOING:
            return _of(life, line, _DOING[doing])
        case Talking(third=line) if line is not None:
            return _of(life, line, Company.TALKS)
    return None


def _of(life: Life, line: Line, company: Company) -> CompanyChanged | None:
    number = life.number_of(line)
    if number not in life.edition.hotline.agents:
        return None
    queue = life.queue or (line.queue if isinstance(line, Transfer) else "") or life.talker.queue
    return CompanyChanged(life.id, number, company, queue or None, life.arrival.test)
