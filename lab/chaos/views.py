"""Talks, transfers and deaths as phones saw them, compared with the answer of `GET calls/{id}`."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hotline.model import Hotline
from lab.chaos.conduct import COLLEAGUES, HOTLINE, QUEUE, SUB_HOTLINE, Transfer, Way
from lab.chaos.schedule import LINK, SERVICE, Fault

EXACT = 0.5
"""Seconds by which phones and story may differ where nothing was broken."""

INAUDIBLE = 0.1
"""A talk of fewer seconds than this no phone may have heard: its caller hung up in the moment of the connection."""

BACK = 1.0
"""Seconds after a service's start in which a phone may be told of a transfer that Asterisk made before it."""

GONE = 10.0
"""The most seconds from a phone's death to the end of its talk where nothing is broken."""

REFRESH = 125.0
"""The same where another phone is registered instead before the service can ask: two refreshes of the session."""


_TO_COLLEAGUE = {Way.ANSWERED: SERVICE, Way.JOINED: SERVICE | LINK}
"""Transfers to a colleague who answers, and the faults that may hide them. What remains is in docs/reliability.md."""


@dataclass
class Talk:
    """A talk as the agent's phone saw it. Times are seconds of the epoch; `ended` None: it goes on.

    `died`: it ended with the phone's death. `replaced`: when another phone was registered instead.
    """

    number: str
    agent: str
    began: float
    ended: float | None = None
    died: bool = False
    replaced: float | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A transfer that the agent's phone reported as done, in seconds of the epoch."""

    number: str
    agent: str
    transfer: Transfer
    at: float


@dataclass(slots=True)
class Breakage:
    """From when to when something was broken, in seconds of the epoch. `settled`: its consequences are over, too."""

    fault: Fault
    began: float
    mended: float = float("inf")
    settled: float = float("inf")

    def away(self, at: float) -> bool:
        """Whether the fault had taken away then what it takes away. A service that has started takes calls, and knows
        what Asterisk has. A link that is let through again comes back while all settles.
        """
        return self.began <= at <= (self.mended + BACK if self.fault in SERVICE else self.settled)


