"""A call that one person places alone, to hear the hotline work."""

from pathlib import Path
from typing import Any

import httpx

from tests.integration.world import World, kinds, record
from tests.phone.ear import Ear, ulaw_of


async def place(hotline: World, **order: Any) -> httpx.Response:
    return await hotline.http.post("/api/v1/calls", json={"number": "12319", "seconds": 60, **order})


async def test_keys_lead_to_an_agent_and_all_is_told_and_recorded(hotline: World) -> None:
    agent = await hotline.agent("1003")
    placed = await place(hotline, keys=["2", "1"], record=True)
    assert placed.status_code == 201, placed.text
    call_id, recording = placed.json()["call_id"], Path(placed.json()["recording"])
    offer = await agent.incoming(timeout=20)
    await offer.answer()
    offer.send_tone(440)
    await hotline.see_queue("general", talking=1)
    await offer.hang_up()
    told = await hotline.see(f"calls/{call_id}", lambda call: call["state"] == "ended")
    assert [step["menu"] for step in told["story"] if step["kind"] == "menu-entered"] == ["main", "water"]
    assert [step["key"] for step in told["story"] if step["kind"] == "key-pressed"] == ["2", "1"]
    assert (told["queue"], told["agent"], told["outcome"]) == ("general", "1003", "answered")
    assert record(told, "said")["text"].startswith("您好")
    heard = Ear(keep=600)
    heard.receive(ulaw_of(recording))
    await heard.hears_recording(hotline.clip(hotline.hotline.greeting), timeout=0.1)
