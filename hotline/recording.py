"""Recordings that people make or send in the browser: kept in the hotline's folder, in use after a reload."""

import asyncio
import errno
import os
import pwd
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import structlog

from base.failure import NotDone
from hotline import keeping, spoken
from hotline.edition import Edition
from hotline.keeping import tag
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sounds import audio
from sounds.catalogue import Clip
from sounds.model import NoSound
from sounds.phrases import LANGUAGES
from sounds.programs import ProgramFailed
from sounds.recordings import BadRecordings, Recordings, read
from sounds.takes import Take, examine

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""Recordings that may be on their way to the folder."""

PATIENCE_S = 60.0
"""Seconds that a recording waits for a reload to end."""


class Kept(NamedTuple):
    """A recording in the hotline's folder. `tag`: of what is in it. `seconds`: as callers will hear it."""

    tag: str
    seconds: float


class Recording:
    """`in_use`: the edition that new calls get. `reloading` is held while a reload reads the folder.

    A `key` is that of a text of the hotline in use. `known` is the tag of the recording that is replaced or taken away;
    None: there is none.
    """

    def __init__(self, in_use: Callable[[], Edition], reloading: asyncio.Lock) -> None:
        self._in_use = in_use
        self._reloading = reloading
        self._examining = asyncio.Lock()
        self._coming = 0
        self._of: Edition | None = None
        self._texts: Mapping[str, tuple[str, str]] = {}

    def text(self, key: str) -> tuple[str, str] | None:
        """Language and words; None: the hotline in use has no such text."""
        edition = self._in_use()
        if self._of is not edition:
            self._texts, self._of = spoken.texts(edition.hotline), edition
        return self._texts.get(key)

    async def heard(self, key: str) -> tuple[str, bytes] | None:
        """The tag of the recording in the folder, and a .wav of what callers will hear; None: there is none.

        Raises NotDone, BadRecordings.
        """
        edition, (language, words) = self._in_use(), self._known(key)
        recording = (await asyncio.to_thread(read, _folder(edition), LANGUAGES)).find(language, words)
        if recording is None:
            return None
        clip = edition.catalogue.recorded(recording)
        try:
            if not clip.built():  # somebody put it there; or it was swept
                await audio.level(recording.file, clip.path)
            sound = await asyncio.to_thread(audio.wide(clip.path).read_bytes)
        except (NoSound, OSError) as problem:
            raise NotDone(
                "The recording {name} cannot be used: {why}", name=recording.file.name, why=recognised(problem)
            ) from problem
        return tag(recording), sound

    async def keep(self, key: str, pieces: AsyncIterator[bytes], known: str | None) -> Kept:
        """Keep what comes in as the recording of a text, in the folder. Raises BadTake, Changed, BadRecordings,
        Uneditable, NotDone.
        """
        edition, (language, words) = self._in_use(), self._known(key)
        async with self.taken(pieces) as take:
            sound = await asyncio.to_thread(take.recording.read_bytes)
            async with self._undisturbed():
                with _explained(_folder(edition)):
                    recording = await asyncio.to_thread(
                        keeping.keep, _folder(edition), LANGUAGES, language, words, sound, known
                    )
            with suppress(OSError):  # then the reload makes it
                await asyncio.to_thread(_put, take.clip, edition.catalogue.recorded(recording))
            return Kept(tag(recording), take.seconds)

    async def remove(self, key: str, known: str | None) -> None:
        """Take the recording of a text out of the folder. Raises Changed, BadRecordings, Uneditable, NotDone."""
        folder, (language, words) = _folder(self._in_use()), self._known(key)
        async with self._undisturbed():
            with _explained(folder):
                await asyncio.to_thread(keeping.remove, folder, LANGUAGES, language, words, known)

    def _known(self, key: str) -> tuple[str, str]:
        text = self.text(key)
        assert text is not None, "the route has asked"
        return text

    @asynccontextmanager
    async def taken(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[Take]:
        """A good take of what comes in. One at a time is examined: it takes a processor for a second."""
        if self._coming >= AT_ONCE:
            raise NotDone(
                "{count} recordings are being kept at this moment, which is the limit; try again", count=AT_ONCE
            )
        self._coming += 1
        try:
            with tempfile.TemporaryDirectory(prefix="wutong-take-") as name:
                source, made = Path(name, "take"), Path(name, "made")
                await asyncio.to_thread(made.mkdir)
                file: BinaryIO = await asyncio.to_thread(source.open, "wb")
                with file:
                    async for piece in pieces:
                        file.write(piece)
                async with self._examining:
                    take = await examine(source, made)
                yield take
        except (ProgramFailed, OSError) as problem:
            log.error("recording-not-examined", why=str(problem))
            raise NotDone("The recording was not kept: {why}", why=recognised(problem)) from problem
        finally:
            self._coming -= 1

    @asynccontextmanager
    async def _undisturbed(self) -> AsyncIterator[None]:
        """While no reload reads the folder."""
        try:
            await asyncio.wait_for(self._reloading.acquire(), PATIENCE_S)
        except TimeoutError:
            raise NotDone(
                Sentence("The hotline is being reloaded at this moment; try again when that is done")
            ) from None
        try:
            yield
        finally:
            self._reloading.release()


def in_folder(edition: Edition) -> Recordings:
    """The recordings that the next reload would take; while the folder has mistakes, those in use. Reads each."""
    try:
        return read(_folder(edition), LANGUAGES)
    except (BadRecordings, OSError):
        return edition.catalogue.recordings


def _folder(edition: Edition) -> Path:
    return edition.hotline.folder / "prompts"


def _put(made: Path, clip: Clip) -> None:
    """The clip comes last: it says that both are there."""
    audio.put(clip.path, audio.read(made), audio.read(audio.wide(made)))


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """What the file system refuses becomes NotDone."""
    try:
        yield
    except OSError as problem:
        raise NotDone("The recordings stay as they are: {why}", why=_why(problem, folder)) from problem


def _why(problem: OSError, folder: Path) -> str:
    if problem.errno == errno.EROFS:
        return Sentence(
            "{folder} is read-only for the service. docs/prompts.md says how to open it for a unit or a container",
            folder=folder,
        )
    if problem.errno not in (errno.EACCES, errno.EPERM):
        return Sentence("{file}: {why}", file=problem.filename or folder, why=recognised(problem.strerror))
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        user = str(os.geteuid())
    return Sentence(
        "the service runs as the user {user}, who may not write in {folder}. As root: mkdir -p "
        "{folder} && chown -R {user} {folder}",
        user=user,
        folder=folder,
    )
