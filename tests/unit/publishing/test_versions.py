"""Versions: written and read, kept, and how a folder stands to them, over chance histories."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.extras import Extra, Extras
from publishing.versions import (
    Damaged,
    Origin,
    Standing,
    Texts,
    Version,
    content,
    decode,
    encode,
    kept,
    recorded_anew,
    standing,
    taken_back,
    taken_back_in_words,
)

FOLDER = "/etc/wutong/12319"
TEXTS = st.fixed_dictionaries({"hotline.yaml": st.text(), "agents.yaml": st.text()}, optional={"tests.yaml": st.text()})


def version(number: int, files: Texts, origin: Origin | int = Origin.FOLDER, folder: str = FOLDER) -> Version:
    return Version(number, 1.5 * number, "user:wang", "why", "0123456789ab", origin, folder, content(files))


def extras(*told: str, size: int = 100) -> Extras:
    """A recording of each of these digits."""
    return {f"prompts/zh/{n}.wav": Extra(digit * 64, size, "您好") for n, digit in enumerate(told)}


def files(words: str) -> Texts:
    return {"hotline.yaml": words, "agents.yaml": "agents: []\n"}


@given(TEXTS, st.sampled_from([Origin.FOLDER, Origin.DRAFT, 3]), st.text(alphabet=st.characters(codec="utf-8")))
def test_what_is_written_is_read(texts: Texts, origin: Origin | int, note: str) -> None:
    texts = {name: text.encode("utf-8", "replace").decode() for name, text in texts.items()}
    made = Version(7, 1.25, "token:local", note, "0123456789ab", origin, FOLDER, content(texts), {"percent": 10})
    for each in made, replace(made, extras={}), replace(made, extras=extras("a", "b")):
        assert decode(encode(each, texts)) == (each, texts)


@given(st.data())
def test_a_file_that_is_not_as_it_was_written_is_damaged(data: st.DataObject) -> None:
    written = bytearray(encode(version(1, files("a")), files("a")))
    at = data.draw(st.integers(0, len(written) - 2))
    written[at] ^= data.draw(st.integers(1, 127))
    try:
        same = json.loads(bytes(written)) == json.loads(encode(version(1, files("a")), files("a")))
    except ValueError:
        same = False
    if not same:  # white space between the parts is not part
        with pytest.raises(Damaged):
            decode(bytes(written))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"sha256": 1}', b"[" * 100_000])
def test_what_is_no_version_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        decode(data)


def test_the_folder_takes_back_what_was_published_elsewhere_since() -> None:
    first, sent = version(1, files("a")), version(2, files("b"), Origin.DRAFT)
    edited = files("edited")
    assert taken_back(edited, FOLDER, [first, sent]) == sent
    assert taken_back(files("a"), FOLDER, [first, sent]) == sent, "with --over"
    assert taken_back(edited, FOLDER, [first]) is None
    assert taken_back(files("b"), FOLDER, [first, sent]) is None, "the folder has it"
    assert taken_back(edited, FOLDER, [first, sent, version(3, files("a"), 1)]) is None, "somebody has taken it back"
    assert taken_back(edited, "/elsewhere", [first, sent]) is None
    tried = replace(version(3, files("c"), Origin.DRAFT), trial={"percent": 10})
    assert taken_back(edited, FOLDER, [first, tried]) is None
    assert taken_back(edited, FOLDER, []) is None
    assert "version 2 of user:wang, which was published elsewhere" in taken_back_in_words(sent, "en")
    assert "./wutong rollback 2" in taken_back_in_words(sent, "zh")


def test_one_byte_makes_another_content_and_no_file_hides_in_another() -> None:
    assert content(files("a")) != content(files("a "))
    assert content({"hotline.yaml": "ab"}) != content({"hotline.yaml": "a", "tests.yaml": "b"})
    assert version(1, files("a")).tag != version(1, files("b")).tag != version(2, files("b")).tag


class Office:
    """A folder, and who publishes: it as it is, a draft, an earlier version."""

    def __init__(self) -> None:
        self.here = "start"
        self.history: tuple[Version, ...] = ()
        self.texts: dict[int, str] = {}
        self.publish(Origin.FOLDER, self.here)
        self.taken = self.here  # what was in the folder when it was last published, or written into it

    def publish(self, origin: Origin | int, words: str) -> None:
        number = max(self.texts, default=0) + 1
        self.texts[number] = words
        self.history = kept((*self.history, version(number, files(words), origin)), most=5)

    @property
    def standing(self) -> Standing:
        return standing(files(self.here), {}, FOLDER, self.history)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from("abc")),
        st.tuples(st.just("folder"), st.just("")),
        st.tuples(st.just("draft"), st.sampled_from("xyz")),
        st.tuples(st.just("back"), st.integers(0, 4)),
    ),
    max_size=30,
)


@given(STEPS)
def test_whatever_is_published_an_unedited_folder_never_looks_edited(steps: list[tuple[str, str | int]]) -> None:
    office, edited = Office(), False
    for step, what in steps:
        match step, what:
            case "edit", str(words):
                office.here, edited = words, True
            case "folder", _ if office.standing is not Standing.BEHIND:
                office.publish(Origin.FOLDER, office.here)
                office.taken, edited = office.here, False
            case "draft", str(words):
                office.publish(Origin.DRAFT, words)
            case "back", int(index):
                earlier = office.history[index % len(office.history)]
                office.publish(earlier.number, office.texts[earlier.number])
        last = office.texts[office.history[-1].number]
        if office.here == last:
            assert office.standing is Standing.PUBLISHED
        elif not edited:
            assert office.standing is Standing.BEHIND, "a reload would undo what was published elsewhere"
        elif office.here not in office.texts.values():
            assert office.standing is Standing.EDITED
        numbers = [each.number for each in office.history]
        assert numbers == sorted(set(numbers))
        assert len(numbers) <= 5
        assert numbers[-1] == max(office.texts)


def test_another_folder_and_no_history_are_edited() -> None:
    assert standing(files("a"), {}, FOLDER, ()) is Standing.EDITED
    assert standing(files("a"), {}, "/other", [version(1, files("a"))]) is Standing.EDITED


def test_an_older_state_of_the_folder_is_an_edit_as_long_as_the_folder_was_published_last() -> None:
    history = [version(1, files("a")), version(2, files("b"))]
    assert standing(files("a"), {}, FOLDER, history) is Standing.EDITED
    history.append(version(3, files("c"), Origin.DRAFT))
    assert standing(files("b"), {}, FOLDER, history) is Standing.BEHIND
    history.append(version(4, files("d"), Origin.DRAFT))
    assert standing(files("c"), {}, FOLDER, history) is Standing.BEHIND, "it was written into the folder"


def test_recordings_and_lists_are_in_the_digest_and_an_earlier_version_has_none() -> None:
    plain = version(1, files("a"))
    assert plain.sha256 == replace(plain, extras={}).sha256 == plain.content
    first, second = replace(plain, extras=extras("a")), replace(plain, extras=extras("b"))
    assert len({plain.sha256, first.sha256, second.sha256}) == len({plain.tag, first.tag, second.tag}) == 3
    told = json.loads(encode(plain, files("a")))
    assert told.pop("extras") is None
    earlier = {name: value for name, value in told.items() if name != "sha256"}
    seal = sha256(json.dumps(earlier, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    assert decode(json.dumps({**earlier, "sha256": seal}).encode()) == (plain, files("a"))


@pytest.mark.parametrize(
    "wrong", [{"../x": {}}, {"a": {"sha256": "..", "size": 1, "words": None}}, [], "x", {"a": None}]
)
def test_wrong_recordings_are_damaged(wrong: Any) -> None:
    told = json.loads(encode(version(1, files("a")), files("a"))) | {"extras": wrong}
    told.pop("sha256")
    seal = sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    with pytest.raises(Damaged):
        decode(json.dumps({**told, "sha256": seal}).encode())


def test_older_versions_go_once_all_recordings_are_too_large_and_each_content_counts_once() -> None:
    same = [replace(version(n, files(str(n)), Origin.DRAFT), extras=extras("a")) for n in range(1, 6)]
    assert kept(same, most_bytes=100) == tuple(same)
    other = [replace(each, extras=extras("a", str(each.number))) for each in same]
    assert [each.number for each in kept(other, most_bytes=300)] == [4, 5]
    base = replace(other[0], origin=Origin.FOLDER)
    assert [each.number for each in kept([base, *other[1:]], most_bytes=100)] == [1, 5], "those in use stay"


def test_recordings_of_a_folder_that_some_version_had_are_not_new() -> None:
    base, sent = (
        replace(version(n, files("a"), origin), extras=extras(*told))
        for n, origin, told in ((1, Origin.FOLDER, "a"), (2, Origin.DRAFT, "b"))
    )
    back = replace(version(3, files("a"), 1), extras=extras("a"))
    assert not recorded_anew(extras("b"), FOLDER, [base, sent, back])
    assert recorded_anew(extras("c"), FOLDER, [base, sent, back])
    anew = replace(version(4, files("a"), 3), extras=extras("c"))
    assert not recorded_anew(extras("c"), FOLDER, [base, sent, back, anew])
    assert recorded_anew(extras("b"), FOLDER, [base, sent, back, anew]), "somebody has put the earlier one there again"
    assert recorded_anew(extras("a"), FOLDER, [version(1, files("a"))]), "nobody knows what an earlier Wutong had"


def test_recordings_that_came_back_or_are_on_trial() -> None:
    first, second, back = (
        replace(version(n, files("a"), origin), extras=extras(*told))
        for n, origin, told in ((1, Origin.FOLDER, "a"), (2, Origin.FOLDER, "b"), (3, 1, "a"))
    )

    def stands(told: str, *history: Version) -> Standing:
        return standing(files("a"), extras(told), FOLDER, history)

    assert stands("b", first, second) is Standing.PUBLISHED
    assert stands("b", first, second, back) is Standing.BEHIND, "nobody has recorded anew since"
    assert stands("c", first, second, back) is Standing.PUBLISHED, "the files are the same, and the recording is new"
    assert stands("b", first, replace(second, trial={"percent": 10})) is Standing.TRIED
    assert stands("a", first, replace(second, trial={"percent": 10})) is Standing.PUBLISHED
