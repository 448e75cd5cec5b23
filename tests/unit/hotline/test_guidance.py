"""What good menus have."""

from pathlib import Path

import pytest

from tests.unit.hotline.folders import Case, warning

CASES = [
    warning(
        "no-person",
        'add `"0"',
        ('      "0": {queue: general}\n    no_input', "    no_input"),
        ("  water:", "  «water:"),
    ),
    warning(
        "no-person", "lead to a queue", ('"0": {queue: general}\n    no_input', '"0": «{menu: main}\n    no_input')
    ),
    warning(
        "many-choices",
        "a menu below",
        (
            '    keys:\n      "1": {queue: greening}',
            '    «keys:\n      "3": {queue: greening}\n      "4": {queue: greening}\n      "5": {queue: greening}\n      "1": {queue: greening}',
        ),
    ),
    warning(
        "no-fallback",
        "add `fallback",
        ("fallback: {sub_hotline: duty}\n", ""),
        ("hotline: small", "«hotline: small"),
        ('"1": {sub_hotline: bureau}', '"1": {sub_hotline: duty}'),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)
