"""The versions of the hotline over HTTP: what was published, publishing, and going back."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, HTTPException, Path, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, field_validator, model_validator

from accounts.asking import Asking, note_detail
from base.log import without_numbers
from hotline.removed import removal_in_words
from hotline.trial import MOST_PERCENT, Verdict
from publishing.publisher import NONE, Publishing, Wanted
from publishing.shapes import LARGEST, TAKEN_BACK, Broken, ProblemOut, broken, problems_out
from publishing.versions import LONGEST_NOTE, ListOut, RecordingOut, Version, extras_out
from sentences.sentence import Sentence
from web.fields import Time
from web.problems import Wanted as Language
from web.uploads import FilesRoute

LARGER = {("POST", "/versions"): LARGEST}
"""Routes whose bodies may be so large."""


class GivenUp(BaseModel):
    """A part of the callers."""

    calls: int = Field(description="That began after the trial did, and are over; no test calls.")
    given_up: int = Field(description="Of them: the caller hung up before reaching anybody, or the end.")


class TrialOut(GivenUp):
    """The trial of a version."""

    percent: int = Field(description="So many of a hundred callers get it.", examples=[10])
    since: Time
    rest: GivenUp = Field(description="The others in the same time.")
    evidence: float = Field(description="That more of its callers give up. From `limit` on it is taken back.")
    limit: float = Field(examples=[20])
    verdict: Verdict
    ended: Time | None


class VersionOut(BaseModel):
    """One version."""

    model_config = ConfigDict(populate_by_name=True)

    number: int = Field(examples=[12])
    at: Time = Field(description="When it was published.")
    author: str = Field(description="Who published it; `system`: a first start did.", examples=["user:wang"])
    note: str = Field(examples=["Night duty from October"])
    digest: str = Field(
        description="Of what callers hear and what is decided; other commands call it the version.",
        examples=["6f1c2a90b7d3"],
    )
    sha256: str = Field(description="Of its files, recordings and lists of callers.")
    origin: Literal["folder", "draft"] | int = Field(
        alias="from",
        description="`folder`: the hotline's; `draft`: files that were sent; a number: that version was brought back.",
    )
    current: bool = Field(description="It is in use.")
    trial: TrialOut | None = Field(description="Its trial, which runs or ran.")


class VersionInFullOut(VersionOut):
    """One version, with what it keeps beside its files."""

    recordings: list[RecordingOut] | None = Field(
        description="Those of its index, by their names; null: an earlier Wutong published it, and it uses those of "
        "the hotline's folder."
    )
    lists: list[ListOut] | None = Field(description="Files with lists of callers; null: as with `recordings`.")


class PublishedOut(VersionOut):
    """What is in use now."""

    changed: bool = Field(description="False: callers notice nothing.")
    problems: list[ProblemOut] = Field(description="Warnings.")
    removed: list[str] = Field(
        description="A sentence for each queue that was taken out: how many callers waited there, and where they go."
    )
    taken_back: str | None = Field(description=TAKEN_BACK)


FileName = Literal["hotline.yaml", "agents.yaml", "tests.yaml"]
Files = dict[FileName, str]


class FilesOut(BaseModel):
    """The files of a version, without passwords."""

    files: Files


def _whole(given: object) -> object:
    return int(given) if isinstance(given, float) and given.is_integer() else given


WHOLE = BeforeValidator(_whole)
"""For a strict integer: JSON's 1.0 is an integer too; `true` and "1" are not."""


class TrialIn(BaseModel):
    """Who gets the version at first."""

    model_config = ConfigDict(extra="forbid")

    percent: Annotated[int, Field(ge=1, le=MOST_PERCENT, strict=True), WHOLE] = Field(
        description="So many of a hundred callers. A caller who calls again gets the same version."
    )


class PublishIn(BaseModel):
    """What is to be published: `files`, or a `version` to go back to; neither: the hotline's folder."""

    model_config = ConfigDict(extra="forbid")

    files: Files | None = None
    version: Annotated[int, Field(ge=1, strict=True), WHOLE] | None = None
    note: str = Field(default="", max_length=LONGEST_NOTE, description="Why, for those who read the list later.")
    over: StrictBool = Field(
        default=False,
        description="Take the folder even if nobody has edited it since another version was published elsewhere.",
    )
    trial: TrialIn | None = Field(default=None, description="Only some callers get it. Left out: all.")

    @field_validator("note")
    @classmethod
    def _one_line(cls, note: str) -> str:
        note = " ".join(note.split())
        if not note.isprintable():
            raise ValueError(Sentence("a note has no control characters"))
        return note

    @model_validator(mode="after")
    def _one_source(self) -> "PublishIn":
        if self.files is not None and self.version is not None:
            raise ValueError(Sentence("give files or version, not both"))
        return self


Number = Annotated[
    Literal["current"] | Annotated[int, Field(ge=1)], Path(description="Of the version; `current`: the one in use.")
]
IfMatch = Annotated[
    str | None, Header(description="The version that you know as the one in use: the ETag of `/versions/current`.")
]


