"""Recordings over HTTP: `/calls/{call_id}/recordings`, `/recordings/{recording_id}`."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, BinaryIO, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from pydantic import BaseModel, Field
from starlette.types import Receive, Scope, Send

from accounts.asking import Asking, note_detail
from accounts.model import Asker
from calls.api import NO_CALL, found_call
from calls.book import CallBook
from recordings.keeper import Keeper
from recordings.keys import Busy, Damaged, NoKey
from recordings.model import ID, Recording, call_of, recordings_of
from sentences.sentence import Sentence
from web.fields import Time

FLAC, AGE = "audio/flac", "application/octet-stream"

UNSTORED = {"Cache-Control": "no-store"}


class MarkOut(BaseModel):
    """A moment of a recording."""

    at_s: float = Field(description="Where in the recording.", examples=[12.4])
    what: Literal["hold", "pause", "begun"] = Field(
        description="`hold`: the caller was on hold here, which is not recorded. `pause`: the recording was paused "
        "here, and is silent. `begun`: an agent has begun the recording, after the two had talked for `held_s`.",
        examples=["hold"],
    )
    held_s: float = Field(description="How long it was.", examples=[30.0])


class TalkRecordingOut(BaseModel):
    """The recording of one talk: a FLAC file, the caller left and the agent right."""

    id: str = Field(examples=["18f0a1b2c3d-1a2b3c4d.m-17"])
    queue: str = Field(examples=["greening"])
    agent: str = Field(examples=["1001"])
    began: Time = Field(description="When agent and caller were connected.")
    length_s: float = Field(examples=[93.2])
    sha256: str = Field(description="Of the file as it is kept.")
    marks: list[MarkOut]
    recipients: list[str] = Field(
        description="The public keys of age for which it is encrypted; empty: it is not.", examples=[[]]
    )
    playable: bool = Field(description="false: it is encrypted, and this machine has none of the secret keys.")


class _Decrypted(FileResponse):
    """A recording out of memory, which is freed when the client has got it, or has gone. A player asks for parts of the
    same sound, so it has the same `ETag` each time.
    """

    def __init__(self, sound: BinaryIO, sha256: str) -> None:
        self._sound = sound
        headers = {**UNSTORED, "ETag": f'"{sha256}"'}
        super().__init__(f"/proc/self/fd/{sound.fileno()}", media_type=FLAC, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._sound:
            await super().__call__(scope, receive, send)


def router(calls: CallBook, keeper: Keeper) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["recordings"])
    unknown: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such recording, or no more."}}

    async def heard(call_id: str, asker: Asker) -> Sequence[Recording]:
        _, story = await found_call(calls, call_id, asker.reach.without_agent())
        return [one for one in recordings_of(story) if asker.reach.has_queue(one.queue)]

    @routes.get("/calls/{call_id}/recordings", summary="The recordings of a call's talks", responses=NO_CALL)
    async def list_recordings(call_id: str, asker: Asking) -> list[TalkRecordingOut]:
        """Those that are kept, the first talk first. A talk appears a few seconds after the end of the call."""
        found = await heard(call_id, asker)
        keys = await keeper.keys.here() if any(one.recipients for one in found) else {}
        return [
            TalkRecordingOut.model_validate(
                {**asdict(one), "playable": not one.recipients or any(key in keys for key in one.recipients)}
            )
            for one in found
        ]

    @routes.get(
        "/recordings/{recording_id}",
        summary="How a talk sounds",
        response_class=FileResponse,
        responses={
            **unknown,
            200: {"description": "A FLAC file.", "content": {FLAC: {}, AGE: {}}},
            409: {"description": "It is encrypted, and this machine has no key for it; or its file is damaged."},
            503: {"description": "Too much is being heard at this moment."},
        },
    )
    async def sound(
        recording_id: str,
        asker: Asking,
        request: Request,
        as_kept: Annotated[bool, Query(description="The file as it is kept: encrypted, for `age --decrypt`.")] = False,
    ) -> FileResponse:
        """The caller is left, the agent right; 8,000 samples a second. `Range` asks for a part."""
        note_detail(request, recording_id if ID.fullmatch(recording_id) else "")
        there = await heard(call_of(recording_id), asker)
        one = next((one for one in there if one.id == recording_id), None)
        file = None if one is None else keeper.file(one.id, one.day, bool(one.recipients))
        if one is None or file is None or not await asyncio.to_thread(file.is_file):
            raise HTTPException(404, Sentence("There is no such recording, or no more."))
        if not one.recipients:
            return FileResponse(file, media_type=FLAC, headers=UNSTORED)
        if as_kept:
            return FileResponse(file, media_type=AGE, headers=UNSTORED, filename=file.name)
        try:
            return _Decrypted(await keeper.keys.opened(file, one.recipients), one.sha256)
        except NoKey:
            raise HTTPException(
                409,
                Sentence("This recording is kept encrypted, and this machine has no key for it: open it with age."),
            ) from None
        except Damaged:
            keeper.note_damaged(one.id)
            raise HTTPException(409, Sentence("The file of this recording is damaged.")) from None
        except Busy:
            sentence = Sentence("Too many recordings are being heard: try again in a minute.")
            raise HTTPException(503, sentence, {"Retry-After": "60"}) from None

    return routes


class RecordingFigures(Collector):
    """What went wrong with recordings, for metrics."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def collect(self) -> Any:
        kept = self._keeper
        for name, what, value in (
            ("stopped", "Whether the disk is too full to record talks.", kept.full),
            ("failed", "Recordings that could not be kept yet.", kept.failed),
            ("strays", "Files of recordings found without a Record.", kept.strays),
            ("damaged", "Recordings whose file is not that of the Record.", len(kept.damaged)),
            ("keys", "Secret keys for recordings, when they were last read.", kept.keys.count),
        ):
            yield GaugeMetricFamily(f"wutong_recordings_{name}", what, float(value))
        yield CounterMetricFamily("wutong_recordings_lost", "Recordings found without their file.", kept.lost)
