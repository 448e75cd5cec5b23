"""`*90` on an agent's phone: whoever is on duty records an emergency message, hears it, and switches it on, or off.

Only phones that Asterisk knows by their password come here. Whatever they send may be hostile all the same: a few keys
are read, and a recording goes through the judge of all recordings (`sounds.takes`).
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import structlog

from accounts.audit import Entry
from accounts.model import Person
from accounts.passwords import Busy
from base.failure import NotDone
from base.files import plain
from dialplan.agi_session import AgiSession
from emergency import pins
from emergency.emergencies import Emergencies
from emergency.kept_pins import TOO_MANY, Locked, Pins
from emergency.model import FOLDER, GOODBYE, PERSON, BadEnd, Emergency, When
from emergency.order import EmergencyIn, WrongOrder
from hotline.edition import Edition
from journal.actor import Actor
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sounds.model import Digits, Part, Phrase, Sound
from sounds.takes import LARGEST, BadTake, Fault

log = structlog.get_logger(__name__)

TRIES = 3
"""How often a question is asked in one call."""

PATIENCE = 10.0
"""Seconds without a key after which a question is asked again."""

LONGEST = 60.0
"""Seconds of a recording."""

MOST_HOURS = 9
"""What one key can say. A longer message is renewed, or gets its end in the console."""

MODES = {"1": (When.BEFORE, GOODBYE), "2": (When.INSTEAD, PERSON), "3": (When.INSTEAD, GOODBYE)}
"""Key → where callers hear the message, and what comes after it."""

_NOTHING_SAID = frozenset({Fault.TOO_SHORT, Fault.SILENT, Fault.UNREADABLE})
"""Of a recording of somebody who has pressed `#` right after the tone."""


class _Ended(Exception):
    """The conversation is over: nothing useful came."""


class Duty:
    """`answer` serves a phone that has dialled the code. `recordings`: where Asterisk writes. `tone`: what is heard
    before a recording. `audit` takes what the conversation changed.
    """

    def __init__(
        self,
        emergencies: Emergencies,
        pins: Pins,
        edition: Callable[[], Edition],
        recordings: Path,
        tone: Path,
        now: Callable[[], float],
        audit: Callable[[Entry], None],
    ) -> None:
        self._emergencies, self._pins, self._edition = emergencies, pins, edition
        self._recordings, self._tone, self._now, self._audit = recordings, tone, now, audit

    async def answer(self, session: AgiSession, phone: str) -> None:
        """`phone`: the agent's. Raises CallerGone if the agent hangs up; what was done by then holds."""
        edition = self._edition()
        agent = edition.hotline.agents.get(phone)
        language = agent.languages[0] if agent else edition.hotline.languages[0]
        talk = _Talk(session, edition, language)
        await session.answer()
        with suppress(_Ended):
            person = await self._person(talk, phone)
            await _Conversation(self, talk, person, phone).run()
        await session.hangup()

    async def _person(self, talk: "_Talk", phone: str) -> Person:
        """Who calls, by the PIN. Raises _Ended."""
        for _ in range(TRIES):
            digits = await talk.ask("emergency-pin", most=pins.DIGITS)
            try:
                person = await self._pins.who(digits, phone)
            except (Locked, Busy) as refused:
                if isinstance(refused, Locked):
                    self._note_pin("emergency-pin-locked", phone, digits, f" wait={refused.wait:.0f}s", TOO_MANY)
                await talk.say(Phrase("emergency-locked"))
                raise _Ended from None
            if person is not None:
                return person
            self._note_pin("emergency-pin-refused", phone, digits, "", 403)
            await talk.say(Phrase("emergency-pin-wrong"))
        raise _Ended

    def _note_pin(self, what: str, phone: str, digits: str, more: str, status: int) -> None:
        """Log the try, and note it in the audit: of the PIN only whose it would be."""
        account = self._pins.tried(digits) or "nobody"
        log.warning(what, phone=phone, account=account)
        self._note(what, Actor.agent(phone), phone, f"account={account}{more}", status)

    def _note(self, what: str, actor: Actor, phone: str, detail: str, status: int = 200) -> None:
        self._audit(Entry(self._now(), actor, what, "/emergency", detail, f"phone {phone}", status))


class _Talk:
    """Says and asks in one language."""

    def __init__(self, session: AgiSession, edition: Edition, language: str) -> None:
        self.session, self.edition, self.language = session, edition, language

    async def say(self, *parts: Part) -> None:
        for path in self._files(parts):
            await self.session.stream_file(path)

    async def ask(self, phrase: str, *before: Part, most: int = 1) -> str:
        """The keys that come, up to `most`; "" for none."""
        await self.say(*before)
        [path] = self._files((Phrase(phrase),))
        return await self.session.get_data(path, PATIENCE, most)

    async def choose(self, phrase: str, keys: str, *before: Part) -> str:
        """One of the keys. Raises _Ended if none comes."""
        for _ in range(TRIES):
            key = await self.ask(phrase, *before)
            if key and key in keys:
                return key
        raise _Ended

    def _files(self, parts: tuple[Part, ...]) -> list[str]:
        return self.edition.catalogue.files(parts, self.language)


