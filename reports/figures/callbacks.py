"""Figures of callbacks and messages."""

from reports.figures.model import Family, Unit, figure, share
from reports.sums import Sums


@figure(Family.CALLBACKS, Unit.COUNT, "约定回拨", "Promised")
def callbacks(s: Sums) -> float | None:
    """Callbacks that were promised, by a key or by rule. What becomes of one counts in the quarter hour of its promise.
    Source: callback-promised
    中文：约定的回拨（按键选择或按规则）。其结果计入约定所在的一刻钟。
    """
    return s.callbacks


@figure(Family.CALLBACKS, Unit.COUNT, "回拨接通坐席", "Talked with an agent")
def callbacks_connected(s: Sums) -> float | None:
    """Callbacks whose citizen talked with an agent.
    Source: callback-answered, connected, left-queue (talked)
    中文：市民与坐席通上话的回拨。
    """
    return s.callbacks_connected


@figure(Family.CALLBACKS, Unit.COUNT, "未能回拨到", "Not reached")
def callbacks_not_reached(s: Sums) -> float | None:
    """Callbacks whose citizen was not reached by any attempt.
    Source: left-queue (not-reached)
    中文：各次外呼都未找到市民的回拨。
    """
    return s.callbacks_not_reached


@figure(Family.CALLBACKS, Unit.COUNT, "取消的回拨", "Cancelled")
def callbacks_cancelled(s: Sums) -> float | None:
    """Callbacks that the citizen or somebody of the hotline cancelled.
    Source: left-queue (cancelled)
    中文：市民或热线人员取消的回拨。
    """
    return s.callbacks_cancelled


@figure(Family.CALLBACKS, Unit.PERCENT, "回拨按时率", "Promises kept in time")
def callbacks_on_time(s: Sums) -> float | None:
    """The share of the callbacks whose citizen was dialled that were dialled first by the end of the time said, or of
    which no time was said. Closed hours are not taken off: a promise that was moved to the next opening is late here.
    Formula: callbacks_on_time / callbacks_tried
    Source: callback-promised, callback-dialled
    中文：已拨打的回拨中，首次拨打不晚于所告知时间（或未告知时间）的比例。不扣除休息时间：顺延到下次开放的，在此算晚。
    """
    return share(s.callbacks_on_time, s.callbacks_tried)


@figure(Family.CALLBACKS, Unit.COUNT, "留言", "Messages left")
def messages(s: Sums) -> float | None:
    """Messages that callers left.
    Source: message-left
    中文：来电人的留言。
    """
    return s.messages


@figure(Family.CALLBACKS, Unit.COUNT, "办结的留言", "Messages done")
def messages_done(s: Sums) -> float | None:
    """Messages that somebody finished, in the quarter hour in which that was.
    Source: message-done
    中文：办结的留言，计入办结所在的一刻钟。
    """
    return s.messages_done
