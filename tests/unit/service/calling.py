"""A hotline without Asterisk: callers, agents' legs and AMI played by hand, all else is real, on a fake clock.

Times are seconds. A prompt is named by its words, lasts `PROMPT`, and AMI tells `LAG` later than AGI unless a test
says otherwise.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from pydantic import SecretStr

from acd.effects import Effect
from acd.engine import Engine
from acd.events import Event, OfferFailure, StateRequested
from acd.records import Kind, Record
from agents.states import AgentState, PhoneState
from dialplan.agi import AgiReply, AgiRequest, Hangup
from dialplan.fastagi import AgiSession
from dialplan.link import AmiLink
from dialplan.telephony import Listener, Ring, Telephony
from hotline.loader import load
from hotline.model import Hotline
from service.call import Call, Exchange
from service.clock import Clock
from service.distributor import Distributor
from service.edition import Edition
from service.intake import Intake
from service.reception import Reception
from service.rehearsal import Rehearsals
from service.switchboard import Switchboard
from sounds.catalogue import Catalogue
from sounds.model import Speech, sayable
from tests.unit.faketime import settles

PROMPT = 2.0
LAG = 0.001
START = 1_700_000_000.0
SECRET = "s3cret-of-agi"

HOTLINE = """\
hotline: small
name: Small
numbers: ["12319"]
languages: [en]
timezone: Asia/Shanghai
greeting: Welcome
goodbye: Goodbye
entry: main
menus:
  main:
    say: Main menu
    keys:
      "1": {queue: trees}
      "2": {sub_hotline: bureau}
      "3": {say: News, then: {hangup: true}}
      "4": {queue: full}
      "0": {queue: general}
    no_input: {repeat: 1, then: {hangup: true}}
    invalid: {repeat: 1, then: {hangup: true}}
queues:
  trees:
    name: Trees
    extension: "6001"
    needs: {trees: 1}
    whisper: A tree
    wrap_up: 0s
    missed_offers: 3
    announce: {every: 30s, position: true, estimate: false}
    overflow: [{waited: 5m, then: {say: Too long, then: {queue: general}}}]
  full:
    name: Full
    needs: {trees: 1}
    overflow: [{nobody_signed_in: 0s, then: {queue: general}}]
  general: {name: General, needs: {general: 1}}
sub_hotlines:
  bureau: {name: Bureau, dial: "2201", failed: {menu: main}}
"""

AGENTS = """\
agents:
  - {id: "1001", name: One, skills: {trees: 3}}
  - {id: "1002", name: Two, skills: {trees: 3}}
  - {id: "2201", name: Bureau, skills: {general: 3}}
"""

HOLD = "We are connecting you to one of our staff. Please hold."
NEXT = "You are next in line."


@cache
def hotline() -> Hotline:
    with TemporaryDirectory() as folder:
        Path(folder, "hotline.yaml").write_text(HOTLINE, encoding="utf-8")
        Path(folder, "agents.yaml").write_text(AGENTS, encoding="utf-8")
        loaded = load(Path(folder))
    assert loaded.hotline is not None, "\n".join(map(str, loaded.problems))
    return loaded.hotline


class FakeCatalogue(Catalogue):
    """Every file is there, and its path is its words."""

    def __init__(self, languages: Iterable[str] = ("en",)) -> None:
        super().__init__(Path("/nowhere"), None, languages, "fake")

    def files(self, speech: Speech, language: str) -> list[str]:
        return [sayable(words) for _, words in self._tokens(speech, language)]


class Ears(Protocol):
    """What AMI tells of a caller."""

    def key_pressed(self, caller: str, key: str) -> None: ...
    def caller_held(self, caller: str) -> None: ...
    def caller_hung_up(self, caller: str) -> None: ...


class _Wire(asyncio.Transport):
    """Hands every AGI command to the caller's side."""

    def __init__(self, sent: Callable[[str, Sequence[str]], None]) -> None:
        super().__init__()
        self._sent = sent

    def write(self, data: bytes | bytearray | memoryview) -> None:
        line = bytes(data).decode()
        arguments = [re.sub(r"\\(.)", r"\1", found) for found in re.findall(r'"((?:\\.|[^"\\])*)"', line)]
        self._sent(line.split(' "')[0].strip(), arguments)

    def close(self) -> None:
        return


