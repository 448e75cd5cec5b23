"""What an administrator does over HTTP: use the edited hotline, restart the service, turn calls away."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StrictBool

from accounts.asking import Asking, note_detail
from base.log import without_numbers
from publishing.operations import Administration
from publishing.shapes import Broken, ReloadOut, broken
from web.problems import Wanted


class RestartIn(BaseModel):
    """When the service is to be restarted."""

    wait_s: Annotated[
        float, Field(ge=0, le=60, strict=True, description="Seconds that calls in the menus have at most.")
    ] = 60


class RestartOut(BaseModel):
    """The service restarts soon: new calls ring until the next service answers."""

    in_menus: int = Field(description="Calls in the menus, which finish first.")


class DrainIn(BaseModel):
    """Whether new calls are turned away."""

    on: StrictBool


def router(administration: Administration) -> APIRouter:
    """`POST /reload`, `POST /restart` and `PUT /drain`."""
    routes = APIRouter()

    @routes.post(
        "/reload",
        summary="Take the edited hotline into use",
        tags=["administration"],
        responses={
            409: {"description": "Nobody has edited the folder since another version was published elsewhere."},
            422: {"description": "The folder has errors; `problems` lists them, the old version stays in use."},
            503: {"description": "It could not be done, the old version stays in use."},
        },
    )
    async def reload(asker: Asking, language: Wanted, request: Request) -> ReloadOut:
        """Publishes the folder, whichever version is in use; `POST /versions` can do more. Whole or not at all.
        Live calls keep the version that they began with.

        All sentences are in the first of `zh` and `en` that `Accept-Language` names.
        """
        try:
            return await administration.reload(asker.actor, language)
        except Broken as refusal:
            refused = broken(refusal.found, language)
            note_detail(request, without_numbers(refused.detail))
            raise refused from None

    @routes.post(
        "/restart",
        status_code=202,
        summary="Restart the service",
        tags=["administration"],
        responses={503: {"description": "Nobody would start it again; nothing was done."}},
    )
    async def restart(wanted: RestartIn, asker: Asking) -> RestartOut:
        """Calls in the menus finish first. Waiting callers and talks go on; the next service takes them up."""
        return RestartOut(in_menus=await administration.restart(wanted.wait_s, asker.actor))

    @routes.put(
        "/drain",
        summary="Close the hotline for maintenance, or open it again",
        tags=["administration"],
        responses={503: {"description": "It could not be done; the sentence says why."}},
    )
    async def drain(wanted: DrainIn, asker: Asking) -> DrainIn:
        """While the hotline is closed, new callers hear that and other calls go on. A restart does not open it."""
        await administration.drain(wanted.on, asker.actor)
        return wanted

    return routes
