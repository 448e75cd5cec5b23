"""The AMI link before a manager that says anything: it comes back as soon as there is a manager again."""

import asyncio
import re
from collections.abc import Sequence

from hypothesis import strategies as st

from dialplan.link import AmiLink, LinkTimes
from lab.fuzz.properties import Property
from lab.fuzz.wire import AMI_PIECES, CUTS, chunks, stream

SECONDS = 20.0
"""For both connections. The times below need less than one."""

TIMES = LinkTimes(connect=5.0, login=0.5, boot=0.5, ping_every=0.1, silence=0.5, retry_first=0.01, retry_most=0.01)
BANNER = b"Asterisk Call Manager/11.0.0\r\n"
BOOTED = b"Event: FullyBooted\r\nUptime: 1\r\nStatus: Fully Booted\r\n\r\n"


class OddManager:
    """A manager whose first connection goes wrong after `good` steps (the banner, the login, the boot), by `data`."""

    def __init__(self, good: int, data: bytes, cuts: Sequence[int]) -> None:
        self.connections = 0
        self._good, self._data, self._cuts = good, data, cuts

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        good = self._good if self.connections == 1 else 3
        try:
            if good > 0:
                writer.write(BANNER)
            while (action := await reader.readuntil(b"\r\n\r\n")) and good > 1:
                found = re.search(rb"ActionID: (.*)\r\n", action)
                name = found[1] if found else b""
                writer.write(b"Response: Success\r\nActionID: " + name + b"\r\n\r\n")
                if good > 2 and b"Action: Login" in action:
                    writer.write(BOOTED)
                if self.connections == 1:
                    break
            for part in chunks(self._data, self._cuts) if self.connections == 1 else ():
                writer.write(part)
                await writer.drain()
        except (OSError, EOFError, asyncio.LimitOverrunError):
            pass  # the link has left
        finally:
            writer.close()


async def _comes_back(good: int, data: bytes, cuts: Sequence[int]) -> None:
    odd = OddManager(good, data, cuts)
    server = await asyncio.start_server(odd.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    ups: list[int] = []
    link = AmiLink(
        "127.0.0.1",
        port,
        "wutong",
        "secret",
        on_up=lambda: ups.append(odd.connections),
        on_down=lambda why: None,
        times=TIMES,
    )
    running = asyncio.create_task(link.run())
    try:
        async with asyncio.timeout(SECONDS):
            while 2 not in ups:
                assert not running.done(), f"the link ended: {running}"
                await asyncio.sleep(0.005)
    finally:
        running.cancel()
        await asyncio.wait({running})
        server.close()


def comes_back(good: int, data: bytes, cuts: Sequence[int]) -> None:
    asyncio.run(_comes_back(good, data, cuts))


PROPERTIES = (
    Property(
        "ami-link",
        "The link comes up with the next manager, after a manager that said anything.",
        comes_back,
        {"good": st.integers(0, 3), "data": stream(AMI_PIECES[0], AMI_PIECES), "cuts": CUTS},
    ),
)
