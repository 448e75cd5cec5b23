"""The book of calls: live calls from memory, all others from the archive."""

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from accounts.model import EVERYTHING, Reach
from agents.model import NOTHING_BESIDE, Aside, Beside, With
from base.numbers import is_shown, plain
from calls.model import BEGINS, ENDS, CallState, CallSummary, Search, fold
from journal.records import Record

RECENT = 3_600.0
"""Seconds after the end of a call for which it is kept in memory: as long as it can be wrapped up."""


class Archive(Protocol):
    """The calls that the journal has. It is a Protocol, as this book is pure, and `calls.store.CallStore` is not."""

    async def list(self, search: Search, limit: int, reach: Reach) -> Sequence[CallSummary]: ...

    async def get(self, call_id: str) -> CallSummary | None: ...

    async def story(self, call_id: str) -> Sequence[Record]: ...

    async def noted(self, call_ids: Collection[str]) -> Mapping[str, Sequence[Record]]: ...

    async def earlier(
        self, call: CallSummary, limit: int, reach: Reach, linked: Collection[str]
    ) -> Sequence[CallSummary]: ...


@dataclass(slots=True)
class _Page:
    summary: CallSummary
    story: deque[Record]
    whole: bool
    """Whether `story` has every Record of the call."""

    def add(self, record: Record, limit: int) -> None:
        """Take in the next Record. `limit`: Records that are kept."""
        self.summary = fold(self.summary, record)
        self.whole = self.whole and len(self.story) < limit
        self.story.append(record)

    def story_after(self, archived: Sequence[Record]) -> Sequence[Record]:
        """What the archive has, then what it does not have yet."""
        earlier, newest = list(archived), list(self.story)
        known = min(len(earlier), len(newest))
        while known and earlier[-known:] != newest[:known]:
            known -= 1
        return (*earlier, *newest[known:])


