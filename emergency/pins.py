"""PINs for the phone: who they are, and how often somebody may guess. Pure.

A PIN has eight digits, and nobody chooses one. The first two say whose it is, so that one hash is compared and not
those of all people; the other six are chance.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from accounts.limits import Attempts
from sentences.sentence import Sentence

DIGITS = 8
_FIRST, _LAST = 10, 99
MOST = _LAST - _FIRST + 1
"""People who may have a PIN."""

FREE = 3
"""Wrong PINs that cost a phone nothing, in a day."""

DAY = 86_400.0

USUAL_S = 30 * DAY
"""Seconds for which a phone from which a PIN was right is a usual one of that PIN."""

MOST_PHONES = 10_000
"""Phones whose wrong PINs are counted: a caller may claim any number."""

MOST_USUAL = 1_000
"""Such phones that are remembered."""


class NotOnDuty(ValueError):
    """The person may not switch messages, so a PIN would not count."""


class TooMany(ValueError):
    """All first digits are taken."""


class Pin(BaseModel):
    """A person's PIN. `slot`: its first two digits. `account`: when the person's account was made, in seconds since the
    epoch: a later person of the same name has no PIN."""

    model_config = ConfigDict(frozen=True)

    name: str
    slot: Annotated[int, Field(ge=_FIRST, le=_LAST)]
    hashed: Annotated[str, Field(repr=False)]
    account: float


def new(taken: Iterable[int], below: Callable[[int], int]) -> tuple[int, str]:
    """The slot of a new PIN, and the PIN. `taken`: slots of others; `below`: a chance number below this one.

    Raises TooMany.
    """
    free = sorted({*range(_FIRST, _LAST + 1)} - {*taken})
    if not free:
        raise TooMany(Sentence("{count} people have a PIN, and that is the most: take one away first", count=MOST))
    slot = free[below(len(free))]
    rest = DIGITS - 2
    return slot, f"{slot}{below(10**rest):0{rest}}"


def slot_of(digits: str) -> int | None:
    """The slot of these digits, the first two; None: they are not a PIN."""
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    return int(digits[:2])


def owner(pins: Mapping[int, Pin], digits: str) -> Pin | None:
    """The PIN in the slot of these digits; None: nobody has that slot."""
    slot = slot_of(digits)
    return None if slot is None else pins.get(slot)


class Why(StrEnum):
    """Why a PIN did not let anybody in."""

    WRONG = "wrong"
    PHONE = "phone"  # the phone waits, whatever it sends
    ACCOUNT = "account"  # this PIN waits, on phones that have sent wrong ones


class Guesses:
    """How often PINs may be tried. `now`: seconds on a clock that does not go back. `slot`: as of a Pin.

    Nobody can shut out whoever is on duty from another phone. The wait of a phone is its own. The wait of a PIN is for
    phones that have used up their FREE tries only. And a phone from which a PIN was right has tries of its own for it.
    """

    def __init__(self) -> None:
        self._of_phone = Attempts(free=FREE, first=60.0, longest=3_600.0, forget=DAY, most=MOST_PHONES)
        self._of_slot = Attempts(free=10, first=60.0, longest=3_600.0, forget=DAY)
        self._of_usual = Attempts(free=5, first=60.0, longest=900.0, forget=DAY)
        self._usual: OrderedDict[tuple[str, int], float] = OrderedDict()

    def locked(self, phone: str, slot: int | None, now: float) -> tuple[Why, float] | None:
        """What has to wait, the phone or the PIN, and for how many seconds. None: neither has to."""
        if slot is not None and self._is_usual(phone, slot, now):
            wait = self._of_usual.locked(f"{phone} {slot}", now)
            return (Why.PHONE, wait) if wait else None
        if wait := self._of_phone.locked(phone, now):
            return Why.PHONE, wait
        used_up = self._of_phone.count(phone, now) >= FREE
        if slot is not None and used_up and (wait := self._of_slot.locked(str(slot), now)):
            return Why.ACCOUNT, wait
        return None

    def tried(self, phone: str, slot: int | None, now: float) -> None:
        """Count a try before its outcome is known."""
        if slot is not None and self._is_usual(phone, slot, now):
            self._of_usual.tried(f"{phone} {slot}", now)
            return
        self._of_phone.tried(phone, now)
        if slot is not None:
            self._of_slot.tried(str(slot), now)

    def right(self, phone: str, slot: int, now: float) -> None:
        """The last try was right. Earlier ones from that phone still count: somebody with a PIN may guess another's."""
        if self._is_usual(phone, slot, now):
            self._of_usual.forget(f"{phone} {slot}")
        else:
            self._of_phone.excuse(phone)
            self._of_slot.take_back(str(slot))
        self._usual[phone, slot] = now
        self._usual.move_to_end((phone, slot))
        if len(self._usual) > MOST_USUAL:
            self._usual.popitem(last=False)

    def gone(self, slot: int) -> None:
        """Another PIN, or none, has that slot now: forget the phones from which the old one was dialled."""
        for pair in [pair for pair in self._usual if pair[1] == slot]:
            del self._usual[pair]

    def _is_usual(self, phone: str, slot: int, now: float) -> bool:
        return now - self._usual.get((phone, slot), -USUAL_S) < USUAL_S
