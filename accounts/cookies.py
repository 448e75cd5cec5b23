"""The cookie of a session, the one of a sign-in elsewhere, and the header that must come with a change."""

from starlette.requests import cookie_parser
from starlette.responses import Response

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
    return cookie_parser(header).get(_flow(secure=secure))


def take_flow(response: Response, *, secure: bool) -> None:
    response.delete_cookie(_flow(secure=secure), path="/", secure=secure, httponly=True, samesite="lax")


def _flow(*, secure: bool) -> str:
    return f"{name(secure=secure)}-openid"


def take(response: Response, *, secure: bool) -> None:
    response.delete_cookie(name(secure=secure), path="/", secure=secure, httponly=True, samesite="strict")
