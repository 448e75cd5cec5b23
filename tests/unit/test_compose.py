"""docker-compose.yml is valid by the compose specification, and says nothing that the code does not know."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from service.settings import RemoteAsterisk, Settings

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    """What `docker compose config` makes of it."""
    assert shutil.which("docker-compose"), "./wutong test installs it"
    done = subprocess.run(
        ["docker-compose", "-f", CHECKOUT / "docker-compose.yml", "config", "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    content: dict[str, Any] = json.loads(done.stdout)
    return content


def test_two_services_with_health_checks(composed: dict[str, Any]) -> None:
    assert set(composed["services"]) == {"service", "asterisk"}
    for service in composed["services"].values():
        assert service["healthcheck"]["test"]
        assert (CHECKOUT / service["build"]["dockerfile"]).is_file()


def test_everything_listens_on_loopback(composed: dict[str, Any]) -> None:
    assert composed["services"]["service"]["environment"]["WUTONG_LISTEN"] == "127.0.0.1"
    for service in composed["services"].values():
        assert "ports" not in service


def test_secrets_are_files(composed: dict[str, Any]) -> None:
    (secret,) = composed["services"]["service"]["secrets"]
    assert secret["source"].removeprefix("wutong_") in Settings.model_fields
    assert composed["secrets"][secret["source"]]["file"]
    assert "secrets" not in composed["services"]["asterisk"]


def test_every_variable_is_a_setting(composed: dict[str, Any]) -> None:
    dockerfile = (CHECKOUT / "docker" / "service.Dockerfile").read_text()
    named = {*composed["services"]["service"]["environment"], *re.findall(r"\b(WUTONG_\w+)=", dockerfile)}
    known = {f"WUTONG_{name.upper()}" for name in Settings.model_fields}
    known |= {f"WUTONG_ASTERISK__{name.upper()}" for name in RemoteAsterisk.model_fields}
    assert named <= known


def test_what_both_need_lies_at_the_same_path(composed: dict[str, Any]) -> None:
    mounts = {
        name: {volume["source"]: volume["target"] for volume in service["volumes"] if volume["type"] == "volume"}
        for name, service in composed["services"].items()
    }
    for volume, target in mounts["asterisk"].items():
        assert mounts["service"][volume] == target
    assert "state" not in mounts["asterisk"]  # the secrets and the journal are the service's alone


def test_the_image_has_every_package() -> None:
    dockerfile = (CHECKOUT / "docker" / "service.Dockerfile").read_text()
    for package in ("acd", "agents", "asterisk-config", "dialplan", "examples", "hotline", "ivr", "service", "sounds"):
        assert f"COPY {package} {package}\n" in dockerfile
