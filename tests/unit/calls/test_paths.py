"""The path of a call, from its Records."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.paths import KINDS, CallPath
from ivr.walk import GOODBYE, SILENCE, Path, Stop, Stride
from journal.records import Kind

STARTED = (Kind.CALL_STARTED, None, {"language": "zh", "number": "12319"})
MAIN, WATER = Stop(("menus", "main"), "zh"), Stop(("menus", "water"), "zh")
QUEUE = Stop(("queues", "water"), "zh")

Step = tuple[Kind, str | None, dict[str, Any]]


def entered(menu: str, language: str = "zh") -> Step:
    return Kind.MENU_ENTERED, None, {"menu": menu, "language": language}


def pressed(key: str, menu: str) -> Step:
    return Kind.KEY_PRESSED, None, {"key": key, "menu": menu}


def path(*steps: Step) -> Path | None:
    call = CallPath()
    for kind, queue, data in (STARTED, *steps):
        call.feed(kind, queue, data)
    return call.path


ENGLISH = (Kind.LANGUAGE_CHOSEN, None, {"language": "en"})
SILENT = (Kind.NO_INPUT, None, {"menu": "main"})
WRONG = (Kind.INVALID_KEY, None, {"menu": "main", "key": "7"})
TO_GAS = (Kind.SUB_HOTLINE_DIALLED, None, {"sub_hotline": "gas"})
QUEUED = (Kind.QUEUED, "water", {"language": "zh"})
FINISHED = (Kind.CALL_FINISHED, None, {"by": "caller"})
PROMISED = (Kind.CALLBACK_PROMISED, "water", {"callback": "c1-b"})
MESSAGE = (Kind.MESSAGE_BEGUN, "water", {"caller": "13800138000"})
TO_WATER = (entered("main"), pressed("2", "main"), entered("water"))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((entered("main"), FINISHED), Path(MAIN)),
        ((*TO_WATER, FINISHED), Path(MAIN, (Stride("2", True, WATER),))),
        (
            (*TO_WATER, pressed("1", "water"), QUEUED, FINISHED),
            Path(MAIN, (Stride("2", True, WATER), Stride("1", True, QUEUE))),
        ),
        (
            (entered("main"), pressed("*", "main"), pressed("2", "main"), entered("water")),
            Path(MAIN, (Stride("*", True, MAIN), Stride("2", True, WATER))),
        ),
        (
            (QUEUED, pressed("2", ""), PROMISED, pressed("3", ""), FINISHED),
            Path(QUEUE, (Stride("2", True, Stop(("callbacks", "water"), "zh")),)),
        ),
        (
            (entered("main"), pressed("5", "main"), MESSAGE, MESSAGE, FINISHED),
            Path(MAIN, (Stride("5", True, Stop(("messages", "water"), "zh")),)),
        ),
        ((QUEUED, MESSAGE, FINISHED), Path(QUEUE)),
        (
            (entered("main"), pressed("8", "main"), ENGLISH, entered("main", "en")),
            Path(MAIN, (Stride("8", True, Stop(("menus", "main"), "en")),)),
        ),
        (
            (entered("main"), WRONG, SILENT, QUEUED),
            Path(MAIN, (Stride("7", False, MAIN), Stride(SILENCE, False, QUEUE))),
        ),
        (
            (entered("main"), pressed("3", "main"), TO_GAS, QUEUED),
            Path(MAIN, (Stride("3", True, Stop(("sub_hotlines", "gas"), "zh")),)),
        ),
        (
            (entered("main"), pressed("9", "main"), (Kind.CALL_FINISHED, None, {"by": "system"})),
            Path(MAIN, (Stride("9", True, Stop(GOODBYE, "zh")),)),
        ),
        (
            (*TO_WATER, pressed("1", "water"), QUEUED, pressed("5", "water"), pressed("#", ""), entered("main")),
            Path(MAIN, (Stride("2", True, WATER), Stride("1", True, QUEUE), Stride("#", True, MAIN))),
        ),
        ((QUEUED, FINISHED), Path(QUEUE)),
    ],
)  # fmt: skip
def test_what_the_caller_did_and_where_it_led(steps: tuple[Step, ...], expected: Path) -> None:
    assert path(*steps) == expected


def test_a_caller_who_hangs_up_in_a_message_has_not_come_to_its_end() -> None:
    assert path(*TO_WATER, pressed("1", "water"), FINISHED) == path(*TO_WATER)


@pytest.mark.parametrize("kind", [Kind.OVERFLOWED, Kind.MOVED, Kind.TRANSFERRED, Kind.CONNECTED])
def test_what_others_do_with_the_call_is_no_part_of_it(kind: Kind) -> None:
    waits = (*TO_WATER, pressed("1", "water"), QUEUED)
    assert path(*waits, (kind, "water", {}), (Kind.QUEUED, "general", {}), entered("main")) == path(*waits)


def test_a_call_whose_session_broke_tells_nothing() -> None:
    assert path(entered("main"), (Kind.CALL_RESUMED, None, {}), entered("main")) is None
    assert path(*TO_WATER, pressed("1", "water"), QUEUED, (Kind.CALL_RESUMED, None, {})) is not None
    assert path((Kind.CALL_STARTED, None, {"resumed": True}), entered("main")) is None
    assert path(FINISHED) is None


data = st.dictionaries(
    st.sampled_from(["menu", "key", "language", "by", "sub_hotline", "resumed"]),
    st.sampled_from(["", "main", "1", None]),
)


@given(st.lists(st.tuples(st.sampled_from(sorted(KINDS)), st.sampled_from([None, "water"]), data), max_size=12))
def test_no_story_is_too_strange(steps: list[tuple[str, str | None, dict[str, Any]]]) -> None:
    call = CallPath()
    for step in steps:
        call.feed(*step)
        found = call.path
        assert found is None or all(stride.did is not None for stride in found.strides)
