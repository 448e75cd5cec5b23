"""Stories of calls and days of agents, as the service writes them. Times are seconds since the epoch."""

from collections.abc import Sequence
from typing import Any

from journal.records import Kind, Record

MONDAY = 1_772_409_600.0  # 2 March 2026, 00:00 UTC: 08:00 in Shanghai
IN_TIME = 15.0


def began(call: str, at: float, **more: Any) -> Record:
    data = {"caller": "13800000000", "number": "12319", "language": "zh", "version": "v1", **more}
    return Record(at, Kind.CALL_STARTED, call, data=data)


def finished(call: str, at: float, by: str = "caller") -> Record:
    return Record(at, Kind.CALL_FINISHED, call, data={"by": by})


def queued(call: str, at: float, queue: str = "greening") -> Record:
    return Record(at, Kind.QUEUED, call, queue, data={"language": "zh", "position": 1})


def state(agent: str, at: float, now: str, before: str, reason: str = "") -> Record:
    return Record(at, Kind.AGENT_STATE, agent=agent, data={"state": now, "previous": before, "reason": reason})


def answered(
    call: str, at: float, wait: float = 10.0, talk: float = 60.0, wrap_up: float = 20.0, **who: Any
) -> list[Record]:
    """The agent is ready before and after it."""
    queue, agent = who.get("queue", "greening"), who.get("agent", "1001")
    offer, ring = f"o-{call}", min(wait, 3.0)
    connected, ended = at + wait, at + wait + talk
    in_time = {"waited_s": wait, "in_service_level": wait <= IN_TIME}
    return [
        began(call, at, **who.get("more", {})),
        queued(call, at, queue),
        Record(connected - ring, Kind.OFFERED, call, queue, agent, offer, {"ring": 15.0}),
        state(agent, connected - ring, "ringing", "ready"),
        Record(connected, Kind.CONNECTED, call, queue, agent, offer, in_time),
        state(agent, connected, "on-call", "ringing"),
        Record(ended, Kind.TALK_ENDED, call, queue, agent, data={"by": "caller", "talked_s": talk}),
        state(agent, ended, "wrap-up", "on-call"),
        finished(call, ended),
        state(agent, ended + wrap_up, "ready", "wrap-up"),
    ]


def abandoned(call: str, at: float, wait: float = 30.0, queue: str = "greening") -> list[Record]:
    left = {"why": "hung-up", "waited_s": wait, "in_service_level": wait <= IN_TIME}
    return [
        began(call, at),
        queued(call, at, queue),
        finished(call, at + wait),  # the distributor learns of it a little later
        Record(at + wait, Kind.LEFT_QUEUE, call, queue, data=left),
    ]


def in_order(*stories: Sequence[Record]) -> list[Record]:
    return sorted((record for story in stories for record in story), key=lambda record: record.at)


def busy() -> list[Record]:
    """Calls of two hours, with agents who come and go."""
    calls = [
        answered(
            *(f"c{n}", MONDAY + n * 61, n % 40, 30 + n % 50),
            queue=f"q{n % 3}",
            agent=f"100{n % 4}",
            more={"caller": f"1380000{n % 50:04}"},
        )
        if n % 5
        else abandoned(f"c{n}", MONDAY + n * 61, wait=n % 33)
        for n in range(120)
    ]
    return in_order(*calls, [state("2001", MONDAY + 5, "not-ready", "logged-out", "lunch")])


def working_day(agent: str, begin: float, hours: int = 8) -> list[Record]:
    """An agent's Records of a shift: a call every 6 minutes, a hold in each third, a break after half of the time.
    Last a ring that nobody answers; the agent is not ready after it.
    """
    calls = [
        answered(f"d{n}", begin + 30 + n * 360, wait=8, talk=120 + n % 7 * 20, wrap_up=25 + n % 4 * 10, agent=agent)
        for n in range(hours * 10)
        if n // 10 != hours // 2
    ]
    holds = [
        Record(calls[n][4].at + 40 + after, kind, calls[n][0].call, "greening", agent)
        for n in range(0, len(calls), 3)
        for after, kind in ((0, Kind.HELD), (30, Kind.UNHELD))
    ]
    rest, end = begin + hours // 2 * 3_600 + 90, begin + hours * 3_600
    breaks = [
        state(agent, begin, "ready", "logged-out"),
        state(agent, rest, "not-ready", "ready", "用餐"),
        state(agent, rest + 2_700, "ready", "not-ready"),
        Record(end - 40, Kind.OFFERED, "d-last", "greening", agent, "o-last"),
        state(agent, end - 40, "ringing", "ready"),
        Record(end - 20, Kind.OFFER_FAILED, "d-last", "greening", agent, "o-last", {"reason": "no-answer"}),
        state(agent, end - 20, "not-ready", "ringing", "rona"),
    ]
    return in_order(*calls, holds, breaks)
