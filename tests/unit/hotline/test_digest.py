"""Versions: what makes a new one, and what does not."""

from pathlib import Path

import pytest

from hotline.loader import load
from tests.unit.hotline.folders import Change, loaded, record, small


def version(folder: Path, *hotline: Change, agents: tuple[Change, ...] = ()) -> str:
    found = loaded(folder, small(*hotline, agents=agents))
    assert found.hotline is not None
    return found.hotline.version


def test_it_is_twelve_digits_and_always_the_same(tmp_path: Path) -> None:
    first = version(tmp_path)
    assert len(first) == 12
    assert int(first, 16) >= 0
    assert version(tmp_path) == first


@pytest.mark.parametrize(
    ("hotline", "agents"),
    [
        ((("zh: 您好", "zh: 你好"),), ()),
        ((("wait: 5s", "wait: 6s"),), ()),
        ((('{sub_hotline: bureau}\n      "0"', '{queue: greening}\n      "0"'),), ()),
        ((("{waited: 5m, then: {sub_hotline: bureau}}", "{waited: 5m, then: {queue: general}}"),), ()),
        ((), (("skills: {general: 3}", "skills: {general: 2}"),)),
        ((), (("name: 综合一席", "name: 综合二席"),)),
    ],
)
def test_what_callers_notice_makes_a_new_one(
    tmp_path: Path, hotline: tuple[Change, ...], agents: tuple[Change, ...]
) -> None:
    assert version(tmp_path, *hotline, agents=agents) != version(tmp_path)


def test_comments_and_passwords_do_not(tmp_path: Path) -> None:
    first = version(tmp_path)
    assert version(tmp_path, ("hotline: small", "# words\nhotline: small")) == first
    assert version(tmp_path, agents=(("correct-horse", "other-horse-7"),)) == first


def test_the_order_of_agents_counts(tmp_path: Path) -> None:
    first = version(tmp_path)
    head, *lines = (tmp_path / "agents.yaml").read_text(encoding="utf-8").splitlines()
    (tmp_path / "agents.yaml").write_text("\n".join([head, *reversed(lines)]), encoding="utf-8")
    swapped = load(tmp_path).hotline
    assert swapped is not None
    assert swapped.version != first


def test_a_recorded_number_is_played(tmp_path: Path) -> None:
    first = version(tmp_path)
    (tmp_path / "prompts" / "zh").mkdir(parents=True)
    record(tmp_path / "prompts" / "zh" / "one.wav", 1)
    (tmp_path / "prompts" / "recordings.yaml").write_text("zh:\n  one.wav: 一\n", encoding="utf-8")
    found = load(tmp_path)
    assert found.problems == ()
    assert found.hotline is not None
    assert found.hotline.version != first


def test_a_recording_counts_when_it_is_played(tmp_path: Path) -> None:
    first = version(tmp_path)
    (tmp_path / "prompts" / "zh").mkdir(parents=True)
    record(tmp_path / "prompts" / "zh" / "hello.wav", 1)
    found = load(tmp_path)
    assert found.hotline is not None
    assert found.hotline.version == first, "it is in no index"
    assert [problem.code for problem in found.problems] == ["unused-recording"]
    (tmp_path / "prompts" / "recordings.yaml").write_text("zh:\n  hello.wav: 您好\n", encoding="utf-8")
    second = version(tmp_path)
    assert second != first
    record(tmp_path / "prompts" / "zh" / "hello.wav", 2)
    assert version(tmp_path) not in (first, second)
