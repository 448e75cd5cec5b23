"""Obtaining an Asterisk: the one on PATH if it will do, else a private root made from the distribution's packages.

A private root is a folder that debootstrap fills. Nothing is entered or mounted to use it: its programs run as any
other, by its own loader with its own libraries, and see the host's files. Making one needs root, using it does not.
"""

import contextlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from base.files import lock
from processes import modules, tools
from sentences.languages import here
from sentences.sentence import Sentence

LEAST = "20.8"
SINCE = {20: 8, 21: 3}
"""Release → its first version that knows a request by its URI (match_request_uri in pjsip.conf); later ones all do."""

PACKAGES = ("asterisk",)
SUITE = "sid"
"""Debian's stable distribution has no Asterisk; the packages of unstable bring their own C library."""

SYSTEM_CONFIGURATION = Path("/etc/asterisk/asterisk.conf")
"""Says where an Asterisk on PATH has its modules and data."""

MARKER = ".wutong-complete"
EDITION = 1
"""Raised when roots are made in another way, so that they are made anew."""

MODULES_LINK = "run/modules"
DATA_LINK = "run/data"
"""In the folder of a running Asterisk: links to the modules and the data that belong to its program."""

_DROPPED = ("var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale", "usr/share/man")
_LAST_LINES = 5

Progress = Callable[[str], None]


class NoAsterisk(Exception):
    """There is no usable Asterisk and none could be made. The message says why and what to do."""


@dataclass(frozen=True)
class Installation:
    """An Asterisk that can be started.

    `command` is followed by Asterisk's own arguments. It does not start without the documentation in `data_dir`.
    """

    command: tuple[str, ...]
    modules_dir: Path
    data_dir: Path
    version: str
    origin: Literal["path", "private"]

    def link(self, folder: Path) -> None:
        """Before it is started in `folder`: the configuration there, which may be older, names its modules and data by
        these links. So the program and its modules are always of one version.
        """
        for link, target in ((MODULES_LINK, self.modules_dir), (DATA_LINK, self.data_dir)):
            draft = folder / f"{link}.{os.getpid()}"
            draft.unlink(missing_ok=True)
            draft.symlink_to(target)
            draft.replace(folder / link)

    @property
    def modules(self) -> frozenset[str]:
        """Names of its modules, without `.so`."""
        return modules.installed(self.modules_dir)


def default_cache() -> Path:
    """The user's cache folder for Wutong: $XDG_CACHE_HOME/wutong, else ~/.cache/wutong."""
    # The XDG specification: a relative path is invalid and is ignored.
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "wutong"


def private_root(cache: Path) -> Path:
    """Where the newest private root of this kind of machine is, or the first one would be."""
    return max(complete_roots(cache), default=(1, first_root(cache)))[1]


def first_root(cache: Path) -> Path:
    return cache / f"asterisk-{SUITE}-{platform.machine()}-{EDITION}"


def complete_roots(cache: Path) -> list[tuple[int, Path]]:
    """Number and folder of every private root: `processes.renewing` makes the second one and further ones."""
    first = first_root(cache)
    named = re.compile(re.escape(first.name) + r"(?:\.([0-9]+))?")
    found = [(named.fullmatch(path.name), path) for path in cache.glob(f"{first.name}*")]
    return sorted((int(match[1] or 1), path) for match, path in found if match is not None and _complete(path))


def obtain(cache: Path, progress: Progress) -> Installation:
    """The Asterisk to use, made first if need be, which takes a minute or two and about 300 MB below `cache`.

    `progress` gets short lines while something takes long. Raises `NoAsterisk`, or `tools.MissingTools`.
    """
    found, objection = on_path()
    if found is not None:
        return found
    if objection is not None:
        progress(Sentence("not using the Asterisk on PATH: {objection}", objection=objection))
    root = private_root(cache)
    if not _complete(root):
        make(root, progress)
    return in_root(root)


