"""Asterisk with its channels, bridges, variables and phones: the callers, the agents' legs, and what goes on whether
there is a service or not. It performs what AMI and AGI ask, and tells what happens.

Times are seconds. AGI is answered at once, AMI's answers and events come `LAG` later. How the real one behaves is in
the comments of `asterisk-config/extensions.conf.j2`.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.unit.asterisk.caller import Caller
from tests.unit.asterisk.citizen import CitizenLeg
from tests.unit.asterisk.consulted import Consulted
from tests.unit.asterisk.leg import Leg
from tests.unit.asterisk.manager import Action, Fields, Manager, Session
from tests.unit.asterisk.out import OutLeg
from tests.unit.asterisk.supervisor import SupervisorLeg

LAG = 0.001


class Asterisk(Manager):
    """callers  by their channels' names
    legs     by their offers, while they are there
    spies    supervisors' legs, while they are there
    citizens  the legs of citizens who are called back, while they are there
    outs     the legs of agents who call citizens, while they are there; only if `by_itself`
    consulted  the phones that agents consult, by their channels' names, while they are there
    silent   phones that do not answer OPTIONS
    lag      seconds that AMI's events need now; `late`: they do not come at all until that is over
    deaf     AMI actions, by their names, that are never performed nor answered
    refused  AMI actions that are refused
    gone_in_that_moment  whoever is consulted hangs up on the way to the caller
    instead  what is done, once, instead of an AMI action of that name
    by_itself  the dialplan goes on by itself. Else a test says when a leg takes its caller, when a caller comes out of
             a talk and when one knocks again
    rings    called with each leg of an agent or of a citizen whose phone begins to ring; with an agent's who calls a
             citizen again, when the citizen's phone does
    meanwhile  called once when the next list of channels is made and not sent yet; what it tells comes before the list
    strange  what was asked that no Asterisk knows: a mistake of the service, or of this one
    """

    def __init__(self, phones: Iterable[str], *, port: int = 0, agi_port: int = 0) -> None:
        super().__init__(port)
        self.agi_port = agi_port
        self.callers: dict[str, Caller] = {}
        self.legs: dict[str, Leg] = {}
        self.spies: dict[str, SupervisorLeg] = {}
        self.citizens: dict[str, CitizenLeg] = {}
        self.outs: dict[str, OutLeg] = {}
        self.rings: Callable[[Leg | CitizenLeg | OutLeg], object] = lambda leg: None
        self.consulted: dict[str, Consulted] = {}
        self.globals: dict[str, str] = {}
        self.devices = dict.fromkeys(phones, "NOT_INUSE")
        self.silent: set[str] = set()
        self.unreported: set[str] = set()
        """Phones that have registered, of which Asterisk has reported nothing."""
        self.contacts_asked: list[str] = []
        self.lag = LAG
        self.deaf: set[str] = set()
        self.refused: set[str] = set()
        self.instead: dict[str, Callable[[], None]] = {}
        self.gone_in_that_moment = self.by_itself = False
        self.meanwhile: Callable[[], object] | None = None
        self.strange: list[str] = []
        self.asked: list[Action] = []
        self._late = self._unheard = False
        self._events: deque[tuple[float, Callable[[Session], None]]] = deque()
        self._orders: deque[tuple[Session, Action]] = deque()
        self._telling: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # -- what happens ------------------------------------------------------------------------------------------

    def goes_on_by_itself(self) -> None:
        self.by_itself = True
        self.does(self._knocking())

    async def _knocking(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.lets_in()

    def calls(self, channel_id: str = "caller-1", **headers: str) -> Caller:
        """A call comes in."""
        caller = Caller(self, channel_id, **headers)
        self.callers[caller.channel] = caller
        caller.event("Newchannel", ChannelStateDesc="Ring")
        caller.comes_in()
        return caller

    def dials(self, agent_id: str, phone: str) -> Caller:
        """An agent's phone dials another one, without the service. Returns the agent's own channel."""
        own = Caller(self, f"own-{agent_id}", arg_6=agent_id)
        self.callers[own.channel] = own
        own.event("Newchannel", ChannelStateDesc="Ring")
        own.dialled = f"PJSIP/{phone},60,gi"
        own.event("DialBegin", DestUniqueid=f"asked-{phone}", DestChannel=f"PJSIP/{phone}-0000000a")
        return own

    def lets_in(self) -> None:
        """Callers whom the dialplan wants to bring to a service come in."""
        for caller in [caller for caller in self.callers.values() if caller.knocks]:
            caller.comes_in()

    def device(self, phone: str, state: str) -> None:
        """A phone's state is another one now."""
        self.devices[phone] = state
        self.event("DeviceStateChange", Device=f"PJSIP/{phone}", State=state)

    def falls_silent(self, phone: str) -> None:
        """A phone does not answer OPTIONS any more, and with a channel keeps its state all the same."""
        self.silent.add(phone)
        self.event("PeerStatus", Peer=f"PJSIP/{phone}", PeerStatus="Unreachable")
        if not any(leg.agent_id == phone for leg in self.legs.values()):
            self.device(phone, "UNAVAILABLE")

    def answers_again(self, phone: str) -> None:
        self.silent.discard(phone)
        self.event("PeerStatus", Peer=f"PJSIP/{phone}", PeerStatus="Reachable")

    def hands_over(self, first: str, waiting: Caller, transferee: str = "", phone: str = "") -> None:
        """A phone joins its calls: its channel `first`, and one that waits in a queue, or talks with `phone`."""
        ends = {"OrigTransfererUniqueid": first, "SecondTransfererUniqueid": waiting.id}
        bridge = "simple_bridge" if phone else "holding_bridge"
        ends |= {"SecondBridgeTechnology": bridge, "TransferTargetChannel": f"PJSIP/{phone}-0000000a"}
        self.event("AttendedTransfer", Result="Success", TransfereeUniqueid=transferee, **ends)

    def link_breaks(self) -> None:
        """The connection to the service is closed, and no other comes about until `listen`."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for session in tuple(self._open):
            session.hang_up()
        self._events.clear()

    def is_killed(self) -> None:
        """All channels are gone, and nobody is told so. `listens_again` starts it anew."""
        self.link_breaks()
        for caller in self.callers.values():
            if caller.line is not None and caller.served:
                caller.line.close()
            caller.hung_up, caller.held, caller.talking, caller.knocks = True, False, False, False
        for gone in (self.callers, self.legs, self.citizens, self.outs, self.globals):
            gone.clear()
        self.devices = dict.fromkeys(self.devices, "NOT_INUSE")
        self.uptime = 0.0

    async def is_stopped(self) -> None:
        """It is stopped in order: it asks all channels to end, and they do so one by one, agents' first."""
        for leg in self.legs.values():
            leg.event("SoftHangupRequest", Cause="4")
        for caller in self.callers.values():
            caller.event("SoftHangupRequest", Cause="4")
        await asyncio.sleep(2 * LAG)
        for leg in tuple(self.legs.values()):
            leg.is_over()
        for caller in tuple(self.callers.values()):
            caller.hang_up()
        await asyncio.sleep(2 * LAG)
        self.is_killed()

    async def listens_again(self) -> None:
        if self._server is None:
            await self.listen()

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """AMI never tells of events in this block."""
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
        return self._channels("PlayDTMF", Digit="D")

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
        other = next((other for other in self.consulted.values() if channel in (other.name, other.id)), None)
        if caller is not None and caller.hung_up:
            caller = None
        match action.name:
            case "Originate" if action["Context"] == "wutong-listen":
                session.respond(action)  # the far half of a test call; the test brings the call itself
            case "Originate" if action["Channel"] == "Local/s@wutong-password/n":
                session.respond(action)
            case "Originate" if action["Context"] == "wutong-out" and self.by_itself:
                out = self.outs[action["ChannelId"]] = OutLeg(self, action)
                session.respond(action)
                out.begins()
                self.rings(out)
            case "Setvar" if channel in self.outs:
                self.outs[channel].variables[action["Variable"]] = action["Value"]
                session.respond(action)
            case "Hangup" if channel in self.outs:
                session.respond(action)
                self.outs[channel].is_over()
            case "Originate" if action["Context"] in ("wutong-dial", "wutong-out"):
                session.respond(action)  # what the phone then dials, the test brings
                self.device(action["Channel"].removeprefix("PJSIP/"), "RINGING")
            case "Originate" if action["Context"] == "wutong-callback":
                citizen = self.citizens[action["ChannelId"]] = CitizenLeg(self, action)
                session.respond(action)
                citizen.begins()
                self.rings(citizen)
            case "Hangup" if channel in self.citizens:
                session.respond(action)
                self.citizens[channel].is_over(action["Cause"])
            case "Originate" if action["Context"] == "wutong-supervisor":
                spy = self.spies[action["ChannelId"]] = SupervisorLeg(self, action)
                session.respond(action)
                spy.begins()
            case "Hangup" | "Redirect" if channel in self.spies:
                session.respond(action)
                if action.name == "Hangup":
                    self.spies[channel].is_over()
                else:
                    self.spies[channel].mode = action["Exten"]
            case "Setvar" if other is not None:
                other.variables[action["Variable"]] = action["Value"]
                session.respond(action)
            case "Hangup" if other is not None:
                session.respond(action)
                other.hangs_up()
            case "Redirect" if other is not None:
                session.respond(action)
                other.sent_to(action["Exten"])
            case "BridgeKick" if leg is not None and leg.bridge_now == action["BridgeUniqueid"] and leg.consults:
                session.respond(action)
                leg.consultation_ends()
            case "BridgeInfo":
                self._bridge(session, action)
            case "Originate":
                leg = self.legs[action["ChannelId"]] = Leg(self, action)
                session.respond(action)
                leg.begins()
                self.rings(leg)
            case "Setvar" if not channel:
                self.globals[action["Variable"]] = action["Value"]
                session.respond(action)
            case "Setvar" if (there := caller or leg) is not None:
                there.variables[action["Variable"]] = action["Value"]
                session.respond(action)
            case "Getvar" if asked := re.fullmatch(r"PJSIP_DIAL_CONTACTS\((.*)\)", action["Variable"]):
                self.contacts_asked.append(asked[1])
                unavailable = (
                    self.devices.get(asked[1], "UNAVAILABLE") == "UNAVAILABLE" and asked[1] not in self.unreported
                )
                gone = asked[1] in self.silent or unavailable
                session.respond(action, Value="" if gone else f"PJSIP/{asked[1]}/sip:here")
            case "Getvar" if (there := caller or leg) is not None:
                state = "Up" if isinstance(there, Caller) or there.up else "Ringing"
                session.respond(action, Value={**there.variables, "CHANNEL(state)": state}.get(action["Variable"], ""))
            case "Getvar":
                session.respond(action, Value=self.globals.get(action["Variable"], ""))
            case "Hangup" if leg is not None:
                leg.event("SoftHangupRequest", Cause=action["Cause"])
                session.respond(action)
                leg.is_over(action["Cause"])
            case "BridgeKick" if caller is not None and caller.is_in(action.get("BridgeUniqueid", "")):
                session.respond(action)
                caller.out()
                if self.by_itself:
                    self._legs_without(caller)
            case "BridgeKick" if caller is not None and caller.answered:
                session.respond(action)
                caller.put_through_ends("ANSWER")
            case "ControlPlayback" if caller is not None:
                caller.stop_prompt()
                session.respond(action)
            case "PlayDTMF" if leg is not None:
                leg.let_through = leg.variables.get("WUTONG_WON") == "1"
                session.respond(action)
            case "Redirect" if leg is not None:
                session.respond(action)
                leg.sent_to(action["Exten"])
            case "Redirect" if caller is not None:
                session.respond(action)
                caller.broken_off()
            case "Status":
                self._status(session, action, channel)
            case "DeviceStateList":
                items = [[("Device", f"PJSIP/{phone}"), ("State", state)] for phone, state in self.devices.items()]
                session.listing(action, "DeviceStateChange", items)
            case "Setvar" | "Hangup" | "BridgeKick" | "ControlPlayback" | "PlayDTMF" | "Redirect" | "MixMonitorMute":
                session.refuse(action)
            case unexpected:
                self.strange.append(f"AMI {unexpected}")

    def _legs_without(self, caller: Caller) -> None:
        """Their Bridge() is over, and so are they."""
        for leg in [leg for leg in self.legs.values() if leg.caller_taken is caller]:
            leg.is_over()

    def _bridge(self, session: Session, action: Action) -> None:
        """Who is in a talk: the agent's leg first."""
        talking = [leg for leg in self.legs.values() if leg.bridge == action["BridgeUniqueid"] and leg.caller_taken]
        items = [[("Uniqueid", leg.offer_id), ("Channel", leg.name)] for leg in talking]
        items += [[("Uniqueid", leg.caller), ("Channel", leg.channel)] for leg in talking]
        consulting = [leg for leg in self.legs.values() if leg.bridge == action["BridgeUniqueid"] and leg.consults]
        items += [[("Uniqueid", leg.offer_id), ("Channel", leg.name)] for leg in consulting]
        items += [[("Uniqueid", "consulted"), ("Channel", leg.consulted)] for leg in consulting]
        session.listing(action, "BridgeInfoChannel", items)

    def _status(self, session: Session, action: Action, channel: str) -> None:
        wanted = re.findall(r"[^,()]+(?:\([^)]*\))?", action.get("Variables", ""))
        there: list[Caller | Leg] = [caller for caller in self.callers.values() if not caller.hung_up]
        there += self.legs.values()
        items = [_item(each, wanted) for each in there]
        items += [spy.item() for spy in self.spies.values()]
        items += [citizen.item() for citizen in self.citizens.values()]
        items += [out.item() for out in self.outs.values()]
        items += [other.item() for other in self.consulted.values()]
        if channel:
            items = [item for item in items if ("Channel", channel) in item or ("Uniqueid", channel) in item]
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
        told = (channel.offer_id, channel.name, channel.bridge_now, "Up" if channel.up else "Ringing")
    fields = zip(("Uniqueid", "Channel", "BridgeID", "ChannelStateDesc"), told, strict=True)
    variables = [("Variable", f"{name}={channel.variables.get(name) or '(null)'}") for name in wanted]
    return [*fields, ("Application", channel.application), *variables]
