"""baresip, a phone by others, driven through its control socket, so that our own phone is not the only judge.

Debian's package `baresip-core` has it. It runs without sound card, display or terminal: it plays a wave file and
writes what it hears into another.
"""

import asyncio
import json
import shutil
import socket
import wave
from array import array
from collections import deque
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from lab.patience import PATIENCE, patience
from lab.phone import audio
from lab.phone.transaction import Peer

_LARGEST = 65_536
"""Bytes of one message of the control socket."""

_TONE = 440
"""Hertz of the tone that it sends."""

_CONFIG = """\
sip_listen {host}:0
sip_transports {transport}
sip_cafile {authority}
sip_verify_server yes
net_interface {host}
rtp_ports 50000-59999
audio_source aufile,{said}
audio_player aufile,{heard}
ausrc_srate {rate}
auplay_srate {rate}
ausrc_channels 1
auplay_channels 1
statmode_default off
ring_aufile none
ringback_aufile none
callwaiting_aufile none
busy_aufile none
notfound_aufile none
error_aufile none
module_path {modules}
module g711.so
module aufile.so
module srtp.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {host}:{control}
"""


class BaresipFailed(Exception):
    """baresip is missing, did not start, or refused a command; the message has its last output."""


class Baresip:
    """One baresip with one account. `async with Baresip(server, folder) as program:` starts and ends it.

    `folder` gets its configuration and what it hears. With a `password` it registers `user`, else it is an
    anonymous caller of that name. It says 440 Hz as long as it talks. With an `authority` (PEM file of the certificates
    that it trusts) it speaks SIP over TLS, and SRTP or nothing.
    """

    def __init__(
        self,
        server: Peer,
        folder: Path,
        *,
        user: str = "visitor",
        password: str | None = None,
        authority: Path | None = None,
    ) -> None:
        self.heard = folder / "heard.wav"
        self._server = server
        self._folder = folder
        self._user = user
        self._password = password
        self._authority = authority
        self._words: deque[str] = deque(maxlen=100)
        self._ready = asyncio.Event()
        self._events: asyncio.Queue[dict[str, str]] = asyncio.Queue(200)
        self._answers: dict[str, asyncio.Future[tuple[bool, str]]] = {}
        self._asked = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def dial(self, number: str, timeout: float = PATIENCE) -> None:
        """Dials and waits for the answer. Raises BaresipFailed when it is refused, Late after `timeout` seconds."""
        await self._command("dial", f"sip:{number}@{self._server[0]}:{self._server[1]}{self._transport}")
        event = await self.event("CALL_ESTABLISHED", "CALL_CLOSED", timeout=timeout)
        if event["type"] == "CALL_CLOSED":
            raise BaresipFailed(f"the call to {number} was not answered: {event.get('param')}")

    async def press(self, keys: str) -> None:
        """Presses keys, as telephone-events."""
        for key in keys:
            await self._command("sndcode", key)

    async def accept(self, timeout: float = PATIENCE) -> None:
        """Waits for a call and answers it."""
        await self.event("CALL_INCOMING", timeout=timeout)
        await self._command("accept")
        await self.event("CALL_ESTABLISHED", timeout=timeout)

    async def hang_up(self) -> None:
        await self._command("hangup")

    async def kill(self) -> None:
        """Ends it at once, without a word to anybody: it stays registered."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def event(self, *kinds: str, timeout: float = PATIENCE) -> dict[str, str]:
        """The next event of these kinds (CALL_CLOSED …); earlier events of other kinds are skipped. Raises Late."""
        async with patience(f"baresip's event {' or '.join(kinds)}", timeout, self._last_words):
            while (event := await self._events.get()).get("type") not in kinds:
                pass
        return event

    def heard_tone(self, hertz: float) -> float:
        """Seconds of a tone in the last call, which must be over (CALL_CLOSED)."""
        with wave.open(str(self.heard), "rb") as file:
            samples = array("h", file.readframes(file.getnframes()))
        step = 5 * audio.FRAME
        windows = [samples[start : start + step] for start in range(0, len(samples), step)]
        return sum(len(window) for window in windows if audio.share(window, hertz) > 0.5) / audio.RATE

    @property
    def _transport(self) -> str:
        return "" if self._authority is None else ";transport=tls"

    async def _start(self) -> None:
        program = shutil.which("baresip")
        if program is None:
            raise BaresipFailed("baresip is not on PATH; install the package baresip-core")
        host, _ = self._server
        control = _free_port(host)
        await asyncio.to_thread(self._write, host, control)
        self._process = await asyncio.create_subprocess_exec(
            program,
            "-f",
            str(self._folder),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._tasks.append(asyncio.create_task(self._listen_to_output(self._process)))
        async with patience("baresip's word that it is ready", evidence=self._last_words):
            await self._ready.wait()
        if self._process.returncode is not None:
            raise BaresipFailed(f"baresip ended at once. {self._last_words()}")
        reader, self._writer = await asyncio.open_connection(host, control, limit=_LARGEST)
        self._tasks.append(asyncio.create_task(self._listen_to_control(reader)))
        account = (
            f"<sip:{self._user}@{self._server[0]}:{self._server[1]}{self._transport}>"
            f";audio_codecs=PCMU/8000/1;dtmfmode=rtpevent{';mediaenc=srtp-mand' if self._authority else ''}"
        )
        if self._password is None:
            await self._command("uanew", f"{account};regint=0")
        else:
            await self._command("uanew", f"{account};regint=60;auth_user={self._user};auth_pass={self._password}")
            await self.event("REGISTER_OK")

    async def _stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        if self._writer is not None:
            self._writer.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()
        await asyncio.gather(*self._tasks)

    def _write(self, host: str, control: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        said = self._folder / "said.wav"
        with wave.open(str(said), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(audio.RATE)
            second = audio.decode(b"".join(audio.tone(_TONE))).tobytes()
            file.writeframes(second * 60)
        config = _CONFIG.format(
            host=host,
            said=said,
            heard=self.heard,
            rate=audio.RATE,
            modules=_modules(),
            control=control,
            transport="udp" if self._authority is None else "tls",
            authority=self._authority or "/dev/null",
        )
        (self._folder / "config").write_text(config)

    async def _listen_to_output(self, process: asyncio.subprocess.Process) -> None:
        output = process.stdout
        assert output is not None
        while data := await output.read(4096):
            self._words.append(data.decode("utf-8", "replace"))
            if "baresip is ready" in "".join(self._words):
                self._ready.set()
        await process.wait()
        self._ready.set()

    async def _listen_to_control(self, reader: asyncio.StreamReader) -> None:
        """Netstrings of JSON: `12:{…},`."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = int((await reader.readuntil(b":"))[:-1])
                if length > _LARGEST:
                    raise BaresipFailed(f"a message of {length} bytes is more than {_LARGEST}")
                message = json.loads((await reader.readexactly(length + 1))[:-1])
                if "event" in message:
                    if self._events.full():
                        self._events.get_nowait()
                    self._events.put_nowait(message)
                elif (answer := self._answers.pop(message.get("token", ""), None)) is not None and not answer.done():
                    answer.set_result((bool(message["ok"]), str(message["data"])))

    async def _command(self, command: str, parameters: str = "") -> None:
        self._asked += 1
        token = str(self._asked)
        answer: asyncio.Future[tuple[bool, str]] = asyncio.get_running_loop().create_future()
        self._answers[token] = answer
        message = json.dumps({"command": command, "params": parameters, "token": token}).encode()
        assert self._writer is not None
        self._writer.write(b"%d:%s," % (len(message), message))
        async with patience(f"baresip's answer to {command!r}", evidence=self._last_words):
            accepted, words = await answer
        if not accepted:
            raise BaresipFailed(f"baresip refused {command!r}: {words.strip()}")

    def _last_words(self) -> str:
        return f"Its last words:\n{''.join(self._words)[-2000:]}"


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _modules() -> Path:
    """Where the package keeps its modules: beside the libraries, or below the machine's architecture."""
    folders = [Path("/usr/lib/baresip/modules"), *Path("/usr/lib").glob("*-linux-gnu/baresip/modules")]
    for folder in folders:
        if folder.is_dir():
            return folder
    raise BaresipFailed("the modules of baresip are not below /usr/lib; install the package baresip-core")
