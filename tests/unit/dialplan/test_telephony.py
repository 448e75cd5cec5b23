"""How Asterisk tells what became of a ring, a caller and a phone: events in, the service's words out."""

import asyncio
import random
from collections.abc import Coroutine, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from dialplan.ami import AmiDecoder, AmiMessage, Unsendable, encode
from dialplan.link import ActionRefused, AmiLink, LinkDown, Unanswered
from dialplan.telephony import RECHECK, Ring, Telephony
from tests.unit.dialplan.heard import Heard
from tests.unit.faketime import fake_time, passes, settles

RECORDING = Path(__file__).parents[2] / "wire" / "recordings" / "ami-call.txt"
OFFER, AGENT, CALLER = "offer-1", "1001", "caller-1"
HOLDING, TALK = "bridge-holding", "bridge-talk"
Fields = str | Sequence[str]


class FakeLink(AmiLink):
    """Keeps what is sent. `failure`: what the next action raises; `lists`: what list actions answer."""

    def __init__(self) -> None:
        super().__init__("nowhere", 0, "", "", on_event=print, on_up=print, on_down=print)
        self.sent: list[tuple[str, dict[str, Fields]]] = []
        self.failure: Exception | None = None
        self.lists: dict[str, list[AmiMessage]] = {"Status": [], "DeviceStateList": []}
        self.answer = asyncio.Event()
        self.answer.set()

    def start(
        self, name: str, timeout: float = 5.0, action_id: str | None = None, **fields: Fields
    ) -> Coroutine[Any, Any, AmiMessage]:
        encode(name, fields, action_id or "1")
        self.sent.append((name, {**fields, **({"ActionID": action_id} if action_id else {})}))
        return self._respond()

    async def _respond(self) -> AmiMessage:
        await self.answer.wait()
        if self.failure is not None:
            raise self.failure
        return message(Response="Success")

    async def list_action(self, name: str, timeout: float = 10.0, **fields: Fields) -> list[AmiMessage]:
        await self.answer.wait()
        if self.failure is not None:
            raise self.failure
        return self.lists[name]

    def send(self, name: str, **fields: Fields) -> None:
        self.sent.append((name, fields))

    def take(self) -> list[tuple[str, dict[str, Fields]]]:
        sent, self.sent = self.sent, []
        return sent


def message(**fields: str) -> AmiMessage:
    return AmiMessage(tuple(fields.items()))


class Exchange:
    """The telephony between a fake link and an ear; Asterisk's events by name."""

    def __init__(self) -> None:
        self.link, self.heard = FakeLink(), Heard()
        self.telephony = Telephony(self.link, self.heard)

    def event(self, name: str, uniqueid: str = OFFER, **fields: str) -> None:
        self.telephony.on_event(message(Event=name, Uniqueid=uniqueid, **fields))

    # what Asterisk tells of a leg
    def new_channel(self) -> None:
        self.event("Newchannel", ChannelStateDesc="Down", Channel=f"PJSIP/{AGENT}-00000001")

    def up(self) -> None:
        self.event("Newstate", ChannelStateDesc="Up")

    def response(self, reason: str, response: str = "Failure", uniqueid: str = "<null>") -> None:
        self.telephony.on_event(
            message(Event="OriginateResponse", ActionID=OFFER, Response=response, Reason=reason, Uniqueid=uniqueid)
        )

    def hangup_request(self, cause: str = "16", uniqueid: str = OFFER) -> None:
        self.event("HangupRequest", uniqueid, Cause=cause)

    def hangup(self, cause: str = "16", uniqueid: str = OFFER) -> None:
        self.event("Hangup", uniqueid, Cause=cause, Channel=f"PJSIP/{uniqueid}")

    def enters(self, uniqueid: str, bridge: str, technology: str = "simple_bridge") -> None:
        self.event("BridgeEnter", uniqueid, BridgeUniqueid=bridge, BridgeTechnology=technology)

    def leaves(self, uniqueid: str, bridge: str) -> None:
        self.event("BridgeLeave", uniqueid, BridgeUniqueid=bridge)

    async def rings(self, **changes: object) -> None:
        """The originate is accepted."""
        await self.telephony.ring(ring(**changes))

    async def talks(self) -> None:
        """A caller was held, rung for, and talks."""
        self.telephony.watch(CALLER)
        self.enters(CALLER, HOLDING, "holding_bridge")
        await self.rings()
        self.new_channel()
        self.up()
        self.leaves(CALLER, HOLDING)
        self.enters(CALLER, TALK)
        self.enters(OFFER, TALK)
        assert self.told()[-1] == ("offer_connected", OFFER)

    def told(self) -> list[tuple[str, ...]]:
        """What the listener was told, but for channels that ended."""
        return [told for told in self.heard.take() if told[0] != "channel_gone"]

    @property
    def live(self) -> bool:
        return OFFER in self.telephony._legs


def device(state: str) -> AmiMessage:
    return message(Event="DeviceStateChange", Device=f"PJSIP/{AGENT}", State=state)


