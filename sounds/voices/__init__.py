"""The natural voices: their names, and how fast they speak. Beside this file are a style and a sample of each.

A style (`NAME.bin`) makes the voice model sound like one person: 510 rows of 256 numbers, little-endian float16, one
row for each count of symbols. A sample (`NAME.ogg`) is for listening before choosing.
"""

from dataclasses import dataclass
from pathlib import Path

from sentences.sentence import Sentence

FOLDER = Path(__file__).parent

PACE = 0.9
"""The default pace; 1 is the pace of the recordings that the model learned from."""
PACES = (0.7, 1.3)
"""The slowest and the fastest pace for the setting. Beyond these the model mumbles."""


@dataclass(frozen=True, slots=True)
class VoiceName:
    """One voice. `origin` is its name in Kokoro-82M."""

    name: str
    language: str
    origin: str
    about: str

    @property
    def style(self) -> Path:
        return FOLDER / f"{self.name}.bin"

    @property
    def sample(self) -> Path:
        return FOLDER / f"{self.name}.ogg"

    @property
    def british(self) -> bool:
        return self.origin.startswith("b")


VOICES = {
    voice.name: voice
    for voice in (
        VoiceName("yunxi", "zh", "zm_yunxi", Sentence("云希, a man, lively")),
        VoiceName("yunjian", "zh", "zm_yunjian", Sentence("云健, a man, deep")),
        VoiceName("xiaobei", "zh", "zf_xiaobei", Sentence("小贝, a woman, calm")),
        VoiceName("xiaoxiao", "zh", "zf_xiaoxiao", Sentence("小小, a woman, bright")),
        VoiceName("heart", "en", "af_heart", Sentence("a woman, American, warm")),
        VoiceName("bella", "en", "af_bella", Sentence("a woman, American, clear")),
        VoiceName("emma", "en", "bf_emma", Sentence("a woman, British")),
        VoiceName("michael", "en", "am_michael", Sentence("a man, American")),
    )
}
DEFAULTS = {"zh": "yunxi", "en": "heart"}
"""Language → its default voice, which is also the voice of the shipped clips."""


def names(language: str) -> list[str]:
    """The names of the voices that speak a language, in the order for display."""
    return [voice.name for voice in VOICES.values() if voice.language == language]
