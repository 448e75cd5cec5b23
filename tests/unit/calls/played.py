"""Asterisk and the queues, played to the machine of one call.

`World` has the truth: where the caller is in Asterisk, which agents' legs there are, what the channel says. AGI tells
of it at once, AMI when the next of `ami` is called, or never, if the link breaks before. The engine of the queues is
real.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from math import inf

from acd import effects as wanted
from acd import events as acd
from acd.engine.step import Engine
from acd.events import OfferFailure
from acd.model import Survey
from calls import effects as do
from calls import events as ev
from calls import holding
from calls.machine import CallMachine
from calls.model import Arrival, CallSummary, Cut, KeptPlace, fold
from calls.states import AtLine, Gone, Leaving, Over, Settling, Talking
from dialplan.differences import (
    Believed,
    BridgeSeen,
    Caller,
    CallerSeen,
    CallGone,
    CallRestored,
    Difference,
    LegGone,
    LegRestored,
    LegSeen,
    LegUnknown,
    PlaceWithoutCall,
    Restored,
    StrayHeld,
    StraySession,
    TalkOver,
    differences,
)
from dialplan.differences import Leg as BelievedLeg
from dialplan.news import News
from dialplan.snapshot import (
    ASIDE,
    CALL_VARIABLE,
    DIALLING,
    HOLDING,
    LOST_VARIABLE,
    OFFER_VARIABLE,
    SERVING,
    STATUS_VARIABLE,
    SUB_HOTLINE_VARIABLE,
    TAKEN_VARIABLE,
    AsteriskSnapshot,
    Channel,
)
from hotline.callbacks import CallbackRule
from hotline.calls_out import CallsOut
from hotline.edition import Edition
from hotline.model import Hotline
from ivr.model import Destination, ToQueue
from journal.records import Kind, Record
from sounds.model import Phrase
from tests.unit.calls.played_queues import Queues
from tests.unit.service.calling import START, FakeCatalogue
from tests.unit.service.small import hotline

SURVEY = Survey.model_validate({"say": {"*": "Rate"}, "more": [{"say": {"*": "Solved?"}, "keys": "1-2"}]})


def _more() -> Hotline:
    """The small hotline with a survey after the talks of one queue, whose callers may be called back."""
    plain = hotline()
    trees = plain.queues["trees"].model_copy(update={"survey": SURVEY, "callback": CallbackRule(key="8")})
    changed = {"queues": {**plain.queues, "trees": trees}, "calls_out": CallsOut(allowed=("1[3-9]x",))}
    return plain.model_copy(update=changed)


EDITION = Edition(_more(), FakeCatalogue())
HOTLINE = EDITION.hotline
CALLER, CALLER_NUMBER, TALK = "a-1", "138", "talk"
RINGS, TALKS = "rings", "talks"


def returns(offer_id: str) -> bool:
    """Whether it is a ring that the engine does not know: it brings an agent back to a talk."""
    return offer_id.startswith("back-")


class Where(Enum):
    """Where the caller is in Asterisk."""

    AGI = auto()  # served by a session, or on the way to one
    HELD = auto()
    TALK = auto()
    DIALLED = auto()
    ELSEWHERE = auto()  # transferred to where the service does not serve
    MOVED = auto()  # transferred to where it does: a new session follows once the last one is closed
    GONE = auto()


@dataclass
class Leg:
    """An agent's leg. `heard`, `known`: the service has been told that it was answered, that it talks. `ended`: see
    `dialplan.differences.Leg`.
    """

    held: bool
    agent: str = ""
    answered: bool = False
    heard: bool = False
    known: bool = False
    talks: bool = False
    ended: bool = False
    cancelled: bool = False
    bridge: str = ""
    """Of its talk."""
    left: str = ""
    """As the service knows it: the bridge that it was sent out of, and has not come back from; "": none."""
    aside: bool = False
    """Its caller is on hold, and it is not with the caller."""
    dialled: str = ""
    """A phone RINGS for it or TALKS with it; "": none."""
    comes: bool = False
    """It is about to take its caller back."""


class World:
    """`queue`: the one that the caller has dialled. `agents`: they are at work from the beginning. `hangs_up`: the
    caller may do so before the end. `transfers`: agents may send the caller on; else talks last long enough for a hold.
    `promised`: the caller is to be called back from the queue "trees", and rings in before that. `cut`: an earlier call
    of the caller was cut off.
    """

    def __init__(
        self,
        queue: str | None,
        *,
        turned_away: bool,
        agents: bool,
        hangs_up: bool,
        transfers: bool = True,
        promised: bool = False,
        cut: Cut | None = None,
    ) -> None:
        self.transfers = transfers
        self.now = START
        self.hangs_up = hangs_up
        # Asterisk
        self.where = Where.AGI
        self.stuck = False  # AGI() waits for a session whose other end is gone
        self.session = False
        self.result: ev.Event | None = None  # what AGI is about to answer
        self.legs: dict[str, Leg] = {}
        self.taken = self.lost = self.sub_hotline = self.status = self.seen = ""
        self.pages = 0  # that have come back
        self.moved: Destination | str | None = None
        self.sub_hotline_answered = self.interrupted = self.offered = False
        self.ami: deque[Callable[[], None]] = deque()
        self.leading = ""  # "", asked, sent, cancelled (too late)
        self.talk = TALK  # the bridge of the last talk
        self.joining = False  # Asterisk was asked to send the one whom the agent consults to the caller
        self.joins = False  # who is on the way
        self.third = ""  # the offer of the leg that talks with the caller and with whom the agent has consulted
        self.third_known = ""  # the same, as the service knows it
        # the service
        self.link = True
        self.located = self.compared = True
        self.bridged = ""
        self.task: do.Task | None = None
        self.events: deque[ev.Event] = deque()
        self.stepping = False
        self.rings: dict[str, Leg] = {}  # legs that the service knows
        self.records: list[Record] = []  # of the machine
        self.story: list[Record] = []  # and of the engine
        self.summary: CallSummary | None = None
        self.queued = False  # by what the engine was told
        self.unqueued_talk = False  # a talk of which only Asterisk knew, after a restart
        self.finished = False
        # the queues
        self.callbacks: dict[str, str] = {}  # the caller's live one → the number
        self.dialled = False  # it rings
        self.queues = Queues(HOTLINE, START, self.wanted)
        if promised:
            self.engine.step(acd.CallQueued("c-0", "trees", "en"), START)
            self.engine.step(acd.CallbackPromised("c-0", "b-0", CALLER_NUMBER), START)
            self.callbacks["b-0"] = CALLER_NUMBER
        if agents:
            self.agents_come()
        to, callbacks = ToQueue(queue=queue) if queue else None, {"trees": "b-0"} if promised else {}
        arrival = Arrival(
            *("c-1", CALLER_NUMBER, "12319", "en"),
            to=to,
            turned_away=turned_away,
            places=dict.fromkeys(callbacks, KeptPlace(START, inf)),
            callbacks=callbacks,
            cut=cut,
        )
        self.machine = CallMachine(arrival, EDITION, link_up=True)
        self.comes_in()

    # -- the service: as Call, Switchboard and Distributor do it -----------------------------------------------------

    def tell(self, event: ev.Event) -> None:
        self.events.append(event)
        if self.stepping:
            return
        self.stepping = True
        while self.events:
            event = self.events.popleft()
            was_over = self.machine.over
            commands = self.machine.step(event, self.now)
            if was_over:
                assert commands == ([do.PlainCommand.CLOSE_SESSION] if isinstance(event, ev.SessionBegan) else [])
            if event is ev.PlainEvent.SESSION_FREE:
                self.look_at_tasks(commands)
            for number, command in enumerate(commands, start=1):
                assert command is not do.PlainCommand.FINISH or number == len(commands)
                self.perform(command)
        self.stepping = False

    def look_at_tasks(self, commands: list[do.Command]) -> None:
        tasks = [command for command in commands if isinstance(command, do.Do)]
        state = self.machine.state
        talks = isinstance(state, Talking) and state.hold is None
        undecided = isinstance(state, Leaving) and do.PlainCommand.ASK_LAST_SURVEY in commands
        settles = isinstance(state, Settling) and state.until is not None
        waits = talks or undecided or settles or isinstance(state, Gone | Over)
        assert len(tasks) == (0 if waits else 1), f"{tasks} in {state}"

    def goes_on(self) -> None:
        """The session, if it is free."""
        if self.session and self.task is None and self.where is not Where.GONE:
            self.tell(ev.PlainEvent.SESSION_FREE)

    def perform(self, command: do.Command) -> None:
        match command:
            case do.Do(task):
                assert self.session
                self.task = task
                self.begins(task)
            case do.Write(record):
                self.write(record, by_machine=True)
            case do.TellDistributor(event):
                self.told_to_the_engine(event)
                self.engine_tell(event)
            case do.Ring(ring, held):
                all_told = self.link and not self.ami and not self.engine.blind
                assert not held or not all_told or self.where is Where.HELD, "Bridge() would end AGI()"
                leg = Leg(held, ring.agent_id)
                self.legs[ring.offer_id] = self.rings[ring.offer_id] = leg
                self.offered = True
            case do.DropRing(offer_id):
                self.leg_is_ended(offer_id)
            case do.PlainCommand.STOP_SAYING:
                pass  # how much is heard of what is said is no matter here
            case do.PlainCommand.FETCH | do.PlainCommand.KICK:
                self.offered = False
                talks = self.where is Where.TALK or (self.where is Where.DIALLED and self.sub_hotline_answered)
                if self.link and (self.where is Where.HELD or (command is do.PlainCommand.KICK and talks)):
                    self.out_of_the_bridge()
            case do.PlainCommand.ADMIT:
                for leg in self.rings.values():
                    leg.held = True
            case do.PlainCommand.LEAD_BACK:
                self.leading = "asked"
            case do.PlainCommand.LEAVE_BE:
                self.leading = "cancelled" if self.leading == "sent" else ""
            case do.SetAside(offer_id):
                self.set_aside(offer_id)
            case do.TakeBack(offer_id):
                self.sent_back(offer_id)
            case do.Consult(offer_id):
                if self.link and offer_id in self.legs:
                    assert self.legs[offer_id].aside
                    self.offered, self.legs[offer_id].comes, self.legs[offer_id].dialled = True, False, RINGS
            case do.HandOver(offer_id):
                self.hand_over(offer_id)
            case do.BringIn(offer_id):
                self.bring_in(offer_id)
            case do.SendAway(offer_id):
                self.third_known = ""
                if self.link and self.third == offer_id:
                    self.third = ""
            case do.NoteTalk(mark):
                self.seen = mark
            case do.NoteLine(mark):
                self.sub_hotline, self.status, self.seen = mark, "ANSWER", mark
            case do.PlainCommand.ASK_LAST_SURVEY:
                self.tell(ev.LastSurvey(None))
            case do.PlainCommand.CLOSE_SESSION:
                self.session, self.task, self.result = False, None, None
            case do.PlainCommand.FINISH:
                self.finished = True

    # -- an agent's leg while the caller is on hold -------------------------------------------------------------------

    def set_aside(self, offer_id: str) -> None:
        leg = self.legs.get(offer_id)
        if (known := self.rings.get(offer_id)) is not None:
            known.left = known.bridge or "unknown"
        if leg is None or not self.link:
            return
        talked, leg.talks, leg.aside, leg.comes, leg.dialled = leg.talks, False, True, False, ""
        if talked:
            self.out_of_the_bridge()

    def sent_back(self, offer_id: str) -> None:
        """Out of a consultation the leg comes by itself, and may be there already."""
        leg = self.legs.get(offer_id)
        if leg is not None and self.link and not leg.talks:
            self.offered, leg.comes, leg.dialled = True, True, ""

    def bring_in(self, offer_id: str) -> None:
        leg, self.third_known = self.legs.get(offer_id), offer_id
        if leg is not None and leg.dialled == TALKS and self.link:
            self.third, leg.dialled, leg.comes = offer_id, "", True
        elif self.link:
            self.third_is_gone(offer_id)

    def third_is_gone(self, offer_id: str) -> None:
        if self.third == offer_id:
            self.third = ""
        self.hear_of_leg(partial(self.third_left, offer_id))

    def third_left(self, offer_id: str) -> None:
        if self.third_known == offer_id:
            self.third_known = ""
            if offer_id in self.rings:
                self.tell(ev.ThirdLeft(offer_id))

    def hand_over(self, offer_id: str) -> None:
        self.joining = True
        leg = self.legs.get(offer_id)
        third = self.third == offer_id
        there = leg is not None and (leg.dialled == TALKS or third) and self.link
        if there:
            self.offered = self.joins = True
        if leg is not None and self.link and not leg.talks:
            self.leg_ends(offer_id)  # it may not take the caller any more
        self.third_known = ""
        if third and self.link:
            self.third = ""
        if self.link:
            self.ami.append(partial(self.answers_joining, done=there))
        else:
            self.answers_joining(done=False)

    def answers_joining(self, *, done: bool) -> None:
        if self.joining:
            self.joining = False
            self.tell(ev.Joined(done))

    def new_talk(self) -> None:
        self.where, self.talk = Where.TALK, self.talk + "+"

    def write(self, record: Record, *, by_machine: bool = False) -> None:
        if by_machine:
            assert record.at == self.now
            assert not self.finished
            assert record.kind is Kind.CALL_STARTED or self.records, f"{record.kind} before the beginning"
            assert record.kind is not Kind.CALL_STARTED or not self.records, "it begins twice"
            assert not any(earlier.kind is Kind.CALL_FINISHED for earlier in self.records)
            self.records.append(record)
        if record.kind is Kind.CALLBACK_PROMISED:
            self.callbacks[record.data["callback"]] = record.data["number"]
        if record.call == "c-1":
            self.story.append(record)
            self.summary = fold(self.summary, record)

    def told_to_the_engine(self, event: acd.Event) -> None:
        assert not self.finished
        match event:
            case acd.CallQueued():
                assert not self.queued
                self.queued = True
            case acd.CallbackPromised():
                assert self.queued
                self.queued = False
            case acd.CallLeft(call_id) if call_id != "c-1":
                assert not self.queued
            case acd.CallLeft() | acd.CallEnded():
                assert self.queued or self.unqueued_talk
                self.queued = self.unqueued_talk = False
            case acd.Announced():
                assert self.queued

    @property
    def engine(self) -> Engine:
        return self.queues.engine

    def engine_tell(self, event: acd.Event) -> list[wanted.Effect]:
        return self.queues.tell(event, self.now)

    def wanted(self, effect: wanted.Effect) -> None:
        match effect:
            case Record():
                self.write(effect)
            case wanted.RingAgent():
                assert not self.machine.over
                self.tell(ev.Matched(effect))
            case wanted.CancelRing(offer_id):
                self.tell(ev.RingOver(offer_id))
                self.leg_is_ended(offer_id)
            case wanted.CallBack():
                self.dialled = True
            case wanted.Announce():
                self.tell(ev.AnnouncementDue((Phrase("queue-position-next"),)))
            case wanted.LeaveQueue(then=then):
                self.queued = False
                self.tell(ev.QueueLeft(then, EDITION))

    # -- what AGI does ---------------------------------------------------------------------------------------------

    def begins(self, task: do.Task) -> None:
        """An application of Asterisk that outlives the session, or what is answered at once."""
        assert self.result is None
        match task:
            case do.PlainTask.HOLD:
                assert self.where is Where.AGI
                self.where = Where.HELD
                self.hear(News.BRIDGED, News.HELD)
            case do.Dial():
                assert self.where is Where.AGI
                self.where, self.sub_hotline_answered = Where.DIALLED, False
            case do.MarkQueue():
                self.taken, self.result = "", ev.PlainEvent.DONE
            case do.MarkDialling(mark):
                self.sub_hotline, self.status, self.result = mark, "", ev.PlainEvent.DONE
                self.moved, self.taken = None, ""
            case do.MarkCall():
                self.moved, self.sub_hotline, self.result = None, "", ev.PlainEvent.DONE
            case do.PlainTask.CLEAR_DIALLING:
                self.moved, self.sub_hotline, self.taken, self.result = None, "", "", ev.PlainEvent.DONE
            case do.PlainTask.MARK_INTERRUPTED:
                self.interrupted, self.result = True, ev.PlainEvent.DONE
            case do.PlainTask.ASK_TAKEN:
                self.result = ev.TakenKnown(self.taken)
            case do.PlainTask.ASK_DIALLING:
                self.result = ev.DiallingKnown(self.sub_hotline)
            case do.PlainTask.ASK_DIAL_RESULT:
                self.result = ev.DialEnded(self.status, "17")
            case do.PlainTask.ASK_HISTORY:
                self.result = ev.HistoryKnown(self.machine.arrival.turned_away, self.interrupted)
            case do.PlainTask.ANSWER | do.PlainTask.MARK_DONE:
                self.result = ev.PlainEvent.DONE
            case do.Say():
                self.result = ev.Said("words", interrupted=False)
            case do.AskPromise(number):
                self.result = self.promise(number)

    def promise(self, number: str) -> ev.PromiseKnown:
        for callback, promised in self.callbacks.items():
            if promised == number and (position := self.engine.callback_position(callback)) is not None:
                return ev.PromiseKnown(callback, position, self.dialled)
        return ev.PromiseKnown(expected=self.engine.expected_wait("c-1"))

    def free_after(self, result: ev.Event) -> None:
        self.task, self.result = None, None
        self.tell(result)
        self.goes_on()

    def out_of_the_bridge(self) -> None:
        """The caller leaves the holding bridge or a talk, or Dial() is over."""
        was, self.where = self.where, Where.AGI
        for offer_id in [offer_id for offer_id, leg in self.legs.items() if leg.talks]:
            self.leg_ends(offer_id)
        self.hear(News.LET_GO)
        if self.session:
            self.result = ev.DialEnded(self.status, "17") if was is Where.DIALLED else ev.PlainEvent.HOLD_ENDED

    # -- what AMI tells ----------------------------------------------------------------------------------------------

    def hear(self, *events: ev.Event) -> None:
        if self.link:
            self.ami += [partial(self.tell_found, event, self.bridge) for event in events]

    def hear_of_leg(self, happened: Callable[[], None]) -> None:
        if self.link:
            self.ami.append(happened)

    def tell_found(self, event: ev.Event, bridge: str = "") -> None:
        """The switchboard knows the channel once the call is found. `bridge`: the caller's, after the event."""
        if not self.located:
            return
        if event in (News.BRIDGED, News.LET_GO):
            self.bridged = bridge if event is News.BRIDGED else ""
        self.tell(event)

    def leg_ends(self, offer_id: str) -> None:
        leg = self.legs.pop(offer_id)
        if self.third == offer_id:
            self.third_is_gone(offer_id)

        def told() -> None:
            if leg.heard and not leg.known and self.engine.blind:
                leg.ended = True  # they may have talked, unseen: the next look tells
            else:
                self.ring_is_over(offer_id, OfferFailure.ABANDONED if leg.answered else OfferFailure.NO_ANSWER)

        self.hear_of_leg(told)

    def leg_is_ended(self, offer_id: str) -> None:
        """By the service; without the link, when it is seen next."""
        leg = self.legs.get(offer_id)
        if leg is not None and not self.link:
            leg.cancelled = True
        elif leg is not None and leg.talks:
            self.out_of_the_bridge()
        elif leg is not None:
            self.leg_ends(offer_id)

    def ring_is_over(self, offer_id: str, reason: OfferFailure) -> None:
        leg = self.rings.pop(offer_id, None)
        if leg is not None and leg.known:
            self.tell(ev.LegEnded(offer_id))
        elif leg is not None and returns(offer_id):
            self.tell(ev.RingOver(offer_id))
        elif leg is not None:
            self.tell(ev.RingOver(offer_id))
            self.engine_tell(acd.OfferFailed(offer_id, reason))

    def picked_up(self, offer_id: str) -> None:
        leg = self.rings.get(offer_id)
        if leg is not None and not leg.heard:
            leg.heard = True
            if returns(offer_id):
                return
            self.engine_tell(acd.OfferAnswered(offer_id))

    def connected(self, offer_id: str, bridge: str) -> None:
        leg = self.rings.get(offer_id)
        if leg is None or (leg.known and leg.left in ("", bridge)):
            return
        leg.known, leg.left = True, ""
        if self.machine.holds(offer_id):
            self.tell(ev.Connected(offer_id, leg.agent, returns=leg.agent == "1001"))
            if not isinstance(self.machine.state, AtLine):
                self.seen = offer_id
            return
        if returns(offer_id):
            if self.machine.awaits(offer_id):
                self.tell(ev.Connected(offer_id))
                self.seen = offer_id
            else:
                self.leg_is_ended(offer_id)
            return
        effects = self.engine_tell(acd.OfferConnected(offer_id))
        if not any(isinstance(effect, wanted.CancelRing) and effect.offer_id == offer_id for effect in effects):
            self.tell(ev.Connected(offer_id, leg.agent, returns=leg.agent == "1001"))
            state = self.machine.state
            self.unqueued_talk |= isinstance(state, Talking) and (state.queue, state.offer) == (None, offer_id)
            self.seen = offer_id

    # -- what Asterisk is asked, and what is learned -------------------------------------------------------------------

    def asked(self) -> None:
        """The answer comes behind the events from before it. These are newer than what is believed now."""
        thirds = self.third_known, self.third
        self.ami.append(partial(self.asterisk_answers, self.believed(), self.snapshot(), *thirds))

    def snapshot(self) -> AsteriskSnapshot:
        """What Asterisk has."""
        there = []
        if self.where is not Where.GONE:
            held = self.where in (Where.HELD, Where.TALK)
            application = HOLDING if held else SERVING if self.where in (Where.AGI, Where.MOVED) else DIALLING
            variables = {CALL_VARIABLE: "c-1", STATUS_VARIABLE: self.status, TAKEN_VARIABLE: self.taken}
            variables[LOST_VARIABLE] = self.lost
            variables[SUB_HOTLINE_VARIABLE] = self.sub_hotline
            there.append(Channel(CALLER, f"PJSIP/{CALLER}", application, True, self.bridge, variables))
        for offer_id, leg in self.legs.items():
            variables = {CALL_VARIABLE: "c-1", OFFER_VARIABLE: offer_id} | ({ASIDE: "1"} if leg.aside else {})
            bridge = leg.bridge if leg.talks else "asked" if leg.dialled == TALKS else ""
            application = "Bridge" if leg.talks or not leg.aside else DIALLING if leg.dialled else "Wait"
            there.append(Channel(offer_id, f"PJSIP/1001-{offer_id}", application, leg.answered, bridge, variables))
        talks = {channel.bridge for channel in there if channel.bridge and channel.application != HOLDING}
        if self.where is Where.TALK:
            talks.add(self.talk)  # with a leg, or with a colleague
        return AsteriskSnapshot({channel.unique_id: channel for channel in there}, frozenset(talks), {})

    @property
    def bridge(self) -> str:
        dialled = TALK if self.sub_hotline_answered else ""
        return {Where.HELD: "holding", Where.TALK: self.talk, Where.DIALLED: dialled}.get(self.where, "")

    def believed(self) -> Believed:
        """As the reconciler does it."""
        restored = None
        if not self.compared:
            rings = {offer.id: (offer.call_id, offer.agent_id) for offer in self.engine.offers()}
            states = {view.id: view.agent for view in self.engine.calls()}
            state, lines = self.machine.state, {}
            if isinstance(state, AtLine) and state.answered:
                lines["c-1"] = self.machine.with_agent, self.machine.apart
            restored = Restored(() if self.located else ("c-1",), rings, states, lines=lines)
        callers = {} if self.machine.over or not self.located else {CALLER: Caller("c-1", self.bridged, self.session)}
        legs = {
            offer_id: BelievedLeg(CALLER, leg.bridge if leg.known else "", ended=leg.ended)
            for offer_id, leg in self.rings.items()
        }
        return Believed(callers, legs, restored)

    def asterisk_answers(self, asked: Believed, snapshot: AsteriskSnapshot, third_known: str, third: str) -> None:
        """`third_known`, `third`: as they were when Asterisk was asked."""
        believed = self.believed()
        for difference in differences(asked, believed, snapshot):
            self.learn(difference)
        if believed.restored is None and third_known != third:
            if third_known:
                self.third_left(third_known)
            if third and third != self.third_known:
                self.third = ""  # a stranger who listens is hung up
        if believed.restored is not None:
            self.compared = True
            self.tell(ev.PlainEvent.ADOPTED)
            self.asked()
        elif self.engine.blind:
            self.queues.agents_have_phones(self.now)
            self.engine_tell(acd.Resynced())

    def learn(self, difference: Difference) -> None:
        """As reconciler, switchboard and telephony do it."""
        match difference:
            case CallerSeen(_, news):
                self.tell(news)
            case BridgeSeen(_, bridge, held):
                self.bridged = bridge
                self.tell(News.BRIDGED if bridge else News.LET_GO)
                if held:
                    self.tell(News.HELD)
            case CallGone():
                self.missing()
            case LegSeen(offer_id) if self.legs.get(offer_id, Leg(held=False)).cancelled:
                self.leg_is_ended(offer_id)
            case LegSeen(offer_id, answered, bridge, apart=apart):
                if answered:
                    self.picked_up(offer_id)
                if bridge and bridge == self.bridged:
                    self.connected(offer_id, bridge)
                if apart is not None and offer_id in self.rings:
                    self.tell(ev.LegFound(offer_id, apart))
            case LegGone(offer_id, took, _):
                if took:
                    self.connected(offer_id, TALK)
                self.ring_is_over(offer_id, OfferFailure.FAILED)
            case CallRestored(_, channel):
                self.located = True
                self.tell(ev.DiallingKnown(channel.line))
            case LegRestored(offer_id, _, agent_id, channel, talks, aside):
                leg = self.rings[offer_id] = self.legs.get(offer_id, Leg(held=False, agent=agent_id))
                leg.known, leg.heard, leg.cancelled = talks, False, False
                leg.left = "unknown" if aside else ""
                if holding.has_third(self.machine):
                    self.third_known = offer_id
                if aside and channel is not None:
                    dialling, returns = channel.application == DIALLING, agent_id == "1001"
                    self.tell(ev.LegAside(offer_id, agent_id, returns, dialling, bool(channel.bridge)))
                elif talks:
                    self.unqueued_talk = not agent_id
                    self.tell(ev.Connected(offer_id, agent_id, returns=agent_id == "1001"))
                    self.unqueued_talk &= isinstance(self.machine.state, Talking)
            case LegUnknown(offer_id):
                self.leg_is_ended(offer_id)
            case TalkOver(_, offer_id, lost):
                self.tell(ev.TalkOver(offer_id, lost))
            case StraySession():
                assert self.machine.over
            case StrayHeld():
                assert self.machine.over
                self.out_of_the_bridge()
            case PlaceWithoutCall():
                raise AssertionError("the call is known")

    def missing(self) -> None:
        line = self.sub_hotline if self.status == "ANSWER" else ""
        talked = line or self.taken
        known = talked == self.seen
        self.tell(ev.CallerMissing(ev.Missing.HUNG_UP, "" if line or known else talked, "" if known else line))

    # -- the caller and the agents come --------------------------------------------------------------------------------

    def comes_in(self) -> None:
        if self.moved is not None:
            self.tell(ev.Transferred(self.moved, EDITION, self.taken))
            self.where = Where.AGI
        elif self.machine.leg.gone or self.where is Where.ELSEWHERE:
            self.tell(ev.CallerElsewhere(self.taken))
            assert self.machine.over
            self.where = Where.GONE
        if self.machine.over:
            self.where = Where.GONE  # what comes next is another call
            return
        self.session = self.located = True
        self.tell(ev.SessionBegan("PJSIP/a-1"))
        self.goes_on()

    def agents_come(self) -> None:
        self.queues.agents_come(self.now)
