"""What libraries say is recognised."""

import ast
import inspect
import re
from types import ModuleType

import pytest
from ruamel.yaml import parser, scanner

from sentences.languages import said
from sentences.of_libraries import recognised

HAN = re.compile(r"[\u4e00-\u9fff]")


def written(node: ast.Constant | ast.JoinedStr) -> str:
    """The text of a literal, each of its parts replaced by 7."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)


@pytest.mark.parametrize("module", [parser, scanner], ids=lambda it: it.__name__)
def test_what_the_parser_of_yaml_complains_of_can_be_said_in_chinese(module: ModuleType) -> None:
    """Of its errors the third argument is what is wrong."""
    tree = ast.parse(inspect.getsource(module))
    errors = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Error")
    ]
    wrong = [node.args[2] for node in errors if len(node.args) > 2]
    told = {" ".join(written(part).split()) for part in wrong if isinstance(part, ast.Constant | ast.JoinedStr)}
    assert len(told) > 5
    assert [sentence for sentence in told if not HAN.search(said(recognised(sentence), "zh"))] == []


def test_the_parts_are_recognised_too() -> None:
    found = recognised("expected a digit or '.', but found 'x'")
    assert said(found, "zh") == "应为数字或点，却出现了 'x'"


def test_other_words_stay_as_they_are() -> None:
    assert said(recognised("disk {0} is full"), "zh") == "disk {0} is full"
