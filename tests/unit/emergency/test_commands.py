"""`./wutong emergency`: what it asks of the service, and what it prints; and where `status` and `doctor` say it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from base.folders import StateFolder
from commands.client import Refused
from doctor.findings import emergency
from doctor.status import look, warned
from emergency import commands as emergency_commands
from emergency import file
from service.cli.commands import app
from settings.settings import Settings
from tests.unit.emergency.test_model import message

NONE: dict[str, Any] = {
    "emergency": None,
    "places": [],
    "missing": [],
    "languages": ["zh", "en"],
    "timezone": "Asia/Shanghai",
    "hours": 4,
    "most_hours": 24,
}
ON: dict[str, Any] = {
    **NONE,
    "missing": ["en"],
    "emergency": {
        "id": "1",
        "where": "",
        "mode": "instead",
        "after": "person",
        "begun": "2025-03-02T19:00:00.000+00:00",
        "until": "2025-03-02T22:00:00.000+00:00",
        "actor": "token:local",
        "spoken": [{"language": "zh", "words": "", "take": "a" * 32, "seconds": 7.25}],
    },
}


class Service:
    """Answers as the service does, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.now = NONE
        self.in_draft = False

    def emergency(self) -> dict[str, Any]:
        return self.now

    def keep_take(self, sound: bytes) -> dict[str, Any]:
        self.asked.append(sound)
        return {"take": "a" * 32, "seconds": 7.25}

    def switch_emergency_on(self, order: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(order)
        if self.in_draft and not order.get("draft"):
            raise Refused({"status": 409, "detail": "In draft.", "draft": {"zh": "a" * 32}})
        return {**ON, "warnings": ["It has no words in en: those callers hear it in zh."]}

    def switch_emergency_off(self, where: str) -> None:
        self.asked.append(("off", where))

    def give_pin(self, name: str) -> dict[str, Any]:
        return {"name": name, "pin": "41730925", "code": "*90"}

    def pins(self) -> list[str]:
        return ["wang"]

    def take_pin(self, name: str) -> None:
        self.asked.append(("no pin", name))


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()
    monkeypatch.setattr(emergency_commands, "client_of", lambda state: made)
    return made


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["emergency", *words])
    return done.exit_code, done.stdout, done.stderr


def test_it_shows_what_is_on(service: Service) -> None:
    assert run() == (0, "no emergency message is on\n", "")
    service.now = ON
    code, out, _ = run()
    assert code == 0
    assert out.splitlines() == [
        "on until 2025-03-03 06:00+08:00, instead of the menus, then person, by token:local",
        "  zh  a recording  (7.2 s)",
        "  nothing in en: those callers hear the others",
    ]
    assert json.loads(run("--json")[1]) == ON


SAID = ("on", "--say", "zh=虹口燃气泄漏")


def test_nothing_goes_live_in_the_draft_voice_where_nobody_can_be_asked(service: Service) -> None:
    service.in_draft = True
    code, out, err = run(*SAID)
    assert (code, out) == (1, "")
    assert "only the draft voice can speak zh" in err
    assert "give --yes" in err
    assert [order.get("draft") for order in service.asked] == [None]


def test_a_yes_switches_it_on_in_the_draft_voice(service: Service) -> None:
    service.in_draft = True
    assert run(*SAID, "--yes")[0] == 0
    assert [order.get("draft") for order in service.asked] == [None, True]


def test_it_speaks_the_language_of_the_terminal(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run() == (0, "没有播放紧急公告\n", "")
    service.now = ON
    assert run()[1].splitlines() == [
        "播放到 2025-03-03 06:00+08:00，代替菜单，之后 person，由 token:local 开启",
        "  zh  录音  （7.2 秒）",
        "  没有 en 的内容：那些市民会听到其他语言的",
    ]
    assert "只显示这一次" in run("pin", "give", "wang")[1]
    assert "要写成 语言=…" in run("on", "--say", "A gas leak")[2]


def test_texts_and_recordings_are_switched_on(service: Service, tmp_path: Path) -> None:
    sound = tmp_path / "zh.wav"
    sound.write_bytes(b"RIFF")
    code, out, err = run(
        *("on", "--recording", f"zh={sound}", "--say", "en=A gas leak = stay away", "--mode", "instead"),
        *("--after", "person", "--until", "06:00"),
    )
    assert (code, err) == (0, "It has no words in en: those callers hear it in zh.\n")
    assert out.startswith("on until 2025-03-03 06:00+08:00")
    assert service.asked == [
        b"RIFF",
        {
            "until": "06:00",
            "mode": "instead",
            "after": "person",
            "texts": {"en": "A gas leak = stay away"},
            "recordings": {"zh": "a" * 32},
        },
    ]


def test_without_words_only_the_end_changes(service: Service) -> None:
    assert run("on", "--until", "4h")[0] == 0
    assert service.asked == [{"until": "4h"}]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--say", "A gas leak"), "LANGUAGE="),
        (("--say", "zh="), "LANGUAGE="),
        (("--say", "zh=1", "--say", "zh=2"), "twice"),
        (("--recording", "zh=/nowhere/zh.wav"), "cannot be read"),
    ],
)
def test_what_is_written_wrongly_asks_nothing(service: Service, words: tuple[str, ...], why: str) -> None:
    code, _, err = run("on", *words)
    assert (code, service.asked) == (1, [])
    assert why in err


def test_it_is_switched_off(service: Service) -> None:
    assert run("off") == (0, "no emergency message is on\n", "")
    assert run("off", "--where", "queue:water") == (0, "no emergency message is on at queue:water\n", "")
    assert service.asked == [("off", ""), ("off", "queue:water")]


def test_a_node_has_one_of_its_own(service: Service) -> None:
    assert run("on", "--where", "queue:water", "--say", "zh=水管破裂")[0] == 0
    assert service.asked[-1]["where"] == "queue:water"
    assert run("on", "--where", "queue:water", "--until", "4h")[0] == 0
    assert service.asked[-1] == {"until": "4h", "where": "queue:water"}
    at = {**ON["emergency"], "where": "queue:water", "mode": "before"}
    service.now = {**ON, "places": [at]}
    assert [line for line in run()[1].splitlines() if line.startswith("on")] == [
        "on until 2025-03-03 06:00+08:00, instead of the menus, then person, by token:local",
        "on until 2025-03-03 06:00+08:00, at queue:water, by token:local",
    ]


def test_people_get_pins(service: Service) -> None:
    assert run("pin", "give", "wang")[1] == (
        "wang: dial *90 on an agent's phone, then 41730925  (it is shown only now)\n"
    )
    assert run("pin", "list")[1] == "wang\n"
    assert run("pin", "remove", "wang")[1] == "wang has no PIN any more\n"
    assert service.asked == [("no pin", "wang")]


def test_status_and_doctor_say_it_while_it_is_on(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    settings = Settings(state=tmp_path, hotline=tmp_path)
    assert (warned(folder), emergency(settings).level, look(folder).emergency_until) == (None, "right", None)
    file.write(folder.emergency, [message(begun=4_000_000_000.0, where=where) for where in ("queue:water", "")])
    assert emergency(settings).level == "odd"
    assert "./wutong emergency off ends it; " in (warned(folder) or "")
    assert "./wutong emergency off --where queue:water ends it" in (warned(folder) or "")
    assert look(folder).emergency_until == "2096-10-02T09:06:40.000+00:00"
    file.write(folder.emergency, [message()])
    assert warned(folder) is None, "it is over"
    folder.emergency.write_text("{")
    assert warned(folder) is None
