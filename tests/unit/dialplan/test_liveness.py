"""Phones that do not answer, and how their audio is listened to."""

import asyncio

import pytest

from dialplan.liveness import LISTEN, LISTEN_TO_LEFT
from dialplan.snapshot import AsteriskSnapshot, Channel
from tests.unit.dialplan.exchange import AGENT, CALLER, OFFER, Exchange, exchange
from tests.unit.faketime import fake_time, passes, settles

SUB_HOTLINE, COLLEAGUE = "1700000000.9", "1700000000.8"


def heard(here: Exchange, packets: str, state: str = "Up") -> None:
    """So many packets have come from the phone's channel."""
    here.manager.variables = {"CHANNEL(rtcp,rxcount)": packets, "CHANNEL(state)": state}


async def silent(packets: str = "100") -> tuple[Exchange, asyncio.Task[None]]:
    """A caller and an agent talk; the agent's phone does not answer any more, and is watched."""
    here = await exchange()
    await here.looks()
    await here.talks()
    here.told()
    here.asked()
    heard(here, packets)
    return here, asyncio.create_task(here.telephony.liveness.watch(AGENT))


def ends(here: Exchange) -> None:
    """The phone's channel does."""
    here.event("Hangup", Channel=f"PJSIP/{AGENT}-00000001")


ENDED = [("Hangup", {"Channel": OFFER, "Cause": "18"})]


@fake_time
async def test_a_phone_of_which_nothing_is_heard_is_gone_and_its_talk_is_ended() -> None:
    here, watching = await silent()
    await passes(LISTEN - 0.1)
    assert here.told() == []
    await passes(0.2)
    assert here.told() == [("leg_lost", OFFER)]
    assert here.asked() == ENDED
    ends(here)
    await passes(LISTEN)
    assert watching.done()
    assert here.told() == []


@fake_time
async def test_a_phone_that_is_heard_keeps_its_talk_and_is_listened_to_on() -> None:
    here, watching = await silent()
    for packets in ("250", "400", "550"):
        await passes(LISTEN / 2)
        heard(here, packets)
        await passes(LISTEN / 2)
    assert here.told() == []
    await passes(2 * LISTEN)
    assert here.told() == [("leg_lost", OFFER)]
    watching.cancel()


@fake_time
async def test_a_phone_that_answers_again_is_listened_to_no_more_and_anew_when_it_falls_silent_again() -> None:
    here, watching = await silent()
    await passes(LISTEN - 0.1)
    here.telephony.liveness.answers(AGENT)
    again = asyncio.create_task(here.telephony.liveness.watch(AGENT))
    await passes(LISTEN - 0.1)
    assert watching.done()
    assert here.told() == []
    await passes(0.2)
    assert here.told() == [("leg_lost", OFFER)]
    again.cancel()


@fake_time
async def test_a_phone_is_watched_once_and_only_with_a_channel() -> None:
    here, watching = await silent()
    await settles()
    await here.telephony.liveness.watch(AGENT)
    await here.telephony.liveness.watch("1002")
    here.telephony.liveness.answers("1002")
    await passes(LISTEN + 0.1)
    assert here.asked() == ENDED
    watching.cancel()


@fake_time
async def test_a_channel_that_is_not_answered_is_left_alone() -> None:
    here, watching = await silent()
    heard(here, "100", "Ringing")
    await passes(3 * LISTEN)
    assert here.told() == []
    watching.cancel()


@pytest.mark.parametrize("peer", ["", CALLER])
@pytest.mark.parametrize("packets", ["", "(null)"])
@fake_time
async def test_a_phone_whose_audio_asterisk_does_not_count_is_gone_when_none_reaches_the_other_end(
    packets: str, peer: str
) -> None:
    here, watching = await silent(packets)
    here.manager.variables |= {"BRIDGEPEER": peer, "CHANNEL(rtcp,txcount)": "100" if peer else packets}
    await passes(LISTEN - 0.1)
    assert here.told() == []
    await passes(0.2)
    assert here.told() == [("leg_lost", OFFER)]
    watching.cancel()


@fake_time
async def test_a_phone_whose_audio_asterisk_does_not_count_keeps_its_talk_while_the_other_end_gets_it() -> None:
    here, watching = await silent("")
    for packets in ("100", "250", "400", "550"):
        here.manager.variables |= {"BRIDGEPEER": CALLER, "CHANNEL(rtcp,txcount)": packets}
        await passes(LISTEN)
    assert here.told() == []
    await passes(LISTEN + 0.1)
    assert here.told() == [("leg_lost", OFFER)]
    watching.cancel()


@fake_time
async def test_a_channel_that_ends_meanwhile_is_no_matter() -> None:
    here, watching = await silent()
    here.manager.fails = "refused"
    await passes(LISTEN)
    assert not watching.done()
    ends(here)
    await passes(LISTEN)
    assert watching.done()


