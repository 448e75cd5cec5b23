"""An agent at a phone: picks up, talks, hangs up, sometimes declines, takes breaks, and checks every call."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

from lab.chaos.caller import Visit
from lab.chaos.hearing import Hearing
from lab.chaos.ledger import Ledger, Story
from lab.chaos.moments import Moments
from lab.chaos.schedule import Moment
from lab.chaos.site import Site
from lab.chaos.voices import AGENT, CALLER, Voices
from lab.phone import Call, CallFailed, Ending, IncomingCall, Late, Phone

COMES = 45.0
"""The most seconds from picking up to the caller: whisper, the end of an announcement, an absent service."""

MEETING = 1.0
"""Seconds for which a ring that is being taken back may overlap with the next one."""

TAKEN_BACK = 15.0
"""Seconds until the ring at an agent on a break is taken back, if the service dies meanwhile."""

BREAK = "tea"


class Agent:
    """`find` answers the visit that speaks with a voice, or spoke with it last."""

    def __init__(
        self,
        agent_id: str,
        random: Random,
        site: Site,
        voices: Voices,
        moments: Moments,
        ledger: Ledger,
        find: Callable[[str], Visit | None],
    ) -> None:
        self.id = agent_id
        self.phone: Phone = site.agent_phone(agent_id)
        self.story = Story(ledger)
        self.on_break = False
        self.zealous = False
        """The agent picks up at once, and lets the caller hang up."""
        self.talks = 0
        self._label = AGENT + agent_id
        self._random, self._site, self._voices = random, site, voices
        self._moments, self._ledger, self._find = moments, ledger, find
        self._loop = asyncio.get_running_loop()

    async def work(self, *, ready: bool = True) -> None:
        """Work until cancelled. `ready` False: a department, which never signs in."""
        async with self.phone, asyncio.TaskGroup() as tasks:
            await self.phone.register(expires=60)
            if ready and not await self._site.set_state(self.id, "ready"):
                self._lose("state not taken", "the agent could not sign in")
            while True:
                try:
                    offer = await self.phone.incoming(3_600)
                except Late:
                    continue
                others = [call for call in self.phone.calls if call is not offer]
                if others and ready:
                    tasks.create_task(self._twice(offer, others[0]))
                tasks.create_task(self._serve(offer, quick=not ready))

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
        chance = 1.0 if quick or self.zealous else self._random.random()
        try:
            if chance < 0.05:
                await asyncio.sleep(self._random.uniform(0, 2))
                await offer.reject(603)
                self.story.tell("declines")
            elif chance < 0.09:
                await offer.ended(60)
                self.story.tell("lets it ring")
            else:
                await asyncio.sleep(0.0 if self.zealous else self._random.choice((0.0, self._random.uniform(0, 3))))
                await offer.answer()
                await self._talk(offer, quick=quick)
        except CallFailed:
            self.story.tell("it was cancelled")
        except Late:
            self._lose("rings without end", "60 s")
        if not quick and not self.zealous and self._random.random() < 0.08:
            await self._take_a_break()

    async def _talk(self, offer: IncomingCall, *, quick: bool) -> None:
        if not offer.up:
            return
        self._moments.note(Moment.ANSWERED)
        self.story.tell("picks up")
        offer.send_tone(self._voices.voice(self._label))
        hearing = Hearing(offer, self._voices, lambda label: self.story.tell(f"hears {label}"))
        ended = asyncio.ensure_future(offer.ended(3_600))
        try:
            label = await self._caller(hearing, ended)
            if label is None:
                if not ended.done():
                    self._lose("nobody comes", f"the agent picked up {COMES:.0f} s ago")
                    await offer.hang_up()
                else:
                    self.story.tell("it ends before a caller comes")
                return
            visit = self._find(label)
            self.talks += 1
            began = self._loop.time()
            await asyncio.wait({ended}, timeout=None if self.zealous else self._random.uniform(2, 9))
            if ended.done():
                self._cut(visit, hearing, label)
            else:
                self._still_hears(visit, hearing, label, self._loop.time() - began)
                self.story.tell("hangs up")
                self._moments.note(Moment.OVER)
                await offer.hang_up()
            if len(callers := hearing.voices(CALLER)) > 1:
                self._lose("two callers", ", ".join(sorted(callers)))
        finally:
            ended.cancel()

    async def _caller(self, hearing: Hearing, ended: "asyncio.Future[Ending]") -> str | None:
        """The label of the caller's voice once it is heard; None if the call ends or COMES passes before."""
        deadline = self._loop.time() + COMES
        while not ended.done() and self._loop.time() < deadline:
            news = asyncio.ensure_future(hearing.news.get())
            either: set[asyncio.Future[Any]] = {news, ended}
            await asyncio.wait(either, timeout=deadline - self._loop.time(), return_when=asyncio.FIRST_COMPLETED)
            if news.done() and news.result().startswith(CALLER):
                return news.result()
            news.cancel()
        return None

    def _cut(self, visit: Visit | None, hearing: Hearing, label: str) -> None:
        """The other side ended the conversation. That must have been the caller, or Asterisk's end; else it is lost."""
        if visit is None or visit.taken or not self._site.asterisk_up.is_set():
            self.story.tell("Asterisk ended")
        elif visit.left_at is None or hearing.ago(label) > 3.0 + self._loop.time() - visit.left_at:
            self.story.tell(f"is cut off from {visit.number}")
            self._ledger.lose("talk cut", visit.number, f"agent {self.id} was cut off, nobody hung up", visit.story)
        else:
            self.story.tell("the caller hung up")

    def _still_hears(self, visit: Visit | None, hearing: Hearing, label: str, talked: float) -> None:
        """When the agent ends a talk, both must hear each other, unless the call just ends at the other side too."""
        if visit is None or visit.hearing is None or visit.taken or visit.left_at is not None or talked < 1.5:
            return
        deaf = [
            f"{name} for {ago:.1f} s"
            for name, ago in (("agent", hearing.ago(label)), ("caller", visit.hearing.ago(self._label)))
            if ago > 1.0
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
