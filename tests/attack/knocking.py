"""`python -m tests.attack.knocking tls|browser HOST PORT`: asks Asterisk whether it is there, over TLS or as a
browser's phone.

It prints the first line of the answer. A phone that is kept out gets none within five seconds.
"""

import secrets
import socket
import ssl
import sys

from lab.attacks.guesser import HANDSHAKE, frame

PATIENCE = 5.0


def options(host: str, transport: str) -> bytes:
    """Of a transaction of its own: Asterisk takes one that it knows for the same once more, whatever connection it is
    on, and answers on the first.
    """
    own = secrets.token_hex(8)
    lines = (
        f"OPTIONS sip:{host} SIP/2.0",
        f"Via: SIP/2.0/{transport} {host};rport;branch=z9hG4bK{own}",
        "Max-Forwards: 70",
        f"From: <sip:1001@{host}>;tag=1",
        f"To: <sip:1001@{host}>",
        f"Call-ID: {own}",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
    )
    return "\r\n".join((*lines, "", "")).encode()


def over_tls(host: str, port: int) -> str:
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((host, port), PATIENCE) as plain,
        trusting.wrap_socket(plain) as phone,
    ):
        phone.sendall(options(host, "TLS"))
        return phone.recv(4096).decode().splitlines()[0]


def as_a_browser(host: str, port: int) -> str:
    with socket.create_connection((host, port), PATIENCE) as phone:
        phone.sendall(HANDSHAKE)
        assert phone.recv(4096).endswith(b"\r\n\r\n")  # Asterisk does not see a frame that comes before its answer
        phone.sendall(frame(options(host, "WS")))
        heard = phone.recv(4096)
        return heard[heard.index(b"SIP/2.0") :].decode().splitlines()[0]


if __name__ == "__main__":
    try:
        knock = {"tls": over_tls, "browser": as_a_browser}[sys.argv[1]]
        print(knock(sys.argv[2], int(sys.argv[3])))  # noqa: T201
    except (OSError, ValueError) as why:
        print(f"kept out: {why}")  # noqa: T201