def on_path() -> tuple[Installation | None, str | None]:
    """The Asterisk on PATH if it will do; else None and, if there is one, what is wrong with it."""
    program = shutil.which("asterisk")
    if program is None:
        return None, None
    version = _version((program,))
    if version is None:
        return None, Sentence("{program} does not tell its version", program=program)
    release, change = map(int, (*re.findall("[0-9]+", version), "0")[:2])
    if release < min(SINCE) or change < SINCE.get(release, 0):
        return None, Sentence(
            "{program} is version {version}, at least {least} is needed", program=program, version=version, least=LEAST
        )
    folders = _configured_folders(SYSTEM_CONFIGURATION)
    moddir = _first_folder([folders.get("astmoddir"), *_module_folders()], "res_pjsip.so")
    datadir = _first_folder([folders.get("astdatadir"), "/usr/share/asterisk", "/var/lib/asterisk"], "documentation")
    if moddir is None or datadir is None:
        return None, Sentence(
            "the folder of {program} with its {what} was not found",
            program=program,
            what=Sentence("modules") if moddir is None else Sentence("data"),
        )
    lacking = modules.missing(modules.installed(moddir))
    if lacking:
        return None, Sentence("{program} lacks the modules {names}", program=program, names=", ".join(lacking))
    return Installation((program,), moddir, datadir, version, "path"), None


def make(root: Path, progress: Progress) -> None:
    """Make the private root: one process does, others that come meanwhile wait for it. Raises as `obtain` does."""
    if os.geteuid() != 0:
        checkout = Path(__file__).resolve().parent.parent
        raise NoAsterisk(
            Sentence(
                "there is no Asterisk {least} or newer on PATH, and making a private one in {cache} needs root "
                "once: cd {checkout} && sudo {python} -m processes.obtaining {cache}",
                least=LEAST,
                cache=root.parent,
                checkout=checkout,
                python=sys.executable,
            )
        )
    with making(root.parent, progress) as held:
        if _complete(root):
            return
        make_here(root, held, progress)
    progress(Sentence("Asterisk is ready"))


@contextlib.contextmanager
def making(cache: Path, progress: Progress) -> Iterator[int]:
    """Hold the lock under which private roots are made; gives its descriptor."""
    cache.mkdir(parents=True, exist_ok=True)
    waiting = Sentence("waiting for another process that makes the private Asterisk")
    with lock(cache / f"{first_root(cache).name}.lock", lambda: progress(waiting)) as held:
        yield held


def make_here(root: Path, held: int, progress: Progress) -> None:
    """Make the private root while the lock is held: whole or not at all. Raises as `obtain` does."""
    # The lock is ours, so whatever lies here was left by an interrupted run.
    for leftover in [*root.parent.glob(f"{root.name}.partial-*"), root]:
        if leftover.exists():
            progress(Sentence("removing an unfinished Asterisk"))
            remove(leftover)
    tools.ensure({"debootstrap": "debootstrap"}, progress)
    partial = Path(tempfile.mkdtemp(prefix=f"{root.name}.partial-", dir=root.parent))
    try:
        _bootstrap(partial, held, progress)
        _finish(partial)
        os.rename(partial, root)
    except BaseException:
        remove(partial)
        raise


