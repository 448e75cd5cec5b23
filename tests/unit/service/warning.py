"""A fake of the emergency message, for tests of HTTP."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC
from pathlib import Path

from accounts.model import Person
from emergency.emergencies import Emergencies, Kept
from emergency.kept_pins import Pins
from emergency.model import WHOLE, Emergency, Spoken, end
from emergency.order import EmergencyIn, InDraft, WordsIn, WrongOrder
from journal.actor import Actor
from sentences.sentence import Sentence
from sounds.takes import BadTake, Fault

TAKE = "0123456789abcdef" * 2
SHIPPED = "如果闻到燃气味，请先关阀门、开窗，到室外再打电话。"


class FakeEmergencies(Emergencies):
    """Every text and every sound will do; `until` is not read. `drafts_only`: there is no other. `SHIPPED` needs no
    voice.
    """

    hours, most_hours = 4.0, 24.0

    def __init__(self) -> None:
        self.drafts_only = False
        self.messages: dict[str, Emergency] = {}
        self.sounds: dict[str, Path] = {}
        self.asked: list[EmergencyIn] = []
        self.heard: list[WordsIn] = []
        self.switched_off: list[str] = []

    @property
    def all_on(self) -> tuple[Emergency, ...]:
        return tuple(message for _, message in sorted(self.messages.items()))

    @property
    def on(self) -> Emergency | None:
        return self.messages.get("")

    @on.setter
    def on(self, message: Emergency | None) -> None:
        self.messages.pop("", None)
        if message is not None:
            self.messages[""] = message

    @property
    def draft_voice(self) -> bool:
        return self.drafts_only

    def languages(self) -> tuple[str, ...]:
        return ("zh", "en")

    def timezone(self) -> str:
        return "Asia/Shanghai"

    def missing(self, emergency: Emergency) -> list[str]:
        return [name for name in self.languages() if name not in {each.language for each in emergency.spoken}]

    async def switch_on(self, wanted: EmergencyIn, actor: Actor) -> tuple[Emergency, list[str]]:
        if wanted.until == "9":
            end(wanted.until, 1e9, UTC, 86_400)  # raises, as the real one does
        before = self.messages.get(wanted.node)
        if wanted.renews and before is None:
            raise WrongOrder(Sentence("No message is on: give its texts, or recordings."))
        to_say = {name: text for name, text in wanted.texts.items() if name not in wanted.recordings}
        if (drafts := self._drafts(to_say)) and not wanted.draft:
            raise InDraft(dict.fromkeys(sorted(drafts), TAKE))
        self.asked.append(wanted)
        if wanted.renews and before is not None:
            self.messages[wanted.node] = before.model_copy(update={"actor": actor})
            return before, []
        spoken = tuple(Spoken(language=name, words=text, clip=TAKE, seconds=2) for name, text in wanted.texts.items())
        made = Emergency(
            id=wanted.node or "1",
            where=wanted.node,
            mode=wanted.mode,
            after=wanted.after,
            spoken=spoken,
            begun=1e9,
            until=2e9,
            actor=actor,
        )
        self.messages[wanted.node] = made
        return made, [
            Sentence("It has no words in {names}: those callers hear it in {others}.", names="en", others="zh")
        ]

    async def hear(self, words: WordsIn) -> tuple[tuple[Spoken, ...], frozenset[str]]:
        self.heard.append(words)
        texts = words.texts.items()
        spoken = tuple(Spoken(language=name, words=text, clip=TAKE, seconds=2) for name, text in texts)
        return spoken, self._drafts(words.texts)

    def _drafts(self, texts: Mapping[str, str]) -> frozenset[str]:
        return frozenset(name for name, text in texts.items() if self.drafts_only and text != SHIPPED)

    async def switch_off(self, actor: Actor, where: str = WHOLE) -> bool:
        self.switched_off.append(where)
        return self.messages.pop(where, None) is not None

    async def keep_take(self, pieces: AsyncIterator[bytes]) -> Kept:
        if not b"".join([piece async for piece in pieces]).startswith(b"RIFF"):
            raise BadTake(Fault.UNREADABLE)
        return Kept(TAKE, 2.5)

    def path(self, take: str) -> Path | None:
        return self.sounds.get(take)


class FakePins(Pins):
    """Everybody may have one."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def names(self) -> list[str]:
        return sorted(self.of)

    async def give(self, person: Person) -> str:
        self.of[person.name] = "41730925"
        return "41730925"

    def take_away(self, name: str) -> bool:
        return self.of.pop(name, None) is not None
