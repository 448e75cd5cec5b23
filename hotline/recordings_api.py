"""Recordings by people, over HTTP: of a text one is kept, heard, or taken away. New calls hear it after a reload."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Request, Response
from pydantic import BaseModel, Field

from accounts.asking import note_detail
from base.hints import shortened
from base.log import without_numbers
from hotline.keeping import Changed, Uneditable
from hotline.recording import Recording
from sentences.sentence import Sentence
from sounds.recordings import BadRecordings
from sounds.takes import LARGEST
from web import uploads
from web.problems import Refusal

PATH = "/prompts/{key}/recording"

LARGER = {("PUT", PATH): LARGEST}
"""Bodies that may be larger than others, in bytes."""

_LONGEST_WORDS = 200
"""Characters of a text that the audit gets."""


class KeptOut(BaseModel):
    """The recording was kept."""

    recording: str = Field(description="Its tag, as in `GET /prompts`.", examples=["5d41402abc4b2a76b9719d911017c592"])
    seconds: float = Field(description="How long callers will hear it: silence at its ends is cut.", examples=[4.1])


IfMatch = Annotated[str | None, Header(description="The recording that is replaced or taken away, by its ETag.")]
IfNone = Annotated[str | None, Header(description="`*`: there is none yet.")]


def router(source: Recording) -> APIRouter:
    """The routes at `/prompts/{key}/recording`."""
    routes = APIRouter(tags=["prompts"])
    missing = {"description": "There is no such text, or no recording of it."}
    refused: dict[int | str, dict[str, Any]] = {
        404: missing,
        409: {
            "description": "The folder `prompts/` has mistakes that are to be mended first; the sentence names them."
        },
        412: {"description": "Somebody else has kept or removed a recording of this text meanwhile."},
        428: {"description": "If-Match or If-None-Match is missing."},
        503: {"description": "It could not be written; the sentence says why."},
    }

    def known_text(key: str, request: Request) -> None:
        text = source.text(key)
        if text is None:
            raise HTTPException(
                404, Sentence("The hotline in use has no such text; GET /api/v1/prompts lists them by `key`.")
            )
        note_detail(request, without_numbers(f"{text[0]} {shortened(text[1], _LONGEST_WORDS)}"))

    @routes.get(
        PATH,
        summary="How the recording of a text sounds",
        response_class=Response,
        responses={
            200: {"description": "A .wav, as callers will hear it.", "content": {"audio/wav": {}}},
            404: missing,
            409: refused[409],
            503: {"description": "It cannot be read; the sentence says why."},
        },
    )
    async def heard(key: str, request: Request) -> Response:
        """The one in the hotline's folder, in use or not yet. ETag distinguishes it from any other one."""
        known_text(key, request)
        with _answering():
            found = await source.heard(key)
        if found is None:
            raise HTTPException(404, Sentence("There is no recording of this text."))
        tag, sound = found
        return Response(sound, media_type="audio/wav", headers={"ETag": f'"{tag}"'})

    @routes.put(
        PATH,
        summary="Keep a recording of a text",
        status_code=200,
        responses={
            201: {"description": "It is the first one of this text.", "model": KeptOut},
            **refused,
            **uploads.BAD_RECORDING,
        },
        openapi_extra=uploads.BODY,
    )
    async def keep(
        key: str, request: Request, response: Response, if_match: IfMatch = None, if_none_match: IfNone = None
    ) -> KeptOut:
        """Calls hear it after the next reload. It is decoded, judged and written anew: nothing else of the body is
        kept, and no name.
        """
        known_text(key, request)
        known = _known(if_match, if_none_match)

        with uploads.receiving(), _answering():
            kept = await source.keep(key, request.stream(), known)
        response.status_code = 201 if known is None else 200
        response.headers["ETag"] = f'"{kept.tag}"'
        return KeptOut(recording=kept.tag, seconds=kept.seconds)

    @routes.delete(PATH, summary="Take the recording of a text away", status_code=204, responses=refused)
    async def remove(key: str, request: Request, if_match: IfMatch = None) -> None:
        """The voice speaks the text again after the next reload."""
        known_text(key, request)
        known = _known(if_match, None)
        with _answering():
            await source.remove(key, known)

    return routes


@contextmanager
def _answering() -> Iterator[None]:
    """What hinders it, as an answer."""
    try:
        yield
    except Changed as changed:
        sentence = Sentence(
            "Somebody has kept or removed a recording of this text meanwhile. Load the prompts again and listen."
        )
        raise Refusal(412, sentence, {"recording": changed.now}) from None
    except (BadRecordings, Uneditable) as wrong:
        raise HTTPException(409, Sentence("Nothing was changed. Mend this first: {what}", what=str(wrong))) from None


def _known(if_match: str | None, if_none_match: str | None) -> str | None:
    """The tag of the recording that the sender knows; None: that there is none. Raises the 428."""
    if if_match is not None and len(if_match) > 2 and if_match[0] == if_match[-1] == '"':
        return if_match[1:-1]
    if if_match is None and if_none_match == "*":
        return None
    raise HTTPException(
        428,
        Sentence(
            'Send If-Match: "TAG" with the `recording` that GET /api/v1/prompts tells, or '
            "If-None-Match: * if there is none: so nobody overwrites what somebody else has recorded."
        ),
    )
