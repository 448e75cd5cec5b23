"""Scenarios on a real Asterisk: people are SIP phones, and what they ask for goes over HTTP."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from lab.patience import until
from lab.phone import Call, CallFailed, IncomingCall, OutgoingCall, Phone
from tests.integration.conversations import hear_each_other
from tests.integration.world import World, kinds
from tests.scenarios.description import Agent, Fault, Scenario
from tests.scenarios.hotline import LINE, ROLES, agent_id, extension, number
from tests.scenarios.story import heard, in_words

_TONES = itertools.cycle(range(500, 1_500, 50))
"""Hertz. Each talk is heard by other ones, so that the end of one before it is not taken for it."""


async def _hear_each_other(one: Call, other: Call) -> None:
    await hear_each_other(one, other, one_says=next(_TONES), other_says=next(_TONES))


class RealCaller:
    """A citizen's phone. `known_as`: the number of the caller."""

    def __init__(self, hotline: World, place: int, known_as: str) -> None:
        self._hotline, self._place, self.known_as = hotline, place, known_as
        self.call: OutgoingCall
        self._id = ""
        self._heard = 0

    async def calls(self) -> None:
        phone = await self._hotline.citizen(self.known_as)
        self.call = await phone.dial(number(self._place))
        await self.call.hears_speech()

    async def presses(self, key: str) -> None:
        await self.call.press(key)

    async def hears(self, words: str) -> None:
        def found(told: Any) -> int:
            return heard(told["story"], words, self._heard)

        self._heard = found(await until(f"{words} for {self.known_as}", self.story, found))

    async def talks_with(self, agent: Agent) -> None:
        assert isinstance(agent, RealAgent)
        await _hear_each_other(self.call, agent.talk)

    async def waits(self) -> None:
        """AMI is the service's, and the service may be away: Asterisk itself is asked."""

        def held(channels: str) -> bool:
            return any(f"!{self.known_as}!" in line and "!BridgeWait!" in line for line in channels.splitlines())

        await until("a caller who waits", lambda: self._hotline.asterisk.command("core show channels concise"), held)
        await self.call.hears_speech()  # music: the agent is silent

    async def story_has(self, kind: str, times: int = 1) -> None:
        await until(f"{kind} for {self.known_as}", self.story, lambda told: kinds(told).count(kind) >= times)

    async def hangs_up(self) -> None:
        await self.call.hang_up()

    async def is_let_go(self) -> None:
        await self.call.ended()

    async def id(self) -> str:
        while not self._id:
            for call in await self._hotline.get(f"calls?caller={self.known_as}"):
                self._id = call["id"]
        return self._id

    async def story(self) -> Any:
        return await self._hotline.story(await self.id())

    async def whole_story(self) -> list[str]:
        """Of the call, once it has ended."""
        await self.story_has("call-finished")
        return in_words((await self.story())["story"])


class RealAgent:
    """An agent's phone. `talk`: its call, the newest one that it has answered."""

    def __init__(self, hotline: World, place: int, role: str) -> None:
        self._hotline, self._place, self.id = hotline, place, agent_id(place, role)
        self._phone: Phone | None = None
        self._ring: IncomingCall | None = None
        self._own: OutgoingCall
        self._sending: list[asyncio.Task[None]] = []
        self.talk: Call

    async def comes(self) -> None:
        if self._phone is None:
            self._phone = await self._hotline.agent_phone(self.id)
            await self._hotline.see_agent(self.id, phone="free")

    async def is_ready(self) -> None:
        await self.comes()
        await self.wants("ready")

    async def wants(self, state: str) -> None:
        await self._hotline.set_state(self.id, state)

    async def is_in(self, state: str) -> None:
        await self._hotline.see_agent(self.id, state=state)

    async def rings(self) -> None:
        await self._ringing()

    async def _ringing(self) -> IncomingCall:
        assert self._phone is not None, "this phone is not there"
        if self._ring is None:
            self._ring = await self._phone.incoming()
            await self._ring.ring()
        return self._ring

    async def answers(self) -> None:
        self.talk = await (await self._ringing()).answer()
        self._ring = None

    async def declines(self) -> None:
        await self._reject(603)

    async def is_busy(self) -> None:
        await self._reject(486)

    async def _reject(self, status: int) -> None:
        await (await self._ringing()).reject(status)
        self._ring = None

    async def does_not_answer(self) -> None:
        await self.rings()
        await self.rings_no_more()

    async def rings_no_more(self) -> None:
        assert self._ring is not None
        await self._ring.cancelled()
        self._ring = None

    async def hangs_up(self) -> None:
        await self.talk.hang_up()

    async def is_let_go(self) -> None:
        await self.talk.ended()

    async def sends_to(self, target: str, *, hasty: bool = False) -> None:
        sending = self._sends(self.talk, extension(self._place, target), hasty)
        self._sending.append(asyncio.create_task(sending))

    async def _sends(self, talk: Call, target: str, hasty: bool) -> None:
        with suppress(CallFailed):
            await talk.blind_transfer(target, hasty=hasty)
        await talk.hang_up()

    async def dials(self, target: str) -> None:
        assert self._phone is not None
        self._own = await self._phone.place(extension(self._place, target))
        if target not in ROLES:
            await self._own.answered()

    async def asks(self, other: Agent) -> None:
        assert isinstance(other, RealAgent)
        await self._own.answered()
        await _hear_each_other(self._own, other.talk)

    async def joins_both(self) -> None:
        await self.talk.attended_transfer(self._own)

    async def vanishes(self) -> None:
        assert self._phone is not None
        self._phone.die()

    async def leaves(self) -> None:
        """The scenario is over."""
        await asyncio.gather(*self._sending)
        if self._phone is not None:
            await self._hotline.set_state(self.id, "logged-out")


