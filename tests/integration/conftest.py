"""One hotline a test. It fails, and does not skip, where there is no Asterisk."""

import asyncio
import fcntl
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path

import pytest

import lab.chaos
from base.folders import SAMPLE_HOTLINE, StateFolder
from calls.live import reconciler
from hotline.loader import load
from hotline.model import Hotline
from hotline.texts import every_text
from lab.bench import hotline as bench
from lab.kept_sounds import kept_sounds, share_sounds
from lab.patience import PATIENCE
from lab.stalls import Stalls, stalls
from publishing.speech import voice
from sounds import audio, shipped
from sounds.build import build
from sounds.catalogue import Catalogue
from sounds.programs import run
from sounds.voice import NaturalVoice, in_words
from tests.integration.command import Wutong
from tests.integration.conversations import copied
from tests.integration.hall import HALL
from tests.integration.kept import KeptAsterisk
from tests.integration.world import World, failures, world

HOTLINE = Path(__file__).parent / "hotline"
STORMY = Path(lab.chaos.__file__).parent / "hotline"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        failures.count += 1
    return report


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell has started the tests in the background. Ctrl-C would not end the programs that they start, either.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a minute the service compares what it believes with Asterisk. A test has patience for so long: without this,
    the comparison would make up for an event that the service has lost.
    """
    monkeypatch.setattr(reconciler, "COMPARE", 100 * PATIENCE)


@pytest.fixture(scope="session")
def natural_sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prompts of the hotlines of tests/ and of lab/, built by the first test process that needs them; all share them,
    and so do the programs of lab/ that a test starts.
    """
    folder, made = kept_sounds(), tmp_path_factory.mktemp("sounds")
    note = folder.with_suffix(".made")
    with note.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if note.stat().st_size == 0:
            bench.write(made / "bench", 1)
            state = StateFolder(made / "state")
            share_sounds(state, folder)
            for hotline in (HOTLINE, HALL, STORMY, SAMPLE_HOTLINE, made / "bench"):
                loaded = load(hotline).hotline
                assert loaded is not None, hotline
                asyncio.run(spoken(state, loaded))
            asyncio.run(shipped.music(folder / "music"))
            hasten(folder, quick(folder))
            lock.write("all are made")
    return folder


QUICK = (
    "test_agent_first",
    "test_callback_tries",
    "test_callbacks",
    "test_emergency",
    "test_messages",
    "test_put_through",
    "test_recorded_parts",
    "test_recordings",
    "test_transferred",
)
"""Modules whose phones hear out many prompts, on whose length nothing depends: they would spend half of their time with
it. Where somebody does something in the middle of a prompt, the prompt must not be short.
"""


@pytest.fixture
def sounds(request: pytest.FixtureRequest, natural_sounds: Path) -> Path:
    """The prompts of a test's hotline: quick ones in the modules of QUICK."""
    return quick(natural_sounds) if request.module.__name__.rpartition(".")[2] in QUICK else natural_sounds


def quick(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-quick")


TIMES = 3
"""How much faster the quick prompts are."""

SHORTEST = 0.4
"""Seconds of a quick prompt. Its loudest quarter is what phones listen for; its ends may not arrive bit by bit."""


def hasten(folder: Path, target: Path) -> None:
    """Write the prompts in `folder` to `target`, of each only every third sample, of short ones more: as loud as
    before, and each still unlike all others. The music stays as it is.
    """
    shutil.copytree(folder / "music", target / "music")
    for clip in folder.glob("??/*.wav"):
        times = max(1, min(TIMES, int(audio.length(clip) / SHORTEST)))
        narrow, whole = (audio.read(file)[::times] for file in (clip, audio.wide(clip)))
        audio.put(target / clip.relative_to(folder), narrow, whole)


PACE = "240"
"""Words a minute as espeak-ng counts them: prompts last about as long as in the natural voice."""


class StandIn(NaturalVoice):
    """espeak-ng, in the natural voice's name. For a text that one takes all of the machine for a second or more, and
    the tests with phones wait for these texts. They compare what a phone hears with the file, not with the words; how
    the natural voice speaks is tested in `tests/voices`.
    """

    async def obtain(self, progress: Callable[[str], None], *, install: bool = True) -> None:
        pass

    async def speak(self, words: str, language: str, target: Path) -> None:
        name = {"zh": "cmn", "en": "en-gb"}[language]
        command = ["espeak-ng", "-v", name, "-s", PACE, "-D", "--stdin", "-w", str(target)]
        await run(command, words=in_words(words, language), seconds=PATIENCE, remedy="install the package espeak-ng")


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """It speaks for the services of this process too."""
    monkeypatch.setattr(NaturalVoice, "obtain", StandIn.obtain)
    monkeypatch.setattr(NaturalVoice, "speak", StandIn.speak)


async def spoken(state: StateFolder, hotline: Hotline) -> None:
    """Every prompt of the hotline is in the folder of sounds."""
    catalogue = Catalogue(state.sounds, hotline.folder / "prompts", hotline.languages, StandIn(voice()))
    await build(catalogue, catalogue.needed(every_text(hotline)), lambda done, of: None)


@pytest.fixture
def change() -> tuple[str, str]:
    """Words of hotline.yaml, and what stands there instead. For a test to parametrize."""
    return "", ""


@pytest.fixture
def hotline_folder(tmp_path: Path, change: tuple[str, str]) -> Path:
    """The small hotline, a copy that the test may edit."""
    return copied(HOTLINE, tmp_path / "hotline", change)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptAsterisk]:
    made = KeptAsterisk(tmp_path_factory.mktemp("kept"))
    yield made
    made.close()


@pytest.fixture
async def hotline(kept: KeptAsterisk, hotline_folder: Path, sounds: Path, tables: Path) -> AsyncIterator[World]:
    """Its service is this test's own, its Asterisk is as new."""
    async with kept.world(hotline_folder, sounds, tables) as made:
        yield made


@pytest.fixture
async def hotline_of_its_own(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    """With an Asterisk that no test has used."""
    async with world(tmp_path / "state", hotline_folder, sounds) as made:
        yield made


@pytest.fixture
async def stalled() -> AsyncIterator[Stalls]:
    """How long the test, with the service and the phones in it, stood still since its fixtures were there."""
    async with stalls() as watched:
        yield watched


@pytest.fixture
def another(tmp_path: Path, hotline_folder: Path, sounds: Path) -> Callable[[str], Wutong]:
    """Makes state folders; the prompts are those of all tests."""

    def make(name: str) -> Wutong:
        state = tmp_path / name
        state.mkdir()
        (state / "sounds").symlink_to(sounds)
        return Wutong(state, hotline_folder)

    return make


@pytest.fixture
async def wutong(another: Callable[[str], Wutong]) -> AsyncIterator[Wutong]:
    wutong = another("state")
    yield wutong
    await wutong.run("down", "--yes")
