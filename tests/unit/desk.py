"""Queues and agents for route tests: the product's own board over its own engine. Records bring them into any state."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from acd.callers import Standing
from acd.effects import Announce, CallBack, CancelRing, LeaveQueue, RingAgent
from acd.engine.step import Engine
from acd.events import HotlineChanged
from acd.model import Relaxation
from acd.recovery import state
from acd.recovery.state import OfferState, PlaceState, SeatState, State
from acd.views import QueueView
from agents.states import AgentState, PhoneState
from base.clock import Clock
from base.tasks import Failures, Tasks
from calls.book import CallBook
from calls.live.snapshot import Recollection
from events.board import Board
from hotline.edition import Edition, Editions
from hotline.loader import load
from hotline.model import Hotline
from ivr.model import Menu, ToQueue
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from service.app.centre import Centre
from settings.settings import Settings
from tests.unit.recordings.told import FakeTold
from tests.unit.service.calling import KNOWN, FakeCatalogue, Hall

SINCE = 1_700_000_000.125
"""Since when the agents are signed out."""

HOTLINE = """\
hotline: desk
name: Desk
numbers: ["12319"]
languages: [zh, en]
timezone: Asia/Shanghai
greeting: {zh: 您好, en: Welcome}
goodbye: {zh: 再见, en: Goodbye}
entry: main
menus:
  main:
    name: {zh: 主菜单, en: Main menu}
    say:
      zh: 绿化请按1，供水、排水和燃气请按2，人工服务请按0。
      en: For greening, press 1. For water, drainage and gas, press 2. To talk to a person, press 0.
    keys: {"1": {queue: greening}, "2": {menu: utilities}, "0": {queue: general}}
    no_input: {then: {queue: general}}
    invalid: {then: {queue: general}}
  utilities:
    say: {zh: '供水请按1，燃气请按2。', en: 'For water supply, press 1. For gas, press 2.'}
    keys: {"1": {queue: general}, "2": {queue: general}}
    no_input: {then: {queue: general}}
    invalid: {then: {queue: general}}
queues:
  greening: {name: {zh: 绿化, en: Greening}, needs: {greening: 3}, wrap_up_codes: {list: work}}
  general: {name: {"*": 综合}, needs: {general: 1}}
wrap_up_codes:
  work: {answered: {zh: 当场答复, en: Answered}, referred: {"*": 转办}}
opening_hours: {weekend: {week: {sat-sun: "09:00-17:00"}}}
skills: {general: {zh: 综合知识, en: All-round}}
"""

AGENTS = """\
agents:
  - {id: "1001", name: 绿化一席, skills: {greening: 4}, languages: [zh, en], password: hidden-from-all}
  - {id: "1002", name: 综合一席, skills: {general: 2}, languages: [zh]}
