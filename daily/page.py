"""The daily sheet on one page of A4, and that page as HTML. Units are millimetres, from the upper left corner. Pure.

HTML and PDF are made of the same shapes: they look the same, and the page cannot become two. A text that has no room is
made smaller, then cut short.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from daily.model import LEVEL, SHOWN, Part, Sheet, shown
from drawing.card.page import AMBER, GREEN, INK, MUTED, PALE, WHITE, Area, Page, Shape, Words, escape, in_room, page_svg
from drawing.words import wrapped
from reports.figures.model import Figure
from reports.kinds import FIGURES
from reports.periods import DayKind
from reports.sums import Dimension

WIDE, HIGH = 210.0, 297.0
_LEFT, _RIGHT = 16.0, WIDE - 16.0
_ROOM = _RIGHT - _LEFT
_LINE, _LIGHT = "#b9c4bd", "#e3b15c"
"""Rules, and the abandoned calls of the chart: on grey paper far lighter than the answered ones."""

Texts = tuple[str, str]
"""In Chinese and in English."""

_WORDS: Mapping[str, Texts] = {
    "title": ("热线日报", "Daily sheet"),
    "day": ("{day.year}年{day.month}月{day.day}日 {weekday}", "{weekday}, {day.day} {month} {day.year}"),
    "open": ("当日尚未结束。", "This day is not over."),
    "weekdays": (
        "星期一 星期二 星期三 星期四 星期五 星期六 星期日",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    ),
    "months": ("", "January February March April May June July August September October November December"),
    DayKind.WORKDAY: ("工作日", "working day"),
    DayKind.WEEKEND: ("周末", "weekend"),
    DayKind.HOLIDAY: ("节假日", "holiday"),
    "figures": ("主要指标", "Figures"),
    "today": ("当日", "Day"),
    "yesterday": ("前一日", "Day before"),
    "week": ("上周同日", "Week before"),
    "line": ("{name}：{today}（{before}）", "{name}: {today} ({before})"),
    "before": ("前一日 {yesterday}　上周同日 {week}", "day before {yesterday} · week before {week}"),
    "hours": ("分时队列呼入", "Offered by hour"),
    Dimension.QUEUE: ("各队列", "Queues"),
    Dimension.SUB_HOTLINE: ("各分热线", "Sub-hotlines"),
    "rest": ("其余合计", "All others together"),
    "none": ("当日没有来电进入队列", "No entries into queues on this day"),
    "none-through": ("当日没有来电转分热线", "No calls to sub-hotlines on this day"),
    "unknown": ("当日没有统计数据", "No data for this day"),
    "notes": ("说明", "Notes"),
    "aim": ("目标：{within:g} 秒内接听 {percent:g}%。", "Target: {percent:g}% within {within:g} s."),
    "aims": ("目标按各队列的设置。", "The target is each queue's own."),
    "tests": ("不计拨测及其他测试来电。", "Not counted: calls of the self-test and other test calls."),
    "entries": (
        "来电每进入一个队列计一次入队；队列呼入为其中接听与放弃之和，短时放弃（等待不超过 5 秒）含在放弃内。",
        "An entry is a stay in a queue; offered are the answered and the abandoned ones, short abandons included.",
    ),
    "when": ("来电计入开始的当日，结束后才统计。", "A call counts on the day it began, after it has ended."),
    "callbacks": (
        "当日约定的回拨都已拨打或了结后，才有回拨按时率。",
        "Callbacks in time: a dash until all callbacks promised that day were dialled or are over.",
    ),
    "dash": ("横线表示没有数据。", "A dash means: no data."),
    "since": ("本机统计自 {since:%Y-%m-%d %H:%M} 起。", "Counted since {since:%Y-%m-%d %H:%M}."),
    "sign": ("负责人签字", "Signature"),
    "date": ("日期", "Date"),
    "foot": (
        "梧桐 · 菜单版本 {version} · 制表 {at:%Y-%m-%d %H:%M}（{zone}）",
        "Wutong · menu tree {version} · made {at:%Y-%m-%d %H:%M} ({zone})",
    ),
}

_NAMES: Mapping[str, Texts] = {
    LEVEL: ("服务水平", "Service level"),
    "calls_reached": ("接通率", "Calls answered by a person"),
    "offered": ("队列呼入", "Offered"),
    "asa": ("平均等待", "Average wait (ASA)"),
    "aht": ("平均处理时长", "Average handling time (AHT)"),
    "transfers_blind": ("直接转接", "Transfers, blind"),
    "transfers_consult": ("咨询后转接", "Transfers, consulted"),
    "callbacks": ("约定回拨", "Callbacks promised"),
    "callbacks_on_time": ("回拨按时率", "Callbacks in time"),
    "lines_answered": ("分热线接听", "Answered there"),
    "abandoned_short": ("其中短时放弃", "of these within 5 s"),
    "surveys_complete": ("完成评价", "Surveys complete"),
    "score": ("评价首题均分", "Mean score, question 1"),
}
"""Of figures whose own names are understood within their reports only."""

_DEFINITIONS: Mapping[str, Texts] = {
    "service_level_without_short": (
        "服务水平 = 按时接听 ÷（接听 + 等待超过 5 秒后放弃）。",
        "Service level = answered in time ÷ (answered + abandoned after 5 s).",
    ),
    "abandon_rate": (
        "放弃率 = 等待超过 5 秒后放弃 ÷（接听 + 等待超过 5 秒后放弃）。",
        "Abandon rate = abandoned after 5 s ÷ (answered + abandoned after 5 s).",
    ),
}
"""In place of a figure's own definition, which is for readers of many reports."""

