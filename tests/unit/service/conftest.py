import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from service.setup import log, settings


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
