"""A reload of damaged, enormous and hostile files: a clear error, soon, and the edition in use is untouched."""

import time
from pathlib import Path
from typing import Any

import pytest

from journal.actor import CALLER
from service.app.operations import Administration
from service.calls.distributor import Distributor
from service.calls.edition import Edition
from service.http.administration import Broken
from service.setup.clock import Clock
from service.setup.settings import Settings
from tests.bad_input import CASES
from tests.unit.hotline.folders import loaded, small

SECONDS = 20.0
"""Of processor time. 10,000 menus take four, all else less than one."""


@pytest.mark.parametrize("name", CASES)
async def test_it_is_refused_soon_with_its_place(tmp_path: Path, name: str) -> None:
    hotline = loaded(tmp_path, small()).hotline
    assert hotline is not None
    for file, data in CASES[name].files.items():
        (tmp_path / file).write_bytes(data)
    nobody: Any = None  # Asterisk and calls, which a refused reload does not touch
    settings, edition = Settings(state=tmp_path / "state", hotline=tmp_path), Edition(hotline, nobody)
    distributor = Distributor(nobody, Clock(), nobody)
    administration = Administration(settings, edition, distributor, nobody, nobody, nobody, nobody, alone=lambda: None)
    begun = time.process_time()
    with pytest.raises(Broken) as refused:
        await administration.reload(CALLER)
    assert time.process_time() - begun < SECONDS
    assert administration.edition is edition
    problems = refused.value.found
    assert CASES[name].codes & {problem.code for problem in problems}
    assert all(problem.line >= 1 and problem.hint for problem in problems)
    assert len(str(problems)) < 1_000_000
