"""Signing in: who is it? Guessing is slow, and tells nothing: not even whether a name exists.

`prove` finds out who it is, by name, password and code; `begin` begins the session. Another way to prove who it is, as
a city's own sign-in would be, is another module, which ends with `begin`.
"""

import ipaddress
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from typing import NoReturn

import structlog

from accounts.attempts import Attempts
from accounts.audit import Audit, Entry
from accounts.directory import Directory
from accounts.model import Person, Session
from accounts.passwords import MOST, Busy, Passwords
from accounts.second_factor import SecondFactor
from accounts.sessions import Sessions
from journal.actor import Actor

log = structlog.get_logger(__name__)

MINUTE = 60.0


class Outcome(StrEnum):
    """What became of a try, as the metrics count it."""

    DONE = "done"
    WRONG = "wrong"  # the name, the password or the code
    CODE = "code"  # the password was right, and the code of the second factor is still to come
    LOCKED = "locked"  # after too many wrong ones
    BUSY = "busy"  # too many at one time


class Refused(Exception):
    """Nobody was signed in; the message is a sentence. `again`: seconds to wait; 0: no need to."""

    def __init__(self, outcome: Outcome, sentence: str, again: float = 0.0) -> None:
        super().__init__(sentence)
        self.outcome = outcome
        self.again = again


class SignIn:
    """`now`: seconds since the epoch. `figures`: tries by outcome."""

    def __init__(
        self,
        directory: Directory,
        sessions: Sessions,
        passwords: Passwords,
        second_factor: SecondFactor,
        audit: Audit,
        now: Callable[[], float],
    ) -> None:
        self.figures: Counter[Outcome] = Counter()
        self._directory, self._sessions, self._passwords = directory, sessions, passwords
        self._second_factor, self._audit, self._now = second_factor, audit, now
        # A person mistypes, an office shares one address; a machine that guesses gets some hundred tries a day.
        self._names = Attempts(free=5, first=30.0, longest=15 * MINUTE, forget=60 * MINUTE)
        self._addresses = Attempts(free=20, first=30.0, longest=15 * MINUTE, forget=60 * MINUTE)

    async def prove(self, name: str, password: str, address: str, code: str | None = None) -> Person:
        """The person with that name and password, and with that code where one is needed. Raises Refused."""
        person = await self._by_password(name, password, address)
        if person.totp is not None:
            if code is None:
                # The name's try counts until the code has come: nobody may try codes one after the other.
                self._addresses.take_back(_network(address))
                self._refuse(Outcome.CODE, name, address, "Send the code of your app too, as `code`.")
            if not self._second_factor.fits(person, code):
                self._refuse(Outcome.WRONG, name, address, "That is not the code of now; each code counts once.")
        self._names.forget(name)
        self._addresses.take_back(_network(address))
        return person

    async def confirm_password(self, person: Person, password: str, address: str) -> None:
        """Whether somebody who is signed in knows the own password. Raises Refused."""
        await self._by_password(person.name, password, address)
        self._names.forget(person.name)
        self._addresses.take_back(_network(address))

    async def _by_password(self, name: str, password: str, address: str) -> Person:
        """Both tries are counted when this returns: whoever calls takes them back once all is right."""
        now, network = self._now(), _network(address)
        wait = max(self._names.locked(name, now), self._addresses.locked(network, now))
        if wait > 0:
            self._refuse(Outcome.LOCKED, name, address, f"Too many tries; wait {wait:.0f} s, then try again.", wait)
        self._names.tried(name, now)
        self._addresses.tried(network, now)
        person = self._directory.people.get(name)
        try:
            fits = await self._passwords.fits(password[: MOST + 1], None if person is None else person.password)
        except Busy:
            self._names.take_back(name)
            self._addresses.take_back(network)
            self._refuse(Outcome.BUSY, name, address, "Too many people sign in at this moment; try again.", 1.0)
        if not fits or person is None or self._directory.people.get(name) is not person:
            self._refuse(Outcome.WRONG, name, address, "There is no such name with this password.")
        return person

    async def begin(self, person: Person, address: str) -> tuple[str, Session]:
        """Sign the person in, once it is known who it is: the cookie's secret, and the session."""
        self.figures[Outcome.DONE] += 1
        self._note("signed-in", Actor.user(person.name), address, 201)
        return await self._sessions.begin(person.name, address)

    def _refuse(self, outcome: Outcome, name: str, address: str, sentence: str, again: float = 0.0) -> NoReturn:
        self.figures[outcome] += 1
        # Somebody may have typed a password in the place of the name: only names that exist are written down.
        shown = name if name in self._directory.people else "unknown"
        if outcome is Outcome.WRONG:  # the lock bounds these lines
            log.warning("sign-in-refused", person=shown, address=address)
            self._note("sign-in-refused", Actor.user(shown), address, 401)
        raise Refused(outcome, sentence, again)

    def _note(self, what: str, actor: Actor, address: str, status: int) -> None:
        self._audit.note(Entry(self._now(), actor, what, "/session", "", address, status), change=True)


def _network(address: str) -> str:
    """Whose tries count together: an IPv4 address, or the /64 of an IPv6 address, which one customer has whole."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
