"""What unit tests have in common."""

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from base import log
from base.folders import StateFolder
from settings import settings
from tests.unit.hotline.folders import small, written

CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture(autouse=True)
def cost_of_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Next to nothing: a hash as it is kept costs 30 ms, and its thread gives way to all other work of the machine.
    `tests/unit/accounts/test_passwords.py` has the real cost and the real thread.
    """
    monkeypatch.setattr("accounts.passwords._HASHER", CHEAP)
    monkeypatch.setattr("accounts.passwords._give_way", lambda: None)


@pytest.fixture(autouse=True)
def nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit test that came to install the voice would fetch a hundred megabytes for it."""
    for installer in ("PIP", "UV"):
        monkeypatch.setenv(f"{installer}_NO_INDEX", "1")


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but those of the test."""
    for name in list(os.environ):
        if name.startswith("WUTONG_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr(settings, "SECRETS_FOLDER", tmp_path / "no-secrets")
    monkeypatch.setattr(settings, "SYSTEM_FILE", tmp_path / "no-settings.toml")


@pytest.fixture
def logging_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test's configuration of logging ends with the test."""
    monkeypatch.setattr(log, "_hidden", set())
    monkeypatch.setattr(log, "_kept", frozenset())
    for module, name in ((logging, "raiseExceptions"), (sys, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, name, getattr(module, name))  # as it is, and as it is again afterwards
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def in_shanghai(tmp_path: Path) -> Path:
    """A state folder on which a hotline ran whose clocks are Shanghai's."""
    state = StateFolder(tmp_path / "state")
    state.make()
    state.timezone.write_text("Asia/Shanghai")
    return state.root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the small hotline."""
    made = tmp_path / "small"
    made.mkdir()
    return written(made, small())
