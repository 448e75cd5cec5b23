"""The open ports of a running hotline: bytes that no phone and no client would send. Loopback only."""

import socket
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from lab.fuzz.properties import Property
from lab.fuzz.wire import AGI_PIECES, ANY, CUTS, HEADER, chunks, stream
from settings.ports import Ports

HOST = "127.0.0.1"

QUIET = 0.05
"""Seconds that an answer is waited for. It need not come: half a request waits for its rest."""

CONNECT = 10.0
"""Seconds within which a connection must be accepted, however the machine is loaded."""

DATAGRAM = 60_000
"""Bytes that one may have."""

HTTP_PIECES = (
    *("GET /healthz HTTP/1.1\r\n", "Host: 127.0.0.1\r\n", "\r\n", "\n", "POST /api/v1/reload HTTP/1.1\r\n", "\0", "{"),
    *(
        "Content-Length: 5\r\n",
        "Content-Length: -1\r\n",
        "Transfer-Encoding: chunked\r\n",
        "ffffffffffffffff\r\n",
        "0\r\n",
    ),
    *("Expect: 100-continue\r\n", "Upgrade: websocket\r\nConnection: upgrade\r\n", "Authorization: Bearer x\r\n"),
    *(
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\x16\x03\x01\x02",
        "GET " + "/" * 9_000,
        "X: " + "y" * 9_000,
        "X: y\r\n" * 200,
    ),
)

UPGRADE = (
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n\r\n"
)

METHODS = (
    "INVITE",
    "REGISTER",
    "OPTIONS",
    "SUBSCRIBE",
    "NOTIFY",
    "MESSAGE",
    "REFER",
    "CANCEL",
    "BYE",
    "ACK",
    "PUBLISH",
)

FROM = (
    *("<sip:13800138000@127.0.0.1>;tag=1", '"<sip:110@gov>" <sip:138@127.0.0.1>;tag=1', "<tel:+8621>;tag=1", "sip:a@b"),
    *(
        "<sip:%0d%0aX: y@127.0.0.1>;tag=1",
        '"\\',
        "<sip:@>",
        "*",
        "",
        "<sip:" + "1" * 3_000 + "@h>;tag=1",
        "<sips:1@[::1]>",
    ),
)

LINES = (
    *(
        "Max-Forwards: 0\r\n",
        "Max-Forwards: 99999999999\r\n",
        "Expires: -1\r\n",
        "Content-Length: 99999\r\n",
        "Require: 100rel\r\n",
    ),
    *(
        "Replaces: a;to-tag=1;from-tag=2\r\n",
        "Refer-To: <sip:1001@127.0.0.1>\r\n",
        "Contact: *\r\n",
        "Event: presence\r\n",
    ),
    *(
        "Via: SIP/2.0/UDP 127.0.0.1:1;branch=z9hG4bK" + "x" * 500 + "\r\n",
        "Authorization: Digest x\r\n",
        "X" * 900 + ": y\r\n",
    ),
    *(
        "Record-Route: <sip:127.0.0.1;lr>\r\n",
        "P-Asserted-Identity: <sip:110@gov>\r\n",
        "Session-Expires: 1\r\n",
        ": \r\n",
    ),
)

SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n",
    "v=0\r\nm=audio 99999 RTP/AVP 999\r\n",
    "m=" * 900,
    "\0",
    "",
)


def told(port: int, data: bytes, cuts: Sequence[int]) -> None:
    """Send `data` over TCP in chunks, look for an answer, and leave."""
    with socket.create_connection((HOST, port), CONNECT) as connection:
        connection.settimeout(QUIET)
        try:
            for part in chunks(data, [cut * 200 for cut in cuts]):
                connection.sendall(part)
            connection.recv(65_536)
        except OSError:
            pass  # cut off, or silent: both are right


def datagram(port: int, data: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.sendto(data[:DATAGRAM], (HOST, port))


@st.composite
def messages(draw: st.DrawFn, port: int) -> bytes:
    """A SIP request, more or less. Nobody reads the answers, so a call that Asterisk accepts ends by itself."""
    method = draw(st.sampled_from(METHODS) | ANY)
    user = draw(st.sampled_from(("12319", "1001", "6001", "*45", "%0A", "i", "", "0" * 500)))
    number = draw(st.integers(0, 2**64))
    head = (
        f"{method} sip:{user}@{HOST}:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {HOST}:9;branch=z9hG4bK{number};rport\r\n"
        f"From: {draw(st.sampled_from(FROM))}\r\nTo: <sip:{user}@{HOST}>\r\nCall-ID: {number}\r\n"
        f"CSeq: {draw(st.integers(-1, 2**40))} {method}\r\nContact: <sip:x@{HOST}:9>\r\n"
    )
    body = draw(st.sampled_from(SDP))
    lines = "".join(draw(st.lists(st.sampled_from(LINES) | ANY, max_size=4)))
    whole = f"{head}{lines}Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    raw = whole.encode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(raw)))
        raw = raw[:at] + draw(st.binary(max_size=4)) + raw[at + draw(st.integers(0, 20)) :]
    return raw


def properties(ports: Ports, alive: Callable[[], None]) -> list[Property]:
    """`alive` raises once the hotline is not as it should be; it is asked after every example."""

    def over_tcp(port: int) -> Callable[..., None]:
        def holds(data: bytes, cuts: list[int]) -> None:
            told(port, data, cuts)
            alive()

        return holds

    def over_udp(data: bytes) -> None:
        datagram(ports.sip, data)
        alive()

    says = "After any bytes the same processes go on, and answer."
    return [
        Property("agi-port", says, over_tcp(ports.agi), {"data": stream(HEADER, AGI_PIECES), "cuts": CUTS}),
        Property("http-port", says, over_tcp(ports.http), {"data": stream(HTTP_PIECES[0], HTTP_PIECES), "cuts": CUTS}),
        Property("sip-port", says, over_udp, {"data": messages(ports.sip) | st.binary(max_size=2_000)}),
        Property(
            "websocket-port", says, over_tcp(ports.websocket), {"data": stream(UPGRADE, HTTP_PIECES), "cuts": CUTS}
        ),
    ]
