"""The daily sheet: which figures it has, that it stays one page, and the PDF itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from base.failure import NotDone
from daily.model import LEVEL, MOST_PARTS, OF_PARTS, Part, Sheet, figures_of, parts_of, shown
from daily.page import HIGH, WIDE, html, page, summary
from drawing.card import printing
from drawing.card.page import Area, Words
from drawing.card.printing import printed
from drawing.words import width
from reports.figures.model import Unit
from reports.kinds import FIGURES
from reports.periods import DayKind
from reports.sums import Dimension, Sums

DAY = date(2026, 3, 2)
LEVELS = FIGURES["service_level_without_short"]
COLUMNS = tuple(LEVELS if each == LEVEL else FIGURES[each] for each in OF_PARTS[Dimension.QUEUE])
HOSTILE = "<script>alert(1)</script>&\x07"


def some(answered: int = 90, abandoned: int = 10) -> Sums:
    return Sums(
        calls=answered + abandoned,
        entries=answered + abandoned,
        answered=answered,
        answered_in_time=answered - 9,
        abandoned=abandoned,
        abandoned_short=4,
        wait_ms=answered * 8_300,
        longest_wait_ms=312_000,
        calls_answered=answered,
        calls_direct=answered // 2,
    )


def sheet(language: str = "zh", parts: tuple[Part, ...] = ()) -> Sheet:
    days = {DAY: some(), DAY - timedelta(days=1): some(50, 5)}
    return Sheet(
        name="城市管理热线" if language == "zh" else "City Hotline",
        numbers=("12319",),
        day=DAY,
        kind=DayKind.WORKDAY,
        language=language,
        level=LEVELS,
        aim=(80.0, 15.0),
        figures=figures_of(DAY, days, DAY - timedelta(days=2), LEVELS),
        hours=tuple((hour * 4, hour) for hour in range(24)),
        dimension=Dimension.QUEUE,
        columns=COLUMNS,
        parts=parts or parts_of({"greening": some(), "gas": some(20, 3)}, {"greening": "绿化"}, COLUMNS),
        since=datetime(2026, 2, 28, 9, tzinfo=UTC),
        version="3f9a1c77ab0d",
        at=datetime(2026, 3, 3, 7, tzinfo=UTC),
    )


def texts(made: Sheet) -> list[str]:
    return [shape.text for shape in page(made).shapes if isinstance(shape, Words)]


def test_a_day_that_is_not_counted_has_no_values_and_a_quiet_one_has_none_to_divide() -> None:
    quiet = figures_of(DAY, {DAY: some()}, DAY - timedelta(days=1), LEVELS)
    assert quiet["offered"] == (100, 0, None)
    assert quiet["asa"] == (8.3, None, None)
    assert quiet[LEVELS.id] == (84.38, None, None)
    assert set(figures_of(DAY, {}, None, LEVELS).values()) == {(None, None, None)}


@pytest.mark.parametrize(
    ("value", "unit", "chinese", "english"),
    [
        (None, Unit.COUNT, "–", "–"),
        (0, Unit.COUNT, "0", "0"),
        (12_345, Unit.COUNT, "12,345", "12,345"),
        (91.27, Unit.PERCENT, "91.27%", "91.27%"),
        (8.3, Unit.SECONDS, "8.3 秒", "8.3 s"),
        (59.94, Unit.SECONDS, "59.9 秒", "59.9 s"),
        (59.96, Unit.SECONDS, "1 分 0 秒", "1 min 0 s"),
        (119.96, Unit.SECONDS, "2 分 0 秒", "2 min 0 s"),
        (120, Unit.SECONDS, "2 分 0 秒", "2 min 0 s"),
        (312.4, Unit.SECONDS, "5 分 12 秒", "5 min 12 s"),
        (7_325, Unit.SECONDS, "2 时 2 分 5 秒", "2 h 2 min 5 s"),
        (4.6, Unit.SCORE, "4.60", "4.60"),
    ],
)
def test_values_in_words(value: float | None, unit: Unit, chinese: str, english: str) -> None:
    assert (shown(value, unit, "zh"), shown(value, unit, "en")) == (chinese, english)


def test_the_busiest_queues_and_all_others_together() -> None:
    queues = {f"q{number:03}": some(number, 1) for number in range(300)}
    parts = parts_of(queues, {"q299": "Greening"}, COLUMNS)
    assert [part.name for part in parts] == ["Greening", *(f"q{number}" for number in range(298, 290, -1)), ""]
    assert len(parts) == MOST_PARTS
    assert sum(part.values[0] or 0 for part in parts) == sum(range(300)) + 300
    assert parts[-1].values[-1] == 312.0, "the longest wait is the greatest, not the sum"
    assert len(parts_of(dict(list(queues.items())[:MOST_PARTS]), {}, COLUMNS)) == MOST_PARTS


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_stays_on_the_page(language: str) -> None:
    queues = {f"{number} {'绿化' * 90}": some(10**7 + number, 10**6) for number in range(300)}
    made = replace(
        sheet(language, parts_of(queues, {}, COLUMNS)),
        name="市民服务" * 40,
        numbers=("12319", "12345", "02012319"),
        hours=((10**6, 10**5),) * 24,
        version="",
    )
    for shape in page(made).shapes:
        match shape:
            case Words():
                wide = width(shape.text, shape.size, bold=shape.bold)
                left = shape.x - {"start": 0, "middle": wide / 2, "end": wide}[shape.anchor]
                assert 0 < left < left + wide < WIDE, shape
                assert 0 < shape.y < HIGH - 5, shape
            case Area():
                assert 0 <= shape.y <= shape.y + shape.height <= HIGH, shape
                assert 0 <= shape.x <= shape.x + shape.width <= WIDE, shape
    reader = PdfReader(BytesIO(printed([page(made)])))
    assert len(reader.pages) == 1


def test_the_chart_has_the_hours() -> None:
    bars = [shape for shape in page(sheet()).shapes if isinstance(shape, Area) and 4 < shape.width < 5]
    assert len(bars) == 2 * 23, "the first hour has no calls"
    answered, abandoned = bars[-2:]
    assert answered.height == pytest.approx(4 * abandoned.height)
    assert abandoned.y + abandoned.height == pytest.approx(answered.y)


def test_each_figure_has_its_name_and_the_values_of_three_days() -> None:
    words = texts(sheet("en"))
    named = {words[at - 1]: tuple(words[at : at + 3]) for at in range(len(words) - 1, 0, -1)}
    assert named["Entries"] == named["Calls"] == named["Offered"] == ("100", "55", "–")
    assert named["of these within 5 s"] == ("4", "4", "–")
    assert named["Longest wait"] == ("5 min 12 s", "5 min 12 s", "–")
    assert named["Callbacks in time"] == ("–", "–", "–")


def axis(made: Sheet) -> list[str]:
    return [
        shape.text for shape in page(made).shapes if isinstance(shape, Words) and shape.x < 24 and 131 < shape.y < 180
    ]


def test_a_day_without_calls_says_so() -> None:
    made = replace(sheet("en"), parts=(), hours=((0, 0),) * 24)
    assert "No entries into queues on this day" in texts(made)
    assert axis(made) == ["0", "1", "2", "3", "4"]
    through = texts(replace(made, dimension=Dimension.SUB_HOTLINE, aim=None))
    assert "No calls to sub-hotlines on this day" in through
    assert "each queue's own" not in " ".join(through)


def test_a_day_of_which_nothing_is_known_does_not_read_as_a_quiet_one() -> None:
    made = replace(sheet("en"), parts=(), hours=((0, 0),) * 24, figures=figures_of(DAY, {}, None, LEVELS))
    assert texts(made).count("No data for this day") == 2, "in place of the chart, and of the queues"
    assert not axis(made)


def test_the_sheet_of_today_says_that_the_day_is_not_over() -> None:
    assert "This day is not over." not in texts(sheet("en"))
    assert "This day is not over." in texts(replace(sheet("en"), at=datetime(2026, 3, 2, 23, 59, tzinfo=UTC)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_of_ours_is_cut_and_the_notes_stay_above_the_signature(language: str) -> None:
    made = sheet(language)
    made = replace(made, figures=dict.fromkeys(made.figures, (100.0, 100.0, 100.0)))
    for level in (each for each in FIGURES.values() if each.id.startswith("service_level")):
        figures = {**made.figures, level.id: (100.0, 100.0, 100.0)}
        columns = tuple(level if each is LEVELS else each for each in COLUMNS)
        full = replace(made, level=level, columns=columns, figures=figures, since=datetime(2026, 2, 28, 9, tzinfo=UTC))
        found = [shape for shape in page(full).shapes if isinstance(shape, Words)]
        assert not [shape.text for shape in found if "…" in shape.text]
        [sign] = (shape.y for shape in found if shape.text in ("负责人签字", "Signature"))
        assert max(shape.y for shape in found if shape.y < sign) < sign - 2.5, level.id


@pytest.mark.parametrize(
    ("sums", "share"),
    [
        (Sums(callbacks=4, callbacks_tried=1), None),
        (Sums(callbacks=4, callbacks_tried=4), 25.0),
        (Sums(callbacks=4, callbacks_tried=1, callbacks_connected=1, callbacks_cancelled=3), 100.0),
        (Sums(callbacks=4, callbacks_tried=2, callbacks_not_reached=1, callbacks_otherwise=2), None),
    ],
)
def test_callbacks_in_time_are_told_when_no_callback_can_change_them(sums: Sums, share: float | None) -> None:
    made = figures_of(DAY, {DAY: replace(sums, callbacks_on_time=1)}, DAY, LEVELS)
    assert made["callbacks_on_time"][0] == share
    assert made["callbacks"][0] == 4


def test_the_words_of_both_languages() -> None:
    chinese, english = " ".join(texts(sheet("zh"))), " ".join(texts(sheet("en")))
    for words in (
        "2026年3月2日 星期一 · 工作日",
        "直接答复率",
        "15 秒内接听 80%",
        "服务水平 = 按时接听 ÷（接听 + 等待超过 5 秒后放弃）",
        "分时队列呼入",
        "不计拨测",
        "负责人签字",
        "自 2026-02-28 09:00",
    ):
        assert words in chinese
    for words in ("Monday, 2 March 2026 · working day", "Direct-answer rate", "80% within 15 s", "Signature", "UTC"):
        assert words in english
    assert "holiday" in " ".join(texts(replace(sheet("en"), kind=DayKind.HOLIDAY)))
    assert "Monday, 2 March 2026" in texts(replace(sheet("en"), kind=None)), "no calendar has that year"
    assert "each queue's own" in " ".join(texts(replace(sheet("en"), aim=None)))


def test_html_has_no_script_and_a_hostile_name_is_text() -> None:
    made = html(page(sheet("zh", (Part(HOSTILE, (1, 1, 0, None, None, None)),))))
    assert "<script" not in made
    assert "\x07" not in made
    assert "<script>alert(1)</script>&\ufffd" in unescape(made)
    assert made.startswith('<!doctype html>\n<html lang="zh-CN">')


def test_a_mail_has_the_main_figures() -> None:
    lines = summary(sheet("zh")).splitlines()
    assert lines[0] == "城市管理热线 12319 热线日报 2026-03-02"
    assert "队列呼入：100（前一日 55　上周同日 –）" in lines
    assert "Service level: 84.38% (day before 80.39% · week before –)" in summary(sheet("en"))


def test_the_pdf_is_one_page_of_a4_whose_text_can_be_searched() -> None:
    reader = PdfReader(BytesIO(printed([page(sheet())])))
    [only] = reader.pages
    assert (float(only.mediabox.width), float(only.mediabox.height)) == pytest.approx((595.3, 841.9), 0.01)
    text = only.extract_text()
    for words in ("城市管理热线", "服务水平", "84.38%", "绿化", "负责人签字"):
        assert words in text


def test_a_pdf_never_has_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, said in (("𓀀", r"𓀀 \(U\+13000\)"), ("a\u2065", r"U\+2065\.")):
        with pytest.raises(NotDone, match=rf"NotoSansCJK-Regular\.ttc has no {said}"):
            printed([page(sheet("zh", (Part(name, (1, 1, 0, None, None, None)),)))])
    monkeypatch.setattr(printing, "FONTS", (Path("/nowhere"),))
    with pytest.raises(NotDone, match="apt-get install fonts-noto-cjk"):
        printed([page(sheet())])
