"""`./wutong diff`: two folders, in sentences."""

import json
from pathlib import Path

from typer.testing import CliRunner

from service.cli.commands import app
from tests.unit.hotline.folders import small, written


def run(*arguments: str, lang: str = "C") -> tuple[int, str, str]:
    """Exit status, output, errors."""
    done = CliRunner().invoke(app, ["diff", *arguments], env={"LC_ALL": lang})
    return done.exit_code, done.stdout, done.stderr


def test_what_changes_is_told(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    written(old, small())
    written(new, small(('"1": {queue: greening}', '"1": {queue: general}\n      "3": {queue: greening}')))
    status, output, _ = run(str(old), str(new))
    assert status == 0
    assert output.splitlines() == [
        "Key 1 in the menu main now leads to the queue general, not to the queue greening",
        "Key 3 in the menu main now leads to the queue greening; there was none",
    ]
    assert run(str(old), str(new), lang="zh_CN.UTF-8")[1].splitlines()[0] == (
        "菜单 main 的 1 键现在到队列 general，而不是队列 greening"
    )
    told = json.loads(run(str(old), str(new), "--json")[1])
    assert [each["at"] for each in told] == [{"menu": "main"}] * 2
    assert run(str(old), str(old))[1] == "Nothing changes for callers\n"
    assert json.loads(run(str(old), str(old), "--json")[1]) == []
    status, _, errors = run(str(old), str(tmp_path / "none"))
    assert status == 1
    assert "there is no folder" in errors
