"""The FastAGI server: which connections become calls, which are dropped, and how it stops."""

import asyncio
import socket

import pytest

from dialplan import fastagi
from dialplan.agi_session import AgiSession
from dialplan.fastagi import AgiServer
from tests.unit.asterisk.agi import AgiLine
from tests.unit.dialplan.agi_calls import serving

pytestmark = pytest.mark.usefixtures("bounded")


async def test_a_call_is_handed_to_the_handler_and_closed_behind_it() -> None:
    seen: list[str] = []

    async def handler(session: AgiSession) -> None:
        seen.extend((session.request.network_script, session.request.callerid, *session.request.args))
        await session.answer()

    async with serving(handler) as server, AgiLine.call(server.port, agi_arg_1="绿化") as asterisk:
        assert await asterisk.answers("200 result=0") == "ANSWER"
        assert await asterisk.ended() == []
    assert seen == ["call", "02112345678", "绿化"]


async def test_an_asterisk_whose_machine_dies_is_noticed() -> None:
    options = list[int]()

    async def handler(session: AgiSession) -> None:
        sock = session._transport.get_extra_info("socket")
        options.append(sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
        options.extend(sock.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in fastagi.KEEPALIVE)

    async with serving(handler) as server, AgiLine.call(server.port) as asterisk:
        assert await asterisk.ended() == []
    assert options == [1, *fastagi.KEEPALIVE.values()]


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
        monkeypatch.setattr(fastagi, "LOGGED_EVERY", 0.0)
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

    async with serving(handler, header_timeout=0.3) as server, AgiLine.call(server.port) as asterisk:
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
