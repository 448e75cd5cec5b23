"""A call that one person places alone, to hear the hotline work."""

from array import array
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from lab.patience import patience
from lab.stalls import Stalls
from tests.integration.conversations import length, recorded
from tests.integration.world import World, kinds, record


async def place(hotline: World, number: str = "12319", **order: Any) -> httpx.Response:
    return await hotline.http.post("/api/v1/calls", json={"number": number, **order})


async def ended(hotline: World, call_id: str) -> Any:
    return await hotline.see(f"calls/{call_id}", lambda call: call["state"] == "ended")


def pressed(call: Any) -> list[str]:
    """The keys of a call's story, wrong ones too."""
    return [step["key"] for step in call["story"] if step["kind"] in ("key-pressed", "invalid-key")]


async def test_keys_lead_to_an_agent_and_all_is_told_and_recorded(hotline: World) -> None:
    agent = await hotline.agent("1003")
    placed = await place(hotline, keys=["2", "1"], record=True)
    assert placed.status_code == 201, placed.text
    offer = await agent.incoming()
    await offer.answer()
    offer.send_tone(440)
    await hotline.see_queue("general", talking=1)
    await offer.hang_up()
    told = await ended(hotline, placed.json()["call_id"])
    assert [step["menu"] for step in told["story"] if step["kind"] == "menu-entered"] == ["main", "water"]
    assert pressed(told) == ["2", "1"]
    assert (told["number"], told["queue"], told["agent"]) == ("12319", "general", "1003")
    assert (told["outcome"], told["language"]) == ("answered", "zh")
    who = {kind: record(told, kind).get("actor") for kind in kinds(told)}
    assert (who["call-started"], who["key-pressed"], who["menu-entered"]) == ("token:local", "caller", None)
    assert (who["offer-answered"], who["talk-ended"]) == ("agent:1003", "agent:1003")
    recording = Path(placed.json()["recording"])
    assert recorded(recording, hotline.clip(hotline.hotline.greeting)) > 0.5
    assert recorded(recording, hotline.menu("water")) > 0.5


async def test_a_robot_agent_answers_and_no_agent_is_rung(hotline: World) -> None:
    """The whole way, with the whisper: menu, queue, ring, talk, goodbye. Nothing but the story tells of it."""
    ready = await hotline.agent("1003")
    before = await hotline.get("agents")
    placed = [await place(hotline, keys=["0"], record=True, answer=True) for _ in range(2)]
    for each in placed:
        assert each.status_code == 201, each.text
        told = await ended(hotline, each.json()["call_id"])
        assert (told["outcome"], told["queue"], told["agent"]) == ("answered", "general", "robot")
        steps = [kind for kind in kinds(told) if kind not in ("said", "key-pressed", "menu-entered")]
        talk = ["queued", "offered", "offer-answered", "connected", "talk-ended"]
        assert steps == ["call-started", *talk, "call-finished"]
        assert record(told, "talk-ended")["by"] == "agent"
        heard = Path(each.json()["recording"])
        assert recorded(heard, hotline.clip("robot-agent")) > 0.9, "all of it, after the bridge"
        assert recorded(heard, hotline.clip(hotline.hotline.goodbye)) > 0.5
    assert await hotline.get("agents") == before
    assert not ready.calls
    assert (await hotline.get("queues/general"))["service_level"]["percent"] is None
    page = (await hotline.http.get("/metrics")).text
    assert {line.split()[1] for line in page.splitlines() if line.startswith("wutong_calls_total{")} == {"0.0"}


async def test_a_robot_agent_speaks_english_to_a_caller_of_english(hotline: World) -> None:
    placed = await place(hotline, language="en", keys=["0"], record=True, answer=True)
    await ended(hotline, placed.json()["call_id"])
    assert recorded(Path(placed.json()["recording"]), hotline.clip("robot-agent", "en")) > 0.9


async def test_a_restart_in_the_talk_with_a_robot_agent_harms_nobody(hotline: World) -> None:
    ready = await hotline.agent("1003")
    placed = await place(hotline, keys=["0"], answer=True)
    await hotline.see_queue("general", talking=1)
    await hotline.stop_service()
    await hotline.start_service()
    told = await ended(hotline, placed.json()["call_id"])
    assert told["outcome"] == "answered"
    assert record(told, "said")["text"]
    assert not ready.calls
    await hotline.see_queue("general", waiting=0, talking=0)


async def test_a_caller_who_hangs_up_ends_the_robot_agent(hotline: World) -> None:
    placed = await place(hotline, keys=["0"], answer=True, seconds=6)
    told = await ended(hotline, placed.json()["call_id"])
    assert record(told, "talk-ended")["by"] == "caller"
    async with patience("the end of all channels"):
        while "0 active channels" not in (said := await hotline.asterisk.command("core show channels")):
            assert said


