"""The drawing as SVG."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from drawing.making import graph_of
from drawing.model import Graph, Hours, compared
from drawing.sheets import Paper
from drawing.style import ICONS
from drawing.svg import html, svg, svg_pages
from drawing.traffic import with_traffic
from tests.unit.drawing.graphs import graphs, hotline_of, of
from tests.unit.drawing.test_traffic import TRAFFIC

SVG = "{http://www.w3.org/2000/svg}"


def read(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)  # noqa: S314 - our own


def words(picture: str) -> list[str]:
    return [element.text or "" for element in read(picture).iter(f"{SVG}text")]


def groups(picture: str, style: str) -> dict[str, list[str]]:
    """The classes of each node whose class list has `style`."""
    found = {}
    for element in read(picture).iter(f"{SVG}g"):
        classes = element.get("class", "").split()
        if style in classes:
            found[element.attrib["data-place"]] = classes
    return found


@pytest.mark.parametrize(
    ("language", "told"), [("zh", ["绿化", "主菜单", "综合", "等候 5 分钟后", "队列"]), ("en", ["Greening"])]
)
def test_text_is_text_in_both_languages(language: str, told: list[str]) -> None:
    assert set(told) <= set(words(svg(of(language=language))))


def test_every_node_and_link_is_a_group_of_its_own() -> None:
    picture = svg(of())
    assert set(groups(picture, "node")) == {"/".join(node_id) for node_id in of().nodes}
    drawn = [name for row in read(picture).iter(f"{SVG}g") for name in row.get("data-link", "").split()]
    assert sorted(drawn) == sorted(link.id for node in of().nodes.values() for link in node.links)


def test_what_nobody_can_reach_is_red_and_says_so() -> None:
    picture = svg(of(('      "2": {menu: water}\n', "")))
    assert "nobody" in groups(picture, "node")["menus/water"]
    assert "unreachable" in words(picture)
    assert "unreachable" not in words(svg(of()))


def test_changes_have_signs_beside_their_colours() -> None:
    changed = of(('"1": {queue: greening}', '"1": {queue: general}'), ('      "2": {menu: water}\n', ""))
    found = words(svg(compared(of(), changed, "before")))
    assert {"≠", "−", "was: Greening", "compared with before"} <= set(found)


def test_traffic_stands_at_the_links_and_where_callers_gave_up() -> None:
    picture = svg(with_traffic(of(), TRAFFIC))
    assert {"390", "1,300 calls", "60 hung up here (5 %)"} <= set(words(picture))
    widths = {
        (line.attrib["data-from"], line.attrib["data-link"]): float(line.attrib["stroke-width"])
        for line in read(picture).iter(f"{SVG}path")
        if "data-link" in line.attrib
    }
    assert widths["hotline/small", "entry"] > widths["menus/main", "keys/1"] > widths["menus/main", "keys/2"]


def test_hours_tell_whether_it_is_open() -> None:
    hours = {("queues", "general"): Hours("working days", False), ("menus", "water"): Hours("summer")}
    found = words(svg(graph_of(hotline_of(), "en", hours)))
    assert "closed now" in found
    assert "open now" not in found
    assert any("working days" in line for line in found)
    assert any("summer" in line for line in found)


def test_light_and_dark_without_variables_that_other_programs_do_not_know() -> None:
    sheet = svg(of())
    assert "prefers-color-scheme: dark" in sheet
    assert "var(" not in sheet
    assert "@media screen" in sheet  # paper is light


def test_every_class_that_is_drawn_has_a_rule() -> None:
    hours = {("queues", "general"): Hours("working days", False)}
    changed = graph_of(hotline_of(('"1": {queue: greening}', '"1": {queue: attic}')), "en", hours)
    picture = svg(with_traffic(compared(of(), changed, "before"), TRAFFIC))
    root = read(picture)
    style = next(root.iter(f"{SVG}style")).text or ""
    ruled = set(re.findall(r"\.([a-z][a-z-]*)", style))
    for element in root.iter():
        for name in element.get("class", "").split():
            if name not in ("node", "head", "row", "small", "icon", "title", "number"):
                assert name in ruled, name


def test_every_sign_is_there() -> None:
    assert {"start", "menu", "queue", "line", "missing", "repeat", "back", "goodbye", "page"} <= set(ICONS)


@settings(deadline=None, max_examples=25)
@given(graphs())
def test_whatever_the_texts_it_is_xml(graph: Graph) -> None:
    read(svg(graph))
    for page in svg_pages(graph, Paper.A4):
        assert read(page).get("width") == "297mm"


def test_all_sheets_in_one_page_to_print() -> None:
    page = html(of(), Paper.A3)
    assert "@page { size: 420mm 297mm" in page
    assert page.count("<section>") == len(svg_pages(of(), Paper.A3)) == 1
