"""Where a caller goes who takes over another call: an agent's own, in an attended transfer."""

from dataclasses import replace

import pytest

from calls.machine import CallMachine
from calls.states import Arriving, Entering, Gone, Leaving, Stage, State, Talking, Waiting
from ivr.model import Destination, ToMenu, ToQueue, ToSubHotline
from tests.unit.calls.steps import ARRIVAL, EDITION, MENU

QUEUE, LINE, MAIN = ToQueue(queue="trees"), ToSubHotline(sub_hotline="bureau"), ToMenu(menu="main")


@pytest.mark.parametrize(
    ("to", "state", "given"),
    [
        (QUEUE, Arriving(), QUEUE),  # just dialled
        (LINE, Arriving(Stage.ANSWER), LINE),
        (None, Arriving(), MAIN),
        (QUEUE, Entering("trees"), QUEUE),
        (QUEUE, Waiting("trees"), QUEUE),
        (QUEUE, Gone("trees"), QUEUE),
        (None, MENU, MAIN),
        (QUEUE, Talking("trees", "o-1", "1002"), QUEUE),  # in the moment in which this agent was connected
        (QUEUE, Talking(None, "o-1", "1002"), MAIN),
        (None, Leaving(), MAIN),
    ],
)
def test_the_server_that_is_given(to: Destination | None, state: State, given: Destination) -> None:
    machine = CallMachine(replace(ARRIVAL, to=to), EDITION, link_up=True)
    machine.state = state
    assert machine.given == given
