"""The words of a drawing, and of opening hours, in Chinese and English."""

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import groupby

from hotline.durations import spoken
from ivr.hours import OpeningHours, written
from ivr.model import KINDS

_WORDS: Mapping[str, tuple[str, str]] = {
    # key: (Chinese, English)
    **{kind.look.drawn: (kind.look.zh, kind.look.en) for kind in KINDS.values() if kind.look.drawn},
    "start": ("来电", "Calls"),
    "main": ("主菜单", "Main menu"),
    "digits": ("{least} 至 {most} 位", "{least} to {most} digits"),
    "entered": ("确认后", "confirmed"),
    "not-entered": ("未确认", "not confirmed"),
    "says-number": ("告知号码 {number}", "says the number {number}"),
    "then": ("之后", "after that"),
    "missing": ("不存在", "does not exist"),
    "numbers": ("拨打 {numbers}", "dial {numbers}"),
    "silent": ("不按键", "no key"),
    "wrong": ("按错键", "wrong key"),
    "times": ("{what} ×{n}", "{what} ×{n}"),
    "once": ("{what}", "{what}"),
    "waited": ("等候 {limit}后", "waited {limit}"),
    "waiting": ("已有 {limit} 人等候时", "{limit} already waiting"),
    "nobody_at_once": ("无人签入时", "unstaffed"),
    "nobody_signed_in": ("无人签入 {limit}后", "unstaffed for {limit}"),
    "estimate": ("预计等候达 {limit}时", "expected wait {limit}"),
    "failed": ("无人接听", "no answer"),
    "fallback": ("服务中断时", "while Wutong is away"),
    "callback": ("回拨", "callback"),
    "message-for": ("留言：{queue}", "message: {queue}"),
    "survey": ("满意度评价", "survey"),
    "after-talk": ("通话后", "after the talk"),
    "list": ("名单 {name}", "callers of the list {name}"),
    "ask": ("询问所在区", "asks for the district"),
    "shut": ("关闭时", "while closed"),
    "no-holidays": ("节假日除外", "not on holidays"),
    "holidays": ("节假日 {times}", "holidays {times}"),
    "extension": ("分机 {number}", "extension {number}"),
    "dials": ("拨 {number}，振铃 {ring}", "dials {number}, rings {ring}"),
    "skills": ("技能 {needs}", "skills {needs}"),
    "transfers": ("仅可转接", "by transfer only"),
    "nobody": ("无法到达", "unreachable"),
    "elsewhere": ("见第 {page} 页", "page {page}"),
    "part": ("接第 {page} 页", "from page {page}"),
    "page": ("第 {page} 页，共 {pages} 页", "page {page} of {pages}"),
    "added": ("新增", "new"),
    "removed": ("删除", "removed"),
    "changed": ("改动", "changed"),
    "was": ("原：{what}", "was: {what}"),
    "text-changed": ("提示音有改动", "another prompt"),
    "title-changed": ("原名：{what}", "was called: {what}"),
    "calls": ("{n} 通", "{n} calls"),
    "call": ("{n} 通", "{n} call"),
    "gave-up": ("{n} 人在此挂断（{share}）", "{n} hung up here ({share})"),
    "open": ("营业中", "open now"),
    "closed": ("已关闭", "closed now"),
    "unsaid": ("提示音未提及", "no prompt says it"),
    "diff": ("对照：{version}", "compared with {version}"),
    "no-diff": ("与对照没有差别：{version}", "no difference from {version}"),
    "traffic": (
        "{calls} 通来电，{since} 至 {until}；线越粗，来电越多",
        "{calls} calls, {since} to {until}; the wider a line, the more calls",
    ),
    "earlier": (
        "其中 {n} 通在其他版本下拨入，按键相同者一并计入",
        "{n} of them came under other versions; they count under the same keys",
    ),
    "version": ("版本 {version}", "version {version}"),
}
_CHINESE_UNITS = {"s": "秒", "m": "分钟", "h": "小时"}
_ENGLISH_UNITS = {"s": "s", "m": "min", "h": "h"}
_LANGUAGES = {"zh": ("中文", "Chinese"), "en": ("English", "English")}


def say(key: str, language: str, **filled: object) -> str:
    """The words for `key`: Chinese for `zh`, else English."""
    words = _WORDS[key][0 if chinese(language) else 1]
    return words.format(**filled) if filled else words


