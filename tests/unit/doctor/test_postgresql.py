"""What `doctor` says of a real PostgreSQL and its standby."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from doctor import postgresql as looking
from doctor.postgresql import postgresql
from lab.patience import PATIENCE
from lab.postgres import Postgres, running
from settings.settings import Settings


@pytest.fixture(scope="module")
def primary() -> Iterator[Postgres]:
    with running() as made:
        yield made


def settings(tmp_path: Path, url: str) -> Settings:
    return Settings(state=tmp_path / "state", hotline=tmp_path / "hotline", database_url=SecretStr(url))


def found(tmp_path: Path, url: str) -> list[tuple[str, str]]:
    return [(finding.level, finding.sentence) for finding in postgresql(settings(tmp_path, url))]


def test_of_a_file_nothing_is_said(tmp_path: Path) -> None:
    assert found(tmp_path, f"sqlite:///{tmp_path}/wutong.db") == []


def test_one_that_answers(tmp_path: Path, primary: Postgres) -> None:
    ((level, sentence),) = found(tmp_path, primary.create())
    assert level == "right"
    assert sentence.startswith("17.")
    assert sentence.endswith("answers; standbys: none")


def test_one_that_is_down(tmp_path: Path, primary: Postgres) -> None:
    url = primary.create()
    primary.stop()
    try:
        ((level, sentence),) = found(tmp_path, url)
    finally:
        primary.start()
    assert level == "wrong"
    assert sentence.startswith("it cannot be asked: ")


@pytest.mark.parametrize(("seconds", "side"), [(4.0, "4.0 s ahead of"), (-4.0, "4.0 s behind")])
def test_a_clock_that_is_wrong(
    tmp_path: Path, primary: Postgres, monkeypatch: pytest.MonkeyPatch, seconds: float, side: str
) -> None:
    class Off:
        @staticmethod
        def time() -> float:
            return time.time() + seconds

    monkeypatch.setattr(looking, "time", Off)
    (clock, _) = found(tmp_path, primary.create())
    assert clock[0] == "odd"
    assert side in clock[1]
    assert "chrony" in clock[1]


def test_a_standby_and_who_may_see_how_far_it_is_behind(tmp_path: Path, primary: Postgres) -> None:
    url = primary.create()
    with running(primary):
        ((level, sentence),) = found(tmp_path, url)
        assert (level, sentence.endswith("standbys: walreceiver")) == ("right", True)
        primary.sql("postgres", "CREATE ROLE \"City\" LOGIN PASSWORD 'x'")
        unseen, _ = found(tmp_path, url.replace(url.partition("//")[2].partition("@")[0], "City:x"))
        assert unseen[0] == "odd"
        assert 'GRANT pg_monitor TO "City"' in unseen[1]


def test_a_standby_that_is_behind(tmp_path: Path, primary: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    url, database = primary.create(), "postgres"
    monkeypatch.setattr(looking, "BEHIND_S", 0.2)
    with running(primary) as standby:
        standby.sql(database, "SELECT pg_wal_replay_pause()")
        until = time.monotonic() + PATIENCE
        said: list[tuple[str, str]] = []
        while len(said) < 2 and time.monotonic() < until:
            primary.sql(database, "CREATE TABLE more (x int); DROP TABLE more")
            said = found(tmp_path, url)
        standby.sql(database, "SELECT pg_wal_replay_resume()")
    assert said[0][0] == "odd"
    assert "its standby walreceiver is " in said[0][1]