def ring(**changes: object) -> Ring:
    given: dict[str, object] = {
        "offer_id": OFFER,
        "agent_id": AGENT,
        "caller": CALLER,
        "channel": "PJSIP/trunk-0000000a",
        "seconds": 15,
        "display": "绿化 138",
        "number": "13800138000",
        **changes,
    }
    return Ring(**given)  # type: ignore[arg-type]


# --- asking for a ring


@fake_time
async def test_a_ring_is_one_originate_under_the_offers_id() -> None:
    here = Exchange()
    await here.rings(whisper=("/s/a", "/s/b"), variables={"WUTONG_CALL": "c-1"}, seconds=12.5)
    assert here.link.take() == [
        (
            "Originate",
            {
                "ActionID": OFFER,
                "Channel": "PJSIP/1001",
                "ChannelId": OFFER,
                "Context": "wutong-offer",
                "Exten": "s",
                "Priority": "1",
                "Timeout": "12500",
                "CallerID": '"绿化 138" <13800138000>',
                "Async": "true",
                "Variable": ["CALLER=PJSIP/trunk-0000000a", "WHISPER=/s/a&/s/b", "WUTONG_CALL=c-1"],
            },
        )
    ]
    assert here.live
    assert here.told() == []


@fake_time
async def test_what_a_display_shows_is_harmless_and_bounded() -> None:
    here = Exchange()
    await here.rings(display='绿"化"<x>\\\r\nAction: y' + "长" * 100, number="1\n2>")
    ((_, fields),) = here.link.take()
    assert fields["CallerID"] == '"' + ("绿化xAction: y" + "长" * 100)[:60] + '" <12>'


@pytest.mark.parametrize(
    "failure",
    [
        LinkDown("the link was not started"),
        ActionRefused("an action", message(Response="Error", Message="Extension does not exist.")),
    ],
    ids=lambda failure: type(failure).__name__,
)
@fake_time
async def test_a_ring_that_cannot_be_asked_for_fails_once(failure: Exception) -> None:
    here = Exchange()
    here.link.failure = failure
    await here.rings()
    assert here.told() == [("offer_failed", OFFER, "failed")]
    assert not here.live


IN_DOUBT = pytest.mark.parametrize("failure", [Unanswered("the link broke"), TimeoutError()], ids=repr)


@IN_DOUBT
@fake_time
async def test_a_ring_of_which_nobody_knows_is_not_given_up_before_asterisk_was_asked(failure: Exception) -> None:
    here = Exchange()
    here.link.failure = failure
    await here.rings()
    assert (here.told(), here.live) == ([], True)
    here.link.failure = None
    await here.telephony.refresh()
    assert (here.told(), here.live) == ([("offer_failed", OFFER, "failed")], False)


@IN_DOUBT
@fake_time
async def test_a_ring_of_which_nobody_knew_is_taken_up(failure: Exception) -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    here.link.failure = failure
    await here.rings()
    here.heard.take()
    here.link.failure = None
    here.link.lists["Status"] = [status(CALLER, TALK, "BridgeWait"), status(OFFER, TALK, "Bridge")]
    await here.telephony.refresh()
    assert here.told() == [("offer_answered", OFFER), ("offer_connected", OFFER)]


@fake_time
async def test_a_ring_that_cannot_be_sent_is_none() -> None:
    here = Exchange()
    with pytest.raises(Unsendable):
        await here.rings(variables={"X": "line\r\nbreak"})
    assert here.link.take() == []
    assert here.told() == []
    assert not here.live


@fake_time
async def test_a_ring_is_asked_for_before_anybody_waits_for_it() -> None:
    here = Exchange()
    asked = here.telephony.ring(ring())
    assert [name for name, _ in here.link.take()] == ["Originate"]
    await asked


@fake_time
async def test_a_ring_that_failed_before_asterisk_answered_the_action_fails_once() -> None:
    here = Exchange()
    here.link.answer.clear()
    ringing = asyncio.create_task(here.rings())
    await settles()
    here.response("0")
    here.link.failure = TimeoutError()
    here.link.answer.set()
    await ringing
    assert here.told() == [("offer_failed", OFFER, "unreachable")]


# --- a ring that goes out before the caller is held

ADMITTED = ("Setvar", {"Channel": OFFER, "Variable": "WUTONG_HELD", "Value": "1"})


@fake_time
async def test_a_leg_is_told_to_wait_only_for_one_who_is_not_held() -> None:
    for held, expected in ((True, []), (False, ["WUTONG_EARLY=1"])):
        here = Exchange()
        await here.rings(held=held)
        ((_, fields),) = here.link.take()
        assert [said for said in fields["Variable"] if "EARLY" in said] == expected
        here.new_channel()
        here.telephony.admit("another")
        here.telephony.admit(CALLER)
        assert here.link.take() == ([] if held else [ADMITTED])


