"""What the console has of the service is as the service has it."""

import pytest

from tools.console import API, MADE


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_is_fresh(name: str) -> None:
    assert MADE[name]() == (API / name).read_text(encoding="utf-8"), "make them anew: python -m tools.console types"
