"""A separate Python environment for a program of ours that needs large packages: the voice, the recogniser.

It is made once, from a lock file with hashes, in the user's cache folder. The service's environment stays small.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import platform
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CHECKOUT = Path(__file__).resolve().parent.parent
"""The folder that holds `sounds/`."""

MARKER = ".wutong-complete"
"""The file that is written last into an environment."""

Progress = Callable[[str], None]

_NETWORK_SECONDS = 8
_NETWORK_RETRIES = 1
"""So few that a missing network is noticed within 20 s: an administrator waits, and the draft voice can speak."""

_UNREACHABLE = (
    r"connection (refused|broken|reset|error|to)|connect error|connect timeout|timed out|dns error|name resolution"
    r"|failed to resolve|network is unreachable|request failed after|error sending request"
)

_LOOK_SECONDS = 0.2
"""Seconds between two looks of a wait at its stop signal."""

_VARIABLES = {
    "LC_ALL": "C.UTF-8",
    "PYTHONNOUSERSITE": "1",
    "UV_HTTP_CONNECT_TIMEOUT": str(_NETWORK_SECONDS),
    "UV_HTTP_TIMEOUT": str(_NETWORK_SECONDS),
    "UV_HTTP_RETRIES": str(_NETWORK_RETRIES),
}
"""The installer's variables. pip gets the same as arguments, which win over its settings."""

_LAST_LINES = 6


class NoEnvironment(Exception):
    """An environment could not be made. The message says what failed and what to do."""


class _Stopped(Exception):
    """`stop` was set."""


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment: `name` ("voice"), its lock file, the folder that holds all of them.

    `megabytes`: the size of the download, reported before it begins.
    """

    name: str
    lock: Path
    cache: Path
    megabytes: int

    @property
    def folder(self) -> Path:
        """Where it is, or would be: one folder for each lock file, Python and machine type."""
        machine = f"{sys.implementation.cache_tag} {platform.machine()} {platform.libc_ver()[0]}"
        digest = hashlib.sha256(self.lock.read_bytes() + machine.encode()).hexdigest()
        return self.cache / f"{self.name}-{digest[:12]}"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def ready(self) -> bool:
        """Whether it is complete and its Python is still installed."""
        folder = self.folder
        return (folder / MARKER).is_file() and (folder / "bin" / "python").exists()

    def command(self, module: str) -> tuple[list[str], dict[str, str]]:
        """The command line and the environment variables that run a module of this checkout in it."""
        kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "VIRTUAL_ENV")}
        return [str(self.python), "-P", "-m", module], {**kept, "PYTHONPATH": str(CHECKOUT), "PYTHONNOUSERSITE": "1"}

    def make(self, progress: Progress, stop: threading.Event | None = None) -> None:
        """Make it if it is not ready: completely or not at all. Blocks for half a minute or more.

        `progress` gets short lines. When `stop` is set from another thread, or at KeyboardInterrupt, all that was
        started is ended and nothing is left. Raises `NoEnvironment`.
        """
        if self.ready():
            return
        stop = stop or threading.Event()
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
            with self._locked(progress, stop) as lock:
                if not self.ready():
                    self._remove_leftovers()
                    self._make(lock, progress, stop)
                    self._remove_others()
        except _Stopped:
            raise NoEnvironment(f"installing the {self.name} was interrupted: run the command again") from None
        except OSError as problem:
            raise NoEnvironment(
                f"the {self.name} cannot be installed in {self.cache}: {problem.strerror or problem}."
                " Make room there or make it writable, or set XDG_CACHE_HOME to another folder; then try again."
            ) from problem

    async def obtain(self, progress: Progress) -> None:
        """`make` in a thread, for a coroutine. `progress` is called in that thread.

        When cancelled, it ends what was started, waits for that end, then raises CancelledError.
        """
        stop = threading.Event()
        work = asyncio.ensure_future(asyncio.to_thread(self.make, progress, stop))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait([work])
            if not work.cancelled():
                work.exception()  # read it, or asyncio reports an exception never retrieved
            raise

    @contextlib.contextmanager
    def _locked(self, progress: Progress, stop: threading.Event) -> Iterator[int]:
        """Hold the lock of this name; the kernel frees it however this process ends.

        Gives its descriptor. Raises `_Stopped`.
        """
        with (self.cache / f"{self.name}.lock").open("w") as file:
            if not _lock(file):
                progress(f"waiting for another process that installs the {self.name}")
                # `stop` would not end a wait inside the kernel.
                while not _lock(file):
                    if stop.wait(_LOOK_SECONDS):
                        raise _Stopped
            yield file.fileno()

    def _make(self, lock: int, progress: Progress, stop: threading.Event) -> None:
        progress(f"installing the {self.name}: {self.megabytes} MB, once")
        partial = Path(tempfile.mkdtemp(prefix=f"{self.folder.name}.partial-", dir=self.cache))
        try:
            # Packages are unpacked here, not in /tmp, which may be small: only one disk can fill up.
            temporary = partial / "tmp"
            temporary.mkdir()
            variables = {**os.environ, **_VARIABLES, "TMPDIR": str(temporary)}
            made = partial / "made"
            for command in _commands(made, self.lock):
                self._run(command, variables, lock, progress, stop)
            (made / MARKER).write_text(f"{self.lock.name}\n")
            os.sync()  # after a power cut there must be no marker without its files
            os.rename(made, self.folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        progress(f"the {self.name} is installed")

    def _run(
        self,
        command: Sequence[str],
        variables: Mapping[str, str],
        lock: int,
        progress: Progress,
        stop: threading.Event,
    ) -> None:
        """Run one step. It inherits the lock's descriptor: if we are killed, the lock holds until the step ends."""
        said: list[str] = []
        with subprocess.Popen(
            command,
            cwd=self.cache,  # no settings of a project in the current folder
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that its helpers can be ended with it
            pass_fds=(lock,),
        ) as process:
            try:
                for line in _lines(process, stop):
                    said.append(line)
                    if message := _fetched(line):
                        progress(f"{self.name}: fetching {message}")
            except BaseException:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                raise
        if process.returncode != 0:
            raise NoEnvironment(f"the {self.name} cannot be installed: {_reason(said, self.cache, process.returncode)}")

    def _remove_leftovers(self) -> None:
        """Remove what interrupted runs left: we hold the lock, so nobody works on it."""
        for leftover in (*self.cache.glob(f"{self.name}-*.partial-*"), self.folder):
            _remove(leftover)

    def _remove_others(self) -> None:
        """Remove environments of this name from an older lock file or another Python. They can be made again."""
        for other in self.cache.glob(f"{self.name}-*"):
            if re.fullmatch(r"[0-9a-f]{12}", other.name.removeprefix(f"{self.name}-")) and other != self.folder:
                _remove(other)


