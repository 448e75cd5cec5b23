"""A mistake stays where it happened: an exception in every task, timer and observer of a running hotline.

For each `Work` there is a way into it. Beside it one caller talks and another one waits: they hear nothing of it.
"""

import ast
import asyncio
import gc
import itertools
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from acd.effects import Announce
from base.tasks import Failures, Work
from calls.leg import COMING
from calls.live.reconciler import COMPARE, LOOK_AGAIN
from dialplan.liveness import LISTEN
from journal.records import Kind
from tests.product import SOURCES
from tests.unit.asterisk.caller import PROMPT, Caller
from tests.unit.asterisk.leg import Leg
from tests.unit.calls.live.consultations import WANG, consult
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import Hall, hall
from tests.unit.service.dying import APOLOGY
from tests.unit.service.saboteur import KEPT, OF_SEVERAL, Mistake, Saboteur, makes_a_mistake, mistaken, once

Way = Callable[[Hall], Awaitable[None]]

OF_SERVE = KEPT | {Work.HTTP, Work.LANGUAGES, Work.START}
"""Tried in the whole service, most of them only there: `tests/integration/test_mistakes.py`."""

ELSEWHERE = {
    Work.CALL_BACK: "tests/unit/callbacks/test_calling.py",
    Work.MEASURE: "tests/unit/service/http/test_metrics.py",
    Work.MESSAGE: "tests/unit/messages/test_keeper.py",
    Work.REPORTS: "tests/unit/reports/test_counting.py",
    Work.SHARED: "tests/unit/nodes/test_shared.py",
    Work.SNAPSHOT: "tests/unit/journal/test_writer.py",
}
"""Tried in the tests of the one module that has it."""


def tasks(here: Hall) -> Saboteur:
    assert isinstance(here.tasks, Saboteur)
    return here.tasks


def fails(here: Hall, work: Work) -> None:
    """The next task of this name fails."""
    tasks(here).fails = work


async def is_answered(here: Hall, caller: Caller) -> None:
    """The caller reaches an agent at last."""
    here.lets_in()
    await passes(2 * PROMPT)
    here.sign_in("1001")
    await passes(1)
    leg = next(leg for leg in here.asterisk.legs.values() if leg.caller == caller.id and not leg.caller_taken)
    await here.answer(leg)
    await here.connect(leg, caller)
    assert caller.talking


async def a_talk(here: Hall) -> tuple[Caller, Leg]:
    caller = await here.queued()
    here.sign_in("1001")
    await passes(1)
    leg = next(leg for leg in here.asterisk.legs.values() if leg.caller == caller.id)
    await here.answer(leg)
    await here.connect(leg, caller)
    await passes(5)
    return caller, leg


# --- the tasks of one call


async def ring(here: Hall) -> None:
    caller = await here.queued()
    fails(here, Work.RING)
    here.sign_in("1001")
    await passes(1)
    assert Kind.OFFER_FAILED in here.kinds()
    assert caller.held, "at the same position"
    await is_answered(here, caller)


async def stop_prompt(here: Hall) -> None:
    caller = here.caller()
    await passes(1)
    caller.press("1")
    await passes(PROMPT / 2)
    fails(here, Work.STOP_PROMPT)
    here.sign_in("1001")
    await passes(2 * PROMPT)
    await is_answered(here, caller)


async def lead_back(here: Hall) -> None:
    caller = await here.queued()
    assert caller.line is not None
    caller.line.close()  # the session breaks, and the caller is not brought to another one
    await settles()
    here.switchboard.announce(Announce(here.call().id, 1, None))
    await passes(1)
    caller.knocks = False
    fails(here, Work.LEAD_BACK)
    await passes(COMING + 1)
    assert here.asterisk.led_back == []
    assert here.told(Kind.CALL_FINISHED) == [{"by": "system", "outcome": "failed"}]
    caller.knocks = True
    await is_answered(here, caller)
    assert APOLOGY not in caller.heard, "the caller came back to the queue"


