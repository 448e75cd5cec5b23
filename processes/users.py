"""The two users of a hotline that root starts: one for the service, one for Asterisk.

Asterisk decodes what strangers send. So its user may open neither the service's secrets nor its database, and the
service's user is a member of Asterisk's group: it reads the log, and uses the control socket.
"""

import grp
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from base import own_program
from base.failure import NotDone
from base.files import lock
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

SERVICE = "wutong"
ASTERISK = "wutong-asterisk"

UMASK = 0o027
"""For the service: what it makes is closed to everybody but its group, and its folders decide which group that is."""


@dataclass(frozen=True, slots=True)
class User:
    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Users:
    service: User
    asterisk: User


def known() -> Users | None:
    """Both, where this machine has them."""
    try:
        return Users(_named(SERVICE), _named(ASTERISK))
    except KeyError:
        return None


def obtain(cache: Path, show: Callable[[str], None]) -> Users:
    """Both; missing ones are made, which only root can. `cache`: where the lock is. Raises `NotDone`, OSError."""
    cache.mkdir(parents=True, exist_ok=True)
    with lock(cache / "users.lock", lambda: show(Sentence("waiting for another `up` that makes the users"))):
        made = [name for name, more in ((ASTERISK, ()), (SERVICE, ("--groups", ASTERISK))) if _made(name, *more)]
        found = known()
        if found is None:
            raise NotDone(
                "the users {service} and {other} were made, but this system does not know them",
                service=SERVICE,
                other=ASTERISK,
            )
        if found.service.name not in grp.getgrgid(found.asterisk.gid).gr_mem:
            _run("usermod", "--append", "--groups", grp.getgrgid(found.asterisk.gid).gr_name, SERVICE)
    if made:
        show(
            Sentence(
                "made the system users {names}, so that neither Asterisk nor the service runs as root",
                names=" and ".join(made),
            )
        )
    return found


def become(user: User, *groups: int) -> None:
    """Give up root for good. `groups`: those of which the process is a member too. Raises `NotOurProgram`."""
    own_program.require(
        Sentence("root would be given up for the user {user}", user=user.name),
        Sentence(
            "Give the command as ./wutong, in a process of its own, or run this program as {user}", user=user.name
        ),
    )
    os.setgroups([user.gid, *groups])
    os.setgid(user.gid)
    os.setuid(user.uid)
    os.umask(UMASK)


def become_owner_of(folder: Path) -> None:
    """As root: become the user to whom the folder belongs, so that what is made there is that user's. Else nothing.

    Raises `NotDone`, and `NotOurProgram` as `become` does.
    """
    user = owner_of(folder) if os.geteuid() == 0 else None
    if user is not None:
        become(user, *os.getgrouplist(user.name, user.gid))


def owner_of(folder: Path) -> User | None:
    """To whom the folder belongs; None: to root, or there is no such folder. Raises `NotDone`."""
    if not folder.is_dir() or (uid := folder.stat().st_uid) == 0:
        return None
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise NotDone(
            "{folder} belongs to user {uid}, whom this system does not know", folder=folder, uid=uid
        ) from None
    return User(entry.pw_name, uid, entry.pw_gid)


def _named(name: str) -> User:
    """Raises KeyError."""
    entry = pwd.getpwnam(name)
    return User(name, entry.pw_uid, entry.pw_gid)


def _made(name: str, *more: str) -> bool:
    """Whether the user had to be made. Raises `NotDone`."""
    try:
        _named(name)
    except KeyError:
        nologin = shutil.which("nologin") or "/usr/sbin/nologin"
        _run("useradd", "--system", "--user-group", "--home-dir", "/nonexistent", "--shell", nologin, *more, name)
        return True
    return False


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        why = done.stderr.strip() if done.returncode else None
    except OSError as error:
        why = recognised(error)
    if why is not None:
        raise NotDone(
            "the system users {service} and {other} could not be made ({command}: {why}). Make them yourself, "
            "start Wutong as another user than root, or set separate_users = false to run all of it as root",
            service=SERVICE,
            other=ASTERISK,
            command=" ".join(command),
            why=why,
        )
