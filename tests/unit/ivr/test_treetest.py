"""What a test expects, against what a caller has met; and a walk's path in short."""

import pytest
from pydantic import ValidationError

from ivr.treetest import Expected, Met, Shortfall, shortfalls
from ivr.walk import GOODBYE, SILENCE, Stop, Stride, path_of
from tests.unit.ivr.test_walk import walked

MET = Met(("queues", "gas"), "en", "Welcome. For gas press 3. Close the valve.")


@pytest.mark.parametrize(
    "expected",
    [
        {"queue": "gas"},
        {"language": "en"},
        {"queue": "gas", "words": ["For gas", "the  valve"]},
        {"words": ["Welcome", "Welcome."[-1]]},
    ],
)
def test_what_is_met(expected: dict[str, object]) -> None:
    assert shortfalls(Expected.model_validate(expected), MET) == []


@pytest.mark.parametrize(
    ("expected", "short"),
    [
        ({"queue": "water"}, Shortfall("queue", ("queues", "water"))),
        ({"sub_hotline": "gas"}, Shortfall("sub_hotline", ("sub_hotlines", "gas"))),
        ({"menu": "main"}, Shortfall("menu", ("menus", "main"))),
        ({"goodbye": True}, Shortfall("goodbye", GOODBYE)),
        ({"queue": "gas", "language": "zh"}, Shortfall("language", "zh")),
        ({"words": ["Close", "Welcome"]}, Shortfall("words", "Welcome", 1)),
    ],
)
def test_what_falls_short(expected: dict[str, object], short: Shortfall) -> None:
    assert shortfalls(Expected.model_validate(expected), MET) == [short]


@pytest.mark.parametrize("wrong", [{}, {"queue": "gas", "menu": "main"}, {"goodbye": False}, {"words": [""]}])
def test_what_cannot_be_expected(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Expected.model_validate(wrong)


def test_a_path_has_where_each_key_led() -> None:
    path = path_of(walked("1", "5", SILENCE, "1", "#", "8"))
    assert path.start == Stop(("menus", "main"), "zh")
    assert path.strides == (
        Stride("1", True, Stop(("menus", "water"), "zh")),
        Stride("5", False, Stop(("menus", "water"), "zh")),
        Stride(SILENCE, False, Stop(("menus", "water"), "zh")),
        Stride("1", True, Stop(("queues", "water"), "zh")),
        Stride("#", True, Stop(("menus", "main"), "zh")),
        Stride("8", True, Stop(("menus", "main"), "en")),
    )
    assert path_of(walked("2")).end == Stop(("queues", "gas"), "zh"), "the message on the way is not a node"
    assert path_of(walked()).strides == ()