@fake_time
async def test_a_slow_answer_ends_no_watch() -> None:
    here, watching = await silent()
    here.manager.fails = "silent"
    await passes(20)
    assert not watching.done()
    here.manager.fails = ""
    await passes(20)
    assert here.told() == [("leg_lost", OFFER)]
    watching.cancel()


@fake_time
async def test_nobody_is_listened_to_while_asterisk_is_away() -> None:
    here, watching = await silent()
    await here.works("down")
    await passes(LISTEN + 0.1)
    assert watching.done()
    assert ("leg_lost", OFFER) not in here.told()


@fake_time
async def test_a_caller_or_a_sub_hotline_of_whose_phone_nothing_is_heard_is_told() -> None:
    here = await exchange()
    await here.looks()
    for channel, name in ((CALLER, "PJSIP/1003-00000001"), (SUB_HOTLINE, "PJSIP/2201-00000002")):
        here.event("Newchannel", channel, Channel=name, ChannelStateDesc="Up")
        heard(here, "0")
    here.telephony.watch("caller-2")
    here.telephony.watch(CALLER)
    for channel in ("caller-2", SUB_HOTLINE):
        here.event("BridgeEnter", channel, BridgeUniqueid="b-2")
    assert here.told() == [("caller_met", "caller-2")]
    for phone, told in (("1003", ("caller_lost", CALLER)), ("2201", ("caller_lost", "caller-2"))):
        watching = asyncio.create_task(here.telephony.liveness.watch(phone))
        await passes(LISTEN + 0.1)
        assert here.told() == [told]
        watching.cancel()


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ({"Cause": "18", "TechCause": "408"}, "lost"),
        ({"Cause": "16", "TechCause": "408"}, "lost"),
        ({"Cause": "127", "TechCause": "481"}, "lost"),
        ({"Cause": "16"}, "hung_up"),
        ({"Cause": "18"}, "hung_up"),  # the caller's channel keeps it of an agent's phone that was gone before
    ],
)
@fake_time
async def test_a_phone_that_does_not_answer_the_refresh_of_its_session_is_gone(
    cause: dict[str, str], told: str
) -> None:
    here = await exchange()
    await here.talks()
    here.event("HangupRequest", OFFER, **cause)
    assert here.told() == [(f"leg_{told}", OFFER)]
    here.event("HangupRequest", CALLER, **cause)
    (answer,) = here.told()
    assert answer == ("caller_lost" if "18" in cause.values() or told == "lost" else "caller_hung_up", CALLER)


@pytest.mark.parametrize("how", ["BlindTransfer", "AttendedTransfer"])
@pytest.mark.parametrize(("result", "told"), [("Success", "hung_up"), ("Fail", "lost")])
@fake_time
async def test_a_phone_that_hung_up_before_it_was_told_of_its_transfers_outcome_is_not_gone(
    how: str, result: str, told: str
) -> None:
    here = await exchange()
    await here.talks()
    here.event(how, "", Result=result, TransfererUniqueid=OFFER, OrigTransfererUniqueid=OFFER)
    here.event("HangupRequest", OFFER, Cause="127", TechCause="481")
    assert here.told()[-1] == (f"leg_{told}", OFFER)


@fake_time
async def test_a_page_of_which_nothing_is_heard_when_another_one_comes_is_gone() -> None:
    here, watching = await silent()
    watching.cancel()
    checking = asyncio.create_task(here.telephony.liveness.check(AGENT))
    await passes(LISTEN_TO_LEFT - 0.1)
    assert here.told() == []
    await passes(0.2)
    assert (here.told(), here.asked()) == ([("leg_lost", OFFER)], ENDED)
    assert checking.done()


@pytest.mark.parametrize("works", ["", "down"])
@fake_time
async def test_a_page_that_talks_when_another_one_comes_keeps_its_talk(works: str) -> None:
    here, watching = await silent()
    watching.cancel()
    checking = asyncio.create_task(here.telephony.liveness.check(AGENT))
    await passes(LISTEN_TO_LEFT / 2)
    heard(here, "125")
    await here.works(works)
    await passes(5 * LISTEN)
    assert checking.done()
    assert ("leg_lost", OFFER) not in here.told()


@fake_time
async def test_a_colleague_with_whom_a_caller_was_joined_and_of_whose_phone_nothing_is_heard_is_told() -> None:
    """A phone's own attended transfer puts the caller into the bridge in which the colleague is already."""
    here = await exchange()
    await here.looks()
    here.telephony.watch(CALLER)
    heard(here, "0")
    here.event("Newchannel", COLLEAGUE, Channel="PJSIP/1003-00000007", ChannelStateDesc="Up")
    here.event("BridgeEnter", COLLEAGUE, BridgeUniqueid="b-2")
    here.event("BridgeEnter", CALLER, BridgeUniqueid="b-2")
    assert here.told() == [("caller_met", CALLER)]
    watching = asyncio.create_task(here.telephony.liveness.watch("1003"))
    await passes(LISTEN + 0.1)
    assert here.told() == [("caller_lost", CALLER)]
    watching.cancel()
    here.event("HangupRequest", COLLEAGUE, Cause="18")  # what we have asked for
    assert here.told() == [("caller_lost", CALLER)], "the call's machine knows it, and does nothing more"
    here.event("BridgeLeave", COLLEAGUE, BridgeUniqueid="b-2")
    here.event("HangupRequest", COLLEAGUE, Cause="18")
    assert here.told() == []


