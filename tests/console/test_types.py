"""The console's types are those of the HTTP interface as it is."""

from tools.console import TYPES, types


def test_the_types_are_fresh() -> None:
    assert types() == TYPES.read_text(), "make them anew: python -m tools.console types"
