"""Supervisors who listen, on the product's own assembly: what is asked and written, and what a restart keeps."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from accounts.audit import Entry
from accounts.model import EVERYTHING, Account, Asker
from acd.events import PhoneChanged
from agents.states import PhoneState
from base.failure import NotDone, NotPossible
from base.role import Role
from calls.listeners import Mode, Why
from calls.live.listening import Listenings
from calls.own_api import HelpCalls
from hotline.edition import Edition
from hotline.model import Listening
from journal.actor import Actor
from journal.records import Kind
from tests.unit.asterisk.leg import Leg
from tests.unit.asterisk.supervisor import SupervisorLeg
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import FakeCatalogue, Hall, hall
from tests.unit.service.saboteur import Mistake, makes_a_mistake

WANG = Asker(Actor.user("wang"), Account(name="wang", roles=frozenset({Role.SUPERVISOR})), "::1", EVERYTHING)
KINDS = (Kind.LISTENING_ASKED, Kind.LISTENING_BEGAN, Kind.LISTENING_CHANGED, Kind.LISTENING_ENDED)
PHONE = "2201"


class Room:
    """A hall in which 1001 talks with a caller, and supervisors may listen."""

    def __init__(self, here: Hall) -> None:
        self.here, self.audit = here, list[Entry]()
        self.listenings = Listenings(
            here.switchboard, here.distributor, here.book, lambda: here.edition, self.audit.append
        )
        here.recorder.add("listenings", self.listenings.note)

    @property
    def call(self) -> str:
        return self.here.call().id

    async def listens(self, mode: Mode = Mode.LISTEN) -> SupervisorLeg:
        """The supervisor's phone, which rings."""
        await self.listenings.listen(self.call, mode, PHONE, WANG)
        await self.here.heard()
        (spy,) = self.here.asterisk.spies.values()
        return spy

    async def hears(self) -> SupervisorLeg:
        spy = await self.listens()
        spy.answers()
        await self.here.heard()
        return spy

    def told(self) -> list[tuple[Kind, Any, Any]]:
        """Kind, mode and `why` of the Records of listenings."""
        records = [record for record in self.here.records if record.kind in KINDS]
        return [(record.kind, record.data.get("mode"), record.data.get("why")) for record in records]

    @property
    def ended(self) -> Any:
        return self.told()[-1][2]


async def talks(here: Hall) -> Leg:
    caller = await here.queued()
    here.sign_in()
    ring = await here.rung()
    await here.answer(ring)
    await here.connect(ring, caller)
    return ring


@asynccontextmanager
async def room() -> AsyncIterator[tuple[Room, Leg]]:
    async with hall() as here:
        made = Room(here)
        yield made, await talks(here)


@fake_time
async def test_nobody_listens_to_a_caller_on_hold_who_is_in_one_bridge_with_others() -> None:
    async with room() as (made, leg):
        other = await made.here.queued("caller-2")
        made.here.orders.hold(made.call, WANG.actor)
        await made.here.heard()
        assert other.held
        with pytest.raises(NotPossible, match="on hold"):
            await made.listens()
        made.here.orders.unhold(made.call, WANG.actor)
        await made.here.heard()
        assert (await made.listens()).heard == leg.name


