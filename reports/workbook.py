"""A report as a workbook (XLSX): the rows, how each figure is defined, and what was asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from io import BytesIO
from operator import itemgetter
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hotline.inwords import either
from reports.figures.model import Figure, Unit
from reports.kinds import FIGURES, NAMES, Made
from reports.reading import parts_of
from reports.sums import Dimension

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PAUSE_ROWS, PAUSE = 5, 0.0005
"""After so many rows the thread sleeps for so many seconds. Else calls would wait 5 ms for each turn."""

Texts = tuple[str, str]
"""In Chinese and in English."""

_WORDS: Mapping[object, Texts] = {
    Dimension.QUEUE: ("队列", "Queue"),
    Dimension.AGENT: ("坐席", "Agent"),
    Dimension.SUB_HOTLINE: ("分热线", "Sub-hotline"),
    Dimension.NUMBER: ("所拨号码", "Number dialled"),
    Dimension.LANGUAGE: ("语言", "Language"),
    Dimension.DISTRICT: ("区", "District"),
    Dimension.VERSION: ("版本", "Version"),
    Dimension.MENU: ("菜单", "Menu"),
    Dimension.KEY: ("按键", "Key"),
    Dimension.BREAK: ("小休", "Break"),
    Dimension.DESTINATION: ("去向", "Destination"),
    Dimension.SCOPE: ("所属单位", "Whose business"),
    Dimension.PHONE: ("话机", "Phone"),
    Dimension.NETWORK: ("网络", "Network"),
    "begins": ("时段开始", "Interval begins"),
    "hour": ("小时", "Hour of the day"),
    "weekday": ("星期几（1 为星期一）", "Weekday (1 is Monday)"),
    "day-kind": ("日子", "Kind of day"),
    "night": ("昼夜", "Day or night"),
    "workday": ("工作日", "workday"),
    "weekend": ("周末", "weekend"),
    "holiday": ("节假日", "holiday"),
    True: ("夜间（22–6 点）", "night (22 to 6)"),
    False: ("白天（6–22 点）", "day (6 to 22)"),
}

_UNITS: Mapping[Unit, tuple[str, str]] = {
    Unit.COUNT: ("", "#,##0"),
    Unit.PERCENT: ("", "0.0%"),
    Unit.SECONDS: (" (s)", "#,##0.0"),
    Unit.MILLISECONDS: (" (ms)", "#,##0.0"),
    Unit.SCORE: ("", "0.00"),
}
"""What stands after a figure's name, and its number format. Times are seconds: Excel shows no time below 0."""

_TEXT, _NUMBER, _MOMENT = "@", "0", "yyyy-mm-dd hh:mm"

Row = Mapping[str, Any]


class GivenUp(Exception):
    """Nobody waits for the workbook any more."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the workbook is of.

    before    the report with which it is compared
    called    names of the ids in the rows
    name      only this one was asked for
    whole     the account sees the whole hotline
    at        when the reports were made
    language  `zh` or `en`
    """

    made: Made
    before: Made | None
    figures: Sequence[Figure]
    dimension: Dimension
    called: Mapping[str, str]
    name: str | None
    whole: bool
    zone: tzinfo
    at: datetime
    language: str

    def put(self, zh: str, en: str) -> str:
        return either(zh, en, self.language)

    def moment(self, at: str) -> datetime:
        """By the hotline's clock. A spreadsheet knows no zones."""
        return datetime.fromisoformat(at).astimezone(self.zone).replace(tzinfo=None)


class _Column(NamedTuple):
    head: str
    pattern: str  # a number format
    of: Callable[[Row], Any]


def content(wanted: Wanted, stop: Event) -> bytes:
    """The file. 20,000 rows take seconds, so a thread has to make it. Rows go to temporary files at once, and need no
    memory. `stop` ends the work with GivenUp.
    """
    kind, file = NAMES[wanted.made.head["kind"]], BytesIO()
    with (
        TemporaryDirectory(prefix="wutong-report-") as folder,
        Workbook(file, {"constant_memory": True, "tmpdir": folder}) as book,
    ):
        book.set_properties({"title": wanted.put(*kind), "created": wanted.at})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        _write(book, head, wanted.put(*kind), wanted.made, wanted, stop)
        if wanted.before is not None:
            _write(book, head, wanted.put("对比的日子", "Days before"), wanted.before, wanted, stop)
        _define(book, head, wanted)
        sheet = book.add_worksheet(wanted.put("查询条件", "What was asked"))
        sheet.set_column(0, 1, 32)
        for number, (name, value) in enumerate(_asked(wanted)):
            _strings(sheet, number, (wanted.put(*name), value))
    return file.getvalue()


