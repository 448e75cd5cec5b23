"""The load: agents at work, callers who come again and again, and a check that no agent is stuck."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any

from lab.chaos.agent import BREAK, Agent, Find
from lab.chaos.caller import GONE, LONGEST, MAIN, Errand, Reply, Visit, asking, called_back, draw, reply
from lab.chaos.conduct import ABSENT, COLLEAGUES
from lab.chaos.ledger import Ledger
from lab.chaos.moments import Moments
from lab.chaos.site import Site
from lab.chaos.views import REFRESH
from lab.chaos.voices import AGENT, CALLER, Voices
from lab.phone import IncomingCall

DEPARTMENTS = ("2200", "2201", *COLLEAGUES)
"""The fallback's agent, a sub-hotline, and colleagues: never signed in, but rung."""

STUCK = 20.0
"""Seconds for which an agent without a call may count as ringing or in a call, while the service is up."""

LOOKS = 1.0
"""Seconds between two looks at the agents."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many agents and callers; a caller calls again at most `pause` seconds after the last call. `all_ask`: all
    callers come to be called back.
    """

    agents: int = 12
    callers: int = 34
    pause: float = 6.0
    all_ask: bool = False


class Load:
    """Agents and callers: `begin` starts them, `end` lets all calls come to their end."""

    def __init__(self, site: Site, voices: Voices, moments: Moments, ledger: Ledger, size: Size, seed: int) -> None:
        self.visits: list[Visit] = []
        """All calls ever placed, and those to citizens who answered or were to."""
        self.rung: Counter[str] = Counter()
        """How often each citizen's phone was rung, by number."""
        self._rings: Counter[str] = Counter()  # the same, of the calls that are not over
        self._site, self._voices, self._moments, self._ledger = site, voices, moments, ledger
        self._size, self._seed = size, seed
        self._speaking: dict[str, Visit] = {}
        self._by_number: dict[str, Visit] = {}
        self._find = Find(self._speaking.get, self._by_number.get)
        self._calm = asyncio.Event()
        ids = [agent_id for agent_id in sorted(site.hotline.agents) if agent_id not in DEPARTMENTS]
        self.agents = [self._agent(agent_id) for agent_id in ids[: size.agents]]
        self._departments = [self._agent(agent_id) for agent_id in DEPARTMENTS if agent_id != ABSENT]
        self._by_label = {AGENT + agent.id: agent for agent in (*self.agents, *self._departments)}
        for agent in (*self.agents, *self._departments):
            voices.voice(AGENT + agent.id)
        self._working: list[asyncio.Task[None]] = []
        self._idle_since: dict[str, float] = {}

    def _agent(self, agent_id: str) -> Agent:
        random = Random(f"{self._seed}/{agent_id}")
        asides = Random(f"{self._seed}/{agent_id}/http")
        return Agent(agent_id, random, asides, self._site, self._voices, self._moments, self._ledger, self._find)

    def _meet(self, label: str, voice: str) -> None:
        if agent := self._by_label.get(label):
            agent.met(voice)

    # -- while it storms ---------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Start all agents and callers."""
        self._working = [asyncio.create_task(agent.work()) for agent in self.agents]
        self._working += [asyncio.create_task(agent.work(ready=False)) for agent in self._departments]
        self._working += [asyncio.create_task(self._look_after()), asyncio.create_task(self._ring_citizens())]
        self._callers = [asyncio.create_task(self._slot(number)) for number in range(self._size.callers)]

    async def end(self) -> None:
        """Place no more calls; serve the live ones to their end."""
        self._calm.set()
        for visit in self._live():
            visit.calmed = True
        done, pending = await asyncio.wait(self._callers, timeout=300)
        for task in pending:
            task.cancel()
        for task in done:
            task.result()
        if pending:
            self._ledger.lose("calls without end", "load", f"{len(pending)} callers are still there")

    async def close(self) -> None:
        for task in (*self._working, *getattr(self, "_callers", ())):
            task.cancel()
        if self._working:
            for result in await asyncio.gather(*self._working, *self._callers, return_exceptions=True):
                if isinstance(result, Exception):
                    raise result

    def why_stopped(self) -> BaseException | None:
        """The error that ended one of the phones; None: all still work, as they must."""
        for task in self._working:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                return error
        return None

    def _live(self) -> list[Visit]:
        return [visit for visit in self._speaking.values() if visit.call is None or visit.call.ending is None]

    async def _slot(self, number: int) -> None:
        random, own = Random(f"{self._seed}/caller {number}"), Random(f"{self._seed}/caller {number}/callbacks")
        turn = 0
        await asyncio.sleep(random.uniform(0, 5))
        while not self._calm.is_set():
            await self._site.asterisk_up.wait()
            errand = asking(random) if self._size.all_ask else draw(random, own)
            visit = await self._visit(f"13{number:03d}{turn:06d}", f"{CALLER}{number}", errand, random)
            if visit.asked:
                await self._until_called_back(visit.number)
            turn += 1
            # a voice must be silent everywhere before the next caller gets it
            await asyncio.sleep(max(1.5, random.uniform(0, self._size.pause)))

    async def _visit(self, number: str, voice: str, errand: Errand, random: Random) -> Visit:
        visit = self._new(number, voice, errand, random)
        await visit.run()
        return visit

    def _new(self, number: str, voice: str, errand: Errand, random: Random) -> Visit:
        visit = Visit(number, voice, errand, random, self._site, self._voices, self._moments, self._ledger, self._meet)
        self._speaking[voice] = self._by_number[number] = visit
        self.visits.append(visit)
        return visit

    # -- citizens who are called back --------------------------------------------------------------------------------

    async def _ring_citizens(self) -> None:
        assert self._site.provider is not None
        async with asyncio.TaskGroup() as tasks:
            while True:
                tasks.create_task(self._rung(await self._site.provider.incoming(1_000_000)))

    async def _rung(self, rings: IncomingCall) -> None:
        number = rings.dialled
        before = self._by_number.get(number)
        self.rung[number] += 1
        if before is None or not before.asked or self._rings[number]:
            self._ledger.lose(
                "rung for nothing", number, "nobody owes it a call now", None if before is None else before.story
            )
            await rings.reject()
        else:
            self._rings[number] += 1
            if before.call is not None and before.call.ending is None:
                self._ledger.count("citizens called back before they had hung up: answered later")
                await before.call.ended(LONGEST)
            random = Random(f"{self._seed}/{number}/{self.rung[number]}")
            visit = self._new(number, before.voice, called_back(random), random)
            visit.story, visit.asked, visit.calmed = before.story, True, self._calm.is_set()
            await visit.is_rung(rings, Reply.CONFIRMS if visit.calmed else reply(random))
            self._rings[number] -= 1

    async def _until_called_back(self, number: str) -> None:
        """Wait until nobody owes this citizen a call any more, and the last one is over."""
        while True:
            owed = await self._site.get("callbacks?limit=500")
            if owed is not None and not self._rings[number] and all(each["number"] != number for each in owed):
                return
            await asyncio.sleep(LOOKS)

    def asterisk_ends(self) -> None:
        """Asterisk is killed or begins to stop: every call ends with it."""
        for visit in self._live():
            visit.take()

    def asterisk_ended(self) -> None:
        """Asterisk has ended: drop the phones' calls, because nothing tells the phones."""
        for visit in self._live():
            if visit.taken and visit.call is not None:
                visit.call.drop()
        phones = [agent.phone for agent in (*self.agents, *self._departments)]
        for phone in phones if self._site.provider is None else (*phones, self._site.provider):
            for call in phone.calls:
                call.drop()

    # -- agents ------------------------------------------------------------------------------------------------------

    async def _look_after(self) -> None:
        """Make agents ready again who missed a ring: the rules make them not ready. All others must be in order."""
        while True:
            await asyncio.sleep(LOOKS)
            views = await self._site.get("agents") if self._site.up.is_set() else None
            if views is None:
                self._idle_since.clear()
                continue
            by_id = {view["id"]: view for view in views}
            for agent in self.agents:
                await self._look_at(agent, by_id[agent.id])

    async def _look_at(self, agent: Agent, view: Any) -> None:
        now = asyncio.get_running_loop().time()
        if view["state"] == "not-ready" and view["reason"] == "rona" and not agent.on_break:
            self._ledger.count("agents who missed a ring and came back")
            await self._site.set_state(agent.id, "ready")
        wrong = self._wrong(agent, view)
        if not wrong:
            self._idle_since.pop(agent.id, None)
            return
        since = self._idle_since.setdefault(agent.id, now)
        if now - since > STUCK:
            self._ledger.lose("agent stuck", agent.id, f"{wrong} for {STUCK:.0f} s: {view}", agent.story)
            self._idle_since[agent.id] = now + 3_600  # report it once

    def _wrong(self, agent: Agent, view: Any) -> str:
        state = view["state"]
        if agent.dead or self._lingers(agent):  # how long it counts as talking is compared with the story
            return ""
        if state in ("ringing", "on-call") and not agent.phone.calls:
            return f"{state} without a call"
        if state == "logged-out":
            return "signed out"
        if state == "not-ready" and not agent.on_break and view["reason"] == BREAK:
            return "on a break that is over"
        if state == "ready" and agent.on_break:
            return "ready on a break"
        if state == "ready" and view["phone"] != "free" and not agent.phone.calls and self._site.asterisk_up.is_set():
            return f"the phone counts as {view['phone']}"
        return ""

    def _lingers(self, agent: Agent) -> bool:
        talk = agent.last_death
        if talk is None or talk.ended is None or time.time() > talk.ended + REFRESH:
            return False
        return self._ledger.views.lingers(talk)

    # -- when it is over ---------------------------------------------------------------------------------------------

    async def at_rest(self, within: float) -> None:
        """No caller waits, every agent is ready, Asterisk has no channel; else a loss after `within` seconds, and not
        before the calls of dead phones must be over.
        """
        deaths = [visit.died_at - time.time() + GONE for visit in self.visits if visit.died_at is not None]
        deadline = asyncio.get_running_loop().time() + max(within, *deaths, 0)
        for agent in self.agents:
            agent.zealous = True
        while wrong := await self._unrest():
            if asyncio.get_running_loop().time() > deadline:
                for line in wrong:
                    self._ledger.lose("not at rest", "hotline", line)
                return
            await asyncio.sleep(0.5)

    async def _unrest(self) -> list[str]:
        agents, queues, channels = (
            await self._site.get("agents"),
            await self._site.get("queues"),
            await self._site.channels(),
        )
        calls, owed = await self._site.get("calls?limit=500"), await self._site.get("callbacks?limit=500")
        if agents is None or queues is None or calls is None or owed is None:
            return ["the service does not answer"]
        wrong = [
            f"agent {view['id']} is {view['state']} ({view['reason']}), phone {view['phone']}, call {view['call_id']}"
            for view in agents
            if view["id"] not in DEPARTMENTS
            and (view["state"] != "ready" or view["phone"] != "free")
            and view["id"] in {agent.id for agent in self.agents}
        ]
        wrong += [
            f"queue {queue['id']}: {queue['waiting']} wait, {queue['talking']} talk"
            for queue in queues
            if queue["waiting"] or queue["talking"]
        ]
        wrong += [
            f"call {call['id']} of {call['caller']} is {call['state']}" for call in calls if call["state"] != "ended"
        ]
        wrong += [f"the callback {each['id']} of {each['number']} is {each['state']}" for each in owed]
        wrong += [f"a channel in Asterisk: {line}" for line in channels.splitlines() if "!" in line]
        return wrong

    async def everybody_gets_a_call(self, within: float) -> None:
        """As many callers as agents call at once: each agent must get one."""
        before = {agent.id: agent.talks for agent in self.agents}
        errand = Errand("probe", {MAIN: "0"}, talk=within)
        tasks = [
            asyncio.create_task(self._visit(f"139{number:08d}", f"{CALLER}{number}", errand, Random(number)))
            for number in range(len(self.agents))
        ]
        deadline = asyncio.get_running_loop().time() + within
        while asyncio.get_running_loop().time() < deadline:
            idle = [agent for agent in self.agents if agent.talks == before[agent.id]]
            if not idle:
                break
            await asyncio.sleep(0.2)
        for agent in self.agents:
            if agent.talks == before[agent.id]:
                self._ledger.lose("agent gets no call", agent.id, f"in {within:.0f} s, while callers wait", agent.story)
        for visit in self.visits[-len(tasks) :]:
            visit.leave()
        await asyncio.gather(*tasks)
