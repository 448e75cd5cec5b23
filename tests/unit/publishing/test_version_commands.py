"""`./wutong versions`, `publish`, `rollback`: what a person sees, what is asked of the service."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from commands.client import REPLAY_TIMEOUT, Refused
from hotline.extras import sources
from hotline.files import folder_files
from hotline.loader import load
from hotline.model import Hotline
from publishing import prompts, version_commands
from publishing.passwordless import texts
from publishing.prepare import Prepared
from publishing.store import VersionStore
from publishing.versions import Origin, Version, content
from service.cli.commands import app
from settings.settings import Settings
from sounds.build import Report
from sounds.catalogue import Catalogue
from sounds.voice import DraftVoice
from tests.unit.hotline.folders import recorded, small, written


class Service:
    """Answers as the service does, and remembers what was asked."""

    def __init__(self) -> None:
        self.listed: list[dict[str, Any]] = []
        self.files: dict[str, dict[str, str]] = {}
        self.asked: list[tuple[dict[str, Any], str]] = []
        self.refusal: Refused | None = None
        self.replayed: list[tuple[dict[str, str], int]] = []
        self.changes = 0
        self.callers = 120
        self.within = 0.0
        self.no_replay: Refused | None = None

    def has(self, number: int, files: dict[str, str], *, current: bool = False, **more: Any) -> None:
        at, digest = "2026-03-03T09:30:00.000+00:00", f"{number:012}"
        told = {"number": number, "at": at, "author": "user:wang", "note": "", "digest": digest, "from": "folder"}
        self.listed.insert(0, {**told, "sha256": "f" * 64, "trial": None, "current": current, **more})
        self.files[str(number)] = files
        if current:
            self.files["current"] = files

    def versions(self) -> list[dict[str, Any]]:
        return self.listed

    def version(self, number: str) -> tuple[dict[str, Any], str]:
        wanted = [each for each in self.listed if number in (str(each["number"]), "current")]
        return wanted[0], f'"{wanted[0]["number"]}-x"'

    def version_files(self, number: str) -> dict[str, str]:
        return self.files[number]

    def replay(self, files: dict[str, str], days: int, within: float) -> dict[str, Any]:
        self.replayed.append((files, days))
        self.within = within
        if self.no_replay is not None:
            raise self.no_replay
        changes = [{"callers": 9, "sentence": f"change {number}", "place": None} for number in range(self.changes)]
        return {"summary": "Of 120 callers 9 elsewhere", "callers": self.callers, "changes": changes}

    def publish(self, wanted: dict[str, Any], tag: str) -> dict[str, Any]:
        self.asked.append((wanted, tag))
        if self.refusal is not None:
            raise self.refusal
        trial = {"percent": wanted["trial"]["percent"], "verdict": "running"} if "trial" in wanted else None
        told = {"number": 3, "digest": "a" * 12, "changed": True, "problems": [], "trial": trial}
        return {**told, "removed": ["The queue trees is taken out"]}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()
    monkeypatch.setattr(version_commands, "client_of", lambda state: made)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hotline").mkdir()
    return written(tmp_path / "hotline", small(("您好", "欢迎")))


def run(*arguments: object, state: Path, hotline: Path | None = None) -> tuple[int, str, str]:
    """Exit status, output, errors. `hotline`: of the running service."""
    environment = {"LC_ALL": "C", "WUTONG_STATE": str(state), **({"WUTONG_HOTLINE": str(hotline)} if hotline else {})}
    done = CliRunner().invoke(app, [str(each) for each in arguments], env=environment)
    return done.exit_code, done.stdout, done.stderr


def test_the_list_and_one_version(service: Service, tmp_path: Path) -> None:
    service.has(1, small())
    service.has(2, small(), current=True, note="night duty", **{"from": 1})
    status, output, _ = run("versions", state=tmp_path)
    assert status == 0
    newest, oldest = output.splitlines()
    assert newest.split()[0] == "2"
    assert newest.endswith("user:wang  000000000002  version 1 again  night duty  ← in use")
    assert oldest.endswith("user:wang  000000000001")
    assert json.loads(run("versions", "--json", state=tmp_path)[1]) == service.listed
    status, output, _ = run("versions", "show", 2, state=tmp_path)
    assert status == 0
    assert "# ---- agents.yaml" in output
    said = {"file": "prompts/zh/main.wav", "size": 48_044, "words": "您好", "lost": True}
    service.has(3, small(), recordings=[said], lists=[{"file": "seniors.txt", "size": 12, "lost": False}])
    lines = run("versions", "show", 3, state=tmp_path)[1].splitlines()
    assert "prompts/zh/main.wav, 48,044 bytes  “您好”  lost: see docs/publishing.md" in lines
    assert "seniors.txt, 12 bytes" in lines


def test_publish_tells_what_changes_and_sends_the_running_hotlines_folder(
    service: Service, folder: Path, tmp_path: Path
) -> None:
    service.has(2, small(), current=True)
    (folder / "tests.yaml").write_text('tests:\n  - {name: one, keys: ["1"], expect: {queue: greening}}\n')
    status, _, errors = run("publish", "--note", "why", state=tmp_path, hotline=folder)
    assert status == 1
    assert "The greeting in Chinese now says 欢迎" in errors.replace("“", "").replace("”", "").replace('"', "")
    assert "1 test, 0 failed" in errors
    assert "Nobody can be asked here: give --yes" in errors
    assert not service.asked
    status, output, _ = run("publish", "--note", "why", "--yes", state=tmp_path, hotline=folder)
    assert (status, output) == (0, "version 3 (aaaaaaaaaaaa) is in use\n")
    run("publish", "--over", "--yes", state=tmp_path, hotline=folder)
    assert service.asked == [({"note": "why"}, '"2-x"'), ({"note": "", "over": True}, '"2-x"')]


def test_that_callers_would_hear_the_draft_voice_is_told_before_the_question(
    service: Service, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    service.has(2, small(), current=True)
    status, _, errors = run("publish", state=tmp_path, hotline=folder)
    assert status == 1
    assert errors.index("the draft voice would speak") < errors.index("Nobody can be asked here")
    assert not service.asked


def test_the_voice_is_waited_for_once_and_told_once(
    service: Service, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a network its installation takes a while to fail."""
    tried: list[bool] = []

    async def equip(settings: Settings, hotline: Hotline, progress: prompts.Progress) -> None:
        tried.append(True)

    async def make_prompts(
        settings: Settings, hotline: Hotline, progress: prompts.Progress, *, install: bool
    ) -> Prepared:
        if install:
            tried.append(True)
        catalogue = Catalogue(tmp_path / "sounds", None, ("zh",), DraftVoice())
        report = Report(1, 0, 0, drafts=(catalogue.clip("zh", "您好"),), why="no network")
        return Prepared(catalogue, (), report)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(prompts, "equip", equip)
    monkeypatch.setattr(prompts, "make_prompts", make_prompts)
    monkeypatch.setattr("processes.users.become_owner_of", lambda folder: None)
    (tmp_path / "sounds").mkdir()
    service.has(2, small(), current=True)
    status, _, errors = run("publish", "--yes", state=tmp_path, hotline=folder)
    assert (status, len(tried)) == (0, 1)
    assert errors.count("draft voice") == 1


