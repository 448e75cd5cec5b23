"""In which language a request wants the sentences for people: `Accept-Language`. English without one."""

from typing import Annotated

from fastapi import Depends
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

from sentences.languages import LANGUAGES


async def wanted(request: Request) -> str:  # a coroutine: FastAPI runs others in a thread
    """`zh` or `en`."""
    return asked_for(request.scope)


def asked_for(scope: Scope) -> str:
    """As `wanted`, before there is a request."""
    return preferred(Headers(scope=scope).get("accept-language", ""))


def preferred(accepted: str) -> str:
    """The first of ours in `zh-CN,zh;q=0.9,en;q=0.8`, by its `q`; of equals the one named first."""
    best, most = "en", 0.0
    for offer in accepted.split(",")[:20]:
        name, _, weight = offer.partition(";")
        language = name.strip().lower().partition("-")[0]
        quality = _quality(weight)
        if language in LANGUAGES and quality > most:
            best, most = language, quality
    return best


def _quality(weight: str) -> float:
    name, _, value = weight.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


Wanted = Annotated[str, Depends(wanted)]
"""The language, as an argument of a route."""