@fake_time
async def test_a_leg_that_has_no_channel_yet_is_told_that_he_is_held_when_it_has() -> None:
    here = Exchange()
    here.link.answer.clear()
    ringing = asyncio.create_task(here.rings(held=False))
    await settles()
    here.link.take()
    here.telephony.admit(CALLER)
    assert here.link.take() == []
    here.new_channel()
    assert here.link.take() == [ADMITTED]
    here.up()
    assert here.link.take() == []
    here.link.answer.set()
    await ringing


@fake_time
async def test_a_leg_that_was_answered_is_told_too_and_a_cancelled_one_is_not() -> None:
    here = Exchange()
    await here.rings(held=False)
    here.new_channel()
    here.up()
    here.link.take()
    here.telephony.admit(CALLER)
    assert here.link.take() == [ADMITTED]
    await here.telephony.cancel(OFFER)
    here.link.take()
    here.telephony.admit(CALLER)
    assert here.link.take() == []


@fake_time
async def test_a_leg_that_may_have_missed_it_while_the_link_was_down_is_told_again() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    await here.rings(held=False)
    here.new_channel()
    here.telephony.admit(CALLER)
    here.link.take()
    here.link.lists["Status"] = [status(CALLER, HOLDING, "BridgeWait"), status(OFFER)]
    await here.telephony.refresh()
    assert here.link.take() == [ADMITTED]


@fake_time
async def test_every_leg_that_rings_for_him_is_told() -> None:
    here = Exchange()
    for number in (1, 2):
        await here.rings(held=False, offer_id=f"o-{number}")
        here.event("Newchannel", f"o-{number}")
    here.link.take()
    here.telephony.admit(CALLER)
    assert [fields["Channel"] for _, fields in here.link.take()] == ["o-1", "o-2"]


# --- what becomes of it: Originate, as it answers (ASTERISK.md), in every order


@fake_time
async def test_answered() -> None:
    here = Exchange()
    await here.rings()
    here.new_channel()
    here.event("Newstate", ChannelStateDesc="Ringing")
    assert here.told() == []
    here.up()
    here.up()
    here.response("4", "Success", OFFER)
    assert here.told() == [("offer_answered", OFFER)]


@fake_time
async def test_answered_as_the_originate_tells_before_the_channel_does() -> None:
    here = Exchange()
    await here.rings()
    here.new_channel()
    here.response("4", "Success", OFFER)
    here.up()
    assert here.told() == [("offer_answered", OFFER)]


@fake_time
@pytest.mark.parametrize("first", ["up", "response"])
async def test_who_is_rung_beside_others_has_answered_when_the_dialplan_says_so_and_is_let_through(first: str) -> None:
    here = Exchange()
    await here.rings(beside=True)
    ((_, asked),) = here.link.take()
    assert "BESIDE=1" in asked["Variable"]
    here.new_channel()
    here.up() if first == "up" else here.response("4", "Success", OFFER)
    assert here.told() == [], "a channel that cannot be sent on yet"
    here.event("UserEvent", UserEvent="SomethingElse")
    here.event("UserEvent", "another", UserEvent="WutongPickedUp")
    assert here.told() == []
    here.event("UserEvent", UserEvent="WutongPickedUp")
    assert here.told() == [("offer_answered", OFFER)]
    here.telephony.let_through(OFFER)
    place = {"Context": "wutong-offer", "Exten": "s", "Priority": "won"}
    assert here.link.take() == [("Redirect", {"Channel": OFFER, **place})]
    here.hangup()
    assert here.told() == [("offer_failed", OFFER, "abandoned")]
    here.telephony.let_through(OFFER)
    assert here.link.take() == []


@fake_time
async def test_who_is_rung_alone_goes_to_his_caller_by_himself() -> None:
    here = Exchange()
    await here.rings()
    here.link.take()
    here.new_channel()
    here.up()
    here.telephony.let_through(OFFER)
    assert here.link.take() == []


@fake_time
async def test_a_forwarded_ring_is_declined_and_whoever_is_called_instead_is_hung_up() -> None:
    here = Exchange()
    await here.rings()
    here.event("DialBegin", "", DestUniqueid=OFFER)
    here.new_channel()
    here.hangup_request("23")
    assert here.told() == [("offer_failed", OFFER, "declined")]
    here.event("DialBegin", "", DestUniqueid="stranger", DestChannel="PJSIP/trunk-1")
    here.response("4", "Success", "stranger")
    assert here.told() == []
    assert here.link.sent[-1] == ("Hangup", {"Channel": "stranger", "Cause": "26"})


@fake_time
async def test_another_channel_that_answers_is_not_the_agent() -> None:
    here = Exchange()
    await here.rings()
    here.new_channel()
    here.response("4", "Success", "stranger")
    assert here.told() == [("offer_failed", OFFER, "declined")]


