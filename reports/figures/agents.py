"""Figures of agents' time."""

from reports.figures.model import Family, Unit, figure, share
from reports.sums import Sums


@figure(Family.STATES, Unit.SECONDS, "签入时长", "Signed in")
def signed_in(s: Sums) -> float | None:
    """Time of agents who are signed in, of all states, in the quarter hours in which it passed.
    Formula: ready_ms + ringing_ms + on_call_ms + state_wrap_up_ms + not_ready_ms
    Source: agent-state
    中文：坐席签入的时间（各状态之和），计入其经过的一刻钟。
    """
    return (s.ready_ms + s.ringing_ms + s.on_call_ms + s.state_wrap_up_ms + s.not_ready_ms) / 1000


@figure(Family.STATES, Unit.SECONDS, "就绪时长", "Ready")
def ready(s: Sums) -> float | None:
    """Time of agents who wait for calls.
    Source: agent-state
    中文：坐席等待来电的时间。
    """
    return s.ready_ms / 1000


@figure(Family.STATES, Unit.SECONDS, "示忙时长", "Not ready")
def not_ready(s: Sums) -> float | None:
    """Time of agents who are signed in and not ready. The report `breaks` has it by reason.
    Source: agent-state
    中文：坐席签入而示忙的时间。报表 `breaks` 按原因列出。
    """
    return s.not_ready_ms / 1000


@figure(Family.STATES, Unit.PERCENT, "占用率", "Occupancy")
def occupancy(s: Sums) -> float | None:
    """The share of agents' time at work that calls take: on call and wrap-up, of the time signed in and not on a break.
    Consultations and calls out are in it.
    Formula: (on_call_ms + state_wrap_up_ms) / (ready_ms + ringing_ms + on_call_ms + state_wrap_up_ms)
    Source: agent-state
    中文：来电占坐席工作时间的比例：通话与整理，除以签入且不在小休的时间。含咨询与外呼。
    """
    busy = s.on_call_ms + s.state_wrap_up_ms
    return share(busy, s.ready_ms + s.ringing_ms + busy)


@figure(Family.BREAKS, Unit.SECONDS, "时长", "Time")
def break_time(s: Sums) -> float | None:
    """Time of agents who are not ready for this reason: a break of the hotline's list, `rona`, `no-code`, or what they
    wrote.
    Source: agent-state
    中文：坐席因该原因示忙的时间：热线列出的小休、`rona`、`no-code`，或坐席所写的原因。
    """
    return s.not_ready_ms / 1000


@figure(Family.LIMITED_BREAKS, Unit.COUNT, "限时小休次数", "Breaks with a limit")
def limited_breaks(s: Sums) -> float | None:
    """Breaks for which `break_limits` of the hotline had a limit when they began, in the quarter hour in which they
    began.
    Source: agent-state
    中文：开始时热线在 `break_limits` 中定有时限的小休次数，计入其开始的一刻钟。
    """
    return s.limited_breaks


@figure(Family.LIMITED_BREAKS, Unit.PERCENT, "小休遵守率", "Adherence to breaks")
def break_adherence(s: Sums) -> float | None:
    """The share of breaks with a limit that took no longer than it.
    Formula: breaks_in_time / limited_breaks
    Source: agent-state
    中文：未超过时限的小休占有时限的小休的比例。
    """
    return share(s.breaks_in_time, s.limited_breaks)
