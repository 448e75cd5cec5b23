import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.patience import patience
from sounds.audio import length
from sounds.build import BuildFailed, Report, build
from sounds.catalogue import Catalogue, Clip
from sounds.environment import CompanionFailed
from sounds.programs import MissingProgram
from sounds.recordings import INDEX
from sounds.voice import Source, Voice
from tests.unit.sounds.making import FakeVoice, tone


def spoken(tmp_path: Path, voice: Voice) -> Catalogue:
    return Catalogue(tmp_path / "sounds", None, ["zh", "en"], voice)


def clips(tmp_path: Path, *words: str) -> list[Clip]:
    return [spoken(tmp_path, FakeVoice()).clip("en", each) for each in words]


def ignore(done: int, total: int) -> None:
    """Progress that nobody watches."""


def left_over(folder: Path) -> list[Path]:
    return [
        path
        for path in folder.rglob("*")
        if ".building" in str(path) or (path.is_file() and path.suffix not in (".wav", ".wav16"))
    ]


async def test_what_is_missing_is_made_and_the_rest_kept(tmp_path: Path) -> None:
    voice = FakeVoice()
    one, two = clips(tmp_path, "one", "two")
    seen: list[tuple[int, int]] = []
    assert await build(spoken(tmp_path, voice), [one], ignore) == Report(made=1, kept=0, recorded=0)
    before = one.path.stat().st_mtime_ns
    again = await build(spoken(tmp_path, voice), [one, two, two], lambda *step: seen.append(step))
    assert again == Report(made=1, kept=1, recorded=0)
    assert voice.spoken == [("en", "one"), ("en", "two")]
    assert seen == [(0, 1), (1, 1)]
    assert one.path.stat().st_mtime_ns == before
    assert length(two.path) > 0.4
    assert left_over(tmp_path) == []