@pytest.mark.parametrize(
    ("reason", "cause", "failure"),
    [
        ("3", "19", "no-answer"),
        ("0", "17", "busy"),
        ("0", "21", "declined"),
        ("0", "19", "declined"),  # 480 at once
        ("0", "18", "unreachable"),
        ("0", "20", "unreachable"),
        ("0", "34", "unreachable"),  # congestion, and whatever else there is
        ("0", "", "unreachable"),
    ],
)
@pytest.mark.parametrize("order", list(permutations(("request", "response", "hangup"))), ids="-".join)
@fake_time
async def test_not_answered(order: tuple[str, ...], reason: str, cause: str, failure: str) -> None:
    here = Exchange()
    await here.rings()
    here.new_channel()
    tell = {
        "request": lambda: here.hangup_request(cause),
        "response": lambda: here.response(reason),
        "hangup": lambda: here.hangup(cause),
    }
    for event in order:
        tell[event]()
    assert here.told() == [("offer_failed", OFFER, failure)]
    assert not here.live


@pytest.mark.parametrize("order", [("response", "hangup"), ("hangup", "response")], ids="-".join)
@fake_time
async def test_not_answered_and_no_hangup_was_requested(order: tuple[str, ...]) -> None:
    here = Exchange()
    await here.rings()
    here.new_channel()
    for event in order:
        here.response("0") if event == "response" else here.hangup("17")
    assert here.told() == [("offer_failed", OFFER, "busy")]


@fake_time
async def test_not_registered_or_unknown_has_no_channel() -> None:
    here = Exchange()
    await here.rings()
    here.response("0")
    assert here.told() == [("offer_failed", OFFER, "unreachable")]


@fake_time
async def test_answered_and_hung_up_before_the_bridge() -> None:
    here = Exchange()
    await here.rings()
    here.new_channel()
    here.up()
    here.hangup_request()
    assert here.told() == [("offer_answered", OFFER)]
    here.hangup()
    assert here.told() == [("offer_failed", OFFER, "abandoned")]
    assert not here.live


@fake_time
async def test_events_of_strangers_are_nobodys() -> None:
    here = Exchange()
    await here.rings()
    here.event("Newstate", "other", ChannelStateDesc="Up")
    here.hangup("17", "other")
    here.enters("other", TALK)
    here.telephony.on_event(message(Event="OriginateResponse", ActionID="other", Response="Failure", Reason="3"))
    here.telephony.on_event(message(Event="VarSet", Uniqueid=OFFER))
    assert here.heard.take() == [("channel_gone", "other")]
    assert here.live


# --- caller and agent in one bridge


@pytest.mark.parametrize("order", list(permutations(("leave", "caller", "leg"))), ids="-".join)
@fake_time
async def test_connected_in_whichever_order_they_enter(order: tuple[str, ...]) -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    await here.rings()
    here.new_channel()
    here.up()
    here.heard.take()
    tell = {
        "leave": lambda: here.leaves(CALLER, HOLDING),
        "caller": lambda: here.enters(CALLER, TALK),
        "leg": lambda: here.enters(OFFER, TALK),
    }
    for event in order:
        tell[event]()
    assert here.told() == [("offer_connected", OFFER)]
    here.enters(CALLER, TALK)
    assert here.told() == [], "once"


@fake_time
async def test_a_leg_with_another_caller_or_alone_is_not_connected() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.telephony.watch("caller-2")
    await here.rings()
    here.new_channel()
    here.up()
    here.heard.take()
    here.enters(OFFER, TALK)
    here.enters("caller-2", TALK)
    here.enters(CALLER, "another bridge")
    assert here.told() == []
    here.leaves("caller-2", TALK)
    here.enters(CALLER, TALK)
    assert here.told() == [("offer_connected", OFFER)]


@fake_time
async def test_a_caller_who_is_held_again_is_told_each_time() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    for _ in range(2):
        here.enters(CALLER, HOLDING, "holding_bridge")
        here.leaves(CALLER, HOLDING)
    assert here.told() == [("caller_held", CALLER)] * 2


@fake_time
async def test_the_agent_hangs_up_a_talk_and_it_is_told_once() -> None:
    for events in (("request", "hangup"), ("hangup",)):
        here = Exchange()
        await here.talks()
        for event in events:
            here.hangup_request() if event == "request" else here.hangup()
        assert here.told() == [("leg_hung_up", OFFER)]
        assert not here.live


@fake_time
async def test_a_phone_is_free_as_soon_as_the_talk_is_over() -> None:
    for events in (("request", "hangup"), ("hangup",)):
        here = Exchange()
        here.link.lists["DeviceStateList"] = [device("NOT_INUSE")]
        await here.telephony.refresh()
        await here.talks()
        here.telephony.on_event(device("INUSE"))
        here.told()
        for event in events:
            here.hangup_request() if event == "request" else here.hangup()
        assert here.told() == [("leg_hung_up", OFFER), ("phone_changed", AGENT, "free")]


@fake_time
async def test_the_caller_hangs_up_a_talk() -> None:
    here = Exchange()
    await here.talks()
    here.hangup_request(uniqueid=CALLER)
    assert here.told() == [("caller_hung_up", CALLER)]
    here.telephony.forget(CALLER)
    here.hangup(uniqueid=CALLER)
    assert here.heard.take() == [("channel_gone", CALLER)]


