"""The life of one call, as a state machine without I/O: `step(event, now) -> commands`, `deadline()`.

It owns two things: the *place* where the call is (`calls.places`, with the table of what leads where), and what is
known of the caller's *leg*, the channel in Asterisk. The shell performs the commands and reports what happens.

The place outlives an AGI session. A caller whose session broke keeps the place in a queue, the ring, the talk; the
machine goes on when the dialplan brings the caller to the next session. Only menus begin again, with an apology.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never, cast

from acd import events as acd
from acd.events import EndedBy, Left
from acd.views import CallView, OfferView
from calls import commands as do
from calls import events as ev
from calls.commands import Command, Task
from calls.leg import Leg
from calls.model import Arrival, CallState, CallSummary, Outcome, Version
from calls.places import (
    Arriving,
    AtSubHotline,
    Entering,
    Going,
    Gone,
    InMenu,
    Leaving,
    Offered,
    Over,
    Place,
    PuttingThrough,
    Settling,
    Stage,
    Talking,
    Waiting,
    check,
)
from ivr import interpreter
from ivr.interpreter import Ask, Dial, Enqueue, Facts, HangUp, Pressed, Silence, Tell, Told
from ivr.model import Destination, Key, Menu, ToQueue, ToSubHotline
from ivr.model import HangUp as ToHangUp
from journal.actor import CALLER, SYSTEM, Actor
from journal.records import Kind, Record
from sounds.model import Phrase, Speech, Words

SETTLING = 2.0
"""Seconds in which Asterisk tells what became of a leg that took the caller out of the holding bridge."""

_PRESSED = frozenset({Kind.KEY_PRESSED, Kind.INVALID_KEY})


class CallMachine:
    """One call, from its arrival to its end.

    place     where the call is
    leg       the caller's channel
    edition   the version of the hotline that the call has
    language  the caller's
    """

    def __init__(self, arrival: Arrival, edition: Version, *, link_up: bool) -> None:
        self.id = arrival.call_id
        self.arrival = arrival
        self.edition = edition
        self.language = arrival.language
        self.place: Place = Arriving()
        self.leg = Leg(link=link_up)
        self._begun = False  # the journal has the call's beginning
        self._ended_by: EndedBy | None = None
        self._channel = ""
        self._now = 0.0
        self._out: list[Command] = []

    @classmethod
    def restored(cls, arrival: Arrival, edition: Version, place: Place, now: float) -> "CallMachine":
        """A call from before a restart, whose caller is still to be found; Asterisk cannot be asked yet."""
        machine = cls(arrival, edition, link_up=False)
        machine.place, machine._begun, machine._now = place, True, now
        if isinstance(place, Leaving):
            machine._ended_by = EndedBy.AGENT
        machine.leg.watch_absence(now)
        return machine

    # -- what others may know ----------------------------------------------------------------------------------------

    @property
    def queue(self) -> str | None:
        """The queue of a caller who waits, for whom agents ring, or who talks with one."""
        match self.place:
            case Waiting(queue) | Offered(queue) | Settling(queue) | Talking(queue):
                return queue
        return None

    @property
    def waited_in(self) -> str | None:
        """The queue in which the caller waits, or waited until the channel ended; None: none, or the caller talks."""
        return self.place.queue if isinstance(self.place, Waiting | Offered | Settling | Gone) else None

    @property
    def over(self) -> bool:
        return isinstance(self.place, Over)

    def facts(self, now: float) -> Facts:
        """What the menus may know of this call. `now`: seconds since the epoch."""
        moment = datetime.fromtimestamp(now, self.edition.hotline.zone)
        return Facts(moment, self.arrival.caller, self.arrival.number)

    def deadline(self) -> float | None:
        """When to step with Tick if nothing happens before, in epoch seconds; None: no need."""
        settling = self.place.until if isinstance(self.place, Settling | Talking) else None
        return min((moment for moment in (settling, self.leg.deadline()) if moment is not None), default=None)

    # -- the step ----------------------------------------------------------------------------------------------------

    def step(self, event: ev.Event, now: float) -> list[Command]:
        """What is to be done because of `event`, in order. `now`: seconds since the epoch.

        An event that comes too late, or means nothing where the call is, changes nothing.
        """
        if self.over:
            return [do.CloseSession()] if isinstance(event, ev.SessionBegan) else []
        self._now = now
        self._apply(event)
        if not self.over:
            self.leg.watch_absence(now)
        commands, self._out = self._out, []
        return commands

    def _apply(self, event: ev.Event) -> None:
        match event:
            case ev.SessionFree():
                self._go_on()
            case ev.Said(text, interrupted):
                self._said(text, interrupted)
            case ev.KeyAwaited(key):
                self._key_awaited(key)
            case ev.Done():
                self._done()
            case ev.HoldEnded():
                self._hold_ended()
            case ev.DialEnded():
                self._dial_ended(event)
            case ev.TakenKnown(offer):
                self._taken_known(offer)
            case ev.DiallingKnown(sub_hotline):
                self._dialling_known(sub_hotline)
            case ev.HistoryKnown():
                self._history_known(event)
            case ev.SessionBegan(channel):
                self._session_began(channel)
            case ev.SessionEnded(gone):
                self._session_ended(gone)
            case ev.SessionFailed():
                self._finish(EndedBy.SYSTEM, outcome=Outcome.FAILED)
            case ev.KeyPressed():
                self._key_pressed(event)
            case ev.CallerBridged():
                self._leave_be()
            case ev.CallerHeld():
                self._held()
            case ev.CallerLetGo():
                self.leg.held = False
                self.leg.expect(self._now)
            case ev.CallerHungUp(blind):
                if not (blind and self._may_have_talked()):  # else Asterisk is asked first: the two may have talked
                    self._hung_up()
            case ev.ChannelEnded():
                self._channel_ended()
            case ev.CallerMissing():
                self._missing(event)
            case ev.CallerFound():
                if self.leg.gone and not self.leg.session:
                    self._hung_up()  # gone from the session though the channel lives: sent elsewhere
            case ev.CallerStray():
                self.leg.expect(self._now)
            case ev.DialSeen():
                if not isinstance(self.place, AtSubHotline) and not self.leg.session:
                    # The dialplan dials: an agent transferred the caller while the service was away, or the service
                    # was away so long that the call went to the fallback.
                    self._hung_up()
            case ev.SubHotlineAnswered():
                self._sub_hotline_answered()
            case ev.TransferredAway(taken):
                self._transferred(taken)
            case ev.HandedOver(queue, edition):
                self._handed_over(queue, edition)
            case ev.LinkChanged(up):
                self.leg.link = up
            case ev.LedBack(done):
                self.leg.led = done
            case ev.Matched():
                self._matched(event)
            case ev.RingOver(offer):
                self._ring_over(offer)
            case ev.Connected(offer):
                self._connected(offer)
            case ev.LegEnded(offer):
                self._leg_ended(offer)
            case ev.AnnouncementDue(speech):
                self._announcement_due(speech)
            case ev.SentOn(to, edition):
                self._sent_on(to, edition)
            case ev.Located(sub_hotline):
                self._located(sub_hotline)
            case ev.TalkGone():
                if isinstance(self.place, Talking):
                    self._talk_over(EndedBy.AGENT)
            case ev.TalkedUnseen(offer):
                self._talked_unseen(offer, EndedBy.AGENT)
            case ev.Adopted():
                self._fetch_if_held()
            case ev.Tick():
                self._due()
            case _:
                assert_never(event)

    def _go(self, place: Place) -> None:
        check(self.place, place)
        self.place = place

    # -- what the session does next ----------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """The session is free: give it the next task of this place. None if an event must come first."""
        match self.place:
            case Arriving(stage):
                self._do(self._arrival_task(stage))
            case InMenu(step, asked):
                action = step.action
                if asked and isinstance(action, Ask):
                    self._do(do.AwaitKey(action.wait))
                elif isinstance(action, Ask | Tell):
                    self._do(self._to_say(action.speech, keys=True))
            case Going(dialled=True):
                self._do(do.ClearDialling())
            case Going(apology=True):
                self._do(self._to_say((Phrase("no-answer-apology"),), keys=True))
            case Going(to):
                self._follow(self._sent(to), to)
                self._go_on()
            case Entering(queue):
                self._do(do.MarkQueue(queue, self.language))
            case Waiting(speech=None) | Offered():
                self._announced()
                self._hold()
            case Waiting(queue, speech, reporting):
                self._go(Waiting(queue, None, reporting))
                self._do(self._to_say(cast(Speech, speech), keys=False))
            case Settling(taken=""):
                self._do(do.AskTaken())
            case PuttingThrough(sub_hotline, told):
                if told:
                    self._do(do.MarkDialling(sub_hotline, self.language))
                else:
                    name = self.edition.hotline.sub_hotlines[sub_hotline].name
                    speech = (Phrase("transferring-before"), Words(name), Phrase("transferring-after"))
                    self._do(self._to_say(speech, keys=True))
            case AtSubHotline(known=False):
                self._do(do.AskDialResult())
            case AtSubHotline(sub_hotline):
                self._dial(sub_hotline)
            case Leaving(dialled=True):
                self._do(do.ClearDialling())
            case Leaving(said=False):
                # keys do not cut the goodbye short: they mean nothing here, and a key of the talk may come late
                self._do(self._to_say((Words(self.edition.tree.goodbye),), keys=False))
            case Leaving(marked=marked):
                self._do(do.HangUp() if marked else do.MarkDone())
            case Settling() | Talking() | Gone() | Over():
                pass

    def _arrival_task(self, stage: Stage) -> Task:
        match stage:
            case Stage.ASK_DIALLING:
                return do.AskDialling()
            case Stage.MARK:
                return do.MarkCall(self.arrival.turned_away)
            case Stage.ANSWER:
                if not self._begun and not self.arrival.resumed:
                    # the channel carries the call's id by now: if the service dies, the next one finds the call by it
                    self._begin(resumed=False)
                return do.Answer()
            case Stage.MAINTENANCE:
                return self._to_say((Phrase("maintenance"),), keys=True)
            case Stage.ASK_HISTORY:
                return do.AskHistory()
            case Stage.NOTE:
                return do.MarkInterrupted()
            case Stage.APOLOGY:
                return self._to_say((Phrase("service-apology"),), keys=True)
            case _:
                assert_never(stage)

    def _hold(self) -> None:
        self.leg.held = self.leg.kicked = False
        self._do(do.Hold())

    def _dial(self, sub_hotline: str) -> None:
        """Put the caller through. If the sub-hotline exists no more, go on as if it had not answered."""
        hotline = self.edition.hotline
        line = hotline.sub_hotlines.get(sub_hotline)
        if line is None:
            self._dial_ended(ev.DialEnded("CHANUNAVAIL", "3"))
            self._go_on()
        else:
            self._do(do.Dial(line.dial, line.ring, agent=line.dial in hotline.agents))

    def _to_say(self, speech: Speech, *, keys: bool) -> Task:
        return do.Say(speech, self.language, keys)

    def _do(self, task: Task) -> None:
        self._out.append(do.Do(task))

    # -- what came of it ---------------------------------------------------------------------------------------------

    def _done(self) -> None:
        match self.place:
            case Arriving(stage=Stage.MARK) as place:
                self._go(replace(place, stage=Stage.ANSWER))
            case Arriving(stage=Stage.ANSWER) as place:
                self._answered(place)
            case Arriving(stage=Stage.NOTE) as place:
                self._go(replace(place, stage=Stage.APOLOGY))
            case Going(dialled=True) as going:
                self._go(replace(going, dialled=False))
            case Entering(queue):
                self._go(Waiting(queue, (Phrase("please-hold"),)))
                self._out += (
                    do.ClearKeys(),
                    do.TellDistributor(acd.CallQueued(self.id, queue, self.language)),
                )
            case PuttingThrough(sub_hotline):
                self._go(AtSubHotline(sub_hotline))
                dial = self.edition.hotline.sub_hotlines[sub_hotline].dial
                self._write(Kind.SUB_HOTLINE_DIALLED, sub_hotline=sub_hotline, dial=dial)
            case Leaving(dialled=True) as leaving:
                self._go(replace(leaving, dialled=False))
            case Leaving(marked=False) as leaving:
                self._go(replace(leaving, marked=True))
            case Leaving():
                self._finish(self._ended_by or EndedBy.SYSTEM)

    def _answered(self, place: Arriving) -> None:
        """The call is answered: go to where it begins, or begins again."""
        arrival = self.arrival
        if not self._begun:
            self._begin(resumed=True)
        elif place.back:
            self._go(replace(place, stage=Stage.ASK_HISTORY))
            return
        if arrival.turned_away:
            self._go(replace(place, stage=Stage.MAINTENANCE))
        elif arrival.queue is not None:
            self._follow(self._sent(ToQueue(queue=arrival.queue)))
        elif arrival.resumed and not arrival.moved:
            self._go(replace(place, stage=Stage.ASK_HISTORY))
        else:
            self._follow(interpreter.start(self.edition.tree, self.language, self.facts(self._now)))

    def _history_known(self, history: ev.HistoryKnown) -> None:
        if isinstance(self.place, Arriving):
            stage = Stage.MAINTENANCE if history.turned_away else Stage.NOTE
            self._go(Arriving(stage, interrupted=history.interrupted))

    def _said(self, text: str, interrupted: bool) -> None:
        self._write(Kind.SAID, text=text, language=self.language, interrupted=interrupted)
        match self.place:
            case Arriving(stage=Stage.MAINTENANCE):
                self._go(Leaving())
            case Arriving(stage=Stage.APOLOGY, interrupted=interrupted_before):
                self._begin_again(interrupted_before)
            case InMenu(step, False) as place:
                if isinstance(step.action, Tell):
                    self._follow(self._stepped(step.state, Told()), place.onward)
                else:
                    self._go(replace(place, asked=True))
            case Going(to, apology=True):
                self._go(Going(to))
            case PuttingThrough(sub_hotline):
                self._go(PuttingThrough(sub_hotline, told=True))
            case Leaving(said=False) as leaving:
                self._go(replace(leaving, said=True))

    def _begin_again(self, interrupted: bool) -> None:
        """Begin the menus again. A caller who was interrupted before goes to a person instead, if there is a way."""
        tree = self.edition.tree
        person = _person(tree.menus[tree.entry])
        if interrupted and person is not None:
            self._follow(self._sent(person))
        else:
            self._follow(interpreter.start(tree, self.language, self.facts(self._now)))

    def _key_awaited(self, key: str | None) -> None:
        if isinstance(self.place, InMenu) and self.place.asked:
            happened = Silence() if key is None else Pressed(key)
            self._follow(self._stepped(self.place.step.state, happened))

    def _sent(self, to: Destination) -> interpreter.Step:
        tree, state = self.edition.tree, interpreter.State(self.language)
        return interpreter.send(tree, state, to, self.facts(self._now))

    def _stepped(self, state: interpreter.State, happened: interpreter.Input) -> interpreter.Step:
        return interpreter.step(self.edition.tree, state, happened, self.facts(self._now))

    def _follow(self, step: interpreter.Step, onward: Destination | None = None) -> None:
        """Go where the tree says. `onward`: the destination that the call was sent on to and has not reached."""
        self.language = step.state.language
        for kind, data in step.notes:
            self._write(Kind(kind), CALLER if kind in _PRESSED else SYSTEM, **data)
            if kind == Kind.MENU_ENTERED:
                onward = None
        match step.action:
            case Ask() | Tell():
                self._go(InMenu(step, onward=onward))
            case Enqueue(queue):
                self._go(Entering(queue))
            case Dial(sub_hotline):
                if onward is None:
                    self._write_sent_on(ToSubHotline(sub_hotline=sub_hotline))
                self._go(PuttingThrough(sub_hotline))
            case HangUp():
                self._go(Leaving())
            case _:
                assert_never(step.action)

    # -- the queue ---------------------------------------------------------------------------------------------------

    def _matched(self, event: ev.Matched) -> None:
        """Ring an agent for the caller. Announcements stop: none begins, and a running one is cut short."""
        ring = event.ring
        place = self.place
        if not isinstance(place, Waiting | Offered | Settling) or place.queue != ring.queue:
            self._tell(acd.OfferFailed(ring.offer_id, acd.OfferFailure.FAILED))
            return
        match place:
            case Waiting(queue):
                self._announced()  # else no announcement would ever follow if the ring comes to nothing
                self._go(Offered(queue, frozenset({ring.offer_id})))
            case Offered() | Settling():
                self._go(replace(place, offers=place.offers | {ring.offer_id}))
        self._out += (do.StopSaying(), do.Ring(ring, self.leg.held))

    def _ring_over(self, offer: str) -> None:
        match self.place:
            case Settling(taken=taken) if taken == offer:
                self._talked_unseen(offer, EndedBy.AGENT)
            case Offered(queue, offers) | Settling(queue, offers) if offer in offers:
                offers -= {offer}
                if offers or isinstance(self.place, Settling):
                    self._go(replace(self.place, offers=offers))
                else:
                    self._go(Waiting(queue))

    def _connected(self, offer: str) -> None:
        match self.place:
            case Settling(queue, until=until):
                self._go(Talking(queue, offer, until or self._now + SETTLING))
            case Waiting(queue) | Offered(queue):
                self._go(Talking(queue, offer))
            case Talking() as place:
                self._go(replace(place, offer=offer))
            case Arriving() | Going() | Leaving() if not self.leg.session:
                self._go(Talking(None, offer))  # after a restart: Asterisk knows more than the journal

    def _leg_ended(self, offer: str) -> None:
        if isinstance(self.place, Talking) and self.place.offer == offer:
            self._talk_over(EndedBy.AGENT)

    def _hold_ended(self) -> None:
        """The caller has left the holding bridge, or a talk, and is back in the session."""
        kicked, self.leg.held = self.leg.kicked, False
        match self.place:
            case Talking():
                self._talk_over(EndedBy.AGENT)
            case Offered(queue, offers) if not kicked:
                self._go(Settling(queue, offers))

    def _taken_known(self, offer: str) -> None:
        if not isinstance(self.place, Settling):
            return
        if offer not in self.place.offers:
            self._go(self._waiting(self.place))
        elif self.leg.link:
            self._go(replace(self.place, taken=offer, until=self._now + SETTLING))
        else:
            self._talked_unseen(offer, EndedBy.AGENT)

    def _waiting(self, place: Settling) -> Waiting | Offered:
        """Where a caller waits on."""
        return Offered(place.queue, place.offers) if place.offers else Waiting(place.queue)

    def _announcement_due(self, speech: Speech) -> None:
        match self.place:
            case Waiting(queue):
                self._go(Waiting(queue, speech, reporting=True))
                self._fetch_if_held()
            case _:
                self._tell(acd.Announced(self.id))

    def _announced(self) -> None:
        """No announcement runs: tell the distributor, if it waits."""
        if isinstance(self.place, Waiting) and self.place.reporting:
            self._go(Waiting(self.place.queue, self.place.speech))
            self._tell(acd.Announced(self.id))

    def _sent_on(self, to: Destination | None, edition: Version) -> None:
        """A rule of the queue has taken the call out of it."""
        if isinstance(self.place, Waiting | Offered | Settling):
            self._change_edition(edition)
            self._send_on(to or edition.hotline.fallback or ToHangUp(hangup=True))

    def _send_on(self, to: Destination) -> None:
        self._write_sent_on(to)
        self._go(Going(to))
        self._out.append(do.StopSaying())
        self._fetch_if_held()

    def _key_pressed(self, event: ev.KeyPressed) -> None:
        """A key in a queue or a talk. Menus take keys by AwaitKey; keys in a talk are for the agent."""
        match self.place:
            case Waiting(queue) | Offered(queue) | Settling(queue):
                self._out.append(do.ClearKeys())
                self._write(Kind.KEY_PRESSED, CALLER, key=event.key, menu="")
                definition = self.edition.hotline.queues.get(queue)
                to = definition.keys.get(cast(Key, event.key)) if definition is not None else None
                if to is not None and event.may_leave:
                    self._send_on_by_key(to)
            case Talking():
                self._out.append(do.ClearKeys())

    def _send_on_by_key(self, to: Destination) -> None:
        self._write_sent_on(to)
        self._go(Going(to))
        self._out += (
            do.TellDistributor(acd.CallLeft(self.id, Left.WENT_ELSEWHERE)),
            do.StopSaying(),
        )
        self._fetch_if_held()

    # -- a talk with an agent ----------------------------------------------------------------------------------------

    def _talk_over(self, by: EndedBy) -> None:
        """The talk has ended: goodbye. `by`: who ended it."""
        self._ended_by = by
        self._go(Leaving(talked=True))
        self._tell(acd.CallEnded(self.id, by))
        self.leg.expect(self._now)
        self._fetch_if_held()

    def _talked_unseen(self, offer: str, by: EndedBy) -> None:
        """This ring became a talk that is over. The service or its link to Asterisk was away, or late.

        The caller does not return to the queue, as everything would have to be told again.
        """
        place = self.place
        if isinstance(place, Offered | Settling) and offer in place.offers:
            self._tell(acd.OfferConnected(offer))
            self._talk_over(by)
        elif isinstance(place, Waiting | Offered | Settling):  # the engine has given this ring up
            self._ended_by = by
            self._go(Leaving(talked=True))
            self._tell(acd.CallLeft(self.id, Left.WENT_ELSEWHERE))

    def _transferred(self, taken: str) -> None:
        match self.place:
            case Offered(offers=offers) | Settling(offers=offers):
                if taken in offers:
                    self._talked_unseen(taken, EndedBy.AGENT)
            case Waiting() | Talking() if taken:
                self._talk_over(EndedBy.AGENT)
        self._hung_up()

    def _handed_over(self, queue: str, edition: Version) -> None:
        match self.place:
            case Talking():
                self._talk_over(EndedBy.AGENT)
            case Leaving(talked=True) | AtSubHotline(answered=True):
                pass
            case _:
                return  # it was somebody else: this caller waits, in one bridge with an agent who waits too
        self._ended_by = None
        self._change_edition(edition)
        self._send_on(ToQueue(queue=queue))
        self._kick()

    # -- a sub-hotline -----------------------------------------------------------------------------------------------

    def _sub_hotline_answered(self) -> None:
        if isinstance(self.place, AtSubHotline) and not self.place.answered:
            self._go(replace(self.place, answered=True))
            self._write(Kind.SUB_HOTLINE_ANSWERED, sub_hotline=self.place.sub_hotline)
            self._out.append(do.NoteTalk(self.place.sub_hotline))

    def _dial_ended(self, result: ev.DialEnded) -> None:
        place = self.place
        if not isinstance(place, AtSubHotline):
            return
        if not result.status:
            self._go(replace(place, known=True))  # the session broke before the sub-hotline was dialled
            return
        self._out.append(do.ClearKeys())  # they were for the other end
        sub_hotline = place.sub_hotline
        if result.status == "ANSWER":
            if not place.answered:  # it answered while the service or its link was away
                self._write(Kind.SUB_HOTLINE_ANSWERED, sub_hotline=sub_hotline)
            self._ended_by = EndedBy.AGENT
            self._go(Leaving(talked=True, dialled=True))
            return
        self._write(Kind.SUB_HOTLINE_FAILED, sub_hotline=sub_hotline, status=result.status, cause=result.cause)
        line = self.edition.hotline.sub_hotlines.get(sub_hotline)
        to = (line.failed if line else None) or ToHangUp(hangup=True)
        self._write_sent_on(to)
        self._go(Going(to, dialled=True, apology=True))

    def _dialling_known(self, sub_hotline: str) -> None:
        if isinstance(self.place, Arriving):
            self._go(AtSubHotline(sub_hotline, known=False) if sub_hotline else replace(self.place, stage=Stage.MARK))

    # -- without a session -------------------------------------------------------------------------------------------

    def _session_began(self, channel: str) -> None:
        """The caller comes in, or is back. The call goes on where it was; only menus begin again."""
        self.leg.begin_session()
        self._channel = channel
        self._leave_be()
        if not self._begun:
            return
        self._write(Kind.CALL_RESUMED, channel=channel)
        match self.place:
            case Arriving():
                self._go(Arriving(Stage.ASK_DIALLING, back=True))
            case Talking():
                self._talk_over(EndedBy.AGENT)
            case Offered(queue, offers) if not self.leg.kicked:
                self._go(Settling(queue, offers))
            case AtSubHotline(answered=True):
                self._ended_by = EndedBy.AGENT
                self._go(Leaving(talked=True))
            case AtSubHotline() as place:
                self._go(replace(place, known=False))

    def _session_ended(self, gone: bool) -> None:
        leg = self.leg
        leg.session = False
        if gone and not leg.doubtful:
            leg.gone = True
            self._channel_ended()
            return
        match self.place:
            case InMenu(onward=onward):
                self._go(Going(onward, dialled=True) if onward is not None else Arriving(Stage.ASK_DIALLING))
            case Arriving():
                self._go(Arriving())
            case Entering(queue):
                self._go(Going(ToQueue(queue=queue), dialled=True))
            case PuttingThrough(sub_hotline):
                self._go(Going(ToSubHotline(sub_hotline=sub_hotline), dialled=True))
            case Going(to):
                self._go(Going(to, dialled=True))
            case Settling() as place:
                self._go(self._waiting(place))
            case Leaving(talked=talked):
                self._go(Leaving(talked=talked))
        self.leg.expect(self._now)

    def _held(self) -> None:
        """The caller is in the holding bridge: fetch the caller, or let legs take the caller."""
        self.leg.held, self.leg.kicked = True, False  # an earlier kick had no effect
        self._fetch_if_held()
        if self.leg.held:
            self._out.append(do.Admit())

    def _fetch_if_held(self) -> None:
        """Take the caller out of the holding bridge, unless the caller waits or talks and has nothing to be told."""
        stays = isinstance(self.place, Offered | Settling | Talking) or (
            isinstance(self.place, Waiting) and self.place.speech is None
        )
        if self.leg.held and not stays:
            self._kick()

    def _kick(self) -> None:
        self.leg.held, self.leg.kicked = False, True
        self._out.append(do.Kick())
        self.leg.expect(self._now)

    def _leave_be(self) -> None:
        self.leg.expected_until = None
        self._out.append(do.LeaveBe())

    def _located(self, sub_hotline: str) -> None:
        match self.place:
            case Arriving() if sub_hotline:
                self._go(AtSubHotline(sub_hotline, known=False))
            case Leaving() if sub_hotline:
                self._go(AtSubHotline(sub_hotline, answered=True))

    # -- the end -----------------------------------------------------------------------------------------------------

    def _may_have_talked(self) -> bool:
        return isinstance(self.place, Offered | Settling) or (
            isinstance(self.place, AtSubHotline) and not self.place.answered
        )

    def _channel_ended(self) -> None:
        """Asterisk may be ending, and its link breaks next. Or the caller was sent elsewhere. Or the link is half open
        and nobody knows yet. If somebody rang for the caller, the two may have talked, and AMI is late to say so.
        """
        if isinstance(self.place, Leaving) and self.place.marked:
            self._finish(self._ended_by or EndedBy.SYSTEM)  # we hung up, and AMI was quicker than AGI to say so
            return
        if not self.leg.link:
            return  # Asterisk is asked first: perhaps the caller did not give up
        if not self._may_have_talked():
            queue = self.waited_in
            self._leave(self._ended_by or EndedBy.CALLER)
            self._go(Gone(queue))
        self.leg.ended(self._now)

    def _hung_up(self) -> None:
        """The caller is gone: stop all rings at once."""
        self._finish(self._ended_by or EndedBy.CALLER)

    def _missing(self, event: ev.CallerMissing) -> None:
        if event.sub_hotline:
            known = isinstance(self.place, Leaving) or (isinstance(self.place, AtSubHotline) and self.place.answered)
            if not known:
                self._write(Kind.SUB_HOTLINE_ANSWERED, sub_hotline=event.sub_hotline)
        elif event.offer:
            self._talked_unseen(event.offer, EndedBy.CALLER)
        if event.why is ev.Missing.HUNG_UP:
            self._finish(self._ended_by or EndedBy.CALLER, cause=event.why.value)
        else:
            self._finish(EndedBy.SYSTEM, outcome=Outcome.LOST, cause=event.why.value)

    def _leave(self, by: EndedBy) -> None:
        """The caller waits or talks no more: tell the distributor."""
        if isinstance(self.place, Talking):
            self._ended_by = by
            self._tell(acd.CallEnded(self.id, by))
        elif isinstance(self.place, Waiting | Offered | Settling):
            self._tell(acd.CallLeft(self.id, Left.HUNG_UP))

    def _finish(self, by: EndedBy, *, outcome: Outcome | None = None, cause: str = "") -> None:
        """The call is over. `by`: who ended it and, with it, a running talk."""
        self._leave(by)
        self._go(Over(by))
        self._leave_be()
        self.leg.forget()
        if not self._begun and not self.arrival.resumed:
            self._begin(resumed=False)  # it was over before the channel could be marked
        if self._begun:
            said = {"outcome": outcome} if outcome else {}
            actor = CALLER if by is EndedBy.CALLER else SYSTEM
            self._write(Kind.CALL_FINISHED, actor, by=by, **said, **({"cause": cause} if cause else {}))
        self._out += (do.CloseSession(), do.Finish())

    # -- time --------------------------------------------------------------------------------------------------------

    def _due(self) -> None:
        leg, place, now = self.leg, self.place, self._now
        if leg.overdue(now):
            leg.led = True
            self._out.append(do.LeadBack())
        if isinstance(place, Settling | Talking) and place.until is not None and now >= place.until:
            if isinstance(place, Settling):
                self._talked_unseen(place.taken, EndedBy.AGENT)
            else:
                self._talk_over(EndedBy.AGENT)
        if leg.unexplained(now) and leg.link:
            self._hung_up()
        elif leg.lost(now):
            why = ev.Missing.ASTERISK_AWAY
            if leg.gone:
                why = ev.Missing.ASTERISK_ENDED if leg.with_asterisk else ev.Missing.HUNG_UP
            self._missing(ev.CallerMissing(why))

    # -- the story ---------------------------------------------------------------------------------------------------

    def _begin(self, *, resumed: bool) -> None:
        self._write(
            Kind.CALL_STARTED,
            self.arrival.actor,
            caller=self.arrival.caller,
            number=self.arrival.number,
            language=self.language,
            channel=self._channel,
            resumed=resumed,
            version=self.edition.hotline.version,
        )
        self._begun = True

    def _change_edition(self, edition: Version) -> None:
        self.edition = edition
        self._out.append(do.ChangeEdition(edition))

    def _write_sent_on(self, to: Destination) -> None:
        self._write(Kind.SENT_ON, to=to.model_dump(mode="json", exclude_none=True))

    def _write(self, kind: Kind, actor: Actor = SYSTEM, **data: Any) -> None:
        queue = self.queue if kind in (Kind.SAID, Kind.KEY_PRESSED) else None
        self._out.append(do.Write(Record(self._now, kind, call=self.id, queue=queue, data=data, actor=actor)))

    def _tell(self, event: acd.Event) -> None:
        self._out.append(do.TellDistributor(event))


def _person(menu: Menu) -> Destination | None:
    """The menu's way to a person: by key 0, or without a key; None: there is none."""
    ways = (menu.keys.get("0"), menu.no_input.then)
    return next((way for way in ways if way is not None and way.person), None)


def place_of(summary: CallSummary, edition: Version, view: CallView | None, offers: Iterable[OfferView]) -> Place:
    """The place of a call from before a restart. Of the engine: `view`, its place in a queue; `offers`, all rings."""
    if view is not None and view.agent is not None:
        return Talking(view.queue, "")
    if view is not None:
        rings = frozenset(offer.id for offer in offers if offer.call_id == summary.id)
        return Offered(view.queue, rings) if rings else Waiting(view.queue)
    if summary.state in (CallState.TALKING, CallState.SURVEY):
        return Leaving(talked=True)
    onward = edition.destination(summary.onward) if summary.onward is not None else None
    return Arriving() if onward is None else Going(onward, dialled=True)
