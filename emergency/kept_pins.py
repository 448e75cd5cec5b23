"""Who may switch an emergency message on by phone, each by a PIN. Kept in a file, as the database may be away.

What a person may do is decided anew at each call: a person who was removed, or lost the role, has no PIN any more.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import TypeAdapter, ValidationError

from accounts import roles
from accounts.accounts import Accounts
from accounts.model import Person
from accounts.passwords import Busy
from accounts.roles import Permission
from base.failure import NotDone
from base.files import replace
from base.metrics import each
from emergency.pins import Guesses, NotOnDuty, Pin, Why, new, owner, slot_of
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

log = structlog.get_logger(__name__)

TOO_MANY = 429
"""The status of a PIN that was not looked at, in the audit."""

_PINS = TypeAdapter(list[Pin])


class Locked(Exception):
    """Too many wrong PINs came from this phone, or for this account. `wait`: seconds until the next one counts."""

    def __init__(self, why: Why, wait: float) -> None:
        super().__init__(Sentence("{why}, for {seconds:.0f} s", why=why, seconds=wait))
        self.why, self.wait = why, wait


class Pins(Collector):
    """state  the file of the PINs, hashed; `now`: seconds on a clock that does not go back. Raises NotDone for a file
    that is not what was written. `refused`: PINs that let nobody in."""

    def __init__(self, state: Path, accounts: Accounts, now: Callable[[], float]) -> None:
        self._state, self._accounts, self._now = state, accounts, now
        self.refused: Counter[Why] = Counter()
        self._guesses = Guesses()
        self._pins: dict[int, Pin] = {}

    def take_up(self) -> None:
        """Read the file. One that cannot be read gives nobody a PIN."""
        try:
            self._pins = {pin.slot: pin for pin in _PINS.validate_json(self._state.read_bytes())}
        except FileNotFoundError:
            return
        except (OSError, ValidationError) as error:
            why = "it is damaged" if isinstance(error, ValidationError) else str(error)  # never what is in it
            log.error("emergency-pins-unreadable", file=str(self._state), why=why, effect="no PIN counts")

    def names(self) -> list[str]:
        """Whose PIN counts."""
        people = self._accounts.directory.people
        return sorted(pin.name for pin in self._pins.values() if counts(pin, people.get(pin.name)))

    async def give(self, person: Person) -> str:
        """Make a PIN for the person, instead of an older one. Raises NotOnDuty, Busy, TooMany, NotDone."""
        if not may(person):
            raise NotOnDuty(
                Sentence(
                    "{name} may not switch emergency messages, so a PIN would not count: change the person's "
                    "roles first (docs/roles.md)",
                    name=person.name,
                )
            )
        slot, digits = new(self._others(person.name), secrets.randbelow)
        hashed = await self._accounts.passwords.hash_made(digits)
        others = self._others(person.name)
        self._keep({**others, slot: Pin(name=person.name, slot=slot, hashed=hashed, account=person.created)})
        return digits

    def _others(self, name: str) -> dict[int, Pin]:
        """The PINs of others. A person who was removed needs none any more."""
        people = self._accounts.directory.people
        return {slot: pin for slot, pin in self._pins.items() if pin.name != name and _owned(pin, people.get(pin.name))}

    def take_away(self, name: str) -> bool:
        """The person's PIN no longer counts; False: there was none. Raises NotDone."""
        others = {slot: pin for slot, pin in self._pins.items() if pin.name != name}
        if len(others) == len(self._pins):
            return False
        self._keep(others)
        return True

    async def who(self, digits: str, phone: str) -> Person | None:
        """The person who has that PIN and may switch messages; None: there is none. Raises Locked, Busy."""
        now, slot = self._now(), slot_of(digits)
        if (found := self._guesses.locked(phone, slot, now)) is not None:
            self.refused[found[0]] += 1
            raise Locked(*found)
        if self._accounts.passwords.full():
            raise Busy  # nothing is compared, so nothing counts
        self._guesses.tried(phone, slot, now)
        pin = owner(self._pins, digits)
        fits = await self._accounts.passwords.fits(digits, None if pin is None else pin.hashed)
        person = None if pin is None else self._accounts.directory.people.get(pin.name)
        if pin is None or not fits or person is None or not counts(pin, person):
            self.refused[Why.WRONG] += 1
            return None
        self._guesses.right(phone, pin.slot, now)
        return person

    def tried(self, digits: str) -> str | None:
        """The person whose PIN the digits are a try for, by the first two; None: nobody has those."""
        pin = owner(self._pins, digits)
        return None if pin is None else pin.name

    def collect(self) -> Iterator[Metric]:
        """For Prometheus."""
        refused = CounterMetricFamily(
            "wutong_emergency_pins_refused", "PINs on *90 that let nobody in, by the reason.", labels=["why"]
        )
        yield each(refused, {why: self.refused[why] for why in Why})

    def _keep(self, pins: dict[int, Pin]) -> None:
        try:
            replace(self._state, _PINS.dump_json([*pins.values()]))
        except OSError as error:
            raise NotDone("The PIN was not changed: {why}", why=recognised(error)) from error
        for slot in {*self._pins, *pins}:
            if self._pins.get(slot) != pins.get(slot):
                self._guesses.gone(slot)
        self._pins = pins


def may(person: Person) -> bool:
    """Whether the person may switch messages."""
    reach = roles.reach(person, Permission.EMERGENCY)
    return reach is not None and reach.whole


def counts(pin: Pin, person: Person | None) -> bool:
    """Whether it is the PIN of this person, who may switch messages."""
    return person is not None and _owned(pin, person) and may(person)


def _owned(pin: Pin, person: Person | None) -> bool:
    """Whether the person is there who got the PIN, and not a later one of the same name."""
    return person is not None and person.created == pin.account