async def join(here: Hall) -> None:
    _caller, leg = await a_talk(here)
    consult(here)
    await passes(1)
    leg.is_consulted()
    await here.heard()
    fails(here, Work.JOIN)
    await here.orders.complete(here.call().id, WANG, own=True)
    await passes(1)
    assert here.call().machine.leg.joining is None


async def bring_in(here: Hall) -> None:
    _caller, leg = await a_talk(here)
    consult(here)
    await passes(1)
    leg.is_consulted()
    await here.heard()
    fails(here, Work.BRING_IN)
    await here.orders.join(here.call().id, WANG)
    await passes(5)
    assert here.asterisk.consulted == {}, "the colleague is not there half"


async def session(here: Hall) -> None:
    once(here.editions, "of_new_call")
    caller = here.caller()
    await passes(1)
    assert caller.knocks, "the dialplan brings the caller once more"
    here.lets_in()
    await passes(1)
    caller.press("1")
    await passes(3 * PROMPT)
    await is_answered(here, caller)


async def call(here: Hall) -> None:
    caller = await here.queued()
    once(here.call().machine, "step")
    here.switchboard.announce(Announce(here.call().id, 1, None))
    await passes(0.1)
    assert here.told(Kind.CALL_FINISHED) == [{"by": "system", "outcome": "failed"}]
    await is_answered(here, caller)
    assert APOLOGY not in caller.heard, "the caller came back to the queue"


# --- phones


async def phone_watch(here: Hall) -> None:
    caller, leg = await a_talk(here)
    leg.variables["CHANNEL(rtcp,rxcount)"] = "250"
    fails(here, Work.PHONE_WATCH)
    here.asterisk.falls_silent("1001")
    await passes(LISTEN)
    assert caller.talking
    await passes(COMPARE + 2 * LISTEN)
    assert not caller.talking, "the next look at Asterisk has told of the phone again"


async def phone_check(here: Hall) -> None:
    caller, _leg = await a_talk(here)
    fails(here, Work.PHONE_CHECK)
    here.switchboard.page_came("1001")
    await passes(LISTEN)
    assert caller.talking


# --- looks at Asterisk, and its events


async def asterisk_link(here: Hall) -> None:
    once(here.reconciler.link, "_connect_and_stay")
    await here.link_down()
    await passes(0.1)
    await here.asterisk.listens_again()
    await passes(5)
    assert here.reconciler.link.up


async def asterisk_look(here: Hall) -> None:
    await here.link_down()
    fails(here, Work.ASTERISK_LOOK)
    await here.link_up()
    await passes(1)
    assert here.engine.blind
    await passes(LOOK_AGAIN)
    assert not here.engine.blind


async def asterisk_compare(here: Hall) -> None:
    once(here.reconciler, "_look_around")
    await passes(COMPARE + 0.1)
    looks = [asked for asked in here.asterisk.asked if asked.name == "Status"]
    await passes(COMPARE + 2)
    assert len([asked for asked in here.asterisk.asked if asked.name == "Status"]) > len(looks)


async def lead_in(here: Hall) -> None:
    """A caller whose service's machine died before its first word: nobody knows the call."""
    here.asterisk.agi_port += 1
    caller = here.caller()
    await passes(1)
    here.asterisk.agi_port -= 1
    caller.knocks = False
    fails(here, Work.LEAD_IN)
    await passes(COMPARE + COMING + 1)
    assert here.asterisk.led_back == []
    await passes(COMPARE)
    assert here.asterisk.led_back == [caller.channel], "the next look finds the caller again"
    here.lets_in()
    await passes(1)
    caller.press("1")
    await passes(3 * PROMPT)
    await is_answered(here, caller)