def test_another_folder_is_sent_as_files(service: Service, folder: Path, tmp_path: Path) -> None:
    service.has(2, small(), current=True)
    other = tmp_path / "other"
    other.mkdir()
    written(other, small())
    status, _, errors = run("publish", other, "--yes", state=tmp_path, hotline=folder)
    assert (status, "Nothing changes for callers" in errors) == (0, True)
    assert service.asked[0][0]["files"].keys() == {"hotline.yaml", "agents.yaml"}


def test_a_broken_folder_is_told_and_the_service_refuses_it_for_its_log(
    service: Service, folder: Path, tmp_path: Path
) -> None:
    service.has(2, small(), current=True)
    text = (folder / "hotline.yaml").read_text()
    (folder / "hotline.yaml").write_text(text.replace("{queue: greening}", "{queue: grening}"))
    service.refusal = Refused({"detail": "The hotline has 1 error and was not taken into use"})
    status, _, errors = run("publish", state=tmp_path, hotline=folder)
    assert status == 1
    assert "there is no queue 'grening'" in errors
    assert "was not taken into use" in errors
    assert "grening" in service.asked[0][0]["files"]["hotline.yaml"]


def test_a_publisher_who_was_overtaken_is_told(service: Service, folder: Path, tmp_path: Path) -> None:
    service.has(2, small(), current=True)
    service.refusal = Refused({"detail": "Somebody else has published meanwhile.", "status": 412})
    status, _, errors = run("publish", "--yes", state=tmp_path, hotline=folder)
    assert (status, errors.splitlines()[-1]) == (1, "Somebody else has published meanwhile.")


