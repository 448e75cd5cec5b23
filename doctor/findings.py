"""`./wutong doctor`: what is wrong with an installation, and what to do about it."""

import importlib.metadata
import importlib.util
import re
import shutil
import socket
import stat
import sys
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.cells import set_cell_size
from rich.console import Console
from rich.text import Text

from agents.states import PhoneState
from base import descriptors
from base.failure import NotDone
from base.folders import CHECKOUT
from base.hints import some_of
from commands.client import Client
from daily.smtp import connected
from dialplan.findings import Finding, asterisk, finding, loaded_modules, probe
from doctor.postgresql import postgresql
from doctor.status import closed, look, warned
from drawing.card.printing import fonts
from hotline.caller_checks import UNREACHED
from hotline.loader import load
from nodes import own
from nodes.model import Part
from processes import exposure, ownership, passage, running, users
from publishing.findings import sound_programs, versions, voice
from recordings.keys import NoKey, identities
from sentences.languages import language_here, said, worded
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, changed, listed
from settings import secrets
from settings.ports import PortTaken
from settings.settings import RecordingSettings, Settings

PACKAGES = (
    *("accounts", "acd", "agents", "calls", "dialplan", "emergency", "hotline", "ivr", "journal", "service", "sounds"),
)
LOCK = CHECKOUT / "locks" / "runtime.txt"
LEAST_FREE = 1_000_000_000
"""Bytes that should be free on the disk of the state folder, for journal, prompts, recordings, logs."""

LOOKUP_TIMEOUT = 2.0
"""Seconds in which this machine's own name must resolve: Asterisk looks it up while calls wait."""


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
        *postgresql(settings),
        drain(settings),
        *several_machines(settings),
        *other_machines(settings),
        emergency(settings),
        hotline(settings),
        versions(settings),
        *sub_hotlines(settings),
        *messages(settings),
        *recordings(settings),
        *daily_sheet(settings),
        *processes(settings),
    ]


def show(findings: Iterable[Finding]) -> None:
    """One line for each."""
    language = language_here()
    marks = {
        "right": (Sentence("ok"), "green"),
        "odd": (Sentence("note"), "yellow"),
        "wrong": (Sentence("WRONG"), "bold red"),
    }
    console = Console(highlight=False)
    for found in findings:
        mark, style = marks[found.level]
        words = worded("{what}: {why}", language, what=found.what, why=found.sentence)
        console.print(Text.assemble((set_cell_size(said(mark, language), 6), style), words), soft_wrap=True)


def packages(names: Iterable[str], home: Path) -> Finding:
    """Whether Python finds our packages: their names are common, and another of the same name may come first."""
    strays = []
    for name in names:
        spec = importlib.util.find_spec(name)
        origin = None if spec is None or spec.origin is None else Path(spec.origin).resolve()
        if origin != (home / name / "__init__.py").resolve():
            strays.append(Sentence("{name} from {origin}", name=name, origin=origin or Sentence("nowhere")))
    if strays:
        return finding(
            "wrong",
            Sentence("packages"),
            "not all load from {home}: {strays}. Start with ./wutong",
            home=home,
            strays=listed(strays),
        )
    python = sys.version.split()[0]
    return finding("right", Sentence("packages"), "all load from {home}, on Python {python}", home=home, python=python)


def libraries(lock: Path) -> Finding:
    """Compare what is installed with the lock file. Lines for other systems (markers) are skipped."""
    off = []
    wanted = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)(?: \\)?$", lock.read_text(encoding="utf-8"), re.MULTILINE)
    for name, version in wanted:
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            off.append(Sentence("{name} is missing", name=name))
            continue
        if found != version:
            off.append(Sentence("{name} is {found}, not {version}", name=name, found=found, version=version))
    if off:
        return finding(
            "wrong", Sentence("libraries"), "{faults}. Remove .venv and start ./wutong again", faults=listed(off)
        )
    return finding("right", Sentence("libraries"), "{count} as {name} says", count=len(wanted), name=lock.name)


def network(settings: Settings) -> Finding:
    """Whether what is sent over a network can be read on the way."""
    try:
        exposure.check(settings)
    except NotDone as error:
        why = changed(str(error), lambda words: words.replace("\n", " "))
        return finding("wrong", Sentence("network"), "the service refuses to start so: {why}", why=why)
    if not settings.exposed:
        return finding("right", Sentence("network"), "everything stays on this machine")
    if settings.plain_network:
        return finding(
            "odd", Sentence("network"), "what is served beyond this machine is not encrypted: plain_network = true"
        )
    return finding("right", Sentence("network"), "what is served beyond this machine is encrypted")


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
        return finding("right", Sentence("names"), "{own} resolves", own=own)
    line = f"127.0.0.1 {own}"
    return finding(
        "odd", Sentence("names"), "{own} does not resolve at once: put `{line}` into /etc/hosts", own=own, line=line
    )


