"""docker-compose.yml is valid by the compose specification, and says nothing that the code does not know."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from base.folders import ASTERISK_FOLDERS
from dialplan.foreground import LAST
from settings.settings import RemoteAsterisk, Settings
from tests.product import PACKAGES

CHECKOUT = Path(__file__).resolve().parents[2]
COMPOSE = CHECKOUT / "docker-compose.yml"


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


def test_every_service_is_watched_started_again_and_has_no_rights(composed: dict[str, Any]) -> None:
    assert set(composed["services"]) == {"service", "asterisk", "database"}
    for service in composed["services"].values():
        assert service["healthcheck"]["test"]
        assert service["restart"] == "unless-stopped"
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service
        uid, _, gid = service["user"].partition(":")
        assert int(uid) > 0
        assert int(gid) > 0
    for name in ("service", "asterisk"):
        assert (CHECKOUT / composed["services"][name]["build"]["dockerfile"]).is_file()


def test_the_service_and_asterisk_are_two_users_and_the_images_know_them(composed: dict[str, Any]) -> None:
    service, asterisk = composed["services"]["service"], composed["services"]["asterisk"]
    assert (service["user"], service["group_add"]) == ("10001:10001", ["10002"])
    assert (asterisk["user"], asterisk.get("group_add")) == ("10002:10002", None)
    folders = []
    for name, user in (("service", "wutong"), ("asterisk", "wutong-asterisk")):
        dockerfile = (CHECKOUT / "docker" / f"{name}.Dockerfile").read_text()
        assert "useradd --uid 10001 --no-create-home --groups wutong-asterisk wutong\n" in dockerfile
        assert "useradd --uid 10002 --gid 10002 --no-create-home wutong-asterisk" in dockerfile
        assert dockerfile[dockerfile.rindex("\nUSER ") :].startswith(f"\nUSER {user}\n")
        folders.append(dockerfile[dockerfile.index("RUN install -d") :].partition("\n\n")[0])
    assert folders[0] == folders[1]  # whichever is first, the volumes are alike
    for folder in ("etc", *ASTERISK_FOLDERS):
        assert f" {folder}" in folders[0].replace("/var/lib/wutong-asterisk/etc", " etc")


def test_a_digest_can_be_given_for_each_base_image(composed: dict[str, Any]) -> None:
    digest = "sha256:" + "0" * 64
    given = dict.fromkeys(re.findall(r"\$\{(WUTONG_\w+_IMAGE):-", COMPOSE.read_text()), f"image@{digest}")
    assert len(given) == 3
    done = subprocess.run(
        ["docker-compose", "-f", COMPOSE, "config", "--format", "json"],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    services = json.loads(done.stdout)["services"]
    assert [services[name]["build"]["args"]["BASE"] for name in ("service", "asterisk")] == [f"image@{digest}"] * 2
    assert services["database"]["image"] == f"image@{digest}"
    for name in ("service", "asterisk"):
        said = (CHECKOUT / "docker" / f"{name}.Dockerfile").read_text()
        assert f"ARG BASE={composed['services'][name]['build']['args']['BASE']}\nFROM $BASE\n" in said


def test_the_database_is_postgresql_17_behind_a_socket(composed: dict[str, Any]) -> None:
    service, database = composed["services"]["service"], composed["services"]["database"]
    assert database["image"] == "postgres:17"
    assert database["network_mode"] == "none"
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    # the server with which the image makes the database has only the socket, and is not a healthy one
    assert "--host=127.0.0.1" in database["healthcheck"]["test"]
    assert service["depends_on"] == {"database": {"condition": "service_healthy", "required": True}}
    url = make_url(service["environment"]["WUTONG_DATABASE_URL"])
    assert (url.username, url.database) == tuple(database["environment"][f"POSTGRES_{part}"] for part in ("USER", "DB"))
    assert url.query["host"] in {volume["target"] for volume in service["volumes"]}
    assert url.query["host"] in {volume["target"] for volume in database["volumes"]}


def test_the_service_knows_that_it_is_started_again(composed: dict[str, Any]) -> None:
    assert composed["services"]["service"]["environment"]["WUTONG_STARTED_AGAIN"] == "true"


def test_asterisk_outlives_the_service_and_waits_for_its_configuration_itself(composed: dict[str, Any]) -> None:
    """A container that depends on the service would be made anew with it: Asterisk does not depend on it."""
    assert "depends_on" not in composed["services"]["asterisk"]
    assert f"until [ -e etc/{LAST} ]" in (CHECKOUT / "docker" / "asterisk.Dockerfile").read_text()


def test_logs_are_bounded(composed: dict[str, Any]) -> None:
    for service in composed["services"].values():
        assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "6"}}


def test_asterisk_may_open_as_many_files_as_under_systemd(composed: dict[str, Any]) -> None:
    unit = (CHECKOUT / "systemd" / "wutong-asterisk.service").read_text()
    assert f"\nLimitNOFILE={composed['services']['asterisk']['ulimits']['nofile']}\n" in unit


def test_memory_and_tasks_are_limited_as_under_systemd(composed: dict[str, Any]) -> None:
    for name, unit in (("service", "wutong"), ("asterisk", "wutong-asterisk")):
        text = (CHECKOUT / "systemd" / f"{unit}.service").read_text()
        service = composed["services"][name]
        assert f"\nMemoryMax={int(service['mem_limit']) // 1024**3}G\n" in text
        assert f"\nTasksMax={service['pids_limit']}\n" in text


def test_everything_listens_on_loopback(composed: dict[str, Any]) -> None:
    assert composed["services"]["service"]["environment"]["WUTONG_LISTEN"] == "127.0.0.1"
    for service in composed["services"].values():
        assert "ports" not in service


def test_secrets_are_files(composed: dict[str, Any]) -> None:
    services = composed["services"]
    mounted = {name: {secret["source"] for secret in service.get("secrets", ())} for name, service in services.items()}
    assert mounted == {
        "service": {"wutong_token", "wutong_database_password"},
        "database": {"wutong_database_password"},
        "asterisk": set(),
    }
    for secret in mounted["service"]:
        assert secret.removeprefix("wutong_") in Settings.model_fields
        assert Path(composed["secrets"][secret]["file"]).parent == CHECKOUT / "docker" / "secrets"
    assert services["database"]["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/wutong_database_password"
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            assert not re.search("password|token|secret", name, re.IGNORECASE) or name.endswith("_FILE"), name
            assert not re.search(r"//[^/]*:[^/]*@", value), name


def test_the_secrets_are_made_once_and_for_two_users(tmp_path: Path) -> None:
    script = tmp_path / "secrets.sh"
    # who owns a file only root may change
    script.write_text((CHECKOUT / "docker/secrets.sh").read_text().replace("chown ", "echo chown "))
    said = [subprocess.run(["sh", script], capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert said[1] == ""
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in (tmp_path / "secrets").iterdir()}
    assert modes == {"token": "0o400", "database_password": "0o440"}
    for file in (tmp_path / "secrets").iterdir():
        assert re.fullmatch("[0-9a-f]{64}", file.read_text())
        assert file.stat().st_size >= Settings.model_fields["token"].metadata[0].min_length
    assert f"chown 10001:999 {tmp_path}/secrets/database_password.new" in said[0]


def test_the_script_is_a_clean_posix_script() -> None:
    assert shutil.which("shellcheck"), "./wutong test installs it"
    done = subprocess.run(["shellcheck", CHECKOUT / "docker/secrets.sh"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert os.access(CHECKOUT / "docker/secrets.sh", os.X_OK)


def test_every_variable_is_a_setting(composed: dict[str, Any]) -> None:
    dockerfile = (CHECKOUT / "docker" / "service.Dockerfile").read_text()
    named = {*composed["services"]["service"]["environment"], *re.findall(r"\b(WUTONG_\w+)=", dockerfile)}
    known = {f"WUTONG_{name.upper()}" for name in Settings.model_fields}
    known |= {f"WUTONG_ASTERISK__{name.upper()}" for name in RemoteAsterisk.model_fields}
    assert named <= known


def test_the_health_check_of_the_service_asks_where_the_service_says_that_it_is(composed: dict[str, Any]) -> None:
    """What it does: tests/unit/test_healthy.py."""
    assert composed["services"]["service"]["healthcheck"]["test"] == ["CMD", "python", "healthy.py"]
    dockerfile = (CHECKOUT / "docker" / "service.Dockerfile").read_text()
    assert "\nWORKDIR /opt/wutong\n" in dockerfile
    assert "\nCOPY docker/healthy.py healthy.py\n" in dockerfile


def test_what_both_need_lies_at_the_same_path(composed: dict[str, Any]) -> None:
    mounts = {
        name: {volume["source"]: volume["target"] for volume in service["volumes"] if volume["type"] == "volume"}
        for name, service in composed["services"].items()
    }
    for volume, target in mounts["asterisk"].items():
        assert mounts["service"][volume] == target
    assert mounts["database"]["database-socket"] == mounts["service"]["database-socket"]
    assert "database" not in mounts["service"]
    assert "state" not in mounts["asterisk"]  # the secrets and the journal are the service's alone


def test_the_image_has_every_package() -> None:
    dockerfile = (CHECKOUT / "docker" / "service.Dockerfile").read_text()
    for package in (*PACKAGES, "asterisk-config", "docs", "examples"):
        assert f"COPY {package} {package}\n" in dockerfile
