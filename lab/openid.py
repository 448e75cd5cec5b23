"""A real OpenID Connect provider for the tests, npm's oidc-provider: on loopback, with people that a test names."""

import json
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lab import npm

FOLDER = npm.OPENID

CLIENT_ID = "wutong"
CLIENT_SECRET = "secret-of-the-tests: %+/"
"""It opens nothing but the provider of one test. Its signs must be encoded on the way."""


def install(progress: Callable[[str], None]) -> None:
    """Fetch it by npm as the lock says, once for each lock. Raises NotInstalled."""
    npm.install(FOLDER, progress)


@dataclass
class Provider:
    """One that runs. `stop` may come before the end of the block."""

    issuer: str
    process: "subprocess.Popen[str]"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


@contextmanager
def running(
    people: Mapping[str, Mapping[str, Any]], callback: str, *, code_s: int = 60, in_id_token: bool = True
) -> Iterator[Provider]:
    """A provider while the block runs.

    people       name to sign in with → claims; any password will do
    callback     the address that it may send people back to
    code_s       seconds that a code counts
    in_id_token  whether claims are in the ID token too, and not only in userinfo
    """
    if not npm.is_installed(FOLDER):
        raise npm.NotInstalled("The OpenID provider of the tests is not there: ./wutong test fetches it.")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    client = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "redirect_uris": [callback]}
    told = {"port": port, "client": client, "people": people, "code_s": code_s, "in_id_token": in_id_token}
    process = subprocess.Popen(
        ("node", "provider.js", json.dumps(told)),
        cwd=FOLDER,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    made = Provider(f"http://127.0.0.1:{port}", process)
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("listening"):
                break
        else:
            raise AssertionError(f"the provider did not start: {''.join(lines)}")
        yield made
    finally:
        made.stop()
        process.stdout.close()
