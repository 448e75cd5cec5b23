import os
from pathlib import Path

from sounds.audio import wide
from sounds.build import KEPT, sweep
from sounds.catalogue import Catalogue, Clip
from tests.unit.sounds.making import FakeVoice, tone

NOW = 2_000_000_000.0


def clip(tmp_path: Path, words: str, *, age: float) -> Clip:
    """A clip that was made, and last needed, `age` seconds ago."""
    made = Catalogue(tmp_path, None, ["zh"], FakeVoice()).clip("zh", words)
    for file in (made.path, wide(made.path)):
        tone(file)
        os.utime(file, (NOW - age, NOW - age))
    return made


def test_what_nobody_needed_for_a_week_goes_and_all_else_stays(tmp_path: Path) -> None:
    ages = {"一": 9e6, "二": 60.0, "三": KEPT + 60}
    needed, recent, old = (clip(tmp_path, words, age=age) for words, age in ages.items())
    assert sweep(tmp_path, [needed], NOW) == 1
    assert needed.built()
    assert wide(needed.path).exists()
    assert recent.built()
    assert not old.path.exists()
    assert not wide(old.path).exists()


def test_an_edit_that_is_undone_within_a_week_finds_its_clips(tmp_path: Path) -> None:
    before = clip(tmp_path, "一", age=9e6)
    sweep(tmp_path, [before], NOW)
    sweep(tmp_path, [], NOW + KEPT - 60)
    assert before.built()
    sweep(tmp_path, [], NOW + KEPT + 60)
    assert not before.built()


def test_how_old_a_clip_is_is_not_forgotten(tmp_path: Path) -> None:
    needed = clip(tmp_path, "一", age=9e6)
    sweep(tmp_path, [needed], NOW)
    assert needed.path.stat().st_mtime == NOW - 9e6


def test_other_files_and_folders_are_left_alone(tmp_path: Path) -> None:
    music = tone(tmp_path / "music" / "hold.wav")
    os.utime(music, (0, 0))
    sweep(tmp_path, [], NOW)
    assert music.exists()
    assert sweep(tmp_path / "nowhere", [], NOW) == 0
