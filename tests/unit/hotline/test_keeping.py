"""Recordings are kept in the hotline's folder, and taken out again, beside what people wrote there."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.keeping import Changed, Uneditable, keep, remove, tag
from sounds.model import sayable
from sounds.recordings import INDEX, BadRecordings, read
from tests.unit.sounds.making import tone

LANGUAGES = ("zh", "en")

WRITTEN = """\
# Recorded on 3 March by Ms Chen
zh:
  main.wav: 绿化请按1  # the studio's
  # the second menu
  water.flac: >-
    供水请按1

  "12.wav": "12"
en: {}
"""


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts"
    for name in ("main.wav", "water.flac", "12.wav"):
        tone(folder / "zh" / name)
    (folder / INDEX).write_text(WRITTEN, encoding="utf-8")
    return folder


def index(prompts: Path) -> str:
    return (prompts / INDEX).read_text(encoding="utf-8")


def test_the_first_recording_makes_folder_and_index(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts"
    made = keep(prompts, LANGUAGES, "zh", "再见", b"sound", None)
    assert made.file.read_bytes() == b"sound"
    assert read(prompts, LANGUAGES).find("zh", "再见") == made
    assert index(prompts).splitlines()[1:] in (
        [f"zh: {{{made.file.name}: 再见}}"],
        [f'zh: {{"{made.file.name}": 再见}}'],
    )
    remove(prompts, LANGUAGES, "zh", "再见", tag(made))
    assert read(prompts, LANGUAGES).find("zh", "再见") is None
    assert not made.file.exists()


def known(prompts: Path, words: str) -> str | None:
    return tag(read(prompts, LANGUAGES).find("zh", words))


def test_what_people_wrote_stays(prompts: Path) -> None:
    made = keep(prompts, LANGUAGES, "en", "Goodbye: see you", b"sound", None)
    new = keep(prompts, LANGUAGES, "zh", "供水请按1", b"water", known(prompts, "供水请按1"))
    assert index(prompts).replace(f'"{new.file.name}"', new.file.name).splitlines() == [
        "# Recorded on 3 March by Ms Chen",
        "zh:",
        "  main.wav: 绿化请按1  # the studio's",
        "  # the second menu",
        "",
        '  "12.wav": "12"',
        f"  {new.file.name}: 供水请按1",
        f'en: {{{made.file.name}: "Goodbye: see you"}}',
    ]
    assert (prompts / "zh/water.flac").exists(), "people put it there"
    remove(prompts, LANGUAGES, "zh", "供水请按1", tag(new))
    assert "# the studio's\n  # the second menu\n" in index(prompts)
    assert sorted(file.name for file in (prompts / "zh").iterdir()) == ["12.wav", "main.wav", "water.flac"]


def test_a_comment_goes_with_its_line_and_no_other(prompts: Path) -> None:
    new = keep(prompts, LANGUAGES, "zh", "绿化请按1", b"sound", known(prompts, "绿化请按1"))
    assert "zh:\n  # the second menu\n  water.flac: >-\n" in index(prompts)
    assert "studio" not in index(prompts)
    remove(prompts, LANGUAGES, "zh", "绿化请按1", tag(new))
    for words in ("供水请按1", "12"):
        remove(prompts, LANGUAGES, "zh", words, known(prompts, words))
    assert not list(read(prompts, LANGUAGES))
    made = keep(prompts, LANGUAGES, "zh", "绿化请按1", b"sound", None)
    assert read(prompts, LANGUAGES).find("zh", "绿化请按1") == made


def test_an_older_take_goes_when_the_next_one_counts(prompts: Path) -> None:
    first = keep(prompts, LANGUAGES, "en", "Goodbye.", b"first", None)
    second = keep(prompts, LANGUAGES, "en", "Goodbye.", b"second", tag(first))
    assert [file.name for file in (prompts / "en").iterdir()] == [second.file.name]
    again = keep(prompts, LANGUAGES, "en", "Goodbye.", b"second", tag(second))
    assert again == second
    assert again.file.read_bytes() == b"second"


def test_two_who_do_not_know_of_each_other(prompts: Path) -> None:
    first = keep(prompts, LANGUAGES, "en", "Goodbye.", b"first", None)
    before = index(prompts)
    for known in (None, "0" * 32):
        with pytest.raises(Changed) as changed:
            keep(prompts, LANGUAGES, "en", "Goodbye.", b"second", known)
        assert changed.value.now == tag(first)
        with pytest.raises(Changed):
            remove(prompts, LANGUAGES, "en", "Goodbye.", known)
    assert index(prompts) == before
    assert first.file.read_bytes() == b"first"


def test_a_folder_with_mistakes_is_not_touched(prompts: Path) -> None:
    (prompts / "zh/main.wav").unlink()
    with pytest.raises(BadRecordings, match=r"main\.wav does not exist"):
        keep(prompts, LANGUAGES, "en", "Goodbye.", b"sound", None)
    assert index(prompts) == WRITTEN
    assert not (prompts / "en").exists()


def test_an_index_that_means_more_than_it_says(prompts: Path) -> None:
    tone(prompts / "en/main.wav")
    (prompts / INDEX).write_text("zh: &same\n  main.wav: 绿化请按1\nen: *same\n", encoding="utf-8")
    made = keep(prompts, LANGUAGES, "en", "Goodbye.", b"sound", None)
    found = {(each.language, each.name): each.words for each in read(prompts, LANGUAGES)}
    both = {("zh", "main.wav"): "绿化请按1", ("en", "main.wav"): "绿化请按1"}
    assert found == {**both, ("en", made.file.name): "Goodbye."}


def test_an_index_that_is_written_in_an_unusual_way_is_not_edited(prompts: Path) -> None:
    tone(prompts / "en/main.wav")
    unusual = "zh:\n  main.wav: &same 绿化请按1\nen:\n  main.wav: *same\n"
    (prompts / INDEX).write_text(unusual, encoding="utf-8")
    with pytest.raises(Uneditable, match="edit this in the file itself"):
        remove(prompts, LANGUAGES, "zh", "绿化请按1", known(prompts, "绿化请按1"))
    assert index(prompts) == unusual


def test_a_folder_that_leads_elsewhere_gets_nothing(prompts: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (prompts / "en").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Uneditable, match="leads out of"):
        keep(prompts, LANGUAGES, "en", "Goodbye.", b"sound", None)
    assert index(prompts) == WRITTEN
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_write_that_fails_changes_nothing(prompts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keep(prompts, LANGUAGES, "en", "Goodbye.", b"first", None)
    before = index(prompts)
    real = os.replace

    def full(source: Path, target: Path) -> None:
        if target.name == INDEX:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        keep(prompts, LANGUAGES, "en", "Goodbye.", b"second", tag(first))
    assert index(prompts) == before
    assert read(prompts, LANGUAGES).find("en", "Goodbye.") == first
    assert not list(prompts.rglob(".*"))


def test_files_are_open_to_those_to_whom_the_folder_is(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts"
    (prompts / "zh").mkdir(parents=True)
    for folder in (prompts, prompts / "zh"):
        folder.chmod(0o770)
    made = keep(prompts, LANGUAGES, "zh", "再见", b"sound", None)
    assert [oct(file.stat().st_mode & 0o777) for file in (made.file, prompts / INDEX)] == ["0o660", "0o660"]


TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(LANGUAGES), TEXTS, st.binary(min_size=1, max_size=4)), max_size=5))
def test_whatever_the_words_the_last_recording_counts(
    tmp_path_factory: pytest.TempPathFactory, kept: list[tuple[str, str, bytes]]
) -> None:
    prompts = tmp_path_factory.mktemp("by-chance") / "prompts"
    last: dict[tuple[str, str], bytes] = {}
    for language, written, sound in kept:
        words = sayable(written)
        before = read(prompts, LANGUAGES).find(language, words)
        keep(prompts, LANGUAGES, language, words, sound, tag(before))
        last[language, words] = sound
    found = read(prompts, LANGUAGES)
    for (language, words), sound in last.items():
        recording = found.find(language, words)
        assert recording is not None
        assert recording.file.read_bytes() == sound
        remove(prompts, LANGUAGES, language, words, tag(recording))
    assert not list(prompts.rglob("*.wav"))
