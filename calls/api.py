"""Calls over HTTP: what is shown of them, and placing one to hear the hotline."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from accounts import roles
from accounts.asking import Asking
from accounts.model import NOTHING, Reach
from acd.model import Recorded
from base.numbers import masked
from calls import listeners
from calls.book import CallBook
from calls.model import CALL_OUT, CallState, CallSummary, Direction, Outcome, Search
from calls.talks import Became, Why, talks_of, wrap_ups
from calls.way import way
from hotline.model import Hotline
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from sentences.sentence import Sentence
from web.fields import Moment, Time, iso

CALL_ID = re.compile(r"[A-Za-z0-9._:@-]{1,100}")
"""What a call id can look like; nothing else is looked up."""

LONGEST_SEARCH = 100
"""Days of notes that a search for words reads: each note in them is looked at."""

DAY = 86_400.0

Sought = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")
]
"""What is looked for in calls. PostgreSQL takes no NUL."""

NO_CALL: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such call."}}
NO_DATABASE: dict[int | str, dict[str, Any]] = {503: {"description": "The database cannot be asked."}}


NOT_FOUND = Sentence("There is no such call; GET /api/v1/calls lists the latest with their ids.")
"""Said also of a call that may not be seen."""

_WITH_AGENT = (CallState.RINGING, CallState.TALKING)


class NotPlaced(Exception):
    """The call was not placed; the message is a sentence that says why and what to do."""


class WrongOrder(NotPlaced):
    """The hotline does not have what was asked for, so that the same order will never be carried out."""


class CallOut(BaseModel):
    """One call."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    direction: Direction = Field(
        description="`in`: the caller calls the hotline. `out`: an agent calls a citizen, who is the `caller` here."
    )
    state: CallState = Field(
        description="`ringing` and `talking`: with an agent or a sub-hotline; `survey`: after the conversation."
    )
    caller: str = Field(
        description="The caller's number; empty where it is hidden, masked where the account does not need it.",
        examples=["13800000000", "138******00"],
    )
    number: str = Field(
        description="The number that the caller dialled; of a call out, the one that the citizen sees.",
        examples=["12319"],
    )
    language: str = Field(examples=["zh"])
    queue: str | None = Field(description="The queue that the call is in or was in last.")
    agent: str | None = Field(description="The agent who rings, talks or talked last.")
    sub_hotline: str | None = Field(description="The sub-hotline that the caller was put through to last.")
    started: Time
    queued: Time | None = Field(description="When the call entered that queue.")
    answered: Time | None = Field(description="When the call was first connected to an agent or a sub-hotline.")
    ended: Time | None
    outcome: Outcome | None = Field(description="How the call ended; null until it has ended.")
    code: str | None = Field(description="The wrap-up code that was given last.")
    held: Time | None = Field(
        description="Since when the caller is on hold in the talk, as somebody asked for over HTTP; null: is not."
    )
    consulted: dict[str, str] | None = Field(
        description="Whom the agent consults meanwhile: `agent`, `sub_hotline` or `number`; `queue` until one of its "
        "agents has answered. Without `held`: who talks with agent and caller, out of a consultation.",
        examples=[{"agent": "1002"}],
    )
    recording: Literal["on", "paused", "off"] | None = Field(
        description="Whether the talk is recorded: `on`, or `paused` while secrets are told; null: it is not. `off`, "
        "only in `GET /calls/{call_id}`: it is not, and an agent may begin."
    )
    path: str = Field(
        description="The keys that led the caller through the menus, up to the first queue or sub-hotline, 40 at most; "
        "empty: none, or the call is of a version that did not note them.",
        examples=["1,2"],
    )
    test: bool = Field(description="True: a test call, by `./wutong call` or `POST /calls`. Figures leave it out.")


class ListedOut(CallOut):
    """One call of a list."""

    code_name: dict[str, str] | None = Field(
        description="The code's name now, by language; null: there is no such code."
    )


class RecordOut(BaseModel):
    """One step of the story: `at`, `kind`, then `queue`, `agent`, `offer`, `actor` where they apply, then what this
    kind of step has beside them (`docs/http.md` lists it), all on one level.
    """

    model_config = ConfigDict(extra="allow")

    at: Time
    kind: Kind


class TalkOut(BaseModel):
    """One conversation of the caller."""

    model_config = ConfigDict(from_attributes=True)

    other: dict[str, str] = Field(
        serialization_alias="with",
        description="`agent`, `sub_hotline` or `number`, with its id.",
        examples=[{"agent": "1001"}],
    )
    queue: str | None = Field(description="The queue from which the caller was connected.")
    began: Time
    ended: Time | None = Field(description="null: the conversation goes on.")
    ended_by: str | None = Field(description="`caller`, `agent` (the other end) or `system`; null: nobody knows.")


