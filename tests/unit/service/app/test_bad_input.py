"""A reload of damaged, enormous and hostile files: a clear error, soon, and the edition in use is untouched."""

import time
from pathlib import Path
from typing import Any

import pytest

from journal.actor import CALLER
from service.app.publishing import Publishing
from service.calls.distributor import Distributor
from service.calls.edition import Edition
from service.calls.editions import Editions
from service.http.administration import Broken
from service.http.versions import Wanted
from service.setup.clock import Clock
from service.setup.settings import Settings
from service.storage.versions import VersionStore
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
    settings, editions = Settings(state=tmp_path / "state", hotline=tmp_path), Editions(Edition(hotline, nobody))
    edition, store = editions.in_use, VersionStore(settings.folder.versions)
    publishing = Publishing(settings, editions, store, Distributor(nobody, Clock(), nobody), nobody, nobody)
    begun = time.process_time()
    with pytest.raises(Broken) as refused:
        await publishing.publish(Wanted(anew=True), CALLER)
    assert time.process_time() - begun < SECONDS
    assert editions.in_use is edition
    assert store.history == ()
    problems = refused.value.found
    assert CASES[name].codes & {problem.code for problem in problems}
    assert all(problem.line >= 1 and problem.hint for problem in problems)
    assert len(str(problems)) < 1_000_000
