"""What callers hear, over HTTP: every text, who speaks it, where it is used, and how it sounds."""

from fastapi import APIRouter, HTTPException, Response

from hotline.prompts_in_use import PromptOut, Prompts
from sentences.sentence import Sentence
from web.pages import Joined


def router(source: Prompts) -> APIRouter:
    """The routes under `/prompts`."""
    routes = APIRouter(prefix="/prompts", tags=["prompts"])
    listed = Joined(source.prompts)

    @routes.get(
        "",
        summary="All texts that callers may hear",
        responses={503: {"description": "A sound cannot be read; the sentence says what to do."}},
    )
    async def prompts() -> list[PromptOut]:
        """Of the hotline in use, language by language; Wutong's own texts too."""
        return list(await listed.answer())

    @routes.get(
        "/{prompt_id}/sound",
        summary="How a text sounds",
        response_class=Response,
        responses={
            200: {"description": "A .wav, as phones with a wideband codec play it.", "content": {"audio/wav": {}}},
            404: {"description": "There is no such prompt, or no sound for it yet."},
        },
    )
    async def sound(prompt_id: str) -> Response:
        found = await source.sound(prompt_id)
        if found is None:
            raise HTTPException(
                404, Sentence("There is no such prompt, or no sound for it yet; GET /api/v1/prompts lists them.")
            )
        return Response(found, media_type="audio/wav")

    return routes
