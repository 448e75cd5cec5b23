"""A journal's word on recordings, without a database."""

from collections.abc import Callable, Collection, Sequence

from journal.records import Kind, Record
from recordings.model import Kept


class FakeTold:
    """`records`: gives all of them."""

    def __init__(self, records: Callable[[], Sequence[Record]]) -> None:
        self._records = records

    async def of_calls(self, calls: Collection[str]) -> Sequence[Record]:
        kinds = (Kind.RECORDED, Kind.RECORDING_REMOVED)
        return [record for record in self._records() if record.call in calls and record.kind in kinds]

    async def kept_since(self, cutoff: float) -> dict[str, Kept]:
        kept: dict[str, Kept] = {}
        for record in self._records():
            if record.kind is Kind.RECORDED and record.at >= cutoff:
                kept[record.data["recording"]] = Kept(record.queue or "", record.data["sha256"])
            elif record.kind is Kind.RECORDING_REMOVED:
                kept.pop(record.data["recording"], None)
        return kept
