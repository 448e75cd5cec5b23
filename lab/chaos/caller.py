"""A caller: wishes, behaviour, and whether the hotline treated the caller correctly."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import inf
from random import Random

from lab.chaos.hearing import Hearing
from lab.chaos.ledger import Ledger, Story
from lab.chaos.moments import Moments
from lab.chaos.schedule import Moment
from lab.chaos.site import Site
from lab.chaos.views import Sent
from lab.chaos.voices import AGENT, CALLER, SAID, Voices
from lab.phone import Call, CallFailed, IncomingCall, Late, Phone, SessionOver

MAIN, MORE, ENGLISH = f"{SAID}menu:main", f"{SAID}menu:more", f"{SAID}menu:main:en"
GOODBYE, IN_QUEUE = f"{SAID}goodbye", (f"{SAID}please-hold", f"{SAID}nobody-there")
DUTY = f"{AGENT}2200"
PROMISED, ASKED = f"{SAID}callback-promised", f"{SAID}callback-ask"
CONFIRM = f"{SAID}callback-confirm"
CALLBACK_KEY = "9"
"""By which the callers of this load ask to be called back."""

LEAVE = "leave"
ELSEWHERE = "asks for another queue"
ASKS = "asks to be called back"
DIES = "the phone dies"

PATIENCE = 150.0
"""Seconds after which an unanswered caller counts as lost: no queue of this load is ever so long."""

MOST_BESIDE = 25
"""Packets of 20 ms, in all, that may come from nobody between an agent's packets: where talks begin and end."""

INTERRUPTIONS = 2
"""How often the menus may begin again, with new patience, before the caller must reach a person."""

MOST_HANDOFFS = 2
"""How often a caller is sent on, or meets a phone that dies."""

LONGEST = (1 + INTERRUPTIONS + MOST_HANDOFFS) * PATIENCE + 60.0
"""Seconds within which every call must be over, its talk included."""

ANSWER = 60.0
"""Seconds within which a call must be answered, by the hotline or its fallback."""

UNNOTICED = 15.0
"""The most seconds without a link from the service to Asterisk in this storm, and a little more."""

GONE = 125.0
"""Seconds after which the call of a citizen's phone that has died must be over: the refresh of its session, twice."""

PARTING = 18.0
"""Seconds from the last sound of a goodbye or of the fallback to the call's end: the service may be frozen then."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A caller's plan. `keys`: pressed at each menu; without any the caller waits for a person. `patience`: seconds in
    a queue until the caller gives up; `elsewhere`: until the caller presses 0, which leads to another queue or nowhere;
    `asks`: until the caller asks to be called back, where the queue does that;
    `talk`: seconds of talk until the caller hangs up; None: the agent does. `told`: a goodbye without a talk is right.
    `muted`: no audio comes from the caller's phone. `dies`: seconds after the answer until it dies.
    """

    name: str
    keys: Mapping[str, str] = field(default_factory=dict)
    patience: float | None = None
    elsewhere: float | None = None
    talk: float | None = None
    told: bool = False
    leaves_menu: float | None = None
    muted: bool = False
    dies: float | None = None
    asks: float | None = None


class Reply(StrEnum):
    """What a citizen does who is called back."""

    CONFIRMS = "citizens called back who pressed 1"
    DECLINES = "citizens called back who declined"
    RINGS_ON = "citizens called back who let it ring"
    MAILBOX = "mailboxes called back"
    HANGS_UP = "citizens called back who answered and hung up"


def reply(random: Random) -> Reply:
    return random.choices(list(Reply), (6, 1, 1, 1, 1))[0]


def called_back(random: Random) -> Errand:
    """The errand of a citizen who is called back and presses 1."""
    patience = random.choice((None, None, None, random.uniform(1, 12)))
    keys = {ASKED: "1", f"{ASKED}:en": "1"}
    return Errand("called back", keys, patience, talk=random.choice((None, random.uniform(2, 8))))


def draw(random: Random, own: Random) -> Errand:
    """The errand of the next caller. `own` draws who asks to be called back, `random` all else."""
    return replace(_drawn(random), asks=own.choice((None, None, own.uniform(0.2, 5))))


def asking(random: Random) -> Errand:
    """The errand of a caller who comes to be called back."""
    return Errand("asks", {MAIN: random.choice("10")}, asks=random.uniform(0.2, 3))


def _drawn(random: Random) -> Errand:
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
    muted, dies = random.random() < 0.06, random.uniform(1, 25) if random.random() < 0.02 else None
    return Errand(name, keys, patience, elsewhere, talk, name == "notice", leaves, muted, dies)


