"""The voice that the settings ask for, the recogniser that judges it, and a warning where only the draft voice could
speak.
"""

from pathlib import Path

from base.folders import CHECKOUT
from hotline.model import Hotline
from hotline.problem import Problem, Spot, warning
from hotline.texts import every_text
from processes import obtaining
from sentences.sentence import Sentence
from settings.settings import Settings
from sounds import hearing
from sounds.catalogue import Catalogue
from sounds.environment import Environment
from sounds.model import NoSound
from sounds.voice import INSTALL, MEGABYTES, CommandVoice, NaturalVoice

VOICE_LOCK = CHECKOUT / "locks" / "voice.txt"


def speaker(settings: Settings) -> CommandVoice | NaturalVoice:
    """The administrator's own command if there is one, else the natural voice. Raises `BadVoice`."""
    if settings.voice.strip():
        return CommandVoice(settings.voice)
    chosen = {"zh": settings.voices.zh, "en": settings.voices.en}
    return NaturalVoice(voice(), chosen, settings.voices.pace)


def voice() -> Environment:
    """The environment of the natural voice, installed or not."""
    return Environment(Sentence("voice"), VOICE_LOCK, obtaining.default_cache(), MEGABYTES)


def recogniser() -> Environment:
    """The environment of the recogniser, installed or not."""
    return hearing.recogniser(obtaining.default_cache())


# `check`'s warning about texts that only the draft voice could speak on this machine.


def unvoiced(hotline: Hotline, settings: Settings) -> list[Problem]:
    """A warning when the natural voice is needed and not installed."""
    try:
        voice = speaker(settings)
        # The folder is not read: only the voice that would speak counts, not the clips that were built before.
        catalogue = Catalogue(Path("/"), hotline.prompts, hotline.languages, voice)
        if voice.missing() is None:
            return []
        needed = catalogue.needed(every_text(hotline))
    except (ValueError, OSError, NoSound):
        return []  # broken recordings and clips, and a wrong command line, are reported elsewhere
    spoken = [clip for clip in needed if clip.recording is None and clip.shipped is None]
    if not spoken:
        return []
    texts = Sentence("1 text has") if len(spoken) == 1 else Sentence("{count} texts have", count=len(spoken))
    message = Sentence(
        "{texts} no voice on this machine: the draft voice would speak, and callers would not understand it",
        texts=texts,
    )
    hint = Sentence("install the natural voice: {command}, or let ./wutong up do it", command=INSTALL)
    return [warning("no-voice", Spot("hotline.yaml", 1, 1), message, hint)]
