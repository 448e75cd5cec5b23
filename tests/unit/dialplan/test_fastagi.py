import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from dialplan import fastagi
from dialplan.fastagi import AgiError, AgiServer, AgiSession, CallerGone
from dialplan.wire.agi import AgiReply
from dialplan.wire.values import Unsendable
from lab.patience import PATIENCE
from tests.unit.asterisk.agi import AgiLine

Handler = Callable[[AgiSession], Awaitable[None]]


@pytest.fixture(autouse=True)
async def _patience() -> AsyncIterator[None]:
    """No test here may hang."""
    async with asyncio.timeout(PATIENCE):
        yield


@asynccontextmanager
async def serving(handler: Handler, *, limit: int = 10, header_timeout: float = 5.0) -> AsyncIterator[AgiServer]:
    server = AgiServer(handler, "127.0.0.1", 0, limit=limit, header_timeout=header_timeout)
    await server.start()
    try:
        yield server
    finally:
        await server.stop(0)


@asynccontextmanager
async def call() -> AsyncIterator[tuple[AgiSession, AgiLine]]:
    """Both ends of one call, for a test to hold."""
    sessions: asyncio.Queue[AgiSession] = asyncio.Queue()
    over = asyncio.Event()

    async def handler(session: AgiSession) -> None:
        sessions.put_nowait(session)
        await over.wait()

    async with serving(handler) as server, AgiLine.call(server.port) as asterisk:
        yield await sessions.get(), asterisk
        over.set()


async def test_a_call_is_handed_to_the_handler_and_closed_behind_it() -> None:
    seen: list[str] = []

    async def handler(session: AgiSession) -> None:
        seen.extend((session.request.network_script, session.request.callerid, *session.request.args))
        await session.answer()

    async with serving(handler) as server, AgiLine.call(server.port, agi_arg_1="绿化") as asterisk:
        assert await asterisk.answers("200 result=0") == "ANSWER"
        assert await asterisk.ended() == []
    assert seen == ["call", "02112345678", "绿化"]


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


async def test_odd_clients_do_not_disturb_the_others() -> None:
    served = asyncio.Event()

    async def handler(session: AgiSession) -> None:
        served.set()

    async with serving(handler) as server:
        (await AgiLine.connect(server.port)).close()
        for garbage in ("GET / HTTP/1.1\r\n\r\n", "\0" * 100 + "\n", "agi_x: " + "y" * 100_000, "\n"):
            client = await AgiLine.connect(server.port)
            client.send(garbage)
            await client.ended()
            client.close()
        assert not served.is_set()
        async with AgiLine.call(server.port):
            await served.wait()