class FakeCaller:
    """Asterisk's side of one caller's channel. Answers AGI as ASTERISK.md says, and tells `ears` what AMI would.

    heard     prompts that began
    playing   the prompt that plays now
    held      he is in the holding bridge
    talking   a leg took him out of it, his EXEC BridgeWait still runs
    dialled   what he is put through to

    `headers`: what his request says otherwise, by its name without `agi_`; its first argument is the secret.
    """

    def __init__(self, ears: Ears | None = None, channel_id: str = "caller-1", **headers: str) -> None:
        self.id = channel_id
        self.channel = f"PJSIP/anonymous-{channel_id}"
        self.ears = ears
        self.lag = LAG
        self.heard: list[str] = []
        self.playing: str | None = None
        self.held = self.talking = self.hung_up = False
        self.dialled: str | None = None
        self.rings = False
        self.stops = 0
        self.deaf_to_stops = 0
        self.crash_at: str | None = None
        self.variables: dict[str, str] = {}
        self._escape = ""
        self._ending: asyncio.TimerHandle | None = None
        self.session = AgiSession(
            _Wire(self._command),
            AgiRequest(
                {
                    "agi_network_script": "call",
                    "agi_request": "agi://127.0.0.1/call",
                    "agi_channel": self.channel,
                    "agi_uniqueid": channel_id,
                    "agi_callerid": "13800138000",
                    "agi_extension": "12319",
                    "agi_arg_1": SECRET,
                    **{f"agi_{name}": value for name, value in headers.items()},
                }
            ),
        )

    # -- what he does --------------------------------------------------------------------------------------------

    def press(self, key: str, *, agi: bool = True, ami: bool = True) -> None:
        """A key, heard by AGI if a command listens, and by AMI."""
        if agi and self._escape and key in self._escape:
            self._ends(str(ord(key)))
        if ami:
            self._ami(lambda ears: ears.key_pressed(self.id, key))

    def hang_up(self) -> None:
        self.hung_up = True
        self.held = False
        self.session.received(Hangup())
        self._ami(lambda ears: ears.caller_hung_up(self.id))

    # -- what is done with him -----------------------------------------------------------------------------------

    def stop_prompt(self) -> bool:
        """AMI ControlPlayback."""
        self.stops += 1
        if self.deaf_to_stops:
            self.deaf_to_stops -= 1
        elif self.playing is not None:
            self._ends("0")
        return not self.hung_up

    def kick(self) -> bool:
        """AMI BridgeKick."""
        if not (self.held or self.talking):
            return False
        self._out("0")
        return True

    def taken_out(self) -> None:
        """An agent's leg runs Bridge(caller)."""
        assert self.held, "Bridge() on a caller who is not in the holding bridge kills his AGI session"
        self.held, self.talking = False, True

    def given_back(self) -> None:
        """The agent's leg is gone."""
        assert self.talking
        self._out("0")

    def sent_elsewhere(self) -> None:
        """A blind transfer by the agent's phone."""
        self._out("-1")

    def put_through_ends(self, status: str, cause: str, result: str = "0") -> None:
        assert self.dialled is not None
        self.dialled = None
        self.variables |= {"DIALSTATUS": status, "HANGUPCAUSE": cause}
        self._reply(result)

    def _out(self, result: str) -> None:
        self.held = self.talking = False
        self._reply(result)

    # -- AGI -----------------------------------------------------------------------------------------------------

    def _command(self, name: str, arguments: Sequence[str]) -> None:
        if self.crash_at == name:
            raise RuntimeError(f"{name} is where the test wants a crash")
        match name, arguments:
            case "STREAM FILE", [path, escape]:
                self.playing, self._escape = path, escape
                self.heard.append(path)
                self._ending = asyncio.get_running_loop().call_later(PROMPT, self._ends, "0")
            case "WAIT FOR DIGIT", [milliseconds]:
                self._escape = "0123456789*#"
                self._ending = asyncio.get_running_loop().call_later(int(milliseconds) / 1000, self._ends, "0")
            case "EXEC", ["BridgeWait", "acd,participant,m(default)"]:
                self.held = True
                self._ami(lambda ears: ears.caller_held(self.id))
            case "EXEC", ["Ringing", ""]:
                self.rings = True
                self._soon("0")
            case "EXEC", ["Dial", target]:
                self.dialled = target
            case "EXEC", ["MSet", pairs]:
                self.variables |= dict(pair.split("=", 1) for pair in pairs.split(","))
                self._soon("0")
            case "GET VARIABLE", [variable]:
                known = variable in self.variables
                self._soon("1" if known else "0", self.variables.get(variable, ""))
            case "ANSWER" | "CHANNEL STATUS", []:
                self._soon("0")
            case "HANGUP", []:
                self.hung_up = True
                self._soon("1")
            case unexpected:
                raise AssertionError(f"no such command in this fake: {unexpected}")

    def _ends(self, result: str) -> None:
        """The prompt, or the wait for a key."""
        assert self._ending is not None
        self._ending.cancel()
        self.playing, self._escape, self._ending = None, "", None
        self._reply(result)

    def _soon(self, result: str, data: str = "") -> None:
        asyncio.get_running_loop().call_soon(self._reply, result, data)

    def _reply(self, result: str, data: str = "") -> None:
        self.session.received(AgiReply(200, result, data))

    def _ami(self, tell: Callable[[Ears], None]) -> None:
        if self.ears is not None:
            asyncio.get_running_loop().call_later(self.lag, tell, self.ears)


