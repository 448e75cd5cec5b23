"""Settings that are wrong: where, what, and what to do."""

from pathlib import Path
from typing import Any

import pytest

from commands.mistakes import explain, strangers
from settings import settings
from settings.settings import load

pytestmark = pytest.mark.usefixtures("no_settings")


def told(**given: Any) -> list[str]:
    with pytest.raises((ValueError, OSError)) as wrong:
        load(**given)
    return explain(wrong.value, given)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("max_call = 5", "FILE: max_call is not a setting — did you mean 'max_calls'?"),
        ("max_calls = 0", "FILE: max_calls is too small: 1 at least"),
        ('max_calls = "many"', "FILE: max_calls has to be a whole number"),
        ('listen = "somewhere"', "FILE: listen has to be an IPv4 address, such as 127.0.0.1"),
        ('log_level = "loud"', "FILE: log_level has to be 'debug', 'info', 'warning' or 'error'"),
        ('token = "tooshort"', "FILE: token is too short: 16 characters at least"),
        ("trunk = 5", "FILE: trunk has to be a table"),
        ('[trunk]\nhost = "a b"\nbind = "192.0.2.1"', "FILE: trunk.host has to be a host name or an address"),
        (
            '[trunk]\nhost = "sip.example.net"',
            "the setting trunk.bind is missing — write it into FILE, or set WUTONG_TRUNK__BIND",
        ),
        (
            '[trunk]\nhost = "h"\nbind = "192.0.2.1"\nregister = true',
            "FILE: trunk needs user and password to register",
        ),
        (
            '[trunk]\nhost = "h"\nbind = "192.0.2.1"\nuser = "021"',
            "FILE: trunk needs both user and password, or neither",
        ),
        (
            '[trunk]\nhost = "h"\nbind = "192.0.2.1"\nregistr = true',
            "FILE: trunk.registr is not a setting — did you mean 'register'?",
        ),
        (
            '[recordings]\nrecipients = ["age1tooshort"]',
            "FILE: recordings.recipients.0 has to be a public key of age: age1…, which age-keygen says",
        ),
        (
            'database_url = "mysql://u:tooshort@h/x"',
            "FILE: database_url has to be postgresql://USER:PASSWORD@HOST/NAME, or sqlite:////var/lib/wutong.db",
        ),
    ],
)
def test_a_mistake_in_the_file_is_told_with_the_file(tmp_path: Path, line: str, sentence: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(line + "\n")
    sentences = told(state=tmp_path)
    assert sentences == [sentence.replace("FILE", str(file))]
    assert "tooshort" not in "".join(sentences), "no secret is repeated"


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("max_calls : 5\n")
    (sentence,) = told(state=tmp_path)
    assert sentence.startswith(f"{tmp_path}/settings.toml: ")


def test_the_source_that_was_heard_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state, mounted = tmp_path / "state", tmp_path / "secrets"
    state.mkdir()
    mounted.mkdir()
    monkeypatch.setattr(settings, "SECRETS_FOLDER", mounted)
    (state / "settings.toml").write_text('listen = "here"\ntoken = "a token that would do"\n')
    (mounted / "wutong_token").write_text("short")
    monkeypatch.setenv("WUTONG_LISTEN", "there")
    monkeypatch.setenv("WUTONG_TRUNK__HOST", "h")
    monkeypatch.setenv("WUTONG_TRUNK__BIND", "nowhere")
    monkeypatch.setenv("WUTONG_STATE", str(state))
    address = "has to be an IPv4 address, such as 127.0.0.1"
    assert told(base_port=80) == [
        "--ports: base_port is too small: 1024 at least",
        f"WUTONG_LISTEN: listen {address}",
        f"WUTONG_TRUNK__BIND: trunk.bind {address}",
        f"{mounted}/wutong_token: token is too short: 16 characters at least",
    ]
    assert told(listen="x")[0] == f"--listen: listen {address}"


def test_a_setting_of_a_table_is_no_stranger() -> None:
    known = {"WUTONG_VOICES__FETCH": "false", "WUTONG_KEEP__NUMBERS_DAYS": "3", "WUTONG_TRUNK__HOST": "x"}
    assert strangers(known) == []
    (told,) = strangers({"WUTONG_VOICES__FETHC": "false"})
    assert "did you mean WUTONG_VOICES__FETCH?" in told


def test_a_variable_that_is_no_setting_is_told() -> None:
    environment = {
        "WUTONG_MAX_CALLS": "5",
        "wutong_trunk__register": "true",
        "WUTONG_READY_PIPE": "3",
        "WUTONG_REPORT_PIPE": "3",
        "WUTONG_MAXCALLS": "5",
        "WUTONG_TRUNC__HOST": "h",
        "WUTONG_QQQQQQ": "",
        "PATH": "/bin",
    }
    assert strangers(environment) == [
        "WUTONG_MAXCALLS in the environment has no effect: it is not a setting — did you mean WUTONG_MAX_CALLS?",
        "WUTONG_QQQQQQ in the environment has no effect: it is not a setting — docs/settings.md lists them",
        "WUTONG_TRUNC__HOST in the environment has no effect: it is not a setting — did you mean WUTONG_TRUNK__HOST?",
    ]
