"""The voice that the settings ask for, and the recogniser that judges it."""

from base.folders import CHECKOUT
from processes import obtaining
from settings.settings import Settings
from sounds import hearing
from sounds.environment import Environment
from sounds.natural import MEGABYTES, NaturalVoice
from sounds.voice import CommandVoice

VOICE_LOCK = CHECKOUT / "locks" / "voice.txt"


def speaker(settings: Settings) -> CommandVoice | NaturalVoice:
    """The administrator's own command if there is one, else the natural voice. Raises `BadVoice`."""
    if settings.voice.strip():
        return CommandVoice(settings.voice)
    chosen = {"zh": settings.voices.zh, "en": settings.voices.en}
    return NaturalVoice(voice(), chosen, settings.voices.pace)


def voice() -> Environment:
    """The environment of the natural voice, installed or not."""
    return Environment("voice", VOICE_LOCK, obtaining.default_cache(), MEGABYTES)


def recogniser() -> Environment:
    """The environment of the recogniser, installed or not."""
    return hearing.recogniser(obtaining.default_cache())
