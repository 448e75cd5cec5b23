"""`./wutong user`, `token` and `audit`: what they ask of the service, and what they print."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from accounts import commands
from accounts import commands as user_commands
from base.failure import NotDone
from commands.client import NoAnswer, Refused
from commands.options import moment, seconds
from privacy import data_commands
from service.cli.commands import app
from service.cli.terminal import first_administrator

WANG = {"name": "wang", "roles": ["supervisor"], "queues": ["greening"], "departments": ["gas"], "agent": None}


class Service:
    """Answers as the service does, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.there: list[dict[str, Any]] = []
        self.refusal: Refused | None = None

    def people(self) -> list[dict[str, Any]]:
        if self.refusal is not None:
            raise self.refusal
        return self.there

    def add_person(self, wanted: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(("add", wanted))
        return {**wanted, "password": "made-for-you" if wanted.get("password") is None else None}

    def set_password(self, name: str, password: str | None) -> str | None:
        self.asked.append(("password", name, password))
        return None if password else "made-for-you"

    def remove_second_factor(self, name: str) -> None:
        self.asked.append(("no code", name))

    def remove_person(self, name: str) -> None:
        self.asked.append(("remove", name))

    def tokens(self) -> list[dict[str, Any]]:
        return [{**WANG, "expires": "2025-03-03T09:30:00.000+00:00", "used": None}]

    def add_token(self, wanted: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(("token", wanted))
        return {"token": "wutong_x", "expires": "2025-03-03T09:30:00.000+00:00"}

    def audit(self, filters: dict[str, str]) -> list[dict[str, Any]]:
        self.asked.append(("audit", filters))
        entry = {
            "at": "2025-03-03T01:30:00.125+00:00",
            "actor": "user:li",
            "what": "reload",
            "target": "/reload",
            "detail": "",
            "address": "::1",
        }
        return [{**entry, "status": 200}, {**entry, "status": 403}]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()
    for module in (data_commands, commands, user_commands):
        monkeypatch.setattr(module, "client_of", lambda state: made)
    return made


def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments, input=typed)
    return result.exit_code, result.stdout, result.stderr


def test_a_person_is_added_with_a_typed_password(service: Service) -> None:
    status, output, _ = run("user", "add", "wang", "--role", "supervisor", "--queue", "greening", typed="typed by me\n")
    assert (status, output) == (0, "wang may sign in\n")
    ((_, wanted),) = service.asked
    assert wanted == {
        "name": "wang",
        "password": "typed by me",
        "roles": ["supervisor"],
        "queues": ["greening"],
        "departments": [],
        "agent": None,
    }


def test_a_generated_password_is_shown(service: Service) -> None:
    assert "made-for-you" in run("user", "add", "wang", "--role", "supervisor", "--generate")[1]
    assert "made-for-you" in run("user", "password", "wang", "--generate")[1]
    assert run("user", "password", "wang", typed="typed by me\n")[1] == "wang has another password\n"
    assert service.asked[-1] == ("password", "wang", "typed by me")


def test_no_password_is_no_password(service: Service) -> None:
    status, _, errors = run("user", "add", "wang", "--role", "supervisor")
    assert (status, "--generate" in errors) == (1, True)
    assert service.asked == []


def test_a_person_is_removed_only_with_a_yes(service: Service) -> None:
    assert run("user", "remove", "wang")[0] == 1
    assert service.asked == []
    assert run("user", "remove", "wang", "--yes")[0] == 0
    assert service.asked == [("remove", "wang")]
    assert run("user", "forget-code", "wang")[0] == 1
    assert run("user", "forget-code", "wang", "--yes")[0] == 0
    assert service.asked[1:] == [("no code", "wang")]


def test_people_and_tokens_are_listed(service: Service) -> None:
    service.there = [
        {**WANG, "sessions": 2, "second_factor": True, "openid": False},
        {
            **WANG,
            "name": "li",
            "roles": ["agent"],
            "agent": "1001",
            "sessions": 0,
            "second_factor": False,
            "openid": True,
        },
    ]
    assert run("user", "list")[1].splitlines() == [
        "wang  supervisor  only greening, department gas  signed in 2x  with a code",
        "li  agent  agent 1001  only greening, department gas  not signed in  by OpenID",
    ]
    assert "never used" in run("token", "list")[1]


def test_the_token_alone_is_the_output(service: Service) -> None:
    status, output, errors = run("token", "add", "board", "--role", "operations", "--expires", "12h")
    assert (status, output) == (0, "wutong_x\n")
    assert "ends at 2025" in errors
    assert service.asked[0][1]["expires_s"] == 43_200
    assert run("token", "add", "board", "--role", "operations", "--expires", "soon")[0] == 1


def test_the_audit_tells_the_hotlines_time_as_until_takes_it(service: Service, in_shanghai: Path) -> None:
    status, output, _ = run("audit", "--actor", "user:li", "--limit", "5", "--state", str(in_shanghai))
    assert status == 0
    assert output.splitlines() == [
        "2025-03-03T09:30:00.125+08:00  user:li  reload  /reload  ::1",
        "2025-03-03T09:30:00.125+08:00  user:li  reload  /reload  ::1  refused (403)",
    ]
    assert service.asked == [("audit", {"actor": "user:li", "limit": "5"})]


def test_a_day_is_the_hotlines_day(service: Service, in_shanghai: Path) -> None:
    assert run("audit", "--since", "2025-03-03", "--state", str(in_shanghai))[0] == 0
    assert service.asked == [("audit", {"since": "2025-03-02T16:00:00+00:00", "limit": "100"})]


def test_tokens_end_on_the_hotlines_clock(service: Service, in_shanghai: Path) -> None:
    assert "ends 2025-03-03 17:30+08:00" in run("token", "list", "--state", str(in_shanghai))[1]
    added = run("token", "add", "board", "--role", "operations", "--state", str(in_shanghai))
    assert "ends at 2025-03-03 17:30+08:00." in added[2]


def test_spans_and_moments() -> None:
    assert [seconds(text) for text in ("30s", "5m", "12h", "90d")] == [30, 300, 43_200, 7_776_000]
    shanghai = ZoneInfo("Asia/Shanghai")
    assert moment("2025-03-03T09:30+00:00", shanghai) == "2025-03-03T09:30:00+00:00"
    assert moment("2025-03-03T09:30", shanghai) == "2025-03-03T01:30:00+00:00"
    assert moment("2025-03-03", shanghai) == "2025-03-02T16:00:00+00:00"
    assert moment("7d", shanghai).endswith("+00:00")
    for wrong in ("", "7", "d7", "-7d", "7 days", "yesterday"):
        with pytest.raises(NotDone):
            moment(wrong, shanghai)


def test_the_first_up_makes_an_administrator_once(service: Any) -> None:
    ((name, told),) = first_administrator(service)
    assert (name, told) == ("Sign in", "admin, password made-for-you (it is shown only now)")
    service.there = [WANG]
    assert first_administrator(service) == []
    service.refusal = NoAnswer({"detail": "The service did not answer"})
    assert "not known now" in first_administrator(service)[0][1]
    assert len(service.asked) == 1
