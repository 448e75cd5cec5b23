"""What is asked over the link, and its answers."""

import asyncio

import pytest

from dialplan.ami_connection import ActionRefused, Broke, LinkDown
from dialplan.wire import Unsendable
from tests.unit.asterisk.manager import Manager
from tests.unit.dialplan.linked import linked, up

pytestmark = pytest.mark.usefixtures("bounded")


async def test_answers_find_the_asker_in_whatever_order_they_come(manager: Manager) -> None:
    async with up(manager) as (link, _, session):
        asking = [asyncio.create_task(link.action("Getvar", Variable=name)) for name in "abc"]
        asked = [await session.actions.get() for _ in asking]
        assert [action["Variable"] for action in asked] == ["a", "b", "c"]  # written in the order of asking
        for action in reversed(asked):
            session.respond(action, Value=action["Variable"].upper())
        assert [answer.get("Value") for answer in await asyncio.gather(*asking)] == ["A", "B", "C"]


async def test_a_refusal(manager: Manager) -> None:
    async with up(manager) as (link, _, session):
        asking = asyncio.create_task(link.action("Hangup", Channel="x"))
        session.respond(await session.actions.get(), "Error", Message="No such channel")
        with pytest.raises(ActionRefused, match="AMI Hangup: No such channel") as caught:
            await asking
        assert caught.value.message.response == "Error"


async def test_originate_keeps_its_id_and_what_comes_of_it_is_an_event(manager: Manager) -> None:
    async with up(manager) as (link, heard, session):
        asking = asyncio.create_task(link.action("Originate", action_id="offer-1", Variable=["A=1,2", "B=绿"]))
        action = await session.actions.get()
        assert action["ActionID"] == "offer-1"
        session.respond(action)
        session.event("OriginateResponse", ActionID="offer-1", Response="Failure", Reason="3")
        assert (await asking).response == "Success"
        assert await heard.news.get() == "OriginateResponse"


async def test_an_id_that_still_waits_is_not_given_twice(manager: Manager) -> None:
    async with up(manager) as (link, _, session):
        asking = asyncio.create_task(link.action("Originate", action_id="offer-1"))
        action = await session.actions.get()
        with pytest.raises(ValueError, match="offer-1 is still waiting"):
            await link.action("Originate", action_id="offer-1")
        session.respond(action)
        await asking


async def test_a_line_end_in_a_value_is_refused_and_nothing_is_sent(manager: Manager) -> None:
    async with up(manager) as (link, _, session):
        for bad in ("x\r\n\r\nAction: Originate", "x\n", "x\r", "x\0"):
            with pytest.raises(Unsendable):
                await link.action("Setvar", Value=bad)
            with pytest.raises(Unsendable):
                link.send("Setvar", Value=bad)
        asking = asyncio.create_task(link.action("Getvar", Variable="a"))
        session.respond(await session.actions.get())
        await asking
        assert session.names() == ["Login", "Getvar"]


async def test_an_answer_that_is_too_late_is_dropped(manager: Manager) -> None:
    async with up(manager) as (link, _, session):
        with pytest.raises(TimeoutError, match=r"AMI Hangup within 0\.01 s"):
            await link.action("Hangup", timeout=0.01)
        late = await session.actions.get()
        session.respond(late, "Error", Message="late")
        asking = asyncio.create_task(link.action("Hangup"))
        session.respond(await session.actions.get(), Message="in time")
        assert (await asking).get("Message") == "in time"


async def test_a_list(manager: Manager) -> None:
    async with up(manager) as (link, heard, session):
        asking = asyncio.create_task(link.list_action("Status"))
        action = await session.actions.get()
        session.respond(action, EventList="start")
        session.event("Newchannel", Uniqueid="3")
        session.event("Status", Uniqueid="1", ActionID=action["ActionID"])
        # an item with the number of a caller who put CR LF into it: it does not end the list
        session.event("Evil", EventList="Complete", ListItems="0", Uniqueid="2", ActionID=action["ActionID"])
        session.event("Status", Uniqueid="4", ActionID=action["ActionID"])
        session.event("StatusComplete", ActionID=action["ActionID"], EventList="Complete", ListItems="3")
        session.event("After")
        assert [item.get("Uniqueid") for item in await asking] == ["1", "2", "4"]
        assert [await heard.news.get(), await heard.news.get()] == ["Newchannel", "After"]


