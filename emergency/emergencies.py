"""The emergency messages of this hotline, one for all callers and one a node: switched on, renewed, ended."""

import asyncio
import hashlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from accounts.audit import Entry
from base.clock import Alarm, Clock
from base.failure import NotDone
from emergency import file, order
from emergency.model import FOLDER, MOST, WHOLE, Emergency, Spoken, end, of_all, out, sentence, shown
from emergency.order import EmergencyIn, InDraft, WordsIn, WrongOrder
from hotline.edition import Edition
from ivr.model import to_person
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, joined, listed
from settings.sections import EmergencySettings
from sounds import audio
from sounds.build import build
from sounds.catalogue import Clip
from sounds.model import NoSound, sayable
from sounds.takes import Take
from web.fields import iso

log = structlog.get_logger(__name__)

HOUR = 3_600.0

KEPT = 86_400.0
"""Seconds for which a clip stays that no message has: somebody may still be about to switch it on."""

MOST_TAKES = 100
"""Takes, and clips of messages that are over, that are kept at a time: each may have two minutes."""


class Kept(NamedTuple):
    """A recording that a message can have. `take`: its name. `seconds`: as callers will hear it."""

    take: str
    seconds: float


class Emergencies:
    """`take_up` comes first. Times are seconds since the epoch.

    state    the file of the messages that are on
    sounds   the folder of all clips
    edition  the version of the hotline that new calls get
    taken    a good take of audio that somebody sends (`hotline.recording`)
    write    of Records
    audit    of what happens without a request
    """

    def __init__(
        self,
        settings: EmergencySettings,
        state: Path,
        sounds: Path,
        edition: Callable[[], Edition],
        taken: Callable[[AsyncIterator[bytes]], AbstractAsyncContextManager[Take]],
        clock: Clock,
        write: Callable[[Record], None],
        audit: Callable[[Entry], None],
    ) -> None:
        self._settings, self._state, self._folder = settings, state, sounds / FOLDER
        self._edition, self._taken = edition, taken
        self._clock, self._write, self._audit = clock, write, audit
        self._messages: dict[str, Emergency] = {}  # by their nodes
        self._warned = set[str]()  # of which messages, with which ends, the coming end was noted
        self._alarm = Alarm(clock, self._due)
        self._changing, self._speaking = asyncio.Lock(), asyncio.Lock()

    # -- what is on -------------------------------------------------------------------------------------------------

    @property
    def all_on(self) -> tuple[Emergency, ...]:
        """The messages that callers hear now, that of all callers first."""
        now = self._clock.now()
        return tuple(message for _, message in sorted(self._messages.items()) if message.on(now))

    @property
    def on(self) -> Emergency | None:
        """The message that all callers hear now."""
        return of_all(self.all_on)

    @property
    def draft_voice(self) -> bool:
        """Whether this machine has only the draft voice for new words."""
        return self._edition().catalogue.voice.missing() is not None

    @property
    def zone(self) -> tzinfo:
        """The hotline's."""
        return self._edition().hotline.zone

    @property
    def hours(self) -> float:
        """Hours that a message is on where nobody says until when."""
        return self._settings.hours

    @property
    def most_hours(self) -> float:
        """Hours that a message may be on."""
        return self._settings.most_hours

    def languages(self) -> tuple[str, ...]:
        """The hotline's, the default one first."""
        return self._edition().hotline.languages

    def timezone(self) -> str:
        """The name of `zone`."""
        return self._edition().hotline.timezone

    def as_json(self) -> list[str]:
        """The messages as HTTP shows them, in JSON."""
        return [out(message).model_dump_json() for message in self.all_on]

    def left_s(self) -> float:
        """Seconds that the message of all callers will be on; 0: none is."""
        emergency = self.on
        return 0.0 if emergency is None else emergency.until - self._clock.now()

    def nodes(self) -> int:
        """How many nodes have a message."""
        return sum(message.where != WHOLE for message in self.all_on)

    def sentence(self) -> str | None:
        """Which messages are on, until when, and what ends them; None: there is none."""
        return joined(sentence(message, self.zone) for message in self.all_on) or None

    def missing(self, emergency: Emergency) -> list[str]:
        """Languages of the hotline in which it says nothing: those callers hear the others."""
        spoken_in = {each.language for each in emergency.spoken}
        return [language for language in self._edition().hotline.languages if language not in spoken_in]

    # -- changing it ------------------------------------------------------------------------------------------------

    def take_up(self) -> None:
        """Take up the messages of the service before this one, and note their ends if these were missed."""
        try:
            self._messages = {message.where: message for message in file.read(self._state)}
        except (file.Unreadable, OSError) as error:
            log.error("emergency-unreadable", why=str(error))
        for message in self.all_on:
            self._find_sounds(message)
        self._due()
        self.sweep()

    def _find_sounds(self, emergency: Emergency) -> None:
        """Leave out the languages whose clips are gone; without any of them the message is over."""
        there = tuple(each for each in emergency.spoken if self.path(each.clip) is not None)
        if lost := [each.language for each in emergency.spoken if each not in there]:
            log.error("emergency-sounds-lost", languages=lost, folder=str(self._folder), fix="switch it on again")
        if there:
            self._messages[emergency.where] = emergency.model_copy(update={"spoken": there})
            log.warning("emergency-is-on", where=emergency.where, until=shown(emergency.until, self.zone))
            return
        self._to_audit("emergency-ended", emergency)
        self._over(emergency, "sounds-lost", SYSTEM)
        with suppress(OSError):  # else the next start finds the same
            file.write(self._state, self.all_on)

    async def switch_on(self, wanted: EmergencyIn, actor: Actor) -> tuple[Emergency, list[str]]:
        """Switch the message on, or give the one that is on another end. Answers it, and sentences that warn.

        Raises WrongOrder, InDraft, BadEnd, NotDone.
        """
        self._end(wanted)  # before the voice takes its time
        spoken, drafts = (None, frozenset[str]()) if wanted.renews else await self._spoken(wanted)
        if drafts and not wanted.draft:
            raise InDraft({each.language: each.clip for each in spoken or () if each.language in drafts})
        async with self._changing:
            until = self._end(wanted)
            if spoken is not None:
                nodes = {message.where for message in self.all_on} - {WHOLE}
                if wanted.node not in {WHOLE, *nodes} and len(nodes) >= MOST:
                    raise WrongOrder(
                        Sentence(
                            "{count} menus, queues or sub-hotlines have a message, and that is the most: "
                            "switch one off first.",
                            count=MOST,
                        )
                    )
                new = Emergency(
                    id=secrets.token_hex(4),
                    where=wanted.node,
                    mode=wanted.mode,
                    after=wanted.after,
                    spoken=spoken,
                    begun=self._clock.now(),
                    until=until,
                    actor=actor,
                )
            elif (before := self._at(wanted.node)) is not None:
                new = before.model_copy(update={"until": until, "actor": actor})
            else:
                raise WrongOrder(Sentence("No message is on: give its texts, or recordings."))
            await self._keep(new.where, new)
            self._note(Kind.EMERGENCY_ON, new, actor, **_recorded(new))
            self._messages[new.where] = new
            self._rearm()
            log.warning("emergency-on", actor=actor, where=new.where, mode=new.mode, until=shown(until, self.zone))
        await asyncio.to_thread(self.sweep)
        return new, self._warnings(new, drafts=bool(drafts))

    async def hear(self, words: WordsIn) -> tuple[tuple[Spoken, ...], frozenset[str]]:
        """Speak these words, and switch nothing on. Answers how they sound, and the languages of the draft voice.

        Raises WrongOrder, NotDone.
        """
        await self._make_room()
        return await self._spoken(EmergencyIn(texts=words.texts))

    async def switch_off(self, actor: Actor, where: str = WHOLE) -> bool:
        """End the message of that node; False: none was on. Raises NotDone."""
        async with self._changing:
            emergency = self._at(where)
            if emergency is None:
                return False
            await self._keep(where, None)
            self._over(emergency, "switched-off", actor)
            return True

    def _at(self, where: str) -> Emergency | None:
        return next((message for message in self.all_on if message.where == where), None)

    def _end(self, wanted: EmergencyIn) -> float:
        """When the message is to end, in epoch seconds. Raises BadEnd."""
        written = wanted.until or f"{self._settings.hours:g}h"
        return end(written, self._clock.now(), self.zone, self._settings.most_hours * HOUR)

    async def _keep(self, where: str, emergency: Emergency | None) -> None:
        """For the next start, instead of the one that is there. Raises NotDone."""
        others = [message for message in self.all_on if message.where != where]
        try:
            await asyncio.to_thread(file.write, self._state, [*others, *(() if emergency is None else (emergency,))])
        except OSError as error:
            raise NotDone(
                "Nothing was changed: the next start could not know of it ({why}).", why=recognised(error)
            ) from error

    def _over(self, emergency: Emergency, why: str, actor: Actor) -> None:
        self._note(Kind.EMERGENCY_OVER, emergency, actor, why=why)
        self._messages.pop(emergency.where, None)
        self._warned.discard(_mark(emergency))
        self._rearm()
        log.warning("emergency-over", actor=actor, where=emergency.where, why=why)

    # -- its end ----------------------------------------------------------------------------------------------------

    def _due(self) -> None:
        """A message ends now, or soon."""
        now = self._clock.now()
        ended = [message for message in self._messages.values() if not message.on(now)]
        for message in ended:
            self._to_audit("emergency-ended", message)
            self._over(message, "ended", SYSTEM)
        if ended:
            with suppress(OSError):  # the file says when they ended
                file.write(self._state, self.all_on)
        for message in self.all_on:
            if now >= message.warned and _mark(message) not in self._warned:
                self._warned.add(_mark(message))
                self._note(Kind.EMERGENCY_ENDING, message, SYSTEM, until=iso(message.until))
                self._to_audit("emergency-ending", message)
                renew = f"./wutong emergency on{f' --where {message.where}' if message.where else ''}"
                log.warning("emergency-ending", until=shown(message.until, self.zone), renew=renew)
        self._rearm()

    def _rearm(self) -> None:
        now, due = self._clock.now(), []
        for message in self._messages.values():
            due.append(message.until if _mark(message) in self._warned else max(message.warned, now))
        self._alarm.set(min(due, default=None))

    def _note(self, kind: Kind, emergency: Emergency, actor: Actor, **data: Any) -> None:
        where = {"where": emergency.where} if emergency.where else {}
        self._write(Record(self._clock.now(), kind, data={"id": emergency.id, **where, **data}, actor=actor))

    def _to_audit(self, what: str, emergency: Emergency) -> None:
        where = f"where={emergency.where} " if emergency.where else ""
        detail = f"{where}until={shown(emergency.until, self.zone)}"
        self._audit(Entry(self._clock.now(), SYSTEM, what, "/emergency", detail, "", 200))

    # -- sounds -----------------------------------------------------------------------------------------------------

    async def keep_take(self, pieces: AsyncIterator[bytes]) -> Kept:
        """Keep a recording for a message. Raises BadTake, NotDone."""
        await self._make_room()
        async with self._taken(pieces) as take:
            try:
                return Kept(await asyncio.to_thread(self._put, take.clip), take.seconds)
            except OSError as error:
                raise NotDone("The recording was not kept: {why}", why=recognised(error)) from error

    async def _make_room(self) -> None:
        """For one more take. Raises NotDone."""
        if len(self._unused()) >= MOST_TAKES:
            await asyncio.to_thread(self.sweep)
            if len(self._unused()) >= MOST_TAKES:
                raise NotDone(
                    "{count} recordings are kept already, and that is the most; they go after a day", count=MOST_TAKES
                )

    def path(self, take: str) -> Path | None:
        """The file of a take or of a message's clip; None: there is none."""
        clip = self._folder / f"{take}.wav"
        return clip if clip.is_file() else None

    def sweep(self) -> None:
        """Remove clips of messages that are over, and takes that were not used, after a day."""
        for path in self._unused():
            with suppress(OSError):
                if path.stat().st_mtime < time.time() - KEPT:
                    audio.wide(path).unlink(missing_ok=True)
                    path.unlink(missing_ok=True)

    def _unused(self) -> list[Path]:
        """The clips that no message has. Also for a thread: messages may come and go meanwhile."""
        used = {each.clip for message in tuple(self._messages.values()) for each in message.spoken}
        return [path for path in self._folder.glob("*.wav") if path.stem not in used]

    async def _spoken(self, wanted: EmergencyIn) -> tuple[tuple[Spoken, ...], frozenset[str]]:
        """The message in its languages; those that the draft voice speaks. Raises WrongOrder, NotDone."""
        edition = self._edition()
        hotline = edition.hotline
        nodes = {"queue": hotline.queues, "sub_hotline": hotline.sub_hotlines, "menu": hotline.menus}
        person = to_person(edition.hotline, edition.hotline.entry) is not None
        order.check(wanted, edition.hotline.languages, nodes, person=person)
        try:
            texts = {language: sayable(words) for language, words in wanted.texts.items()}
        except NoSound as wrong:
            raise WrongOrder(str(wrong)) from None
        to_say = {language: words for language, words in texts.items() if language not in wanted.recordings}
        clips = {language: edition.catalogue.clip(language, words) for language, words in to_say.items()}
        drafts = await self._speak(edition, list(clips.values()))
        spoken = []
        try:
            for language in edition.hotline.languages:
                if language in wanted.recordings:
                    name, there = wanted.recordings[language], self.path(wanted.recordings[language])
                    if there is None:
                        raise WrongOrder(
                            Sentence("There is no recording {name} (any more): record it again.", name=name)
                        )
                elif language in clips:
                    played = edition.catalogue.played(clips[language])
                    assert played is not None, "it was just built"
                    name = await asyncio.to_thread(self._put, played.path)
                else:
                    continue
                seconds = round(await asyncio.to_thread(audio.length, self._folder / f"{name}.wav"), 3)
                spoken.append(Spoken(language=language, words=texts.get(language, ""), clip=name, seconds=seconds))
        except (NoSound, OSError) as problem:
            raise NotDone("The message was not switched on: {why}", why=recognised(problem)) from problem
        return tuple(spoken), drafts

    async def _speak(self, edition: Edition, clips: list[Clip]) -> frozenset[str]:
        """Build the clips; the languages of which they are drafts. Raises NotDone."""
        if not clips:
            return frozenset()
        try:
            async with self._speaking, edition.catalogue.voice:
                report = await build(edition.catalogue, clips, lambda done, of: None, install=False)
        except (NoSound, OSError) as problem:
            raise NotDone("The message was not switched on: {why}", why=recognised(problem)) from problem
        return frozenset(clip.language for clip in report.drafts)

    def _put(self, clip: Path) -> str:
        """Copy a clip to where no sweep of unused texts takes it away. Answers its name."""
        narrow = audio.read(clip)
        name = hashlib.sha256(narrow.tobytes()).hexdigest()[:32]
        audio.put(self._folder / f"{name}.wav", narrow, audio.read(audio.wide(clip)))
        return name

    def _warnings(self, emergency: Emergency, *, drafts: bool) -> list[str]:
        warnings: list[str] = []
        if drafts:
            warnings.append(
                Sentence(
                    "The draft voice speaks it, and callers hardly understand that: switch on a recording in "
                    "its stead, from the console or *90 on a phone."
                )
            )
        if missing := self.missing(emergency):
            others = listed(each.language for each in emergency.spoken)
            warnings.append(
                Sentence(
                    "It has no words in {names}: those callers hear it in {others}.",
                    names=listed(missing),
                    others=others,
                )
            )
        return warnings


def _mark(emergency: Emergency) -> str:
    return f"{emergency.id} {emergency.until}"


def _recorded(emergency: Emergency) -> dict[str, Any]:
    """What the Record has of it."""
    return {
        "mode": emergency.mode,
        "after": emergency.after,
        "begun": iso(emergency.begun),
        "until": iso(emergency.until),
        "texts": {each.language: each.words for each in emergency.spoken},
    }
