"""The menu tree of the hotline in use as a drawing and as a list, over HTTP."""

from typing import Annotated, Protocol

from fastapi import APIRouter, HTTPException, Query, Response

from accounts.asking import Asking
from accounts.model import Reach
from drawing.listing import OutlineOut
from drawing.style import CONTENT_SECURITY_POLICY
from sentences.sentence import Sentence, listed

MOST_DAYS = 31
"""Days of traffic in one drawing: the database counts for seconds."""


class DrawingSource(Protocol):
    """Where the router gets drawings."""

    def languages(self) -> tuple[str, ...]:
        """Those of the hotline in use, the default first."""

    async def drawing(self, language: str, days: int | None, reach: Reach) -> OutlineOut:
        """What a drawing shows, and the drawing, with the traffic of so many days; 0: of today; None: without.

        Raises NotDone.
        """


Days = Annotated[
    int | None,
    Query(
        description="Count the calls of these days; 0: since midnight at the hotline; left out: none.",
        ge=0,
        le=MOST_DAYS,
    ),
]
Language = Annotated[str | None, Query(description="Of the texts; left out: the default one.")]


def router(source: DrawingSource) -> APIRouter:
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
