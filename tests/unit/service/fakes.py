"""Fakes of what single routes stand on, that do what the real ones promise. `world` puts them together."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from accounts.model import Asker, Reach
from calls.api import CallIn, CallPlaced
from calls.dial_api import AgentDials
from calls.listeners import Listener, Listening, Mode
from calls.live.listening import Listenings, NotHeard
from calls.live.orders import TalkOrders
from calls.model import CallState
from calls.trials import LastTrial, TrialView
from dialplan.browser_phones import BrowserPhone, BrowserPhones
from doctor.api import CheckOut, Examination, FindingOut, IntakeOut, calls_now
from drawing.drawings import Drawings
from drawing.listing import OutlineOut
from hotline.extras import Paths
from hotline.problem import Problem
from hotline.prompts_api import PromptOut, Prompts
from hotline.trial import Figures, Verdict
from ivr.model import Destination, ToQueue, ToSubHotline
from journal.actor import SYSTEM, Actor
from privacy.model import AboutNumber, ForgetOut, PurgeOut
from privacy.numbers import Numbers
from privacy.retention import Retention
from publishing.operations import Administration
from publishing.publisher import NONE, Newer, Published, Publishing, Wanted
from publishing.shapes import ReloadOut, told
from publishing.versions import Origin, Version, content
from tests.unit.drawing.graphs import of


class FakeTransfers(TalkOrders):
    """Callers who are sent on. `talks`: by call, who talks with the caller; `refusal`: what is answered instead."""

    def __init__(self) -> None:
        self.talks: dict[str, str] = {}
        self.unknown: set[str] = set()
        self.refusal: Exception | None = None
        self.asked: list[tuple[str, Destination | str, Actor, bool]] = []
        self.reasons: list[str] = []
        self.ordered: list[tuple[str, str, Actor]] = []

    def talker(self, call_id: str) -> str | None:
        return self.talks.get(call_id)

    def has(self, to: Destination) -> bool:
        return to.node is None or to.node[1] not in self.unknown

    def transfer(self, call_id: str, to: Destination | str, actor: Actor, *, own: bool, reason: str = "") -> None:
        if self.refusal is not None:
            raise self.refusal
        self.asked.append((call_id, to, actor, own))
        self.reasons.append(reason)

    def consult(self, call_id: str, line: ToQueue | ToSubHotline | str, actor: Actor, *, reason: str = "") -> None:
        self.reasons.append(reason)
        number = line if isinstance(line, str) else line.queue if isinstance(line, ToQueue) else line.sub_hotline
        self._order(call_id, f"consult {number}", actor)

    async def lead(self, call_id: str) -> None:
        """Every call here is one of a queue."""

    def hold(self, call_id: str, actor: Actor) -> None:
        self._order(call_id, "hold", actor)

    def unhold(self, call_id: str, actor: Actor) -> None:
        self._order(call_id, "unhold", actor)

    def go_back(self, call_id: str, actor: Actor) -> None:
        self._order(call_id, "return", actor)

    async def complete(self, call_id: str, actor: Actor, *, own: bool) -> None:
        self._order(call_id, "complete, own" if own else "complete", actor)

    async def join(self, call_id: str, actor: Actor) -> None:
        self._order(call_id, "join", actor)

    def _order(self, call_id: str, what: str, actor: Actor) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.ordered.append((call_id, what, actor))


class FakeListenings(Listenings):
    """Supervisors who listen. `refusal`: what is answered instead, `failure`: what the next request raises."""

    def __init__(self) -> None:
        self.open: list[Listening] = []
        self.refusal: str | None = None
        self.failure: Exception | None = None
        self.asked: list[tuple[str, str, str, str]] = []

    def listenings(self) -> Sequence[Listening]:
        return self.open

    async def listen(self, call_id: str, mode: Mode, phone: str, asker: Asker) -> Listening:
        self._ask("listen", call_id, mode, phone)
        listener = Listener(f"l{len(self.asked)}", mode, phone, asker.actor, 1_700_000_050.0)
        self.open.append(Listening(call_id, "greening", "1001", listener))
        return self.open[-1]

    async def change(self, call_id: str, mode: Mode, phone: str, asker: Asker) -> Listening:
        self._ask("change", call_id, mode, phone)
        self.open = [replace(each, listener=replace(each.listener, mode=mode)) for each in self.open]
        return self.open[-1]

    async def stop(self, call_id: str, phone: str) -> None:
        self._ask("stop", call_id, "", phone)
        self.open = []

    def _ask(self, what: str, call_id: str, mode: str, phone: str) -> None:
        if self.failure is not None:
            raise self.failure
        if self.refusal is not None:
            raise NotHeard(self.refusal)
        self.asked.append((what, call_id, str(mode), phone))


class FakeOperations(Administration):
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


class FakeVersions(Publishing):
    """Keeps what is published. `failure`: what the next publish raises."""

    def __init__(
        self,
        kept: dict[int, Mapping[str, str]] | None = None,
        versions: list[Version] | None = None,
        kept_paths: Paths | None = None,
    ) -> None:
        self.kept = kept or {1: {"hotline.yaml": "hotline: small\n"}}
        self.versions = versions or [_first()]
        self.kept_paths = kept_paths
        self.asked: list[Wanted] = []
        self.failure: Exception | None = None
        self.trials: dict[int, TrialView] = {}
        self.gone: list[str] = []

    @property
    def version(self) -> Version | None:
        return next((each for each in reversed(self.versions) if each.trial is None), None)

    @version.setter
    def version(self, made: Version | None) -> None:
        """It follows from `versions`."""

    def tried(self, number: int) -> TrialView | None:
        return self.trials.get(number)

    @property
    def latest(self) -> LastTrial | None:
        """The last trial."""
        view = next(reversed(self.trials.values()), None)
        return None if view is None else LastTrial(view.number, view.percent, view.since, view.verdict, view.ended)

    def history(self) -> tuple[Version, ...]:
        return tuple(self.versions)

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


class FakeExamination(Examination):
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


class FakePrompts(Prompts):
    """`sounds`: by id, what is played."""

    def __init__(self) -> None:
        self.known = [
            PromptOut(
                id="3f2a91c0",
                key="0b7c5a0d2f4e6918",
                language="zh",
                text="绿化请按1，供水请按2",
                speaker="voice",
                seconds=4.1,
                where=["menus.main.say"],
                recording=None,
                pending=False,
            ),
            PromptOut(
                id="5c0e11aa",
                key="1c8d6b1e3a5f7029",
                language="en",
                text="Goodbye.",
                speaker="draft",
                seconds=1.25,
                where=["goodbye", "menus.late.say"],
                recording=None,
                pending=False,
            ),
            PromptOut(
                id="9d31b7e2",
                key="2d9e7c2f4b60813a",
                language="zh",
                text="请稍候。",
                speaker="recording",
                seconds=None,
                where=["phrase wait"],
                recording="5d41402abc4b2a76b9719d911017c592",
                pending=False,
            ),
        ]
        self.sounds: dict[str, bytes] = {}

    async def prompts(self) -> Sequence[PromptOut]:
        return self.known

    async def sound(self, prompt_id: str) -> bytes | None:
        return self.sounds.get(prompt_id)


class FakePrivacy(Retention, Numbers):
    """Old data, and the number of one caller: `failure` is what the next request raises."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.asked: list[tuple[str, str, str]] = []

    async def due(self) -> PurgeOut:
        return await self.purge(SYSTEM)

    async def purge(self, actor: Actor) -> PurgeOut:
        self._ask("purge", "", actor)
        return PurgeOut(numbers=2, links=0, steps=30, calls=0, records=0, snapshots=1, files=0, more=True)

    async def look(self, number: str) -> ForgetOut:
        self._ask("look", number, SYSTEM)
        return ForgetOut(removed=0, calls=3, live=1, alike=[], linked=[], lists=["nuisance"], more=False)

    async def forget(self, number: str, actor: Actor) -> ForgetOut:
        self._ask("forget", number, actor)
        return ForgetOut(removed=3, calls=0, live=1, alike=["+8613800000000"], linked=[], lists=[], more=False)

    async def about(self, number: str, after: str, actor: Actor) -> AboutNumber:
        self._ask("about", number, actor)
        return AboutNumber(calls=[], alike=[], linked=[], lists=["nuisance"], after=None)

    def _ask(self, what: str, number: str, actor: Actor) -> None:
        if self.failure is not None:
            raise self.failure
        self.asked.append((what, number, actor))


class FakeBrowserPhones(BrowserPhones):
    """`let_in`: agents with a password now; `holder`: of the last one; `failure`: what the next request raises."""

    def __init__(self) -> None:
        self.port = 8088
        self.let_in: set[str] = set()
        self.holder = ""
        self.failure: Exception | None = None

    async def admit(self, agent_id: str, holder: str) -> BrowserPhone:
        self._ask()
        self.holder = holder
        self.let_in.add(agent_id)
        return BrowserPhone(user=f"{agent_id}_browser", password="made for this test", port=self.port)

    async def shut_out(self, agent_id: str) -> None:
        self._ask()
        self.let_in.discard(agent_id)

    def _ask(self) -> None:
        if self.failure is not None:
            raise self.failure


class FakeDials(AgentDials):
    """Agents' phones that dial. `refusal`: what is answered instead."""

    def __init__(self) -> None:
        self.refusal: Exception | None = None
        self.dialled: list[tuple[str, str]] = []

    async def dial(self, agent_id: str, number: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.dialled.append((agent_id, number))
