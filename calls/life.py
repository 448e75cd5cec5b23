"""What a call's machine knows: where the call is, the caller's leg, and the commands of the running step. Pure.

`calls.machine` steps it; `session`, `queueing`, `dialling`, `transfers` and `ending` say what an event means there.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from acd import events as acd
from acd.events import Company, CompanyChanged, EndedBy
from acd.model import Recorded
from calls import effects as do
from calls.effects import Command, PlainCommand, Task
from calls.leg import JOINING, Happens, Leg
from calls.model import Arrival, Version
from calls.states import (
    Arriving,
    AtLine,
    AtMessage,
    Doing,
    Entering,
    Front,
    Gone,
    Hold,
    InMenu,
    InQueue,
    Interrupted,
    Leaving,
    Line,
    Offered,
    Over,
    Settling,
    State,
    Talking,
    Transfer,
    Waiting,
)
from ivr.interpreter import Facts
from ivr.model import Destination, ToMenu, ToQueue, ToSubHotline
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from sounds.model import Speech


class Talker(NamedTuple):
    """With whom a caller talks or talked last (the agent's id), and from which queue the caller came. "": not known."""

    agent: str = ""
    queue: str = ""


NOBODY = Talker()

_OF_TALKS = frozenset(
    {
        *(Kind.SURVEY_OFFERED, Kind.SURVEY_ANSWERED, Kind.SURVEY_COMPLETE, Kind.SURVEY_NOT_ASKED),
        *(Kind.RECORDING_BEGUN, Kind.RECORDING_PAUSED, Kind.RECORDING_RESUMED),
    }
)
"""Records with the queue of the talk."""


class Life:
    """One call.

    state     where the call is
    leg       the caller's channel
    edition   the version of the hotline that the call has
    language  the caller's
    begun     the journal has the call's beginning
    talker    with whom the caller talked last
    talked    the offer that became the last talk that is over; AMI may still be about to report it
    ended_by  who ended the talk, or the call; None: nobody yet
    known     what is known of the caller, by name
    since     when the caller began to wait for an agent, in whichever queue; an overflow into another queue keeps it.
              A head start of the caller's list is in it.
              None: the caller has not waited since the last menu, key or handover
    apology   what the caller hears first in the queue, as an earlier call was cut off; (): nothing of that
    told      the caller has heard that talks are recorded
    recording whether the talk is recorded: `on`, `paused`; None: it is not, or nobody talks
    heard     emergency messages of nodes that the caller has heard, by their ids
    channel   the name of the caller's channel, "" before the first session
    company   which agents besides that of the queue's talk ring, are asked or talk, as the distributor knows it
    now       the moment of the running step, in epoch seconds
    out       its commands so far
    """

    def __init__(self, arrival: Arrival, edition: Version, *, link_up: bool) -> None:
        self.id = arrival.call_id
        self.arrival = arrival
        self.edition = edition
        self.language = arrival.language
        self.known = dict(arrival.known)
        self.state: State = Arriving()
        self.leg = Leg(link=link_up)
        self.begun = False
        self.talker = NOBODY
        self.talked = ""
        self.ended_by: EndedBy | None = None
        self.since: float | None = None
        self.apology: Speech = ()
        self.told = False
        self.recording: str | None = None
        self.heard = set[str]()
        self.channel = ""
        self.company: Mapping[str, acd.CompanyChanged] = {}
        self.now = 0.0
        self.out: list[Command] = []

    @property
    def queue(self) -> str | None:
        """The queue of a caller who waits, for whom agents ring, or who talks with one."""
        match self.state:
            case Waiting(queue) | Offered(queue) | Settling(queue) | Talking(queue) | Interrupted(queue):
                return queue
        return None

    @property
    def awaited(self) -> str:
        """The agent for whom the caller is kept in the middle of their talk; "" for none."""
        return self.state.agent if isinstance(self.state, Interrupted) else ""

    @property
    def with_agent(self) -> str:
        """The agent who talks with the caller, or talked until the goodbye; "" for nobody. Of a line: its number."""
        match self.state:
            case Talking(agent=agent) | Interrupted(agent=agent):
                return agent
            case AtLine(line):
                return self.number_of(line)
            case Leaving(talked=True):
                return self.talker.agent
        return ""

    @property
    def talk(self) -> Talker:
        """Of the talk that goes on, or else of the last one."""
        match self.state:
            case Talking(queue, agent=agent) | Interrupted(queue, agent=agent):
                return Talker(agent, queue or "")
            case AtLine(line):
                number = self.number_of(line)
                agent = number if number in self.edition.hotline.agents else ""
                return Talker(agent, line.queue if isinstance(line, Transfer) else "")
        return self.talker

    @property
    def apart(self) -> bool:
        """Whether the caller hears music in the middle of a talk with an agent."""
        return isinstance(self.state, Interrupted) or self.hold is not None

    @property
    def hold(self) -> Hold | None:
        """The hold that somebody asked for over HTTP; None: the caller is not on hold."""
        return self.state.hold if isinstance(self.state, Talking | AtLine) else None

    def holds(self, offer: str) -> bool:
        """Whether the caller is on hold, and this is the leg of the agent."""
        return isinstance(self.state, Talking | AtLine) and self.state.hold is not None and self.state.offer == offer

    def awaits(self, ring: str) -> bool:
        """Whether this ring is to bring that agent back."""
        return isinstance(self.state, Interrupted) and self.state.ring == ring

    @property
    def waited_in(self) -> str | None:
        """The queue in which the caller waits, or waited until the channel ended; None: none, or the caller talks."""
        return self.state.queue if isinstance(self.state, Waiting | Offered | Settling | Gone) else None

    @property
    def given(self) -> Destination:
        """Where another caller goes who takes over this call, and is held there, or hears a sentence.

        A queue, even if an agent was connected from it: then Asterisk has moved the caller in that same moment, and the
        agent's leg has lost the channel that it was to talk with.
        """
        match self.state:
            case Entering(queue):
                return self.exactly("queues", queue)
            case Talking(queue=str(queue)) | Interrupted(queue):
                return self.exactly("queues", queue)
            case Leaving(talked=True) if self.talker.queue in self.edition.hotline.queues:
                return self.exactly("queues", self.talker.queue)
            case _ if (waited_in := self.waited_in) is not None:
                return self.exactly("queues", waited_in)
            case InMenu(step) if step.state.menu is not None:
                return ToMenu(menu=step.state.menu)
            case Arriving() if isinstance(self.arrival.to, ToQueue | ToSubHotline):
                return self.arrival.to
        return self.entry

    @property
    def entry(self) -> Destination:
        """Where the caller's list leads, or the number that the caller dialled."""
        return self.edition.hotline.beginning(self.arrival.number, self.known).to

    def exactly(self, section: str, name: str) -> ToQueue | ToSubHotline:
        """The way to this queue or sub-hotline itself, not to what it has for the caller's district."""
        return self.edition.hotline.exactly((section, name))

    def number_of(self, line: Line | InQueue) -> str:
        """What is dialled for `line`: an agent's id or a number; "": the hotline does not have this sub-hotline any
        more, or the queue has no extension.
        """
        if isinstance(line, Transfer):
            return line.phone
        if isinstance(line, InQueue):
            queue = self.edition.hotline.queues.get(line.queue)
            return "" if queue is None else queue.extension or ""
        sub_hotline = self.edition.hotline.sub_hotlines.get(line)
        return "" if sub_hotline is None else sub_hotline.dial

    @property
    def over(self) -> bool:
        return isinstance(self.state, Over)

    def facts(self, now: float) -> Facts:
        """What the menus may know of this call. `now`: seconds since the epoch."""
        moment = datetime.fromtimestamp(now, self.edition.hotline.zone)
        return Facts(moment, self.arrival.caller, self.arrival.number, MappingProxyType(dict(self.known)))

    @property
    def head_start(self) -> float:
        """Seconds that the caller's list gives in every queue."""
        listed = self.edition.hotline.listed(self.known)
        return 0.0 if listed is None else listed.priority

    def go(self, state: State) -> None:
        match self.state:
            case Talking(offer=offer, hold=Hold()) | AtLine(offer=offer, hold=Hold()) if offer and not isinstance(
                state, Talking | AtLine
            ):
                self.out.append(do.DropRing(offer))  # nothing else ends this leg
        self.state = state

    def do(self, task: Task) -> None:
        self.out.append(do.Do(task))

    def begin(self, *, resumed: bool) -> None:
        more: dict[str, Any] = {"known": dict(self.known)} if self.known else {}
        if self.arrival.robot:
            more["robot"] = True
        if self.arrival.about:
            more["about"] = self.arrival.about
        if self.arrival.cut is not None:
            more["cut"] = self.arrival.cut.call
        if self.arrival.called_back and isinstance(self.arrival.to, ToQueue):
            more["to"] = _written(self.arrival.to)  # a service that dies now leaves no other trace of the callback
        self.write(
            Kind.CALL_STARTED,
            self.arrival.actor,
            None,
            caller=self.arrival.caller,
            number=self.arrival.number,
            language=self.language,
            channel=self.channel,
            resumed=resumed,
            version=self.edition.hotline.version,
            **more,
        )
        self.begun = True

    def write_sent_on(
        self, to: Destination, front: Front | None = None, since: float | None = None, apology: str = ""
    ) -> None:
        """`since`: when the caller began to wait there, in a call before this one; None: in none. `apology`: the phrase
        that the caller hears first.
        """
        data: dict[str, Any] = {"to": _written(to)}
        if apology:
            data["apology"] = apology
        if since is not None:
            data["since"] = since
        if front is not None:
            data["front"] = True
            if front.agent:
                data["agent_first"] = front.agent
        self.write(Kind.ROUTED, SYSTEM, **data)

    def write_transferred(
        self, how: Literal["blind", "consult"], to: Mapping[str, Any], actor: Actor | None = None, reason: str = ""
    ) -> None:
        """`to`: a destination, `{"agent": ID}` or `{"number": N}`. `actor`: left out, the agent of the talk. `reason`:
        "" for none.
        """
        by = self.talker.agent
        more = {"reason": reason} if reason else {}
        self.write(Kind.TRANSFERRED, actor or (Actor.agent(by) if by else SYSTEM), by or None, how=how, to=to, **more)

    def records(self, queue: str | None) -> bool:
        """Whether the talks of this queue with this caller are recorded."""
        definition = self.edition.hotline.queues.get(queue or "")
        wanted = definition is not None and definition.record is Recorded.ALWAYS
        return wanted and self.told and not self.arrival.test

    def write(
        self, kind: Kind, actor: Actor = SYSTEM, agent: str | None = None, offer: str | None = None, **data: Any
    ) -> None:
        queue = self.queue if kind in (Kind.SAID, Kind.KEY_PRESSED) else None
        if kind in _OF_TALKS:
            queue = self.talk.queue
        if isinstance(self.state, AtMessage):
            queue = self.state.queue
        if self.arrival.test:
            data["test"] = True
        self.out.append(do.Write(Record(self.now, kind, self.id, queue, agent, offer, data, actor=actor)))

    def tell(self, event: acd.Event) -> None:
        self.out.append(do.TellDistributor(event))

    def to_say(self, speech: Speech, *, keys: bool) -> Task:
        return do.Say(speech, self.language, keys)

    def held(self) -> None:
        """The caller is in the holding bridge, and is to stay there or not."""
        if isinstance(self.state, AtLine) and self.state.hold is None and self.leg.held:
            # this is of the moment before the colleague, who is on the way, takes the caller
            self.leg.joining = self.now + JOINING
            return
        self.leg.tell(Happens.HELD)
        self.fetch_if_held()
        if self.leg.held:
            self.out.append(PlainCommand.ADMIT)

    def fetch_if_held(self) -> None:
        """Take the caller out of the holding bridge, unless the caller is to stay there."""
        match self.state:
            case (
                Waiting(speech=None, arranging=None)
                | Offered(wish=None)
                | Settling()
                | Talking()
                | Interrupted(explaining=False)
            ):
                return
            case AtLine(hold=Hold()):
                return
        if self.leg.held:
            self.take_out(PlainCommand.FETCH)

    def take_out(self, how: Literal[PlainCommand.FETCH, PlainCommand.KICK]) -> None:
        self.leg.tell(Happens.TAKEN_OUT)
        self.out.append(how)
        self.leg.expect(self.now)

    def leave_be(self) -> None:
        self.leg.expected_until = None
        self.out.append(PlainCommand.LEAVE_BE)

    def tell_company(self) -> None:
        """Tell the distributor which agents ring, are asked or talk beside the queue's own, if this has changed."""
        if not self.company and not isinstance(self.state, _ACCOMPANIED):
            return
        if self.company == (now := self.company_now()):
            return
        for agent_id in self.company.keys() - now.keys():
            self.tell(CompanyChanged(self.id, agent_id, None))
        for agent_id, changed in now.items():
            if changed != self.company.get(agent_id):
                self.tell(changed)
        self.company = now

    def company_now(self) -> Mapping[str, CompanyChanged]:
        """By agent, what the state of the call says of agents whom no queue has chosen: a colleague to whom the caller
        was sent, whom the agent of the talk consults, or whose phone is a department's.
        """
        agents = self.edition.hotline.agents
        return {
            number: CompanyChanged(self.id, number, company, self._queue_of(line), self.arrival.test)
            for line, company in _company(self.state)
            if (number := self.number_of(line)) in agents
        }

    def _queue_of(self, line: Line) -> str | None:
        return self.queue or (line.queue if isinstance(line, Transfer) else "") or self.talker.queue or None


_ACCOMPANIED = (Talking, AtLine)
"""The states of which `_company` says anything."""

_COMPANY = {Doing.CALLING: Company.RINGS, Doing.ASKING: Company.ASKED, Doing.BRINGING: Company.ASKED}


def _company(state: State) -> Iterator[tuple[Line, Company]]:
    match state:
        case AtLine(line, answered):
            yield line, Company.TALKS if answered else Company.RINGS
    match state:
        case Talking(hold=Hold(doing=doing, line=asked)) | AtLine(hold=Hold(doing=doing, line=asked)):
            if asked is not None and not isinstance(asked, InQueue) and doing in _COMPANY:
                yield asked, _COMPANY[doing]
        case Talking(third=third) | AtLine(third=third) if third is not None:
            yield third, Company.TALKS


def _written(to: Destination) -> dict[str, Any]:
    """A destination as Records have it."""
    return to.model_dump(mode="json", exclude_defaults=True)
