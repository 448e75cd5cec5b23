from pathlib import Path

from processes import modules


def test_no_module_is_named_twice() -> None:
    names = [*modules.NEEDED, *modules.OPTIONAL]

    assert len(names) == len(set(names))


def test_what_is_reloaded_is_loaded() -> None:
    assert set(modules.RELOADABLE) <= {*modules.NEEDED, modules.CERTIFICATE, modules.LISTS}


def test_the_missing_are_told_in_order() -> None:
    present = set(modules.NEEDED) - {"chan_pjsip", "app_dial"}

    assert modules.missing(present) == ["chan_pjsip", "app_dial"]
    assert modules.missing(modules.NEEDED) == []


def test_optional_modules_are_loaded_only_where_they_are() -> None:
    assert "codec_opus" not in modules.to_load(modules.NEEDED)
    assert "codec_opus" in modules.to_load([*modules.NEEDED, "codec_opus", "chan_iax2"])
    assert "chan_iax2" not in modules.to_load([*modules.NEEDED, "codec_opus", "chan_iax2"])


def test_installed_modules_are_the_files_of_the_folder(tmp_path: Path) -> None:
    for name in ("app_dial.so", "readme.txt"):
        (tmp_path / name).touch()

    assert modules.installed(tmp_path) == {"app_dial"}