def router(source: Publishing) -> APIRouter:
    """The routes at `/versions`."""
    routes = APIRouter(prefix="/versions", tags=["versions"], route_class=FilesRoute)
    missing: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such version."}}

    def shown(version: Version) -> VersionOut:
        return VersionOut.model_validate(_version_fields(version, source))

    def known(number: int | Literal["current"]) -> Version:
        if number == "current":
            if (found := source.version) is None:
                sentence = Sentence('No version is kept yet. Publish with If-Match: "{count}".', count=NONE)
                raise HTTPException(404, sentence, {"ETag": _tag(None)})
            return found
        found = next((version for version in source.history() if version.number == number), None)
        if found is None:
            raise HTTPException(
                404,
                Sentence("There is no version {count}; GET /api/v1/versions lists those that are kept.", count=number),
            )
        return found

    @routes.get("", summary="What was published, the newest first")
    async def versions() -> list[VersionOut]:
        """The last hundred are kept."""
        return [shown(version) for version in reversed(source.history())]

    @routes.get("/{number}", summary="A version", responses=missing)
    async def version(number: Number, response: Response) -> VersionInFullOut:
        """`POST /versions` asks for the ETag of `/versions/current`; where none is kept yet, that is 404, with one."""
        found = known(number)
        response.headers["ETag"] = _tag(found)
        lost = await asyncio.to_thread(source.lost, found)
        return VersionInFullOut.model_validate({**_version_fields(found, source), **extras_out(found, frozenset(lost))})

    @routes.get(
        "/{number}/files",
        summary="The files of a version",
        responses={**missing, 503: {"description": "They cannot be read; the sentence says why."}},
    )
    async def files(number: Number) -> FilesOut:
        """As they were published, without passwords. The version itself lists its recordings and lists of callers."""
        return FilesOut.model_validate({"files": await source.files(known(number).number)})

    @routes.post(
        "",
        summary="Publish, or go back to an earlier version",
        responses={
            404: missing[404],
            409: {
                "description": "Nobody has edited the folder since another version was published elsewhere; or the "
                "version cannot be on trial."
            },
            412: {"description": "Somebody else has published meanwhile; `current` is the number of that version."},
            422: {
                "description": "There are errors, or tests fail; `problems` lists them, the old version stays in use."
            },
            428: {"description": "If-Match is missing."},
            503: {"description": "It could not be done, the old version stays in use."},
        },
    )
    async def publish(
        wanted: PublishIn,
        asker: Asking,
        language: Language,
        request: Request,
        response: Response,
        if_match: IfMatch = None,
    ) -> PublishedOut:
        """Whole or not at all: checked, tested, prompts made, Asterisk reloaded, in use, kept. Live calls keep the
        version that they began with. With `trial` some callers get it; publishing any version for all ends a trial,
        also the one in use.

        The sentences of the problems are in the first of `zh` and `en` that `Accept-Language` names.
        """
        note_detail(request, _detail(wanted))
        expected = _expected(if_match)
        if wanted.version is not None:
            known(wanted.version)
        files = None if wanted.files is None else {str(name): text for name, text in wanted.files.items()}
        percent = None if wanted.trial is None else wanted.trial.percent
        asked = Wanted(wanted.note, files, wanted.version, wanted.over, percent=percent)
        try:
            made = await source.publish(asked, asker.actor, expected)
        except Broken as refusal:
            refused = broken(refusal.found, language)
            note_detail(request, without_numbers(refused.detail))
            raise refused from None
        note_detail(request, json.dumps({"version": made.version.number, **_noted(wanted)}, ensure_ascii=False))
        response.headers["ETag"] = _tag(source.version)
        problems = problems_out(made.problems, language)
        removed = [removal_in_words(queue, language) for queue in made.removed]
        outcome = {"changed": made.changed, "problems": problems, "removed": removed}
        outcome["taken_back"] = made.taken_back_in_words(language)
        return PublishedOut.model_validate({**_version_fields(made.version, source), **outcome})

    return routes


def _version_fields(version: Version, source: Publishing) -> Mapping[str, Any]:
    current, trial = source.version, source.tried(version.number)
    return {
        **vars(version),
        "sha256": version.sha256,
        "current": current is not None and version.number == current.number,
        "trial": None if trial is None else {**asdict(trial), **asdict(trial.trial)},
    }


def _noted(wanted: PublishIn) -> Mapping[str, Any]:
    source = wanted.version if wanted.version is not None else "folder" if wanted.files is None else "draft"
    trial = {} if wanted.trial is None else {"trial": wanted.trial.percent}
    return {"from": source, **trial, **({"note": without_numbers(wanted.note)} if wanted.note else {})}


def _detail(wanted: PublishIn) -> str:
    return json.dumps(_noted(wanted), ensure_ascii=False)


def _tag(version: Version | None) -> str:
    return f'"{NONE if version is None else version.tag}"'


def _expected(if_match: str | None) -> str:
    """The tag of the version that the sender knows. Raises the 428.

    A proxy that compresses answers makes tags weak (`W/"…"`). They still name one version.
    """
    if_match = None if if_match is None else if_match.strip().removeprefix("W/")
    if if_match is not None and len(if_match) > 2 and if_match[0] == if_match[-1] == '"':
        return if_match[1:-1]
    raise HTTPException(
        428,
        Sentence(
            'Send If-Match: "TAG" with the ETag of GET /api/v1/versions/current: so nobody overwrites '
            "what somebody else has published."
        ),
    )
