"""A fake of the emergency message, for tests of HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

from accounts.model import Person
from emergency.ends import BadEnd
from emergency.model import Emergency, Spoken
from emergency.order import EmergencyIn, WrongOrder
from journal.actor import Actor
from service.app.emergencies import Kept
from service.http.emergency import out
from sounds.takes import BadTake, Fault

TAKE = "0123456789abcdef" * 2


class FakeEmergencies:
    """Every text and every sound will do; `until` is not read."""

    hours, most_hours = 4.0, 24.0

    def __init__(self) -> None:
        self.on: Emergency | None = None
        self.sounds: dict[str, Path] = {}
        self.asked: list[EmergencyIn] = []

    def languages(self) -> tuple[str, ...]:
        return ("zh", "en")

    def timezone(self) -> str:
        return "Asia/Shanghai"

    def missing(self, emergency: Emergency) -> list[str]:
        return [name for name in self.languages() if name not in {each.language for each in emergency.spoken}]

    def told(self) -> str | None:
        return None if self.on is None else out(self.on).model_dump_json()

    async def switch_on(self, wanted: EmergencyIn, actor: Actor) -> tuple[Emergency, list[str]]:
        if wanted.until == "9":
            raise BadEnd("'9' is no end")
        if wanted.renews and self.on is None:
            raise WrongOrder("No message is on.")
        self.asked.append(wanted)
        if wanted.renews and self.on is not None:
            self.on = self.on.model_copy(update={"actor": actor})
            return self.on, []
        spoken = tuple(Spoken(language=name, words=text, clip=TAKE, seconds=2) for name, text in wanted.texts.items())
        self.on = Emergency(
            id="1", mode=wanted.mode, after=wanted.after, spoken=spoken, begun=1e9, until=2e9, actor=actor
        )
        return self.on, ["It has no words in en: those callers hear it in zh."]

    async def switch_off(self, actor: Actor) -> bool:
        was, self.on = self.on, None
        return was is not None

    async def keep_take(self, pieces: AsyncIterator[bytes]) -> Kept:
        if not b"".join([piece async for piece in pieces]).startswith(b"RIFF"):
            raise BadTake(Fault.UNREADABLE)
        return Kept(TAKE, 2.5)

    def path(self, take: str) -> Path | None:
        return self.sounds.get(take)


class FakePins:
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