class CallBook:
    """Live calls with their stories, from memory, and all others from the archive.

    A call enters with its first Record (`BEGINS`) and stays until the journal has its end (`written`), so that no call
    is missing in between. `story_limit`: Records a call that are kept in memory; a longer story is read from the
    archive. `ended_limit`: ended calls that are kept when the journal cannot write; the oldest are let go.

    A call that ended within RECENT seconds is read from memory too (`get` only), at most `recent_limit` of them: its
    agent wraps it up, also while the database is away.

    `note` must see every Record in order: the intake and the snapshot ask this book. If `note` raises, the journal has
    the Record, but the book keeps the call as it was before. If the beginning of a call is missed, only the archive
    knows the call, and a restart finds it by its channel. If the end is missed, the call stays live until the next
    start, which finds no channel and closes it; a restart that waits for calls in the menus waits for its whole time.
    """

    def __init__(
        self, archive: Archive, *, story_limit: int = 2_000, ended_limit: int = 1_000, recent_limit: int = 2_000
    ) -> None:
        self._archive = archive
        self._story_limit = story_limit
        self._ended_limit = ended_limit
        self._recent_limit = recent_limit
        self._pages: dict[str, _Page] = {}
        self._ended: dict[str, None] = {}  # call ids in the order of their ends
        self._recent: dict[str, _Page] = {}  # ended calls that the archive has, in the order in which it got them

    def take_up(self, unfinished: Iterable[CallSummary]) -> None:
        """Calls that go on after a restart of the service; the archive has their stories."""
        for summary in unfinished:
            self._pages[summary.id] = _Page(summary, deque(maxlen=self._story_limit), whole=False)

    def unfinished(self) -> list[CallSummary]:
        """The calls that have not ended, in the order of their beginnings."""
        return [page.summary for page in self._pages.values() if page.summary.state is not CallState.ENDED]

    def unsettled(self) -> list[CallSummary]:
        """As `unfinished`, and those that have just ended while somebody still counts as listening."""
        pages = self._pages.values()
        return [page.summary for page in pages if page.summary.state is not CallState.ENDED or page.summary.listeners]

    def note(self, record: Record) -> CallSummary | None:
        """Take in a Record that the journal has. Returns the summary of its call after it.

        None: the Record belongs to no call, or to one that this book does not hold (any longer).
        """
        while self._recent and self._first_recent_ended() < record.at - RECENT:
            del self._recent[next(iter(self._recent))]
        if record.call is None:
            return None
        page = self._pages.get(record.call)
        if page is None:
            recent = self._recent.get(record.call)
            if record.kind not in BEGINS:
                if recent is not None:
                    recent.add(record, self._story_limit)
                return None
            self._recent.pop(record.call, None)
            story = deque[Record](maxlen=self._story_limit)
            page = self._pages[record.call] = _Page(fold(None, record), story, whole=not record.data.get("resumed"))
        page.add(record, self._story_limit)
        if page.summary.state is not CallState.ENDED:
            self._ended.pop(record.call, None)
        elif record.kind in ENDS:
            self._ended[record.call] = None
            if len(self._ended) > self._ended_limit:
                self._forget(next(iter(self._ended)))
        return page.summary

    def summary(self, record: Record) -> CallSummary | None:
        """The present summary of this Record's call; None as in `note`."""
        page = self._pages.get(record.call or "")
        return None if page is None else page.summary

    def live_summary(self, call_id: str) -> CallSummary | None:
        """The call as it is now; None: there is no such call in memory."""
        page = self._pages.get(call_id)
        return None if page is None else page.summary

    def kept_summary(self, call_id: str) -> CallSummary | None:
        """As `live_summary`, also of a call that has ended within an hour."""
        page = self._pages.get(call_id) or self._recent.get(call_id)
        return None if page is None else page.summary

    def number_of(self, call_id: str) -> str:
        """The caller's number of a live call; "": it is hidden, or there is no such call."""
        page = self._pages.get(call_id)
        return "" if page is None else page.summary.caller

    def beside(self, call_id: str, agent: str) -> Beside:
        """Of the talk of this agent in a live call: since when the agent has called for help, what goes on beside it,
        and from whom no audio comes. None: the agent has not called, nothing goes on. In a talk of three this holds for
        the other agent, too.
        """
        page = self._pages.get(call_id)
        if page is None:
            return NOTHING_BESIDE
        call = page.summary
        if call.agent != agent:
            joined = call.third and call.agent is not None and (call.consulted or {}).get("agent") == agent
            return Beside(None, Aside(None, {"agent": call.agent or ""}, With.JOINED) if joined else None)
        if call.held is None and call.consulted is None:
            return Beside(call.help_since, None, call.silent)
        stage = None if not call.consulted else With.JOINED if call.third else With.ASKED if call.asked else With.RINGS
        return Beside(call.help_since, Aside(call.held, call.consulted or {}, stage))

    def asks_about(self, call_id: str, agent: str | None) -> bool:
        """Whether this agent rings for a colleague, or talks with one, who asks a queue about that call."""
        if agent is None:
            return False
        asking = (page.summary for page in self._pages.values() if page.summary.about == call_id)
        return any(one.agent == agent and one.state in (CallState.RINGING, CallState.TALKING) for one in asking)

    def written(self, records: Sequence[Record]) -> None:
        """The journal has these. From now on the archive has the calls that ended in them."""
        for record in records:
            if record.kind in ENDS and record.call in self._ended:
                self._recent[record.call] = self._pages[record.call]
                self._forget(record.call)
                if len(self._recent) > self._recent_limit:
                    del self._recent[next(iter(self._recent))]

    def forget_recent(self) -> None:
        """Read all ended calls from the archive: it has changed."""
        self._recent.clear()

    def live(self) -> int:
        """Calls that have not ended."""
        return len(self._pages) - len(self._ended)

    def tally(self) -> Mapping[CallState, int]:
        """How many calls are where, of those that have not ended."""
        return Counter(call.state for call in self.unfinished())

    def in_menus(self) -> int:
        """Calls in the menus or at the goodbye; the others wait, ring or talk."""
        led = (CallState.MENU, CallState.SURVEY)
        return sum(page.summary.state in led for page in self._pages.values())

    async def list(self, search: Search, limit: int, reach: Reach = EVERYTHING) -> Sequence[CallSummary]:
        """The newest `limit` calls within `reach` that are looked for, newest first.

        The archive is asked only if ended calls are wanted; memory has all the others.
        """
        # Memory is read first: a call that ends during the query is then in both, and memory wins.
        ours = {call_id: page.summary for call_id, page in self._pages.items()}
        noted = {call_id for call_id, page in self._pages.items() if search.noted(page.story)}
        found: list[CallSummary] = []
        if search.state in (None, CallState.ENDED):
            # More, as memory overrules the rows of its calls, which may still show an earlier state.
            archived = await self._archive.list(search, limit + len(ours), reach)
            found += [summary for summary in archived if summary.id not in ours]
            noted |= {summary.id for summary in archived}  # a story in memory may lack its beginning
        found += [one for one in ours.values() if one.id in noted and search.fits(one) and one.within(reach)]
        found.sort(key=lambda summary: (summary.started, summary.id), reverse=True)
        return found[:limit]

    async def get(self, call_id: str) -> tuple[CallSummary, Sequence[Record]] | None:
        """The call and its Records in order; None: there is no such call."""
        page = self._pages.get(call_id) or self._recent.get(call_id)
        if page is not None:
            return page.summary, page.story_after(() if page.whole else await self._archive.story(call_id))
        archived = await self._archive.get(call_id)
        return None if archived is None else (archived, await self._archive.story(call_id))

    async def begin(self, call_id: str, reach: Reach = EVERYTHING) -> tuple[float, str] | None:
        """When the call began, with its id; None: there is none within `reach`."""
        summary = self.live_summary(call_id) or await self._archive.get(call_id)
        return (summary.started, summary.id) if summary is not None and summary.within(reach) else None

    async def noted(self, call_ids: Collection[str]) -> Mapping[str, Sequence[Record]]:
        """Of each of these calls the Records of who talked and what agents noted, in order."""
        ours = {call_id: page.story for call_id in call_ids if (page := self._whole(call_id)) is not None}
        rest = [call_id for call_id in call_ids if call_id not in ours]
        return {**ours, **(await self._archive.noted(rest) if rest else {})}

    async def earlier(
        self, call: CallSummary, limit: int, reach: Reach = EVERYTHING, linked: Collection[str] = ()
    ) -> Sequence[CallSummary]:
        """The newest `limit` calls within `reach` of the same number, or one of `linked`, that began before and have
        ended, newest first.
        """
        # Memory is read first: the archive lacks the ends of these calls, and may get them meanwhile.
        ended = {call_id: self._pages[call_id].summary for call_id in self._ended}
        archived = await self._archive.earlier(call, limit, reach, linked)
        numbers = {plain(number) for number in (call.caller, *linked)} if is_shown(call.caller) else ()
        ours = [one for one in ended.values() if one.started < call.started and plain(one.caller) in numbers]
        found = [one for one in ours if one.within(reach) and not one.test]
        found += [self.kept_summary(one.id) or one for one in archived if one.id not in ended]  # with the newest code
        return sorted(found, key=lambda one: one.started, reverse=True)[:limit]

    def _whole(self, call_id: str) -> _Page | None:
        """The call with all its Records; None: memory does not have all of them."""
        page = self._pages.get(call_id) or self._recent.get(call_id)
        return page if page is not None and page.whole else None

    def _first_recent_ended(self) -> float:
        return next(iter(self._recent.values())).summary.ended or 0.0

    def _forget(self, call_id: str) -> None:
        self._ended.pop(call_id, None)
        self._pages.pop(call_id, None)
