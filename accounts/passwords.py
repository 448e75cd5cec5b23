"""Passwords: which are good enough, and how they are kept. Argon2id, by pwdlib."""

import asyncio
import os
import secrets
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from sentences.sentence import Sentence

LEAST = 12
MOST = 128
"""Characters of a password."""

LEAST_DIFFERENT = 5
"""Different characters in a password."""

GENERATED = 20
"""Characters of a generated password: 99 bits."""

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""None is easily misread."""

MOST_WAITING = 20
"""Passwords that wait for their turn; one more is refused. 20 take less than a second."""

RESERVED = 5
"""Further ones that may wait, of people at a usual network of theirs."""

MOST_OF_NOBODY = 4
"""Of the others, passwords for names that nobody has. Further ones are not compared, and answered as late as others."""

WELL_KNOWN = frozenset(
    """
    password passwort passw0rd p@ssword p@ssw0rd passphrase qwertyuiop qwerty qwertyuiopasdfghjkl asdfghjkl
    zxcvbnm qazwsx qazwsxedc 1qaz2wsx 1qaz2wsx3edc letmein letmeinplease welcome welcomehome iloveyou trustno1
    sunshine princess football baseball monkey dragon master superman batman starwars whatever computer internet
    admin administrator root guest test testtest default changeme changemenow secret topsecret login access
    wutong hotline asterisk operator supervisor woaini woaiwojia mima mimamima nihao zhongguo beijing shanghai
    abc abcdefghijkl abcdefghijklm abcdefghijklmnop correcthorsebatterystaple
    """.split()  # noqa: SIM905 - a list of words is read as words
)
"""Words that everybody tries first, also with digits and signs around them."""

_HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
"""The least that OWASP recommends: 19 MiB, two passes. About 30 ms, in one thread: more would take from calls."""

T = TypeVar("T")


class Busy(Exception):
    """Too many passwords are waiting to be checked."""


class Weak(Exception):
    """The password may not be used; the message is a sentence that says why."""


def why_weak(password: str, name: str) -> str | None:
    """What is wrong with `password` for the account `name`: a sentence; None: it may be used."""
    if not LEAST <= len(password) <= MOST:
        return Sentence("A password has {least} to {most} characters.", least=LEAST, most=MOST)
    if any(unicodedata.category(character) == "Cc" for character in password):
        return Sentence("A password has no control characters.")
    small = unicodedata.normalize("NFKC", password).casefold()
    if len(set(small)) < LEAST_DIFFERENT:
        return Sentence("A password has at least {count} different characters.", count=LEAST_DIFFERENT)
    core = "".join(character for character in small if character.isalpha())
    whole = "".join(character for character in small if not character.isspace())
    if {_once(whole), _once(core)} & (WELL_KNOWN | {"", name.casefold()}):
        return Sentence(
            "That password is among the first that are tried: digits, a well-known word, or the name itself."
        )
    return None


def _once(word: str) -> str:
    """`passwordpassword` is `password`."""
    return word[: (word + word).find(word, 1)] if word else word


def generated() -> str:
    """A new password that nobody can guess, of characters that are not easily misread."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(GENERATED))


class Passwords:
    """Hashes and compares one password at a time, in a thread that gives way to the service's: its loop never waits."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "passwords", initializer=_give_way)
        self._waiting = self._waiting_of_nobody = 0
        self._took = 0.03  # seconds from the question to the answer, the last time
        self._nobodys: str | None = None

    def full(self, *, usual: bool = False) -> bool:
        """Whether one more would be refused at this moment. `usual`: it comes from a usual network of that person."""
        return self._waiting >= MOST_WAITING + (RESERVED if usual else 0)

    @property
    def crowded(self) -> bool:
        """Whether one more for a name that nobody has would not be compared at this moment."""
        return self._waiting_of_nobody >= MOST_OF_NOBODY

    async def hash(self, password: str, name: str) -> str:
        """The hash to keep of a new password for the account `name`. Raises Weak, Busy."""
        if (why := why_weak(password, name)) is not None:
            raise Weak(why)
        return await self._run(lambda: _HASHER.hash(_normal(password)))

    async def hash_made(self, secret: str) -> str:
        """The hash to keep of a secret that chance has made, however short it is. Raises Busy."""
        return await self._run(lambda: _HASHER.hash(secret))

    async def fits(self, password: str, hashed: str | None, *, usual: bool = False) -> bool:
        """Whether `hashed` is of `password`. None takes as long and never fits: nobody learns by the time which names
        exist. A flood of names that nobody has does not take the turns of the others. `usual`: as of `full`. Raises
        Busy.
        """
        if hashed is not None:
            return await self._run(lambda: self._compare(password, hashed), usual=usual)
        if self.crowded:
            await asyncio.sleep(self._took)
            return False
        self._waiting_of_nobody += 1
        try:
            return await self._run(lambda: self._compare(password, None), usual=usual)
        finally:
            self._waiting_of_nobody -= 1

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _compare(self, password: str, hashed: str | None) -> bool:
        if self._nobodys is None:
            self._nobodys = _HASHER.hash(generated())
        try:
            same = _HASHER.verify(_normal(password), self._nobodys if hashed is None else hashed)
        except PwdlibError:  # a hash of another program
            return False
        return same and hashed is not None

    async def _run(self, work: Callable[[], T], *, usual: bool = False) -> T:
        if self.full(usual=usual):
            raise Busy
        self._waiting += 1
        loop = asyncio.get_running_loop()
        asked = loop.time()
        try:
            return await loop.run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1
            self._took = loop.time() - asked


def _normal(password: str) -> str:
    """The same characters, however the keyboard composed them (RFC 8265)."""
    return unicodedata.normalize("NFC", password)


def _give_way() -> None:
    """Linux has a priority for each thread."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
