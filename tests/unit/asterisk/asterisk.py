"""Asterisk with its channels, bridges, variables and phones: the callers, the agents' legs, and what goes on whether
there is a service or not. It performs what AMI and AGI ask, and tells what happens.

Times are seconds. A prompt is named by its words and lasts `PROMPT`. AGI is answered at once, AMI's answers and events
come `LAG` later. How the real one behaves is in the comments of `asterisk-config/extensions.conf.j2`.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.unit.asterisk.agi import HEADERS, AgiLine
from tests.unit.asterisk.manager import Action, Fields, Manager, Session

PROMPT = 2.0
LAG = 0.001
AGI_SECRET = "s3cret-of-agi"
HOLDING = "bridge-holding"
TAKEN, OFFERED, SEEN = "SHARED(WUTONG_TAKEN)", "SHARED(WUTONG_OFFERED)", "WUTONG_SEEN"


class _Line(AgiLine):
    """A caller's connection to the service. `over` is called when it has ended, whoever ended it."""

    def __init__(self, caller: "Caller") -> None:
        super().__init__()
        self._caller = caller
        self.open = False

    def begin(self, headers: dict[str, str]) -> None:
        self.open = True
        super().begin(headers)

    def commanded(self, command: str) -> None:
        arguments = [re.sub(r"\\(.)", r"\1", found) for found in re.findall(r'"((?:\\.|[^"\\])*)"', command)]
        self._caller.asked(self, command.split(' "')[0], arguments)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.open:
            self.open = False
            self._caller.line_lost(self)


