"""The clips that come with Wutong: found by their words, unpacked for both rates, refused when damaged."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sounds import shipped
from sounds.audio import RATE, WIDE_RATE, Inaudible, read, wide
from sounds.levelling import LEVEL, TOLERANCE, peak_level, silence, speech_level
from sounds.programs import MissingProgram, ProgramFailed
from sounds.shipped import DamagedClip, ShippedClip, unpack
from sounds.voice import DraftVoice
from tests.unit.sounds.making import tone
from tools.packing import pack

WORDS = {"绿化请按1": "zh", "三": "zh", "For water press 2": "en", "six": "en"}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a pack with the language `xx`, in which somebody says WORDS."""
    folder = tmp_path_factory.mktemp("pack")

    async def make() -> None:
        for number, (words, language) in enumerate(WORDS.items()):
            await DraftVoice().speak(words, language, folder / f"{number}.wav")
        entries = {words: f"{number}.wav" for number, words in enumerate(WORDS)}
        await pack("xx", folder, entries, into=folder)

    asyncio.run(make())
    return folder


@pytest.fixture
def clips(packed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ShippedClip]]:
    monkeypatch.setattr(shipped, "FOLDER", packed)
    shipped.shipped.cache_clear()
    yield dict(shipped.shipped("xx"))
    shipped.shipped.cache_clear()


async def test_every_clip_meets_the_rules_at_both_rates(clips: dict[str, ShippedClip], tmp_path: Path) -> None:
    wanted = [(clip, tmp_path / "sounds" / f"{number}.wav") for number, clip in enumerate(clips.values())]
    seen: list[int] = []
    await unpack(wanted, seen.append)
    assert seen == [4]
    for clip, target in wanted:
        assert len(read(wide(target))) == clip.frames == 2 * len(read(target))
        for file, rate in ((target, RATE), (wide(target), WIDE_RATE)):
            heard = read(file)
            assert speech_level(heard, rate) == pytest.approx(LEVEL, abs=TOLERANCE)
            assert peak_level(heard) <= -3
            assert max(silence(heard, rate)) < 0.3
    assert sorted(path.name for path in (tmp_path / "sounds").iterdir()) == sorted(
        name for _, target in wanted for name in (target.name, wide(target).name)
    )


async def test_each_target_has_its_own_words(clips: dict[str, ShippedClip], tmp_path: Path) -> None:
    """The output of one run of sox is divided at the right seconds."""
    together, alone = tmp_path / "together.wav", tmp_path / "alone.wav"
    last = clips["For water press 2"]
    await unpack([*((clip, tmp_path / clip.file.stem) for clip in clips.values()), (last, together)])
    await unpack([(last, alone)])
    assert wide(together).read_bytes() == wide(alone).read_bytes()
    difference = [abs(a - b) for a, b in zip(read(together), read(alone), strict=True)]
    assert max(difference) <= 2, "but for what rings on from the clip before"


async def test_the_index_is_one_line_a_clip_in_order(packed: Path) -> None:
    lines = (packed / "xx" / "clips.json").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(WORDS) + 2
    assert [json.loads(line.rstrip(","))["words"] for line in lines[1:-1]] == sorted(WORDS)
    assert "绿化" in lines[-2]


async def test_packing_the_same_again_changes_nothing(packed: Path, tmp_path: Path) -> None:
    entries = {words: f"{number}.wav" for number, words in enumerate(WORDS)}
    (tmp_path / "xx" / "clips").mkdir(parents=True)
    (tmp_path / "xx" / "clips" / "old.ogg").touch()
    await pack("xx", packed, entries, into=tmp_path)

    def content(folder: Path) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in (folder / "xx").rglob("*.*")}

    assert content(tmp_path) == content(packed)


async def test_what_cannot_be_packed_changes_nothing(packed: Path, tmp_path: Path) -> None:
    tone(tmp_path / "silent.wav", loudness=0)
    with pytest.raises(Inaudible, match=r"silent\.wav"):
        await pack("xx", tmp_path, {"nothing": "silent.wav"}, into=tmp_path)
    assert [path.name for path in (tmp_path / "xx").rglob("*")] == ["clips"]


@pytest.mark.parametrize("damage", ["missing", "changed", "empty"])
async def test_a_damaged_clip_is_told_before_anything_is_written(
    clips: dict[str, ShippedClip], tmp_path: Path, damage: str
) -> None:
    first, *others, last = clips.values()
    file = last.file
    before = file.read_bytes()
    try:
        if damage == "missing":
            file.unlink()
        else:
            file.write_bytes(b"" if damage == "empty" else before[:-1] + bytes([before[-1] ^ 1]))
        wanted = [(clip, tmp_path / "sounds" / f"{clip.file.stem}.wav") for clip in (first, *others, last)]
        with pytest.raises(DamagedClip, match=f"{file.name} is missing or damaged: restore it with git") as damaged:
            await unpack(wanted)
        assert damaged.value.files == (file,)
        assert not (tmp_path / "sounds").exists()
    finally:
        file.write_bytes(before)


async def test_nothing_wanted_is_nothing_done() -> None:
    await unpack([], lambda done: pytest.fail("there is no progress"))


async def test_a_wrong_length_in_the_index_writes_nothing(clips: dict[str, ShippedClip], tmp_path: Path) -> None:
    wrong = replace(clips["six"], frames=clips["six"].frames + 2)
    with pytest.raises(ProgramFailed, match="samples of shipped clips"):
        await unpack([(wrong, tmp_path / "sounds" / "a.wav")])
    assert not (tmp_path / "sounds").exists()


async def test_sox_missing_names_the_package(
    clips: dict[str, ShippedClip], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="install the package sox"):
        await unpack([(clips["six"], tmp_path / "a.wav")])


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"words": "a"}]', "[null]", '{"words": "a"}'])
def test_a_damaged_index_is_told(tmp_path: Path, content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "yy").mkdir()
    (tmp_path / "yy" / "clips.json").write_text(content)
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    with pytest.raises(DamagedClip, match=r"clips\.json"):
        shipped.shipped("yy")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_in_the_repository_is_whole(language: str) -> None:
    assert not [clip.file.name for clip in shipped.shipped(language).values() if not clip.file.is_file()]


async def test_the_music_is_written_once_and_again_when_it_changes(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    await shipped.music(folder)
    pieces = sorted(folder.glob("*.wav"))
    assert pieces
    for piece in pieces:
        for file, rate in ((piece, RATE), (wide(piece), WIDE_RATE)):
            heard = read(file)
            assert speech_level(heard, rate) == pytest.approx(LEVEL, abs=TOLERANCE)
            assert peak_level(heard) <= -3
    before = {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in folder.iterdir()}
    await shipped.music(folder)
    assert {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in folder.iterdir()} == before

    pieces[0].unlink()
    (folder / "gone.wav").touch()
    (folder / "gone.wav16").touch()
    await shipped.music(folder)
    assert pieces[0].exists()
    (folder / shipped.MADE_FROM).write_text("another version\n")
    await shipped.music(folder)
    assert {file.name for file in folder.iterdir()} == {file.name for file in before}
