"""What a session asks of Asterisk, and how it learns that the caller is gone."""

import asyncio

import pytest

from dialplan.agi_session import AgiError, CallerGone
from dialplan.wire import Unsendable
from dialplan.wire.agi import AgiReply
from tests.unit.dialplan.agi_calls import call

pytestmark = pytest.mark.usefixtures("bounded")


async def test_commands_are_quoted_and_answered() -> None:
    async with call() as (session, asterisk):
        reply, command = await asyncio.gather(
            session.command("SET VARIABLE", "A", 'x "y" \\ 绿'), asterisk.answers("200 result=1")
        )
    assert command == 'SET VARIABLE "A" "x \\"y\\" \\\\ 绿"'
    assert reply == AgiReply(200, "1", "")


async def test_what_cannot_be_sent_leaves_the_session_as_it_was() -> None:
    async with call() as (session, asterisk):
        for bad in ("a\nHANGUP", "a\r", "a\0", "\ud800"):
            with pytest.raises(Unsendable):
                await session.command("SET VARIABLE", "A", bad)
        _, command = await asyncio.gather(session.answer(), asterisk.answers("200 result=0"))
    assert command == "ANSWER"


async def test_a_hangup_is_known_while_nothing_is_asked() -> None:
    async with call() as (session, asterisk):
        assert not session.gone
        asterisk.send("HANGUP\n")
        await session.wait_gone()
        assert session.gone
        with pytest.raises(CallerGone, match="hung up"):
            await session.answer()
        session.close()
        assert await asterisk.ended() == []  # the command was not sent


async def test_the_end_of_the_connection_is_known_while_nothing_is_asked() -> None:
    async with call() as (session, asterisk):
        asterisk.close()
        await session.wait_gone()
        with pytest.raises(CallerGone, match="ended"):
            await session.answer()


async def test_a_hangup_fails_the_command_under_way_and_its_late_reply_is_no_fault() -> None:
    async with call() as (session, asterisk):
        waiting = asyncio.ensure_future(session.execute("BridgeWait", "acd"))
        await asterisk.command()
        asterisk.send("HANGUP\n200 result=-1\nHANGUP\n")
        with pytest.raises(CallerGone, match="hung up"):
            await waiting


async def test_a_reply_that_never_comes_because_the_connection_ended() -> None:
    async with call() as (session, asterisk):
        waiting = asyncio.ensure_future(session.answer())
        await asterisk.command()
        asterisk.close()
        with pytest.raises(CallerGone, match="ended"):
            await waiting
        assert session.gone


async def test_a_reply_right_before_the_hangup_still_counts() -> None:
    async with call() as (session, asterisk):
        waiting = asyncio.ensure_future(session.execute("BridgeWait", "acd"))
        await asterisk.command()
        asterisk.send("200 result=-1\nHANGUP\n")
        assert await waiting == "-1"
        assert session.gone


async def test_a_dead_channel_is_a_caller_who_is_gone() -> None:
    async with call() as (session, asterisk):
        waiting = asyncio.ensure_future(session.answer())
        await asterisk.answers("511 Command Not Permitted on a dead channel or intercept routine")
        with pytest.raises(CallerGone):
            await waiting
        assert session.gone


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("510 Invalid or unknown command", 510),
        ("520-Invalid command syntax.  Proper usage follows:\nUsage: ANSWER\n520 End of proper usage.", 520),
    ],
)
async def test_an_error_is_told_and_the_session_goes_on(reply: str, code: int) -> None:
    async with call() as (session, asterisk):
        waiting = asyncio.ensure_future(session.command("NONSENSE"))
        await asterisk.answers(reply)
        with pytest.raises(AgiError, match="NONSENSE") as caught:
            await waiting
        assert caught.value.reply.code == code
        await asyncio.gather(session.answer(), asterisk.answers("200 result=0"))


async def test_one_command_at_a_time() -> None:
    async with call() as (session, asterisk):
        first = asyncio.ensure_future(session.answer())
        await asterisk.command()
        with pytest.raises(RuntimeError, match="still under way"):
            await session.answer()
        asterisk.send("200 result=0\n")
        await first


