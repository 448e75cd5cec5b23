"""Makes the clips that ship: renders each text at several paces, and keeps the rendering that is understood best.

    ./wutong prompts install --recogniser
    .venv/bin/python -m tools.clips            # texts that have no clip yet; --all: every text anew, an hour

Clips of removed texts are removed. Afterwards `.venv/bin/python -P -m tests.voices.record` hears the new ones, and
`./wutong test tests/voices` says how well all are understood.
"""

import argparse
import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from base.folders import SAMPLE_HOTLINE
from hotline.loader import load
from hotline.texts import placed_texts
from publishing.speech import recogniser, speaker
from settings.settings import Settings
from sounds import audio
from sounds.hearing import Recogniser
from sounds.model import divided, sayable
from sounds.numbers import needed_moments
from sounds.phrases import LANGUAGES, needed_phrases
from sounds.shipped import shipped
from sounds.voice import NaturalVoice
from tools.packing import pack

PACES = (0.9, 0.95, 0.87, 0.92, 1.0, 0.84, 0.97, 0.89)
"""In the order of trying; the first without an error is kept. Each gives another intonation."""

FEW = 3
"""Paces tried for a text that is too short for the recogniser to judge alone."""
SHORT = 6
"""The most characters of such a text in Chinese; twice as many in English."""


def texts(language: str) -> list[str]:
    """Everything that ships in a language: the sample hotline's texts, then Wutong's own."""
    sample = load(SAMPLE_HOTLINE).hotline
    assert sample is not None, "./wutong check examples/12319"
    own = [sayable(part) for _, words in placed_texts(sample) if language in words for part in divided(words[language])]
    return list(dict.fromkeys([*own, *needed_phrases(language), *needed_moments(language)]))


async def render(
    language: str, wanted: list[str], folder: Path, voices: dict[float, NaturalVoice], judge: Recogniser
) -> dict[str, str]:
    """Words → name of the best rendering in `folder`. `voices` by their pace."""
    chosen: dict[str, str] = {}
    for number, words in enumerate(wanted):
        short = len(words) <= SHORT * (1 if language == "zh" else 2)
        best: tuple[int, str] | None = None
        for pace in PACES[:FEW] if short else PACES:
            file, levelled = folder / f"{number}-{pace}.wav", folder / "levelled.wav"
            await voices[pace].speak(words, language, file)
            await audio.level(file, levelled)
            [heard] = await judge.judge(language, [(levelled, words)])
            wrong = heard.errors + len(heard.keys)  # a key that is misheard may sound like the right one
            if best is None or wrong < best[0]:
                best = (wrong, file.name)
            if wrong == 0:
                break
        assert best is not None
        chosen[words] = best[1]
        print(f"{language} {number + 1} of {len(wanted)}: {best[0]} errors, {words}", flush=True)
    return chosen


def voice(pace: float) -> NaturalVoice:
    made = speaker(Settings(voice=""))
    assert isinstance(made, NaturalVoice)
    return NaturalVoice(made.environment, pace=pace)


async def main(everything: bool) -> None:
    async with AsyncExitStack() as stack:
        judge = await stack.enter_async_context(Recogniser(recogniser()))
        voices = {pace: await stack.enter_async_context(voice(pace)) for pace in PACES}
        for language in LANGUAGES:
            needed = texts(language)
            wanted = [words for words in needed if everything or words not in shipped(language)]
            with tempfile.TemporaryDirectory(prefix="wutong-clips-") as folder:
                chosen = await render(language, wanted, Path(folder), voices, judge)
                await pack(language, Path(folder), chosen, keep=needed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="every text, not only those that have no clip")
    asyncio.run(main(parser.parse_args().all))
