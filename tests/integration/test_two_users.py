"""`./wutong up` as root gives up root: two users, and what Asterisk's user cannot open."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from base.folders import CHECKOUT
from base.process import Process
from dialplan import guard, security
from lab.attacks.guesser import Guesser
from lab.patience import PATIENCE, until
from lab.phone import Phone
from processes import logs, obtaining, passage, running, starter, users
from processes.running import ServiceNote
from processes.users import User
from service.app.up import program
from settings import secrets
from tests.integration.command import Wutong
from tests.integration.conftest import HOTLINE
from tests.integration.conversations import copied
from tests.unit.sounds.making import tone

ROOT = 0

pytestmark = pytest.mark.usefixtures("root")

TRY = """
import sys
for path in sys.argv[1:]:
    try:
        open(path, "rb").close()
        print("read", path)
    except OSError as error:
        print(type(error).__name__, path)
    try:
        open(path, "ab").close()
        print("wrote", path)
    except OSError as error:
        pass
"""


def tried(user: User, *paths: Path) -> set[str]:
    """What became of it when this user tried to read and to write each file, without any other group."""
    done = subprocess.run(
        ["/usr/bin/env", "python3", "-c", TRY, *map(str, paths)],
        user=user.uid,
        group=user.gid,
        extra_groups=[],
        cwd="/",
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines())


@pytest.fixture
def hotline_folder(apart: Path, change: tuple[str, str]) -> Path:
    return copied(HOTLINE, apart / "hotline", change)


@pytest.fixture
async def wutong(apart: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[Wutong]:
    """With sounds of its own: they change hands."""
    state = apart / "state"
    state.mkdir()
    shutil.copytree(sounds, state / "sounds")
    made = Wutong(state, hotline_folder, separate_users=True)
    yield made
    await made.run("down", "--yes")


def owners(processes: list[Process]) -> list[str]:
    named = {0: "root"} | {user.uid: user.name for user in _both()}
    return [named[uid] if (uid := process.uid) is not None else "gone" for process in processes]


def _both() -> tuple[User, User]:
    both = users.known()
    assert both is not None
    return both.service, both.asterisk


async def test_root_is_given_up_and_asterisk_reaches_no_token_and_no_database(
    wutong: Wutong, hotline_folder: Path, apart: Path
) -> None:
    # a folder that an earlier version used as root
    secrets.obtain(wutong.folder)
    (wutong.folder.root / "settings.toml").write_text('log_level = "debug"\n')

    status, output = await wutong.run("up", *wutong.options, "--detach")
    assert status == 0, output
    assert output.count("it was root's") == 1, output
    supervisor, service, asterisk = await wutong.processes()
    assert owners([supervisor, service, asterisk]) == ["wutong", "wutong", "wutong-asterisk"]
    assert all(ROOT not in _ids(process.pid) for process in (supervisor, service, asterisk))
    starters = [Process.of(pid) for pid in _children(supervisor.pid) if pid != service.pid]
    assert owners([starter for starter in starters if starter is not None]) == ["wutong-asterisk"]

    heard = apart / "heard.wav"
    status, output = await wutong.run("call", "12319", "--seconds", "2", "--record", str(heard))
    assert status == 0, output + (wutong.folder.logs / "service.log").read_text()[-5_000:]
    with wave.open(str(heard)) as finished:
        assert finished.getnframes() > 8_000
    assert list(wutong.folder.recordings.iterdir()) == []
    assert (await wutong.run("backup"))[0] == 0

    root = wutong.folder.root
    ours = [
        *(wutong.folder.secrets, wutong.folder.database, wutong.folder.settings, root / "wutong.db-wal"),
        *wutong.folder.spool.iterdir(),
        *wutong.folder.run.iterdir(),
        *wutong.folder.logs.iterdir(),
        *(root / "backups").iterdir(),
        *(Path("/proc", str(process.pid), "environ") for process in (supervisor, service)),
        *(Path("/proc", str(process.pid), "mem") for process in (supervisor, service)),
    ]
    assert len(ours) > 12
    user, asterisks = _both()
    assert {line.split()[0] for line in tried(asterisks, *ours)} == {"PermissionError"}
    # the try itself works: Asterisk reads its configuration, and does not write it; the service's user reads its own
    configuration = wutong.folder.asterisk / "etc" / "pjsip.conf"
    assert tried(asterisks, configuration) == {f"read {configuration}"}
    assert tried(user, wutong.folder.secrets) == {f"{did} {wutong.folder.secrets}" for did in ("read", "wrote")}

    # the hotline's folder is somebody else's; the console records all the same
    assert os.stat(hotline_folder).st_uid == ROOT
    assert (await recorded(wutong, apart)).status_code == 201

    status, output = await wutong.run("doctor")
    assert status == 0, output
    assert "the service is wutong, Asterisk is wutong-asterisk" in output
    os.chmod(apart, 0o700)  # as an administrator might; the access list loses its effect by that
    status, output = await wutong.run("doctor")
    assert (status, f"wutong may not go through {apart}" in output) == (1, True), output


async def test_all_commands_of_root_go_on_working(
    wutong: Wutong, hotline_folder: Path, apart: Path, tmp_path: Path
) -> None:
    await wutong.up()
    assert "it was root's" not in (wutong.folder.logs / "supervisor.log").read_text()
    await guessers_are_noticed_and_logs_kept_small(wutong)

    # a new agent: secrets, configuration and prompts are written, and Asterisk reads them
    agents = hotline_folder / "agents.yaml"
    before = agents.read_text(encoding="utf-8")
    agents.write_text(before + "\n  - {id: '1077', name: New, skills: {general: 1}}\n", encoding="utf-8")
    status, output = await wutong.run("reload")
    assert status == 0, output
    async with Phone(("127.0.0.1", wutong.base + 1), "1077", wutong.password("1077")) as phone:
        await phone.register(expires=60)
    status, output = await wutong.run("prompts build", *wutong.options[:2])
    assert status == 0, output
    # another hotline, in a folder of root's that is closed to everybody else
    other = copied(HOTLINE, apart / "closed" / "hotline", ("", ""))
    (apart / "closed").chmod(0o700)
    build = ("prompts build", "--hotline", str(other))
    status, output = await wutong.run(*build)
    assert (status, "the user wutong may go through" in output) == (0, True), output
    (other / "prompts").mkdir(exist_ok=True)
    (other / "prompts" / "recordings.yaml").touch(0o600)
    status, output = await wutong.run(*build)
    assert (status, f"wutong, who may not read {other / 'prompts' / 'recordings.yaml'}" in output) == (1, True), output
    status, output = await wutong.run("restart", "--wait", "0")
    assert status == 0, output
    supervisor, service, asterisk = await wutong.processes()
    assert owners([supervisor, service, asterisk]) == ["wutong", "wutong", "wutong-asterisk"]

    # Asterisk comes back as its own user, though nobody is root any more
    asterisk.send(signal.SIGKILL)
    assert await asterisk.gone(PATIENCE)
    found = await _until_asterisk(wutong, asterisk.pid)
    await until(
        "a link to that Asterisk", lambda: wutong.get("/readyz"), lambda said: said["checks"]["asterisk"] == "ok"
    )
    assert owners([found]) == ["wutong-asterisk"]

    # what lives is taken up
    supervisor.send(signal.SIGKILL)
    assert await supervisor.gone(PATIENCE)
    await wutong.up()
    assert (await wutong.processes())[1:] == [service, found]
    assert (await wutong.run("call", "12319", "--seconds", "1"))[0] == 0

    copy = tmp_path / "copy.db"
    status, output = await wutong.run("backup", str(copy))
    assert status == 0, output
    assert (await wutong.run("down"))[0] == 0
    assert not any(process.alive for process in (service, found))
    status, output = await wutong.run("restore", str(copy))
    assert status == 0, output
    await wutong.up()
    assert owners(await wutong.processes()) == ["wutong", "wutong", "wutong-asterisk"]
    assert await wutong.get("calls")
    status, output = await wutong.run("doctor")
    assert (status, "wrong owner" in output) == (0, False), "a start gives each file its owner again"


async def guessers_are_noticed_and_logs_kept_small(wutong: Wutong) -> None:
    """Asterisk's user writes the logs. The service's reads and empties them."""
    folder, (service, asterisk) = wutong.folder.asterisk, _both()
    log = folder / "log"
    async with Guesser(("127.0.0.1", wutong.base + 1), "127.0.0.2") as guesser:
        for number in range(security.MANY + 2):
            assert (await guesser.guess("1001", f"guess-{number}")).status == 401
    assert (log / "security").owner() == asterisk.name
    await until("the guard", lambda: wutong.text("/metrics"), lambda text: "wutong_phones_guessed_now 1.0" in text)
    async with Phone(("127.0.0.1", wutong.base + 1), "1001", wutong.password("1001")) as phone:
        await phone.register(expires=60)

    for name, most in (("messages", logs.LARGEST), ("console", logs.LARGEST), ("security", guard.LARGEST)):
        assert (log / name).owner() == asterisk.name
        with (log / name).open("ab") as growing:
            growing.write(b"[a line] that Asterisk wrote\n" * (most // 29 + 1))
        await _until_size(log / name, most // 2)
    assert (log / "messages.1").owner() == (log / "console.1").owner() == service.name
    # Asterisk goes on where it was emptied
    (log / "messages").write_bytes(b"")
    async with Guesser(("127.0.0.1", wutong.base + 1), "127.0.0.3") as stranger:
        await stranger.guess("nobody", "at all")
    await _until_size(log / "messages", 1_000, least=1)
    assert not {"guard-failed", "asterisk-log-not-shortened"} & _said(wutong)


async def test_it_stays_root_where_a_setting_says_so_and_doctor_tells(wutong: Wutong) -> None:
    (wutong.folder.root / "settings.toml").write_text("separate_users = false\n")
    del wutong.variables["WUTONG_SEPARATE_USERS"]
    await wutong.up()
    assert owners(await wutong.processes()) == ["root", "root", "root"]
    status, output = await wutong.run("doctor")
    assert status == 0, output
    found = " ".join(output.split())
    assert "run as root, so a hole in one of them opens this machine: the service, Asterisk." in found
    assert "separate_users = true" in output

    # what lives, with its calls, is taken up as it is
    supervisor, service, asterisk = await wutong.processes()
    supervisor.send(signal.SIGKILL)
    assert await supervisor.gone(PATIENCE)
    wutong.variables["WUTONG_SEPARATE_USERS"] = "true"
    status, output = await wutong.run("up", *wutong.options, "--detach")
    assert (status, "was started as root, and stays so" in output) == (0, True), output
    assert (await wutong.processes())[1:] == [service, asterisk]
    await wutong.run("down")
    await wutong.up()
    assert owners(await wutong.processes()) == ["wutong", "wutong", "wutong-asterisk"]


async def test_whoever_has_taken_over_the_services_user_does_not_become_root(
    wutong: Wutong, hotline_folder: Path
) -> None:
    del wutong.variables["WUTONG_SEPARATE_USERS"]
    await wutong.up()
    assert owners(await wutong.processes()) == ["wutong", "wutong", "wutong-asterisk"]
    assert (await wutong.run("down"))[0] == 0
    service, _ = _both()
    file = wutong.folder.settings
    assert file.parent.owner() == service.name
    for line in ("separate_users = false", 'voice = "cp /etc/shadow {target}"'):
        file.write_text(f"{line}\n")
        os.chown(file, service.uid, service.gid)
        status, output = await wutong.run("up", *wutong.options, "--detach")
        assert status == 1, output
        for said in (str(file), line.split()[0], "belongs to wutong", "/etc/wutong/settings.toml"):
            assert said in output
        assert await wutong.processes() == []
    file.unlink()

    # notes of what runs are that user's as well: here the hotline is a process of root's
    other = await asyncio.create_subprocess_exec("sleep", "60")
    addresses = dict.fromkeys(("listen", "http", "sip", "ami", "agi"), "127.0.0.1")
    about = {"hotline": hotline_folder, "base_port": wutong.base, "ready": True, "supervised": True, **addresses}
    note = ServiceNote.model_validate({"process": Process.of(other.pid), **about})
    running.note(wutong.folder, note)
    os.chown(wutong.folder.run / "service.json", service.uid, service.gid)
    status, output = await wutong.run("up", *wutong.options, "--detach")
    other.kill()
    await other.wait()
    assert (status, "nothing is started as root" in output) == (1, True), output
    await wutong.up()
    assert owners(await wutong.processes()) == ["wutong", "wutong", "wutong-asterisk"]


async def test_a_hotline_that_the_service_may_not_read_is_told(wutong: Wutong, hotline_folder: Path) -> None:
    (hotline_folder / "agents.yaml").chmod(0o600)
    status, output = await wutong.run("up", *wutong.options)
    assert status == 1
    assert f"who may not read {hotline_folder / 'agents.yaml'}" in output
    assert f"chgrp -R wutong {hotline_folder}" in output
    assert await wutong.processes() == []


async def test_the_programs_of_the_units_as_their_users(wutong: Wutong, hotline_folder: Path, apart: Path) -> None:
    """As systemd/ starts them: with the users and folders that `processes.ownership` makes."""
    folder, cache = wutong.folder, obtaining.default_cache()
    await _ran("-m", "processes.ownership", str(folder.root))
    service, asterisk = _both()
    for user in (service, asterisk):
        passage.let_pass(user, [*program(), folder.root, cache, obtaining.private_root(cache)])
    await _ran(*before_start(hotline_folder))
    given = {
        **{name: os.environ[name] for name in ("PATH",)},
        "PYTHONPATH": str(CHECKOUT),
        "XDG_CACHE_HOME": str(cache.parent),
        "WUTONG_STATE": str(folder.root),
        "WUTONG_HOTLINE": str(hotline_folder),
        "WUTONG_BASE_PORT": str(wutong.base),
    }
    python = (sys.executable, "-P", "-m")
    units = [
        await asyncio.create_subprocess_exec(
            *(*python, "dialplan.foreground", str(folder.asterisk)),
            user=asterisk.uid,
            group=asterisk.gid,
            extra_groups=[],
            umask=starter.UMASK,
            env=given,
            cwd="/",
            stdin=asyncio.subprocess.DEVNULL,
        ),
        await asyncio.create_subprocess_exec(
            *(*python, "service", "serve"),
            user=service.uid,
            group=service.gid,
            extra_groups=[asterisk.gid],
            umask=users.UMASK,
            env=given,
            cwd="/",
            stdin=asyncio.subprocess.DEVNULL,
        ),
    ]
    try:
        await until("the service that takes calls", wutong.status, lambda found: found["ready"])
        status, output = await wutong.run("call", "12319", "--seconds", "1")
        assert status == 0, output
        status, output = await wutong.run("reload")
        assert status == 0, output
        assert {line.split()[0] for line in tried(asterisk, folder.secrets, folder.database)} == {"PermissionError"}
        assert os.stat(hotline_folder).st_uid == ROOT
        kept = await recorded(wutong, apart)
        assert kept.status_code == 201, kept.text
        status, output = await wutong.run("doctor")
        assert status == 0, output
    finally:
        for unit in reversed(units):
            unit.terminate()
            await unit.wait()


def before_start(hotline: Path) -> list[str]:
    """What the service's unit does as root before each start: the arguments of its Python."""
    unit = (CHECKOUT / "systemd" / "wutong.service").read_text()
    (line,) = re.findall(r"^ExecStartPre=\+-\S+/python -P (.*)$", unit, re.MULTILINE)
    return [str(hotline) if word == "${WUTONG_HOTLINE}" else word for word in line.split()]