class Meeting:
    """Scenarios about the same fault come together, as what fails fails for all."""

    def __init__(self, hotline: World, fault: Fault, scenarios: int) -> None:
        self._hotline, self._fault = hotline, fault
        self._barrier = asyncio.Barrier(scenarios)

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        begins, ends = {
            Fault.RESTART: (self._hotline.stop_service, self._hotline.start_service),
            Fault.LINK: (self._link_breaks, self._link_is_back),
        }[self._fault]
        await self._all(begins)
        yield
        await self._all(ends)

    async def _all(self, do: Callable[[], Awaitable[None]]) -> None:
        if await self._barrier.wait() == 0:
            await do()
        await self._barrier.wait()

    async def given_up(self) -> None:
        """One of them has failed, and comes no more."""
        await self._barrier.abort()

    async def _link_breaks(self) -> None:
        await self._hotline.proxies.ami.refuse()
        self._hotline.proxies.ami.cut()
        await self._link(503)

    async def _link_is_back(self) -> None:
        await self._hotline.proxies.ami.listen()
        await self._link(200)

    async def _link(self, status: int) -> None:
        async def ready() -> int:
            return (await self._hotline.http.get("/readyz")).status_code

        await until(f"{status} from /readyz", ready, lambda found: found == status)


class RealStage:
    """One place of the hotline. `wave`: of the scenarios that have this place, which one it is."""

    def __init__(self, hotline: World, wave: int, place: int, meeting: Meeting) -> None:
        self._hotline, self._place, self._meeting = hotline, place, meeting
        self._numbers = (f"139{wave:02}{place:02}{caller:04}" for caller in itertools.count())
        self.callers: list[RealCaller] = []
        self._agents: dict[str, RealAgent] = {}
        self._emergency = ""

    def caller(self, name: str = "") -> RealCaller:
        self.callers.append(RealCaller(self._hotline, self._place, next(self._numbers)))
        return self.callers[-1]

    def agent(self, role: str) -> RealAgent:
        return self._agents.setdefault(role, RealAgent(self._hotline, self._place, role))

    def away(self) -> Any:
        return self._meeting.away()

    async def order(self, what: str) -> None:
        await self._post(what)

    async def send(self, to: str, how: str = "blind") -> None:
        await self._post("transfer", to=self._target(to), how=how)

    async def move(self, to: str) -> None:
        await self._post("move", to=self._target(to))

    def _target(self, to: str) -> dict[str, str]:
        if to in ROLES:
            return {"agent": agent_id(self._place, to)}
        return {"sub_hotline" if to == LINE else "queue": f"{to}-{self._place:02}"}

    async def _post(self, what: str, **body: Any) -> None:
        answer = await self._hotline.http.post(f"/api/v1/calls/{await self.callers[0].id()}/{what}", json=body or None)
        assert answer.status_code == 200, answer.text

    async def emergency(self) -> None:
        self._emergency = f"menu:main-{self._place:02}"
        message = {"where": self._emergency, "texts": {"zh": "今天停水"}, "draft": True}
        answer = await self._hotline.http.put("/api/v1/emergency", json=message)
        assert answer.status_code == 200, answer.text

    async def leave(self) -> None:
        await asyncio.gather(*(agent.leaves() for agent in self._agents.values()))
        if self._emergency:
            await self._hotline.http.delete("/api/v1/emergency", params={"where": self._emergency})


async def play(hotline: World, wave: int, scenarios: Sequence[Scenario]) -> list[str]:
    """All at the same time, each in a place of its own. Returns what is wrong, a text for each scenario that fails."""
    meeting = Meeting(hotline, scenarios[0].fault, len(scenarios))

    async def one(place: int, scenario: Scenario) -> str:
        stage = RealStage(hotline, wave, place, meeting)
        try:
            await scenario.play(stage)
            story = scenario.told(await stage.callers[0].whole_story())
            await stage.leave()
        except asyncio.BrokenBarrierError:
            return ""  # another one has given up, and says why
        except Exception as error:
            await meeting.given_up()
            told = in_words((await stage.callers[0].story())["story"]) if stage.callers else []
            return "\n    ".join((f"{scenario}: {error!r}", *told))
        if story != list(scenario.story):
            return "\n    ".join((f"{scenario}: the story is", *story, "and not", *scenario.story))
        return ""

    found = await asyncio.gather(*(one(place, scenario) for place, scenario in enumerate(scenarios)))
    await hotline.hang_up_phones()
    return [wrong for wrong in found if wrong]
