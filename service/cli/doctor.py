"""`./wutong doctor`: what is wrong with an installation, and what to do about it."""

import asyncio
import importlib.metadata
import importlib.util
import re
import shlex
import shutil
import socket
import stat
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from asterisk.ami import AMIClient
from rich.console import Console
from rich.text import Text

from agents.states import PhoneState
from dialplan import modules, obtaining, renewing
from dialplan.asterisk import AsteriskFailed, AsteriskProcess
from dialplan.ports import PortTaken
from hotline.lines import UNREACHED
from hotline.loader import load
from hotline.texts import every_text
from service.app.prepare import SOUND_PROGRAMS
from service.cli.client import Client
from service.cli.status import closed, look
from service.process import descriptors
from service.setup import exposure, ownership, passage, running, secrets, users
from service.setup.failure import NotDone
from service.setup.places import CHECKOUT
from service.setup.settings import Settings
from service.setup.speech import speaker
from sounds.catalogue import Catalogue
from sounds.model import NoSound
from sounds.natural import NaturalVoice
from sounds.voice import CommandVoice, Source

PACKAGES = ("accounts", "acd", "agents", "calls", "dialplan", "hotline", "ivr", "journal", "service", "sounds")
LOCK = CHECKOUT / "locks" / "runtime.txt"
LEAST_FREE = 1_000_000_000
"""Bytes that should be free on the disk of the state folder, for journal, prompts, recordings, logs."""

LOOKUP_TIMEOUT = 2.0
"""Seconds in which this machine's own name must resolve: Asterisk looks it up while calls wait."""

PROBE_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """`odd` works, but somebody should know; `wrong` does not work."""

    level: Literal["right", "odd", "wrong"]
    what: str
    sentence: str


def examine(settings: Settings) -> list[Finding]:
    """Look at everything. Changes nothing, except that it may make a state folder."""
    return [
        packages(PACKAGES, CHECKOUT),
        libraries(LOCK),
        network(settings),
        sound_programs(settings),
        voice(settings),
        *asterisk(settings),
        names(),
        *state_folder(settings),
        *who(settings),
        open_files(settings),
        drain(settings),
        hotline(settings),
        *sub_hotlines(settings),
        *processes(settings),
    ]


def show(findings: Iterable[Finding]) -> None:
    """One line for each."""
    marks = {"right": ("ok   ", "green"), "odd": ("note ", "yellow"), "wrong": ("WRONG", "bold red")}
    console = Console(highlight=False)
    for finding in findings:
        console.print(Text.assemble(marks[finding.level], f" {finding.what}: {finding.sentence}"), soft_wrap=True)


def packages(names: Iterable[str], home: Path) -> Finding:
    """Whether Python finds our packages: their names are common, and another of the same name may come first."""
    strays = []
    for name in names:
        spec = importlib.util.find_spec(name)
        origin = None if spec is None or spec.origin is None else Path(spec.origin).resolve()
        if origin != (home / name / "__init__.py").resolve():
            strays.append(f"{name} from {origin or 'nowhere'}")
    if strays:
        return Finding("wrong", "packages", f"not all load from {home}: {', '.join(strays)}. Start with ./wutong")
    return Finding("right", "packages", f"all load from {home}, on Python {sys.version.split()[0]}")


def libraries(lock: Path) -> Finding:
    """Compare what is installed with the lock file. Lines for other systems (markers) are skipped."""
    off = []
    wanted = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)(?: \\)?$", lock.read_text(encoding="utf-8"), re.MULTILINE)
    for name, version in wanted:
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            off.append(f"{name} is missing")
            continue
        if found != version:
            off.append(f"{name} is {found}, not {version}")
    if off:
        return Finding("wrong", "libraries", f"{', '.join(off)}. Remove .venv and start ./wutong again")
    return Finding("right", "libraries", f"{len(wanted)} as {lock.name} says")


def network(settings: Settings) -> Finding:
    """Whether what is sent over a network can be read on the way."""
    try:
        exposure.check(settings)
    except NotDone as error:
        return Finding("wrong", "network", str(error).replace("\n", " "))
    if not settings.exposed:
        return Finding("right", "network", "everything stays on this machine")
    if settings.plain_network:
        return Finding("odd", "network", "what is served beyond this machine is not encrypted: plain_network = true")
    return Finding("right", "network", "what is served beyond this machine is encrypted")


