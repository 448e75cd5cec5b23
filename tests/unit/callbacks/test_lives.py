"""A thousand callbacks by chance: the service, Asterisk, both or the link between them end at any step of a callback.

The property: each attempt rings the citizen's phone once at most, never two at once, and in the end each callback is
answered, or not reached, and its Record says so. In every third life agents are rung before the citizen, one at a time.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from random import Random
from typing import Any

import pytest

from hotline.callbacks import CallbackRule, First
from hotline.calls_out import CallsOut
from hotline.edition import Edition
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import Caller
from tests.unit.asterisk.citizen import CitizenLeg
from tests.unit.asterisk.leg import Leg
from tests.unit.asterisk.out import OutLeg
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import FakeCatalogue, hall
from tests.unit.service.small import hotline

LIVES, AT_ONCE = 1_000, 50
"""In all, and of one test."""

KEY, TRIES, AGAIN = "2", 3, 15.0
LONGEST = 3_600.0
"""Seconds in which each callback must be over."""

WAITS = {Kind.CALLBACK_ANSWERED, Kind.LEFT_QUEUE, Kind.OVERFLOWED}


def edition(first: First) -> Edition:
    """Of the small hotline, where callers of the queue trees are called back."""
    small = hotline()
    rule = CallbackRule(key=KEY, tries=TRIES, again=AGAIN, first=first)
    trees = small.queues["trees"].model_copy(update={"callback": rule, "overflow": (), "record": "always"})
    changed: dict[str, Any] = {
        "queues": {**small.queues, "trees": trees},
        "calls_out": CallsOut(allowed=("1[3-9]xxxxxxxxx",)),
    }
    return Edition(small.model_copy(update=changed), FakeCatalogue())


class Records(list[Record]):
    """`then` is called once, after so many more Records as `left` says."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 0
        self.then: Callable[[], None] = lambda: None

    def append(self, record: Record) -> None:
        super().append(record)
        self.left -= 1
        if self.left == 0:
            asyncio.get_running_loop().call_soon(self.then)


