"""Figures of agents' talks with callers, of the rings before them, of calls out, and of callers who come again."""

from reports.figures.model import Family, Unit, figure, mean, share
from reports.sums import Sums


@figure(Family.TALKS, Unit.COUNT, "通话", "Interactions")
def interactions(s: Sums) -> float | None:
    """Talks of agents with callers. An entry into a queue has one at most; a transferred call has another one with each
    colleague. All of a talk counts in the quarter hour in which it began.
    Source: connected, transfer-answered
    中文：坐席与来电人的通话次数。一次入队至多一次；转接给同事后另算一次。整个通话计入其开始所在的一刻钟。
    """
    return s.interactions


@figure(Family.TALKS, Unit.SECONDS, "平均处理时长", "AHT")
def aht(s: Sums) -> float | None:
    """What a talk takes of an agent's time on average: talk, hold and wrap-up. The ring is not in it.
    Formula: (talk_ms + hold_ms + wrap_up_ms) / interactions
    Source: connected, held, unheld, talk-ended, agent-state
    中文：一次通话平均占用坐席的时间：通话、保持与整理之和，不含振铃。
    """
    return mean(s.talk_ms + s.hold_ms + s.wrap_up_ms, s.interactions)


@figure(Family.TALKS, Unit.SECONDS, "平均通话", "Talk")
def talk(s: Sums) -> float | None:
    """The mean time that agent and caller speak, without holds.
    Formula: talk_ms / interactions
    Source: connected, held, unheld, talk-ended
    中文：坐席与来电人平均交谈的时间，不含保持。
    """
    return mean(s.talk_ms, s.interactions)


@figure(Family.TALKS, Unit.SECONDS, "平均保持", "Hold")
def hold(s: Sums) -> float | None:
    """The mean time that callers were on hold, of all talks. Hold by the phone's own key is not known here.
    Formula: hold_ms / interactions
    Source: held, unheld, talk-ended
    中文：每次通话平均保持的时间。话机自身按键的保持不在其内。
    """
    return mean(s.hold_ms, s.interactions)


@figure(Family.TALKS, Unit.SECONDS, "平均整理", "Wrap-up")
def wrap_up(s: Sums) -> float | None:
    """The mean time in wrap-up after a talk.
    Formula: wrap_up_ms / interactions
    Source: agent-state
    中文：每次通话后平均整理的时间。
    """
    return mean(s.wrap_up_ms, s.interactions)


@figure(Family.TALKS, Unit.SECONDS, "平均振铃", "Ring")
def ring(s: Sums) -> float | None:
    """How long an agent's phone rang before a talk, on average.
    Formula: ring_ms / interactions
    Source: offered, connected
    中文：通话前坐席话机平均振铃的时间。
    """
    return mean(s.ring_ms, s.interactions)


@figure(Family.TALKS, Unit.COUNT, "派线", "Offers")
def offers(s: Sums) -> float | None:
    """Rings of agents' phones for callers, once they are over. With ring-all a caller has several.
    Source: offered, connected, offer-failed, offer-cancelled
    中文：坐席话机为来电振铃的次数（结束后计）。齐振时一个来电有多次。
    """
    return s.offers


@figure(Family.TALKS, Unit.COUNT, "漏接：未应答", "Missed: no answer")
def missed_no_answer(s: Sums) -> float | None:
    """Offers that rang for their whole time.
    Source: offer-failed (no-answer)
    中文：振铃到时无人应答的派线。
    """
    return s.missed_no_answer


@figure(Family.TALKS, Unit.COUNT, "漏接：拒接", "Missed: declined")
def missed_declined(s: Sums) -> float | None:
    """Offers that the agent's phone declined.
    Source: offer-failed (declined)
    中文：坐席话机拒接的派线。
    """
    return s.missed_declined


@figure(Family.TALKS, Unit.COUNT, "漏接：接后即挂", "Missed: hung up before the bridge")
def missed_abandoned(s: Sums) -> float | None:
    """Offers that the agent answered, and hung up before the caller was connected.
    Source: offer-failed (abandoned)
    中文：坐席应答后、接通前挂机的派线。
    """
    return s.missed_abandoned


@figure(Family.TALKS, Unit.COUNT, "未派成：话机", "Failed: the phone")
def missed_phone(s: Sums) -> float | None:
    """Offers to a phone that was busy or could not be reached.
    Formula: missed_busy + missed_unreachable
    Source: offer-failed (busy, unreachable)
    中文：话机忙或不通的派线。
    """
    return s.missed_busy + s.missed_unreachable


@figure(Family.TALKS, Unit.COUNT, "未派成：故障", "Failed: a fault")
def missed_failed(s: Sums) -> float | None:
    """Offers that Asterisk could not make, or did not report on.
    Source: offer-failed (failed)
    中文：Asterisk 未能发起或未报告结果的派线。
    """
    return s.missed_failed


@figure(Family.TALKS, Unit.COUNT, "派线取消", "Offers cancelled")
def offers_cancelled(s: Sums) -> float | None:
    """Offers that ended as the caller was gone, another agent was faster, or the agent chose another state.
    Source: offer-cancelled
    中文：因来电人离开、他人先接或坐席改变状态而取消的派线。
    """
    return s.offers_cancelled


@figure(Family.TALKS, Unit.COUNT, "外呼", "Calls out")
def calls_out(s: Sums) -> float | None:
    """Calls of agents to citizens, whether anybody answered or not. They are no entries and no interactions.
    Source: call-out-dialled
    中文：坐席呼叫市民的次数，不论是否接通。不算入队，也不算通话。
    """
    return s.calls_out


@figure(Family.TALKS, Unit.COUNT, "外呼接通", "Calls out answered")
def calls_out_answered(s: Sums) -> float | None:
    """Calls of agents to citizens that somebody answered; a mailbox counts.
    Source: call-out-answered
    中文：有人应答的外呼，语音信箱也算。
    """
    return s.calls_out_answered


@figure(Family.CONTACTS, Unit.PERCENT, "一次解决率", "First-contact resolution")
def first_contact(s: Sums) -> float | None:
    """The share of callers who had not talked in the same queue within seven days before: they needed no second call.
    A repeat counts when it happens. Callers without a number are left out; the same number may be another person's.
    Formula: (contacts - repeats) / contacts
    Source: call-started, connected
    中文：在同一队列通话、且之前七天内没有在该队列通过话的来电人所占比例，即无需再次求助。重复来电计在其发生时；不显示号码的不计；同一号码也可能是另一人。
    """
    return share(s.contacts - s.repeats, s.contacts)