def _write(book: Workbook, head: Format, title: str, made: Made, wanted: Wanted, stop: Event) -> None:
    """The rows below a header that stays in sight. An empty row keeps the total out of what is sorted and filtered."""
    sheet = book.add_worksheet(title)
    split = list(_split(made.rows, wanted))
    columns = [*split, *(_figure(each, wanted) for each in wanted.figures)]
    sheet.set_column(0, len(columns) - 1, 16)
    sheet.freeze_panes(1, len(split))
    sheet.autofilter(0, 0, len(made.rows), len(columns) - 1)
    _strings(sheet, 0, [column.head for column in columns], head)
    formats = [book.add_format({"num_format": column.pattern}) for column in columns]
    for number, row in enumerate(made.rows, 1):
        for at, column in enumerate(columns):
            _cell(sheet, number, at, column.of(row), formats[at])
        if number % PAUSE_ROWS == 0 and stop.wait(PAUSE):
            raise GivenUp
    if len(made.rows) > 1:
        last, total = len(made.rows) + 2, {"figures": made.head["total"]}
        sheet.write_string(last, 0, wanted.put("合计", "All"), head)
        for at, column in enumerate(columns[len(split) :], len(split)):
            _cell(sheet, last, at, column.of(total), formats[at])


def _split(rows: Sequence[Row], wanted: Wanted) -> Iterator[_Column]:
    """What rows are split by."""
    for part in parts_of(rows):
        head = wanted.dimension if part == "name" else part.replace("_", "-")
        column = _Column(wanted.put(*_WORDS[head]), _NUMBER, itemgetter(part))
        match part:
            case "name":
                yield column._replace(pattern=_TEXT)
                if wanted.called:
                    yield _Column(wanted.put("名称", "Name"), _TEXT, lambda row: wanted.called.get(row["name"]))
            case "begins":
                yield column._replace(pattern=_MOMENT, of=lambda row: wanted.moment(row["begins"]))
            case "day_kind":
                yield column._replace(pattern=_TEXT, of=lambda row: wanted.put(*_WORDS[row["day_kind"]]))
            case "night":
                yield column._replace(pattern=_TEXT, of=lambda row: wanted.put(*_WORDS[row["night"]]))
            case _:
                yield column


def _figure(figure: Figure, wanted: Wanted) -> _Column:
    after, pattern = _UNITS[figure.unit]

    def value(row: Row) -> float | None:
        found: float | None = row["figures"][figure.id]
        return round(found / 100, 4) if found is not None and figure.unit is Unit.PERCENT else found

    return _Column(wanted.put(figure.zh, figure.en) + after, pattern, value)


def _define(book: Workbook, head: Format, wanted: Wanted) -> None:
    sheet = book.add_worksheet(wanted.put("指标定义", "Definitions"))
    sheet.freeze_panes(1, 1)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for at, width in enumerate((28, 80, 50, 40)):
        sheet.set_column(at, at, width)
    heads = (("指标", "Figure"), ("定义", "Definition"), ("公式", "Formula"), ("来源记录", "Records"))
    _strings(sheet, 0, [wanted.put(*each) for each in heads], head)
    for number, each in enumerate(wanted.figures, 1):
        definition = wanted.put(each.definition_zh, each.definition)
        _strings(sheet, number, (_figure(each, wanted).head, definition, each.formula, each.source), wrapped)


def _asked(wanted: Wanted) -> Iterator[tuple[Texts, str]]:
    head = wanted.made.head
    yield ("报表", "Report"), wanted.put(*NAMES[head["kind"]])
    yield ("第一天", "First day"), head["from"]
    yield ("最后一天", "Last day"), head["to"]
    yield ("时区", "Time zone"), head["timezone"]
    yield ("分列", "Split by"), wanted.put("、", ", ").join(wanted.put(*_WORDS[each]) for each in head["by"]) or "-"
    yield ("时段", "Interval"), head["every"] or "-"
    if wanted.name is not None:
        yield ("只含", "Only"), wanted.name
    if not wanted.whole:
        yield ("范围", "Part"), wanted.put("本账号可见的部分", "what the account may see of the hotline")
    if wanted.before is not None:
        first, last = wanted.before.head["from"], wanted.before.head["to"]
        yield ("对比的日子", "Days before"), wanted.put(f"{first} 至 {last}", f"{first} to {last}")
    level = FIGURES[head["service_level"]]
    yield ("所设服务水平", "Service level that is set"), wanted.put(level.zh, level.en)
    since = head["counted_since"]
    yield ("统计起点", "Counted since"), "-" if since is None else f"{wanted.moment(since):%Y-%m-%d %H:%M:%S}"
    yield ("制表时间", "Made at"), f"{wanted.at.astimezone(wanted.zone):%Y-%m-%d %H:%M:%S}"


def _strings(sheet: Worksheet, number: int, cells: Iterable[str], form: Format | None = None) -> None:
    for at, cell in enumerate(cells):
        sheet.write_string(number, at, cell, form)


def _cell(sheet: Worksheet, number: int, at: int, value: Any, form: Format) -> None:
    """Text is written as text: a name that begins with `=` is no formula."""
    match value:
        case None:
            pass
        case str():
            sheet.write_string(number, at, value, form)
        case datetime():
            sheet.write_datetime(number, at, value, form)
        case _:
            sheet.write_number(number, at, value, form)
