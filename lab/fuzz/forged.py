"""SIP over UDP in others' names and from their addresses: nothing forged is let in, the others are. Loopback only."""

import secrets
import socket
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from typing import NamedTuple

from hypothesis import strategies as st

from lab.chaos.site import Site
from lab.fuzz.others import calls_ended, greeted, visitor
from lab.fuzz.ports import HOST, METHODS
from lab.patience import until
from lab.phone.digest import Challenge, Credentials
from lab.phone.message import BadMessage, Request, Response, parse
from lab.phone.transaction import Peer

OFFICE = "127.0.0.2"
"""The address of the phones. Most is sent from there."""

NUMBER = "12319"

AGENTS = ("1001", "1002")
PHONES = (*AGENTS, "1001_browser", "1002_browser")
STRANGERS = ("nobody", NUMBER, "anonymous", "refused", "*45", '"', "13800138000")
CALL_IDS = ("a@b", "", '"', 'x",RemoteAddress="IPV4/UDP/127.0.0.2/5060",Challenge="', "0" * 900, "%0d%0a", "\t;=,<>")

NONCES = ("", "made-up", "1/2", f"1600000000/{'0' * 32}", "fetched")
"""Empty: no password is tried. `fetched`: what Asterisk asked somebody at another address."""


class Forged(NamedTuple):
    """`number` requests that are alike. `target`: the user of the URI, empty: none. `expires`: seconds."""

    method: str
    user: str
    target: str
    address: str
    nonce: str
    call_id: str
    expires: int
    number: int

    @property
    def may_be_let_in(self) -> bool:
        """Anybody may call the hotline, but in no agent's name."""
        return self.user in STRANGERS and self.target == NUMBER and self.method in ("INVITE", "OPTIONS")


FORGED = st.builds(
    Forged,
    method=st.just("REGISTER") | st.sampled_from(METHODS),
    user=st.sampled_from(PHONES) | st.sampled_from(STRANGERS),
    target=st.sampled_from(("", NUMBER, "1001", "*45", "9999")),
    address=st.just(OFFICE) | st.integers(3, 9).map("127.0.0.{}".format),
    nonce=st.sampled_from(NONCES),
    call_id=st.sampled_from(CALL_IDS) | st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=20),
    expires=st.sampled_from((0, 60, 3_600)),
    number=st.integers(1, 40),
)
SENT = st.lists(FORGED, min_size=1, max_size=5)


async def others_are_let_in(site: Site, sent: Sequence[Forged]) -> None:
    async with AsyncExitStack() as opened:
        opened.push_async_callback(calls_ended, site)
        there, late = [await opened.enter_async_context(site.agent_phone(agent, OFFICE)) for agent in AGENTS]
        http = await opened.enter_async_context(visitor(site, HOST, site.token))
        forgers = [(each, opened.enter_context(_socket(each.address))) for each in sent]
        await there.register()
        for each, forger in forgers:
            _send(each, forger, site.sip)
        await late.register()
        await greeted(site, OFFICE)
        await greeted(site)
        for each, forger in forgers:
            let_in = [answer for answer in _answers(forger) if 200 <= answer.status < 300]
            assert each.may_be_let_in or not let_in, f"{each} was let in: {let_in}"
        for agent in AGENTS:

            async def look(path: str = f"/api/v1/agents/{agent}") -> str:
                return str((await http.get(path)).json()["phone"])

            await until(f"the phone of {agent}", look, lambda phone: phone == "free")


def _socket(address: str) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((address, 0))
    return made


def _send(forged: Forged, forger: socket.socket, server: Peer) -> None:
    challenge = None
    if forged.nonce == "fetched":
        with _socket(HOST) as elsewhere:
            elsewhere.settimeout(5)
            question = forged._replace(method="REGISTER", user="nobody", target="", call_id="")
            elsewhere.sendto(_request(question, elsewhere.getsockname(), server, None), server)
            challenge = Challenge.parse(parse(elsewhere.recv(65_535)).require("WWW-Authenticate"))
    elif forged.nonce:
        challenge = Challenge("asterisk", forged.nonce)
    for _ in range(forged.number):
        forger.sendto(_request(forged, forger.getsockname(), server, challenge), server)


def _request(forged: Forged, sender: Peer, server: Peer, challenge: Challenge | None) -> bytes:
    """One of them. `challenge`: what a wrong password answers; None: there is no password."""
    here, (host, port), number = f"{sender[0]}:{sender[1]}", server, secrets.token_hex(8)
    uri = f"sip:{forged.target}@{host}:{port}" if forged.target else f"sip:{host}:{port}"
    headers = [
        ("Via", f"SIP/2.0/UDP {here};rport;branch=z9hG4bK{number}"),
        ("Max-Forwards", "70"),
        ("From", f"<sip:{forged.user}@{host}>;tag={number}"),
        ("To", f"<sip:{forged.user if forged.method == 'REGISTER' else forged.target}@{host}>"),
        ("Call-ID", f"{forged.call_id}{number}"),
        ("CSeq", f"1 {forged.method}"),
        ("Contact", f"<sip:{forged.user}@{here}>"),
        ("Expires", str(forged.expires)),
        ("Event", "presence"),
        ("Refer-To", f"<sip:1002@{host}>"),
    ]
    if challenge is not None:
        credentials = Credentials(forged.user, "guess")
        headers.append(("Authorization", credentials.answer(challenge, forged.method, uri, cnonce=number)))
    return Request(tuple(headers), method=forged.method, uri=uri).encode()


def _answers(forger: socket.socket) -> Iterator[Response]:
    """All that have come."""
    forger.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            with suppress(BadMessage):
                answer = parse(forger.recv(65_535))
                if isinstance(answer, Response):
                    yield answer
