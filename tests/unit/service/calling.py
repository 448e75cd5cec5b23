"""A hotline without Asterisk: callers, agents' legs and AMI played by hand, all else is real, on a fake clock.

Times are seconds. A prompt is named by its words, lasts `PROMPT`, and AMI tells `LAG` later than AGI unless a test
says otherwise.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from pydantic import SecretStr

from acd.calls import CallBook
from acd.effects import Effect
from acd.engine import Engine
from acd.events import Event, LinkLost, OfferFailure, StateRequested
from acd.records import Kind, Record
from agents.states import AgentState, PhoneState
from dialplan.agi import AgiReply, AgiRequest, Hangup
from dialplan.ami import AmiMessage
from dialplan.fastagi import AgiSession
from dialplan.legs import Ring
from dialplan.link import AmiLink, LinkDown
from dialplan.telephony import HOLDING, Channel, Listener, Telephony
from hotline.loader import load
from hotline.model import Hotline
from service import settings, snapshot
from service.call import Call, Exchange
from service.clock import Clock
from service.distributor import Distributor
from service.edition import Edition
from service.intake import Intake
from service.line import Line
from service.presence import Presence
from service.reception import Reception
from service.rehearsal import Rehearsals
from service.serve import _engine
from service.snapshot import Recollection
from service.switchboard import Switchboard
from sounds.catalogue import Catalogue
from sounds.model import Speech, sayable
from tests.unit.faketime import passes, settles

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
      "5": {queue: everybody}
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
  everybody: {name: Everybody, needs: {trees: 1}, strategy: ring-all, wrap_up: 0s, keys: {"0": {queue: general}}}
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

    def __init__(self, sent: Callable[[str, Sequence[str]], None], closed: Callable[[], None]) -> None:
        super().__init__()
        self._sent, self._closed = sent, closed

    def write(self, data: bytes | bytearray | memoryview) -> None:
        line = bytes(data).decode()
        arguments = [re.sub(r"\\(.)", r"\1", found) for found in re.findall(r'"((?:\\.|[^"\\])*)"', line)]
        self._sent(line.split(' "')[0].strip(), arguments)

    def close(self) -> None:
        self._closed()


class FakeCaller:
    """Asterisk's side of one caller's channel. Answers AGI as ASTERISK.md says, and tells `ears` what AMI would.

    heard     prompts that began
    playing   the prompt that plays now
    held      he is in the holding bridge
    talking   a leg took him out of it, his EXEC BridgeWait still runs
    dialled   what he is put through to
    knocks    nobody serves him: the dialplan tries to bring him to a service

    `headers`: what his request says otherwise, by its name without `agi_`; its first argument is the secret.
    """

    def __init__(self, ears: Ears | None = None, channel_id: str = "caller-1", **headers: str) -> None:
        self.id = channel_id
        self.channel = f"PJSIP/anonymous-{channel_id}"
        self.ears = ears
        self.lag = LAG
        self.heard: list[str] = []
        self.playing: str | None = None
        self.held = self.talking = self.hung_up = self.knocks = False
        self.dialled: str | None = None
        self.rings = False
        self.stops = 0
        self.deaf_to_stops = 0
        self.crash_at: str | None = None
        self.variables: dict[str, str] = {}
        self._escape = ""
        self._ending: asyncio.TimerHandle | None = None
        self._headers = headers
        self.session = self._connected()

    def _connected(self) -> AgiSession:
        request = {
            "agi_network_script": "call",
            "agi_request": "agi://127.0.0.1/call",
            "agi_channel": self.channel,
            "agi_uniqueid": self.id,
            "agi_callerid": "13800138000",
            "agi_extension": "12319",
            "agi_arg_1": SECRET,
            **{f"agi_{name}": value for name, value in self._headers.items()},
        }
        wire: _Wire = _Wire(self._command, lambda: self._session_over(wire))
        self._wire = wire
        return AgiSession(wire, AgiRequest(request))

    def comes_back(self, **headers: str) -> AgiSession:
        """The dialplan brings him to a service, in a new session."""
        assert not self.hung_up
        place = "arg_3" if self._headers.get("network_script") == "queue" else "arg_2"
        self._headers = {**self._headers, place: self.variables.get("WUTONG_CALL", ""), **headers}
        self.knocks = False
        self.session = self._connected()
        return self.session

    def _session_over(self, wire: _Wire) -> None:
        """An application that runs goes on to its end; what AGI itself does is over at once."""
        if wire is not self._wire or self.hung_up:
            return
        if self._ending is not None:
            self._ending.cancel()
            self.playing, self._escape, self._ending = None, "", None
        if not (self.held or self.talking or self.dialled):
            self.knocks = True

    # -- what he does --------------------------------------------------------------------------------------------

    def press(self, key: str, *, agi: bool = True, ami: bool = True) -> None:
        """A key, heard by AGI if a command listens, and by AMI."""
        if agi and self._escape and key in self._escape:
            self._ends(str(ord(key)))
        if ami:
            self._ami(lambda ears: ears.key_pressed(self.id, key))

    def hang_up(self) -> None:
        self.hung_up = True
        self.held = self.knocks = False
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
        if self.session.gone and not self.hung_up:
            self.knocks = True
        self.session.received(AgiReply(200, result, data))

    def _ami(self, tell: Callable[[Ears], None]) -> None:
        if self.ears is not None:
            asyncio.get_running_loop().call_later(self.lag, tell, self.ears)


@dataclass
class Leg:
    """An agent's leg as Asterisk has it. `caller`: with whom it is in a bridge."""

    ring: Ring
    up: bool = False
    caller: FakeCaller | None = None


