"""A caller's channel in the small Asterisk.

A prompt is named by its words and lasts `PROMPT` seconds.
"""

import asyncio
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import SecretStr

from dialplan.agi_session import proof
from tests.unit.asterisk.agi import HEADERS, AgiLine

if TYPE_CHECKING:
    from tests.unit.asterisk.asterisk import Asterisk
    from tests.unit.asterisk.leg import Leg

PROMPT = 2.0
AGI_SECRET = SecretStr("s3cret-of-agi")
HOLDING = "bridge-holding"
UNSAID = dict.fromkeys(("arg_2", "arg_3", "arg_4", "arg_5", "arg_6"), "")
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
    elsewhere in the place of an agent's own call: the session ends once the caller is out of it
    knocks    nobody serves the caller: the dialplan tries to reach a service. Not so where AGI() waits for one whose
              machine is gone
    refuses   the AGI command that Asterisk refuses
    loses     a channel variable whose setting is never answered; `done`: Asterisk has set it
    cause     HANGUPCAUSE as a Dial() leaves it that nobody answers
    stops     how often the prompt was to be stopped; the first `deaf_to_stops` times in vain

    `headers`: what the request says otherwise, by its name without `agi_`; its first argument is the proof.
    """

    def __init__(self, asterisk: "Asterisk", channel_id: str = "caller-1", **headers: str) -> None:
        self.asterisk = asterisk
        self.id = channel_id
        own = headers.get("arg_6")  # an agent's call
        self.channel = f"PJSIP/{own}-{channel_id.replace('-', '')}" if own else f"PJSIP/anonymous-{channel_id}"
        self.headers = headers
        self.heard: list[str] = []
        self.playing: str | None = None
        self.held = self.talking = self.hung_up = self.knocks = self.rings = self.elsewhere = False
        self.dialled: str | None = None
        self.answered = False
        self.stops = self.deaf_to_stops = 0
        self.refuses, self.cause = "", "0"
        self.loses: tuple[str, bool] | None = None
        self.variables: dict[str, str] = {}
        self.line: _Line | None = None
        self._escape = ""
        self._began = 0.0
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
        call, moved = self.variables.get("WUTONG_CALL", ""), self.variables.get("WUTONG_MOVED", "")
        known = {"arg_2": call, "arg_5": moved} if call else {}
        self.headers = {**UNSAID, **self.headers, **known, **headers}
        line = self.line = _Line(self)
        self.knocks, self.loses = False, None
        self.asterisk.does(self._connect(line))
        return line

    async def _connect(self, line: _Line) -> None:
        try:
            port = self.asterisk.agi_port
            await asyncio.get_running_loop().create_connection(lambda: line, "127.0.0.1", port)
        except ConnectionRefusedError:
            line.connection_lost(None)
            self.line_lost(line)
        else:
            given = {"channel": self.channel, "uniqueid": self.id, "callerid": "13800138000", "extension": "12319"}
            given |= {"arg_1": proof(AGI_SECRET, self.id), **self.headers}
            line.begin({**HEADERS, **{f"agi_{name}": value for name, value in given.items()}})
            if self.hung_up:
                line.send("HANGUP\n")

    def line_lost(self, line: _Line) -> None:
        """An application that runs goes on to its end; what AGI itself does is over at once."""
        if line is not self.line or self.hung_up:
            return
        if self._ending is not None:
            self._silence()
        if self.variables.get("WUTONG_DONE"):  # the dialplan hangs up
            self._gone()
            self.event("Hangup", Cause="16")
            return
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

    def begins_to_press(self, key: str) -> None:
        """RFC 4733 tells the beginning of a press; only AMI tells of it."""
        self.event("DTMFBegin", Digit=key, Direction="Received")

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
        talked = f"line:{sub_hotline}" if with_sub_hotline else self.variables.get(TAKEN, "")
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

    def joined(self) -> None:
        """A phone that is not a leg takes the caller, who is held, or talks with it and a leg."""
        assert self.held or self.talking
        self.event("BridgeLeave", BridgeUniqueid=self.bridge)
        self.held, self.talking = False, True
        self.event("BridgeEnter", BridgeUniqueid=self.bridge, BridgeTechnology="simple_bridge")

    def gets_place(self, *, held: bool) -> None:
        """An agent's phone has put the caller into the place of a call of its own: in the holding bridge, or in a talk
        that is not a leg's.
        """
        self.elsewhere = held
        self.event("BridgeLeave", BridgeUniqueid=self.bridge)
        self.held, self.talking = held, not held
        technology = "holding_bridge" if held else "simple_bridge"
        self.event("BridgeEnter", BridgeUniqueid=self.bridge, BridgeTechnology=technology)

    def out(self, result: str = "0") -> None:
        """The caller is out of the bridge: kicked, given back after a talk or, with -1, sent elsewhere."""
        assert self.held or self.talking
        self.event("BridgeLeave", BridgeUniqueid=self.bridge)
        self.held = self.talking = False
        if self.elsewhere:
            self.elsewhere = False
            self.broken_off()
        else:
            self._reply(result)

    def sent_elsewhere(self) -> None:
        """A blind transfer by the agent's phone."""
        self.cause = "16"
        self.out("-1")

    def is_moved(self, extension: str) -> None:
        """A transfer has led the channel to this number: the dialplan begins there, and brings it to a service next."""
        self.variables |= {"WUTONG_MOVED": self.variables["WUTONG_CALL"], "WUTONG_NUMBER": extension}
        self.headers["extension"] = extension

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

    def _finds_no_phone(self) -> None:
        """Asterisk knows of no address of that phone: no channel is made, and AMI tells nothing."""
        self.dialled = None
        self.variables |= {"DIALSTATUS": "CHANUNAVAIL", "HANGUPCAUSE": "3"}
        self._reply("0")

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
            case "STREAM FILE", [path, escape, *begin]:
                played = int(begin[0]) / 8000 if begin else 0.0
                self.playing, self._escape = path, escape
                self._began = asyncio.get_running_loop().time() - played
                if not begin:
                    self.heard.append(path)
                self._ending = asyncio.get_running_loop().call_later(PROMPT - played, self._ends, "0")
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
                if self.asterisk.devices.get(target.partition(",")[0].removeprefix("PJSIP/")) == "UNAVAILABLE":
                    self._finds_no_phone()
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
        played = round((asyncio.get_running_loop().time() - self._began) * 8000)
        at = f" endpos={played}" if self.playing else ""
        self._silence()
        self._reply(result + at)

    def _silence(self) -> None:
        assert self._ending is not None
        self._ending.cancel()
        self.playing, self._escape, self._ending = None, "", None

    def _reply(self, result: str) -> None:
        if self.line is not None and self.line.open:
            self.line.send(f"200 result={result}\n")
        elif not self.hung_up:
            self.knocks = True
