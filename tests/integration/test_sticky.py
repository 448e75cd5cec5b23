"""In a sticky queue a caller who rings again gets the agent of last time."""

from pathlib import Path

import pytest

from lab.phone import Phone
from tests.integration.conversations import connected, queued, taken
from tests.integration.world import World, kinds, record


@pytest.fixture
def hotline_folder(hotline_folder: Path) -> Path:
    """The first queue is sticky, and its wrap-up long enough to ring again in it."""
    queues = hotline_folder / "hotline.yaml"
    text, greening = queues.read_text(), "needs: {greening: 3}\n    ring: 120s\n    wrap_up: 1s\n"
    assert greening in text
    sticky = greening.replace("1s", "8s") + "    sticky: {within: 24h, wait: 60s}\n"
    queues.write_text(text.replace(greening, sticky))
    return hotline_folder


async def talked(hotline: World) -> tuple[Phone, Phone]:
    """A citizen has talked with 1001, who has been idle longest, and has hung up. 1002 is ready, too."""
    one = await hotline.agent("1001")
    other = await hotline.agent("1002")
    call, _ = await connected(hotline, one)
    await call.hang_up()
    await hotline.see_agent("1001", state="wrap-up")
    return one, other


async def test_who_rings_again_gets_the_same_agent_though_the_other_is_idle_longer(hotline: World) -> None:
    one, _ = await talked(hotline)
    await hotline.see_agent("1001", state="ready")
    await hotline.stop_service()
    await hotline.start_service()
    await hotline.see_agent("1001", state="ready", phone="free")
    await hotline.see_agent("1002", state="ready", phone="free")
    call = await queued(hotline, "1")
    await taken(call, one)
    await call.hang_up()
    await hotline.see_agent("1001", state="ready")
    stranger = await queued(hotline, "1", "13900139000")
    await hotline.see_agent("1002", state="ringing")
    await stranger.hang_up()
    story = await hotline.see("calls", lambda calls: all(each["state"] == "ended" for each in calls))
    rules = []
    for each in story:
        known = await hotline.see(f"calls/{each['id']}", lambda call: "call-finished" in kinds(call))
        rules.append(record(known, "offered")["rule"])
    assert sorted(rules) == ["longest-idle", "longest-idle", "sticky"]


async def test_who_rings_again_in_the_wrap_up_waits_for_that_agent_and_holds_nobody_up(hotline: World) -> None:
    one, other = await talked(hotline)
    call = await queued(hotline, "1")
    (waiting,) = await hotline.see("queues/greening/callers", lambda callers: len(callers) == 1)
    assert (waiting["why"]["obstacle"], waiting["why"]["sticky"]["agent"]) == ("sticky", "1001")
    assert waiting["position"] == 1
    later = await queued(hotline, "1", "13900139000")
    offer = await taken(later, other)
    assert offer.caller_number == "13900139000"
    offer = await taken(call, one)
    assert offer.caller_number == "13800138000"
    await hotline.see_agent("1001", state="on-call")