class Asterisk:
    """What goes on whether there is a service or not: callers by their channels' names, legs by their offers."""

    def __init__(self) -> None:
        self.callers: dict[str, FakeCaller] = {}
        self.legs: dict[str, Leg] = {}
        self.words: dict[str, str] = {}
        """What callers left word of as they went, by their calls' ids."""
        self.before_list: Callable[[], None] | None = None
        """Called once, when the next list is asked for and not answered yet."""
        self.list_fails: Exception | None = None

    def status(self) -> list[AmiMessage]:
        callers = [caller for caller in self.callers.values() if not caller.hung_up]
        return [*map(self._of_caller, callers), *(self._of_leg(offer, leg) for offer, leg in self.legs.items())]

    def _of_caller(self, caller: FakeCaller) -> AmiMessage:
        talk = next((offer for offer, leg in self.legs.items() if leg.caller is caller), "")
        bridge = "holding" if caller.held else f"talk-{talk}" if caller.talking else ""
        application = HOLDING if caller.held or caller.talking else "Dial" if caller.dialled else "AGI"
        return _status(caller.id, caller.channel, bridge, application, "Up", caller.variables)

    def _of_leg(self, offer: str, leg: Leg) -> AmiMessage:
        bridge = f"talk-{offer}" if leg.caller is not None else ""
        variables = {**leg.ring.variables, **({"BESIDE": "1"} if leg.ring.beside else {})}
        if not leg.ring.held:
            variables["WUTONG_EARLY"] = "1"
        state = "Up" if leg.up else "Ringing"
        return _status(offer, f"PJSIP/{leg.ring.agent_id}-{offer}", bridge, "Bridge", state, variables)

    def devices(self) -> list[AmiMessage]:
        busy = {leg.ring.agent_id for leg in self.legs.values()}
        states = {agent_id: "INUSE" if agent_id in busy else "NOT_INUSE" for agent_id in hotline().agents}
        return [AmiMessage((("Device", f"PJSIP/{phone}"), ("State", state))) for phone, state in states.items()]


def _status(
    unique_id: str, name: str, bridge: str, application: str, state: str, variables: Mapping[str, str]
) -> AmiMessage:
    told = [("Variable", f"{variable}={value or '(null)'}") for variable, value in variables.items()]
    fields = {"Uniqueid": unique_id, "Channel": name, "BridgeID": bridge, "Application": application}
    return AmiMessage((*fields.items(), ("ChannelStateDesc", state), *told))


class FakeLink(AmiLink):
    """Up or down as a test wants; nothing can be sent, but lists are answered after `LAG`."""

    def __init__(self, asterisk: Asterisk) -> None:
        super().__init__("nowhere", 0, "", "", on_event=print, on_up=print, on_down=print)
        self.is_up = True
        self.asterisk = asterisk

    @property
    def up(self) -> bool:
        return self.is_up

    async def list_action(self, name: str, timeout: float = 10.0, **fields: object) -> list[AmiMessage]:
        meanwhile, self.asterisk.before_list = self.asterisk.before_list, None
        await asyncio.sleep(LAG)
        if self.asterisk.list_fails is not None:
            raise self.asterisk.list_fails
        if not self.up:
            raise LinkDown("the link broke")
        found = self.asterisk.status() if name == "Status" else self.asterisk.devices()
        if meanwhile is not None:
            meanwhile()
        return found


