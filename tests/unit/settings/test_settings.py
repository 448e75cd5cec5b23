from ipaddress import IPv4Address
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from acd.engine.offers import OfferBook
from base.folders import SAMPLE_HOTLINE
from commands.mistakes import explain
from settings import settings
from settings.settings import Settings, load

pytestmark = pytest.mark.usefixtures("no_settings")


def test_defaults(tmp_path: Path) -> None:
    found = load()
    assert found.state == tmp_path / "xdg" / "wutong"
    assert found.hotline == SAMPLE_HOTLINE
    assert found.listen.is_loopback
    assert (found.ports.http, found.ports.sip, found.ports.ami, found.ports.agi) == (8080, 5060, 5038, 4573)
    assert found.ports.websocket == 8088
    assert found.asterisk_folder == found.state / "asterisk"
    assert found.agi_listen == IPv4Address("127.0.0.1")


def test_ports_follow_the_base() -> None:
    ports = load(base_port=20000).ports
    assert (ports.http, ports.sip, ports.ami, ports.agi, ports.websocket) == (20000, 20001, 20002, 20003, 20004)
    assert (ports.rtp_first, ports.rtp_last) == (21000, 24999)


def test_the_command_line_goes_before_the_environment_before_secret_files_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, mounted = tmp_path / "state", tmp_path / "secrets"
    state.mkdir()
    mounted.mkdir()
    monkeypatch.setattr(settings, "SECRETS_FOLDER", mounted)
    (state / "settings.toml").write_text('max_calls = 1\nlog_level = "error"\ntoken = "the file says this one"\n')
    (mounted / "wutong_token").write_text("the mounted file says this\n")
    found = load(state=state)
    assert (found.max_calls, found.log_level) == (1, "error")
    assert found.token is not None
    assert found.token.get_secret_value() == "the mounted file says this"
    monkeypatch.setenv("WUTONG_MAX_CALLS", "2")
    monkeypatch.setenv("WUTONG_BASE_PORT", "30000")
    assert load(state=state).max_calls == 2
    assert load(state=state).base_port == 30000
    assert load(state=state, base_port=31000).base_port == 31000
    assert load(state=state, base_port=None).base_port == 30000


def test_the_state_folder_of_the_environment_has_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.toml").write_text("max_calls = 7\n")
    monkeypatch.setenv("WUTONG_STATE", str(tmp_path))
    assert load().max_calls == 7


def test_a_folder_has_one_name_wherever_somebody_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "desk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "city")
    monkeypatch.chdir(tmp_path / "desk")
    assert load(hotline=Path("../city")).hotline == tmp_path / "city", "else it would begin without its versions"
    assert load(hotline=tmp_path / "link").hotline == tmp_path / "link"


def test_paths_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(state=Path("here"), hotline=Path("~/there")).state == tmp_path / "here"
    assert load(hotline=Path("~/there")).hotline == Path.home() / "there"


def test_a_trunk_from_file_and_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.toml").write_text(
        '[trunk]\nhost = "sip.example.net"\nuser = "021"\nregister = true\nbind = "192.0.2.1"\n'
    )
    monkeypatch.setenv("WUTONG_TRUNK__PASSWORD", "not-in-the-file")
    trunk = load(state=tmp_path).trunk
    assert trunk is not None
    assert (trunk.host, trunk.register_, trunk.bind_port) == ("sip.example.net", True, 5070)
    assert trunk.password is not None
    assert trunk.password.get_secret_value() == "not-in-the-file"
    assert "not-in-the-file" not in repr(trunk)


def test_a_remote_asterisk_elsewhere_reaches_agi(tmp_path: Path) -> None:
    near = {"host": "127.0.0.1", "folder": tmp_path}
    assert load(asterisk=near).agi_listen == IPv4Address("127.0.0.1")
    far = load(asterisk={**near, "host": "pbx", "agi_host": "wutong.example.net"})
    assert far.agi_listen == IPv4Address("0.0.0.0")
    assert far.ami_host == "pbx"
    assert far.asterisk_folder == tmp_path


def test_settings_do_not_show_secrets(tmp_path: Path) -> None:
    found = Settings(state=tmp_path, token="a token that nobody sees", database_url="postgresql+asyncpg://u:pw@h/d")
    assert "nobody" not in repr(found)
    assert "pw@" not in repr(found)


def test_the_databases_password_may_lie_in_a_secret_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted = tmp_path / "secrets"
    mounted.mkdir()
    monkeypatch.setattr(settings, "SECRETS_FOLDER", mounted)
    (mounted / "wutong_database_password").write_text("a b/@:%\n")
    monkeypatch.setenv("WUTONG_DATABASE_URL", "postgresql://wutong@/wutong?host=/run/postgresql")
    found = load(state=tmp_path)
    assert found.database_url is not None
    url = make_url(found.database_url.get_secret_value())
    assert (url.username, url.password, url.query["host"]) == ("wutong", "a b/@:%", "/run/postgresql")
    assert "a b" not in repr(found)


OPENID = """
[openid]
issuer = "https://login.example"
client_id = "wutong"
callback = "https://hotline.example/api/v1/session/openid/callback"
grants.staff.roles = ["supervisor"]
"""


