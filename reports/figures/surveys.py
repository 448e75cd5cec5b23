"""Figures of surveys."""

from reports.figures.model import Family, Unit, figure
from reports.sums import Sums


@figure(Family.SURVEYS, Unit.COUNT, "问了", "Offered")
def surveys_offered(s: Sums) -> float | None:
    """Surveys whose first question began.
    Source: survey-offered
    中文：开始播放第一题的评价。
    """
    return s.surveys_offered


@figure(Family.SURVEYS, Unit.COUNT, "开始答", "Begun")
def surveys_begun(s: Sums) -> float | None:
    """Surveys whose first question was answered.
    Source: survey-answered
    中文：答了第一题的评价。
    """
    return s.surveys_begun


@figure(Family.SURVEYS, Unit.COUNT, "答完", "Complete")
def surveys_complete(s: Sums) -> float | None:
    """Surveys whose last question was answered.
    Source: survey-complete
    中文：答完最后一题的评价。
    """
    return s.surveys_complete


@figure(Family.SURVEYS, Unit.SCORE, "首题均分", "Mean of the first question")
def score(s: Sums) -> float | None:
    """The mean of the keys with which the first question was answered, as numbers.
    Formula: score / surveys_begun
    Source: survey-answered
    中文：第一题按键数值的平均。
    """
    return s.score / s.surveys_begun if s.surveys_begun else None


@figure(Family.SURVEYS, Unit.COUNT, "没有问", "Not asked")
def surveys_not_asked(s: Sums) -> float | None:
    """Talks after which nobody was asked.
    Source: survey-not-asked
    中文：之后没有询问评价的通话。
    """
    return s.surveys_not_asked
