"""Recordings over HTTP: `/calls/{call_id}/recordings`, `/recordings/{recording_id}`."""

import asyncio
from collections.abc import Sequence
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from pydantic import BaseModel, Field

from accounts.asking import Asking, note_detail
from accounts.model import Asker
from calls.api import NO_CALL, found_call
from calls.book import CallBook
from recordings.keeper import Keeper
from recordings.model import ID, Recording, call_of, recordings_of
from sentences.sentence import Sentence
from web.fields import Time


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
    sha256: str = Field(description="Of the file.")
    marks: list[MarkOut]


def recording_out(one: Recording) -> TalkRecordingOut:
    """A recording as HTTP shows it."""
    return TalkRecordingOut.model_validate(one, from_attributes=True)


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
        return [recording_out(one) for one in await heard(call_id, asker)]

    @routes.get(
        "/recordings/{recording_id}",
        summary="How a talk sounds",
        response_class=FileResponse,
        responses={**unknown, 200: {"description": "A FLAC file.", "content": {"audio/flac": {}}}},
    )
    async def sound(recording_id: str, asker: Asking, request: Request) -> FileResponse:
        """The caller is left, the agent right; 8,000 samples a second. `Range` asks for a part."""
        note_detail(request, recording_id if ID.fullmatch(recording_id) else "")
        there = await heard(call_of(recording_id), asker)
        one = next((one for one in there if one.id == recording_id), None)
        file = None if one is None else keeper.file(one.id, one.day)
        if file is None or not await asyncio.to_thread(file.is_file):
            raise HTTPException(404, Sentence("There is no such recording, or no more."))
        return FileResponse(file, media_type="audio/flac", headers={"Cache-Control": "no-store"})

    return routes


class RecordingFigures(Collector):
    """What went wrong with recordings, for metrics."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def collect(self) -> Any:
        full = GaugeMetricFamily("wutong_recordings_stopped", "Whether the disk is too full to record talks.")
        full.add_metric([], float(self._keeper.full))
        yield full
        waiting = GaugeMetricFamily("wutong_recordings_failed", "Recordings that could not be kept yet.")
        waiting.add_metric([], self._keeper.failed)
        yield waiting
        strays = GaugeMetricFamily("wutong_recordings_strays", "Files of recordings found without a Record.")
        strays.add_metric([], self._keeper.strays)
        yield strays
        yield CounterMetricFamily("wutong_recordings_lost", "Recordings found without their file.", self._keeper.lost)