class Caller:
    """One caller's channel, whether or not a service serves it.

    heard     prompts that began
    playing   the prompt that plays now
    held      in the holding bridge
    talking   a leg took the caller out of it, whose EXEC BridgeWait still runs
    dialled   what the caller is put through to
    knocks    nobody serves the caller: the dialplan tries to reach a service. Not so where AGI() waits for one whose
              machine is gone
    refuses   the AGI command that Asterisk refuses
    loses     a channel variable whose setting is never answered; `done`: Asterisk has set it
    stops     how often the prompt was to be stopped; the first `deaf_to_stops` times in vain

    `headers`: what the request says otherwise, by its name without `agi_`; its first argument is the secret.
    """

    def __init__(self, asterisk: "Asterisk", channel_id: str = "caller-1", **headers: str) -> None:
        self.asterisk = asterisk
        self.id = channel_id
        self.channel = f"PJSIP/anonymous-{channel_id}"
        self.headers = headers
        self.heard: list[str] = []
        self.playing: str | None = None
        self.held = self.talking = self.hung_up = self.knocks = self.rings = False
        self.dialled: str | None = None
        self.answered = False
        self.stops = self.deaf_to_stops = 0
        self.refuses = ""
        self.loses: tuple[str, bool] | None = None
        self.variables: dict[str, str] = {}
        self.line: _Line | None = None
        self._escape = ""
        self._ending: asyncio.TimerHandle | None = None

    @property
    def served(self) -> bool:
        """A session serves the caller."""
        return self.line is not None and self.line.open

    @property
    def bridge(self) -> str:
        talk = next((leg.bridge for leg in self.asterisk.legs.values() if leg.caller_taken is self), f"talk-{self.id}")
        return HOLDING if self.held else talk if self.talking or self.answered else ""

    def is_in(self, bridge: str) -> bool:
        """Whether BridgeKick can take the caller out of this bridge; "": of any."""
        return (self.held or self.talking) and bridge in ("", self.bridge)

    @property
    def application(self) -> str:
        if self.held or self.talking:
            return "BridgeWait"
        return "Dial" if self.dialled else "Wait" if self.knocks else "AGI"

    # -- the dialplan --------------------------------------------------------------------------------------------

    def comes_in(self, **headers: str) -> _Line:
        """The dialplan brings the caller to a service, in a new session. Nobody listens: it goes on trying."""
        assert not self.hung_up
        call = self.variables.get("WUTONG_CALL", "")
        known = {} if not call else {"arg_3" if self._script == "queue" else "arg_2": call}
        self.headers = {**self.headers, **known, **headers}
        line = self.line = _Line(self)
        self.knocks, self.loses = False, None
        self.asterisk.does(self._connect(line))
        return line

    @property
    def _script(self) -> str:
        return self.headers.get("network_script", "call")

    async def _connect(self, line: _Line) -> None:
        try:
            port = self.asterisk.agi_port
            await asyncio.get_running_loop().create_connection(lambda: line, "127.0.0.1", port)
        except ConnectionRefusedError:
            line.connection_lost(None)
            self.line_lost(line)
        else:
            given = {"channel": self.channel, "uniqueid": self.id, "callerid": "13800138000", "extension": "12319"}
            given |= {"arg_1": AGI_SECRET, **self.headers}
            line.begin({**HEADERS, **{f"agi_{name}": value for name, value in given.items()}})
            if self.hung_up:
                line.send("HANGUP\n")

    def line_lost(self, line: _Line) -> None:
        """An application that runs goes on to its end; what AGI itself does is over at once."""
        if line is not self.line or self.hung_up:
            return
        if self._ending is not None:
            self._silence()
        self.knocks = not (self.held or self.talking or self.dialled)

    def session_breaks(self, *, unnoticed: bool = False) -> None:
        """The connection to the service breaks. `unnoticed`: not at this end, where AGI() goes on waiting."""
        assert self.line is not None
        self.line.close()
        self.line.open = False
        self.line_lost(self.line)
        self.knocks = self.knocks and not unnoticed

    # -- what the caller does ------------------------------------------------------------------------------------

    def press(self, key: str, *, agi: bool = True, ami: bool = True) -> None:
        """A key, heard by AGI if a command listens, and by AMI."""
        if agi and self._escape and key in self._escape:
            self._ends(str(ord(key)))
        if ami:
            self.event("DTMFEnd", Digit=key, Direction="Received")

    def hang_up(self, *, seen: bool = True) -> None:
        """`seen`: AMI tells so."""
        bridge = self.bridge
        self._gone()
        if self.line is not None and self.line.open:
            self.line.send("HANGUP\n")
        if seen:
            self.event("HangupRequest", Cause="16")
            if bridge:
                self.event("BridgeLeave", BridgeUniqueid=bridge)
            self.event("Hangup", Cause="16")
        for leg in [leg for leg in self.asterisk.legs.values() if leg.caller_taken is self]:
            leg.is_over()

    def _gone(self) -> None:
        """The channel ends: its hang-up handler leaves word of a talk that the service does not know."""
        sub_hotline = self.variables.get("WUTONG_SUB_HOTLINE")
        with_sub_hotline = sub_hotline and self.variables.get("DIALSTATUS") == "ANSWER"
        talked = f"sub-hotline:{sub_hotline}" if with_sub_hotline else self.variables.get(TAKEN, "")
        if talked and talked != self.variables.get(SEEN) and not self.hung_up:
            self.asterisk.globals[f"WUTONG_TALKED_{self.variables['WUTONG_CALL']}"] = talked
        self.hung_up = True
        self.held = self.talking = self.knocks = self.answered = False

    # -- what is done with the caller ----------------------------------------------------------------------------

    def stop_prompt(self) -> None:
        self.stops += 1
        if self.deaf_to_stops:
            self.deaf_to_stops -= 1
        elif self.playing is not None:
            self._ends("0")

    def taken_out(self, leg: "Leg") -> None:
        """An agent's leg runs Bridge(caller)."""
        assert self.held, "Bridge() on a caller who is not in the holding bridge kills the caller's AGI session"
        self.event("BridgeLeave", BridgeUniqueid=HOLDING)
        self.held, self.talking = False, True
        self.variables[TAKEN] = leg.offer_id
        leg.caller_taken = self
        self.event("BridgeEnter", BridgeUniqueid=leg.bridge, BridgeTechnology="simple_bridge")

    def out(self, result: str = "0") -> None:
        """The caller is out of the bridge: kicked, given back after a talk or, with -1, sent elsewhere."""
        assert self.held or self.talking
        self.event("BridgeLeave", BridgeUniqueid=self.bridge)
        self.held = self.talking = False
        self._reply(result)

    def sent_elsewhere(self) -> None:
        """A blind transfer by the agent's phone."""
        self.out("-1")

    def broken_off(self) -> None:
        """AMI Redirect: the dialplan brings the caller to a new session, AGI says that the caller hung up."""
        if self.held:
            self.out("-1")
        elif self.line is not None and self.line.open:
            self.line.send("HANGUP\n")
        self.knocks = True

    def sub_hotline_answers(self) -> None:
        self.answered = True
        self.variables["DIALSTATUS"] = "ANSWER"
        self.event("DialEnd", DialStatus="ANSWER")
        self.event("BridgeEnter", BridgeUniqueid=self.bridge, BridgeTechnology="simple_bridge")

    def put_through_ends(self, status: str, cause: str = "16", result: str = "0") -> None:
        assert self.dialled is not None
        if self.answered:
            self.event("BridgeLeave", BridgeUniqueid=self.bridge)
        elif status != "ANSWER":
            self.event("DialEnd", DialStatus=status)
        self.dialled, self.answered = None, False
        self.variables |= {"DIALSTATUS": status, "HANGUPCAUSE": cause}
        self._reply(result)

    def event(self, name: str, **fields: str) -> None:
        """AMI tells something of this channel."""
        self.asterisk.event(name, Uniqueid=self.id, Channel=self.channel, **fields)

    # -- AGI -----------------------------------------------------------------------------------------------------

    def asked(self, line: _Line, name: str, arguments: Sequence[str]) -> None:
        if line is not self.line or not line.open:
            return  # of a session that is over at this end
        if name == self.refuses:
            line.send("510 Invalid or unknown command\n")
            return
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
                self.event("BridgeEnter", BridgeUniqueid=HOLDING, BridgeTechnology="holding_bridge")
            case "EXEC", ["Ringing", ""]:
                self.rings = True
                self._reply("0")
            case "EXEC", ["Dial", target]:
                self.dialled = target
            case "EXEC", ["MSet", pairs]:
                self._sets(dict(pair.split("=", 1) for pair in pairs.split(",")))
            case "GET VARIABLE", [variable]:
                value = self.variables.get(variable)
                self._reply("0" if value is None else f"1 ({value})")
            case "ANSWER" | "CHANNEL STATUS", []:
                self._reply("0")
            case "HANGUP", []:
                self._gone()
                self._reply("1")
                self.event("Hangup", Cause="16")
            case unexpected:
                self.asterisk.strange.append(f"AGI {unexpected}")

    def _sets(self, variables: dict[str, str]) -> None:
        lost, done = self.loses or ("", True)
        loses = lost in [f"{name}={value}" for name, value in variables.items()]
        if done or not loses:
            self.variables |= variables
        if not loses:
            self._reply("0")

    def _ends(self, result: str) -> None:
        """The prompt, or the wait for a key."""
        self._silence()
        self._reply(result)

    def _silence(self) -> None:
        assert self._ending is not None
        self._ending.cancel()
        self.playing, self._escape, self._ending = None, "", None

    def _reply(self, result: str) -> None:
        if self.line is not None and self.line.open:
            self.line.send(f"200 result={result}\n")
        elif not self.hung_up:
            self.knocks = True