def _bootstrap(target: Path, held: int, progress: Progress) -> None:
    """Fill `target`. The package mirror is debootstrap's own default.

    debootstrap inherits the lock's descriptor: if we are killed, the lock stays held while debootstrap goes on.
    """
    progress(Sentence("making a private Asterisk (about a minute)"))
    target.chmod(0o755)
    command = ("debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, str(target))
    last: list[str] = []
    steps: dict[str, int] = {}
    with subprocess.Popen(
        command,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # so that its helpers can be ended with it
        pass_fds=(held,),
    ) as process:
        assert process.stdout is not None
        try:
            for line in _lines(process.stdout):
                last = [*last[1 - _LAST_LINES :], line]
                message = _short(line, steps)
                if message is not None:
                    progress(message)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            raise
    if process.returncode != 0:
        log = target / "debootstrap" / "debootstrap.log"
        if log.exists():
            last = [*last, *log.read_text(errors="replace").splitlines()[-_LAST_LINES:]]
        raise NoAsterisk(
            Sentence(
                "debootstrap failed (exit {status}): {why}. Check the network and the disk, then try again; or "
                "install Asterisk {least} or newer yourself.",
                status=process.returncode,
                why=" | ".join(last) or Sentence("it said nothing"),
                least=LEAST,
            )
        )


def _finish(partial: Path) -> None:
    """Check what was made, drop what is not needed to run it, and mark it as complete."""
    installation = in_root(partial)
    lacking = modules.missing(installation.modules)
    if lacking:
        raise NoAsterisk(
            Sentence(
                "the packages of {system} have an Asterisk without {names}", system=SUITE, names=", ".join(lacking)
            )
        )
    for name in _DROPPED:
        shutil.rmtree(partial / name, ignore_errors=True)
    (partial / MARKER).write_text(json.dumps({"version": installation.version, "packages": PACKAGES}) + "\n")
    os.sync()  # after a power cut there must be no marker without its files


def in_root(root: Path) -> Installation:
    """The Asterisk in a private root: run by the root's loader with the root's libraries. Raises `NoAsterisk`."""
    root = root.resolve()  # its processes name the folder itself, also where the cache has a link: `renewing` looks
    loader = next(iter(sorted(root.glob("usr/lib/*/ld-linux*.so.*"))), None)
    program = root / "usr/sbin/asterisk"
    if loader is None or not program.exists():
        raise NoAsterisk(Sentence("{root} is damaged: remove it, and it will be made anew", root=root))
    libraries = loader.parent
    # --inhibit-cache: the host's ld.so.cache must not offer the host's libraries.
    command = (str(loader), "--inhibit-cache", "--library-path", str(libraries), str(program))
    version = _version(command)
    if version is None:
        raise NoAsterisk(
            Sentence("the Asterisk in {root} does not start: remove the folder, and it will be made anew", root=root)
        )
    return Installation(command, libraries / "asterisk/modules", root / "usr/share/asterisk", version, "private")


def _complete(root: Path) -> bool:
    return (root / MARKER).is_file()


def remove(tree: Path) -> None:
    """Remove a root, also one in which debootstrap left /proc or /sys mounted."""
    inside = f"{tree.resolve()}/"
    mounts = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    for mount in sorted((mount for mount in mounts if mount.startswith(inside)), reverse=True):
        subprocess.run(("umount", "--lazy", mount), check=True, stdin=subprocess.DEVNULL)
    subprocess.run(("rm", "-rf", "--one-file-system", str(tree)), check=True, stdin=subprocess.DEVNULL)


def _lines(stream: IO[bytes]) -> Iterator[str]:
    for line in iter(lambda: stream.readline(4096), b""):
        text = line.decode(errors="replace").strip()
        if text:
            yield text


_STEPS = {
    "Retrieving": Sentence("fetching packages"),
    "Extracting": Sentence("unpacking the base"),
    "Unpacking": Sentence("unpacking packages"),
    "Configuring": Sentence("setting up packages"),
}
_EVERY = 25


def _short(line: str, steps: dict[str, int]) -> str | None:
    """A message for one line of debootstrap, or None: the beginning of each step and every 25th package are shown.

    `steps` counts, and is the caller's to keep.
    """
    match = re.match(r"I: (\w+) ", line)
    step = _STEPS.get(match.group(1)) if match else None
    if step is None:
        return None
    steps[step] = steps.get(step, 0) + 1
    if steps[step] == 1:
        return Sentence("Asterisk: {step}", step=step)
    return (
        Sentence("Asterisk: {step}, {count} so far", step=step, count=steps[step])
        if steps[step] % _EVERY == 0
        else None
    )


_told: dict[tuple[tuple[str, ...], int], str] = {}
"""Command, and when its program was changed → its version. A process knows one or two Asterisks."""


def _version(command: Sequence[str]) -> str | None:
    """What `asterisk -V` says, as in "22.10.1~dfsg+~cs6.15.60671435-1"."""
    try:
        asked = tuple(command), os.stat(command[-1]).st_mtime_ns
        if asked in _told:
            return _told[asked]
        done = subprocess.run((*command, "-V"), capture_output=True, stdin=subprocess.DEVNULL, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(r"Asterisk (?:certified/)?([0-9][\w.~+:-]*)", done.stdout.decode(errors="replace"))
    if match is None:
        return None
    _told[asked] = match.group(1)
    return match.group(1)


def _configured_folders(path: Path) -> dict[str, str]:
    """The folders that an asterisk.conf names."""
    try:
        text = path.read_text(errors="replace")
    except OSError:
        return {}
    return dict(re.findall(r"^\s*(ast\w+dir)\s*=>?\s*([^;\s]+)", text, re.MULTILINE))


def _module_folders() -> list[str]:
    triplets = sorted(str(path) for path in Path("/usr/lib").glob("*-linux-gnu/asterisk/modules"))
    return [*triplets, "/usr/lib64/asterisk/modules", "/usr/lib/asterisk/modules", "/usr/local/lib/asterisk/modules"]


def _first_folder(candidates: Sequence[str | None], holding: str) -> Path | None:
    """The first of the folders that holds the named file or folder."""
    folders = (Path(candidate) for candidate in candidates if candidate is not None)
    return next((folder for folder in folders if (folder / holding).exists()), None)


if __name__ == "__main__":
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else default_cache()
    if not _complete(private_root(home)):
        make(private_root(home), lambda line: print(here(line), flush=True))  # noqa: T201
    print(private_root(home))  # noqa: T201
