"""Words to the symbols that the voice model was trained on: Mandarin, then English.

Kokoro's Chinese symbols are IPA, with an arrow for the tone after the vowel. The tables follow
https://en.wikipedia.org/wiki/Help:IPA/Mandarin, with the IPA variants of Kokoro's training (front end: misaki).
"""

import re
import subprocess
from functools import lru_cache

import rjieba
from pypinyin import Style, lazy_pinyin
from pypinyin.contrib.tone_convert import to_finals, to_initials

from sentences.sentence import Sentence
from sounds.reading import WESTERN

TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}

INITIALS = {
    "b": "p",
    "p": "pʰ",
    "m": "m",
    "f": "f",
    "d": "t",
    "t": "tʰ",
    "n": "n",
    "l": "l",
    "g": "k",
    "k": "kʰ",
    "h": "x",
    "j": "ʨ",
    "q": "ʨʰ",
    "x": "ɕ",
    "zh": "ꭧ",
    "ch": "ꭧʰ",
    "sh": "ʂ",
    "r": "ɻ",
    "z": "ʦ",
    "c": "ʦʰ",
    "s": "s",
    "": "",
}

FINALS = {
    "a": "a0",
    "ai": "ai0",
    "an": "a0n",
    "ang": "a0ŋ",
    "ao": "au0",
    "e": "ɤ0",
    "ei": "ei0",
    "en": "ə0n",
    "eng": "ə0ŋ",
    "er": "ɚ0",
    "ê": "ɛ0",
    "i": "i0",
    "ia": "ja0",
    "ian": "jɛ0n",
    "iang": "ja0ŋ",
    "iao": "jau0",
    "ie": "je0",
    "in": "i0n",
    "ing": "i0ŋ",
    "iong": "jʊ0ŋ",
    "iou": "jou0",
    "o": "wo0",
    "ong": "ʊ0ŋ",
    "ou": "ou0",
    "u": "u0",
    "ua": "wa0",
    "uai": "wai0",
    "uan": "wa0n",
    "uang": "wa0ŋ",
    "uei": "wei0",
    "uen": "wə0n",
    "ueng": "wə0ŋ",
    "uo": "wo0",
    "ü": "y0",
    "üan": "ɥɛ0n",
    "üe": "ɥe0",
    "ün": "y0n",
}
"""`0` marks where the tone stands."""

BUZZED = frozenset({"zh", "ch", "sh", "r", "z", "c", "s"})
"""After these, `i` is not a vowel but the lengthened consonant."""

INTERJECTIONS = {"o": "ɔ0", "m": "m0", "n": "n0", "ng": "ŋ0", "hm": "hm0", "hng": "hŋ0"}

# Punctuation that the model knows; each is a pause.
_SIGNS = str.maketrans({**WESTERN, "．": ". ", "（": " (", "）": ") "})
# Words that the dictionary would divide wrongly: 请按|井号键 became 请|按井|号键.
_KEYS = re.compile("(井号键?|星号键?)")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")


def mandarin(words: str) -> str:
    """The symbols of Chinese words and punctuation. Leaves out all else, which `sounds.reading` never passes on."""
    spoken = "".join(_han(part) if _HAN.fullmatch(part) else part for part in re.split(f"({_HAN.pattern})", words))
    return re.sub(r"\s+", " ", spoken.translate(_SIGNS)).strip()


def _han(row: str) -> str:
    """A row of characters, with a space between words, so that the model sees words."""
    words = (word for part in _KEYS.split(row) for word in ([part] if _KEYS.fullmatch(part) else rjieba.cut(part)))
    return " ".join("".join(map(syllable, pinyin(word))) for word in words if word)


def pinyin(word: str) -> list[str]:
    """The syllables of one word, each with its tone as a digit from 1 to 5, as "hao3"."""
    return lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)


