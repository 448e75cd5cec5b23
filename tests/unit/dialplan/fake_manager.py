"""A manager to log in to, over a real socket. It answers logins and pings as told, and everything else by hand."""

import asyncio
from collections.abc import Callable
from typing import Self

SECRET = "s3cret"
BANNER = "Asterisk Call Manager/11.0.0\r\n"
BOOTED = "Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n"

Action = dict[str, str]


class Session:
    """One connection. `received`: every action on it, in order; `actions`: those that are to be answered by hand."""

    def __init__(self, manager: "FakeManager", writer: asyncio.StreamWriter) -> None:
        self._manager = manager
        self._writer = writer
        self.received: list[Action] = []
        self.actions: asyncio.Queue[Action] = asyncio.Queue()
        self.ended = asyncio.Event()

    def send(self, text: str) -> None:
        self._writer.write(text.encode())

    def event(self, name: str, **fields: str) -> None:
        lines = [f"Event: {name}", *(f"{key}: {value}" for key, value in fields.items())]
        self.send("\r\n".join(lines) + "\r\n\r\n")

    def respond(self, action: Action, response: str = "Success", **fields: str) -> None:
        lines = [f"Response: {response}", f"ActionID: {action['ActionID']}"]
        lines += [f"{key}: {value}" for key, value in fields.items()]
        self.send("\r\n".join(lines) + "\r\n\r\n")

    def names(self) -> list[str]:
        return [action["Action"] for action in self.received]

    def hang_up(self) -> None:
        self._writer.close()

    def stop_reading(self) -> None:
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]

    async def serve(self, reader: asyncio.StreamReader) -> None:
        try:
            while raw := await reader.readuntil(b"\r\n\r\n"):
                action = dict(line.split(": ", 1) for line in raw.decode().removesuffix("\r\n\r\n").split("\r\n"))
                self.received.append(action)
                self._manager.answer(self, action)
        except (asyncio.IncompleteReadError, ConnectionResetError):
            pass
        finally:
            self.ended.set()
            self._writer.close()


class FakeManager:
    """Listens on a port of its own. Set the switches before a connection comes."""

    def __init__(self) -> None:
        self.greeting = BANNER
        self.secret = SECRET
        self.refusal = "Authentication failed"
        self.boots = True
        self.on_ping: Callable[[Session, Action], None] = Session.respond
        self.connections = 0
        self.sessions: asyncio.Queue[Session] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Asterisk is gone: nothing listens and every connection breaks."""
        self._server.close()
        for writer in self._writers:
            writer.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._server.wait_closed()

    def answer(self, session: Session, action: Action) -> None:
        match action["Action"]:
            case "Login" if action["Secret"] != self.secret:
                session.respond(action, "Error", Message=self.refusal)
                session.hang_up()
            case "Login":
                session.respond(action, Message="Authentication accepted")
                if self.boots:
                    session.send(BOOTED)
            case "Ping":
                self.on_ping(session, action)
            case _:
                session.actions.put_nowait(action)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        session = Session(self, writer)
        session.send(self.greeting)
        self.sessions.put_nowait(session)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        await session.serve(reader)
