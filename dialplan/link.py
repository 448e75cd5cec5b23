"""The AMI link: connects to Asterisk, logs in, notices when the connection dies, and comes back.

Each connection is a `Manager` of panoramisk's with our own protocol (`AmiConnection`), which it gets once the login was
accepted. Then it pings, sends and closes. docs/dependencies.md says which parts of Manager are not used, and why.
"""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from panoramisk import Manager

from dialplan.ami_connection import ActionRefused, AmiConnection, Broke, LinkDown, failed, notify
from dialplan.wire.ami import AmiMessage
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

log = structlog.get_logger()

T = TypeVar("T")
Fields = str | Sequence[str]

_UNFIT_FOR_DISPLAY = re.compile(r'[\x00-\x1f\x7f"<>\\]')


@dataclass(frozen=True, slots=True)
class LinkTimes:
    """All in seconds."""

    connect: float = 5.0
    """For the TCP connection."""
    login: float = 5.0
    """For the banner, and then for the answer to Login. A wrong password takes Asterisk a second to refuse."""
    boot: float = 60.0
    """For `FullyBooted` behind the login; before it Asterisk takes actions that it cannot do yet."""
    ping_every: float = 1.0
    silence: float = 3.0
    """If nothing comes for so long after a ping, the link is dead: noticed 3 to 4 s after the last byte. With less, a
    short freeze of Asterisk's machine (swap, a snapshot) would count as a break, and each break makes all agents
    unreachable until the next look around.
    """
    answer: float = 10.0
    """For the answer to a ping while events come. Below it, a slow link or a very busy Asterisk is not cut off."""
    retry_first: float = 0.5
    """Wait after the first failure; it doubles with each further one."""
    retry_most: float = 5.0
    steady: float = 10.0
    """A link that broke sooner counts as a further failure in a row: if Asterisk lets us in and throws us out at once,
    it must not be asked everything twice a second.
    """
    retry_crowded: float = 0.02
    """Wait after a connection that was closed before the greeting. Asterisk does so while as many connections as its
    `authlimit` have not logged in: any program of this machine can hold these. It ends each after `authtimeout`, and
    the program that asks often gets the free slot. Such an attempt costs Asterisk a tenth of a millisecond."""
    retry_refused: float = 30.0
    """Wait after a refused login: somebody has to change something first, and Asterisk logs each attempt."""


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """For measures. `connects`: how often the link came up; `breaks`: how often it went down after that, by reason,
    every reason is a key; `lag`: seconds that Asterisk's answers take now, 0 while the link is down."""

    up: bool
    connects: int
    breaks: Mapping[Broke, int]
    lag: float


@dataclass(frozen=True, slots=True)
class Asked:
    """An action that was written at once, or not at all. Nobody has to wait for its answer."""

    name: str
    _answer: asyncio.Future[list[AmiMessage]]

    async def answers(self, timeout: float) -> list[AmiMessage]:
        """Raises LinkDown (not sent, or nobody knows), ActionRefused, TimeoutError (no answer in `timeout` seconds:
        nobody knows). Nothing is ever sent again.
        """
        too_late = TimeoutError(
            Sentence("Asterisk did not answer AMI {action} within {seconds:g} s", action=self.name, seconds=timeout)
        )
        return await _within(timeout, self._answer, too_late)

    async def answer(self, timeout: float = 5.0) -> AmiMessage:
        """As `answers`, of an action that has one."""
        return (await self.answers(timeout))[0]

    async def done(self) -> bool:
        """Whether it was done. For an action that may fail without harm. False: it failed, or nobody knows.

        A refusal (a channel that is gone, a prompt that is over) is not logged; a broken link or a missing answer is.
        """
        try:
            await self.answer()
        except ActionRefused:
            return False
        except (LinkDown, TimeoutError) as error:
            log.warning("action-failed", action=self.name, error=str(error))
            return False
        return True

    def if_refused(self, then: Callable[[], object]) -> None:
        """Call `then` if Asterisk refuses it; nobody else waits for the answer. A broken link calls nothing."""

        def answered(answer: asyncio.Future[list[AmiMessage]]) -> None:
            if not answer.cancelled() and (error := answer.exception()) is not None:
                log.debug("ami-unwaited-action-failed", action=self.name, error=str(error))
                if isinstance(error, ActionRefused):
                    then()

        self._answer.add_done_callback(answered)


