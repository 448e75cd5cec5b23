"""A callback whose agent is rung first, at the desk: what was promised, and that a mailbox has answered."""

import pytest
from playwright.async_api import Browser, expect

from acd.events import Company
from agents.states import AgentState
from journal.records import Kind, Record
from tests.console.browser import complaints
from tests.console.seat import AGENT, NUMBER, QUEUE, seat
from tests.console.stage import late_morning
from tests.unit.callbacks.promises import promised

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_agent_who_is_rung_first_sees_the_promise_and_says_that_a_mailbox_has_answered(
    browser: Browser,
) -> None:
    world = late_morning()
    promised(world, "b1", NUMBER, QUEUE, world.now, 900.0)
    async with seat(browser, world) as (here, _):
        page, now, write = here.page, world.now, world.desk.centre.recorder.write
        data = {"number": NUMBER, "language": "zh", "callback": "b1"}
        more = {"shown": "12319", "promised": [now, now + 600]}
        write(Record(now, Kind.CALL_OUT_DIALLED, "out", QUEUE, AGENT, data={**data, **more}))
        here.set(state=AgentState.RINGING, call_id="out", queue=QUEUE, since=now, sent=Company.RINGS)
        await here.telephone.ring(NUMBER, "供水")
        await expect(page.get_by_text("a callback: the citizen is called once you answer")).to_be_visible()
        await expect(page.get_by_text("Promised: ")).to_be_visible()
        assert await complaints(page) == []
        await page.keyboard.press("a")
        await here.telephone.hears("200")
        write(Record(now, Kind.CALL_OUT_ANSWERED, "out", QUEUE, AGENT, data=data))
        here.set(state=AgentState.ON_CALL, since=now, sent=Company.TALKS)
        await page.get_by_role("button", name="Not reached (a mailbox)").click()
        await expect(page.get_by_text("Noted as not reached.")).to_be_visible()
        assert await complaints(page) == []
