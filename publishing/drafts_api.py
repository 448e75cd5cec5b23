"""A draft of the hotline over HTTP: checked, drawn, walked, tested, replayed, compared. Calls notice nothing of it."""

from collections.abc import Awaitable
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response

from accounts.asking import note_detail
from drawing.api import Days
from drawing.listing import OutlineOut
from hotline.problem import Problem
from hotline.schema import schemas
from publishing.drafts import MOST_SHOWN, Crowded, Flawed, Unfit, Workshop
from publishing.shapes import (
    LARGEST,
    DifferenceOut,
    DifferencesIn,
    DraftCheckOut,
    DraftIn,
    EditsIn,
    EditsOut,
    ReplayIn,
    ReplayOut,
    TestsOut,
    WalkIn,
    WalkOut,
    problems_out,
)
from sentences.sentence import Sentence
from web.problems import AGAIN, Refusal, Wanted
from web.uploads import FilesRoute

LARGER = {
    ("POST", f"/drafts/{name}"): LARGEST  # whatever can be published can be tried
    for name in ("check", "outline", "walk", "tests", "replay", "differences", "edit")
}
"""Bodies that may be larger than others, in bytes."""

_Spoken = Annotated[
    str | None, Query(alias="language", max_length=20, description="Of the texts; left out: the default one.")
]
_Diff = Annotated[int | None, Query(description="Mark what differs from that version.", ge=1, le=2**31)]


def router(drafting: Workshop) -> APIRouter:
    """The routes under `/drafts`, and `/schema`."""
    routes = APIRouter(tags=["drafts"], route_class=FilesRoute)
    responses: dict[int | str, dict[str, Any]] = {
        422: {
            "description": "The draft has errors (`problems`), took too long, or does not have what was asked for "
            "(`fault` names the field); or the request is not valid."
        },
        503: {"description": "It could not be done; the sentence says why."},
    }

    async def work(task: str, wanted: DraftIn, speak: str, /, **more: Any) -> Any:
        given = {**wanted.model_dump(by_alias=True), "speak": speak, **more}
        return await answered(drafting.work(task, given), speak)

    async def answered(working: Awaitable[Any], speak: str) -> Any:
        """What comes of it, or a refusal."""
        try:
            return await working
        except Flawed as flawed:
            raise _flawed(flawed.problems, speak) from None
        except Unfit as unfit:
            raise Refusal(422, str(unfit), {} if unfit.fault is None else {"fault": unfit.fault}) from None
        except LookupError:
            raise Refusal(422, Sentence("There is no version of that number."), {"fault": "against"}) from None
        except Crowded as crowded:
            raise HTTPException(429, str(crowded), {"Retry-After": str(AGAIN)}) from None

    @routes.post("/drafts/check", summary="What is wrong with a draft", responses=responses)
    async def check(wanted: DraftIn, language: Wanted) -> DraftCheckOut:
        """As `./wutong check` says it, failed tests too. The sentences are in the first of `zh` and `en` that
        `Accept-Language` names.
        """
        return DraftCheckOut.model_validate(await work("check", wanted, language))

    @routes.post("/drafts/outline", summary="A draft as a list, with its drawing", responses=responses)
    async def outline(
        wanted: DraftIn,
        language: Wanted,
        spoken: _Spoken = None,
        days: Days = None,
        diff: _Diff = None,
    ) -> OutlineOut:
        """What could be understood of it, if it has errors, as `GET /hotline/outline` shows it of the hotline in use.
        `svg` is the drawing, light and dark. Nodes are groups with `data-place`.
        """
        made = await work("outline", wanted, language, language=spoken, days=days, against=diff)
        return OutlineOut.model_validate(made)

    @routes.post("/drafts/walk", summary="A caller's way through a draft", responses=responses)
    async def walk(wanted: WalkIn, language: Wanted) -> WalkOut:
        """What a caller would hear, and where the call would go: `./wutong walk`, without a call."""
        return WalkOut.model_validate(await work("walk", wanted, language))

    @routes.post("/drafts/tests", summary="The tests of a draft", responses=responses)
    async def tests(wanted: DraftIn, language: Wanted) -> TestsOut:
        """As `./wutong try` runs them, without calls. A draft without tests has none that fail."""
        return TestsOut.model_validate(await work("tests", wanted, language))

    @routes.post("/drafts/replay", summary="Callers of the last days under a draft", responses=responses)
    async def replay(wanted: ReplayIn, language: Wanted, request: Request) -> ReplayOut:
        """Who of them would have ended elsewhere: `./wutong replay`. It has counts, and no caller's number. But a
        draft may send one number elsewhere, and so find out whether it called: the audit has each replay.
        """
        note_detail(request, f"days={wanted.days}")
        return ReplayOut.model_validate(await work("replay", wanted, language))

    @routes.post("/drafts/differences", summary="What a draft changes for callers", responses=responses)
    async def differences(wanted: DifferencesIn, language: Wanted) -> list[DifferenceOut]:
        """In sentences, as `./wutong diff` shows them; none: callers notice nothing."""
        found = await work("differences", wanted, language)
        return [DifferenceOut.model_validate(each) for each in found]

    @routes.post("/drafts/edit", summary="A draft with some values changed", responses=responses)
    async def edit(wanted: EditsIn, language: Wanted) -> EditsOut:
        """What is not edited stays as it is written, remarks and order too. Nothing is kept: the answer has the new
        text, what it says, and what `check` finds in it.
        """
        return EditsOut.model_validate(await work("edit", wanted, language))

    @routes.get(
        "/drafts/sounds/{sound_id}",
        summary="How something that a walk says sounds",
        response_class=Response,
        responses={
            **responses,
            200: {"description": "The clip.", "content": {"audio/wav": {}, "audio/ogg": {}}},
            404: {"description": "No walk had it lately: walk again."},
        },
    )
    async def sound(sound_id: str, language: Wanted) -> Response:
        """A new text is spoken now, within 45 s, by the voice that publishing would take; and is kept, so that
        publishing need not speak it again.
        """
        found = await answered(drafting.sound(sound_id, language), language)
        if found is None:
            raise HTTPException(
                404, Sentence("No walk told of such a sound lately; POST /api/v1/drafts/walk tells addresses.")
            )
        kind, data = found
        return Response(data, media_type=kind)

    described = schemas()

    @routes.get("/schema", summary="The JSON schemas of a hotline's files")
    async def schema() -> dict[str, dict[str, Any]]:
        """By file, draft-07: every key is described and has examples. Editors complete and explain by it."""
        return {file: dict(each) for file, each in described.items()}

    return routes


def _flawed(found: list[Problem], language: str) -> Refusal:
    """The answer to work on a draft that has errors."""
    errors = sum(problem.level == "error" for problem in found)
    one = Sentence("The draft has 1 error, which comes first: POST /api/v1/drafts/check lists it.")
    more = Sentence(
        "The draft has {count} errors, which come first: POST /api/v1/drafts/check lists them.", count=errors
    )
    return Refusal(
        422,
        one if errors == 1 else more,
        {"problems": [problem.model_dump() for problem in problems_out(found[:MOST_SHOWN], language)]},
    )