async def test_giving_up_a_command_closes_the_session() -> None:
    async with call() as (session, asterisk):
        waiting = asyncio.ensure_future(session.execute("Wait", "60"))
        await asterisk.command()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert session.gone
        await asterisk.ended()


async def test_stream_file() -> None:
    async with call() as (session, asterisk):
        played, command = await asyncio.gather(
            session.stream_file("/prompts/主 菜单", "12#"), asterisk.answers("200 result=35 endpos=800")
        )
        assert (played, command) == (("#", 800), 'STREAM FILE "/prompts/主 菜单" "12#"')
        again = session.stream_file("/p", begin=800)
        played, command = await asyncio.gather(again, asterisk.answers("200 result=0 endpos=900"))
        assert (played, command) == (("", 900), 'STREAM FILE "/p" "" "800"')


async def test_a_file_that_is_missing_is_not_a_caller_who_is_gone() -> None:
    async with call() as (session, asterisk):
        waiting = asyncio.ensure_future(session.stream_file("/no/such"))
        await asterisk.answers("200 result=-1 endpos=0")
        assert await asterisk.answers("200 result=6") == "CHANNEL STATUS"
        with pytest.raises(AgiError, match="/no/such"):
            await waiting
        assert not session.gone


async def test_a_caller_who_hangs_up_while_a_file_plays() -> None:
    async with call() as (session, asterisk):
        waiting = asyncio.ensure_future(session.stream_file("/p"))
        await asterisk.answers("200 result=-1 endpos=800\nHANGUP")
        with pytest.raises(CallerGone):
            await waiting


async def test_wait_for_digit() -> None:
    async with call() as (session, asterisk):
        key, command = await asyncio.gather(session.wait_for_digit(1.5), asterisk.answers("200 result=49"))
        assert (key, command) == ("1", 'WAIT FOR DIGIT "1500"')
        none, _ = await asyncio.gather(session.wait_for_digit(0), asterisk.answers("200 result=0"))
        assert none == ""
        with pytest.raises(ValueError, match="less than 0"):
            await session.wait_for_digit(-1)


async def test_execute() -> None:
    async with call() as (session, asterisk):
        result, command = await asyncio.gather(
            session.execute("BridgeWait", "acd", "participant", "m(default,x)"), asterisk.answers("200 result=0")
        )
        assert (result, command) == ("0", 'EXEC "BridgeWait" "acd,participant,m(default,x)"')
        with pytest.raises(Unsendable, match="comma"):
            await session.execute("Dial", "PJSIP/1,99,G(evil)")
        with pytest.raises(Unsendable, match="comma"):
            await session.execute("Dial", "PJSIP/1),99,(")
        waiting = asyncio.ensure_future(session.execute("Nonsense"))
        await asterisk.answers("200 result=-2")
        with pytest.raises(AgiError, match="Nonsense"):
            await waiting


async def test_variables() -> None:
    async with call() as (session, asterisk):
        value, command = await asyncio.gather(session.get_variable("A"), asterisk.answers("200 result=1 (b (c))"))
        assert (value, command) == ("b (c)", 'GET VARIABLE "A"')
        value, _ = await asyncio.gather(session.get_variable("A"), asterisk.answers("200 result=1 ()"))
        assert value == ""
        value, _ = await asyncio.gather(session.get_variable("A"), asterisk.answers("200 result=0"))
        assert value is None


async def test_hanging_up_twice_is_no_fault() -> None:
    async with call() as (session, asterisk):
        waiting = asyncio.ensure_future(session.hangup())
        assert await asterisk.answers("200 result=1\nHANGUP") == "HANGUP"
        await waiting
        await session.hangup()


async def test_a_reply_that_nobody_asked_for_ends_the_connection() -> None:
    async with call() as (session, asterisk):
        asterisk.send("200 result=1 (x)\n")
        await session.wait_gone()
        await asterisk.ended()