_HALVES = SHOWN[:10], SHOWN[10:20]
"""Ids of the figures, in two columns."""
_TILES = (LEVEL, "direct_answers", "calls_reached", "asa")
_NOTED = ("abandon_rate", "calls_reached", "direct_answers", "first_contact")
"""Ids of the figures whose definitions stand below."""


def say(key: str, language: str, **filled: object) -> str:
    return _WORDS[key][0 if language == "zh" else 1].format(**filled)


def name_of(sheet: Sheet, figure: Figure) -> str:
    """What a figure is called on the sheet."""
    zh, en = _NAMES.get(LEVEL if figure.id == sheet.level.id else figure.id, (figure.zh, figure.en))
    return zh if sheet.language == "zh" else en


def title(sheet: Sheet) -> str:
    return f"{sheet.name} {' / '.join(sheet.numbers)} {say('title', sheet.language)} {sheet.day}"


def day_in_words(sheet: Sheet) -> str:
    """With the weekday, and whether it is a working day, if a calendar says so."""
    weekday = say("weekdays", sheet.language).split()[sheet.day.weekday()]
    month = (say("months", sheet.language).split() or [""] * 12)[sheet.day.month - 1]
    words = say("day", sheet.language, day=sheet.day, weekday=weekday, month=month)
    return words if sheet.kind is None else f"{words} · {say(sheet.kind, sheet.language)}"


def page(sheet: Sheet) -> Page:
    """The page."""
    shapes = (*_head(sheet), *_tiles(sheet), *_figures(sheet), *_chart(sheet), *_parts(sheet), *_foot(sheet))
    return Page(WIDE, HIGH, shapes, title(sheet), sheet.language)


def _figure(sheet: Sheet, key: str) -> Figure:
    return sheet.level if key == LEVEL else FIGURES[key]


def _words(sheet: Sheet, figure: Figure) -> list[str]:
    """The three values."""
    return [shown(value, figure.unit, sheet.language) for value in sheet.figures[figure.id]]


def _head(sheet: Sheet) -> Iterator[Shape]:
    yield Area(0, 0, WIDE, HIGH, WHITE)
    yield Area(_LEFT, 13, _ROOM, 0.9, GREEN)
    yield in_room(_LEFT, 23, sheet.name, _ROOM * 0.62, 7, least=3.5, bold=True)
    numbers = " / ".join(sheet.numbers)
    yield in_room(_RIGHT, 23, numbers, _ROOM * 0.34, 7, least=3.5, bold=True, colour=GREEN, anchor="end")
    yield in_room(_LEFT, 30.5, day_in_words(sheet), _ROOM * 0.7, 4, least=3)
    yield Words(_RIGHT, 30.5, say("title", sheet.language), 4, MUTED, anchor="end")
    if sheet.at.date() <= sheet.day:
        yield Words(_LEFT, 34.5, say("open", sheet.language), 2.6, AMBER, bold=True)


def _tiles(sheet: Sheet) -> Iterator[Shape]:
    gap, top, high = 4.0, 35.5, 22.0
    wide = (_ROOM - gap * (len(_TILES) - 1)) / len(_TILES)
    for number, key in enumerate(_TILES):
        figure, x = _figure(sheet, key), _LEFT + number * (wide + gap)
        today, *before = _words(sheet, figure)
        yield Area(x, top, wide, high, PALE, 1.2)
        yield in_room(x + 3, top + 5.6, name_of(sheet, figure), wide - 6, 3, least=2, colour=MUTED)
        yield in_room(x + 3, top + 13.2, today, wide - 6, 7.4, least=3, bold=True)
        for line, (key, words) in enumerate(zip(("yesterday", "week"), before, strict=True)):
            text = f"{say(key, sheet.language)} {words}"
            yield in_room(x + 3, top + 17.4 + 3.1 * line, text, wide - 6, 2.3, least=1.7, colour=MUTED)


