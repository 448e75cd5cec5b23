"""What the journal must say in the end, about each call that a phone placed and about the order of all calls."""

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from acd.engine.parts import LONGEST_HEAD_START
from base.folders import StateFolder
from calls.events import CUT_OFF, Lost
from hotline.model import Hotline
from lab.chaos.caller import GONE, Visit
from lab.chaos.ledger import Ledger, Story
from recordings.model import SUFFIX

AFTER = ("recorded", "recording-removed", "leg-measured", "sound-lost", "sound-back")
"""Kinds that are written about a call that is over, or about its sound."""

AUDIBLE = 1.0
"""Seconds of a talk from which on it has something to record."""

_ENDS = ("connected", "offer-failed", "offer-cancelled")


class Row(NamedTuple):
    """A Record as the database has it."""

    seq: int
    at: float
    kind: str
    call: str | None
    queue: str | None
    agent: str | None
    offer: str | None
    data: Mapping[str, Any]

    def moved(self, to: str) -> bool:
        """Whether a supervisor moved the caller: `front`, `agent` or `queue`."""
        return self.kind == "moved" and to in self.data["to"]


def read(database: Path) -> list[Row]:
    """All Records in their order."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute('SELECT seq, at, kind, "call", queue, agent, offer, data FROM records ORDER BY seq')
        return [Row._make((*row[:7], json.loads(row[7]))) for row in rows]


@dataclass
class Journal:
    """All Records, in order; those of calls by call, too."""

    rows: Sequence[Row]

    def __post_init__(self) -> None:
        self.by_call: dict[str, list[Row]] = defaultdict(list)
        self.by_caller: dict[str, list[str]] = defaultdict(list)
        for row in self.rows:
            if row.call is None or row.kind in AFTER:
                continue
            if row.kind == "call-started" and row.call not in self.by_call:
                self.by_caller[row.data.get("caller", "")].append(row.call)
            self.by_call[row.call].append(row)


async def compare(
    journal: Journal, visits: Iterable[Visit], get: Callable[[str], Awaitable[Any]], hotline: Hotline, ledger: Ledger
) -> None:
    """Compare what phones saw with `GET calls/{id}` of every call that no end of Asterisk and no dead caller ended."""
    for visit, expected in _last(visits):
        calls = journal.by_caller.get(visit.number, [])
        if visit.taken or visit.died_at is not None or len(calls) != expected:
            continue
        told = await get(f"calls/{calls[-1]}")
        if told is None:
            ledger.lose("no story", visit.number, f"GET calls/{calls[-1]}", visit.story)
            continue
        for why in ledger.views.compare(told, hotline):
            story = _story(visit, journal, calls[-1], ledger)
            ledger.lose("story wrong", visit.number, f"{calls[-1]}: {why}", story)
        for sent in ledger.views.unseen(told):
            ledger.count(f"transfers, {sent.transfer.way}: nobody saw it")
        ledger.count("stories compared with phones")
        for transfer in told["transfers"]:
            to = "agent" if transfer["to"].get("agent") else next(iter(transfer["to"]), "nowhere")
            ledger.count(f"transfers, {transfer['how']}, to {to}: {transfer['became']}")


def _last(visits: Iterable[Visit]) -> Iterable[tuple[Visit, int]]:
    """The last visit of each number, and how many calls the journal must have: those of citizens who were called back
    and pressed nothing are none.
    """
    of_number: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        of_number[visit.number].append(visit)
    for each in of_number.values():
        was_called = [visit for visit in each if visit.confirmed]
        yield ([each[0], *was_called][-1], 1 + len(was_called))


def check(journal: Journal, visits: Sequence[Visit], agents: Container[str], ledger: Ledger) -> None:
    """Check everything; each mistake goes to the ledger as a loss."""
    known = {visit.number: visit for visit, _ in _last(visits)}
    for visit, expected in _last(visits):
        _check_visit(journal, visit, expected, ledger)
    promised = {row.call for row in journal.rows if row.kind == "callback-promised"}
    for visit in visits:
        if visit.promised and not promised & set(journal.by_caller.get(visit.number, ())):
            ledger.lose("no callback", visit.number, "was promised, and the journal has none", visit.story)
    for number in journal.by_caller.keys() - known.keys():
        if number in agents:  # an agent's own call, to a queue before an attended transfer
            for call in journal.by_caller[number]:
                if _goes_on(journal.by_call[call], number, ledger):
                    ledger.count("agents' calls to a queue that their callers went on with, while nobody saw it")
                    continue
                for why in wrong_with(journal.by_call[call]):
                    ledger.lose("record incomplete", number, why, _story(None, journal, call, ledger))
            continue
        ledger.lose("unknown call", number, "nobody placed it")
    for why, row in out_of_order(journal.rows):
        owner = journal.by_call[row.call or ""][0].data.get("caller", "") if row.call in journal.by_call else ""
        ledger.lose("out of order", owner, why, _story(known.get(owner), journal, row.call, ledger))
    for agent, why in two_at_once(journal.rows):
        ledger.lose("two at once", agent, why)


def _goes_on(rows: Sequence[Row], agent: str, ledger: Ledger) -> bool:
    """Whether a caller has gone on with this call of the agent's: its channel had that call's variables."""
    handed_over = any(sent.agent == agent and ledger.views.queue_unseen(sent) for sent in ledger.views.sent)
    return handed_over and any(row.kind == "call-started" and row.data.get("resumed") for row in rows)


def _check_visit(journal: Journal, visit: Visit, expected: int, ledger: Ledger) -> None:
    calls = journal.by_caller.get(visit.number, [])
    if not calls:
        if visit.answered and not visit.taken and visit.hearing is not None and "said:greeting" in visit.hearing.heard:
            ledger.lose("no record", visit.number, "the journal has no call of this caller", visit.story)
        return
    if len(calls) > expected:
        ledger.count("calls that the journal has in two parts")
        ledger.tell(f"{visit.number} is in the journal as {', '.join(calls)}")
    for call in calls:
        if journal.by_call[call][0].data.get("resumed"):
            ledger.count("calls whose service died before their first Record")
            ledger.tell(f"{visit.number} is in the journal as {call}, resumed")
        for why in wrong_with(journal.by_call[call]):
            ledger.lose("record incomplete", visit.number, why, _story(visit, journal, call, ledger))
    rows = [row for call in calls for row in journal.by_call[call]]
    if visit.left_at is None and visit.died_at is None and (why := not_cut_off(rows, visit.taken_at)):
        ledger.lose("not cut off", visit.number, why, _story(visit, journal, calls[-1], ledger))
    if visit.died_at is not None and (why := left_behind(rows, visit.died_at)):
        ledger.lose("dead caller", visit.number, why, _story(visit, journal, calls[0], ledger))
    talked = any(row.kind == "connected" or row.kind == "sub-hotline-answered" for row in rows)
    if visit.talks and not talked and visit.hearing is not None and visit.hearing.voices("agent:") - {"agent:2200"}:
        if visit.barely_talked:
            ledger.count("talks that Asterisk's end took before anybody was told of them")
        else:
            ledger.lose(
                "talk not recorded", visit.number, "the caller heard an agent", _story(visit, journal, calls[0], ledger)
            )


def not_cut_off(rows: Sequence[Row], taken: float) -> str:
    """What is wrong with the end of a call that Asterisk's end took, at that time of the epoch; "" for nothing. Nobody
    has hung up, whether Asterisk was killed or stopped: else the caller would not have the place back.
    """
    ends = [row.data for row in rows if row.kind == "call-finished" and row.at >= taken]
    return next((f"Asterisk ended, and the story says {end}" for end in ends if end.get("cause") not in CUT_OFF), "")


def left_behind(rows: Sequence[Row], died: float) -> str:
    """What is wrong with the end of a call whose caller's phone died then (seconds of the epoch); "" if nothing is."""
    finished = rows[-1]
    if finished.kind != "call-finished":
        return f"the phone died at {died:.2f}, and the call has no end"
    if finished.at - died > GONE:
        return f"the call ended {finished.at - died:.0f} s after the phone's death"
    if finished.data.get("outcome") == "lost" and finished.data.get("cause") != "asterisk-ended":
        return "the call counts as lost"
    return ""


