"""Recordings that come in over HTTP, with the real sox and a real folder."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from base.failure import NotDone
from hotline import keeping
from hotline import recording as recording_
from hotline.edition import Edition
from hotline.keeping import Changed
from hotline.recording import AT_ONCE
from sounds import audio
from sounds.build import build
from sounds.catalogue import Catalogue
from sounds.recordings import INDEX, BadRecordings
from sounds.takes import BadTake
from tests.unit.hotline.folders import loaded, small
from tests.unit.service.studio import MAIN, Studio
from tests.unit.sounds.making import FakeVoice, tone


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


@pytest.fixture
def sound(tmp_path: Path) -> bytes:
    return tone(tmp_path / "sound", seconds=1, silence=0.5, rate=16_000, loudness=0.1).read_bytes()


async def test_a_recording_is_heard_at_once_and_used_after_a_reload(studio: Studio, sound: bytes) -> None:
    before = await studio.told()
    assert (before.recording, before.pending, before.text) == (None, False, MAIN[1])
    kept = await studio.keep(sound, None)
    assert kept.seconds == pytest.approx(1.1, abs=0.1)
    tag, heard = await studio.recording.heard(studio.key) or ("", b"")
    assert tag == kept.tag
    (studio.folder / "heard.wav16").write_bytes(heard)
    assert audio.length(studio.folder / "heard.wav16") == pytest.approx(kept.seconds, abs=0.01)
    told = await studio.told()
    assert (told.recording, told.pending, told.speaker) == (kept.tag, True, "voice"), "calls go on with the voice"

    studio.reload()
    told = await studio.told()
    assert (told.pending, told.speaker) == (False, "recording")
    assert told.seconds == pytest.approx(kept.seconds, abs=0.01)
    report = await build(studio.edition.catalogue, [studio.edition.catalogue.clip(*MAIN)], lambda done, of: None)
    assert (report.made, report.recorded) == (0, 1), "its clip was made when it was kept"

    await studio.recording.remove(studio.key, kept.tag)
    assert await studio.recording.heard(studio.key) is None
    told = await studio.told()
    assert (told.recording, told.pending, told.speaker) == (None, True, "recording")
    studio.reload()
    assert (await studio.told()).pending is False


async def test_a_recording_that_people_put_there_is_heard_and_replaced(studio: Studio, sound: bytes) -> None:
    tone(studio.prompts / "zh/main.wav", rate=22_050)
    (studio.prompts / INDEX).write_text(f"zh: {{main.wav: {MAIN[1]}}}\n", encoding="utf-8")
    tag, heard = await studio.recording.heard(studio.key) or ("", b"")
    assert heard.startswith(b"RIFF")
    with pytest.raises(Changed):
        await studio.keep(sound, None)
    assert (await studio.keep(sound, tag)).tag != tag


async def test_what_does_not_do_changes_nothing(studio: Studio, sound: bytes) -> None:
    with pytest.raises(BadTake):
        await studio.keep(b"no audio", None)
    with pytest.raises(BadTake):
        await studio.keep(b"", None)
    with pytest.raises(Changed):
        await studio.keep(sound, "0123")
    assert not studio.prompts.exists()


async def test_while_the_folder_has_mistakes_the_list_goes_on(studio: Studio, sound: bytes) -> None:
    studio.prompts.mkdir()
    (studio.prompts / INDEX).write_text(f"zh: {{gone.wav: {MAIN[1]}}}\n", encoding="utf-8")
    told = await studio.told()
    assert (told.recording, told.pending) == (None, False)
    with pytest.raises(BadRecordings, match=r"gone\.wav does not exist"):
        await studio.keep(sound, None)
    with pytest.raises(BadRecordings):
        await studio.recording.heard(studio.key)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied"), r"who may not write in .*prompts\. As root: mkdir -p .* chown -R"),
        (OSError(30, "Read-only file system"), "is read-only for the service. docs/prompts.md says"),
        (OSError(28, "No space left on device", "x.wav"), "x.wav: No space left on device"),
    ],
)
async def test_a_folder_that_cannot_be_written_is_said_plainly(
    studio: Studio, sound: bytes, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str
) -> None:
    def refuse(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(keeping, "_write", refuse)
    with pytest.raises(NotDone, match=said):
        await studio.keep(sound, None)
    assert await studio.recording.heard(studio.key) is None


async def test_the_index_changes_in_no_reload(studio: Studio, sound: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async with studio.reloading:
        kept = asyncio.create_task(studio.keep(sound, None))
        done, _ = await asyncio.wait({kept}, timeout=1.5)
        assert not done
        assert not (studio.prompts / INDEX).exists()
        monkeypatch.setattr(recording_, "PATIENCE_S", 0.01)
        with pytest.raises(NotDone, match="being reloaded"):
            await studio.recording.remove(studio.key, None)
    await kept
    assert (studio.prompts / INDEX).exists()


async def test_no_crowd_of_uploads(studio: Studio, sound: bytes) -> None:
    go_on, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def slow() -> AsyncIterator[bytes]:
        yield sound
        begun.release()
        await go_on.wait()

    uploads = [asyncio.create_task(studio.recording.keep(studio.key, slow(), None)) for _ in range(AT_ONCE)]
    for _ in uploads:
        await begun.acquire()
    with pytest.raises(NotDone, match="at this moment, which is the limit"):
        await studio.keep(sound, None)
    go_on.set()
    ended = await asyncio.gather(*uploads, return_exceptions=True)
    assert [type(each) for each in ended].count(Changed) == AT_ONCE - 1
    assert (await studio.told()).pending


def test_the_text_of_a_key_follows_the_edition(studio: Studio) -> None:
    assert studio.recording.text(studio.key) == MAIN
    assert studio.recording.text("0" * 16) is None
    hotline = loaded(studio.folder, small(("绿化请按1", "绿树请按1"))).hotline
    assert hotline is not None
    studio.edition = Edition(hotline, Catalogue(studio.folder, None, ("zh",), FakeVoice()))
    assert studio.recording.text(studio.key) is None