@pytest.mark.parametrize(("part", "method"), [("link", "ask"), ("phones", "rung"), ("phones", "to_ring")])
@fake_time
async def test_a_listening_whose_ring_is_a_mistake_is_over(
    part: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room() as (made, _leg):
        monkeypatch.setattr(getattr(made.here.telephony, part), method, makes_a_mistake)
        with pytest.raises(Mistake):
            await made.listens()
        monkeypatch.undo()
        await made.here.heard()
        assert not made.here.asterisk.spies
        assert made.listenings.listenings() == []
        assert made.told() == [
            (Kind.LISTENING_ASKED, "listen", None),
            (Kind.LISTENING_ENDED, "listen", Why.NOT_ANSWERED),
        ]
        spy = await made.hears()
        assert spy.hears, "the next one is none the worse for it"


@fake_time
async def test_a_listening_is_asked_for_begins_changes_and_ends_with_the_talk() -> None:
    async with room() as (made, leg):
        spy = await made.listens(Mode.WHISPER)
        assert (spy.heard, spy.mode, spy.sign, spy.phone) == (leg.name, "whisper", "", PHONE)
        assert spy.shown.endswith("<1001>")
        assert made.here.engine.agent_view(PHONE).phone is PhoneState.BUSY, "it is offered no calls"
        with pytest.raises(NotPossible, match="answer it first"):
            await made.listenings.change(made.call, Mode.JOIN, PHONE, WANG)
        spy.answers()
        await made.here.heard()
        await made.listenings.change(made.call, Mode.JOIN, PHONE, WANG)
        await made.listenings.change(made.call, Mode.JOIN, PHONE, WANG)
        assert spy.mode == "join"
        await passes(30)
        await made.here.agent_hangs_up(leg)
        assert not made.here.asterisk.spies
        assert made.told() == [
            (Kind.LISTENING_ASKED, "whisper", None),
            (Kind.LISTENING_BEGAN, "whisper", None),
            (Kind.LISTENING_CHANGED, "join", None),
            (Kind.LISTENING_ENDED, "join", Why.TALK_OVER),
        ]
        (entry,) = made.audit
        assert (entry.actor, entry.what, entry.status) == ("user:wang", "listening-ended", 200)
        assert entry.detail == "join, telephone 2201, agent 1001, 30 s, talk-over"
        assert made.here.engine.agent_view(PHONE).phone is PhoneState.FREE


@pytest.mark.parametrize("how", ["phone", "asked", "rights"])
@fake_time
async def test_a_listening_that_ends_before_the_talk(how: str) -> None:
    async with room() as (made, _):
        spy = await made.hears()
        match how:
            case "phone":
                spy.is_over()
            case "asked":
                await made.listenings.stop(made.call, PHONE)
                await made.listenings.stop(made.call, "2200")
            case _:
                made.listenings.shut_out("1001")
                made.listenings.shut_out(PHONE)
        await passes(0.1)
        assert made.ended == (Why.HUNG_UP if how == "phone" else Why.ASKED)
        assert made.listenings.listenings() == []
        assert made.here.state() == "on-call"
        await made.hears()  # and once more


@fake_time
async def test_a_phone_that_does_not_answer_never_listens() -> None:
    async with room() as (made, _):
        (await made.listens()).is_over()
        await made.here.heard()
        assert made.told()[1:] == [(Kind.LISTENING_ENDED, "listen", Why.NOT_ANSWERED)]
        assert "never began" in made.audit[0].detail


@fake_time
async def test_what_is_not_possible_is_said() -> None:
    async with room() as (made, leg):

        async def refused(mode: Mode = Mode.LISTEN, phone: str = PHONE, call: str = "") -> str:
            with pytest.raises(NotPossible) as error:
                await made.listenings.listen(call or made.call, mode, phone, WANG)
            return str(error.value)

        assert "in this talk itself" in await refused(phone="1001")
        made.here.distributor.tell(PhoneChanged(PHONE, PhoneState.UNREACHABLE))
        assert "cannot be reached" in await refused()
        made.here.distributor.tell(PhoneChanged(PHONE, PhoneState.FREE))
        await made.listens()
        assert "listens to this talk already" in await refused()
        made.here.caller("caller-2")
        await settles()
        assert "this call is in no such talk" in await refused(call=made.here.call("caller-2").id)
        with pytest.raises(NotPossible, match="does not listen"):
            await made.listenings.change(made.call, Mode.JOIN, "2200", WANG)
        await made.here.link_down()
        for asked in (
            made.listenings.listen(made.call, Mode.LISTEN, "2200", WANG),
            made.listenings.stop(made.call, PHONE),
        ):
            with pytest.raises(NotDone):
                await asked
        await made.here.link_up()
        await made.here.agent_hangs_up(leg)


@pytest.mark.parametrize(
    ("listening", "sign"),
    [
        (Listening(), "tone"),
        (Listening(announce=False, say={"en": "Someone listens."}), ""),
        (Listening(say={"en": "Someone listens."}), "Someone listens."),
    ],
)
@fake_time
async def test_the_sign_is_a_setting(listening: Listening, sign: str) -> None:
    async with room() as (made, _):
        changed = made.here.edition.hotline.model_copy(update={"listening": listening})
        made.here.edition = Edition(changed, FakeCatalogue())
        assert (await made.listens()).sign == sign


@pytest.mark.parametrize("over", ["talk", "phone", "nothing"])
@pytest.mark.parametrize("folded", [False, True])
@fake_time
async def test_a_restart_takes_a_listening_up_or_writes_its_end(over: str, folded: bool) -> None:
    async with room() as (made, leg):
        here, spy = made.here, await made.hears()
        await here.dies()
        if over == "talk":
            leg.hangs_up()
        elif over == "phone":
            spy.is_over()
        async with here.restarted(folded=folded) as back:
            again = Room(back)
            again.listenings.take_up(here.recollection(folded=folded).calls)
            await back.adopts()
            if over == "nothing":
                (told,) = again.listenings.listenings()
                assert (told.listener.mode, told.listener.actor) == (Mode.LISTEN, "user:wang")
                await again.listenings.change(told.call, Mode.WHISPER, PHONE, WANG)
                assert spy.mode == "whisper"
                await back.agent_hangs_up(leg)
                assert again.ended is Why.TALK_OVER
            else:
                assert again.ended is Why.UNSEEN
            assert [kind for kind, _, _ in again.told()].count(Kind.LISTENING_ENDED) == 1
            assert len(again.audit) == 1


@fake_time
async def test_a_listening_that_nobody_knows_of_is_ended() -> None:
    async with room() as (made, _):
        spy = await made.hears()
        await made.here.dies()
        async with made.here.restarted() as back:
            again = Room(back)  # its Records are lost
            await back.adopts()
            assert spy.id in back.asterisk.cancelled
            assert not back.asterisk.spies
            assert again.listenings.listenings() == []


@fake_time
async def test_an_agent_calls_for_help_in_a_talk() -> None:
    async with room() as (made, leg):
        here = made.here
        helping, agent = HelpCalls(here.distributor, here.book), Actor.user("li")
        with pytest.raises(NotPossible):
            helping.call(PHONE, agent)
        helping.over("1001", agent)
        helping.call("1001", agent)
        helping.call("1001", agent)
        assert here.book.beside(made.call, "1001")[0] == here.distributor.clock.now()
        helping.over("1001", agent)
        assert here.book.beside(made.call, "1001")[0] is None
        helping.call("1001", agent)
        call = made.call
        await here.agent_hangs_up(leg)
        assert here.book.beside(call, "1001")[0] is None
        told = [record for record in here.records if record.kind in (Kind.HELP_CALLED, Kind.HELP_OVER)]
        assert [record.kind for record in told] == [Kind.HELP_CALLED, Kind.HELP_OVER, Kind.HELP_CALLED]
        assert {(record.agent, record.actor) for record in told} == {("1001", "user:li")}
