"""New texts of a draft: spoken by the voice of the settings within its limits, or a sentence about why not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from base.failure import NotDone
from publishing import speaking as module
from publishing.drafts_api import Unfit
from publishing.speaking import Speaking
from settings.settings import Settings
from sounds.audio import length
from tests.unit.hotline.folders import recorded, small, written

TONE = "sox -n -r 16000 -b 16 {target} synth 0.6 sine 300"
"""A voice that says the same to everything."""


@contextmanager
def voice(tmp_path: Path, command: str) -> Iterator[Speaking]:
    made = Speaking(Settings(state=tmp_path / "state", voice=command))
    yield made
    made.rest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hotline").mkdir()
    return written(tmp_path / "hotline", small())


def test_a_text_is_spoken_once(tmp_path: Path, folder: Path) -> None:
    count = f"sh -c 'cat >> {tmp_path}/said; exec {TONE.replace('{target}', '$0')}' {{target}}"
    with voice(tmp_path, count) as speaking:
        assert speaking.impossible("en") is None
        file = speaking.spoken(folder, "zh", "种花请按1", "zh")
        assert 0.3 < length(file.with_suffix(".wav")) < 1
        assert speaking.spoken(folder, "zh", "种花请按1", "zh") == file
        assert speaking.spoken(folder, "en", "For flowers press 1", "zh") != file
    assert len((tmp_path / "said").read_text().splitlines()) == 2


def test_a_recording_of_the_folder_goes_before_the_voice(tmp_path: Path, folder: Path) -> None:
    recorded(folder, "您好", 9_000)
    with voice(tmp_path, "false {target}") as speaking:
        assert speaking.spoken(folder, "zh", "您好", "zh").is_file()


@pytest.mark.parametrize(
    ("reader", "said"), [("zh", "这台机器合成不了语音：.*status 1"), ("en", "This machine cannot speak it: .*status 1")]
)
def test_a_voice_that_fails_is_told(tmp_path: Path, folder: Path, reader: str, said: str) -> None:
    with voice(tmp_path, "false {target}") as speaking, pytest.raises(NotDone, match=said):
        speaking.spoken(folder, "zh", "种花请按1", reader)


@pytest.mark.parametrize(("reader", "said"), [("zh", "没有装自然语音"), ("en", "has no natural voice")])
def test_a_machine_without_the_voice(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, reader: str, said: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with voice(tmp_path, "") as speaking:
        assert said in (speaking.impossible(reader) or "")
        with pytest.raises(NotDone, match=r"prompts install"):
            speaking.spoken(folder, "zh", "种花请按1", reader)


@pytest.mark.parametrize(("reader", "said"), [("zh", "5 个字"), ("en", "5 characters")])
def test_a_text_that_takes_too_long_ends_the_voice(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, reader: str, said: str
) -> None:
    monkeypatch.setattr(module, "WITHIN_S", 1.0)
    slow = f"sh -c 'echo $$ > {tmp_path}/pid; exec sleep 600' {{target}}"
    with voice(tmp_path, slow) as speaking, pytest.raises(Unfit, match=said):
        speaking.spoken(folder, "zh", "种花请按1", reader)
    assert not Path("/proc", (tmp_path / "pid").read_text().strip()).exists()