async def test_it_is_no_citizens_call_also_where_an_agent_sends_it(hotline: World) -> None:
    agent = await hotline.agent("1003")
    placed = await place(hotline, keys=["0"], seconds=300)
    assert placed.status_code == 201, placed.text
    offer = await agent.incoming()
    await offer.answer()
    await hotline.see_queue("general", talking=1)
    assert (await hotline.get("agents/1003"))["test"]
    await offer.blind_transfer("6001")
    await hotline.see_queue("greening", waiting=1)
    assert [call["test"] for call in await hotline.get("calls?queue=greening")] == [True]
    assert (await hotline.get(f"calls/{placed.json()['call_id']}"))["test"]
    assert (await hotline.get("queues/general"))["service_level"]["percent"] is None
    page = (await hotline.http.get("/metrics")).text
    assert {line.split()[1] for line in page.splitlines() if line.startswith("wutong_calls_total{")} == {"0.0"}


async def test_a_recording_is_as_long_as_the_call_silence_included(hotline: World, stalled: Stalls) -> None:
    placed = await place(hotline, seconds=8, record=True)
    told = await ended(hotline, placed.json()["call_id"])
    assert record(told, "said")["text"], "the rest of the call is silence: nobody presses a key"
    began, over = (datetime.fromisoformat(told[moment]) for moment in ("started", "ended"))
    recording, greeting = Path(placed.json()["recording"]), hotline.clip(hotline.hotline.greeting)
    assert length(recording) == pytest.approx((over - began).total_seconds(), abs=0.5 + stalled.seconds)
    assert recorded(recording, greeting) > 0.9 - stalled.seconds / length(greeting)


async def test_a_recording_has_the_music_of_a_caller_who_is_held(hotline: World, stalled: Stalls) -> None:
    placed = await place(hotline, keys=["0"], seconds=14, record=True)
    told = await ended(hotline, placed.json()["call_id"])
    assert [record(told, "announced")["nobody"], told["outcome"]] == [True, "abandoned"]
    recording = Path(placed.json()["recording"])
    assert recorded(recording, hotline.clip("nobody-there")) > 0.5
    held = seconds_after(told, "announced") - length(hotline.clip("nobody-there")) - 1
    assert held > 3, "else there is too little to hear"
    assert music(recording, held) > 0.8 - stalled.seconds / held


def seconds_after(told: Any, kind: str) -> float:
    """From a step of the call's story to its end."""
    step = datetime.fromisoformat(record(told, kind)["at"])
    return (datetime.fromisoformat(told["ended"]) - step).total_seconds()


def music(recording: Path, seconds: float) -> float:
    """The share of tenths of a second that have sound, of the last ones of a recording (mono, 16 bit, 8 kHz)."""
    samples = array("h", recording.read_bytes()[-int(seconds * 8_000) * 2 :])
    tenths = [samples[at : at + 800] for at in range(0, len(samples), 800)]
    return sum(max(map(abs, tenth)) > 200 for tenth in tenths) / len(tenths)


async def test_in_english_for_a_few_seconds(hotline: World) -> None:
    placed = await place(hotline, language="en", seconds=1)
    assert placed.status_code == 201, placed.text
    assert placed.json()["recording"] is None
    told = await ended(hotline, placed.json()["call_id"])
    assert (told["language"], told["outcome"]) == ("en", "hung-up")
    assert kinds(told)[-1] == "call-finished"
    assert record(told, "call-finished")["by"] == "caller"


async def test_several_at_once_press_their_own_keys(hotline: World) -> None:
    orders = [["2", "#"], ["4"], ["#"]]
    placed = [await place(hotline, keys=keys) for keys in orders]
    assert [answer.status_code for answer in placed] == [201] * 3
    for answer, keys in zip(placed, orders, strict=True):
        story = f"calls/{answer.json()['call_id']}"
        await hotline.see(story, lambda call, keys=keys: pressed(call) == keys)  # type: ignore[misc]


async def test_what_cannot_be_placed_is_refused_with_a_sentence(hotline: World) -> None:
    for wrong in ({"number": "12345"}, {"number": "1001"}):
        refused = await place(hotline, **wrong)
        assert refused.status_code == 422
        assert "12319, 12320" in refused.json()["detail"]
    refused = await place(hotline, language="fr")
    assert (refused.status_code, "zh, en" in refused.json()["detail"]) == (422, True)
    for invalid in ({"number": "abc"}, {"keys": ["x"]}, {"keys": ["12"]}, {"language": "x\n"}, {"seconds": 0}):
        refused = await place(hotline, **invalid)
        assert refused.status_code == 422, invalid
        assert refused.json()["errors"]
    assert await hotline.get("calls") == []
    await hotline.asterisk.stop()
    away = await place(hotline)
    assert away.status_code == 503
    assert "Asterisk is not there" in away.json()["detail"]
