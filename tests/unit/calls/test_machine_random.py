"""Asterisk and the queues played against the machine of one call, event by event, in every order."""

from collections.abc import Callable, Iterator
from functools import partial
from math import inf
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from acd import events as acd
from agents.states import AgentState
from calls import effects as do
from calls import events as ev
from calls import holding
from calls.leg import ABSENCE, LAST_WORDS
from calls.machine import CallMachine, state_of
from calls.model import Arrival, Cut
from calls.states import (
    AtLine,
    Entering,
    Going,
    Gone,
    Interrupted,
    Offered,
    Over,
    PuttingThrough,
    Settling,
    Talk,
    Talking,
    Transfer,
    Waiting,
)
from calls.transferring import talker
from dialplan.news import News
from ivr.model import Destination, ToMenu, ToQueue, ToSubHotline
from journal.actor import Actor
from journal.records import Kind
from tests.unit.calls import played
from tests.unit.calls.played import EDITION, HOTLINE, RINGS, TALKS, Leg, Where
from tests.unit.service.calling import START

WANG = Actor.user("wang")
KEYS = ["0", "1", "2", "3", "4", "5", "9", "#", None]
OUT_OF_THE_SESSION = (Where.GONE, Where.ELSEWHERE, Where.MOVED)
"""Where a session is of no use any more; it is about to be told so."""
TARGETS = (ToQueue(queue="general"), ToMenu(menu="main"), ToSubHotline(sub_hotline="bureau"), "1002", "962777")
"""Where agents' phones send callers."""


Move = acd.ToFront | acd.ToAgent | acd.ToQueue
MOVES: tuple[Move, ...] = (
    acd.ToFront(),
    acd.ToAgent("2201"),
    acd.ToQueue("general", ToQueue(queue="general")),
    acd.ToQueue("trees", ToQueue(queue="trees")),
)


