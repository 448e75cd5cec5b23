"""Figures: each is one function of sums, and its docstring defines it. Pure.

A docstring has the definition in English, the formula by the names of `reports.sums.Sums`, the kinds of Records that it
comes from, and the definition in Chinese. From here they get to docs/reports.md and into the console.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from reports.sums import MEASURES, Dimension, Sums, percentile

D = Dimension


class Family(StrEnum):
    """Figures that are known of the same dimensions."""

    ENTRIES = "entries"
    TALKS = "talks"
    CONTACTS = "contacts"
    STATES = "states"
    BREAKS = "breaks"
    TRANSFERS = "transfers"
    CALLS = "calls"
    LINES = "lines"
    MENUS = "menus"
    SCOPES = "scopes"
    CALLBACKS = "callbacks"
    SURVEYS = "surveys"
    SOUND = "sound"


_CALL = (D.HOTLINE, D.NUMBER, D.LANGUAGE, D.DISTRICT, D.VERSION)

DIMENSIONS: Mapping[Family, tuple[Dimension, ...]] = {
    Family.ENTRIES: (*_CALL, D.QUEUE),
    Family.TALKS: (D.HOTLINE, D.QUEUE, D.AGENT),
    Family.CONTACTS: (D.HOTLINE, D.QUEUE),
    Family.STATES: (D.HOTLINE, D.AGENT),
    Family.BREAKS: (D.BREAK,),
    Family.TRANSFERS: (D.HOTLINE, D.QUEUE, D.AGENT, D.DESTINATION),
    Family.CALLS: _CALL,
    Family.LINES: (*_CALL, D.SUB_HOTLINE),
    Family.MENUS: (D.MENU, D.KEY),
    Family.SCOPES: (D.SCOPE,),
    Family.CALLBACKS: (D.HOTLINE, D.QUEUE),
    Family.SURVEYS: (D.HOTLINE, D.QUEUE, D.AGENT),
    Family.SOUND: (D.HOTLINE, D.PHONE, D.NETWORK),
}


class ReportKind(StrEnum):
    """The reports."""

    QUEUES = "queues"
    AGENTS = "agents"
    BREAKS = "breaks"
    TRANSFERS = "transfers"
    CALLS = "calls"
    SUB_HOTLINES = "sub-hotlines"
    MENUS = "menus"
    SCOPES = "scopes"
    CALLBACKS = "callbacks"
    SURVEYS = "surveys"
    SOUND = "sound"


FAMILIES: Mapping[ReportKind, tuple[Family, ...]] = {
    ReportKind.QUEUES: (Family.ENTRIES, Family.TALKS, Family.CONTACTS),
    ReportKind.AGENTS: (Family.TALKS, Family.STATES),
    ReportKind.BREAKS: (Family.BREAKS,),
    ReportKind.TRANSFERS: (Family.TRANSFERS,),
    ReportKind.CALLS: (Family.CALLS,),
    ReportKind.SUB_HOTLINES: (Family.LINES,),
    ReportKind.MENUS: (Family.MENUS,),
    ReportKind.SCOPES: (Family.SCOPES,),
    ReportKind.CALLBACKS: (Family.CALLBACKS,),
    ReportKind.SURVEYS: (Family.SURVEYS,),
    ReportKind.SOUND: (Family.SOUND,),
}

NAMES: Mapping[ReportKind, tuple[str, str]] = {
    ReportKind.QUEUES: ("队列", "Queues"),
    ReportKind.AGENTS: ("坐席", "Agents"),
    ReportKind.BREAKS: ("小休", "Breaks"),
    ReportKind.TRANSFERS: ("转接", "Transfers"),
    ReportKind.CALLS: ("来电", "Calls"),
    ReportKind.SUB_HOTLINES: ("分热线", "Sub-hotlines"),
    ReportKind.MENUS: ("菜单", "Menus"),
    ReportKind.SCOPES: ("非本热线业务", "Others' business"),
    ReportKind.CALLBACKS: ("回拨与留言", "Callbacks and messages"),
    ReportKind.SURVEYS: ("满意度评价", "Surveys"),
    ReportKind.SOUND: ("音质", "Sound"),
}
"""What each report is called (zh, en)."""


class Unit(StrEnum):
    COUNT = "count"
    PERCENT = "percent"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Figure:
    """`zh`, `en`: its name. `of`: the figure; None: there is nothing to make it of. `measures`: the sums it needs."""

    id: str
    family: Family
    unit: Unit
    zh: str
    en: str
    definition: str
    definition_zh: str
    formula: str
    source: str
    of: Callable[[Sums], float | None]
    measures: frozenset[str]

    def __call__(self, sums: Sums) -> float | None:
        """Rounded: percent and scores to two digits, times to a tenth."""
        value = self.of(sums)
        return None if value is None else round(value, 1 if self.unit in (Unit.SECONDS, Unit.MILLISECONDS) else 2)


class Made(NamedTuple):
    """A report, as JSON values. `head`: all that HTTP has but the rows."""

    head: Mapping[str, Any]
    rows: list[dict[str, Any]]


FIGURES: dict[str, Figure] = {}
"""All of them by id, in the order in which they are shown."""

_CHINESE, _FORMULA, _SOURCE = "中文：", "Formula: ", "Source: "


def figure(
    family: Family, unit: Unit, zh: str, en: str
) -> Callable[[Callable[[Sums], float | None]], Callable[[Sums], float | None]]:
    """Register the function under its name."""

    def register(of: Callable[[Sums], float | None]) -> Callable[[Sums], float | None]:
        lines = [line.strip() for line in (of.__doc__ or "").splitlines()]
        text = " ".join(line for line in lines if line)
        definition, _, rest = text.partition(f" {_FORMULA}")
        formula, _, rest = rest.partition(f" {_SOURCE}")
        source, _, chinese = rest.partition(f" {_CHINESE}")
        used = {*of.__code__.co_names}
        if "offered" in used:
            used |= {"answered", "abandoned"}
        measures = frozenset(used & {*MEASURES, "waits"})
        made = Figure(of.__name__, family, unit, zh, en, definition, chinese, formula, source, of, measures)
        FIGURES[made.id] = made
        return of

    return register


def of_report(kind: ReportKind, dimension: Dimension) -> tuple[Figure, ...]:
    """The figures of a report that are known of the dimension."""
    return tuple(
        each for each in FIGURES.values() if each.family in FAMILIES[kind] and dimension in DIMENSIONS[each.family]
    )


def dimensions_of(kind: ReportKind) -> tuple[Dimension, ...]:
    """By what a report can be split, the usual one first."""
    known = (each for family in FAMILIES[kind] for each in DIMENSIONS[family] if each is not Dimension.HOTLINE)
    return tuple(sorted(dict.fromkeys(known), key=lambda each: each.value not in (kind.value, kind.value[:-1])))


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _mean(ms: int, count: int) -> float | None:
    """Seconds of milliseconds, and milliseconds of microseconds."""
    return ms / count / 1000 if count else None


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else ms / 1000


ENTRIES, TALKS, STATES = Family.ENTRIES, Family.TALKS, Family.STATES
COUNT, PERCENT, SECONDS = Unit.COUNT, Unit.PERCENT, Unit.SECONDS

# -- entries into queues ---------------------------------------------------------------------------------------------


@figure(ENTRIES, COUNT, "入队", "Entries")
def entries(s: Sums) -> float | None:
    """Stays of citizens' calls in a queue. A call that goes through two queues has two entries. An entry counts in the
    quarter hour in which it began, once it is over. A callback is no second entry.
    Formula: entries = answered + abandoned + overflowed + promised + left_otherwise
    Source: queued, connected, left-queue, overflowed, moved, callback-promised
    中文：市民来电进入队列的次数。一个来电经过两个队列算两次入队。入队结束后，计入其开始所在的一刻钟。回拨接通不另算入队。
    """
    return s.entries


@figure(ENTRIES, COUNT, "呼入", "Offered")
def offered(s: Sums) -> float | None:
    """Entries that an agent answered, or whose caller gave up: the queue alone decided on these.
    Formula: answered + abandoned
    Source: connected, left-queue
    中文：由坐席接听或由来电人放弃的入队，即结果只取决于该队列的入队。
    """
    return s.offered


@figure(ENTRIES, COUNT, "接听", "Answered")
def answered(s: Sums) -> float | None:
    """Entries in which an agent was connected with the caller.
    Formula: answered
    Source: connected
    中文：坐席与来电人接通的入队。
    """
    return s.answered


@figure(ENTRIES, COUNT, "放弃", "Abandoned")
def abandoned(s: Sums) -> float | None:
    """Entries whose caller hung up, or whose phone was gone, while waiting or while a phone rang.
    Formula: abandoned
    Source: left-queue (hung-up, phone-gone)
    中文：来电人在等待或振铃时挂机（或话机失联）的入队。
    """
    return s.abandoned


@figure(ENTRIES, COUNT, "短时放弃", "Abandoned within 5 s")
def abandoned_short(s: Sums) -> float | None:
    """Of the abandoned: those whose caller had waited for 5 s at most.
    Formula: abandoned_short
    Source: left-queue
    中文：放弃的入队中，等待不超过5秒的。
    """
    return s.abandoned_short


@figure(ENTRIES, PERCENT, "放弃率", "Abandon rate")
def abandon_rate(s: Sums) -> float | None:
    """The share of the offered entries that were abandoned, without the short abandons.
    Formula: (abandoned - abandoned_short) / (answered + abandoned - abandoned_short)
    Source: connected, left-queue
    中文：呼入中放弃所占比例，不计短时放弃。
    """
    return _share(s.abandoned - s.abandoned_short, s.offered - s.abandoned_short)


@figure(ENTRIES, COUNT, "溢出", "Overflowed")
def overflowed(s: Sums) -> float | None:
    """Entries that an overflow rule ended, or that ended as the queue was taken out of the hotline.
    Formula: overflowed
    Source: overflowed
    中文：因溢出规则离队，或因队列被移除而离队的入队。
    """
    return s.overflowed


@figure(ENTRIES, COUNT, "选择回拨", "Chose a callback")
def promised(s: Sums) -> float | None:
    """Entries whose caller chose to be called back. A caller who gave up and is called back by rule is abandoned.
    Formula: promised
    Source: callback-promised, call-finished
    中文：来电人选择回拨而离队的入队。放弃后按规则回拨的，算放弃。
    """
    return s.promised


@figure(ENTRIES, COUNT, "其他离队", "Left otherwise")
def left_otherwise(s: Sums) -> float | None:
    """Entries that ended otherwise: by a key, by a supervisor's move, or by a fault.
    Formula: left_otherwise
    Source: left-queue (went-elsewhere), moved, call-finished
    中文：以其他方式结束的入队：按键离开、被班长移走，或因故障中断。
    """
    return s.left_otherwise


@figure(ENTRIES, PERCENT, "服务水平：放弃计入且按时放弃算达标", "Service level: abandons in time count as served")
def service_level_abandons_served(s: Sums) -> float | None:
    """Answered or abandoned in time, of all answered and abandoned. Who gives up before the target cannot be failed.
    Formula: (answered_in_time + abandoned_in_time) / (answered + abandoned)
    Source: connected, left-queue
    中文：按时接听与按时放弃之和，除以全部接听与放弃。在目标时间内放弃的，不算未达标。
    """
    return _share(s.answered_in_time + s.abandoned_in_time, s.offered)


@figure(ENTRIES, PERCENT, "服务水平：只看接听", "Service level: of the answered")
def service_level_of_answered(s: Sums) -> float | None:
    """Answered in time, of the answered. Abandons do not count, however many there are: app_queue's figure.
    Formula: answered_in_time / answered
    Source: connected
    中文：按时接听除以接听。放弃一概不计。app_queue 如此计算。
    """
    return _share(s.answered_in_time, s.answered)


@figure(ENTRIES, PERCENT, "服务水平：全部放弃计入", "Service level: of all offered")
def service_level_of_offered(s: Sums) -> float | None:
    """Answered in time, of all answered and abandoned. The strictest of these figures.
    Formula: answered_in_time / (answered + abandoned)
    Source: connected, left-queue
    中文：按时接听除以全部接听与放弃。各算法中最严格的一种。
    """
    return _share(s.answered_in_time, s.offered)


@figure(ENTRIES, PERCENT, "服务水平：不计按时放弃", "Service level: without abandons in time")
def service_level_without_abandons_in_time(s: Sums) -> float | None:
    """Answered in time, of the answered and of those abandoned after the target.
    Formula: answered_in_time / (answered + abandoned - abandoned_in_time)
    Source: connected, left-queue
    中文：按时接听除以接听与超时放弃之和，不计在目标时间内放弃的。
    """
    return _share(s.answered_in_time, s.offered - s.abandoned_in_time)


@figure(ENTRIES, PERCENT, "服务水平：短时放弃算达标", "Service level: short abandons count as served")
def service_level_short_served(s: Sums) -> float | None:
    """Answered in time or abandoned within 5 s, of all answered and abandoned.
    Formula: (answered_in_time + abandoned_short) / (answered + abandoned)
    Source: connected, left-queue
    中文：按时接听与短时放弃之和，除以全部接听与放弃。
    """
    return _share(s.answered_in_time + s.abandoned_short, s.offered)


@figure(ENTRIES, PERCENT, "服务水平：不计短时放弃", "Service level: without short abandons")
def service_level_without_short(s: Sums) -> float | None:
    """Answered in time, of the answered and of those abandoned after 5 s: as the wall has it.
    Formula: answered_in_time / (answered + abandoned - abandoned_short)
    Source: connected, left-queue
    中文：按时接听除以接听与5秒后放弃之和。与“现场”页面一致。
    """
    return _share(s.answered_in_time, s.offered - s.abandoned_short)


@figure(ENTRIES, SECONDS, "平均等待", "ASA")
def asa(s: Sums) -> float | None:
    """The mean wait of the answered, from their entry into this queue to the connection.
    Formula: wait_ms / answered
    Source: connected
    中文：接听的平均等待时间，从进入该队列到接通。
    """
    return _mean(s.wait_ms, s.answered)


@figure(ENTRIES, SECONDS, "等待中位数", "Median wait")
def wait_50(s: Sums) -> float | None:
    """Half of the answered waited for so long at most. Right to 2.5 %; not known of quarter hours, by language,
    number, district or version, nor in reports of more than 300 rows.
    Formula: percentile 50 of the waits
    Source: connected
    中文：一半的接听等待不超过此值。误差不超过2.5%；按一刻钟，按语言、号码、区、版本，或报表超过300行时没有此值。
    """
    return _seconds(percentile(s.waits, 0.5))


@figure(ENTRIES, SECONDS, "九成等待", "Wait of 90 %")
def wait_90(s: Sums) -> float | None:
    """Nine of ten of the answered waited for so long at most; known as the median is.
    Formula: percentile 90 of the waits
    Source: connected
    中文：九成的接听等待不超过此值；适用范围同中位数。
    """
    return _seconds(percentile(s.waits, 0.9))


@figure(ENTRIES, SECONDS, "最长等待", "Longest wait")
def longest_wait(s: Sums) -> float | None:
    """The longest of all entries, however it ended.
    Formula: longest_wait_ms, if there are entries
    Source: connected, left-queue, overflowed, moved
    中文：所有入队中等待最长的一次，不论结果。
    """
    return s.longest_wait_ms / 1000 if s.entries else None


@figure(ENTRIES, SECONDS, "放弃前等待", "Wait before abandoning")
def abandon_wait(s: Sums) -> float | None:
    """The mean wait of those who gave up.
    Formula: abandoned_wait_ms / abandoned
    Source: left-queue
    中文：放弃者的平均等待时间。
    """
    return _mean(s.abandoned_wait_ms, s.abandoned)


@figure(ENTRIES, SECONDS, "预计等待误差", "Error of the estimate")
def estimate_error(s: Sums) -> float | None:
    """By how much the first wait that a caller was told was off, earlier or later, on average: of the answered.
    Formula: estimate_error_ms / estimates
    Source: announced, connected
    中文：接听者首次听到的预计等待与实际相差多少（不分早晚）的平均值。
    """
    return _mean(s.estimate_error_ms, s.estimates)


@figure(ENTRIES, SECONDS, "预计等待偏差", "Bias of the estimate")
def estimate_bias(s: Sums) -> float | None:
    """The same with its sign: more than 0, callers were connected sooner than they were told.
    Formula: estimate_bias_ms / estimates
    Source: announced, connected
    中文：同上，带正负号：大于0表示比告知的更早接通。
    """
    return _mean(s.estimate_bias_ms, s.estimates)


# -- talks and rings of agents ---------------------------------------------------------------------------------------


@figure(TALKS, COUNT, "通话", "Interactions")
def interactions(s: Sums) -> float | None:
    """Talks of agents with callers. An entry into a queue has one at most; a transferred call has another one with each
    colleague. All of a talk counts in the quarter hour in which it began.
    Formula: interactions
    Source: connected, transfer-answered
    中文：坐席与来电人的通话次数。一次入队至多一次；转接给同事后另算一次。整个通话计入其开始所在的一刻钟。
    """
    return s.interactions


@figure(TALKS, SECONDS, "平均处理时长", "AHT")
def aht(s: Sums) -> float | None:
    """What a talk takes of an agent's time on average: talk, hold and wrap-up. The ring is not in it.
    Formula: (talk_ms + hold_ms + wrap_up_ms) / interactions
    Source: connected, held, unheld, talk-ended, agent-state
    中文：一次通话平均占用坐席的时间：通话、保持与整理之和，不含振铃。
    """
    return _mean(s.talk_ms + s.hold_ms + s.wrap_up_ms, s.interactions)


@figure(TALKS, SECONDS, "平均通话", "Talk")
def talk(s: Sums) -> float | None:
    """The mean time that agent and caller speak, without holds.
    Formula: talk_ms / interactions
    Source: connected, held, unheld, talk-ended
    中文：坐席与来电人平均交谈的时间，不含保持。
    """
    return _mean(s.talk_ms, s.interactions)


@figure(TALKS, SECONDS, "平均保持", "Hold")
def hold(s: Sums) -> float | None:
    """The mean time that callers were on hold, of all talks. Hold by the phone's own key is not known here.
    Formula: hold_ms / interactions
    Source: held, unheld, talk-ended
    中文：每次通话平均保持的时间。话机自身按键的保持不在其内。
    """
    return _mean(s.hold_ms, s.interactions)


@figure(TALKS, SECONDS, "平均整理", "Wrap-up")
def wrap_up(s: Sums) -> float | None:
    """The mean time in wrap-up after a talk.
    Formula: wrap_up_ms / interactions
    Source: agent-state
    中文：每次通话后平均整理的时间。
    """
    return _mean(s.wrap_up_ms, s.interactions)


@figure(TALKS, SECONDS, "平均振铃", "Ring")
def ring(s: Sums) -> float | None:
    """How long an agent's phone rang before a talk, on average.
    Formula: ring_ms / interactions
    Source: offered, connected
    中文：通话前坐席话机平均振铃的时间。
    """
    return _mean(s.ring_ms, s.interactions)


@figure(TALKS, COUNT, "派线", "Offers")
def offers(s: Sums) -> float | None:
    """Rings of agents' phones for callers, once they are over. With ring-all a caller has several.
    Formula: offers
    Source: offered, connected, offer-failed, offer-cancelled
    中文：坐席话机为来电振铃的次数（结束后计）。齐振时一个来电有多次。
    """
    return s.offers


@figure(TALKS, COUNT, "漏接：未应答", "Missed: no answer")
def missed_no_answer(s: Sums) -> float | None:
    """Offers that rang for their whole time.
    Formula: missed_no_answer
    Source: offer-failed (no-answer)
    中文：振铃到时无人应答的派线。
    """
    return s.missed_no_answer


@figure(TALKS, COUNT, "漏接：拒接", "Missed: declined")
def missed_declined(s: Sums) -> float | None:
    """Offers that the agent's phone declined.
    Formula: missed_declined
    Source: offer-failed (declined)
    中文：坐席话机拒接的派线。
    """
    return s.missed_declined


@figure(TALKS, COUNT, "漏接：接后即挂", "Missed: hung up before the bridge")
def missed_abandoned(s: Sums) -> float | None:
    """Offers that the agent answered, and hung up before the caller was connected.
    Formula: missed_abandoned
    Source: offer-failed (abandoned)
    中文：坐席应答后、接通前挂机的派线。
    """
    return s.missed_abandoned


@figure(TALKS, COUNT, "未派成：话机", "Failed: the phone")
def missed_phone(s: Sums) -> float | None:
    """Offers to a phone that was busy or could not be reached.
    Formula: missed_busy + missed_unreachable
    Source: offer-failed (busy, unreachable)
    中文：话机忙或不通的派线。
    """
    return s.missed_busy + s.missed_unreachable


@figure(TALKS, COUNT, "未派成：故障", "Failed: a fault")
def missed_failed(s: Sums) -> float | None:
    """Offers that Asterisk could not make, or did not report on.
    Formula: missed_failed
    Source: offer-failed (failed)
    中文：Asterisk 未能发起或未报告结果的派线。
    """
    return s.missed_failed


@figure(TALKS, COUNT, "派线取消", "Offers cancelled")
def offers_cancelled(s: Sums) -> float | None:
    """Offers that ended as the caller was gone, another agent was faster, or the agent chose another state.
    Formula: offers_cancelled
    Source: offer-cancelled
    中文：因来电人离开、他人先接或坐席改变状态而取消的派线。
    """
    return s.offers_cancelled


@figure(TALKS, COUNT, "外呼", "Calls out")
def calls_out(s: Sums) -> float | None:
    """Calls of agents to citizens, whether anybody answered or not. They are no entries and no interactions.
    Formula: calls_out
    Source: call-out-dialled
    中文：坐席呼叫市民的次数，不论是否接通。不算入队，也不算通话。
    """
    return s.calls_out


@figure(TALKS, COUNT, "外呼接通", "Calls out answered")
def calls_out_answered(s: Sums) -> float | None:
    """Calls of agents to citizens that somebody answered; a mailbox counts.
    Formula: calls_out_answered
    Source: call-out-answered
    中文：有人应答的外呼，语音信箱也算。
    """
    return s.calls_out_answered


@figure(Family.CONTACTS, PERCENT, "一次解决率", "First-contact resolution")
def first_contact(s: Sums) -> float | None:
    """The share of callers who had not talked in the same queue within seven days before: they needed no second call.
    A repeat counts when it happens. Callers without a number are left out; the same number may be another person's.
    Formula: (contacts - repeats) / contacts
    Source: call-started, connected
    中文：在同一队列通话、且之前七天内没有在该队列通过话的来电人所占比例，即无需再次求助。重复来电计在其发生时；不显示号码的不计；同一号码也可能是另一人。
    """
    return _share(s.contacts - s.repeats, s.contacts)


# -- agents' states --------------------------------------------------------------------------------------------------


@figure(STATES, SECONDS, "签入时长", "Signed in")
def signed_in(s: Sums) -> float | None:
    """Time of agents who are signed in, of all states, in the quarter hours in which it passed.
    Formula: ready_ms + ringing_ms + on_call_ms + state_wrap_up_ms + not_ready_ms
    Source: agent-state
    中文：坐席签入的时间（各状态之和），计入其经过的一刻钟。
    """
    return (s.ready_ms + s.ringing_ms + s.on_call_ms + s.state_wrap_up_ms + s.not_ready_ms) / 1000


@figure(STATES, SECONDS, "就绪时长", "Ready")
def ready(s: Sums) -> float | None:
    """Time of agents who wait for calls.
    Formula: ready_ms
    Source: agent-state
    中文：坐席等待来电的时间。
    """
    return s.ready_ms / 1000


@figure(STATES, SECONDS, "示忙时长", "Not ready")
def not_ready(s: Sums) -> float | None:
    """Time of agents who are signed in and not ready. The report `breaks` has it by reason.
    Formula: not_ready_ms
    Source: agent-state
    中文：坐席签入而示忙的时间。报表 `breaks` 按原因列出。
    """
    return s.not_ready_ms / 1000


@figure(STATES, PERCENT, "占用率", "Occupancy")
def occupancy(s: Sums) -> float | None:
    """The share of agents' time at work that calls take: on call and wrap-up, of the time signed in and not on a break.
    Consultations and calls out are in it.
    Formula: (on_call_ms + state_wrap_up_ms) / (ready_ms + ringing_ms + on_call_ms + state_wrap_up_ms)
    Source: agent-state
    中文：来电占坐席工作时间的比例：通话与整理，除以签入且不在小休的时间。含咨询与外呼。
    """
    busy = s.on_call_ms + s.state_wrap_up_ms
    return _share(busy, s.ready_ms + s.ringing_ms + busy)


@figure(Family.BREAKS, SECONDS, "时长", "Time")
def break_time(s: Sums) -> float | None:
    """Time of agents who are not ready for this reason: a break of the hotline's list, `rona`, `no-code`, or what they
    wrote.
    Formula: not_ready_ms
    Source: agent-state
    中文：坐席因该原因示忙的时间：热线列出的小休、`rona`、`no-code`，或坐席所写的原因。
    """
    return s.not_ready_ms / 1000


# -- transfers -------------------------------------------------------------------------------------------------------

TRANSFERS = Family.TRANSFERS


@figure(TRANSFERS, COUNT, "直接转接", "Blind")
def transfers_blind(s: Sums) -> float | None:
    """Calls that an agent sent on without asking there first.
    Formula: transfers_blind
    Source: transferred
    中文：坐席未先咨询即转出的来电。
    """
    return s.transfers_blind


@figure(TRANSFERS, COUNT, "咨询后转接", "After a consultation")
def transfers_consult(s: Sums) -> float | None:
    """Calls that an agent sent on after asking there.
    Formula: transfers_consult
    Source: transferred
    中文：坐席咨询对方后转出的来电。
    """
    return s.transfers_consult


@figure(TRANSFERS, COUNT, "转接接通", "Answered there")
def transfers_answered(s: Sums) -> float | None:
    """Transfers after which somebody else talked with the caller.
    Formula: transfers_answered
    Source: transfer-answered, connected, sub-hotline-answered
    中文：之后有他人与来电人通话的转接。
    """
    return s.transfers_answered


@figure(TRANSFERS, COUNT, "转接失败", "Failed")
def transfers_failed(s: Sums) -> float | None:
    """Transfers to a phone or a sub-hotline that did not answer; the caller went on from there.
    Formula: transfers_failed
    Source: transfer-failed, sub-hotline-failed
    中文：对方话机或分热线未应答、来电人另行处理的转接。
    """
    return s.transfers_failed


@figure(TRANSFERS, COUNT, "转接未果", "Ended before")
def transfers_left(s: Sums) -> float | None:
    """Transfers whose call ended, or was transferred again, before anybody answered.
    Formula: transfers_left
    Source: call-finished, transferred
    中文：尚无人应答，来电已结束或又被转走的转接。
    """
    return s.transfers_left


# -- calls -----------------------------------------------------------------------------------------------------------

CALLS = Family.CALLS


@figure(CALLS, COUNT, "来电", "Calls")
def calls(s: Sums) -> float | None:
    """Citizens' calls, once they are over, in the quarter hour in which they began. Test calls and callbacks are not.
    Formula: calls
    Source: call-started, call-finished
    中文：市民来电（结束后计），计入开始所在的一刻钟。测试呼叫与回拨不计。
    """
    return s.calls


@figure(CALLS, PERCENT, "接通率", "Reached somebody")
def calls_reached(s: Sums) -> float | None:
    """The share of calls in which somebody talked with the caller: an agent, or a department.
    Formula: calls_reached / calls
    Source: connected, transfer-answered, sub-hotline-answered
    中文：有人（坐席或承办单位）与来电人通话的来电所占比例。
    """
    return _share(s.calls_reached, s.calls)


@figure(CALLS, COUNT, "进入队列", "Came to a queue")
def calls_queued(s: Sums) -> float | None:
    """Calls with at least one entry into a queue.
    Formula: calls_queued
    Source: queued
    中文：至少入队一次的来电。
    """
    return s.calls_queued


@figure(CALLS, COUNT, "坐席接听", "Answered by an agent")
def calls_answered(s: Sums) -> float | None:
    """Calls in which an agent was connected from a queue. A call with two such talks is one.
    Formula: calls_answered
    Source: connected
    中文：由队列接通坐席的来电。两次接通仍算一个来电。
    """
    return s.calls_answered


@figure(CALLS, PERCENT, "直接答复率", "Direct-answer rate")
def direct_answers(s: Sums) -> float | None:
    """The share of the calls that an agent answered which the first agent settled alone: no transfer, no consultation.
    Formula: calls_direct / calls_answered
    Source: connected, transferred, consult-asked, sub-hotline-answered
    中文：坐席接听的来电中，由首位坐席独自答复（未转接、未咨询）的比例。
    """
    return _share(s.calls_direct, s.calls_answered)


@figure(CALLS, COUNT, "非本热线业务", "Out of jurisdiction")
def out_of_jurisdiction(s: Sums) -> float | None:
    """Calls whose caller heard that the matter is somebody else's business. The report `scopes` has whose.
    Formula: calls_elsewhere
    Source: scope-told
    中文：来电人听到事项属其他单位的来电。报表 `scopes` 列出属于谁。
    """
    return s.calls_elsewhere


@figure(Family.SCOPES, COUNT, "次数", "Times told")
def scopes_told(s: Sums) -> float | None:
    """How often callers heard that the matter is the business of this one.
    Formula: calls_elsewhere
    Source: scope-told
    中文：来电人听到事项属该单位的次数。
    """
    return s.calls_elsewhere


# -- sub-hotlines and menus --------------------------------------------------------------------------------------------

LINES, MENUS = Family.LINES, Family.MENUS


@figure(LINES, COUNT, "转分热线", "Put through")
def lines(s: Sums) -> float | None:
    """Calls put through to a sub-hotline, each time that its phone was dialled.
    Formula: lines = lines_answered + lines_failed
    Source: sub-hotline-dialled
    中文：转接到分热线的次数（每次拨号计一次）。
    """
    return s.lines


@figure(LINES, COUNT, "分热线接听", "Answered there")
def lines_answered(s: Sums) -> float | None:
    """Of these: the department answered.
    Formula: lines_answered
    Source: sub-hotline-answered
    中文：其中承办单位接听的。
    """
    return s.lines_answered


@figure(LINES, SECONDS, "分热线通话", "Talk there")
def line_talk(s: Sums) -> float | None:
    """The mean talk of the department with the caller.
    Formula: line_talk_ms / lines_answered
    Source: sub-hotline-answered, sub-hotline-ended
    中文：承办单位与来电人平均通话的时间。
    """
    return _mean(s.line_talk_ms, s.lines_answered)


@figure(MENUS, COUNT, "进入", "Entered")
def menu_entries(s: Sums) -> float | None:
    """How often callers came to the menu.
    Formula: menu_entries
    Source: menu-entered
    中文：来电人进入菜单的次数。
    """
    return s.menu_entries


@figure(MENUS, COUNT, "按键", "Keys")
def keys(s: Sums) -> float | None:
    """How often callers pressed a key there that the menu has.
    Formula: keys
    Source: key-pressed
    中文：来电人按下菜单中按键的次数。
    """
    return s.keys


@figure(MENUS, COUNT, "未按键", "No key")
def no_input(s: Sums) -> float | None:
    """How often callers pressed no key in time.
    Formula: no_input
    Source: no-input
    中文：来电人未及时按键的次数。
    """
    return s.no_input


@figure(MENUS, COUNT, "无效按键", "Wrong key")
def invalid_keys(s: Sums) -> float | None:
    """How often callers pressed a key that the menu does not have.
    Formula: invalid_keys
    Source: invalid-key
    中文：来电人按了菜单中没有的键的次数。
    """
    return s.invalid_keys


@figure(MENUS, COUNT, "未按键挂机", "Left")
def menu_left(s: Sums) -> float | None:
    """Callers who hung up after they had come to the menu: without a key, and before a queue, a department, a message
    or another menu. They count in the quarter hour in which they came.
    Formula: calls
    Source: menu-entered, call-finished (caller)
    中文：来到菜单后挂机的来电人：没有按键，也没有到队列、承办单位、留言或别的菜单。计入进入菜单的那一刻钟。
    """
    return s.calls


# -- callbacks, messages, surveys --------------------------------------------------------------------------------------

CALLBACKS, SURVEYS = Family.CALLBACKS, Family.SURVEYS


@figure(CALLBACKS, COUNT, "约定回拨", "Promised")
def callbacks(s: Sums) -> float | None:
    """Callbacks that were promised, by a key or by rule. What becomes of one counts in the quarter hour of its promise.
    Formula: callbacks
    Source: callback-promised
    中文：约定的回拨（按键选择或按规则）。其结果计入约定所在的一刻钟。
    """
    return s.callbacks


@figure(CALLBACKS, COUNT, "回拨接通坐席", "Talked with an agent")
def callbacks_connected(s: Sums) -> float | None:
    """Callbacks whose citizen talked with an agent.
    Formula: callbacks_connected
    Source: callback-answered, connected, left-queue (talked)
    中文：市民与坐席通上话的回拨。
    """
    return s.callbacks_connected


@figure(CALLBACKS, COUNT, "未能回拨到", "Not reached")
def callbacks_not_reached(s: Sums) -> float | None:
    """Callbacks whose citizen was not reached by any attempt.
    Formula: callbacks_not_reached
    Source: left-queue (not-reached)
    中文：各次外呼都未找到市民的回拨。
    """
    return s.callbacks_not_reached


@figure(CALLBACKS, COUNT, "取消的回拨", "Cancelled")
def callbacks_cancelled(s: Sums) -> float | None:
    """Callbacks that the citizen or somebody of the hotline cancelled.
    Formula: callbacks_cancelled
    Source: left-queue (cancelled)
    中文：市民或热线人员取消的回拨。
    """
    return s.callbacks_cancelled


@figure(CALLBACKS, PERCENT, "回拨按时率", "Promises kept in time")
def callbacks_on_time(s: Sums) -> float | None:
    """The share of the callbacks whose citizen was dialled that were dialled first by the end of the time said, or of
    which no time was said. Closed hours are not taken off: a promise that was moved to the next opening is late here.
    Formula: callbacks_on_time / callbacks_tried
    Source: callback-promised, callback-dialled
    中文：已拨打的回拨中，首次拨打不晚于所告知时间（或未告知时间）的比例。不扣除休息时间：顺延到下次开放的，在此算晚。
    """
    return _share(s.callbacks_on_time, s.callbacks_tried)


@figure(CALLBACKS, COUNT, "留言", "Messages left")
def messages(s: Sums) -> float | None:
    """Messages that callers left.
    Formula: messages
    Source: message-left
    中文：来电人的留言。
    """
    return s.messages


@figure(CALLBACKS, COUNT, "办结的留言", "Messages done")
def messages_done(s: Sums) -> float | None:
    """Messages that somebody finished, in the quarter hour in which that was.
    Formula: messages_done
    Source: message-done
    中文：办结的留言，计入办结所在的一刻钟。
    """
    return s.messages_done


@figure(SURVEYS, COUNT, "问了", "Offered")
def surveys_offered(s: Sums) -> float | None:
    """Surveys whose first question began.
    Formula: surveys_offered
    Source: survey-offered
    中文：开始播放第一题的评价。
    """
    return s.surveys_offered


@figure(SURVEYS, COUNT, "开始答", "Begun")
def surveys_begun(s: Sums) -> float | None:
    """Surveys whose first question was answered.
    Formula: surveys_begun
    Source: survey-answered
    中文：答了第一题的评价。
    """
    return s.surveys_begun


@figure(SURVEYS, COUNT, "答完", "Complete")
def surveys_complete(s: Sums) -> float | None:
    """Surveys whose last question was answered.
    Formula: surveys_complete
    Source: survey-complete
    中文：答完最后一题的评价。
    """
    return s.surveys_complete


@figure(SURVEYS, Unit.SCORE, "首题均分", "Mean of the first question")
def score(s: Sums) -> float | None:
    """The mean of the keys with which the first question was answered, as numbers.
    Formula: score / surveys_begun
    Source: survey-answered
    中文：第一题按键数值的平均。
    """
    return s.score / s.surveys_begun if s.surveys_begun else None


@figure(SURVEYS, COUNT, "没有问", "Not asked")
def surveys_not_asked(s: Sums) -> float | None:
    """Talks after which nobody was asked.
    Formula: surveys_not_asked
    Source: survey-not-asked
    中文：之后没有询问评价的通话。
    """
    return s.surveys_not_asked


# -- the sound of phones -----------------------------------------------------------------------------------------------

SOUND, MILLISECONDS = Family.SOUND, Unit.MILLISECONDS


@figure(SOUND, COUNT, "通话支路", "Legs")
def sound_legs(s: Sums) -> float | None:
    """Phones' legs of calls with at least 5 s of audio, in the quarter hour in which they ended: of citizens, agents
    and departments. A talk has two at least.
    Formula: legs
    Source: leg-measured
    中文：各部话机（市民、坐席、承办单位）有至少5秒声音的通话支路，计入其结束所在的一刻钟。一次通话至少两条。
    """
    return s.legs


@figure(SOUND, Unit.SCORE, "音质（MOS）", "MOS")
def sound_mos(s: Sums) -> float | None:
    """The mean MOS of these, by the E-model: 4.4 is the best, below 3.6 many people are not satisfied.
    Formula: mos_hundredths / 100 / legs
    Source: leg-measured
    中文：按 E-model 估算的 MOS 的平均：4.4 最好，3.6 以下许多人不满意。
    """
    return s.mos_hundredths / 100 / s.legs if s.legs else None


@figure(SOUND, PERCENT, "音质差", "Poor")
def sound_poor(s: Sums) -> float | None:
    """The share of the legs with a MOS below 3.6.
    Formula: legs_poor / legs
    Source: leg-measured
    中文：MOS 低于3.6的支路所占比例。
    """
    return _share(s.legs_poor, s.legs)


@figure(SOUND, PERCENT, "丢包", "Lost packets")
def sound_lost(s: Sums) -> float | None:
    """The mean loss of the legs, each in its worse direction.
    Formula: lost_hundredths / 100 / legs
    Source: leg-measured
    中文：各支路丢包率（较差方向）的平均。
    """
    return s.lost_hundredths / 100 / s.legs if s.legs else None


@figure(SOUND, MILLISECONDS, "抖动", "Jitter")
def sound_jitter(s: Sums) -> float | None:
    """The mean jitter of the legs, each in its worse direction.
    Formula: jitter_us / 1,000 / legs
    Source: leg-measured
    中文：各支路抖动（较差方向）的平均。
    """
    return _mean(s.jitter_us, s.legs)


@figure(SOUND, MILLISECONDS, "往返", "Round trip")
def sound_trip(s: Sums) -> float | None:
    """The mean trip from Asterisk to the phone and back, of the legs whose phone reports it.
    Formula: trip_us / 1,000 / trips
    Source: leg-measured
    中文：Asterisk 到话机往返时间的平均，只计话机上报了的支路。
    """
    return _mean(s.trip_us, s.trips)


@figure(SOUND, COUNT, "无声", "Silent legs")
def sound_silent(s: Sums) -> float | None:
    """Legs from whose phone no audio came at all. They have no MOS, and are in no other figure.
    Formula: legs_silent
    Source: leg-measured
    中文：话机完全没有送来声音的支路。没有 MOS，不计入其他指标。
    """
    return s.legs_silent


SERVICE_LEVELS = tuple(name for name in FIGURES if name.startswith("service_level_"))
"""All ways to reckon a service level. One is the setting `reports.service_level`."""

USUAL: Mapping[ReportKind, tuple[str, ...]] = {
    ReportKind.QUEUES: ("offered", "answered", "abandoned", *SERVICE_LEVELS, "asa", "longest_wait", "aht"),
    ReportKind.AGENTS: ("interactions", "aht", "talk", "wrap_up", "missed_no_answer", "signed_in", "occupancy"),
}
"""The figures that are shown first; of other reports all."""
