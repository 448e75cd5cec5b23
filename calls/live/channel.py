"""A caller's channel: performs the tasks of a call through its AGI session. Knows nothing of menus or queues."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import assert_never

import structlog

from base.tasks import Tasks, Work
from calls import effects as do
from calls.events import (
    DialEnded,
    DiallingKnown,
    Event,
    HistoryKnown,
    KeyAwaited,
    PlainEvent,
    PromiseKnown,
    Recorded,
    RoomKnown,
    Said,
    TakenKnown,
)
from calls.live.takes import Takes
from dialplan.agi_session import AgiError, AgiSession, CallerGone
from dialplan.link import Asked
from dialplan.phones import browser_of
from dialplan.snapshot import (
    CALL_VARIABLE,
    COLLEAGUE_CONTEXT,
    DIALLING,
    HOLDING,
    LEG_VARIABLE,
    LOST_VARIABLE,
    MOVED_VARIABLE,
    RECORD_VARIABLE,
    RUNG_VARIABLE,
    STATUS_VARIABLE,
    SUB_HOTLINE_VARIABLE,
    TAKEN_VARIABLE,
    TRANSFERER_VARIABLE,
)
from dialplan.telephony import HOLDING_BRIDGE, LANGUAGE_VARIABLE, Telephony
from hotline.edition import Edition
from sounds.catalogue import Unspoken

log = structlog.get_logger()

ALL_KEYS = "0123456789*#"

KEY_GRACE = 0.1
"""Seconds in which STREAM FILE ends by itself if it has heard the key, too. If it has not ended by then, the key was
pressed between two commands, and the prompt is stopped from outside.
"""

STOP_AGAIN = 0.02
"""Seconds after which a prompt that still plays is stopped once more."""

SILENCE = 5
"""Seconds of silence that end a recording."""

INTERRUPTED_VARIABLE = "WUTONG_INTERRUPTED"
TURNED_AWAY_VARIABLE = "WUTONG_TURNED_AWAY"
"""Channel variables, set once the menus have begun again for this caller, and if the hotline was drained."""

MOST_KEPT = 32
"""Keys kept for later: more than a caller can mean. Further ones are dropped."""

LONGEST_PRESS = 5.0
"""Seconds after the beginning of a press in which its key is reported for a second time."""

EARLY = 0.5
"""Seconds by which an INFO may come before the beginning of its press."""


@dataclass(slots=True)
class _Press:
    """A press whose beginning was reported, at `began`. `counted`: as a key; a later report is of the same press."""

    began: float
    counted: bool


class Keys:
    """The keys that a caller pressed, in their order, each once. `now`: seconds.

    They are heard in two ways: AMI reports every key, AGI only those pressed during a command. AGI is at times earlier,
    AMI is complete. Neither says "this is the same press", so each source counts the presses of each key, and the
    higher count is the real one. While AMI is down, only AGI is heard; when AMI comes or goes, both counts are set
    equal.

    Some phones send each key twice, as RFC 4733 events and by SIP INFO, and Asterisk reports the end of both. Only RFC
    4733 has a beginning, which AMI reports. So the ends of one key that come around one beginning are one press.
    """

    def __init__(self) -> None:
        self._ami: Counter[str] = Counter()
        self._agi: Counter[str] = Counter()
        self._presses: dict[str, _Press] = {}  # the newest of each key
        self._without: dict[str, float] = {}  # when a key counted whose beginning was not reported
        self._pressed: deque[str] = deque()

    def __len__(self) -> int:
        return len(self._pressed)

    def begins(self, key: str, now: float) -> None:
        """AMI reports that a press begins. It counts when it ends, unless an INFO has come before."""
        early = now - self._without.pop(key, -inf) <= EARLY
        self._presses[key] = _Press(now, counted=early)

    def from_ami(self, key: str, now: float) -> bool:
        """True if it is a press that has not counted before."""
        self._ami[key] += 1
        return self._ami[key] > self._agi[key] and not self._again(key, now) and self._keep(key, now)

    def from_agi(self, key: str, now: float) -> bool:
        """True if it is a press that has not counted before. In doubt AMI decides, when it reports the key."""
        if self._agi[key] >= self._ami[key] and self._again(key, now):
            return False
        self._agi[key] += 1
        return self._agi[key] > self._ami[key] and self._keep(key, now)

    def level(self) -> None:
        """The AMI link came or went: set both counts equal, whatever either has missed."""
        both = self._ami | self._agi
        self._ami, self._agi = both, both.copy()
        self._presses.clear()
        self._without.clear()

    def take(self) -> str | None:
        """The oldest key not taken yet."""
        return self._pressed.popleft() if self._pressed else None

    def clear(self) -> None:
        self._pressed.clear()

    def _again(self, key: str, now: float) -> bool:
        """Whether `key`, reported now, is a press that has counted."""
        press = self._presses.get(key)
        return press is not None and press.counted and now - press.began <= LONGEST_PRESS

    def _keep(self, key: str, now: float) -> bool:
        press = self._presses.get(key)
        if press is None or press.counted:
            self._without[key] = now
        else:
            press.counted = True
        if len(self._pressed) >= MOST_KEPT:
            return False
        self._pressed.append(key)
        return True


class SentElsewhere(CallerGone):
    """Asterisk ended the application that held or dialled: the caller hung up, or was sent elsewhere."""


class Channel:
    """Performs one task at a time; `stop_saying`, `key` and the like are called meanwhile.

    caller     unique id of the channel, `name` its name; both empty until a call from before a restart is found
    telephony  what else Asterisk is asked; `tasks` owns what is asked
    call_id    for the channel to carry
    number     the caller's
    takes      where the caller's message is recorded; `records`: as in `Rings`
    promise    whether a number is to be called back
    now        the time in epoch seconds
    trunk      whether numbers other than agents' can be dialled
    """

    def __init__(
        self,
        telephony: Telephony,
        tasks: Tasks,
        now: Callable[[], float],
        *,
        trunk: bool,
        call_id: str,
        number: str,
        takes: Takes,
        promise: Callable[[str], PromiseKnown],
        records: Callable[[str, str], str],
    ) -> None:
        self.caller = self.name = ""
        self.keys = Keys()
        self.telephony = telephony
        self.tasks = tasks
        self._call_id = call_id
        self._number, self._takes, self._promise, self.records = number, takes, promise, records
        self._now = now
        self._trunk = trunk
        self._session: AgiSession | None = None
        self._news = asyncio.Event()  # a key has come, or AMI came or went
        self._awaiting = False  # a menu waits for the next key
        self._prompt = 0  # number of the prompt that plays or played last
        self._playing = False
        self._listening = False  # a key ends the prompt that plays
        self._interrupted = False
        self._stopping: asyncio.Task[None] | None = None
        self._silent = asyncio.Event()

    def attach(self, session: AgiSession) -> None:
        """A session begins; nothing plays to the caller."""
        self._session = session
        self.caller, self.name = session.request.uniqueid, session.request.channel
        self._stopping = None
        self.keys.level()

    @property
    def session(self) -> AgiSession:
        assert self._session is not None, "attach() comes before the first task"
        return self._session

    @property
    def attached(self) -> bool:
        """Whether there is a session that has not ended."""
        return self._session is not None and not self._session.gone

    def close(self) -> None:
        """End the session, if there is one; the dialplan goes on behind it."""
        if self._session is not None:
            self._session.close()

    # -- tasks -------------------------------------------------------------------------------------------------------

    def decided(self) -> None:
        """What to do next is decided: a stop counts for it from now on, also before `perform` has begun."""
        self._interrupted = False

    async def perform(self, task: do.Task, edition: Edition) -> Event:
        """Perform the task; returns its result. Raises CallerGone, SentElsewhere."""
        match task:
            case do.PlainTask():
                return await self._perform_plain(task)
            case do.Say():
                interrupted = await self._say(task, edition)
                return Said(edition.catalogue.text(task.speech, task.language), interrupted)
            case do.AwaitKey(seconds):
                return KeyAwaited(await self._await_key(seconds))
            case do.AskPromise(number):
                return self._promise(number)
            case do.MarkCall(turned_away, language):
                await self._set(
                    {
                        CALL_VARIABLE: self._call_id,
                        MOVED_VARIABLE: "",
                        SUB_HOTLINE_VARIABLE: "",  # left by an earlier call of this channel
                        LANGUAGE_VARIABLE: language,
                        **({TURNED_AWAY_VARIABLE: "1"} if turned_away else {}),
                    }
                )
            case do.MarkQueue(language):
                await self._set({LANGUAGE_VARIABLE: language, TAKEN_VARIABLE: "", TRANSFERER_VARIABLE: ""})
            case do.MarkDialling(mark, language):
                marks = {
                    MOVED_VARIABLE: "",
                    TAKEN_VARIABLE: "",
                    SUB_HOTLINE_VARIABLE: mark,
                    STATUS_VARIABLE: "",
                    LOST_VARIABLE: "",
                    LANGUAGE_VARIABLE: language,
                    f"_{LEG_VARIABLE}": self._call_id,
                }
                await self._set(marks)
            case do.Dial():
                return await self._dial(task)
            case do.RecordMessage(seconds):
                return await self._record(seconds)
            case _:
                assert_never(task)
        return PlainEvent.DONE

    async def _perform_plain(self, task: do.PlainTask) -> Event:
        match task:
            case do.PlainTask.ANSWER:
                await self.session.answer()
            case do.PlainTask.HOLD:
                if await self.session.execute(HOLDING, HOLDING_BRIDGE, "participant", "m(default)") == "-1":
                    raise SentElsewhere
                return PlainEvent.HOLD_ENDED
            case do.PlainTask.CLEAR_DIALLING:
                nobody = {MOVED_VARIABLE: "", RUNG_VARIABLE: "", SUB_HOTLINE_VARIABLE: "", TAKEN_VARIABLE: ""}
                await self._set({CALL_VARIABLE: self._call_id, **nobody})  # the call: see `Telephony.note_call`
            case do.PlainTask.MARK_INTERRUPTED:
                await self._set({INTERRUPTED_VARIABLE: "1"})
            case do.PlainTask.MARK_DONE:
                await self._set({"WUTONG_DONE": "1"})
            case do.PlainTask.ASK_TAKEN:
                return TakenKnown(await self._get(TAKEN_VARIABLE))
            case do.PlainTask.ASK_DIALLING:
                return DiallingKnown(await self._get(SUB_HOTLINE_VARIABLE))
            case do.PlainTask.ASK_DIAL_RESULT:
                return await self._dial_result()
            case do.PlainTask.ASK_HISTORY:
                turned_away = bool(await self._get(TURNED_AWAY_VARIABLE))
                return HistoryKnown(turned_away, not turned_away and bool(await self._get(INTERRUPTED_VARIABLE)))
            case do.PlainTask.ASK_ROOM:
                return RoomKnown(await self._takes.room(self._number))
            case do.PlainTask.PLAY_MESSAGE:
                await self._play(self._takes.prompt(self._call_id), keys=True)
            case _:
                assert_never(task)
        return PlainEvent.DONE

    async def _set(self, variables: Mapping[str, str]) -> None:
        """The values are ours, without commas."""
        await self.session.execute("MSet", *(f"{name}={value}" for name, value in variables.items()))

    async def _get(self, variable: str) -> str:
        return await self.session.get_variable(variable) or ""

    async def _dial(self, dial: do.Dial) -> DialEnded:
        if not (dial.agent or self._trunk):
            return DialEnded("CHANUNAVAIL", "3")  # there is no way to this number
        target = f"PJSIP/{await self._phone(dial.number)}" if dial.agent else f"PJSIP/{dial.number}@trunk"
        options = "gim(default)" if dial.music else "gri"
        if dial.record and (file := self.records(self._call_id, "")):
            await self.session.execute("Set", f"_{RECORD_VARIABLE}={file}")
            options += f"U({COLLEAGUE_CONTEXT})"
        result = await self.session.execute(DIALLING, target, str(int(dial.seconds)), options)
        ended = await self._dial_result()
        if result == "-1" or ended.status == "CANCEL":
            raise SentElsewhere
        return ended

    async def _phone(self, agent: str) -> str:
        """The agent's phone in the browser if that can be reached, else the SIP phone: the rule of `phone.inc` in the
        dialplan. Asked by AGI, as AMI may be away.
        """
        browser = browser_of(agent)
        return browser if await self._get(f"PJSIP_DIAL_CONTACTS({browser})") else agent

    async def _dial_result(self) -> DialEnded:
        status, cause = await self._get(STATUS_VARIABLE), await self._get("HANGUPCAUSE")
        return DialEnded(status, cause, lost=status == "ANSWER" and bool(await self._get(LOST_VARIABLE)))

    # -- saying and listening ----------------------------------------------------------------------------------------

    async def _say(self, task: do.Say, edition: Edition) -> bool:
        """True if it was cut short, by a key (where `keys`) or by `stop_saying`."""
        try:
            paths = edition.catalogue.files(task.speech, task.language)
        except Unspoken as error:
            log.error("prompt-missing", why=str(error))
            paths = []  # the caller hears silence, and reaches a person in the end: better than a lost call
        for path in paths:
            if self._interrupted or (task.keys and len(self.keys)):
                return True
            if await self._play(path, task.keys):
                return True
        return self._interrupted or (task.keys and len(self.keys) > 0)

    async def _play(self, path: str, keys: bool) -> bool:
        """True if a key that counts ended it. AMI may report that key later; `self.keys` does not count it twice."""
        self._prompt += 1
        self._playing, self._listening = True, keys
        self._silent.clear()
        end = 0
        try:
            while True:
                key, end = await self.session.stream_file(path, ALL_KEYS if keys else "", begin=end)
                if not key or self._interrupted or self._counts(key):
                    break
        except AgiError as error:
            log.error("prompt-not-played", why=str(error))
            key = ""
        finally:
            self._playing = self._listening = False
            self._silent.set()
        if self._stopping is not None:
            await asyncio.wait((self._stopping,))  # a stop that is on its way must not hit the next prompt
            self._stopping = None
        return bool(key)

    def _counts(self, key: str) -> bool:
        """AGI has heard a key, which ended the prompt. False: the prompt goes on. The press has counted before, as AMI
        was earlier or the phone sends each key twice; or AMI is to report it yet, and stops the prompt then.
        """
        return self.keys.from_agi(key, self._now()) or len(self.keys) > 0

    async def _record(self, seconds: float) -> Recorded:
        """Record the caller's message. A hang-up leaves the file as it is."""
        await self._play(self._takes.tone, keys=False)
        file = str(self._takes.file(self._call_id))
        try:
            await self.session.record(file, seconds, silence=SILENCE, keep=True)
        except AgiError as error:
            log.error("message-not-recorded", why=str(error))
        if await self._get("RECORD_STATUS") == "DTMF":
            self.keys.from_agi("#", self._now())  # AMI reports it, too: it is the end of this, and no choice
        self.keys.clear()
        return Recorded(await self._takes.heard(self._call_id))

    async def _await_key(self, seconds: float) -> str | None:
        """The next key, or None after `seconds` without one, or by `stop_saying`. While AMI is down, AGI listens."""
        until = asyncio.get_running_loop().time() + seconds

        def left() -> float:
            return max(until - asyncio.get_running_loop().time(), 0.0)

        while (key := self.keys.take()) is None and self.telephony.link.up and not self._interrupted:
            self._news.clear()
            self._awaiting = True
            try:
                await self.session.wait(self._news, left())
            finally:
                self._awaiting = False
            if not self._news.is_set():
                return None
        if key is None and not self._interrupted and (heard := await self.session.wait_for_digit(left())):
            self.keys.from_agi(heard, self._now())
            key = self.keys.take()
        return key

    # -- what comes from outside --------------------------------------------------------------------------------------

    def link_changed(self) -> None:
        """AMI came or went."""
        self.keys.level()
        self._news.set()

    def key_begins(self, key: str) -> None:
        """AMI has heard the beginning of a key."""
        self.keys.begins(key, self._now())

    def key(self, key: str) -> bool:
        """AMI has heard a key. True: the machine is to be told. False: the key is known already, there are too many,
        or a menu has waited for it.
        """
        if not self.keys.from_ami(key, self._now()):
            return False
        self._news.set()
        if self._awaiting:
            return False
        if self._listening:
            asyncio.get_running_loop().call_later(KEY_GRACE, self._stop_deaf_prompt, self._prompt)
        return True

    def stop_saying(self) -> None:
        """Stop what is being said, now, or the wait for a key."""
        self._interrupted = True
        self._news.set()
        if self._playing:
            self._stop(self._prompt)

    def _stop_deaf_prompt(self, prompt: int) -> None:
        if self._listening and self._prompt == prompt:
            self._stop(prompt)

    def _stop(self, prompt: int) -> None:
        if self._stopping is None:
            asked = self.telephony.stop_prompt(self.name)
            self._stopping = self.tasks.spawn(Work.STOP_PROMPT, self._stop_until_silent(prompt, asked))

    async def _stop_until_silent(self, prompt: int, asked: Asked) -> None:
        """A stop that comes before Asterisk has begun to play is lost, so it is repeated while the prompt plays.
        `asked`: the first one.
        """
        while await asked.done():
            # not `wait_for`: in Python 3.11 it may swallow the cancelling of the session's task, which waits for this
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_AGAIN):
                    await self._silent.wait()
            if not self._playing or self._prompt != prompt:
                return
            asked = self.telephony.stop_prompt(self.name)
