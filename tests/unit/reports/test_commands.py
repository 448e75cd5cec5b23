"""`./wutong report`, beside a service of which only the answers are there."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, settings
from hypothesis import given as given_these
from hypothesis import strategies as st

from base.files import lock
from commands.client import Client
from journal import database
from journal.store import append
from reports import commands, store
from reports.day_commands import whole_seconds
from reports.periods import DayKind
from tests.unit.commands.given import given
from tests.unit.reports.stories import MONDAY, answered

DESCRIBED = [
    {
        "kind": "queues",
        "by": ["queue", "hour"],
        "figures": [
            {"id": "offered", "name": {"zh": "呼入", "en": "Offered"}, "unit": "count", "usual": True},
            {"id": "overflowed", "name": {"zh": "溢出", "en": "Overflowed"}, "unit": "count", "usual": False},
            {
                "id": "service_level_without_short",
                "name": {"zh": "服务水平", "en": "Service level"},
                "unit": "percent",
                "usual": True,
            },
            {"id": "asa", "name": {"zh": "平均等待", "en": "ASA"}, "unit": "seconds", "usual": True},
        ],
    }
]


def row(name: str | None, offered: int, level: float | None, asa: float | None, **parts: Any) -> dict[str, Any]:
    known = {"begins": None, "hour": None, "weekday": None, "day_kind": None, "night": None, **parts}
    figures = {"offered": offered, "overflowed": 0, "service_level_without_short": level, "asa": asa}
    return {"name": name, **known, "figures": figures}


def span(begin: str, until: str, kind: str, reason: str = "") -> dict[str, Any]:
    times = {"from": f"2026-03-02T{begin}+00:00", "until": f"2026-03-02T{until}+00:00"}
    return {**times, "kind": kind, "reason": reason, "queue": None, "call_id": None, "missed": None}


SPANS = [
    span("00:58:00.000", "01:00:30.400", "ready"),
    span("01:00:30.400", "01:00:50.800", "ringing"),
    span("01:00:50.800", "01:03:00.000", "not-ready", "用餐"),
    span("03:00:00.000", "03:01:00.000", "talk"),
]
SUMS = [("ready", "", 150_400), ("ringing", "", 20_400), ("talk", "", 60_000), ("not-ready", "用餐", 129_200)]


class Service(Client):
    day: Mapping[str, Any] = {
        "agent": "1001",
        "name": "绿化一席",
        "date": "2026-03-02",
        "timezone": "Asia/Shanghai",
        "missed": 1,
        "signed_in_ms": 360_000,
        "sums": [{"kind": kind, "reason": reason, "ms": ms} for kind, reason, ms in SUMS],
        "spans": SPANS,
    }

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []

    def reports(self) -> list[dict[str, Any]]:
        return DESCRIBED

    def report(self, kind: str, filters: Any) -> dict[str, Any]:
        self.asked.append((kind, dict(filters)))
        rows = [row("gas", 10, 90.0, 4.0, hour=9), row("water", 5, None, None, hour=10)]
        total = row(None, 15, 88.126, 1_234.5)["figures"]
        made = {"rows": rows, "total": total, "timezone": "Asia/Shanghai", "from": "2026-03-02", "to": "2026-03-02"}
        return {**made, "before": {**made, "before": None} if "compare" in filters else None}

    def agent_day(self, agent: str, day: str | None) -> Any:
        self.asked.append((agent, {"date": str(day)}))
        return self.day

    def daily_sheet(self, filters: Mapping[str, str]) -> bytes:
        self.asked.append(("sheet", dict(filters)))
        return b"%PDF-1.3"

    def report_file(self, kind: str, filters: Any) -> bytes:
        self.asked.append((kind, dict(filters)))
        return b"name,offered\r\ngas,10\r\n" if filters["format"] == "csv" else b"PK\x03\x04 of a workbook"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()
    monkeypatch.setattr(commands, "client_of", lambda state: made)
    return made


def lines(printed: str) -> list[list[str]]:
    return [line.split() for line in printed.splitlines()]


def test_a_table_with_bars(service: Service) -> None:
    printed = lines(given("report", "queues").stdout)
    assert printed == [
        ["Offered", "Service", "level", "ASA"],
        ["gas", "09:00", "10", "90.0", "%", "4.0", "s", "█" * 20],
        ["water", "10:00", "5", "-", "-", "█" * 10],
        ["=", "15", "88.1", "%", "1,234.5", "s"],
    ]
    assert service.asked == [("queues", {"by": "queue", "service_levels": "one", "format": "json"})]


def test_the_daily_sheet_as_a_file(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    assert given("report", "sheet", "2026-03-02", "--language", "en", "--pdf", file).stdout.split() == [str(file)]
    assert file.read_bytes().startswith(b"%PDF-")
    given("report", "sheet", "--html", tmp_path / "sheet.html", lang="zh_CN.UTF-8")
    assert service.asked == [
        ("sheet", {"language": "en", "format": "pdf", "day": "2026-03-02"}),
        ("sheet", {"language": "zh", "format": "html"}),
    ]
    for wrong in (("sheet",), ("sheet", "--pdf", file, "--html", file), ("queues", "--pdf", file)):
        assert "--html FILE, not both" in given("report", *wrong, status=1).stderr


def test_in_chinese_with_what_it_is_compared_with(service: Service) -> None:
    printed = given("report", "queues", "--compare", "week", "--from", "2026-03-02", lang="zh_CN.UTF-8").stdout
    assert lines(printed)[0] == ["呼入", "服务水平", "平均等待"]
    assert "之前：2026-03-02 至 2026-03-02" in printed
    assert service.asked[0][1]["compare"] == "week"


def test_a_kind_of_day_has_chinese_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    shown = [commands._label(row(None, 1, None, None, day_kind=each.value), "UTC") for each in DayKind]
    assert shown == ["工作日", "周末", "节假日"]


def test_what_is_asked_for_is_passed_on(service: Service) -> None:
    wide = given("report", "queues", "--by", "", "--every", "day", "--service-levels").stdout
    assert service.asked == [("queues", {"every": "day", "service_levels": "all", "format": "json"})]
    assert "Overflowed" in wide


def test_for_programs(service: Service) -> None:
    assert json.loads(given("report", "queues", "--json").stdout)["total"]["offered"] == 15
    assert list(csv.reader(io.StringIO(given("report", "queues", "--csv").stdout)))[1] == ["gas", "10"]


def test_a_workbook_is_written_to_the_file(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "march.xlsx"
    assert given("report", "queues", "--by", "hour", "--xlsx", file).stdout == f"{file}\n"
    assert file.read_bytes() == b"PK\x03\x04 of a workbook"
    assert service.asked == [("queues", {"by": "hour", "service_levels": "one", "format": "xlsx"})]


def test_a_report_that_is_not_there_is_told_though_nothing_runs() -> None:
    assert "there are queues" in given("report", "queue", status=1).stderr


def test_an_agents_day_as_lines_of_an_hour(service: Service) -> None:
    printed = given("report", "day", "1001", "--date", "2026-03-02").stdout.splitlines()
    assert [line.rstrip() for line in printed] == [
        "1001 绿化一席, 2026-03-02 (Asia/Shanghai)",
        f"08:00 {58 * ' '}●●",
        "09:00 ●▬▬",
        "10:00",
        "11:00 ■",
        "● Ready            0:02:30  41.8 %",
        "◎ Ringing          0:00:21   5.7 %",
        "■ Talk             0:01:00  16.7 %",
        "▬ Not ready: 用餐  0:02:09  35.9 %",
        "=                  0:06:00",
        "Rings not answered: 1",
    ]
    assert service.asked == [("1001", {"date": "2026-03-02"})]
    assert "振铃" in given("report", "day", "1001", lang="zh_CN.UTF-8").stdout


def test_an_agents_day_for_programs_and_without_a_shift(service: Service) -> None:
    assert json.loads(given("report", "day", "1001", "--json").stdout) == service.day
    service.day = {**service.day, "spans": [], "sums": [], "signed_in_ms": 0}
    assert "not signed in" in given("report", "day", "1001").stdout


@pytest.mark.parametrize(
    "words",
    [
        ["day"],
        ["queues", "1001"],
        ["queues", "--date", "2026-03-02"],
        ["day", "1001", "--from", "2026-03-02"],
        ["day", "1001", "--csv"],
    ],
)
def test_a_day_is_an_agents(service: Service, words: list[str]) -> None:
    assert "./wutong report day AGENT" in given("report", *words, status=1).stderr


@settings(max_examples=100)
@example([400, 400, 400])
@given_these(st.lists(st.integers(0, 10_000_000), max_size=12))
def test_seconds_that_are_shown_add_up(milliseconds: list[int]) -> None:
    shown = whole_seconds(milliseconds)
    assert sum(shown) == round(sum(milliseconds) / 1_000)
    assert all(abs(one * 1_000 - exact) <= 1_000 for one, exact in zip(shown, milliseconds, strict=True))


async def _filled(file: Path) -> None:
    engine = database.open(file)
    await database.migrate(engine)
    async with engine.begin() as connection:
        await append(connection, 1, answered("c1", MONDAY))
    await engine.dispose()


async def _since(file: Path) -> float:
    engine = database.open(file)
    async with engine.connect() as connection:
        found = await store.mark(connection)
    await engine.dispose()
    assert found is not None
    return found.since


def test_a_count_anew_needs_no_service(no_settings: None, tmp_path: Path) -> None:
    import asyncio

    (tmp_path / "run").mkdir()
    assert "no calls" in given("report", "rebuild", "--state", tmp_path, status=1).stderr
    assert not (tmp_path / "wutong.db").exists()
    asyncio.run(_filled(tmp_path / "wutong.db"))
    assert "counted anew" in given("report", "rebuild", "--state", tmp_path).stdout
    assert asyncio.run(_since(tmp_path / "wutong.db")) == MONDAY
    with lock(tmp_path / "run" / "report-rebuild.lock"):
        assert "already" in given("report", "rebuild", "--state", tmp_path, status=1).stderr
