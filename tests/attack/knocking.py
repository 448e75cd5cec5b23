"""`python -m tests.attack.knocking HOST PORT`: asks Asterisk over TLS whether it is there.

It prints the first line of the answer. A phone that is kept out gets none within five seconds.
"""

import socket
import ssl
import sys

PATIENCE = 5.0


def knock(host: str, port: int) -> str:
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((host, port), PATIENCE) as plain,
        trusting.wrap_socket(plain) as phone,
    ):
        lines = (
            f"OPTIONS sip:{host} SIP/2.0",
            f"Via: SIP/2.0/TLS {host};rport;branch=z9hG4bKknock",
            "Max-Forwards: 70",
            f"From: <sip:1001@{host}>;tag=1",
            f"To: <sip:1001@{host}>",
            "Call-ID: knock",
            "CSeq: 1 OPTIONS",
            "Content-Length: 0",
        )
        phone.sendall("\r\n".join((*lines, "", "")).encode())
        return phone.recv(4096).decode().splitlines()[0]


if __name__ == "__main__":
    try:
        print(knock(sys.argv[1], int(sys.argv[2])))  # noqa: T201
    except OSError as why:
        print(f"kept out: {why}")  # noqa: T201
