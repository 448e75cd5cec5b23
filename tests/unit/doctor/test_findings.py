import importlib.metadata
import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from pyrage.x25519 import Identity

from base.failure import NotDone
from base.folders import CHECKOUT
from base.process import Process
from dialplan import findings as asterisk_findings
from dialplan.findings import Finding
from doctor import findings as doctor
from lab.ports import free_base
from processes import renewing, running
from processes.running import ServiceNote
from publishing import findings as sound_findings
from publishing.speech import speaker
from sentences.sentence import Sentence
from settings.secrets import obtain
from settings.sections import Trunk
from settings.settings import RecordingSettings, Settings
from sounds.catalogue import Catalogue
from tests.unit.recordings.test_keys import key_file
from tests.unit.sounds.making import tone


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state=tmp_path / "state", base_port=free_base())


def level(findings: Iterator[Finding]) -> str:
    (finding,) = findings
    return finding.level


def test_programs_get_both_languages() -> None:
    finding = Finding("odd", "Asterisk", Sentence("made today"))
    assert finding.document() == {"level": "odd", "what": "Asterisk", "sentence": "made today", "chinese": "今天制作"}


def test_a_terminal_gets_its_language(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    doctor.show([Finding("right", Sentence("drain"), Sentence("new calls are taken"))])
    assert capsys.readouterr().out == "正常  停接：正常接入\n"


def test_packages_load_from_one_folder(tmp_path: Path) -> None:
    assert doctor.packages(doctor.PACKAGES, CHECKOUT).level == "right"
    stray = doctor.packages(("acd", "json", "nowhere_at_all"), CHECKOUT)
    assert stray.level == "wrong"
    assert "json from" in stray.sentence
    assert "nowhere_at_all from nowhere" in stray.sentence
    assert "acd" not in stray.sentence.split(": ", 1)[1].split("./wutong")[0].replace(str(CHECKOUT), "")


def test_libraries_are_those_of_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "runtime.txt"
    version = importlib.metadata.version("pydantic")
    lock.write_text(f"pydantic=={version} \\\n    --hash=sha256:00\ncolorama==0.1 ; sys_platform == 'win32' \\\n")
    assert doctor.libraries(lock).level == "right"
    lock.write_text("pydantic==0.1 \\\nno-such-thing==1.0 \\\n")
    off = doctor.libraries(lock)
    assert off.level == "wrong"
    assert f"pydantic is {version}, not 0.1" in off.sentence
    assert "no-such-thing is missing" in off.sentence


def test_a_drain_is_reported(settings: Settings) -> None:
    settings.folder.make()
    assert doctor.drain(settings).level == "right"
    settings.folder.drained.touch()
    finding = doctor.drain(settings)
    assert finding.level == "wrong"
    assert "new callers are turned away until ./wutong drain --off" in finding.sentence


def test_a_spool_that_was_put_aside_is_reported(settings: Settings) -> None:
    settings.folder.make()
    assert doctor.several_machines(settings) == []
    aside = settings.folder.root / "spool-of-epoch-3"
    aside.mkdir()
    (finding,) = doctor.several_machines(settings)
    assert finding.level == "odd"
    assert str(aside) in finding.sentence


def note_service(settings: Settings, stands_by: str) -> None:
    """This process is the service."""
    note = ServiceNote(
        process=Process.this(),
        hotline=settings.hotline,
        base_port=None,
        listen="127.0.0.1",
        ready=True,
        supervised=True,
        http="http://127.0.0.1:8080",
        sip="",
        ami="",
        agi="",
        stands_by=stands_by,
    )
    running.note(settings.folder, note)


@pytest.mark.parametrize(
    ("stands_by", "said"), [("", "this machine leads"), ("stands by; north leads", "another machine leads")]
)
def test_who_leads_is_reported(settings: Settings, stands_by: str, said: str) -> None:
    several = settings.model_copy(update={"stand_by": True})
    settings.folder.make()
    assert doctor.several_machines(several) == []
    note_service(settings, stands_by)
    (finding,) = doctor.several_machines(several)
    assert (finding.level, said in finding.sentence) == ("right", True)


class Leader:
    """The service of the machine that leads, as `doctor` asks it."""

    def __init__(self, *nodes: dict[str, Any]) -> None:
        self._nodes = list(nodes)

    def nodes(self) -> list[dict[str, Any]]:
        if not self._nodes:
            raise NotDone("the database cannot be asked")
        return self._nodes


NORTH = {"name": "north", "part": "leads", "version": "1.0", "backs": None}
SOUTH = {"name": "south", "part": "stands-by", "version": "1.0", "backs": None}


@pytest.mark.parametrize(
    ("leader", "said"),
    [
        (Leader(NORTH, SOUTH), []),
        (Leader(NORTH, {**SOUTH, "part": "away"}), ["no sign of life from south: start Wutong there"]),
        (Leader(NORTH, {**SOUTH, "version": "1.1"}), ["they run different versions: 1.0, 1.1"]),
        (Leader(NORTH, {**SOUTH, "version": "1.1", "part": "away"}), ["no sign of life from south"]),
        (Leader(NORTH, {**SOUTH, "backs": True}), []),
        (Leader(NORTH, {**SOUTH, "backs": False}), ["south does not back this leader, so no agent would be rung"]),
        (Leader(), ["the other machines are not known: the database cannot be asked"]),
    ],
)
def test_what_the_leader_knows_of_the_other_machines_is_reported(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, leader: Leader, said: list[str]
) -> None:
    monkeypatch.setattr(doctor, "_client", lambda settings: leader)
    several = settings.model_copy(update={"stand_by": True})
    settings.folder.make()
    note_service(settings, stands_by="stands by; north leads")
    assert list(doctor.other_machines(several)) == [], "only the leader knows them"
    note_service(settings, stands_by="")
    assert list(doctor.other_machines(settings)) == [], "there is one machine only"
    found = list(doctor.other_machines(several))
    assert [finding.level for finding in found] == ["odd"] * len(said)
    assert all(each in finding.sentence for each, finding in zip(said, found, strict=True))


def test_sound_programs(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sox").symlink_to(shutil.which("true") or "/bin/true")
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = sound_findings.sound_programs(settings)
    assert (finding.level, finding.sentence) == ("wrong", "install: apt-get install espeak-ng")
    own_voice = settings.model_copy(update={"voice": "piper {target}"})
    assert sound_findings.sound_programs(own_voice).level == "right"


def test_a_voice_of_the_administrators(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    own_voice = settings.model_copy(update={"voice": "piper {target}"})
    assert sound_findings.voice(own_voice).level == "wrong"
    (tmp_path / "piper").symlink_to("/bin/true")
    assert sound_findings.voice(own_voice).level == "right"
    broken = sound_findings.voice(settings.model_copy(update={"voice": "piper 'open"}))
    assert (broken.level, broken.what) == ("wrong", "voice")


def test_a_natural_voice_that_is_not_installed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    finding = sound_findings.voice(settings)
    assert finding.level == "odd"
    assert "./wutong prompts install" in finding.sentence


def test_texts_that_the_draft_voice_speaks(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    own = tmp_path / "hotline"
    shutil.copytree(settings.hotline, own)
    text = (own / "hotline.yaml").read_text(encoding="utf-8")
    (own / "hotline.yaml").write_text(text.replace("感谢您的来电，再见。", "谢谢，再会。"), encoding="utf-8")
    edited = settings.model_copy(update={"hotline": own})
    catalogue = Catalogue(edited.folder.sounds, own / "prompts", ("zh", "en"), speaker(edited))
    tone(catalogue.draft(catalogue.clip("zh", "谢谢，再会。")).path)
    finding = sound_findings.voice(edited)
    assert finding.level == "wrong"
    assert "1 text is spoken by the draft voice, and callers will not understand it" in finding.sentence


def test_secrets_that_others_can_read(settings: Settings) -> None:
    assert level(doctor.state_folder(settings)) == "right"
    obtain(settings.folder)
    assert level(doctor.state_folder(settings)) == "right"
    os.chmod(settings.folder.secrets, 0o644)
    (finding,) = doctor.state_folder(settings)
    assert finding.level == "wrong"
    assert "chmod 600" in finding.sentence


def test_a_broken_hotline(settings: Settings, tmp_path: Path) -> None:
    assert doctor.hotline(settings).level == "right"
    broken = settings.model_copy(update={"hotline": tmp_path})
    finding = doctor.hotline(broken)
    assert finding.level == "wrong"
    assert "./wutong check" in finding.sentence


def _phone(agent: str, away: tuple[str, ...]) -> str:
    return "unreachable" if agent in away else "free"


NOTHING = dict.fromkeys(("damaged", "failed", "keys", "lost_total", "stopped", "strays"), 0)
"""The figures about recordings where nothing is wrong."""


class Phones(BaseHTTPRequestHandler):
    """A service that tells of its agents' phones, of messages, and of recordings."""

    away: tuple[str, ...] | None = ()
    messages: tuple[str, ...] | None = ()
    recordings: Mapping[str, int] | None = NOTHING

    def do_GET(self) -> None:
        told: list[dict[str, str]] | None
        if self.path == "/metrics":
            self._tell_figures()
            return
        if "/messages" in self.path:
            told = None if self.messages is None else [{"id": id} for id in self.messages]
        else:
            away = self.away
            told = None if away is None else [{"id": id, "phone": _phone(id, away)} for id in ("2201", "2202")]
        content = json.dumps({"detail": "Not now."} if told is None else told).encode()
        self.send_response(503 if told is None else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _tell_figures(self) -> None:
        figures = self.recordings
        lines = [f"wutong_recordings_{name} {value}.0" for name, value in (figures or {}).items()]
        content = "\n".join(["# HELP wutong_recordings_lost_total", *lines, "other 1.0\n"]).encode()
        self.send_response(503 if figures is None else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def running_service(settings: Settings) -> Iterator[None]:
    settings.folder.make()
    with ThreadingHTTPServer(("127.0.0.1", 0), Phones) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        http = f"http://127.0.0.1:{server.server_port}"
        of_process = {"process": Process.this(), "hotline": settings.hotline, "base_port": 1, "listen": "127.0.0.1"}
        note = ServiceNote(ready=True, supervised=True, http=http, sip="", ami="", agi="", **of_process)
        running.note(settings.folder, note)
        yield
        server.shutdown()
        thread.join()


def line_of(settings: Settings, words: str) -> int:
    lines = (settings.hotline / "hotline.yaml").read_text(encoding="utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_departments_of_a_hotline_that_is_down_are_not_judged_by_their_phones(settings: Settings) -> None:
    assert list(doctor.sub_hotlines(settings)) == []


@pytest.mark.usefixtures("running_service")
def test_a_department_whose_phone_is_not_registered(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert level(doctor.sub_hotlines(settings)) == "right"
    monkeypatch.setattr(Phones, "away", ("2201",))
    (finding,) = doctor.sub_hotlines(settings)
    assert finding.level == "odd"
    where = f"hotline.yaml:{line_of(settings, '2201')}:11"
    assert finding.sentence.startswith(f"{where}: the phone 2201 of 'greening-bureau' is not registered — switch it on")


@pytest.mark.usefixtures("running_service")
def test_a_department_whose_number_needs_a_trunk(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.hotline, tmp_path / "own")
    own = settings.model_copy(update={"hotline": tmp_path / "own"})
    file = own.hotline / "hotline.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace('dial: "2202"', 'dial: "02112345678"'), encoding="utf-8")
    (finding,) = doctor.sub_hotlines(own)
    assert finding.level == "odd"
    assert finding.sentence.startswith(f"hotline.yaml:{line_of(own, '02112345678')}:11: '02112345678' is no")
    trunk = Trunk(host="192.0.2.1", bind=IPv4Address("192.0.2.10"))
    assert level(doctor.sub_hotlines(own.model_copy(update={"trunk": trunk}))) == "right"


@pytest.mark.usefixtures("running_service")
def test_a_service_that_does_not_tell_of_its_phones(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Phones, "away", None)
    (finding,) = doctor.sub_hotlines(settings)
    assert (finding.level, "it is not known" in finding.sentence) == ("odd", True)


def test_messages_of_a_service_that_is_down_are_not_compared(settings: Settings) -> None:
    assert list(doctor.messages(settings)) == []


@pytest.mark.usefixtures("running_service")
def test_messages_and_their_sounds(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(doctor.messages(settings)) == []
    monkeypatch.setattr(Phones, "messages", ("c1",))
    (finding,) = doctor.messages(settings)
    assert (finding.level, finding.sentence.startswith("1 on the list have no sound")) == ("wrong", True)
    (settings.folder.messages / "c1.wav").write_bytes(b"x")
    (finding,) = doctor.messages(settings)
    assert (finding.level, finding.sentence) == ("right", "1, each with its sound")
    (settings.folder.messages / "c2.wav").write_bytes(b"x")
    (finding,) = doctor.messages(settings)
    assert (finding.level, finding.sentence.startswith("1 sounds in")) == ("odd", True)
    monkeypatch.setattr(Phones, "messages", None)
    assert level(doctor.messages(settings)) == "odd"


@pytest.mark.usefixtures("running_service")
def test_recordings_and_what_is_wrong_with_them(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(doctor.recordings(settings)) == []
    figures = {**NOTHING, "damaged": 4, "failed": 1, "lost_total": 2, "stopped": 1, "strays": 3}
    monkeypatch.setattr(Phones, "recordings", figures)
    found = [(finding.level, finding.sentence.split()[0]) for finding in doctor.recordings(settings)]
    assert found == [("wrong", "no"), ("wrong", "2"), ("wrong", "4"), ("odd", "1"), ("odd", "3")]
    monkeypatch.setattr(Phones, "recordings", None)
    assert level(doctor.recordings(settings)) == "odd"


@pytest.mark.usefixtures("running_service")
def test_encrypted_recordings_and_why_they_cannot_be_heard(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, place = Identity.generate(), tmp_path / "recordings.key"

    def found(place: Path | None, keys: int = 0) -> tuple[str, str]:
        monkeypatch.setattr(Phones, "recordings", {**NOTHING, "keys": keys})
        wanted = RecordingSettings(recipients=(str(key.to_public()),), identities=place)
        (finding,) = doctor.recordings(settings.model_copy(update={"recordings": wanted}))
        return finding.level, finding.sentence

    assert found(None) == ("right", "encrypted for 1 public keys; 0 secret keys are here")
    assert found(place) == (
        "wrong",
        f"encrypted ones cannot be heard here: {place} cannot be read: No such file or directory",
    )
    key_file(place, key)
    assert found(place, keys=1) == ("right", "encrypted for 1 public keys; 1 secret keys are here")
    level, sentence = found(place)
    assert (level, "its user has to own it" in sentence) == ("wrong", True), "root can read it, the service could not"


def test_a_taken_port_is_named(settings: Settings) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", settings.ports.ami))
        other.listen()
        (finding,) = doctor.processes(settings)
    assert finding.level == "odd"
    assert str(settings.ports.ami) in finding.sentence


class Manager:
    """The few lines of AMI that a login takes."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        self.asked = b""

    def _serve(self) -> None:
        self._listening.accept()[0].close()  # the probe that only connects
        connection, _ = self._listening.accept()
        with connection:
            connection.sendall(b"Asterisk Call Manager/10.0.0\r\n")
            while b"\r\n\r\n" not in self.asked:
                self.asked += connection.recv(4096)
            connection.sendall(self._answer)
            if b"Success" in self._answer:
                connection.recv(4096)
                connection.sendall(b"Response: Goodbye\r\nActionID: 1\r\n\r\n")
                while connection.recv(4096):
                    pass

    def close(self) -> None:
        self._thread.join(10)
        self._listening.close()


# the library calls Condition.notifyAll
@pytest.mark.filterwarnings("ignore:notifyAll")
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"Response: Success\r\nActionID: 0\r\nMessage: Authentication accepted\r\n\r\n", "right"),
        (b"Response: Error\r\nActionID: 0\r\nMessage: Authentication failed\r\n\r\n", "wrong"),
    ],
)
def test_the_probe_logs_in(answer: bytes, expected: str) -> None:
    manager = Manager(answer)
    finding = asterisk_findings.probe(manager.address, "the secret")
    manager.close()
    assert finding.level == expected
    assert b"Username: wutong\r\n" in manager.asked
    assert b"Secret: the secret\r\n" in manager.asked
    assert "the secret" not in finding.sentence


def test_a_probe_of_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        finding = asterisk_findings.probe(f"127.0.0.1:{taken.getsockname()[1]}", "secret")
    assert finding.level == "wrong"
    assert "cannot be reached" in finding.sentence


@pytest.mark.parametrize("days", [0, 5, 200])
@pytest.mark.parametrize("answer", ["newer", "none", "unknown"])
def test_the_age_of_the_private_asterisk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, answer: str
) -> None:
    monkeypatch.setattr(renewing, "age_days", lambda root: days)

    def newer(root: Path) -> str | None:
        assert days, "one of today is the newest"
        if answer == "unknown":
            raise renewing.NotAsked("there is no apt-get here")
        return "1:22.11" if answer == "newer" else None

    monkeypatch.setattr(renewing, "newer", newer)
    found = asterisk_findings.asterisk_age(tmp_path)
    assert f"made {days} days ago" in found.sentence or (days, found.sentence) == (0, "made today")
    assert ("1:22.11" in found.sentence) == (days > 0 and answer == "newer")
    assert ("could not be asked: there is no apt-get" in found.sentence) == (days > 0 and answer == "unknown")
    advised = "./wutong up --update-asterisk" in found.sentence
    assert advised == (days > 0 and (answer == "newer" or days == 200))
    assert (found.level == "right") == (days == 0 or (days == 5 and answer == "none"))


def test_files_of_another_user_are_told(settings: Settings) -> None:
    obtain(settings.folder)
    assert list(doctor.who(settings)) == []
    if os.geteuid() == 0:
        os.chown(settings.folder.secrets, 54_321, -1)
        (found,) = doctor.who(settings)
        assert (found.level, "secrets.json" in found.sentence, "chown" in found.sentence) == ("wrong", True, True)
