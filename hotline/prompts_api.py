"""What callers hear, over HTTP: every text, who speaks it, where it is used, and how it sounds."""

from collections.abc import Sequence
from typing import Literal, Protocol

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, Field

from sentences.sentence import Sentence
from web.pages import Joined


class PromptOut(BaseModel):
    """One spoken text."""

    id: str = Field(description="Of its sound: another one speaks it, another id.", examples=["3f2a91c0"])
    key: str = Field(description="Of the text, whoever speaks it.", examples=["0b7c5a0d2f4e6918"])
    language: str = Field(examples=["zh"])
    text: str = Field(examples=["绿化请按1，供水请按2"])
    speaker: Literal["recording", "voice", "draft"] = Field(
        description="A person; the natural voice, or the administrator's own; the draft voice, which callers do not "
        "understand."
    )
    seconds: float | None = Field(description="How long it is; null: no sound was made yet.")
    where: list[str] = Field(
        description="Places in hotline.yaml; `phrase KEY` and `number` for Wutong's own texts.",
        examples=[["menus.main.say"]],
    )
    recording: str | None = Field(
        description="The tag of its recording in the hotline's folder, the ETag of `/prompts/{key}/recording`; "
        "null: there is none."
    )
    pending: bool = Field(description="The next reload brings another recording of it, or the voice.")


class PromptSource(Protocol):
    """Where the router learns of the prompts of the hotline in use."""

    async def prompts(self) -> Sequence[PromptOut]:
        """All of them. Raises NotDone."""

    async def sound(self, prompt_id: str) -> bytes | None:
        """A .wav of what is played for that text, at 16,000 samples a second; None: there is none."""


def router(source: PromptSource) -> APIRouter:
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
