"""The ports of one running hotline, and who else holds one of them."""

import contextlib
import errno
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from sentences.sentence import Sentence

Protocol = Literal["tcp", "udp"]

_LISTENING = "0A"  # TCP_LISTEN in the kernel's table
HIGHEST = 65_535


class PortTaken(Exception):
    """A port that Wutong needs cannot be had. The message names port, purpose and owner, or the address's mistake."""


@dataclass(frozen=True)
class Ports:
    """`rtp_first` to `rtp_last` inclusive; a channel takes two of them. `sip_tls`: only with a certificate."""

    http: int = 8080
    sip: int = 5060
    ami: int = 5038
    agi: int = 4573
    websocket: int = 8088
    sip_tls: int = 5061
    rtp_first: int = 10_000
    rtp_last: int = 13_999

    @classmethod
    def from_base(cls, base: int | None) -> Self:
        """The default ports, or those that follow `base` (1024 to 60536). Raises ValueError when they do not fit."""
        if base is None:
            return cls()
        if not 1024 <= base <= HIGHEST - 4999:
            raise ValueError(
                Sentence(
                    "ports: {base} is not between 1024 and {most} (ports up to base + 4999 are used)",
                    base=base,
                    most=HIGHEST - 4999,
                )
            )
        return cls(
            http=base,
            sip=base + 1,
            ami=base + 2,
            agi=base + 3,
            websocket=base + 4,
            # Not the next one, which may be the first of another hotline's; audio is UDP and begins above.
            sip_tls=base + 999,
            rtp_first=base + 1000,
            rtp_last=base + 4999,
        )

    def single(self, *, tls: bool = False) -> Iterator[tuple[str, Protocol, int]]:
        """Purpose, protocol and number of each port but those for audio. `tls`: there is a certificate."""
        yield "http", "tcp", self.http
        yield "sip", "udp", self.sip
        yield "ami", "tcp", self.ami
        yield "agi", "tcp", self.agi
        yield "websocket", "tcp", self.websocket
        if tls:
            yield "sip over tls", "tcp", self.sip_tls

    def check_free(self, address: str, *, http: str | None = None, media: str | None = None, tls: bool = False) -> None:
        """Raise `PortTaken` for the first port that cannot be bound on `address` (IPv4) now, or for an address.

        `http`: the address for browsers, where that is another one; `media`: that for audio; `tls`: as in `single`.
        """
        for setting, each in (("--listen", address), ("http_listen", http), ("media_address", media)):
            if each is not None and _refusal(each, 0, "udp") == errno.EADDRNOTAVAIL:
                more = "" if setting == "media_address" else Sentence(", or 0.0.0.0 for all")
                raise PortTaken(
                    Sentence(
                        "{address} is not an address of this machine (`ip -4 address` lists them). Choose one of "
                        "these with {setting}{more}.",
                        address=each,
                        setting=setting,
                        more=more,
                    )
                )
        for purpose, protocol, port in self.single(tls=tls):
            on = http if http is not None and purpose in ("http", "websocket") else address
            if _refusal(on, port, protocol) is not None:
                raise PortTaken(
                    Sentence(
                        "port {port}/{protocol} ({purpose}) on {address} is taken by {program}. Stop that, or choose "
                        "other ports with --ports.",
                        port=port,
                        protocol=protocol,
                        purpose=purpose,
                        address=on,
                        program=owner_of(port, protocol),
                    )
                )


def owner_of(port: int, protocol: Protocol = "tcp") -> str:
    """The program that holds `port`, for a message: "asterisk (process 123)", or that it is not known."""
    inodes = set(_inodes(port, protocol))
    if not inodes:
        return Sentence("a program that is not seen from here")
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
        if _holds(process, wanted):
            return Sentence("{program} (process {process})", program=_name(process), process=process.name)
    return Sentence("another user's program")


def _refusal(address: str, port: int, protocol: Protocol) -> int | None:
    """Why a program here cannot listen there now, as an error number; None: it can."""
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as probe:
        if protocol == "tcp":
            # As servers do: connections that a predecessor left in TIME_WAIT are no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return error.errno
    return None


def _inodes(port: int, protocol: Protocol) -> Iterator[str]:
    """Inodes of the sockets bound to `port`. The columns are those of proc_pid_net(5)."""
    for table in (protocol, f"{protocol}6"):
        try:
            lines = Path("/proc/net", table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            local, state, inode = fields[1], fields[3], fields[9]
            if int(local.rpartition(":")[2], 16) == port and (protocol == "udp" or state == _LISTENING):
                yield inode


def _holds(process: Path, sockets: set[str]) -> bool:
    try:
        descriptors = list((process / "fd").iterdir())
    except OSError:  # it ended meanwhile, or belongs to another user
        return False
    for descriptor in descriptors:
        with contextlib.suppress(OSError):  # closed meanwhile
            if os.readlink(descriptor) in sockets:
                return True
    return False


def _name(process: Path) -> str:
    """The program's name as a person would call it: its file, not the loader or interpreter that runs it."""
    try:
        words = [word for word in (process / "cmdline").read_bytes().decode(errors="replace").split("\0") if word]
    except OSError:
        return Sentence("a program")
    for word in words:
        name = Path(word).name
        if word.startswith("-") or name.startswith(("ld-linux", "python")) or "=" in word or Path(word).is_dir():
            continue
        return "".join(character for character in name if character.isprintable())[:60] or Sentence("a program")
    return Path(words[0]).name[:60] if words else Sentence("a program")
