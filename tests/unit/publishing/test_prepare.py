import io
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr

from base import log
from base.failure import NotDone
from base.folders import SAMPLE_HOTLINE
from hotline.loader import load
from hotline.model import Hotline
from processes import modules
from processes.obtaining import Installation
from publishing.prepare import prepare, render_values
from settings.secrets import Secrets, obtain
from settings.sections import Trunk
from settings.settings import RemoteAsterisk, Settings
from sounds.build import Report
from sounds.phrases import phrase

LOOPBACK = IPv4Address("127.0.0.1")
APOLOGY = Path("/srv/wutong/sounds/zh/apology.wav")


@pytest.fixture(scope="module")
def hotline() -> Hotline:
    loaded = load(SAMPLE_HOTLINE)
    assert loaded.hotline is not None
    return loaded.hotline


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state=tmp_path / "state", base_port=20_000)


@pytest.fixture
def known(settings: Settings, hotline: Hotline) -> Secrets:
    return obtain(settings.folder, hotline.phones)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An Asterisk whose files show all modules."""
    folder = tmp_path / "modules"
    folder.mkdir()
    for name in modules.NEEDED:
        (folder / f"{name}.so").touch()
    return Installation(("asterisk",), folder, tmp_path / "data", "22.10.1", "path")


def test_this_machines_asterisk(
    settings: Settings, known: Secrets, hotline: Hotline, installation: Installation
) -> None:
    values = render_values(settings, known, hotline, installation, APOLOGY)
    assert (values.listen, values.control, values.agi_host) == (LOOPBACK, LOOPBACK, "127.0.0.1")
    assert values.ports.sip == 20_001
    assert values.numbers == ("12319",)
    assert values.anonymous
    assert values.reload_secret is None
    assert values.modules == frozenset(modules.NEEDED)
    assert values.agents == {each: known.phone_password(each, own) for each, own in hotline.phones.items()}
    assert values.fallback == hotline.sub_hotlines["duty"]
    assert values.apology == APOLOGY.with_suffix("")
    assert {line.id for line in values.sub_hotlines} == set(hotline.sub_hotlines)


def test_queues_and_sub_hotlines_are_reached_by_their_extensions(
    settings: Settings, known: Secrets, hotline: Hotline, installation: Installation
) -> None:
    duty = hotline.sub_hotlines["duty"].model_copy(update={"extension": "7999"})
    more = hotline.model_copy(update={"sub_hotlines": {**hotline.sub_hotlines, "duty": duty}})
    before = render_values(settings, known, hotline, installation, APOLOGY).extensions
    assert "6001" in before
    assert {*render_values(settings, known, more, installation, APOLOGY).extensions} == {*before, "7999"}


def test_control_stays_on_loopback_whatever_phones_use(
    settings: Settings, known: Secrets, hotline: Hotline, installation: Installation
) -> None:
    open_wide = settings.model_copy(update={"listen": IPv4Address("192.0.2.1")})
    values = render_values(open_wide, known, hotline, installation, APOLOGY)
    assert values.listen == IPv4Address("192.0.2.1")
    assert values.control == LOOPBACK
    assert not values.anonymous


def test_a_remote_asterisk(settings: Settings, known: Secrets, hotline: Hotline, tmp_path: Path) -> None:
    remote = RemoteAsterisk(host="pbx", folder=tmp_path, agi_host="wutong", listen=IPv4Address("192.0.2.9"))
    values = render_values(settings.model_copy(update={"asterisk": remote}), known, hotline, None, APOLOGY)
    assert (str(values.listen), str(values.control), values.agi_host) == ("192.0.2.9", "0.0.0.0", "wutong")
    assert values.reload_secret == known.ami_reload
    assert values.modules >= set(modules.NEEDED)
    assert not values.opus


def test_a_trunk(settings: Settings, known: Secrets, hotline: Hotline, installation: Installation) -> None:
    trunk = Trunk.model_validate(
        {"host": "sip.example.net", "user": "021", "password": "pass-word", "register": True, "bind": "192.0.2.1"}
    )
    values = render_values(settings.model_copy(update={"trunk": trunk}), known, hotline, installation, APOLOGY)
    assert values.trunk is not None
    assert values.trunk.register_
    assert values.trunk.password == SecretStr("pass-word")
    assert not values.anonymous


@pytest.mark.usefixtures("logging_as_before")
async def test_what_asterisk_cannot_take_is_told_without_the_value(
    settings: Settings, known: Secrets, hotline: Hotline, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def built(*_: object, **__: object) -> Report:
        return Report(0, 0, 0)

    # this test is not about prompts
    monkeypatch.setattr("publishing.prepare.Catalogue.needed", lambda self, texts: [])
    monkeypatch.setattr("publishing.prepare.build", built)
    agents = {**hotline.agents, "1001": hotline.agents["1001"].model_copy(update={"password": SecretStr("a;b secret")})}
    with pytest.raises(NotDone, match=r"agents\.1001: .* 6 to 128 letters") as told:
        await prepare(settings, known, hotline.model_copy(update={"agents": agents}), installation, lambda line: None)
    assert "a;b secret" not in str(told.value)
    assert not (settings.asterisk_folder / "etc").exists()
    prepared = await prepare(settings, known, hotline, installation, lambda line: None)
    assert "pjsip.conf" in prepared.changed
    apology = prepared.catalogue.clip("zh", phrase("fallback-apology", "zh")).path.with_suffix("")
    dialplan = (settings.asterisk_folder / "etc" / "extensions.conf").read_text(encoding="utf-8")
    assert f"Playback({apology})" in dialplan
    assert (settings.asterisk_folder / "etc" / "extensions.conf").stat().st_mode & 0o777 == 0o600
    assert known.agi.get_secret_value() not in dialplan
    assert (settings.asterisk_folder / "etc" / "agi-secret").read_text() == known.agi.get_secret_value()
    said = io.StringIO()
    log.configure("info", stream=said)
    structlog.get_logger().info("masked", ami=known.ami.get_secret_value(), agi=known.agi.get_secret_value())
    assert said.getvalue().count(log.HIDDEN) == 2


@pytest.mark.usefixtures("logging_as_before")
async def test_a_voice_that_is_none(settings: Settings, known: Secrets, hotline: Hotline) -> None:
    broken = settings.model_copy(update={"voice": "speak loudly"})
    with pytest.raises(NotDone, match="voice"):
        await prepare(broken, known, hotline, None, lambda line: None)
