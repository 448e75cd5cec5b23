"""Histories drawn from a seed: one call each, that talks and is sent on; its phones write down what they saw.

Each history has a office of its own in the hotline, so that many go on side by side: two queues (`plain`, `everybody`)
of the same two agents, a queue `other` with one agent, a sub-hotline, two colleagues, and a phone that is never there.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import Any

import httpx

from lab.chaos.voices import Voices
from lab.patience import patience
from lab.phone import Call, CallFailed, IncomingCall, Phone, audio
from tests.integration.ear import Ear
from tests.integration.offices import OFFICES, ROLES, agent_id
from tests.integration.seen import Seen, SeenTalk, SeenTransfer, When
from tests.integration.world import World

_LOWEST, _STEP = 300, 25
"""Hertz: each phone has a voice of its own. No voice has a packet that another one has."""

_HELD_UP = 0.5
"""Seconds by which a BYE may come later than the silence. Asterisk handles the messages of all calls in 31 lines. An
attended transfer into a queue stops one of them for this long: `ast_answer` waits for the first audio of the Local
channel that joins the two bridges. The other calls of that line wait meanwhile; their audio does not.
"""


class History:
    """One call. `run` plays it; then `seen` is what its phones saw.

    `prompts` knows what callers are told; `service`: set while the service is there.
    """

    def __init__(self, hotline: World, seed: int, prompts: Voices, service: asyncio.Event) -> None:
        self.seed = seed
        self.caller = f"139{seed:08}"
        self._hotline, self._prompts, self._service = hotline, prompts, service
        self._random = Random(seed)
        self._office = seed % OFFICES
        self._clock = time.time() - asyncio.get_running_loop().time()
        self.seen = Seen(self._random.choice(("12319", "12320")))
        self._phones: dict[str, Phone] = {}
        self._ready: set[str] = set()
        self._dead: set[str] = set()
        self._pitches: dict[str, int] = {}
        self._voices: dict[bytes, str] = {}
        for index, who in enumerate(("caller", *ROLES[:-1])):
            pitch = self._pitches[who] = _LOWEST + _STEP * (self._office * len(ROLES) + index)
            self._voices |= dict.fromkeys(audio.tone(pitch), who)
        self._queue = ""  # to which the caller comes back if a transfer fails; "": to the menus
        self._who = ""  # the role that the caller talks with
        self._with: IncomingCall  # that phone's call
        self._done = False
        self._sending: list[asyncio.Task[None]] = []
        self.steps: list[str] = []

    def __str__(self) -> str:
        return f"seed {self.seed} ({', '.join(self.steps)})"

    def now(self) -> float:
        return self._clock + asyncio.get_running_loop().time()

    def _hears(self, frame: bytes) -> str:
        return self._voices.get(frame) or self._prompts.who(frame)

    def id(self, role: str) -> str:
        return agent_id(self._office, role)

    # -- the whole ---------------------------------------------------------------------------------------------------

    async def prepare(self) -> None:
        """All phones are there; agents are ready except the third."""
        phones = await asyncio.gather(*(self._hotline.agent_phone(self.id(role)) for role in ROLES if role != "nobody"))
        self._phones = dict(zip(ROLES, phones, strict=False))
        for role in ("first", "second"):
            await self._work(role)

    async def run(self) -> None:
        await self._come()
        moves = self._random.choice((0, 1, 1, 2, 2, 3))
        while not self._done:
            await self._for_a_while()
            if moves:
                moves -= 1
                await self._step(self._random.choice(self._moves()))
            else:
                await self._step(self._random.choice((self._caller_ends, self._agent_ends)))
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _step(self, step: Callable[[], Awaitable[None]]) -> None:
        self.steps.append(step.__name__.strip("_"))
        await step()

    def _moves(self) -> list[Callable[[], Awaitable[None]]]:
        moves: list[Callable[[], Awaitable[None]]] = [
            self._blind_to_a_colleague,
            self._blind_to_a_colleague_who_refuses,
            self._blind_to_nobody,
            self._blind_to_no_number,
            self._blind_to_a_colleague_and_the_caller_gives_up,
            self._joined_with_a_colleague,
            self._a_colleague_does_not_want_to,
        ]
        if self._who != "department" and "department" not in self._dead:
            moves += [self._blind_to_the_department, self._blind_to_the_department_which_refuses]
        if self._who not in ("first", "second", "third") or {"first", "second"} <= self._ready:
            moves += [self._phone_dies] if self._who != "third" and not self._dead else []
        if self._who != "third":
            moves += [self._blind_to_the_queue]
        if "third" not in self._ready:
            moves += [
                self._blind_to_the_queue_and_the_caller_gives_up,
                self._handed_over_to_the_queue,
                self._joined_with_an_agent_of_the_queue,
            ]
        return moves

    # -- the ways in and out -------------------------------------------------------------------------------------------

    async def _come(self) -> None:
        citizen = await self._hotline.citizen(self.caller)
        await self._there()
        self._call = await citizen.dial(self.seen.number)
        self._ear = Ear(self._call, self._hears, self.now)
        self._call.send_tone(self._pitches["caller"])
        await self._choose()

    async def _choose(self) -> None:
        """From the entry menu into a queue, and a talk."""
        kind = self._random.randrange(2)
        await self._call.hears_speech()
        await self._there()
        await self._call.press(f"{self._office // 10 * 2 + kind}{self._office % 10}")
        self._queue = f"{('plain', 'everybody')[kind]}-{self._office}"
        await self._served()

    async def _served(self) -> None:
        """Somebody of the queue picks up."""
        await self._meet(*await self._rings("first", "second", "colleague", "other_colleague", "third"))

    async def _caller_ends(self) -> None:
        sent = self.now()
        await self._call.hang_up()
        self._over(When(sent, self.now()), "caller")
        self._finish(self.seen.talks[-1].ended)
        await self._with.ended()

    async def _agent_ends(self) -> None:
        sent = self.now()
        await self._with.hang_up()
        self._over(When(sent, self.now()), "agent")
        await self._call.ended()
        ended = self.now()
        self._finish(When(max(self._ear.last, ended - _HELD_UP), ended))

    def _over(self, when: When, by: str) -> None:
        """The talk is over."""
        self.seen.talks[-1].ended, self.seen.talks[-1].ended_by = when, by

    def _finish(self, when: When | None) -> None:
        self.seen.ended, self.seen.outcome = when, "answered"
        self._done = True

    async def _gives_up(self) -> None:
        """The caller hangs up before anybody answers."""
        self._gone()
        sent = self.now()
        await self._call.hang_up()
        self._finish(When(sent, self.now()))
        self._settled("left", self.seen.ended)

    # -- talks --------------------------------------------------------------------------------------------------------

    async def _for_a_while(self) -> None:
        await asyncio.sleep(self._random.uniform(0.2, 1.5))  # how long people talk, or a phone rings

    async def _rings(self, *roles: str) -> tuple[str, IncomingCall]:
        """One of the phones that ring, after some ringing."""
        async with patience(f"a ring for {self.caller} at {' or '.join(roles)}"):
            while True:
                while not self._ringing(roles):
                    await self._any_call(roles)
                for call in self._ringing(roles).values():
                    with suppress(CallFailed):
                        await call.ring()
                await self._for_a_while()
                if ringing := self._ringing(roles):
                    role = self._random.choice(tuple(ringing))
                    return role, ringing[role]

    async def _any_call(self, roles: tuple[str, ...]) -> None:
        """Until one of these phones gets a call."""
        coming = [asyncio.ensure_future(self._phones[role].incoming()) for role in roles]
        try:
            await asyncio.wait(coming, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in coming:
                one.cancel()
            await asyncio.gather(*coming, return_exceptions=True)

    def _ringing(self, roles: tuple[str, ...]) -> dict[str, IncomingCall]:
        """These phones ring for our caller: the call at each, by role."""
        return {
            role: call
            for role in roles
            for call in self._phones[role].calls
            if isinstance(call, IncomingCall)
            and call.began_at is None
            and not call.taken_back
            and call.caller_number == self.caller
        }

    async def _meet(self, role: str, call: IncomingCall, *, other: dict[str, str] | None = None) -> None:
        """This phone picks up. `other`: how it is told, if it is not an agent of the queue."""
        self._gone()
        self._ear.forget()
        picked_up = self.now()
        await call.answer()
        call.send_tone(self._pitches[role])
        await self._talk(role, call, Ear(call, self._hears, self.now), other, picked_up)

    async def _talk(self, role: str, call: IncomingCall, ear: Ear, other: dict[str, str] | None, since: float) -> None:
        """A talk begins, not before `since`: both hear each other."""
        one, two = await asyncio.gather(self._ear.hears(role), ear.hears("caller"))
        self._who, self._with = role, call
        began = When(since, max(one.first, two.first))
        queue = self._queue if other is None else None
        self.seen.talks.append(SeenTalk(other or {"agent": self.id(role)}, queue, began))
        self._settled("answered", began)

    # -- transfers --------------------------------------------------------------------------------------------------

    def _send(self, target: str, to: dict[str, str]) -> None:
        """The caller is sent on, blindly."""
        sent, agent = self.now(), self._who
        self._sending.append(asyncio.create_task(self._refer(self._with, target)))
        self.seen.transfers.append(SeenTransfer(When(sent, sent), self.id(agent), "blind", to))
        self._over(When(sent, sent), "agent")

    async def _refer(self, call: IncomingCall, target: str) -> None:
        with suppress(CallFailed):
            await call.blind_transfer(target)
        await call.hang_up()

    def _gone(self) -> None:
        """After a blind transfer: the caller heard the agent until then, and does not any more."""
        if self.seen.transfers and self.seen.transfers[-1].settled is None:
            last, talk = self.seen.transfers[-1], self.seen.talks[-1]
            if last.how == "blind":
                heard = self._ear.heard[self._who].last
                last.at = talk.ended = When(last.at.first, max(last.at.first, heard))

    def _settled(self, became: str, when: When | None) -> None:
        """The last transfer, if it was open, has become this."""
        if self.seen.transfers and self.seen.transfers[-1].settled is None:
            self.seen.transfers[-1].became, self.seen.transfers[-1].settled = became, when

    async def _failed(self, since: float, phrase: str = "transfer-failed") -> None:
        """The transfer has failed, not before `since`: the caller hears why."""
        heard = await self._ear.hears(phrase)
        self._gone()  # not before: the transfer may be held up, and the agent is heard until it is made
        self._settled("failed", When(since, heard.first))
        await self._call.hears_recording(self._hotline.clip(phrase))

    async def _comes_back(self) -> None:
        if self._queue:
            await self._served()
        else:
            await self._choose()

    async def _blind_to_a_colleague(self) -> None:
        role = await self._blindly_to_a_colleague()
        await self._meet(*await self._rings(role), other={"agent": self.id(role)})

    async def _blindly_to_a_colleague(self) -> str:
        await self._perhaps_a_break()
        role = self._colleague()
        self._send(self.id(role), {"agent": self.id(role)})
        return role

    async def _blind_to_a_colleague_who_refuses(self) -> None:
        role = await self._blindly_to_a_colleague()
        await self._failed(await self._refuse(role))
        await self._comes_back()

    async def _refuse(self, role: str) -> float:
        _, call = await self._rings(role)
        refused = self.now()
        await call.reject(self._random.choice((486, 603, 480, 404)))
        return refused

    async def _blind_to_a_colleague_and_the_caller_gives_up(self) -> None:
        await self._rings(await self._blindly_to_a_colleague())
        await self._gives_up()

    async def _blind_to_nobody(self) -> None:
        await self._perhaps_a_break()
        self._send(self.id("nobody"), {"agent": self.id("nobody")})
        await self._failed(self.seen.transfers[-1].at.first)
        await self._comes_back()

    async def _blind_to_no_number(self) -> None:
        """Refused: the talk goes on."""
        with suppress(CallFailed):
            await self._with.blind_transfer("110")
            raise AssertionError("a transfer to no number was accepted")

    async def _blind_to_the_queue(self) -> None:
        await self._perhaps_a_break()
        await self._work("third")
        self._blindly_to_the_queue()
        await self._meet(*await self._rings("third"))

    def _blindly_to_the_queue(self) -> None:
        self._queue = f"other-{self._office}"
        self._send(f"6{self._office:02}", {"queue": self._queue})

    async def _blind_to_the_queue_and_the_caller_gives_up(self) -> None:
        await self._there()
        self._blindly_to_the_queue()
        await self._hotline.see("calls", self._waits)  # who hangs up before leaves no trace of the transfer
        await self._for_a_while()
        await self._gives_up()

    def _waits(self, calls: Any) -> bool:
        return any(
            (call["caller"], call["queue"], call["state"]) == (self.caller, self._queue, "waiting") for call in calls
        )

    async def _blind_to_the_department(self) -> None:
        await self._blindly_to_the_department()
        self._queue = ""
        await self._meet(*await self._rings("department"), other={"sub_hotline": f"line-{self._office}"})

    async def _blindly_to_the_department(self) -> None:
        await self._perhaps_a_break()
        self._send(f"7{self._office:02}", {"sub_hotline": f"line-{self._office}"})

    async def _blind_to_the_department_which_refuses(self) -> None:
        await self._work("third")
        await self._blindly_to_the_department()
        await self._failed(await self._refuse("department"), "no-answer-apology")
        self._queue = f"other-{self._office}"
        await self._served()

    # -- consultations -------------------------------------------------------------------------------------------------

    async def _joined_with_a_colleague(self) -> None:
        await self._perhaps_a_break()
        role = self._colleague()
        await self._perhaps_hold()
        asking = await self._phones[self._who].place(self.id(role))
        asked = await self._asked(role)
        await asked.answer()
        await asking.answered()
        asked.send_tone(self._pitches[role])
        ear = Ear(asked, self._hears, self.now)
        await self._for_a_while()
        await self._join(asking, {"agent": self.id(role)})
        await self._talk(role, asked, ear, {"agent": self.id(role)}, self.seen.transfers[-1].at.first)

    async def _a_colleague_does_not_want_to(self) -> None:
        """The colleague declines the question: the talk goes on."""
        role = self._colleague()
        held = await self._perhaps_hold()
        asking = await self._phones[self._who].place(self.id(role))
        await (await self._asked(role)).reject(486)
        await asking.ended()
        if held:
            await self._with.unhold()

    async def _handed_over_to_the_queue(self) -> None:
        await self._perhaps_a_break()
        await self._perhaps_hold()
        asking = await self._ask_the_queue()
        self._queue = f"other-{self._office}"
        await self._join(asking, {"queue": self._queue})
        await self._work("third")
        await self._meet(*await self._rings("third"))

    async def _joined_with_an_agent_of_the_queue(self) -> None:
        await self._perhaps_a_break()
        await self._perhaps_hold()
        asking = await self._ask_the_queue()
        await self._work("third")
        asked = await self._asked("third")
        await asked.answer()
        asked.send_tone(self._pitches["third"])
        ear = Ear(asked, self._hears, self.now)
        asking.send_tone(self._pitches[self._who])
        await ear.hears(self._who)
        await self._for_a_while()
        await self._join(asking, {"agent": self.id("third")})
        await self._talk("third", asked, ear, {"agent": self.id("third")}, self.seen.transfers[-1].at.first)

    async def _ask_the_queue(self) -> Call:
        await self._there()
        asking = await self._phones[self._who].dial(f"6{self._office:02}")
        await self._for_a_while()
        return asking

    async def _asked(self, role: str) -> IncomingCall:
        """The colleague's phone rings for the agent."""
        while True:
            call = await self._phones[role].incoming()
            if call.ending is None and call.began_at is None and call.caller_number == self.id(self._who):
                await call.ring()
                await self._for_a_while()
                return call

    async def _join(self, asking: Call, to: dict[str, str]) -> None:
        await self._there()
        self._ear.forget()
        sent, agent, sending = self.now(), self.id(self._who), self._with
        await sending.attended_transfer(asking)
        when = When(sent, self.now())
        self._over(when, "agent")
        self.seen.transfers.append(SeenTransfer(when, agent, "consult", to))

    # -- phones that die --------------------------------------------------------------------------------------------

    async def _phone_dies(self) -> None:
        """The agent's phone dies: the caller hears why, and comes to somebody else."""
        role = self._who
        self._dead.add(role)
        self._ready.discard(role)
        if role == "department":
            await self._work("third")
        self._ear.forget()
        self._phones[role].die()
        phrase = "no-answer-apology" if role == "department" else "talk-broken"
        told = (await self._ear.hears(phrase)).first
        self._over(When(told, told), "system")
        await self._call.hears_recording(self._hotline.clip(phrase))
        if role == "department":
            self._queue = f"other-{self._office}"
        await self._comes_back()

    # -- small things -------------------------------------------------------------------------------------------------

    def _colleague(self) -> str:
        return self._random.choice(
            [role for role in ("colleague", "other_colleague") if role != self._who and role not in self._dead]
        )

    async def _there(self) -> None:
        async with patience("the service"):
            await self._service.wait()

    async def _perhaps_hold(self) -> bool:
        holds = self._random.random() < 0.5
        if holds:
            await self._with.hold()
        return holds

    async def _work(self, role: str) -> None:
        if role not in self._ready:
            self._ready.add(role)
            await self._be(role, "ready")

    async def _perhaps_a_break(self) -> None:
        """After this talk the agent takes a break, if there is another for the queue."""
        if {"first", "second"} <= self._ready and self._who in ("first", "second") and self._random.random() < 0.3:
            self._ready.remove(self._who)
            await self._be(self._who, "not-ready")
        await self._there()

    async def _be(self, role: str, state: str) -> None:
        """Ask for the agent's state, and ask again if the service stops in that moment."""
        while True:
            await self._there()
            with suppress(httpx.TransportError):
                await self._hotline.set_state(self.id(role), state)
                return
