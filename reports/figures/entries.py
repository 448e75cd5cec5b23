"""Figures of entries into queues."""

from reports.figures.model import Family, Unit, figure, mean, seconds, share
from reports.sums import Sums, percentile


@figure(Family.ENTRIES, Unit.COUNT, "入队", "Entries")
def entries(s: Sums) -> float | None:
    """Stays of citizens' calls in a queue. A call that goes through two queues has two entries. An entry counts in the
    quarter hour in which it began, once it is over. A callback is no second entry.
    Formula: entries = answered + abandoned + overflowed + promised + left_otherwise
    Source: queued, connected, left-queue, overflowed, moved, callback-promised
    中文：市民来电进入队列的次数。一个来电经过两个队列算两次入队。入队结束后，计入其开始所在的一刻钟。回拨接通不另算入队。
    """
    return s.entries


@figure(Family.ENTRIES, Unit.COUNT, "呼入", "Offered")
def offered(s: Sums) -> float | None:
    """Entries that an agent answered, or whose caller gave up: the queue alone decided on these.
    Formula: answered + abandoned
    Source: connected, left-queue
    中文：由坐席接听或由来电人放弃的入队，即结果只取决于该队列的入队。
    """
    return s.offered


@figure(Family.ENTRIES, Unit.COUNT, "接听", "Answered")
def answered(s: Sums) -> float | None:
    """Entries in which an agent was connected with the caller.
    Source: connected
    中文：坐席与来电人接通的入队。
    """
    return s.answered


@figure(Family.ENTRIES, Unit.COUNT, "放弃", "Abandoned")
def abandoned(s: Sums) -> float | None:
    """Entries whose caller hung up, or whose phone was gone, while waiting or while a phone rang.
    Source: left-queue (hung-up, phone-gone)
    中文：来电人在等待或振铃时挂机（或话机失联）的入队。
    """
    return s.abandoned


@figure(Family.ENTRIES, Unit.COUNT, "短时放弃", "Abandoned within 5 s")
def abandoned_short(s: Sums) -> float | None:
    """Of the abandoned: those whose caller had waited for 5 s at most.
    Source: left-queue
    中文：放弃的入队中，等待不超过5秒的。
    """
    return s.abandoned_short


@figure(Family.ENTRIES, Unit.PERCENT, "放弃率", "Abandon rate")
def abandon_rate(s: Sums) -> float | None:
    """The share of the offered entries that were abandoned, without the short abandons.
    Formula: (abandoned - abandoned_short) / (answered + abandoned - abandoned_short)
    Source: connected, left-queue
    中文：呼入中放弃所占比例，不计短时放弃。
    """
    return share(s.abandoned - s.abandoned_short, s.offered - s.abandoned_short)


@figure(Family.ENTRIES, Unit.COUNT, "溢出", "Overflowed")
def overflowed(s: Sums) -> float | None:
    """Entries that an overflow rule ended, or that ended as the queue was taken out of the hotline.
    Source: overflowed
    中文：因溢出规则离队，或因队列被移除而离队的入队。
    """
    return s.overflowed


@figure(Family.ENTRIES, Unit.COUNT, "选择回拨", "Chose a callback")
def promised(s: Sums) -> float | None:
    """Entries whose caller chose to be called back. A caller who gave up and is called back by rule is abandoned.
    Source: callback-promised, call-finished
    中文：来电人选择回拨而离队的入队。放弃后按规则回拨的，算放弃。
    """
    return s.promised


@figure(Family.ENTRIES, Unit.COUNT, "其他离队", "Left otherwise")
def left_otherwise(s: Sums) -> float | None:
    """Entries that ended otherwise: by a key, by a supervisor's move, or by a fault.
    Source: left-queue (went-elsewhere, cut), moved, call-finished
    中文：以其他方式结束的入队：按键离开、被班长移走，或因故障中断。
    """
    return s.left_otherwise


@figure(
    Family.ENTRIES,
    Unit.PERCENT,
    "服务水平：放弃计入且按时放弃算达标",
    "Service level: abandons in time count as served",
)
def service_level_abandons_served(s: Sums) -> float | None:
    """Answered or abandoned in time, of all answered and abandoned. Who gives up before the target cannot be failed.
    Formula: (answered_in_time + abandoned_in_time) / (answered + abandoned)
    Source: connected, left-queue
    中文：按时接听与按时放弃之和，除以全部接听与放弃。在目标时间内放弃的，不算未达标。
    """
    return share(s.answered_in_time + s.abandoned_in_time, s.offered)


@figure(Family.ENTRIES, Unit.PERCENT, "服务水平：只看接听", "Service level: of the answered")
def service_level_of_answered(s: Sums) -> float | None:
    """Answered in time, of the answered. Abandons do not count, however many there are: app_queue's figure.
    Formula: answered_in_time / answered
    Source: connected
    中文：按时接听除以接听。放弃一概不计。app_queue 如此计算。
    """
    return share(s.answered_in_time, s.answered)


