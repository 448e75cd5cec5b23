"""What `./wutong doctor` finds of Asterisk: the program, its age, its modules, and whether it lets the service in."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

from asterisk.ami import AMIClient

from commands.finding import Finding
from processes import modules, obtaining, renewing
from processes.asterisk import AsteriskFailed, AsteriskProcess
from settings.settings import Settings

PROBE_TIMEOUT = 5.0
"""Seconds in which AMI must answer."""


def asterisk(settings: Settings) -> Iterator[Finding]:
    if settings.asterisk is not None:
        host = settings.asterisk.host
        yield Finding("right", "Asterisk", f"a remote one at {host}", f"在另一台机器上：{host}")
        return
    found, objection = obtaining.on_path()
    if objection is not None:
        yield Finding("odd", "Asterisk", f"the one on PATH is not used: {objection}", f"PATH 里的那个不用：{objection}")
    if found is None:
        private = obtaining.private_root(obtaining.default_cache())
        if not (private / obtaining.MARKER).is_file():
            yield Finding(
                "odd",
                "Asterisk",
                f"none yet; `up` makes a private one in {private}",
                f"还没有；./wutong up 会在 {private} 准备一个",
            )
            return
        try:
            found = obtaining.obtain(obtaining.default_cache(), lambda line: None)
        except obtaining.NoAsterisk as error:
            yield Finding("wrong", "Asterisk", str(error), f"没有可用的 Asterisk：{error}")
            return
    if lacking := modules.missing(found.modules):
        names = ", ".join(lacking)
        yield Finding(
            "wrong", "Asterisk", f"{found.version} lacks the modules {names}", f"{found.version} 缺少模块 {names}"
        )
    else:
        yield Finding(
            "right",
            "Asterisk",
            f"{found.version}, {found.origin}, with every module that is needed",
            f"{found.version}（{found.origin}），所需模块齐全",
        )
    if found.origin == "private":
        yield asterisk_age(obtaining.private_root(obtaining.default_cache()))


def asterisk_age(root: Path) -> Finding:
    """A private Asterisk gets no updates by itself. A new one is not compared: it was the newest a day ago."""
    days, command, what = renewing.age_days(root), "./wutong up --update-asterisk", "Asterisk's age"
    renewal, renew = f"renew it: {command}", f"请更新：{command}"
    age, chinese = f"made {days} day{'' if days == 1 else 's'} ago", f"{days} 天前制作"
    if not days:
        return Finding("right", what, "made today", "今天制作")
    old = days >= renewing.OLD_DAYS
    try:
        newer = renewing.newer(root)
    except renewing.NotAsked as error:
        return Finding(
            "odd",
            what,
            f"{age}; whether there is a newer one could not be asked: {error}{f'; {renewal}' if old else ''}",
            f"{chinese}；问不到有没有新版本：{error}{f'；{renew}' if old else ''}",
        )
    if newer is not None:
        return Finding(
            "odd",
            what,
            f"{age}, and there is a newer one, {newer}: {renewal}",
            f"{chinese}，已有新版本 {newer}：{renew}",
        )
    if old:
        return Finding(
            "odd",
            what,
            f"{age}. Asterisk itself is the newest, the libraries beside it may not be: {renewal}",
            f"{chinese}。Asterisk 本身是最新的，随带的库未必：{renew}",
        )
    return Finding("right", what, f"{age}, and there is no newer one", f"{chinese}，没有更新的版本")


def loaded_modules(settings: Settings) -> Finding:
    """Whether the Asterisk that runs has all modules."""
    what = "Asterisk's modules"
    try:
        installation = obtaining.obtain(obtaining.default_cache(), lambda line: None)
        lacking = asyncio.run(AsteriskProcess(installation, settings.asterisk_folder).modules_missing())
    except (obtaining.NoAsterisk, AsteriskFailed) as error:
        return Finding("wrong", what, str(error), f"问不到：{error}")
    if lacking:
        names = ", ".join(lacking)
        return Finding("wrong", what, f"not running: {names}; see its log", f"没有运行：{names}；请看它的日志")
    return Finding("right", what, "all that are needed run", "所需模块都在运行")


def probe(address: str, secret: str) -> Finding:
    """Log in to AMI as the service does, on a separate connection. `address`: host:port."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), PROBE_TIMEOUT).close()
    except OSError as error:
        return Finding("wrong", "AMI", f"{address} cannot be reached: {error}", f"连不上 {address}：{error}")
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
        return Finding(
            "wrong",
            "AMI",
            f"{address} did not answer within {PROBE_TIMEOUT:.0f} s: restart Asterisk",
            f"{address} 在 {PROBE_TIMEOUT:.0f} 秒内没有应答：请重启 Asterisk",
        )
    if answer.is_error():
        why = answer.keys.get("Message", "no reason")
        return Finding("wrong", "AMI", f"{address} refuses the service: {why}", f"{address} 拒绝服务登录：{why}")
    return Finding("right", "AMI", f"{address} lets the service in", f"{address} 允许服务登录")
