"""Recordings that are encrypted in age's format (https://age-encryption.org/v1), for keys of the operator's.

The service encrypts with public keys, which age calls recipients. Only a secret key decrypts; age calls it an identity.
The service can have one. If it has none, `age` decrypts on another machine.
"""

import asyncio
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from weakref import WeakKeyDictionary

import pyrage
import structlog
from pyrage.x25519 import Identity, Recipient

from sentences.of_libraries import recognised
from sentences.sentence import Sentence

log = structlog.get_logger()

LONGEST = 65_536
"""Bytes of a file of secret keys that are read."""

OTHERS = 0o037
"""Rights that nobody may have on a file of secret keys. A group may read it, as systemd gives it to a unit."""

MOST = 256_000_000
"""Bytes of recordings that are in memory at the same time: hours of talk. They are there until the client has them."""


class NoKey(ValueError):
    """There is no secret key to decrypt with. The message says why."""


class Busy(Exception):
    """Too much is being heard at this moment."""


class Damaged(ValueError):
    """A file is not what was encrypted."""


class Keys:
    """`recipients`: public keys for which recordings are encrypted from now on; none: they are not. `file`: with the
    secret keys. It is read each time, so it can be there for an hour only. `count`: how many keys it had the last time.
    """

    def __init__(self, recipients: Sequence[str] = (), file: Path | None = None) -> None:
        self.recipients, self._file = recipients, file
        self.count = 0
        self._why = ""  # the log has it once
        self._one = asyncio.Lock()  # threads are for others, too
        self._heard: WeakKeyDictionary[BinaryIO, int] = WeakKeyDictionary()

    async def here(self) -> Mapping[str, Identity]:
        """The secret keys that there are, by their public keys."""
        found, why = dict[str, Identity](), ""
        try:
            found = await asyncio.to_thread(identities, self._file)
        except NoKey as error:
            why = str(error)
        if why and why != self._why:
            log.error("recording-keys-unusable", why=why)
        self.count, self._why = len(found), why
        return found

    async def opened(self, file: Path, recipients: Collection[str]) -> BinaryIO:
        """What is in a file that is encrypted for these, in memory until it is closed. Raises NoKey, Busy, Damaged,
        FileNotFoundError.
        """
        keys = await self.here()
        key = next((keys[name] for name in recipients if name in keys), None)
        if key is None:
            raise NoKey
        size = (await asyncio.to_thread(file.stat)).st_size
        if size + sum(size for plain, size in self._heard.items() if not plain.closed) > MOST:
            raise Busy
        plain = memory()
        self._heard[plain] = size
        async with self._one:
            await asyncio.to_thread(_decrypt, file, plain, key)
        return plain


def memory() -> BinaryIO:
    """An open file that is on no disk. It has no buffer, so each read and write lets other threads run."""
    return os.fdopen(os.memfd_create("recording"), "w+b", buffering=0)


def encrypted(plain: BinaryIO, recipients: Collection[str]) -> BinaryIO:
    """What `plain` has, encrypted for each of these public keys. It is in memory: pyrage does not notice that a disk is
    full.
    """
    made = memory()
    plain.seek(0)
    pyrage.encrypt_io(plain, made, [Recipient.from_str(key) for key in recipients])
    return made


def _decrypt(file: Path, plain: BinaryIO, key: Identity) -> None:
    try:
        with file.open("rb", buffering=0) as source:
            pyrage.decrypt_io(source, plain, [key])
    except FileNotFoundError:
        plain.close()
        raise
    except (pyrage.DecryptError, OSError) as error:
        plain.close()
        raise Damaged from error


def identities(file: Path | None) -> dict[str, Identity]:
    """The secret keys of a file, by their public keys: a line each as `age-keygen` writes them; `#` begins a comment.
    None: there are none. Raises NoKey.
    """
    if file is None:
        return {}
    try:
        with file.open("rb") as opened:
            rights = os.fstat(opened.fileno()).st_mode
            text = opened.read(LONGEST).decode("ascii", "replace")
    except OSError as error:
        raise NoKey(Sentence("{file} cannot be read: {why}", file=file, why=recognised(error.strerror))) from error
    if rights & OTHERS:
        raise NoKey(Sentence("others may read or change {file}, which has secret keys: chmod 600 {file}", file=file))
    found = {}
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if line and not line.startswith("#"):
            try:
                key = Identity.from_str(line)
            except pyrage.IdentityError:
                raise NoKey(
                    Sentence(
                        "line {number} of {file} is no secret key of age (AGE-SECRET-KEY-1…)", number=number, file=file
                    )
                ) from None
            found[str(key.to_public())] = key
    if not found:
        raise NoKey(Sentence("{file} has no secret key of age (AGE-SECRET-KEY-1…)", file=file))
    return found
