"""The daily sheet over HTTP: of which day, in which language and form, and for whom."""

import re
from html import unescape
from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader

from base.role import Role
from journal.records import Kind, Record
from tests.unit.reports.stories import MONDAY, abandoned, answered, began, in_order
from tests.unit.service.world import World

DAY = 86_400.0


@pytest.fixture
def world() -> World:
    made = World(now=MONDAY + DAY)
    calls = in_order(
        answered("c1", MONDAY, wait=10, talk=60),
        answered("c2", MONDAY + 3_600, wait=20, talk=120),
        abandoned("c3", MONDAY + 3_700, wait=30),
        answered("b1", MONDAY - 7 * DAY, wait=8, talk=100),
    )
    made.archive.keep(calls)
    return made


async def had(world: World, query: str = "", key: str | None = None, status: int = 200) -> httpx.Response:
    async with world.client() if key is None else world.client(key) as client:
        answer = await client.get(f"/api/v1/daily-sheet{query}")
    assert answer.status_code == status, answer.text
    return answer


async def test_yesterday_as_html(world: World) -> None:
    answer = await had(world)
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; frame-ancestors 'none'; style-src 'sha256-")
    text = unescape(answer.text)
    for words in (  # the hotline has no calendar: it is not known to be a working day
        ">Monday, 2 March 2026<",
        "Service level",
        "33.33%",
        "Day before –<",
        "Week before 100.00%<",
        "12319",
    ):
        assert words in text, words


async def test_any_day_in_chinese(world: World) -> None:
    text = (await had(world, "?day=2026-02-23&language=zh")).text
    assert "2026年2月23日 星期一" in text
    assert "100.00%" in text


async def test_callbacks_in_time_are_a_dash_until_no_callback_can_change_them(world: World) -> None:
    def promise(callback: str) -> Record:
        data = {"callback": callback, "number": "13800000000", "expected_s": 600.0, "since": MONDAY}
        return Record(MONDAY + 4_000, Kind.CALLBACK_PROMISED, callback[:2], "greening", data=data)

    def over(callback: str, why: str) -> Record:
        return Record(MONDAY + 6_000, Kind.LEFT_QUEUE, callback, "greening", data={"why": why, "waited_s": 2_000.0})

    async def in_time() -> str:
        answer = await had(world, "?language=en")
        [share] = re.findall(r">Callbacks in time</text>\n<text[^>]*>([^<]*)<", answer.text)
        return str(share)

    promised = [each for call in ("c5", "c6") for each in (began(call, MONDAY + 3_900), promise(f"{call}-b"))]
    world.archive.keep([*promised, Record(MONDAY + 5_000, Kind.CALLBACK_DIALLED, "c5-b", "greening")])
    assert await in_time() == "–"
    world.archive.keep([over("c6-b", "cancelled"), over("c5-b", "not-reached")])
    assert await in_time() == "100.00%"


async def test_as_pdf(world: World) -> None:
    answer = await had(world, "?language=zh&format=pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="sheet-2026-03-02.pdf"'
    [page] = PdfReader(BytesIO(answer.content)).pages
    assert "服务水平" in page.extract_text()


async def test_days_that_are_none_are_refused(world: World) -> None:
    for day in ("1989-01-01", "2026-03-04", "2100-01-01", "yesterday"):
        await had(world, f"?day={day}", status=422)
    world.now = 4_133_980_800.0  # 1 January 2101
    assert "to 2099-12-31." in (await had(world, "?day=2100-01-01", status=422)).text
    world.now = MONDAY + DAY
    assert "to 2026-03-03." in (await had(world, "?day=2026-03-04", status=422)).text
    assert "This day is not over." in (await had(world, "?day=2026-03-03")).text


async def test_only_for_whom_the_whole_hotline_is(world: World) -> None:
    await had(world, key=await world.key(Role.SUPERVISOR))
    await had(world, key=await world.key(Role.SUPERVISOR, queues=["greening"]), status=403)
    await had(world, key=await world.key(Role.AGENT, agent="1001"), status=403)
