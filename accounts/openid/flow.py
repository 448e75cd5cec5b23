"""One sign-in on its way to the provider and back: what ties the answer to the browser that asked. No I/O.

Everything follows from one secret of 256 bits, which the browser keeps in a cookie for some minutes. So nothing is kept
here, and nobody can fill a store with sign-ins that never come back.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from settings.sections import OpenId

LASTS_S = 600
"""Seconds that a person has for signing in at the provider."""


class Away(Exception):
    """The provider cannot be asked, or what it says cannot be used. The message is a sentence."""


class NotProven(Exception):
    """The provider did not confirm the person. The message is a sentence."""


class Flow:
    """state     comes back in the address: the answer is for this browser (RFC 6749, 10.12)
    nonce     comes back in the ID token: the token is for this sign-in (OpenID Connect Core, 3.1.2.1)
    verifier  is shown with the code: whoever else got the code cannot use it (PKCE, RFC 7636)
    """

    def __init__(self, secret: str) -> None:
        self.state, self.nonce, self.verifier = (_derived(use, secret) for use in ("state", "nonce", "verifier"))

    @property
    def challenge(self) -> str:
        """The verifier's, method S256."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())


class Asked(Protocol):
    """The provider (`accounts.openid.provider.Provider`), which is not imported where no setting names one."""

    @property
    def settings(self) -> OpenId: ...

    async def authorize(self, flow: Flow) -> str:
        """The address where the person signs in. Raises Away."""

    async def claims(self, code: str, flow: Flow) -> Mapping[str, Any]:
        """The provider's claims of the person who came back with `code`. Raises Away, NotProven."""

    async def close(self) -> None: ...


def new_secret() -> str:
    """For the cookie."""
    return secrets.token_urlsafe(32)


def with_query(url: str, query: Mapping[str, str]) -> str:
    """`url` with these parameters beside those that it has."""
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"


def _derived(use: str, secret: str) -> str:
    return _text(hashlib.sha256(f"{use} {secret}".encode()).digest())


def _text(digest: bytes) -> str:
    """43 characters, all allowed in an address."""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