async def event(here: Hall) -> None:
    caller = await here.queued()
    once(here.telephony.phones, "device")
    here.asterisk.device("1001", "INUSE")
    await here.heard()
    here.asterisk.device("1001", "NOT_INUSE")
    await here.heard()
    await is_answered(here, caller)


# --- what is told, and what is wanted


async def effect(here: Hall) -> None:
    caller = await here.queued()
    once(here.switchboard, "ring_agent")
    here.sign_in("1001")
    await passes(1)
    assert caller.held
    await passes(30)  # the engine notices that nothing came of that ring
    await is_answered(here, caller)


async def engine(here: Hall) -> None:
    """Its state may be half changed. It goes on for those who need it, and another service is asked for."""
    asked: list[str] = []
    here.distributor.broke = lambda: asked.append("another service")
    caller = await here.queued()
    once(here.engine, "step")
    here.sign_in("1001")
    assert asked == ["another service"]
    with pytest.raises(Exception, match="the last snapshot"):
        here.centre.snapshot(here.book)
    await is_answered(here, caller)


async def observer(here: Hall) -> None:
    once(here.switchboard, "call_over")
    once(here.switchboard, "channel_gone")
    caller = here.caller()
    await passes(1)
    caller.hang_up()
    await here.over()
    here.mistakes[Work.OBSERVER] = 2


async def callback(here: Hall) -> None:
    """One that does nothing else. Those of the service: `test_timers.py`."""
    asyncio.get_running_loop().call_later(1, makes_a_mistake)
    await passes(2)


async def unowned(here: Hall) -> None:
    task = asyncio.create_task(mistaken())
    await passes(1)
    del task
    gc.collect()


WAYS: dict[Work, Way] = {
    Work.ASTERISK_COMPARE: asterisk_compare,
    Work.ASTERISK_LINK: asterisk_link,
    Work.ASTERISK_LOOK: asterisk_look,
    Work.BRING_IN: bring_in,
    Work.CALL: call,
    Work.CALLBACK: callback,
    Work.EFFECT: effect,
    Work.ENGINE: engine,
    Work.EVENT: event,
    Work.JOIN: join,
    Work.LEAD_BACK: lead_back,
    Work.LEAD_IN: lead_in,
    Work.OBSERVER: observer,
    Work.PHONE_CHECK: phone_check,
    Work.PHONE_WATCH: phone_watch,
    Work.RING: ring,
    Work.SESSION: session,
    Work.STOP_PROMPT: stop_prompt,
    Work.UNOWNED: unowned,
}


def test_every_work_is_tried() -> None:
    assert set(WAYS) | OF_SERVE | set(ELSEWHERE) == set(Work)


CHECKOUT = Path(__file__).resolve().parents[3]


def test_all_that_goes_on_as_long_as_the_service_is_known() -> None:
    """The whole service is tried with each of `KEPT`: none may be left out there that one machine has."""
    kept = set()
    for module in SOURCES:
        kept |= set(re.findall(r"\bkeep\(Work\.(\w+)", module.read_text()))
    assert kept == {work.name for work in KEPT | OF_SEVERAL}


OTHER_PROGRAMS = ("service/cli", "wall", "service/app/up.py", "publishing/voice_fetcher.py", "sounds")
"""What does not run in the service."""

OWNED = {
    "accounts/accounts.py": "two loops of `run`, which `Work.ACCOUNTS` has; each guards what it does",
    "dialplan/agi_session.py": "two waits for events, cancelled before the function returns",
    "processes/asterisk.py": "of the program `up`; awaited",
    "dialplan/fastagi.py": "the sessions: `_serve` tells the loop's exception handler as `Work.SESSION`",
    "dialplan/link.py": "awaited in the next line",
    "publishing/drafts.py": "awaited by the request",
    "service/app/serve.py": "the heartbeats of the leadership; awaited, and its end ends the service",
    "nodes/leadership.py": "brings the tables up to date; keeps the lead and asks to be backed; all awaited",
    "service/app/standalone.py": "the service itself, and its beat, without which the watchdog ends it",
    "dialplan/control.py": "ends with the function",
    "service/http/app.py": "the checks of one question about our health, awaited by it",
    "service/http/connections.py": "within `Work.HTTP`: see `Door`",
    "web/pages.py": "awaited by all requests that ask",
    "service/http/turnstile.py": "watches whether the client has gone; ends with the request",
    "base/tasks.py": "the owner of all others",
    "journal/database.py": "a reading, awaited by whoever asked; a rollback, which suppresses its errors",
}
"""Modules that make tasks without `Tasks`, and what becomes of a mistake in these."""


