"""Talks of a queue that records: callers are told before, both sides are apart, without the hold; kept and heard."""

import asyncio
import hashlib
import subprocess
from array import array
from pathlib import Path
from typing import Any

import pyrage
import pytest
from pyrage.x25519 import Identity

from lab.phone import Call
from lab.phone.audio import share
from settings.settings import RecordingSettings
from tests.integration.conversations import connected, in_menu, taken
from tests.integration.test_transfers_over_http import order
from tests.integration.world import World, kinds, record
from tests.unit.recordings.test_keys import key_file

CALLER_SAYS, AGENT_SAYS = 800, 440
WHILE_HELD = 1000, 600
SECRET = 1200
RATE = 8_000
FIFTH = RATE // 5
"""Samples of 0.2 s: a longer gap is too long."""


async def told(hotline: World, key: str = "6") -> Call:
    """A caller who has heard that the talk is recorded, and waits."""
    call = await in_menu(hotline)
    await call.press("2")
    await call.hears_recording(hotline.menu("water"))
    await call.press(key)
    await call.hears_recording(hotline.clip("talk-recorded"))
    return call


async def speak(call: Call, talk: Call, seconds: float = 1.5) -> None:
    call.send_tone(CALLER_SAYS)
    talk.send_tone(AGENT_SAYS)
    await call.hears(AGENT_SAYS)
    await asyncio.sleep(seconds)