@lru_cache(maxsize=2048)
def syllable(written: str) -> str:
    """The symbols of one syllable, such as "zhong1".

    Raises `ValueError` for anything else: a rare character without a reading stands for itself, as in "㐂5".
    """
    plain, tone = written[:-1], TONES.get(written[-1], "")
    if plain in INTERJECTIONS:
        return INTERJECTIONS[plain].replace("0", tone)
    initial = to_initials(plain, strict=True)
    final = to_finals(plain, strict=True, v_to_u=True)
    if final not in FINALS or initial not in INITIALS:
        raise ValueError(
            Sentence("nobody has written down how {name!r} is read: write another character for it", name=plain)
        )
    sounds = "ɨ0" if final == "i" and initial in BUZZED else FINALS[final]
    return INITIALS[initial] + sounds.replace("0", tone)


# English for the voice model: espeak-ng gives the sound of words in IPA, turned here into Kokoro's symbols.
#
# Kokoro writes a diphthong as one capital and has no length marks. The table follows misaki, the front end of
# Kokoro's training, for words that its dictionary does not have.


# In this order: long ones before their parts. ^ ties the letters of one sound together.
_AMERICAN = [
    ("ʔˌn\u0329", "ʔn"), ("ʔn\u0329", "ʔn"), ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("t^ʃ", "ʧ"),
    ("ɔ^ɪ", "Y"), ("ə^l", "ᵊl"), ("ʲo", "jo"), ("ʲə", "jə"), ("ʲ", ""), ("e", "A"), ("ɚ", "əɹ"), ("r", "ɹ"), ("x", "k"),
    ("ç", "k"), ("ɐ", "ə"), ("ɬ", "l"), ("\u0303", ""),
]  # fmt: skip
_US = [("o^ʊ", "O"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ː", "")]
_GB = [("e^ə", "ɛː"), ("iə", "ɪə"), ("ə^ʊ", "Q")]
_LAST = [("o", "ɔ"), ("ɾ", "T"), ("ʔ", "t"), ("^", "")]

_SECONDS = 30.0
_PAUSES = re.compile(r"""\s*([,;:.!?…"()“”—]+)(?=\s|$)\s*|\s*([(“])""")


def english(words: str, british: bool) -> str:
    """The symbols of English words and punctuation.

    Raises `OSError` when there is no espeak-ng, `subprocess.SubprocessError` when it fails.
    """
    pieces = [piece for piece in _PAUSES.split(words) if piece]
    spoken = iter(_spoken([piece for piece in pieces if re.search(r"\w", piece)], british))
    said = ""
    for piece in pieces:
        if re.search(r"\w", piece):
            said += next(spoken)
        else:
            said = f"{said} {piece}" if piece in "(“" else f"{said}{piece} "
    return re.sub(r"\s+", " ", said).strip()


def _spoken(pieces: list[str], british: bool) -> list[str]:
    """Each piece is a paragraph for espeak-ng, which answers with one line for each."""
    if not pieces:
        return []
    lines = _asked(pieces, british)
    if len(lines) != len(pieces):
        # It splits long pieces, and "one...two". Then ask for each piece alone, to know its lines.
        lines = [" ".join(_asked([piece], british)) for piece in pieces]
    return [_translated(line, british) for line in lines]


def _asked(pieces: list[str], british: bool) -> list[str]:
    done = subprocess.run(
        ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-gb" if british else "en-us", "--stdin"],
        input="\n\n".join(pieces).encode(),
        capture_output=True,
        timeout=_SECONDS,
        check=True,
    )
    return [line.strip() for line in done.stdout.decode().splitlines()]


def _translated(ipa: str, british: bool) -> str:
    for old, new in _AMERICAN:
        ipa = ipa.replace(old, new)
    ipa = re.sub(r"(\S)\u0329", r"ᵊ\1", ipa).replace("\u0329", "")
    for old, new in (*(_GB if british else _US), *_LAST):
        ipa = ipa.replace(old, new)
    return ipa
