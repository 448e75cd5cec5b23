"""What is said to a caller's channel, and the keys that interrupt it, in every order in which AGI and AMI may tell of
them.
"""

import asyncio
from pathlib import Path

import pytest

from calls import effects as do
from calls.effects import Task
from calls.events import KeyAwaited
from calls.live.channel import KEY_GRACE
from dialplan.agi_session import CallerGone
from hotline.edition import Edition
from sounds.catalogue import Catalogue
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import PROMPT
from tests.unit.calls.live.channels import NO_KEY, SAID_IN_PART, SAID_TO_THE_END, a_channel, doing, done, now, say
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.small import hotline
from tests.unit.sounds.making import FakeVoice


@fake_time
async def test_all_is_said_when_nothing_happens() -> None:
    async with a_channel() as (channel, caller, _):
        assert await done(channel, say()) == SAID_TO_THE_END
        assert caller.heard == ["first", "second"]
        assert now() == pytest.approx(2 * PROMPT)


@fake_time
async def test_a_key_interrupts_and_is_one_key() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(1)
        caller.press("4")
        assert await said == SAID_IN_PART
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("4")
        assert await done(channel, do.AwaitKey(1)) == NO_KEY
        assert (caller.heard, caller.stops) == (["first"], 0)


@fake_time
async def test_an_order_to_stop_ends_the_wait_for_a_key_too() -> None:
    async with a_channel() as (channel, _, _):
        awaited, began = doing(channel, do.AwaitKey(5)), now()
        await passes(1)
        channel.stop_saying()
        assert await awaited == NO_KEY
        assert now() - began < 2


@pytest.mark.parametrize("task", [do.AwaitKey(5), say()])
@fake_time
async def test_an_order_to_stop_counts_for_what_is_decided_and_has_not_begun(task: Task) -> None:
    async with a_channel() as (channel, caller, _):
        performed = doing(channel, task)
        channel.stop_saying()
        await performed
        assert caller.heard == []
        assert now() < 1
        assert await done(channel, say()) == SAID_TO_THE_END


@fake_time
async def test_a_key_that_is_told_again_does_not_interrupt_the_next_prompt() -> None:
    """The phone sends an INFO when the key goes down, and RFC 4733 tells its end when the key comes up."""
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(1)
        caller.begins_to_press("4")
        caller.press("4")
        assert await said == SAID_IN_PART
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("4")
        said, began = doing(channel, say()), now()
        await passes(0.5)
        caller.press("4")
        assert await said == SAID_TO_THE_END
        assert now() - began == pytest.approx(2 * PROMPT, abs=2 * LAG), "it went on where it had stopped"
        assert caller.heard == ["first", "first", "second"]
        assert await done(channel, do.AwaitKey(1)) == NO_KEY


@fake_time
async def test_a_prompt_that_goes_on_after_a_key_told_again_is_interrupted_by_another() -> None:
    async with a_channel() as (channel, caller, _):
        caller.begins_to_press("4")
        caller.press("4", agi=False)
        await passes(LAG)
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("4")
        said = doing(channel, say())
        await passes(0.5)
        caller.press("4")
        await passes(0.5)
        caller.press("5")
        assert await said == SAID_IN_PART
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("5")


@fake_time
async def test_a_key_pressed_between_two_commands_does_not_cut_the_next_prompt() -> None:
    """AMI has told it, and it has counted. Asterisk kept it for the next command, which it ends."""
    async with a_channel() as (channel, caller, _):
        caller.press("4", agi=False)
        await passes(LAG)
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("4")
        said = doing(channel, say())
        await passes(0.5)
        caller.press("4", ami=False)
        assert await said == SAID_TO_THE_END
        assert caller.heard == ["first", "second"], "it went on where it had stopped"
        assert await done(channel, do.AwaitKey(1)) == NO_KEY


@fake_time
async def test_a_second_copy_of_a_key_that_agi_tells_before_ami_does_not_cut_the_next_prompt() -> None:
    """Of an INFO that came between two commands, only AMI told. Then comes the RFC 4733 event of the same press."""
    async with a_channel() as (channel, caller, here):
        caller.press("4", agi=False)
        await passes(LAG)
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("4")
        said = doing(channel, say())
        await passes(0.2)
        here.asterisk.lag = 0.1
        caller.begins_to_press("4")
        caller.press("4")
        assert await said == SAID_TO_THE_END
        assert caller.heard == ["first", "second"], "it went on where it had stopped"
        assert await done(channel, do.AwaitKey(1)) == NO_KEY


@fake_time
async def test_a_key_that_agi_tells_long_before_ami_ends_the_prompt_when_ami_tells_it() -> None:
    """The same key was pressed before, between two commands: by the count, AGI may be telling that press now."""
    async with a_channel() as (channel, caller, here):
        caller.press("4", agi=False)
        await passes(LAG)
        assert channel.keys.take() == "4"
        said = doing(channel, say())
        await passes(1)
        here.asterisk.lag = 0.5
        caller.press("4")
        assert await said == SAID_IN_PART
        assert await done(channel, do.AwaitKey(5)) == KeyAwaited("4")
        assert await done(channel, do.AwaitKey(5)) == NO_KEY
        assert now() == pytest.approx(LAG + 1 + 0.5 + KEY_GRACE + LAG + 5, abs=2 * LAG)
        assert caller.heard == ["first"], "no other prompt began"


