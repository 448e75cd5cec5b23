"""Which keys a prompt names for callers to press, in Chinese and in English, as digits, numerals or words. Pure.

A prompt may hold sentences in both languages: "For English, press 8. 绿化请按1，供水请按二，返回请按井号键。"
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

from ivr.model import Menu
from sounds.model import MARK, Texts
from sounds.numbers import spoken

_NUMERALS = {"〇": "0", "零": "0", "幺": "1", "两": "2"} | {n: str(i) for i, n in enumerate("零一二三四五六七八九")}
_WORDS = {spoken(n, "en")[0]: str(n) for n in range(10)}
_SIGNS = {"星": "*", "米字": "*", "井": "#", "star": "*", "asterisk": "*", "hash": "#", "pound": "#", "square": "#"}
_KEYS = {**_NUMERALS, **_WORDS, **_SIGNS}

_NARROW = {ord("０") + n: ord("0") + n for n in range(10)} | {ord("＊"): "*", ord("＃"): "#"}
"""Each becomes one character, so that indexes in the text stay the same."""

_COUNTED = "下次遍会些个定项种类门条位点分秒起样直般切半"
"""Behind a numeral these make it an amount: 按一下 is not a key."""
_ZH_KEY = (
    rf"(?:[0-9]+(?![0-9]|\s*(?:次|遍|秒|分钟|小时))|[*#]|(?:星|井)号?键?|米字键?"
    rf"|[零〇一二三四五六七八九幺两](?![{_COUNTED}十百千]))"
)
_ZH_VERB = r"(?:按(?![键任])下?|拨(?!打)|选择?|输入)\s*(?:一下)?(?:数字|按)?键?[\s:：\"“'‘【\[(（]*"
_EN_WORD = rf"(?:{'|'.join(_WORDS)})"
_EN_SIGN = r"(?:star|asterisk|hash|pound|square)\b"
_EN_KEY = (
    rf"(?:[0-9]+(?![0-9]*[a-z]|[0-9]*\s+(?:digit|time|minute|hour|second)s?\b)|[*#]|{_EN_SIGN}"
    rf"|{_EN_WORD}\b(?=\s*(?:$|[,.;:!?、，。；\"”)]|(?:for|to|or|and|on|now|key|button|if|then|through)\b)))"
)
_EN_VERB = (
    r"\b(?:press|dial|push|hit|select|choose|enter|type|touch|key in)\s+(?:either\s+|on\s+)?(?:the\s+)?"
    r"(?:(?:number|key|digit|button)\s+)*[\"“'‘]?"
)
_VERB = re.compile(rf"(?:{_ZH_VERB})(?={_ZH_KEY})|{_EN_VERB}(?={_EN_KEY})", re.IGNORECASE)
_KEY = re.compile(rf"{_ZH_KEY}|{_EN_KEY}", re.IGNORECASE)
_AND = re.compile(
    rf"(?:号?键|\s+key)?[\"”'’】\])）]?\s*(?:、|/|或者?|和|与|及|,?\s*\b(?:or|and)\b|,(?=\s*[0-9*#]\s*,))\s*(?={_KEY.pattern})",
    re.IGNORECASE,
)
_TO = re.compile(r"(?:号?键)?\s*(?:到|至|-|–|—|~|～|\b(?:to|through)\b)\s*(?=[0-9](?![0-9a-z]))", re.IGNORECASE)
_CALLED = re.compile(r"[\"”'’】\])）]?\s*(?:号?键|key\b)[\"”'’】\])）]?", re.IGNORECASE)
_NUMBERS = re.compile(r"^(?:拨|输入|dial|enter|type)", re.IGNORECASE)
"""Behind these verbs several digits are a number to dial or to write, and no key."""

_PRESS = re.compile(r"\s*(?:请|please\s+)?(?:按|press)", re.IGNORECASE)
_CLAUSE = re.compile(r"[^，。；！？、,;!?]+?(?:[，。；！？、,;!?]|\.(?![0-9])|$)")
_SHORT = re.compile(
    rf"^\s*(?:and|or|或者?)?\s*(?:for|to)\b[^.]*?\s(?P<en>[0-9](?![0-9])|{_EN_SIGN})\W*$"  # for water 2
    rf"|^\s*(?:(?:and|or)\s+)?(?:the\s+)?(?P<first>[0-9]|{_EN_SIGN})\s+(?:key\s+)?(?:for|to)\s"  # 2 for water
    r"|^\s*[\u4e00-\u9fff]{2,}\s*(?P<zh>[0-9*#])\W*$"  # 供水2
    r"|^\s*(?P<before>[0-9*#])[\u4e00-\u9fff]",  # 2供水
    re.IGNORECASE,
)
"""Choices that leave the verb out, as they do behind a first one that has it."""
_PAUSED = re.compile(
    rf"\b(?:for|to)\s+[a-z][^.;:!?0-9，。；：！？]*,\s*(?P<en>[0-9](?![0-9a-z])|{_EN_SIGN})(?=\s*(?:[.,;!?，。；]|$))",
    re.IGNORECASE,
)
"""`For water, 2`: the same with a pause before the key."""
_BARE = re.compile(rf"^\s*[a-z][a-z ]*\s(?P<bare>[0-9*#]|{_EN_SIGN})\W*$", re.IGNORECASE)
"""`Water 2` in a prompt in which no choice has a verb."""


@dataclass(frozen=True, slots=True, order=True)
class NamedKey:
    """A key, and where the text names it; indexes count from 0.

    at     of the key itself
    key    has several digits where a prompt says such a number
    begin  of the verb: the same for all keys behind one verb; of the key where there is no verb
    end    behind the key, and behind the word for it, as in `star key`
    """

    at: int
    key: str
    begin: int = field(compare=False)
    end: int = field(compare=False)


@lru_cache(maxsize=2048)  # `check` asks twice, for a menu and for all menus
def named_keys(words: str) -> tuple[NamedKey, ...]:
    """The keys in the order in which the text names them; one that it names twice is there twice."""
    plain = words.translate(_NARROW)
    found = [one for verb in _VERB.finditer(plain) for one in _behind(plain, verb)]
    if found:
        first = min(one.at for one in found)
        paused = (_named(plain, key.start("en"), key["en"], key.start("en")) for key in _PAUSED.finditer(plain, first))
        return tuple(sorted({*found, *_short(plain, first, _SHORT), *paused}))
    bare = sorted({*_short(plain, 0, _SHORT), *_short(plain, 0, _BARE)})
    return tuple(bare) if len(bare) > 1 else ()


def _behind(words: str, verb: re.Match[str]) -> Iterator[NamedKey]:
    """The keys behind a verb: one, several, or a range."""
    at, several = verb.end(), bool(_NUMBERS.match(verb[0].strip()))
    while match := _KEY.match(words, at):
        key = _key(match[0])
        if len(key) > 1 and several:
            return
        yield _named(words, match.start(), match[0], verb.start())
        at = match.end()
        if (to := _TO.match(words, at)) and key.isdigit() and key < (last := words[to.end()]):
            for between in range(int(key) + 1, int(last) + 1):
                yield NamedKey(to.end(), str(between), verb.start(), _end(words, to.end() + 1))
            at = to.end() + 1
        following = _AND.match(words, at)
        if following is None:
            return
        at = following.end()


def _short(words: str, begin: int, shape: re.Pattern[str]) -> Iterator[NamedKey]:
    """Keys in clauses of this shape, without a verb, from `begin` on."""
    clauses = [(match.start(), match[0]) for match in _CLAUSE.finditer(words)]
    for index, (at, clause) in enumerate(clauses):
        behind = clauses[index + 1][1] if index + 1 < len(clauses) else ""
        match = None if at + len(clause) <= begin or _VERB.search(clause) else shape.match(clause)
        if match is not None:
            group = str(match.lastgroup)
            if group not in ("first", "before") and _PRESS.match(behind):
                continue  # `From 8 to 5, press 1`
            index = at + match.start(group)
            yield _named(words, index, match[group], index)


def _named(words: str, at: int, written: str, begin: int) -> NamedKey:
    return NamedKey(at, _key(written), begin, _end(words, at + len(written)))


def _end(words: str, behind: int) -> int:
    """Behind the word `key`, if it follows a key that ends there."""
    match = _CALLED.match(words, behind)
    return behind if match is None else match.end()


def _key(written: str) -> str:
    plain = re.sub(r"(?<=[星井])号|键$", "", written.lower())
    return _KEYS.get(plain, plain)


# What a menu's prompt says of its keys: `绿化请按1` → 1: 绿化; `For water, press 2.` → 2: Water. Pure.


_BREAK = re.compile(r"[，。；！？：,.;!?:\n]")
_SENTENCE_END = re.compile(r"[.;!?。；！？\n]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

_PLEASE = re.compile(r"(?:请\s*)?(?:直接\s*)?$")
"""What stands before the verb, as in 请直接拨."""

_POLITE = re.compile(r"^(?:如果?|若)?您?(?:需要|需|想要|要)")
"""What stands before the matter itself, as in 如需投诉."""

_MATTER_FIRST = re.compile(r"\b(?:for|to)\s+(.{1,120}?),?\s*(?:\bplease\s*)?$", re.IGNORECASE)
_KEY_FIRST = re.compile(r"^,?\s+(?:for|to)\s+([^,]{1,120})", re.IGNORECASE)


def choice(menu: Menu, key: str) -> Texts:
    """What the prompt says for this key, by language; a language in which it says nothing is left out."""
    said = {language: choices(words).get(key) for language, words in menu.say.items()}
    return {language: words for language, words in said.items() if words is not None}


@lru_cache(maxsize=1_000)
def choices(prompt: str) -> Mapping[str, str]:
    """Key → what the prompt says for it, in the order of the prompt. Of a key that is said twice, the first.

    Keys behind one verb have the same words. Each sentence may be in its own language, and has one order: `For gas,
    press 3` or `Press 3 for gas`. A moment, such as `{closes}`, is not part of the words.
    """
    prompt = MARK.sub("", prompt)
    found: dict[str, str] = {}
    groups = [list(keys) for _, keys in groupby(named_keys(prompt), key=lambda one: one.begin)]
    bounds = [0, *(keys[-1].end for keys in groups)]
    key_first = False
    for index, keys in enumerate(groups):
        following = groups[index + 1][0].begin if index + 1 < len(groups) else None
        before, after = prompt[bounds[index] : keys[0].begin], prompt[keys[-1].end : following]
        verb = prompt[keys[0].begin : keys[0].at]
        if _CHINESE.search(verb or _BREAK.split(before)[-1] + _BREAK.split(after)[0]):
            matter = _in_chinese(before, after)
        else:
            sentence = _SENTENCE_END.split(before)
            if index == 0 or len(sentence) > 1:
                key_first = _MATTER_FIRST.search(sentence[-1]) is None
            matter = _in_english(sentence[-1], after, key_first=key_first, bare=not verb)
        for one in keys if matter else ():
            if len(one.key) == 1:
                found.setdefault(one.key, matter)
    return found


def _in_chinese(before: str, after: str) -> str:
    """The clause that the key ends, else the words behind the key, else the clause before the one with the key."""
    parts = [part.strip() for part in _BREAK.split(_PLEASE.sub("", before))]
    beside = _BREAK.split(after)[0].strip()
    matter = parts[-1] or beside or next((part for part in reversed(parts) if part), "")
    return _POLITE.sub("", matter).strip()


def _in_english(before: str, after: str, *, key_first: bool, bare: bool) -> str:
    """`key_first`: the order of the sentence. `bare`: the key has no verb, as in `Water 2`."""
    behind = _KEY_FIRST.search(_SENTENCE_END.split(after)[0])
    match = behind if key_first else _MATTER_FIRST.search(before) or behind
    if match is None and not bare:
        return ""
    matter = (_BREAK.split(before)[-1] if match is None else match[1]).strip()
    return matter[:1].upper() + matter[1:]
