"""A call's wrap-up code and note over HTTP."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from accounts.asking import Asking, note_detail
from accounts.model import Reach
from acd.distributor import Distributor
from acd.events import CodeGiven
from agents.model import AgentId
from base.hints import some_of
from calls.api import NO_CALL, NO_DATABASE, no_call, read_call
from calls.book import CallBook
from calls.model import CallSummary
from calls.talks import LATE, Talk, WrapUp, last_talk, talks_of, wrap_ups
from hotline.model import Hotline
from journal.actor import Actor
from journal.records import Kind, Record
from sentences.sentence import Sentence
from web.fields import Time

LONGEST_NOTE = 2_000

MOST_NAMED = 20
"""Codes that an error names; a longer list helps nobody."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$")]
Note = Annotated[str, StringConstraints(max_length=LONGEST_NOTE, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class CodeOut(BaseModel):
    """One wrap-up code."""

    code: str = Field(examples=["answered"])
    name: dict[str, str] = Field(
        description="By language; `*`: for all.", examples=[{"zh": "当场答复", "en": "Answered"}]
    )


class WrapUpOut(BaseModel):
    """What one agent has noted of a call, and what can be noted."""

    call_id: str
    agent: str = Field(description="Who talked with the caller.", examples=["1001"])
    queue: str | None = Field(description="The queue of that talk.")
    code: str | None = Field(description="null: none was given.")
    note: str = Field(description="Empty: there is none.")
    required: bool = Field(description="The agent's wrap-up lasts until there is a code.")
    codes: list[CodeOut] = Field(description="The codes of the queue, in the order of `hotline.yaml`.")
    until: Time | None = Field(
        description="Until when it can be changed, an hour after the talk; null: the talk or the wrap-up goes on."
    )


class WrapUpIn(BaseModel):
    """What is to be noted. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    code: Code | None = Field(default=None, description="One of the queue's codes.", examples=["answered"])
    note: Note | None = Field(
        default=None, description=f"The whole text, {LONGEST_NOTE:,} characters at most; it replaces the earlier one."
    )
    agent: AgentId | None = Field(
        default=None, description="For which agent's talk. Left out: the own one, else the last one."
    )


class Sheets:
    """Where codes come from, and where what is noted goes: codes to the engine, which may wait for them, notes straight
    into the journal. `queue`: of the talk. `hotline`: the one in use.
    """

    def __init__(self, distributor: Distributor, hotline: Callable[[], Hotline]) -> None:
        self._distributor, self._hotline = distributor, hotline

    def codes(self, queue: str | None) -> Mapping[str, Mapping[str, str]]:
        """The codes of the queue now, with their names."""
        return self._hotline().codes_of(queue)

    def required(self, queue: str | None) -> bool:
        """Whether each call of the queue needs one."""
        known = self._hotline().queues.get(queue or "")
        return known is not None and known.needs_code

    def give(self, call: CallSummary, queue: str | None, agent: str, code: str, actor: Actor) -> None:
        """Give the call a code of `codes`."""
        name = self.codes(queue)[code]
        self._distributor.ask(CodeGiven(call.id, queue, agent, code, name, actor, call.test))

    def write(self, call: CallSummary, queue: str | None, agent: str, note: str, actor: Actor) -> None:
        """Replace the note on the call."""
        data: dict[str, Any] = {"note": note, "test": True} if call.test else {"note": note}
        now = self._distributor.clock.now()
        self._distributor.write(Record(now, Kind.NOTE, call.id, queue, agent, data=data, actor=actor))


def router(
    calls: CallBook, sheets: Sheets, at_work: Callable[[str], str | None], now: Callable[[], float]
) -> APIRouter:
    """The routes `/calls/{id}/wrap-up`. `at_work`: as in `calls.api.router`. `now`: seconds since the epoch."""
    routes = APIRouter(prefix="/calls", tags=["calls"])

    def out(call_id: str, talk: Talk, queue: str | None, noted: WrapUp | None) -> WrapUpOut:
        agent = talk.other["agent"]
        goes_on = talk.ended is None or at_work(agent) == call_id
        return WrapUpOut.model_validate(
            {
                "call_id": call_id,
                "agent": agent,
                "queue": queue,
                "code": None if noted is None else noted.code,
                "note": (noted and noted.note) or "",
                "required": sheets.required(queue),
                "codes": [{"code": code, "name": dict(name)} for code, name in sheets.codes(queue).items()],
                "until": None if goes_on or talk.ended is None else talk.ended + LATE,
            }
        )

    def late(sheet: WrapUpOut) -> bool:
        return sheet.until is not None and now() > sheet.until.timestamp()

    async def found(call_id: str, reach: Reach, agent: str | None) -> tuple[CallSummary, Talk, WrapUp | None]:
        """The call, the talk that is meant, and what was noted of it. An HTTPException says why there is none."""
        summary, story = await read_call(calls, call_id)
        talk = _talk(summary, story, reach, agent)
        if talk is None:
            raise no_call()
        mine = [noted for noted in wrap_ups(story) if noted.agent == talk.other["agent"]]
        return summary, talk, mine[0] if mine else None

    @routes.get("/{call_id}/wrap-up", summary="A call's wrap-up code and note", responses={**NO_CALL, **NO_DATABASE})
    async def get_wrap_up(call_id: str, asker: Asking) -> WrapUpOut:
        """Of the own talk, or of the last one with an agent; and the codes that there are. A call that no agent has
        talked in is a 404. An agent sees it until `until`.
        """
        summary, talk, noted = await found(call_id, asker.reach, None)
        answer = out(call_id, talk, talk.queue or summary.queue, noted)
        if late(answer) and not summary.within(asker.reach.without_agent()):
            raise no_call()
        return answer

    @routes.put(
        "/{call_id}/wrap-up",
        summary="Give a call a wrap-up code, write a note",
        responses={**NO_CALL, 409: {"description": "It is too late; the sentence says until when."}, **NO_DATABASE},
    )
    async def put_wrap_up(call_id: str, wanted: WrapUpIn, asker: Asking, request: Request) -> WrapUpOut:
        """During the talk, in the wrap-up, and for an hour after the talk: by the agent who talked, or for that agent
        by somebody who may see the call. A code that the queue does not have is a 422.
        """
        note_detail(request, _in_words(wanted))
        summary, talk, noted = await found(call_id, asker.reach, wanted.agent)
        agent, queue = talk.other["agent"], talk.queue or summary.queue
        before = out(call_id, talk, queue, noted)
        if late(before):
            raise HTTPException(
                409,
                Sentence("The talk ended more than an hour ago; it was possible until {moment}.", moment=before.until),
            )
        if wanted.code is not None:
            _check_code(sheets.codes(queue), wanted.code, queue)
        if wanted.note is not None and wanted.note != before.note:
            sheets.write(summary, queue, agent, wanted.note, asker.actor)
            before.note = wanted.note
        if wanted.code is not None and wanted.code != before.code:
            sheets.give(summary, queue, agent, wanted.code, asker.actor)
            before.code = wanted.code
        return before

    return routes


def _talk(summary: CallSummary, story: Sequence[Record], reach: Reach, agent: str | None) -> Talk | None:
    """The talk that a request of that reach means: the own one first, or a consultation if there was no other. None: it
    may see no talk.
    """
    all_of_it = talks_of(story)
    talks = all_of_it.talks
    own = None
    if reach.agent is not None:
        own = last_talk(talks, reach.agent) or last_talk(all_of_it.asked, reach.agent)
    if own is not None and agent in (None, reach.agent):
        return own
    return last_talk(talks, agent) if summary.within(reach.without_agent()) else None


def _check_code(codes: Mapping[str, Any], code: str, queue: str | None) -> None:
    if code in codes:
        return
    if not codes:
        raise HTTPException(
            422,
            Sentence("The queue {queue} has no wrap-up codes.", queue=queue)
            if queue
            else Sentence("There are no codes for it."),
        )
    known = some_of(codes, MOST_NAMED)
    raise HTTPException(
        422,
        Sentence(
            "The queue {queue} has no wrap-up code {code}; it has {known}.",
            queue=queue,
            code=code,
            known=known,
        ),
    )


def _in_words(wanted: WrapUpIn) -> str:
    """For the audit, which has no note."""
    parts = [] if wanted.code is None else [f"code {wanted.code}"]
    parts += [] if wanted.note is None else [f"a note of {len(wanted.note)} characters"]
    return ", ".join([*parts, *([] if wanted.agent is None else [Sentence("agent {name}", name=wanted.agent)])])
