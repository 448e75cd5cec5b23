"""The emergency message over HTTP: everybody who has signed in sees it, those on duty switch it; PINs for the phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from accounts.accounts import Accounts
from accounts.asking import Asking, note_detail
from accounts.shapes import UNKNOWN, answering
from agents.states import EMERGENCY_CODE
from emergency.emergencies import Emergencies
from emergency.kept_pins import Pins
from emergency.model import WHERE, BadEnd, EmergencyOut, SpokenOut, of_all, out
from emergency.order import EmergencyIn, InDraft, WordsIn, WrongOrder
from emergency.pins import NotOnDuty, TooMany
from sentences.languages import said
from sentences.sentence import Sentence
from sounds.takes import LARGEST
from web import uploads
from web.problems import Refusal, Wanted

TAKES = "/emergency/takes"

LARGER = {("POST", TAKES): LARGEST}
"""Bodies that may be larger than others, in bytes."""


class EmergencyNow(BaseModel):
    """Whether a message is on, and what one could be."""

    emergency: EmergencyOut | None = Field(description="The one that all new callers hear; null: none is on.")
    places: list[EmergencyOut] = Field(
        description="Those that only callers hear who come to one menu, queue or sub-hotline."
    )
    missing: list[str] = Field(description="Languages in which it says nothing: those callers hear the others.")
    languages: list[str] = Field(description="Of the hotline, the default one first.", examples=[["zh", "en"]])
    timezone: str = Field(description="Whose clock a time such as `06:00` is of.", examples=["Asia/Shanghai"])
    hours: float = Field(description="Hours that a message is on where nobody says until when.", examples=[4])
    most_hours: float = Field(description="Hours that a message is on at most.", examples=[24])
    draft_voice: bool = Field(
        description="New words would be spoken by the draft voice, which callers hardly understand: the natural voice "
        "is not installed here. Recordings need no voice."
    )


class EmergencySet(EmergencyNow):
    """The message is on."""

    warnings: list[str] = Field(description="What callers may not understand, in sentences.")


class HeardOut(BaseModel):
    """How words sound that no caller hears yet."""

    spoken: list[SpokenOut]
    drafts: list[str] = Field(
        description="Languages that only the draft voice can speak here: to switch it on takes `draft: true`."
    )


class TakeOut(BaseModel):
    """A recording that a message can have."""

    take: str = Field(examples=["5d41402abc4b2a76b9719d911017c592"])
    seconds: float = Field(description="As callers will hear it.", examples=[7.2])


class PinOut(BaseModel):
    """A new PIN."""

    name: str
    pin: str = Field(description="Shown only now.", examples=["41730925"])
    code: str = Field(description="What to dial on an agent's phone first.", examples=[EMERGENCY_CODE])


Where = Annotated[
    str, Query(pattern=rf"{WHERE}|^$", description="Where the message is; left out: that of all callers.")
]
TakeName = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="Of `POST /emergency/takes`, or a message's.")]


def router(source: Emergencies, pins: Pins, accounts: Accounts) -> APIRouter:
    """The routes under `/emergency`."""
    routes = APIRouter(tags=["emergency"])
    failed: dict[int | str, dict[str, Any]] = {503: {"description": "It could not be done; the sentence says why."}}
    refused = {
        **failed,
        409: {
            "description": "This hotline does not have that, or no message is on to get another end. Or only the draft "
            "voice can speak it, and the body has no `draft: true`: then `draft` has a `take` by language, to hear it."
        },
    }

    def now() -> dict[str, Any]:
        messages = source.all_on
        emergency = of_all(messages)
        return {
            "emergency": None if emergency is None else out(emergency),
            "places": [out(message) for message in messages if message.where],
            "missing": [] if emergency is None else source.missing(emergency),
            "languages": list(source.languages()),
            "timezone": source.timezone(),
            "hours": source.hours,
            "most_hours": source.most_hours,
            "draft_voice": source.draft_voice,
        }

    @routes.get("/emergency", summary="The emergency messages that callers hear now")
    async def see() -> EmergencyNow:
        """Asking keeps nobody signed in."""
        return EmergencyNow(**now())

    @routes.put("/emergency", summary="Switch an emergency message on, or give it another end", responses=refused)
    async def switch_on(wanted: EmergencyIn, asker: Asking, language: Wanted, request: Request) -> EmergencySet:
        """From the next caller on. Whoever waits or talks is not disturbed. It ends by itself.

        With neither `texts` nor `recordings` the message that is on gets another end. `warnings` are in the first of
        `zh` and `en` that `Accept-Language` names. What callers would hardly understand is not switched on unless the
        body says `draft: true`.
        """
        note_detail(request, in_words(wanted))
        with _answering():
            _, warnings = await source.switch_on(wanted, asker.actor)
        return EmergencySet(**now(), warnings=[said(warning, language) for warning in warnings])

    @routes.post(
        "/emergency/hear",
        summary="Hear how words would sound",
        responses={
            **failed,
            409: {"description": "This hotline does not speak that language, or a text has no sound."},
        },
    )
    async def hear(words: WordsIn, request: Request) -> HeardOut:
        """Switches nothing on, whatever voice speaks. The clips are kept for a day, each under its `take`."""
        note_detail(request, f"languages={','.join(words.texts)}")
        with _answering():
            spoken, drafts = await source.hear(words)
        return HeardOut(
            spoken=[SpokenOut.model_validate(each) for each in spoken],
            drafts=[each.language for each in spoken if each.language in drafts],
        )

    @routes.delete("/emergency", status_code=204, summary="Switch the emergency message off", responses=failed)
    async def switch_off(asker: Asking, where: Where = "") -> None:
        """Nothing happens where none is on."""
        await source.switch_off(asker.actor, where)

    @routes.post(
        TAKES,
        status_code=201,
        summary="Keep a recording for an emergency message",
        responses={**failed, **uploads.BAD_RECORDING},
        openapi_extra=uploads.BODY,
    )
    async def keep(request: Request) -> TakeOut:
        """Nobody hears it before a message is switched on with it. Unused it is kept for a day."""
        with uploads.receiving():
            kept = await source.keep_take(request.stream())
        return TakeOut(take=kept.take, seconds=kept.seconds)

    @routes.get(
        "/emergency/takes/{take}",
        summary="How a recording or a message sounds",
        response_class=Response,
        responses={
            200: {"description": "A .wav, as callers hear it.", "content": {"audio/wav": {}}},
            404: {"description": "There is no such recording."},
        },
    )
    async def heard(take: TakeName) -> FileResponse:
        """The telephone's version."""
        found = source.path(take)
        if found is None:
            raise HTTPException(404, Sentence("There is no such recording (any more)."))
        return FileResponse(found, media_type="audio/wav")

    @routes.get("/emergency/pins", summary="Who may switch a message on by phone")
    async def list_pins() -> list[str]:
        """People's names, not their PINs."""
        return pins.names()

    @routes.put("/emergency/pins/{name}", summary="Give a person a PIN", responses=UNKNOWN)
    async def give_pin(name: str) -> PinOut:
        """Instead of an older one. It counts as long as the person may switch messages (docs/roles.md)."""
        with answering(accounts):
            person = accounts.directory.people.get(name)
            if person is None:
                raise HTTPException(404, Sentence("There is no such person; GET /api/v1/users lists them."))
            try:
                pin = await pins.give(person)
            except (NotOnDuty, TooMany) as error:
                raise HTTPException(409, Sentence("{why}.", why=str(error))) from error
        return PinOut(name=name, pin=pin, code=EMERGENCY_CODE)

    @routes.delete("/emergency/pins/{name}", status_code=204, summary="Take a person's PIN away", responses=UNKNOWN)
    async def take_pin(name: str) -> None:
        """It no longer counts from now on."""
        if not pins.take_away(name):
            raise HTTPException(404, Sentence("This person has no PIN; GET /api/v1/emergency/pins lists who has."))

    return routes


def in_words(wanted: EmergencyIn) -> str:
    """What was asked for, for the audit."""
    until = f"until={wanted.until or 'default'}"
    if wanted.where:
        until = f"where={wanted.where} {until}"
    if wanted.renews:
        return f"renewed {until}"
    languages = ",".join(dict.fromkeys((*wanted.texts, *wanted.recordings)))
    draft = " draft" if wanted.draft else ""
    return f"mode={wanted.mode} after={wanted.after} languages={languages} {until}{draft}"


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except WrongOrder as wrong:
        raise HTTPException(409, str(wrong)) from None
    except InDraft as draft:
        raise Refusal(409, str(draft), {"draft": dict(draft.takes)}) from None
    except BadEnd as wrong:
        raise HTTPException(422, Sentence("{why}.", why=str(wrong))) from None