def state_folder(settings: Settings) -> Iterator[Finding]:
    """Room on its disk, and that only its owner reads the secrets in it."""
    folder = settings.folder
    there = next(path for path in (folder.root, *folder.root.parents) if path.is_dir())
    free = shutil.disk_usage(there).free
    if free < LEAST_FREE:
        left = free // 1_000_000
        yield finding("odd", Sentence("disk"), "only {left} MB are free at {there}", left=left, there=there)
    if not folder.secrets.exists():
        yield finding("right", Sentence("state folder"), "{root}, not used yet", root=folder.root)
        return
    mode = stat.S_IMODE(folder.secrets.stat().st_mode)
    if mode & 0o077:
        yield finding(
            "wrong", Sentence("state folder"), "others can read {secrets}: chmod 600 it", secrets=folder.secrets
        )
        return
    try:
        secrets.obtain(folder)
    except (NotDone, OSError) as error:
        yield finding("wrong", Sentence("state folder"), "it cannot be opened: {why}", why=recognised(error))
    else:
        yield Finding("right", Sentence("state folder"), str(folder.root))


def who(settings: Settings) -> Iterator[Finding]:
    """Whether anything runs as root, and whether each file is its user's."""
    folder, what = settings.folder, Sentence("users")
    if not folder.secrets.exists():
        return
    service = running.service(folder)
    runs = {
        Sentence("the service"): None if service is None else service.process,
        "Asterisk": running.asterisk(folder),
    }
    roots = [name for name, process in runs.items() if process is not None and process.uid == 0]
    if roots:
        remedy = Sentence("./wutong down, then ./wutong up as root, which makes two users for them")
        if not settings.separate_users:
            remedy = Sentence("set separate_users = true, {then}", then=remedy)
        found = Sentence(
            "run as root, so a hole in one of them opens this machine: {names}. To mend it: {remedy}",
            names=listed(roots),
            remedy=remedy,
        )
        yield Finding("odd", what, found)
        return
    both_users, owner = users.known(), folder.root.stat().st_uid
    if both_users is None or owner != both_users.service.uid:
        strangers = ownership.of_others(folder, owner)
        if strangers:
            yield _misplaced(strangers, Sentence("chown -R them to the owner of {folder}", folder=folder.root))
        return
    for user in (both_users.service, both_users.asterisk):
        if shut := passage.closed(user, [folder.root]):
            up = f"{CHECKOUT / 'wutong'} up"
            yield finding(
                "wrong",
                what,
                "{name} may not go through {shut}: as root, {up} opens it",
                name=user.name,
                shut=shut[0],
                up=up,
            )
            return
    astray = ownership.astray(folder, both_users)
    if astray:
        up, program = f"{CHECKOUT / 'wutong'} up", f"python -m processes.ownership {folder.root}"
        yield _misplaced(astray, Sentence("as root, {up}, or {program}", up=up, program=program))
    else:
        yield finding(
            "right",
            what,
            "the service is {service}, Asterisk is {asterisk}; each has its files",
            service=users.SERVICE,
            asterisk=users.ASTERISK,
        )


def _misplaced(paths: list[str], remedy: Sentence) -> Finding:
    files = some_of(paths, 1)
    return finding("wrong", Sentence("users"), "wrong owner or mode: {files}; {remedy}", files=files, remedy=remedy)


def open_files(settings: Settings) -> Finding:
    """The limit of this process. The service may have another one, if something else starts it."""
    possible = descriptors.possible(settings.max_calls)
    return Finding("right" if possible.enough else "wrong", Sentence("open files"), possible.sentence)


def hotline(settings: Settings) -> Finding:
    """How many errors and warnings the hotline's folder has."""
    moment = datetime.now(UTC)
    loaded = load(settings.hotline, trunk=settings.trunk is not None, exposed=settings.exposed, moment=moment)
    look_at = f"./wutong check {settings.hotline}"
    if loaded.hotline is None:
        errors = sum(problem.level == "error" for problem in loaded.problems)
        return finding("wrong", Sentence("hotline"), "{count} errors: {look_at}", count=errors, look_at=look_at)
    if count := len(loaded.problems):
        return finding("odd", Sentence("hotline"), "{count} warnings: {look_at}", count=count, look_at=look_at)
    return Finding("right", Sentence("hotline"), str(settings.hotline))


