"""An agent is rung again at the hang-up: the phone is free before Asterisk has ended its old channel."""

import asyncio
import itertools
from pathlib import Path

import pytest

from lab.phone import Phone
from tests.integration.conversations import hear_each_other, queued
from tests.integration.world import World, kinds

CALLS = 60


@pytest.fixture
def hotline_folder(hotline_folder: Path) -> Path:
    """No wrap-up."""
    queues = hotline_folder / "hotline.yaml"
    queues.write_text(queues.read_text().replace("wrap_up: 1s", "wrap_up: 0s"))
    return hotline_folder


async def test_call_after_call_without_a_pause_and_none_is_lost(hotline: World) -> None:
    agents = {agent_id: await hotline.agent(agent_id) for agent_id in ("1001", "1002")}
    taken = 0

    async def work(agent_id: str, phone: Phone) -> None:
        nonlocal taken
        while taken < CALLS:
            taken += 1
            offer = await phone.incoming()
            await offer.answer()
            await offer.hears(800)
            await offer.hang_up()
        await hotline.set_state(agent_id, "not-ready")

    async def need(line: int) -> None:
        for number in itertools.count():
            call = await queued(hotline, "1", f"1380013{line}{number:03}")
            call.send_tone(800)
            await call.ended()

    calling = [asyncio.create_task(need(line)) for line in range(8)]
    try:
        await asyncio.gather(*(work(agent_id, phone) for agent_id, phone in agents.items()))
    finally:
        for task in calling:
            task.cancel()
        await asyncio.wait(calling)
    stories = [await hotline.story(call["id"]) for call in await hotline.get("calls?limit=500")]
    assert sum(kinds(story).count("connected") for story in stories) == CALLS
    assert [story["id"] for story in stories if "offer-failed" in kinds(story)] == []


async def test_an_agent_with_another_call_is_not_free_when_the_caller_s_is_over(hotline: World) -> None:
    agent, colleague = await hotline.agent("1001"), await hotline.agent_phone("2200")
    call = await queued(hotline, "1")
    offer = await agent.incoming()
    await offer.answer()
    await hear_each_other(call, offer)
    own = await agent.place("2200")
    await (await colleague.incoming()).answer()
    await own.answered()
    await queued(hotline, "1", "13900139000")
    await offer.hang_up()
    await call.ended()
    view = await hotline.see_agent("1001", state="ready")
    assert view["phone"] == "busy"
    assert [one for one in agent.calls if one is not own] == []
    await own.hang_up()
    assert (await agent.incoming()).caller_number == "13900139000"
