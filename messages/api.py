"""Messages over HTTP: `/messages`."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import BaseModel, Field

from accounts.asking import Asking, note_detail
from accounts.model import Asker
from base.metrics import each
from base.numbers import masked
from journal.records import Kind, Record
from messages.keeper import Keeper
from messages.model import MOST, TAKEN_FOR, Message
from missed.api import DoneIn, Serves, sees
from sentences.sentence import Sentence
from web.fields import Time


class MessageOut(BaseModel):
    """A message. Who did something is an account, such as `agent:1001`, `user:wang`."""

    id: str = Field(description="Of the call in which it was left: see `GET /api/v1/calls/{id}`.")
    number: str = Field(description="The caller's number; empty if it was hidden.", examples=["13800000000"])
    language: str = Field(description="The caller's.", examples=["zh"])
    queue: str = Field(examples=["greening"])
    at: Time = Field(description="When it was left.")
    seconds: float = Field(description="Its length.", examples=[21.5])
    taken_by: str | None = Field(description="Who has it. null: nobody, or it is done.", examples=["agent:1001"])
    mine: bool = Field(description="The account that asks has taken the message.")
    called_by: str | None = Field(
        description="The agent who has called the citizen back: somebody answered, maybe a mailbox. null: nobody.",
        examples=["agent:1001"],
    )
    called_at: Time | None = Field(description="When somebody answered there.")
    done_by: str | None = Field(description="Who finished it. null: nobody.", examples=["agent:1001"])
    done_at: Time | None = Field(description="When it was finished.")
    note: str = Field(description="What was written then.", examples=["called back"])
    survey: bool = Field(description="The caller has left it after a survey.")


def message_out(message: Message, asker: Asker, now: float) -> MessageOut:
    """A message as HTTP shows it."""
    holder = "" if message.done_by else message.holder(now)
    return MessageOut.model_validate(
        {
            **asdict(message),  # pydantic reads seconds since the epoch
            "taken_by": holder or None,
            "mine": holder == asker.holder,
            "called_by": message.called_by or None,
            "called_at": message.called_at or None,
            "done_by": message.done_by or None,
            "done_at": message.done_at or None,
        }
    )


def router(keeper: Keeper, serves: Serves, write: Callable[[Record], None], now: Callable[[], float]) -> APIRouter:
    """The routes. `write`: takes a Record. `now`: seconds since the epoch."""
    routes = APIRouter(prefix="/messages", tags=["messages"])
    unknown: dict[int | str, dict[str, Any]] = {404: {"description": "There is no message with this id, or no more."}}
    taken: dict[int | str, dict[str, Any]] = {
        **unknown,
        409: {"description": "Somebody else has it; or, to take one, whoever asks has another one."},
    }

    def found(message_id: str, asker: Asker, request: Request) -> Message:
        message = keeper.messages.find(message_id)
        if message is None or not sees(asker.reach, serves)(message.queue):
            raise HTTPException(404, Sentence("There is no message {id}, or no more.", id=message_id))
        note_detail(request, masked(message.number))
        return message

    def free(message: Message, asker: Asker) -> None:
        holder = message.holder(now())
        if holder not in ("", asker.holder):
            raise HTTPException(409, Sentence("{who} has this message.", who=holder.partition(":")[2]))

    def record(kind: Kind, message: Message, asker: Asker, **data: Any) -> Record:
        return Record(now(), kind, message.id, message.queue, asker.reach.agent, data=data, actor=asker.actor)

    @routes.get("", summary="Messages that callers have left")
    async def list_messages(
        asker: Asking,
        queue: Annotated[str | None, Query(description="Only of this queue.")] = None,
        limit: Annotated[int, Query(description="How many at most.", ge=1, le=MOST)] = 100,
        done: Annotated[bool, Query(description="Those that are done, for seven days.")] = False,
    ) -> list[MessageOut]:
        """Those that are not done yet; the oldest comes first. With `done` those that are; the last one comes first."""
        may_see, at = sees(asker.reach, serves), now()
        known = keeper.messages.done(at) if done else keeper.messages.all()
        listed = (one for one in known if may_see(one.queue) and queue in (None, one.queue))
        return [message_out(one, asker, at) for one in listed][:limit]

    @routes.get(
        "/{message_id}/audio",
        summary="How a message sounds",
        response_class=Response,
        responses={**unknown, 200: {"description": "A .wav, 8,000 samples a second.", "content": {"audio/wav": {}}}},
    )
    async def audio(message_id: str, asker: Asking, request: Request) -> Response:
        """As loud as prompts are."""
        found(message_id, asker, request)
        sound = await keeper.sound(message_id)
        if sound is None:
            raise HTTPException(404, Sentence("There is no message {id}, or no more.", id=message_id))
        return Response(sound, media_type="audio/wav", headers={"Cache-Control": "no-store"})

    @routes.post("/{message_id}/take", summary="Take a message", responses=taken)
    async def take(message_id: str, asker: Asking, request: Request) -> MessageOut:
        """Nobody else can take it until it is done or given back. It is given back after 30 minutes, and when the agent
        signs out. One at a time.
        """
        message = found(message_id, asker, request)
        free(message, asker)
        other = keeper.messages.held_by(asker.holder, now())
        if other is not None and other.id != message.id:
            raise HTTPException(409, Sentence("You have another message: finish it, or give it back."))
        write(record(Kind.MESSAGE_TAKEN, message, asker))
        return message_out(keeper.messages.find(message_id) or message, asker, now())

    @routes.post("/{message_id}/return", status_code=204, summary="Give a message back", responses=taken)
    async def give_back(message_id: str, asker: Asking, request: Request) -> None:
        """Others can take it again. Nothing happens if nobody has it."""
        message = found(message_id, asker, request)
        free(message, asker)
        if message.holder(now()):
            write(record(Kind.MESSAGE_RETURNED, message, asker))

    @routes.post("/{message_id}/done", status_code=204, summary="Finish a message", responses=taken)
    async def done(message_id: str, said: DoneIn, asker: Asking, request: Request) -> None:
        """It leaves the list, and its sound is removed. The note is in the story of the call, and for seven days in the
        list of those that are done. Take it before that.
        """
        message = found(message_id, asker, request)
        if message.holder(now()) != asker.holder:
            raise HTTPException(409, Sentence("Take the message first."))
        await keeper.remove(message, record(Kind.MESSAGE_DONE, message, asker, note=said.note))

    @routes.delete("/{message_id}", status_code=204, summary="Delete a message", responses=unknown)
    async def delete(message_id: str, asker: Asking, request: Request) -> None:
        """It leaves the list, and its sound is removed. Nobody need answer it."""
        message = found(message_id, asker, request)
        await keeper.remove(message, keeper.removed(message, "deleted", asker.actor))

    return routes


class MessageCount(Collector):
    """How many messages wait for an answer, by queue: for metrics."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def collect(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("wutong_messages", "Messages that nobody has answered yet.", labels=["queue"])
        yield each(waiting, self._keeper.messages.counts())
        yield CounterMetricFamily("wutong_messages_lost", "Messages found without their sound.", self._keeper.lost)


assert TAKEN_FOR == 30 * 60  # `take` says so
