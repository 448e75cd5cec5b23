"""A message: when it is on, when its end is told, what a caller hears."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency import file
from emergency.model import LEAD, Emergency, Spoken, When, at_node, of_all, sentence
from emergency.order import EmergencyIn, WrongOrder, check
from sounds.model import Sound
from tests.unit.emergency.test_ends import SHANGHAI


def message(
    begun: float = 1_700_000_000.0,
    length: float = 7_200.0,
    mode: When = When.BEFORE,
    after: str = "goodbye",
    where: str = "",
) -> Emergency:
    spoken = (
        Spoken(language="zh", words="燃气泄漏", clip="a" * 32, seconds=2),
        Spoken(language="en", words="", clip="b" * 32, seconds=3.4),
    )
    return Emergency(
        id=where or "1",
        where=where,
        mode=mode,
        after=after,
        spoken=spoken,
        begun=begun,
        until=begun + length,
        actor="user:wang",
    )


@given(st.integers(60, 604_800), st.integers(-1_000_000, 1_000_000))
def test_it_is_on_until_its_end_and_tells_that_before(length: int, since: int) -> None:
    made = message(length=length)
    assert made.on(made.until + since) == (since < 0)
    assert made.begun < made.warned < made.until
    assert made.until - made.warned <= LEAD


def test_a_caller_hears_every_language_the_own_one_first() -> None:
    zh, en = Sound(f"emergency/{'a' * 32}", "燃气泄漏"), Sound(f"emergency/{'b' * 32}", "[a recording, en, 3 s]")
    assert message().speech("zh") == (zh, en)
    assert message().speech("en") == (en, zh)
    assert message(mode=When.INSTEAD).speech("fr") == (zh, en, zh, en), "who hears nothing else hears it twice"


def test_at_a_place_callers_hear_their_own_language_if_it_has_words() -> None:
    zh, en = message().speech("zh")
    assert message(where="queue:water").speech("en") == (en,)
    assert message(where="queue:water", mode=When.INSTEAD).speech("zh") == (zh, zh)
    assert message(where="queue:water").speech("fr") == (zh, en)


def test_it_is_told_in_a_sentence() -> None:
    assert sentence(message(), SHANGHAI) == (
        "on until 2023-11-15 08:13+08:00, before the menus, by user:wang: ./wutong emergency off ends it"
    )
    assert "instead of the menus, then person" in sentence(message(mode=When.INSTEAD, after="person"), SHANGHAI)
    assert sentence(message(where="queue:water"), SHANGHAI) == (
        "on until 2023-11-15 08:13+08:00, at queue:water, by user:wang: "
        "./wutong emergency off --where queue:water ends it"
    )


def test_the_one_of_all_callers_and_those_of_nodes() -> None:
    whole, water = message(), message(where="queue:water")
    assert of_all([water, whole]) == whole
    assert of_all([water]) is None
    assert at_node([whole, water], "queue:water") == water
    assert at_node([whole], "") is None


def test_it_is_kept_and_read_again(tmp_path: Path) -> None:
    kept = tmp_path / "emergency.json"
    assert file.read(kept) == ()
    both = message(), message(where="queue:water")
    file.write(kept, both)
    assert file.read(kept) == both
    assert kept.stat().st_mode & 0o777 == 0o600
    file.write(kept, ())
    file.write(kept, ())
    assert file.read(kept) == ()
    kept.write_text(message().model_dump_json(exclude={"where"}))
    assert file.read(kept) == (message(),), "as an earlier version kept it"
    kept.write_text('{"id": 1, "spoken": [{"clip": "../../secrets"}]}')
    with pytest.raises(file.Unreadable, match="remove it"):
        file.read(kept)


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({"texts": {"fr": "Fuite"}}, "does not speak fr"),
        ({"recordings": {"fr": "a" * 32}}, "does not speak fr"),
        ({"texts": {"zh": "x"}, "after": "person"}, "for the mode `instead`"),
        ({"texts": {"zh": "x"}, "mode": "instead", "after": "queue:gone"}, "no queue gone"),
        ({"texts": {"zh": "x"}, "mode": "instead", "after": "sub_hotline:gone"}, "no sub_hotline gone"),
        ({"texts": {"zh": "x"}, "mode": "instead", "after": "person"}, "no way to a person"),
        ({"texts": {"zh": "x"}, "where": "queue:gone"}, "no queue gone; there are: general"),
        ({"texts": {"zh": "x"}, "where": "menu:gone"}, "no menu gone; there are: none"),
        (
            {"texts": {"zh": "x"}, "where": "queue:general", "mode": "instead", "after": "queue:general"},
            "leads to where the message is",
        ),
    ],
)
def test_what_the_hotline_does_not_have_is_refused(order: dict[str, object], why: str) -> None:
    nodes = {"queue": ("general",), "sub_hotline": (), "menu": ()}
    with pytest.raises(WrongOrder, match=why):
        check(EmergencyIn.model_validate(order), ("zh", "en"), nodes, person=False)


@pytest.mark.parametrize(
    "order",
    [
        {"where": "water"},
        {"where": ""},
        {"until": "soon"},
        {"after": "menu:main", "mode": "instead"},
        {"recordings": {"zh": "../x"}},
        {"x": 1},
    ],
)
def test_what_no_hotline_could_do_is_refused(order: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        EmergencyIn.model_validate({"texts": {"zh": "x"}, **order})
