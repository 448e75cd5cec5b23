"""What changed between two versions, as the drawing marks it."""

from drawing.model import Graph, Link, Mark, compared
from ivr.model import NodeId
from tests.unit.drawing.graphs import of

MAIN, WATER, GREENING = ("menus", "main"), ("menus", "water"), ("queues", "greening")


def after(*changes: tuple[str, str]) -> Graph:
    return compared(of(), of(*changes), "before")


def marked(graph: Graph) -> dict[NodeId | tuple[NodeId, str], Mark]:
    ids = {node_id: node.mark for node_id, node in graph.nodes.items()}
    links = {(node_id, link.id): link.mark for node_id, node in graph.nodes.items() for link in node.links}
    return {what: mark for what, mark in (ids | links).items() if mark is not Mark.SAME}


def link(graph: Graph, node_id: NodeId, link_id: str) -> Link:
    return next(link for link in graph.nodes[node_id].links if link.id == link_id)


def test_nothing_changed() -> None:
    assert marked(after()) == {}
    assert after().notes[-1] == "no difference from before"
    assert not after().compared


def test_a_key_that_leads_elsewhere_tells_where_it_led() -> None:
    graph = after(('"1": {queue: greening}', '"1": {queue: general}'))
    assert marked(graph) == {(MAIN, "keys/1"): Mark.CHANGED}
    assert link(graph, MAIN, "keys/1").was == "Greening"
    assert graph.notes[-1] == "compared with before"


def test_a_new_key_and_one_that_is_gone() -> None:
    graph = after(('      "2": {menu: water}\n', '      "3": {menu: water}\n'))
    assert marked(graph) == {(MAIN, "keys/2"): Mark.REMOVED, (MAIN, "keys/3"): Mark.ADDED}


def test_a_menu_that_is_gone_stays_in_the_picture_with_all_its_links() -> None:
    start = "  water:\n"
    text = "    say: {zh: 供水请按1，人工请按0, en: 'For water press 1, for a person 0'}\n"
    text += '    keys:\n      "1": {sub_hotline: bureau}\n'
    rest = (
        '      "0": {queue: general}\n    no_input: {then: {queue: general}}\n    invalid: {then: {queue: general}}\n'
    )
    graph = after(('      "2": {menu: water}\n', ""), (f"{start}{text}{rest}", ""))
    gone = {WATER, (MAIN, "keys/2"), *((WATER, name) for name in ("keys/1", "keys/0", "no_input", "invalid"))}
    assert marked(graph) == dict.fromkeys(gone, Mark.REMOVED)


def test_another_prompt_another_limit_another_name() -> None:
    graph = after(("For greening press 1", "For trees press 1"))
    assert marked(graph) == {MAIN: Mark.CHANGED, (MAIN, "keys/1"): Mark.CHANGED}
    assert graph.nodes[MAIN].changed == ("another prompt",)
    assert link(graph, MAIN, "keys/1").was == "Greening"
    graph = after(("waited: 5m", "waited: 3m"))
    assert marked(graph) == {(GREENING, "overflow/waited/0"): Mark.CHANGED}
    assert link(graph, GREENING, "overflow/waited/0").was == "waited 5 min"
    graph = after(("en: Greening}", "en: Trees}"), ("greening: 3}", "greening: 4}"))
    assert marked(graph) == {GREENING: Mark.CHANGED}
    assert graph.nodes[GREENING].changed == ("was called: Greening", "was: skills greening ≥ 3")


def test_another_name_of_the_hotline_is_no_new_tree() -> None:
    graph = after(("hotline: small", "hotline: larger"))
    assert marked(graph) == {}
