"""A caller's way in short: what the caller did, and where that led. Made of walks, and of calls that are over. Pure."""

from typing import NamedTuple

from ivr.model import NodeId
from ivr.walk import PASSED, Walk


class Stop(NamedTuple):
    """A node at which the caller is, and the caller's language there. Messages, scopes and inputs do not count."""

    node: NodeId
    language: str


class Stride(NamedTuple):
    """What the caller did, a key or SILENCE, and where the caller is then.

    leads  the key leads somewhere; silence and wrong keys are only counted
    """

    did: str
    leads: bool
    stop: Stop


class Path(NamedTuple):
    """Where the call began, and each stride from there."""

    start: Stop
    strides: tuple[Stride, ...] = ()

    @property
    def end(self) -> Stop:
        return self.strides[-1].stop if self.strides else self.start


def path_of(walk: Walk) -> Path:
    """The path of a walk that has come to a stop. A last key is left out if it has led to none yet."""
    stops = [
        (turn, Stop(turn.node, turn.language))
        for turn in walk.turns
        if turn.node is not None and turn.node[0] not in PASSED
    ]
    did = [turn for turn, _ in stops[:-1]]
    strides = [Stride(turn.did or "", turn.leads, then) for turn, (_, then) in zip(did, stops[1:], strict=True)]
    return Path(stops[0][1], tuple(strides))
