"""What `doctor` says of versions (damaged ones, whether the folder is what callers get) and of sounds."""

import shlex
import shutil

from dialplan.findings import Finding, finding
from hotline.files import folder_files
from hotline.loader import load
from hotline.texts import every_text
from publishing.passwordless import Unkeepable, texts
from publishing.prepare import SOUND_PROGRAMS
from publishing.speech import speaker
from publishing.store import VersionStore
from publishing.versions import Standing, standing
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from settings.settings import Settings
from sounds.catalogue import Catalogue
from sounds.model import NoSound
from sounds.voice import CommandVoice, NaturalVoice, Source

WHAT = Sentence("versions")


def versions(settings: Settings) -> Finding:
    """Compares the folder with what was published last."""
    store = VersionStore(settings.folder.versions)
    if store.damaged:
        named = ", ".join(store.damaged)
        return finding(
            "wrong",
            WHAT,
            "damaged: {named}. Restore a backup (./wutong restore), or publish again; then remove the damaged files",
            named=named,
        )
    in_use = store.for_all[-1:]  # whose recordings the next start reads
    lost = {version.number: store.lost(version, thorough=version in in_use) for version in store.history}
    if lost := {number: names for number, names in lost.items() if names}:
        named = "; ".join(f"{number}: {', '.join(names[:3])}" for number, names in lost.items())
        return finding(
            "wrong",
            WHAT,
            "recordings or lists of callers of versions are lost or damaged: {named}. ./wutong restore brings "
            "them back, and so does ./wutong publish where the folder has them",
            named=named,
        )
    if not store.for_all:
        return finding("right", WHAT, "none yet: the first start keeps one")
    last = store.for_all[-1]
    extras = load(settings.hotline).extras
    try:
        files = texts(folder_files(settings.hotline) or {})
        how = standing(files, extras, str(settings.hotline.absolute()), store.history)
    except Unkeepable:
        how = Standing.EDITED
    match how:
        case Standing.PUBLISHED if last.extras is not None and not last.has(extras):
            return finding(
                "odd",
                WHAT,
                "recordings or lists of callers in the hotline's folder were changed since version {number}, and "
                "callers do not get that: ./wutong publish",
                number=last.number,
            )
        case Standing.PUBLISHED:
            return finding("right", WHAT, "version {number} is the hotline's folder", number=last.number)
        case Standing.TRIED:
            return finding(
                "odd",
                WHAT,
                "version {number} is in use; the hotline's folder has the files of one that was put on trial: "
                "./wutong versions",
                number=last.number,
            )
        case Standing.BEHIND:
            return finding(
                "odd",
                WHAT,
                "version {number} of {author} was published elsewhere, and is not in the hotline's folder: "
                "./wutong versions export {number} {hotline}",
                number=last.number,
                author=last.author,
                hotline=settings.hotline,
            )
    return finding(
        "odd",
        WHAT,
        "the hotline's folder was edited since version {number}, and callers do not get that: ./wutong publish",
        number=last.number,
    )


# What `./wutong doctor` finds of the sounds: the programs that make them, and whose voice speaks.


def sound_programs(settings: Settings) -> Finding:
    """Whether the programs that make prompts are installed."""
    needed = [name for name in SOUND_PROGRAMS if name != "espeak-ng" or not settings.voice]
    missing = [SOUND_PROGRAMS[name] for name in needed if shutil.which(name) is None]
    if missing:
        command = f"apt-get install {' '.join(missing)}"
        return finding("wrong", Sentence("sound programs"), "install: {command}", command=command)
    return Finding("right", Sentence("sound programs"), ", ".join(needed))


def voice(settings: Settings) -> Finding:
    """Whose voice speaks, and whether callers hear the draft voice anywhere."""
    try:
        speaking = speaker(settings)
    except NoSound as error:
        return finding("wrong", Sentence("voice"), "nothing can be spoken: {why}", why=str(error))
    if isinstance(speaking, CommandVoice):
        program = shlex.split(settings.voice)[0]
        if shutil.which(program) is None:
            return finding(
                "wrong",
                Sentence("voice"),
                "there is no program {program}: correct the setting, or install it",
                program=program,
            )
        return finding(
            "right", Sentence("voice"), "the command {program}, as the setting `voice` says", program=program
        )
    try:
        drafts = _drafts(settings, speaking)
    except (NoSound, OSError) as error:
        return finding("wrong", Sentence("voice"), "the prompts cannot be read: {why}", why=recognised(error))
    absent = speaking.missing()
    if drafts:
        remedy = "./wutong reload" if absent is None else Sentence("{absent}, then ./wutong reload", absent=absent)
        one = Sentence(
            "1 text is spoken by the draft voice, and callers will not understand it: {remedy}", remedy=remedy
        )
        more = Sentence(
            "{count} texts are spoken by the draft voice, and callers will not understand them: {remedy}",
            count=drafts,
            remedy=remedy,
        )
        return Finding("wrong", Sentence("voice"), one if drafts == 1 else more)
    if absent is not None:
        return finding(
            "odd", Sentence("voice"), "{absent}. It is needed for texts that do not ship with Wutong", absent=absent
        )
    voices = settings.voices
    return finding("right", Sentence("voice"), "{zh} and {en}, installed", zh=voices.zh, en=voices.en)


def _drafts(settings: Settings, speaking: NaturalVoice) -> int:
    """How many texts of the hotline are played as drafts."""
    loaded = load(settings.hotline)
    if loaded.hotline is None:
        return 0  # `hotline` reports it
    hotline = loaded.hotline
    catalogue = Catalogue(settings.folder.sounds, hotline.prompts, hotline.languages, speaking)
    played = (catalogue.played(clip) for clip in catalogue.needed(every_text(hotline)))
    return sum(clip is not None and clip.source is Source.DRAFT for clip in played)