@fake_time
async def test_a_ring_that_was_given_up_and_is_answered_all_the_same_is_told() -> None:
    """Asterisk did not have it when it was asked; the phone rang."""
    here = Exchange()
    here.telephony.watch(CALLER)
    here.link.failure = Unanswered("the link broke")
    await here.rings()
    here.link.failure = None
    here.link.lists["Status"] = [status(CALLER)]
    await here.telephony.refresh()
    here.heard.take()
    here.new_channel()
    here.up()
    here.event("BridgeEnter", OFFER, BridgeUniqueid=TALK, BridgeTechnology="simple_bridge", Context="wutong-offer")
    assert here.told() == [("offer_answered", OFFER)], "so that the engine has it hung up"


# --- cancelling


@fake_time
async def test_a_ringing_leg_is_hung_up_as_answered_elsewhere() -> None:
    here = Exchange()
    await here.rings()
    here.new_channel()
    here.link.take()
    await here.telephony.cancel(OFFER)
    assert here.link.take() == [("Hangup", {"Channel": OFFER, "Cause": "26"})]
    here.hangup("26")
    assert here.told() == []
    here.response("0")
    assert not here.live


@fake_time
async def test_a_leg_that_is_cancelled_before_it_exists_is_hung_up_when_it_does() -> None:
    here = Exchange()
    await here.rings()
    here.link.take()
    await here.telephony.cancel(OFFER)
    assert here.link.take() == []
    here.new_channel()
    assert here.link.take() == [("Hangup", {"Channel": OFFER, "Cause": "26"})]
    here.response("0")
    here.hangup("26")
    assert not here.live


@fake_time
async def test_a_leg_that_is_cancelled_and_never_exists_is_forgotten() -> None:
    here = Exchange()
    await here.rings()
    await here.telephony.cancel(OFFER)
    here.response("0")
    assert not here.live


@fake_time
async def test_an_answer_that_crosses_the_cancelling_is_told_and_the_leg_hung_up_again() -> None:
    here = Exchange()
    await here.rings()
    await here.telephony.cancel(OFFER)
    here.new_channel()
    here.up()
    assert here.told() == [("offer_answered", OFFER)]
    here.link.take()
    await here.telephony.cancel(OFFER)
    assert here.link.take() == [("Hangup", {"Channel": OFFER, "Cause": "26"})]


@fake_time
async def test_a_leg_that_is_long_gone_may_be_cancelled() -> None:
    here = Exchange()
    here.link.failure = ActionRefused("an action", message(Message="No such channel"))
    await here.telephony.cancel("offer-0")
    assert here.link.take() == [("Hangup", {"Channel": "offer-0", "Cause": "26"})]


# --- keys, sub-hotlines, phones


@fake_time
async def test_keys_that_watched_callers_press_are_told() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.event("DTMFEnd", CALLER, Digit="5", Direction="Received")
    here.event("DTMFEnd", CALLER, Digit="6", Direction="Sent")
    here.event("DTMFBegin", CALLER, Digit="7", Direction="Received")
    here.event("DTMFEnd", "caller-2", Digit="8", Direction="Received")
    here.telephony.forget(CALLER)
    here.event("DTMFEnd", CALLER, Digit="9", Direction="Received")
    assert here.told() == [("key_pressed", CALLER, "5")]


@fake_time
async def test_a_sub_hotline_that_answers_is_told() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.event("DialEnd", CALLER, DialStatus="BUSY")
    here.event("DialEnd", "other", DialStatus="ANSWER")
    here.event("DialEnd", CALLER, DialStatus="ANSWER")
    assert here.told() == [("sub_hotline_answered", CALLER)]


@pytest.mark.parametrize(
    ("state", "phone"),
    [
        ("NOT_INUSE", "free"),
        ("INUSE", "busy"),
        ("RINGING", "busy"),
        ("ONHOLD", "busy"),
        ("UNAVAILABLE", "unreachable"),
        ("SOMETHING NEW", "unreachable"),
    ],
)
@fake_time
async def test_phones(state: str, phone: str) -> None:
    here = Exchange()
    here.event("DeviceStateChange", Device="PJSIP/1001", State=state)
    here.event("DeviceStateChange", Device="Local/1001@x", State=state)
    here.event("DeviceStateChange", Device="PJSIP/", State=state)
    assert here.told() == [("phone_changed", "1001", phone)]


@pytest.mark.parametrize(("cause", "failure"), [("17", "busy"), ("20", "unreachable")])
@fake_time
async def test_a_phone_that_said_busy_is_looked_at_again(cause: str, failure: str) -> None:
    """It may be busy with a call that Asterisk has no part in, whose end is never told."""
    here = Exchange()
    here.event("DeviceStateChange", Device=f"PJSIP/{AGENT}", State="NOT_INUSE")
    await here.rings()
    here.new_channel()
    here.hangup(cause)
    here.response("0")
    assert here.told()[-1] == ("offer_failed", OFFER, failure)
    await passes(RECHECK - 1)
    assert here.told() == []
    await passes(2)
    assert here.told() == [("phone_changed", AGENT, "free")]
    await passes(100)
    assert here.told() == []


