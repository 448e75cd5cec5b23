"""`./wutong purge`, `forget`, `export`, without the service that does it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import typer

from base.failure import NotDone
from base.folders import StateFolder
from commands.client import Client
from privacy import commands as privacy
from privacy.commands import copies, export, forget, log_files, overwrite, purge

NUMBER = "13800138000"


class Service(Client):
    """Has 5 calls of the number, and forgets 2 a time; purges in two parts."""

    def __init__(self) -> None:
        self.calls = 5
        self.asked: list[str] = []

    def purge(self, *, dry_run: bool) -> dict[str, Any]:
        self.asked.append(f"purge {dry_run}")
        done = {"numbers": 1_000, "links": 0, "steps": 20, "calls": 0, "records": 0, "snapshots": 0, "files": 0}
        return done | {"more": len(self.asked) == 1 and not dry_run}

    def forget(self, number: str, *, dry_run: bool) -> dict[str, Any]:
        self.asked.append(f"forget {dry_run}")
        removed = 0 if dry_run else min(2, self.calls)
        self.calls -= removed
        lists = ["nuisance", "offices"]
        alike = ["+8613800138000"]
        more = removed == 2
        told = {"live": 1, "alike": alike, "linked": ["13900139000"], "lists": lists}
        return {"removed": removed, "calls": self.calls, **told, "more": more}

    def export(self, number: str, after: str) -> dict[str, Any]:
        rest = [f"c{n}" for n in range(self.calls) if f"c{n}" > after]
        page = rest[:2]
        told = {"alike": [], "linked": ["13900139000"], "lists": ["nuisance", "offices"]}
        return {"calls": [{"id": call} for call in page], **told, "after": page[-1] if len(page) == 2 else None}


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    made = StateFolder(tmp_path / "state")
    made.make()
    return made


def test_a_purge_goes_on_until_nothing_is_left() -> None:
    said: list[str] = []
    shown: list[str] = []
    purge(Service(), dry_run=False, as_json=False, show=said.append, progress=shown.append)
    assert said == ["removed: 2,000 numbers of callers, 40 Records of what callers heard and pressed"]
    assert shown == ["removed so far: 1,000 numbers of callers, 20 Records of what callers heard and pressed"]


def test_a_dry_run_asks_once() -> None:
    said: list[str] = []
    service = Service()
    purge(service, dry_run=True, as_json=True, show=said.append, progress=print)
    assert service.asked == ["purge True"]
    assert json.loads(said[0]) == {
        "numbers": 1_000,
        "links": 0,
        "steps": 20,
        "calls": 0,
        "records": 0,
        "snapshots": 0,
        "files": 0,
        "dry_run": True,
    }


def test_forgetting_asks_before(folder: StateFolder) -> None:
    service = Service()
    (folder.logs / "service.log").write_text(NUMBER)
    with pytest.raises(typer.Exit):
        forget(service, folder, NUMBER, yes=False, as_json=False, show=print, progress=print)
    assert service.asked == ["forget True"]
    assert (folder.logs / "service.log").read_text() == NUMBER


def test_forgetting_says_what_it_did_and_what_it_cannot_reach(folder: StateFolder) -> None:
    (folder.logs / "service.log.3").write_text(f"{NUMBER} and {NUMBER}\n")
    (folder.asterisk / "log").mkdir()
    (folder.asterisk / "log" / "messages").write_text(f"From: <sip:+86{NUMBER}@192.0.2.1>\n")
    (folder.root / "backups").mkdir()
    (folder.root / "backups" / "wutong-1.db").write_text("x")
    said: list[str] = []
    forget(Service(), folder, "138-0013-8000", yes=True, as_json=True, show=said.append, progress=print)
    told = json.loads(said[0])
    assert (told["calls"], told["live"], told["alike"], told["log_lines"]) == (5, 1, ["+8613800138000"], 3)
    assert (told["linked"], told["lists"]) == (["13900139000"], ["nuisance", "offices"])
    assert told["not_reached"] == [str(folder.root / "backups" / "wutong-1.db")]
    assert (folder.logs / "service.log.3").read_text() == "*********** and ***********\n"
    assert (folder.asterisk / "log" / "messages").read_text() == "From: <sip:+86***********@192.0.2.1>\n"
    said.clear()
    forget(Service(), folder, NUMBER, yes=True, as_json=False, show=said.append, progress=print)
    assert any("wutong-1.db" in line for line in said)
    assert any("agents' phones" in line for line in said)
    assert any("lists of callers that have it: nuisance, offices." in line for line in said)
    assert any("linked to it and were not touched: 13900139000." in line for line in said)
    assert any("earlier versions of the hotline" in line for line in said)
    assert any("have not ended and keep it: 1" in line for line in said)


def test_a_number_across_two_pieces_of_a_log_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "PIECE", 16)
    file = tmp_path / "service.log"
    for before in range(40):
        file.write_text("x" * before + NUMBER + "y" * 20 + NUMBER)
        assert overwrite(NUMBER, [file]).lines == 2
        assert file.read_text() == "x" * before + "*" * 11 + "y" * 20 + "*" * 11


def test_short_numbers_and_names_are_not_searched_in_logs(tmp_path: Path) -> None:
    file = tmp_path / "service.log"
    file.write_text("port 5060, agent 1001, 110")
    for number in ("1001", "110", "", "zhang.san", "000"):
        assert overwrite(number, [file]).lines == 0
    assert file.read_text() == "port 5060, agent 1001, 110"


def test_a_link_is_no_log_file(folder: StateFolder, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text(NUMBER)
    (folder.logs / "evil").symlink_to(mine)
    assert log_files(folder) == []
    assert overwrite(NUMBER, [folder.logs / "evil"]).failed
    assert mine.read_text() == NUMBER
    assert copies(folder) == []


def test_an_export_is_for_its_owner_only_and_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    said: list[str] = []
    before = os.umask(0)
    try:
        export(Service(), NUMBER, file, show=said.append)
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [json.loads(line)["id"] for line in file.read_text().splitlines()] == ["c0", "c1", "c2", "c3", "c4"]
    assert said == [
        f"5 calls in {file}",
        "lists of callers that have it: nuisance, offices",
        "numbers that are linked to it and are not in it: 13900139000",
    ]
    with pytest.raises(NotDone, match="name another file"):
        export(Service(), NUMBER, file, show=said.append)


def test_an_export_goes_to_the_output(capsys: pytest.CaptureFixture[str]) -> None:
    export(Service(), NUMBER, None, show=lambda line: None)
    assert capsys.readouterr().out.count("\n") == 5
