"""Agents' phones that call citizens, to the letter of what Asterisk is asked and reports."""

import pytest

from acd.events import EndedBy, OfferFailure
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.callback_legs import NotReached
from dialplan.citizen_legs import ToRecord
from tests.unit.dialplan.exchange import Exchange, exchange, message
from tests.unit.faketime import fake_time, passes

CALL, LEG, AGENT, NUMBER = "c1", "out-c1", "1001", "13800138000"


class Ear:
    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def agent_picked_up(self, call_id: str) -> None:
        self.told.append(("picked up", call_id))

    def citizen_answered(self, call_id: str) -> None:
        self.told.append(("answered", call_id))

    def agent_not_reached(self, call_id: str, failure: OfferFailure) -> None:
        self.told.append((failure.value, call_id))

    def citizen_not_reached(self, call_id: str, why: NotReached) -> None:
        self.told.append((why.value, call_id))

    def leg_over(self, call_id: str, by: EndedBy) -> None:
        self.told.append((by, call_id))

    def leg_lost(self, call_id: str) -> None:
        self.told.append(("lost", call_id))


async def calling() -> tuple[Exchange, Ear]:
    here, ear = await exchange(), Ear()
    here.telephony.citizen_legs.listener = ear
    return here, ear


async def dialled(here: Exchange) -> None:
    await here.telephony.citizen_legs.dial(CALL, AGENT, NUMBER, "12319", NUMBER, 20.0)
    here.event("Newchannel", LEG, Channel=f"PJSIP/{AGENT}-00000001", ChannelStateDesc="Down")
    here.asked()


@pytest.mark.parametrize(
    ("recorded", "more"),
    [
        (ToRecord(), []),
        (ToRecord("", ("told",)), []),
        (ToRecord(on_demand=True), ["DYNAMIC_FEATURES=wutong-record"]),
        (
            ToRecord("/r/talk", ("one", "two")),
            ["RECORD=/r/talk", "_WUTONG_TOLD=one&two", "WUTONG_TELLS=U(wutong-told)"],
        ),
    ],
)
@fake_time
async def test_what_the_leg_is_given_for_its_recording(recorded: ToRecord, more: list[str]) -> None:
    here, _ = await calling()
    await here.telephony.citizen_legs.dial(CALL, AGENT, NUMBER, "12319", NUMBER, 20.0, recorded)
    ((_, asked),) = here.asked()
    assert asked["Variable"][3:] == more


@fake_time
async def test_what_is_asked() -> None:
    here, _ = await calling()
    await here.telephony.citizen_legs.dial(CALL, AGENT, NUMBER, "12319", NUMBER, 20.0)
    assert here.asked() == [
        (
            "Originate",
            {
                "ActionID": LEG,
                "Channel": "PJSIP/1001",
                "ChannelId": LEG,
                "Context": "wutong-out",
                "Exten": "s",
                "Priority": "1",
                "Timeout": "20000",
                "CallerID": f'"{NUMBER}" <{NUMBER}>',
                "Async": "true",
                "Variable": ["WUTONG_OUT=c1", f"WUTONG_DIALS={NUMBER}", "WUTONG_SHOWN=12319"],
            },
        )
    ]
    here.event("DialBegin", "", DestUniqueid=LEG, DestChannel="PJSIP/1001-00000001")
    assert here.asked() == [], "it is no stray"


@pytest.mark.parametrize(
    ("hangs_up", "cause", "by"), [("", "16", "caller"), (LEG, "16", "agent"), ("", "18", "system")]
)
@fake_time
async def test_a_talk_from_the_answer_to_its_end(hangs_up: str, cause: str, by: str) -> None:
    here, ear = await calling()
    await dialled(here)
    here.event("DialBegin", LEG, DestUniqueid="far", DestChannel="PJSIP/trunk-00000002")
    here.event("DialEnd", LEG, DestUniqueid="far", DialStatus="ANSWER")
    assert here.asked() == [("Setvar", {"Channel": LEG, "Variable": "WUTONG_SEEN", "Value": "out"})]
    if hangs_up:
        here.hangup_request(uniqueid=hangs_up)
    here.event("Hangup", LEG, Channel="PJSIP/1001-00000001", Cause=cause)
    assert ear.told == [("picked up", CALL), ("answered", CALL), (by, CALL)]
    assert here.telephony.phones.channels(AGENT) == frozenset()


