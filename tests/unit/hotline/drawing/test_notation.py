"""The picture for Mermaid and Graphviz."""

import re

from hypothesis import given, settings

from hotline.drawing.compare import compared
from hotline.drawing.model import Graph
from hotline.drawing.notation import dot, mermaid
from hotline.drawing.traffic import with_traffic
from tests.unit.hotline.drawing.graphs import graphs, of
from tests.unit.hotline.drawing.test_traffic import TRAFFIC


def test_both_show_every_link() -> None:
    graph = of()
    links = sum(len(node.links) for node in graph.nodes.values())
    assert len(re.findall(r"^  n\d+ (?:-->|-\.->)", mermaid(graph), re.MULTILINE)) == links
    assert len(re.findall(r"^  n\d+ -> ", dot(graph), re.MULTILINE)) == links


def test_marks_counts_and_what_cannot_be_reached() -> None:
    changed = of(('"1": {queue: greening}', '"1": {queue: general}'), ('      "2": {menu: water}\n', ""))
    graph = with_traffic(compared(of(), changed, "before"), TRAFFIC)
    for text in (mermaid(graph), dot(graph)):
        assert "unreachable" in text
        assert "was: Greening" in text
        assert "390" in text
        assert "60 hung up here (5 %)" in text
        assert "− " in text


@settings(deadline=None, max_examples=25)
@given(graphs())
def test_no_text_breaks_out_of_its_quotation_marks(graph: Graph) -> None:
    for line in mermaid(graph).splitlines()[4:]:
        assert line.count('"') in (0, 2)
    for line in dot(graph).splitlines():
        assert re.sub(r"\\.", "", line).count('"') % 2 == 0
