import io
import json
import logging
from pathlib import Path

import pytest
import structlog

from service.setup import log

pytestmark = pytest.mark.usefixtures("logging_as_before")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_json_lines_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "log" / "service.log"
    log.configure("info", file=file)
    structlog.get_logger().info("call-started", caller="张三", at_s=1.5)
    structlog.get_logger().debug("too fine")
    logging.getLogger("somebody.else").warning("they say %s", "this")
    first, second = lines(file)
    assert (first["event"], first["caller"], first["level"]) == ("call-started", "张三", "info")
    assert str(first["at"]).endswith("Z")
    assert (second["event"], second["logger"]) == ("they say this", "somebody.else")


def test_a_failure_is_one_line(tmp_path: Path) -> None:
    log.configure("info", file=tmp_path / "service.log")
    try:
        raise RuntimeError("broke")
    except RuntimeError:
        structlog.get_logger().exception("oops")
    (line,) = lines(tmp_path / "service.log")
    assert "RuntimeError: broke" in str(line["exception"])


def test_a_terminal_gets_lines_for_people() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    log.configure("info", stream=terminal)
    structlog.get_logger().info("ready", number="12319")
    assert "ready" in terminal.getvalue()
    assert not terminal.getvalue().startswith("{")
    log.configure("info", stream=pipe)
    structlog.get_logger().info("ready", number="12319")
    assert json.loads(pipe.getvalue())["number"] == "12319"


def test_secrets_do_not_come_out() -> None:
    stream = io.StringIO()
    log.configure("debug", stream=stream)
    log.hide(["hunter22", ""])
    logger = structlog.get_logger()
    logger.info("login", password="another one", api_token="t0ken", Authorization="Bearer x", caller="139")
    logger.info("sent", line="Secret: hunter22")
    logging.getLogger("ami").debug("-> %r", {"Secret": "hunter22"})
    try:
        raise ValueError("hunter22")
    except ValueError:
        logger.exception("broke")
    said = stream.getvalue()
    for secret in ("another one", "t0ken", "Bearer x", "hunter22"):
        assert secret not in said
    assert "139" in said
    assert said.count(log.HIDDEN) >= 6
