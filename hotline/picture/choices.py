"""What a prompt says of its keys: 绿化请按1 → {"1": "绿化"}."""

import re
from collections.abc import Mapping
from types import MappingProxyType

_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SIGNS: Mapping[str, str] = MappingProxyType(
    dict(zip("零〇一二两三四五六七八九", "001223456789", strict=True))
    | {"星号": "*", "星": "*", "米字": "*", "井号": "#", "井": "#"}
    | dict(
        zip(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], "0123456789", strict=True)
    )
    | {"star": "*", "asterisk": "*", "hash": "#", "pound": "#"}
)
_KEY = rf"(?P<key>[0-9*#](?![0-9])|{'|'.join(sorted(_SIGNS, key=len, reverse=True))})(?:号?键)?"
_LABEL = r"(?P<label>[^，。；：！？,.;:!?\n]+?)"
_BEGIN = r"(?:^|(?<=[，。；：！？,.;:!?\n]))\s*"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_BEGIN}请?[按拨]\s*{_KEY}\s*(?P<label>[^，。；：！？,.;:!?\n]+)",
        rf"{_BEGIN}(?:如需|如要|需要|若要|想要|要)?{_LABEL}\s*[，,]?\s*请?[按拨]\s*{_KEY}",
        rf"{_BEGIN}(?:for|to)\s+(?P<label>[^.;:!?]+?),?\s+(?:please\s+)?press\s+(?:the\s+)?{_KEY}\b",
        rf"{_BEGIN}(?:please\s+)?press\s+(?:the\s+)?{_KEY}\b\s*,?\s*(?:for|to)\s+(?P<label>[^.,;:!?]+)",
    )
)


def choices(prompt: str) -> Mapping[str, str]:
    """Key → what the prompt calls it, in the order in which it tells them; of a key told twice, the first time."""
    found: list[tuple[int, str, str]] = []
    taken: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(prompt):
            if any(match.start() < end and begin < match.end() for begin, end in taken):
                continue
            taken.append(match.span())
            sign = match["key"].lower()
            found.append((match.start(), _SIGNS.get(sign, sign), _title(match["label"])))
    told: dict[str, str] = {}
    for _, key, label in sorted(found):
        told.setdefault(key, label)
    return told


def _title(label: str) -> str:
    """With a capital letter, as a heading has it."""
    words = " ".join(label.split())
    return words[:1].upper() + words[1:]