class TransferOut(BaseModel):
    """One transfer by an agent's phone."""

    model_config = ConfigDict(from_attributes=True)

    at: Time
    agent: str | None = Field(description="The agent who transferred the caller.")
    how: str = Field(description="`blind`, or `consult` if the agent called there first.")
    to: dict[str, Any] = Field(
        description="A destination as in hotline.yaml, or `agent` or `number` with its id.",
        examples=[{"agent": "1003"}],
    )
    became: Became | None = Field(
        description="`answered`: somebody there talked with the caller; `failed`: nobody did, and the caller went on; "
        "`left`: the call ended before either; null: not known yet."
    )
    settled: Time | None = Field(description="When `became` was known.")
    why: Why | None = Field(
        description="Why it failed. `unreachable`: no such phone is registered, or the network cannot reach it."
    )
    reason: str = Field(
        description="What the agent wrote for whoever receives the call, of a consultation too; empty: nothing, or who "
        "asks does not need it."
    )


class NotedOut(BaseModel):
    """What one agent noted of the call."""

    model_config = ConfigDict(from_attributes=True)

    agent: str
    at: Time = Field(description="When it was changed last.")
    queue: str | None = Field(description="The queue of that agent's talk.")
    code: str | None
    name: dict[str, str] | None = Field(description="The code's name by language, when it was given.")
    note: str | None = Field(description="null: there is none, or who asks does not need it.")


class WayOut(BaseModel):
    """One step of the caller's way through the menus."""

    model_config = ConfigDict(from_attributes=True)

    key: str | None = Field(description="The key that led here; null: no key did, as at the beginning.", examples=["1"])
    menu: str | None = Field(description="The menu that was entered; null: the step led out of the menus.")
    name: dict[str, str] = Field(
        description="By language; `*` stands for every language: the menu's `name`, else what the prompt says for the "
        "key, else its own name or id.",
        examples=[{"zh": "绿化", "en": "Greening"}],
    )


class StoryOut(CallOut):
    """One call: the way through the menus, who talked with the caller, what became of each transfer, what agents noted,
    and everything that happened, in order.
    """

    way: list[WayOut] = Field(description="The last walk through the menus, in the words of the hotline in use.")
    talks: list[TalkOut]
    transfers: list[TransferOut]
    wrap_ups: list[NotedOut]
    story: list[RecordOut]


class CallIn(BaseModel):
    """A test call to the hotline, as if somebody had dialled."""

    number: Annotated[str, Field(pattern=r"^[0-9*#+]{1,20}$", description="The dialled number.", examples=["12319"])]
    keys: Annotated[
        list[Annotated[str, Field(pattern=r"^([0-9*#]|silence)$")]],
        Field(
            max_length=50,
            description="What the caller does, in order: a key, or `silence`: none, until the menu's wait is over.",
            examples=[["1", "2"]],
        ),
    ] = []
    language: Annotated[
        str | None, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$", description="Left out: the hotline's first one.")
    ] = None
    seconds: Annotated[float, Field(gt=0, le=600, description="Seconds after which the caller hangs up.")] = 60
    record: Annotated[StrictBool, Field(description="True: record the audio that the caller hears.")] = False
    hear_out: Annotated[
        StrictBool, Field(description="True: the caller presses no key before a prompt is over, and cuts none short.")
    ] = False
    answer: Annotated[
        StrictBool,
        Field(description="True: in a queue a robot agent answers, says so, and hangs up. No agent is rung."),
    ] = False


class CallPlaced(BaseModel):
    """The call has started; `GET /api/v1/calls/{call_id}` shows its story."""

    call_id: str
    recording: str | None = Field(
        description="The recording's file on the machine of the service; grows as it goes on."
    )