class Visit:
    """One call. `voice`: the caller's label. `meet` tells an agent's phone that a muted caller hears it."""

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
        meet: Callable[[str, str], None],
    ) -> None:
        self.number, self.voice, self.errand = number, voice, errand
        self.story = Story(ledger)
        self.call: Call | None = None
        self.hearing: Hearing | None = None
        self.answered = False
        self.taken = False
        self.taken_at = inf
        """Asterisk ended, and the call with it."""
        self.barely_talked = False
        """When Asterisk ended, the talk was so new that the service may have had no link since its beginning."""
        self.left_at: float | None = None
        """When the caller hung up, by the loop's clock."""
        self.died_at: float | None = None
        """When the caller's phone died, in seconds of the epoch."""
        self.handoffs = 0
        """How often an agent has sent the caller on, or was lost in the talk."""
        self.sent: list[Sent] = []
        self.calmed = False
        """The storm is over: the caller gives up no more."""
        self.asked = False
        """The caller has asked to be called back."""
        self.promised = False
        """The caller has heard that this will be done."""
        self.confirmed = False
        """The citizen was called back, and has pressed 1."""
        self._random, self._site, self._voices, self._moments, self._ledger = random, site, voices, moments, ledger
        self._meet = meet
        self._loop = asyncio.get_running_loop()
        self._talk_since: float | None = None
        self._waits_since: float | None = None
        self._began = self._loop.time()
        self._interruptions = 0
        self._went_elsewhere = False

    def take(self) -> None:
        """Asterisk ends, and the call with it."""
        self.taken, self.taken_at = True, time.time()
        self.barely_talked = self._talk_since is not None and self._loop.time() - self._talk_since < UNNOTICED

    @property
    def talks(self) -> bool:
        return self._talk_since is not None

    # -- told by agents

    def met(self, label: str) -> None:
        """An agent whose phone is muted hears the caller."""
        if self.hearing is not None:
            self.hearing.news.put_nowait(label)

    def heard_last(self, label: str) -> bool:
        """Whether the caller, who talks with nobody now, has heard this agent last."""
        return self.hearing is not None and not self.talks and self.hearing.last == label

    def owed(self, why: str, *, menus: bool = False) -> None:
        """The talk is over, and the caller must reach somebody else. `menus`: they begin again."""
        self.story.tell(why)
        self.handoffs += 1
        self._talk_since = None
        self._began = self._loop.time()
        self._waits_since = None if menus else self._began
        if menus:
            self._interruptions = 0

    def stays(self, why: str) -> None:
        """The agent could not send the caller on: they talk on."""
        self.story.tell(why)
        self.handoffs -= 1
        self._talk_since = self._loop.time()

    # -- the call

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
            self._speak(call)
            await self._through(call, self.hearing, phone)

    async def is_rung(self, rings: IncomingCall, does: Reply) -> None:
        """The citizen is called back."""
        self.call = rings
        self.story.tell(f"{self.number} is called back: {does}")
        self._ledger.count(does)
        self._moments.note(Moment.CITIZEN)
        try:
            await rings.ring()
            if does is Reply.RINGS_ON:
                await rings.ended(60)
                return
            over = asyncio.ensure_future(rings.ended())
            await asyncio.wait({over}, timeout=self._random.uniform(0, 3))
            over.cancel()
            if does is Reply.DECLINES:
                await rings.reject(self._random.choice((486, 603)))
                return
            await rings.answer()
            self.answered = True
            self._moments.note(Moment.CITIZEN)
            self.hearing = Hearing(rings, self._voices, lambda label: self.story.tell(f"hears {label}"))
            self._speak(rings)
            if does is Reply.CONFIRMS:
                await self._through(rings, self.hearing, None)
            elif does is Reply.HANGS_UP:
                await asyncio.sleep(self._random.uniform(0, 4))
                await rings.hang_up()
            else:
                await rings.ended(60)
        except CallFailed:
            self.story.tell("it was cancelled")
        except Late:
            self._lose("call without end", "the citizen's phone rings or is asked for 60 s")
            rings.drop()

    def _speak(self, call: Call) -> None:
        if self.errand.muted:
            self._ledger.count("callers' phones that were muted")
            call.send_nothing()
        else:
            call.send_tone(self._voices.voice(self.voice))
        self._began = self._answered_at = self._loop.time()

    async def _through(self, call: Call, hearing: Hearing, phone: Phone | None) -> None:
        ended = asyncio.ensure_future(call.ended(LONGEST))
        try:
            while not ended.done():
                news = asyncio.ensure_future(hearing.news.get())
                await asyncio.wait({news, ended}, timeout=self._until_next_act(), return_when=asyncio.FIRST_COMPLETED)
                if news.done():
                    await self._heard(news.result(), call)
                else:
                    news.cancel()
                await self._act(call, phone)
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
        plans = []
        if errand.dies is not None and not self.calmed:
            plans.append((self._answered_at + errand.dies, DIES))
        if self._talk_since is not None:
            return plans if errand.talk is None else [*plans, (self._talk_since + errand.talk, "has said all")]
        plans.append((self._began + PATIENCE, ""))
        if self.promised:
            return plans
        if errand.asks is not None and self._waits_since is not None and not self.asked and not self.handoffs:
            plans.append((self._waits_since + errand.asks, ASKS))
        if errand.leaves_menu is not None and self._waits_since is None:
            plans.append((self._began + errand.leaves_menu, "leaves the menu"))
        if errand.elsewhere is not None and self._waits_since is not None and not self._went_elsewhere:
            plans.append((self._waits_since + errand.elsewhere, ELSEWHERE))
        if errand.patience is not None and self._waits_since is not None and not self.calmed:
            plans.append((self._waits_since + errand.patience, "gives up"))
        return plans

    async def _act(self, call: Call, phone: Phone | None) -> None:
        now = self._loop.time()
        due = min((plan for plan in self._plans() if plan[0] <= now), default=None)
        if due is None or not call.up:
            return
        if not due[1]:
            self._lose("never answered", f"no agent in {PATIENCE:.0f} s")
        if due[1] == DIES and phone is not None:
            self.story.tell(DIES)
            self._ledger.count("callers' phones that died")
            self.died_at = time.time()
            phone.die()
            call.drop()
        elif due[1] == ELSEWHERE:
            self._went_elsewhere = True
            await self._press(call, "0")
        elif due[1] == ASKS:
            self.asked = True
            self._ledger.count("callers who asked to be called back")
            self._moments.note(Moment.PROMISED)
            await self._press(call, CALLBACK_KEY)
            await asyncio.sleep(self._random.uniform(0.3, 1.2))
            if not self.talks:
                await self._press(call, "1")  # the number that is read out; later an agent would have answered
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
            if label.startswith(ASKED):
                self.confirmed = True
                self._moments.note(Moment.CONFIRMED)
            if not self.talks:
                await self._press(call, self.errand.keys[label])
        elif label.startswith(f"{SAID}service-apology"):
            if self._waits_since is not None and not self._sent_unseen():
                self._lose("menus again", "after the wait in a queue")
            self._interruptions += 1
            if self._interruptions <= INTERRUPTIONS:
                self._began = self._loop.time()  # the menus begin again, with new patience
        elif label.startswith(CONFIRM):
            if not self.talks:
                await self._press(call, "1")
        elif label.startswith(PROMISED):
            self.promised = True
            self._moments.note(Moment.PROMISED)
            self._ledger.count("callbacks promised")
        elif label.startswith(IN_QUEUE):
            self._waits_since = self._waits_since or self._loop.time()
            self._moments.note(Moment.WAITING)
        elif label.startswith((f"{SAID}queue-", f"{SAID}estimate")):
            self._moments.note(Moment.ANNOUNCED)
        elif label.startswith(AGENT):
            if self._talk_since is None:
                self._talk_since = self._loop.time()
                self._ledger.count("conversations")
            self._moments.note(Moment.TALKING)
            if self.errand.muted:
                self._meet(label, self.voice)
        elif label.startswith(CALLER):
            self._lose("hears another caller", label)

    def _judge(self, call: Call, hearing: Hearing) -> None:
        assert call.ending is not None
        agents = hearing.agents(DUTY)
        if max(len(agents), len(hearing.voices(AGENT) - {DUTY})) > 1 + self.handoffs:
            self._lose("two agents", f"the caller heard {', '.join(agents)}, and was sent on {self.handoffs} times")
        if hearing.beside > MOST_BESIDE:
            self._lose("music in the talk", f"{hearing.beside} packets of nobody came between the agent's")
        if self.taken:
            self._ledger.count("calls that Asterisk's end took")
            return
        if call.ending.by_us:  # the caller has hung up, or the phone has died
            return
        self.story.tell(f"is hung up on {call.ending.reason}")
        goodbye = min(hearing.ago(GOODBYE), hearing.ago(f"{GOODBYE}:en"))
        fallback = hearing.ago(DUTY)
        if min(goodbye, fallback) > PARTING:
            self._lose("dropped", "the call was ended without a goodbye")
        elif not self.talks and self.asked and not hearing.voices(AGENT):  # nobody answered while the keys were pressed
            self.promised = True  # the journal must have it, though the caller may have heard the goodbye alone
        elif not self.talks and self._sent_unseen():
            self._ledger.count("callers handed over to a queue while nobody saw it: the goodbye")
        elif not self.talks and not self.errand.told:
            self._lose("sent away", "a goodbye without a talk")
        elif fallback < float("inf"):
            self._ledger.count("calls that went to the fallback")

    def _sent_unseen(self) -> bool:
        """Whether the caller was handed over to a queue last while nobody saw it: what they waited for goes on anew."""
        return any(map(self._ledger.views.queue_unseen, self.sent[-1:]))

    def _lose(self, what: str, why: str) -> None:
        self._ledger.lose(what, self.number, why, self.story)