@fake_time
async def test_the_agent_hears_a_tone_when_nobody_answers_and_the_leg_is_still_ours() -> None:
    here, ear = await calling()
    await dialled(here)
    here.event("DialBegin", LEG, DestUniqueid="far", DestChannel="PJSIP/trunk-00000002")
    here.event("DialEnd", LEG, DestUniqueid="far", DialStatus="NOANSWER")
    here.event("Hangup", "far", Channel="PJSIP/trunk-00000002", Cause="21")
    assert LEG in here.telephony.citizen_legs
    here.event("Hangup", LEG, Channel="PJSIP/1001-00000001", Cause="16")
    assert ear.told == [("picked up", CALL), ("declined", CALL), ("caller", CALL)]
    assert LEG not in here.telephony.citizen_legs


@fake_time
async def test_an_agent_who_hangs_up_first_ends_it() -> None:
    here, ear = await calling()
    await dialled(here)
    here.response("4", "Success", of=LEG)
    here.event("DialEnd", LEG, DestUniqueid="far", DialStatus="CANCEL")
    here.event("Hangup", "far", Channel="PJSIP/trunk-00000002", Cause="16")
    here.event("Hangup", LEG, Channel="PJSIP/1001-00000001", Cause="16")
    assert ear.told == [("picked up", CALL), ("agent", CALL)]


@pytest.mark.parametrize(
    ("cause", "reason", "why"),
    [("0", "3", "no-answer"), ("21", "5", "declined"), ("17", "5", "declined"), ("20", "8", "unreachable")],
)
@pytest.mark.parametrize("overtakes", [False, True])
@fake_time
async def test_why_the_agents_phone_has_not_taken_the_ring(cause: str, reason: str, why: str, overtakes: bool) -> None:
    here, ear = await calling()
    await dialled(here)
    if overtakes:
        here.response(reason, of=LEG)
    here.event("Hangup", LEG, Channel="PJSIP/1001-00000001", Cause=cause)
    if not overtakes:
        here.response(reason, of=LEG)
    assert ear.told == [(why, CALL)]
    await passes(1)
    assert ear.told == [(why, CALL)]
    assert here.telephony.phones.channels(AGENT) == frozenset()


@fake_time
async def test_the_next_look_ends_a_ring_that_has_failed_and_has_no_channel() -> None:
    here, ear = await calling()
    await here.telephony.citizen_legs.dial(CALL, AGENT, NUMBER, "12319", NUMBER, 20.0)
    here.response("0", of=LEG)
    await here.looks()
    assert ear.told == [("lost", CALL)]
    await passes(1)
    assert ear.told == [("lost", CALL)]


@pytest.mark.parametrize("picked_up", [False, True])
@fake_time
async def test_a_leg_of_before_a_restart_that_ends_while_asterisk_is_asked_is_over(picked_up: bool) -> None:
    here, ear = await calling()
    here.telephony.citizen_legs.adopt(CALL, AGENT)
    here.event("Hangup", LEG, Channel="PJSIP/1001-00000001", Cause="21")
    if picked_up:
        leg = {"Uniqueid": LEG, "Channel": "PJSIP/1001-00000001", "ChannelStateDesc": "Up"}
        here.manager.lists["Status"] = [message(Event="Status", **leg)]
        await here.looks()
    await passes(1)
    assert ear.told == ([("picked up", CALL), ("agent", CALL)] if picked_up else [("declined", CALL)])
    assert LEG not in here.telephony.citizen_legs


