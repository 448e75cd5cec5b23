"""How much of a text was misunderstood: compares a recogniser's output with the intended words.

Only sound counts, not spelling:

- Chinese is compared by pinyin without tones. A recogniser chooses freely among homophones, and may write another tone
  where the sentence allows it. English is compared by words, without case and punctuation.
- Numbers count in either writing: 22, 二十二, 二二; 2, 二, 两; 1, 一, 幺; "22", "twenty-two", "two two".
- "#" is hash and "*" is star. "street lamps" is "streetlamps".
"""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pypinyin import lazy_pinyin

from sounds.model import Heard
from sounds.numbers import spoken

_HAN = r"[\u3400-\u9fff\uf900-\ufaff]"

# Further sounds of a character besides its own reading: a digit is spoken in two ways.
_ZH_ALSO = {"两": "二", "兩": "二", "二": "两", "幺": "一", "一": "幺", "〇": "零"}

# fmt: off
_ORDINALS = {
    "1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth", "6th": "sixth", "7th": "seventh",
    "8th": "eighth", "9th": "ninth", "10th": "tenth", "11th": "eleventh", "12th": "twelfth",
}
# fmt: on
_ENGLISH_SIGNS = {"#": "hash", "*": "star", "%": "percent", "okay": "ok"}
_CHINESE_SIGNS = {"#": "井号", "*": "星号"}
_KEYS = {spoken(n, language)[0]: str(n) for language in ("zh", "en") for n in range(10)}
_KEYS |= {"星号": "*", "井号": "#", "star": "*", "hash": "#"}

# Full-width digits, letters and signs equal narrow ones. "，" does not: it is no comma inside a number.
_NARROW = {ord("\uff01") + n: chr(ord("!") + n) for n in range(94) if chr(ord("!") + n) not in ",.;!?()"}

_ENGLISH_ROW = re.compile(r"[A-Za-z]+(?:[\s,'’-]+[A-Za-z0-9*#]+)+[.,!?;]*")
_CHINESE_ROW = re.compile(rf"{_HAN}(?:{_HAN}|[0-9*#，。、；：！？\s])*")
_NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:st|nd|rd|th)?")

