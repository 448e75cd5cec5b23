"""Supervisors who listen to talks: rings their phones, and writes who listens, how, and for how long.

A Record comes before each step, so that a restart of the service knows who listens. Asterisk lets them listen on
meanwhile, and ends the listening with the talk. The next service takes it up, or writes its end.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from secrets import token_hex

import structlog

from accounts.audit import Entry
from accounts.model import Asker
from acd.distributor import Distributor
from agents.states import PhoneState
from base.failure import NotDone, NotPossible
from calls.book import CallBook
from calls.listeners import Listener, Listening, Mode, Why
from calls.live.switchboard import Switchboard
from calls.model import CallState, CallSummary, Direction
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.spies import TONE, Spies, Spy
from dialplan.telephony import Telephony
from hotline.edition import Edition
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from sentences.sentence import Sentence, template
from sounds.catalogue import Unspoken
from sounds.model import Words, in_language

log = structlog.get_logger()

AWAY = Sentence("Asterisk cannot be asked at this moment; try again.")

_PHONES = {
    PhoneState.BUSY: template("Telephone {agent} has another call; hang up there first."),
    PhoneState.UNREACHABLE: template(
        "Telephone {agent} cannot be reached: switch it on, or open the desk in the browser."
    ),
}
"""What is said of a phone that cannot be rung."""

_SHOWN = {
    Mode.LISTEN: {"zh": "旁听", "en": "Listen"},
    Mode.WHISPER: {"zh": "耳语", "en": "Whisper"},
    Mode.JOIN: {"zh": "插话", "en": "Join"},
}
"""What the supervisor's phone shows while it rings."""


@dataclass(slots=True)
class _Open:
    """`shown`: the listening as others see it. `test`: of a test call. `stopping`: somebody has asked for the end."""

    shown: Listening
    test: bool
    stopping: bool = False


