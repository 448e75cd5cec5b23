"""What tests of calls share: where they begin, and what a story has. Also tests in which the service dies."""

from collections import Counter

import pytest

from journal.records import Kind
from tests.unit.asterisk.caller import PROMPT, Caller
from tests.unit.asterisk.leg import Leg
from tests.unit.faketime import passes
from tests.unit.service.calling import Hall

APOLOGY = "We are sorry, something went wrong. We are connecting you again. Please hold the line."

MAINTENANCE = "We are sorry, the hotline is closed for maintenance. Please call again later."

folded = pytest.mark.parametrize("folded", [False, True], ids=["snapshot", "records"])
sessions_first = pytest.mark.parametrize("sessions_first", [True, False], ids=["agi-first", "ami-first"])


def story(here: Hall) -> Counter[str]:
    """How often the only call's story has each kind that may be there once."""
    once = (Kind.CALL_STARTED, Kind.QUEUED, Kind.CONNECTED, Kind.TALK_ENDED, Kind.CALL_FINISHED)
    return Counter(kind.value for kind in here.kinds() if kind in once)


def whole(**more: int) -> dict[str, int]:
    return {"call-started": 1, "call-finished": 1, **{kind.replace("_", "-"): n for kind, n in more.items()}}


async def talks(here: Hall, agent_id: str = "1001") -> tuple[Caller, Leg]:
    caller = await here.queued()
    here.sign_in(agent_id)
    ring = await here.rung()
    await here.answer(ring)
    await here.connect(ring, caller)
    await passes(5)
    return caller, ring


async def rings(before: Hall) -> tuple[Caller, Leg]:
    caller = await before.queued()
    before.sign_in()
    return caller, await before.rung()


async def put_through(before: Hall) -> Caller:
    caller = before.caller()
    await passes(1)
    caller.press("2")
    await passes(3 * PROMPT + 1)
    assert caller.dialled is not None
    return caller


def is_not_fetched(hall: Hall) -> None:
    """The service dies before Asterisk gives back the caller, who was sent on."""
    hall.asterisk.deaf.add("BridgeKick")
