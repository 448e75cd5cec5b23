"""Who sees the digits that a caller has entered."""

import pytest

from calls.api import whole_story
from calls.model import fold
from journal.records import Kind, Record
from tests.unit.desk import hotline

STORY = (
    Record(100, Kind.CALL_STARTED, "c1", data={"caller": "13800000000", "number": "12319", "language": "zh"}),
    Record(101, Kind.COLLECTED, "c1", data={"input": "order", "name": {"zh": "工单号"}, "digits": "20261126001"}),
)


@pytest.mark.parametrize(("masking", "digits"), [(False, "20261126001"), (True, "202******01")])
def test_they_are_masked_where_the_number_is(masking: bool, digits: str) -> None:
    summary = fold(fold(None, STORY[0]), STORY[1])
    told = whole_story(summary, STORY, hotline(), masking=masking).model_dump()
    assert told["story"][1]["digits"] == digits
    assert told["story"][1]["name"] == {"zh": "工单号"}
