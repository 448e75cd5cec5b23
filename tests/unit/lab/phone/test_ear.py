"""What an ear recognises, and what it must not."""

import asyncio
import wave
from array import array
from collections.abc import Iterable
from pathlib import Path

import pytest

from lab.phone import audio
from lab.phone.ear import Ear, NotHeard


def mixed(*hertz: int) -> list[bytes]:
    tones = [audio.decode(b"".join(audio.tone(one))) for one in hertz]
    samples = [sum(values) // len(hertz) for values in zip(*tones, strict=True)]
    ulaw = audio.encode(samples)
    return [ulaw[start : start + audio.FRAME] for start in range(0, len(ulaw), audio.FRAME)]


async def hears(ear: Ear, what: float | str, frames: Iterable[bytes], timeout: float = 0.01) -> bool:
    """Whether `what` is heard in `frames`, all of which arrive at once."""
    waiting = asyncio.ensure_future(ear.hears(what, timeout))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    for frame in frames:
        ear.receive(frame)
    try:
        await waiting
    except NotHeard:
        return False
    return True


async def test_tone_alone_and_of_two() -> None:
    assert await hears(Ear(10), 440, audio.tone(440))
    assert not await hears(Ear(10), 470, audio.tone(440))
    assert await hears(Ear(10), 440, mixed(440, 800))
    assert await hears(Ear(10), 800, mixed(440, 800))


async def test_a_short_beep_is_not_a_tone() -> None:
    assert not await hears(Ear(10), 440, audio.tone(440)[:10])


async def test_only_what_arrives_from_now_on_counts() -> None:
    ear = Ear(10)
    for frame in audio.tone(440):
        ear.receive(frame)
    assert not await hears(ear, 440, [audio.SILENCE] * 5)


async def test_sound_is_200_ms_of_it() -> None:
    assert await hears(Ear(10), "sound", mixed(300, 1100)[:10])
    assert not await hears(Ear(10), "sound", mixed(300, 1100)[:9])
    assert not await hears(Ear(10), "sound", [audio.SILENCE] * 100)


async def test_silence_is_half_a_second_without_sound() -> None:
    assert await hears(Ear(10), "silence", [audio.SILENCE] * 5, timeout=0.6)
    disturbed = Ear(10)
    asyncio.get_running_loop().call_later(0.3, disturbed.receive, audio.tone(440)[1])
    assert not await hears(disturbed, "silence", [], timeout=0.7)


async def test_recordings_are_found_in_their_order(tmp_path: Path) -> None:
    first, second = tmp_path / "first.wav", tmp_path / "second.wav"
    for path, hertz in ((first, 440), (second, 700)):
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(audio.RATE)
            file.writeframes(audio.decode(b"".join(audio.tone(hertz)[:20])).tobytes())
    ear = Ear(10)
    for frame in (audio.SILENCE, *audio.tone(440)[:20], audio.SILENCE, *audio.tone(700)[:20]):
        ear.receive(frame)
    await ear.hears_recording(first, 0.01)
    await ear.hears_recording(second, 0.01)
    with pytest.raises(NotHeard, match=r"first\.wav"):
        await ear.hears_recording(first, 0.01)


async def test_a_recording_that_is_mixed_into_a_talk_is_heard_with_pauses_and_one_packet_less_but_not_half_of_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "mixed.wav"
    packets = [
        audio.encode(array("h", (amplitude * side for side in (1, -1) * 80))) for amplitude in range(400, 4400, 200)
    ]
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, audio.RATE, 0, "NONE", ""))
        file.writeframes(audio.decode(b"".join(packets)).tobytes())
    ear = Ear(10)
    for packet in packets[1:]:
        ear.receive(packet)
        ear.receive(audio.SILENCE)
    with pytest.raises(NotHeard, match=r"mixed\.wav"):
        await ear.hears_recording(path, 0.01)
    await ear.hears_mixed(path, 0.01)
    with pytest.raises(NotHeard, match=r"0 of 20 loud packets of the recording mixed\.wav"):
        await ear.hears_mixed(path, 0.01)
    listening = asyncio.create_task(ear.hears_mixed(path, 0.2))
    await asyncio.sleep(0)
    for packet in packets[:10]:
        ear.receive(packet)
    with pytest.raises(NotHeard, match="10 of 20"):
        await listening


async def test_what_is_kept_is_bounded_and_saved(tmp_path: Path) -> None:
    ear = Ear(0.1)
    for frame in audio.tone(440):
        ear.receive(frame)
    assert ear.received == 1.0
    assert len(ear.heard(10)) <= 2 * 800
    assert ear.heard(0.02) == audio.decode(audio.tone(440)[-1])
    assert ear.heard(0) == array("h")
    ear.save_wav(tmp_path / "heard.wav")
    with wave.open(str(tmp_path / "heard.wav"), "rb") as file:
        assert file.getnframes() == len(ear.heard(10))
