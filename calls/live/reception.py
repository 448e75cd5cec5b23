"""Where calls come in: every AGI session becomes the life of a call, or an agent's code."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields

import structlog
from pydantic import SecretStr

from acd.distributor import Distributor
from acd.effects import Refuse
from acd.events import StateRequested
from agents.states import CODES, EMERGENCY_CODE, RECORDING_CODE, AgentState
from base.numbers import is_shown, plain
from calls import queueing
from calls.events import CallerElsewhere, PauseAsked, PutThroughFound, Transferred
from calls.live.call import Call
from calls.live.intake import Intake, Room
from calls.live.rehearsal import Rehearsals, by_robot
from calls.live.remembering import Remembering
from calls.live.switchboard import Place, Switchboard
from calls.live.unserved import Unserved, caller_number, new_call_id
from calls.machine import CallMachine
from calls.model import Arrival, Cut, Full, KeptPlace, LastTalk, Promise
from dialplan.agi_session import AgiSession, proven
from dialplan.render import NUMBER_GONE
from dialplan.snapshot import TAKEN_VARIABLE
from emergency.model import Emergency
from hotline.edition import Edition, Editions
from ivr.model import Destination
from journal.actor import Actor
from sounds.model import Phrase

log = structlog.get_logger()

FULL_VARIABLE = "WUTONG_FULL"
"""Channel variable, set where there is no room for the call: `words`, the caller may hear that, or go to the
fallback; `tone`: the caller gets the busy tone.
"""

LOOK = 10.0
"""Seconds that a caller hears ringing, at most, until Asterisk has said which calls it has. The link comes back within
5 s, and the look takes a moment.
"""

_CALL_ID = re.compile(r"[0-9a-f]{10,16}-[0-9a-f]{8}")


class UnknownScript(Exception):
    """The dialplan asks for something that the service does not serve; it was rendered by another version."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What the dialplan says of a session; "" for nothing.

    resumes   the call id that the channel has
    moved     the same id, if a transfer brought the channel here
    language  the caller's
    token     of a rehearsal: a test call
    agent     who calls; "": a citizen
    address   where the call comes from, with its port; "": it does not matter
    rung      the phone that the dialplan has dialled for the caller, as no service was there or an agent dialled it.
              With `/blind` behind it an agent sent the caller there, and they have talked
    about     the call about whose caller an agent asks a queue, in this one
    callback  the callback whose citizen has answered this call, which the hotline has made
    """

    resumes: str
    token: str
    language: str
    moved: str
    agent: str
    address: str
    rung: str
    about: str
    callback: str


class Reception:
    """`answer` is the handler of the AGI server.

    `editions`: the version in use, and the one that a new call gets. `secret`: by its first argument each session
    proves that our Asterisk has opened it (`dialplan.agi_session`); `refused` counts those that did not. `intake`:
    whether new calls are taken. `unserved`: learns which channels have a session. `room`: how many calls there may be.
    `remembering`: the languages of earlier callers. `emergencies`: the messages that are on. `places`: by queue, the
    places that are kept for a number, and that this call has from now on. `last_talks`: by queue, a number's last talk.
    `cut`: the place of a number's call that was cut off, by the number that is dialled now; this call has it from now
    on. `looked`: set while it is known which calls Asterisk has.
    `duty`: serves phones that dial for an emergency message. `pauses_call_out`: `CallsOut.pause_or_go_on`.
    """

    def __init__(
        self,
        switchboard: Switchboard,
        distributor: Distributor,
        rehearsals: Rehearsals,
        editions: Editions,
        secret: SecretStr,
        intake: Intake,
        unserved: Unserved,
        room: Room,
        remembering: Remembering,
        emergencies: Callable[[], tuple[Emergency, ...]],
        places: Callable[[str, str], Mapping[str, KeptPlace]],
        last_talks: Callable[[str], Mapping[str, LastTalk]],
        promises: Callable[[str, str], Sequence[Promise]] = lambda number, callback: (),
        cut: Callable[[str, str], Cut | None] = lambda number, dialled: None,
        looked: asyncio.Event | None = None,
    ) -> None:
        self.refused = 0
        self.duty: Callable[[AgiSession, str], Awaitable[None]] = _nobody
        self.pauses_call_out: Callable[[str], str | None] = lambda agent_id: None
        self._switchboard = switchboard
        self._distributor = distributor
        self._rehearsals = rehearsals
        self._editions = editions
        self._secret = secret
        self._intake = intake
        self._unserved = unserved
        self._room = room
        self._remembering = remembering
        self._emergencies = emergencies
        self._places = places
        self._promises = promises
        self._last_talks = last_talks
        self._cut, self._looked = cut, _set() if looked is None else looked
        self._refusing = False

    async def answer(self, session: AgiSession) -> None:
        """Serve a session of our Asterisk until it ends; any other is closed at once.

        Raises `UnknownScript`, and what the call raises.
        """
        shown, *more = session.request.args or ("",)
        if not self._is_ours(shown, session.request.uniqueid):
            session.close()
            return
        arguments = (*more, *("",) * len(fields(_Said)))
        edition = self._editions.in_use
        match session.request.network_script:
            case "call":
                await self._serve(session, edition, _Said(*arguments[: len(fields(_Said))]))
            case "code":
                with self._guest(session):
                    if session.request.extension == EMERGENCY_CODE:
                        await self.duty(session, arguments[0])
                    else:
                        await answer_code(session, arguments[0], edition, self._distributor, self._pause_or_go_on)
            case script:
                raise UnknownScript(f"agi://…/{script}: run `up` again, so that the dialplan is rendered anew")

    def _pause_or_go_on(self, agent_id: str) -> str:
        """Let the recording of this agent's talk pause, or go on. Returns the phrase that says what is so now. Nothing
        changes while Asterisk cannot be told.
        """
        for call in self._switchboard.calls():
            if queueing.is_recorded(call.machine) and call.machine.talk.agent == agent_id:
                if self._switchboard.telephony.link.up:
                    call.tell(PauseAsked(Actor.agent(agent_id), call.machine.recording == "on"))
                return f"recording-{call.machine.recording}"
        return f"recording-{self.pauses_call_out(agent_id) or 'off'}"

    def _is_ours(self, shown: str, uniqueid: str) -> bool:
        if proven(shown, self._secret, uniqueid):
            self._refusing = False
            return True
        self.refused += 1
        if not self._refusing:  # logged once each time that it begins, without what a stranger sent
            self._refusing = True
            log.warning(
                "agi-refused",
                refused=self.refused,
                why="a session without this service's proof: somebody else's, or Asterisk has a dialplan of another "
                "state folder or version; then run `up` again, so that it is rendered anew",
            )
        return False

    async def _serve(self, session: AgiSession, edition: Edition, said: _Said) -> None:
        caller, resumes, moved = session.request.uniqueid, said.resumes, said.moved
        if not self._unserved.served(caller):
            session.close()
            return
        if said.callback:
            self._switchboard.telephony.callback_legs.arrived(caller)
        call = self._switchboard.of_channel(caller)
        if call is None and (before := self._switchboard.of_id(resumes)) is not None and not before.channel.caller:
            call = before  # this call is from before a restart, and its channel was unknown
        if call is not None and said.rung and not moved:
            phone, _, how = said.rung.partition("/")
            call.tell(PutThroughFound(phone, blind=how == "blind"))
        if call is not None and (call.machine.leg.gone or (moved and (moved == call.id or not call.channel.attached))):
            taken = await session.get_variable(TAKEN_VARIABLE) or ""
            if moved and await call.let_go():
                # an agent has transferred the caller, and the transfer led here
                call.tell(Transferred(edition.target(session.request.extension), edition, taken))
            else:
                call.tell(CallerElsewhere(taken))
            if not await call.let_go():
                call = None
        if call is None and self._intake.leaving and not resumes:
            # do not answer; when this service has stopped, the dialplan brings the caller to the next one
            with self._guest(session):
                await session.execute("Ringing")
                await session.wait_gone()
            return
        if call is None and self._may_have_been_cut(session, said):
            with self._guest(session):
                await session.execute("Ringing")
                await session.wait(self._looked, LOOK)
        if call is None:
            if not resumes and (full := self._full(session, said)) is not None:
                with self._guest(session):
                    await self._refuse(session, full)
                return
            call = self._new(session, said)
            if said.token:
                self._rehearsals.arrived(said.token, call.id)
        elif call.channel.attached and call.id != resumes:
            # a channel has one session at a time, and its call's id: this session is not what it claims to be
            log.warning("agi-channel-taken", channel=session.request.channel)
            session.close()
            return
        elif not await call.let_go():
            session.close()  # if the caller is there after all, the dialplan brings the caller once more
            return
        else:
            self._switchboard.locate(call, caller, session.request.channel)
        await call.serve(session)

    def _may_have_been_cut(self, session: AgiSession, said: _Said) -> bool:
        """Whether a citizen calls while another call of this number lives as far as is known, has no session, and
        Asterisk cannot say. Most likely that call has just been cut off, and its caller rings again.
        """
        number = caller_number(session.request.callerid)
        ours = said.resumes or said.moved or said.agent or said.token or said.callback
        if self._looked.is_set() or ours or not is_shown(number):
            return False
        theirs = [call for call in self._switchboard.calls() if not call.channel.attached]
        return any(plain(call.machine.arrival.caller) == plain(number) for call in theirs)

    def _full(self, session: AgiSession, said: _Said) -> Full | None:
        number, address = caller_number(session.request.callerid), said.address.rpartition(":")[0]
        return self._room.why_full(number, address, preferred=bool(said.agent or said.token or said.callback))

    async def _refuse(self, session: AgiSession, full: Full) -> None:
        """Let the dialplan know that there is no room for this call: it says so, or dials the fallback."""
        request = session.request
        number = "" if request.extension == NUMBER_GONE else request.extension
        if full is Full.CALLS:  # the others may be a flood from one sender: those are only counted
            self._unserved.refused(request.uniqueid, request.channel, number, request.callerid, full)
        how = "words" if full is Full.CALLS and self._room.may_speak() else "tone"
        await session.command("SET VARIABLE", FULL_VARIABLE, how)
        session.close()

    @contextmanager
    def _guest(self, session: AgiSession) -> Iterator[None]:
        """A session that is no call's."""
        guests, channel = self._switchboard.guests, session.request.uniqueid
        guests.add(channel)
        try:
            yield
        finally:
            guests.discard(channel)

    def _new(self, session: AgiSession, said: _Said) -> Call:
        request = session.request
        caller = caller_number(request.callerid)
        resumed = bool(_CALL_ID.fullmatch(said.resumes)) and self._switchboard.of_id(said.resumes) is None
        call_id = said.resumes if resumed else new_call_id(self._distributor.clock.now())
        begins = not (resumed or said.moved or said.agent or said.token)
        edition = self._editions.of_new_call(caller or call_id) if begins else self._editions.in_use
        agent = edition.hotline.agents.get(said.agent)
        promises = () if said.agent or said.token else self._promises(caller, said.callback)
        back = promises[0] if said.callback and promises and not resumed else None
        waited = self._switchboard.waited(call_id) if resumed and not said.moved else None
        cut = self._place(caller, request.extension, edition) if begins and not said.callback else None
        spoken = cut.language if cut is not None else self._remembering.of(caller)
        language = said.language or (agent.languages[0] if agent else spoken)
        arrival = Arrival(
            call_id=call_id,
            caller=caller,
            number="" if request.extension == NUMBER_GONE else request.extension,  # it was taken out of the hotline
            language=edition.language(language),
            resumed=resumed,
            moved=bool(said.moved),
            to=_to(request.extension, edition, waited) if back is None else _back(back, edition),
            agent=said.agent,
            turned_away=self._intake.drained and not resumed and back is None,
            actor=self._rehearsals.actor(said.token),
            test=bool(said.token),
            robot=by_robot(said.token),
            known={} if agent else {**({} if cut is None else cut.known), **edition.hotline.known(caller)},
            emergencies=self._emergencies(),
            places={} if said.agent or said.token else self._kept(caller, call_id, promises),
            callbacks={promise.queue: promise.id for promise in promises},
            called_back=back is not None,
            last_talks={} if said.agent or said.token else self._last_talks(caller),
            about=said.about if agent and self._switchboard.of_id(said.about) is not None else "",
            cut=cut,
        )
        self._room.enter(arrival.call_id, arrival.caller, said.address.rpartition(":")[0])
        machine = CallMachine(arrival, edition, link_up=self._switchboard.telephony.link.up)
        machine.since = None if waited is None else waited.since
        return self._switchboard.admit(machine, request.uniqueid, request.channel)

    def _place(self, caller: str, dialled: str, edition: Edition) -> Cut | None:
        """The place of this caller's call that was cut off, if the hotline still has that queue."""
        cut = self._cut(caller, dialled)
        return cut if cut is not None and cut.queue in edition.hotline.queues else None

    def _kept(self, caller: str, call_id: str, promises: Sequence[Promise]) -> dict[str, KeptPlace]:
        """By queue, the places that this call has, of the callbacks and of earlier calls."""
        promised = {promise.queue: promise.place for promise in promises}
        return {**self._places(caller, call_id), **promised}


