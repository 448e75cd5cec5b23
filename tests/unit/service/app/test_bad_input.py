"""Damaged, enormous and hostile files are published: a clear error, soon, and the version in use is untouched."""

import time

import pytest

from publishing.shapes import Broken
from tests.bad_input import CASES
from tests.unit.publishing import test_publisher as test_publishing
from tests.unit.publishing.test_publisher import Desk

desk = test_publishing.desk

SECONDS = 20.0
"""Of processor time. 10,000 menus take four, all else less than one."""


@pytest.mark.parametrize("name", CASES)
async def test_it_is_refused_soon_with_its_spot(desk: Desk, name: str) -> None:
    for file, data in CASES[name].files.items():
        (desk.folder / file).write_bytes(data)
    before = desk.publishing.editions.in_use
    begun = time.process_time()
    with pytest.raises(Broken) as refused:
        await desk.publish()
    assert time.process_time() - begun < SECONDS
    assert desk.publishing.editions.in_use is before
    assert (desk.asterisk.reloads, desk.asterisk.told, desk.asterisk.prepared) == (0, [], [])
    assert CASES[name].codes & {problem.code for problem in refused.value.found}
    assert all(problem.line >= 1 and problem.hint for problem in refused.value.found)
    assert len(str(refused.value.found)) < 1_000_000
