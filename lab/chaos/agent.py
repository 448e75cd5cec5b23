"""An agent at a phone: picks up, talks, hangs up, sometimes declines, takes breaks, and checks every call."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from lab.chaos.caller import DUTY, MOST_HANDOFFS, Visit
from lab.chaos.conduct import COLLEAGUES, DECLINES, HOTLINE, RINGS_ON, Aside, Death, Transfer, in_talk, over_http
from lab.chaos.desk import Desk, InTalk
from lab.chaos.hearing import Hearing
from lab.chaos.ledger import Ledger, Story
from lab.chaos.moments import Moments
from lab.chaos.schedule import Moment
from lab.chaos.site import Site
from lab.chaos.views import Sent, Talk
from lab.chaos.voices import AGENT, CALLER, Voices
from lab.phone import Call, CallFailed, Ending, IncomingCall, Late, OutgoingCall, Phone, RegistrationFailed

COMES = 45.0
"""The most seconds from picking up to the caller: whisper, the end of an announcement, an absent service."""

MEETING = 1.0
"""Seconds for which a ring that is being taken back may overlap with the next one."""

TAKEN_BACK = 15.0
"""Seconds until the ring at an agent on a break is taken back, if the service dies meanwhile."""

AWAY = (10.0, 30.0)
"""Seconds from a phone's death until another one is registered instead."""

ASKED = 40.0
"""Seconds within which a colleague or a queue must answer an agent who asks; the service may be away."""

RINGS = 100.0
"""The most seconds for which the phone of a blind transfer rings."""

BREAK = "tea"


@dataclass(frozen=True, slots=True)
class Find:
    """Finds visits: by the voice with which the caller speaks or spoke last, and by the caller's number. `joined`: the
    visits that agents have joined with a colleague's phone, by that phone. `asked`: who answered an agent's own
    call last, which a queue decides. `leaves`: agents on whom the colleague hangs up whom they consult.
    """

    by_voice: Callable[[str], Visit | None]
    by_number: Callable[[str], Visit | None]
    joined: dict[str, Visit] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    leaves: set[str] = field(default_factory=set)


