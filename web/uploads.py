"""Bodies of requests that carry files: one recording, or all files of a hotline."""

import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
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
    422: {"description": "It is not a recording that callers would understand; `fault` and a sentence say why."}
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


# Routes whose bodies carry whole files: megabytes of text, and little beside it.
#
# A member of JSON takes far more time and memory than its bytes, and calls wait meanwhile: a million names that the
# route does not know, in 9 MB, would take eleven seconds and three gigabytes until they are refused.


MOST_BESIDE = 4_096
"""Bytes of such a body that are not text: quotation marks, commas, numbers, spaces. 200 keys of a walk need 600."""

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A string of JSON. One without an end goes on to the end: no byte is looked at twice."""


class FilesRoute(APIRoute):
    """A route of this kind: the `route_class` of its router."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's, which gets a request that looks at its body first."""
        handler = super().get_route_handler()

        async def judging(request: Request) -> Response:
            return await handler(_Judged(request.scope, request.receive))

        return judging


class _Judged(Request):
    async def json(self) -> Any:
        if _has_more(await self.body()):
            raise HTTPException(
                422,
                Sentence(
                    "This has more than {count} bytes beside its texts, the most that is accepted.", count=MOST_BESIDE
                ),
            )
        return await super().json()


def _has_more(body: bytes) -> bool:
    """Whether it has more than that. Stops there."""
    beside = end = 0
    for string in _STRING.finditer(body):
        beside += string.start() - end + 2
        end = string.end()
        if beside > MOST_BESIDE:
            return True
    return beside + len(body) - end > MOST_BESIDE
