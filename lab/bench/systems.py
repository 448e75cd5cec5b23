"""The two systems compared. Each has Asterisk for itself: the other is not loaded or does not run meanwhile."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

from lab.bench import rival
from lab.bench.hotline import EXTENSION
from lab.bench.stage import Stage
from lab.phone import Phone


class System(StrEnum):
    RIVAL = "app_queue"
    WUTONG = "wutong"

    @property
    def extension(self) -> str:
        """The number that callers dial."""
        return EXTENSION if self is System.WUTONG else rival.RIVAL_EXTENSION


@asynccontextmanager
async def serving(stage: Stage, system: System, agents: Sequence[str]) -> AsyncIterator[None]:
    """Within the block the system takes calls for these agents, whose phones are registered."""
    if system is System.RIVAL:
        await stage.load_rival()
    else:
        await stage.start_service(list(agents))
    try:
        yield
    finally:
        if system is System.RIVAL:
            await stage.unload_rival()
        else:
            await stage.stop_service()


@dataclass(frozen=True, slots=True)
class Crowd:
    """The agents' phones, registered, by id; and the callers' phones."""

    agents: dict[str, Phone]
    callers: list[Phone]


@asynccontextmanager
async def crowd(stage: Stage, agents: int, callers: int) -> AsyncIterator[Crowd]:
    """Registered phones of the first `agents` agents, and phones of so many callers."""
    async with AsyncExitStack() as phones:
        chosen = {}
        for agent in stage.agents[:agents]:
            chosen[agent] = await phones.enter_async_context(stage.agent_phone(agent))
            await chosen[agent].register(expires=1_800)
        calling = [await phones.enter_async_context(stage.caller_phone(f"138{number:08}")) for number in range(callers)]
        yield Crowd(chosen, calling)
