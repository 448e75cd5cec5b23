import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from tests.unit.wall.messages import AT, agent, ago, board, queue
from wall.board import Board
from wall.scene import Scene, draw, duration, plain
from web.fields import iso

SIZES = [(80, 24), (200, 60)]


def busy(agents: int = 20, queues: int = 8) -> Board:
    states = ("ready", "on-call", "wrap-up", "not-ready", "logged-out", "ringing")
    return board(
        *(queue(f"queue-{number}", number, 10.0 * number, agents={"on_call": 12}) for number in range(queues)),
        agents=[agent(str(1001 + number), states[number % 6], 7.0 * number) for number in range(agents)],
    )


def picture(seen: Board, width: int = 80, height: int = 24, language: str = "en", **more: Any) -> str:
    lines = draw(Scene(seen, width, height, AT + 2, language, "127.0.0.1:8080", **more))
    return "\n".join(line.plain.rstrip() for line in lines)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(("agents", "queues"), [(0, 1), (1, 0), (20, 8), (300, 50)])
def test_it_fits_and_has_the_whole_screen(width: int, height: int, language: str, agents: int, queues: int) -> None:
    lines = draw(Scene(busy(agents, queues), width, height, AT, language, "127.0.0.1:8080"))
    assert len(lines) <= height
    assert max(line.cell_len for line in lines) <= width
    if agents > 100:
        assert len(lines) == height


@pytest.mark.parametrize(("width", "height"), [(1, 1), (10, 2), (39, 5), (80, 8), (500, 3)])
def test_no_size_is_too_small(width: int, height: int) -> None:
    for lost in (None, AT):
        lines = draw(Scene(busy(), width, height, AT, "zh", "127.0.0.1:8080", lost))
        assert len(lines) <= height
        assert max(line.cell_len for line in lines) <= width


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_queue_and_agent_is_there_at_both_sizes(width: int, height: int) -> None:
    drawn = picture(busy(), width, height)
    assert [name for number in range(8) if (name := f"Queue-{number}") not in drawn] == []
    assert [each for number in range(20) if (each := str(1001 + number)) not in drawn] == []


@pytest.mark.parametrize("width", [80, 85, 86, 110, 145, 146, 147, 200])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_a_queue_is_cut_off(width: int, language: str) -> None:
    late = {"percent": 60.0, "within_s": 15.0, "target_percent": 100.0}
    rows = picture(board(queue("greening", 100, 4_000.0, service_level=late)), width, 24, language).splitlines()
    assert "…" not in rows[1] + rows[2]
    assert rows[1].rstrip().endswith("⊘" if width < 146 else {"zh": "⊘ 话机不通", "en": "⊘ unreachable"}[language])


def test_a_queue_says_who_waits_how_long_and_how_it_stands() -> None:
    seen = board(queue("greening", 2, 12.0, agents={"ready": 1, "on_call": 3}))
    row = next(line for line in picture(seen).splitlines() if "Greening" in line)
    assert row.split() == ["Greening", "2", "0:14", "1:01", "92", "%", "1", "·", "3", "·", "·", "·"]
    late = board(queue("greening", 2, 20.0), queue("gas", 1, 44.0))
    rows = picture(late).splitlines()
    assert "! 0:22" in rows[2]
    assert "!! 0:46" in rows[3]


@pytest.mark.parametrize(("percent", "shown"), [(None, "- / 80 %"), (80, " 80 / 80 %"), (60, " ! 60"), (59, "!! 59")])
def test_a_service_level_below_its_aim_is_marked(percent: float | None, shown: str) -> None:
    level = {"percent": percent, "within_s": 15, "target_percent": 80}
    assert shown in picture(board(queue(service_level=level)), 90)


def test_a_queue_shows_its_last_hour_minute_by_minute_where_there_is_room() -> None:
    hour = [0] * 29 + [None, *range(30)]
    for width, drawn in ((80, "▁▁▁▁▁▂▄▅▇█"), (200, "▁" * 29 + " ▁▂▂▂")):
        row = picture(board(queue("greening", 2), hours={"greening": hour}), width).splitlines()[2]
        assert drawn in row


def test_an_agent_who_calls_for_help_is_told_above_all_and_stands_first() -> None:
    agents = [
        agent("1001", phone="unreachable"),
        agent("1002", "on-call", 300, queue="greening", help_since=ago(10)),
        agent("1003", "on-call", 300, queue="greening", help_since=ago(30)),
    ]
    rows = picture(board(queue("greening"), agents=agents)).splitlines()
    assert rows[1] == "✚ help  1003 绿化一席 0:32   1002 绿化一席 0:12"
    assert [number for row in rows[6:9] for number in re.findall(r"\b100\d\b", row)] == ["1003", "1002", "1001"]
    assert re.sub(" +", " ", rows[6]).startswith("!!✚ help 0:32 1003 绿化一席 Greening")
    assert "✚ 求助  1003" in picture(board(queue("greening"), agents=agents), language="zh")


