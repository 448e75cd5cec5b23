"""The second factor: a code of six digits that an app of the person shows, another one every 30 s. RFC 6238, by pyotp.
Its secret is kept sealed.

Codes are compared at once, without an await: of two equal ones at the same time, one counts.
"""

import asyncio
import base64
import hashlib
import os
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

import pyotp
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyotp.exceptions import OTPVerificationError

from accounts import tokens
from accounts.directory import NotKept
from accounts.model import SecondFactor
from accounts.store import AccountStore, StoreUnavailable
from sentences.sentence import Sentence

# Secrets that the database keeps and the service must read again: sealed with a key that is not in the database.
#
# A backup of the database alone does not open them. AES-256-GCM, by cryptography.


NONCE = 12
"""Bytes; random for each sealing, as NIST SP 800-38D allows for up to 2^32 of them under one key."""


class Unreadable(Exception):
    """It was sealed with another key, for another owner, or was changed since."""


class Seal:
    """`key`: from `secrets.json`, any text that nobody can guess."""

    def __init__(self, key: str) -> None:
        self._cipher = AESGCM(hashlib.sha256(b"seal " + key.encode()).digest())

    def close(self, secret: str, owner: str) -> str:
        """The sealed form of `secret`, as text. It opens for the same owner only: rows cannot be exchanged."""
        nonce = os.urandom(NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, secret.encode(), owner.encode())).decode()

    def open(self, sealed: str, owner: str) -> str:
        """The secret that was sealed for this owner. Raises Unreadable."""
        try:
            whole = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(whole[:NONCE], whole[NONCE:], owner.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error


log = structlog.get_logger(__name__)

ISSUER = "Wutong"
"""What apps show beside the code."""

DRIFT = 1
"""Steps of 30 s that the app's clock may be wrong: RFC 6238, 5.2, recommends one."""

RECOVERY_CODES = 10
PENDING_S = 600.0
MOST_WRONG = 5
"""Seconds to confirm a new app by its first code, and wrong codes after which it has to be begun anew."""

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _IN_GROUP = 4, 4
"""16 of 31 characters are 79 bits: nobody tries so many, so one pass of SHA-256 is right for what is kept."""


class Proof(StrEnum):
    """What became of a code."""

    NOT_NEEDED = "not needed"  # the person has no second factor
    CODE = "code"
    RECOVERY = "recovery code"
    WRONG = "wrong"  # or used before


class _Pending(NamedTuple):
    secret: str
    until: float
    wrong: int = 0


class SecondFactors:
    """All of them, by the person's name. `now`: seconds since the epoch."""

    def __init__(self, store: AccountStore, seal: Seal, now: Callable[[], float]) -> None:
        self._store, self._seal, self._now = store, seal, now
        self._factors: dict[str, SecondFactor] = {}
        self._pending: dict[str, _Pending] = {}
        self._writing = asyncio.Lock()

    def take_up(self, factors: Iterable[SecondFactor]) -> None:
        """Take up the second factors that the database has, at the start."""
        self._factors = {factor.name: factor for factor in factors}

    @property
    def factors(self) -> Mapping[str, SecondFactor]:
        return self._factors

    # -- a new app ----------------------------------------------------------------------------------------------------

    def begin(self, name: str) -> tuple[str, str]:
        """A new app for that person: the secret, and the otpauth:// URI that has it. It counts once `confirm` had its
        first code; until then the old one does.
        """
        now = self._now()
        self._pending = {other: pending for other, pending in self._pending.items() if pending.until > now}
        secret = pyotp.random_base32()
        self._pending[name] = _Pending(secret, now + PENDING_S)
        return secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)

    async def confirm(self, name: str, code: str) -> list[str]:
        """Put the new app in force by its first code. Answers recovery codes. Raises NotKept, StoreUnavailable."""
        pending = self._pending.get(name)
        if pending is None or self._now() >= pending.until:
            raise NotKept(
                Sentence(
                    "No app waits for its first code: begin anew; there are {count:.0f} minutes for it.",
                    count=PENDING_S / 60,
                )
            )
        step = _step(pending.secret, code, self._now())
        if step is None:
            self._pending[name] = pending._replace(wrong=pending.wrong + 1)
            if pending.wrong + 1 >= MOST_WRONG:
                del self._pending[name]
            raise NotKept(
                Sentence("That is not the code which the new app shows now. Is the clock of the telephone right?")
            )
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        factor = SecondFactor(
            name=name,
            sealed=self._seal.close(pending.secret, name),
            step=step,
            recovery=frozenset(map(_digest, codes)),
        )
        async with self._writing:
            await self._store.put_factor(factor)
            self._factors[name] = factor
        self._pending.pop(name, None)
        return codes

    # -- signing in ---------------------------------------------------------------------------------------------------

    async def prove(self, name: str, code: str) -> Proof:
        """Whether the code is right, of that person's app or a recovery code. A right one is used up.

        Raises StoreUnavailable: a recovery code counts only if the database knows that it is used up.
        """
        factor = self._factors.get(name)
        if factor is None:
            return Proof.NOT_NEEDED
        try:
            step = _step(self._seal.open(factor.sealed, name), code, self._now())
        except Unreadable:
            log.error("second-factor-unreadable", person=name, what_to_do=f"./wutong user forget-code {name}")
            step = None
        if step is not None and step > factor.step:
            self._factors[name] = replace(factor, step=step)
            try:
                await self._write(name)
            except StoreUnavailable as error:  # in memory it is used up, and it is too old within 90 s
                log.warning("second-factor-not-kept", person=name, why=str(error))
            return Proof.CODE
        digest = _digest(code)
        if digest not in factor.recovery:
            return Proof.WRONG
        self._factors[name] = replace(factor, recovery=factor.recovery - {digest})
        try:
            await self._write(name)
        except StoreUnavailable:
            if (current := self._factors.get(name)) is not None:
                self._factors[name] = replace(current, recovery=current.recovery | {digest})
            raise
        return Proof.RECOVERY

    # -- the end ------------------------------------------------------------------------------------------------------

    async def remove(self, name: str) -> None:
        """The person signs in by password only. Raises StoreUnavailable."""
        async with self._writing:
            await self._store.remove_factor(name)
            self.forget(name)

    def forget(self, name: str) -> None:
        """The person was removed, and the database knows."""
        self._factors.pop(name, None)
        self._pending.pop(name, None)

    async def _write(self, name: str) -> None:
        async with self._writing:
            if (factor := self._factors.get(name)) is not None:
                await self._store.put_factor(factor)


def _step(secret: str, code: str, now: float) -> int | None:
    """Which step of 30 s since the epoch the code is of; None: of none that counts now."""
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(_plain(code), for_time=now, valid_window=DRIFT)
    except OTPVerificationError:
        return None


def _plain(code: str) -> str:
    """As it is meant: an input method may type wide digits, and people copy blanks and hyphens."""
    return "".join(character for character in unicodedata.normalize("NFKC", code).lower() if character.isalnum())


def _digest(code: str) -> str:
    return tokens.digest(_plain(code))


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
