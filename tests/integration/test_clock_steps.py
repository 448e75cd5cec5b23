"""The machine's clock is stepped while the service runs and while it is away: nothing it decides or tells follows."""

import time
from typing import Any

import pytest

from tests.integration.conversations import connected
from tests.integration.test_service_away import ready, works
from tests.integration.world import World, record

DAY = 86_400.0


@pytest.mark.parametrize("step", [-DAY, DAY], ids=["back", "forward"])
async def test_a_clock_that_steps(hotline: World, monkeypatch: pytest.MonkeyPatch, step: float) -> None:
    """In a talk: its length, the wrap-up and the order of the Records are as without; nor is a restart earlier."""
    real, off = time.time, 0.0
    monkeypatch.setattr(time, "time", lambda: real() + off)
    agent = await hotline.agent("1001")
    call, offer = await connected(hotline, agent)
    off = step
    await offer.hang_up()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.ended()
    assert 0 <= record(told, "talk-ended")["talked_s"] < 60
    assert times(told) == sorted(times(told))
    await hotline.see_agent("1001", state="ready")  # wrap-up: 1 s
    await works(hotline, "1001", agent, "13900139000")
    last = max(times(await hotline.ended("13900139000")))

    await hotline.stop_service()
    await hotline.start_service()
    await ready(hotline, 200)
    await works(hotline, "1001", agent, "13700137000")
    assert min(times(await hotline.ended("13700137000"))) >= last


def times(call: Any) -> list[str]:
    """When each step of the story was, as text that sorts."""
    return [step["at"] for step in call["story"]]
