"""Runs the self-test: one call at a time, never in the way of citizens' calls, and judges what each call met.

It calls through Asterisk as `POST /calls` does: as test calls, which no figure counts and no agent answers.
"""

import asyncio
import shutil
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import structlog

from base.tasks import Tasks, Work
from calls.call_commands import FINISHING, finished
from calls.live.rehearsal import NotArrived, Rehearsals, Speech, new_token
from dialplan.ami_connection import ActionRefused, LinkDown
from hotline.edition import Edition, Editions
from hotline.inwords import told, walked, words
from hotline.model import Hotline
from ivr.walk import Facts
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from publishing.speech import recogniser
from selftest.model import (
    MOST_WAYS,
    Difference,
    LastSelftest,
    Outcome,
    Stopped,
    Way,
    What,
    as_data,
    differences,
    has_sound,
    heard_out,
    is_misheard,
    next_run,
    pressed,
    seconds_to_person,
    ways,
    where,
    written,
)
from settings.settings import Settings
from sounds import audio
from sounds.catalogue import Unspoken
from sounds.environment import CompanionFailed
from sounds.hearing import Recogniser
from sounds.model import Heard, Phrase
from trees.trying import cut

log = structlog.get_logger()

LONGEST = 4 * 3_600.0
"""Seconds of a self-test: it is not to last into the day."""

PATIENCE = 600.0
"""Seconds for which a self-test waits until no citizen waits."""

LONGEST_CALL = 600.0
LATE = 20.0
"""Seconds after a call's time in which it must have ended."""

A_CHARACTER = 0.5
A_TURN = 3.0
A_TALK = 90.0
"""Seconds that what is said, what is done, and a talk with a robot agent or a department take at most."""

LOOK_AT_CLOCK = 600.0
"""Seconds: the clock of the machine may be set."""

_BREATH = 0.6
"""Seconds after the caller's own words in a talk: then the robot agent may begin."""

_LAG = 0.05
_MARGIN = 0.2
"""Seconds after the end of a prompt in which its sound may still be in the recording: of a file, and where it must be
silent.
"""

MOST_LATE = 0.8
"""Seconds after the beginning of a call in which its recording begins at the latest."""

_FREES = frozenset((Kind.CONNECTED, Kind.LEFT_QUEUE, Kind.CALL_FINISHED))


class NotNow(Exception):
    """No self-test begins. `why` None: one runs already."""

    def __init__(self, why: Stopped | None) -> None:
        super().__init__(why)
        self.why = why