_MOST_READINGS = 64
"""Readings of one text. Each number of several digits doubles them; beyond this all numbers are read the same way."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a menu: its department ("绿化"), its key ("1", "*", "#"), and their places in the text."""

    name: str
    key: str
    name_at: tuple[int, int]
    key_at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Sound:
    """One character or word: the ways it may sound, and its place in its text."""

    written: str
    readings: frozenset[str]
    at: int

    def is_like(self, other: "_Sound") -> bool:
        return self.written == other.written or not self.readings.isdisjoint(other.readings)

    def is_both(self, first: "_Sound", second: "_Sound") -> bool:
        """Whether this is those two English words written as one."""
        return self.written.isascii() and self.written == first.written + second.written


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of an alignment: a range of wanted sounds, by index, what was heard for them, and the errors."""

    wanted: tuple[int, int]
    heard: tuple[_Sound, ...]
    errors: int


@dataclass(frozen=True, slots=True)
class _Alignment:
    """The cheapest way to turn the wanted sounds into the heard ones."""

    wanted: Sequence[_Sound]
    steps: Sequence[_Step]

    @property
    def errors(self) -> int:
        return sum(step.errors for step in self.steps)

    def share(self, start: int, end: int, *, before: bool = False) -> Heard:
        """What was heard for the text's characters from `start` to `end`.

        Extra sounds count for the characters before them, or at the very start for those after; `before`: also count
        extra sounds just before `start`.
        """
        inside = [number for number, sound in enumerate(self.wanted) if start <= sound.at < end]
        if not inside:
            return Heard("", 0, 0)
        first, last = inside[0], inside[-1]
        steps = [
            step
            for step in self.steps
            if first <= max(0, step.wanted[1] - 1) <= last or (before and step.wanted == (first, first))
        ]
        heard = [sound.written for step in steps for sound in step.heard]
        joint = " " if all(written.isascii() for written in heard) else ""
        return Heard(joint.join(heard), sum(step.errors for step in steps), len(inside))


_Lattice = Sequence[Sequence[tuple[int, _Sound]]]
"""What was heard, with numbers that can be read in several ways. For each node the edges to it: from which node, with
which sound. The first node is the start, the last the end; edges lead from lower to higher nodes."""


_Way = tuple[int, int, int, tuple[_Sound, ...]]
"""In an alignment: the cost so far; of the last step the number of wanted sounds, the node before, the heard sounds."""


def compared(words: str, heard: str, language: str) -> Heard:
    """Compare what was `heard` with the `words`, both in `language` ("zh" or "en")."""
    words = _plain(words, language)
    alignment = _best(words, heard, language)
    complaints = []
    for choice in choices(words, language):
        for what, span in (("name", choice.name_at), ("key", choice.key_at)):
            there = alignment.share(*span, before=what == "key")  # 11 is not 1: count an extra 1
            if there.errors:
                complaints.append(f"{choice.name} ({choice.key}): the {what} was heard as {there.heard or 'nothing'}")
    return Heard(heard, alignment.errors, len(alignment.wanted), tuple(complaints))


def apart(texts: Sequence[str], heard: str, language: str) -> list[Heard]:
    """For texts spoken one after another: what was heard of each."""
    joined = ""
    spans: list[tuple[int, int]] = []
    for text in (_plain(text, language) for text in texts):
        spans.append((len(joined), len(joined) + len(text)))
        joined += f"{text}\n"
    alignment = _best(joined, heard, language)
    found = [alignment.share(*span) for span in spans]
    return [
        replace(each, keys=compared(text, each.heard, language).keys) for text, each in zip(texts, found, strict=True)
    ]


def choices(words: str, language: str) -> list[Choice]:
    """The choices that a menu offers: 绿化请按1, "For greening, press 1.", or "For greening, 1." """
    if language == "zh":
        pattern = (
            r"(?P<name>[^，。；！？,.;!?\s]+?)\s*请?[按拨]\s*(?P<key>[0-9零一二三四五六七八九]|星号|井号|[*#])(?![0-9])"
        )
    else:
        pattern = (
            r"(?:^|(?<=[.!?;:]))\s*(?:for|to)\s+(?P<name>[^.!?;:]+?)(?:,?\s+press|,)\s+"
            rf"(?P<key>[0-9]\b|[*#]|(?:{'|'.join(filter(str.isascii, _KEYS))})\b)"
        )
    return [
        Choice(match["name"], _KEYS.get(match["key"].lower(), match["key"]), match.span("name"), match.span("key"))
        for match in re.finditer(pattern, words, re.IGNORECASE)
    ]


def parts(words: str, language: str) -> list[tuple[str, str]]:
    """A text cut into pieces of one language each: [("en", "For English, press 8."), ("zh", "绿化请按1，…")].

    In a Chinese text, two or more words in Latin letters are English; in an English text, Chinese characters are
    Chinese. The digits and signs that follow belong to them.
    """
    other, pattern = ("en", _ENGLISH_ROW) if language == "zh" else ("zh", _CHINESE_ROW)
    pieces: list[tuple[str, str]] = []
    end = 0
    for match in pattern.finditer(words):
        pieces += [(language, words[end : match.start()]), (other, match.group())]
        end = match.end()
    pieces.append((language, words[end:]))
    return [(spoken, text.strip()) for spoken, text in pieces if re.search(r"\w", text)]


def _plain(text: str, language: str) -> str:
    """Times, decimals and percentages in words; applies to both texts."""
    said = text.translate(_NARROW)
    if language == "zh":
        said = re.sub(r"([0-9]{1,2}):00(?![0-9])", r"\1点", said)
        said = re.sub(r"([0-9]{1,2}):([0-9]{2})(?![0-9])", r"\1点\2分", said)
        said = re.sub(r"(?<=[0-9])\.(?=[0-9])", "点", said)
        return re.sub(r"([0-9]+(?:点[0-9]+)?)\s?%", r"百分之\1", said)
    said = re.sub(r"([0-9]{1,2}):00(?![0-9])", r"\1 o'clock", said)
    return re.sub(r"(?<=[0-9])\.(?=[0-9])", " point ", said)


def _best(words: str, heard: str, language: str) -> _Alignment:
    """The alignment with the fewest errors over all readings of both texts."""
    lattice = _lattice(_plain(heard, language), language)
    aligned = (_align(wanted, lattice) for wanted in _readings(words, language))
    return min(aligned, key=lambda alignment: alignment.errors)


def _readings(text: str, language: str) -> Iterator[list[_Sound]]:
    """The text as sounds, once for each way to read its numbers."""
    pieces = _pieces(text, language)
    ways = [range(len(piece)) for piece, _ in pieces]
    few = math.prod(map(len, ways)) <= _MOST_READINGS
    for chosen in itertools.product(*ways) if few else zip(*((way[0], way[-1]) for way in ways), strict=True):
        yield _sounds([(piece[way], at) for (piece, at), way in zip(pieces, chosen, strict=True)], language)


def _pieces(text: str, language: str) -> list[tuple[list[str], int]]:
    """The text cut at its numbers: for each piece the ways to read it, and its place."""
    pieces: list[tuple[list[str], int]] = []
    end = 0
    for match in _NUMBER.finditer(text):
        pieces.append(([text[end : match.start()]], end))
        pieces.append((_number(match.group(), language), match.start()))
        end = match.end()
    pieces.append(([text[end:]], end))
    return pieces


def _number(written: str, language: str) -> list[str]:
    """The ways to say a number: digit by digit, and as a whole."""
    if written in _ORDINALS:
        return [_ORDINALS[written] if language == "en" else written]
    row = re.sub(r"\D", "", written)
    whole = _whole(row, language)
    return [_digits(row, language), *([whole] if whole else [])]


def _digits(row: str, language: str) -> str:
    return ("" if language == "zh" else " ").join(spoken(int(digit), language)[0] for digit in row)


def _whole(row: str, language: str) -> str | None:
    """The number as a whole; None where that equals digit by digit, or nobody says it."""
    if row[0] == "0" or not 1 < len(row) <= (4 if language == "zh" else 6):
        return None
    said = spoken(int(row), language)
    return "".join(said) if language == "zh" else " ".join(word for word in said if word != "and")


def _sounds(pieces: Sequence[tuple[str, int]], language: str) -> list[_Sound]:
    if language == "zh":
        return _zh_sounds(pieces)
    sounds: list[_Sound] = []
    for piece, at in pieces:
        for match in re.finditer(r"[A-Za-z]+(?:['’][A-Za-z]+)*|[#*%]|[^\W\d_]", piece):
            word = match.group().lower().replace("’", "'")
            word = _ENGLISH_SIGNS.get(word, word)
            sounds.append(_Sound(word, frozenset((word,)), at + match.start()))
    return sounds


def _zh_sounds(pieces: Sequence[tuple[str, int]]) -> list[_Sound]:
    """Join the pieces before reading them: a character's reading depends on its sentence."""
    text = ""
    places: list[int] = []
    for number, (piece, at) in enumerate(pieces):
        text += piece
        # a number has one place; in other pieces each character has its own
        places += [at] * len(piece) if number % 2 else range(at, at + len(piece))
    sounds: list[_Sound] = []
    for match in re.finditer(rf"{_HAN}+|〇|[A-Za-z]+|[#*]", text):
        row, at = match.group(), match.start()
        if row in _CHINESE_SIGNS:
            sounds += _zh_sounds([(_CHINESE_SIGNS[row], 0)])
        elif re.match(_HAN, row) or row == "〇":
            for place, (character, reading) in enumerate(zip(row, _pinyin(row), strict=True)):
                readings = {reading, *_pinyin(_ZH_ALSO.get(character, ""))}
                sounds.append(_Sound(character, frozenset(readings), places[at + place]))
        else:
            sounds.append(_Sound(row.lower(), frozenset((row.lower(),)), places[at]))
    return sounds