class _Conversation:
    """One call of somebody who has shown a PIN."""

    def __init__(self, duty: Duty, talk: _Talk, person: Person, phone: str) -> None:
        self._duty, self._talk, self._phone = duty, talk, phone
        self._actor = Actor.user(person.name)
        self._emergencies = duty._emergencies

    async def run(self) -> None:
        """What the person wants, until it is done. Raises _Ended."""
        while (emergency := self._emergencies.on) is not None:
            match await self._talk.choose("emergency-running", "1234"):
                case "1":
                    await self._talk.say(*emergency.speech(self._talk.language)[: len(emergency.spoken)])
                case "2":
                    await self._off()
                    return
                case "3":
                    break
                case _:
                    await self._on(EmergencyIn(until=await self._hours()))
                    return
        await self._new()

    async def _off(self) -> None:
        try:
            await self._emergencies.switch_off(self._actor)
        except NotDone as error:
            await self._refused(error)
        self._note("emergency-off", "")
        await self._talk.say(Phrase("emergency-off"))

    async def _new(self) -> None:
        takes = await self._takes()
        mode, after = MODES[await self._talk.choose("emergency-mode", "".join(MODES))]
        await self._on(EmergencyIn(mode=mode, after=after, recordings=takes, until=await self._hours()))

    async def _takes(self) -> dict[str, str]:
        """A recording in at least one language. Raises _Ended."""
        takes: dict[str, str] = {}
        for language in self._talk.edition.hotline.languages:
            take = await self._take(language, needed=not takes)
            if take is not None:
                takes[language] = take
        return takes

    async def _take(self, language: str, *, needed: bool) -> str | None:
        """A recording that the person has heard and wants; None: this language is left out, or would not do in so many
        tries. Raises _Ended.
        """
        more = () if needed else (Phrase("emergency-leave-out"),)
        for _ in range(TRIES):
            await self._talk.say(Phrase(f"emergency-record-{language}"), *more)
            try:
                take = await self._recorded()
            except BadTake as bad:
                if not needed and bad.fault in _NOTHING_SAID:
                    return None
                await self._talk.say(Phrase("emergency-bad-take"))
                continue
            except NotDone as error:
                await self._refused(error)
            if await self._talk.choose("emergency-keep", "12", Sound(f"{FOLDER}/{take}", take)) == "1":
                return take
        if needed:
            raise _Ended
        return None

    async def _recorded(self) -> str:
        """The take of what the person says after the tone. Raises BadTake, NotDone."""
        file = self._duty._recordings / f"emergency-{secrets.token_hex(8)}.wav"
        session = self._talk.session
        try:
            await session.stream_file(str(self._duty._tone))
            await session.record(str(file), LONGEST)
            sound = await asyncio.to_thread(_written, file)
        except OSError as error:
            raise NotDone("the recording cannot be read: {why}", why=recognised(error)) from error
        finally:
            with suppress(OSError):  # of a person who has hung up there is none
                file.unlink(missing_ok=True)

        async def pieces() -> AsyncIterator[bytes]:
            yield sound

        return (await self._emergencies.keep_take(pieces())).take

    async def _hours(self) -> str:
        """Until when, confirmed. Raises _Ended."""
        most = max(1, min(MOST_HOURS, int(self._emergencies.most_hours)))
        hours = min(most, int(await self._talk.choose("emergency-hours", "123456789")))
        await self._talk.choose("emergency-confirm", "1", Phrase("emergency-for"), Digits(str(hours)))
        return f"{hours}h"

    async def _on(self, wanted: EmergencyIn) -> None:
        try:
            emergency, _ = await self._emergencies.switch_on(wanted, self._actor)
        except (NotDone, WrongOrder, BadEnd) as error:
            await self._refused(error)
        self._note("emergency-on", _detail(emergency, wanted))
        await self._talk.say(Phrase("emergency-on"))

    async def _refused(self, error: Exception) -> NoReturn:
        log.error("emergency-not-switched", why=str(error), actor=self._actor)
        await self._talk.say(Phrase("agent-code-refused"))
        raise _Ended

    def _note(self, what: str, detail: str) -> None:
        self._duty._note(what, self._actor, self._phone, detail)


def _written(file: Path) -> bytes:
    """What Asterisk wrote: it is another user. Raises OSError."""
    with plain(file) as opened:
        sound = opened.read(LARGEST + 1)
    if len(sound) > LARGEST:
        raise OSError(Sentence("{file} has more than {most} bytes", file=file, most=LARGEST))
    return sound


def _detail(emergency: Emergency, wanted: EmergencyIn) -> str:
    return f"mode={emergency.mode} after={emergency.after} until={wanted.until}"
