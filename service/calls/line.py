"""A caller's line: saying, listening for keys, holding, putting through. Knows nothing of menus or queues."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

import structlog

from dialplan.fastagi import AgiError, AgiSession, CallerGone
from dialplan.telephony import DIALLING, HOLDING, HOLDING_BRIDGE, STATUS_VARIABLE, TAKEN_VARIABLE, Telephony
from service.calls.keys import Keys
from sounds.catalogue import Catalogue, Unspoken
from sounds.model import Speech

log = structlog.get_logger()

ALL_KEYS = "0123456789*#"

KEY_GRACE = 0.1
"""Seconds in which STREAM FILE ends by itself if it heard the key that AMI told of. If it has not ended by then, the
key was pressed between two commands, and the prompt is stopped from outside."""

COMING = 5.0
"""Seconds in which the dialplan brings a caller to a new session whom nothing holds any more. If it has not, the other
end of his last session is gone without a word (the machine of the last service died, or a firewall forgot the
connection), and AGI() would wait for it for ever."""

LATE = 1.0
"""Seconds by which that is noticed too late where the service was frozen. Then he may have come meanwhile."""

STOP_AGAIN = 0.02
"""Seconds after which a prompt that still plays is stopped once more."""


@dataclass(frozen=True, slots=True)
class DialResult:
    """`status` as DIALSTATUS has it (ANSWER, BUSY, NOANSWER, CHANUNAVAIL, CONGESTION, CANCEL), `cause` per Q.850."""

    status: str
    cause: str

    @property
    def answered(self) -> bool:
        return self.status == "ANSWER"


class Line:
    """One at a time uses it: the coroutine of the call. The listener's methods (`key`, `held`, …) come from outside.

    A line lives as long as its caller, an AGI session may not: after `attach` the coroutine may say, hold and put
    through; without a session the caller is where he was, and `bring_back` leads him to a new one.

    caller, channel  unique id and name of his channel; empty as long as a call from before a restart is not found
    gone             he is known to be gone, or was sent elsewhere by Asterisk
    tasks            owns what is asked of Asterisk beside the coroutine
    """

    def __init__(self, telephony: Telephony, tasks: asyncio.TaskGroup, caller: str = "", channel: str = "") -> None:
        self.caller = caller
        self.channel = channel
        self.gone = False
        self.keys = Keys()
        self._session: AgiSession | None = None
        self._telephony = telephony
        self._tasks = tasks
        self._key_came = asyncio.Event()
        self._prompt = 0  # number of the prompt that plays or played last
        self._playing = False
        self._listening = False  # to keys, while it plays
        self._interrupted = False
        self._stopping: asyncio.Task[None] | None = None
        self._silent = asyncio.Event()
        self._held = False
        self._wanted_back = False
        self._kicked = False
        self._coming: asyncio.TimerHandle | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._fetched = False  # since his last session
        self._doubtful = False  # that may break off this session

    def attach(self, session: AgiSession) -> None:
        """A session begins: the caller is in no bridge, and nothing is said to him."""
        self._session = session
        self.forget()
        self._doubtful, self._fetched = self._fetched, False
        self.caller, self.channel = session.request.uniqueid, session.request.channel
        self._stopping = None
        self._held = False
        self.keys.level()

    @property
    def session(self) -> AgiSession:
        assert self._session is not None, "attach() comes before the first word"
        return self._session

    @property
    def attached(self) -> bool:
        """Whether a session is there that is not over."""
        return self._session is not None and not self._session.gone

    def expect(self) -> None:
        """Nothing holds him any more: without a session he is on his way to one, and is fetched if it takes long."""
        if self._coming is None and not self.attached:
            due = asyncio.get_running_loop().time() + COMING
            self._coming = asyncio.get_running_loop().call_at(due, self._fetch, due)

    def forget(self) -> None:
        """He is expected no more. Nor is he fetched who has come while Asterisk was asked where he is."""
        if self._coming is not None:
            self._coming.cancel()
            self._coming = None
        if self._fetching is not None:
            self._fetching.cancel()
            self._fetching = None

    def _fetch(self, due: float) -> None:
        self._coming = None
        if asyncio.get_running_loop().time() > due + LATE:
            self.expect()  # who knocked in the freeze comes in first
            return
        self._fetching = self._tasks.create_task(self._lead_back())

    async def _lead_back(self) -> None:
        self._fetched = True
        self._fetched = await self._telephony.lead_back(self.caller, self.channel)

    def close(self) -> None:
        """End the session, if there is one; the dialplan goes on behind it."""
        if self._session is not None:
            self._session.close()

    # -- told from outside ---------------------------------------------------------------------------------------

    def key(self, key: str) -> bool:
        """AMI has heard a key. False: it is known already, or there are too many."""
        if not self.keys.from_ami(key):
            return False
        self._key_came.set()
        if self._listening:
            asyncio.get_running_loop().call_later(KEY_GRACE, self._stop_deaf_prompt, self._prompt)
        return True

    def held(self) -> None:
        """The caller has entered the holding bridge."""
        self._held = True
        if self._wanted_back:
            self._kick()

    def released(self) -> None:
        """He has left a bridge, or a sub-hotline that rang has not answered."""
        self._held = False
        self.expect()

    # -- saying and listening ------------------------------------------------------------------------------------

    async def say(self, catalogue: Catalogue, speech: Speech, language: str, *, keys: bool = True) -> bool:
        """Play what is to be said; True if it was cut short, by a key (where `keys`) or by `interrupt`.

        Raises CallerGone.
        """
        self._interrupted = False
        try:
            paths = catalogue.files(speech, language)
        except Unspoken as error:
            log.error("prompt-missing", why=str(error))  # silence, and a person in the end, rather than a lost call
            paths = []
        for path in paths:
            if self._interrupted or (keys and len(self.keys)):
                return True
            if await self._play(path, keys):
                return True
        return self._interrupted or (keys and len(self.keys) > 0)

    async def _play(self, path: str, keys: bool) -> bool:
        """True if a key ended it. That key may still have to be told by AMI, before `self.keys` takes it for a new one.

        Raises CallerGone.
        """
        self._prompt += 1
        self._playing, self._listening = True, keys
        self._silent.clear()
        try:
            key = await self.session.stream_file(path, ALL_KEYS if keys else "")
        except AgiError as error:
            log.error("prompt-not-played", why=str(error))
            key = ""
        finally:
            self._playing = self._listening = False
            self._silent.set()
        if key:
            self.keys.from_agi(key)
        if self._stopping is not None:
            await self._stopping  # a stop on its way must not hit the next prompt
            self._stopping = None
        return bool(key)

    async def next_key(self, seconds: float, *, by_agi: bool) -> str | None:
        """The next key, or None after `seconds` without one. `by_agi`: AMI is down, listen through AGI.

        Raises CallerGone.
        """
        if (key := self.keys.take()) is not None:
            return key
        if by_agi:
            if key := await self.session.wait_for_digit(seconds):
                self.keys.from_agi(key)
            return self.keys.take()
        self._key_came.clear()
        gone = asyncio.ensure_future(self.session.wait_gone())
        came = asyncio.ensure_future(self._key_came.wait())
        try:
            await asyncio.wait({gone, came}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            came.cancel()
        if self.session.gone:
            raise CallerGone
        return self.keys.take()

    def interrupt(self) -> None:
        """Stop what is being said, now."""
        self._interrupted = True
        if self._playing:
            self._stop(self._prompt)

    def _stop_deaf_prompt(self, prompt: int) -> None:
        if self._listening and self._prompt == prompt:
            self._stop(prompt)

    def _stop(self, prompt: int) -> None:
        if self._stopping is None:
            self._stopping = self._tasks.create_task(self._stop_until_silent(prompt))

    async def _stop_until_silent(self, prompt: int) -> None:
        """A stop that comes before Asterisk has begun to play is lost, so it is repeated while the prompt plays."""
        while self._playing and self._prompt == prompt and await self._telephony.stop_prompt(self.channel):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._silent.wait(), STOP_AGAIN)

    # -- holding ---------------------------------------------------------------------------------------------------

    async def hold(self) -> bool:
        """Into the holding bridge, with music; True when brought back, False when a leg took him out and is gone.

        Raises CallerGone when he hung up or was sent elsewhere.
        """
        if self._wanted_back:
            self._wanted_back = False
            return True
        self._kicked = False
        self._held = False
        result = await self.session.execute(HOLDING, HOLDING_BRIDGE, "participant", "m(default)")
        self._held = False
        if result == "-1":
            self._left()
        self._wanted_back = False
        return self._kicked

    @property
    def was_brought_back(self) -> bool:
        """Whether it is because of `bring_back` that he is in no bridge any more."""
        return self._kicked

    def _left(self) -> NoReturn:
        self.lost()
        self.close()
        raise CallerGone

    def lost(self) -> None:
        """His session says that he is gone. That is not believed of one in which he came as he was fetched: he may have
        been led to another one, and AMI tells what becomes of him.
        """
        self.gone = self.gone or not self._doubtful

    def bring_back(self) -> None:
        """End `hold` as soon as it can be ended. Never while he talks with an agent."""
        self._wanted_back = True
        if self._held:
            self._kick()

    def take_out(self) -> None:
        """Out of the bridge in which he talked, and in which nobody is any more."""
        self._kick()

    def stay(self) -> None:
        """There is no reason any more to bring him back."""
        self._wanted_back = False

    @property
    def is_held(self) -> bool:
        """Whether he is in the holding bridge, and is to stay there."""
        return self._held

    def _kick(self) -> None:
        self._kicked = True
        self._held = False
        self._tasks.create_task(self._telephony.kick(self.channel))
        self.expect()

    # -- putting through, ending -------------------------------------------------------------------------------------

    async def dial(self, target: str, seconds: float) -> DialResult:
        """Put him through; returns when the conversation is over or did not come about. Raises CallerGone."""
        result = await self.session.execute(DIALLING, target, str(int(seconds)), "gri")
        dialled = await self.dialled()
        if result == "-1" or dialled.status == "CANCEL":
            self._left()
        return dialled

    async def dialled(self) -> DialResult:
        """What came of the last `dial`, also of one in an earlier session."""
        status = await self.session.get_variable(STATUS_VARIABLE) or ""
        return DialResult(status, await self.session.get_variable("HANGUPCAUSE") or "")

    async def taken(self) -> str:
        """The offer whose leg has taken him out of the holding bridge last; "" if none ever did."""
        return await self.session.get_variable(TAKEN_VARIABLE) or ""

    async def set_variables(self, variables: Mapping[str, str]) -> None:
        """Set on the channel what a restart needs to take the call up. Values are ours: no commas."""
        await self.session.execute("MSet", *(f"{name}={value}" for name, value in variables.items()))
