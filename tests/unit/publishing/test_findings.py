"""`doctor` on versions."""

from pathlib import Path

from publishing import starting
from publishing.findings import versions
from publishing.store import VersionStore
from publishing.versions import Origin, Version, content
from settings.settings import Settings
from tests.unit.hotline.folders import recorded, small, written


def test_the_folder_is_compared_with_what_was_published(tmp_path: Path) -> None:
    (tmp_path / "hotline").mkdir()
    folder = written(tmp_path / "hotline", small())
    settings = Settings(state=tmp_path / "state", hotline=folder)
    settings.folder.make()

    def keep(origin: Origin, words: str = "您好") -> None:
        store = VersionStore(settings.folder.versions)
        files = {
            **small(("您好", words)),
            "agents.yaml": small()["agents.yaml"].replace(", password: correct-horse", ""),
        }
        made = Version(store.next, 0, "user:wang", "", "d", origin, str(folder), content(files))
        store.keep(store.write(made, files))

    def found() -> tuple[str, str]:
        finding = versions(settings)
        return finding.level, finding.sentence

    assert found() == ("right", "none yet: the first start keeps one")
    keep(Origin.FOLDER)
    assert found() == ("right", "version 1 is the hotline's folder")
    keep(Origin.DRAFT, "早")
    level, said = found()
    assert level == "odd"
    assert said.startswith("version 2 of user:wang was published elsewhere")
    assert said.endswith(f"./wutong versions export 2 {folder}")
    written(folder, small(("您好", "欢迎")))
    assert found()[1].startswith("the hotline's folder was edited since version 2")
    (folder / "agents.yaml").write_text("agents: [")
    assert found()[0] == "odd"
    (settings.folder.versions / "000002.json").write_text("")
    assert found()[0] == "wrong"


def test_recordings_that_were_changed_or_lost(tmp_path: Path) -> None:
    (tmp_path / "hotline").mkdir()
    folder = recorded(written(tmp_path / "hotline", small()), "您好", 1)
    settings = Settings(state=tmp_path / "state", hotline=folder)
    settings.folder.make()
    store = VersionStore(settings.folder.versions)
    start, _ = starting.by_person(settings, store)
    made = start.keep(store, 0, "user:wang")
    assert made is not None
    assert versions(settings).level == "right"
    recorded(folder, "您好", 2)
    assert "were changed since version 1" in versions(settings).sentence
    kept = (store.paths(1) or {})["prompts/zh/said.wav"]
    kept.write_bytes(kept.read_bytes()[::-1])
    assert versions(settings).level == "wrong", "damaged"
    kept.unlink()
    found = versions(settings)
    assert (found.level, "1: prompts/zh/said.wav" in found.sentence) == ("wrong", True)
