"""What is written of the sound of calls, on the product's own assembly."""

from typing import Any

from dialplan.sound import Heard, Measured, PhoneHeld, Reported
from journal.records import Kind
from tests.unit.asterisk.caller import Caller
from tests.unit.faketime import fake_time
from tests.unit.service.calling import Hall, hall

KINDS = (Kind.LEG_MEASURED, Kind.SOUND_LOST, Kind.SOUND_BACK)


async def talks(here: Hall) -> tuple[Caller, str]:
    """A caller, and the unique id of the agent's leg."""
    caller = await here.queued()
    here.sign_in()
    leg = await here.rung()
    await here.answer(leg)
    await here.connect(leg, caller)
    return caller, leg.offer_id


def told(here: Hall) -> list[tuple[Kind, Any]]:
    return [(record.kind, record.data.get("side")) for record in here.records if record.kind in KINDS]


def silent(here: Hall) -> tuple[str, ...]:
    return here.book.beside(here.call().id, "1001").silent


def hear(here: Hall, *heard: Heard) -> None:
    for each in heard:
        here.telephony.on_sound(each)


def reports(leg: str, *counts: tuple[int | None, int | None]) -> list[Heard]:
    return [Reported(leg, highest, sent) for highest, sent in counts]


def measured(call: str, agent: str = "1001") -> Measured:
    return Measured("u1", "1001", call, agent, "ulaw", "192.0.2.7", 500, 500, 0, 0, 0.001, 0.0, 0.0)


@fake_time
async def test_an_agent_who_is_not_heard_is_told_until_the_sound_is_back() -> None:
    async with hall() as here:
        _, leg = await talks(here)
        hear(here, *reports(leg, (100, 250), (100, 500), (100, 750)))
        assert told(here) == [(Kind.SOUND_LOST, "agent")], "once"
        assert silent(here) == ("agent",)
        hear(here, *reports(leg, (350, 1_000)))
        assert told(here)[1:] == [(Kind.SOUND_BACK, "agent")]
        assert silent(here) == ()
        hear(here, *reports(leg, (600, None)))
        assert silent(here) == ("caller",)
        hear(here, *reports(leg, (600, 1_250), (850, 1_500), (850, 1_750)))
        lost = [record.data for record in here.records if record.kind is Kind.SOUND_LOST]
        assert [data["side"] for data in lost if "again" not in data] == ["agent", "caller"], (
            "the log and the measures count a talk and a side once"
        )


@fake_time
async def test_a_hold_by_the_phones_own_key_is_no_silence() -> None:
    async with hall() as here:
        _, leg = await talks(here)
        hear(here, *reports(leg, (100, 250)), PhoneHeld(leg, True), *reports(leg, (100, 500), (100, 750)))
        assert told(here) == []
        hear(here, PhoneHeld(leg, False), *reports(leg, (100, 1_000)))
        assert told(here) == [], "the first report after it compares with none"
        hear(here, *reports(leg, (100, 1_250)))
        assert told(here) == [(Kind.SOUND_LOST, "agent")]


@fake_time
async def test_a_phone_in_no_talk_is_not_listened_to() -> None:
    async with hall() as here:
        hear(here, *reports("own-1", (100, 250), (100, 250)), PhoneHeld("own-1", True))
        assert told(here) == []


@fake_time
async def test_a_leg_is_written_also_after_the_end_of_its_call_and_a_strange_one_is_not() -> None:
    async with hall() as here:
        caller, _leg = await talks(here)
        call = here.call().id
        caller.hang_up()
        await here.heard()
        hear(here, measured(call), measured(""), measured("nobodys"))
        assert told(here) == [(Kind.LEG_MEASURED, None)]
        record = here.records[-1]
        assert (record.call, record.agent, record.data["mos"]) == (call, "1001", 4.4)