def test_callers_who_would_end_elsewhere_are_told_of_before_the_question(
    service: Service, folder: Path, tmp_path: Path
) -> None:
    service.has(2, small(), current=True)
    service.changes = 7
    status, _, errors = run("publish", state=tmp_path, hotline=folder)
    told = errors.splitlines()
    assert (status, service.asked) == (1, [])
    (files, days), start = service.replayed[0], told.index("Of 120 callers 9 elsewhere")
    assert (files["hotline.yaml"], days) == ((folder / "hotline.yaml").read_text(), 7)
    assert told[start + 1 : start + 7] == [*map("change {}".format, range(5)), "2 more: ./wutong replay DRAFT --days 7"]
    assert told[start + 7].startswith("New calls get this.")
    status, output, errors = run("publish", "--days", 30, "--yes", "--json", state=tmp_path, hotline=folder)
    assert (status, "change 0" in errors, json.loads(output)["number"]) == (0, True, 3)
    assert run("publish", "--days", 0, "--yes", state=tmp_path, hotline=folder)[0] == 0
    assert [days for _, days in service.replayed] == [7, 30]


def test_a_replay_that_cannot_be_done_keeps_nobody_from_publishing(
    service: Service, folder: Path, tmp_path: Path
) -> None:
    service.has(2, small(), current=True)
    service.no_replay = Refused({"detail": "This took longer than 60 s: make the draft smaller."})
    status, _, errors = run("publish", "--yes", state=tmp_path, hotline=folder)
    assert (status, len(service.asked)) == (0, 1)
    assert "What the callers of the last 7 days would meet is not known: This took longer than 60 s" in errors
    service.no_replay, service.callers = None, 0
    assert "No caller of the last 7 days is recorded" in run("publish", "--yes", state=tmp_path, hotline=folder)[2]


def test_publish_says_what_of_elsewhere_the_folder_takes_back(service: Service, folder: Path, tmp_path: Path) -> None:
    store, files = kept(tmp_path, folder, "早"), small(("您好", "晚"))
    sent = Version(2, 0, "user:wang", "", "d", Origin.DRAFT, str(folder), content(files))
    store.keep(store.write(sent, files))
    service.has(2, files, current=True)
    status, _, errors = run("publish", "--yes", state=tmp_path, hotline=folder)
    assert status == 0, errors
    assert "This takes back version 2 of user:wang, which was published elsewhere" in errors
    (tmp_path / "other").mkdir()
    _, _, errors = run("publish", written(tmp_path / "other", small()), "--yes", state=tmp_path, hotline=folder)
    assert "takes back" not in errors


def kept(state: Path, folder: Path, *words: str) -> VersionStore:
    """What was published for all of that folder, each with its greeting."""
    store = VersionStore(state / "versions")
    state.mkdir(exist_ok=True)
    for each in words:
        files = small(("您好", each))
        made = Version(store.next, 0, "x", "", "d", Origin.FOLDER, str(folder), content(files))
        store.keep(store.write(made, files))
    return store


def test_rollback_goes_to_the_version_before(service: Service, folder: Path, tmp_path: Path) -> None:
    service.has(1, small(("您好", "早")))
    service.has(2, small(), current=True)
    kept(tmp_path, folder, "早", "您好")
    status, _, errors = run("rollback", "--yes", "--note", "back", state=tmp_path, hotline=folder)
    assert status == 0, errors
    assert "早" in errors
    assert service.asked == [({"version": 1, "note": "back"}, '"2-x"')]


def test_rollback_tells_who_would_end_elsewhere_before_it_asks(service: Service, folder: Path, tmp_path: Path) -> None:
    service.has(1, small(("您好", "早")))
    service.has(2, small(), current=True)
    kept(tmp_path, folder, "早", "您好")
    service.changes = 6
    status, _, errors = run("rollback", state=tmp_path, hotline=folder)
    told = errors.splitlines()
    assert (status, service.asked, service.within) == (1, [], REPLAY_TIMEOUT)
    files, days = service.replayed[0]
    assert (files["hotline.yaml"], days) == (small(("您好", "早"))["hotline.yaml"], 7)
    start = told.index("Of 120 callers 9 elsewhere")
    assert told[start + 6] == "1 more: ./wutong replay 1 --days 7"
    assert told[start + 7].startswith("All new calls get version 1.")
    assert run("rollback", "--days", 0, "--yes", state=tmp_path, hotline=folder)[0] == 0
    assert len(service.replayed) == 1