@pytest.mark.parametrize("how", ["BlindTransfer", "AttendedTransfer"])
@fake_time
async def test_a_colleague_who_has_sent_the_caller_on_is_not_gone(how: str) -> None:
    here = await exchange()
    await here.looks()
    here.telephony.watch(CALLER)
    for channel in (COLLEAGUE, CALLER):
        here.event("BridgeEnter", channel, BridgeUniqueid="b-2")
    transfer = {"TransfererUniqueid": COLLEAGUE, "OrigTransfererUniqueid": COLLEAGUE, "TransfereeUniqueid": CALLER}
    here.event(how, "", Result="Success", **transfer)
    here.told()
    here.event("HangupRequest", COLLEAGUE, Cause="127", TechCause="481")
    assert here.told() == []


@fake_time
async def test_a_queue_s_agent_with_whom_a_caller_was_joined_is_told_and_so_is_the_agent_s_own_call() -> None:
    here, watching = await silent()
    here.telephony.watch("caller-2")
    (bridge,) = {here.telephony.legs.bridge_of(OFFER)}
    here.event("BridgeEnter", "caller-2", BridgeUniqueid=bridge)
    here.told()
    await passes(LISTEN + 0.1)
    assert here.told() == [("caller_lost", "caller-2"), ("leg_lost", OFFER)]
    watching.cancel()


@fake_time
async def test_what_events_tell_of_a_colleague_is_newer_than_a_look() -> None:
    """The caller was given to the colleague while Asterisk was asked, and another colleague has hung up."""
    here = await exchange()
    here.telephony.watch(CALLER)
    for channel in (COLLEAGUE, SUB_HOTLINE):
        here.event("BridgeEnter", channel, BridgeUniqueid="b-1")
    await here.telephony.look()
    before = {channel: Channel(channel, "PJSIP/1-1", "", True, "b-1", {}) for channel in (COLLEAGUE, SUB_HOTLINE)}
    here.event("BridgeEnter", COLLEAGUE, BridgeUniqueid="b-2")
    here.event("BridgeEnter", CALLER, BridgeUniqueid="b-2")
    here.event("Hangup", SUB_HOTLINE, Channel="PJSIP/1-1", Cause="16")
    here.telephony.learned(AsteriskSnapshot(before, frozenset(), {}))
    here.told()
    here.event("HangupRequest", COLLEAGUE, Cause="18")
    assert here.told() == [("caller_lost", CALLER)]
    here.event("BridgeEnter", CALLER, BridgeUniqueid="b-1")
    here.event("HangupRequest", SUB_HOTLINE, Cause="18")
    assert here.told() == []
    await here.telephony.look()
    here.telephony.learned(AsteriskSnapshot({}, frozenset(), {}))  # the colleague has hung up, and no event has told it
    here.event("BridgeEnter", CALLER, BridgeUniqueid="b-2")
    here.event("HangupRequest", COLLEAGUE, Cause="18")
    assert here.told() == []


def test_who_may_talk_with_a_caller_is_known_from_a_look() -> None:
    channels = [
        Channel(CALLER, "PJSIP/anonymous-1", "Dial", True, "b-1", {"WUTONG_CALL": "c-1"}),
        Channel(SUB_HOTLINE, "PJSIP/2201-2", "AppDial", True, "b-1", {}),
        Channel(OFFER, "PJSIP/1001-3", "Bridge", True, "b-2", {"WUTONG_OFFER": OFFER, "WUTONG_CALL": "c-2"}),
        Channel("rung", "PJSIP/1003-4", "AppDial", False, "", {}),
    ]
    snapshot = AsteriskSnapshot({channel.unique_id: channel for channel in channels}, frozenset(), {})
    assert snapshot.others() == {SUB_HOTLINE: "b-1"}


def test_a_leg_that_an_agent_has_joined_with_another_caller_may_talk_with_this_caller() -> None:
    leg = Channel(OFFER, "PJSIP/1003-3", "Bridge", True, "b-1", {"WUTONG_OFFER": OFFER, "WUTONG_CALL": "c-2"})
    caller = Channel(CALLER, "PJSIP/anonymous-1", "BridgeWait", True, "b-1", {"WUTONG_CALL": "c-1"})
    assert AsteriskSnapshot({OFFER: leg, CALLER: caller}, frozenset(), {}).others() == {OFFER: "b-1"}