def _heading(y: float, text: str) -> Iterator[Shape]:
    yield Words(_LEFT, y, text, 3.4, GREEN, bold=True)


def _rule(x: float, y: float, wide: float, colour: str = _LINE) -> Area:
    return Area(x, y, wide, 0.15, colour)


def _figures(sheet: Sheet) -> Iterator[Shape]:
    """Two columns of figures, each with the values of three days."""
    top, step, gap = 65.0, 5.1, 8.0
    wide = (_ROOM - gap) / 2
    ends = (wide - 36, wide - 18, wide)
    yield from _heading(top, say("figures", sheet.language))
    for half, keys in enumerate(_HALVES):
        x, y = _LEFT + half * (wide + gap), top + 5.4
        for end, word in zip(ends, ("today", "yesterday", "week"), strict=True):
            yield in_room(x + end, y, say(word, sheet.language), 17, 2.5, least=1.9, colour=MUTED, anchor="end")
        yield _rule(x, y + 1.4, wide, INK)
        for key in keys:
            y += step
            figure = _figure(sheet, key)
            inset = 3 if key == "abandoned_short" else 0
            yield in_room(x + inset, y, name_of(sheet, figure), ends[0] - 15 - inset, 3, least=2.1)
            for end, words, bold in zip(ends, _words(sheet, figure), (True, False, False), strict=True):
                colour = INK if bold else MUTED
                yield in_room(x + end, y, words, 17, 3, least=2, bold=bold, colour=colour, anchor="end")
            yield _rule(x, y + 1.5, wide)


def _chart(sheet: Sheet) -> Iterator[Shape]:
    """Answered and abandoned entries of each hour, on top of each other: together they are the offered ones."""
    top, high, axis = 131.0, 35.0, 8.0
    base, left = top + 7 + high, _LEFT + axis
    yield from _heading(top, say("hours", sheet.language))
    at = _RIGHT
    for key, colour in (("abandoned", _LIGHT), ("answered", GREEN)):
        name = name_of(sheet, FIGURES[key])
        yield Words(at, top, name, 2.7, MUTED, anchor="end")
        at -= len(name) * (2.8 if sheet.language == "zh" else 1.7) + 4
        yield Area(at, top - 2.2, 2.6, 2.6, colour)
        at -= 5
    if not sheet.known:
        yield Words((left + _RIGHT) / 2, base - high / 2, say("unknown", sheet.language), 3, MUTED, anchor="middle")
        return
    most = _round(max((sum(each) for each in sheet.hours), default=0) or 4)
    for part in range(4 + 1):
        y = base - high * part / 4
        yield _rule(left, y, _RIGHT - left, INK if part == 0 else _LINE)
        yield Words(left - 1.5, y + 0.9, f"{most * part // 4:,}", 2.3, MUTED, anchor="end")
    step = (_RIGHT - left) / 24
    for hour, (answered, abandoned) in enumerate(sheet.hours):
        x, y = left + hour * step, base
        for count, colour in ((answered, GREEN), (abandoned, _LIGHT)):
            if count:
                tall = high * count / most
                y -= tall
                yield Area(x + step * 0.18, y, step * 0.64, tall, colour)
        if answered + abandoned:
            yield Words(x + step / 2, y - 0.8, f"{answered + abandoned:,}", 2.1, INK, anchor="middle")
        yield Words(x + step / 2, base + 3.2, f"{hour}", 2.3, MUTED, anchor="middle")