def sound_programs(settings: Settings) -> Finding:
    needed = [name for name in SOUND_PROGRAMS if name != "espeak-ng" or not settings.voice]
    missing = [SOUND_PROGRAMS[name] for name in needed if shutil.which(name) is None]
    if missing:
        return Finding("wrong", "sound programs", f"install: apt-get install {' '.join(missing)}")
    return Finding("right", "sound programs", ", ".join(needed))


def voice(settings: Settings) -> Finding:
    """Whose voice speaks, and whether callers hear the draft voice anywhere."""
    try:
        speaking = speaker(settings)
    except NoSound as error:
        return Finding("wrong", "voice", str(error))
    if isinstance(speaking, CommandVoice):
        program = shlex.split(settings.voice)[0]
        if shutil.which(program) is None:
            return Finding("wrong", "voice", f"there is no program {program}: correct the setting, or install it")
        return Finding("right", "voice", f"the command {program}, as the setting `voice` says")
    try:
        drafts = _drafts(settings, speaking)
    except (NoSound, OSError) as error:
        return Finding("wrong", "voice", str(error))
    absent = speaking.missing()
    if drafts:
        remedy = "./wutong reload" if absent is None else f"{absent}, then ./wutong reload"
        texts, them = ("1 text is", "it") if drafts == 1 else (f"{drafts} texts are", "them")
        return Finding(
            "wrong", "voice", f"{texts} spoken by the draft voice, and callers will not understand {them}: {remedy}"
        )
    if absent is not None:
        return Finding("odd", "voice", f"{absent}. It is needed for texts that do not ship with Wutong")
    return Finding("right", "voice", f"{settings.voices.zh} and {settings.voices.en}, installed")


def _drafts(settings: Settings, speaking: NaturalVoice) -> int:
    """How many texts of the hotline are played as drafts."""
    loaded = load(settings.hotline)
    if loaded.hotline is None:
        return 0  # `hotline` reports it
    hotline = loaded.hotline
    catalogue = Catalogue(settings.folder.sounds, hotline.folder / "prompts", hotline.languages, speaking)
    played = (catalogue.played(clip) for clip in catalogue.needed(every_text(hotline)))
    return sum(clip is not None and clip.source is Source.DRAFT for clip in played)


def asterisk(settings: Settings) -> Iterator[Finding]:
    if settings.asterisk is not None:
        yield Finding("right", "Asterisk", f"a remote one at {settings.asterisk.host}")
        return
    found, objection = obtaining.on_path()
    if objection is not None:
        yield Finding("odd", "Asterisk", f"the one on PATH is not used: {objection}")
    if found is None:
        private = obtaining.private_root(obtaining.default_cache())
        if not (private / obtaining.MARKER).is_file():
            yield Finding("odd", "Asterisk", f"none yet; `up` makes a private one in {private}")
            return
        try:
            found = obtaining.obtain(obtaining.default_cache(), lambda line: None)
        except obtaining.NoAsterisk as error:
            yield Finding("wrong", "Asterisk", str(error))
            return
    if lacking := modules.missing(found.modules):
        yield Finding("wrong", "Asterisk", f"{found.version} lacks the modules {', '.join(lacking)}")
    else:
        yield Finding("right", "Asterisk", f"{found.version}, {found.origin}, with every module that is needed")
    if found.origin == "private":
        yield asterisk_age(obtaining.private_root(obtaining.default_cache()))


def asterisk_age(root: Path) -> Finding:
    """A private Asterisk gets no updates by itself. A new one is not compared: it was the newest a day ago."""
    days, renewal = renewing.age_days(root), "renew it: ./wutong up --update-asterisk"
    age = "made today" if not days else f"made {days} day{'' if days == 1 else 's'} ago"
    if not days:
        return Finding("right", "Asterisk's age", age)
    try:
        newer = renewing.newer(root)
    except renewing.NotAsked as error:
        old = f"; {renewal}" if days >= renewing.OLD_DAYS else ""
        return Finding("odd", "Asterisk's age", f"{age}; whether there is a newer one could not be asked: {error}{old}")
    if newer is not None:
        return Finding("odd", "Asterisk's age", f"{age}, and there is a newer one, {newer}: {renewal}")
    if days >= renewing.OLD_DAYS:
        why = "Asterisk itself is the newest, the libraries beside it may not be"
        return Finding("odd", "Asterisk's age", f"{age}. {why}: {renewal}")
    return Finding("right", "Asterisk's age", f"{age}, and there is no newer one")


