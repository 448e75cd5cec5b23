"""The natural voice comes while the hotline is up, for texts that nobody has written yet: an emergency message, an
edited menu. What a start itself needs is installed before, by `publishing.prepare`.

Where root starts the hotline only root may write where the voice is. So a program is started before root is given up;
it waits until all is up, installs the voice and ends. It ends at once when the supervisor goes.
"""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import structlog

from base.folders import CHECKOUT
from publishing.speech import speaker
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from settings.settings import Settings
from sounds.model import NoSound
from sounds.voice import INSTALL, MEGABYTES, NaturalVoice

log = structlog.get_logger()

PROGRAM = "publishing.voice_fetcher"

GO = b"go\n"
"""What the program waits for."""

BEGINS = Sentence(
    "the natural voice is fetched now, beside the hotline: {count} MB, once. Until it is there, new "
    "texts, such as an emergency message, can only be spoken by the draft voice, which callers hardly "
    "understand",
    count=MEGABYTES,
)
DONE = Sentence("the natural voice is there: new texts are spoken in it from now on")
ENDING = 5.0
"""Seconds in which the program removes what it has half installed."""

REMEDY = Sentence(
    "New texts, such as an emergency message, can only be spoken by the draft voice, which callers "
    "hardly understand. When that is mended: {command}",
    command=INSTALL,
)


class Fetching:
    """The program that fetches the voice, while it waits for its word. `voice`: the one that it is to fetch."""

    def __init__(self, voice: NaturalVoice, process: "subprocess.Popen[bytes]") -> None:
        self._voice, self._process = voice, process

    @classmethod
    def prepared(cls, settings: Settings) -> "Fetching | None":
        """None: nothing is to be fetched. Give `run` or `close` afterwards. Raises OSError."""
        try:
            voice = speaker(settings)
        except NoSound:
            return None  # the start reports it
        if not isinstance(voice, NaturalVoice) or not settings.voices.fetch or voice.missing() is None:
            return None
        process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C in the terminal goes to the supervisor alone
        )
        return cls(voice, process)

    @property
    def needed(self) -> bool:
        """Whether the voice is still missing: the start may have installed it for its own texts."""
        return self._voice.missing() is not None

    async def run(self, step: Callable[[str], None]) -> None:
        """Have it fetched; `step` gets lines, the last one says what came of it. Never raises; when cancelled, nothing
        is left.
        """
        try:
            async for line in await self._begun():
                said = line.decode(errors="replace").strip()
                log.info("voice", step=said)
                step(said)
            await asyncio.to_thread(self._process.wait)
            self.close()
        except OSError as error:
            step(Sentence("the natural voice could not be fetched: {why}", why=recognised(error)))
        if self.needed:
            log.warning("voice-not-fetched", fix=INSTALL)
        step(REMEDY if self.needed else DONE)

    async def _begun(self) -> asyncio.StreamReader:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, self._process.stdout)
        self._process.stdin.write(GO)
        self._process.stdin.flush()
        return reader

    def close(self) -> None:
        """End the program, whatever it does. It may be root's, and then takes no signal."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(ENDING)