class Listenings:
    """Lets supervisors listen; the `Listener` of the telephony's spies. `note` takes every Record.

    `edition`: the version in use. `audit` takes the end of each listening.
    """

    def __init__(
        self,
        switchboard: Switchboard,
        distributor: Distributor,
        book: CallBook,
        edition: Callable[[], Edition],
        audit: Callable[[Entry], None],
    ) -> None:
        self._switchboard, self._distributor, self._book = switchboard, distributor, book
        self._edition, self._audit = edition, audit
        self._open: dict[str, _Open] = {}
        self._spies.listener = self

    @property
    def _telephony(self) -> Telephony:
        return self._switchboard.telephony

    @property
    def _spies(self) -> Spies:
        return self._telephony.spies

    def take_up(self, calls: Iterable[CallSummary]) -> None:
        """Take up the listenings from before a restart. The next look at Asterisk finds which of them still go on."""
        for call in calls:
            for listener in call.listeners:
                shown = Listening(call.id, call.queue, call.agent, listener)
                self._open[listener.id] = _Open(shown, call.test)
                self._spies.adopt(listener.id, listener.phone, hears=listener.began is not None)

    def listenings(self) -> Sequence[Listening]:
        """All that have not ended."""
        return [each.shown for each in self._open.values()]

    # -- what is asked ------------------------------------------------------------------------------------------------

    async def listen(self, call_id: str, mode: Mode, phone: str, asker: Asker) -> Listening:
        """Ring this phone, which then listens. Raises NotPossible, NotDone."""
        self._talk(call_id, phone)
        channel = await self._channel(call_id)
        talk = self._talk(call_id, phone)  # once more: Asterisk took its time
        if not channel:
            raise NotPossible(Sentence("The agent has just gone from this talk, or the caller is on hold."))
        listening, sign = f"listening-{token_hex(8)}", self._sign(talk)
        shown = Listening(talk.id, talk.queue, talk.agent, Listener(listening, mode, phone, asker.actor, self._now()))
        self._open[listening] = _Open(shown, talk.test)
        data = {"listening": listening, "mode": mode, "phone": phone, "announced": bool(sign)}
        self._write(Kind.LISTENING_ASKED, self._open[listening], asker.actor, **data)
        display, number = self._shown(mode, phone, talk.agent or "")
        try:
            await self._spies.ring(Spy(listening, phone, channel, mode, sign, display, number))
        except Exception:  # the order cannot be sent, or we made a mistake: this listening must end all the same
            self._spies.give_up(listening)
            if listening in self._open:
                self.spy_over(listening, seen=True)
            raise
        if listening not in self._open:
            raise NotPossible("Telephone {agent} could not be rung.", agent=phone)
        return self._open[listening].shown

    async def change(self, call_id: str, mode: Mode, phone: str, asker: Asker) -> Listening:
        """Listen in another mode. Raises NotPossible, NotDone."""
        found = self._found(call_id, phone)
        if found is None:
            raise NotPossible("Telephone {agent} does not listen to this talk.", agent=phone)
        if found.shown.listener.began is None:
            raise NotPossible("Telephone {agent} does not hear the talk yet: answer it first.", agent=phone)
        if found.shown.listener.mode is mode:
            return found.shown
        self._ask_asterisk()
        listener = replace(found.shown.listener, mode=mode)
        found.shown = replace(found.shown, listener=listener)
        self._write(Kind.LISTENING_CHANGED, found, asker.actor, listening=listener.id, mode=mode)
        if not await self._spies.change(listener.id, mode):
            self._spies.hang_up(listener.id)  # the supervisor may listen in another mode than the Record says
            raise NotDone(Sentence("Asterisk did not change it, so the listening ends."))
        return found.shown

    async def stop(self, call_id: str, phone: str) -> None:
        """End the listening. Nothing happens if this phone does not listen there. Raises NotDone."""
        found = self._found(call_id, phone)
        if found is not None:
            self._ask_asterisk()
            self._stop(found)

    def shut_out(self, agent_id: str) -> None:
        """The account whose phone this is has lost its rights."""
        for each in self._open.values():
            if each.shown.listener.phone == agent_id:
                self._stop(each)

    def _stop(self, each: _Open) -> None:
        each.stopping = True
        self._spies.hang_up(each.shown.listener.id)

    def _talk(self, call_id: str, phone: str) -> CallSummary:
        """The talk, if this phone can listen to it now."""
        self._ask_asterisk()
        call = self._book.live_summary(call_id)
        if call is None or call.state is not CallState.TALKING or call.agent is None:
            raise NotPossible(
                Sentence(
                    "Only a talk with an agent can be listened to, and this call is in no such talk at this moment."
                )
            )
        if call.agent == phone:
            raise NotPossible("Telephone {agent} is in this talk itself.", agent=phone)
        if self._found(call_id, phone) is not None:
            raise NotPossible("Telephone {agent} listens to this talk already; PUT changes how.", agent=phone)
        if why := _PHONES.get(self._distributor.engine.agent_view(phone).phone):
            raise NotPossible(Sentence(why, agent=phone))
        return call

    async def _channel(self, call_id: str) -> str:
        """The name of the channel with which the caller talks; "": none."""
        call, summary = self._switchboard.of_id(call_id), self._book.live_summary(call_id)
        if summary is not None and summary.direction is Direction.OUT:
            return await self._of_call_out(call_id)
        caller = "" if call is None else call.channel.caller
        bridge = self._telephony.callers.get(caller)
        if call is None or call.machine.apart or not bridge or summary is None:
            return ""  # a caller on hold is in one bridge with other callers
        try:
            return await self._spies.other_end(bridge, caller, summary.agent or "")
        except ActionRefused:
            return ""  # the bridge is gone
        except (LinkDown, TimeoutError) as error:
            raise NotDone(AWAY) from error

    async def _of_call_out(self, call_id: str) -> str:
        """The name of the agent's channel in a call to a citizen; "": it is gone."""
        try:
            return await self._telephony.citizen_legs.name_of(call_id)
        except (LinkDown, TimeoutError) as error:
            raise NotDone(AWAY) from error

    def _ask_asterisk(self) -> None:
        if not self._telephony.link.up:
            raise NotDone(AWAY)

    def _found(self, call_id: str, phone: str) -> _Open | None:
        ours = (
            each for each in self._open.values() if each.shown.call == call_id and each.shown.listener.phone == phone
        )
        return next(ours, None)

    def _sign(self, talk: CallSummary) -> str:
        """What both sides hear before somebody listens, as `Spy` has it."""
        edition = self._edition()
        listening = edition.hotline.listening
        if listening is None or not listening.announce:
            return ""
        if listening.say is None:
            return TONE
        try:
            return "&".join(edition.catalogue.files((Words(listening.say),), edition.language(talk.language)))
        except Unspoken as error:
            log.error("sign-missing", why=str(error), effect="a tone is played")
            return TONE

    def _shown(self, mode: Mode, phone: str, agent_id: str) -> tuple[str, str]:
        """The name and number that the supervisor's phone shows."""
        hotline = self._edition().hotline
        supervisor, agent = hotline.agents.get(phone), hotline.agents.get(agent_id)
        language = (supervisor.languages if supervisor and supervisor.languages else hotline.languages)[0]
        return f"{in_language(_SHOWN[mode], language, 'en')} {agent.name if agent else ''}".strip(), agent_id

    # -- what happens -------------------------------------------------------------------------------------------------

    def note(self, record: Record) -> None:
        """Take a Record: a listening ends with its talk."""
        if not self._open or record.call is None:
            return
        call = self._book.live_summary(record.call)
        if call is None or call.state is not CallState.TALKING:
            for each in self._open.values():
                if each.shown.call == record.call:
                    self._spies.hang_up(each.shown.listener.id)

    def spy_hears(self, spy_id: str) -> None:
        each = self._open[spy_id]
        each.shown = replace(each.shown, listener=replace(each.shown.listener, began=self._now()))
        self._write(Kind.LISTENING_BEGAN, each, SYSTEM, listening=spy_id, mode=each.shown.listener.mode)

    def spy_over(self, spy_id: str, *, seen: bool) -> None:
        each = self._open.pop(spy_id)
        listener, now = each.shown.listener, self._now()
        listened = None if listener.began is None else round(max(0.0, now - listener.began), 3)
        why = self._why(each, seen=seen)
        data = {"listening": spy_id, "mode": listener.mode, "phone": listener.phone, "why": why, "listened_s": listened}
        self._write(Kind.LISTENING_ENDED, each, SYSTEM, **data)
        heard = "never began" if listened is None else f"{listened:.0f} s"
        detail = f"{listener.mode}, telephone {listener.phone}, agent {each.shown.agent}, {heard}, {why}"
        target = f"/calls/{each.shown.call}/listen"
        self._audit(Entry(now, listener.actor, "listening-ended", target, detail, "", 200))

    def _why(self, each: _Open, *, seen: bool) -> Why:
        if each.stopping:
            return Why.ASKED
        if not seen:
            return Why.UNSEEN
        call = self._book.live_summary(each.shown.call)
        if call is None or call.state is not CallState.TALKING:
            return Why.TALK_OVER
        return Why.NOT_ANSWERED if each.shown.listener.began is None else Why.HUNG_UP

    def _now(self) -> float:
        return self._distributor.clock.now()

    def _write(self, kind: Kind, each: _Open, actor: Actor, **data: object) -> None:
        shown, test = each.shown, {"test": True} if each.test else {}
        self._distributor.write(
            Record(self._now(), kind, shown.call, shown.queue, shown.agent, None, data | test, actor)
        )