def names() -> Finding:
    """Where names do not resolve, Asterisk waits for seconds, and callers wait too."""
    own = socket.gethostname()
    resolved = threading.Event()

    def resolve() -> None:
        try:
            socket.getaddrinfo(own, None)
        except OSError:
            return
        resolved.set()

    # a look-up cannot be cancelled: a daemon thread lets the program end
    threading.Thread(target=resolve, daemon=True).start()
    if resolved.wait(LOOKUP_TIMEOUT):
        return Finding("right", "names", f"{own} resolves")
    return Finding("odd", "names", f"{own} does not resolve at once: put `127.0.0.1 {own}` into /etc/hosts")


def state_folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.folder
    there = next(path for path in (folder.root, *folder.root.parents) if path.is_dir())
    free = shutil.disk_usage(there).free
    if free < LEAST_FREE:
        yield Finding("odd", "disk", f"only {free // 1_000_000} MB are free at {there}")
    if not folder.secrets.exists():
        yield Finding("right", "state folder", f"{folder.root}, not used yet")
        return
    mode = stat.S_IMODE(folder.secrets.stat().st_mode)
    if mode & 0o077:
        yield Finding("wrong", "state folder", f"others can read {folder.secrets}: chmod 600 it")
        return
    try:
        secrets.obtain(folder)
    except (NotDone, OSError) as error:
        yield Finding("wrong", "state folder", str(error))
    else:
        yield Finding("right", "state folder", str(folder.root))


def who(settings: Settings) -> Iterator[Finding]:
    """Whether anything runs as root, and whether each file is its user's."""
    folder, what = settings.folder, "users"
    if not folder.secrets.exists():
        return
    service = running.service(folder)
    runs = {"the service": None if service is None else service.process, "Asterisk": running.asterisk(folder)}
    roots = [name for name, process in runs.items() if process is not None and process.uid == 0]
    if roots:
        again = "set separate_users = true, " if not settings.separate_users else ""
        both = " and ".join(roots)
        yield Finding(
            "odd",
            what,
            f"{both} {'run' if len(roots) > 1 else 'runs'} as root, so that a hole in it opens this machine: "
            f"{again}./wutong down, then ./wutong up as root, which makes two users for them",
        )
        return
    both_users, owner = users.known(), folder.root.stat().st_uid
    if both_users is None or owner != both_users.service.uid:
        strangers = ownership.of_others(folder, owner)
        if strangers:
            yield _misplaced(strangers, f"chown -R them to the owner of {folder.root}")
        return
    for user in (both_users.service, both_users.asterisk):
        if shut := passage.closed(user, [folder.root]):
            opens = f"as root, {CHECKOUT / 'wutong'} up opens it"
            yield Finding("wrong", what, f"{user.name} may not go through {shut[0]}: {opens}")
            return
    astray = ownership.astray(folder, both_users)
    if astray:
        yield _misplaced(
            astray, f"as root, {CHECKOUT / 'wutong'} up, or python -m service.setup.ownership {folder.root}"
        )
    else:
        yield Finding("right", what, f"the service is {users.SERVICE}, Asterisk {users.ASTERISK}; each has its files")


def _misplaced(paths: list[str], remedy: str) -> Finding:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return Finding("wrong", "users", f"the wrong owner or mode has {paths[0]}{more}: {remedy}")


def open_files(settings: Settings) -> Finding:
    """The limit of this process. The service may have another one, if something else starts it."""
    possible = descriptors.possible(settings.max_calls)
    return Finding("right" if possible.enough else "wrong", "open files", possible.sentence)


def hotline(settings: Settings) -> Finding:
    moment = datetime.now(UTC)
    loaded = load(settings.hotline, trunk=settings.trunk is not None, exposed=settings.exposed, moment=moment)
    if loaded.hotline is None:
        errors = sum(problem.level == "error" for problem in loaded.problems)
        return Finding("wrong", "hotline", f"{errors} errors: ./wutong check {settings.hotline}")
    if loaded.problems:
        return Finding("odd", "hotline", f"{len(loaded.problems)} warnings: ./wutong check {settings.hotline}")
    return Finding("right", "hotline", str(settings.hotline))


