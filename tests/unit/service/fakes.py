"""Fakes of what single routes stand on, that do what the real ones promise. `world` puts them together."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from accounts.model import Reach
from calls.api import CallIn, CallPlaced
from calls.model import CallState
from calls.trials import LastTrial, TrialView
from doctor.api import CheckOut, FindingOut, IntakeOut, calls_now
from drawing.drawings import Drawings
from drawing.listing import OutlineOut
from hotline.extras import Paths
from hotline.problem import Problem
from hotline.trial import Figures, Verdict
from journal.actor import SYSTEM, Actor
from publishing.administration_api import ReloadOut, told
from publishing.versions import Origin, Version, content
from publishing.versions_api import NONE, Newer, Published, Wanted
from tests.unit.drawing.graphs import of


class FakeOperations:
    """`failure`: what the next operation raises."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.report = ReloadOut(version="v2", changed=True, problems=[], removed=[], taken_back=None)
        self.orders: list[CallIn] = []
        self.waits: list[float] = []
        self.drained = False
        self.asked: list[Actor] = []

    async def reload(self, actor: Actor, language: str) -> ReloadOut:
        self.asked.append(actor)
        if self.failure is not None:
            raise self.failure
        return self.report

    async def place_call(self, order: CallIn, actor: Actor) -> CallPlaced:
        self.asked.append(actor)
        if self.failure is not None:
            raise self.failure
        self.orders.append(order)
        return CallPlaced(call_id="c9", recording="c9.wav" if order.record else None)

    async def restart(self, wait: float, actor: Actor) -> int:
        self.asked.append(actor)
        if self.failure is not None:
            raise self.failure
        self.waits.append(wait)
        return 3

    async def drain(self, on: bool, actor: Actor) -> None:
        self.asked.append(actor)
        if self.failure is not None:
            raise self.failure
        self.drained = on


def _first() -> Version:
    files = {"hotline.yaml": "hotline: small\n", "agents.yaml": "agents: []\n"}
    return Version(1, 1_700_000_000.0, SYSTEM, "", "6f1c2a90b7d3", Origin.FOLDER, "/h", content(files))


@dataclass
class FakeVersions:
    """Keeps what is published. `failure`: what the next publish raises."""

    kept: dict[int, Mapping[str, str]] = field(default_factory=lambda: {1: {"hotline.yaml": "hotline: small\n"}})
    versions: list[Version] = field(default_factory=lambda: [_first()])
    asked: list[Wanted] = field(default_factory=list)
    failure: Exception | None = None
    trials: dict[int, TrialView] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    kept_paths: Paths | None = None

    @property
    def version(self) -> Version | None:
        return next((each for each in reversed(self.versions) if each.trial is None), None)

    def tried(self, number: int) -> TrialView | None:
        return self.trials.get(number)

    @property
    def latest(self) -> LastTrial | None:
        """The last trial."""
        view = next(reversed(self.trials.values()), None)
        return None if view is None else LastTrial(view.number, view.percent, view.since, view.verdict, view.ended)

    def history(self) -> Sequence[Version]:
        return self.versions

    async def files(self, number: int) -> Mapping[str, str]:
        return self.kept[number]

    async def paths(self, number: int) -> Paths | None:
        return self.kept_paths

    def lost(self, version: Version) -> Sequence[str]:
        return self.gone

    async def publish(self, wanted: Wanted, actor: Actor, known: str | None = None) -> Published:
        self.asked.append(wanted)
        current = self.version
        if known is not None and known != (NONE if current is None else current.tag):
            raise Newer(current)
        if self.failure is not None:
            raise self.failure
        files = wanted.files or self.kept[wanted.number or 1]
        number = len(self.versions) + 1
        origin = wanted.number or (Origin.DRAFT if wanted.files else Origin.FOLDER)
        made = Version(number, 1_700_000_050.0, actor, wanted.note, "a" * 12, origin, "/h", content(files))
        for tried, view in self.trials.items():
            if view.verdict is Verdict.RUNNING:
                verdict = Verdict.FOR_ALL if wanted.number == tried else Verdict.ENDED
                self.trials[tried] = replace(view, verdict=verdict, ended=made.at)
        if (percent := wanted.percent) is not None:
            made = replace(made, trial={"percent": percent})
            self.trials[number] = TrialView(number, percent, made.at, Figures(), Figures(), 1, 20, Verdict.RUNNING)
        self.versions.append(made)
        self.kept[number] = files
        return Published(made, True, ())


class FakeExamination:
    """`failure`: what the next look raises."""

    def __init__(self, tally: Callable[[], Mapping[CallState, int]], operations: FakeOperations) -> None:
        self.failure: Exception | None = None
        self.no_restart: str | None = None
        self.findings = [
            FindingOut(
                level="right",
                what="libraries",
                sentence="51 as runtime.txt says",
                chinese="51 个，与 runtime.txt 一致",
            ),
            FindingOut(level="odd", what="disk", sentence="only 800 MB are free at STATE", chinese="STATE 只剩 800 MB"),
            FindingOut(
                level="wrong",
                what="sound programs",
                sentence="install: apt-get install sox",
                chinese="请安装：apt-get install sox",
            ),
        ]
        self.checked = CheckOut(in_use="v1", usable=True, problems=[], more=0)
        self.problems: Sequence[Problem] = ()
        self.since: datetime | None = None
        self._tally, self._operations = tally, operations

    async def doctor(self) -> Sequence[FindingOut]:
        self._look()
        return self.findings

    async def check(self, language: str) -> CheckOut:
        self._look()
        wrong = {"problems": told(self.problems, language)} if self.problems else {}
        return self.checked.model_copy(update=wrong)

    def intake(self) -> IntakeOut:
        since = (self.since or datetime(2026, 3, 3, tzinfo=UTC)) if self._operations.drained else None
        return IntakeOut(
            drained_since=since,
            restarting=bool(self._operations.waits),
            calls=calls_now(self._tally()),
            no_restart=self.no_restart,
        )

    def _look(self) -> None:
        if self.failure is not None:
            raise self.failure


class FakeDrawings(Drawings):
    """A picture that says what was asked for. `asked`: how many were begun; `held`: what drawing waits for; `given_up`:
    how often it was given up meanwhile.
    """

    def __init__(self) -> None:
        self.held: asyncio.Event | None = None
        self.asked = self.given_up = 0

    def languages(self) -> tuple[str, ...]:
        return "zh", "en"

    async def drawing(self, language: str, days: int | None, reach: Reach) -> OutlineOut:
        self.asked += 1
        if self.held is not None:
            try:
                await self.held.wait()
            except asyncio.CancelledError:
                self.given_up += 1
                raise
        told = f"<svg>{language} {days} {'all' if reach.whole else sorted(reach.queues)}</svg>"
        return OutlineOut.of(of(language=language), told)
