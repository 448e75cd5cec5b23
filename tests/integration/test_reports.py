"""Reports of what callers and agents have done on real phones, also over a restart and counted anew."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from journal import database
from lab.phone import Phone
from reports.counting import rebuild
from tests.integration.conversations import connected, in_menu
from tests.integration.test_missed import FIRST, given_up
from tests.integration.world import World
from tests.unit.reports.sheets import sheets


async def figures(hotline: World, kind: str, by: str) -> dict[str, dict[str, Any]]:
    found = await hotline.get(f"reports/{kind}?by={by}")
    return {row["name"]: row["figures"] for row in found["rows"]}


async def talked(hotline: World, agent: Phone) -> None:
    """A caller and agent 1001 have talked, and the wrap-up is over."""
    caller, _ = await connected(hotline, agent)
    await caller.hang_up()
    await hotline.see_agent("1001", state="ready")


async def test_a_talk_and_a_caller_who_gives_up_over_a_restart(hotline: World) -> None:
    await given_up(hotline, FIRST)
    agent = await hotline.agent("1001")
    await talked(hotline, agent)
    await hotline.stop_service()
    await hotline.start_service()
    found = await hotline.see("reports/queues?by=queue", lambda found: found["total"]["entries"] == 2)
    total = found["total"]
    assert (total["answered"], total["abandoned"], total["offered"], total["interactions"]) == (1, 1, 2, 1)
    assert total["talk"] > 0
    waits = [step["waited_s"] for step in (await hotline.ended())["story"] if step["kind"] == "connected"]
    assert [total["asa"]] == pytest.approx(waits, abs=0.1)
    assert (await figures(hotline, "agents", "agent"))["1001"]["interactions"] == 1
    assert (await figures(hotline, "calls", "number"))["12319"]["calls"] == 2
    assert (await figures(hotline, "menus", "menu"))["main"]["keys"] > 1
    engine = database.open(hotline.settings.database)
    await rebuild(engine, lambda all_, done: None)
    await engine.dispose()
    anew = await hotline.get("reports/queues?by=queue")
    assert (anew["rows"], anew["total"]) == (found["rows"], total)
    workbook = await hotline.http.get("/api/v1/reports/queues?by=queue&format=xlsx")
    report = sheets(workbook.content)["Queues"]
    assert report.under("Queue") == [*(row["name"] for row in found["rows"]), "All"]
    assert report.under("Entries") == [1, 1, 2]
    assert report.under("Talk (s)")[-1] == total["talk"]
    sheet = await hotline.http.get(f"/api/v1/daily-sheet?day={found['to']}&language=zh&format=pdf")
    [page] = PdfReader(BytesIO(sheet.content)).pages
    words = page.extract_text().split()
    assert "分时队列呼入" in words
    assert words[words.index("队列呼入") + 1 :][:2] == ["2", "–"]
    await talked(hotline, agent)
    await hotline.see("reports/queues", lambda found: found["total"]["answered"] == 2)


async def test_who_hangs_up_in_the_menu_has_left_it_without_a_key(hotline: World) -> None:
    call = await in_menu(hotline, FIRST)
    await call.hang_up()

    def left(found: dict[str, Any]) -> bool:
        return [(row["name"], row["figures"]["menu_left"]) for row in found["rows"]] == [("main", 1)]

    await hotline.see("reports/menus?by=menu", left)
