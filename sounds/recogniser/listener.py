"""Judging clips: each is transcribed and compared with its words.

Short clips are heard in rows, texts in two languages in both.
"""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sounds.model import Heard
from sounds.recogniser import whisper
from sounds.recogniser.comparison import apart, compared, parts

_SHORT = 1.6
"""Seconds. Whisper needs a sentence. It misunderstood a third of the characters in 76 single Chinese numbers, 4 % in
100 that it heard in rows, and none in 97 English ones in rows. No caller hears a number alone either. So shorter clips
are heard in rows, with pauses, in random order, so that Whisper cannot guess the next one."""

_ROW = 8
_PAUSE = 0.4

_CUTS = 4
"""Pauses that are tried as the place where a text changes its language."""

_BADLY = 1 / 3
_LATER = (0.13, 0.29)
"""A text is heard twice more if more than this part of it, or a key, was misunderstood, each time with so many seconds
of silence before it. The middle one of the three judgements counts. Whisper slips at times where it hears well
otherwise, and where it slips depends on the processor: one machine found nothing wrong in clips in which another
misheard two names and two sentences."""

# Seconds of speech, to estimate that place.
_CHARACTER = 0.24
_WORD = 0.38


class Listener:
    """Judges what `Whisper` hears."""

    def __init__(self, ear: whisper.Whisper) -> None:
        self._ear = ear

    def judge(self, clips: Sequence[tuple[Path, str]], language: str) -> list[Heard]:
        """`clips`: files and their words; `language`: of the texts, "zh" or "en". Raises `OSError`, `ValueError`."""
        judged: dict[int, Heard] = {}
        short: list[tuple[int, np.ndarray]] = []
        for number, (file, words) in enumerate(clips):
            samples = whisper.read(file)
            if len(samples) < _SHORT * whisper.RATE and len(parts(words, language)) == 1:
                short.append((number, samples))
            else:
                judged[number] = self._alone(samples, words, language)
        random.Random(1).shuffle(short)  # noqa: S311
        for start in range(0, len(short), _ROW):
            row = short[start : start + _ROW]
            judged.update(self._row(row, [clips[number][1] for number, _ in row], language))
        return [judged[number] for number in range(len(clips))]

    def _row(self, row: Sequence[tuple[int, np.ndarray]], texts: Sequence[str], language: str) -> dict[int, Heard]:
        """Hear short clips one after another. Whisper sometimes repeats itself for the rest of a row: such a row is
        heard again in halves."""
        heard = self._ear.transcribe(whisper.joined([samples for _, samples in row], _PAUSE), language)
        found = apart(texts, heard, language)
        if len(row) > 1 and sum(each.errors for each in found) > sum(each.length for each in found) / 2:
            half = len(row) // 2
            return {
                **self._row(row[:half], texts[:half], language),
                **self._row(row[half:], texts[half:], language),
            }
        return {number: each for (number, _), each in zip(row, found, strict=True)}

    def _alone(self, samples: np.ndarray, words: str, language: str) -> Heard:
        pieces = parts(words, language)
        if not pieces:
            return Heard("", 0, 0)
        (spoken, text), *rest = pieces
        if not rest:
            return self._piece(samples, text, spoken)
        # Of the pauses at which both sides are understood best, take the first.
        where = _seconds(text, spoken) / sum(_seconds(piece, each) for each, piece in pieces) * len(samples)
        cuts = sorted(sorted(whisper.pauses(samples), key=lambda place: abs(place - where))[:_CUTS]) or [int(where)]
        following = words[words.index(text) + len(text) :].strip()
        tried = [
            (self._piece(samples[:cut], text, spoken), self._alone(samples[cut:], following, language)) for cut in cuts
        ]
        first, second = min(tried, key=lambda pair: pair[0].errors + pair[1].errors)
        return Heard(
            f"{first.heard} / {second.heard}",
            first.errors + second.errors,
            first.length + second.length,
            first.keys + second.keys,
        )

    def _piece(self, samples: np.ndarray, words: str, language: str) -> Heard:
        first = self._once(samples, words, language)
        if not first.keys and first.errors <= first.length * _BADLY:
            return first
        again = [self._once(_after(seconds, samples), words, language) for seconds in _LATER]
        return sorted((first, *again), key=lambda heard: (len(heard.keys), heard.errors))[1]

    def _once(self, samples: np.ndarray, words: str, language: str) -> Heard:
        return compared(words, self._ear.transcribe(samples, language), language)


def _after(seconds: float, samples: np.ndarray) -> np.ndarray:
    """The samples, with so much silence before them."""
    return np.concatenate([np.zeros(int(seconds * whisper.RATE), np.float32), samples])


def _seconds(text: str, language: str) -> float:
    return len(text) * _CHARACTER if language == "zh" else len(text.split()) * _WORD