class FakeLink(AmiLink):
    """Up or down as a test wants; nothing can be sent."""

    def __init__(self) -> None:
        super().__init__("nowhere", 0, "", "", on_event=print, on_up=print, on_down=print)
        self.is_up = True

    @property
    def up(self) -> bool:
        return self.is_up


class FakeTelephony(Telephony):
    """Does to the callers that it knows what AMI would, and keeps what rings. Its answers take `LAG`.

    rings    by offer, until `leg_ended`
    waiting  offers whose leg may not take the caller yet
    """

    def __init__(self, listener: Listener) -> None:
        self.link = FakeLink()
        super().__init__(self.link, listener)
        self.callers: dict[str, FakeCaller] = {}
        self.watched: set[str] = set()
        self.rings: dict[str, Ring] = {}
        self.waiting: set[str] = set()
        self.cancelled: list[str] = []
        self.let: list[str] = []
        self.kicks: list[str] = []
        self.cannot_ring: Exception | None = None

    def watch(self, caller: str) -> None:
        self.watched.add(caller)

    def forget(self, caller: str) -> None:
        self.watched.discard(caller)

    async def kick(self, channel: str) -> bool:
        self.kicks.append(channel)
        await asyncio.sleep(LAG)
        return self.callers[channel].kick()

    async def stop_prompt(self, channel: str) -> bool:
        await asyncio.sleep(LAG)
        return self.callers[channel].stop_prompt()

    def ring(self, ring: Ring) -> Coroutine[Any, Any, None]:
        if self.cannot_ring is not None:
            raise self.cannot_ring
        self.rings[ring.offer_id] = ring
        if not ring.held:
            self.waiting.add(ring.offer_id)
        return asyncio.sleep(LAG)

    def admit(self, caller: str) -> None:
        self.waiting -= {offer_id for offer_id, ring in self.rings.items() if ring.caller == caller}

    async def cancel(self, offer_id: str) -> None:
        self.cancelled.append(offer_id)

    def let_through(self, offer_id: str) -> None:
        self.let.append(offer_id)

    def leg_ended(self, offer_id: str) -> None:
        del self.rings[offer_id]


