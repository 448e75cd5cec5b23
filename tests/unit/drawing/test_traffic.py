"""Counts of calls in a drawing."""

from datetime import UTC, datetime

from drawing.model import Graph
from drawing.traffic import Traffic, with_traffic
from ivr.model import NodeId
from tests.unit.drawing.graphs import of

MAIN, GENERAL, GREENING, DUTY = (
    ("menus", "main"),
    ("queues", "general"),
    ("queues", "greening"),
    ("sub_hotlines", "duty"),
)
TRAFFIC = Traffic(
    since=datetime(2026, 3, 1, tzinfo=UTC),
    until=datetime(2026, 3, 8, tzinfo=UTC),
    calls=1_200,
    earlier=7,
    came={MAIN: 1_300, GREENING: 400, GENERAL: 100},
    took={(MAIN, "key", "1"): 390, (MAIN, "no_input", ""): 12, (GREENING, "overflow", "0"): 9},
    gave_up={MAIN: 60, GREENING: 30},
)


def counts(graph: Graph, node: NodeId) -> dict[str, int | None]:
    return {link.id: link.count for link in graph.nodes[node].links}


def test_counts_stand_where_calls_went() -> None:
    graph = with_traffic(of(), TRAFFIC)
    assert counts(graph, MAIN)["keys/1"] == 390
    assert counts(graph, MAIN)["keys/2"] == 0
    assert counts(graph, MAIN)["no_input"] == 12
    assert counts(graph, GREENING)["overflow/waited/0"] == 9
    assert counts(graph, graph.start) == {"entry": 1_200, "fallback": None}
    assert (graph.nodes[MAIN].calls, graph.nodes[MAIN].gave_up) == (1_300, 60)
    assert (graph.nodes[DUTY].calls, graph.nodes[DUTY].gave_up) == (0, 0)
    assert graph.notes[-2].startswith("1,200 calls, 2026-03-01 00:00 to 2026-03-08 00:00")
    assert graph.notes[-1].startswith("7 of them")
    assert graph.measured


def test_a_person_who_may_see_one_queue_sees_its_counts_only() -> None:
    graph = with_traffic(of(), TRAFFIC, lambda node: node == GREENING)
    assert counts(graph, MAIN) == {
        "keys/1": 390,
        **dict.fromkeys(("keys/2", "keys/8", "keys/0", "keys/*", "no_input", "invalid")),
    }
    assert counts(graph, GREENING)["overflow/waited/0"] == 9
    assert graph.nodes[GREENING].calls == 400
    assert graph.nodes[MAIN].calls is None
    assert graph.nodes[GENERAL].calls is None
    assert counts(graph, graph.start)["entry"] is None
    assert graph.notes == of().notes
