"""What an administrator's order is refused for. What is done with a good one is in tests/integration."""

from pathlib import Path
from typing import Any

import pytest

from calls.api import CallOrder, NotPlaced
from service.app.operations import Administration
from service.calls.edition import Edition
from service.http.administration import OperationFailed
from service.setup.settings import Settings
from tests.unit.hotline.folders import loaded, small


@pytest.mark.parametrize(
    ("number", "language", "told"),
    [("12345", None, "its numbers are 12319"), ("12319", "fr", "does not speak fr; its languages are zh, en")],
)
async def test_a_call_that_the_hotline_does_not_know_is_refused(
    tmp_path: Path, number: str, language: str | None, told: str
) -> None:
    hotline = loaded(tmp_path, small()).hotline
    assert hotline is not None
    nobody: Any = None  # whoever would be asked to place the call fails the test
    edition = Edition(hotline, nobody)
    administration = Administration(
        Settings(state=tmp_path), edition, nobody, nobody, nobody, nobody, nobody, alone=lambda: None
    )
    with pytest.raises(NotPlaced, match=told):
        await administration.place_call(CallOrder(number, (), language, 60, record=False))


async def test_a_service_that_nobody_would_start_again_is_not_restarted(tmp_path: Path) -> None:
    nobody: Any = None
    administration = Administration(
        Settings(state=tmp_path), nobody, nobody, nobody, nobody, nobody, nobody, alone=lambda: "its up is gone."
    )
    with pytest.raises(OperationFailed, match=r"^Nobody would start this service again: its up is gone\.$"):
        await administration.restart(60)
