"""Asterisk in the foreground, where it cannot begin. tests/integration/test_systemd.py tests where it can."""

from pathlib import Path

import pytest

from dialplan import foreground
from dialplan.render import TEMPLATES
from processes.obtaining import Installation, NoAsterisk


def test_the_command_stays_in_the_foreground() -> None:
    installation = Installation(("ld.so", "asterisk"), Path("/m"), Path("/d"), "22", "private")
    command = foreground.command(installation, Path("/var/lib/wutong/asterisk"))
    assert command == ["ld.so", "asterisk", "-C", "/var/lib/wutong/asterisk/etc/asterisk.conf", "-f"]


@pytest.mark.parametrize("arguments", [[], ["asterisk"], ["/a", "/b"]])
def test_a_wrong_call_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert foreground.main(arguments) == 2
    assert "python -m dialplan.foreground /" in capsys.readouterr().err


def test_without_an_asterisk_it_says_why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def none(cache: Path, progress: object) -> Installation:
        raise NoAsterisk("there is no Asterisk")

    monkeypatch.setattr(foreground, "obtain", none)
    assert foreground.main(["/nowhere"]) == 1
    assert capsys.readouterr().err == "there is no Asterisk\n"


def test_the_last_file_is_one_that_is_rendered() -> None:
    assert foreground.LAST.endswith(".conf")
    assert (TEMPLATES / f"{foreground.LAST}.j2").is_file()
