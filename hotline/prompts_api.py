"""What callers hear, over HTTP: every text, who speaks it, where it is used, and how it sounds."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, Field

from hotline.edition import Edition
from hotline.keeping import key, tag
from hotline.recording import in_folder
from hotline.spoken import Entry, entries
from sentences.sentence import Sentence
from sounds.audio import wide
from web.pages import Joined

# The prompts of the hotline in use, for HTTP. Files are looked at in threads: calls go on meanwhile.


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
        description="Paths in hotline.yaml; `phrase KEY` and `number` for Wutong's own texts.",
        examples=[["menus.main.say"]],
    )
    recording: str | None = Field(
        description="The tag of its recording in the hotline's folder, the ETag of `/prompts/{key}/recording`; "
        "null: there is none."
    )
    pending: bool = Field(description="The next reload brings another recording of it, or the voice.")


class Prompts:
    """`in_use`: the edition that new calls get."""

    def __init__(self, in_use: Callable[[], Edition]) -> None:
        self._in_use = in_use
        self._files: dict[str, Path] = {}
        self._of: Edition | None = None

    async def prompts(self) -> Sequence[PromptOut]:
        """All of them. Raises NotDone."""
        edition = self._in_use()
        listed, recorded = await self._read(edition), await asyncio.to_thread(in_folder, edition)
        used = edition.catalogue.recordings
        return [
            PromptOut(
                id=entry.id,
                key=key(entry.language, entry.text),
                language=entry.language,
                text=entry.text,
                speaker=entry.source,
                seconds=entry.seconds,
                where=list(entry.where),
                recording=tag(recorded.find(entry.language, entry.text)),
                pending=tag(recorded.find(entry.language, entry.text)) != tag(used.find(entry.language, entry.text)),
            )
            for entry in listed
        ]

    async def sound(self, prompt_id: str) -> bytes | None:
        """A .wav of what is played for that text, at 16,000 samples a second; None: there is none. Only what the list
        has: an id is looked up, never made a path. Raises NotDone.
        """
        if self._of is not self._in_use():
            await self._read(self._in_use())
        file = self._files.get(prompt_id)
        if file is None:
            return None
        try:
            return await asyncio.to_thread(wide(file).read_bytes)
        except FileNotFoundError:
            return None

    async def _read(self, edition: Edition) -> Sequence[Entry]:
        found = await asyncio.to_thread(entries, edition.catalogue, edition.hotline)
        self._files = {entry.id: Path(entry.path) for entry in found if entry.seconds is not None}
        self._of = edition
        return found


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