@figure(Family.ENTRIES, Unit.PERCENT, "服务水平：全部放弃计入", "Service level: of all offered")
def service_level_of_offered(s: Sums) -> float | None:
    """Answered in time, of all answered and abandoned. The strictest of these figures.
    Formula: answered_in_time / (answered + abandoned)
    Source: connected, left-queue
    中文：按时接听除以全部接听与放弃。各算法中最严格的一种。
    """
    return share(s.answered_in_time, s.offered)


@figure(Family.ENTRIES, Unit.PERCENT, "服务水平：不计按时放弃", "Service level: without abandons in time")
def service_level_without_abandons_in_time(s: Sums) -> float | None:
    """Answered in time, of the answered and of those abandoned after the target.
    Formula: answered_in_time / (answered + abandoned - abandoned_in_time)
    Source: connected, left-queue
    中文：按时接听除以接听与超时放弃之和，不计在目标时间内放弃的。
    """
    return share(s.answered_in_time, s.offered - s.abandoned_in_time)


@figure(Family.ENTRIES, Unit.PERCENT, "服务水平：短时放弃算达标", "Service level: short abandons count as served")
def service_level_short_served(s: Sums) -> float | None:
    """Answered in time or abandoned within 5 s, of all answered and abandoned.
    Formula: (answered_in_time + abandoned_short) / (answered + abandoned)
    Source: connected, left-queue
    中文：按时接听与短时放弃之和，除以全部接听与放弃。
    """
    return share(s.answered_in_time + s.abandoned_short, s.offered)


@figure(Family.ENTRIES, Unit.PERCENT, "服务水平：不计短时放弃", "Service level: without short abandons")
def service_level_without_short(s: Sums) -> float | None:
    """Answered in time, of the answered and of those abandoned after 5 s: as the wall has it.
    Formula: answered_in_time / (answered + abandoned - abandoned_short)
    Source: connected, left-queue
    中文：按时接听除以接听与5秒后放弃之和。与“现场”页面一致。
    """
    return share(s.answered_in_time, s.offered - s.abandoned_short)


@figure(Family.ENTRIES, Unit.SECONDS, "平均等待", "ASA")
def asa(s: Sums) -> float | None:
    """The mean wait of the answered, from their entry into this queue to the connection.
    Formula: wait_ms / answered
    Source: connected
    中文：接听的平均等待时间，从进入该队列到接通。
    """
    return mean(s.wait_ms, s.answered)


@figure(Family.ENTRIES, Unit.SECONDS, "等待中位数", "Median wait")
def wait_50(s: Sums) -> float | None:
    """Half of the answered waited for so long at most. Right to 2.5 %; not known of quarter hours, by language,
    number, district or version, nor in reports of more than 300 rows.
    Formula: percentile 50 of the waits
    Source: connected
    中文：一半的接听等待不超过此值。误差不超过2.5%；按一刻钟，按语言、号码、区、版本，或报表超过300行时没有此值。
    """
    return seconds(percentile(s.waits, 0.5))


@figure(Family.ENTRIES, Unit.SECONDS, "九成等待", "Wait of 90 %")
def wait_90(s: Sums) -> float | None:
    """Nine of ten of the answered waited for so long at most; known as the median is.
    Formula: percentile 90 of the waits
    Source: connected
    中文：九成的接听等待不超过此值；适用范围同中位数。
    """
    return seconds(percentile(s.waits, 0.9))


@figure(Family.ENTRIES, Unit.SECONDS, "最长等待", "Longest wait")
def longest_wait(s: Sums) -> float | None:
    """The longest of all entries, however it ended.
    Formula: longest_wait_ms, if there are entries
    Source: connected, left-queue, overflowed, moved
    中文：所有入队中等待最长的一次，不论结果。
    """
    return s.longest_wait_ms / 1000 if s.entries else None


@figure(Family.ENTRIES, Unit.SECONDS, "放弃前等待", "Wait before abandoning")
def abandon_wait(s: Sums) -> float | None:
    """The mean wait of those who gave up.
    Formula: abandoned_wait_ms / abandoned
    Source: left-queue
    中文：放弃者的平均等待时间。
    """
    return mean(s.abandoned_wait_ms, s.abandoned)


@figure(Family.ENTRIES, Unit.SECONDS, "预计等待误差", "Error of the estimate")
def estimate_error(s: Sums) -> float | None:
    """By how much the first wait that a caller was told was off, earlier or later, on average: of the answered.
    Formula: estimate_error_ms / estimates
    Source: announced, connected
    中文：接听者首次听到的预计等待与实际相差多少（不分早晚）的平均值。
    """
    return mean(s.estimate_error_ms, s.estimates)


@figure(Family.ENTRIES, Unit.SECONDS, "预计等待偏差", "Bias of the estimate")
def estimate_bias(s: Sums) -> float | None:
    """The same with its sign: more than 0, callers were connected sooner than they were told.
    Formula: estimate_bias_ms / estimates
    Source: announced, connected
    中文：同上，带正负号：大于0表示比告知的更早接通。
    """
    return mean(s.estimate_bias_ms, s.estimates)