def sub_hotlines(settings: Settings) -> Iterator[Finding]:
    """Departments that nobody would reach now. Nothing if the hotline is broken: `hotline` reports it."""
    what = Sentence("sub-hotlines")
    loaded = load(settings.hotline, trunk=settings.trunk is not None)
    if loaded.hotline is None or not loaded.hotline.sub_hotlines:
        return
    try:
        phones = _phones(settings)
    except NotDone as error:
        yield finding("odd", what, "it is not known whether their phones are registered: {why}", why=str(error))
        return
    problems = [problem for problem in loaded.problems if problem.code in UNREACHED]
    unreached = [Finding("odd", what, problem.sentence) for problem in problems]
    unreached += [
        finding(
            "odd",
            what,
            "{dials}: the phone {dial} of {name!r} is not registered — switch it on, and look at its user name, "
            "password and server (docs/phones.md)",
            dials=loaded.dials[name],
            dial=line.dial,
            name=name,
        )
        for name, line in loaded.hotline.sub_hotlines.items()
        if phones.get(line.dial) == PhoneState.UNREACHABLE
    ]
    yield from unreached
    if phones and not unreached:
        count = len(loaded.hotline.sub_hotlines)
        yield finding("right", what, "{count}, each with a phone or a number to reach", count=count)


def _phones(settings: Settings) -> dict[str, str]:
    """The state of every phone, as the service knows it; none while it does not run. Raises `NotDone`."""
    client = _client(settings)
    return {} if client is None else client.phones()


def _client(settings: Settings) -> Client | None:
    """To ask the service; None: it does not run."""
    found = look(settings.folder)
    if not found.ready or found.http is None or found.token is None:
        return None
    return Client(found.http, found.token, settings.folder.door)


def messages(settings: Settings) -> Iterator[Finding]:
    """Whether each message has its sound, and each sound its message. Nothing while the service does not run."""
    what, folder = Sentence("messages"), settings.folder.messages
    if (client := _client(settings)) is None:
        return
    try:
        there = {file.stem for file in folder.glob("*.wav")}
        listed_now = {message["id"] for message in client.messages()}
    except (NotDone, OSError) as error:
        yield finding("odd", what, "the list and the files cannot be compared: {why}", why=recognised(error))
        return
    if lost := len([name for name in listed_now - there if not (folder / f"{name}.wav").exists()]):
        yield finding("wrong", what, "{count} on the list have no sound in {folder}", count=lost, folder=folder)
    if strays := len([name for name in there - listed_now if (folder / f"{name}.wav").exists()]):
        yield finding("odd", what, "{count} sounds in {folder} have no Record", count=strays, folder=folder)
    if listed_now and not (lost or strays):
        yield finding("right", what, "{count}, each with its sound", count=len(listed_now))


def recordings(settings: Settings) -> Iterator[Finding]:
    """What the service has found of recordings of talks. Nothing while it does not run, or while nothing is wrong and
    none are encrypted.
    """
    what, folder = Sentence("recordings"), settings.folder.recorded
    if (client := _client(settings)) is None:
        return
    try:
        figures = client.recordings()
    except NotDone as error:
        yield finding("odd", what, "the service cannot be asked about them: {why}", why=str(error))
        return
    if figures["stopped"]:
        yield finding("wrong", what, "no talk is recorded, as the disk is too full")
    if lost := figures["lost_total"]:
        yield finding("wrong", what, "{count} were found without a file in {folder}", count=lost, folder=folder)
    if damaged := figures["damaged"]:
        yield finding("wrong", what, "{count} are not as they were kept; the log has them", count=damaged)
    yield from _keys(settings.recordings, figures["keys"])
    if failed := figures["failed"]:
        yield finding("odd", what, "{count} could not be kept yet; the log says why", count=failed)
    if strays := figures["strays"]:
        yield finding("odd", what, "{count} files in {folder} have no Record", count=strays, folder=folder)


def _keys(wanted: RecordingSettings, count: int) -> Iterator[Finding]:
    """`count`: how many secret keys the service has."""
    what = Sentence("recordings")
    if wanted.identities is not None and not count:
        why: str = Sentence("the service could not read {file}: its user has to own it", file=wanted.identities)
        try:
            identities(wanted.identities)
        except NoKey as error:
            why = str(error)
        yield finding("wrong", what, "encrypted ones cannot be heard here: {why}", why=why)
    elif wanted.recipients:
        told = Sentence(
            "encrypted for {keys} public keys; {count} secret keys are here", keys=len(wanted.recipients), count=count
        )
        yield Finding("right", what, told)


