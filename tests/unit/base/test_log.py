import io
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from base import log
from base.folders import CHECKOUT
from journal import database

pytestmark = pytest.mark.usefixtures("logging_as_before")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_json_lines_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "log" / "service.log"
    log.configure("info", file=file)
    structlog.get_logger().info("call-started", agent="张三", at_s=1.5)
    structlog.get_logger().debug("too fine")
    logging.getLogger("somebody.else").warning("they say %s", "this")
    first, second = lines(file)
    assert (first["event"], first["agent"], first["level"]) == ("call-started", "张三", "info")
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
    logger.info("login", password="another one", api_token="t0ken", Authorization="Bearer x", queue="139")
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


CALLER = "13800138000"

BROKEN = """
import sys
from base import log
log.configure("debug", stream=sys.stderr)
log.hide(["hunter22"])
"""


def test_callers_numbers_do_not_come_out() -> None:
    stream = io.StringIO()
    log.configure("debug", stream=stream)
    logger = structlog.get_logger()
    logger.debug("event", caller=CALLER, callerid=int(CALLER), nested={"x": [(CALLER, {"CallerIDNum": "zhang.san"})]})
    logger.warning(f"call from {CALLER}", said=f"sip:{CALLER}@192.0.2.1", why=ValueError(CALLER), path=Path(CALLER))
    logger.info("deep", value=[[[[[[[[CALLER]]]]]]]], key={CALLER: 1, b"1": CALLER.encode()})
    logging.getLogger("uvicorn.error").error("from %s: %r", CALLER, {"From": f'"\n{CALLER}" <tel:+86-138-0013-8000>'})
    try:
        raise RuntimeError(f"no channel for {CALLER}")
    except RuntimeError:
        logger.exception("broke")
        logging.getLogger("asyncio").exception("never retrieved")
    said = stream.getvalue()
    for number in (CALLER, "zhang.san", "0013-8000"):
        assert number not in said
    assert said.count("138******00") >= 9
    assert [json.loads(line)["level"] for line in said.splitlines()][:3] == ["debug", "warning", "info"]


def test_what_is_no_callers_number_stays() -> None:
    stream = io.StringIO()
    log.configure("debug", stream=stream)
    log.keep(["12319", "02166661234"])
    structlog.get_logger().info(
        "x", number="12319", caller="12319", dial="02166661234", process=4_194_304, written=12_345_678, since=1.5
    )
    said = json.loads(stream.getvalue())
    assert (said["number"], said["caller"], said["dial"]) == ("12319", "12319", "02166661234")
    assert (said["process"], said["written"], said["since"]) == (4_194_304, 12_345_678, 1.5)
    assert said["at"].endswith("Z")


def test_a_terminal_does_not_show_them_either() -> None:
    terminal = Terminal()
    log.configure("debug", stream=terminal)
    try:
        raise RuntimeError(CALLER)
    except RuntimeError:
        structlog.get_logger().exception("broke", caller=CALLER)
    assert CALLER not in terminal.getvalue()
    assert "138******00" in terminal.getvalue()


async def test_the_database_logs_no_values_at_debug(empty: Path | str) -> None:
    stream = io.StringIO()
    log.configure("debug", stream=stream)
    engine = database.open(empty)
    async with engine.begin() as connection:
        assert await connection.scalar(text("SELECT :caller"), {"caller": "zhang.san"}) == "zhang.san"
    await engine.dispose()
    assert "zhang.san" not in stream.getvalue()


@pytest.mark.parametrize(
    "ending",
    [
        f"raise RuntimeError('hunter22 {CALLER}')",
        f"import logging; logging.getLogger().error('%d', '{CALLER}')",
        f"class A:\n  def __del__(self): raise RuntimeError('{CALLER}')\nA()",
    ],
    ids=["nobody handles it", "a faulty message", "nobody can handle it"],
)
def test_last_words_are_masked(ending: str) -> None:
    done = subprocess.run([sys.executable, "-c", BROKEN + ending], capture_output=True, text=True, cwd=CHECKOUT)
    assert CALLER not in done.stdout + done.stderr
    assert "hunter22" not in done.stderr
    assert "RuntimeError" in done.stderr or "logging" in ending
