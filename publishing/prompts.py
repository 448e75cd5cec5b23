"""`./wutong prompts`: what callers hear, text by text; building, hearing and checking it."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from base.failure import NotDone
from base.folders import StateFolder
from hotline import spoken
from hotline.extras import Paths
from hotline.files import Given
from hotline.loader import load
from hotline.model import Hotline
from hotline.spoken import ID, Entry
from processes import passage, tools, users
from processes.running import as_running
from publishing.prepare import FAILURES, SOUND_PROGRAMS, Prepared, equip, make_prompts
from publishing.speech import recogniser, speaker
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from settings.settings import Settings
from settings.settings import load as load_settings
from sounds import audio
from sounds.catalogue import Catalogue
from sounds.environment import Environment
from sounds.hearing import Recogniser
from sounds.model import Heard, NoSound
from sounds.programs import run
from sounds.voice import CommandVoice, DraftVoice, Voice

Progress = Callable[[str], None]

_AT_ONCE = 24
"""Clips that the recogniser gets at the same time; it hears short ones in a row."""

_PLAYING = 900.0
"""Seconds that playing what is said in one go may take."""


@contextmanager
def _explained() -> Iterator[None]:
    """Failures of a voice, a recogniser, a sound or a file become `NotDone`."""
    try:
        yield
    except FAILURES as problem:
        raise NotDone(recognised(problem)) from problem


Judged = list[tuple[Entry, Heard]]


@_explained()
def entries(settings: Settings, hotline: Hotline) -> list[Entry]:
    """Every text that the hotline may say, its own texts first. Raises `NotDone`."""
    catalogue = Catalogue(settings.folder.sounds, hotline.prompts, hotline.languages, speaker(settings))
    return spoken.entries(catalogue, hotline)


# -- build -----------------------------------------------------------------------------------------------------------


@_explained()
def build(settings: Settings, hotline: Hotline, progress: Progress) -> Prepared:
    """Make the missing prompts. Raises `NotDone`; finished ones stay."""
    settings.folder.make()
    return _made(settings, hotline, progress)


def _made(settings: Settings, hotline: Hotline, progress: Progress, *, install: bool = True) -> Prepared:
    """As root: what is installed is root's, and the prompts are the service's user's, as which this process goes on. It
    lets that user pass to the hotline's folder, as `up` does. `install`: the voice too, if a text needs it.
    """
    if os.geteuid() == 0:
        if install:
            asyncio.run(equip(settings, hotline, progress))
        owner = users.owner_of(settings.folder.root)
        if owner is not None:
            opened = passage.let_pass(owner, [hotline.folder])
            if opened:
                names = ", ".join(map(str, opened))
                progress(
                    Sentence(
                        "the user {owner} may go through {names}, and list nothing there", owner=owner.name, names=names
                    )
                )
            users.become_owner_of(settings.folder.root)
            passage.check_readable(hotline.folder, owner)
    return asyncio.run(make_prompts(settings, hotline, progress, install=install))


def build_before_reload(
    folder: StateFolder,
    progress: Progress,
    given: Given | None = None,
    paths: Paths | None = None,
    *,
    unvoiced: bool = False,
) -> None:
    """Make the prompts of the edited hotline here, where progress can be seen, before the service reloads.
    `given`, `paths`: as for `load`. `unvoiced`: the voice could not be installed just now, and the person knows: it is
    neither tried nor reported again.

    Failures (broken settings, a broken hotline, another user's folder) are left to the service, which reports them.
    """
    try:
        settings = as_running(load_settings(state=folder.root))
        if os.geteuid() not in (0, settings.folder.sounds.stat().st_uid):
            return  # the service could not use what we made
        loaded = load(settings.hotline, given=given, paths=paths)
        if loaded.hotline is not None:
            made = _made(settings, loaded.hotline, progress, install=not unvoiced)
            if made.draft is not None and not unvoiced:
                progress(made.draft)
    except (ValueError, *FAILURES):
        return


def voice_before_reload(settings: Settings, hotline: Hotline, progress: Progress) -> None:
    """Install the voice if a text needs it, before a person is asked whether the texts may be used. Failures are left
    to `build_before_reload` and the service.
    """
    with suppress(*FAILURES):
        if os.geteuid() in (0, settings.folder.sounds.stat().st_uid):
            asyncio.run(equip(as_running(settings), hotline, progress))


@_explained()
def install(settings: Settings, progress: Progress, *, with_recogniser: bool) -> None:
    """Install the natural voice, and with `with_recogniser` the recogniser. Raises `NotDone`."""
    voice = speaker(settings)
    if isinstance(voice, CommandVoice):
        raise NotDone(Sentence("the setting `voice` names a command, so the natural voice is not needed"))
    tools.ensure(SOUND_PROGRAMS, progress)
    asyncio.run(_installed(voice, recogniser() if with_recogniser else None, progress))


async def _installed(voice: Voice, hearing: Environment | None, progress: Progress) -> None:
    async with voice:
        await voice.obtain(progress)
    if hearing is not None:
        await hearing.make(progress)


# -- play ------------------------------------------------------------------------------------------------------------


def play(
    settings: Settings,
    hotline: Hotline,
    wanted: str,
    language: str | None,
    to: Path | None,
    show: Progress = lambda line: None,
) -> Entry | None:
    """Play a clip by its id or its words, or speak other words now; to the speaker, or into a file.

    `show` gets a line when only the draft voice can speak.
    Answers which text it is; None: the hotline does not say these words. Raises `NotDone`.
    """
    spoken_in = language or hotline.languages[0]
    if spoken_in not in hotline.languages:
        raise NotDone(
            "the hotline does not speak {language!r}; its languages are {names}",
            language=spoken_in,
            names=", ".join(hotline.languages),
        )
    found = [
        entry
        for entry in entries(settings, hotline)
        if (len(wanted) >= ID and Path(entry.path).stem.startswith(wanted))
        or (entry.text == " ".join(wanted.split()) and language in (None, entry.language))
    ]
    if found:
        if found[0].seconds is None:
            raise NotDone("{name} has no sound yet: ./wutong prompts build", name=found[0].id)
        sound(audio.wide(Path(found[0].path)), to)
        return found[0]
    with tempfile.TemporaryDirectory(prefix="wutong-") as folder:
        levelled = Path(folder, "levelled.wav")
        with _explained():
            tools.ensure(SOUND_PROGRAMS, lambda line: None)
            asyncio.run(_speak(settings, wanted, spoken_in, levelled, show))
        sound(audio.wide(levelled), to)
    return None


async def _speak(settings: Settings, words: str, language: str, to: Path, show: Progress) -> None:
    spoken = to.with_name("spoken.wav")
    async with speaker(settings) as voice:
        why = voice.missing()
        if why is not None:
            show(Sentence("this is the draft voice, which callers do not understand: {why}", why=why))
        await (voice if why is None else DraftVoice()).speak(words, language, spoken)
    await audio.level(spoken, to)


def sound(file: Path, to: Path | None) -> None:
    """Play on this machine's speaker, or write a file. Raises `NotDone`."""
    if to is None:
        loud([file], Sentence("give --to FILE, and listen to that"))
        return
    try:
        shutil.copyfile(file, to)
    except OSError as problem:
        raise NotDone("{file} cannot be written: {why}", file=to, why=recognised(problem.strerror)) from problem


def loud(files: Sequence[Path], instead: Sentence) -> None:
    """Play sounds on this machine's speaker, one after the other. `instead`: what a person can do where that fails.
    Raises `NotDone`.
    """
    try:
        tools.ensure({"sox": SOUND_PROGRAMS["sox"]}, lambda line: None)
        given = [part for file in files for part in ("-t", "ogg" if file.suffix == ".ogg" else "wav", str(file))]
        asyncio.run(
            run(["sox", "-q", "-V1", *given, "-d"], seconds=_PLAYING, remedy=Sentence("install the package sox"))
        )
    except tools.MissingTools as problem:
        raise NotDone(str(problem)) from problem
    except NoSound as problem:
        raise NotDone(
            "this machine cannot play sound ({why}): {instead}", why=str(problem), instead=instead
        ) from problem


# -- check -----------------------------------------------------------------------------------------------------------


def understood(settings: Settings, hotline: Hotline, progress: Progress, *, everything: bool) -> Judged:
    """What the recogniser hears of each built text; of Wutong's own texts only with `everything`.

    Raises `NotDone`.
    """
    environment = recogniser()
    if not environment.ready():
        raise NotDone(
            "the recogniser is not installed ({megabytes} MB are fetched, once). Install it: ./wutong prompts "
            "install --recogniser",
            megabytes=environment.megabytes,
        )
    built = [
        entry
        for entry in entries(settings, hotline)
        if entry.seconds is not None and (everything or any(not spoken.own(where) for where in entry.where))
    ]
    if not built:
        raise NotDone(Sentence("nothing is built yet: ./wutong prompts build"))
    with _explained():
        return asyncio.run(_understood(built, progress))


async def _understood(built: list[Entry], progress: Progress) -> Judged:
    judged: Judged = []
    async with Recogniser(recogniser()) as hearing:
        for language in dict.fromkeys(entry.language for entry in built):
            mine = [entry for entry in built if entry.language == language]
            for at in range(0, len(mine), _AT_ONCE):
                part = mine[at : at + _AT_ONCE]
                heard = await hearing.judge(language, [(Path(entry.path), entry.text) for entry in part])
                judged += zip(part, heard, strict=True)
                progress(Sentence("listening: {done} of {total}", done=len(judged), total=len(built)))
    return judged