class LoginRefused(LinkDown):
    """Asterisk does not accept the user name and secret."""


class Crowded(LinkDown):
    """Asterisk closed the connection before it greeted."""


def pause(times: LinkTimes, failures: int, chance: float) -> float:
    """Seconds to wait after so many failures in a row (1 …); `chance` from 0 to 1 spreads them over the upper half, so
    that several services do not connect at once.
    """
    return min(times.retry_most, times.retry_first * 2.0 ** min(failures - 1, 32)) * (0.5 + chance / 2)


class AmiLink:
    """Asterisk's manager as the service uses it. `run()` keeps it; everything else may be called at any time.

    `on_event` is called with every event in the order of arrival, between `on_up` and `on_down`. `on_up` says that
    Asterisk is there, booted, and that what was known of it may be stale. `on_down` says why it is not: when the link
    breaks, and again when another reason keeps it down. All three are called on the loop and must return at once; an
    exception of theirs goes to the loop's exception handler and breaks nothing.
    """

    def __init__(
        self,
        host: str,
        port: int,
        username: str,
        secret: str,
        *,
        on_event: Callable[[AmiMessage], None] | None = None,
        on_up: Callable[[], None],
        on_down: Callable[[str], None],
        times: LinkTimes = LinkTimes(),
        in_flight: int = 1_000,
        list_limit: int = 50_000,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._host, self._port = host, port
        self._username, self._secret = username, secret
        self.on_event, self._on_up, self._on_down = on_event, on_up, on_down
        self._times = times
        self._in_flight, self._list_limit = in_flight, list_limit
        self._chance = chance
        self._manager: Manager | None = None
        self._is_up = asyncio.Event()
        self.reason: str = Sentence("the link was not started")
        self._connects = 0
        self._breaks: Counter[Broke] = Counter()
        self.uptime = 0.0
        """Seconds for which Asterisk had run when the link came up, as it says itself."""

    @property
    def up(self) -> bool:
        """Whether actions can be sent: logged in to an Asterisk that has booted. If not, `reason` says why."""
        return self._is_up.is_set()

    @property
    def figures(self) -> LinkFigures:
        """The link's present state and its history."""
        lag = self._manager.protocol.lag if self._manager is not None and self.up else 0.0
        breaks: dict[Broke, int] = {reason: self._breaks[reason] for reason in Broke if reason is not Broke.OURS}
        return LinkFigures(self.up, self._connects, breaks, lag)

    async def wait_up(self) -> None:
        """Returns when `up` is true."""
        await self._is_up.wait()

    async def run(self) -> None:
        """Keep the link, for ever, until cancelled."""
        failures = 0
        loop = asyncio.get_running_loop()
        while True:
            try:
                came_up = await self._connect_and_stay()
            except LoginRefused as refused:
                self._down(str(refused))
                delay = self._times.retry_refused * (0.5 + self._chance() / 2)
            except Crowded as crowded:
                self._down(str(crowded))
                delay = self._times.retry_crowded * (0.5 + self._chance())
            except LinkDown as down:
                self._down(str(down))
                failures += 1
                delay = pause(self._times, failures, self._chance())
            else:
                failures = 1 if loop.time() - came_up >= self._times.steady else failures + 1
                delay = pause(self._times, failures, self._chance())
            await asyncio.sleep(delay)

    def ask(self, name: str, action_id: str | None = None, **fields: Fields) -> Asked:
        """Write an action at once, or raise Unsendable."""
        return Asked(name, self._write(name, action_id, fields, is_list=False))

    async def action(
        self, name: str, timeout: float = 5.0, action_id: str | None = None, **fields: Fields
    ) -> AmiMessage:
        """Send an action; its response. Raises Unsendable, and what `Asked.answers` raises."""
        return await self.ask(name, action_id, **fields).answer(timeout)

    def originate(
        self,
        channel: str,
        channel_id: str,
        context: str,
        seconds: float,
        variables: Mapping[str, str],
        *,
        exten: str = "s",
        shows: tuple[str, str] | None = None,
        action_id: str | None = None,
        **fields: Fields,
    ) -> Asked:
        """Ring `channel` for `seconds`. It has the id `channel_id` and these variables, and goes on in `context` once
        it is answered. `shows`: the name and the number that the phone shows. As `ask`: written at once, or Unsendable.
        """
        if shows is not None:
            name, number = map(_for_display, shows)
            fields["CallerID"] = f'"{name}" <{number}>'
        return self.ask(
            "Originate",
            action_id,
            Channel=channel,
            ChannelId=channel_id,
            Context=context,
            Exten=exten,
            Priority="1",
            Timeout=str(int(seconds * 1000)),
            Async="true",
            Variable=[f"{name}={value}" for name, value in variables.items()],
            **fields,
        )

    async def list_action(self, name: str, timeout: float = 10.0, **fields: Fields) -> list[AmiMessage]:
        """Send an action that answers with a list of events (Status, DeviceStateList); the events without the last,
        which only ends the list. They are not given to `on_event`. Raises what `action` raises.
        """
        return await Asked(name, self._write(name, None, fields, is_list=True)).answers(timeout)

    def send(self, name: str, **fields: Fields) -> None:
        """Send an action and do not wait: dropped when the link is down, a refusal is logged. Raises Unsendable."""
        self.ask(name, None, **fields).if_refused(lambda: None)

    def stopping(self) -> None:
        """Asterisk is being stopped: it refuses every action and every login until it is there again."""
        if self._manager is not None and self.up:
            self._manager.protocol.fail(Broke.CLOSED, Sentence("Asterisk is shutting down"))

    def together(self) -> AbstractContextManager[None]:
        """What is sent within the block, without waiting, reaches Asterisk at once, in its order."""
        return nullcontext() if self._manager is None else self._manager.protocol.together()

    def _write(
        self, name: str, action_id: str | None, fields: Mapping[str, Fields], *, is_list: bool
    ) -> asyncio.Future[list[AmiMessage]]:
        if self._manager is None or not self.up:
            answer: asyncio.Future[list[AmiMessage]] = asyncio.get_running_loop().create_future()
            return failed(answer, LinkDown(Sentence("AMI {action} was not sent: {why}", action=name, why=self.reason)))
        action = {**fields, "Action": name, "ActionID": action_id or ""}
        sent: asyncio.Future[list[AmiMessage]] = self._manager.send_action(action, as_list=is_list)
        return sent

    async def _connect_and_stay(self) -> float:
        """Keep one connection until it is lost; returns when it came up (loop time). Raises LinkDown if it did not."""
        loop, times, where = asyncio.get_running_loop(), self._times, f"{self._host}:{self._port}"
        protocol = AmiConnection(
            silence=times.silence,
            answer=times.answer,
            in_flight=self._in_flight,
            list_limit=self._list_limit,
            on_lost=self._lost,
        )
        connecting = loop.create_task(self._connect(protocol))  # Manager wants a task that is done
        await connecting
        try:
            await self._log_in(protocol, where)
            self._manager = Manager(host=self._host, port=self._port, loop=loop)
            # Set here and not given above: Manager would cut them down to whole seconds.
            self._manager.ping_delay = self._manager.ping_interval = times.ping_every
            self._manager.connection_made(connecting)  # from now on it pings
            starting = LinkDown(
                Sentence(
                    "Asterisk at {where} took the login of {name} but did not say FullyBooted within "
                    "{seconds:g} s: it is still starting, or this user has no read=system in its manager.conf",
                    where=where,
                    name=self._username,
                    seconds=times.boot,
                )
            )
            uptime = (await _within(times.boot, protocol.booted, starting)).get("Uptime")
            self.uptime = float(uptime) if uptime.isdecimal() else 0.0
            self.reason = ""
            self._connects += 1
            protocol.on_event = self.on_event
            self._is_up.set()
            came_up = loop.time()
            log.info("ami-up", host=self._host, port=self._port)
            notify(self._on_up)
            await protocol.lost.wait()
            self._breaks[protocol.broke] += 1
            return came_up
        finally:
            (self._manager or protocol).close()
            self._manager = None

    async def _connect(self, protocol: AmiConnection) -> tuple[asyncio.BaseTransport, AmiConnection]:
        loop = asyncio.get_running_loop()
        where = Sentence("Asterisk's manager at {host}:{port}", host=self._host, port=self._port)
        try:
            async with asyncio.timeout(self._times.connect):
                return await loop.create_connection(lambda: protocol, self._host, self._port)
        except TimeoutError:
            raise LinkDown(
                Sentence("no connection to {manager} within {seconds:g} s", manager=where, seconds=self._times.connect)
            ) from None
        except OSError as error:
            raise LinkDown(
                Sentence("cannot connect to {manager}: {why}", manager=where, why=recognised(error))
            ) from error

    async def _log_in(self, protocol: AmiConnection, where: str) -> None:
        times = self._times
        silent = LinkDown(
            Sentence(
                "{where} did not greet as Asterisk's manager within {seconds:g} s", where=where, seconds=times.login
            )
        )
        try:
            await _within(times.login, protocol.greeted, silent)
        except LinkDown as down:
            if protocol.broke is not Broke.CLOSED or not protocol.lost.is_set():
                raise
            raise Crowded(
                Sentence(
                    "{where} closes new connections at once: too many that have not logged in are open there "
                    "(`ss -tnp` shows whose), or Asterisk is ending",
                    where=where,
                )
            ) from down
        login = {"Action": "Login", "Username": self._username, "Secret": self._secret, "Events": "on"}
        silent = LinkDown(
            Sentence("{where} did not answer the login within {seconds:g} s", where=where, seconds=times.login)
        )
        try:
            await _within(times.login, protocol.send(login), silent)
        except ActionRefused as refused:
            why = refused.message.get("Message")
            if "shutting down" in why:
                raise LinkDown(
                    Sentence("{shutting_down}: {where}", shutting_down=why, where=where)
                ) from refused  # and it may be there again in a second
            raise LoginRefused(
                Sentence(
                    "Asterisk at {where} refused the login of {name}: {why}. Compare the user name, the secret "
                    "and the permitted addresses in its manager.conf with the settings here.",
                    where=where,
                    name=self._username,
                    why=why,
                )
            ) from refused

    def _lost(self, why: str) -> None:
        if self.up:
            self._is_up.clear()
            self._down(why)

    def _down(self, why: str) -> None:
        if why != self.reason:
            self.reason = why
            log.warning("ami-down", host=self._host, port=self._port, reason=why)
            notify(self._on_down, why)


async def attempt(link: AmiLink, action: str, **fields: Any) -> bool:
    """Send an action that may fail without harm: see `Asked.done`. Raises Unsendable."""
    return await link.ask(action, **fields).done()


async def _within(seconds: float, answer: asyncio.Future[T], otherwise: Exception) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await answer
    except TimeoutError:
        raise otherwise from None


def _for_display(words: str) -> str:
    """Words that may stand in a caller id: bounded, no control characters, no quotes or brackets."""
    return _UNFIT_FOR_DISPLAY.sub("", words)[:60]
