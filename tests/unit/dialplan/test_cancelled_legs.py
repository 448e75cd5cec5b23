"""Agents' legs that are cancelled, and when their phones are free again."""

import pytest

from dialplan.legs import OVERTAKEN, UNREACHED
from tests.unit.dialplan.exchange import AGENT, OFFER, device, exchange, status
from tests.unit.faketime import fake_time, passes
from tests.unit.service.saboteur import Mistake, makes_a_mistake

HUNG_UP = ("Hangup", {"Channel": OFFER, "Cause": "26"})
WITHDRAWN = ("Setvar", {"Channel": OFFER, "Variable": "WUTONG_WITHDRAWN", "Value": "1"})


@fake_time
async def test_a_ringing_leg_is_hung_up_as_answered_elsewhere() -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    here.ringing()
    here.asked()
    here.telephony.legs.cancel(OFFER)
    assert here.asked() == [HUNG_UP]
    here.hangup("26")
    assert here.told() == []
    here.response("0")
    assert not here.live


@pytest.mark.parametrize("made", [False, True])
@fake_time
async def test_a_leg_that_is_cancelled_before_the_phone_rings_is_hung_up_when_it_does(made: bool) -> None:
    """Asterisk would put the CANCEL off, and say at once that the leg is gone. Meanwhile it may not take the caller."""
    here = await exchange()
    await here.rings()
    if made:
        here.new_channel()
    here.asked()
    here.telephony.legs.cancel(OFFER)
    assert here.asked() == [WITHDRAWN]
    if not made:
        here.new_channel()
        assert here.asked() == [WITHDRAWN], "Asterisk may have had no channel before"
    here.ringing()
    assert here.asked() == [HUNG_UP]
    here.response("0")
    here.hangup("26")
    assert not here.live


@fake_time
async def test_a_leg_that_is_cancelled_is_hung_up_when_the_phone_answers_at_once() -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    here.telephony.legs.cancel(OFFER)
    here.asked()
    here.up()
    assert here.asked() == [HUNG_UP]


@fake_time
async def test_a_leg_that_is_cancelled_and_whose_phone_says_nothing_is_hung_up_all_the_same() -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    here.telephony.legs.cancel(OFFER)
    here.asked()
    await passes(UNREACHED - 0.1)
    assert here.asked() == []
    await passes(0.2)
    assert here.asked() == [HUNG_UP]


@fake_time
async def test_a_leg_that_is_found_after_it_was_cancelled_is_hung_up() -> None:
    """The link broke meanwhile: what was asked over it may not have arrived."""
    here = await exchange()
    await here.rings()
    here.new_channel()
    here.telephony.legs.cancel(OFFER)
    here.asked()
    here.manager.lists["Status"] = [status(OFFER, state="Ringing")]
    await here.looks()
    assert HUNG_UP in here.asked()


@pytest.mark.parametrize("why", ["refused", "a mistake"])
@fake_time
async def test_a_leg_that_could_not_be_hung_up_is_hung_up_by_the_next_look(
    why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await exchange()
    await here.rings()
    here.new_channel()
    here.ringing()
    if why == "refused":
        await here.works("refused")
        here.telephony.legs.cancel(OFFER)
    else:
        monkeypatch.setattr(here.link, "send", makes_a_mistake)
        with pytest.raises(Mistake):
            here.telephony.legs.cancel(OFFER)
        monkeypatch.undo()
    here.asked()
    await here.works()
    here.manager.lists["Status"] = [status(OFFER, state="Ringing")]
    await here.looks()
    assert HUNG_UP in here.asked()


@fake_time
async def test_a_ring_that_is_given_up_has_failed_though_it_could_not_be_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = await exchange()
    await here.rings()
    monkeypatch.setattr(here.link, "send", makes_a_mistake)
    with pytest.raises(Mistake):
        here.telephony.legs.give_up(OFFER)
    assert here.told() == [("offer_failed", OFFER, "failed")]
    assert not here.live


@fake_time
async def test_a_leg_that_is_cancelled_and_never_exists_is_forgotten() -> None:
    here = await exchange()
    await here.rings()
    here.telephony.legs.cancel(OFFER)
    here.response("0")
    await passes(OVERTAKEN)
    assert not here.live


@fake_time
async def test_an_answer_that_crosses_the_cancelling_is_told_and_the_leg_hung_up_again() -> None:
    here = await exchange()
    await here.rings()
    here.telephony.legs.cancel(OFFER)
    here.new_channel()
    here.up()
    assert here.told() == [("offer_answered", OFFER)]
    here.asked()
    here.telephony.legs.cancel(OFFER)
    assert here.asked() == [HUNG_UP]


@fake_time
async def test_a_leg_that_is_long_gone_may_be_cancelled() -> None:
    here = await exchange()
    await here.works("refused")
    here.telephony.legs.cancel("offer-0")
    assert here.asked() == [("Hangup", {"Channel": "offer-0", "Cause": "26"})]


@fake_time
async def test_a_phone_is_free_again_when_the_leg_that_was_cancelled_is_gone() -> None:
    """Asterisk tells of the leg's end after it has sent the CANCEL. Its news of the phone may come late, or never."""
    here = await exchange()
    here.manager.lists["DeviceStateList"] = [device("NOT_INUSE")]
    await here.looks()
    here.heard.take()
    await here.rings()
    assert here.told() == [("phone_changed", AGENT, "busy")]
    here.new_channel()
    here.telephony.legs.cancel(OFFER)
    here.response("0")
    assert ("phone_changed", AGENT, "free") not in here.told()
    here.hangup("26")
    assert here.told()[-1] == ("phone_changed", AGENT, "free")
