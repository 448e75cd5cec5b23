import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from base.failure import NotDone
from base.folders import StateFolder
from settings.secrets import PHONE_ALPHABET, Secrets, obtain


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path / "state")


OWN = SecretStr("her-own-one")


def plain(secrets: Secrets) -> set[str]:
    return {
        secret.get_secret_value()
        for secret in (secrets.ami, secrets.ami_reload, secrets.agi, secrets.seal, secrets.token)
    }


def test_made_once_for_the_owner_only(folder: StateFolder) -> None:
    first = obtain(folder)
    assert stat.S_IMODE(folder.secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700
    assert len(plain(first)) == 5
    assert min(map(len, plain(first))) >= 32
    assert obtain(folder) == first


def test_another_folder_has_other_secrets(folder: StateFolder, tmp_path: Path) -> None:
    assert plain(obtain(folder)).isdisjoint(plain(obtain(StateFolder(tmp_path / "other"))))


def test_agents_without_a_password_get_one_and_keep_it(folder: StateFolder) -> None:
    first = obtain(folder, {"1001": None, "1002": OWN})
    assert set(first.agents) == {"1001"}
    generated = first.phone_password("1001", None).get_secret_value()
    assert len(generated) == 16
    assert set(generated) <= set(PHONE_ALPHABET)
    assert first.phone_password("1002", OWN).get_secret_value() == "her-own-one"
    later = obtain(folder, {"1001": None, "1003": None})
    assert later.phone_password("1001", None).get_secret_value() == generated
    assert plain(later) == plain(first)
    with pytest.raises(KeyError):
        later.phone_password("1009", None)


def test_a_password_of_agents_yaml_is_never_written(folder: StateFolder) -> None:
    obtain(folder, {"1002": OWN})
    assert "her-own-one" not in folder.secrets.read_text()


def test_the_token_of_the_settings_replaces_the_generated_one(folder: StateFolder) -> None:
    before = obtain(folder)
    given = obtain(folder, token=SecretStr("given by the administrator"))
    assert given.token.get_secret_value() == "given by the administrator"
    assert given.ami == before.ami
    assert obtain(folder) == given


@pytest.mark.parametrize("name", ["agi", "seal"])
def test_a_file_from_before_there_was_a_secret_gets_one_and_keeps_the_rest(folder: StateFolder, name: str) -> None:
    before = obtain(folder, {"1001": None})
    written = json.loads(folder.secrets.read_text())
    del written[name]
    folder.secrets.write_text(json.dumps(written))
    after = obtain(folder)
    assert getattr(after, name) != getattr(before, name)
    assert (after.ami, after.token, after.agents) == (before.ami, before.token, before.agents)
    assert obtain(folder) == after
    assert stat.S_IMODE(folder.secrets.stat().st_mode) == 0o600


def test_nothing_shows_them(folder: StateFolder) -> None:
    secrets = obtain(folder, {"1001": None})
    shown = repr(secrets) + str(secrets) + secrets.model_dump_json() + repr(secrets.model_dump())
    assert not any(value in shown for value in plain(secrets))
    assert secrets.agents["1001"].get_secret_value() not in shown


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"ami": "a"}', '{"ami": 1, "ami_reload": "b", "token": "secretly"}']
)
def test_a_damaged_file_is_told_and_left_alone(folder: StateFolder, content: str) -> None:
    folder.make()
    folder.secrets.write_text(content)
    with pytest.raises(NotDone, match="Mend it, or remove it") as told:
        obtain(folder)
    assert str(folder.secrets) in str(told.value)
    assert "secretly" not in str(told.value)
    assert folder.secrets.read_text() == content


def test_a_draft_that_was_left_is_no_obstacle(folder: StateFolder) -> None:
    folder.make()
    folder.secrets.with_name(f".{folder.secrets.name}.{os.getpid()}").write_text("half")
    obtain(folder)
    assert json.loads(folder.secrets.read_text())["agents"] == {}


def test_two_at_once_agree(folder: StateFolder) -> None:
    with ThreadPoolExecutor(8) as pool:
        all_of_them = list(pool.map(lambda n: obtain(folder, {str(1000 + n % 4): None}), range(16)))
    last = obtain(folder)
    assert set(last.agents) == {"1000", "1001", "1002", "1003"}
    for one in all_of_them:
        assert plain(one) == plain(last)
        assert all(last.agents[agent_id] == password for agent_id, password in one.agents.items())