def _back(promise: Promise, edition: Edition) -> Destination | None:
    """To the queue in which the citizen has waited; None, to the menus: the hotline does not have it any more."""
    known = promise.queue in edition.hotline.queues
    return edition.hotline.exactly(("queues", promise.queue)) if known else None


def _to(extension: str, edition: Edition, waited: Place | None) -> Destination | str | None:
    """Where the dialled extension leads, or back to where the caller `waited`."""
    if waited is not None and waited.queue in edition.hotline.queues:
        return edition.hotline.exactly(("queues", waited.queue))
    return None if extension in edition.hotline.numbers else edition.target(extension)


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def _nobody(session: AgiSession, agent_id: str) -> None:
    """No emergency message can be recorded here."""
    await session.hangup()


DIALLED_REASON = "phone"
"""The reason of a not-ready that was dialled."""


async def answer_code(
    session: AgiSession,
    agent_id: str,
    edition: Edition,
    distributor: Distributor,
    recording: Callable[[str], str],
) -> None:
    """Do what the code asks, say it, hang up. Raises CallerGone if the agent hangs up first; the request holds.

    `recording`: as `Reception._pause_or_go_on`.
    """
    agent = edition.hotline.agents.get(agent_id)
    language = agent.languages[0] if agent else edition.hotline.languages[0]
    code = session.request.extension
    state, done = CODES.get(code, (AgentState.ON_CALL, ""))

    def ask() -> bool:
        reason = DIALLED_REASON if state is AgentState.NOT_READY else ""
        effects = distributor.ask(StateRequested(agent_id, state, Actor.agent(agent_id), reason))
        return not any(isinstance(effect, Refuse) for effect in effects)

    async def say(phrase: str) -> None:
        await session.answer()
        for path in edition.catalogue.files((Phrase(phrase),), language):
            await session.stream_file(path)

    if agent is None:
        await say("agent-unknown")
    elif code == RECORDING_CODE:
        await say(recording(agent_id))
    elif state is AgentState.READY:
        try:
            await say(done)
        finally:
            ask()  # only now: the phone is known to be busy, and rings once the agent has hung up
    else:
        await say(done if ask() else "agent-code-refused")
    await session.hangup()