async def recorded(wutong: Wutong, folder: Path) -> httpx.Response:
    """The answer to a recording that somebody keeps in the console, of a text without one. `folder`: for the sound."""
    note = await wutong.status()
    async with httpx.AsyncClient(base_url=note["http"], headers={"Authorization": f"Bearer {note['token']}"}) as http:
        text = next(each for each in (await http.get("/api/v1/prompts")).json() if each["recording"] is None)
        sound = tone(folder / "sound.wav", seconds=1.2, rate=24_000, hertz=(650, 900), loudness=0.3).read_bytes()
        path = f"/api/v1/prompts/{text['key']}/recording"
        return await http.put(path, content=sound, headers={"If-None-Match": "*"})


async def _ran(*arguments: str) -> None:
    done = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", *arguments), env={**os.environ, "PYTHONPATH": str(CHECKOUT)}
    )
    assert await done.wait() == 0


async def _until_asterisk(wutong: Wutong, before: int) -> Process:
    found = await until(
        f"another Asterisk than process {before}",
        wutong.status,
        lambda found: found["asterisk_pid"] not in (None, before),
    )
    process = Process.of(found["asterisk_pid"])
    assert process is not None
    return process


async def _until_size(file: Path, most: int, *, least: int = 0) -> None:
    await until(
        f"{file} with {least} to {most} bytes",
        lambda: asyncio.to_thread(file.stat),
        lambda found: least <= found.st_size <= most,
    )


def _said(wutong: Wutong) -> set[str]:
    """The events in the service's log."""
    return {json.loads(line)["event"] for line in (wutong.folder.logs / "service.log").read_text().splitlines()}


def _ids(pid: int) -> set[int]:
    """Real, effective, saved and file-system user and group ids."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {int(word) for line in lines if line.startswith(("Uid:", "Gid:", "Groups:")) for word in line.split()[1:]}


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
