"""Texts that take too long, and recordings that hold older words."""

import wave
from itertools import chain
from pathlib import Path

import pytest

from hotline.problem import Problem
from hotline.texts import estimated
from sounds.audio import WIDE_RATE
from sounds.shipped import shipped
from tests.unit.hotline.folders import Case, Change, loaded, small, warning

GREETING = "greeting: {zh: 您好, en: Welcome}"
MINUTES = "请先联系您的物业，" * 14


@pytest.mark.parametrize(
    "case",
    [
        warning("long-prompt", "divide the menu", (GREETING, f"greeting: {{zh: «{MINUTES}您好, en: Welcome}}")),
        warning(
            "long-prompt", "takes about 2", (GREETING, f"greeting: {{zh: 您好, en: «{'We are open. ' * 20}Welcome}}")
        ),
    ],
    ids=str,
)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def test_the_estimate_is_near_the_clips_that_ship() -> None:
    clips = chain.from_iterable(shipped(language).values() for language in ("zh", "en"))
    long = [(clip.frames / WIDE_RATE, estimated(clip.words)) for clip in clips if clip.frames > 4 * WIDE_RATE]
    assert len(long) > 10
    assert all(0.8 < guess / seconds < 1.3 for seconds, guess in long)


def recorded(folder: Path, words: str, seconds: float, *changes: Change) -> list[Problem]:
    (folder / "prompts" / "zh").mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / "prompts" / "zh" / "hello.wav"), "wb") as audio:
        audio.setparams((1, 2, 8000, 0, "NONE", ""))
        audio.writeframes(b"\1\0" * int(8000 * seconds))
    (folder / "prompts" / "recordings.yaml").write_text(f"zh:\n  hello.wav: {words}\n", encoding="utf-8")
    return list(loaded(folder, small(*changes)).problems)


def test_a_recording_has_its_own_length(tmp_path: Path) -> None:
    assert recorded(tmp_path, "您好", 3) == []
    (slow,) = recorded(tmp_path, "您好", 21)
    assert (slow.code, slow.line, slow.message) == ("long-prompt", 6, "this text takes 21 s to say")
    quick = recorded(tmp_path, MINUTES + "您好", 15, (GREETING, f"greeting: {{zh: {MINUTES}您好, en: Welcome}}"))
    assert quick == []


def test_a_text_that_was_edited_after_its_recording(tmp_path: Path) -> None:
    edited = (GREETING, "greeting: {zh: 您好，这里是城建热线, en: Welcome}")
    (found,) = recorded(tmp_path, "您好，这里是城建服务热线", 3, edited)
    assert (found.code, found.file, found.line, found.column) == ("old-recording", "hotline.yaml", 6, 16)
    assert found.message == "prompts/zh/hello.wav holds older words of this text: '您好，这里是城建服务热线'"


def test_a_recording_of_other_words_is_not_used(tmp_path: Path) -> None:
    (found,) = recorded(tmp_path, "恭贺新年", 3)
    assert (found.code, found.file) == ("unused-recording", "prompts/recordings.yaml")
