"""Who did it, in the story of a call: the caller's keys and hang-up are the caller's, what the menus do is nobody's."""

from journal.actor import CALLER, SYSTEM
from journal.records import Kind
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import hall


@fake_time
async def test_what_a_caller_did() -> None:
    async with hall() as here:
        caller = here.caller()
        await settles()
        caller.press("9")
        await passes(PROMPT)
        caller.press("1")
        await passes(3 * PROMPT)
        caller.press("7")
        await settles()
        caller.hang_up()
        await here.over()
    who = {record.kind: record.actor for record in here.records if record.call is not None}
    theirs = {kind for kind, actor in who.items() if actor == CALLER}
    assert theirs == {Kind.CALL_STARTED, Kind.INVALID_KEY, Kind.KEY_PRESSED, Kind.LEFT_QUEUE, Kind.CALL_FINISHED}
    assert {who[kind] for kind in who.keys() - theirs} == {SYSTEM}
