"""Asterisk played by hand: callers, agents' legs, and what AMI does and tells of them.

Times are seconds. A prompt is named by its words, lasts `PROMPT`, and AMI tells `LAG` later than AGI unless a test
says otherwise.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dialplan.fastagi import AgiSession
from dialplan.legs import Ring
from dialplan.link import AmiLink, LinkDown
from dialplan.picture import EARLY, HOLDING, TAKEN_VARIABLE, LegRestored
from dialplan.telephony import Listener, Telephony
from dialplan.wire.agi import AgiReply, AgiRequest, Hangup
from dialplan.wire.ami import AmiMessage
from tests.unit.service.small import hotline

PROMPT = 2.0
LAG = 0.001
SECRET = "s3cret-of-agi"


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
        """The dialplan brings the caller to a service, in a new session."""
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

    # -- what the caller does ------------------------------------------------------------------------------------

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

    # -- what is done with the caller ----------------------------------------------------------------------------

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

    def taken_out(self, offer_id: str) -> None:
        """An agent's leg runs Bridge(caller)."""
        assert self.held, "Bridge() on a caller who is not in the holding bridge kills his AGI session"
        self.held, self.talking = False, True
        self.variables[TAKEN_VARIABLE] = offer_id

    def given_back(self) -> None:
        """The agent's leg is gone."""
        assert self.talking
        self._out("0")

    def broken_off(self) -> None:
        """AMI Redirect: the dialplan brings the caller to a new session, AGI says that the caller hung up."""
        if self.held:
            self._out("-1")
        else:
            self.session.received(Hangup())
        self.knocks = True

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
    """An agent's leg as Asterisk has it. `caller`: the one in its bridge."""

    ring: Ring
    up: bool = False
    caller: FakeCaller | None = None


class Asterisk:
    """What goes on whether there is a service or not: callers by their channels' names, legs by their offers."""

    def __init__(self) -> None:
        self.callers: dict[str, FakeCaller] = {}
        self.legs: dict[str, Leg] = {}
        self.words: dict[str, str] = {}
        """The talk that a gone caller's channel left word of, by call id."""
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
        application = "Wait" if leg.up and leg.ring.beside and not bridge else "Bridge"
        return _status(offer, f"PJSIP/{leg.ring.agent_id}-{offer}", bridge, application, state, variables)

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
        self.led_back: list[str] = []
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
        return self.asterisk.words.get(call_id, "")

    def forget_words(self, call_id: str) -> None:
        del self.asterisk.words[call_id]

    async def kick(self, channel: str) -> bool:
        self.kicks.append(channel)
        await asyncio.sleep(LAG)
        return self.callers[channel].kick()

    async def lead_back(self, caller: str, channel: str) -> bool:
        await asyncio.sleep(LAG)
        there = self.callers[channel]
        if there.hung_up or there.held or there.talking or there.dialled or there.knocks:
            return False
        self.led_back.append(channel)
        there.knocks = True
        return True

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

    def adopt(self, caller: str, leg: LegRestored) -> None:
        super().adopt(caller, leg)
        if leg.channel is not None and EARLY in leg.channel.variables:
            self.waiting.add(leg.offer)

    async def cancel(self, offer_id: str) -> None:
        self.cancelled.append(offer_id)

    def let_through(self, offer_id: str) -> None:
        self.let.append(offer_id)

    def leg_ended(self, offer_id: str) -> None:
        del self.asterisk.legs[offer_id]
        if (leg := self._legs._legs.get(offer_id)) is not None:
            self._legs._drop(leg)
