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
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sounds.model import NoSound
from sounds.programs import end, start

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
"""Seconds between two looks at a lock that another process holds."""

_VARIABLES = {
    "LC_ALL": "C.UTF-8",
    "PYTHONNOUSERSITE": "1",
    "UV_HTTP_CONNECT_TIMEOUT": str(_NETWORK_SECONDS),
    "UV_HTTP_TIMEOUT": str(_NETWORK_SECONDS),
    "UV_HTTP_RETRIES": str(_NETWORK_RETRIES),
}
"""The installer's variables. pip gets the same as arguments, which win over its settings."""

_LAST_LINES = 6
_LONGEST_LINE = 1_000_000


class CompanionFailed(NoSound):
    """A program with an environment of its own cannot be installed or started, or gave no answer."""


@dataclass(frozen=True)
class Environment:
    """One environment: `name` ("voice", a sentence), its lock file, the folder that holds all of them.

    `megabytes`: the size of the download, reported before it begins.
    """

    name: str
    lock: Path
    cache: Path
    megabytes: int

    @cached_property
    def folder(self) -> Path:
        """Where it is, or would be: one folder for each lock file, Python and machine type. The lock is read once: the
        service asks `ready` on its loop.
        """
        machine = f"{sys.implementation.cache_tag} {platform.machine()} {platform.libc_ver()[0]}"
        digest = hashlib.sha256(self.lock.read_bytes() + machine.encode()).hexdigest()
        return self.cache / f"{self.name}-{digest[:12]}"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def ready(self) -> bool:
        """Whether it is complete and its Python is still installed."""
        return (self.folder / MARKER).is_file() and self.python.exists()

    def command(self, module: str) -> tuple[list[str], dict[str, str]]:
        """The command line and the environment variables that run a module of this checkout in it."""
        kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "VIRTUAL_ENV")}
        return [str(self.python), "-P", "-m", module], {**kept, "PYTHONPATH": str(CHECKOUT), "PYTHONNOUSERSITE": "1"}

    async def make(self, progress: Progress) -> None:
        """Make it if it is not ready: completely or not at all. Takes half a minute or more.

        `progress` gets short lines. When cancelled, it ends what it started and leaves nothing.
        Raises `CompanionFailed`.
        """
        if self.ready():
            return
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
            async with self._locked(progress) as lock:
                if not self.ready():
                    # We hold the lock, so nobody works on what interrupted runs left.
                    await _remove(*self.cache.glob(f"{self.name}-*.partial-*"), self.folder)
                    await self._make(lock, progress)
                    await _remove(*self._outdated())
        except OSError as problem:
            raise CompanionFailed(
                Sentence(
                    "the {name} cannot be installed in {cache}: {why}. Make room there or make it writable, or set "
                    "XDG_CACHE_HOME to another folder; then try again.",
                    name=self.name,
                    cache=self.cache,
                    why=recognised(problem.strerror or str(problem)),
                )
            ) from problem

    @contextlib.asynccontextmanager
    async def _locked(self, progress: Progress) -> AsyncIterator[int]:
        """Hold the lock of this name; the kernel frees it however this process ends. Gives its descriptor."""
        with (self.cache / f"{self.name}.lock").open("w") as file:
            reported = False
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if not reported:
                        progress(Sentence("waiting for another process that installs the {name}", name=self.name))
                    reported = True
                    await asyncio.sleep(_LOOK_SECONDS)
            yield file.fileno()

    async def _make(self, lock: int, progress: Progress) -> None:
        progress(Sentence("installing the {name}: {megabytes} MB, once", name=self.name, megabytes=self.megabytes))
        partial = Path(tempfile.mkdtemp(prefix=f"{self.folder.name}.partial-", dir=self.cache))
        try:
            # Packages are unpacked here, not in /tmp, which may be small: only one disk can fill up.
            temporary = partial / "tmp"
            temporary.mkdir()
            variables = {**os.environ, **_VARIABLES, "TMPDIR": str(temporary)}
            made = partial / "made"
            for command in _commands(made, self.lock):
                await self._run(command, variables, lock, progress)
            (made / MARKER).write_text(f"{self.lock.name}\n")
            await asyncio.to_thread(os.sync)  # after a power cut there must be no marker without its files
            os.rename(made, self.folder)
        finally:
            await _remove(partial)
        progress(Sentence("the {name} is installed", name=self.name))

    async def _run(self, command: Sequence[str], variables: Mapping[str, str], lock: int, progress: Progress) -> None:
        """Run one step. It inherits the lock's descriptor: if we are killed, the lock holds until the step ends."""
        process = await start(
            *command,
            cwd=self.cache,  # no settings of a project in the current folder
            env=variables,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            pass_fds=(lock,),
            limit=_LONGEST_LINE,
        )
        said: list[str] = []
        try:
            assert process.stdout is not None
            async for line in process.stdout:
                if text := line.decode(errors="replace").strip():
                    said.append(text)
                    if message := _fetched(text):
                        progress(Sentence("{name}: fetching {what}", name=self.name, what=message))
            status = await process.wait()
        finally:
            await end(process)
        if status != 0:
            raise CompanionFailed(
                Sentence(
                    "the {name} cannot be installed: {reason}", name=self.name, reason=_reason(said, self.cache, status)
                )
            )

    def _outdated(self) -> list[Path]:
        """Environments of this name from an older lock file or another Python. They can be made again."""
        name = re.compile(re.escape(self.name) + "-[0-9a-f]{12}")
        return [other for other in self.cache.iterdir() if name.fullmatch(other.name) and other != self.folder]