def daily_sheet(settings: Settings) -> Iterator[Finding]:
    """Whether it can be mailed: the font is there, and the mail server takes us. Nothing if it is not to be mailed."""
    what, by, secret = Sentence("daily sheet"), settings.daily_sheet, settings.daily_sheet_password
    if by is None:
        return
    try:
        fonts()
        with connected(by, None if secret is None else secret.get_secret_value()):
            pass
    except NotDone as error:
        yield finding("wrong", what, "it cannot be mailed: {why}", why=str(error))
        return
    yield finding("right", what, "mailed at {at}, by {host}", at=by.at, host=by.host)


def drain(settings: Settings) -> Finding:
    """A hotline that is closed for maintenance takes no calls, and nobody may remember why."""
    sentence = closed(settings.folder)
    if sentence is None:
        return finding("right", Sentence("drain"), "new calls are taken")
    return Finding("wrong", Sentence("drain"), sentence)


def several_machines(settings: Settings) -> list[Finding]:
    """Which of the machines with this database leads, and what an earlier leadership of this one has left behind."""
    what, found = Sentence("several machines"), []
    if settings.stand_by:
        note = running.service(settings.folder)
        if note is not None and note.ready:
            if note.stands_by:
                why = Sentence("this machine stands by: another machine leads, see {http}/readyz", http=note.http)
            else:
                why = Sentence("this machine leads")
            found.append(Finding("right", what, why))
    if folders := own.put_aside(settings.folder):
        why = Sentence(
            "another machine took over from this one; what the database may lack of the last moments is kept in "
            "{folders}. Delete that when nobody needs it any more",
            folders=listed(str(folder) for folder in folders),
        )
        found.append(Finding("odd", what, why))
    return found


def other_machines(settings: Settings) -> Iterator[Finding]:
    """Machines that are away, and versions that differ, as the leader knows it."""
    what, note = Sentence("several machines"), running.service(settings.folder)
    if not settings.stand_by or note is None or note.stands_by or (client := _client(settings)) is None:
        return
    try:
        nodes = client.nodes()
    except NotDone as error:
        yield finding("odd", what, "the other machines are not known: {why}", why=recognised(error))
        return
    away = [node["name"] for node in nodes if node["part"] == Part.AWAY]
    if away:
        why = Sentence(
            "no sign of life from {names}: start Wutong there, or, if it is away for good, ./wutong node remove {name}",
            names=listed(away),
            name=away[0],
        )
        yield Finding("odd", what, why)
    for node in nodes:
        if node["backs"] is False and node["part"] != Part.AWAY:
            why = Sentence(
                "{name} does not back this leader, so no agent would be rung while PostgreSQL is away. Set "
                "node_address there, let UDP pass between the machines at these addresses, and copy secrets.json from "
                "here",
                name=node["name"],
            )
            yield Finding("odd", what, why)
    versions = sorted({node["version"] for node in nodes if node["part"] != Part.AWAY})
    if len(versions) > 1:
        why = Sentence("they run different versions: {versions}. Upgrade all of them", versions=listed(versions))
        yield Finding("odd", what, why)


def emergency(settings: Settings) -> Finding:
    """All new callers hear a message, and nobody may remember that."""
    sentence = warned(settings.folder)
    if sentence is None:
        return finding("right", Sentence("emergency message"), "none is on")
    return Finding("odd", Sentence("emergency message"), sentence)


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
            yield Finding("odd", Sentence("ports"), str(error))
        else:
            yield finding("right", Sentence("ports"), "free; nothing runs")
        return
    supervised = (note := running.service(folder)) is None or note.supervised
    if supervised and found.supervisor_pid is None:
        yield finding("odd", Sentence("supervisor"), "down, so nothing is started again when it ends: ./wutong up")
    if found.pid is None:
        yield finding("wrong", Sentence("service"), "down: see {logs}, then ./wutong up", logs=folder.logs)
    elif not found.ready:
        yield finding("odd", Sentence("service"), "starting (process {pid})", pid=found.pid)
    else:
        yield finding("right", Sentence("service"), "process {pid}", pid=found.pid)
    if found.asterisk_pid is not None:
        yield loaded_modules(settings)
    if found.ami is not None and found.asterisk_pid is not None:
        yield probe(found.ami, secrets.obtain(folder).ami.get_secret_value())
