"""What the nodes of the hotline are called, over HTTP, for pages that would else show ids."""

from collections.abc import Callable, Iterable
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from accounts.asking import Asking
from hotline.model import Hotline

Names = Annotated[
    dict[str, dict[str, str]],
    Field(
        description="Id → name by language; `*` stands for every language. In the order of `hotline.yaml`.",
        examples=[{"greening": {"zh": "绿化", "en": "Greening"}}],
    ),
]


class NamesOut(BaseModel):
    """What the nodes of the hotline in use are called, as far as the account may know."""

    queues: Names
    departments: Names = Field(description="Sub-hotlines.")
    menus: Names = Field(description="Empty names for a menu that has none.")
    breaks: Names = Field(description="Reasons for not being ready that agents choose from.")
    skills: Names = Field(description="Skills that have a name of their own.")
    agents: Names = Field(description="Agents; for agents, and accounts that see the whole hotline.")


def router(nodes: Callable[[], Hotline]) -> APIRouter:
    """The route `/names`. `nodes`: of the hotline in use."""
    routes = APIRouter(prefix="/names", tags=["queues"])

    @routes.get("", summary="What queues, departments, menus, breaks and skills are called")
    async def names(asker: Asking) -> NamesOut:
        """An agent gets all of them: the own phone may transfer calls there. Everybody gets the rest."""
        hotline, reach = nodes(), asker.reach
        lines: Iterable[str] = hotline.sub_hotlines if reach.whole else reach.departments
        return NamesOut(
            queues={name: dict(queue.name) for name, queue in hotline.queues.items() if reach.has_queue(name)},
            departments={name: dict(line.name) for name, line in hotline.sub_hotlines.items() if name in lines},
            menus={name: dict(menu.name or {}) for name, menu in hotline.menus.items()},
            agents={name: {"*": agent.name} for name, agent in hotline.agents.items() if reach.whole or reach.agent},
            breaks={name: dict(reason) for name, reason in hotline.breaks.items()},
            skills={skill: dict(name) for skill, name in hotline.skills.items()},
        )

    return routes