def test_a_new_task_has_an_owner() -> None:
    """Make tasks with `Tasks.spawn` or `Tasks.keep`. A timer or callback of the loop needs none: `Work.CALLBACK`."""
    makes = {"create_task", "ensure_future", "TaskGroup", "gather", "run_coroutine_threadsafe"}
    found = set()
    for module in SOURCES:
        name = str(module.relative_to(CHECKOUT))
        calls = (node.func for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call))
        named = {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls}
        if makes & named and not name.startswith(OTHER_PROGRAMS):
            found.add(name)
    assert found == set(OWNED), found ^ set(OWNED)


@asynccontextmanager
async def bystanders() -> AsyncIterator[Hall]:
    """One caller talks with 1002, another one waits for an agent who is not there. Both hear nothing."""
    async with hall(owner=Saboteur) as here:
        here.sign_in("1002")
        talker = await here.queued("talker")
        leg = await here.rung()
        await here.answer(leg)
        await here.connect(leg, talker)
        waiter = await here.queued("waiter", key="0")
        before = {caller.id: (here.call(caller.id), list(caller.heard)) for caller in (talker, waiter)}
        yield here
        assert (talker.talking, talker.served, waiter.held, waiter.served) == (True, True, True, True)
        for caller in (talker, waiter):
            call, heard = before[caller.id]
            assert here.call(caller.id) is call
            assert [words for words in caller.heard[len(heard) :] if words == APOLOGY] == []
        assert here.waiting("general") == 1


@pytest.mark.parametrize("work", WAYS)
@fake_time
async def test_a_mistake_stays_where_it_happened(work: Work) -> None:
    async with bystanders() as here:
        here.mistakes[work] = 1
        await WAYS[work](here)
        assert +here.tasks.failures.counts == here.mistakes


# --- the tasks themselves


@fake_time
async def test_work_that_is_kept_begins_anew_with_growing_pauses() -> None:
    began: list[float] = []

    async def work() -> None:
        began.append(asyncio.get_running_loop().time())
        raise Mistake

    failures = Failures()
    async with Saboteur(failures) as owner:
        keeping = owner.keep(Work.GUARD, work)
        await passes(40)
        keeping.cancel()
    assert [round(later - one) for one, later in itertools.pairwise(began)] == [1, 2, 4, 8, 10, 10]
    assert failures.counts[Work.GUARD] == len(began)


@fake_time
async def test_leaving_waits_for_all_and_a_cancelling_ends_them() -> None:
    ended: list[str] = []

    async def work(name: str, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
        finally:
            ended.append(name)

    async with Saboteur(Failures()) as owner:
        owner.spawn(Work.RING, work("short", 1))
    assert ended == ["short"]

    async def block() -> None:
        async with Saboteur(Failures()) as owner:
            owner.spawn(Work.RING, work("long", 1_000))
            await asyncio.sleep(500)

    task = asyncio.create_task(block())
    await passes(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["short", "long"]


@fake_time
async def test_a_repair_that_fails_is_counted_too() -> None:
    failures = Failures()
    async with Saboteur(failures) as owner:
        owner.spawn(Work.RING, mistaken(), makes_a_mistake)
    assert +failures.counts == Counter({Work.RING: 2})
