"""Secrets of machine tokens and of sessions: how they are made, and what is kept of them.

A secret has 256 random bits. One pass of SHA-256 is right here: nobody can try 2^256 secrets, so a slow hash, as
passwords need one, would only make each request slow. The kept digest opens nothing.
"""

import hashlib
import secrets

PREFIX = "wutong_"
"""Begins every machine token, so that people and scanners for leaked secrets know one when they see it."""

LONGEST_SECRET = 100
"""Characters; a longer secret is not looked up."""


def new_token() -> str:
    """The secret of a new machine token. Shown once."""
    return PREFIX + secrets.token_urlsafe(32)


def new_session() -> str:
    """The secret of a new session: the cookie."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The digest of a secret: the database has it, and not the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf(session: str) -> str:
    """The token that a page must send in a header with every change. It is computed from the cookie; the cookie cannot
    be computed from it. A page of another site can make a browser send the cookie, but can read neither.
    """
    return hashlib.sha256(b"csrf " + session.encode()).hexdigest()
