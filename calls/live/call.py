"""One live call: the shell of its machine. It feeds events, performs commands, keeps one timer, and decides nothing."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import assert_never

from acd.distributor import Distributor
from acd.effects import RingAgent
from acd.events import CallLeft, Left
from base.clock import Alarm
from base.tasks import Work
from calls import effects as do
from calls.effects import Command, Task
from calls.events import Event, Joined, LastSurvey, LedBack, PlainEvent, SessionBegan, SessionEnded
from calls.live.channel import Channel, SentElsewhere
from calls.machine import CallMachine
from dialplan.agi_session import AgiSession, CallerGone
from dialplan.ami_connection import LinkDown
from dialplan.link import Asked
from dialplan.telephony import line_talk
from hotline.edition import Edition


class Call:
    """`serve` is the call's coroutine while a session serves it; `tell` takes every other event.

    began  when the call began, in epoch seconds
    ring   rings an agent for this call
    waited is called before the call ends by a mistake of ours
    over   is called once when the call has ended
    surveyed  answers when a caller's number was asked last in a survey, in epoch seconds; None: not known
    lead   makes the phone a leg with which Asterisk alone has joined the caller. Raises LinkDown, TimeoutError
    """

    def __init__(
        self,
        machine: CallMachine,
        channel: Channel,
        distributor: Distributor,
        *,
        began: float,
        ring: Callable[["Call", RingAgent, bool], None],
        waited: Callable[["Call"], None],
        over: Callable[["Call"], None],
        surveyed: Callable[[str], float | None],
        lead: Callable[["Call"], Awaitable[None]],
    ) -> None:
        self.id = machine.id
        self.machine = machine
        self.channel = channel
        self.began = began
        self._distributor = distributor
        self._ring = ring
        self._waited = waited
        self._over = over
        self._surveyed, self._lead = surveyed, lead
        self._events: deque[Event] = deque()
        self._stepping = False
        self._stopped = False  # the service stops: the call goes on without it
        self._task: Task | None = None  # what the session is to do next
        self._news = asyncio.Event()  # an event came that may bring the session a task
        self._served = asyncio.Event()  # no session is being served
        self._served.set()
        self._joined_or_not = asyncio.Event()  # the caller is not on the way to somebody who was consulted
        self._joined_or_not.set()
        self._alarm = Alarm(distributor.clock, self._tick)
        self._leading: asyncio.Task[None] | None = None
        self._rearm()

    @property
    def edition(self) -> Edition:
        """The version of the hotline that the call has."""
        edition = self.machine.edition
        assert isinstance(edition, Edition)  # the machine was given one
        return edition

    # -- events ------------------------------------------------------------------------------------------------------

    def tell(self, *events: Event) -> None:
        """Step the machine and perform its commands.

        An event told from within a command waits until that step is done, but comes before the rest of `events`.
        """
        if self._stopped:
            return
        if self._stepping:
            self._events.extend(events)
            return
        self._stepping = True
        try:
            for event in events:
                self._events.append(event)
                while self._events:
                    self._step(self._events.popleft())
        except Exception as error:
            self._broke(error)
        finally:
            self._stepping = False
            self._rearm()
            self._news.set()
            if self.machine.leg.joining is None:
                self._joined_or_not.set()
            else:
                self._joined_or_not.clear()

    def fail(self) -> None:
        """By a mistake of ours the call lacks something that it needs. It ends, and the dialplan brings the caller
        back, as after any break. A caller who waited gets the same place in that queue (`Switchboard.waited`).
        """
        self.tell(PlainEvent.SESSION_FAILED)

    def _broke(self, error: Exception) -> None:
        """A mistake in this call must not end the others."""
        failures, channel = self.channel.tasks.failures, self.channel
        failures.note(Work.CALL, error, call=self.id)
        self._events.clear()
        try:
            self._step(PlainEvent.SESSION_FAILED)
        except Exception as again:  # even that has failed: forget the call, and let the caller go
            failures.note(Work.CALL, again, call=self.id)
            self.stop()
            self._distributor.tell(CallLeft(self.id, Left.HUNG_UP))
            channel.close()
            self._over(self)

    def _step(self, event: Event) -> None:
        if event is PlainEvent.SESSION_FAILED:
            self._waited(self)
        for command in self.machine.step(event, self._distributor.clock.now()):
            self._perform(command)

    def _perform(self, command: Command) -> None:
        match command:
            case do.Do(task):
                self._task = task
                self.channel.decided()
            case do.PlainCommand():
                self._perform_plain(command)
            case do.Write(record):
                self._distributor.write(record)
            case do.TellDistributor(event):
                self._distributor.tell(event)
            case do.Ring(ring, held):
                self._ring(self, ring, held)
            case do.DropRing(offer):
                self.channel.telephony.legs.cancel(offer)
            case do.Mute(offer, on):
                self.channel.telephony.asides.mute(offer, on=on)
            case do.RecordTalk(offer):
                self.channel.telephony.asides.record(offer, self.channel.records(self.id, offer))
            case do.SetAside() | do.TakeBack() | do.Consult() | do.HandOver() | do.BringIn() | do.SendAway():
                self._for_leg(command)
            case do.NoteTalk(mark):
                self.channel.telephony.note_talk(self.channel.name, line_talk(mark))
            case do.NoteLine(mark):
                self.channel.telephony.note_line(self.channel.name, mark)
            case _:
                assert_never(command)

    def _perform_plain(self, command: do.PlainCommand) -> None:
        channel = self.channel
        match command:
            case do.PlainCommand.STOP_SAYING:
                channel.stop_saying()
            case do.PlainCommand.CLEAR_KEYS:
                channel.keys.clear()
            case do.PlainCommand.FETCH:
                channel.telephony.fetch(channel.caller, channel.name)
            case do.PlainCommand.KICK:
                channel.telephony.kick(channel.name)
            case do.PlainCommand.ADMIT:
                channel.telephony.legs.admit(channel.caller)
            case do.PlainCommand.LEAVE_BE:
                if self._leading is not None:
                    channel.tasks.cancel(self._leading)
                    self._leading = None
            case do.PlainCommand.LEAD_BACK:
                self._leading = channel.tasks.spawn(Work.LEAD_BACK, self._lead_back(), self.fail)
            case do.PlainCommand.LEAD:
                channel.tasks.spawn(Work.RECORDING, self._led())
            case do.PlainCommand.ASK_LAST_SURVEY:
                self.tell(LastSurvey(self._surveyed(self.machine.arrival.caller)))
            case do.PlainCommand.CLOSE_SESSION:
                channel.close()
            case do.PlainCommand.FINISH:
                self._over(self)
            case _:
                assert_never(command)

    def _for_leg(self, command: do.ForLeg) -> None:
        asides, channel, tasks = self.channel.telephony.asides, self.channel, self.channel.tasks
        match command:
            case do.SetAside(offer):
                asides.set_aside(offer)
            case do.TakeBack(offer, queue):
                asides.take_back(offer, channel.name, queue)
            case do.Consult(offer, number, agent, seconds, queue, own):
                asides.consult(offer, channel.name, queue, number, agent=agent, own=own, seconds=seconds)
            case do.HandOver(offer, other, record):
                file = channel.records(self.id, "") if record else ""
                joining = self._joined(asides.hand_over(offer, channel.name, other, file), offer)
                tasks.spawn(Work.JOIN, joining, partial(self.tell, Joined(False)))
            case do.BringIn(offer, other, record):
                file = channel.records(self.id, f"{offer}.third") if record else ""
                bringing = asides.brought_in(offer, other, asides.bring_in(offer, other, file))
                tasks.spawn(Work.BRING_IN, bringing, partial(asides.not_brought_in, offer, other))
            case do.SendAway(offer):
                asides.send_away(offer)
            case _:
                assert_never(command)

    async def joined(self) -> None:
        """Return once it is known whether the one who was consulted has the caller: after some seconds at most."""
        await self._joined_or_not.wait()

    async def _joined(self, asked: Asked, offer: str) -> None:
        done = await asked.done()
        self.tell(Joined(done))
        if not done:  # the agent may still talk with the other one, and would take the caller back after that
            self.channel.telephony.legs.cancel(offer)

    async def _led(self) -> None:
        with suppress(LinkDown, TimeoutError):
            await self._lead(self)

    async def _lead_back(self) -> None:
        self.tell(LedBack(await self.channel.telephony.lead_back(self.channel.caller, self.channel.name)))

    # -- the session -------------------------------------------------------------------------------------------------

    async def serve(self, session: AgiSession) -> None:
        """Serve the call from its answer, or from where an earlier session broke, to its end or the session's."""
        self._served.clear()
        self.channel.attach(session)
        ended: Event = SessionEnded(gone=False)
        try:
            self.tell(SessionBegan(self.channel.name), PlainEvent.SESSION_FREE)
            while not self.machine.over:
                task, self._task = self._task, None
                if task is not None:
                    self.tell(await self.channel.perform(task, self.edition), PlainEvent.SESSION_FREE)
                else:
                    self._news.clear()
                    await session.wait(self._news)
                    self.tell(PlainEvent.SESSION_FREE)
        except SentElsewhere:
            ended = SessionEnded(gone=True)
        except CallerGone:
            ended = SessionEnded(gone=session.hung_up)
        except asyncio.CancelledError:
            self.stop()
            raise
        except BaseException:
            ended = PlainEvent.SESSION_FAILED
            raise
        finally:
            session.close()
            self._served.set()
            self.tell(ended)

    async def let_go(self) -> bool:
        """Close the session that is being served, as the caller has come in a new one. Returns when it has ended.

        False: the call has ended, too.
        """
        while not self._served.is_set():  # another new session may have been quicker
            self.channel.close()
            await self._served.wait()
        return not self.machine.over

    @property
    def stopped(self) -> bool:
        """Whether the call goes on without this service: it ignores events."""
        return self._stopped

    def stop(self) -> None:
        """The service stops: it fetches no caller any more, and ignores events. The call goes on in Asterisk, and the
        next service takes it up.
        """
        self._stopped = True
        self._joined_or_not.set()
        self._perform(do.PlainCommand.LEAVE_BE)
        self._rearm()

    # -- time --------------------------------------------------------------------------------------------------------

    def _rearm(self) -> None:
        self._alarm.set(None if self._stopped else self.machine.deadline())

    def _tick(self) -> None:
        self.tell(PlainEvent.TICK)