@dataclass
class Views:
    """All that phones saw. `broken` is in order."""

    talks: list[Talk] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    broken: list[Breakage] = field(default_factory=list)

    def settled(self, at: float) -> float:
        """When nothing is broken any more that was broken at this time, or has broken before the last of it settled."""
        for breakage in self.broken:
            if breakage.began <= at <= breakage.settled:
                at = breakage.settled
        return at

    def whole(self, since: float) -> bool:
        """Whether nothing was broken since then (seconds of the epoch), and no consequence of it was left."""
        return all(one.settled < since for one in self.broken)

    def heard(self, agent: str, since: float, until: float) -> float:
        """For how many seconds between these times of the epoch the agent's phone talked with a caller."""
        with_agent = (talk for talk in self.talks if talk.agent == agent)
        spans = ((max(talk.began, since), min(talk.ended or until, until)) for talk in with_agent)
        return sum(max(0.0, ended - began) for began, ended in spans)

    def queue_unseen(self, sent: Sent) -> bool:
        """A caller handed over to a queue while the service or its link is away: nothing tells afterwards which one."""
        return sent.transfer.way in (Way.QUEUE_AT_ONCE, Way.QUEUE_LATER) and self._away(sent.at, SERVICE | LINK)

    def _talk_unseen(self, sent: Sent) -> bool:
        """A caller sent to a colleague who answers, and whose talk is over before the service, or its link, is back:
        nothing tells afterwards of them. If the two still talk then, Asterisk can be asked.
        """
        faults = _TO_COLLEAGUE.get(sent.transfer.way, frozenset())
        there = (talk for talk in self.talks if talk.number == sent.number and talk.agent == sent.transfer.target)
        talk = next((talk for talk in there if talk.began > sent.at - EXACT), None)
        ended = sent.at if talk is None else talk.ended  # None: the caller gave up while the phone rang
        return ended is not None and any(
            one.fault in faults and one.away(sent.at) and one.away(ended) for one in self.broken
        )

    def _away(self, at: float, faults: Set[Fault]) -> bool:
        """Whether one of these faults took away then what it takes away."""
        return any(one.fault in faults and one.away(at) for one in self.broken)

    def compare(self, told: Mapping[str, Any], hotline: Hotline) -> list[str]:
        """What is wrong with an answer of `GET calls/{id}`, as far as phones saw the call."""
        number = told["caller"]
        talks = sorted((talk for talk in self.talks if talk.number == number), key=lambda talk: talk.began)
        sent = sorted((sent for sent in self.sent if sent.number == number), key=lambda sent: sent.at)
        heard = [_Told.of(talk, hotline) for talk in told["talks"]]
        if len(heard) > len(talks):
            heard = [talk for talk in heard if talk.audible]
        return [*self._talks(talks, sent, heard), *self._transfers(sent, talks, told["transfers"], hotline)]

    def unseen(self, told: Mapping[str, Any]) -> Sequence[Sent]:
        """Transfers of this call that its story lacks, and for which that is no mistake."""
        sent = sorted((sent for sent in self.sent if sent.number == told["caller"]), key=lambda sent: sent.at)
        seen = self._seen(sent, told["transfers"])
        return [one for one in sent if one not in seen]

    def lingers(self, talk: Talk) -> bool:
        """Whether a talk with a phone that died may go on until its session is refreshed: another phone was registered
        instead while nobody could ask, and that one answers.
        """
        died, replaced = talk.ended, talk.replaced
        return died is not None and replaced is not None and self._broken_between(died, replaced)

    def _broken_between(self, first: float, last: float) -> bool:
        return any(one.fault in SERVICE | LINK and one.began <= last and one.settled >= first for one in self.broken)

    def _seen(self, sent: Sequence[Sent], told: Sequence[Mapping[str, Any]]) -> Sequence[Sent]:
        """Those that the story must have: as many as it has, or more."""
        seen = list(sent)
        hidden = [one for one in sent if self.queue_unseen(one) or self._talk_unseen(one)]
        while hidden and len(seen) > len(told):
            seen.remove(hidden.pop())
        return seen

    def _talks(self, talks: Sequence[Talk], sent: Sequence[Sent], told: Sequence["_Told"]) -> Iterable[str]:
        talks = self._to_be_told(talks, sent, {of.agent for of in told}, len(told))
        seen = ", ".join(f"{talk.agent} {talk.began:.2f}" for talk in talks)
        if [talk.agent for talk in talks] != [talk.agent for talk in told]:
            yield f"phones talked: {seen or 'none'}; the story: {', '.join(map(str, told)) or 'none'}"
            return
        for talk, of in zip(talks, told, strict=True):
            yield from self._differ(f"the talk with {talk.agent} began", talk.began, of.began)
            if talk.ended is None or of.ended is None:
                yield f"the talk with {talk.agent} has no end"
            elif talk.died:
                until = self.settled(self.settled(talk.ended) + (REFRESH if self.lingers(talk) else GONE))
                if not talk.ended - EXACT <= of.ended <= until:
                    yield f"the phone of {talk.agent} died, and the talk ended {of.ended - talk.ended:.2f} s later"
            else:
                yield from self._differ(f"the talk with {talk.agent} ended", talk.ended, of.ended)

    def _transfers(
        self, sent: Sequence[Sent], talks: Sequence[Talk], told: Sequence[Mapping[str, Any]], hotline: Hotline
    ) -> Iterable[str]:
        everything, sent = sent, self._seen(sent, told)
        hidden_by = {one.agent for one in everything if one not in sent}
        if len(sent) != len(told):
            phones = ", ".join(f"{one.agent} {one.transfer.way}" for one in sent)
            yield f"phones transferred: {phones or 'none'}; the story: {told or 'none'}"
            return
        for number, (one, of) in enumerate(zip(sent, told, strict=True)):
            what = f"the transfer by {one.agent} ({one.transfer.way})"
            yield from self._differ(what, one.at, _epoch(of["at"]))
            how = "consult" if one.transfer.consults else "blind"
            unknown = of["agent"] is None and self._away(one.at, SERVICE | LINK)  # the talk ended while nobody saw it
            if of["how"] != how or (of["agent"] not in {one.agent, *hidden_by} and not unknown):
                yield f"{what} is told as {of['how']} by {of['agent']}"
            if one.transfer.target == HOTLINE:
                continue
            until = sent[number + 1].at if number + 1 < len(sent) else float("inf")
            next_talks = [talk for talk in talks if one.at - EXACT < talk.began <= until]
            reached = bool(next_talks) and _reached(next_talks[0], one.transfer.target, hotline)
            if reached != (of["became"] == "answered"):
                yield f"{what} became {of['became']}; phones: {'answered' if reached else 'not answered'}"

    def _to_be_told(self, talks: Sequence[Talk], sent: Sequence[Sent], told: Set[str], many: int) -> Sequence[Talk]:
        """The talks that the story must have, which has `many`, with the agents `told`."""
        talks = list(talks)
        hidden = [talk for talk in talks if self._reached_unseen(talk, sent) or self._passed_unseen(talk, sent)]
        hidden.sort(key=lambda talk: talk.agent in told, reverse=True)
        while hidden and len(talks) > many:
            talks.remove(hidden.pop())
        return talks

    def _reached_unseen(self, talk: Talk, sent: Sequence[Sent]) -> bool:
        """Whether the talk is with somebody to whom the caller was sent while nobody saw it. A talk with an agent of a
        queue may be told in the own call of the agent who handed the caller over.
        """
        to = [one for one in sent if one.at - EXACT < talk.began][-1:]
        return any(
            self.queue_unseen(one) or (one.transfer.target == talk.agent and self._talk_unseen(one)) for one in to
        )

    def _passed_unseen(self, talk: Talk, sent: Sequence[Sent]) -> bool:
        """Whether the talk began while the service or its link was away, and its agent handed the caller over to a
        queue before it was back: the caller's channel, which tells of a talk that is over, was replaced by the
        agent's.
        """
        return any(
            one.agent == talk.agent
            and self.queue_unseen(one)
            and talk.began < one.at
            and any(
                broken.fault in SERVICE | LINK and broken.away(talk.began) and broken.away(one.at)
                for broken in self.broken
            )
            for one in sent
        )

    def _differ(self, what: str, seen: float, told: float) -> Iterable[str]:
        first, last = sorted((seen, told))
        if last > self.settled(first + EXACT):
            yield f"{what} at {seen:.2f}, and in the story {told - seen:+.2f} s"


@dataclass(frozen=True, slots=True)
class _Told:
    """A talk as the service tells it, with the number of the phone."""

    agent: str
    began: float
    ended: float | None

    @classmethod
    def of(cls, talk: Mapping[str, Any], hotline: Hotline) -> "_Told":
        other = talk["with"]
        line = hotline.sub_hotlines.get(other.get("sub_hotline", ""))
        agent = line.dial if line is not None else str(other.get("agent") or other.get("number"))
        return cls(agent, _epoch(talk["began"]), None if talk["ended"] is None else _epoch(talk["ended"]))

    @property
    def audible(self) -> bool:
        return self.ended is None or self.ended - self.began >= INAUDIBLE

    def __str__(self) -> str:
        return f"{self.agent} {self.began:.2f}"


def _reached(talk: Talk, target: str, hotline: Hotline) -> bool:
    """Whether the next talk is with the target of the transfer."""
    if target in COLLEAGUES:
        return talk.agent == target
    if target == SUB_HOTLINE:
        return any(line.dial == talk.agent for line in hotline.sub_hotlines.values() if line.extension == target)
    assert target == QUEUE
    return True


def _epoch(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
