"""How a text is read aloud: numbers and signs become words, and each part goes to the voice of its language.

    "For English, press 8. 绿化请按1，供水请按2"  is  en "For English, press 8."  zh "绿化请按一。供水请按二"

Letters show the language: the Chinese voice reads Chinese characters, the English voice Latin letters. Digits are read
in the language of their sentence; in a sentence with both scripts, in the language of the text.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from base.hints import shortened
from sentences.sentence import Sentence
from sounds.model import Unsayable, sayable
from sounds.numbers import LARGEST, UnknownLanguage, digits, spoken


@dataclass(frozen=True, slots=True)
class Segment:
    """Words in one language, without digits or signs in Chinese; an English voice reads digits itself."""

    language: str
    words: str


HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"  # without the signs × and ÷

_SENTENCE = re.compile(r"[^。！？!?…\n]+?(?:[。！？!?…]+|\.(?=\s|$|[" + HAN + r"])|$)|[。！？!?…]+")
_LATIN_RUN = re.compile(rf"[{LATIN}](?:[{LATIN}'’\- ]*[{LATIN}])?")
_HAN_RUN = re.compile(rf"[{HAN}](?:[{HAN}0-9，、；：,;: ]*[{HAN}])?")

# Full-width letters, digits and signs equal narrow ones. Punctuation does not: ， is not a comma inside a number.
_NARROW = {ord("\uff01") + n: chr(ord("!") + n) for n in range(94) if chr(ord("!") + n) not in ",.;:!?()"}

_SILENT = re.compile(r"[\[\]<>{}\"“”‘’「」『』《》〈〉【】_\\|·•`^~～]+")
"""Markup that other synthesisers know, quotes, and bullets."""


def reading(words: str, language: str) -> tuple[Segment, ...]:
    """The text in parts, in order, each in one language, in words that its voice reads correctly.

    Raises `UnknownLanguage`, and `Unsayable` for characters that no voice can speak, or when nothing is left to say.
    """
    if language not in _READ:
        raise UnknownLanguage(language)
    even = sayable(words).replace("…", "。").replace("°C", "℃").translate(_NARROW)
    _refuse_unspeakable(even)
    parts: list[Segment] = []
    for sentence in _SENTENCE.findall(even):
        parts.extend(_divided(sentence, language))
    read = tuple(Segment(part.language, _READ[part.language](part.words)) for part in _joined(parts))
    said = tuple(part for part in read if re.search(rf"[{HAN}{LATIN}0-9]", part.words))
    if not said:
        raise Unsayable(Sentence("there is nothing to be said in {words!r}: write words", words=shortened(words)))
    return said


def unspeakable(words: str) -> Sentence | None:
    """Why no voice can speak a text, in a sentence; None: it can. Never raises."""
    try:
        reading(words, "zh")
    except Unsayable as problem:
        return problem.said
    return None


def _refuse_unspeakable(words: str) -> None:
    for character in words:
        kind = unicodedata.category(character)
        if kind[0] == "L" and not re.match(rf"[{HAN}{LATIN}]", character):
            name = unicodedata.name(character, "a letter without a name").lower()
            raise Unsayable(
                Sentence(
                    "{character!r} ({name}) is of no language that the voice speaks: Chinese and English it does",
                    character=character,
                    name=name,
                )
            )
        sign = kind[0] == "S" or kind in ("Cf", "Co", "Cn", "Me", "No", "Nl")
        if sign and character not in {*_SIGNS, "〇"} and not _SILENT.match(character):
            raise Unsayable(Sentence("{sign!r} cannot be spoken: take it out, or write a word for it", sign=character))


# -- which voice ---------------------------------------------------------------------------------------------------


def _divided(sentence: str, language: str) -> Iterator[Segment]:
    has_han, has_latin = re.search(f"[{HAN}]", sentence), re.search(f"[{LATIN}]", sentence)
    if not (has_han and has_latin):
        yield Segment("zh" if has_han else "en" if has_latin else language, sentence)
        return
    other, run = ("en", _LATIN_RUN) if language == "zh" else ("zh", _HAN_RUN)
    end = 0
    for match in run.finditer(sentence):
        yield Segment(language, sentence[end : match.start()])
        yield Segment(other, match.group())
        end = match.end()
    yield Segment(language, sentence[end:])


def _joined(parts: list[Segment]) -> list[Segment]:
    """Join neighbours of one language; signs between two parts belong to the first."""
    kept: list[Segment] = []
    for part in parts:
        wordless = not re.search(rf"[{HAN}{LATIN}0-9*#]", part.words)
        if kept and (wordless or part.language == kept[-1].language):
            kept[-1] = Segment(kept[-1].language, kept[-1].words + part.words)
        else:
            kept.append(part)
    return kept


# -- Chinese ---------------------------------------------------------------------------------------------------------

_SIGNS = {
    "+": ("加", " plus "),
    "=": ("等于", " equals "),
    "℃": ("摄氏度", " degrees "),
    "°": ("度", " degrees "),
    "×": ("乘", " times "),
    "÷": ("除以", " divided by "),
    "¥": ("元", " yuan "),
    "￥": ("元", " yuan "),
    "$": ("美元", " dollars "),
    "€": ("欧元", " euros "),
    "㎡": ("平方米", " square metres "),
}
"""How signs are read, in Chinese and in English; `#`, `*`, `%`, `&`, `@` count as punctuation and are below."""

_MEASURES = (
    "个|位|天|年|名|人|次|条|米|元|块|岁|种|份|家|处|点|分钟|小时|周|倍|批|套|台|辆|间|户|张|件|项|遍"
    "|公里|公斤|平方米|千|万|亿"
)
"""Words that follow a number of things."""
_SUMS = r"\s?(?:元(?!旦)|美元|欧元|万|亿|个|米|平方米|公里|吨)"
"""Words that follow a number of five or more digits only if it is not a telephone number."""
_EMERGENCY = r"11[04789]|12[0-2]"
_CALLING = r"(?:拨打|致电|拨|电话|热线|打|转|呼叫|号码|分机)[号是为：:\s]{0,2}"
_AFTER_KEY = re.compile(r"(按\s?(?:[零一二三四五六七八九]|星号键?|井号键?))\s?[，,、；;]")


def _chinese(words: str) -> str:
    """Digits and signs written out: 12319 is 幺二三幺九, 2个 is 两个, 8:30 is 八点三十分, 3.5% is 百分之三点五."""
    read = words.replace("〇", "零")
    for pattern, said in _CHINESE:
        read = pattern.sub(said, read)
    read = _SILENT.sub(" ", read)
    for sign, (zh, _) in _SIGNS.items():
        read = read.replace(sign, zh)
    return " ".join(_AFTER_KEY.sub(r"\1。", read).split())


def _one_by_one(match: re.Match[str]) -> str:
    """A telephone number, with a pause between written groups."""
    groups = re.findall(r"\d+", match.group())
    return ("加" if match.group().startswith("+") else "") + "，".join(digits(group, "zh") for group in groups)


def _number(written: str, *, counted: bool = False) -> str:
    value = int(written)
    if value > LARGEST:
        return digits(written, "zh")
    return "".join(spoken(value, "zh", counted=counted))


def _decimal(whole: str, part: str | None) -> str:
    return _number(whole.replace(",", "")) + (f"点{_each(part)}" if part else "")


def _clock(match: re.Match[str]) -> str:
    hour, minute = match.groups()
    past = "" if minute == "00" else f"{'零' if minute[0] == '0' else ''}{_number(minute)}分"
    return f"{_number(hour, counted=True)}点{past}"


def _date(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"{_each(year)}年{_number(month)}月{_number(day)}日"


def _each(row: str) -> str:
    return "".join(_number(digit) for digit in row)


_CHINESE: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str] | str], ...] = (
    (re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), _date),
    (
        re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-—–~]\s?((?:19|20)\d\d)(?=\s?年)"),
        lambda m: f"{_each(m[1])}至{_each(m[2])}",
    ),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\s?年)"), lambda m: _each(m[1])),
    (re.compile(r"(?<!\d)([01]?\d|2[0-4])[:：]([0-5]\d)(?!\d)"), _clock),
    (re.compile(r"(?<=[点分年])\s?[-—–~]+\s?(?=[零一二两三四五六七八九十])"), "至"),
    (re.compile(r"(?<=[日号月年时天])\s?[-—–~]+\s?(?=\d)"), "至"),
    (re.compile(r"(?<=(?:周|期)[一二三四五六日天])\s?[-—–~]+\s?(?=周|星期)"), "至"),
    (re.compile(r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), _one_by_one),
    (
        re.compile(r"\+\d{1,3}[- ]?\d{2,4}(?:[- ]?\d{3,4})+|(?<!\d)(?:0\d{2,3}|400|800)(?:[- ]\d{3,4})+(?!\d)"),
        _one_by_one,
    ),
    (re.compile(rf"({_CALLING})(\d{{3,}}(?:-\d+)*)"), lambda m: m[1] + digits(re.sub(r"\D", "", m[2]), "zh")),
    (re.compile(rf"(?<!\d)(?<!\d[.,])(?:{_EMERGENCY})(?!\d|[.,:]\d|%|\s?(?:{_MEASURES}))"), _one_by_one),
    (re.compile(rf"(?<!\d)(?<!\d[.,])[1-9]\d{{4,}}(?={_SUMS})"), lambda m: _number(m[0])),
    (re.compile(r"(?<!\d)(?<!\d[.,])(?:\d{5,}|0\d+)(?![.,]?\d)"), _one_by_one),
    (
        re.compile(r"[¥￥]\s?(\d[\d,]*)(?:\.(\d+))?\s?[-—–~]\s?[¥￥]?\s?(\d[\d,]*)(?:\.(\d+))?([万亿]?)"),
        lambda m: f"{_decimal(m[1], m[2])}至{_decimal(m[3], m[4])}{m[5]}元",
    ),
    (re.compile(r"[¥￥]\s?(\d[\d,]*)(?:\.(\d+))?([万亿]?)"), lambda m: _decimal(m[1], m[2]) + m[3] + "元"),
    (re.compile(r"(\d[\d,]*)(?:\.(\d+))?\s?%"), lambda m: "百分之" + _decimal(m[1], m[2])),
    (re.compile(r"(?<=\d)\s?[-—–~]+\s?(?=\d)"), "至"),
    (re.compile(r"-(?=\d+(?:\.\d+)?\s?(?:℃|度))"), "零下"),
    (re.compile(r"-(?=\d+\s?[层楼])"), "负"),
    (re.compile(rf"(?<!\d)(?<!\d[.,])(?<![第按])(?<!按\s)2(?=\s?(?:{_MEASURES}))"), "两"),
    (re.compile(r"(\d+(?:,\d{3})*)\.(\d+)"), lambda m: _decimal(m[1], m[2])),
    (re.compile(r"\d+(?:,\d{3})*"), lambda m: _number(m[0].replace(",", ""))),
    (re.compile(r"\*\s?键"), "星号键"),
    (re.compile(r"#\s?键"), "井号键"),
    (re.compile(r"\*"), "星号"),
    (re.compile(r"#"), "井号"),
    (re.compile(r"%"), "百分号"),
    (re.compile(r"&"), "和"),
    (re.compile(r"@"), "艾特"),
    (re.compile(r"[/—–-]+"), "，"),
)
"""In this order: special forms before plain numbers."""

# -- English ---------------------------------------------------------------------------------------------------------

_ENGLISH_AFTER_KEY = re.compile(
    r"\b(press (?:the )?(?:\d|zero|one|two|three|four|five|six|seven|eight|nine|star|hash|pound)(?: key)?)\s?[,;]", re.I
)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ENGLISH: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str] | str], ...] = (
    (
        re.compile(r"(?<![\d.,-])(\d{4})-(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])(?![\d-])"),
        lambda m: f"{int(m[3])} {_MONTHS[int(m[2]) - 1]} {m[1]}",
    ),
    (re.compile(rf"\b({_DAY})\s?[-—–]\s?(?={_DAY}\b)", re.I), r"\1 to "),
    (re.compile(r"\b24/7\b"), "24 7"),
    (re.compile(r"\+?(?<![\d.,])\d{2,4}(?:[- ]\d{2,4}){2,}(?!\d)"), lambda m: _english_row(m[0])),
    (re.compile(r"(?<![\d.,-])0\d{2,3}[- ]\d{7,8}(?![\d-])"), lambda m: _english_row(m[0])),
    (
        re.compile(
            r"\b((?:call|calling|dial|dialling|phone|ring|number|hotline|extension)\s(?:is\s)?)(\d{3,})\b", re.I
        ),
        lambda m: m[1] + _english_row(m[2]),
    ),
    (re.compile(r"(?<!\d)(\d{1,2}):00(?=\s?[ap]\.?m\b)", re.I), r"\1 "),
    (re.compile(r"(?<!\d)(\d{1,2}):00(?!\d)"), r"\1 o'clock"),
    (re.compile(r"(?<!\d)(\d{1,2}):0(\d)(?!\d)"), r"\1 oh \2"),
    (re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?!\d)"), r"\1 \2"),
    (re.compile(r"(?<!\d)(?<!\d[.,])(?:\d{5,}|0\d+)(?![.,]?\d)"), lambda m: _english_row(m[0])),
    (re.compile(r"(?<=\d)\s?[-—–]+\s?(?=\d)"), " to "),
    (re.compile(r"(?<!\w)-(?=\d)"), "minus "),
    (re.compile(r"\bNo\.\s?(?=\d)"), "number "),
    (re.compile(r"[¥￥]\s?([\d,.]*\d)"), r"\1 yuan"),
    (re.compile(r"\$\s?(\d[\d,.]*(?<=\d)(?:\s(?:thousand|[mb]illion))?)"), r"\1 dollars"),
    (re.compile(r"€\s?(\d[\d,.]*(?<=\d)(?:\s(?:thousand|[mb]illion))?)"), r"\1 euros"),
    (re.compile(r"#"), " hash "),
    (re.compile(r"\*"), " star "),
    (re.compile(r"%"), " percent "),
    (re.compile(r"&"), " and "),
    (re.compile(r"@"), " at "),
    (re.compile(r"[/—–]+"), ", "),
)


def _english(words: str) -> str:
    read = _SILENT.sub(" ", words.translate(_WESTERN))
    for pattern, said in _ENGLISH:
        read = pattern.sub(said, read)
    for sign, (_, en) in _SIGNS.items():
        read = read.replace(sign, en)
    return re.sub(r"\s+(?=[,.;:!?])", "", " ".join(_ENGLISH_AFTER_KEY.sub(r"\1.", read).split()))


WESTERN = {"，": ", ", "、": ", ", "。": ". ", "；": "; ", "：": ": ", "！": "! ", "？": "? ", "’": "'"}
"""Chinese punctuation in its Western form."""

_WESTERN = str.maketrans(WESTERN)


def _english_row(row: str) -> str:
    return ", ".join(digits(group, "en") for group in re.findall(r"\d+", row))


_READ = {"zh": _chinese, "en": _english}
