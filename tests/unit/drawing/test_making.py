"""What a drawing shows of a hotline."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from drawing.making import graph_of
from drawing.model import End, Graph, Hours, Kind, Link, Reach, grown
from drawing.sheets import Paper
from drawing.svg import html, svg
from drawing.traffic import Traffic, with_traffic
from ivr.model import NodeId
from tests.unit.drawing.graphs import hotline_of, of
from tests.unit.hotline.test_callbacks import OUT, rule
from tests.unit.hotline.test_inputs import SCOPE_AND_INPUT, TEXTS, WAYS, wanted

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)

MAIN, WATER, GENERAL = ("menus", "main"), ("menus", "water"), ("queues", "general")
GREENING, BUREAU, DUTY = ("queues", "greening"), ("sub_hotlines", "bureau"), ("sub_hotlines", "duty")


def links(node_id: NodeId, *changes: tuple[str, str]) -> dict[str, Link]:
    return {link.id: link for link in of(*changes).nodes[node_id].links}


def test_every_node_is_there_and_every_way_out_of_it() -> None:
    graph = of()
    assert set(graph.nodes) == {graph.start, MAIN, WATER, GENERAL, GREENING, BUREAU, DUTY}
    assert {node.reach for node in graph.nodes.values()} == {Reach.CALLERS}
    found = links(MAIN)
    assert [(link.detail, link.to or link.end) for link in found.values()] == [
        ("1", GREENING),
        ("2", WATER),
        ("8", MAIN),
        ("0", GENERAL),
        ("*", End.REPEAT),
        ("", GENERAL),
        ("", GENERAL),
    ]
    assert found["keys/1"].label == "Greening"
    assert found["keys/8"].language == "en"
    assert found["no_input"].label == "no key ×2"
    assert [(link.to, link.by) for link in graph.nodes[graph.start].links] == [(MAIN, "entry"), (DUTY, "fallback")]


def test_rules_are_told_by_their_conditions() -> None:
    found = links(GREENING)
    assert [link.label for link in found.values()] == ["waited 5 min", "unstaffed for 10 s"]
    assert found["overflow/waited/0"].detail == "0"
    assert found["overflow/nobody_signed_in/0"].detail == "1"


def test_a_message_on_the_way_belongs_to_its_link() -> None:
    found = links(MAIN, ('"1": {queue: greening}', '"1": {say: {zh: 关阀门, en: Close it}, then: {queue: greening}}'))
    assert (found["keys/1"].says, found["keys/1"].to) == ("Close it", GREENING)
    found = links(MAIN, ('"1": {queue: greening}', '"1": {say: {zh: 关阀门, en: Close it}}'))
    assert (found["keys/1"].says, found["keys/1"].to, found["keys/1"].end) == ("Close it", None, End.GOODBYE)


def test_what_no_call_can_come_to_is_told_apart_from_what_is_only_transferred_to() -> None:
    graph = of(('      "2": {menu: water}\n', ""), ('"1": {queue: greening}', '"1": {queue: general}'))
    assert graph.nodes[WATER].reach is Reach.NOBODY
    assert graph.nodes[GREENING].reach is Reach.TRANSFERS
    assert graph.nodes[BUREAU].reach is Reach.TRANSFERS  # by an overflow of greening


def test_a_name_that_leads_nowhere_is_a_node_that_does_not_exist() -> None:
    graph = of(('"1": {queue: greening}', '"1": {queue: greenery}'))
    assert graph.nodes["queues", "greenery"].kind == Kind.MISSING


def test_a_menu_is_called_as_the_key_says_that_leads_to_it() -> None:
    tree = grown(of(("For greening press 1", "For greening press 1. For water press 2.")))
    assert tree.title(WATER) == "Water"
    assert tree.title(MAIN) == "Main menu"
    silent = grown(of((" for water 2,", "")))
    assert silent.title(WATER) == "water"  # the prompt does not say the key


def test_each_node_hangs_from_the_nearest_key_and_only_else_from_something_else() -> None:
    tree = grown(of())
    assert tree.roots == (tree.graph.start,)
    assert tree.owner[GENERAL] == (MAIN, "keys/0")
    assert tree.owner[BUREAU] == (WATER, "keys/1")  # not from greening's overflow, which is as near
    assert tree.children(MAIN) == (GREENING, WATER, GENERAL)


def test_what_a_queue_offers_is_shown_and_which_queue_gets_a_message() -> None:
    offers = (
        'callback: {key: "2", hours: office}\n    survey: {say: Rate us}\n    keys: {"5": {message: {queue: greening}}}'
    )
    found = links(GENERAL, HOURS, OUT, rule(offers))
    assert [(link.detail, link.label, link.end, link.queue, link.hours) for link in found.values()] == [
        ("5", "", End.MESSAGE, "Greening", ""),
        ("2", "expected wait 3 min", End.CALLBACK, "", "Mon–Fri 09:00-17:00, Sat 10:00-12:00"),
        ("", "after the talk", End.SURVEY, "", ""),
    ]
    drawn = svg(of(HOURS, OUT, rule(offers), language="zh"))
    for words in ("留言：绿化", "预计等候达 3 分钟时", "回拨", "通话后", "满意度评价"):
        assert f">{words}<" in drawn


def test_hours_are_shown_where_they_are_given() -> None:
    made = graph_of(hotline_of(), "en", {GENERAL: Hours("working days", False)})
    assert made.nodes[GENERAL].hours == Hours("working days", False)
    assert of().nodes[GENERAL].hours is None


HOURS = ("menus:\n", 'opening_hours: {office: {week: {mon-fri: "09:00-17:00", sat: "10:00-12:00"}}}\n\nmenus:\n')


def test_hours_of_a_key_and_where_it_leads_while_closed() -> None:
    shut = '"1": {queue: greening, hours: office, closed: {say: {zh: 下班, en: Closed}, then: {queue: general}}}'
    found = list(links(MAIN, HOURS, ('"1": {queue: greening}', shut)).values())[:2]
    assert [(link.id, link.label, link.hours, link.says, link.to) for link in found] == [
        ("keys/1", "Greening", "Mon–Fri 09:00-17:00, Sat 10:00-12:00", "", GREENING),
        ("keys/1/closed", "Greening · while closed", "", "Closed", GENERAL),
    ]


def test_hours_of_a_node_and_whether_it_is_open() -> None:
    node_id = ('    extension: "6001"\n', '    extension: "6001"\n    hours: office\n    closed: {queue: general}\n')
    hotline = hotline_of(HOURS, node_id)
    for hour, opened in ((8, False), (10, True)):
        moment = datetime(2026, 3, 2, hour, tzinfo=hotline.zone)
        node = graph_of(hotline, "zh", moment=moment).nodes[GREENING]
        assert node.hours == Hours("周一至周五 09:00-17:00，周六 10:00-12:00", opened)
    shut = next(link for link in graph_of(hotline, "en").nodes[GREENING].links if link.by == "closed")
    assert (shut.label, shut.to) == ("while closed", GENERAL)


def test_districts_and_numbers_that_enter_elsewhere() -> None:
    graph = of(
        ('numbers: ["12319"]', 'numbers: ["12319", {number: "962450", entry: {menu: water}}]'),
        ("menus:\n", "districts: {hongkou: {name: {zh: 虹口区, en: Hongkou}, numbers: ['0216*']}}\n\nmenus:\n"),
        ('    extension: "6001"\n', '    extension: "6001"\n    districts: {hongkou: general}\n'),
    )
    entered = [(link.label, link.to) for link in graph.nodes[graph.start].links if link.by == "entry"]
    assert entered == [("", MAIN), ("962450", WATER)]
    district = next(link for link in graph.nodes[GREENING].links if link.by == "district")
    assert (district.label, district.to) == ("Hongkou", GENERAL)


def test_a_subject_that_is_somebody_elses_business() -> None:
    scope = '  trees: {say: Not ours, number: "62521234", offer: "To be put through, press 3", key: "3", transfer: '
    graph = of(
        ("menus:\n", f"scopes:\n{scope}{{queue: general}}, then: {{menu: main}}}}\n\nmenus:\n"),
        ('"1": {queue: greening}', '"1": {scope: trees}'),
    )
    node = graph.nodes["scopes", "trees"]
    assert (node.kind, node.details, node.text) == (Kind.SCOPE, ("says the number 62521234",), "Not ours")
    assert [(link.id, link.detail, link.label, link.to) for link in node.links] == [
        ("transfer", "3", "Be put through", GENERAL),
        ("then", "", "after that", MAIN),
    ]
    assert grown(graph).title(("scopes", "trees")) == "Greening"


def test_digits_to_enter_are_a_node_with_two_ways() -> None:
    graph = of(*wanted(f"{TEXTS}, least: 4, most: 12, {WAYS}"))
    node = graph.nodes["inputs", "order"]
    assert (node.kind, node.title, node.text, node.reach) == ("input", "Order", "Enter it", Reach.CALLERS)
    assert node.details == ("4 to 12 digits",)
    ways = [(link.label, link.to, link.detail) for link in node.links]
    assert ways == [("confirmed", GENERAL, ""), ("not confirmed", MAIN, "")]


def test_what_is_not_counted_has_no_number() -> None:
    graph = with_traffic(of(*SCOPE_AND_INPUT), Traffic(NOON, NOON))
    for node_id in (("scopes", "trees"), ("inputs", "order")):
        node = graph.nodes[node_id]
        assert (node.calls, node.gave_up, *(link.count for link in node.links)) == (None,) * 4
    assert graph.nodes[GENERAL].calls == 0


@pytest.mark.parametrize("draw", [svg, lambda graph: html(graph, Paper.A4)])
def test_every_kind_of_node_is_drawn(draw: Callable[[Graph], str]) -> None:
    drawn = draw(of(*SCOPE_AND_INPUT))
    for words in ("trees", "Order", "1 to 20 digits", "confirmed"):
        assert words in drawn