@dataclass(slots=True)
class _Call:
    """A call of the self-test. `records`: those of all test calls since it was placed."""

    token: str
    recording: Path
    speech: Speech
    id: str = ""
    in_the_way: bool = False
    records: list[Record] = field(default_factory=list)

    @property
    def story(self) -> list[Record]:
        return [record for record in self.records if record.call == self.id]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What was said in one go, the file of what was heard of it, and whether that was anything at all."""

    language: str
    text: str
    file: Path
    heard: bool
    by_caller: bool = False


@dataclass(eq=False)
class Selftest:
    """`last`: gets what comes of it, by Records. `write`: a Record's way. `now`: epoch seconds.

    `not_now` answers why no call can be made at this moment, None: it can. `busy`: whether citizens wait, or there are
    many calls. `connects`: how often the link to Asterisk came up so far. `not_begun`: the last nightly one could not.
    """

    settings: Settings
    editions: Editions
    rehearsals: Rehearsals
    last: LastSelftest
    tasks: Tasks
    write: Callable[[Record], None]
    now: Callable[[], float]
    not_now: Callable[[], Stopped | None]
    busy: Callable[[], bool]
    connects: Callable[[], int]
    progress: Outcome | None = None
    not_begun: bool = False
    way: str = ""
    _call: _Call | None = None
    _stop: bool = False
    _task: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, record: Record) -> None:
        """Every Record passes here. A citizen who comes to a queue ends the call that is under way."""
        if self.progress is None:
            return
        call = self._call
        if call is not None and record.test:
            call.records.append(record)
        elif call is not None and record.kind is Kind.QUEUED:
            call.in_the_way = True
        elif record.kind not in _FREES:
            return
        self._changed.set()

    def begin(self, actor: Actor) -> None:
        """Begin a self-test. Raises NotNow."""
        if self.progress is not None:
            raise NotNow(None)
        if (why := self.not_now()) is not None:
            raise NotNow(why)
        self._stop = self.not_begun = False
        self.progress = Outcome(self.now(), str(actor), 0)
        self._task = self.tasks.spawn(Work.SELFTEST, self._run(actor))

    def stop(self) -> bool:
        """End the one that runs; False: none does."""
        self._stop = self.progress is not None
        self._changed.set()
        return self._stop

    def close(self) -> None:
        """The service ends: it would wait for a self-test that runs."""
        if self._task is not None:
            self.tasks.cancel(self._task)

    async def nightly(self) -> None:
        """Begin one each night at the time of the settings. Runs until cancelled."""
        at = self.settings.selftest.at
        assert at is not None, "else nobody runs it"
        while True:
            due = next_run(self.now(), at, self.editions.in_use.hotline.zone)
            await asyncio.sleep(min(due - self.now(), LOOK_AT_CLOCK))
            if self.now() < due:
                continue
            try:
                self.begin(SYSTEM)
            except NotNow as error:
                self.not_begun = error.why is not None
                log.warning("selftest-not-begun", why=str(error.why or "running"))

    async def _run(self, actor: Actor) -> None:
        stopped: Stopped | None = Stopped.BROKE
        folder: Path | None = None
        try:
            folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="wutong-selftest-"))
            async with Recogniser(recogniser()) as ear:
                stopped = await self._call_all(actor, folder, ear)
        except asyncio.CancelledError:  # the service ends; the next one knows from the Records
            self.progress = self._call = None
            raise
        finally:
            if folder is not None:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            if (made := self.progress) is not None:
                self.progress = self._call = None
                self.way = ""
                made = replace(made, ended=self.now(), stopped=stopped)
                self.write(Record(self.now(), Kind.SELFTEST_ENDED, data=as_data(made), actor=actor))
                if made.differences or stopped is not None:
                    found = len(made.differences) + made.more
                    log.warning("selftest-differs", differences=found, called=made.called, stopped=stopped)

    async def _call_all(self, actor: Actor, folder: Path, ear: Recogniser) -> Stopped | None:
        """Make all calls, one after another; why not all of them."""
        edition, until = self.editions.in_use, self.now() + LONGEST
        hotline = edition.hotline
        moment = datetime.fromtimestamp(self.now(), hotline.zone)
        planned = await asyncio.to_thread(ways, hotline, moment)
        listens = await asyncio.to_thread(ear.environment.ready)
        self.progress = replace(self._made, ways=len(planned), recogniser=listens)
        self.write(Record(self.now(), Kind.SELFTEST_STARTED, data={"ways": len(planned)}, actor=actor))
        understood: set[tuple[str, str]] = set()
        for way in planned[:MOST_WAYS]:
            judged = False
            while not judged:
                why = await self._quiet()
                if why is None and self.editions.in_use.hotline.version != hotline.version:
                    why = Stopped.CHANGED
                if why is None and self.now() > until:
                    why = Stopped.LATE
                if why is not None:
                    return why
                try:
                    judged = await self._try(way, edition, actor, folder, ear, understood)
                except (LinkDown, ActionRefused):
                    return Stopped.AWAY
        return Stopped.MANY if len(planned) > MOST_WAYS else None

    @property
    def _made(self) -> Outcome:
        assert self.progress is not None, "while one runs"
        return self.progress

    async def _quiet(self) -> Stopped | None:
        """Wait until a call would be in nobody's way; why none is to be made."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while True:
                    self._changed.clear()
                    if self._stop:
                        return Stopped.ASKED
                    if (why := self.not_now()) is not None:
                        return why
                    if not self.busy():
                        return None
                    await self._changed.wait()
        return Stopped.BUSY

    async def _try(
        self,
        way: Way,
        edition: Edition,
        actor: Actor,
        folder: Path,
        ear: Recogniser,
        understood: set[tuple[str, str]],
    ) -> bool:
        """Make the call and judge it; False: it was broken off. Raises LinkDown, ActionRefused."""
        hotline, made = edition.hotline, self._made
        facts = Facts(datetime.fromtimestamp(self.now(), hotline.zone), "", way.number, hotline.known(""))
        way = way._replace(walk=walked(hotline, facts, way.keys))
        self.way = where(way)
        call, connects = await self._new_call(edition, way.walk.language), self.connects()
        pieces = folder / call.token
        try:
            await self._place(call, way, hotline, actor)
            if not await self._followed(call, way, hotline) or self.connects() != connects or self._is_away():
                return False
            await self._measured(call)
            story = call.story
            found = list(differences(way, hotline, story))
            spoken = await asyncio.to_thread(_pieces, call, way, edition, pieces)
            if spoken is None:
                found.append(Difference(way.number, way.keys, What.NOT_RECORDED))
            else:
                found += [each async for each in self._unheard(way, spoken, ear, understood)]
        except NotArrived:
            if self.connects() != connects or self._is_away():
                return False
            self.progress = made.with_call([Difference(way.number, way.keys, What.NOT_PLACED)])
            return True
        finally:
            self._call = None
            self.rehearsals.hang_up(call.token)
            await asyncio.to_thread(_remove, pieces, call.recording, call.speech.heard)
        line = next((record.data["sub_hotline"] for record in story if record.kind is Kind.SUB_HOTLINE_SPARED), None)
        self.progress = self._made.with_call(found, line, seconds_to_person(story))
        return True

    def _is_away(self) -> bool:
        """Keys and orders of a call are lost while Asterisk is away: what it meets then says nothing."""
        return self.not_now() is Stopped.AWAY

    async def _new_call(self, edition: Edition, language: str) -> _Call:
        token, recordings = new_token(robot=True), self.settings.folder.recordings
        files, long = await asyncio.to_thread(_own_words, edition, language)
        return _Call(token, recordings / f"{token}.wav", Speech(files, long, recordings / f"{token}.robot.wav"))

    async def _place(self, call: _Call, way: Way, hotline: Hotline, actor: Actor) -> None:
        """Raises NotArrived, LinkDown, ActionRefused."""
        self._call, seconds = call, _seconds(way, hotline)
        call.id = await self.rehearsals.place(
            *(call.token, way.number, pressed(way.walk), "", seconds, call.recording, actor),
            hear_out=True,
            speech=call.speech,
        )

    async def _followed(self, call: _Call, way: Way, hotline: Hotline) -> bool:
        """Play the citizen's part until the call has ended, or its time is over; False: it was broken off."""
        seen = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(_seconds(way, hotline) + LATE):
                while True:
                    self._changed.clear()
                    if call.in_the_way or self._stop:
                        return False
                    story = call.story
                    for done in range(seen, len(story)):
                        if story[done].kind is Kind.CALL_FINISHED:
                            return True
                        if story[done].kind in (Kind.CONNECTED, Kind.SUB_HOTLINE_ANSWERED):
                            farewell = story[done].kind is Kind.SUB_HOTLINE_ANSWERED
                            self.rehearsals.speak(call.token, farewell=farewell)
                        if heard_out(way, hotline, story[: done + 1]):
                            self.rehearsals.hang_up(call.token)
                    seen = len(story)
                    await self._changed.wait()
        self.rehearsals.hang_up(call.token)
        return True

    async def _measured(self, call: _Call) -> None:
        """Wait for what Asterisk tells of a department's phone: after the call, and of a short talk nothing."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FINISHING):
                while Kind.LEG_MEASURED not in (kinds := {record.kind for record in call.story}):
                    if Kind.SUB_HOTLINE_ANSWERED not in kinds:
                        return
                    self._changed.clear()
                    await self._changed.wait()

    async def _unheard(
        self, way: Way, pieces: Sequence[_Piece], ear: Recogniser, understood: set[tuple[str, str]]
    ) -> AsyncIterator[Difference]:
        """What was said and not heard. A text is listened to once in a self-test: that takes the processor longest."""
        for piece in pieces:
            if not piece.heard:
                if piece.by_caller:
                    yield Difference(way.number, way.keys, What.AGENT_HEARS_NOTHING, written(way.walk.end))
                else:
                    yield Difference(way.number, way.keys, What.NOTHING_HEARD, piece.text)
                continue
            known = (piece.language, f"{piece.by_caller} {piece.text}")
            if known in understood or not self._made.recogniser:
                continue
            understood.add(known)
            heard = await self._heard(piece, ear)
            if heard is not None and is_misheard(heard.errors, heard.length):
                what = What.AGENT_MISHEARS if piece.by_caller else What.MISHEARD
                yield Difference(way.number, way.keys, what, piece.text, heard.heard)

    async def _heard(self, piece: _Piece, ear: Recogniser) -> Heard | None:
        """What the recogniser hears. Without it the self-test goes on, and says so."""
        try:
            (heard,) = await ear.judge(piece.language, [(piece.file, piece.text)])
        except CompanionFailed as problem:
            log.warning("selftest-deaf", why=str(problem))
            self.progress = replace(self._made, recogniser=False)
            return None
        return heard


def _own_words(edition: Edition, language: str) -> tuple[list[str], float]:
    """The sounds of what the caller says in a talk, as Asterisk wants them, and how many seconds they are."""
    try:
        files = edition.catalogue.files((Phrase("selftest-caller"),), language)
    except Unspoken as error:
        log.error("selftest-words-missing", why=str(error))
        return [], 0.0
    return files, sum(audio.length(Path(f"{file}.wav")) for file in files)


def _seconds(way: Way, hotline: Hotline) -> float:
    """How long the call may take."""
    turns = way.walk.turns
    total = A_TALK + sum(len(words(hotline, turn)) * A_CHARACTER + turn.wait + A_TURN for turn in turns)
    return min(round(total, 1), LONGEST_CALL)


def _pieces(call: _Call, way: Way, edition: Edition, folder: Path) -> list[_Piece] | None:
    """What was said in the call, with a file of what was heard of each; None: the recording has no end.

    Blocks: Asterisk finishes its files last.
    """
    story = call.story
    began, language = story[0].at, edition.hotline.languages[0]
    marks: list[tuple[float, str, str]] = []  # until when, in which language, what; "": not to be judged
    talked, digits = False, deque(_with_digits(way, edition.hotline))
    for record in story:
        match record.kind:
            case Kind.SAID:
                language, text = record.data["language"], record.data["text"]
                if digits and digits[0][0] == text:
                    _, text = digits.popleft()
                marks.append((record.at, language, "" if record.data.get("interrupted") else text))
            case Kind.MENU_ENTERED:
                language = record.data["language"]
            case Kind.CONNECTED:
                marks.append((record.at + call.speech.seconds + _BREATH, language, ""))
                talked = True
            case Kind.TALK_ENDED if talked:
                marks.append((record.at, language, edition.catalogue.text((Phrase("robot-agent"),), language)))
    until = time.monotonic() + FINISHING
    files = [call.recording, call.speech.heard] if talked and call.speech.files else [call.recording]
    while not all(map(finished, files)):
        if time.monotonic() > until:
            return None
        time.sleep(0.1)  # Asterisk, another process, writes them; this is a thread of its own
    late = _late(call, story)
    until_s = [at - began - late for at, _, _ in marks]
    made = cut(call.recording, until_s, folder, _LAG)
    pieces = [
        _Piece(spoken, text, file, _sounds(call.recording, first + _MARGIN, last))
        for (_, spoken, text), file, first, last in zip(marks, made, (0.0, *until_s), until_s, strict=False)
        if text
    ]
    if talked and call.speech.files:
        own = edition.catalogue.text((Phrase("selftest-caller"),), language)
        pieces.append(_Piece(language, own, call.speech.heard, _sounds(call.speech.heard), by_caller=True))
    return pieces


def _with_digits(way: Way, hotline: Hotline) -> Iterator[tuple[str, str]]:
    """What reads back digits, in the call's order: as its story has it, and as it is said."""
    for turn in way.walk.turns:
        if (text := told(hotline, turn)) != (said := words(hotline, turn)):
            yield text, said


def _late(call: _Call, story: Sequence[Record]) -> float:
    """How many seconds after the call its recording began. Both end at the same time; a phone is measured later."""
    ended = max(record.at for record in story if record.kind is not Kind.LEG_MEASURED)
    return min(max(ended - story[0].at - audio.length(call.recording), 0.0), MOST_LATE)


def _sounds(file: Path, first: float = 0.0, last: float | None = None) -> bool:
    """Whether anything is heard in a recording between these seconds."""
    samples = audio.read(file)
    return has_sound(samples[int(first * audio.RATE) : None if last is None else int(last * audio.RATE)])


def _remove(pieces: Path, *files: Path) -> None:
    shutil.rmtree(pieces, ignore_errors=True)
    for file in files:
        file.unlink(missing_ok=True)