class Agent:
    """At a phone that may die: another one replaces it, registered anew."""

    def __init__(
        self,
        agent_id: str,
        random: Random,
        asides: Random,
        site: Site,
        voices: Voices,
        moments: Moments,
        ledger: Ledger,
        find: "Find",
    ) -> None:
        """`asides` draws what the agent asks for over HTTP, `random` all else."""
        self.id = agent_id
        self.phone: Phone = site.agent_phone(agent_id)
        self.story = Story(ledger)
        self.on_break = False
        self.zealous = False
        """The agent picks up at once, and lets the caller hang up."""
        self.talks = 0
        self.dead = False
        """The phone has died, and no other one is registered yet."""
        self._died = asyncio.Event()
        self._ears: dict[Hearing, Visit | None] = {}  # and whose call it is, by its number
        self.last_death: Talk | None = None
        """The talk in which a phone of this agent died last."""
        self._sends: Call | None = None
        """A call that was transferred, until the phone is told what became of that."""
        self._label = AGENT + agent_id
        self._random, self._asides, self._site, self._voices = random, asides, site, voices
        self._moments, self._ledger, self._find = moments, ledger, find
        self._loop = asyncio.get_running_loop()
        self._desk = Desk(agent_id, asides, site, moments, ledger, self.story, find.joined, find.leaves)

    async def work(self, *, ready: bool = True) -> None:
        """Work until cancelled. `ready` False: a department, which never signs in."""
        signs_in = ready
        while True:
            async with self.phone:
                await self._register()
                if signs_in and not await self._site.set_state(self.id, "ready"):
                    self._lose("state not taken", "the agent could not sign in")
                signs_in = False
                async with asyncio.TaskGroup() as tasks:
                    await self._take_calls(tasks, ready=ready)
                await asyncio.sleep(self._random.uniform(*AWAY))
            self.phone = self._site.agent_phone(self.id)

    async def _register(self) -> None:
        while True:
            await self._site.asterisk_up.wait()
            try:
                await self.phone.register(expires=60)
            except RegistrationFailed:
                await asyncio.sleep(1)  # Asterisk ends
            else:
                if self.dead and self.last_death is not None and self.last_death.replaced is None:
                    self.last_death.replaced = time.time()
                self.dead = False
                self._died.clear()
                self.story.tell("is registered")
                return

    async def _take_calls(self, tasks: asyncio.TaskGroup, *, ready: bool) -> None:
        """Until the phone dies."""
        died = asyncio.ensure_future(self._died.wait())
        arrives: asyncio.Future[IncomingCall] | None = None
        try:
            while not died.done():
                arrives = asyncio.ensure_future(self.phone.incoming(3_600))
                await asyncio.wait({arrives, died}, return_when=asyncio.FIRST_COMPLETED)
                if not arrives.done() or arrives.exception() is not None:
                    continue
                offer = arrives.result()
                others = [call for call in self.phone.calls if call not in (offer, self._sends)]
                if others and ready:
                    tasks.create_task(self._twice(offer, others[0]))
                tasks.create_task(self._serve(offer, quick=not ready))
        finally:
            died.cancel()
            if arrives is not None:
                arrives.cancel()

    async def _die(self, death: Death) -> None:
        self.story.tell(death)
        self._ledger.count(death)
        self.dead = True
        self.phone.die()
        for call in self.phone.calls:
            call.drop()
        await self.phone.abandon_registration()
        self._died.set()

    def met(self, voice: str) -> None:
        """A muted caller hears this phone, which may have several calls."""
        visit = self._find.by_voice(voice)
        own = [ear for ear, knows in self._ears.items() if knows is visit]
        for ear in own or self._ears:
            ear.news.put_nowait(voice)

    async def _twice(self, offer: IncomingCall, other: Call) -> None:
        """Two calls at once are a loss, unless one is a ring that is being taken back and ends within MEETING."""
        one_ends: set[asyncio.Future[Any]] = {asyncio.ensure_future(call.ended(3_600)) for call in (offer, other)}
        await asyncio.wait(one_ends, timeout=MEETING, return_when=asyncio.FIRST_COMPLETED)
        if not any(ended.done() for ended in one_ends):
            self._lose("rung twice", f"two calls at once for {MEETING:g} s")
        for ended in one_ends:
            ended.cancel()

    async def _serve(self, offer: IncomingCall, *, quick: bool) -> None:
        self._moments.note(Moment.SUB_HOTLINE if quick else Moment.RINGING)
        self.story.tell(f"rings: {offer.caller_name} {offer.caller_number}")
        self._ledger.count("rings")
        with suppress(CallFailed):  # it may be cancelled already; that shows below
            await offer.ring()
        if self.on_break:
            await self._rung_on_a_break(offer)
            return
        if self.id in COLLEAGUES:
            await self._is_asked(offer)
            return
        chance = 1.0 if quick or self.zealous else self._random.random()
        try:
            if chance < 0.05:
                await asyncio.sleep(self._random.uniform(0, 2))
                await offer.reject(603)
                self.story.tell("declines")
            elif chance < 0.09:
                await offer.ended(60)
                self.story.tell("lets it ring")
            elif chance < 0.1:
                if not await _over(offer, self._random.uniform(0, 2)):  # else the phone may be in another call by then
                    await self._die(Death.RINGING)
            else:
                await asyncio.sleep(0.0 if self.zealous else self._random.choice((0.0, self._random.uniform(0, 3))))
                await offer.answer()
                await self._talk(offer, quick=quick)
        except CallFailed:
            self.story.tell("it was cancelled")
        except Late:
            self._lose("rings without end", "60 s")
        if quick or self.zealous or self.dead:
            return
        if (chance := self._random.random()) < 0.08:
            await self._take_a_break()
        elif chance < 0.09 and not self.phone.calls:
            await self._die(Death.IDLE)

    async def _is_asked(self, offer: IncomingCall) -> None:
        """A colleague to whom an agent transfers a caller."""
        with suppress(CallFailed):
            if self.id == RINGS_ON:
                await offer.ended(RINGS)
            elif self.id == DECLINES or len(self.phone.calls) > 1:
                await offer.reject(self._random.choice((486, 603)))
            elif offer.caller_number in self._find.leaves:
                await offer.answer()
                offer.send_tone(self._voices.voice(self._label))
                await asyncio.sleep(self._random.uniform(0.5, 2))
                await offer.hang_up()
            else:
                await offer.answer()
                await self._talk(offer, quick=True)

    async def _talk(self, offer: IncomingCall, *, quick: bool) -> None:
        if not offer.up:
            return
        self._moments.note(Moment.ANSWERED)
        self.story.tell("picks up")
        knows = self._find.by_number(offer.caller_number)
        self._find.joined.pop(self.id, None)
        self._find.asked[offer.caller_number] = self.id
        muted = not quick and knows is not None and not knows.errand.muted and self._random.random() < 0.05
        if muted:
            self._ledger.count("agents' phones that were muted")
            offer.send_nothing()
        else:
            offer.send_tone(self._voices.voice(self._label))
        hearing = Hearing(offer, self._voices, lambda label: self.story.tell(f"hears {label}"))
        self._ears[hearing] = knows
        ended = asyncio.ensure_future(offer.ended(3_600))
        talk: Talk | None = None
        try:
            label = await self._caller(hearing, ended, knows)
            if label is None:
                knows = knows or self._find.joined.get(self.id)
                if not ended.done() and knows is not None and knows.died_at is not None:
                    self.story.tell("hears nobody, and hangs up")
                    await offer.hang_up()
                elif not ended.done():
                    who, story = (self.id, self.story) if knows is None else (knows.number, knows.story)
                    self._ledger.lose("nobody comes", who, f"agent {self.id} picked up {COMES:.0f} s ago", story)
                    await offer.hang_up()
                else:
                    self.story.tell("it ends before a caller comes")
                return
            visit = self._find.by_voice(label)
            assert visit is not None
            if muted or (visit.handoffs and visit.heard_last(self._label)):  # such a talk is no news to the ear
                visit.met(self._label)
            self.talks += 1
            talk = Talk(visit.number, self.id, time.time())
            if self._label != DUTY:  # the fallback is dialled where there is no service that could tell of it
                self._ledger.views.talks.append(talk)
            began = self._loop.time()
            act = None if quick or self.zealous or visit.handoffs >= MOST_HANDOFFS else in_talk(self._random)
            await asyncio.wait({ended}, timeout=None if self.zealous else self._random.uniform(2, 9))
            asks = None if quick or self.zealous else over_http(self._asides)
            if not ended.done():
                self._still_hears(visit, hearing, label, self._loop.time() - began, muted=muted)
                if asks is not None:
                    asks = Aside.RETURNED if asks is Aside.COMPLETED and visit.handoffs >= MOST_HANDOFFS else asks
                    of = InTalk(offer, visit, talk, hearing, label, self._label, muted, ended)
                    await self._desk.ask(of, asks, act)
            if talk.ended is None:
                if ended.done():
                    talk.ended = time.time()
                    self._cut(visit, hearing, label, held=asks is not None)
                elif isinstance(act, Transfer):
                    await self._send_on(offer, visit, talk, act, ended)
                elif isinstance(act, Death):
                    await self._die_in_talk(offer, visit, talk, act)
                else:
                    self.story.tell("hangs up")
                    self._moments.note(Moment.OVER)
                    talk.ended = time.time()
                    await offer.hang_up()
            if len(callers := hearing.voices(CALLER)) > 1:
                self._lose("two callers", ", ".join(sorted(callers)))
        finally:
            ended.cancel()
            del self._ears[hearing]

    async def _die_in_talk(self, offer: IncomingCall, visit: Visit, talk: Talk, death: Death) -> None:
        if death is Death.HOLDING:
            try:
                await offer.hold()
            except CallFailed:
                return
            await asyncio.sleep(self._random.uniform(0.2, 2))
        talk.ended = time.time()
        if offer.up:
            talk.died = True
            self.last_death = talk
            visit.owed(f"{self.id}: {death}")
            await self._die(death)

    async def _send_on(
        self, offer: IncomingCall, visit: Visit, talk: Talk, transfer: Transfer, ended: "asyncio.Future[Ending]"
    ) -> None:
        self.story.tell(f"transfers {visit.number} {transfer.way}")
        asking: OutgoingCall | None = None
        asked = False
        try:
            if transfer.consults:
                await offer.hold()
                self._find.asked.pop(self.id, None)
                asking = await self.phone.place(transfer.target)
                if transfer.hurries:
                    await asking.ringing(ASKED)
                else:
                    await asking.answered(ASKED)
                    asking.send_tone(self._voices.voice(self._label))
                    await asyncio.wait({ended}, timeout=transfer.asks)
            if ended.done() or not offer.up:
                talk.ended = time.time()
                self.story.tell("the caller has hung up meanwhile")
                return
            talk.ended = time.time()
            visit.owed(f"{self.id} transfers {transfer.way}", menus=transfer.target == HOTLINE)
            asked = True
            self._moments.note(Moment.SENT_ON)
            self._sends = offer
            if asking is None:
                await offer.blind_transfer(transfer.target)
            else:
                await offer.attended_transfer(asking)
            if transfer.consults:
                self._find.joined[self._find.asked.pop(self.id, transfer.target)] = visit
                talk.ended = time.time()  # Asterisk takes half a second where a queue is asked
            visit.sent.append(Sent(visit.number, self.id, transfer, talk.ended))
            self._ledger.views.sent.append(visit.sent[-1])
        except (CallFailed, Late) as error:
            why = str(error).partition("\n")[0]
            self.story.tell(f"the transfer fails: {why}")
            self._ledger.count("transfers that the phone gave up")
            talk.ended = time.time()
            if not offer.up:
                return
            if asked:
                visit.stays(f"{self.id} cannot transfer: {why}")
                declined = transfer.hurries and asking is not None and await _over(asking)
                if not (declined or visit.taken or visit.died_at or visit.left_at):
                    self._ledger.lose("transfer refused", visit.number, f"{transfer.way}: {why}", visit.story)
            await offer.hang_up()
        finally:
            if asking is not None:
                await asking.hang_up()

    async def _caller(self, hearing: Hearing, ended: "asyncio.Future[Ending]", knows: Visit | None) -> str | None:
        """The label of the caller's voice once it is heard; None if the call ends or COMES passes before, or if the
        caller's phone is dead.
        """
        deadline = self._loop.time() + COMES
        while not ended.done() and self._loop.time() < deadline:
            knows = knows or self._find.joined.get(self.id)
            if knows is not None and knows.died_at is not None:
                deadline = min(deadline, self._loop.time() + 3)
            news = asyncio.ensure_future(hearing.news.get())
            either: set[asyncio.Future[Any]] = {news, ended}
            await asyncio.wait(either, timeout=deadline - self._loop.time(), return_when=asyncio.FIRST_COMPLETED)
            if news.done() and news.result().startswith(CALLER):
                return news.result()
            news.cancel()
        return None

    def _cut(self, visit: Visit | None, hearing: Hearing, label: str, *, held: bool) -> None:
        """The other side ended the conversation. That must have been the caller, or Asterisk's end; else it is lost.
        `held`: the caller may have been on hold, and so unheard.
        """
        if visit is None or visit.taken or not self._site.asterisk_up.is_set():
            self.story.tell("Asterisk ended")
        elif visit.died_at is not None:
            self.story.tell("the caller's phone is dead")
        elif visit.left_at is None or (
            not (visit.errand.muted or held) and hearing.ago(label) > 3.0 + self._loop.time() - visit.left_at
        ):
            self.story.tell(f"is cut off from {visit.number}")
            self._ledger.lose("talk cut", visit.number, f"agent {self.id} was cut off, nobody hung up", visit.story)
        else:
            self.story.tell("the caller hung up")

    def _still_hears(self, visit: Visit | None, hearing: Hearing, label: str, talked: float, *, muted: bool) -> None:
        """When the agent ends a talk, both must hear each other, unless the call just ends at the other side too."""
        if visit is None or visit.hearing is None or visit.taken or visit.left_at is not None or talked < 1.5:
            return
        if visit.died_at is not None:
            return
        deaf = [
            f"{name} for {ago:.1f} s"
            for name, ago, silent in (
                ("agent", hearing.ago(label), visit.errand.muted),
                ("caller", visit.hearing.ago(self._label), muted),
            )
            if ago > 1.0 and not silent
        ]
        if deaf and visit.call is not None and visit.call.up:
            self._ledger.lose("not heard", visit.number, f"with agent {self.id}: {', '.join(deaf)}", visit.story)

    async def _rung_on_a_break(self, offer: IncomingCall) -> None:
        try:
            await offer.ended(TAKEN_BACK)
        except Late:
            self._lose("rung on a break", f"it is not taken back for {TAKEN_BACK:.0f} s")
            await offer.reject(603)

    async def _take_a_break(self) -> None:
        if not await self._site.set_state(self.id, "not-ready", BREAK):
            self._lose("state not taken", "not-ready")
            return
        self.on_break = True
        self.story.tell("takes a break")
        await asyncio.sleep(self._random.uniform(1, 6))
        await self.come_back()

    async def come_back(self) -> None:
        self.on_break = False
        self.story.tell("is back")
        if not await self._site.set_state(self.id, "ready"):
            self._lose("state not taken", "ready")

    def _lose(self, what: str, why: str) -> None:
        self._ledger.lose(what, self.id, why, self.story)


async def _over(call: Call, within: float = 1.0) -> bool:
    """Whether a call ends within so many seconds, or has ended."""
    try:
        await call.ended(within)
    except Late:
        return False
    return True
