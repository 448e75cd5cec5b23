"""The loop: reads a line of JSON for each text, writes the audio, answers with a line of JSON.

In:  {"target": "/…/spoken.wav", "pace": 0.9, "segments": [{"language": "zh", "style": "/…/yunxi.bin", "words": "…",
"british": false}]}
Out: {"ready": true} once the model is loaded; then for each text {"seconds": 2.4} or {"error": "why"}.
"""

import json
import os
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np

from sounds.speaker import english, mandarin
from sounds.speaker.kokoro import RATE, Damaged, Kokoro, read_style

PAUSE = 0.25
"""Seconds between two voices."""

_SILENCE = 0.004
"""At the ends of the model's audio, samples below this are silence."""
_KEPT = (0.03, 0.06)
"""Seconds of silence that are kept before and after."""


class _Mute(Exception):
    """The text cannot be spoken. The message says why."""


def main() -> int:
    os.nice(10)  # calls come first: this may run beside the service and Asterisk
    try:
        model = Kokoro()
    except Damaged as problem:
        _answer(error=str(problem))
        return 1
    _answer(ready=True)
    for line in sys.stdin:
        try:
            _answer(seconds=_speak(model, json.loads(line)))
        except (_Mute, OSError, ValueError, subprocess.SubprocessError) as problem:
            _answer(error=str(problem))
    return 0


def _answer(**fields: object) -> None:
    print(json.dumps(fields), flush=True)  # noqa: T201 - the protocol


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
        return mandarin.symbols(segment["words"])
    return english.symbols(segment["words"], british=segment["british"])


def _trimmed(samples: np.ndarray, words: str) -> np.ndarray:
    loud = np.flatnonzero(np.abs(samples) > _SILENCE)
    if not len(loud):
        raise _Mute(f"the voice said nothing for {words!r}")
    before, after = (int(seconds * RATE) for seconds in _KEPT)
    return samples[max(0, loud[0] - before) : loud[-1] + after]


if __name__ == "__main__":
    sys.exit(main())
