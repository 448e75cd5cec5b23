"""Figures of the sound of phones' legs."""

from reports.figures.model import Family, Unit, figure, mean, share
from reports.sums import Sums


@figure(Family.SOUND, Unit.COUNT, "通话支路", "Legs")
def sound_legs(s: Sums) -> float | None:
    """Phones' legs of calls with at least 5 s of audio, in the quarter hour in which they ended: of citizens, agents
    and departments. A talk has two at least.
    Source: leg-measured
    中文：各部话机（市民、坐席、承办单位）有至少5秒声音的通话支路，计入其结束所在的一刻钟。一次通话至少两条。
    """
    return s.legs


@figure(Family.SOUND, Unit.SCORE, "音质（MOS）", "MOS")
def sound_mos(s: Sums) -> float | None:
    """The mean MOS of these, by the E-model: 4.4 is the best, below 3.6 many people are not satisfied.
    Formula: mos_hundredths / 100 / legs
    Source: leg-measured
    中文：按 E-model 估算的 MOS 的平均：4.4 最好，3.6 以下许多人不满意。
    """
    return s.mos_hundredths / 100 / s.legs if s.legs else None


@figure(Family.SOUND, Unit.PERCENT, "音质差", "Poor")
def sound_poor(s: Sums) -> float | None:
    """The share of the legs with a MOS below 3.6.
    Formula: legs_poor / legs
    Source: leg-measured
    中文：MOS 低于3.6的支路所占比例。
    """
    return share(s.legs_poor, s.legs)


@figure(Family.SOUND, Unit.PERCENT, "丢包", "Lost packets")
def sound_lost(s: Sums) -> float | None:
    """The mean loss of the legs, each in its worse direction.
    Formula: lost_hundredths / 100 / legs
    Source: leg-measured
    中文：各支路丢包率（较差方向）的平均。
    """
    return s.lost_hundredths / 100 / s.legs if s.legs else None


@figure(Family.SOUND, Unit.MILLISECONDS, "抖动", "Jitter")
def sound_jitter(s: Sums) -> float | None:
    """The mean jitter of the legs, each in its worse direction.
    Formula: jitter_us / 1,000 / legs
    Source: leg-measured
    中文：各支路抖动（较差方向）的平均。
    """
    return mean(s.jitter_us, s.legs)


@figure(Family.SOUND, Unit.MILLISECONDS, "往返", "Round trip")
def sound_trip(s: Sums) -> float | None:
    """The mean trip from Asterisk to the phone and back, of the legs whose phone reports it.
    Formula: trip_us / 1,000 / trips
    Source: leg-measured
    中文：Asterisk 到话机往返时间的平均，只计话机上报了的支路。
    """
    return mean(s.trip_us, s.trips)


@figure(Family.SOUND, Unit.COUNT, "无声", "Silent legs")
def sound_silent(s: Sums) -> float | None:
    """Legs from whose phone no audio came at all. They have no MOS, and are in no other figure.
    Source: leg-measured
    中文：话机完全没有送来声音的支路。没有 MOS，不计入其他指标。
    """
    return s.legs_silent