class Leg:
    """An agent's leg, as the service has originated it. `caller`: unique id; `caller_taken`: who is in its bridge.

    It rings until it is answered, declined or hung up, or a test says that nobody answered.
    """

    def __init__(self, asterisk: "Asterisk", action: Action) -> None:
        self.asterisk = asterisk
        self.offer_id = action["ChannelId"]
        self.agent_id = action["Channel"].removeprefix("PJSIP/")
        self.name = f"PJSIP/{self.agent_id}-{self.offer_id}"
        self.seconds = int(action["Timeout"]) / 1000
        shown = re.fullmatch(r'"(.*)" <(.*)>', action["CallerID"])
        assert shown is not None
        self.display, self.number = shown.groups()
        self.variables = action.variables
        self.channel = self.variables["CALLER"]
        self.caller = asterisk.callers[self.channel].id
        self.whisper = tuple(filter(None, self.variables["WHISPER"].split("&")))
        self.held = "WUTONG_EARLY" not in self.variables
        self.beside = "BESIDE" in self.variables
        self.bridge = f"talk-{self.offer_id}"
        self.up = self.let_through = False
        self.caller_taken: Caller | None = None

    @property
    def waits(self) -> bool:
        """It may not take the caller yet."""
        return not self.held and self.variables.get("WUTONG_HELD") != "1"

    @property
    def application(self) -> str:
        return "Wait" if self.up and self.beside and not (self.let_through or self.caller_taken) else "Bridge"

    def begins(self) -> None:
        self.event("Newchannel", ChannelStateDesc="Down")
        self.asterisk.event("DialBegin", DestUniqueid=self.offer_id, DestChannel=self.name)
        self.event("Newstate", ChannelStateDesc="Ringing")
        self.asterisk.device(self.agent_id, "RINGING")

    def answers(self) -> None:
        self.up = True
        self.event("Newstate", ChannelStateDesc="Up")
        self.asterisk.device(self.agent_id, "INUSE")
        self._originated("Success", "4")
        if self.beside:
            self.event("UserEvent", UserEvent="WutongPickedUp")

    def connects(self, caller: Caller) -> None:
        """The whisper is over, and the dialplan has come to Bridge(CALLER)."""
        assert not self.waits
        assert self.variables.get("QUEUE", "") == caller.variables.get(OFFERED), "the leg would hang up"
        self.up = True
        caller.taken_out(self)
        self.event("BridgeEnter", BridgeUniqueid=self.bridge, BridgeTechnology="simple_bridge", Context="wutong-offer")

    def hangs_up(self) -> None:
        """The agent does. The caller is given back by Asterisk, at once or a moment later: `Caller.out`."""
        self.event("HangupRequest", Cause="16")
        self.is_over("16")

    def declines(self) -> None:
        self.event("HangupRequest", Cause="21")
        self.is_over("21")

    def rings_out(self) -> None:
        self._originated("Failure", "3")
        self.is_over("19")

    def is_over(self, cause: str = "16") -> None:
        """The channel ends."""
        if self.asterisk.legs.pop(self.offer_id, None) is None:
            return
        if self.caller_taken is not None:
            self.event("BridgeLeave", BridgeUniqueid=self.bridge)
        self.event("Hangup", Cause=cause)
        if not self.up:
            self._originated("Failure", "0")
        self.asterisk.device(self.agent_id, "NOT_INUSE")

    def _originated(self, response: str, reason: str) -> None:
        given = {"ActionID": self.offer_id, "Response": response, "Reason": reason}
        self.asterisk.event("OriginateResponse", **given, Uniqueid=self.offer_id)

    def event(self, name: str, **fields: str) -> None:
        self.asterisk.event(name, Uniqueid=self.offer_id, Channel=self.name, **fields)


