"""A mail server on the loopback, as RFC 5321 says, with STARTTLS (RFC 3207) and AUTH PLAIN (RFC 4954)."""

import asyncio
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


@dataclass
class MailServer:
    """`mails`: what was `accepted`. `refuses`: these receivers. `broken`: it takes no mail. It wants TLS and a user.
    `slow`: seconds until it has accepted a mail. `bye`: its answer to QUIT.
    """

    port: int = 0
    user: str = "hotline"
    password: str = "a password of the mail server"
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    broken: bool = False
    slow: float = 0.0
    bye: str = "221 bye"
    accepted: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext) -> None:
        """One connection."""
        secure = signed_in = False

        async def say(*lines: str) -> None:
            writer.write("".join(f"{line}\r\n" for line in lines).encode())
            await writer.drain()

        await say("220 localhost ESMTP")
        while line := (await reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO":
                    await say("250-localhost", "250 AUTH PLAIN" if secure else "250 STARTTLS")
                case "STARTTLS":
                    await say("220 go ahead")
                    await writer.start_tls(context)
                    secure = True
                case "AUTH" if secure:
                    _, user, password = b64decode(rest.partition(" ")[2]).decode().split("\0")
                    signed_in = (user, password) == (self.user, self.password)
                    await say("235 welcome" if signed_in else "535 no such user or password")
                case "MAIL":
                    await say("250 ok" if signed_in and not self.broken else "451 not now")
                case "RCPT":
                    receiver = rest.partition("<")[2].partition(">")[0]
                    self.receivers += [receiver]
                    await say("550 unknown" if receiver in self.refuses else "250 ok")
                case "DATA":
                    await say("354 go on")
                    content = await reader.readuntil(b"\r\n.\r\n")
                    await asyncio.sleep(self.slow)
                    self.mails.append(message_from_bytes(content[:-3], policy=policy.default))
                    self.accepted.set()
                    await say("250 kept")
                case "QUIT":
                    await say(self.bye)
                    break
                case _:
                    await say("250 ok")
        writer.close()


@asynccontextmanager
async def mail_server(files: tuple[Path, Path]) -> AsyncIterator[MailServer]:
    """`files`: its certificate and key."""
    made, context = MailServer(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files)
    async with await asyncio.start_server(lambda r, w: made.serve(r, w, context), "127.0.0.1", 0) as server:
        made.port = server.sockets[0].getsockname()[1]
        yield made
