"""The second factor of signing in: the code of an app that the person has, beside the password."""

from collections.abc import Callable

from accounts import totp
from accounts.directory import Directory, NotKept
from accounts.model import Person

ISSUER = "Wutong"
PENDING_S = 600.0
"""Seconds in which an offered secret has to be confirmed."""


class SecondFactor:
    """`now`: seconds since the epoch."""

    def __init__(self, directory: Directory, now: Callable[[], float]) -> None:
        self._directory, self._now = directory, now
        self._offered: dict[str, tuple[str, float]] = {}  # by name
        self._last: dict[str, int] = {}  # name → step of the last code

    def fits(self, person: Person, typed: str) -> bool:
        """Whether that is the person's code now. Each code counts once."""
        if person.totp is None or not typed.isascii():
            return False
        step = totp.step_of(person.totp, typed, self._now(), self._last.get(person.name, -1))
        if step is None:
            return False
        self._last[person.name] = step
        return True

    def offer(self, name: str) -> str:
        """A new secret for the person's app. It counts once `confirm` has seen a code of it."""
        secret = totp.new_secret()
        self._offered[name] = (secret, self._now() + PENDING_S)
        return secret

    async def confirm(self, name: str, typed: str) -> None:
        """From now on this person signs in with codes of the offered secret. Raises NotKept, StoreUnavailable."""
        secret, until = self._offered.get(name, ("", 0.0))
        if self._now() >= until:
            raise NotKept("No secret was offered within the last 10 minutes: begin again.")
        step = totp.step_of(secret, typed, self._now()) if typed.isascii() else None
        if step is None:
            raise NotKept("That is not the code of now: look at the app, and at the clocks of both devices.")
        await self._directory.change(name, totp=secret)
        self._last[name] = step
        del self._offered[name]
