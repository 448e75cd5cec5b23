"""Secrets of machine tokens and of sessions: how they are made, what is kept of them, the cookies that carry them.

A secret has 256 random bits. One pass of SHA-256 is right here: nobody can try 2^256 secrets, so a slow hash, as
passwords need one, would only make each request slow. The kept digest opens nothing.
"""

import hashlib
import secrets

from starlette.requests import cookie_parser
from starlette.responses import Response

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


# The cookie of a session, the one of a sign-in elsewhere, and the header that must come with a change.


CSRF_HEADER = "X-CSRF-Token"


def name(*, secure: bool) -> str:
    """`__Host-`: browsers take it only from this very host and over TLS. No other site of the domain can set it."""
    return "__Host-wutong" if secure else "wutong"


def read(header: str, *, secure: bool) -> str | None:
    """The session's secret in a Cookie header."""
    return cookie_parser(header).get(name(secure=secure))


def give(response: Response, secret: str, *, secure: bool) -> None:
    """Until the browser is closed; scripts cannot read it, and other sites' pages do not make a browser send it."""
    response.set_cookie(name(secure=secure), secret, path="/", secure=secure, httponly=True, samesite="strict")


def give_flow(response: Response, secret: str, seconds: int, *, secure: bool) -> None:
    """For the way to the city's provider and back. `lax`: the way back begins on the provider's page."""
    response.set_cookie(_flow(secure=secure), secret, seconds, path="/", secure=secure, httponly=True, samesite="lax")


def read_flow(header: str, *, secure: bool) -> str | None:
    """The secret of a sign-in on its way, from a Cookie header; None: there is none."""
    return cookie_parser(header).get(_flow(secure=secure))


def take_flow(response: Response, *, secure: bool) -> None:
    """Remove that cookie."""
    response.delete_cookie(_flow(secure=secure), path="/", secure=secure, httponly=True, samesite="lax")


def _flow(*, secure: bool) -> str:
    return f"{name(secure=secure)}-openid"


def take(response: Response, *, secure: bool) -> None:
    """Remove the session's cookie."""
    response.delete_cookie(name(secure=secure), path="/", secure=secure, httponly=True, samesite="strict")