class FakeClock(Clock):
    """The loop's time, which is fake."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = asyncio.get_running_loop().time()

    def now(self) -> float:
        return START + asyncio.get_running_loop().time() - self._begun


class ToldEngine(Engine):
    """`told`: the events so far."""

    def __init__(self, hotline: Hotline, now: float) -> None:
        super().__init__(hotline.queues, hotline.agents, seed=1, now=now)
        self.told: list[Event] = []

    def step(self, event: Event, now: float) -> list[Effect]:
        self.told.append(event)
        return super().step(event, now)


class Hall:
    """Everything between Asterisk and the journal."""

    def __init__(self, tasks: asyncio.TaskGroup, *, trunk: bool = False) -> None:
        self.tasks = tasks
        self.intake = Intake(Path("/nowhere/drained"), lambda: len(self.switchboard))
        self.records: list[Record] = []
        self.edition = Edition(hotline(), FakeCatalogue())
        clock = FakeClock()
        self.engine = ToldEngine(self.edition.hotline, clock.now())
        self.distributor = Distributor(self.engine, clock, self.records.append)
        self.switchboard = Switchboard(self.distributor, lambda: self.edition, tasks)
        self.telephony = FakeTelephony(self.switchboard)
        self.switchboard.serve(self.telephony)
        self.distributor.serve(self.switchboard)
        exchange = Exchange(self.telephony, self.distributor, trunk=trunk)
        rehearsals = Rehearsals(self.telephony, tasks)
        self.reception = Reception(
            *(exchange, self.switchboard, rehearsals, lambda: self.edition, SecretStr(SECRET), tasks),
            intake=self.intake,
        )
        self.lives: dict[str, asyncio.Task[None]] = {}
        for agent_id in self.edition.hotline.agents:
            self.switchboard.phone_changed(agent_id, PhoneState.FREE)

    # -- people --------------------------------------------------------------------------------------------------

    def caller(self, channel_id: str = "caller-1", **headers: str) -> FakeCaller:
        """A call comes in."""
        caller = FakeCaller(self.switchboard, channel_id, **headers)
        self.telephony.callers[caller.channel] = caller
        self.lives[channel_id] = asyncio.create_task(self._serve(caller))
        return caller

    async def _serve(self, caller: FakeCaller) -> None:
        try:
            await self.reception.answer(caller.session)
        finally:
            caller.session.close()

    async def queued(self, channel_id: str = "caller-1", key: str = "1") -> FakeCaller:
        """A caller who has chosen a queue, and is held."""
        caller = self.caller(channel_id)
        await settles()
        caller.press(key)
        await asyncio.sleep(3 * PROMPT)
        return caller

    def sign_in(self, agent_id: str = "1001") -> None:
        self.distributor.tell(StateRequested(agent_id, AgentState.READY))

    # -- an agent's leg --------------------------------------------------------------------------------------------

    async def rung(self) -> Ring:
        """The one ring that there is now."""
        await asyncio.sleep(10 * LAG)
        (ring,) = self.telephony.rings.values()
        return ring

    def answer(self, ring: Ring) -> None:
        self.switchboard.offer_answered(ring.offer_id)

    def fail(self, ring: Ring, reason: str) -> None:
        self.telephony.leg_ended(ring.offer_id)
        self.switchboard.offer_failed(ring.offer_id, OfferFailure(reason))

    def connect(self, ring: Ring, caller: FakeCaller) -> None:
        """The leg runs Bridge(caller), and AMI tells at once."""
        assert ring.offer_id not in self.telephony.waiting
        caller.taken_out()
        self.switchboard.offer_connected(ring.offer_id)

    def agent_hangs_up(self, ring: Ring, caller: FakeCaller | None = None) -> None:
        """AMI tells first, then the caller is given back."""
        self.telephony.leg_ended(ring.offer_id)
        self.switchboard.leg_hung_up(ring.offer_id)
        if caller is not None:
            caller.given_back()

    # -- what can be seen -------------------------------------------------------------------------------------------

    def call(self, channel_id: str = "caller-1") -> Call:
        return self.switchboard._by_channel[channel_id]

    def state(self, agent_id: str = "1001") -> AgentState:
        return self.engine.agent_view(agent_id).state

    def waiting(self, queue: str = "trees") -> int:
        return self.engine.queue_view(queue, self.distributor.clock.now()).waiting

    def kinds(self) -> list[Kind]:
        return [record.kind for record in self.records if record.call is not None]

    def told(self, kind: Kind) -> list[Mapping[str, object]]:
        """The data of every Record of that kind."""
        return [record.data for record in self.records if record.kind is kind]

    async def over(self, channel_id: str = "caller-1") -> None:
        """The call's coroutine has ended, and AMI has had time to tell why."""
        await asyncio.wait({self.lives[channel_id]})
        await asyncio.sleep(2 * LAG)


@asynccontextmanager
async def hall(*, trunk: bool = False) -> AsyncIterator[Hall]:
    """Up; at the end nothing is left behind: no call, no ring, no task."""
    async with asyncio.TaskGroup() as tasks:
        made = Hall(tasks, trunk=trunk)
        try:
            yield made
        finally:
            for call in made.switchboard.calls():
                call.hung_up()
            if made.lives:
                await asyncio.wait(made.lives.values())
            made.distributor.close()
    assert len(made.switchboard) == 0
    assert not made.telephony.watched