async def test_garbage_is_counted_and_told_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line for each would push every older line out of the log within a minute."""
    told: list[int] = []
    monkeypatch.setattr(fastagi.log, "warning", lambda event, **more: told.append(more["dropped"]))

    async def handler(session: AgiSession) -> None:
        raise AssertionError("garbage is no session")

    async def garbage(server: AgiServer) -> None:
        client = await AgiLine.connect(server.port)
        client.send("GET / HTTP/1.1\r\n\r\n")
        await client.ended()
        client.close()

    async with serving(handler) as server:
        for _ in range(20):
            await garbage(server)
        assert (server.dropped, told) == (20, [1])
        monkeypatch.setattr(fastagi, "TOLD_EVERY", 0.0)
        await garbage(server)
        assert (server.dropped, told) == (21, [1, 21])


@pytest.mark.parametrize("beginning", ["", "agi_request: x\n"])
async def test_a_client_that_stays_silent_is_dropped(beginning: str) -> None:
    async def handler(session: AgiSession) -> None:
        raise AssertionError("there was no request")

    async with serving(handler, header_timeout=0.05) as server:
        client = await AgiLine.connect(server.port)
        client.send(beginning)
        assert await client.ended() == []
        client.close()
        assert server.sessions == 0


async def test_a_call_outlives_the_time_for_its_header() -> None:
    async def handler(session: AgiSession) -> None:
        await session.wait_gone()

    async with serving(handler, header_timeout=0.01) as server, AgiLine.call(server.port) as asterisk:
        silent = await AgiLine.connect(server.port)
        await silent.ended()  # a timer as long as the call's, set after it, has run out
        silent.close()
        assert server.sessions == 1
        asterisk.close()


async def test_more_than_the_limit_are_refused_and_counted_until_there_is_room() -> None:
    async def handler(session: AgiSession) -> None:
        await session.command("ANSWER")
        await session.wait_gone()

    async with serving(handler, limit=2) as server:
        async with AgiLine.call(server.port) as first, AgiLine.call(server.port) as second:
            await first.answers("200 result=0")
            await second.answers("200 result=0")
            for _ in range(3):
                async with AgiLine.call(server.port) as third:
                    await third.ended()
            assert server.refused == 3
            assert server.sessions == 2
            first.send("HANGUP\n")
            await first.ended()
            async with AgiLine.call(server.port) as fourth:
                assert await fourth.answers("200 result=0") == "ANSWER"
        assert server.refused == 3


async def test_a_crowd_that_says_nothing_makes_room_for_calls() -> None:
    async def handler(session: AgiSession) -> None:
        await session.command("ANSWER")
        await session.wait_gone()

    async with serving(handler, limit=2, header_timeout=3_600) as server:
        silent = [await AgiLine.connect(server.port) for _ in range(2)]
        async with AgiLine.call(server.port) as call:
            assert await call.answers("200 result=0") == "ANSWER"
            await silent[0].ended()  # the oldest
            silent.append(await AgiLine.connect(server.port))
            await silent[1].ended()
            assert server.sessions == 1
        assert server.refused == 2
        for connection in silent:
            connection.close()


async def test_a_handler_that_fails_ends_its_own_session_only() -> None:
    async def handler(session: AgiSession) -> None:
        await session.answer()
        if session.request.callerid == "bad":
            raise ZeroDivisionError
        await session.hangup()

    async with serving(handler) as server, AgiLine.call(server.port) as good:
        async with AgiLine.call(server.port, agi_callerid="bad") as bad:
            await bad.answers("200 result=0")
            assert await bad.ended() == []
        await good.answers("200 result=0")
        assert await good.answers("200 result=1") == "HANGUP"


async def test_stop_waits_for_those_who_end_by_themselves() -> None:
    ended = asyncio.Event()

    async def handler(session: AgiSession) -> None:
        await session.answer()
        ended.set()

    async with serving(handler) as server, AgiLine.call(server.port) as asterisk:
        await asterisk.command()
        stopping = asyncio.ensure_future(server.stop(5))
        asterisk.send("200 result=0\n")
        await stopping
        assert ended.is_set()
        assert server.sessions == 0


async def test_stop_cancels_those_who_do_not_and_listens_no_more() -> None:
    cancelled = asyncio.Event()

    async def handler(session: AgiSession) -> None:
        try:
            await session.execute("BridgeWait", "acd")
        except asyncio.CancelledError:
            cancelled.set()
            raise

    async with serving(handler) as server, AgiLine.call(server.port) as asterisk:
        port = server.port
        silent = await AgiLine.connect(port)
        await asterisk.command()
        await server.stop(0.01)
        assert cancelled.is_set()
        assert await asterisk.ended() == []
        await silent.ended()
        silent.close()
        with pytest.raises(ConnectionRefusedError):
            await AgiLine.connect(port)


async def test_a_taken_port_is_told() -> None:
    async def handler(session: AgiSession) -> None: ...

    async with serving(handler) as server:
        other = AgiServer(handler, "127.0.0.1", server.port, limit=1)
        with pytest.raises(OSError, match="address already in use"):
            await other.start()
        await other.stop(0)
