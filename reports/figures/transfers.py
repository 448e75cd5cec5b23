"""Figures of transfers."""

from reports.figures.model import Family, Unit, figure
from reports.sums import Sums


@figure(Family.TRANSFERS, Unit.COUNT, "直接转接", "Blind")
def transfers_blind(s: Sums) -> float | None:
    """Calls that an agent sent on without asking there first.
    Source: transferred
    中文：坐席未先咨询即转出的来电。
    """
    return s.transfers_blind


@figure(Family.TRANSFERS, Unit.COUNT, "咨询后转接", "After a consultation")
def transfers_consult(s: Sums) -> float | None:
    """Calls that an agent sent on after asking there.
    Source: transferred
    中文：坐席咨询对方后转出的来电。
    """
    return s.transfers_consult


@figure(Family.TRANSFERS, Unit.COUNT, "转接接通", "Answered there")
def transfers_answered(s: Sums) -> float | None:
    """Transfers after which somebody else talked with the caller.
    Source: transfer-answered, connected, sub-hotline-answered
    中文：之后有他人与来电人通话的转接。
    """
    return s.transfers_answered


@figure(Family.TRANSFERS, Unit.COUNT, "转接失败", "Failed")
def transfers_failed(s: Sums) -> float | None:
    """Transfers to a phone or a sub-hotline that did not answer; the caller went on from there.
    Source: transfer-failed, sub-hotline-failed
    中文：对方话机或分热线未应答、来电人另行处理的转接。
    """
    return s.transfers_failed


@figure(Family.TRANSFERS, Unit.COUNT, "转接未果", "Ended before")
def transfers_left(s: Sums) -> float | None:
    """Transfers whose call ended, or was transferred again, before anybody answered.
    Source: call-finished, transferred
    中文：尚无人应答，来电已结束或又被转走的转接。
    """
    return s.transfers_left
