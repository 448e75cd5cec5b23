import os
from pathlib import Path

import pytest

from sounds.recordings import INDEX, BadRecordings, read
from tests.unit.sounds.making import tone

LANGUAGES = ("zh", "en")


def prompts(folder: Path, index: str, *files: str) -> Path:
    (folder / INDEX).write_text(index, encoding="utf-8")
    for file in files:
        tone(folder / file)
    return folder


@pytest.mark.parametrize("missing", [None, Path("/no/such/folder")])
def test_no_folder_holds_no_recordings(missing: Path | None) -> None:
    recordings = read(missing, LANGUAGES)
    assert recordings.find("zh", "绿化") is None
    assert recordings.unused([]) == []


def test_a_recording_is_found_by_its_words(tmp_path: Path) -> None:
    index = "zh:\n  main.wav: >-\n    绿化请按1\n    供水请按2\n"
    recordings = read(prompts(tmp_path, index, "zh/main.wav"), LANGUAGES)
    found = recordings.find("zh", "绿化请按1 供水请按2")
    assert found is not None
    assert found.file == tmp_path / "zh/main.wav"
    assert recordings.find("en", "绿化请按1 供水请按2") is None
    assert recordings.find("zh", "绿化请按1 供水请按3") is None


def test_the_digest_follows_the_audio(tmp_path: Path) -> None:
    prompts(tmp_path, "zh: {main.wav: 绿化}\n", "zh/main.wav")
    before = read(tmp_path, LANGUAGES).find("zh", "绿化")
    tone(tmp_path / "zh/main.wav", seconds=1)
    after = read(tmp_path, LANGUAGES).find("zh", "绿化")
    assert before is not None
    assert after is not None
    assert before.digest != after.digest


def test_what_no_text_uses_is_a_warning_with_its_line(tmp_path: Path) -> None:
    index = "zh:\n  old.wav: 旧的\n  main.wav: 绿化\n"
    recordings = read(prompts(tmp_path, index, "zh/old.wav", "zh/main.wav", "en/stray.wav"), LANGUAGES)
    (tmp_path / "zh/notes.txt").write_text("not audio")
    old, stray = recordings.unused([("zh", "绿化"), ("en", "旧的")])
    assert str(old).startswith(f"{tmp_path / INDEX}:2:3: zh/old.wav is not played")
    assert "旧的" in str(old)
    assert "en/stray.wav is not played: write here" in str(stray)


def test_recordings_without_an_index_are_warned_of(tmp_path: Path) -> None:
    tone(tmp_path / "zh/main.wav")
    (warning,) = read(tmp_path, LANGUAGES).unused([])
    assert "zh/main.wav" in str(warning)


@pytest.mark.parametrize(
    ("index", "where", "why"),
    [
        ("zh:\n  gone.wav: 绿化\n", "2:3", r"gone\.wav does not exist"),
        ("fr:\n  main.wav: arbre\n", "1:1", "does not speak 'fr'"),
        ("zh: main.wav\n", "1:1", r"lines of the form main\.wav: words"),
        ("- zh\n", "1:1", "must hold"),
        ("zh:\n  main.wav: 5\n", "2:3", "quotes"),
        ("zh:\n  main.wav: ''\n", "2:3", "empty text"),
        ("zh:\n  main.wav: 绿化\n  other.wav: 绿化\n", "3:3", r"main\.wav holds the same words"),
        ("zh:\n  main.wav: 绿化\n  main.wav: 供水\n", "3:3", "duplicate"),
        ("zh:\n  ../main.wav: 绿化\n", "2:3", "name of a file"),
        ("zh:\n  .wav: 绿化\n", "2:3", "name of a file"),
        ("zh:\n  1: 绿化\n", "2:3", "name of a file"),
        ("zh:\n  list.m3u: 绿化\n", "2:3", "format that is not read"),
        ('zh:\n  "a\\0.wav": 绿化\n', "2:3", "name of a file"),
        ('zh:\n  "\\e[2J.wav": 绿化\n', "2:3", "name of a file"),
        ("zh:\n  main.wav: 2025-99-99\n", "1:1", "put names and words in quotes"),
        ("zh: &a {<<: *a}\n", "1:1", "put names and words in quotes"),
        ('zh: "\\UFFFFFFFF"\n', "1:1", "put names and words in quotes"),
        ("%YAML 1.3\n---\nzh: {}\n", "1:1", "put names and words in quotes"),
        ("zh:\n  empty.wav: 绿化\n", "2:3", "is empty"),
        ("zh:\n  linked.wav: 绿化\n", "2:3", "leads out of"),
        ("zh:\n  folder.wav: 绿化\n", "2:3", "cannot be read: Is a directory"),
        ("zh:\n  pipe.wav: 绿化\n", "2:3", "cannot be read: it is not a file"),
        ("zh: [\n", "2:1", "is not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_column(tmp_path: Path, index: str, where: str, why: str) -> None:
    folder = tmp_path / "prompts"
    folder.mkdir()
    prompts(folder, index, "zh/main.wav", "zh/other.wav")
    (folder / "zh/empty.wav").touch()
    (folder / "zh/folder.wav").mkdir()
    os.mkfifo(folder / "zh/pipe.wav")
    (folder / "zh/linked.wav").symlink_to(tone(tmp_path / "elsewhere.wav"))
    with pytest.raises(BadRecordings, match=why) as failure:
        read(folder, LANGUAGES)
    assert f"{folder / INDEX}:{where}: " in str(failure.value)


def test_an_index_elsewhere_is_not_read_and_that_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text("zh: {secret: 1}")
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / INDEX).symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(BadRecordings) as failure:
        read(tmp_path / "prompts", LANGUAGES)
    assert str(failure.value).endswith(":1:1: cannot be read: it is a link out of the folder")


def test_what_is_wrong_is_told_in_few_words(tmp_path: Path) -> None:
    with pytest.raises(BadRecordings) as failure:
        read(prompts(tmp_path, "*" * 100_000), LANGUAGES)
    assert len(failure.value.problems[0].message) <= 300


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadRecordings) as failure:
        read(prompts(tmp_path, "fr: {}\nzh: {a.wav: 绿化, b.wav: 供水}\n"), LANGUAGES)
    assert [problem.line for problem in failure.value.problems] == [1, 2, 2]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a: " + b"x" * 1_000_001, b"[" * 1_000])
def test_hostile_indexes_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / INDEX).write_bytes(content)
    with pytest.raises(BadRecordings, match=INDEX):
        read(tmp_path, LANGUAGES)
