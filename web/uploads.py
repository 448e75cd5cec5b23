"""A recording that somebody sends as the body of a request: what the interface says of it, and of one that is bad."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import HTTPException
from starlette.requests import ClientDisconnect

from sentences.sentence import Sentence
from sounds.takes import LARGEST, LONGEST, BadTake
from web.problems import Refusal

_TYPES = ("audio/wav", "audio/flac", "audio/ogg", "audio/mpeg")

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": f"WAV, FLAC, Ogg Vorbis or MP3, {LARGEST // 1024 // 1024} MiB and {LONGEST} s at most.",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _TYPES},
    }
}
"""For `openapi_extra` of a route that takes a recording."""

BAD_RECORDING: dict[int | str, dict[str, Any]] = {
    422: {"description": "It is no recording that callers would understand; `fault` and a sentence say why."}
}
"""For `responses` of such a route."""


@contextmanager
def receiving() -> Iterator[None]:
    """Turns what is wrong with the recording, or with its way here, into an answer."""
    try:
        yield
    except BadTake as bad:
        raise Refusal(422, str(bad), {"fault": bad.fault}) from None
    except ClientDisconnect:
        raise HTTPException(400, Sentence("The recording did not arrive whole.")) from None