def _round(most: int) -> int:
    """The end of the axis: a round number, which four parts divide."""
    end = 4
    while end < most:
        end *= 10
    return next(each for each in (end // 10 * 2, end // 10 * 4, end // 10 * 8, end) if each >= most and each % 4 == 0)


def _parts(sheet: Sheet) -> Iterator[Shape]:
    """The table of queues, or of sub-hotlines."""
    top, step = 183.5, 4.9
    yield from _heading(top, say(sheet.dimension, sheet.language))
    y, first = top + 5.2, _LEFT + _ROOM * 0.3
    column = (_RIGHT - first) / len(sheet.columns)
    ends = [first + column * (number + 1) for number in range(len(sheet.columns))]
    for figure, end in zip(sheet.columns, ends, strict=True):
        yield in_room(end, y, name_of(sheet, figure), column - 2, 2.5, least=1.9, colour=MUTED, anchor="end")
    yield _rule(_LEFT, y + 1.4, _ROOM, INK)
    none = "none" if sheet.dimension is Dimension.QUEUE else "none-through"
    unnamed = "rest" if sheet.parts else none if sheet.known else "unknown"
    for part in sheet.parts or (Part("", ()),):
        y += step
        name = part.name or say(unnamed, sheet.language)
        colour = INK if part.name else MUTED
        yield in_room(_LEFT, y, name, first - _LEFT - 3, 3, least=2.1, colour=colour)
        for figure, end, value in zip(sheet.columns, ends, part.values, strict=False):
            text = shown(value, figure.unit, sheet.language)
            yield in_room(end, y, text, column - 2, 3, least=2, colour=colour, anchor="end")
        yield _rule(_LEFT, y + 1.5, _ROOM)


def notes(sheet: Sheet) -> Sequence[str]:
    """What a reader has to know of the figures."""
    space = "" if sheet.language == "zh" else " "
    aim = ""
    if sheet.aim is not None:
        aim = space + say("aim", sheet.language, percent=sheet.aim[0], within=sheet.aim[1])
    elif sheet.dimension is Dimension.QUEUE:
        aim = space + say("aims", sheet.language)

    def defined(figure: Figure) -> str:
        if own := _DEFINITIONS.get(figure.id):
            return own[0 if sheet.language == "zh" else 1]
        text = figure.definition_zh if sheet.language == "zh" else figure.definition
        return f"{name_of(sheet, figure)}{'：' if sheet.language == 'zh' else ': '}{text}"

    made = [defined(sheet.level) + aim, *(defined(FIGURES[key]) for key in _NOTED)]
    since = [] if sheet.since is None else [say("since", sheet.language, since=sheet.since)]
    others = (say(key, sheet.language) for key in ("tests", "entries", "when", "callbacks", "dash"))
    return [*made, space.join([*others, *since])]


def _foot(sheet: Sheet) -> Iterator[Shape]:
    """Notes, a place for the signature, and what the sheet was made of."""
    y = 245.5
    yield from _heading(y, say("notes", sheet.language))
    y += 0.6
    for note in notes(sheet):
        for line in wrapped(note, _ROOM, 2.4, lines=3):
            y += 3.2
            yield Words(_LEFT, y, line, 2.4, MUTED)
    y = HIGH - 16
    for key, x, wide in (("sign", _RIGHT - 104, 56.0), ("date", _RIGHT - 40, 40.0)):
        yield Words(x, y, say(key, sheet.language), 3)
        yield Area(x + 19 - 7 * (key == "date"), y + 0.8, wide - 19 + 7 * (key == "date"), 0.2, INK)
    zone = getattr(sheet.at.tzinfo, "key", sheet.at.tzname())
    foot = say("foot", sheet.language, version=sheet.version[:12] or "–", at=sheet.at, zone=zone)
    yield _rule(_LEFT, HIGH - 11.5, _ROOM)
    yield in_room(_LEFT, HIGH - 8, foot, _ROOM, 2.4, least=1.8, colour=MUTED)


# The page as HTML: one file without scripts, to be read and printed.

_STYLE = "@page{size:A4;margin:0}html{background:#e9eeeb}body{margin:0}svg{display:block;margin:0 auto;max-width:100%}"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
)
"""The policy lets a browser use the page's own style sheet, and nothing else."""


def html(made: Page) -> str:
    """The page. A screen reader gets its texts in their order."""
    language = "zh-CN" if made.language == "zh" else made.language
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(made.title)}</title><style>{_STYLE}</style></head>\n"
        f"<body>\n{page_svg(made, 'group')}</body></html>\n"
    )


# What a mail says beside the sheet.


def summary(sheet: Sheet) -> str:
    """The main figures as lines of text, for people who read mail on a phone."""
    keys = ("calls", "offered", "answered", "abandoned", LEVEL, "asa", "direct_answers", "score")
    lines = [title(sheet), day_in_words(sheet), ""]
    for key in keys:
        figure = _figure(sheet, key)
        today, yesterday, week = _words(sheet, figure)
        before = say("before", sheet.language, yesterday=yesterday, week=week)
        lines.append(say("line", sheet.language, name=name_of(sheet, figure), today=today, before=before))
    return "\n".join(lines) + "\n"