def chinese(language: str) -> bool:
    return language.partition("-")[0] == "zh"


def known(key: str) -> bool:
    return key in _WORDS


def duration(seconds: float, language: str) -> str:
    """300.0 → `5 分钟`, `5 min`."""
    written = spoken(seconds)
    units = _CHINESE_UNITS if chinese(language) else _ENGLISH_UNITS
    return f"{written[:-1]} {units[written[-1]]}"


def tongue(code: str, language: str) -> str:
    """What a language is called: `en` → English."""
    names = _LANGUAGES.get(code.partition("-")[0])
    return code if names is None else names[0 if chinese(language) else 1]


def number(n: int) -> str:
    """1234 → 1,234."""
    return f"{n:,}"


def share(part: int, whole: int) -> str:
    """`3 %`; below one percent `< 1 %`."""
    if not whole or not part:
        return "0 %"
    percent = 100 * part / whole
    return "< 1 %" if percent < 1 else f"{percent:.0f} %"


# Opening hours in words, as people write them on a door.


_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_DAYS_ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def hours_in_words(hours: OpeningHours, language: str) -> str:
    """`周一至周五 09:00-17:00`, `Mon–Fri 09:00-17:00, Sat 10:00-12:00, not on holidays`."""
    names = _DAYS if chinese(language) else _DAYS_ENGLISH
    between = "至" if chinese(language) else "–"
    parts = []
    for times, days in groupby(range(7), key=lambda day: hours.rows[day]):
        of_them = list(days)
        if times:
            span = names[of_them[0]] if len(of_them) == 1 else f"{names[of_them[0]]}{between}{names[of_them[-1]]}"
            parts.append(f"{span} {written(times)}")
    if hours.calendar is not None and parts:
        key = "holidays" if hours.holidays else "no-holidays"
        parts.append(say(key, language, times=written(hours.holidays or ())))
    return ("，" if chinese(language) else ", ").join(parts)


_NARROW = frozenset("iljI.,:;'|!()[]{}-/ t\"f1r")
_WIDE = frozenset("mwMWQO@%&")
_FULL = frozenset("“”‘’…—")
"""As wide as a Chinese character in Chinese fonts, narrow in others."""
_BROKEN_BEFORE = frozenset("，。、；：！？）」』》”’·…,.;:!?)]}%")
"""No line begins with one of these."""


def width(text: str, size: float, *, bold: bool = False) -> float:
    """In the unit of `size`, the font's."""
    ems = sum(_ems(character) for character in text)
    return ems * size * (1.06 if bold else 1.0)


def _ems(character: str) -> float:
    if character in _FULL or unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character == "·":
        return 0.7
    if unicodedata.combining(character):
        return 0.0
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.92
    return 0.68 if character.isupper() else 0.58


def wrapped(text: str, room: float, size: float, *, lines: int, bold: bool = False) -> tuple[str, ...]:
    """The text in at most so many lines that fit `room`; what is left out is shown by an ellipsis."""
    made: list[str] = []
    line = ""
    for piece in _pieces(text):
        if not line or width(line + piece.rstrip(), size, bold=bold) <= room:
            line += piece
            continue
        made.append(line.rstrip())
        line = piece.lstrip()
    made.append(line.rstrip())
    if len(made) > lines:
        made[lines - 1 :] = [" ".join(made[lines - 1 :]) if _latin(text) else "".join(made[lines - 1 :])]
    return tuple(fitted(each, room, size, bold=bold) for each in made if each) or ("",)


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, cut short where it is wider than `room`."""
    if width(text, size, bold=bold) <= room:
        return text
    left, kept = room - width("…", size, bold=bold), 0
    for character in text:
        left -= width(character, size, bold=bold)
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


def _pieces(text: str) -> Iterator[str]:
    """Parts between which a line may be broken: words with their blank, single Chinese characters."""
    piece = ""
    for index, character in enumerate(text):
        piece += character
        following = text[index + 1 : index + 2]
        wide = unicodedata.east_asian_width(character) in "WF"
        next_wide = bool(following) and unicodedata.east_asian_width(following) in "WF"
        if (character == " " or wide or next_wide) and following not in _BROKEN_BEFORE:
            yield piece
            piece = ""
    if piece:
        yield piece


def _latin(text: str) -> bool:
    return not any(unicodedata.east_asian_width(character) in "WF" for character in text)
