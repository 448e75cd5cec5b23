"""PINs for the phone: who they are, and how often somebody may guess. Pure.

A PIN has eight digits, and nobody chooses one. The first two say whose it is, so that one hash is compared and not
those of all people; the other six are chance.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from accounts.attempts import Attempts

DIGITS = 8
_FIRST, _LAST = 10, 99
MOST = _LAST - _FIRST + 1
"""People who may have a PIN."""


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
        raise TooMany(f"{MOST} people have a PIN, and that is the most: take one away first")
    slot = free[below(len(free))]
    rest = DIGITS - 2
    return slot, f"{slot}{below(10**rest):0{rest}}"


def owner(pins: Mapping[int, Pin], digits: str) -> Pin | None:
    """Whose PIN it may be, by its first two digits; None: nobody's."""
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    return pins.get(int(digits[:2]))


class Guesses:
    """How often PINs may be tried: by one phone, and by all. `now`: seconds on a clock that does not go back."""

    def __init__(self) -> None:
        self._of_phone = Attempts(free=3, first=60.0, longest=3_600.0, forget=86_400.0)
        self._of_all = Attempts(free=20, first=60.0, longest=900.0, forget=86_400.0)

    def locked(self, phone: str, now: float) -> float:
        """Seconds until this phone may try again; 0: now."""
        return max(self._of_phone.locked(phone, now), self._of_all.locked("", now))

    def tried(self, phone: str, now: float) -> None:
        """Count a try before its outcome is known."""
        self._of_phone.tried(phone, now)
        self._of_all.tried("", now)

    def right(self, phone: str) -> None:
        """The last try was right."""
        self._of_phone.forget(phone)
        self._of_all.excuse("")
