"""Destinations in words."""

import pytest
from pydantic import TypeAdapter

from hotline.inwords import destination_in_words
from ivr.model import KINDS, Destination

READ: TypeAdapter[Destination] = TypeAdapter(Destination)

CASES: tuple[tuple[dict[str, object], str, str], ...] = (
    ({"queue": "gas"}, "队列 gas", "the queue gas"),
    ({"menu": "main"}, "菜单 main", "the menu main"),
    ({"menu": "main", "language": "en"}, "菜单 main（英语）", "the menu main in English"),
    ({"sub_hotline": "bureau"}, "分热线 bureau", "the sub-hotline bureau"),
    ({"say": {"*": "Hm"}, "then": {"queue": "gas"}}, "播报“Hm”，然后队列 gas", "a message “Hm”, then the queue gas"),
    (
        {"message": {"queue": "gas", "limit": 90}},
        "给队列 gas 的留言，最长 90s",
        "a message for the queue gas, 90s at most",
    ),
    ({"hangup": True}, "结束语", "the goodbye"),
    ({"district": "hongkou"}, "区 hongkou", "the district hongkou"),
    (
        {"district": "hongkou", "then": {"queue": "gas"}},
        "区 hongkou，然后队列 gas",
        "the district hongkou, then the queue gas",
    ),
    ({"scope": "trees"}, "职责说明 trees", "the scope trees"),
    ({"input": "order"}, "按键录入 order", "the input order"),
    ({"repeat": True}, "重听本菜单", "the same menu again"),
)


@pytest.mark.parametrize(("written", "zh", "en"), CASES, ids=[str(written) for written, _, _ in CASES])
def test_a_destination_in_both_languages(written: dict[str, object], zh: str, en: str) -> None:
    to = READ.validate_python(written)
    assert (destination_in_words(to, "zh"), destination_in_words(to, "en")) == (zh, en)


def test_every_kind_has_words() -> None:
    assert {key for written, _, _ in CASES for key in written} >= set(KINDS)
