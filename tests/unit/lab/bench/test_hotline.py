"""The bench's hotline, and what the bench changes in the configuration that Wutong renders."""

from pathlib import Path

import pytest

from hotline.loader import load
from lab.bench import rival
from lab.bench.hotline import EXTENSION, QUEUE, agent_ids, write


def test_it_passes_all_checks(tmp_path: Path) -> None:
    write(tmp_path, 100)
    loaded = load(tmp_path)
    assert loaded.hotline is not None, loaded.problems
    assert [str(problem) for problem in loaded.problems] == []
    assert sorted(loaded.hotline.agents) == sorted(agent_ids(100))
    assert loaded.hotline.queues[QUEUE].extension == EXTENSION
    assert loaded.hotline.queues[QUEUE].wrap_up == 0


def etc(folder: Path) -> Path:
    (folder / "extensions.conf").write_text("[wutong-citizen]\n")
    (folder / "manager.conf").write_text("[general]\n")
    (folder / "modules.conf").write_text("load = chan_pjsip.so\nload = res_timing_timerfd.so\n")
    return folder


def test_both_queues_are_entered_from_one_context(tmp_path: Path) -> None:
    with rival.added(etc(tmp_path), ["1001", "1002"], "secret", music=True):
        dialplan = (tmp_path / "extensions.conf").read_text()
    assert dialplan.startswith("[wutong-citizen]\n")
    assert f"exten => {EXTENSION},1," in dialplan
    assert f"exten => {rival.RIVAL_EXTENSION},1,Answer()" in dialplan
    assert (tmp_path / "queues.conf").read_text().count("member => PJSIP/") == 2  # read when app_queue is loaded


def test_the_service_finds_what_wutong_has_rendered(tmp_path: Path) -> None:
    rendered = {file: file.read_text() for file in etc(tmp_path).iterdir()}
    with rival.added(tmp_path, ["1001"], "secret", music=False):
        assert {file: file.read_text() for file in rendered} != rendered
    assert {file: file.read_text() for file in rendered} == rendered


def test_without_music_no_timer_makes_any(tmp_path: Path) -> None:
    with rival.added(etc(tmp_path), [], "secret", music=False):
        assert (tmp_path / "modules.conf").read_text() == "load = chan_pjsip.so\n"


def test_a_configuration_that_is_not_as_expected_is_refused(tmp_path: Path) -> None:
    (etc(tmp_path) / "modules.conf").write_text("autoload = yes\n")
    with (
        pytest.raises(rival.Unfit, match=r"modules\.conf has 0 lines"),
        rival.added(tmp_path, [], "secret", music=False),
    ):
        pass