async def listed(hotline: World, call_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await hotline.see(f"calls/{call_id}/recordings", lambda seen: len(seen) > 0)
    return found


async def sides(hotline: World, recording: dict[str, Any]) -> tuple["array[int]", "array[int]"]:
    """The samples of the caller's side and of the agent's."""
    answer = await hotline.http.get(f"/api/v1/recordings/{recording['id']}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/flac")
    if not recording["recipients"]:
        assert hashlib.sha256(answer.content).hexdigest() == recording["sha256"]
    return await split(answer.content, recording)


async def split(flac: bytes, recording: dict[str, Any]) -> tuple["array[int]", "array[int]"]:
    command = ["sox", "-t", "flac", "-", "-t", "raw", "-e", "signed-integer", "-b", "16", "-"]
    done = await asyncio.to_thread(subprocess.run, command, input=flac, capture_output=True, check=True)
    both = array("h", done.stdout)
    assert len(both) / 2 / RATE == pytest.approx(recording["length_s"], abs=0.01)
    return both[::2], both[1::2]


def parts_with(side: "array[int]", hertz: int) -> list[bool]:
    """Of each 0.2 s, whether this tone is most of it. Without the first and the last, where phones begin and end."""
    return [share(side[at : at + FIFTH], hertz) > 0.6 for at in range(2 * FIFTH, len(side) - 2 * FIFTH, FIFTH)]


async def tells_secret(hotline: World, call: Call, talk: Call) -> None:
    """The recording pauses while the caller tells a secret, before a hold and after it."""
    assert (await order(hotline, "recording/pause"))["recording"] == "paused"
    call.send_tone(SECRET)
    await talk.hears(SECRET)
    await order(hotline, "hold")
    await call.hears("sound")
    await order(hotline, "unhold")
    call.send_tone(SECRET)
    talk.send_tone(AGENT_SAYS)
    await call.hears(AGENT_SAYS)
    await asyncio.sleep(1)
    call.send_silence()
    await talk.hears_silence()
    assert (await order(hotline, "recording/resume"))["recording"] == "on"


def lacks_secret(side: "array[int]") -> None:
    secret = [share(side[at : at + FIFTH], SECRET) > 0.6 for at in range(0, len(side) - FIFTH, FIFTH)]
    assert secret.count(True) <= 1, "but for the moment in which the order was on its way"


async def test_a_talk_is_recorded_with_both_sides_apart_and_without_its_hold(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await told(hotline)
    talk = await taken(call, agent)
    await speak(call, talk)
    await order(hotline, "hold")
    call.send_tone(WHILE_HELD[0])
    talk.send_tone(WHILE_HELD[1])
    await call.hears("sound")
    await asyncio.sleep(1.5)
    await order(hotline, "unhold")
    await speak(call, talk)
    await call.hang_up()
    ended = await hotline.ended()
    (recording,) = await listed(hotline, ended["id"])
    assert (recording["queue"], recording["agent"]) == ("recorded", "1001")
    (hold,) = recording["marks"]
    assert hold["what"] == "hold"
    assert 1 < hold["at_s"] < recording["length_s"] - 1
    assert hold["held_s"] >= 1.5
    caller, own = await sides(hotline, recording)
    for side, says, other, held in (
        (caller, CALLER_SAYS, AGENT_SAYS, WHILE_HELD[0]),
        (own, AGENT_SAYS, CALLER_SAYS, WHILE_HELD[1]),
    ):
        spoken = parts_with(side, says)[3:]  # before that both phones find each other
        assert spoken.count(False) <= 2, "but for the moment around the hold"
        assert not any(parts_with(side, other)), "the sides are apart"
        assert not any(parts_with(side, held)), "the hold is not in it"
    story = await hotline.story(ended["id"])
    assert kinds(story).index("recording-told") < kinds(story).index("queued")
    assert record(story, "recorded")["sha256"] == recording["sha256"]
    assert not [*hotline.settings.folder.recordings.glob("talk-*")]


async def test_a_part_of_a_recording_is_fetched_by_a_range(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await told(hotline)
    await speak(call, await taken(call, agent))
    await call.hang_up()
    (recording,) = await listed(hotline, (await hotline.ended())["id"])
    whole = (await hotline.http.get(f"/api/v1/recordings/{recording['id']}")).content
    part = await hotline.http.get(f"/api/v1/recordings/{recording['id']}", headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, whole[100:300])


async def test_a_talk_is_encrypted_heard_where_the_key_is_and_opened_by_age_elsewhere(
    hotline: World, tmp_path: Path
) -> None:
    key, place = Identity.generate(), tmp_path / "recordings.key"
    wanted = RecordingSettings(recipients=(str(key.to_public()),), identities=place)
    await hotline.stop_service()
    hotline.settings = hotline.settings.model_copy(update={"recordings": wanted})
    await hotline.start_service()
    agent = await hotline.agent("1001")
    call = await told(hotline)
    await speak(call, await taken(call, agent))
    await call.hang_up()
    call_id = (await hotline.ended())["id"]
    (recording,) = await listed(hotline, call_id)
    path = f"/api/v1/recordings/{recording['id']}"

    (file,) = hotline.settings.folder.recorded.rglob("*.*")
    content = file.read_bytes()
    assert (file.name, b"fLaC" in content) == (f"{recording['id']}.flac.age", False)
    assert hashlib.sha256(content).hexdigest() == recording["sha256"]
    assert not [*hotline.settings.folder.recordings.glob("talk-*")]

    assert not recording["playable"]
    assert (await hotline.http.get(path)).status_code == 409
    assert (await hotline.http.get(path, params={"as_kept": True})).content == content
    flac = pyrage.decrypt(content, [key])
    caller, own = await split(flac, recording)
    assert all(parts_with(caller, CALLER_SAYS)[3:])
    assert all(parts_with(own, AGENT_SAYS)[3:])

    key_file(place, key)
    (recording,) = await listed(hotline, call_id)
    assert recording["playable"]
    whole = await hotline.http.get(path)
    assert (whole.status_code, whole.content) == (200, flac)
    seek = {"Range": "bytes=100-299", "If-Range": whole.headers["etag"]}
    part = await hotline.http.get(path, headers=seek)
    assert (part.status_code, part.content) == (206, flac[100:300])


async def test_a_talk_is_recorded_while_the_service_is_away(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await told(hotline)
    talk = await taken(call, agent)
    await speak(call, talk)
    await hotline.stop_service()
    await asyncio.sleep(1.5)
    await call.hang_up()
    await talk.ended()
    await hotline.start_service()
    (recording,) = await listed(hotline, (await hotline.ended())["id"])
    caller, own = await sides(hotline, recording)
    assert recording["length_s"] > 3
    assert all(parts_with(caller, CALLER_SAYS)[3:])
    assert all(parts_with(own, AGENT_SAYS)[3:])


async def test_a_queue_that_does_not_record_leaves_nothing(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call, talk = await connected(hotline, agent)
    await speak(call, talk)
    assert not [*hotline.settings.folder.recordings.glob("talk-*")]
    await call.hang_up()
    ended = await hotline.ended()
    assert await hotline.get(f"calls/{ended['id']}/recordings") == []
    assert "recording-told" not in kinds(await hotline.story(ended["id"]))


async def test_a_recording_without_its_file_is_said_to_be_lost_and_a_forgotten_one_is_gone(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await told(hotline)
    await speak(call, await taken(call, agent))
    await call.hang_up()
    ended = await hotline.ended()
    (recording,) = await listed(hotline, ended["id"])
    (file,) = hotline.settings.folder.recorded.glob("*/*/*/*.flac")
    await hotline.stop_service()
    aside = file.rename(hotline.settings.folder.root / "aside")
    await hotline.start_service()
    story = await hotline.see(f"calls/{ended['id']}", lambda story: "recording-removed" in kinds(story))
    assert record(story, "recording-removed")["why"] == "lost"
    assert (await hotline.http.get(f"/api/v1/recordings/{recording['id']}")).status_code == 404
    aside.unlink()

    call = await told(hotline)
    await speak(call, await taken(call, agent))
    await call.hang_up()
    await hotline.see("calls?state=ended", lambda calls: len(calls) == 2)
    newest = (await hotline.get("calls?state=ended"))[0]
    await listed(hotline, newest["id"])
    answer = await hotline.http.post("/api/v1/privacy/forget", json={"number": "13800138000"})
    assert answer.status_code == 200, answer.text
    assert not [*hotline.settings.folder.recorded.glob("*/*/*/*.flac")]
    assert await hotline.get(f"calls/{newest['id']}/recordings") == []


async def test_a_pause_is_silent_outlasts_a_hold_and_has_a_mark(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await told(hotline)
    talk = await taken(call, agent)
    await speak(call, talk)
    await tells_secret(hotline, call, talk)
    await speak(call, talk)
    await call.hang_up()
    ended = await hotline.ended()
    (recording,) = await listed(hotline, ended["id"])
    assert [mark["what"] for mark in recording["marks"]] == ["pause", "hold"]
    caller, _ = await sides(hotline, recording)
    assert any(parts_with(caller, CALLER_SAYS))
    lacks_secret(caller)
    story = await hotline.story(ended["id"])
    assert kinds(story).count("recording-paused") == kinds(story).count("recording-resumed") == 1
    assert (await hotline.http.post(f"/api/v1/calls/{ended['id']}/recording/pause")).status_code in (404, 409)
