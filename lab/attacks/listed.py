"""The attacks that a hotline has to bear while calls come, each with what it needs and the programs that do it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lab.attacks.asking import CHANCE
from lab.attacks.guesser import HANDSHAKE, frame
from settings.ports import Ports

PROVIDER = "127.9.9.9"
"""The address that citizens' calls come from, where there is a trunk."""

OFFICE = "127.0.0.1"
"""The address of all agents' phones. A guesser may sit behind it, too."""

STRANGER = "127.0.0.2"


class Entrance(StrEnum):
    """The hotline that is attacked."""

    TRUNK = "with a trunk"
    LOOPBACK = "on loopback, without a trunk"
    TLS = "over TLS"


@dataclass(frozen=True, slots=True)
class Target:
    """What attackers know of it. `trunk`: our port for the provider. `tokens`: those of two agents."""

    ports: Ports
    trunk: int
    tokens: Sequence[str]


Program = tuple[object, ...]
"""The module of `lab.attacks`, and its arguments."""


@dataclass(frozen=True, slots=True)
class Attack:
    """`programs`: all run at the same time."""

    name: str
    programs: Callable[[Target], Sequence[Program]]
    entrance: Entrance = Entrance.TRUNK


def _request(line: str, *headers: str, body: bytes = b"", end: bool = True) -> bytes:
    """An HTTP request. `end`: its connection ends with the answer."""
    head = [f"{line} HTTP/1.1", "Host: localhost", *headers, *(["Connection: close"] if end else [])]
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


def _token(token: str) -> str:
    return f"Authorization: Bearer {token}"


def _forged_registers(target: Target) -> list[Program]:
    ports = (target.ports.sip, target.trunk)
    return [("guesser", "UDP", port, PROVIDER, "1001", 0.01, STRANGER) for port in ports]


def _half_sent(target: Target) -> list[Program]:
    body = json.dumps({"name": "nobody", "password": "guess-1234567890"}).encode()
    return [("crowd", target.ports.http, 225, 0.1, _request("POST /api/v1/session", body=body)[: 1 - len(body)].hex())]


def _pictures(target: Target) -> list[Program]:
    asked = _request("GET /api/v1/hotline/picture?days=7", _token(target.tokens[0]))
    return [("crowd", target.ports.http, 230, 1.0, asked.hex())]


def _chance_ids(target: Target) -> list[Program]:
    asked = _request(f"GET /api/v1/calls/{CHANCE.decode()}", _token(target.tokens[0]), end=False)
    return [("asking", target.ports.http, 4, asked.hex())]


def _event_streams(target: Target) -> list[Program]:
    asked = [_request("GET /api/v1/events", _token(token)) for token in target.tokens]
    return [("crowd", target.ports.http, 60, 0.5, each.hex()) for each in asked]


def _unknown_names(target: Target) -> list[Program]:
    body = json.dumps({"name": CHANCE.decode(), "password": "guess-1234567890"}).encode()
    return [("asking", target.ports.http, 4, _request("POST /api/v1/session", body=body, end=False).hex())]


def _silent_websockets(target: Target) -> list[Program]:
    return [("crowd", target.ports.websocket, 2_000, 1.0, HANDSHAKE.hex())]


def _asking_websockets(target: Target) -> list[Program]:
    options = (
        b"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/WS 127.0.0.1;rport;branch=z9hG4bKasks\r\nMax-Forwards: 70\r\n"
        b"From: <sip:1001@127.0.0.1>;tag=1\r\nTo: <sip:1001@127.0.0.1>\r\nCall-ID: asks\r\nCSeq: 1 OPTIONS\r\n"
        b"Content-Length: 0\r\n\r\n"
    )
    return [("crowd", target.ports.websocket, 2_000, 1.0, (HANDSHAKE + frame(options)).hex())]


def _guesser(target: Target) -> list[Program]:
    return [("guesser", "UDP", target.ports.sip, OFFICE, "1001", 0)]


def _browser_guesser(target: Target) -> list[Program]:
    return [("guesser", "WS", target.ports.websocket, OFFICE, "1001", 0)]


def _stray_audio(target: Target) -> list[Program]:
    return [("spraying", "127.0.0.1", target.ports.rtp_first, target.ports.rtp_last, 10_000, STRANGER)]


def _invites(number: str, *more: object) -> Callable[[Target], list[Program]]:
    def flood(target: Target) -> list[Program]:
        return [("flooding", "127.0.0.1", target.ports.sip, "INVITE", "13800138000", number, STRANGER, *more)]

    return flood


def _idle_connections(target: Target) -> list[Program]:
    return [("crowd", target.ports.sip_tls, 1_020, 1.0, "")]


ATTACKS = (
    Attack("forged REGISTERs in the provider's name", _forged_registers),
    Attack("half-sent sign-ins", _half_sent),
    Attack("pictures by one account", _pictures),
    Attack("calls by chance ids, one account", _chance_ids),
    Attack("event streams by two accounts", _event_streams),
    Attack("sign-ins with unknown names", _unknown_names),
    Attack("passwords guessed over UDP", _guesser),
    Attack("passwords guessed over WebSocket", _browser_guesser),
    Attack("stray audio to all ports", _stray_audio),
    Attack("INVITEs to an unknown number", _invites("9999", "--rate", 30_000)),
    Attack("silent WebSockets", _silent_websockets),
    Attack("WebSockets with one OPTIONS", _asking_websockets),
    Attack("INVITEs with a long Replaces", _invites("12319", "--rate", 200, "--replaces"), Entrance.LOOPBACK),
    Attack("INVITEs to the hotline's own number", _invites("12319", "--rate", 30_000), Entrance.LOOPBACK),
    Attack("idle connections to SIP over TLS", _idle_connections, Entrance.TLS),
)