def router(
    calls: CallBook,
    place: Callable[[CallIn, Actor], Awaitable[CallPlaced]],
    at_work: Callable[[str], str | None],
    hotline: Callable[[], Hotline],
    codes: Callable[[str | None], Mapping[str, Mapping[str, str]]],
    now: Callable[[], float],
) -> APIRouter:
    """The routes under `/calls`. `place`: begins a test call; raises NotPlaced, also its kind WrongOrder. `at_work`:
    the id of the call that this agent rings for, talks in or wraps up. `hotline`: the one in use. `codes`: the wrap-up
    codes of a queue, with their names. `now`: seconds since the epoch.
    """
    routes = APIRouter(prefix="/calls", tags=["calls"])

    def needed(summary: CallSummary, reach: Reach) -> bool:
        return needs_number(summary, reach, at_work)

    def listed(summary: CallSummary, reach: Reach) -> ListedOut:
        call = call_out(summary, masking=not needed(summary, reach))
        name = codes(summary.queue).get(summary.code or "")
        return ListedOut(**dict(call), code_name=None if name is None else dict(name))

    @routes.get(
        "",
        summary="Calls, newest first",
        responses={
            403: {"description": "The account sees numbers masked, and no notes."},
            404: {"description": "There is no call `before` which to go on."},
            409: {"description": "Words are looked for in too many days."},
            **NO_DATABASE,
        },
    )
    async def list_calls(
        asker: Asking,
        state: Annotated[CallState | None, Query(description="Only calls in this state.")] = None,
        queue: Annotated[
            str | None,
            Query(description="Only calls in this queue, or last in it.", pattern=r"^[a-z][a-z0-9-]{0,39}$"),
        ] = None,
        agent: Annotated[
            str | None, Query(description="Only calls with this agent, or last with it.", pattern=r"^[0-9]{2,10}$")
        ] = None,
        outcome: Annotated[Outcome | None, Query(description="Only calls that ended like this.")] = None,
        direction: Annotated[
            Direction | None, Query(description="Only calls that came in, or only those that agents made to citizens.")
        ] = None,
        path: Annotated[
            str | None,
            Query(
                description="Only calls whose callers came through the menus by exactly these keys, such as `1,2`.",
                pattern=r"^[0-9*#](,[0-9*#]){0,39}$",
            ),
        ] = None,
        caller: Annotated[Sought | None, Query(description="Only calls of this number, however it is written.")] = None,
        words: Annotated[
            Sought | None,
            Query(
                description=f"Only calls with these words in a note, of {LONGEST_SEARCH} days at most: without `since` "
                f"those of the last {LONGEST_SEARCH}."
            ),
        ] = None,
        since: Annotated[Moment | None, Query(description="Only calls that began then or later.")] = None,
        until: Annotated[Moment | None, Query(description="Only calls that began then or earlier.")] = None,
        before: Annotated[
            str | None,
            Query(description="Only calls that began before this one. To go on: the `id` of an answer's last call."),
        ] = None,
        limit: Annotated[int, Query(description="How many at most.", ge=1, le=1000)] = 100,
    ) -> list[ListedOut]:
        """Live calls and calls in the journal alike, as far as the account may see them. A filter by a state that only
        live calls have needs no database. Numbers and words are searched in calls whose numbers the account sees.
        """
        times = _seconds(since), _seconds(until)
        search = Search(state, queue, agent, outcome, caller, words, *times, direction=direction, path=path)
        reach = asker.reach
        if caller is not None or words is not None:
            reach = reach.without_agent()
            if reach == NOTHING:
                raise HTTPException(
                    403, Sentence("This account sees numbers masked and no notes, so it cannot search them.")
                )
        if words is not None:
            search = _bounded(search, now())
        if before is not None:
            search = replace(search, before=await _before(calls, before, asker.reach))
        found = await calls.list(search, limit, reach)
        return [listed(summary, asker.reach) for summary in found]

    @routes.get(
        "/{call_id}",
        summary="One call and its story",
        responses={**NO_CALL, **NO_DATABASE},
    )
    async def get_call(call_id: str, asker: Asking) -> StoryOut:
        """Of a live call, the story so far. An agent whom a colleague asks about a call, through a queue, sees that
        call, too, from the ring on.
        """
        summary, story = await read_call(calls, call_id)
        within = summary.within(asker.reach)
        asked = not within and calls.asks_about(call_id, asker.reach.agent)
        if not (within or asked):
            raise no_call()
        if roles.reach(asker.account, roles.Permission.LISTEN) is None:  # an agent may not see who listens
            story = [record for record in story if record.kind not in listeners.KINDS]
        return whole_story(summary, story, hotline(), masking=not (asked or needed(summary, asker.reach)))

    @routes.post(
        "",
        status_code=201,
        summary="Place a test call to hear the hotline",
        responses={503: {"description": "The call could not be placed; the sentence says why."}},
    )
    async def place_call(wanted: CallIn, asker: Asking) -> CallPlaced:
        """A number or language that the hotline does not have is a 422."""
        try:
            return await place(wanted, asker.actor)
        except WrongOrder as error:
            raise HTTPException(422, str(error)) from error
        except NotPlaced as error:
            raise HTTPException(503, str(error)) from error

    return routes


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _bounded(search: Search, now: float) -> Search:
    """A search for words, in LONGEST_SEARCH days at most: a 409 says so."""
    last = now if search.until is None else min(search.until, now)
    first = last - LONGEST_SEARCH * DAY if search.since is None else search.since
    if first < last - (LONGEST_SEARCH + 1) * DAY:
        raise HTTPException(
            409, Sentence("Words are searched in {count} days at most; give a later `since`.", count=LONGEST_SEARCH)
        )
    return replace(search, since=first)