@fake_time
async def test_a_key_before_a_prompt_skips_it() -> None:
    async with a_channel() as (channel, caller, _):
        assert channel.key("7")
        assert await done(channel, say()) == SAID_IN_PART
        assert caller.heard == []
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("7")


@fake_time
async def test_a_key_that_asterisk_lost_between_two_commands_stops_the_prompt_after_the_grace() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(1)
        channel.key("4")
        await passes(KEY_GRACE / 2)
        assert caller.stops == 0
        assert await said == SAID_IN_PART
        assert now() == pytest.approx(1 + KEY_GRACE + LAG)
        assert caller.heard == ["first"]


@fake_time
async def test_a_prompt_that_ended_by_itself_meanwhile_is_not_stopped_and_nor_is_the_next() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(PROMPT - KEY_GRACE / 2)
        channel.key("4")
        assert await said == SAID_IN_PART
        assert await done(channel, do.AwaitKey(1)) == KeyAwaited("4")
        assert await done(channel, say()) == SAID_TO_THE_END
        assert (caller.heard, caller.stops) == (["first", "first", "second"], 0)


@fake_time
async def test_a_stop_that_is_on_its_way_when_the_prompt_ends_is_awaited() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(PROMPT - KEY_GRACE - LAG / 2)
        channel.key("4")
        await said
        channel.keys.clear()
        assert await done(channel, say()) == SAID_TO_THE_END
        assert caller.heard == ["first", "first", "second"]
        assert caller.stops == 1
        assert now() > 3 * PROMPT, "it stopped nothing"


@fake_time
async def test_a_stop_that_comes_before_asterisk_plays_is_repeated() -> None:
    async with a_channel() as (channel, caller, _):
        caller.deaf_to_stops = 2
        said = doing(channel, say())
        await settles()
        channel.stop_saying()
        assert await said == SAID_IN_PART
        assert caller.stops == 3
        assert now() < PROMPT


@fake_time
async def test_keys_do_not_interrupt_where_nobody_asks_for_one() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say(keys=False))
        await passes(1)
        caller.press("4")
        assert await said == SAID_TO_THE_END
        assert (caller.heard, caller.stops) == (["first", "second"], 0)


@fake_time
async def test_a_key_that_is_known_already_is_told_once() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(1)
        caller.press("4", ami=False)
        await said
        assert not channel.key("4"), "AGI has told it"
        assert channel.key("4"), "this is another"


@fake_time
async def test_a_stop_ends_what_is_said_and_not_what_comes_later() -> None:
    async with a_channel() as (channel, caller, _):
        channel.stop_saying()
        said = doing(channel, say(keys=False))
        await passes(1)
        channel.stop_saying()
        channel.stop_saying()
        assert await said == SAID_IN_PART
        assert caller.stops == 1
        assert await done(channel, say()) == SAID_TO_THE_END
        assert caller.heard == ["first", "first", "second"]


@fake_time
async def test_the_next_key_is_waited_for_no_longer_than_said() -> None:
    async with a_channel() as (channel, caller, _):
        assert await done(channel, do.AwaitKey(3)) == NO_KEY
        waiting = doing(channel, do.AwaitKey(3))
        await passes(1)
        caller.press("#")
        assert await waiting == KeyAwaited("#")
        assert now() == pytest.approx(4 + LAG)


@fake_time
async def test_while_ami_is_down_agi_listens() -> None:
    async with a_channel() as (channel, caller, here):
        here.asterisk.link_breaks()
        await settles()
        assert await done(channel, do.AwaitKey(3)) == NO_KEY
        waiting = doing(channel, do.AwaitKey(3))
        await passes(1)
        caller.press("0", ami=False)
        assert await waiting == KeyAwaited("0")
        assert now() == pytest.approx(4)


@pytest.mark.parametrize("link_up", [True, False])
@fake_time
async def test_a_caller_who_is_gone_ends_the_wait_for_a_key(link_up: bool) -> None:
    async with a_channel() as (channel, caller, here):
        if not link_up:
            here.asterisk.link_breaks()
            await settles()
        waiting = doing(channel, do.AwaitKey(60))
        await passes(1)
        caller.hang_up()
        with pytest.raises(CallerGone):
            await waiting


@fake_time
async def test_a_caller_who_is_gone_ends_what_is_said() -> None:
    async with a_channel() as (channel, caller, _):
        said = doing(channel, say())
        await passes(1)
        channel.stop_saying()  # it finds nothing more to stop
        caller.hang_up()
        with pytest.raises(CallerGone):
            await said
        assert caller.heard == ["first"]


@fake_time
async def test_a_prompt_that_is_missing_is_silence() -> None:
    async with a_channel() as (channel, caller, _):
        without_files = Edition(hotline(), Catalogue(Path("/nowhere"), None, ["en"], FakeVoice()))
        assert await channel.perform(say(), without_files) == SAID_TO_THE_END
        assert caller.heard == []


@fake_time
async def test_a_service_that_stops_ends_what_is_said_in_any_moment_of_cutting_it_short() -> None:
    """Else it would wait for ever for a session that goes on."""
    for turns in range(40):
        async with a_channel() as (channel, _, _):
            said = doing(channel, say())
            await passes(1)
            channel.stop_saying()
            for _ in range(turns):
                await passes(LAG / 4)
                await asyncio.sleep(0)
            over = said.done()
            said.cancel()
            await asyncio.wait({said})
            assert said.cancelled() or over, turns
