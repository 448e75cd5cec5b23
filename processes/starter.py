"""Starting Asterisk and sending it signals: by this process, or by a program of Asterisk's own user.

`./wutong up`, started by root, gives up root. To start an Asterisk again that has ended, it then needs a program that
runs as Asterisk's user: `python -m processes.starter`. That program does what it is asked at its standard input, a
socket, and ends when the other side has closed it. It is given nothing of ours: it has no secret in memory or
environment.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from sentences.of_libraries import recognised
from sentences.sentence import Sentence

UMASK = 0o007
"""Asterisk writes files for its user and its group. The service, a member of the group, reads the log and uses the
control socket."""

ANSWER_TIMEOUT = 30.0
"""Seconds. Asterisk itself is not waited for, only the shell that starts it."""

LONGEST = 65_536
"""Bytes of one request or answer."""

_SHELL = """
cd "$0" || exit 1
files=$(ulimit -Hn)
if [ "$files" = unlimited ] || [ "$files" -gt 65536 ]; then files=65536; fi
ulimit -Sn "$files"
: >log/console
exec "$@" </dev/null >>log/console 2>&1 &
echo $!
"""
# A call takes about 10 files. A login shell allows 1,024, which Asterisk does not raise; the unit allows as many as
# here. The shell ends, so that Asterisk belongs to init: we need not reap it, and it does not end with us. It works in
# its folder, where its control socket has a short name. It appends to its output, which may be emptied while it runs.


class NotStarted(Exception):
    """Asterisk, or the program that starts it, could not be started. The message says why."""


class Starter(Protocol):
    async def start(self, folder: Path, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Start the command apart from us, in its folder; its process id. Raises NotStarted."""

    async def send(self, pid: int, number: signal.Signals) -> None:
        """Send the signal, if there is such a process. Raises NotStarted."""


class Own:
    """Asterisk runs as the user of this process."""

    async def start(self, folder: Path, command: Sequence[str], environment: Mapping[str, str]) -> int:
        return await asyncio.to_thread(_started, folder, command, environment)

    async def send(self, pid: int, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


class Other:
    """Asterisk runs as another user. Make it as root, before root is given up; close it.

    `name`, `uid`, `gid`: of that user. Raises NotStarted where that user cannot run the program.
    """

    def __init__(self, name: str, uid: int, gid: int) -> None:
        self._name = name
        self._asking = asyncio.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        checkout = Path(__file__).resolve().parent.parent
        try:
            with theirs:
                self._program = subprocess.Popen(
                    [sys.executable, "-P", "-m", "processes.starter"],
                    cwd="/",
                    env={**_kept("PATH", "TZ"), "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"},
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    user=uid,
                    group=gid,
                    extra_groups=[],
                    umask=UMASK,
                    start_new_session=True,  # a Ctrl-C in the terminal is for us: we end Asterisk in order
                )
            self._socket.settimeout(ANSWER_TIMEOUT)
            ready = self._socket.recv(LONGEST)
        except OSError as error:
            self._socket.close()
            raise NotStarted(
                Sentence("nothing can be started as the user {name}: {why}", name=name, why=recognised(error))
            ) from error
        if not ready:
            self.close()
            raise NotStarted(
                Sentence(
                    "the user {name} cannot run {python} with the program in {checkout}",
                    name=name,
                    python=sys.executable,
                    checkout=checkout,
                )
            )
        self._socket.setblocking(False)

    def close(self) -> None:
        """The program ends; Asterisk does not."""
        self._socket.close()
        with suppress(subprocess.TimeoutExpired):
            self._program.wait(ANSWER_TIMEOUT)

    async def start(self, folder: Path, command: Sequence[str], environment: Mapping[str, str]) -> int:
        asked = {"folder": str(folder), "command": list(command), "environment": dict(environment)}
        pid = (await self._ask(asked)).get("pid")
        if not isinstance(pid, int) or pid <= 1:
            raise NotStarted(Sentence("the user {name} started no process", name=self._name))
        return pid

    async def send(self, pid: int, number: signal.Signals) -> None:
        await self._ask({"to": pid, "signal": int(number)})

    async def _ask(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer. An attacker who has Asterisk has that program too: nothing but JSON is taken from it."""
        loop = asyncio.get_running_loop()
        try:
            async with self._asking, asyncio.timeout(ANSWER_TIMEOUT):
                await loop.sock_sendall(self._socket, json.dumps(request).encode())
                answer = json.loads(await loop.sock_recv(self._socket, LONGEST))
            if not isinstance(answer, dict):
                raise ValueError(Sentence("it gives no answer"))
        except (OSError, ValueError, TimeoutError) as error:
            raise NotStarted(
                Sentence(
                    "the program that starts Asterisk as the user {name} is gone ({why}): ./wutong down, then "
                    "./wutong up",
                    name=self._name,
                    why=recognised(error) or Sentence("it is silent"),
                )
            ) from None
        if "why" in answer:
            raise NotStarted(str(answer["why"])[:500])
        return answer


def _started(folder: Path, command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Raises NotStarted."""
    shell = subprocess.run(
        ["sh", "-c", _SHELL, str(folder), *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=dict(environment),
        start_new_session=True,
        check=False,
    )
    try:
        return int(shell.stdout)
    except ValueError:
        raise NotStarted(Sentence("could not start Asterisk: {why}", why=shell.stderr.strip())) from None


def _kept(*names: str) -> dict[str, str]:
    return {name: os.environ[name] for name in names if name in os.environ}


def _done(request: Mapping[str, Any]) -> dict[str, Any]:
    try:
        if "signal" in request:
            with suppress(ProcessLookupError):
                os.kill(request["to"], request["signal"])
            return {}
        return {"pid": _started(Path(request["folder"]), request["command"], request["environment"])}
    except (NotStarted, OSError) as error:
        return {"why": str(error)}


def main() -> int:
    """Do what is asked until nobody asks any more."""
    with socket.socket(fileno=0) as asked:
        asked.send(b"ready")
        while request := asked.recv(LONGEST):
            asked.send(json.dumps(_done(json.loads(request))).encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