async def test_a_list_that_is_refused_and_one_that_is_too_long(manager: Manager) -> None:
    async with up(manager, list_limit=2) as (link, _, session):
        asking = asyncio.create_task(link.list_action("Status", Channel="x"))
        session.respond(await session.actions.get(), "Error", Message="No such channel")
        with pytest.raises(ActionRefused):
            await asking
        asking = asyncio.create_task(link.list_action("Status"))
        action = await session.actions.get()
        session.respond(action, EventList="start")
        for _ in range(3):
            session.event("Status", ActionID=action["ActionID"])
        with pytest.raises(LinkDown, match="more than 2"):
            await asking


async def test_what_waits_for_answers_is_bounded(manager: Manager) -> None:
    async with up(manager, in_flight=2) as (link, _, session):
        asking = [asyncio.create_task(link.action("Hangup", Channel=str(number))) for number in range(3)]
        sent = [await session.actions.get() for _ in range(2)]
        with pytest.raises(LinkDown, match="was not sent: 2 wait"):
            await asking[2]
        for action in sent:
            session.respond(action)
        await asyncio.gather(*asking[:2])
        asking = [asyncio.create_task(link.action("Hangup"))]
        session.respond(await session.actions.get())
        await asking[0]


async def test_nothing_is_heaped_up_for_a_manager_that_does_not_read(manager: Manager) -> None:
    async with up(manager, in_flight=100_000) as (link, _, session):
        session.stop_reading()
        heap = [f"V{number}={'x' * 1_000}" for number in range(100)]
        asking = [asyncio.create_task(link.action("Originate", Variable=heap)) for _ in range(1_000)]
        done, _ = await asyncio.wait(asking, return_when=asyncio.FIRST_EXCEPTION)
        with pytest.raises(LinkDown, match="was not sent: "):
            await done.pop()
        for task in asking:
            task.cancel()
        await asyncio.wait(asking)


async def test_sending_without_waiting(manager: Manager) -> None:
    async with linked(manager) as (link, _):
        link.send("Hangup", Channel="too early")
        await link.wait_up()
        session = await manager.sessions.get()
        link.send("Hangup", Channel="x")
        action = await session.actions.get()
        assert action["Channel"] == "x"
        session.respond(action, "Error", Message="No such channel")
        asking = asyncio.create_task(link.action("Hangup", Channel="y"))
        session.respond(await session.actions.get())
        await asking


async def test_what_is_sent_together_goes_out_in_one_write(manager: Manager) -> None:
    async with linked(manager) as (link, _):
        with link.together():
            link.send("Hangup", Channel="too early")
        await link.wait_up()
        session = await manager.sessions.get()
        with link.together():
            link.send("Setvar", Channel="x")
            asked = link.ask("Originate", Channel="y")
            with pytest.raises(Unsendable):
                link.send("Hangup", Channel="bad\n")
        (first, second) = [await session.actions.get() for _ in range(2)]
        assert (first.name, second.name, session.reads[-1]) == ("Setvar", "Originate", 2)
        session.respond(second)
        assert (await asked.answer()).response == "Success"
        link.send("Hangup", Channel="y")
        assert (await session.actions.get()).name == "Hangup", "after the block each goes out by itself"


async def test_a_link_that_breaks_before_all_is_sent_together_sends_nothing(manager: Manager) -> None:
    async with up(manager) as (link, _, session):
        with link.together():
            asked = link.ask("Originate", Channel="y")
            assert link._manager is not None
            link._manager.protocol.fail(Broke.SILENT, "nothing came")
        with pytest.raises(LinkDown, match="nothing came"):
            await asked.answer()
        await session.ended.wait()
        assert "Originate" not in session.names()