class Asterisk(Manager):
    """callers  by their channels' names
    legs     by their offers, while they are there
    lag      seconds that AMI's events need now; `late`: they do not come at all until that is over
    deaf     AMI actions, by their names, that are never performed nor answered
    refused  AMI actions that are refused
    instead  what is done, once, instead of an AMI action of that name
    meanwhile  called once when the next list of channels is made and not sent yet; what it tells comes before the list
    strange  what was asked that no Asterisk knows: a mistake of the service, or of this one
    """

    def __init__(self, phones: Iterable[str], *, port: int = 0, agi_port: int = 0) -> None:
        super().__init__(port)
        self.agi_port = agi_port
        self.callers: dict[str, Caller] = {}
        self.legs: dict[str, Leg] = {}
        self.globals: dict[str, str] = {}
        self.devices = dict.fromkeys(phones, "NOT_INUSE")
        self.lag = LAG
        self.deaf: set[str] = set()
        self.refused: set[str] = set()
        self.instead: dict[str, Callable[[], None]] = {}
        self.meanwhile: Callable[[], object] | None = None
        self.strange: list[str] = []
        self.asked: list[Action] = []
        self._late = self._unheard = False
        self._events: deque[tuple[float, Callable[[Session], None]]] = deque()
        self._orders: deque[tuple[Session, Action]] = deque()
        self._telling: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # -- what happens ------------------------------------------------------------------------------------------

    def calls(self, channel_id: str = "caller-1", **headers: str) -> Caller:
        """A call comes in."""
        caller = Caller(self, channel_id, **headers)
        self.callers[caller.channel] = caller
        caller.event("Newchannel", ChannelStateDesc="Ring")
        caller.comes_in()
        return caller

    def lets_in(self) -> None:
        """Callers whom the dialplan wants to bring to a service come in."""
        for caller in [caller for caller in self.callers.values() if caller.knocks]:
            caller.comes_in()

    def device(self, phone: str, state: str) -> None:
        """A phone's state is another one now."""
        self.devices[phone] = state
        self.event("DeviceStateChange", Device=f"PJSIP/{phone}", State=state)

    def hands_over(self, first: str, waiting: Caller, transferee: str = "") -> None:
        """A phone with two lines joins both calls: its own channel `first`, and one that waits in a queue."""
        ends = {"OrigTransfererUniqueid": first, "SecondTransfererUniqueid": waiting.id}
        self.event("AttendedTransfer", TransfereeUniqueid=transferee, **ends)

    def link_breaks(self) -> None:
        """The connection to the service is closed, and no other comes about until `listen`."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for session in tuple(self._open):
            session.hang_up()
        self._events.clear()

    async def listens_again(self) -> None:
        if self._server is None:
            await self.listen()

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """What happens meanwhile AMI never tells."""
        self._unheard = True
        yield
        self._unheard = False

    def ends(self, session: Session) -> None:
        super().ends(session)
        self._events.clear()  # nobody hears them

    def does(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- what is told --------------------------------------------------------------------------------------------

    def event(self, name: str, more: Fields = (), /, **fields: str) -> None:
        """Tell this after what was told before it, `lag` later."""
        if self.session is None or self._unheard:
            return
        due = asyncio.get_running_loop().time() + self.lag
        self._events.append((due, lambda session: session.event(name, more, **fields)))
        self._tell_later()

    @property
    def late(self) -> bool:
        return self._late

    @late.setter
    def late(self, late: bool) -> None:
        self._late = late
        self._tell_later()

    def _tell_later(self) -> None:
        if self._telling is None and self._events and not self._late:
            self._telling = asyncio.get_running_loop().call_at(self._events[0][0], self._tell)

    def _tell(self) -> None:
        self._telling = None
        now = asyncio.get_running_loop().time()
        while self._events and self._events[0][0] <= now and not self._late and self.session is not None:
            self._events.popleft()[1](self.session)
        self._tell_later()

    # -- what is asked -------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> set[str]:
        """The offers whose legs may not take the caller yet."""
        return {offer_id for offer_id, leg in self.legs.items() if leg.waits}

    def _channels(self, action: str, **having: str) -> list[str]:
        """The channels of all actions of that name that had these fields."""
        return [asked["Channel"] for asked in self.asked if asked.name == action and having.items() <= asked.items()]

    @property
    def cancelled(self) -> list[str]:
        """The channels that were to be hung up."""
        return self._channels("Hangup")

    @property
    def kicks(self) -> list[str]:
        """The channels that were to be taken out of their bridges."""
        return self._channels("BridgeKick")

    @property
    def led_back(self) -> list[str]:
        """The channels that were to be brought to a new session."""
        return self._channels("Redirect", Context="wutong-again")

    @property
    def let_through(self) -> list[str]:
        """The offers whose legs were let through to their callers."""
        return self._channels("Redirect", Priority="won")

    def perform(self, session: Session, action: Action) -> None:
        self.asked.append(action)
        if action.name not in self.deaf:
            self._orders.append((session, action))
            asyncio.get_running_loop().call_later(LAG, self._perform)

    def _perform(self) -> None:
        session, action = self._orders.popleft()
        if session.ended.is_set():
            return
        if action.name in self.instead:
            self.instead.pop(action.name)()
            return
        if action.name in self.refused:
            session.refuse(action)
            return
        channel = action.get("Channel", "")
        caller, leg = self.callers.get(channel), self.legs.get(channel)
        if caller is not None and caller.hung_up:
            caller = None
        match action.name:
            case "Originate":
                leg = self.legs[action["ChannelId"]] = Leg(self, action)
                session.respond(action)
                leg.begins()
            case "Setvar" if not channel:
                self.globals[action["Variable"]] = action["Value"]
                session.respond(action)
            case "Setvar" if (there := caller or leg) is not None:
                there.variables[action["Variable"]] = action["Value"]
                session.respond(action)
            case "Getvar":
                session.respond(action, Value=self.globals.get(action["Variable"], ""))
            case "Hangup" if leg is not None:
                leg.event("SoftHangupRequest", Cause=action["Cause"])
                session.respond(action)
                leg.is_over(action["Cause"])
            case "BridgeKick" if caller is not None and caller.is_in(action.get("BridgeUniqueid", "")):
                session.respond(action)
                caller.out()
            case "ControlPlayback" if caller is not None:
                caller.stop_prompt()
                session.respond(action)
            case "Redirect" if leg is not None:
                leg.let_through = True
                session.respond(action)
            case "Redirect" if caller is not None:
                session.respond(action)
                caller.broken_off()
            case "Status":
                self._status(session, action, channel)
            case "DeviceStateList":
                items = [[("Device", f"PJSIP/{phone}"), ("State", state)] for phone, state in self.devices.items()]
                session.listing(action, "DeviceStateChange", items)
            case "Setvar" | "Hangup" | "BridgeKick" | "ControlPlayback" | "Redirect":
                session.refuse(action)
            case unexpected:
                self.strange.append(f"AMI {unexpected}")

    def _status(self, session: Session, action: Action, channel: str) -> None:
        wanted = re.findall(r"[^,()]+(?:\([^)]*\))?", action.get("Variables", ""))
        there: list[Caller | Leg] = [caller for caller in self.callers.values() if not caller.hung_up]
        there += self.legs.values()
        items = [_item(each, wanted) for each in there]
        if channel:
            items = [item for item in items if ("Channel", channel) in item]
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is None:
            session.listing(action, "Status", items)
        else:
            meanwhile()
            asyncio.get_running_loop().call_later(2 * self.lag, session.listing, action, "Status", items)


def _item(channel: Caller | Leg, wanted: Iterable[str]) -> list[tuple[str, str]]:
    """What Status lists of it."""
    if isinstance(channel, Caller):
        told = (channel.id, channel.channel, channel.bridge, "Up")
    else:
        bridge = channel.bridge if channel.caller_taken is not None else ""
        told = (channel.offer_id, channel.name, bridge, "Up" if channel.up else "Ringing")
    fields = zip(("Uniqueid", "Channel", "BridgeID", "ChannelStateDesc"), told, strict=True)
    variables = [("Variable", f"{name}={channel.variables.get(name) or '(null)'}") for name in wanted]
    return [*fields, ("Application", channel.application), *variables]
