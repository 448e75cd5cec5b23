"""The rings of live calls: how an agent's phone is rung for a caller, and the agents who come back to a talk, as their
page in the browser was loaded anew, or got another network. The engine knows nothing of these, as the talk goes on for
it.
"""

import secrets
from collections.abc import Callable
from functools import partial

import structlog

from acd.distributor import Distributor
from acd.effects import RingAgent
from acd.events import OfferFailed, OfferFailure
from acd.model import Recorded
from agents.model import ROBOT
from base.tasks import Tasks, Work
from calls.events import AgentBack, Connected, PhoneLost, RingOver
from calls.live.call import Call
from calls.states import Interrupted
from dialplan.leg import Ring
from dialplan.phones import browser_of
from dialplan.telephony import Telephony
from hotline.edition import Edition, Editions
from sounds.catalogue import Unspoken
from sounds.model import Phrase, Speech, Words, in_language

log = structlog.get_logger()

_BACK = "back-"
"""How the names of rings begin that bring an agent back. The rest is by chance: Asterisk takes any channel whose id
begins as asked for."""


class Rings:
    """`editions`: the version in use. `tasks` owns what is asked of Asterisk. `records`: gets a call and an offer, and
    gives the beginning of the files of that talk's recording; "" if none is to be made.

    calls  offer → the call that it is for, until its leg is gone
    """

    def __init__(
        self,
        distributor: Distributor,
        editions: Editions,
        tasks: Tasks,
        telephony: Callable[[], Telephony],
        records: Callable[[str, str], str],
    ) -> None:
        self._records = records
        self._distributor, self._editions, self._tasks, self._telephony = distributor, editions, tasks, telephony
        self.calls: dict[str, Call] = {}
        self._awaited: dict[str, Call] = {}  # the last call that has waited for the agent

    def ring(self, call: Call, effect: RingAgent, held: bool) -> None:
        """The call is ready for the ring. `held`: its caller is in the holding bridge."""
        self.calls[effect.offer_id] = call
        offer, legs = effect.offer_id, self._telephony().legs
        try:
            asked = legs.ring(self._described(effect, call, held))
        except Exception as error:  # a mistake in one ring must not leave its caller out of the queue
            self._tasks.failures.note(Work.RING, error, offer=offer, call=call.id)
            self.failed(offer, OfferFailure.FAILED)
        else:
            self._tasks.spawn(Work.RING, legs.rung(offer, asked), partial(legs.give_up, offer))

    def failed(self, offer_id: str, reason: OfferFailure) -> None:
        """The ring came to nothing."""
        call = self.calls.pop(offer_id, None)
        if call is not None:
            call.tell(RingOver(offer_id))  # first: the next line may ring for this caller again
        if not self.brings_back(offer_id):
            self._distributor.tell(OfferFailed(offer_id, reason))

    def _described(self, effect: RingAgent, call: Call, held: bool) -> Ring:
        edition = self._editions.in_use
        hotline = edition.hotline
        # either may be gone from the version in use: the queue is kept for this caller, the agent was just removed
        queue, agent = hotline.queues.get(effect.queue), hotline.agents.get(effect.agent_id)
        default, caller = hotline.languages[0], call.machine.arrival.caller
        edited = self._distributor.engine.edited(effect.agent_id)
        language = edited.languages[0] if edited else agent.languages[0] if agent else default
        name = in_language(queue.name, language, default) if queue else effect.queue
        back = self.brings_back(effect.offer_id)
        whisper: tuple[str, ...] = ()
        if queue and queue.whisper and not back:  # without its files only the agent's display names the subject
            whisper = _files(edition, (Words(queue.whisper),), language, "whisper-missing")
        return Ring(
            effect,
            caller=call.channel.caller,
            channel=call.channel.name,
            display=f"{name} {caller}".strip(),
            number=caller or "anonymous",
            held=held,
            whisper=whisper,
            back=back,
            record=self._record(call, effect),
            on_demand=queue is not None and queue.record is Recorded.ON_DEMAND and not call.machine.arrival.test,
            robot=robot(edition, call.machine.language) if effect.agent_id == ROBOT else (),
        )

    def _record(self, call: Call, effect: RingAgent) -> str:
        """The beginning of the files of this talk's recording; "": it is not recorded. An agent who comes back to a
        talk goes on with its recording.
        """
        machine = call.machine
        back = isinstance(machine.state, Interrupted)
        if not (machine.recording if back else machine.records(effect.queue)):
            return ""
        return self._records(call.id, machine.state.talk if isinstance(machine.state, Interrupted) else effect.offer_id)

    # -- agents who come back to a talk --------------------------------------------------------------------------------

    def page_lost(self, call: Call, offer_id: str, page: str) -> None:
        """The page that talked with the caller is gone."""
        call.tell(PhoneLost(offer_id))
        if agent_id := call.machine.awaited:
            self._awaited[agent_id] = call
            there = self._telephony().phones.page(browser_of(agent_id))
            if there not in ("", page):  # the next page, or the same one over another connection, was quicker
                self._bring_back(call)

    def page_came(self, agent_id: str) -> None:
        """Another page is the agent's phone in the browser, or the same one after its connection broke."""
        call = self._awaited.get(agent_id)
        if call is not None and call.machine.awaited == agent_id:
            self._bring_back(call)
            return
        self._awaited.pop(agent_id, None)
        if self._telephony().phones.channels(agent_id):
            self._tasks.spawn(Work.PHONE_CHECK, self._telephony().liveness.check(agent_id))

    def _bring_back(self, call: Call) -> None:
        call.tell(AgentBack(f"{_BACK}{secrets.token_hex(8)}"))

    def brings_back(self, offer_id: str) -> bool:
        """Whether this ring is to bring an agent back to a talk."""
        return offer_id.startswith(_BACK)

    def back_answered(self, offer_id: str) -> None:
        """The page has answered. If the call does not wait for it any more, it is hung up."""
        call = self.calls.get(offer_id)
        if call is None or not call.machine.awaits(offer_id):
            self._telephony().legs.cancel(offer_id)

    def back_connected(self, offer_id: str) -> None:
        """The leg has taken the caller."""
        call = self.calls.get(offer_id)
        if call is None or not call.machine.awaits(offer_id):
            self._telephony().legs.cancel(offer_id)
        else:
            call.tell(Connected(offer_id))
            self._telephony().note_talk(call.channel.name, offer_id)


def robot(edition: Edition, language: str) -> tuple[str, ...]:
    """The files of what the robot agent says to a caller of this language; none if they are missing."""
    return _files(edition, (Phrase("robot-agent"),), language, "robot-missing")


def _files(edition: Edition, speech: Speech, language: str, missing: str) -> tuple[str, ...]:
    """Its files; none if one is missing: the ring goes on, and the log has it as `missing`."""
    try:
        return tuple(edition.catalogue.files(speech, language))
    except Unspoken as error:
        log.error(missing, why=str(error))
        return ()
