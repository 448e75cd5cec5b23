"""Secrets of machine tokens and of sessions: how they are made, and what is kept of them.

A secret has 256 random bits. One pass of SHA-256 is right here: nobody can try 2^256 secrets, so a slow hash, as
passwords need one, would only make each request slow. What is kept does not open anything.
"""

import hashlib
import secrets

PREFIX = "wutong_"
"""Begins every machine token, so that people and scanners for leaked secrets know one when they see it."""

LONGEST_SECRET = 100
"""Characters; no longer one is looked up."""


def new_token() -> str:
    """The secret of a new machine token. Shown once."""
    return PREFIX + secrets.token_urlsafe(32)


def new_session() -> str:
    """The secret of a new session: the cookie."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf(session: str) -> str:
    """What a page must send in a header with every change. Whoever has the cookie can tell it, and it does not tell the
    cookie: another site's page makes a browser send the cookie, but reads neither.
    """
    return hashlib.sha256(b"csrf " + session.encode()).hexdigest()
