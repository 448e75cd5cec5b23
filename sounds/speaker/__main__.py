"""`python -m sounds.speaker`: writes the audio of texts, as `sounds.companion` asks.

A request is {"target": "/…/spoken.wav", "pace": 0.9, "segments": [{"language": "zh", "style": "/…/yunxi.bin", "words":
"…", "british": false}]}, its answer {"seconds": 2.4}.
"""

import wave
from pathlib import Path
from typing import Any

import numpy as np

from sentences.sentence import Sentence
from sounds.companion import Answer, serve
from sounds.speaker.kokoro import RATE, Kokoro, read_style
from sounds.speaker.symbols import english, mandarin

PAUSE = 0.25
"""Seconds between two voices."""

_SILENCE = 0.004
"""At the ends of the model's audio, samples below this are silence."""
_KEPT = (0.03, 0.06)
"""Seconds of silence that are kept before and after."""


def load() -> Answer:
    model = Kokoro()
    return lambda order: {"seconds": _speak(model, order)}


def _speak(model: Kokoro, order: dict[str, Any]) -> float:
    pieces: list[np.ndarray] = []
    for segment in order["segments"]:
        if pieces:
            pieces.append(np.zeros(int(PAUSE * RATE), np.float32))
        said = model.speak(_symbols(segment), read_style(Path(segment["style"])), order["pace"])
        pieces.append(_trimmed(said, segment["words"]))
    samples = np.concatenate(pieces)
    with wave.open(order["target"], "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(RATE)
        audio.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return round(len(samples) / RATE, 3)


def _symbols(segment: dict[str, Any]) -> str:
    if segment["language"] == "zh":
        return mandarin(segment["words"])
    return english(segment["words"], british=segment["british"])


def _trimmed(samples: np.ndarray, words: str) -> np.ndarray:
    loud = np.flatnonzero(np.abs(samples) > _SILENCE)
    if not len(loud):
        raise ValueError(Sentence("the voice said nothing for {words!r}", words=words))
    before, after = (int(seconds * RATE) for seconds in _KEPT)
    return samples[max(0, loud[0] - before) : loud[-1] + after]


serve(load)
