"""What agents ask for over HTTP in a talk: the caller on hold, a colleague consulted, and what is heard of it."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from lab.chaos.caller import Visit
from lab.chaos.conduct import Aside, Death, Transfer, Way
from lab.chaos.hearing import Hearing
from lab.chaos.ledger import Ledger, Story
from lab.chaos.moments import Moments
from lab.chaos.schedule import Moment
from lab.chaos.site import Site
from lab.chaos.views import Sent, Talk
from lab.chaos.voices import AGENT
from lab.phone import Ending, IncomingCall

REFUSED = 409
"""The status where that is not possible at this moment. Else the service, or its link, is away."""

POSSIBLE = 10.0
"""Seconds after which an agent gives up what the service refuses or does not know: a caller with whom somebody joined
the agent cannot be put on hold over HTTP.
"""

ORDERED = 60.0
"""Seconds within which an order is taken that must be; the service may be away."""

TOGETHER = 45.0
"""The most seconds from an order to agent and caller, or caller and colleague: the link may be away."""

CONSULTED = 30.0 + TOGETHER
"""The most seconds from a consultation's order until somebody has answered, or agent and caller talk again."""

LEFT = 5.0
"""Seconds within which the phone of an agent is hung up whose caller, on hold, has hung up."""

SILENT = 1.0
"""Seconds after an order until a caller on hold must hear the agent no more, where nothing is broken."""

NOW = 0.3
"""A voice that was heard so few seconds ago is heard now."""

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InTalk:
    """A talk as both phones have it. `label`: the caller's voice; `own`: the agent's; `muted`: the agent's phone is."""

    offer: IncomingCall
    visit: Visit
    talk: Talk
    hearing: Hearing
    label: str
    own: str
    muted: bool
    ended: "asyncio.Future[Ending]"

    @property
    def left(self) -> bool:
        """Whether the caller has hung up, or the caller's phone has died, or Asterisk with the call."""
        return self.visit.left_at is not None or self.visit.died_at is not None or self.visit.taken

    @property
    def together(self) -> bool:
        """Whether each hears the other, as far as the other says anything."""
        hears = self.visit.errand.muted or self.hearing.ago(self.label) < NOW
        return hears and (self.muted or self._caller_hears < NOW)

    @property
    def caller_hears_the_agent(self) -> bool:
        return not self.muted and self._caller_hears < NOW

    @property
    def _caller_hears(self) -> float:
        return float("inf") if self.visit.hearing is None else self.visit.hearing.ago(self.own)


