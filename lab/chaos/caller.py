"""A caller: wishes, behaviour, and whether the hotline treated the caller correctly."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from lab.chaos.hearing import Hearing
from lab.chaos.ledger import Ledger, Story
from lab.chaos.moments import Moments
from lab.chaos.schedule import Moment
from lab.chaos.site import Site
from lab.chaos.voices import AGENT, CALLER, SAID, Voices
from lab.phone import Call, CallFailed, Late, OutgoingCall, SessionOver

MAIN, MORE, ENGLISH = f"{SAID}menu:main", f"{SAID}menu:more", f"{SAID}menu:main:en"
GOODBYE, PLEASE_HOLD = f"{SAID}goodbye", f"{SAID}please-hold"
DUTY = f"{AGENT}2200"

LEAVE = "leave"
ELSEWHERE = "asks for another queue"

PATIENCE = 150.0
"""Seconds after which an unanswered caller counts as lost: no queue of this load is ever so long."""

MOST_BESIDE = 25
"""Total packets (20 ms each) from nobody that may come between an agent's packets: talks begin and end there."""

INTERRUPTIONS = 2
"""How often the menus may begin again, with new patience, before the caller must reach a person."""

LONGEST = (1 + INTERRUPTIONS) * PATIENCE + 60.0
"""Seconds within which every call must be over, its talk included."""

ANSWER = 60.0
"""Seconds within which a call must be answered, by the hotline or its fallback."""

UNNOTICED = 15.0
"""The most seconds without a link from the service to Asterisk in this storm, and a little more."""

PARTING = 18.0
"""Seconds from the last sound of a goodbye or of the fallback to the call's end: the service may be frozen then."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A caller's plan. `keys`: pressed at each menu; without any the caller waits for a person. `patience`: seconds in
    a queue until the caller gives up; `elsewhere`: until the caller presses 0, which leads to another queue or nowhere;
    `talk`: seconds of talk until the caller hangs up; None: the agent does. `told`: a goodbye without a talk is right.
    """

    name: str
    keys: Mapping[str, str] = field(default_factory=dict)
    patience: float | None = None
    elsewhere: float | None = None
    talk: float | None = None
    told: bool = False
    leaves_menu: float | None = None


def draw(random: Random) -> Errand:
    """The errand of the next caller."""
    talk = random.choice((None, None, random.uniform(2, 8)))
    patience = random.choice((None, None, None, None, random.uniform(1, 12)))
    elsewhere = random.choice((None, None, random.uniform(0.5, 12)))
    choices: tuple[tuple[int, str, dict[str, str]], ...] = (
        (6, "greening", {MAIN: "1"}),
        (5, "water", {MAIN: "2"}),
        (2, "gas", {MAIN: "3"}),
        (1, "notice", {MAIN: "4"}),
        (3, "lamps", {MAIN: "5", MORE: "1"}),
        (2, "everybody", {MAIN: "6"}),
        (3, "english", {MAIN: "8", ENGLISH: random.choice("012")}),
        (3, "general", {MAIN: "0"}),
        (2, "nothing", {}),
        (1, "wrong", {MAIN: "7"}),
        (1, "leaves", {}),
    )
    _, name, keys = random.choices(choices, [weight for weight, _, _ in choices])[0]
    leaves = random.uniform(0.5, 6) if name == "leaves" else None
    return Errand(name, keys, patience, elsewhere, talk, told=name == "notice", leaves_menu=leaves)