def wrong_with(rows: Sequence[Row]) -> list[str]:
    """What is incomplete in one call's Records."""
    wrong = []
    kinds = Counter(row.kind for row in rows)
    fresh = sum(row.kind == "call-started" and not row.data.get("resumed") for row in rows)
    if fresh > 1 or rows[0].kind != "call-started":
        wrong.append(f"it starts {fresh} times, with {rows[0].kind}")
    if kinds["call-finished"] != 1 or rows[-1].kind != "call-finished":
        wrong.append(f"it is finished {kinds['call-finished']} times, and ends with {rows[-1].kind}")
    if kinds["connected"] != kinds["talk-ended"]:
        wrong.append(f"connected {kinds['connected']} times, talk-ended {kinds['talk-ended']} times")
    unseen = rows[-1].data.get("cause") == "hung-up-unseen"  # while the service was away: the last talk has no end
    gone = sum(row.kind == "transfer-failed" and row.data.get("status") == "ANSWER" for row in rows)  # in the talk
    answered, ended = kinds["transfer-answered"], kinds["transfer-ended"] + gone
    if answered - ended not in ((0, 1) if unseen else (0,)):
        wrong.append(f"transfer-answered {answered} times, over {ended} times")
    sent = kinds["transferred"] + sum(row.data.get("cause") == Lost.AGENT for row in rows if row.kind == "talk-ended")
    if kinds["connected"] > 1 + sent:
        wrong.append(f"connected {kinds['connected']} times, but sent on {sent} times")
    queued = kinds["queued"] + kinds["callback-answered"]
    stays = kinds["left-queue"] + kinds["overflowed"] + kinds["connected"] + sum(row.moved("queue") for row in rows)
    stays += kinds["callback-promised"]
    if queued != stays:
        wrong.append(f"queued {queued} times, out of the queue {stays} times")
    offered = [row.offer for row in rows if row.kind == "offered"]
    ends = Counter(row.offer for row in rows if row.kind in _ENDS)
    wrong += [f"offer {offer} ends {ends[offer]} times" for offer in offered if ends[offer] != 1]
    wrong += [f"offer {offer} ends, and never began" for offer in ends.keys() - set(offered)]
    return [*wrong, *_wrong_holds(rows)]


