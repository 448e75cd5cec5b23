"""Figures of citizens' calls, of others' business, and of calls put through to sub-hotlines."""

from reports.figures.model import Family, Unit, figure, mean, share
from reports.sums import Sums


@figure(Family.CALLS, Unit.COUNT, "来电", "Calls")
def calls(s: Sums) -> float | None:
    """Citizens' calls, once they are over, in the quarter hour in which they began. Test calls and callbacks are not.
    Source: call-started, call-finished
    中文：市民来电（结束后计），计入开始所在的一刻钟。测试呼叫与回拨不计。
    """
    return s.calls


@figure(Family.CALLS, Unit.PERCENT, "接通率", "Reached somebody")
def calls_reached(s: Sums) -> float | None:
    """The share of calls in which somebody talked with the caller: an agent, or a department.
    Formula: calls_reached / calls
    Source: connected, transfer-answered, sub-hotline-answered
    中文：有人（坐席或承办单位）与来电人通话的来电所占比例。
    """
    return share(s.calls_reached, s.calls)


@figure(Family.CALLS, Unit.COUNT, "进入队列", "Came to a queue")
def calls_queued(s: Sums) -> float | None:
    """Calls with at least one entry into a queue.
    Source: queued
    中文：至少入队一次的来电。
    """
    return s.calls_queued


@figure(Family.CALLS, Unit.COUNT, "坐席接听", "Answered by an agent")
def calls_answered(s: Sums) -> float | None:
    """Calls in which an agent was connected from a queue. A call with two such talks is one.
    Source: connected
    中文：由队列接通坐席的来电。两次接通仍算一个来电。
    """
    return s.calls_answered


@figure(Family.CALLS, Unit.PERCENT, "直接答复率", "Direct-answer rate")
def direct_answers(s: Sums) -> float | None:
    """The share of the calls that an agent answered which the first agent settled alone: no transfer, no consultation.
    Formula: calls_direct / calls_answered
    Source: connected, transferred, consult-asked, sub-hotline-answered
    中文：坐席接听的来电中，由首位坐席独自答复（未转接、未咨询）的比例。
    """
    return share(s.calls_direct, s.calls_answered)


@figure(Family.CALLS, Unit.COUNT, "非本热线业务", "Out of jurisdiction")
def out_of_jurisdiction(s: Sums) -> float | None:
    """Calls whose caller heard that the matter is somebody else's business. The report `scopes` has whose.
    Source: scope-told
    中文：来电人听到事项属其他单位的来电。报表 `scopes` 列出属于谁。
    """
    return s.calls_elsewhere


@figure(Family.SCOPES, Unit.COUNT, "次数", "Times told")
def scopes_told(s: Sums) -> float | None:
    """How often callers heard that the matter is the business of this one.
    Source: scope-told
    中文：来电人听到事项属该单位的次数。
    """
    return s.calls_elsewhere


@figure(Family.LINES, Unit.COUNT, "转分热线", "Put through")
def lines(s: Sums) -> float | None:
    """Calls put through to a sub-hotline, each time that its phone was dialled.
    Formula: lines = lines_answered + lines_failed
    Source: sub-hotline-dialled
    中文：转接到分热线的次数（每次拨号计一次）。
    """
    return s.lines


@figure(Family.LINES, Unit.COUNT, "分热线接听", "Answered there")
def lines_answered(s: Sums) -> float | None:
    """Of these: the department answered.
    Source: sub-hotline-answered
    中文：其中承办单位接听的。
    """
    return s.lines_answered


@figure(Family.LINES, Unit.SECONDS, "分热线通话", "Talk there")
def line_talk(s: Sums) -> float | None:
    """The mean talk of the department with the caller.
    Formula: line_talk_ms / lines_answered
    Source: sub-hotline-answered, sub-hotline-ended
    中文：承办单位与来电人平均通话的时间。
    """
    return mean(s.line_talk_ms, s.lines_answered)
