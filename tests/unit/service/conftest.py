import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from service.setup import log


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
