"""Calls citizens back: begins a call when the engine says so, and tells the engine what became of it."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import cast

import structlog

from acd.distributor import Distributor
from acd.effects import CallBack
from acd.events import CallbackPostponed, CallLeft, Left
from agents.states import AgentState, PhoneState
from base.tasks import Tasks, Work
from callbacks.model import NO_TRY, Callback, Callbacks, State, Why
from calls import outgoing
from calls.live.calls_out import Back, CallsOut
from calls.model import Promise
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.callback_legs import CallbackLegs
from hotline.callbacks import CallbackRule, Cause
from hotline.calls_out import Allowed, NotAllowed, alike, to_dial
from hotline.edition import Edition
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from sounds.model import Counted, Phrase, Speech, Words, in_language

log = structlog.get_logger()

SOON = 60.0
"""Seconds to the next try where the last one says nothing of the citizen: Asterisk or the link to it was away."""

_PAUSES = {Why.LOST: SOON, Why.AGENT: 0.0}
"""Seconds to the next try where the queue's rule says nothing. Another agent can be rung at once."""


_WITH_AGENT = {
    outgoing.Why.AGENT: Why.AGENT,
    outgoing.Why.GIVEN_UP: Why.NO_ANSWER,
    outgoing.Why.BUSY: Why.BUSY,
    outgoing.Why.NO_ANSWER: Why.NO_ANSWER,
    outgoing.Why.DECLINED: Why.DECLINED,
    outgoing.Why.INVALID: Why.INVALID,
    outgoing.Why.UNREACHABLE: Why.UNREACHABLE,
}
"""Why agent and citizen did not talk, where the agent was rung first → why the callback is postponed. Any other: the
call was lost."""


OF_CALLING = frozenset(
    {
        *(Kind.CALLBACK_PROMISED, Kind.CALL_FINISHED, Kind.CALLBACK_ANSWERED, Kind.LEFT_QUEUE, Kind.OVERFLOWED),
        *(Kind.CALL_OUT_ANSWERED, Kind.CALL_OUT_ENDED, Kind.CALL_OUT_FAILED),
    }
)
"""The kinds of Records that `Calling.note` has to see."""


