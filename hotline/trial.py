"""A trial: some callers get another version, and it is taken back by itself when more of them give up. Pure.

Which callers get it depends on the number alone, so a caller who calls again gets the same version. Chance has put a
known share of all callers there. If the version makes no difference, each caller who gives up is one of these with
just this probability. So the callers who give up are a sequence of coin tosses, and the question is whether the coin is
worse than that.

The evidence is the likelihood ratio against the known share, averaged over `RATIOS`: the mixture sequential probability
ratio test (H. Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical
Statistics 41, 1970; as "always valid inference" in R. Johari et al., Operations Research 70, 2022). Without a
difference, and if the version is better, it is a supermartingale that begins at 1. By Ville's inequality it ever comes
to 1 / `LEVEL` with a probability of `LEVEL` at most, however often one looks.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import exp, log
from typing import Any

from hotline.model import Hotline
from ivr.model import PASSED

LEVEL = 0.05
"""A trial of a version that makes no difference is taken back with this probability at most."""

LEAST = 20
"""Calls of the trial that have to be over before it is taken back."""

RATIOS = (1.25, 1.5, 2.0, 3.0, 5.0)
"""How many times as often callers may give up under the new version: each as likely as the others."""

MOST_PERCENT = 50

BUCKETS = 1 << 24
"""Callers are divided into so many. Some hundred telephone numbers share each, so a bucket does not name a person."""

_LARGEST = 700.0  # of what exp takes

ON_TRIAL = frozenset(
    {"menus", "greeting", "goodbye", "entry", *PASSED, "hours", "closed", "callers", "filed"}
    | {"recorded", "paths"}
    | {"opening_hours", "calendars", "known_days", "remember_language", "removed_queues"}
)
"""What of a hotline may differ in a trial: menus and texts. All else belongs to both versions at once."""

_OWN = frozenset({"version", "folder"})


class Verdict(StrEnum):
    """How a trial stands, or how it ended."""

    RUNNING = "running"
    TAKEN_BACK = "taken-back"  # more callers gave up
    FOR_ALL = "for-all"
    ENDED = "ended"  # by a person, or because another version was published


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one part of the callers.

    calls     that began and ended since the trial began
    given_up  of them: the caller hung up before reaching anybody or hearing the end
    callers   who gave up, each once
    """

    calls: int = 0
    given_up: int = 0
    callers: int = 0


def bucket(tag: str, who: str) -> int:
    """The bucket of a caller, 0 to `BUCKETS` - 1. `tag`: of the version, so that another trial has other callers.
    `who`: the caller's number; of a caller without one, the id of the call.
    """
    return int.from_bytes(sha256(f"{tag} {who}".encode()).digest()[:3], "big")


def gets_it(bucket: int, percent: int) -> bool:
    """Whether callers of this bucket are in a trial with so many of a hundred callers."""
    return bucket * 100 < percent * BUCKETS


def evidence(percent: int, trial: int, rest: int) -> float:
    """How much more likely it is that so many callers of the trial and of the rest gave up if the new version is worse
    than if it makes no difference. `percent`: of all callers are in the trial.
    """
    share = percent / 100
    found = 0.0
    for ratio in RATIOS:
        worse = ratio * share / (ratio * share + 1 - share)
        found += exp(min(_LARGEST, trial * log(worse / share) + rest * log((1 - worse) / (1 - share))))
    return found / len(RATIOS)


def is_worse(percent: int, trial: Figures, rest: Figures) -> bool:
    """Whether the trial is to be taken back."""
    return trial.calls >= LEAST and evidence(percent, trial.callers, rest.callers) >= 1 / LEVEL


def beyond_trial(old: Hotline, new: Hotline) -> list[str]:
    """The keys of hotline.yaml, or `agents.yaml`, that differ and cannot be on trial."""
    fixed = (name for name in Hotline.model_fields if name not in ON_TRIAL | _OWN)
    return [_key(name) for name in fixed if _compared(old, name) != _compared(new, name)]


def _compared(hotline: Hotline, name: str) -> Any:
    """A version has no passwords, and the folder may."""
    if name == "agents":
        return [agent.model_copy(update={"password": None}) for agent in hotline.agents.values()]
    return getattr(hotline, name)


def _key(name: str) -> str:
    return "agents.yaml" if name == "agents" else Hotline.model_fields[name].alias or name