async def _before(calls: CallBook, call_id: str, reach: Reach) -> tuple[float, str]:
    begin = await calls.begin(call_id, reach) if CALL_ID.fullmatch(call_id) else None
    if begin is None:
        raise HTTPException(404, Sentence("There is no such call to go on after."))
    return begin


def needs_number(summary: CallSummary, reach: Reach, at_work: Callable[[str], str | None]) -> bool:
    """Whether the asker needs the caller's number. An agent needs it while the call is the agent's work. `at_work`: as
    in `router`.
    """
    if summary.within(reach.without_agent()):
        return True
    return summary.has(reach.agent) and (summary.state in _WITH_AGENT or at_work(str(reach.agent)) == summary.id)


async def found_call(calls: CallBook, call_id: str, reach: Reach) -> tuple[CallSummary, Sequence[Record]]:
    """The call and its Records. An HTTPException: the asker may see no such call, or the database is away."""
    found = await read_call(calls, call_id)
    if not found[0].within(reach):
        raise no_call()
    return found


async def read_call(calls: CallBook, call_id: str) -> tuple[CallSummary, Sequence[Record]]:
    """The same, whoever asks."""
    found = await calls.get(call_id) if CALL_ID.fullmatch(call_id) else None
    if found is None:
        raise no_call()
    return found


def no_call() -> HTTPException:
    """There is no such call, or none that may be seen."""
    return HTTPException(404, Sentence("There is no such call; GET /api/v1/calls lists the latest with their ids."))


def whole_story(summary: CallSummary, story: Sequence[Record], hotline: Hotline, *, masking: bool = False) -> StoryOut:
    """A call with its Records, as they are shown; `masking`: without the caller's number and digits, without notes."""
    read = talks_of(story)
    transfers = [TransferOut.model_validate(transfer) for transfer in read.transfers]
    noted = [NotedOut.model_validate(wrap_up) for wrap_up in wrap_ups(story)]
    call = call_out(summary, masking=masking)
    queue = hotline.queues.get(summary.queue or "")
    if summary.may_be_recorded and queue is not None and queue.record is Recorded.ON_DEMAND:
        call.recording = "off"
    return StoryOut(
        **dict(call),
        way=[WayOut.model_validate(step) for step in way(story, hotline)],
        talks=[TalkOut.model_validate(talk) for talk in read.talks],
        transfers=[one.model_copy(update={"reason": ""}) for one in transfers] if masking else transfers,
        wrap_ups=[one.model_copy(update={"note": None}) for one in noted] if masking else noted,
        story=[_step(record, masking=masking) for record in story],
    )


def call_out(summary: CallSummary, *, masking: bool = False) -> CallOut:
    """A call as HTTP shows it; `masking`: without the caller's number."""
    call = CallOut.model_validate(summary)
    if masking:
        call.caller = masked(call.caller)
    if call.state is not CallState.ENDED:
        call.outcome = None
    call.path = call.path.rstrip(",")
    return call


def _step(record: Record, *, masking: bool) -> RecordOut:
    actor = None if record.actor == SYSTEM else record.actor
    about = {"queue": record.queue, "agent": record.agent, "offer": record.offer, "actor": actor}
    extra = {**record.data, **{key: value for key, value in about.items() if value is not None}}
    if masking and "caller" in extra:
        extra["caller"] = masked(str(extra["caller"]))
    if masking and "number" in extra and record.kind in (*CALL_OUT, Kind.CALLBACK_PROMISED):
        extra["number"] = masked(str(extra["number"]))
    if masking and record.kind in (Kind.NOTE, Kind.MISSED_DONE):
        extra["note"] = None
    if masking and "reason" in extra and record.kind in (Kind.TRANSFERRED, Kind.CONSULT_ASKED):
        extra["reason"] = None
    if masking and record.kind is Kind.COLLECTED:
        extra["digits"] = masked(str(extra["digits"]))
    if extra.get("until") is not None:  # the end of a wrap-up, in epoch seconds
        extra["until"] = iso(extra["until"])
    return RecordOut.model_validate({**extra, "at": record.at, "kind": record.kind})