@fake_time
async def test_a_phone_that_rang_in_vain_needs_no_second_look() -> None:
    here = Exchange()
    await here.rings()
    here.new_channel()
    here.response("3")
    here.heard.take()
    await passes(RECHECK + 1)
    assert here.told() == []


# --- after the link was down


def status(uniqueid: str, bridge: str = "", application: str = "", state: str = "Up") -> AmiMessage:
    fields = {"Channel": f"PJSIP/{uniqueid}", "ChannelStateDesc": state, "BridgeID": bridge}
    return message(Event="Status", Uniqueid=uniqueid, Application=application, **fields)


@fake_time
async def test_who_is_gone_is_told_and_who_is_there_is_not() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.telephony.watch("caller-2")
    await here.rings()
    here.new_channel()
    here.link.lists["Status"] = [status("caller-2"), status("stranger")]
    here.link.lists["DeviceStateList"] = [
        message(Event="DeviceStateChange", Device="PJSIP/1001", State="UNAVAILABLE"),
        message(Event="DeviceStateChange", Device="PJSIP/1002", State="NOT_INUSE"),
    ]
    await here.telephony.refresh()
    assert here.told() == [
        ("caller_missing", CALLER),
        ("offer_failed", OFFER, "failed"),
        ("phone_changed", "1001", "unreachable"),
        ("phone_changed", "1002", "free"),
    ]
    assert not here.live


@fake_time
async def test_a_talk_whose_agent_is_gone_has_ended() -> None:
    here = Exchange()
    await here.talks()
    here.link.lists["Status"] = [status(CALLER)]
    await here.telephony.refresh()
    assert here.told() == [("leg_hung_up", OFFER)]


@fake_time
async def test_without_the_link_no_phone_can_be_reached() -> None:
    here = Exchange()
    here.link.lists["DeviceStateList"] = [
        message(Event="DeviceStateChange", Device="PJSIP/1001", State="NOT_INUSE"),
        message(Event="DeviceStateChange", Device="PJSIP/1002", State="UNAVAILABLE"),
    ]
    await here.telephony.refresh()
    here.told()
    here.telephony.lost()
    assert here.told() == [("phone_changed", "1001", "unreachable")]
    here.telephony.lost()
    assert here.told() == []


@fake_time
async def test_a_ring_whose_channel_is_still_to_be_made_is_not_taken_for_gone() -> None:
    here = Exchange()
    await here.rings()
    await here.telephony.refresh()
    assert here.told() == []
    assert here.live
    await here.telephony.cancel(OFFER)
    await here.telephony.refresh()
    assert here.told() == [("offer_failed", OFFER, "failed")]


@fake_time
async def test_what_began_while_asterisk_was_asked_is_not_taken_for_gone() -> None:
    here = Exchange()
    here.link.answer.clear()
    refreshing = asyncio.create_task(here.telephony.refresh())
    await settles()
    here.telephony.watch(CALLER)
    here.link.answer.set()
    await refreshing
    await here.rings()
    assert here.told() == []
    assert here.live


@fake_time
async def test_a_ring_that_became_a_talk_meanwhile_is_told_step_by_step() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    await here.rings()
    here.new_channel()
    here.heard.take()
    here.link.lists["Status"] = [status(CALLER, TALK, "BridgeWait"), status(OFFER, TALK, "Bridge")]
    await here.telephony.refresh()
    assert here.told() == [("offer_answered", OFFER), ("offer_connected", OFFER)]
    await here.telephony.refresh()
    assert here.told() == []


@fake_time
async def test_a_ring_that_still_rings_is_left_alone() -> None:
    here = Exchange()
    await here.rings()
    here.new_channel()
    here.link.lists["Status"] = [status(OFFER, state="Ringing")]
    await here.telephony.refresh()
    assert here.told() == []
    assert here.live


@fake_time
async def test_a_caller_who_was_held_meanwhile_is_told() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.telephony.watch("caller-2")
    here.link.lists["Status"] = [status(CALLER, HOLDING, "BridgeWait"), status("caller-2", "b-9", "Dial")]
    for _ in range(2):  # and once more: what was asked for meanwhile, while the link was down, has come to nothing
        await here.telephony.refresh()
        assert sorted(here.told()) == [("caller_held", CALLER), ("sub_hotline_answered", "caller-2")]


@fake_time
async def test_a_sub_hotline_that_answered_meanwhile_is_told() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.link.lists["Status"] = [status(CALLER, "", "Dial")]
    await here.telephony.refresh()
    assert here.told() == []
    here.link.lists["Status"] = [status(CALLER, TALK, "Dial")]
    await here.telephony.refresh()
    assert here.told() == [("sub_hotline_answered", CALLER)]


