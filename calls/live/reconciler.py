"""The reconciler keeps the link to Asterisk, and compares what the service believes with what Asterisk says.

The first look, once, adopts the calls from before a restart of the service, each in its old state. No caller is moved:
waiting callers keep their music, talks and rings go on. Only a caller who is held but waits for nobody is fetched.
The second look compares. Only after it may the engine take Asterisk's silence for an answer.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog

from acd.distributor import Distributor
from acd.effects import CancelReason, CancelRing
from acd.events import CallLeft, Left, LinkLost, Resynced
from base.tasks import Tasks, Work
from calls.events import CallerMissing, Completed, DiallingKnown, FarEnd, Missing, PlainEvent, TalkOver
from calls.leg import COMING
from calls.live.call import Call
from calls.live.switchboard import Switchboard
from calls.states import AtLine, mark_of
from dialplan import differences as seen
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.link import AmiLink
from dialplan.phones import phone_of
from dialplan.telephony import Telephony, line_of_talk
from sentences.sentence import Sentence
from settings.settings import Settings

log = structlog.get_logger()

AMI_USER = "wutong"

ROUNDING = 1.1
"""Seconds by which Asterisk's start may seem later than it was: Asterisk reports its uptime in whole seconds."""

LOOK_AGAIN = 5.0
"""Seconds until Asterisk is asked again after it took too long to answer, or refused. After each connect it is asked
for phones once more.
"""

COMPARE = 60.0
"""Seconds between two comparisons of what is believed with what Asterisk says: its events can lag, or be lost."""