@lru_cache(maxsize=8192)
def _pinyin(row: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(row))


def _lattice(heard: str, language: str) -> _Lattice:
    """What was heard. Digits in a row may be several numbers: 三十二 七 四十八 is written 32748."""
    nodes: list[list[tuple[int, _Sound]]] = [[]]

    def follow(start: int, sounds: Sequence[_Sound]) -> tuple[int, _Sound]:
        """Make nodes for all but the last sound; answers that sound as an edge to a node still to be made."""
        for sound in sounds[:-1]:
            nodes.append([(start, sound)])
            start = len(nodes) - 1
        return start, sounds[-1]

    def said(text: str) -> list[_Sound]:
        return _sounds([(text, 0)], language)

    end = 0
    for match in _NUMBER.finditer(heard):
        if before := said(heard[end : match.start()]):
            nodes.append([follow(len(nodes) - 1, before)])
        end = match.end()
        row = re.sub(r"\D", "", match.group())
        if not match.group().endswith(row[-1]):  # 1st
            nodes.append([follow(len(nodes) - 1, said(way)) for way in _number(match.group(), language)])
            continue
        marks = [len(nodes) - 1]  # the node before each digit
        for place in range(1, len(row) + 1):
            arriving = [follow(marks[place - 1], said(_digits(row[place - 1], language)))]
            for length in {2, len(row)} if place == len(row) else {2}:
                whole = _whole(row[place - length : place], language) if length <= place else None
                if whole:
                    arriving.append(follow(marks[place - length], said(whole)))
            nodes.append(arriving)
            marks.append(len(nodes) - 1)
    if after := said(heard[end:]):
        nodes.append([follow(len(nodes) - 1, after)])
    return nodes


def _align(wanted: Sequence[_Sound], heard: _Lattice) -> _Alignment:
    """Levenshtein's distance, with its path. Two words written as one, or one as two, cost nothing."""
    rows, columns = len(wanted) + 1, len(heard)
    ways: list[list[_Way]] = [[(0, 0, 0, ())] * columns for _ in range(rows)]
    for i in range(rows):
        for node in range(columns):
            options: list[_Way] = []  # the first of the cheapest wins
            for before, sound in heard[node]:
                if i:
                    like = wanted[i - 1].is_like(sound)
                    options.append((ways[i - 1][before][0] + (not like), 1, before, (sound,)))
                if i > 1 and sound.is_both(wanted[i - 2], wanted[i - 1]):
                    options.append((ways[i - 2][before][0], 2, before, (sound,)))
                for earlier, first in heard[before] if i else ():
                    if wanted[i - 1].is_both(first, sound):
                        options.append((ways[i - 1][earlier][0], 1, earlier, (first, sound)))
            if i:
                options.append((ways[i - 1][node][0] + 1, 1, node, ()))
            options += [(ways[i][before][0] + 1, 0, before, (sound,)) for before, sound in heard[node]]
            if options:
                ways[i][node] = min(options, key=lambda way: way[0])
    steps: list[_Step] = []
    i, node = len(wanted), columns - 1
    while i or node:
        cost, down, before, sounds = ways[i][node]
        steps.append(_Step((i - down, i), sounds, cost - ways[i - down][before][0]))
        i, node = i - down, before
    return _Alignment(wanted, steps[::-1])
