"""Problems: their order, and that the administrators' page knows every code."""

import re
from pathlib import Path

from hotline.problem import Spot, error, in_order, warning
from sentences.sentence import Sentence
from tests.product import SOURCES

M, H = Sentence("m"), Sentence("h")
TOP = Path(__file__).parents[3]


def test_hotline_yaml_comes_first_then_top_down_and_errors_before_warnings() -> None:
    order = [
        error("a", Spot("hotline.yaml", 2, 1), M, H),
        error("a", Spot("hotline.yaml", 10, 1), M, H),
        warning("a", Spot("hotline.yaml", 10, 1), M, H),
        warning("a", Spot("hotline.yaml", 10, 2), M, H),
        error("a", Spot("agents.yaml", 1, 1), M, H),
    ]
    assert in_order(order[::-1]) == tuple(order)


def test_the_page_explains_every_code() -> None:
    checks = [file for file in SOURCES if file.relative_to(TOP).parts[0] in ("hotline",)]
    source = "".join(file.read_text(encoding="utf-8") for file in checks)
    told = r"\b(?<!log\.)(?:error|warning|Finding|_stop)"
    codes = set(re.findall(told + r'\(\s*"([a-z-]+)"|Level\.[A-Z]+, "([a-z-]+)"', source))
    named = {code for pair in codes for code in pair if code}
    assert len(named) > 40
    page = (TOP / "docs" / "hotline-yaml.md").read_text(encoding="utf-8")
    assert {code for code in named if f"`{code}`" not in page} == set()