class FakeTelephony(Telephony):
    """Does to the callers that it knows what AMI would, and keeps what rings. Its answers take `LAG`.

    rings    by offer, until `leg_ended`
    waiting  offers whose leg may not take the caller yet
    """

    def __init__(self, listener: Listener, asterisk: Asterisk | None = None) -> None:
        self.asterisk = asterisk or Asterisk()
        self.link = FakeLink(self.asterisk)
        super().__init__(self.link, listener)
        self.callers = self.asterisk.callers
        self.watched: set[str] = set()
        self.waiting: set[str] = set()
        self.cancelled: list[str] = []
        self.let: list[str] = []
        self.kicks: list[str] = []
        self.cannot_ring: Exception | None = None

    @property
    def rings(self) -> dict[str, Ring]:
        return {offer_id: leg.ring for offer_id, leg in self.asterisk.legs.items()}

    def watch(self, caller: str) -> None:
        super().watch(caller)
        self.watched.add(caller)

    def forget(self, caller: str) -> None:
        super().forget(caller)
        self.watched.discard(caller)

    async def last_words(self, call_id: str) -> str:
        return self.asterisk.words.pop(call_id, "")

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
        self.asterisk.legs[ring.offer_id] = Leg(ring)
        if not ring.held:
            self.waiting.add(ring.offer_id)
        return asyncio.sleep(LAG)

    def admit(self, caller: str) -> None:
        self.waiting -= {offer_id for offer_id, ring in self.rings.items() if ring.caller == caller}

    def adopt(self, offer_id: str, agent_id: str, caller: str, channel: Channel | None, *, connected: bool) -> None:
        super().adopt(offer_id, agent_id, caller, channel, connected=connected)
        if channel is not None and channel.waits:
            self.waiting.add(offer_id)

    async def cancel(self, offer_id: str) -> None:
        self.cancelled.append(offer_id)

    def let_through(self, offer_id: str) -> None:
        self.let.append(offer_id)

    def leg_ended(self, offer_id: str) -> None:
        del self.asterisk.legs[offer_id]
        if (leg := self._legs._legs.get(offer_id)) is not None:
            self._legs._drop(leg)


