"""Secrets that the database keeps and the service must read again: sealed with a key that is not in the database.

A backup of the database alone does not open them. AES-256-GCM, by cryptography.
"""

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

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
        """Raises Unreadable."""
        try:
            whole = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(whole[:NONCE], whole[NONCE:], owner.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error
