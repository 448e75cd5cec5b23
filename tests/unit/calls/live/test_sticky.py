"""A sticky queue gets the agent of last time: a whole centre, before the fake Asterisk."""

from typing import Any

from acd.model import StickyRule
from hotline.edition import Edition
from journal.records import Kind
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import FakeCatalogue, Hall, hall
from tests.unit.service.dying import folded
from tests.unit.service.small import hotline

NUMBER, OTHER = "13800138000", "13900139000"
WITHIN = 3_600.0


def edition(**rule: float) -> Edition:
    """The small hotline; its queue `trees` is sticky."""
    queues = hotline().queues
    trees = queues["trees"].model_copy(update={"sticky": StickyRule(within=WITHIN, **rule)})
    return Edition(hotline().model_copy(update={"queues": {**queues, "trees": trees}}), FakeCatalogue())


async def talks(here: Hall) -> None:
    """A citizen talks with 1002, who alone is ready, and both hang up. Then 1001 comes."""
    here.sign_in("1002")
    caller = await here.queued()
    leg = await here.rung()
    await here.answer(leg)
    await here.connect(leg, caller)
    await passes(30)
    await here.agent_hangs_up(leg, caller)
    await passes(3 * PROMPT)
    caller.hang_up()
    await settles()
    here.takes_a_break("1002")
    here.sign_in("1001")
    await passes(1)
    here.sign_in("1002")
    await settles()


async def calls(here: Hall, channel: str, number: str, **headers: str) -> dict[str, Any]:
    """The Record `queued` of somebody who calls now."""
    caller = here.caller(channel, callerid=number, **headers)
    await passes(PROMPT / 2)
    caller.press("1")
    await passes(3 * PROMPT)
    return dict(here.told(Kind.QUEUED)[-1])


@folded
@fake_time
async def test_who_rings_again_gets_the_agent_of_last_time_also_after_a_restart(folded: bool) -> None:
    async with hall(edition=edition(wait=20)) as before:
        await talks(before)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            queued = await calls(here, "caller-2", NUMBER)
            assert (queued["sticky"], queued["sticky_wait_s"]) == ("1002", 20)
            assert here.told(Kind.OFFERED)[-1]["rule"] == "sticky"
            assert "sticky" not in await calls(here, "caller-3", OTHER)


@fake_time
async def test_only_within_the_limit() -> None:
    async with hall(edition=edition()) as here:
        await talks(here)
        await passes(WITHIN)
        assert "sticky" not in await calls(here, "caller-2", NUMBER)


@fake_time
async def test_a_forgotten_number_has_no_agent_of_last_time() -> None:
    async with hall(edition=edition()) as here:
        await talks(here)
        here.centre.last_agents.forget(NUMBER)
        assert "sticky" not in await calls(here, "caller-2", NUMBER)


@fake_time
async def test_a_queue_that_is_not_sticky_rings_by_its_strategy() -> None:
    async with hall() as here:
        await talks(here)
        assert "sticky" not in await calls(here, "caller-2", NUMBER)
        assert here.centre.last_agents.of(NUMBER) == {}
