"""The supervisors' line of news is kept over a restart."""

import stat
from pathlib import Path

import pytest

from base.clock import Clock
from base.failure import NotDone
from events.notice_api import Notices
from journal.actor import Actor
from journal.records import Kind, Record

WANG = Actor.user("wang")


def notices(folder: Path, written: list[Record]) -> Notices:
    made = Notices(folder / "notice.json", Clock(), written.append)
    made.take_up()
    return made


async def test_the_next_service_has_it_until_it_is_removed(tmp_path: Path) -> None:
    written: list[Record] = []
    before = notices(tmp_path, written)
    told = await before.put("燃气检修，市民 13800138000 已回复", WANG)
    after = notices(tmp_path, written)
    assert after.as_json() == [told.model_dump_json()]
    assert stat.S_IMODE((tmp_path / "notice.json").stat().st_mode) == 0o600
    await after.remove(WANG)
    await after.remove(WANG)  # there is none: no error, and no second Record
    assert notices(tmp_path, written).notice is None
    assert [(record.kind, record.actor) for record in written] == [(Kind.NOTICE, WANG)] * 2
    assert "13800138000" not in str(written[0].data), "no caller's number in the journal"


async def test_a_damaged_file_is_no_line(tmp_path: Path) -> None:
    (tmp_path / "notice.json").write_text('{"text": 1')
    assert notices(tmp_path, []).notice is None


async def test_what_cannot_be_kept_is_not_told(tmp_path: Path) -> None:
    written: list[Record] = []
    made = notices(tmp_path / "gone", written)
    with pytest.raises(NotDone, match="cannot be kept"):
        await made.put("燃气检修", WANG)
    assert (made.notice, written) == (None, [])
