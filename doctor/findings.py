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

from rich.console import Console
from rich.text import Text

from agents.states import PhoneState
from base import descriptors
from base.failure import NotDone
from base.folders import CHECKOUT
from commands.client import Client
from commands.finding import Finding
from dialplan.findings import asterisk, loaded_modules, probe
from doctor.status import closed, look, warned
from hotline.loader import load
from hotline.number_checks import UNREACHED
from processes import exposure, ownership, passage, running, users
from publishing.findings import sound_programs, versions, voice
from settings import secrets
from settings.ports import PortTaken
from settings.settings import Settings

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
        drain(settings),
        emergency(settings),
        hotline(settings),
        versions(settings),
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
        return Finding(
            "wrong",
            "packages",
            f"not all load from {home}: {', '.join(strays)}. Start with ./wutong",
            f"有的程序包不是从 {home} 加载的：{', '.join(strays)}。请用 ./wutong 启动",
        )
    python = sys.version.split()[0]
    return Finding(
        "right", "packages", f"all load from {home}, on Python {python}", f"都从 {home} 加载，Python {python}"
    )


def libraries(lock: Path) -> Finding:
    """Compare what is installed with the lock file. Lines for other systems (markers) are skipped."""
    off, chinese = [], []
    wanted = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)(?: \\)?$", lock.read_text(encoding="utf-8"), re.MULTILINE)
    for name, version in wanted:
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            off.append(f"{name} is missing")
            chinese.append(f"缺少 {name}")
            continue
        if found != version:
            off.append(f"{name} is {found}, not {version}")
            chinese.append(f"{name} 是 {found}，应为 {version}")
    if off:
        return Finding(
            "wrong",
            "libraries",
            f"{', '.join(off)}. Remove .venv and start ./wutong again",
            f"{'；'.join(chinese)}。请删除 .venv，再启动 ./wutong",
        )
    return Finding("right", "libraries", f"{len(wanted)} as {lock.name} says", f"{len(wanted)} 个，与 {lock.name} 一致")


def network(settings: Settings) -> Finding:
    """Whether what is sent over a network can be read on the way."""
    try:
        exposure.check(settings)
    except NotDone as error:
        why = str(error).replace("\n", " ")
        return Finding("wrong", "network", why, f"服务不肯这样对外开放：{why}")
    if not settings.exposed:
        return Finding("right", "network", "everything stays on this machine", "只在本机提供服务")
    if settings.plain_network:
        return Finding(
            "odd",
            "network",
            "what is served beyond this machine is not encrypted: plain_network = true",
            "对外的通信没有加密：plain_network = true",
        )
    return Finding("right", "network", "what is served beyond this machine is encrypted", "对外的通信已加密")


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
        return Finding("right", "names", f"{own} resolves", f"{own} 可以解析")
    line = f"127.0.0.1 {own}"
    return Finding(
        "odd",
        "names",
        f"{own} does not resolve at once: put `{line}` into /etc/hosts",
        f"{own} 不能马上解析：请在 /etc/hosts 里加上 {line}",
    )


def state_folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.folder
    there = next(path for path in (folder.root, *folder.root.parents) if path.is_dir())
    free = shutil.disk_usage(there).free
    if free < LEAST_FREE:
        left = free // 1_000_000
        yield Finding("odd", "disk", f"only {left} MB are free at {there}", f"{there} 只剩 {left} MB")
    if not folder.secrets.exists():
        yield Finding("right", "state folder", f"{folder.root}, not used yet", f"{folder.root}，还没有用过")
        return
    mode = stat.S_IMODE(folder.secrets.stat().st_mode)
    if mode & 0o077:
        yield Finding(
            "wrong",
            "state folder",
            f"others can read {folder.secrets}: chmod 600 it",
            f"别的用户读得到 {folder.secrets}：请执行 chmod 600",
        )
        return
    try:
        secrets.obtain(folder)
    except (NotDone, OSError) as error:
        yield Finding("wrong", "state folder", str(error), f"打不开：{error}")
    else:
        yield Finding("right", "state folder", str(folder.root), str(folder.root))


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
        chinese = "请设置 separate_users = true，" if not settings.separate_users else "请"
        both = " and ".join(roots)
        yield Finding(
            "odd",
            what,
            f"{both} {'run' if len(roots) > 1 else 'runs'} as root, so that a hole in it opens this machine: "
            f"{again}./wutong down, then ./wutong up as root, which makes two users for them",
            f"{'、'.join(_CHINESE[name] for name in roots)}以 root 运行，一旦有漏洞，整台机器就敞开了。"
            f"{chinese}执行 ./wutong down，再以 root 执行 ./wutong up，它会为两者各建一个用户",
        )
        return
    both_users, owner = users.known(), folder.root.stat().st_uid
    if both_users is None or owner != both_users.service.uid:
        strangers = ownership.of_others(folder, owner)
        if strangers:
            owner_of = folder.root
            yield _misplaced(
                strangers, f"chown -R them to the owner of {owner_of}", f"请 chown -R 给 {owner_of} 的属主"
            )
        return
    for user in (both_users.service, both_users.asterisk):
        if shut := passage.closed(user, [folder.root]):
            up = f"{CHECKOUT / 'wutong'} up"
            yield Finding(
                "wrong",
                what,
                f"{user.name} may not go through {shut[0]}: as root, {up} opens it",
                f"{user.name} 进不了 {shut[0]}：以 root 执行 {up} 即可打开",
            )
            return
    astray = ownership.astray(folder, both_users)
    if astray:
        up, program = f"{CHECKOUT / 'wutong'} up", f"python -m processes.ownership {folder.root}"
        yield _misplaced(astray, f"as root, {up}, or {program}", f"请以 root 执行 {up}，或 {program}")
    else:
        yield Finding(
            "right",
            what,
            f"the service is {users.SERVICE}, Asterisk {users.ASTERISK}; each has its files",
            f"服务是 {users.SERVICE}，Asterisk 是 {users.ASTERISK}，各有各的文件",
        )


