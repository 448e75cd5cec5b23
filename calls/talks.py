"""A call's talks, what became of transfers, and what agents noted of it: from the Records of one call. Pure."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from journal.records import Kind, Record

_REJECTED = "21"

TALK_KINDS = (
    *(Kind.CALL_STARTED, Kind.CONNECTED, Kind.SUB_HOTLINE_ANSWERED, Kind.TRANSFER_ANSWERED, Kind.TALK_ENDED),
    *(Kind.SUB_HOTLINE_ENDED, Kind.TRANSFER_ENDED, Kind.TRANSFERRED, Kind.TRANSFER_FAILED, Kind.SUB_HOTLINE_FAILED),
    *(Kind.CALL_FINISHED, Kind.CALL_OUT_ANSWERED, Kind.CALL_OUT_ENDED),
)
"""The kinds of which `talks_of` makes talks, and what became of transfers."""


class Became(StrEnum):
    """What became of a transfer."""

    ANSWERED = "answered"  # somebody there talked with the caller
    FAILED = "failed"  # nobody answered, and the caller went on from there
    LEFT = "left"  # the call ended before either


class Why(StrEnum):
    """Why a transfer failed."""

    DECLINED = "declined"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    UNREACHABLE = "unreachable"  # no such phone is registered, or the network cannot reach it


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation. Times are seconds since the epoch; `ended` None: it goes on.

    other     with whom: `{"agent": ID}`, `{"sub_hotline": ID}` or `{"number": N}`
    queue     from which queue the caller was connected; None: from none
    ended_by  `caller`, `agent` (the other end, of whatever kind) or `system`; None: it goes on, or nobody knows
    """

    other: Mapping[str, str]
    queue: str | None
    began: float
    ended: float | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer by an agent's phone. Times are seconds since the epoch.

    agent   who did it; None: nobody knows
    how     `blind`, or `consult` if the agent called there first
    to      a destination as in hotline.yaml, `{"agent": ID}` or `{"number": N}`
    became  None: not known yet; `settled`: since when it is known
    why     it failed; None: it has not
    reason  what the agent wrote for whoever receives the call; "": nothing
    """

    at: float
    agent: str | None
    how: str
    to: Mapping[str, Any]
    became: Became | None = None
    settled: float | None = None
    why: Why | None = None
    reason: str = ""


NOBODY_ASKED: tuple[Any, str] = (None, "")


@dataclass(frozen=True, slots=True)
class CallTalks:
    """All of one call, in order."""

    talks: tuple[Talk, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    asked: tuple[Talk, ...] = ()
    """Consultations that were answered: they end at the latest with the talk of who asked."""
    asking: tuple[Any, str] = NOBODY_ASKED
    """Whom the agent asks in the consultation that goes on, and its reason."""


def talks_of(records: Iterable[Record]) -> CallTalks:
    """From the Records of one call, in order."""
    so_far = CallTalks()
    for record in records:
        so_far = _after(_asking(so_far, record), record)
    return so_far


def _asking(so_far: CallTalks, record: Record) -> CallTalks:
    """The consultations after this Record."""
    before, at = so_far.asked, record.at
    match record.kind:
        case Kind.CONSULT_ANSWERED if so_far.talks:
            return replace(so_far, asked=(*before, Talk(record.data.get("to", {}), so_far.talks[-1].queue, at)))
        case Kind.CONSULT_ENDED | Kind.TRANSFERRED | Kind.TALK_ENDED | Kind.TALK_INTERRUPTED | Kind.CALL_FINISHED if (
            before and before[-1].ended is None
        ):
            return replace(so_far, asked=(*before[:-1], replace(before[-1], ended=at)))
    return so_far


def _after(so_far: CallTalks, record: Record) -> CallTalks:
    at, data = record.at, record.data
    match record.kind:
        case Kind.CALL_STARTED:
            return _ended(so_far, at, None)  # once more: the service lost what came between
        case Kind.CONNECTED | Kind.CALL_OUT_ANSWERED:
            return _began(so_far, Talk({"agent": record.agent or ""}, record.queue, at))
        case Kind.SUB_HOTLINE_ANSWERED:
            return _began(so_far, Talk({"sub_hotline": str(data.get("sub_hotline", ""))}, None, at))
        case Kind.TRANSFER_ANSWERED:
            return _began(so_far, Talk(data.get("to", {}), None, at))
        case Kind.TALK_ENDED | Kind.SUB_HOTLINE_ENDED | Kind.TRANSFER_ENDED | Kind.CALL_OUT_ENDED:
            return _ended(so_far, at, data.get("by"))
        case Kind.TRANSFERRED:
            how, reason = str(data.get("how", "")), str(data.get("reason", ""))
            if how == "consult" or data.get("to") == so_far.asking[0]:
                reason = reason or so_far.asking[1]
            transfer = Transfer(at, record.agent, how, data.get("to", {}), reason=reason)
            return replace(so_far, transfers=(*so_far.transfers, transfer), asking=NOBODY_ASKED)
        case Kind.CONSULT_ASKED:
            return replace(so_far, asking=(data.get("to"), str(data.get("reason", ""))))
        case Kind.CONSULT_FAILED | Kind.CONSULT_ENDED | Kind.TALK_INTERRUPTED:
            return replace(so_far, asking=NOBODY_ASKED)
        case Kind.TRANSFER_FAILED | Kind.SUB_HOTLINE_FAILED:
            why = _why(str(data.get("status", "")), str(data.get("cause", "")))
            return _settled(_ended(so_far, at, "system"), at, Became.FAILED, why)  # a talk: its phone was gone
        case Kind.CALL_FINISHED:
            return _settled(_ended(so_far, at, data.get("by")), at, Became.LEFT)
    return so_far


def _began(so_far: CallTalks, talk: Talk) -> CallTalks:
    so_far = _settled(_ended(so_far, talk.began, None), talk.began, Became.ANSWERED)
    return replace(so_far, talks=(*so_far.talks, talk))


def _ended(so_far: CallTalks, at: float, by: Any) -> CallTalks:
    """The talk that goes on, if one does, is over."""
    if not so_far.talks or so_far.talks[-1].ended is not None:
        return so_far
    over = replace(so_far.talks[-1], ended=at, ended_by=by)
    return replace(so_far, talks=(*so_far.talks[:-1], over))


def _why(status: str, cause: str) -> Why:
    """From Asterisk's DIALSTATUS and the cause by Q.850."""
    if cause == _REJECTED:
        return Why.DECLINED
    return {"BUSY": Why.BUSY, "NOANSWER": Why.NO_ANSWER}.get(status, Why.UNREACHABLE)


