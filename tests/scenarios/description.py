"""What a scenario is made of: a hotline, callers, agents, and what they do. `fake` and `real` are such people.

Each step ends once it has happened, or once it is certain to: so the next one may follow at once.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Caller(Protocol):
    """A citizen with a phone. Dials the number of the place."""

    async def calls(self) -> None:
        """Until the hotline has answered."""

    async def presses(self, key: str) -> None: ...

    async def hears(self, words: str) -> None:
        """A prompt to its end, after the one that was waited for before: a phrase of Wutong's, by its key, or a text of
        the hotline's.
        """

    async def talks_with(self, agent: "Agent") -> None:
        """They hear each other, or are about to."""

    async def waits(self) -> None:
        """The caller is held, with music, and hears no words."""

    async def story_has(self, kind: str, times: int = 1) -> None:
        """The story of the call has so many Records of this kind, or is about to."""

    async def hangs_up(self) -> None: ...

    async def is_let_go(self) -> None:
        """The hotline ends the call."""


class Agent(Protocol):
    """Somebody with a phone: an agent, or the bureau."""

    async def comes(self) -> None:
        """The phone is there. The agent signs in to nothing."""

    async def is_ready(self) -> None:
        """The phone is there, and the agent ready."""

    async def wants(self, state: str) -> None:
        """Asks for a state."""

    async def is_in(self, state: str) -> None:
        """Is in this state, or about to be."""

    async def rings(self) -> None:
        """The phone rings."""

    async def answers(self) -> None:
        """Once the phone rings. So do the next three."""

    async def declines(self) -> None: ...
    async def is_busy(self) -> None: ...
    async def does_not_answer(self) -> None:
        """Until it rings no more."""

    async def rings_no_more(self) -> None: ...
    async def hangs_up(self) -> None:
        """Ends the talk."""

    async def is_let_go(self) -> None:
        """The other end ends the talk."""

    async def sends_to(self, target: str, *, hasty: bool = False) -> None:
        """A blind transfer by the phone: to another agent, a queue with a number, or the line. `hasty`: it hangs up
        without waiting for the outcome.
        """

    async def dials(self, target: str) -> None:
        """A second call, beside the talk, to one of those."""

    async def asks(self, other: "Agent") -> None:
        """In that second call: the two hear each other."""

    async def joins_both(self) -> None:
        """An attended transfer by the phone: whoever talks with it gets to the one whom it has dialled."""

    async def vanishes(self) -> None:
        """The phone is cut off from the network, in a talk."""


class Stage(Protocol):
    """Where a scenario is played. Orders are about the call of the first caller."""

    def caller(self, name: str = "") -> Caller: ...
    def agent(self, role: str) -> Agent: ...

    async def order(self, what: str) -> None:
        """Over HTTP, of the talk: `hold`, `unhold`, `return`, `complete`, `join`."""

    async def send(self, to: str, how: str = "blind") -> None:
        """Over HTTP: `blind` or `consult`, to an agent, a queue or the line."""

    async def move(self, to: str) -> None:
        """A supervisor moves the caller, who waits, into this queue."""

    async def emergency(self) -> None:
        """From now on callers hear a message before the menu."""

    def away(self) -> AbstractAsyncContextManager[None]:
        """What the scenario is about, `Fault.RESTART` or `LINK`, is away in the block."""


class Fault(StrEnum):
    """What happens to the whole hotline, and so to all scenarios at the same time that are about it."""

    NONE = "none"
    RESTART = "restart"  # the service ends and is started again
    LINK = "link"  # the link to Asterisk's manager breaks and comes back


Play = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True)
class Scenario:
    """`story`: of the call of the first caller, as `story.in_words` tells it."""

    play: Play
    story: tuple[str, ...]
    fault: Fault

    def __str__(self) -> str:
        return self.play.__name__

    def told(self, story: Sequence[str]) -> list[str]:
        """What is to be compared. After a restart the dialplan brings a caller to a session within a second, before or
        after Asterisk was asked what has happened meanwhile.
        """
        return [line for line in story if self.fault is not Fault.RESTART or line != "call-resumed"]


SCENARIOS: list[Scenario] = []
"""All, once the modules that describe them are imported: `tests.scenarios.SCENARIOS`."""


def scenario(story: str, fault: Fault = Fault.NONE) -> Callable[[Play], Play]:
    """The story has one line for each Record."""

    def described(play: Play) -> Play:
        lines = (line.strip() for line in story.splitlines())
        SCENARIOS.append(Scenario(play, tuple(filter(None, lines)), fault))
        return play

    return described
