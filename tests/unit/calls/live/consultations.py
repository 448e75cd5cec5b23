"""Callers on hold, and agents who consult meanwhile, as the tests of both begin."""

from calls.states import Doing, Talking, Transfer
from ivr.model import ToSubHotline
from journal.actor import Actor
from journal.records import Kind
from tests.unit.asterisk.caller import Caller
from tests.unit.asterisk.leg import Leg
from tests.unit.faketime import passes
from tests.unit.service.calling import Hall
from tests.unit.service.dying import talks

WANG = Actor.user("wang")
COLLEAGUE = Transfer("2201", "1001", "trees")
HELD = [Kind.HELD, Kind.CONSULT_ASKED, Kind.CONSULT_ANSWERED]


def consult(here: Hall, line: ToSubHotline | str = "2201") -> None:
    here.orders.consult(here.call().id, line, WANG)


async def on_hold(here: Hall) -> tuple[Caller, Leg]:
    caller, leg = await talks(here)
    here.orders.hold(here.call().id, WANG)
    await here.heard()
    return caller, leg


async def consulting(here: Hall, line: ToSubHotline | str = "2201") -> tuple[Caller, Leg]:
    """The agent talks with a colleague."""
    caller, leg = await talks(here)
    consult(here, line)
    await passes(1)
    leg.is_consulted()
    await here.heard()
    return caller, leg


async def complete(here: Hall, *, own: bool = True) -> None:
    await here.orders.complete(here.call().id, WANG, own=own)
    await passes(1)


def doing(here: Hall) -> Doing | None:
    """What the agent does meanwhile; None: the two talk."""
    state = here.call().machine.state
    assert isinstance(state, Talking), state
    return None if state.hold is None else state.hold.doing
