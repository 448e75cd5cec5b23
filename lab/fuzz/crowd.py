"""A crowd: connections from addresses of loopback, each with what it sends. None reads more than the first line."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from lab.fuzz.ports import CONNECT, HOST

BUFFER = 4_096
"""Bytes of an answer that a member takes in without reading: a larger one has to wait for it."""

STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


class Member(NamedTuple):
    """One connection. `wants`: a word for what it does there."""

    wants: str
    address: str
    port: int
    sends: bytes


@asynccontextmanager
async def crowd(members: Iterable[Member], again: float | None = None) -> AsyncIterator[list[tuple[str, int]]]:
    """All of them, once each has come in or was kept out. They stay for the block. What is yielded grows: what each
    wanted and the status of its answer, where one came.

    again  seconds after which one whom the other side has ended comes again; None: nobody does, nor reads on
    """
    answers: list[tuple[str, int]] = []
    tried = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(_stay(member, tried, answers, again)) for member in members]
    try:
        for _ in tasks:
            await tried.acquire()
        yield answers
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


async def _stay(member: Member, tried: asyncio.Semaphore, answers: list[tuple[str, int]], again: float | None) -> None:
    while True:
        with suppress(OSError, TimeoutError):  # kept out, or cut off
            async with _connected(member, tried) as reader:
                if status := STATUS.match(await reader.readline()):
                    answers.append((member.wants, int(status[1])))
                if again is None:
                    await asyncio.Event().wait()
                while await reader.read(BUFFER):
                    pass
        if again is None:
            return
        await asyncio.sleep(again)


@asynccontextmanager
async def _connected(member: Member, tried: asyncio.Semaphore) -> AsyncIterator[asyncio.StreamReader]:
    own = socket.socket()
    try:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        own.setblocking(False)
        own.bind((member.address, 0))
        async with asyncio.timeout(CONNECT):
            await asyncio.get_running_loop().sock_connect(own, (HOST, member.port))
        reader, writer = await asyncio.open_connection(sock=own, limit=BUFFER)
        writer.write(member.sends)
    except BaseException:
        own.close()
        raise
    finally:
        tried.release()
    try:
        yield reader
    finally:
        writer.transport.abort()
