"""Supervisors' legs, to the letter of what Asterisk is asked."""

import pytest

from dialplan.spies import TONE, Spy
from tests.unit.dialplan.exchange import Exchange, exchange, message
from tests.unit.faketime import fake_time, passes

ID, PHONE = "listening-1", "1009"


class Ear:
    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def spy_hears(self, spy_id: str) -> None:
        self.told.append(("hears", spy_id))

    def spy_over(self, spy_id: str, *, seen: bool) -> None:
        self.told.append(("over", spy_id, seen))


async def listening() -> tuple[Exchange, Ear]:
    here, ear = await exchange(), Ear()
    here.telephony.spies.listener = ear
    return here, ear


def spy(**changes: str) -> Spy:
    given = {"id": ID, "phone": PHONE, "channel": "PJSIP/1001-0000000a", "mode": "whisper", "sign": TONE}
    return Spy(**{**given, "display": '耳语 "绿化"', "number": "1001", **changes})


@fake_time
async def test_what_is_asked() -> None:
    here, _ = await listening()
    await here.telephony.spies.ring(spy())
    assert await here.telephony.spies.change(ID, "join")
    here.telephony.spies.hang_up(ID)
    assert here.asked() == [
        (
            "Originate",
            {
                "ActionID": ID,
                "Channel": "PJSIP/1009",
                "ChannelId": ID,
                "Context": "wutong-supervisor",
                "Exten": "whisper",
                "Priority": "1",
                "Timeout": "20000",
                "CallerID": '"耳语 绿化" <1001>',
                "Async": "true",
                "Variable": [
                    "__WUTONG_HEARD=PJSIP/1001-0000000a",
                    f"__WUTONG_SIGN={TONE}",
                ],
            },
        ),
        ("Redirect", {"Channel": ID, "Context": "wutong-supervisor", "Exten": "join", "Priority": "1"}),
        ("Hangup", {"Channel": ID, "Cause": "16"}),
    ]


@fake_time
async def test_its_ring_is_no_stray() -> None:
    here, ear = await listening()
    await here.telephony.spies.ring(spy())
    here.asked()
    here.event("DialBegin", "", DestUniqueid=ID, DestChannel="PJSIP/1009-00000001")
    assert here.asked() == []
    here.event("UserEvent", ID, UserEvent="WutongHears")
    here.event("UserEvent", ID, UserEvent="WutongHears")  # after a change of the mode
    here.event("Hangup", ID, Cause="16", Channel="PJSIP/1009-00000001")
    assert ear.told == [("hears", ID), ("over", ID, True)]


@pytest.mark.parametrize("failure", ["down", "refused"])
@fake_time
async def test_a_ring_that_cannot_be_asked_for_is_over(failure: str) -> None:
    here, ear = await listening()
    await here.works(failure)
    await here.telephony.spies.ring(spy())
    assert ear.told == [("over", ID, True)]
    assert ID not in here.telephony.spies


@fake_time
async def test_a_phone_that_is_not_there_has_no_channel() -> None:
    here, ear = await listening()
    await here.telephony.spies.ring(spy())
    here.response("0", of=ID)
    assert ear.told == [("over", ID, True)]
    assert here.telephony.phones.channels(PHONE) == frozenset()


@fake_time
async def test_what_a_look_tells() -> None:
    here, ear = await listening()
    await here.telephony.spies.ring(spy())
    await here.telephony.spies.ring(spy(id="listening-2", phone="1008"))
    there = {"Application": "ChanSpy", "ChannelStateDesc": "Up"}
    items = [
        message(Event="Status", Uniqueid=ID, Channel="PJSIP/1009-00000001", **there),
        message(Event="Status", Uniqueid="unknown", Channel="PJSIP/1007-00000002", **there),
        message(Event="Status", Uniqueid="sign", Channel="Local/sign@wutong-supervisor-00000001;2", **there),
    ]
    here.manager.lists["Status"] = items
    here.asked()
    await here.looks()
    assert sorted(ear.told, key=str) == [("hears", ID), ("over", "listening-2", False)]
    assert here.asked() == [("Hangup", {"Channel": "unknown", "Cause": "16"})]


@fake_time
async def test_one_that_was_asked_for_during_a_look_is_not_over() -> None:
    here, ear = await listening()
    here.telephony.spies.asked()
    await here.telephony.spies.ring(spy())
    here.telephony.spies.seen({})
    assert ear.told == []


@pytest.mark.parametrize("over", [False, True], ids=["told first", "told after the end of the listening"])
@fake_time
async def test_a_listening_cannot_be_passed_on(over: bool) -> None:
    here, _ = await listening()
    await here.telephony.spies.ring(spy())
    if over:
        here.event("Hangup", ID, Cause="16")
    here.asked()
    ends = {"OrigTransfererUniqueid": "other", "SecondTransfererUniqueid": ID}
    leg = {"SecondTransfererChannel": "PJSIP/1009-00000001"}
    here.event("AttendedTransfer", "", Result="Fail", TransfereeChannel="PJSIP/1008-00000004", **ends, **leg)
    assert here.asked() == [], "nobody has taken over"
    here.event("AttendedTransfer", "", Result="Success", TransfereeChannel="PJSIP/1008-00000004", **ends, **leg)
    hung_up = [("Hangup", {"Channel": "PJSIP/1008-00000004", "Cause": "16"})]
    assert here.asked() == hung_up
    # If Asterisk moves the channel after that, it goes on.
    here.event("Hangup", ID, Channel="PJSIP/1009-00000001", Cause="16")
    assert here.asked() == hung_up
    here.event("Hangup", ID, Channel="PJSIP/1009-00000001", Cause="16")
    assert here.asked() == []
    await passes(1)