def test_columns_stand_under_each_other_whatever_the_words() -> None:
    """Chinese characters take two cells."""
    wide, narrow = queue("a", name={"zh": "绿化市容与城市道路综合队列"}), queue("b", name={"zh": "gas"})
    rows = picture(board(wide, narrow), language="zh").splitlines()[2:4]
    assert len({cell_len(row[: row.index("1:01")]) for row in rows}) == 1
    names = ["绿化", "An agent with a very long name indeed", "供水供水供水供水供水供水供水供水"]
    seen = board(queue(), agents=[agent(str(number), "ready", 60, name=names[number % 3]) for number in range(40)])
    cells = [row for row in picture(seen).splitlines() if row.count("●") == 2 and "ready" in row][1:]
    assert len({cell_len(row[: row.rindex("●")]) for row in cells}) == 1


def test_a_state_has_mark_and_word_and_the_most_urgent_agent_is_on_top() -> None:
    agents = [
        agent("1001", "on-call", 30, queue="greening"),
        agent("1002", "ready"),
        agent("1003", phone="unreachable"),
    ]
    rows = picture(board(queue("greening"), agents=agents)).splitlines()
    shown = [re.sub(" +", " ", row).strip() for row in rows[5:8]]
    assert shown == [
        "!!⊘ unreachable 1:02 1003 绿化一席 gets no calls",
        "■ on call 0:32 1001 绿化一席 Greening",
        "● ready 1:02 1002 绿化一席",
    ]
    assert rows[4].startswith("●1 ready ◎0 ringing ■1 on call")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_count_of_agents_is_cut_off(language: str) -> None:
    totals = next(row for row in picture(busy(300, 8), language=language).splitlines() if row.startswith("●"))
    assert "…" not in totals
    assert re.findall(r"[●◎■◐▬⊘·](\d+)", totals) == ["50", "50", "50", "50", "50", "0", "50"]


def test_why_an_agent_is_not_ready_and_that_a_call_is_a_test() -> None:
    agents = [agent("1", "not-ready", reason="rona"), agent("2", "not-ready", reason="lunch"), agent("3", test=True)]
    drawn = picture(board(queue(), agents=agents))
    assert "1 绿化一席 did not answer" in drawn
    assert "2 绿化一席 lunch" in drawn
    assert "3 绿化一席 test" in drawn
    assert "1 绿化一席 来电未接，自动示忙" in picture(board(queue(), agents=agents), language="zh")


def test_what_has_no_room_is_counted() -> None:
    drawn = picture(busy(300, 50))
    queues, waiting = re.search(r"(\d+) more queues, (\d+) waiting", drawn).groups()  # type: ignore[union-attr]
    shown = [int(number) for number in re.findall(r"^Queue-(\d+)", drawn, re.MULTILINE)]
    assert (int(queues) + len(shown), int(waiting) + sum(shown)) == (50, sum(range(50)))
    assert shown == list(range(50 - len(shown), 50)), "the longest waits, in the order of the file"
    more = int(re.search(r"(\d+) more agents", drawn)[1])  # type: ignore[index]
    assert more + len(re.findall(r"\b1[0-3]\d\d 绿", drawn)) == 300


def test_times_are_of_the_hotlines_zone() -> None:
    seen = busy()
    for zone, clock in (("Asia/Shanghai", 8), ("UTC", 0)):
        seen.take("changes", json.dumps({"at": iso(AT), "queues": [], "agents": [], "timezone": [zone]}))
        then = datetime.fromtimestamp(AT + 2, UTC) + timedelta(hours=clock)
        assert picture(seen).splitlines()[0].endswith(f"{then:%H:%M:%S}")
        assert f"{then - timedelta(seconds=2):%H:%M:%S}" in picture(seen, lost=AT)
    seen.take("changes", json.dumps({"at": iso(AT), "queues": [], "agents": [], "timezone": ["Mars/Olympus"]}))
    assert seen.zone == ZoneInfo("UTC")


def test_a_lost_connection_is_said_in_words() -> None:
    assert "no connection since" in picture(busy(), lost=AT).splitlines()[0]
    assert "连接中断" in picture(busy(), lost=AT, language="zh").splitlines()[0]
    assert "no connection" in picture(Board(), lost=AT)
    assert picture(Board()) == "connecting to 127.0.0.1:8080 …"


def test_words_from_outside_cannot_move_the_cursor() -> None:
    hostile = "a\x1b[2Jb\x9b1mc\u202ed\ne"
    assert plain(hostile) == "a�[2Jb�1mc�d�e"
    seen = board(
        queue(hostile, name={"en": hostile}), agents=[agent(hostile, "not-ready", name=hostile, reason=hostile)]
    )
    drawn = picture(seen, 200, 60)
    assert all(each.isprintable() for each in drawn.replace("\n", ""))
    assert len(drawn.splitlines()) == 7


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (42.9, "0:42"), (727, "12:07"), (3_727, "1:02:07")])
def test_durations(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_emergency_messages_have_a_line_each_the_first_three() -> None:
    seen = board(queue())
    until = ago(-3_600)
    nodes = ["", "queue:water", "queue:gas", "menu:main"]
    messages = [{"where": where, "mode": "instead", "until": until} for where in nodes]
    seen.take("changes", json.dumps({"at": ago(0), "queues": [], "agents": [], "emergency": messages}))
    lines = [line for line in picture(seen).splitlines() if "emergency message" in line]
    assert ["instead of the menus" in line for line in lines] == [True, False, False]
    assert [node in line for node, line in zip(nodes[1:3], lines[1:], strict=True)] == [True, True]
    seen.take("changes", json.dumps({"at": ago(0), "queues": [], "agents": [], "emergency": []}))
    assert "emergency message" not in picture(seen)