def _commands(folder: Path, lock: Path) -> list[list[str]]:
    """The commands that make an environment in `folder`. Only wheels: nothing is compiled, no package code runs."""
    python = str(folder / "bin" / "python")
    if uv := shutil.which("uv"):
        return [
            [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
            [
                uv,
                "pip",
                "install",
                "--python",
                python,
                "--require-hashes",
                "--no-deps",
                "--only-binary",
                ":all:",
                "-r",
                str(lock),
            ],
        ]
    return [
        [sys.executable, "-m", "venv", str(folder)],
        [
            *[
                python,
                "-m",
                "pip",
                "install",
                "--require-hashes",
                "--no-deps",
                "--only-binary",
                ":all:",
                "-r",
                str(lock),
            ],
            *["--no-input", "--disable-pip-version-check", "--progress-bar", "off"],
            *["--timeout", str(_NETWORK_SECONDS), "--retries", str(_NETWORK_RETRIES)],
        ],
    ]


def _lock(file: IO[str]) -> bool:
    """Take the lock, unless another process has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lines(process: subprocess.Popen[bytes], stop: threading.Event) -> Iterator[str]:
    """The lines that it prints, until it ends. Raises `_Stopped`."""
    assert process.stdout is not None
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if stop.is_set():
                raise _Stopped
            if not selector.select(_LOOK_SECONDS):
                continue
            chunk = os.read(process.stdout.fileno(), 4096)
            *whole, rest = (rest + chunk).split(b"\n")
            yield from (text for line in whole if (text := line.decode(errors="replace").strip()))
            if not chunk:
                if rest.strip():
                    yield rest.decode(errors="replace").strip()
                return
            rest = rest[-4096:]


def _fetched(line: str) -> str | None:
    """ "numpy (16.9 MB)", from a line of pip or uv that reports a download; None for other lines."""
    match = re.match(r"Downloading (?:\S*/)?([^/\s]+?)(?:-[0-9]\S*\.whl)? \(([^)]+)\)", line)
    return f"{match.group(1).replace('_', '-')} ({match.group(2)})" if match else None


def _reason(said: Sequence[str], cache: Path, status: int) -> str:
    """What failed and what to do, from the output of pip or uv."""
    text = "\n".join(said)
    if re.search(r"No space left|os error 28|Errno 28", text):
        return f"the disk of {cache} is full. Make room, then try again."
    if re.search(r"do not match the hashes|Hash mismatch", text, re.IGNORECASE):
        return (
            "a package is not the one that the lock file names (its hash is another). Nothing was installed."
            " Look which package index pip or uv is set up with, then try again."
        )
    if "ensurepip" in text:
        return "this Python cannot make environments. Install the package python3-venv, or uv, then try again."
    if re.search(_UNREACHABLE, text, re.IGNORECASE):
        return "the package index cannot be reached. Check the network, or the proxy that is set up, then try again."
    if re.search(r"no matching distribution|not found in the package registry|has no wheels", text, re.IGNORECASE):
        return (
            f"the package index has not all packages for Python {platform.python_version()} on {platform.machine()}"
            f" ({' | '.join(said[-2:])}). Look which package index pip or uv is set up with, or use another Python."
        )
    return f"the installer ended with status {status}: {' | '.join(said[-_LAST_LINES:]) or 'it said nothing'}"


def _remove(tree: Path) -> None:
    """Remove an environment, its marker first, so that a half-removed one never counts as complete."""
    (tree / MARKER).unlink(missing_ok=True)
    shutil.rmtree(tree, ignore_errors=True)
