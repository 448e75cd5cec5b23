"""What a menu's own prompt says of its keys: `绿化请按1` → 1: 绿化; `For water supply, press 2.` → 2: Water supply.

Both grammars read every text, as a Chinese prompt may say `For English, press 8.` Pure.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ivr.model import Menu
from sounds.model import Texts

_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_KEYS: Mapping[str, str] = {
    **{character: str(digit) for digit, character in enumerate("零一二三四五六七八九")},
    **{character: str(digit) for digit, character in enumerate("０１２３４５６７８９")},
    **{word: str(digit) for digit, word in enumerate(_ENGLISH)},
    **dict.fromkeys(("星号", "米字", "＊", "star", "asterisk"), "*"),
    **dict.fromkeys(("井号", "井字", "＃", "hash", "pound"), "#"),
    "〇": "0",
}
"""Keys as they are spoken; those that are missing here stand for themselves."""

_CHINESE = re.compile(
    r"请?(?:直接)?[按拨](?:数字|号码)?\s*(?P<key>[0-9０-９零〇一二三四五六七八九*#＊＃]|星号|米字|井号|井字)"
    r"(?![0-9０-９零〇一二三四五六七八九十百下次个分秒])号?键?"
)
_BREAK = re.compile(r"[，。；！？：,.;!?:\n]")
_POLITE = re.compile(r"^(?:如果?|若)?您?(?:需要|需|想要|要)")
"""What stands before the matter itself, as in 如需投诉."""

_SENTENCE = re.compile(r"[^.;!?。；！？]+")
_PRESS = (
    r"\b(?:press|dial|select|choose|push)\s+(?:the\s+)?(?:key\s+|number\s+|digit\s+)?"
    rf"(?P<key>[0-9](?![0-9])|[*#]|(?:{'|'.join(_ENGLISH)}|star|asterisk|hash|pound)\b)(?:\s+key\b)?"
)
_MATTER_FIRST = re.compile(rf"\b(?:for|to)\s+(?P<matter>.{{1,120}}?),?\s+(?:please\s+)?{_PRESS}", re.IGNORECASE)
_KEY_FIRST = re.compile(rf"{_PRESS},?\s+(?:for|to)\s+(?P<matter>[^,]{{1,120}})", re.IGNORECASE)


def choice(menu: Menu, key: str) -> Texts:
    """What the prompt says for this key, by language; a language in which it says nothing is left out."""
    told = {language: choices(words).get(key) for language, words in menu.say.items()}
    return {language: words for language, words in told.items() if words is not None}


@lru_cache(maxsize=1_000)
def choices(prompt: str) -> Mapping[str, str]:
    """Key → what the prompt says for it, in the order of the prompt. Of a key that is said twice, the first."""
    found: dict[str, str] = {}
    for key, matter in (*_chinese(prompt), *_english(prompt)):
        if matter:
            found.setdefault(key, matter)
    return found


def _chinese(prompt: str) -> Iterator[tuple[str, str]]:
    """`绿化请按1`, `如需绿化，请按1` and `按1查询进度`."""
    spoken = list(_CHINESE.finditer(prompt))
    for index, match in enumerate(spoken):
        before = prompt[spoken[index - 1].end() if index else 0 : match.start()]
        after = prompt[match.end() : spoken[index + 1].start() if index + 1 < len(spoken) else None]
        parts = [part.strip() for part in _BREAK.split(before)]
        beside = _BREAK.split(after)[0].strip()
        # the clause that the key ends, else the words behind the key, else the clause before the one with the key
        matter = parts[-1] or beside or next((part for part in reversed(parts) if part), "")
        yield _key(match), _POLITE.sub("", matter)


def _english(prompt: str) -> Iterator[tuple[str, str]]:
    """`For gas, press 3` and `Press 3 for gas`: a sentence is in one of the two orders."""
    for sentence in _SENTENCE.findall(prompt):
        key_first = _KEY_FIRST.search(sentence)
        matter_first = _MATTER_FIRST.search(sentence)
        if key_first is not None and (matter_first is None or key_first.start() < matter_first.start()):
            order = _KEY_FIRST
        else:
            order = _MATTER_FIRST
        for match in order.finditer(sentence):
            matter = match["matter"].strip()
            yield _key(match), matter[:1].upper() + matter[1:]


def _key(match: re.Match[str]) -> str:
    spoken = match["key"].lower()
    return _KEYS.get(spoken, spoken)