def test_rollback_goes_to_no_other_hotline_and_to_no_version_that_was_only_tried(
    service: Service, folder: Path, tmp_path: Path
) -> None:
    store = kept(tmp_path, tmp_path / "other", "别处")
    files = small(("您好", "试"))
    tried = Version(2, 0, "x", "", "d", Origin.FOLDER, str(folder), content(files), {"percent": 10})
    store.keep(store.write(tried, files))
    kept(tmp_path, folder, "您好")
    for number in (1, 2):
        service.has(number, files)  # nothing is known of the trial any more
    service.has(3, small(), current=True)
    status, _, errors = run("rollback", "--yes", state=tmp_path, hotline=folder)
    assert (status, "no earlier version" in errors, service.asked) == (1, True, [])


def test_an_export_keeps_the_passwords_that_are_there(service: Service, folder: Path, tmp_path: Path) -> None:
    files = {**small(), "agents.yaml": small()["agents.yaml"].replace(", password: correct-horse", "")}
    service.has(1, files)
    status, _, errors = run("versions", "export", 1, folder, state=tmp_path)
    assert (status, "will be overwritten" in errors) == (1, True)
    status, output, _ = run("versions", "export", 1, folder, "--yes", state=tmp_path)
    assert status == 0
    assert {Path(line).name for line in output.splitlines()} == {"hotline.yaml", "agents.yaml"}
    assert (folder / "hotline.yaml").read_text() == files["hotline.yaml"]
    assert not list(folder.glob(".*"))
    assert "correct-horse" in (folder / "agents.yaml").read_text()
    new = tmp_path / "new"
    assert run("versions", "export", 1, new, state=tmp_path)[0] == 0
    assert (new / "agents.yaml").read_text() == files["agents.yaml"]


def test_an_export_does_not_wait_for_a_pipe_in_the_folder(service: Service, folder: Path, tmp_path: Path) -> None:
    service.has(1, small())
    (folder / "hotline.yaml").unlink()
    os.mkfifo(folder / "hotline.yaml")
    status, _, errors = run("versions", "export", 1, folder, state=tmp_path)
    assert (status, str(folder / "hotline.yaml") in errors, "will be overwritten" in errors) == (1, True, True), errors
    assert run("versions", "export", 1, folder, "--yes", state=tmp_path)[0] == 0
    assert (folder / "hotline.yaml").read_text() == small()["hotline.yaml"]


def test_an_export_has_the_recordings_and_lists(service: Service, folder: Path, tmp_path: Path) -> None:
    files, store = dict(texts(folder_files(folder) or {})), VersionStore(tmp_path / "versions")
    recorded(folder, "欢迎", 1)
    found = load(folder)
    store.put(found.extras, sources(folder, found.extras, None))
    made = Version(1, 0, "x", "", "d", Origin.FOLDER, str(folder), content(files), extras=found.extras)
    store.keep(store.write(made, files))
    service.has(1, files)
    said = (folder / "prompts" / "zh" / "said.wav").read_bytes()
    recorded(folder, "欢迎", 2)
    status, output, errors = run("versions", "export", 1, folder, "--yes", state=tmp_path)
    assert (status, output.split()[-1]) == (0, str(folder / "prompts" / "zh" / "said.wav")), errors
    assert (folder / "prompts" / "zh" / "said.wav").read_bytes() == said
    assert run("versions", "export", 1, tmp_path / "new", state=tmp_path)[0] == 0
    assert load(tmp_path / "new").extras == found.extras
    status, output, errors = run("diff", 1, "folder", state=tmp_path, hotline=folder)
    assert (status, output.splitlines()) == (0, ["Nothing changes for callers"]), errors
    recorded(folder, "欢迎", 3)
    assert "Another recording is played: “欢迎”" in run("diff", 1, "folder", state=tmp_path, hotline=folder)[1]
    store.keep(store.write(replace(made, number=2, extras={}), files))
    service.has(2, files)
    assert run("versions", "export", 2, folder, "--yes", state=tmp_path)[0] == 0
    assert load(folder).extras == {}


