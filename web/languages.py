"""In which language a request wants the sentences for people: `Accept-Language`. English without one."""

import re
from functools import cache
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

from sentences.catalogue import LANGUAGES, Catalogue
from sentences.of_check import SENTENCES as OF_CHECK
from sentences.of_http import SENTENCES

LONGEST = 2_000
"""Characters of a text that is put into Chinese; a longer one stays as it is."""

_BETWEEN = re.compile(r"(?<=[.!?]) +(?=[A-Z`])")
"""Between two sentences."""

_SAID = re.compile("[\u4e00-\u9fff][，。；：]")
"""What a sentence has that is in Chinese already."""


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


def said_in(language: str, text: str) -> str:
    """English sentences in `zh` or `en`, as `sentences.of_http` has them. One that it does not have stays."""
    if language != "zh" or len(text) > LONGEST:
        return text
    said = ""
    for sentence in _BETWEEN.split(text):
        said += f"{' ' if said[-1:].strip() and said[-1].isascii() else ''}{_chinese(sentence)}"
    return said


def _chinese(sentence: str) -> str:
    if _SAID.search(sentence):
        return sentence
    bare = sentence.removesuffix(".")
    said = _catalogue().said(bare)
    if said is None:
        return sentence
    return said if bare == sentence else f"{said}。"


@cache
def _catalogue() -> Catalogue:
    return Catalogue((*SENTENCES, *OF_CHECK))


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