class Life:
    """One citizen, two agents, and what ends while the callback goes on."""

    def __init__(self, seed: str, first: First) -> None:
        self.random, self.records, self.first = Random(seed), Records(), first
        self.rung: list[CitizenLeg | OutLeg] = []
        self.offered: list[OutLeg] = []
        self.confirmed: set[str] = set()  # channels of citizens who have pressed 1, or talk with the agent rung first
        self.wrong: list[str] = []
        self.ends = 0

    async def runs(self) -> None:
        async with AsyncExitStack() as halls:
            self.here = await halls.enter_async_context(
                hall(trunk=True, edition=edition(self.first), records=self.records)
            )
            self.here.asterisk.goes_on_by_itself()
            self.here.asterisk.rings = self._rings
            for agent in ("1001", "1002"):
                self.here.takes_a_break(agent)
            caller = await self.here.queued()
            self._strikes_soon()
            self._asks(caller)
            asyncio.get_running_loop().call_later(self.random.uniform(0, 10), self._agents_get_ready)
            for _ in range(self.random.randint(1, 4)):
                await self._struck.wait()
                await passes(self.random.choice((0.0, LAG / 2, self.random.uniform(0, 0.1), self.random.uniform(0, 4))))
                await self._strikes(halls)
                self._strikes_soon()
            self.records.left = 0
            await self._all_is_over()

    def _strikes_soon(self) -> None:
        """`_struck` is set after some Records, or seconds."""
        self._struck = asyncio.Event()
        self.records.left, self.records.then = self.random.randint(1, 12), self._struck.set
        asyncio.get_running_loop().call_later(self.random.uniform(5, 40), self._struck.set)

    async def _strikes(self, halls: AsyncExitStack) -> None:
        self.ends += 1
        what, away = self.random.choice(("service", "service", "asterisk", "both", "link")), self.random.uniform(0, 8)
        here = self.here
        if what in ("asterisk", "both"):
            here.asterisk.is_killed()
        if what in ("service", "both"):
            await here.dies()
            await passes(away)
            again = here.restarted(folded=self.random.random() < 0.5)
            self.here = await halls.enter_async_context(again)
        elif what == "link":
            await here.link_down()
            await passes(away)
        await self.here.link_up()
        await settles()

    def _asks(self, caller: Caller) -> None:
        """The caller asks to be called back and confirms the number, again and again until it is promised."""
        if caller.hung_up or any(record.kind is Kind.CALLBACK_PROMISED for record in self.records):
            return
        caller.press(KEY)
        later = asyncio.get_running_loop().call_later
        later(self.random.uniform(0.5, 3), caller.press, "1")
        later(10, self._asks, caller)

    def _agents_get_ready(self) -> None:
        if self.here.dead:
            asyncio.get_running_loop().call_later(1, self._agents_get_ready)
        else:
            for agent in ("1001", "1002"):
                self.here.sign_in(agent)

    async def _all_is_over(self) -> None:
        asterisk, left = self.here.asterisk, LONGEST

        def going() -> bool:
            calls = any(not each.hung_up for each in asterisk.callers.values())
            return bool(self.here.centre.callbacks.list() or calls or asterisk.outs)

        while going():
            await passes(5)
            left -= 5
            assert left > 0, self._story("it has no end")
        self._judge()

    # -- phones ------------------------------------------------------------------------------------------------------

    def _rings(self, leg: Leg | CitizenLeg | OutLeg) -> None:
        later = asyncio.get_running_loop().call_later
        if isinstance(leg, OutLeg) and not leg.up:
            self._is_offered(leg)
            return
        if isinstance(leg, Leg):
            later(self.random.uniform(0, 3), self._agent_answers, leg)
            return
        others = [each for each in self.rung if each.there and each is not leg]
        talks = [each for each in self.here.asterisk.callers.values() if not each.hung_up and each.id != "caller-1"]
        if others or talks:
            self.wrong.append("the citizen's phone rings while it rings or talks")
        self.rung.append(leg)
        if isinstance(leg, OutLeg):
            self._is_called_by(leg)
            return
        does = self.random.choices(("confirms", "mailbox", "busy", "rings on", "hangs up"), (6, 1, 1, 1, 1))[0]
        after = self.random.uniform(0.1, 8)
        if does == "busy":
            later(after, leg.is_over, "17")
        elif does == "rings on":
            later(30, leg.is_over, "19")
        else:
            later(after, self._citizen_answers, leg, does)

    def _citizen_answers(self, leg: CitizenLeg, does: str) -> None:
        if leg.there:
            leg.answers()
            later, after = asyncio.get_running_loop().call_later, self.random.uniform(0.1, 6)
            if does == "confirms":
                later(after, self._presses, leg)
            elif does == "hangs up":
                later(after, leg.is_over)

    def _presses(self, leg: CitizenLeg) -> None:
        if leg.there:
            self.confirmed.add(leg.id)
            leg.presses()

    def _is_offered(self, leg: OutLeg) -> None:
        """The agent picks up, declines, or is away from the desk."""
        if any(each.there for each in self.offered):
            self.wrong.append("two agents are rung for the citizen")
        self.offered.append(leg)
        later = asyncio.get_running_loop().call_later
        does = self.random.choices(("answers", "declines", "is away"), (6, 1, 1))[0]
        if does != "is away":
            later(self.random.uniform(0, 3), self._takes_or_declines, leg, does)
        later(leg.seconds + 5, self._agents_get_ready)

    def _takes_or_declines(self, leg: OutLeg, does: str) -> None:
        if leg.there and not leg.up:
            leg.answers() if does == "answers" else leg.declines()

    def _is_called_by(self, leg: OutLeg) -> None:
        """The citizen's phone rings for the agent who has picked up."""
        later, after = asyncio.get_running_loop().call_later, self.random.uniform(0.1, 8)
        does = self.random.choices(("talks", "mailbox", "busy", "rings on", "agent gives up"), (6, 1, 1, 1, 1))[0]
        later(30 if does == "rings on" else after, self._comes_of_it, leg, does)

    def _comes_of_it(self, leg: OutLeg, does: str) -> None:
        if not (leg.there and leg.dials):
            return
        later = asyncio.get_running_loop().call_later
        match does:
            case "busy":
                leg.is_not_reached("BUSY", "17")
            case "rings on":
                leg.is_not_reached("NOANSWER", "19")
            case "agent gives up":
                leg.hangs_up()
            case _:
                leg.is_reached()
                self.confirmed.add(leg.id)
                later(self.random.uniform(1, 4), self._talk_ends, leg, does)

    def _talk_ends(self, leg: OutLeg, does: str) -> None:
        if leg.there:
            callback = self.callback_of(leg)
            if does == "mailbox" and not self.here.dead and self.here.centre.callbacks.find(callback) is not None:
                self.here.centre.calling.not_reached(callback, Actor.agent(leg.agent_id))
            leg.hangs_up()

    def callback_of(self, leg: CitizenLeg | OutLeg) -> str:
        if isinstance(leg, CitizenLeg):
            return leg.callback
        dialled = (each for each in self.records if each.kind is Kind.CALL_OUT_DIALLED and each.call == leg.call)
        return str(next(dialled).data["callback"])

    def _agent_answers(self, leg: Leg) -> None:
        if self.here.asterisk.legs.get(leg.offer_id) is leg:
            leg.answers()
            asyncio.get_running_loop().call_later(self.random.uniform(2, 6), lambda: self._agent_hangs_up(leg))

    def _agent_hangs_up(self, leg: Leg) -> None:
        if self.here.asterisk.legs.get(leg.offer_id) is leg:
            leg.hangs_up()

    # -- what must be true -------------------------------------------------------------------------------------------

    def _judge(self) -> None:
        promised = [record for record in self.records if record.kind is Kind.CALLBACK_PROMISED]
        for record in promised:
            callback = record.data["callback"]
            ended = [
                each
                for each in self.records
                if each.data.get("callback" if each.kind is Kind.CALLBACK_ANSWERED else "") == callback
                or (each.call == callback and each.kind in WAITS)
            ]
            dialled = sum(each.call == callback and each.kind is Kind.CALLBACK_DIALLED for each in self.records)
            rung = sum(self.callback_of(leg) == callback for leg in self.rung)
            if len(ended) != 1:
                self.wrong.append(f"{callback} has {len(ended)} ends")
            if rung > dialled:
                self.wrong.append(f"{callback} was dialled {dialled} times, and its phone rang {rung} times")
        if self.confirmed.intersection(self.here.asterisk.cancelled):
            self.wrong.append("a citizen who has confirmed was hung up")
        if len(promised) > 1:
            self.wrong.append("it was promised twice")
        assert not self.wrong, self._story(", ".join(self.wrong))

    def _story(self, what: str) -> str:
        return "\n".join(
            [what, *(f"{record.at:.3f} {record.kind} {record.call} {dict(record.data)}" for record in self.records)]
        )


@pytest.mark.parametrize("first", range(0, LIVES, AT_ONCE))
def test_no_citizen_is_rung_twice_and_no_callback_is_lost(first: int) -> None:
    told: Counter[str] = Counter()
    for number in range(first, first + AT_ONCE):
        life = Life(f"callbacks/{number}", First.CITIZEN if number % 3 else First.AGENT)
        fake_time(life.runs)()
        told.update(record.kind for record in life.records)
        told["ends"] += life.ends
    assert told["ends"] > AT_ONCE
    for kind in (
        *(Kind.CALLBACK_PROMISED, Kind.CALLBACK_DIALLED, Kind.CALLBACK_POSTPONED, Kind.CALLBACK_ANSWERED),
        *(Kind.CALL_OUT_ANSWERED, Kind.CALL_OUT_FAILED),
    ):
        assert told[kind] > 0, kind
