"""Reports as workbooks, as a spreadsheet would read them."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from base.role import Role
from reports import workbook
from reports.kinds import FIGURES, Made, ReportKind
from reports.sums import Dimension
from tests.unit.reports.sheets import Sheet, sheets
from tests.unit.reports.stories import MONDAY, abandoned, answered, in_order, state
from tests.unit.service.world import World

HOSTILE = ["=1+1", "=cmd|' /C calc'!A1", "+1", "@SUM(A1)", "{=1}", "https://example.org", "_x0041_", "\x07<&>\ufffe"]
"""What agents may write as the reason of a break."""


@pytest.fixture
def world() -> World:
    made = World(now=MONDAY + 10 * 3_600)
    calls = in_order(
        answered("c1", MONDAY, wait=10, talk=60),
        answered("c2", MONDAY + 3_600, wait=20, talk=120),
        abandoned("c3", MONDAY + 3_700, wait=30),
        answered("c4", MONDAY + 3_800, wait=5, talk=30, queue="general"),
        answered("b1", MONDAY - 7 * 86_400, wait=8, talk=100),
    )
    made.archive.keep(calls)
    return made


async def had(world: World, path: str, key: str | None = None, language: str = "en") -> dict[str, Sheet]:
    async with world.client() if key is None else world.client(key) as client:
        answer = await client.get(f"/api/v1/reports/{path}&format=xlsx", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == workbook.MEDIA_TYPE
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    return sheets(answer.content)


async def test_figures_are_numbers_and_the_header_stays_in_sight(world: World) -> None:
    found = await had(world, "queues?by=queue,hour&service_levels=all")
    assert list(found) == ["Queues", "Definitions", "What was asked"]
    report = found["Queues"]
    assert report.rows[0][:4] == ["Queue", "Name", "Hour of the day", "Entries"]
    assert report.frozen == (1, 3)
    assert [row[:4] for row in report.rows[1:4]] == [
        ["general", "综合", 9.0, 1.0],
        ["greening", "Greening", 8.0, 1.0],
        ["greening", "Greening", 9.0, 2.0],
    ]
    assert report.under("Service level: of all offered") == [1.0, 1.0, 0.0, 0.5]
    assert report.under("ASA (s)") == [5.0, 10.0, 20.0, 11.7]
    shown = {head: report.formats[f"{report.column(head)}2"] for head in ("Entries", "ASA (s)", "Abandon rate")}
    assert shown == {"Entries": "#,##0", "ASA (s)": "#,##0.0", "Abandon rate": "0.0%"}


async def test_the_total_stands_apart_from_the_rows(world: World) -> None:
    report = (await had(world, "queues?by=queue"))["Queues"]
    assert (report.cells["A3"], report.cells["A5"]) == ("greening", "All")
    assert not [place for place in report.cells if place[-1] == "4"]
    assert report.cells[f"{report.column('Entries')}5"] == 4.0
    alone = (await had(world, "queues?by="))["Queues"]
    assert (alone.cells["A1"], alone.cells["A2"], len(alone.rows)) == ("Entries", 4.0, 2)


async def test_moments_are_those_of_the_hotlines_clock(world: World) -> None:
    report = (await had(world, "queues?every=hour"))["Queues"]
    since_1900 = timedelta(seconds=round(86_400 * float(report.cells["A2"])))
    assert datetime(1899, 12, 30, tzinfo=UTC) + since_1900 == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert report.formats["A2"] == "yyyy-mm-dd hh:mm"


async def test_it_is_in_the_language_of_whoever_asks(world: World) -> None:
    found = await had(world, "queues?by=queue,day-kind,night", language="zh-CN")
    assert list(found) == ["队列", "指标定义", "查询条件"]
    assert found["队列"].rows[1][:4] == ["general", "综合", "工作日", "白天（6–22 点）"]
    assert found["指标定义"].cells["B2"] == FIGURES["entries"].definition_zh
    assert "Queues" in await had(world, "queues?language=en", language="zh-CN")


async def test_it_says_what_was_asked_and_how_each_figure_is_defined(world: World) -> None:
    found = await had(world, "queues?by=queue,weekday&name=greening&every=day")
    asked = {str(row[0]): row[1] for row in found["What was asked"].rows}
    assert asked == {
        "Report": "Queues",
        "First day": "2026-03-02",
        "Last day": "2026-03-02",
        "Time zone": "Asia/Shanghai",
        "Split by": "Queue, Weekday (1 is Monday)",
        "Interval": "day",
        "Only": "greening",
        "Service level that is set": FIGURES["service_level_without_short"].en,
        "Counted since": "2026-02-23 08:00:00",
        "Made at": "2026-03-02 18:00:00",
    }
    heads = found["Queues"].rows[0][4:]
    assert [row[0] for row in found["Definitions"].rows[1:]] == heads
    assert ["ASA (s)", FIGURES["asa"].definition, "wait_ms / answered", "connected"] in found["Definitions"].rows


async def test_days_before_are_on_a_sheet_of_their_own(world: World) -> None:
    found = await had(world, "queues?by=queue&compare=week")
    assert list(found)[:2] == ["Queues", "Days before"]
    assert found["Days before"].under("Answered") == [1.0]
    assert ["Days before", "2026-02-23 to 2026-02-23"] in found["What was asked"].rows


async def test_a_limited_account_gets_its_part_and_is_told_so(world: World) -> None:
    found = await had(world, "queues?by=queue", await world.key(Role.SUPERVISOR, queues=["general"]))
    assert found["Queues"].under("Queue") == ["general"]
    assert ["Part", "what the account may see of the hotline"] in found["What was asked"].rows


async def test_no_name_becomes_a_formula_or_a_link(world: World) -> None:
    breaks = [state(f"20{n}", MONDAY + n, "not-ready", "logged-out", reason) for n, reason in enumerate(HOSTILE)]
    back = [state(f"20{n}", MONDAY + 600, "ready", "not-ready") for n in range(len(HOSTILE))]
    world.archive.keep([*breaks, *back])
    report = (await had(world, "breaks?by=break"))["Breaks"]
    assert sorted(report.under("Break")) == sorted([*HOSTILE, "All"])
    assert report.formulas == 0


@pytest.mark.parametrize("kind", list(ReportKind))
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_report_can_be_one_even_without_rows(world: World, kind: ReportKind, language: str) -> None:
    first, definitions, _ = (await had(world, f"{kind}?from=2026-01-01&to=2026-01-01&language={language}")).values()
    assert [row[0] for row in definitions.rows[1:]] == first.rows[0]
    assert len(first.rows) == 1


def wanted(rows: int) -> workbook.Wanted:
    figures = [FIGURES["entries"]]
    row = {"begins": None, "name": "gas", "hour": 1, "weekday": None, "day_kind": None, "night": None}
    head = {"kind": ReportKind.QUEUES, "from": "2026-03-02", "to": "2026-03-02", "timezone": "Asia/Shanghai"}
    more = {"by": ["queue", "hour"], "every": None, "counted_since": None, "total": {"entries": rows}}
    made = Made(
        {**head, **more, "service_level": "service_level_of_offered"}, [{**row, "figures": {"entries": 1}}] * rows
    )
    zone, at = ZoneInfo("Asia/Shanghai"), datetime(2026, 3, 2, tzinfo=UTC)
    return workbook.Wanted(made, None, figures, Dimension.QUEUE, {}, None, True, zone, at, "en")


def test_it_ends_when_nobody_waits_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    stop = Event()
    assert len(sheets(workbook.content(wanted(50), stop))["Queues"].rows) == 52
    assert list(tmp_path.iterdir()) == []
    stop.set()
    with pytest.raises(workbook.GivenUp):
        workbook.content(wanted(50), stop)
    assert list(tmp_path.iterdir()) == []
