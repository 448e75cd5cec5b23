"""Signing in: who is it? Guessing is slow, and shows next to nothing: hardly whether a name exists (docs/people.md).

`prove` finds out who it is, by name, password and the second factor's code; `begin` begins the session. Another way to
prove who it is, such as a city's own sign-in, begins with `knock` and ends with `take_back` and `begin`.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NoReturn

import structlog

from accounts.audit import DAY, Audit, Entry
from accounts.directory import Directory
from accounts.limits import Attempts, network_of
from accounts.model import Person, Session
from accounts.passwords import MOST, Passwords
from accounts.second_factors import Proof, SecondFactors
from accounts.sessions import Sessions
from journal.actor import STRANGER, Actor
from sentences.sentence import Sentence

log = structlog.get_logger(__name__)

MINUTE = 60.0

USUAL_S = 30 * DAY
"""Seconds after a sign-in for which its network is a usual one of that person."""

MOST_USUAL = 10_000
"""Usual networks of all people together; the one that was used longest ago is let go."""

FREE_OF_BOTH, FREE_OF_NAME, FREE_OF_ADDRESS = 5, 60, 20
"""Tries that cost nothing: for one name from one address, for one name from all addresses together, and from one
address for all names. After each further one there is a wait."""

MOST_ADDRESSES = 10_000
"""Addresses whose tries are counted; the one that was tried longest ago is let go."""

SHARED = 65_536
"""Tallies of all names that nobody has."""

WRONG = Sentence("The name, the password or the code is wrong.")
"""For all three, whether the person has a second factor or not: a guesser must not learn which of them was right."""


class Outcome(StrEnum):
    """What became of a try, as the metrics count it."""

    DONE = "done"
    WRONG = "wrong"  # the name, the password or the code; what another way brought
    LOCKED = "locked"  # after too many wrong ones
    BUSY = "busy"  # too many at the same time
    NO_ROLE = "no-role"  # known elsewhere, without a role here
    AWAY = "away"  # the city's own sign-in cannot be asked


class Refused(Exception):
    """Nobody was signed in; the message is a sentence. `again`: seconds to wait; 0: no need to. `status`: as HTTP."""

    def __init__(self, outcome: Outcome, sentence: str, again: float = 0.0, status: int = 401) -> None:
        super().__init__(sentence)
        self.status = status
        self.outcome = outcome
        self.again = again


class SignIn:
    """`now`: seconds since the epoch. `figures`: tries by outcome."""

    def __init__(
        self,
        directory: Directory,
        sessions: Sessions,
        passwords: Passwords,
        second: SecondFactors,
        audit: Audit,
        now: Callable[[], float],
    ) -> None:
        self.figures: Counter[Outcome] = Counter()
        self._directory, self._sessions, self._passwords, self._second = directory, sessions, passwords, second
        self._audit, self._now = audit, now
        # A person mistypes, an office shares one address; a machine that guesses gets a hundred tries a day.
        self._known, self._unknown = _Tallies(shared=None), _Tallies(shared=SHARED)
        self._addresses = _attempts(FREE_OF_ADDRESS, MOST_ADDRESSES)
        self._usual: OrderedDict[tuple[str, str], float] = OrderedDict()

    def take_up(self, entries: Iterable[Entry]) -> None:
        """Take up people's usual networks at the start: their sign-ins that the audit has, the oldest first."""
        for entry in entries:
            person = self._directory.people.get(entry.actor.removeprefix("user:"))
            if person is not None and person.created <= entry.at:
                self._visit(person.name, network_of(entry.address), entry.at)

    async def prove(self, name: str, password: str, address: str, code: str | None) -> Person:
        """The person with that name, password and second factor. `code` None: the second factor is not asked for, as
        the person has signed in already. Raises Refused, StoreUnavailable.
        """
        now, network = self._now(), network_of(address)
        tallies = self._known if name in self._directory.people else self._unknown
        here = (tallies.of_both, tallies.key(f"{name} {network}"))
        # From a usual network no other tries count. So neither a guesser elsewhere nor one who tries other names
        # there can lock the person out.
        usual = now - self._usual.get((name, network), -USUAL_S) < USUAL_S
        counts = (here,) if usual else (here, (tallies.names, tallies.key(name)), (self._addresses, network))
        wait = max(tries.locked(key, now) for tries, key in counts)
        if wait > 0:
            self.refuse(
                Outcome.LOCKED,
                name,
                address,
                Sentence("Too many tries; wait {seconds:.0f} s, then try again.", seconds=wait),
                wait,
            )
        if self._passwords.full(usual=usual):  # nothing is compared, so nothing counts
            self.refuse(
                Outcome.BUSY, name, address, Sentence("Too many people sign in at this moment; try again."), 1.0
            )
        for tries, key in counts:
            tries.tried(key, now)
        person = self._directory.people.get(name)
        compared = person is not None or not self._passwords.crowded
        hashed = None if person is None else person.password
        fits = await self._passwords.fits(password[: MOST + 1], hashed, usual=usual)
        proof = Proof.NOT_NEEDED
        if fits and code is not None:
            proof = await self._second.prove(name, code)
        if not fits or proof is Proof.WRONG or person is None or self._directory.people.get(name) is not person:
            self.refuse(Outcome.WRONG, name, address, WRONG, noted=compared)
        if proof is Proof.RECOVERY:
            self._note("recovery-code-used", Actor.user(name), address, 200)
        for tries, key in counts:
            tries.excuse(key)
        tallies.of_both.forget(here[1])
        self._visit(name, network, now)
        return person

    def _visit(self, name: str, network: str, now: float) -> None:
        """From now on it is a usual network of that person."""
        self._usual[name, network] = now
        self._usual.move_to_end((name, network))
        if len(self._usual) > MOST_USUAL:
            self._usual.popitem(last=False)

    def knock(self, address: str) -> None:
        """Count a try that another way has begun, before its outcome is known. Raises Refused."""
        now, network = self._now(), network_of(address)
        if (wait := self._addresses.locked(network, now)) > 0:
            self.refuse(
                Outcome.LOCKED,
                "",
                address,
                Sentence("Too many tries; wait {seconds:.0f} s, then try again.", seconds=wait),
                wait,
            )
        self._addresses.tried(network, now)

    def take_back(self, address: str) -> None:
        """That try was right, or nobody knows: it does not count."""
        self._addresses.excuse(network_of(address))

    async def begin(self, person: Person, address: str) -> tuple[str, Session]:
        """Sign the person in, once it is known who it is: the cookie's secret, and the session."""
        self.figures[Outcome.DONE] += 1
        self._note("signed-in", Actor.user(person.name), address, 201)
        return await self._sessions.begin(person.name, address)

    def refuse(
        self,
        outcome: Outcome,
        name: str,
        address: str,
        sentence: str,
        again: float = 0.0,
        status: int = 401,
        *,
        noted: bool = True,
    ) -> NoReturn:
        """Count the refusal, note it, and raise it."""
        self.figures[outcome] += 1
        # Somebody may have typed a password instead of the name: only names that exist are written down.
        known = name in self._directory.people
        if noted and outcome in (Outcome.WRONG, Outcome.NO_ROLE):  # the lock bounds these lines
            log.warning("sign-in-refused", person=name if known else None, address=address)
            self._note("sign-in-refused", Actor.user(name) if known else STRANGER, address, status)
        raise Refused(outcome, sentence, again, status)

    def _note(self, what: str, actor: Actor, address: str, status: int) -> None:
        self._audit.note(Entry(self._now(), actor, what, "/session", "", address, status), change=True)


class _Tallies:
    """Tries for names, of people or of nobody. Both get the same answers, as long as few names share a tally.

    shared  None: each name has tallies of its own. Else all names share so many, by chance. Anybody can make up names,
            and so none of them pushes the tries for another one out of the memory
    """

    def __init__(self, shared: int | None) -> None:
        self.of_both = _attempts(FREE_OF_BOTH)  # by name and network
        self.names = _attempts(FREE_OF_NAME)
        self._shared = shared

    def key(self, whose: str) -> str:
        """The key of the tally of that name, or of that name and network."""
        # Python's hash has a secret of this process in it: nobody can choose names that share a tally.
        return whose if self._shared is None else str(hash(whose) % self._shared)


def _attempts(free: int, most: int | None = None) -> Attempts:
    return Attempts(free, first=30.0, longest=15 * MINUTE, forget=DAY, fade=15 * MINUTE, most=most)
