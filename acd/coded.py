"""Whether an agent's call has its wrap-up code."""

from enum import StrEnum


class Coded(StrEnum):
    """Of the call that an agent talks in or wraps up."""

    NO = ""  # no code so far; and nobody waits for one
    YES = "given"
    NEEDED = "needed"  # the wrap-up does not end without one
    AWAITED = "awaited"  # the wrap-up is over but for the code


MISSING = frozenset({Coded.NEEDED, Coded.AWAITED})
"""The agent stays in wrap-up until a code is given."""