"""


def written(folder: Path) -> Path:
    """The folder, with the files of that hotline."""
    folder.mkdir(exist_ok=True)
    (folder / "hotline.yaml").write_text(HOTLINE, encoding="utf-8")
    (folder / "agents.yaml").write_text(AGENTS, encoding="utf-8")
    return folder


@cache
def hotline() -> Hotline:
    """Two menus, two queues, two agents."""
    with TemporaryDirectory() as folder:
        loaded = load(written(Path(folder)))
    assert loaded.hotline is not None, "\n".join(map(str, loaded.problems))
    return loaded.hotline


def editions(**parts: Any) -> Editions:
    """That hotline is in use, with these parts. Of its prompts every file is there."""
    return Editions(Edition(hotline().model_copy(update=parts), FakeCatalogue(("zh", "en"))))


@cache
def utilities() -> Mapping[str, Menu]:
    """The menus of a version in which the keys of the menu `utilities` lead to the queues `water` and `gas`."""
    menus, keys = hotline().menus, {"1": ToQueue(queue="water"), "2": ToQueue(queue="gas")}
    return {**menus, "utilities": menus["utilities"].model_copy(update={"keys": keys})}


def beginner(desk: "Desk") -> None:
    """1002 knows greening a little: too little for its callers until they have waited for two minutes."""
    agents = desk.hotline.agents
    desk.change(agents={**agents, "1002": agents["1002"].model_copy(update={"skills": {"greening": 2}})})
    desk.queue("greening", relax=(Relaxation(after=120, needs={"greening": 1}),))


class Still(Clock):
    """It stands still until the test moves `at`, in epoch seconds."""

    def __init__(self, at: Callable[[], float]) -> None:
        super().__init__()
        self._at = at

    def now(self) -> float:
        return self._at()


class Desk(Board):
    """The board of a service without Asterisk, or that of a `hall`. `records`: all that were written. `effects`: what,
    without Asterisk, the engine wanted done with calls and phones.

    `reads` and `looks` count how often somebody looked at a queue, and at those who wait in it.
    """

    def __init__(
        self,
        book: CallBook,
        now: Callable[[], float],
        in_use: Editions,
        settings: Settings,
        hall: Hall | None = None,
    ) -> None:
        self.clock, self.editions = Still(now), in_use
        self.records: list[Record] = [] if hall is None else hall.records
        self.effects: list[RingAgent | CancelRing | Announce | LeaveQueue | CallBack] = []
        self.reads = self.looks = 0
        self.centre = self._without_asterisk(book, settings) if hall is None else hall.centre
        self.failures = self.centre.failures
        self.distributor = self.centre.distributor
        super().__init__(self.distributor, self.centre.last_hour, lambda: self.hotline, book.beside)
        if hall is None:
            self.distributor.serve(self)
            seats = {name: SeatState(SINCE, phone=PhoneState.FREE) for name in self.hotline.agents}
            self._restore(state.dump(State(seats=seats)))

    def _without_asterisk(self, book: CallBook, settings: Settings) -> Centre:
        return Centre(
            *(settings, KNOWN, self.editions, self.clock, book, self.records.append),
            *(Recollection(), Tasks(Failures()), 100, FakeTold(lambda: self.records)),
        )

    @property
    def edition(self) -> Edition:
        """The version in use."""
        return self.editions.in_use

    @property
    def hotline(self) -> Hotline:
        return self.edition.hotline

    def change(self, **parts: Any) -> None:
        """Another version of the hotline is in use, with these parts."""
        changed = self.hotline.model_copy(update=parts)
        self.editions.in_use = replace(self.editions.in_use, hotline=changed)
        self._restore(self._engine.snapshot())

    def leaves(self, agent_id: str) -> None:
        """The engine knows already that the agent, who has a call, is no longer in the hotline; the routes do not."""
        made = self.hotline
        others = {name: agent for name, agent in made.agents.items() if name != agent_id}
        self._engine.step(HotlineChanged(made.queues, others, "v2", SYSTEM), self.clock.now())

    def queue(self, name: str, **parts: Any) -> None:
        """Another version of the hotline is in use, in which the queue has these parts."""
        queues = self.hotline.queues
        self.change(queues={**queues, name: queues[name].model_copy(update=parts)})

    def note(self, *records: Record) -> None:
        """The service has written these: all observers are told, and the engine is as if it had decided so."""
        for record in records:
            self.centre.recorder.write(record)
        self._restore(self._engine.snapshot(), records)

    def who(self, *kinds: Kind) -> list[Actor]:
        """The actors of the Records of these kinds, in order."""
        return [record.actor for record in self.records if record.kind in kinds]

    def seat(self, agent_id: str, call: str | None = None, queue: str = "greening", **parts: Any) -> None:
        """The agent is in this state, a `SeatState`. `call`, of `queue`, rings, is talked to or wrapped up there."""
        known = state.load(self._engine.snapshot())
        was = known.seats[agent_id]
        here = known.seats[agent_id] = replace(was, call=call, queue=queue if call else None, **parts)
        if was.call in known.places and known.places[was.call].agent == agent_id:
            del known.places[was.call]
        known.offers = {name: offer for name, offer in known.offers.items() if offer.agent != agent_id}
        if call is not None and here.state in (AgentState.RINGING, AgentState.ON_CALL):
            place = known.places.setdefault(call, PlaceState(queue, "zh", here.since, 0.0, len(known.places)))
            if here.state is AgentState.ON_CALL:
                place.agent, place.connected_at = agent_id, here.since
            else:
                known.offers[f"offer-{agent_id}"] = OfferState(call, agent_id, 0, here.since, here.since + 15)
                place.rings += 1
        self._restore(state.dump(known))

    def wait(self, queue: str, *waited: float, call: str = "waits", **parts: Any) -> None:
        """Callers wait in the queue, so many seconds each, and nobody else; each is a `PlaceState` with `parts`."""
        known = state.load(self._engine.snapshot())
        for name in [name for name, place in known.places.items() if place.queue == queue and place.agent is None]:
            del known.places[name]
        for number, seconds in enumerate(waited, len(known.places)):
            place = PlaceState(queue, "zh", self.clock.now() - seconds, 0.0, number)
            known.places[f"{call}-{queue}-{number}"] = replace(place, **parts)
        self._restore(state.dump(known))

    def _restore(self, snapshot: Mapping[str, Any], records: Iterable[Record] = ()) -> None:
        made = self.hotline
        now, until = self.clock.now(), made.away_after
        self.distributor.engine = Engine.restored(
            made.queues, made.agents, snapshot, records, seed=1, now=now, away_after=until
        )

    @property
    def _engine(self) -> Engine:
        return self.distributor.engine

    # -- who looks, and what is wanted ---------------------------------------------------------------------------------

    def queue_view(self, queue_id: str) -> QueueView:
        self.reads += 1
        return super().queue_view(queue_id)

    def line_up(self, queue_ids: Iterable[str], limit: int) -> Mapping[str, Sequence[Standing]]:
        self.looks += 1
        return super().line_up(queue_ids, limit)

    def ring_agent(self, effect: RingAgent) -> None:
        self.effects.append(effect)

    def cancel_ring(self, effect: CancelRing) -> None:
        self.effects.append(effect)

    def announce(self, effect: Announce) -> None:
        self.effects.append(effect)

    def leave_queue(self, effect: LeaveQueue) -> None:
        self.effects.append(effect)

    def call_back(self, effect: CallBack) -> None:
        self.effects.append(effect)