class World(played.World):
    """The played world, with what may happen in it and what always holds."""

    # -- rules: time -------------------------------------------------------------------------------------------------

    def time_passes(self, seconds: float, *, frozen: bool = False) -> None:
        until = self.now + seconds
        if frozen:
            self.now = until
        while (due := min(self.deadlines(), default=inf)) <= until:
            self.now = max(self.now, due)
            self.tick()
        self.now = until
        self.goes_on()

    def deadlines(self) -> list[float]:
        own = None if self.machine.over else self.machine.deadline()
        return [due for due in (own, self.engine.deadline()) if due is not None]

    def tick(self) -> None:
        due = self.machine.deadline()
        if due is not None and due <= self.now and not self.machine.over:
            self.tell(ev.PlainEvent.TICK)
            then = self.machine.deadline()
            assert self.machine.over or then is None or then > self.now
        engine_due = self.engine.deadline()
        if engine_due is not None and engine_due <= self.now:
            self.engine_tell(acd.Tick())

    def is_consulting(self) -> None:
        """Go straight to where the agent has the caller on hold, and talks with a colleague."""
        while not self.legs or self.where is not Where.HELD:
            self.agi_answers() if self.result is not None else self.ami_tells_everything()
        (offer_id,) = self.legs
        self.an_agent_picks_up(offer_id)
        self.ami_tells_everything()
        self.the_leg_takes_the_caller(offer_id)
        self.ami_tells_everything()
        self.tell(ev.ConsultAsked(Transfer("1002", "1001", "trees"), EDITION, WANG))
        self.ami_tells_everything()
        self.agi_answers()
        self.ami_tells_everything()
        self.the_one_who_is_consulted_answers(offer_id)
        self.ami_tells_everything()
        self.check()

    def is_sent_and_on_hold(self) -> None:
        """Go straight to where that colleague has got the caller, and has put the caller on hold."""
        self.is_consulting()
        self.tell(ev.CompleteAsked("PJSIP/1002-1", WANG, own=True))
        self.ami_tells_everything()
        self.the_one_who_was_consulted_takes_the_caller()
        self.ami_tells_everything()
        self.the_phone_of_the_line_becomes_a_leg()
        self.tell(ev.HoldAsked(WANG))
        self.ami_tells_everything()
        self.agi_answers()
        self.ami_tells_everything()
        self.check()
        assert self.machine.apart

    # -- rules: what goes on by itself --------------------------------------------------------------------------------

    def something_happens(self, choice: int) -> None:
        """One of 256 choices; 0 is nothing, which is what a failing example is made smaller to."""
        happenings = [*(self.upsets() if choice % 4 == 3 else self.ways())]
        if choice and happenings:
            happening = happenings[choice // 4 % len(happenings)]
            note(_name(happening))
            happening()
            self.goes_on()
        self.check()

    def ways(self) -> Iterator[Callable[[], None]]:
        """What may happen next, and would soon."""
        if self.ami:
            yield self.ami_tells
            yield self.ami_tells_everything
        if self.where in (Where.AGI, Where.ELSEWHERE, Where.MOVED) and not self.session and not self.stuck:
            yield self.comes_in
        if self.session and self.where in OUT_OF_THE_SESSION:
            yield self.agi_tells_that_the_caller_is_gone
        elif self.session and self.where is Where.AGI and self.result is not None:
            yield self.agi_answers
        elif self.session and isinstance(self.task, do.AwaitKey):
            for key in KEYS:
                yield partial(self.free_after, ev.KeyAwaited(key))
        if self.leading and self.link:
            yield self.leading_back_goes_on
        for offer_id, leg in self.legs.items():
            if not leg.answered:
                yield partial(self.an_agent_picks_up, offer_id)
            elif leg.aside:
                yield from self.ways_of_a_leg_aside(offer_id, leg)
            elif leg.held and self.where is Where.HELD and self.offered:
                yield partial(self.the_leg_takes_the_caller, offer_id)
        if self.third:
            yield partial(self.third_is_gone, self.third)
        if self.joins:
            yield self.the_one_who_was_consulted_takes_the_caller
            yield self.the_one_who_was_consulted_hangs_up
        if self.where is Where.TALK:
            yield self.out_of_the_bridge  # the agent hangs up
        if self.link and isinstance(self.machine.state, Interrupted):
            yield self.the_agents_page_is_back
            yield partial(self.time_passes, 3.5)
        if isinstance(self.machine.state, Waiting):
            yield partial(self.time_passes, 31)  # to the next announcement
            if self.link and self.where is Where.HELD:
                yield partial(self.a_key_in_a_bridge, "8")  # to be called back
            for move in MOVES:
                yield partial(self.a_supervisor_moves_the_caller, move)
        if self.where is Where.DIALLED:
            yield self.the_sub_hotline_is_through
            if not self.sub_hotline_answered:
                yield self.the_sub_hotline_answers
        if self.link and self.transfers and talker(self.machine) is not None:
            for to in TARGETS:
                yield partial(self.a_transfer_is_asked_for, to)
        if self.may_be_moved and self.transfers:
            for to in TARGETS:
                yield partial(self.the_agent_sends_the_caller_on, to)
            for leg_first in (True, False):
                yield partial(self.the_agent_joins_the_caller_with_a_colleague, leg_first=leg_first)

        if self.link:
            yield from self.ways_of_a_hold()
        if self.link and holding.to_lead(self.machine) and self.may_be_moved and not self.legs:
            yield self.the_phone_of_the_line_becomes_a_leg

    def ways_of_a_hold(self) -> Iterator[Callable[[], None]]:
        for what in holding.possible(self.machine):
            match what:
                case "hold":
                    yield partial(self.tell, ev.HoldAsked(WANG))
                case "unhold" | "return":
                    yield partial(self.tell, ev.BackAsked(WANG))
                case "consult":
                    for line in (Transfer("1002", "1001", "trees"), "bureau"):
                        yield partial(self.tell, ev.ConsultAsked(line, EDITION, WANG))
                case "join":
                    yield partial(self.tell, ev.JoinAsked("PJSIP/1002-1", WANG))
                case "complete":
                    yield partial(self.tell, ev.CompleteAsked("PJSIP/1002-1", WANG, own=self.now % 2 < 1))

    def ways_of_a_leg_aside(self, offer_id: str, leg: Leg) -> Iterator[Callable[[], None]]:
        if leg.comes:
            yield partial(self.the_leg_comes_back, offer_id)
        if leg.dialled == RINGS:
            yield partial(self.the_one_who_is_consulted_answers, offer_id)
        if leg.dialled:
            yield partial(self.the_one_who_is_consulted_is_gone, offer_id)
        yield partial(self.leg_ends, offer_id)  # the agent hangs up

    @property
    def may_be_moved(self) -> bool:
        """Whether a phone talks with the caller."""
        return self.where is Where.TALK or (self.where is Where.DIALLED and self.sub_hotline_answered)

    def upsets(self) -> Iterator[Callable[[], None]]:
        """What may happen at any time, and seldom does."""
        for seconds in (0.5, 1.5, 4, 40, 310):
            yield partial(self.time_passes, seconds)
        yield partial(self.time_passes, 20, frozen=True)
        yield partial(self.link_changes, look=True)
        yield partial(self.link_changes, look=False)
        if self.link:
            yield self.asterisk_is_asked
        yield self.agents_go
        yield self.agents_come
        for offer_id, leg in self.legs.items():
            if not leg.talks:
                yield partial(self.ring_comes_to_nothing, offer_id)
        if self.session and self.where not in OUT_OF_THE_SESSION:
            yield partial(self.session_breaks, stuck=True)
            yield partial(self.session_breaks, stuck=False)
        if self.link and self.where in (Where.HELD, Where.TALK):
            yield partial(self.a_key_in_a_bridge, "0")
            yield partial(self.a_key_in_a_bridge, "9")
        if self.may_be_moved:
            yield self.the_agent_sends_the_caller_elsewhere
            for leg_first in (True, False):
                yield partial(self.the_agent_hands_the_caller_over, leg_first=leg_first)
        for offer_id, leg in self.rings.items():
            if self.link and leg.known:
                yield partial(self.the_agents_phone_is_gone, offer_id)
        if self.link and self.where is Where.DIALLED and self.sub_hotline_answered and not self.legs:
            yield self.the_sub_hotlines_phone_is_gone
        if self.hangs_up and self.where not in (Where.GONE, Where.ELSEWHERE):
            yield partial(self.the_caller_hangs_up, channel_first=True)
            yield partial(self.the_caller_hangs_up, channel_first=False)
            yield partial(self.the_caller_hangs_up, channel_first=False, lost=True)
        if self.records and not self.machine.over:
            yield partial(self.the_service_is_started_again, 3.0, session_first=True)
            yield partial(self.the_service_is_started_again, 60.0, session_first=False)

    def agi_answers(self) -> None:
        assert self.result is not None
        if self.task is do.PlainTask.MARK_DONE:  # the session ends with the call, and the dialplan hangs up
            self.tell(self.result)
            self.session, self.task, self.result, self.where = False, None, None, Where.GONE
            self.hear(News.ENDED)
            return
        self.free_after(self.result)

    def agi_tells_that_the_caller_is_gone(self) -> None:
        self.session, self.task, self.result = False, None, None
        self.tell(ev.SessionEnded(gone=True))

    def session_breaks(self, *, stuck: bool) -> None:
        self.session, self.task, self.result, self.stuck = False, None, None, stuck
        self.tell(ev.SessionEnded(gone=False))

    def leading_back_goes_on(self) -> None:
        match self.leading:
            case "asked":
                in_agi = self.where is Where.AGI
                self.leading = "sent" if in_agi else ""
                if not in_agi:
                    self.tell(ev.LedBack(done=False))
            case "sent" | "cancelled" as leading:
                self.leading = ""
                if self.where is Where.HELD:
                    self.hear(News.LET_GO)
                if self.where in (Where.AGI, Where.HELD):
                    self.where, self.stuck = Where.AGI, False
                    if self.session:
                        self.session, self.task, self.result = False, None, None
                        self.tell(ev.SessionEnded(gone=True))
                if leading == "sent":
                    self.tell(ev.LedBack(done=True))

    # -- rules: AMI ----------------------------------------------------------------------------------------------------

    def ami_tells(self) -> None:
        self.ami.popleft()()
        self.goes_on()

    def ami_tells_everything(self) -> None:
        while self.ami:
            self.ami_tells()

    def link_changes(self, *, look: bool) -> None:
        if self.link:
            self.link_breaks()
        else:
            self.link_is_back(look=look)

    def link_breaks(self) -> None:
        self.link = False
        self.ami.clear()
        self.answers_joining(done=False)
        if not self.engine.blind:
            self.engine_tell(acd.LinkLost())
        self.leading = ""
        self.tell(ev.LinkChanged(up=False))
        self.goes_on()

    def link_is_back(self, *, look: bool) -> None:
        self.link = True
        self.tell(ev.LinkChanged(up=True))
        if look:
            self.look_around()
        self.goes_on()

    def asterisk_is_asked(self) -> None:
        self.asked()

    def look_around(self) -> None:
        """Asterisk is asked, and what it says until then is heard."""
        self.asked()
        while self.ami:
            self.ami.popleft()()

    # -- rules: the queues, and the agents ---------------------------------------------------------------------------

    def agents_go(self) -> None:
        for agent_id in HOTLINE.agents:
            self.engine_tell(acd.StateRequested(agent_id, AgentState.LOGGED_OUT, Actor.agent(agent_id)))

    def a_supervisor_moves_the_caller(self, to: Move) -> None:
        self.engine_tell(acd.MoveRequested("c-1", to, WANG))

    def an_agent_picks_up(self, offer_id: str) -> None:
        self.legs[offer_id].answered = True
        self.hear_of_leg(lambda: self.picked_up(offer_id))

    def ring_comes_to_nothing(self, offer_id: str) -> None:
        self.leg_ends(offer_id)

    def the_leg_takes_the_caller(self, offer_id: str) -> None:
        self.new_talk()
        leg, talk, self.taken = self.legs[offer_id], self.talk, offer_id
        leg.talks, leg.bridge, leg.aside, leg.comes = True, talk, False, False
        self.hear(News.LET_GO, News.BRIDGED)
        self.hear_of_leg(lambda: self.connected(offer_id, talk))

    def the_leg_comes_back(self, offer_id: str) -> None:
        if self.where is Where.HELD and self.offered:
            self.the_leg_takes_the_caller(offer_id)
        else:
            assert not self.offered or self.where is Where.GONE or not self.link, "Bridge() would end AGI()"
            self.leg_ends(offer_id)

    def the_one_who_is_consulted_answers(self, offer_id: str) -> None:
        self.legs[offer_id].dialled = TALKS
        self.hear(ev.ConsultDialled(offer_id, "ANSWER"))

    def the_one_who_is_consulted_is_gone(self, offer_id: str) -> None:
        leg = self.legs[offer_id]
        if leg.dialled == RINGS:
            self.hear(ev.ConsultDialled(offer_id, "BUSY"))
        leg.dialled, leg.comes = "", True

    def the_one_who_was_consulted_takes_the_caller(self) -> None:
        self.joins = False
        if self.where is Where.HELD and self.offered:
            self.new_talk()
            self.hear(News.LET_GO, News.BRIDGED)
        elif self.where is Where.TALK:  # of three
            self.new_talk()
            self.hear(News.LET_GO, News.BRIDGED)
            for offer_id in [offer_id for offer_id, leg in self.legs.items() if leg.talks]:
                self.leg_ends(offer_id)

    def the_one_who_was_consulted_hangs_up(self) -> None:
        self.joins = False

    def the_agent_sends_the_caller_elsewhere(self) -> None:
        self.out_of_the_bridge()
        self.where, self.result = Where.ELSEWHERE, None

    def the_agent_sends_the_caller_on(self, to: Destination | str) -> None:
        self.out_of_the_bridge()
        self.where, self.result, self.moved = Where.MOVED, None, to

    def a_transfer_is_asked_for(self, to: Destination | str) -> None:
        self.tell(ev.TransferAsked(to, EDITION, WANG, own=self.now % 2 < 1))

    def the_agent_hands_the_caller_over(self, *, leg_first: bool) -> None:
        self.where = Where.HELD
        over = ev.CompletedToCall(ToQueue(queue="general"), EDITION)
        self.the_agent_leaves(News.LET_GO, News.BRIDGED, News.HELD, over, leg_first=leg_first)

    def the_agent_joins_the_caller_with_a_colleague(self, *, leg_first: bool) -> None:
        """The caller stays where the talk was, in the same application."""
        self.the_agent_leaves(ev.Completed("1002"), leg_first=leg_first)

    def the_agent_leaves(self, *told: ev.Event, leg_first: bool) -> None:
        """There is no leg if the agent was dialled."""
        legs = [offer_id for offer_id, leg in self.legs.items() if leg.talks]
        if leg_first:
            for offer_id in legs:
                self.leg_ends(offer_id)
        self.hear(*told)
        if not leg_first:
            for offer_id in legs:
                self.leg_ends(offer_id)

    def the_agents_phone_is_gone(self, offer_id: str) -> None:
        del self.rings[offer_id]
        self.lost = offer_id
        self.tell(ev.PhoneLost(offer_id))
        self.leg_is_ended(offer_id)

    def the_phone_of_the_line_becomes_a_leg(self) -> None:
        """As somebody has asked for a hold, or a consultation."""
        offer_id, agent_id = f"line-{len(self.records)}", holding.to_lead(self.machine)
        leg = Leg(held=True, agent=agent_id, answered=True, heard=True, known=True, talks=True, bridge=self.bridge)
        self.legs[offer_id] = self.rings[offer_id] = leg
        self.tell(ev.Connected(offer_id, agent_id))

    def the_agents_page_is_back(self) -> None:
        self.pages += 1
        self.tell(ev.AgentBack(f"back-{self.pages}"))

    def a_key_in_a_bridge(self, key: str) -> None:
        self.hear_of_leg(lambda: self.tell_found(ev.KeyPressed(key, self.engine.may_leave("c-1"), True)))

    # -- rules: sub-hotlines, and the caller --------------------------------------------------------------------------

    def the_sub_hotline_answers(self) -> None:
        self.sub_hotline_answered, self.status = True, "ANSWER"
        self.hear(News.ANSWERED, News.BRIDGED)

    def the_sub_hotline_is_through(self) -> None:
        self.status = "ANSWER" if self.sub_hotline_answered else "BUSY"
        self.out_of_the_bridge()

    def the_sub_hotlines_phone_is_gone(self) -> None:
        self.tell_found(News.LOST)
        self.the_sub_hotline_is_through()

    def the_caller_hangs_up(self, *, channel_first: bool, lost: bool = False) -> None:
        if self.where not in (Where.AGI, Where.MOVED):
            self.out_of_the_bridge()
        self.where, self.result = Where.GONE, None
        told: list[ev.Event] = [ev.CallerHungUp(blind=False), News.ENDED]
        for event in reversed(told) if channel_first else told:
            if isinstance(event, ev.CallerHungUp):
                self.hear_of_leg(lambda: self.tell_found(ev.CallerHungUp(self.engine.blind, lost)))
            else:
                self.hear(event)

    # -- rules: the service dies --------------------------------------------------------------------------------------

    def the_service_is_started_again(self, seconds: float, *, session_first: bool) -> None:
        self.session, self.task, self.result, self.leading = False, None, None, ""
        self.joining, self.third_known = False, ""
        self.link = self.located = self.compared = False
        self.bridged = ""
        self.ami.clear()
        self.rings = {}
        self.now += seconds
        self.queues.restart(len(self.records), self.now)
        assert self.summary is not None
        view = next((view for view in self.engine.calls() if view.id == "c-1"), None)
        state = state_of(self.summary, EDITION, view, self.engine.offers())
        self.unqueued_talk = False
        arrival = Arrival("c-1", "138", "12319", "en", resumed=True)
        self.machine = CallMachine.restored(arrival, EDITION, state, self.now, since=self.summary.since)
        self.queued = view is not None
        if session_first and self.where in (Where.AGI, Where.MOVED) and not self.stuck:
            self.comes_in()

    # -- what always holds --------------------------------------------------------------------------------------------

    def check(self) -> None:
        self.the_engine_has_the_call_while_it_is_in_a_queue()
        self.the_journal_knows_since_when_the_caller_waits()
        self.the_caller_is_not_forgotten()
        self.no_caller_is_held_who_is_to_be_told_something()
        self.nobody_is_held_while_the_end_of_an_announcement_is_awaited()
        self.a_session_that_does_nothing_waits_for_ami()
        self.no_talk_has_two_surveys()
        self.a_number_has_one_callback()
        if self.compared and self.link and not self.ami and not self.engine.blind:
            self.what_asterisk_has_is_known()

    def a_number_has_one_callback(self) -> None:
        live = [
            number for callback, number in self.callbacks.items() if self.engine.callback_position(callback) is not None
        ]
        assert len(live) == len(set(live))

    def no_talk_has_two_surveys(self) -> None:
        """Each talk leads to one survey at most, or to the reason why there was none; answers follow their survey."""
        talks, expected = 0, 0
        for record in self.story:
            match record.kind:
                case Kind.CONNECTED | Kind.TRANSFER_ANSWERED:
                    talks += 1
                case Kind.SURVEY_OFFERED | Kind.SURVEY_NOT_ASKED:
                    talks, expected = talks - 1, 1 if record.kind is Kind.SURVEY_OFFERED else 0
                    assert (record.queue, bool(record.agent)) == ("trees", True)
                case Kind.SURVEY_ANSWERED:
                    assert record.data["question"] == expected
                    expected += 1
                case Kind.SURVEY_COMPLETE:
                    assert expected == 3
            assert talks >= 0

    def the_journal_knows_since_when_the_caller_waits(self) -> None:
        if isinstance(self.machine.state, Waiting | Going | Entering | PuttingThrough):
            assert self.summary is not None
            assert self.machine.since == pytest.approx(self.summary.since, abs=0.001)

    def the_engine_has_the_call_while_it_is_in_a_queue(self) -> None:
        view = next(iter(self.engine.calls()), None)
        state = self.machine.state
        match state:
            case Waiting(queue):
                assert view is not None
                assert (view.queue, view.agent, self.engine.offers()) == (queue, None, [])
            case Offered(queue, offers) | Settling(queue, offers):
                assert view is not None
                assert (view.queue, view.agent) == (queue, None)
                assert {offer.id for offer in self.engine.offers()} == offers
                assert offers or isinstance(state, Settling)
            case Talking(None):
                assert view is None
            case Talking(queue) | Interrupted(queue):
                assert view is not None
                assert view.queue == queue
                assert view.agent is not None
            case _:
                assert view is None

    def the_caller_is_not_forgotten(self) -> None:
        if not self.machine.over and not self.session and self.where is Where.AGI:
            assert self.link or self.machine.deadline() is not None

    def no_caller_is_held_who_is_to_be_told_something(self) -> None:
        if self.link and not self.ami and not self.engine.blind and self.where is Where.HELD and self.located:
            state = self.machine.state
            assert (
                isinstance(state, Offered | Settling | Talking | Over)
                or (isinstance(state, Waiting) and state.speech is None and state.arranging is None)
                or (isinstance(state, Interrupted) and not state.explaining)
                or (isinstance(state, AtLine) and state.hold is not None)
                or self.machine.leg.joining is not None
            ), state

    def nobody_is_held_while_the_end_of_an_announcement_is_awaited(self) -> None:
        state = self.machine.state
        if self.task is do.PlainTask.HOLD and isinstance(state, Waiting) and state.speech is None:
            assert not state.reporting

    def a_session_that_does_nothing_waits_for_ami(self) -> None:
        if self.session and self.task is None and self.where is Where.AGI:
            assert isinstance(self.machine.state, Talking | Settling | Gone | Over)

    def what_asterisk_has_is_known(self) -> None:
        assert self.legs.keys() <= self.rings.keys(), "a leg rings for nobody"
        for offer_id, leg in self.legs.items():
            assert not leg.aside or self.machine.holds(offer_id), "an agent waits for nobody"
        if isinstance(self.machine.state, Talk) and self.machine.state.hold is None and self.machine.state.offer:
            assert self.where is not Where.HELD, "they talk, and the caller hears music"
        if isinstance(self.machine.state, Talk):
            assert (self.machine.state.third is not None) <= bool(self.third), "nobody is there"
            assert bool(self.third) <= holding.has_third(self.machine), "nobody knows who is there"
        talks = any(view.agent is not None for view in self.engine.calls())
        if talks and not isinstance(self.machine.state, Interrupted):
            assert any(leg.known for leg in self.rings.values()), "an agent talks without a leg"

    def ends(self, *, link: bool) -> None:
        """The caller hangs up, and everything becomes quiet. `link`: Asterisk can be asked."""
        if self.where is Where.ELSEWHERE and self.sub_hotline:
            self.where = Where.GONE  # else it looks as if the line talked with the caller, whom somebody else dials
        hears = link and self.link and self.located and not self.engine.blind
        if self.where in (Where.GONE, Where.ELSEWHERE):
            hears = False  # it is told already, or was never
        else:
            self.the_caller_hangs_up(channel_first=False)
        if link != self.link:
            self.link_changes(look=True)
        if self.session:
            self.agi_tells_that_the_caller_is_gone()
        if hears:
            self.ami_tells_everything()
            self.time_passes(LAST_WORDS)
        elif link:
            self.look_around()
            if not self.machine.over:
                self.look_around()  # what changed while Asterisk was asked is seen by the next look
        else:
            self.time_passes(LAST_WORDS + ABSENCE)
        assert self.machine.over
        assert self.finished
        kinds = [record.kind for record in self.records]
        assert kinds.count(Kind.CALL_FINISHED) == 1
        assert kinds.count(Kind.SUB_HOTLINE_ENDED) <= kinds.count(Kind.SUB_HOTLINE_ANSWERED)
        assert kinds.count(Kind.TRANSFER_ENDED) <= kinds.count(Kind.TRANSFER_ANSWERED) <= kinds.count(Kind.TRANSFERRED)
        assert self.machine.deadline() is None
        assert not self.engine.calls()


def _name(happening: Callable[[], None]) -> str:
    if isinstance(happening, partial):
        return f"{happening.func.__name__}{happening.args}{happening.keywords or ''}"
    return happening.__name__


@settings(max_examples=800)
@given(
    queue=st.sampled_from([None, None, "trees", "everybody"]),
    turned_away=st.sampled_from([False] * 7 + [True]),
    agents=st.booleans(),
    hangs_up=st.booleans(),
    transfers=st.booleans(),
    promised=st.booleans(),
    cut=st.sampled_from(
        [None, Cut("c-9", "trees", START - 60, "", "en", {}), Cut("c-9", "trees", None, "1001", "en", {})]
    ),
    choices=st.binary(min_size=100, max_size=100),
    link=st.booleans(),
)
def test_whatever_happens(choices: bytes, *, link: bool, **given: Any) -> None:
    world = World(**given)
    for choice in choices:
        if not world.machine.over:
            world.something_happens(choice)
    world.ends(link=link)


@settings(max_examples=300)
@given(
    begins=st.sampled_from([World.is_consulting, World.is_sent_and_on_hold]),
    hangs_up=st.booleans(),
    choices=st.binary(min_size=60, max_size=60),
    link=st.booleans(),
)
def test_whatever_happens_in_a_consultation(
    begins: Callable[[World], None], choices: bytes, *, link: bool, hangs_up: bool
) -> None:
    world = World("trees", turned_away=False, agents=True, hangs_up=hangs_up, transfers=False)
    begins(world)
    for choice in choices:
        if not world.machine.over:
            world.something_happens(choice)
    world.ends(link=link)
