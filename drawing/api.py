"""The menu tree of the hotline in use over HTTP: as a drawing, as a list, and what its parts are called."""

from collections.abc import Callable, Iterable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response
from pydantic import BaseModel, Field

from accounts.asking import Asking
from drawing.drawings import Drawings
from drawing.listing import OutlineOut
from drawing.style import CONTENT_SECURITY_POLICY
from hotline.model import Hotline
from sentences.sentence import Sentence, listed

MOST_DAYS = 31
"""Days of traffic in one drawing: the database counts for seconds."""


Days = Annotated[
    int | None,
    Query(
        description="Count the calls of these days; 0: since midnight at the hotline; left out: none.",
        ge=0,
        le=MOST_DAYS,
    ),
]
Language = Annotated[str | None, Query(description="Of the texts; left out: the default one.")]


def router(source: Drawings) -> APIRouter:
    """The routes `/hotline/picture` and `/hotline/outline`."""
    routes = APIRouter(prefix="/hotline", tags=["hotline"])

    def spoken(language: str | None) -> str:
        known = source.languages()
        if language is not None and language not in known:
            raise HTTPException(
                404, Sentence("The hotline has no language of that name; it has {names}.", names=listed(known))
            )
        return language or known[0]

    @routes.get(
        "/picture",
        summary="The menu tree as a drawing",
        response_class=Response,
        responses={
            200: {"description": "An SVG, light and dark, at most a minute old.", "content": {"image/svg+xml": {}}},
            404: {"description": "The hotline has no such language."},
            503: {"description": "The calls cannot be counted, or nothing was drawn; the sentence says why."},
        },
    )
    async def get_picture(asker: Asking, language: Language = None, days: Days = None) -> Response:
        """Nodes are groups with `data-place`, ways have `data-link`. Counts are those of the queues and sub-hotlines
        that the account may see; the totals, and the counts of menus, are for accounts that see all of them.
        """
        drawing = await source.drawing(spoken(language), days, asker.reach)
        # The policy lets a browser use the drawing's own style sheet, and nothing else.
        headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
        return Response(drawing.svg, media_type="image/svg+xml", headers=headers)

    @routes.get(
        "/outline",
        summary="The menu tree as a list",
        responses={
            404: {"description": "The hotline has no such language."},
            503: {"description": "The calls cannot be counted, or nothing was drawn; the sentence says why."},
        },
    )
    async def get_outline(
        asker: Asking,
        language: Language = None,
        days: Days = None,
        picture: Annotated[bool, Query(description="With the drawing itself.")] = False,
    ) -> OutlineOut:
        """What the drawing shows, for programs. Counts are given as there."""
        drawing = await source.drawing(spoken(language), days, asker.reach)
        return drawing if picture else drawing.model_copy(update={"svg": None})

    return routes


# What the nodes of the hotline are called, over HTTP, for pages that would else show ids.


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


def names_router(nodes: Callable[[], Hotline]) -> APIRouter:
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