class Desk:
    """One agent's. `joined`: as `Find.joined`; `leaves`: the agents whom a consulted colleague is to hang up on."""

    def __init__(
        self,
        agent: str,
        random: Random,
        site: Site,
        moments: Moments,
        ledger: Ledger,
        story: Story,
        joined: dict[str, Visit],
        leaves: set[str],
    ) -> None:
        self._agent, self._random, self._site, self._moments, self._ledger = agent, random, site, moments, ledger
        self._story, self._joined, self._leaves = story, joined, leaves
        self._loop = asyncio.get_running_loop()

    async def ask(self, of: InTalk, aside: Aside, act: Transfer | Death | None) -> None:
        """Do it, and bring agent and caller together again, unless the talk is over then. `act`: what the agent does
        next: a caller stays on hold whose agent's phone dies, or who is hung up on.
        """
        call = await self._call_of(of)
        if call is None:
            return
        self._ledger.count(f"over HTTP: {aside}")
        self._story.tell(f"over HTTP: {aside}")
        if aside.target is None:
            await self._hold(of, call, stays=isinstance(act, Death) or (act is None and aside is Aside.HUNG_UP))
        else:
            await self._consult(of, call, aside, aside.target)
        if of.left and of.talk.ended is None:
            await self._let_go(of)

    async def _hold(self, of: InTalk, call: str, *, stays: bool) -> None:
        if not await self._order(of, call, "hold", lambda told: told["held"] is not None, within=POSSIBLE):
            self._give_up(of, "hold")
            return
        await self._apart(of)
        if stays or of.ended.done() or of.left:
            return
        await self._back(of, call, "unhold")

    async def _consult(self, of: InTalk, call: str, aside: Aside, target: str) -> None:
        body = {"to": {"agent": target}, "how": "consult"}
        if aside is Aside.LEFT_ALONE:
            self._leaves.add(self._agent)
        try:
            asked = await self._order(of, call, "transfer", lambda told: bool(told["consulted"]), body, within=POSSIBLE)
            if not asked:
                self._give_up(of, "consult")
                return
            if aside is Aside.UNANSWERED:
                await self._apart(of)
                if not of.ended.done() and not of.left:
                    await self._back(of, call, "return")
                return
            answered = await self._answered(of, call, target)
        finally:
            self._leaves.discard(self._agent)
        if not answered:
            return
        if aside is Aside.LEFT_ALONE:
            # What was heard just before the order counts as heard now: so the colleague must be gone first.
            if not await self._until(of, lambda: of.hearing.ago(AGENT + target) >= NOW and of.together, TOGETHER):
                self._lose(of, "the colleague has hung up, and agent and caller do not hear each other")
            return
        await self._apart(of)
        if of.ended.done() or of.left:
            return
        if aside is Aside.COMPLETED:
            await self._complete(of, call, target)
        else:
            await self._back(of, call, "return")

    async def _complete(self, of: InTalk, call: str, target: str) -> None:
        visit, transfer = of.visit, Transfer(Way.COMPLETED, target, 0)
        visit.owed(f"{self._agent} transfers {transfer.way}")
        self._joined[target] = visit
        self._moments.note(Moment.SENT_ON)
        taken = await self._order(of, call, "complete", lambda told: _sent(told, visit), within=POSSIBLE)
        if not taken and not (of.ended.done() and not of.left):
            self._joined.pop(target, None)
            visit.stays(f"{self._agent} cannot complete")
            if not of.left and not await self._until(of, lambda: of.together, NOW):
                await self._back(of, call, "return")
            return
        of.talk.ended = time.time()
        visit.sent.append(Sent(visit.number, self._agent, transfer, of.talk.ended))
        self._ledger.views.sent.append(visit.sent[-1])
        if not await self._until(of, lambda: of.ended.done(), TOGETHER):
            self._lose(of, "the caller was handed over, and the agent's phone is in the call")

    # -- the talk ----------------------------------------------------------------------------------------------------

    async def _apart(self, of: InTalk) -> None:
        """Some seconds in which the caller hears no agent."""
        asked = time.time()
        await asyncio.wait({of.ended}, timeout=SILENT)
        if not (of.ended.done() or of.left) and of.caller_hears_the_agent and self._ledger.views.whole(asked):
            self._lose(of, "the caller on hold hears the agent")
        await asyncio.wait({of.ended}, timeout=self._random.uniform(0, 3))

    async def _back(self, of: InTalk, call: str, order: str) -> None:
        if not await self._order(of, call, order, lambda told: told["held"] is None, within=ORDERED):
            if not (of.ended.done() or of.left):
                self._lose(of, f"{order} is not taken within {ORDERED:.0f} s")
            return
        if not await self._until(of, lambda: of.together, TOGETHER):
            self._lose(of, f"{TOGETHER:.0f} s after {order} agent and caller do not hear each other")

    async def _answered(self, of: InTalk, call: str, target: str) -> bool:
        """True: the colleague is heard. False: agent and caller talk again, or the talk is over."""
        deadline = self._loop.time() + CONSULTED
        while not (of.ended.done() or of.left):
            if of.hearing.ago(AGENT + target) < NOW:
                return True
            told = await self._site.get(f"calls/{call}")
            if told is not None and told["held"] is None and of.together:
                return False
            if self._loop.time() > deadline:
                self._lose(of, f"nobody answers for {CONSULTED:.0f} s, and agent and caller do not hear each other")
                return False
            await asyncio.wait({of.ended}, timeout=0.2)
        return False

    async def _until(self, of: InTalk, true: Callable[[], bool], within: float) -> bool:
        """Whether it comes true within so many seconds. It need not any more if the talk is over or the caller gone."""
        deadline = self._loop.time() + within
        while not (true() or of.ended.done() or of.left):
            if self._loop.time() > deadline:
                return False
            await asyncio.wait({of.ended}, timeout=0.05)
        return True

    async def _let_go(self, of: InTalk) -> None:
        """The caller is gone: the agent's phone is hung up soon, where no phone is dead and nothing is broken."""
        gone = time.time()
        left = of.visit.left_at
        await asyncio.wait({of.ended}, timeout=LEFT)
        of.talk.ended = time.time() - (0.0 if left is None else self._loop.time() - left)
        if of.ended.done():
            return
        if left is not None and self._ledger.views.whole(gone - LEFT):
            self._lose(of, f"the caller hung up {LEFT:.0f} s ago, and the agent's phone is in the call")
        self._story.tell("hangs up, as the caller is gone")
        await of.offer.hang_up()

    # -- orders ------------------------------------------------------------------------------------------------------

    async def _call_of(self, of: InTalk) -> str | None:
        """The id of the call; None: the service does not say that the caller talks, as in the moment of a fault."""
        told = await self._site.get("calls?state=talking&limit=500")
        return next((call["id"] for call in told or () if call["caller"] == of.visit.number), None)

    async def _order(
        self,
        of: InTalk,
        call: str,
        order: str,
        done: Callable[[Told], bool],
        body: Mapping[str, Any] | None = None,
        *,
        within: float,
    ) -> bool:
        """Ask until the service has taken the order, or tells that it is `done`: the answer to an earlier try was lost.

        False: it has refused the order for `within` seconds, or the talk is over, or the caller gone.
        """
        asked, refused = self._loop.time(), 0.0
        self._moments.note(Moment.HELD)
        while not (of.ended.done() or of.left) and self._loop.time() < asked + ORDERED and refused < within:
            began = self._loop.time()
            status = await self._site.post(f"calls/{call}/{order}", body)
            if status == 200:
                return True
            told = await self._site.get(f"calls/{call}")
            if told is not None and done(told):
                return True
            await asyncio.wait({of.ended}, timeout=0.2)
            refused = refused + self._loop.time() - began if status == REFUSED else 0.0
        return False

    def _give_up(self, of: InTalk, order: str) -> None:
        if not (of.ended.done() or of.left):
            self._story.tell(f"{order} is not possible")
            self._ledger.count(f"over HTTP, not possible: {order}")

    def _lose(self, of: InTalk, why: str) -> None:
        self._story.tell(why)
        self._ledger.lose("hold", of.visit.number, f"agent {self._agent}: {why}", of.visit.story)


def _sent(told: Told, visit: Visit) -> bool:
    """Whether the story has one transfer more than the phones have seen."""
    return len(told["transfers"]) > len(visit.sent)