async def test_progress_counts_every_clip(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    await build(spoken(tmp_path, FakeVoice()), clips(tmp_path, *"abcde"), lambda *step: seen.append(step))
    assert seen == [(done, 5) for done in range(6)]


async def test_a_failure_names_the_words_and_makes_the_others(tmp_path: Path) -> None:
    one, two, three = clips(tmp_path, "one", "two", "three")
    with pytest.raises(BuildFailed, match="'two' in en cannot be spoken: fake has a sore throat") as failure:
        await build(spoken(tmp_path, FakeVoice({"two"})), [one, two, three], ignore)
    assert len(str(failure.value).splitlines()) == 1
    assert one.built()
    assert three.built()
    assert not two.built()
    assert left_over(tmp_path) == []


async def test_a_broken_voice_is_not_tried_for_ever(tmp_path: Path) -> None:
    words = {f"word {n}" for n in range(200)}
    voice = FakeVoice(words)
    with pytest.raises(BuildFailed):
        await build(spoken(tmp_path, voice), clips(tmp_path, *words), ignore)
    assert len(voice.spoken) < 200


class MissingVoice(FakeVoice):
    async def speak(self, words: str, language: str, target: Path) -> None:
        raise MissingProgram("fake", "install it")


async def test_a_missing_program_is_told_once_and_plainly(tmp_path: Path) -> None:
    with pytest.raises(MissingProgram, match="fake is not installed: install it"):
        await build(spoken(tmp_path, MissingVoice()), clips(tmp_path, "one", "two", "three"), ignore)


class WaitingVoice(FakeVoice):
    def __init__(self) -> None:
        super().__init__()
        self.speaking = 0
        self.one = asyncio.Event()
        self.both = asyncio.Event()
        self.go_on = asyncio.Event()

    async def speak(self, words: str, language: str, target: Path) -> None:
        self.speaking += 1
        self.one.set()
        if self.speaking == 2:
            self.both.set()
        tone(target)
        await self.go_on.wait()


async def test_clips_are_made_side_by_side_and_appear_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    voice = WaitingVoice()
    wanted = clips(tmp_path, "one", "two", "three")
    task = asyncio.create_task(build(spoken(tmp_path, voice), wanted, ignore))
    async with patience("both clips, side by side"):
        await voice.both.wait()
        assert not any(clip.path.exists() for clip in wanted)
        assert voice.speaking == 2
        voice.go_on.set()
        await task
    assert all(clip.built() for clip in wanted)


async def test_a_cancelled_build_leaves_nothing_half_made(tmp_path: Path) -> None:
    voice = WaitingVoice()
    wanted = clips(tmp_path, "one", "two")
    task = asyncio.create_task(build(spoken(tmp_path, voice), wanted, ignore))
    await voice.one.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not any(clip.path.exists() for clip in wanted)
    assert left_over(tmp_path) == []


def recorded(tmp_path: Path, index: str, voice: Voice) -> Catalogue:
    (tmp_path / "prompts" / INDEX).write_text(index, encoding="utf-8")
    return Catalogue(tmp_path / "sounds", tmp_path / "prompts", ["zh", "en"], voice)


async def test_a_recording_is_levelled_and_not_spoken(tmp_path: Path) -> None:
    tone(tmp_path / "prompts/zh/hello.wav", seconds=2, silence=1, rate=44100)
    tone(tmp_path / "prompts/zh/old.wav")
    voice = FakeVoice()
    catalogue = recorded(tmp_path, "zh:\n  hello.wav: 您好\n  old.wav: 旧的\n", voice)
    clip = catalogue.clip("zh", "您好")
    report = await build(catalogue, [clip], ignore)
    assert voice.spoken == []
    assert length(clip.path) == pytest.approx(2.1, abs=0.1)
    assert (report.made, report.recorded) == (1, 1)
    (warning,) = report.warnings
    assert "zh/old.wav is not played" in str(warning)


async def test_an_unreadable_recording_is_a_clear_error(tmp_path: Path) -> None:
    file = tmp_path / "prompts/zh/hello.wav"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no audio at all")
    catalogue = recorded(tmp_path, "zh: {hello.wav: 您好}\n", FakeVoice())
    clip = catalogue.clip("zh", "您好")
    with pytest.raises(BuildFailed, match=r"the recording .*zh/hello\.wav cannot be used: sox"):
        await build(catalogue, [clip], ignore)
    assert not clip.path.exists()


async def test_nothing_missing_shows_no_progress(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    assert await build(spoken(tmp_path, FakeVoice()), [], lambda *step: seen.append(step)) == Report(0, 0, 0)
    assert seen == []


class AbsentVoice(FakeVoice):
    """Cannot be made ready while `why` says so. `obtained`: whether it was to be installed, each time."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why
        self.obtained: list[bool] = []

    async def obtain(self, progress: Callable[[str], None], *, install: bool = True) -> None:
        self.obtained.append(install)
        if self.why:
            raise CompanionFailed(self.why)


async def test_without_the_natural_voice_the_draft_speaks_and_is_told(tmp_path: Path) -> None:
    tone(tmp_path / "prompts/zh/hello.wav", seconds=2)
    voice = AbsentVoice("there is no network")
    catalogue = recorded(tmp_path, "zh:\n  hello.wav: 您好\n", voice)
    clips = [catalogue.clip("zh", "您好"), catalogue.clip("zh", "绿化")]
    report = await build(catalogue, clips, ignore, install=False)
    assert voice.spoken == []
    assert voice.obtained == [False]
    assert clips[0].built()
    assert not clips[1].built()
    assert [clip.source for clip in report.drafts] == [Source.DRAFT]
    assert report.why == "there is no network"
    draft = catalogue.played(clips[1])
    assert draft is not None
    assert length(draft.path) > 0.2
    # Without a voice the next build makes nothing new, and still reports that.
    again = await build(catalogue, clips, ignore)
    assert (again.made, len(again.drafts)) == (0, 1)


async def test_the_voice_takes_over_from_its_draft(tmp_path: Path) -> None:
    voice = AbsentVoice("there is no network")
    catalogue = spoken(tmp_path, voice)
    clip = catalogue.clip("zh", "绿化")
    await build(catalogue, [clip], ignore)
    voice.why = ""
    report = await build(catalogue, [clip], ignore)
    assert (report.made, report.drafts) == (1, ())
    assert catalogue.played(clip) == clip
    await build(catalogue, [clip], ignore)
    assert voice.obtained == [True, True], "nothing is obtained when nothing has to be spoken"