_TALKS = {
    **dict.fromkeys(("connected", "talk-resumed", "transfer-answered", "sub-hotline-answered"), True),
    **dict.fromkeys(("talk-ended", "talk-interrupted", "transfer-ended", "transfer-failed"), False),
    **dict.fromkeys(("sub-hotline-ended", "sub-hotline-failed", "call-finished"), False),
}
"""Kinds with which a talk begins (True) or ends."""


def _wrong_holds(rows: Sequence[Row]) -> Iterable[str]:
    """A caller is on hold and consulted for in a talk only, and once at a time; the end of the talk ends both."""
    held: float | None = None
    talks = consults = False
    for row in rows:
        match row.kind:
            case kind if kind in _TALKS:
                talks, held, consults = _TALKS[kind], None, False
            case "held":
                if held is not None or not talks:
                    yield f"held at {row.at:.3f}, {'once more' if talks else 'without a talk'}"
                held = row.at
            case "unheld":
                if held is None or abs(row.at - held - row.data["held_s"]) > 0.01:
                    yield f"unheld at {row.at:.3f} after {row.data['held_s']} s, held at {held}"
                held, consults = None, False
            case "consult-asked":
                if held is None or consults:
                    yield f"consult-asked at {row.at:.3f}, {'once more' if consults else 'without a hold'}"
                consults = True
            case "consult-answered" | "consult-failed" | "consult-ended":
                if not consults:
                    yield f"{row.kind} at {row.at:.3f}, and nobody is consulted"
                consults = row.kind == "consult-answered"


