"""What the places of the hotline are called, over HTTP, for pages that would else show ids."""

from collections.abc import Callable, Iterable
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from accounts.routes import Asking
from calls.way import Places

Names = Annotated[
    dict[str, dict[str, str]],
    Field(
        description="Id → name by language; `*` stands for every language. In the order of `hotline.yaml`.",
        examples=[{"greening": {"zh": "绿化", "en": "Greening"}}],
    ),
]


class NamesOut(BaseModel):
    """What the places of the hotline in use are called, as far as the account may know."""

    queues: Names
    departments: Names = Field(description="Sub-hotlines.")


def router(places: Callable[[], Places]) -> APIRouter:
    """The route `/names`. `places`: of the hotline in use."""
    routes = APIRouter(prefix="/names", tags=["queues"])

    @routes.get("", summary="What queues and departments are called")
    async def names(asker: Asking) -> NamesOut:
        """An agent gets all of them: the own phone may transfer calls there."""
        hotline, reach = places(), asker.reach
        lines: Iterable[str] = hotline.sub_hotlines if reach.whole else reach.departments
        return NamesOut(
            queues={name: dict(queue.name) for name, queue in hotline.queues.items() if reach.has_queue(name)},
            departments={name: dict(line.name) for name, line in hotline.sub_hotlines.items() if name in lines},
        )

    return routes
