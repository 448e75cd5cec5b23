"""English for the voice model: espeak-ng gives the sound of words in IPA, turned here into Kokoro's symbols.

Kokoro writes a diphthong as one capital and has no length marks. The table follows misaki, the front end of Kokoro's
training, for words that its dictionary does not have.
"""

import re
import subprocess

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


def symbols(words: str, british: bool) -> str:
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
