"""What good menus have."""

from pathlib import Path

import pytest

from tests.unit.hotline.folders import Case, warning


def level(name: str, leads_to: str) -> str:
    """A menu without faults."""
    attempts = "{then: {queue: general}}"
    keys = f'{{"1": {{{leads_to}}}, "0": {{queue: general}}}}'
    return f"  {name}:\n    say: 供水1，人工0\n    keys: {keys}\n    no_input: {attempts}\n    invalid: {attempts}\n"


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
            "    «keys:\n" + "".join(f'      "{key}": {{queue: greening}}\n' for key in "3451").rstrip("\n"),
        ),
        ("供水请按2，", "供水请按2，其他按3、4、5，"),
        ("for water 2, ", "for water 2, for others press 3, 4, or 5, "),
    ),
    warning(
        "many-levels",
        "nearer to the entry",
        ('      "1": {sub_hotline: bureau}\n', '      "1": {menu: third}\n'),
        (
            "\nqueues:\n",
            level("third", "menu: fourth") + "  «" + level("fourth", "sub_hotline: bureau")[2:] + "\nqueues:\n",
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