def _settled(so_far: CallTalks, at: float, became: Became, why: Why | None = None) -> CallTalks:
    """The last transfer, if it was open, has become this."""
    if not so_far.transfers or so_far.transfers[-1].became is not None:
        return so_far
    last = replace(so_far.transfers[-1], became=became, settled=at, why=why)
    return replace(so_far, transfers=(*so_far.transfers[:-1], last))


WRITTEN = (Kind.WRAP_UP_CODE, Kind.NOTE)
"""The kinds that `wrap_ups` reads."""

LATE = 3_600.0
"""Seconds after the end of a talk in which its agent's code and note can still be changed. In wrap-up always."""


@dataclass(frozen=True, slots=True)
class WrapUp:
    """What one agent noted of one call. `queue`: of the talk; `name`: the code's, by language, when it was given.

    code, note  None: none was given; an empty note was removed
    at          when it was changed last, in seconds since the epoch
    """

    agent: str
    at: float
    queue: str | None = None
    code: str | None = None
    name: Mapping[str, str] | None = None
    note: str | None = None


def wrap_ups(records: Iterable[Record]) -> tuple[WrapUp, ...]:
    """From the Records of one call, in order; an agent once, in the order of their first ones."""
    found: dict[str, WrapUp] = {}
    for record in records:
        if record.kind not in WRITTEN:
            continue
        agent = record.agent or ""
        before = replace(found.get(agent, WrapUp(agent, record.at)), at=record.at, queue=record.queue)
        if record.kind is Kind.NOTE:
            found[agent] = replace(before, note=str(record.data.get("note", "")))
        else:
            name = record.data.get("name")
            code = str(record.data.get("code", ""))
            found[agent] = replace(before, code=code, name=name if isinstance(name, Mapping) else None)
    return tuple(found.values())


def last_talk(talks: Iterable[Talk], agent: str | None) -> Talk | None:
    """The last talk with this agent, None: with any agent. None: there was none."""
    with_agents = [talk for talk in talks if "agent" in talk.other]
    fitting = [talk for talk in with_agents if agent is None or talk.other["agent"] == agent]
    return fitting[-1] if fitting else None


LAST_TALKS = 20
"""Calls of an agent that are kept."""


TALK_BEGINS = frozenset((Kind.CONNECTED, Kind.CALL_OUT_ANSWERED, Kind.TRANSFER_ANSWERED))


class LastTalks:
    """The last calls in which each agent talked, also those that were transferred and are somebody else's now. It knows
    of talks since the start of the service; `note` must see every Record of the kinds TALK_BEGINS.
    """

    def __init__(self) -> None:
        self._calls: dict[str, deque[str]] = {}

    def note(self, record: Record) -> None:
        """Take a Record; the beginning of a talk counts."""
        if record.kind in (Kind.CONNECTED, Kind.CALL_OUT_ANSWERED):
            agent = record.agent
        elif record.kind is Kind.TRANSFER_ANSWERED:
            agent = record.data.get("to", {}).get("agent")
        else:
            return
        if agent and record.call is not None:
            calls = self._calls.setdefault(agent, deque(maxlen=LAST_TALKS))
            if record.call in calls:
                calls.remove(record.call)
            calls.append(record.call)

    def of(self, agent_id: str) -> list[str]:
        """The ids of that agent's calls, newest first."""
        return [*reversed(self._calls.get(agent_id, ()))]