class Calling:
    """`calls_out`: calls citizens once an agent has picked up. `edition`: the version of the hotline in use. `drained`:
    whether new calls are not taken.
    """

    def __init__(
        self,
        callbacks: Callbacks,
        legs: CallbackLegs,
        calls_out: CallsOut,
        distributor: Distributor,
        tasks: Tasks,
        edition: Callable[[], Edition],
        drained: Callable[[], bool],
    ) -> None:
        self._callbacks, self._legs, self._calls_out = callbacks, legs, calls_out
        self._distributor, self._tasks = distributor, tasks
        self._edition, self._drained = edition, drained
        self._promising: dict[str, CallBack | None] = {}
        """Calls in which a callback was promised, and which go on; and whom to dial once the call is over."""
        legs.not_reached = lambda callback, why: self._not_reached(callback, Why(why.value))

    def take_up(self, live: Collection[str]) -> None:
        """Calls to citizens from before a restart. The next look at Asterisk shows which of them live. `live`: the ids
        of calls that have not ended. `calls_out` has taken up its own.
        """
        for callback in self._callbacks.list():
            if callback.call in live:
                self._promising[callback.call] = None
            if callback.id in self._calls_out.callbacks:
                continue
            if callback.state is State.DIALLING:
                self._legs.adopt(callback.id, callback.attempts)
            elif callback.state is State.TALKING:
                self._over(callback.id, Left.TALKED)

    def promises(self, number: str, callback_id: str) -> Sequence[Promise]:
        """What was promised to this number, for a call that comes in. `callback_id`: the callback whose citizen has
        answered this call, which the hotline has made; "": it has not.
        """
        found = self._callbacks.find(callback_id)
        known = [found] if found is not None else self._callbacks.of_number(number).values() if number else ()
        return [Promise(one.id, one.queue, one.language, one.since, one.being_called) for one in known]

    def note(self, record: Record) -> None:
        """Observes Records: of a callback that is over the phone rings no more; and it is over once an agent has called
        the citizen and they talk. If the agent was rung first, it is over after the talk: until then the agent may say
        that a mailbox has answered. Who still hears what is promised is not rung.
        """
        if record.kind is Kind.CALLBACK_PROMISED:
            self._promising[record.call or ""] = None
            self._tasks.spawn(Work.CALL_BACK, self._only_one(str(record.data.get("callback", ""))))
        elif record.kind is Kind.CALL_FINISHED:
            if later := self._promising.pop(record.call or "", None):
                gone_wrong = partial(self._not_reached, later.callback_id, Why.LOST)
                self._tasks.spawn(Work.CALL_BACK, self._dial_now(later), gone_wrong)
        elif record.kind is Kind.CALL_OUT_ANSWERED:
            ids = self._of_citizen(str(record.data.get("number") or ""))
            if others := [each for each in ids if each != record.data.get("callback")]:
                self._tasks.spawn(Work.CALL_BACK, self._talked(others))
        elif record.kind is Kind.CALL_OUT_ENDED and "callback" in record.data:
            ended = self._callbacks.find(record.data["callback"])
            if ended is not None and (ended.state, ended.call_out) == (State.TALKING, record.call):
                self._tasks.spawn(Work.CALL_BACK, self._talked([ended.id]))
        elif record.kind is Kind.CALL_OUT_FAILED and (offered := str(record.data.get("callback", ""))):
            why = _WITH_AGENT.get(record.data["why"], Why.LOST)
            self._tasks.spawn(Work.CALL_BACK, self._not_reached_by_agent(offered, why))
        elif record.kind is Kind.CALLBACK_ANSWERED:
            self._end(str(record.data.get("callback", "")))
        elif record.kind in (Kind.LEFT_QUEUE, Kind.OVERFLOWED) and record.call is not None:
            self._end(record.call)

    def _end(self, callback_id: str) -> None:
        self._legs.cancel(callback_id)
        if callback_id in self._calls_out.callbacks:
            self._tasks.spawn(Work.CALL_BACK, self._withdraw(callback_id))

    async def _withdraw(self, callback_id: str) -> None:
        """As `_only_one`."""
        self._calls_out.withdraw(callback_id)

    async def _not_reached_by_agent(self, callback_id: str, why: Why) -> None:
        """As `_only_one`."""
        self._not_reached(callback_id, why)

    async def _only_one(self, callback_id: str) -> None:
        """A number has one callback: the first. Callers who give up, and are called back by rule, are not asked.

        Apart from the Record that says so: an observer writes none itself.
        """
        callback = self._callbacks.find(callback_id)
        alike = () if callback is None or not callback.number else self._callbacks.of_number(callback.number).values()
        if any((one.promised, one.id) < (callback.promised, callback_id) for one in alike if callback is not None):
            self._over(callback_id, Left.CANCELLED)

    def _of_citizen(self, number: str) -> list[str]:
        """The ids of the callbacks of whoever has this number, as it is dialled."""
        names = alike(number, self._edition().hotline.calls_out)
        return [callback_id for known_as in names for callback_id in self._callbacks.of_number(known_as)]

    async def _talked(self, ids: Sequence[str]) -> None:
        """As `_only_one`."""
        for callback_id in ids:
            self._over(callback_id, Left.TALKED)

    def not_reached(self, callback_id: str, actor: Actor) -> None:
        """Somebody else than the citizen, or a mailbox, has answered the agent who was rung first."""
        self._not_reached(callback_id, Why.NOT_CONFIRMED, actor)

    def call_back(self, effect: CallBack) -> None:
        """Dial the citizen, if that may be now."""
        callback, edition = self._callbacks.find(effect.callback_id), self._edition()
        queue = edition.hotline.queues.get(effect.queue)
        rule = None if queue is None else queue.callback
        if callback is None or rule is None:  # a number that was forgotten; or the hotline calls nobody back any more
            self._over(effect.callback_id, Left.CANCELLED if callback is None else Left.NOT_REACHED)
            return
        if callback.call in self._promising:
            self._promising[callback.call] = effect
            return
        now = self._distributor.clock.now()
        opens = edition.hotline.calls_back_from(effect.queue, now)
        if opens > now or self._drained():
            until = opens if opens > now else now + SOON
            self._distributor.tell(CallbackPostponed(callback.id, until, Why.HOURS))
            return
        try:
            number = to_dial(callback.number, edition.hotline.calls_out, edition.hotline.own_numbers)
        except NotAllowed as error:
            log.warning("callback-not-allowed", why=str(error))
            self._over(callback.id, Left.NOT_REACHED)
            return
        dialling = (
            self._ring_agent(callback, number, edition, effect.agent)
            if effect.agent
            else self._dial(callback, number, edition, rule)
        )
        self._tasks.spawn(Work.CALL_BACK, dialling, lambda: self._not_reached(callback.id, Why.LOST))

    async def _dial_now(self, effect: CallBack) -> None:
        """As `_only_one`."""
        self.call_back(effect)

    async def _ring_agent(self, callback: Callback, number: Allowed, edition: Edition, agent_id: str) -> None:
        """Offer the callback to this agent, whom the engine has chosen."""
        if self._callbacks.find(callback.id) is not callback:
            return  # it was cancelled a moment ago
        hotline, queue = edition.hotline, edition.hotline.queues[callback.queue]
        agent = hotline.agents.get(agent_id)  # who may have left it while the citizen heard what is promised
        if agent is None or not self._is_free(agent_id):
            self._not_reached(callback.id, Why.AGENT)
            return
        name = in_language(queue.name, agent.languages[0], hotline.languages[0])
        back = Back(callback.id, queue.ring, name, callback.interval)
        shown, language = hotline.shown_for(callback.queue), edition.language(callback.language)
        try:
            await self._calls_out.call(agent_id, callback.queue, number, shown, language, SYSTEM, back)
        except (ActionRefused, LinkDown, TimeoutError) as error:
            log.warning("callback-not-dialled", why=str(error))  # a Record, or the next look, says what came of it

    def _is_free(self, agent_id: str) -> bool:
        agent = self._distributor.engine.agent_view(agent_id)
        return agent.state is AgentState.READY and agent.phone is PhoneState.FREE

    async def _dial(self, callback: Callback, number: Allowed, edition: Edition, rule: CallbackRule) -> None:
        if self._callbacks.find(callback.id) is not callback:
            return  # it was cancelled a moment ago
        ask: Speech = (Phrase("callback-greeting"), Words(edition.hotline.name), Phrase("callback-ask"))
        last: Speech = (Counted("callback-last", max(2, round(rule.grace / 60))),)
        unheard = rule.grace > 0 and _is_last(rule, callback, Why.NOT_CONFIRMED)
        files, language = edition.catalogue.files, edition.language(callback.language)
        try:
            await self._legs.dial(
                callback.id,
                callback.attempts,
                number.dial,
                citizen=callback.number,
                shown=edition.hotline.shown_for(callback.queue),
                language=callback.language,
                ask="&".join(files(ask, language)) if rule.confirm else "",
                last="&".join(files(last, language)) if unheard else "",
            )
        except ActionRefused:
            self._not_reached(callback.id, Why.UNREACHABLE)
        except (LinkDown, TimeoutError) as error:
            log.warning("callback-not-dialled", why=str(error))  # the next look at Asterisk shows what came of it

    def _not_reached(self, callback_id: str, why: Why, actor: Actor | None = None) -> None:
        callback, edition = self._callbacks.find(callback_id), self._edition()
        if callback is None:
            return
        queue = edition.hotline.queues.get(callback.queue)
        rule = None if queue is None else queue.callback
        if rule is None or (why not in NO_TRY and _is_last(rule, callback, why)):
            self._over(callback_id, Left.NOT_REACHED, actor)
            return
        pause = _PAUSES[why] if why in _PAUSES else rule.again_after(cast(Cause, why.value))
        self._distributor.tell(CallbackPostponed(callback_id, self._distributor.clock.now() + pause, why, actor))

    def _over(self, callback_id: str, why: Left, actor: Actor | None = None) -> None:
        self._distributor.tell(CallLeft(callback_id, why, actor))


def _is_last(rule: CallbackRule, callback: Callback, why: Why) -> bool:
    """Whether the attempt that goes on is the last one if it ends so."""
    return rule.is_last(cast(Cause, why.value), callback.causes.get(why, 0) + 1, callback.attempts)