class Reconciler:
    """`run` keeps the link and compares from time to time. `tasks` owns that, and the look around after each connect.

    `seen_at`: when Asterisk was there last, before this start, in epoch seconds; 0: never. `elsewhere`: the calls from
    before this start were at another machine, which led until now.
    """

    def __init__(
        self,
        settings: Settings,
        secret: str,
        switchboard: Switchboard,
        distributor: Distributor,
        tasks: Tasks,
        seen_at: float,
        *,
        elsewhere: bool = False,
    ) -> None:
        self._switchboard = switchboard
        self._distributor = distributor
        self._tasks = tasks
        self._booted_at = seen_at  # start of the Asterisk that was there last; before the first connect, `seen_at`
        self._restarted = False  # Asterisk has restarted since it could be asked last
        self.looked_around = asyncio.Event()
        """Set while it is known which channels and phones Asterisk has."""
        self._elsewhere = elsewhere
        self._looking = asyncio.Lock()  # two looks at once would adopt twice; and `Phones` expects one answer at a time
        self._restored = False  # what is known from before the restart has been compared
        self._connects = 0
        self._closed = False
        self._question: asyncio.TimerHandle | None = None  # when phones are asked for between two looks
        self._everyone = False  # whether it is about all phones
        self.link = AmiLink(
            settings.asterisk.host if settings.asterisk else "127.0.0.1",
            settings.ports.ami,
            AMI_USER,
            secret,
            on_up=self._up,
            on_down=self._down,
        )
        self.telephony = Telephony(self.link, switchboard, settings.trunk.shows_at if settings.trunk else "")
        self.link.on_event = self.telephony.on_event
        self.telephony.on_stopping = self._stopping

    def run(self) -> tuple[asyncio.Task[None], asyncio.Task[None]]:
        """Begin; the tasks go on until they are cancelled."""
        keep = self._tasks.keep
        return keep(Work.ASTERISK_LINK, self.link.run), keep(Work.ASTERISK_COMPARE, self._compare)

    async def _compare(self) -> None:
        while True:
            await asyncio.sleep(COMPARE)
            if self.link.up:
                await self._look_around()

    def close(self) -> None:
        """The service stops, and its link with it, which does not mean that Asterisk is away. The next service does the
        work that has become due since the distributor's timer was stopped.
        """
        self._closed = True

    def why_away(self) -> str | None:
        """Why Asterisk cannot be asked, in a few words; None: it can."""
        return None if self.link.up else self.link.reason

    async def wait_ready(self) -> None:
        """Return when Asterisk is there and the state of its phones and channels is known."""
        await self.looked_around.wait()

    def _up(self) -> None:
        booted_at = self._distributor.clock.now() - self.link.uptime
        self._connects += 1
        self._booted_at, self._restarted = booted_at, booted_at > self._booted_at + ROUNDING
        self._switchboard.link_changed(self.link.up)
        self._look_soon()
        self._everyone = True
        self._ask_phones_later()

    def _ask_phones_later(self) -> None:
        """There may be phones of which Asterisk reports nothing, as when two of its threads read its configuration at
        once (docs/asterisk.md): neither that they can be reached, nor later that they are gone.
        """
        if self._question is not None:
            self._question.cancel()
        self._question = asyncio.get_running_loop().call_later(LOOK_AGAIN, self._ask_phones_soon)

    def _ask_phones_soon(self) -> None:
        if not self._closed:
            self._tasks.spawn(Work.ASTERISK_LOOK, self._ask_phones())

    async def _ask_phones(self) -> None:
        with suppress(ActionRefused, LinkDown, TimeoutError):  # the next look asks for them, too
            async with self._looking:
                await self.telephony.ask_phones(everyone=self._everyone)
                self._everyone = False
        if self.telephony.unreported:  # none while the link is down
            self._ask_phones_later()

    def _look_soon(self) -> None:
        if not self._closed:
            self._tasks.spawn(Work.ASTERISK_LOOK, self._look_around(), self._look_later)

    def _look_later(self) -> None:
        """The look has failed by a mistake of ours: look again."""
        asyncio.get_running_loop().call_later(LOOK_AGAIN, self._look_soon)

    def _down(self, why: str) -> None:
        if self._closed:
            return
        log.warning("asterisk-away", why=why)
        if self.looked_around.is_set():
            self.looked_around.clear()
            self._distributor.tell(LinkLost())
        self.telephony.lost()
        self._switchboard.link_changed(self.link.up)

    def _stopping(self) -> None:
        """Asterisk is being stopped, and hangs up one channel after the other. So each call is cut off now, before the
        end of one of its channels seems to be a hang-up. The link goes first: then no agent is rung for whoever waits.
        """
        if self._closed:
            return  # the next service finds that Asterisk has ended
        self.link.stopping()
        if self._restored:  # else the calls from before the restart were not looked for yet
            for call in self._switchboard.calls():
                call.tell(CallerMissing(Missing.ASTERISK_ENDED))

    async def _look_around(self) -> None:
        """Ask Asterisk until it has answered what is true now. Ends when the link breaks: each connect asks anew."""
        connect = self._connects
        while self._is(connect):
            async with self._looking:
                known = await self._ask(connect)
            if not self._is(connect):
                return
            if not known:
                await asyncio.sleep(LOOK_AGAIN)  # it did not answer, and no event will say when it can
                continue
            self._restarted = self._elsewhere = False
            if self.telephony.unreported:
                self._ask_phones_later()
            if not self.looked_around.is_set():
                self.looked_around.set()
                self._distributor.tell(Resynced())
            return

    def _is(self, connect: int) -> bool:
        """Whether the link is up, and was since this connect."""
        return self.link.up and connect == self._connects

    async def _ask(self, connect: int) -> bool:
        """Ask once and tell the news; False: that failed. After a restart ask twice: first for calls from before it."""
        try:
            if not self._restored:
                await self._look(connect)
            await self._look(connect)
        except (ActionRefused, LinkDown, TimeoutError) as error:
            log.warning("look-around-broken-off", why=str(error))
            return False
        return True

    async def _look(self, connect: int) -> None:
        """Raises ActionRefused, LinkDown or TimeoutError; then no call was told anything."""
        asked = self._believed()
        snapshot = await self.telephony.look()
        words = {call: await self.telephony.last_words(call) for call in seen.gone(asked, snapshot)}
        if not self._is(connect):
            raise LinkDown(Sentence("the link broke while Asterisk was asked"))
        believed = self._believed()
        new = seen.differences(asked, believed, snapshot)
        self._restored = True
        for difference in new:
            with self._tasks.failures.stay(Work.EVENT):
                self._tell(difference, words)
        if believed.restored is None:
            self.telephony.learned(snapshot)
        else:
            for call in self._switchboard.calls():
                call.tell(PlainEvent.ADOPTED)
        for difference in new:
            match difference:
                case seen.StrayHeld(channel):
                    self.telephony.kick(channel)
                case seen.StraySession(caller, channel):
                    self._tasks.spawn(Work.LEAD_IN, self._lead_in(connect, caller, channel))

    async def _lead_in(self, connect: int, caller: str, channel: str) -> None:
        """Bring this caller to a session, unless one has begun meanwhile. No call of ours has the channel."""
        await asyncio.sleep(COMING)
        if self._is(connect) and not self._switchboard.serves(caller):
            await self.telephony.lead_back(caller, channel)

    def _tell(self, difference: seen.Difference, words: Mapping[str, str]) -> None:
        """Tell the call that it concerns, if it is not over. `words`: call id → `last_words` of gone callers."""
        board = self._switchboard
        match difference:
            case seen.CallerSeen(caller, news):
                board.caller_news(caller, news)
            case seen.CallGone(call_id):
                if call := board.of_id(call_id):
                    self._missing(call, words[call_id])
            case seen.CallRestored(call_id, channel):
                if call := board.of_id(call_id):
                    board.locate(call, channel.unique_id, channel.name, channel.bridge)
                    call.tell(DiallingKnown(channel.line))
            case seen.LegRestored():
                if call := board.of_id(difference.call):
                    board.adopt(call, difference)
            case seen.TalkOver(call_id, offer, lost):
                if call := board.of_id(call_id):
                    call.tell(TalkOver(offer, lost))
            case seen.AtPhone(call_id, phone, blind, answered):
                if call := board.of_id(call_id):
                    call.tell(Completed(phone, FarEnd.TALKS if answered else FarEnd.RINGS, blind))
            case seen.Transferred(call_id, number, taken):
                board.transferred(call_id, number, taken)
            case seen.TookOver(call_id, of):
                board.took_over(call_id, of)
            case seen.LegUnknown(offer, call_id):
                log.warning("leg-unknown", offer=offer, call=call_id)
                board.cancel_ring(CancelRing(offer, "", CancelReason.CALLER_LEFT))
            case seen.PlaceWithoutCall(call_id):
                log.warning("place-without-call", call=call_id)
                self._distributor.tell(CallLeft(call_id, Left.HUNG_UP))
            case seen.StrayHeld() | seen.StraySession():
                pass  # see `_look`
            case _:
                self.telephony.learn(difference)

    def _missing(self, call: Call, talk: str) -> None:
        """`talk`: as in `Telephony.last_words`."""
        ended = self._restarted or call.began < self._booted_at - ROUNDING  # no channel of an Asterisk is older than it
        line = line_of_talk(talk)
        why = Missing.MACHINE_LOST if self._elsewhere else Missing.ASTERISK_ENDED if ended else Missing.HUNG_UP
        call.tell(CallerMissing(why, "" if line else talk, line))
        if talk:
            self.telephony.forget_words(call.id)

    def _believed(self) -> seen.Believed:
        board, engine = self._switchboard, self._distributor.engine
        callers = {
            caller: _caller(call, bridge)
            for caller, bridge in self.telephony.callers.items()
            if (call := board.of_channel(caller)) is not None
        }
        restored = None
        if not self._restored:
            lost = [call for call in board.calls() if not call.channel.caller]
            restored = seen.Restored(
                calls=tuple(call.id for call in lost),
                numbers={call.id: call.machine.arrival.caller for call in lost},
                rings={offer.id: (offer.call_id, offer.agent_id) for offer in engine.offers()},
                places={view.id: view.agent for view in engine.calls()},
                lines={
                    call.id: (call.machine.with_agent, call.machine.apart)
                    for call in lost
                    if isinstance(call.machine.state, AtLine) and call.machine.state.answered
                },
            )
        return seen.Believed(callers, self.telephony.legs.believed(), restored)


def _caller(call: Call, bridge: str) -> seen.Caller:
    machine = call.machine
    in_queue = machine.queue is not None or machine.waited_in is not None
    waits = phone_of(call.channel.name) if in_queue else ""
    line = mark_of(machine.state.line) if isinstance(machine.state, AtLine) else ""
    return seen.Caller(call.id, bridge, call.channel.attached, machine.with_agent, waits, line)