_CHINESE = {"the service": "服务", "Asterisk": "Asterisk"}


def _misplaced(paths: list[str], remedy: str, chinese: str) -> Finding:
    others = len(paths) - 1
    more, besides = (f" and {others} more", f" 等 {len(paths)} 个文件") if others else ("", "")
    return Finding(
        "wrong",
        "users",
        f"the wrong owner or mode has {paths[0]}{more}: {remedy}",
        f"{paths[0]}{besides}的属主或权限不对：{chinese}",
    )


def open_files(settings: Settings) -> Finding:
    """The limit of this process. The service may have another one, if something else starts it."""
    possible = descriptors.possible(settings.max_calls)
    return Finding("right" if possible.enough else "wrong", "open files", possible.sentence, possible.chinese)


def hotline(settings: Settings) -> Finding:
    moment = datetime.now(UTC)
    loaded = load(settings.hotline, trunk=settings.trunk is not None, exposed=settings.exposed, moment=moment)
    look_at = f"./wutong check {settings.hotline}"
    if loaded.hotline is None:
        errors = sum(problem.level == "error" for problem in loaded.problems)
        return Finding("wrong", "hotline", f"{errors} errors: {look_at}", f"{errors} 处错误：{look_at}")
    if count := len(loaded.problems):
        return Finding("odd", "hotline", f"{count} warnings: {look_at}", f"{count} 处警告：{look_at}")
    return Finding("right", "hotline", str(settings.hotline), str(settings.hotline))


def sub_hotlines(settings: Settings) -> Iterator[Finding]:
    """Departments that nobody would reach now. Nothing if the hotline is broken: `hotline` reports it."""
    what = "sub-hotlines"
    loaded = load(settings.hotline, trunk=settings.trunk is not None)
    if loaded.hotline is None or not loaded.hotline.sub_hotlines:
        return
    try:
        phones = _phones(settings)
    except NotDone as error:
        yield Finding(
            "odd",
            what,
            f"it is not known whether their phones are registered: {error}",
            f"不知道它们的话机是否已注册：{error}",
        )
        return
    problems = [problem for problem in loaded.problems if problem.code in UNREACHED]
    unreached = [Finding("odd", what, str(problem), f"拨不通：{problem}") for problem in problems]
    unreached += [
        Finding(
            "odd",
            what,
            f"{loaded.dials[name]}: the phone {line.dial} of {name!r} is not registered — switch it on, and look at "
            "its user name, password and server (docs/phones.md)",
            f"{loaded.dials[name]}：{name} 的话机 {line.dial} 没有注册。"
            "请开机，并核对用户名、密码和服务器（docs/phones.md）",
        )
        for name, line in loaded.hotline.sub_hotlines.items()
        if phones.get(line.dial) == PhoneState.UNREACHABLE
    ]
    yield from unreached
    if phones and not unreached:
        count = len(loaded.hotline.sub_hotlines)
        yield Finding(
            "right", what, f"{count}, each with a phone or a number to reach", f"{count} 条，都有话机或号码可以接通"
        )


def _phones(settings: Settings) -> dict[str, str]:
    """The state of every phone, as the service knows it; none while it does not run. Raises `NotDone`."""
    found = look(settings.folder)
    if not found.ready or found.http is None or found.token is None:
        return {}
    return Client(found.http, found.token, settings.folder.door).phones()


def drain(settings: Settings) -> Finding:
    """A hotline that is closed for maintenance takes no calls, and nobody may remember why."""
    sentence = closed(settings.folder)
    if sentence is None:
        return Finding("right", "drain", "off", "正常接入")
    return Finding("wrong", "drain", sentence, f"已停接新来电（{sentence}）：./wutong drain --off 恢复接入")


def emergency(settings: Settings) -> Finding:
    """All new callers hear a message, and nobody may remember that."""
    sentence = warned(settings.folder)
    if sentence is None:
        return Finding("right", "emergency message", "none is on", "没有播放")
    return Finding("odd", "emergency message", sentence, f"正在播放紧急公告（{sentence}）")


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
            yield Finding("odd", "ports", str(error), f"端口被占用：{error}")
        else:
            yield Finding("right", "ports", "free; nothing runs", "空闲，没有在运行")
        return
    supervised = (note := running.service(folder)) is None or note.supervised
    if supervised and found.supervisor_pid is None:
        yield Finding(
            "odd",
            "supervisor",
            "down, so nothing is started again when it ends: ./wutong up",
            "没有在运行，程序退出后不会自动重启：./wutong up",
        )
    if found.pid is None:
        yield Finding(
            "wrong",
            "service",
            f"down: see {folder.logs}, then ./wutong up",
            f"没有在运行：请看 {folder.logs}，再执行 ./wutong up",
        )
    elif not found.ready:
        yield Finding("odd", "service", f"starting (process {found.pid})", f"正在启动（进程 {found.pid}）")
    else:
        yield Finding("right", "service", f"process {found.pid}", f"进程 {found.pid}")
    if found.asterisk_pid is not None:
        yield loaded_modules(settings)
    if found.ami is not None and found.asterisk_pid is not None:
        yield probe(found.ami, secrets.obtain(folder).ami.get_secret_value())