class Visit:
    """One call. `voice`: the caller's label."""

    def __init__(
        self,
        number: str,
        voice: str,
        errand: Errand,
        random: Random,
        site: Site,
        voices: Voices,
        moments: Moments,
        ledger: Ledger,
    ) -> None:
        self.number, self.voice, self.errand = number, voice, errand
        self.story = Story(ledger)
        self.call: OutgoingCall | None = None
        self.hearing: Hearing | None = None
        self.answered = False
        self.taken = False
        """Asterisk ended, and the call with it."""
        self.barely_talked = False
        """When Asterisk ended, the talk was so new that the service may have had no link since its beginning."""
        self.left_at: float | None = None
        """When the caller hung up, by the loop's clock."""
        self.calmed = False
        """The storm is over: the caller gives up no more."""
        self._random, self._site, self._voices, self._moments, self._ledger = random, site, voices, moments, ledger
        self._loop = asyncio.get_running_loop()
        self._talk_since: float | None = None
        self._waits_since: float | None = None
        self._began = self._loop.time()
        self._interruptions = 0
        self._went_elsewhere = False

    def take(self) -> None:
        """Asterisk ends, and the call with it."""
        self.taken = True
        self.barely_talked = self._talk_since is not None and self._loop.time() - self._talk_since < UNNOTICED

    @property
    def talks(self) -> bool:
        return self._talk_since is not None

    async def run(self) -> None:
        began = time.time()
        self.story.tell(f"{self.number} dials ({self.errand.name}), voice {self._voices.voice(self.voice)} Hz")
        async with self._site.citizen(self.number) as phone:
            self._moments.note(Moment.GREETING)
            self.call = call = await phone.place("12319")
            self.hearing = Hearing(call, self._voices, lambda label: self.story.tell(f"hears {label}"))
            try:
                await call.answered(ANSWER)
            except (CallFailed, Late) as error:
                if self.taken or self._site.was_asterisk_away(began, time.time()):
                    self._ledger.count("calls that Asterisk's end took")
                else:
                    self._lose("not answered", str(error).partition("\n")[0])
                return
            self.answered = True
            self._ledger.count("calls")
            self.story.tell("is answered")
            call.send_tone(self._voices.voice(self.voice))
            await self._through(call, self.hearing)

    async def _through(self, call: Call, hearing: Hearing) -> None:
        ended = asyncio.ensure_future(call.ended(LONGEST))
        try:
            while not ended.done():
                news = asyncio.ensure_future(hearing.news.get())
                await asyncio.wait({news, ended}, timeout=self._until_next_act(), return_when=asyncio.FIRST_COMPLETED)
                if news.done():
                    await self._heard(news.result(), call)
                else:
                    news.cancel()
                await self._act(call)
        finally:
            ended.cancel()
        if call.ending is None:
            self._lose("call without end", f"it goes on after {LONGEST:.0f} s")
            await call.hang_up()
        self._judge(call, hearing)

    def _until_next_act(self) -> float:
        times = [when for when, _ in self._plans()]
        return max(0.0, min(times) - self._loop.time()) if times else PATIENCE

    def _plans(self) -> list[tuple[float, str]]:
        """When the caller hangs up or presses 0, and why."""
        errand = self.errand
        if self._talk_since is not None:
            return [] if errand.talk is None else [(self._talk_since + errand.talk, "has said all")]
        plans = [(self._began + PATIENCE, "")]
        if errand.leaves_menu is not None and self._waits_since is None:
            plans.append((self._began + errand.leaves_menu, "leaves the menu"))
        if errand.elsewhere is not None and self._waits_since is not None and not self._went_elsewhere:
            plans.append((self._waits_since + errand.elsewhere, ELSEWHERE))
        if errand.patience is not None and self._waits_since is not None and not self.calmed:
            plans.append((self._waits_since + errand.patience, "gives up"))
        return plans

    async def _act(self, call: Call) -> None:
        now = self._loop.time()
        due = min((plan for plan in self._plans() if plan[0] <= now), default=None)
        if due is None or not call.up:
            return
        if not due[1]:
            self._lose("never answered", f"no agent in {PATIENCE:.0f} s")
        if due[1] == ELSEWHERE:
            self._went_elsewhere = True
            await self._press(call, "0")
        else:
            await self._hang_up(call, due[1] or "is lost")

    def leave(self) -> None:
        """Make the caller hang up now, if in a call."""
        if self.hearing is not None:
            self.hearing.news.put_nowait(LEAVE)

    async def _hang_up(self, call: Call, why: str) -> None:
        if not call.up:
            return
        self.story.tell(f"hangs up: {why}")
        self.left_at = self._loop.time()
        self._ledger.count("callers who " + ("talked and hung up" if self.talks else "gave up"))
        self._moments.note(Moment.OVER)
        await call.hang_up()

    async def _press(self, call: Call, key: str) -> None:
        if call.up:
            self.story.tell(f"presses {key}")
            self._moments.note(Moment.MENU)
            with suppress(SessionOver, ValueError):  # the call may end meanwhile; that is judged later
                await call.press(key)

    async def _heard(self, label: str, call: Call) -> None:
        if label == LEAVE:
            await self._hang_up(call, "is asked to")
        elif label in self.errand.keys:
            await asyncio.sleep(self._random.uniform(0.1, 1.2))
            if not self.talks:
                await self._press(call, self.errand.keys[label])
        elif label.startswith(f"{SAID}service-apology"):
            if self._waits_since is not None:
                self._lose("menus again", "after the wait in a queue")
            self._interruptions += 1
            if self._interruptions <= INTERRUPTIONS:
                self._began = self._loop.time()  # the menus begin again, with new patience
        elif label.startswith(PLEASE_HOLD):
            self._waits_since = self._waits_since or self._loop.time()
            self._moments.note(Moment.WAITING)
        elif label.startswith((f"{SAID}queue-", f"{SAID}estimate")):
            self._moments.note(Moment.ANNOUNCED)
        elif label.startswith(AGENT):
            if self._talk_since is None:
                self._talk_since = self._loop.time()
                self._ledger.count("conversations")
            self._moments.note(Moment.TALKING)
        elif label.startswith(CALLER):
            self._lose("hears another caller", label)

    def _judge(self, call: Call, hearing: Hearing) -> None:
        assert call.ending is not None
        agents = hearing.voices(AGENT) - {DUTY}
        if len(agents) > 1:
            self._lose("two agents", f"the caller heard {', '.join(sorted(agents))}")
        if hearing.beside > MOST_BESIDE:
            self._lose("music in the talk", f"{hearing.beside} packets of nobody came between the agent's")
        if self.taken:
            self._ledger.count("calls that Asterisk's end took")
            return
        if call.ending.by_us:
            return
        self.story.tell(f"is hung up on {call.ending.reason}")
        goodbye = min(hearing.ago(GOODBYE), hearing.ago(f"{GOODBYE}:en"))
        fallback = hearing.ago(DUTY)
        if min(goodbye, fallback) > PARTING:
            self._lose("dropped", "the call was ended without a goodbye")
        elif not self.talks and not self.errand.told:
            self._lose("sent away", "a goodbye without a talk")
        elif fallback < float("inf"):
            self._ledger.count("calls that went to the fallback")

    def _lose(self, what: str, why: str) -> None:
        self._ledger.lose(what, self.number, why, self.story)
