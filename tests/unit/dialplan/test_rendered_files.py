"""Hostile values, and the files that are written."""

import stat
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dialplan import render
from dialplan.render import Unrenderable, rendered
from settings.sections import Trunk
from tests.unit.dialplan.rendering import FOLDER, TRUNK, values

# --- hostile values

INJECTIONS = (
    "x\nexec = 1",
    "x\r\ny",
    "x;y",
    "[x]",
    "${SHELL(id)}",
    "$[1+1]",
    "x\0y",
    'x"y',
    "x\\y",
    "x,System(id)",
    "",
    " x",
    "x\n",
)


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_field_takes_configuration(text: str) -> None:
    for attempt in (
        lambda: values(agents={text: "s3cret-of-1001"}),
        lambda: values(agents={"1001": f"s3cret{text}" if text else ""}),
        lambda: values(fallback={"id": "gas", "name": {}, "dial": text}),
        lambda: Trunk(**{**TRUNK, "host": text}),
        lambda: Trunk(**TRUNK, match=(text,)),
        lambda: Trunk(**TRUNK, user=text, password="s3cret-of-trunk"),
        lambda: values(numbers=(text,)),
        lambda: values(extensions=(text,)),
        lambda: values(languages=(text,)),
        lambda: values(agi_host=text),
        lambda: values(ami_secret=f"s3cret{text}" if text else ""),
        lambda: values(agi_secret=f"s3cret-of-agi{text}" if text else ""),
        lambda: values(reload_secret=f"s3cret{text}" if text else ""),
        lambda: values(music=Path(f"/srv/{text}") if text.strip() == text and text else Path("relative")),
    ):
        with pytest.raises(ValidationError):
            attempt()


@given(st.text(min_size=6, max_size=40))
def test_a_password_is_refused_or_stands_in_the_file_as_it_is(password: str) -> None:
    try:
        given = values(agents={"1001": password})
    except ValidationError:
        return
    text = rendered(FOLDER, given)["pjsip.conf"]
    assert f"\npassword = {password}\n" in text
    assert len(text.splitlines()) == len(
        rendered(FOLDER, values(agents={"1001": "s3cret-of-1001"}))["pjsip.conf"].splitlines()
    )


def test_what_slips_through_a_pattern_is_stopped_on_its_way_out() -> None:
    hostile = {"1001\n[evil]": values().ami_secret}

    with pytest.raises(Unrenderable, match=r"extensions\.conf"):
        rendered(FOLDER, values().model_copy(update={"agents": hostile}))


def test_a_stopped_secret_is_not_shown() -> None:
    hostile = values().model_copy(update={"ami_secret": type(values().ami_secret)("s3cret;of-ami")})

    with pytest.raises(Unrenderable) as error:
        rendered(FOLDER, hostile)
    assert "s3cret" not in str(error.value)


def test_a_folder_that_asterisk_would_misread_is_refused() -> None:
    with pytest.raises(ValueError, match="absolute path"):
        rendered(Path("/srv/a;b"), values())


def test_secrets_are_in_no_repr() -> None:
    trunk = Trunk(**TRUNK, user="wutong", password="s3cret-of-trunk")

    assert "s3cret" not in repr(values(trunk=trunk))


# --- files


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    render.render(tmp_path / "asterisk", values())

    paths = [tmp_path / "asterisk", *(tmp_path / "asterisk").rglob("*")]
    for path in paths:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert {path.name for path in (tmp_path / "asterisk/etc").iterdir()} == set(rendered(FOLDER, values()))


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    assert render.render(tmp_path, values()) == set(rendered(FOLDER, values()))
    before = (tmp_path / "etc/http.conf").stat().st_ino

    assert render.render(tmp_path, values()) == set()
    assert render.render(tmp_path, values(extensions=("6001", "6002"))) == {"extensions.conf"}
    assert (tmp_path / "etc/http.conf").stat().st_ino == before


def test_the_tone_is_written_byte_by_byte_and_once(tmp_path: Path) -> None:
    assert render.TONE in render.render(tmp_path, values())
    samples = array("h", (tmp_path / "etc" / render.TONE).read_bytes())
    assert (len(samples), max(samples), min(samples)) == (4_800, 6_000, -6_000)
    assert render.render(tmp_path, values()) == frozenset()


def test_a_rendering_that_fails_changes_nothing(tmp_path: Path) -> None:
    render.render(tmp_path, values())
    before = {path.name: path.read_bytes() for path in (tmp_path / "etc").iterdir()}
    broken = values(extensions=("6002",)).model_copy(update={"languages": ("zh;",)})

    with pytest.raises(Unrenderable):
        render.render(tmp_path, broken)

    assert {path.name: path.read_bytes() for path in (tmp_path / "etc").iterdir()} == before


def test_a_write_that_fails_changes_nothing_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    render.render(tmp_path, values())
    before = {path.name: path.read_bytes() for path in (tmp_path / "etc").iterdir()}
    synced: list[int] = []

    def disk_full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("dialplan.render.os.fsync", disk_full)
    with pytest.raises(OSError, match="No space"):
        render.render(tmp_path, values(numbers=("12345",), languages=("en",)))

    assert {path.name: path.read_bytes() for path in (tmp_path / "etc").iterdir()} == before
    assert len(synced) == 2, "one file was ready"