@pytest.mark.parametrize("early", [False, True], ids=["once it rings", "before it has a channel"])
@fake_time
async def test_one_that_is_withdrawn_is_hung_up(early: bool) -> None:
    here, ear = await calling()
    await here.telephony.citizen_legs.dial(CALL, AGENT, NUMBER, "12319", NUMBER, 20.0)
    here.asked()
    hangs_up = [("Hangup", {"Channel": LEG, "Cause": "26"})]
    if early:
        here.telephony.citizen_legs.cancel(CALL)
        assert here.asked() == hangs_up, "which Asterisk refuses"
    here.event("Newchannel", LEG, Channel=f"PJSIP/{AGENT}-00000001", ChannelStateDesc="Down")
    if not early:
        here.telephony.citizen_legs.cancel(CALL)
    assert here.asked() == hangs_up
    assert ear.told == []


@fake_time
async def test_a_phone_that_is_not_there_and_a_refusal_end_it() -> None:
    here, ear = await calling()
    await here.telephony.citizen_legs.dial(CALL, AGENT, NUMBER, "12319", NUMBER, 20.0)
    here.response("0", of=LEG)
    await passes(1)
    assert ear.told == [("unreachable", CALL)]
    await here.works("refused")
    with pytest.raises(ActionRefused):
        await here.telephony.citizen_legs.dial("c2", AGENT, NUMBER, "12319", NUMBER, 20.0)
    assert "out-c2" not in here.telephony.citizen_legs
    assert here.telephony.phones.channels(AGENT) == frozenset()


@fake_time
async def test_where_nobody_knows_whether_it_rings_a_look_tells() -> None:
    here, ear = await calling()
    await here.works("broken")
    with pytest.raises(LinkDown):
        await here.telephony.citizen_legs.dial(CALL, AGENT, NUMBER, "12319", NUMBER, 20.0)
    assert ear.told == []
    await here.works()
    await here.looks()
    assert ear.told == [("lost", CALL)]


@fake_time
async def test_a_look_tells_how_far_it_is_and_what_was_not_heard() -> None:
    here, ear = await calling()
    await dialled(here)
    leg = {"Uniqueid": LEG, "Channel": "PJSIP/1001-00000001", "ChannelStateDesc": "Ringing"}
    here.manager.lists["Status"] = [message(Event="Status", **leg)]
    await here.looks()
    assert ear.told == []
    leg |= {"ChannelStateDesc": "Up", "Application": "Dial"}
    here.manager.lists["Status"] = [message(Event="Status", **leg)]
    await here.looks()
    assert ear.told == [("picked up", CALL)]
    here.manager.lists["Status"] = [message(Event="Status", **leg, BridgeID="talk")]
    await here.looks()
    assert ear.told[1:] == [("answered", CALL)]
    here.manager.lists["Status"] = []
    here.manager.variables[f"WUTONG_TALKED_{CALL}"] = ""
    await here.looks()
    assert ear.told[2:] == [("lost", CALL)]


@fake_time
async def test_a_talk_that_nobody_heard_of_is_told_by_what_the_dialplan_noted() -> None:
    here, ear = await calling()
    here.telephony.citizen_legs.adopt(CALL, AGENT)
    here.manager.variables[f"WUTONG_TALKED_{CALL}"] = "out"
    await here.looks()
    assert ear.told == [("answered", CALL), ("lost", CALL)]


@fake_time
async def test_one_whose_channel_asterisk_is_still_making_is_not_lost() -> None:
    here, ear = await calling()
    await here.telephony.citizen_legs.dial(CALL, AGENT, NUMBER, "12319", NUMBER, 20.0)
    await here.looks()
    assert ear.told == []


@fake_time
async def test_a_citizen_who_was_called_cannot_be_passed_on() -> None:
    here, _ = await calling()
    await dialled(here)
    ends = {"OrigTransfererUniqueid": LEG, "SecondTransfererUniqueid": "other"}
    here.event("AttendedTransfer", "", Result="Success", TransfereeChannel="PJSIP/trunk-00000002", **ends)
    assert here.asked() == [("Hangup", {"Channel": "PJSIP/trunk-00000002", "Cause": "16"})]
