"""A caller leaves a message: recorded, heard again, recorded again, kept by hanging up; and an agent answers it."""

import asyncio
import io
import wave
from array import array
from types import ModuleType
from typing import Any

import pytest

from calls.live import takes
from lab.patience import until
from lab.phone import Call
from lab.phone.audio import share
from messages import model
from sounds.levelling import LEVEL, speech_level
from tests.integration.conversations import in_menu
from tests.integration.world import World, kinds, record

TONE = 1_400
"""Hertz of the tone after which the caller speaks."""

SPEECH, OTHER = 800, 600
"""Hertz of what the caller says."""

CALLER = "13800138000"


async def asked(hotline: World) -> Call:
    """A caller who has heard how to leave a message, and the tone."""
    call = await in_menu(hotline, CALLER)
    await asks(hotline, call)
    return call


async def asks(hotline: World, call: Call) -> None:
    """From the main menu on to the tone."""
    await call.press("2")
    await call.hears_recording(hotline.menu("water"))
    await call.press("5")
    await call.hears_recording(hotline.clip("message-ask"))
    await call.hears(TONE)
    await call.hears("silence")


async def says(call: Call, hertz: int = SPEECH) -> None:
    """The caller speaks for a second and a half, as the phone sends audio."""
    call.send_tone(hertz)
    await asyncio.sleep(1.5)


async def listed(hotline: World) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = await hotline.see("messages", lambda seen: len(seen) == 1)
    return seen


async def sound(hotline: World, message: dict[str, Any]) -> "array[int]":
    answer = await hotline.http.get(f"/api/v1/messages/{message['id']}/audio")
    assert answer.status_code == 200
    with wave.open(io.BytesIO(answer.content)) as made:
        assert (made.getframerate(), made.getnchannels()) == (8_000, 1)
        return array("h", made.readframes(made.getnframes()))


async def only(hotline: World, *files: str) -> None:
    """Of messages there are these files, once the service has removed what it has written a Record about."""
    folder = hotline.settings.folder

    async def there() -> list[str]:
        return [file.name for file in (*folder.recordings.glob("message-*"), *folder.messages.iterdir())]

    await until("the files of messages", there, lambda names: names == [*files])


async def test_a_message_is_recorded_heard_again_recorded_anew_and_kept(hotline: World) -> None:
    call = await asked(hotline)
    await says(call, OTHER)
    await call.press("#")
    await call.hears_recording(hotline.clip("message-keep"))
    await call.press("3")
    await call.hears_recording(hotline.clip("message-ask"))
    await call.hears(TONE)
    await call.hears("silence")
    await says(call)
    await call.press("#")
    call.send_silence()
    await call.hears_recording(hotline.clip("message-keep"))
    await call.press("2")
    await call.hears(SPEECH)
    await call.hears_recording(hotline.clip("message-keep"))
    await call.press("1")
    await call.hears_recording(hotline.clip("message-kept"))
    await call.ended()
    (message,) = await listed(hotline)
    assert (message["number"], message["queue"], message["language"]) == (CALLER, "greening", "zh")
    assert 1 <= message["seconds"] <= 3
    assert (message["taken_by"], message["mine"]) == (None, False)
    heard = await sound(hotline, message)
    assert abs(speech_level(heard, 8_000) - LEVEL) <= 1
    assert share(heard[-8_000:-2_000], SPEECH) > 0.9, "the first recording was replaced"
    await only(hotline, f"{message['id']}.wav")
    assert await hotline.get("missed") == []
    story = await hotline.see(f"calls/{message['id']}", lambda call: "message-left" in kinds(call))
    assert kinds(story).count("message-begun") == 2

    at = f"/api/v1/messages/{message['id']}"
    assert (await hotline.http.post(f"{at}/done", json={"note": "too early"})).status_code == 409
    assert (await hotline.http.post(f"{at}/take")).json()["mine"]
    assert (await hotline.http.post(f"{at}/done", json={"note": "called back"})).status_code == 204
    assert await hotline.get("messages") == []
    await only(hotline)
    story = await hotline.see(f"calls/{message['id']}", lambda call: "message-done" in kinds(call))
    assert record(story, "message-done")["note"] == "called back"


async def test_who_hangs_up_while_speaking_has_left_the_message(hotline: World) -> None:
    call = await asked(hotline)
    await says(call)
    await call.hang_up()
    (message,) = await listed(hotline)
    assert share((await sound(hotline, message))[-8_000:-2_000], SPEECH) > 0.9
    deleted = await hotline.http.delete(f"/api/v1/messages/{message['id']}")
    assert deleted.status_code == 204
    await only(hotline)


async def test_silence_alone_is_no_message(hotline: World) -> None:
    call = await asked(hotline)
    call.send_silence()
    await call.press("#")
    await call.hears_recording(hotline.clip("message-silent"))
    await call.hang_up()
    ended = await hotline.ended(CALLER)
    dropped = await hotline.see(f"calls/{ended['id']}", lambda call: "message-dropped" in kinds(call))
    assert record(dropped, "message-dropped")["why"] == "silent"
    assert await hotline.get("messages") == []
    await only(hotline)


async def test_a_message_outlives_the_service_that_was_to_keep_it(hotline: World) -> None:
    call = await asked(hotline)
    call.send_tone(SPEECH)
    await hotline.stop_service()
    await asyncio.sleep(1.5)
    await call.hang_up()
    await hotline.start_service()
    (message,) = await listed(hotline)
    assert share((await sound(hotline, message))[-8_000:-2_000], SPEECH) > 0.9
    hotline.settings.folder.messages.joinpath(f"{message['id']}.wav").unlink()
    await hotline.stop_service()
    await hotline.start_service()
    await hotline.see("messages", lambda seen: seen == [])
    story = await hotline.see(f"calls/{message['id']}", lambda call: "message-removed" in kinds(call))
    assert record(story, "message-removed")["why"] == "lost"


@pytest.mark.parametrize("limit", [(model, "MOST", 0), (takes, "LEAST_FREE", 2**62)], ids=["the list", "the disk"])
async def test_without_room_the_caller_is_told_so(
    hotline: World, monkeypatch: pytest.MonkeyPatch, limit: tuple[ModuleType, str, int]
) -> None:
    monkeypatch.setattr(*limit)
    call = await in_menu(hotline, CALLER)
    await call.press("2")
    await call.hears_recording(hotline.menu("water"))
    await call.press("5")
    await call.hears_recording(hotline.clip("message-full"))
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await call.ended()
    assert "message-begun" not in kinds(await hotline.ended(CALLER))
    await only(hotline)
