"""What may be served where."""

from pathlib import Path
from typing import Any

import pytest

from base.failure import NotDone
from lab.certificates import make
from processes import exposure
from settings.settings import Settings


def wrong(folder: Path, **given: Any) -> str:
    try:
        exposure.check(Settings(state=folder, **given))
    except NotDone as error:
        return str(error)
    return ""


def test_on_loopback_nothing_is_asked_for(tmp_path: Path) -> None:
    assert wrong(tmp_path) == ""
    assert wrong(tmp_path, listen="127.0.0.5") == ""


@pytest.mark.parametrize("given", [{"listen": "192.0.2.1"}, {"http_listen": "192.0.2.1"}])
def test_beyond_loopback_nothing_is_sent_in_clear_unless_told_to(tmp_path: Path, given: dict[str, str]) -> None:
    told = wrong(tmp_path, **given)
    assert "Not encrypted: " in told
    assert "192.0.2.1" in told
    for what in ("tls_certificate", "tls_key", str(tmp_path / "settings.toml"), "plain_network = true"):
        assert what in told
    assert wrong(tmp_path, **given, plain_network=True) == ""
    certificate, key = make(tmp_path)
    assert wrong(tmp_path, **given, tls_certificate=certificate, tls_key=key) == ""


def test_all_addresses_need_one_for_audio(tmp_path: Path) -> None:
    told = wrong(tmp_path, listen="0.0.0.0", plain_network=True)
    assert "Set media_address" in told
    assert wrong(tmp_path, listen="0.0.0.0", plain_network=True, media_address="192.0.2.1") == ""


def test_http_behind_a_proxy_stays_on_loopback(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path, listen="192.0.2.1", http_listen="127.0.0.1")
    assert str(settings.web_listen) == "127.0.0.1"
    assert "phones on 192.0.2.1." in wrong(tmp_path, listen="192.0.2.1", http_listen="127.0.0.1")


def test_a_certificate_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    certificate, _ = make(tmp_path)
    _, other = make(tmp_path, "other")
    (tmp_path / "nonsense.pem").write_text("nonsense")
    assert "cannot be used" in wrong(tmp_path, tls_certificate=certificate, tls_key=other)
    assert "cannot be used" in wrong(tmp_path, tls_certificate=tmp_path / "nonsense.pem")
    assert "cannot be used" in wrong(tmp_path, tls_certificate=tmp_path / "missing.pem")
    assert "its tls_certificate is missing" in wrong(tmp_path, tls_key=other)


def test_one_file_may_have_both(tmp_path: Path) -> None:
    certificate, key = make(tmp_path)
    both = tmp_path / "both.pem"
    both.write_text(certificate.read_text() + key.read_text())
    assert wrong(tmp_path, tls_certificate=both) == ""
