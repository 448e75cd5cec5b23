"""What `./wutong doctor` finds of the sounds: the programs that make them, and whose voice speaks."""

import shlex
import shutil

from commands.finding import Finding
from hotline.loader import load
from hotline.texts import every_text
from publishing.prepare import SOUND_PROGRAMS
from publishing.speech import speaker
from sentences.sentence import Sentence
from settings.settings import Settings
from sounds.catalogue import Catalogue
from sounds.model import NoSound
from sounds.natural import NaturalVoice
from sounds.voice import CommandVoice, Source


def sound_programs(settings: Settings) -> Finding:
    needed = [name for name in SOUND_PROGRAMS if name != "espeak-ng" or not settings.voice]
    missing = [SOUND_PROGRAMS[name] for name in needed if shutil.which(name) is None]
    if missing:
        command = f"apt-get install {' '.join(missing)}"
        return Finding("wrong", Sentence("sound programs"), Sentence("install: {command}", command=command))
    return Finding("right", Sentence("sound programs"), ", ".join(needed))


def voice(settings: Settings) -> Finding:
    """Whose voice speaks, and whether callers hear the draft voice anywhere."""
    try:
        speaking = speaker(settings)
    except NoSound as error:
        return Finding("wrong", Sentence("voice"), Sentence("nothing can be spoken: {why}", why=str(error)))
    if isinstance(speaking, CommandVoice):
        program = shlex.split(settings.voice)[0]
        if shutil.which(program) is None:
            return Finding(
                "wrong",
                Sentence("voice"),
                Sentence("there is no program {program}: correct the setting, or install it", program=program),
            )
        return Finding(
            "right",
            Sentence("voice"),
            Sentence("the command {program}, as the setting `voice` says", program=program),
        )
    try:
        drafts = _drafts(settings, speaking)
    except (NoSound, OSError) as error:
        return Finding("wrong", Sentence("voice"), Sentence("the prompts cannot be read: {why}", why=str(error)))
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
        return Finding(
            "odd",
            Sentence("voice"),
            Sentence("{absent}. It is needed for texts that do not ship with Wutong", absent=absent),
        )
    voices = settings.voices
    return Finding("right", Sentence("voice"), Sentence("{zh} and {en}, installed", zh=voices.zh, en=voices.en))


def _drafts(settings: Settings, speaking: NaturalVoice) -> int:
    """How many texts of the hotline are played as drafts."""
    loaded = load(settings.hotline)
    if loaded.hotline is None:
        return 0  # `hotline` reports it
    hotline = loaded.hotline
    catalogue = Catalogue(settings.folder.sounds, hotline.prompts, hotline.languages, speaking)
    played = (catalogue.played(clip) for clip in catalogue.needed(every_text(hotline)))
    return sum(clip is not None and clip.source is Source.DRAFT for clip in played)