class FakeClock(Clock):
    """The loop's time, which is fake."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = asyncio.get_running_loop().time()

    def now(self) -> float:
        return START + asyncio.get_running_loop().time() - self._begun


class ToldEngine(Engine):
    """`told`: the events so far."""

    def __init__(self, *definitions: Any, **given: Any) -> None:
        super().__init__(*definitions, **given)
        self.told: list[Event] = []

    def step(self, event: Event, now: float) -> list[Effect]:
        self.told.append(event)
        return super().step(event, now)


class _Archive:
    """Nothing is in it: no story is asked for."""


class Hall:
    """Everything between Asterisk and the journal. `after`: the hall of the service that died before this one; what
    it knew is taken from its snapshot, or, where `folded`, from its Records alone.
    """

    def __init__(
        self,
        tasks: asyncio.TaskGroup,
        *,
        trunk: bool = False,
        after: "Hall | None" = None,
        folded: bool = False,
        edition: Edition | None = None,
        before: Recollection | None = None,
    ) -> None:
        self.tasks = tasks
        self.edition: Edition = edition or (after.edition if after is not None else Edition(hotline(), FakeCatalogue()))
        self.records: list[Record] = after.records if after is not None else []
        self.asterisk: Asterisk = after.asterisk if after is not None else Asterisk()
        clock: Clock = after.distributor.clock if after is not None else FakeClock()
        if after is None:
            definitions = self.edition.hotline
            told = ToldEngine(definitions.queues, definitions.agents, seed=1, now=clock.now())
            self.engine: Engine = told
            self.events = told.told
        else:
            before = before or after.recollection(folded=folded)
            self.engine = _engine(self.edition, before, clock.now())
        self.book = CallBook(_Archive())  # type: ignore[arg-type]
        self.distributor: Distributor = Distributor(self.engine, clock, self._write)
        self.switchboard = Switchboard(self.distributor, lambda: self.edition, tasks)
        given = settings.Settings(state=Path("/nowhere"), hotline=Path("/nowhere"))
        seen_at = before.last_at if before is not None else 0.0
        self.presence = Presence(given, "", self.switchboard, self.distributor, tasks, seen_at)
        self.telephony = FakeTelephony(self.switchboard, self.asterisk)
        self.presence.telephony, self.presence.link = self.telephony, self.telephony.link
        self.intake = Intake(Path("/nowhere/drained"), self.book.in_menus)
        self.switchboard.serve(self.telephony)
        self.distributor.serve(self.switchboard)
        exchange = Exchange(self.telephony, self.distributor, trunk=trunk)
        rehearsals = Rehearsals(self.telephony, tasks)
        self.reception = Reception(
            *(exchange, self.switchboard, rehearsals, lambda: self.edition, SecretStr(SECRET), tasks),
            intake=self.intake,
        )
        self.lives: dict[str, asyncio.Task[None]] = {}
        self.dead = False
        if before is None:
            for agent_id in self.edition.hotline.agents:
                self.switchboard.phone_changed(agent_id, PhoneState.FREE)
        else:
            self.telephony.link.is_up = False
            self._take_up(before, exchange)
            self.distributor.tell(LinkLost())

    def _write(self, record: Record) -> None:
        self.book.note(record)
        self.records.append(record)

    def _take_up(self, before: Recollection, exchange: Exchange) -> None:
        """As the service does when it starts."""
        self.book.take_up(before.calls)
        queues = {view.id: view.queue for view in self.engine.calls()}
        for summary in before.calls:
            line = Line(self.telephony, self.tasks)
            queue = queues.get(summary.id)
            self.switchboard.admit(
                Call.restored(summary, queue, line, self.edition, exchange, self.switchboard.dismiss)
            )
        for caller in self.asterisk.callers.values():
            caller.ears = self.switchboard

    # -- death and return ----------------------------------------------------------------------------------------

    def recollection(self, *, folded: bool = False) -> Recollection:
        """What the next service knows."""
        if folded:
            return snapshot.recollect(self._at_the_start, self.records)
        return snapshot.recollect(json.loads(json.dumps(snapshot.take(self.engine, self.book))), ())

    @property
    def _at_the_start(self) -> Mapping[str, Any]:
        definitions = self.edition.hotline
        fresh = Engine(definitions.queues, definitions.agents, seed=1, now=START)
        return snapshot.take(fresh, CallBook(_Archive()))  # type: ignore[arg-type]

    async def dies(self) -> None:
        """Its sessions break, and nobody hears Asterisk any more."""
        self.dead = True
        for caller in self.asterisk.callers.values():
            caller.ears = None
        for life in self.lives.values():
            life.cancel()
        if self.lives:
            await asyncio.wait(self.lives.values())
        self.distributor.close()

    @asynccontextmanager
    async def restarted(self, **given: Any) -> "AsyncIterator[Hall]":
        """It dies, and the next service is there; that has no link to Asterisk yet, and lets nobody in."""
        if not self.dead:
            await self.dies()
        async with hall(after=self, **given) as made:
            yield made

    def link_up(self, *, uptime: float = 86_400.0) -> None:
        """AMI is there, and the look around begins. `uptime`: of Asterisk, in seconds."""
        self.telephony.link.is_up, self.telephony.link.uptime = True, uptime
        self.presence._up()

    def link_down(self) -> None:
        self.telephony.link.is_up = False
        self.presence._down("it broke")

    def lets_in(self) -> None:
        """Callers whom the dialplan wants to bring to a service come in."""
        for caller in [caller for caller in self.asterisk.callers.values() if caller.knocks]:
            caller.comes_back()
            self.lives[caller.id] = asyncio.create_task(self._serve(caller))

    async def adopts(self, *, sessions_first: bool = False) -> None:
        """The link comes up, callers are let in, and all have found their places."""
        if sessions_first:
            self.lets_in()
            await settles()
        self.link_up()
        await passes(10 * LAG)
        self.lets_in()
        await passes(20 * LAG)
        self.lets_in()  # who was fetched
        await settles()

    # -- people --------------------------------------------------------------------------------------------------

    def caller(self, channel_id: str = "caller-1", **headers: str) -> FakeCaller:
        """A call comes in."""
        caller = FakeCaller(self.switchboard, channel_id, **headers)
        self.telephony.callers[caller.channel] = caller
        self.lives[channel_id] = asyncio.create_task(self._serve(caller))
        return caller

    async def _serve(self, caller: FakeCaller) -> None:
        session = caller.session
        try:
            await self.reception.answer(session)
        finally:
            session.close()

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
        self.asterisk.legs[ring.offer_id].up = True
        if not self.dead:
            self.switchboard.offer_answered(ring.offer_id)

    def fail(self, ring: Ring, reason: str) -> None:
        self.telephony.leg_ended(ring.offer_id)
        if not self.dead:
            self.switchboard.offer_failed(ring.offer_id, OfferFailure(reason))

    def connect(self, ring: Ring, caller: FakeCaller) -> None:
        """The leg runs Bridge(caller), and AMI tells at once."""
        assert ring.offer_id not in self.telephony.waiting
        caller.taken_out()
        self.asterisk.legs[ring.offer_id].caller = caller
        if not self.dead:
            self.switchboard.offer_connected(ring.offer_id)

    def agent_hangs_up(self, ring: Ring, caller: FakeCaller | None = None) -> None:
        """AMI tells first, then the caller is given back."""
        self.telephony.leg_ended(ring.offer_id)
        if not self.dead:
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
async def hall(**given: Any) -> AsyncIterator[Hall]:
    """Up; at the end nothing is left behind: no call, no ring, no task."""
    async with asyncio.TaskGroup() as tasks:
        made = Hall(tasks, **given)
        try:
            yield made
        finally:
            for call in [] if made.dead else made.switchboard.calls():
                call.hung_up()
            if made.lives:
                await asyncio.wait(made.lives.values())
            made.distributor.close()
    if made.dead:
        return
    assert len(made.switchboard) == 0
    assert not made.telephony.watched