def out_of_order(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    """Offers to a caller while an earlier caller waited in the same queue for the same language.

    Then every agent who fits the later caller also fits the earlier one, who has relaxed at least as far. A caller whom
    a supervisor has moved to the front is earlier than all who were not.
    """
    wrong = []
    entered: dict[str, float] = {}  # call → when it entered the queue
    waiting: dict[str, tuple[float, int, str, str]] = {}  # call → queued at, order, queue, language; unless rung for
    places: dict[str, tuple[float, int, str, str]] = {}
    ringing: Counter[str] = Counter()
    of_offer: dict[str, str] = {}
    for row in rows:
        call = row.call or ""
        if row.kind == "queued":
            head_start = float(row.data.get("head_start", 0.0))
            entered[call] = row.at
            places[call] = waiting[call] = (row.at - head_start, row.seq, row.queue or "", row.data.get("language", ""))
        elif row.kind == "callback-promised" and call in places:
            waiting.pop(call, None)
            places[row.data["callback"]] = places.pop(call)
        elif row.kind == "callback-answered" and row.data["callback"] in places:
            entered[call] = row.at
            places[call] = waiting[call] = places.pop(row.data["callback"])
        elif row.moved("front") and call in places:
            places[call] = waiting[call] = (entered[call] - LONGEST_HEAD_START, *places[call][1:])
        elif row.kind == "offered" and call in places:
            mine = places[call]
            waiting.pop(call, None)
            ringing[call] += 1
            of_offer[row.offer or ""] = call
            if row.data.get("rule") == "preferred-agent":  # back to its agent, or moved to one: it need not wait
                continue
            for other, place in waiting.items():
                if place[2:] == mine[2:] and place[:2] < mine[:2]:
                    wrong.append((f"{call} was offered at {row.at:.3f} before {other}, who had come earlier", row))
        elif row.kind in ("offer-failed", "offer-cancelled"):
            call = of_offer.pop(row.offer or "", "")
            ringing[call] -= 1
            if call in places and ringing[call] <= 0:
                waiting[call] = places[call]
        elif row.kind in ("connected", "left-queue", "overflowed", "call-finished") or row.moved("queue"):
            waiting.pop(call, None)
            places.pop(call, None)
            ringing.pop(call, None)
    return wrong


def two_at_once(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Agents who, by the journal, were rung for or talked to two callers at the same time."""
    wrong = []
    busy: dict[str, tuple[str, str]] = {}  # agent → call, what
    for row in rows:
        if row.agent is None:
            continue
        if row.kind == "offered":
            if row.agent in busy:
                wrong.append(
                    (row.agent, f"offered {row.call} at {row.at:.3f} while {busy[row.agent][1]} {busy[row.agent][0]}")
                )
            busy[row.agent] = (row.call or "", "offered")
        elif row.kind == "connected":
            busy[row.agent] = (row.call or "", "talking with")
        elif (
            row.kind in ("offer-failed", "offer-cancelled", "talk-ended") and busy.get(row.agent, ("",))[0] == row.call
        ):
            busy.pop(row.agent, None)
    return wrong


def callbacks(journal: Journal, rung: Mapping[str, int], ledger: Ledger) -> None:
    """Each callback has one end, and its citizen's phone was rung once for each time that the journal says so."""
    ends: dict[str, list[str]] = defaultdict(list)
    dialled: Counter[str] = Counter()
    for row in journal.rows:
        if row.kind == "callback-answered":
            ends[row.data["callback"]].append("answered")
        elif row.kind == "left-queue":
            ends[row.call or ""].append(row.data["why"])
        elif row.kind == "overflowed":
            ends[row.call or ""].append("queue taken out")
        dialled[row.call or ""] += row.kind == "callback-dialled"
    for row in journal.rows:
        if row.kind != "callback-promised":
            continue
        callback, number = row.data["callback"], row.data["number"]
        story = _story(None, journal, callback, ledger)
        ledger.count("callbacks in the journal")
        if len(ends[callback]) != 1:
            ledger.lose("callback " + ("doubled" if ends[callback] else "lost"), number, f"{ends[callback]}", story)
        else:
            ledger.count(f"callbacks, {ends[callback][0]}")
        if rung[number] > dialled[callback]:
            ledger.lose("rung twice", number, f"{rung[number]} times, dialled {dialled[callback]} times", story)


def recordings(journal: Journal, folder: StateFolder, was_away: Callable[[float, float], bool], ledger: Ledger) -> None:
    """Each recording has its Record and its file, and each talk that is recorded its recording, unless Asterisk ended
    then (`was_away`: from, until) or it was too short for audio. Phones know how long it was: a talk whose end nobody
    saw ends in the story when the service is back.
    """
    files = {file.name.removesuffix(SUFFIX): file for file in folder.recorded.glob(f"*/*/*/*{SUFFIX}")}
    kept = {row.data["recording"]: row for row in journal.rows if row.kind == "recorded"}
    for name in files.keys() ^ kept.keys():
        ledger.lose("recording", name, "a file without a Record" if name in files else "a Record without its file")
    for name in files.keys() & kept.keys():
        ledger.count("recordings")
        if hashlib.sha256(files[name].read_bytes()).hexdigest() != kept[name].data["sha256"]:
            ledger.lose("recording", name, "the file is not that of the Record")
    for file in folder.recordings.glob("talk-*"):
        ledger.lose("recording", file.name, "it was not kept")
    for call, rows in journal.by_call.items():
        offer, begun = "", False
        for row in rows:
            if row.kind == "connected":
                offer, begun = row.offer or "", False
            elif row.kind == "recording-begun":
                begun = True
            elif row.kind == "talk-ended" and begun and f"{call}.{offer}" not in kept:
                began = row.at - row.data["talked_s"]
                lasted = ledger.views.heard(row.agent or "", began, row.at)
                if lasted >= AUDIBLE and not was_away(began, row.at):
                    ledger.lose("recording", call, "a recorded talk has none", _story(None, journal, call, ledger))


def _story(visit: Visit | None, journal: Journal, call: str | None, ledger: Ledger) -> Story:
    """The caller's phone and the journal in one story."""
    story = Story(ledger)
    if visit is not None:
        story.lines += visit.story.lines
    offset = ledger.wall_began
    for row in journal.by_call.get(call or "", ()):
        data = ", ".join(f"{name}={value}" for name, value in row.data.items())
        who = " ".join(word for word in (row.queue, row.agent, row.offer) if word)
        story.lines.append((row.at - offset, f"   [journal {row.call}] {row.kind} {who} {data}"))
    story.lines.sort()
    return story
