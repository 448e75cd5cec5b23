"""Numbers that mean two things at once."""

from pathlib import Path

import pytest

from tests.unit.hotline.folders import Case, error

CASES = [
    error("duplicate-number", "its own number", ('["12319"]', '["12319", «"12319"]')),
    error("duplicate-number", "its own number", ('extension: "6001"', 'extension: «"12319"')),
    error(
        "duplicate-number",
        "its own number",
        (
            "    name: {zh: 综合, en: General}\n    needs: {general: 1}\n",
            '    name: {zh: 综合, en: General}\n    needs: {general: 1}\n    extension: «"6001"\n',
        ),
    ),
    error("duplicate-number", "the department's own number", ('dial: "2201"', 'dial: «"12319"')),
    error("duplicate-number", "its own number", ('dial: "2201"', 'dial: "2201", extension: «"6001"')),
    error("duplicate-number", "its own number", ('dial: "2201"', 'dial: "2201", extension: «"12319"')),
    error("duplicate-number", "the department's own number", ('dial: "2201"', 'dial: «"*45"')),
    error("duplicate-number", "its own number", agents=(('id: "1001"', 'id: «"6001"'),)),
    *(
        error(
            "duplicate-number",
            "without this line",
            ("entry: main", f'entry: main\noutside_numbers: {{«"{number}": 公安}}'),
        )
        for number in ("12319", "6001", "1001", "*45")
    ),
    error("duplicate-agent", "a different id", agents=(('id: "1002"', 'id: «"1001"'),)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)