def test_the_providers_secret_may_lie_in_a_secret_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted = tmp_path / "secrets"
    mounted.mkdir()
    monkeypatch.setattr(settings, "SECRETS_FOLDER", mounted)
    (mounted / "wutong_openid_client_secret").write_text("of the provider\n")
    (tmp_path / "settings.toml").write_text(OPENID)
    found = load(state=tmp_path).openid
    assert found is not None
    assert found.client_secret is not None
    assert found.client_secret.get_secret_value() == "of the provider"
    assert "of the provider" not in repr(found)


@pytest.mark.parametrize(
    ("text", "secret", "said"),
    [
        (OPENID, None, "openid_client_secret or openid.client_secret must be given, and not both"),
        (
            f"{OPENID}client_secret = 'x'",
            "y",
            "openid_client_secret or openid.client_secret must be given, and not both",
        ),
        ("", "y", "openid_client_secret is for a table openid"),
        (OPENID.replace("https://login", "http://login"), "y", "openid.issuer has to begin with https://"),
    ],
    ids=["no secret", "two secrets", "no table", "in clear"],
)
def test_half_a_provider_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, secret: str | None, said: str
) -> None:
    (tmp_path / "settings.toml").write_text(text)
    if secret is not None:
        monkeypatch.setenv("WUTONG_OPENID_CLIENT_SECRET", secret)
    with pytest.raises(ValidationError) as caught:
        load(state=tmp_path)
    assert said in " ".join(explain(caught.value, {}))


@pytest.mark.parametrize("url", [None, "postgresql://wutong:another@h/d", "postgresql://h/d", "sqlite:////tmp/x.db"])
def test_a_password_without_its_url_is_an_error_that_shows_neither(tmp_path: Path, url: str | None) -> None:
    with pytest.raises(ValidationError) as caught:
        load(state=tmp_path, database_url=url, database_password="of the database")
    (said,) = explain(caught.value, {})
    assert "database_password is for a database_url with a user and no password" in said
    assert "of the database" not in said
    assert "another" not in said


def test_systemds_credentials_go_before_a_containers_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials, mounted = tmp_path / "credentials", tmp_path / "secrets"
    for folder, token in ((credentials, "the token of systemd"), (mounted, "the token of the container")):
        folder.mkdir()
        (folder / "wutong_token").write_text(token)
    monkeypatch.setattr(settings, "SECRETS_FOLDER", mounted)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    found = load(state=tmp_path).token
    assert found is not None
    assert found.get_secret_value() == "the token of systemd"
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    found = load(state=tmp_path).token
    assert found is not None
    assert found.get_secret_value() == "the token of the container"


@pytest.mark.parametrize("node", ["", "east 1", "east_1", "a" * 41, "梧桐"])
def test_a_node_is_what_the_ids_of_rings_can_carry(tmp_path: Path, node: str) -> None:
    with pytest.raises(ValidationError, match="node"):
        Settings(state=tmp_path, node=node)
    with pytest.raises(ValueError, match="node"):
        OfferBook(node, 1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"node": "north"}, "stand_by needs PostgreSQL, the same for all machines"),
        ({"node": "north", "database_url": "sqlite:////tmp/x.db"}, "stand_by needs PostgreSQL"),
        ({"database_url": "postgresql://wutong:x@db/wutong"}, "stand_by needs a name of this machine's own: set node"),
    ],
)
def test_a_machine_that_cannot_stand_by_is_told_why(tmp_path: Path, given: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        load(state=tmp_path, stand_by=True, **given)
    (mistake,) = explain(caught.value, {})
    assert said in mistake


def test_a_machine_may_stand_by_with_postgresql_and_a_name(tmp_path: Path) -> None:
    assert not load(state=tmp_path).stand_by
    assert load(state=tmp_path, stand_by=True, node="north", database_url="postgresql://wutong:x@db/wutong").stand_by


NO_ADDRESSES = "5070 192.0.2.11 192.0.2.11: 192.0.2.11:0 192.0.2.11:65536 0.0.0.0:5070 n:5070 [::1]:1 224.0.0.1:5070"


@pytest.mark.parametrize("address", [*NO_ADDRESSES.split(), "192.0.2.11:٣"])
def test_an_address_for_other_machines_is_one_that_they_can_reach(tmp_path: Path, address: str) -> None:
    several = {"node": "north", "database_url": "postgresql://wutong:x@db/wutong", "stand_by": True}
    assert load(state=tmp_path, **several, node_address="192.0.2.11:5070").node_address == "192.0.2.11:5070"
    with pytest.raises(ValidationError) as caught:
        load(state=tmp_path, **several, node_address=address)
    (mistake,) = explain(caught.value, {})
    assert "has to be an IPv4 address of this machine and a port" in mistake


def test_one_machine_alone_needs_no_address_for_others(tmp_path: Path) -> None:
    assert load(state=tmp_path).node_address is None
    with pytest.raises(ValidationError) as caught:
        load(state=tmp_path, node_address="192.0.2.11:5070")
    (mistake,) = explain(caught.value, {})
    assert "is for machines that stand by for each other" in mistake