def _commands(folder: Path, lock: Path) -> list[list[str]]:
    """The commands that make an environment in `folder`. Only wheels: nothing is compiled, no package code runs."""
    python = str(folder / "bin" / "python")
    wheels = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock)]
    if uv := shutil.which("uv"):
        return [
            [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
            [uv, "pip", "install", "--python", python, *wheels],
        ]
    quietly = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    network = ["--timeout", str(_NETWORK_SECONDS), "--retries", str(_NETWORK_RETRIES)]
    if find_spec("pip"):  # to put another pip into the environment would take a processor 5 s
        without, pip = ["--without-pip"], [sys.executable, "-m", "pip", "--python", python]
    else:
        without, pip = [], [python, "-m", "pip"]
    return [
        [sys.executable, "-m", "venv", *without, str(folder)],
        [*pip, "install", *wheels, *quietly, *network],
    ]


def _fetched(line: str) -> str | None:
    """ "numpy (16.9 MB)", from a line of pip or uv that reports a download; None for other lines."""
    match = re.match(r"Downloading (?:\S*/)?([^/\s]+?)(?:-[0-9]\S*\.whl)? \(([^)]+)\)", line)
    return f"{match.group(1).replace('_', '-')} ({match.group(2)})" if match else None


def _reason(said: Sequence[str], cache: Path, status: int) -> str:
    """A sentence that says what failed and what to do, from the output of pip or uv."""
    text = "\n".join(said)
    if re.search(r"No space left|os error 28|Errno 28", text):
        return Sentence("the disk of {cache} is full. Make room, then try again.", cache=cache)
    if re.search(r"do not match the hashes|Hash mismatch", text, re.IGNORECASE):
        return Sentence(
            "a package is not the one that the lock file names (its hash is another). Nothing was installed. "
            "Look which package index pip or uv is set up with, then try again."
        )
    if "ensurepip" in text:
        return Sentence(
            "this Python cannot make environments. Install the package python3-venv, or uv, then try again."
        )
    if re.search(_UNREACHABLE, text, re.IGNORECASE):
        return Sentence(
            "the package index cannot be reached. Check the network, or the proxy that is set up, then try again."
        )
    if re.search(r"no matching distribution|not found in the package registry|has no wheels", text, re.IGNORECASE):
        return Sentence(
            "the package index has not all packages for Python {version} on {machine} ({lines}). Look "
            "which package index pip or uv is set up with, or use another Python.",
            version=platform.python_version(),
            machine=platform.machine(),
            lines=" | ".join(said[-2:]),
        )
    return Sentence(
        "the installer ended with status {status}: {why}",
        status=status,
        why=" | ".join(said[-_LAST_LINES:]) or Sentence("it said nothing"),
    )


async def _remove(*trees: Path) -> None:
    """Remove environments, each one's marker first, so that a half-removed one never counts as complete."""
    for tree in trees:
        (tree / MARKER).unlink(missing_ok=True)
        await asyncio.to_thread(shutil.rmtree, tree, ignore_errors=True)