@fake_time
async def test_an_event_is_believed_more_than_a_list_that_began_before_it() -> None:
    here = Exchange()
    here.telephony.watch(CALLER)
    here.enters(CALLER, HOLDING, "holding_bridge")
    here.heard.take()
    here.link.answer.clear()
    refreshing = asyncio.create_task(here.telephony.refresh())
    await settles()
    here.leaves(CALLER, HOLDING)
    here.link.lists["Status"] = [status(CALLER, HOLDING, "BridgeWait")]
    here.link.answer.set()
    await refreshing
    assert here.told() == [], "he is held no longer"


@fake_time
async def test_a_link_that_breaks_again_is_for_who_asked() -> None:
    here = Exchange()
    await here.talks()
    here.link.failure = LinkDown("gone")
    with pytest.raises(LinkDown):
        await here.telephony.refresh()
    assert here.told() == []
    assert here.live


@fake_time
async def test_callers_whom_nobody_holds_are_found_and_those_who_talk_left_alone() -> None:
    here = Exchange()
    here.link.lists["Status"] = [
        status("lost", HOLDING, "BridgeWait"),
        status("known", HOLDING, "BridgeWait"),
        status("talks", TALK, "BridgeWait"),
        status("his agent", TALK, "Bridge"),
        status("on the way", "", "BridgeWait"),
        status("in the menu", "", "AGI"),
    ]
    assert await here.telephony.held_by_nobody(["known"]) == ["PJSIP/lost"]


# --- what is asked of a caller's channel


@fake_time
async def test_what_asterisk_refuses_or_does_not_answer_is_false() -> None:
    here = Exchange()
    assert await here.telephony.kick("PJSIP/x") is True
    assert await here.telephony.stop_prompt("PJSIP/x") is True
    assert await here.telephony.play_key("PJSIP/x", "5") is True
    assert here.link.take() == [
        ("BridgeKick", {"Channel": "PJSIP/x"}),
        ("ControlPlayback", {"Channel": "PJSIP/x", "Control": "stop"}),
        ("PlayDTMF", {"Channel": "PJSIP/x", "Digit": "5", "Duration": "120"}),
    ]
    for failure in (ActionRefused("an action", message(Message="No such channel")), LinkDown("gone"), TimeoutError()):
        here.link.failure = failure
        assert await here.telephony.kick("PJSIP/x") is False


# --- the whole story, as Asterisk 22 told it


@fake_time
async def test_a_recorded_call() -> None:
    """A local channel stood in for the agent's phone; its originate is the one of `offer-1`."""
    here = Exchange()
    here.telephony.watch("wutong-1795535239.2")
    await here.rings(caller="wutong-1795535239.2")
    for part in AmiDecoder().receive(RECORDING.read_bytes()):
        if isinstance(part, AmiMessage) and part.event:
            here.telephony.on_event(part)
    told = [told for told in here.told() if told[0] != "phone_changed"]
    caller = "wutong-1795535239.2"
    assert told == [
        ("key_pressed", caller, "2"),
        ("caller_held", caller),
        ("key_pressed", caller, "7"),
        ("caller_held", caller),
        ("offer_answered", OFFER),
        ("offer_connected", OFFER),
        ("leg_hung_up", OFFER),
        ("caller_hung_up", caller),
        ("caller_ended", caller),
    ]


def _recorded() -> list[AmiMessage]:
    parts = AmiDecoder().receive(RECORDING.read_bytes())
    return [part for part in parts if isinstance(part, AmiMessage) and part.event]


@fake_time
async def test_a_recorded_call_whose_every_event_comes_twice_is_told_once() -> None:
    here = Exchange()
    caller = "wutong-1795535239.2"
    here.telephony.watch(caller)
    await here.rings(caller=caller)
    for event in _recorded():
        here.telephony.on_event(event)
        here.telephony.on_event(event)
    of_the_offer = [told for told in here.told() if told[0].startswith(("offer_", "leg_"))]
    assert of_the_offer == [("offer_answered", OFFER), ("offer_connected", OFFER), ("leg_hung_up", OFFER)]


@fake_time
@pytest.mark.parametrize("apart", [2, 5, 20, 1_000])
async def test_a_recorded_call_in_any_other_order_is_told_at_most_once_and_leaves_nothing(apart: int) -> None:
    """Each event comes up to so many places late; then Asterisk is asked what is true, as it is from time to time."""
    caller = "wutong-1795535239.2"
    for seed in range(50):
        chance = random.Random(seed)
        order = sorted(enumerate(_recorded()), key=lambda at: at[0] + chance.uniform(0, apart))
        here = Exchange()
        here.telephony.watch(caller)
        await here.rings(caller=caller)
        for _, event in order:
            here.telephony.on_event(event)
        await here.telephony.refresh()
        told = [name for name, *_ in here.told()]
        assert told.count("offer_answered") <= 1
        assert told.count("offer_connected") <= 1
        assert told.count("offer_failed") + told.count("leg_hung_up") == 1, "it ended, and once"
        assert "caller_hung_up" in told
        assert not here.live