def test_nobody_else_reads_the_passwords_of_an_export_while_it_is_written(
    service: Service, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.has(1, {**small(), "agents.yaml": f"# earlier\n{small()['agents.yaml']}"})
    (folder / "agents.yaml").chmod(0o600)
    modes, chmod = [], Path.chmod

    def noted(path: Path, mode: int) -> None:
        modes.append(stat.S_IMODE(path.stat().st_mode))
        chmod(path, mode)

    monkeypatch.setattr(Path, "chmod", noted)
    assert run("versions", "export", 1, folder, "--yes", state=tmp_path)[0] == 0
    assert modes
    assert set(modes) == {0o600}


def test_other_commands_take_the_number_of_a_version(folder: Path, tmp_path: Path) -> None:
    store, files = VersionStore(tmp_path / "versions"), small()
    store.keep(store.write(Version(1, 0, "x", "", "d", Origin.FOLDER, str(folder), content(files)), files))
    status, output, errors = run("diff", 1, "folder", state=tmp_path, hotline=folder)
    assert (status, "欢迎" in output) == (0, True), errors
    status, output, errors = run("picture", folder, "--diff", 1, "--format", "svg", state=tmp_path)
    assert status == 0, errors
    status, _, errors = run("diff", 9, "folder", state=tmp_path, hotline=folder)
    assert (status, "There is no version 9" in errors) == (1, True)
    status, _, errors = run("replay", 1, state=tmp_path, hotline=folder)
    assert (status, "no calls have been recorded" in errors) == (1, True), errors


TRIAL = {
    "percent": 10,
    "calls": 40,
    "given_up": 9,
    "rest": {"calls": 380, "given_up": 31},
    "evidence": 3.5,
    "limit": 20,
}


def test_a_folder_is_put_on_trial(service: Service, folder: Path, tmp_path: Path) -> None:
    service.has(1, small(), current=True)
    status, output, errors = run("publish", "--trial", "10%", "--yes", state=tmp_path / "state", hotline=folder)
    assert status == 0, errors
    assert service.asked[0][0]["trial"] == {"percent": 10}
    assert "version 3 is on trial for 10 % of callers" in output
    assert "The queue trees is taken out" in errors


@pytest.mark.parametrize("given", ["0", "51%", "ten", ""])
def test_no_share_of_the_callers(service: Service, folder: Path, tmp_path: Path, given: str) -> None:
    status, _, errors = run("publish", "--trial", given, state=tmp_path / "state", hotline=folder)
    assert (status, service.asked) == (1, [])
    assert "give 1% to 50%" in errors


def test_a_trial_is_shown_and_given_to_all(service: Service, folder: Path, tmp_path: Path) -> None:
    service.has(1, small(), current=True)
    service.has(2, small(), trial={**TRIAL, "verdict": "running"})
    _, output, _ = run("versions", state=tmp_path / "state", hotline=folder)
    assert (
        "on trial (10 % of callers): 9 of 40 calls given up, 31 of 380 of the rest; evidence 3.5, taken back at 20"
        in output
    )
    status, _, errors = run("publish", "--all", "--yes", state=tmp_path / "state", hotline=folder)
    assert (status, service.asked[0][0]["version"]) == (0, 2), errors
    assert "The trial of version 2 ends" in errors, "also where somebody else began it"
    status, _, errors = run("publish", "--all", "--trial", "5", state=tmp_path / "state", hotline=folder)
    assert (status, "--all publishes the version" in errors) == (1, True)


def test_going_back_from_a_trial_is_to_what_the_others_get(service: Service, folder: Path, tmp_path: Path) -> None:
    service.has(1, small())
    service.has(2, small(), current=True)
    service.has(3, small(), trial={**TRIAL, "verdict": "running"})
    kept(tmp_path / "state", folder, "您好", "您好")
    run("rollback", "--yes", state=tmp_path / "state", hotline=folder)
    service.listed[0]["trial"]["verdict"] = "taken-back"
    run("rollback", "--yes", state=tmp_path / "state", hotline=folder)
    assert [wanted["version"] for wanted, _ in service.asked] == [2, 1]
    status, _, errors = run("publish", "--all", "--yes", state=tmp_path / "state", hotline=folder)
    assert (status, "no version is on trial" in errors) == (1, True)
