"""An agent is rung while the caller hears a sentence; however fast the answer, the leg waits for the holding bridge."""

import asyncio

import pytest

from dialplan.link import Asked
from dialplan.telephony import Telephony
from dialplan.wire.ami import AmiMessage
from lab.patience import until
from lab.phone import Call, IncomingCall, Phone
from tests.integration.conversations import hear_each_other, queued
from tests.integration.machine import wait_for_ever
from tests.integration.world import World, kinds, record


class Stops:
    """Stands between the service and Asterisk: a stop of a prompt is lost until `pass_on` is set."""

    def __init__(self) -> None:
        self.pass_on = asyncio.Event()
        self.lost = 0
        self._stop = Telephony.stop_prompt

    def stop_prompt(self, telephony: Telephony, channel: str) -> Asked:
        if self.pass_on.is_set():
            return self._stop(telephony, channel)
        self.lost += 1
        done = asyncio.get_running_loop().create_future()
        done.set_result([AmiMessage((("Response", "Success"),))])
        return Asked("ControlPlayback", done)


@pytest.fixture
def stops(monkeypatch: pytest.MonkeyPatch) -> Stops:
    made = Stops()
    monkeypatch.setattr(Telephony, "stop_prompt", lambda self, channel: made.stop_prompt(self, channel))
    return made


async def answering(phone: Phone) -> IncomingCall:
    """The next ring, answered at once."""
    offer = await phone.incoming()
    await offer.answer()
    return offer


async def says_goodbye(hotline: World, call: Call, offer: IncomingCall) -> None:
    """The caller's session lives: it goes on when the agent hangs up."""
    await offer.hang_up()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await call.ended()


async def test_an_agent_who_answers_while_the_sentence_still_plays_gets_the_caller_when_it_is_over(
    hotline: World, stops: Stops
) -> None:
    agent = await hotline.agent_phone("1001")
    await hotline.see_agent("1001", phone="free")
    call = await queued(hotline, "1")
    await call.hears_speech()
    await hotline.set_state("1001", "ready")
    offer = await answering(agent)
    offer.send_tone(440)
    call.send_tone(800)
    await offer.hears_silence()

    async def lost() -> int:
        return stops.lost

    await until("the sentence to be stopped again and again", lost, lambda stops: stops > 2)
    assert offer.up
    stops.pass_on.set()
    await hear_each_other(call, offer, one_says=1000, other_says=600)
    await says_goodbye(hotline, call, offer)
    told = await hotline.ended()
    assert told["outcome"] == "answered"
    assert kinds(told).count("offered") == 1


async def test_an_agent_who_gives_up_while_the_leg_waits_loses_no_caller(hotline: World, stops: Stops) -> None:
    agent, other = await hotline.agent_phone("1001"), await hotline.agent_phone("1002")
    for agent_id in ("1001", "1002"):
        await hotline.see_agent(agent_id, phone="free")
    call = await queued(hotline, "1")
    await hotline.set_state("1001", "ready")
    first = await answering(agent)
    await first.hears_silence()
    await first.hang_up()
    await hotline.set_state("1001", "not-ready")
    await hotline.set_state("1002", "ready")
    second = await answering(other)
    stops.pass_on.set()
    await hear_each_other(call, second)
    await says_goodbye(hotline, call, second)
    told = await hotline.ended()
    assert record(told, "offer-failed")["reason"] == "abandoned"
    assert record(told, "connected")["agent"] == "1002"


async def test_a_caller_who_hangs_up_while_the_leg_waits_frees_the_agent(hotline: World, stops: Stops) -> None:
    await wait_for_ever(hotline.asterisk)
    agent = await hotline.agent_phone("1001")
    await hotline.see_agent("1001", phone="free")
    call = await queued(hotline, "1")
    await hotline.set_state("1001", "ready")
    offer = await answering(agent)
    await call.hang_up()
    await offer.ended()
    await hotline.see_agent("1001", state="ready")
    assert (await hotline.ended())["outcome"] == "abandoned"


async def test_ring_all_while_the_sentence_plays_has_one_winner(hotline: World, stops: Stops) -> None:
    phones = [await hotline.agent_phone(agent) for agent in ("1001", "1002")]
    for agent in ("1001", "1002"):
        await hotline.see_agent(agent, phone="free")
    call = await queued(hotline, "23")
    for agent in ("1001", "1002"):
        await hotline.set_state(agent, "ready")
    offers = [await phone.incoming() for phone in phones]
    await asyncio.gather(*(offer.answer() for offer in offers), return_exceptions=True)
    done = [asyncio.create_task(offer.ended()) for offer in offers]
    await asyncio.wait(done, return_when=asyncio.FIRST_COMPLETED)
    (winner,) = (offer for offer in offers if offer.up)
    stops.pass_on.set()
    await hear_each_other(call, winner)
    await says_goodbye(hotline, call, winner)
    await asyncio.gather(*done)
    assert kinds(await hotline.ended()).count("connected") == 1