# --- after a restart of the service


def ours(uniqueid: str, *variables: str, bridge: str = "", **more: str) -> AmiMessage:
    told = status(uniqueid, bridge, **more)
    return AmiMessage((*told.fields, *(("Variable", variable) for variable in variables)))


@fake_time
async def test_channels_of_ours_are_told_by_their_variables() -> None:
    here = Exchange()
    here.link.lists["Status"] = [
        status("stranger"),
        ours("nobody", "WUTONG_CALL=(null)", "WUTONG_OFFER=(null)"),
        ours(CALLER, "WUTONG_CALL=c-1", "WUTONG_OFFER=(null)", "WUTONG_SUB_HOTLINE=", bridge=HOLDING),
        ours("put-through", "WUTONG_CALL=c-2", "WUTONG_SUB_HOTLINE=gas", bridge="b-2"),
        ours(OFFER, "WUTONG_CALL=c-1", f"WUTONG_OFFER={OFFER}", "WUTONG_EARLY=1", "BESIDE=1"),
    ]
    caller, put_through, leg = await here.telephony.channels()
    assert (caller.unique_id, caller.name, caller.call_id, caller.offer_id) == (CALLER, f"PJSIP/{CALLER}", "c-1", "")
    assert (caller.bridge, caller.sub_hotline) == (HOLDING, "")
    assert (put_through.call_id, put_through.sub_hotline) == ("c-2", "gas")
    assert (leg.offer_id, leg.call_id, leg.waits, leg.beside, leg.bridge) == (OFFER, "c-1", True, True, "")


@fake_time
async def test_a_link_that_breaks_while_channels_are_asked_for_is_for_who_asked() -> None:
    here = Exchange()
    here.link.failure = LinkDown("it broke")
    with pytest.raises(LinkDown):
        await here.telephony.channels()


async def adopted(here: Exchange, leg: AmiMessage | None, *, connected: bool = False) -> list[tuple[str, ...]]:
    """What is told of a leg from before a restart, when Asterisk has these channels now."""
    here.telephony.watch(CALLER)
    here.link.lists["Status"] = [leg] if leg else []
    found = await here.telephony.channels()
    here.telephony.adopt(OFFER, AGENT, CALLER, found[0] if found else None, connected=connected)
    talks = leg is not None and leg.get("BridgeID") == TALK
    caller = status(CALLER, TALK if talks else HOLDING, "BridgeWait")
    here.link.lists["Status"] = [*([leg] if leg else []), caller]
    await here.telephony.refresh()
    return [told for told in here.told() if told[0] != "caller_held"]


LEG = ("WUTONG_CALL=c-1", f"WUTONG_OFFER={OFFER}")


@fake_time
async def test_an_adopted_leg_that_rings_is_heard_from_then_on() -> None:
    here = Exchange()
    assert await adopted(here, ours(OFFER, *LEG, state="Ringing")) == []
    here.up()
    here.enters(CALLER, TALK)
    here.enters(OFFER, TALK)
    here.hangup_request()
    assert here.told() == [("offer_answered", OFFER), ("offer_connected", OFFER), ("leg_hung_up", OFFER)]


@fake_time
async def test_an_adopted_leg_that_was_answered_or_talks_meanwhile_is_told_so() -> None:
    assert await adopted(Exchange(), ours(OFFER, *LEG)) == [("offer_answered", OFFER)]
    talks = await adopted(Exchange(), ours(OFFER, *LEG, bridge=TALK))
    assert talks == [("offer_answered", OFFER), ("offer_connected", OFFER)]


@fake_time
async def test_an_adopted_leg_that_is_gone_has_failed_or_ended_its_talk() -> None:
    assert await adopted(Exchange(), None) == [("offer_failed", OFFER, "failed")]
    assert await adopted(Exchange(), None, connected=True) == [("leg_hung_up", OFFER)]


@fake_time
async def test_an_adopted_talk_is_not_told_again_and_its_end_is() -> None:
    here = Exchange()
    assert await adopted(here, ours(OFFER, *LEG, bridge=TALK), connected=True) == []
    here.hangup()
    assert here.told() == [("leg_hung_up", OFFER)]


@fake_time
async def test_an_adopted_leg_that_waits_for_its_caller_is_told_that_he_is_held() -> None:
    here = Exchange()
    await adopted(here, ours(OFFER, *LEG, "WUTONG_EARLY=1"))
    here.link.take()
    here.telephony.admit(CALLER)
    assert here.link.take() == [("Setvar", {"Channel": OFFER, "Variable": "WUTONG_HELD", "Value": "1"})]


@fake_time
async def test_an_adopted_leg_beside_others_is_let_through() -> None:
    here = Exchange()
    await adopted(here, ours(OFFER, *LEG, "BESIDE=1", state="Ringing"))
    here.link.take()
    here.telephony.let_through(OFFER)
    ((action, fields),) = here.link.take()
    assert (action, fields["Priority"]) == ("Redirect", "won")
