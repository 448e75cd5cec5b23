"""Accounts of people and of programs, and what one request may reach. Times are seconds since the epoch."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import Field

from base.role import Role
from journal.actor import Actor

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{0,39}$")]
"""Of a person or a token, as it is typed and shown: `wang`, `wall-board.2`."""

LOCAL = "local"
"""The name of the installation's own token."""

RESERVED = frozenset({LOCAL, "unknown"})
"""Names that no account may have: in the audit they would be taken for somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person or program that may ask, and its rights.

    queues, departments  ids of queues and of sub-hotlines. `accounts.roles` says what they mean for each role
    agent                the id of the agent that this account is
    """

    name: str
    roles: frozenset[Role]
    queues: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    agent: str | None = None

    @property
    def limited(self) -> bool:
        """Whether it is for a part of the hotline only."""
        return bool(self.queues or self.departments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Account):
    """Somebody who may sign in.

    password  its hash, as `accounts.passwords` makes it; None: this person signs in without one, elsewhere
    subject   who that is elsewhere: the issuer and its own name for the person, with a blank between; None: nobody
    """

    password: str | None = field(repr=False)
    created: float
    password_set: float
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """A person's app that shows codes.

    sealed    its secret, as `accounts.second_factors` seals it
    step      the 30 s, counted since the epoch, whose code was used last: no older one counts
    recovery  digests of the recovery codes that are left
    """

    name: str
    sealed: str = field(repr=False)
    step: int
    recovery: frozenset[str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineToken(Account):
    """A program's token. `digest`: of the secret, which nobody keeps. `used`: when last, to the hour; None: never."""

    digest: str = field(repr=False)
    created: float
    expires: float
    used: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person who is signed in. `digest`: of the cookie's secret. `used`: the last request. `address`: from where the
    person signed in.
    """

    digest: str = field(repr=False)
    name: str
    began: float
    used: float
    address: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What of the hotline a request may see or change: all of it (`whole`), or what is named here."""

    whole: bool = False
    queues: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    agent: str | None = None

    def without_agent(self) -> "Reach":
        """What is left of it without the own agent."""
        return self if self.whole else replace(self, agent=None)

    def has_queue(self, queue_id: str) -> bool:
        return self.whole or queue_id in self.queues

    def has_agent(self, agent_id: str, queues: Callable[[], Collection[str]]) -> bool:
        """`queues` answers which queues that agent could ever serve."""
        if self.whole or agent_id == self.agent:
            return True
        return bool(self.queues) and not self.queues.isdisjoint(queues())

    def has_call(self, queue: str | None, agent: str | None, department: str | None) -> bool:
        """A call by the queue, the agent and the sub-hotline that it is with, or was with last."""
        return (
            self.whole
            or (queue is not None and queue in self.queues)
            or (department is not None and department in self.departments)
            or (agent is not None and agent == self.agent)
        )


NOTHING = Reach()
EVERYTHING = Reach(whole=True)


@dataclass(frozen=True, slots=True)
class Asker:
    """The sender of a request, as the guard before all routes found out.

    address  from where
    reach    what this request may see or change
    alive    whether the account is still as it was; a request that lasts, such as an event stream, asks again
    session  where a cookie came with the request
    """

    actor: Actor
    account: Account
    address: str
    reach: Reach
    alive: Callable[[], bool] = field(default=lambda: True, compare=False, repr=False)
    session: Session | None = None

    @property
    def holder(self) -> Actor:
        """Under which name somebody has a callback or a message: an agent as the agent, by whatever account, so that a
        sign-out gives it back.
        """
        return self.actor if self.reach.agent is None else Actor.agent(self.reach.agent)

    @property
    def proof(self) -> str:
        """The digest of the session's or the token's secret: `Accounts.account_of` finds the account as it is later.
        Empty: this installation's own token.
        """
        if self.session is not None:
            return self.session.digest
        return self.account.digest if isinstance(self.account, MachineToken) else ""
