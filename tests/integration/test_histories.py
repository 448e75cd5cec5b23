"""Histories drawn from seeds: `GET calls/{id}` tells what the phones saw, to half a second. There are a hundred; CI
plays SOME.

A history alone, by its seed: `HISTORIES=37 pytest tests/integration/test_histories.py`.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab.chaos.voices import Voices
from lab.patience import until
from tests.integration.histories import History
from tests.integration.offices import OFFICES, write_hotline
from tests.integration.seen import Seen, SeenTalk, SeenTransfer, When, differences
from tests.integration.world import World, world
from tests.thorough import THOROUGH
from web.fields import iso

GROUPS = [range(first, first + OFFICES) for first in range(0, 100, OFFICES)]
SOME = GROUPS[0], GROUPS[-1]
"""Twenty without an interruption, twenty with one. Each kind of step of a history is among them."""
if not THOROUGH:
    GROUPS = [*SOME]
if "HISTORIES" in os.environ:
    GROUPS = [range(seed, seed + 1) for seed in map(int, os.environ["HISTORIES"].split(","))]

INTERRUPTED = range(80, 100)
"""Seeds of histories in whose middle the service is restarted."""

PAUSE = 0.03
"""Seconds: for so long the loop may be busy with other calls without being counted as standing still. Several of its
turns lie between what Asterisk tells and the Record. On a quiet machine half a per cent of the time counts."""


@pytest.mark.parametrize("seeds", GROUPS, ids=lambda seeds: f"seeds-{seeds[0]}-to-{seeds[-1]}")
async def test_the_story_tells_what_the_phones_saw(tmp_path: Path, sounds: Path, seeds: range) -> None:
    folder = write_hotline(tmp_path / "hotline")
    async with world(tmp_path / "state", folder, sounds) as hotline:
        service = asyncio.Event()
        service.set()
        prompts = Voices()
        for phrase in ("transfer-failed", "no-answer-apology", "talk-broken"):
            prompts.recording(hotline.clip(phrase), phrase)
        histories = [History(hotline, seed, prompts, service) for seed in seeds]
        await asyncio.gather(*(history.prepare() for history in histories))
        away: list[When] = []
        watching = asyncio.create_task(note_pauses(histories[0].now, away))
        running = [asyncio.create_task(history.run()) for history in histories]
        if seeds[0] in INTERRUPTED:
            away.append(await restarted(hotline, histories, service))
        ends = await asyncio.gather(*running, return_exceptions=True)
        watching.cancel()
        away.sort(key=lambda gap: gap.first)
        wrong = [f"{history}: {end!r}" for history, end in zip(histories, ends, strict=True) if end is not None]
        if not wrong:
            calls = await hotline.see("calls?limit=500", lambda calls: all(call["state"] == "ended" for call in calls))
            for history in histories:
                (call_id,) = [call["id"] for call in calls if call["caller"] == history.caller]
                told = await hotline.story(call_id)
                if found := differences(told, history.seen, away):
                    steps = (f"    {step}" for step in told["story"])
                    still = sum(gap.last - gap.first for gap in away)
                    what = f"{history}: {'; '.join(found)} (away or standing still for {still:.1f} s in all)"
                    wrong.append("\n".join((what, *steps)))
        assert not wrong, "\n".join(wrong)


async def note_pauses(now: Callable[[], float], pauses: list[When]) -> None:
    """Note when the loop stood still, as the machine was busy: the service runs in it too and heard nothing then.

    Pauses that follow each other closely are one: what came in during the first may be handled after the last.
    """
    while True:
        began = now()
        await asyncio.sleep(PAUSE / 2)
        if (ended := now()) - began > PAUSE:
            if pauses and began - pauses[-1].last < PAUSE:
                began = pauses.pop().first
            pauses.append(When(began, ended))


async def restarted(hotline: World, histories: list[History], service: asyncio.Event) -> When:
    """The service stops once some callers have their second talk, and comes back. Returns when it was away.

    It does not stop while an agent hands a caller over to a queue: only Asterisk's event tells of that, and if nobody
    hears it the talk counts as over. Nor while a transfer fails: a sentence that was being said is not said again.
    """

    async def may_stop() -> bool:
        talks = sum(len(history.seen.talks) for history in histories)
        asking = any(history.steps and history.steps[-1].endswith("the_queue") for history in histories)
        failing = any(history.steps and history.steps[-1].endswith(("nobody", "refuses")) for history in histories)
        return talks >= 5 * len(histories) // 4 and not asking and not failing

    await until("the moment to stop the service", may_stop)
    service.clear()
    stopped = histories[0].now()
    await hotline.stop_service()
    await hotline.start_service()
    service.set()
    return When(stopped, histories[0].now())


def story(**changes: Any) -> dict[str, Any]:
    """What HTTP gives of a call whose agent has sent the caller to a colleague."""
    talk = {"with": {"agent": "1001"}, "queue": "plain", "began": iso(10), "ended": iso(20), "ended_by": "agent"}
    second = {"with": {"agent": "1003"}, "queue": None, "began": iso(22), "ended": iso(30), "ended_by": "caller"}
    sent = {"at": iso(20), "agent": "1001", "how": "blind", "to": {"agent": "1003"}, "became": "answered"}
    told = {"state": "ended", "outcome": "answered", "number": "12319", "ended": iso(30), "talks": [talk, second]}
    told |= {"transfers": [{**sent, "settled": iso(22)}]}
    return {**told, "story": [{"kind": "call-started"}, {"kind": "call-finished"}], **changes}


def phones() -> Seen:
    """What the phones of that call saw."""
    talks = [
        SeenTalk({"agent": "1001"}, "plain", When(10, 10.1), When(20, 20), "agent"),
        SeenTalk({"agent": "1003"}, None, When(22, 22), When(30, 30), "caller"),
    ]
    sent = SeenTransfer(When(20, 20), "1001", "blind", {"agent": "1003"}, "answered", When(22, 22))
    return Seen("12319", "answered", talks, [sent], When(30, 30))


def test_a_right_story_is_found_right() -> None:
    assert differences(story(), phones()) == []


@pytest.mark.parametrize("talk", [0, 1])
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("with", {"agent": "1002"}),
        ("queue", "everybody"),
        ("began", iso(12)),
        ("began", iso(9.4)),
        ("ended", iso(25)),
        ("ended", None),
        ("ended_by", None),
        ("ended_by", "system"),
    ],
)
def test_a_wrong_talk_is_found(talk: int, key: str, value: Any) -> None:
    told = story()
    told["talks"][talk][key] = value
    assert len(differences(told, phones())) == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("at", iso(20.6)),
        ("agent", None),
        ("how", "consult"),
        ("to", {"agent": "1004"}),
        ("became", "failed"),
        ("became", None),
        ("settled", iso(21.4)),
        ("settled", None),
    ],
)
def test_a_wrong_transfer_is_found(key: str, value: Any) -> None:
    told = story()
    told["transfers"][0][key] = value
    assert len(differences(told, phones())) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "talking"},
        {"outcome": "failed"},
        {"number": "12320"},
        {"ended": iso(31)},
        {"talks": story()["talks"][:1]},
        {"transfers": []},
        {"transfers": story()["transfers"] * 2},
        {"story": [{"kind": "call-started"}, {"kind": "call-finished"}, {"kind": "call-started"}]},
        {"story": [{"kind": "call-started"}]},
    ],
)
def test_a_wrong_call_is_found(changes: dict[str, Any]) -> None:
    assert len(differences(story(**changes), phones())) == 1


def test_what_happened_while_the_service_was_away_may_be_told_when_it_is_back() -> None:
    told = story()
    told["talks"][0]["ended"] = told["transfers"][0]["at"] = iso(21)
    assert len(differences(told, phones())) == 2
    assert differences(told, phones(), [When(19.5, 21)]) == []
    assert len(differences(told, phones(), [When(19.5, 20.4)])) == 2  # later than it was back
    assert len(differences(told, phones(), [When(23, 29)])) == 2  # it was there
