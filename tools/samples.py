"""Makes the samples of the voices, `sounds/voices/NAME.ogg`: each says the same words, for comparison.

.venv/bin/python -m tools.samples
"""

import asyncio
import tempfile
from pathlib import Path

from publishing.speech import voice
from sounds import audio
from sounds.programs import run
from sounds.voice import NaturalVoice
from sounds.voices import VOICES
from tools.packing import SPEECH

WORDS = {
    "zh": "您好，这里是城建服务热线。绿化请按1，供水请按2，人工服务请按0。",
    "en": "Welcome to the urban construction hotline. For greening, press 1. To talk to a person, press 0.",
}


async def main() -> None:
    for sample in VOICES.values():
        with tempfile.TemporaryDirectory(prefix="wutong-samples-") as folder:
            spoken, levelled = Path(folder, "spoken.wav"), Path(folder, "levelled.wav")
            async with NaturalVoice(voice(), {sample.language: sample.name}) as speaking:
                await speaking.speak(WORDS[sample.language], sample.language, spoken)
            await audio.level(spoken, levelled)
            encode = ["sox", "-D", "-R", "-t", "wav", str(audio.wide(levelled)), "-C", SPEECH, str(sample.sample)]
            await run(encode, seconds=60, remedy="install the package sox")


if __name__ == "__main__":
    asyncio.run(main())
