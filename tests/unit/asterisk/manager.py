"""Asterisk's manager: it answers logins and pings as told, and everything else by hand or as a subclass does."""

import asyncio
import re
from collections.abc import Callable, Iterable
from typing import Self

SECRET = "s3cret"
BANNER = "Asterisk Call Manager/11.0.0\r\n"
BOOTED = "Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: {:.0f}\r\nStatus: Fully Booted\r\n\r\n"

Fields = Iterable[tuple[str, str]]


class Action(dict[str, str]):
    """An action's fields, of several with one name the last. `variables`: those of an Originate."""

    def __init__(self, text: str) -> None:
        pairs = [line.split(": ", 1) for line in text.split("\r\n")]
        super().__init__((name, value) for name, value in pairs)
        given = [re.sub(r"\\(.)", r"\1", value) for name, value in pairs if name == "Variable"]
        self.variables = dict(each.split("=", 1) for each in given if "=" in each)

    @property
    def name(self) -> str:
        return self["Action"]


class Session(asyncio.Protocol):
    """One connection. `received`: every action on it, in order; `actions`: those that are to be answered by hand;
    `reads`: how many came at once.
    """

    def __init__(self, manager: "Manager") -> None:
        self._manager = manager
        self._read = b""
        self._transport: asyncio.Transport
        self.received: list[Action] = []
        self.reads: list[int] = []
        self.actions: asyncio.Queue[Action] = asyncio.Queue()
        self.ended = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._manager.begins(self)

    def data_received(self, data: bytes) -> None:
        *whole, self._read = (self._read + data).split(b"\r\n\r\n")
        self.reads.append(len(whole))
        for message in whole:
            action = Action(message.decode())
            self.received.append(action)
            self._manager.answer(self, action)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set()
        self._manager.ends(self)

    def send(self, text: str) -> None:
        self._transport.write(text.encode())

    def event(self, name: str, more: Fields = (), /, **fields: str) -> None:
        self._message(("Event", name), *fields.items(), *more)

    def respond(self, action: Action, response: str = "Success", **fields: str) -> None:
        self._message(("Response", response), ("ActionID", action["ActionID"]), *fields.items())

    def refuse(self, action: Action, why: str = "No such channel") -> None:
        self.respond(action, "Error", Message=why)

    def listing(self, action: Action, event: str, items: Iterable[Fields]) -> None:
        """Answer with a list of events."""
        self.respond(action, EventList="start")
        for number, item in enumerate(items, 1):
            self.event(event, (*item, ("ActionID", action["ActionID"])), ListItem=str(number))
        self.event(f"{action.name}Complete", ActionID=action["ActionID"], EventList="Complete")

    def _message(self, *fields: tuple[str, str]) -> None:
        self.send("".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n")

    def names(self) -> list[str]:
        return [action.name for action in self.received]

    def hang_up(self) -> None:
        self._transport.close()

    def stop_reading(self) -> None:
        self._transport.pause_reading()


class Manager:
    """Listens on a port of its own. Set the switches before a connection comes. `uptime`: in seconds."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.greeting = BANNER
        self.secret = SECRET
        self.refusal = "Authentication failed"
        self.boots = True
        self.uptime = 86_400.0
        self.on_ping: Callable[[Session, Action], None] = Session.respond
        self.connections = 0
        self.sessions: asyncio.Queue[Session] = asyncio.Queue()
        self._open: list[Session] = []
        self._server: asyncio.AbstractServer | None = None

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def listen(self) -> None:
        server = await asyncio.get_running_loop().create_server(lambda: Session(self), "127.0.0.1", self.port)
        self.port = int(server.sockets[0].getsockname()[1])
        self._server = server

    async def close(self) -> None:
        """Asterisk is gone: nothing listens and every connection breaks."""
        if self._server is not None:
            self._server.close()
            for session in self._open:
                session.hang_up()
            await self._server.wait_closed()
            self._server = None

    @property
    def session(self) -> Session | None:
        """The newest connection, while it is there."""
        return self._open[-1] if self._open else None

    @property
    def uptime(self) -> float:
        return asyncio.get_running_loop().time() - self._booted

    @uptime.setter
    def uptime(self, seconds: float) -> None:
        self._booted = asyncio.get_running_loop().time() - seconds

    def begins(self, session: Session) -> None:
        self.connections += 1
        self._open.append(session)
        session.send(self.greeting)
        self.sessions.put_nowait(session)

    def ends(self, session: Session) -> None:
        self._open.remove(session)

    def answer(self, session: Session, action: Action) -> None:
        match action.name:
            case "Login" if action["Secret"] != self.secret:
                session.refuse(action, self.refusal)
                session.hang_up()
            case "Login":
                session.respond(action, Message="Authentication accepted")
                if self.boots:
                    self.boot(session)
            case "Ping":
                self.on_ping(session, action)
            case _:
                self.perform(session, action)

    def boot(self, session: Session) -> None:
        session.send(BOOTED.format(self.uptime))

    def perform(self, session: Session, action: Action) -> None:
        session.actions.put_nowait(action)