def sub_hotlines(settings: Settings) -> Iterator[Finding]:
    """Departments that nobody would reach now. Nothing if the hotline is broken: `hotline` reports it."""
    what = "sub-hotlines"
    loaded = load(settings.hotline, trunk=settings.trunk is not None)
    if loaded.hotline is None or not loaded.hotline.sub_hotlines:
        return
    try:
        phones = _phones(settings)
    except NotDone as error:
        yield Finding("odd", what, f"it is not known whether their phones are registered: {error}")
        return
    unreached = [str(problem) for problem in loaded.problems if problem.code in UNREACHED]
    unreached += [
        f"{loaded.dials[name]}: the phone {line.dial} of {name!r} is not registered — switch it on, and look at its "
        "user name, password and server (docs/phones.md)"
        for name, line in loaded.hotline.sub_hotlines.items()
        if phones.get(line.dial) == PhoneState.UNREACHABLE
    ]
    yield from (Finding("odd", what, sentence) for sentence in unreached)
    if phones and not unreached:
        yield Finding("right", what, f"{len(loaded.hotline.sub_hotlines)}, each with a phone or a number to reach")


def _phones(settings: Settings) -> dict[str, str]:
    """The state of every phone, as the service knows it; none while it does not run. Raises `NotDone`."""
    found = look(settings.folder)
    if not found.ready or found.http is None or found.token is None:
        return {}
    return Client(found.http, found.token).phones()


def drain(settings: Settings) -> Finding:
    """A hotline that is closed for maintenance takes no calls, and nobody may remember why."""
    sentence = closed(settings.folder)
    return Finding("right" if sentence is None else "wrong", "drain", sentence or "off")


def processes(settings: Settings) -> Iterator[Finding]:
    """What runs, and whether it answers."""
    folder = settings.folder
    try:
        found = look(folder)
    except NotDone:
        return  # `state_folder` reported it
    if found.pid is None and found.asterisk_pid is None:
        try:
            settings.ports.check_free(str(settings.listen), http=str(settings.web_listen))
        except PortTaken as error:
            yield Finding("odd", "ports", str(error))
        else:
            yield Finding("right", "ports", "free; nothing runs")
        return
    supervised = (note := running.service(folder)) is None or note.supervised
    if supervised and found.supervisor_pid is None:
        yield Finding("odd", "supervisor", "down, so nothing is started again when it ends: ./wutong up")
    if found.pid is None:
        yield Finding("wrong", "service", f"down: see {folder.logs}, then ./wutong up")
    elif not found.ready:
        yield Finding("odd", "service", f"starting (process {found.pid})")
    else:
        yield Finding("right", "service", f"process {found.pid}")
    if found.asterisk_pid is not None:
        yield _loaded(settings)
    if found.ami is not None and found.asterisk_pid is not None:
        yield probe(found.ami, secrets.obtain(folder).ami.get_secret_value())


def _loaded(settings: Settings) -> Finding:
    try:
        installation = obtaining.obtain(obtaining.default_cache(), lambda line: None)
        lacking = asyncio.run(AsteriskProcess(installation, settings.asterisk_folder).modules_missing())
    except (obtaining.NoAsterisk, AsteriskFailed) as error:
        return Finding("wrong", "Asterisk's modules", str(error))
    if lacking:
        return Finding("wrong", "Asterisk's modules", f"not running: {', '.join(lacking)}; see its log")
    return Finding("right", "Asterisk's modules", "all that are needed run")


def probe(address: str, secret: str) -> Finding:
    """Log in to AMI as the service does, on a separate connection. `address`: host:port."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), PROBE_TIMEOUT).close()
    except OSError as error:
        return Finding("wrong", "AMI", f"{address} cannot be reached: {error}")
    client = AMIClient(address=host, port=int(port), timeout=PROBE_TIMEOUT)
    try:
        answer = client.login("wutong", secret).response
        if answer is not None:
            if not answer.is_error():
                client.logoff()
            # Asterisk closes the connection in both cases; if we closed it, the library's thread would wait for ever
            client.finished.wait(PROBE_TIMEOUT)
    finally:
        client.disconnect()
    if answer is None:
        return Finding("wrong", "AMI", f"{address} did not answer within {PROBE_TIMEOUT:.0f} s: restart Asterisk")
    if answer.is_error():
        return Finding("wrong", "AMI", f"{address} refuses the service: {answer.keys.get('Message', 'no reason')}")
    return Finding("right", "AMI", f"{address} lets the service in")
