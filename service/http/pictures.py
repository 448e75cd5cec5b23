"""The menu tree of the hotline in use as a picture, over HTTP."""

from typing import Annotated, Protocol

from fastapi import APIRouter, HTTPException, Query, Response

from accounts.model import Reach
from accounts.routes import Asking
from hotline.picture.style import CONTENT_SECURITY_POLICY

MOST_DAYS = 31
"""Days of traffic in one picture: the database counts for seconds."""


class PictureSource(Protocol):
    """Where the router gets pictures."""

    def languages(self) -> tuple[str, ...]:
        """Those of the hotline in use, the default first."""

    async def picture(self, language: str, days: int | None, reach: Reach) -> str:
        """As SVG, with the traffic of so many days; None: without. Raises NotDone."""


def router(source: PictureSource) -> APIRouter:
    """The route `/hotline/picture`."""
    routes = APIRouter(prefix="/hotline", tags=["hotline"])

    @routes.get(
        "/picture",
        summary="The menu tree as a picture",
        response_class=Response,
        responses={
            200: {"description": "An SVG, light and dark, at most a minute old.", "content": {"image/svg+xml": {}}},
            404: {"description": "The hotline has no such language."},
            503: {"description": "The calls cannot be counted; the sentence says why."},
        },
    )
    async def get_picture(
        asker: Asking,
        language: Annotated[str | None, Query(description="Of the texts; left out: the default one.")] = None,
        days: Annotated[
            int | None, Query(description="Count the calls of these days; left out: none.", ge=1, le=MOST_DAYS)
        ] = None,
    ) -> Response:
        """Places are groups with `data-place`, ways have `data-link`. Counts are those of the queues and sub-hotlines
        that the account may see; the totals, and the counts of menus, are for accounts that see all of them.
        """
        known = source.languages()
        if language is not None and language not in known:
            raise HTTPException(404, f"The hotline has no language of that name; it has {', '.join(known)}.")
        drawn = await source.picture(language or known[0], days, asker.reach)
        # The policy lets a browser use the picture's own style sheet, and nothing else.
        headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
        return Response(drawn, media_type="image/svg+xml", headers=headers)

    return routes
