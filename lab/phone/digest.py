"""Digest authentication (RFC 2617): MD5, with `qop=auth` or without. Pure."""

import hashlib
import re
from dataclasses import dataclass
from typing import Self

_PARAMETER = re.compile(r'([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


class UnsupportedChallenge(Exception):
    """The server asks for a kind of authentication that this phone does not know."""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Challenge:
    """What a WWW-Authenticate or Proxy-Authenticate header asks."""

    realm: str
    nonce: str
    opaque: str | None = None
    qop: bool = False
    stale: bool = False

    @classmethod
    def parse(cls, value: str) -> Self:
        """Raises UnsupportedChallenge for anything but Digest with MD5 and, where it has a qop, `auth`."""
        scheme, _, rest = value.strip().partition(" ")
        given = {match[1].lower(): match[2] or match[3] or "" for match in _PARAMETER.finditer(rest)}
        algorithm = given.get("algorithm", "MD5")
        offered = [word.strip() for word in given.get("qop", "").split(",") if word.strip()]
        if scheme.lower() != "digest" or algorithm.upper() != "MD5" or (offered and "auth" not in offered):
            raise UnsupportedChallenge(
                f"{scheme}, algorithm {algorithm}, qop {offered} is not Digest with MD5 and auth"
            )
        return cls(
            realm=given.get("realm", ""),
            nonce=given.get("nonce", ""),
            opaque=given.get("opaque"),
            qop=bool(offered),
            stale=given.get("stale", "").lower() == "true",
        )


@dataclass(frozen=True)
class Credentials:
    """A user name and password that answer challenges."""

    user: str
    password: str

    def answer(self, challenge: Challenge, method: str, uri: str, *, cnonce: str, count: int = 1) -> str:
        """The value of the Authorization or Proxy-Authorization header. `count` counts uses of the nonce, from 1."""
        secret = _md5(f"{self.user}:{challenge.realm}:{self.password}")
        action = _md5(f"{method}:{uri}")
        parts = [
            f'username="{self.user}"',
            f'realm="{challenge.realm}"',
            f'nonce="{challenge.nonce}"',
            f'uri="{uri}"',
            "algorithm=MD5",
        ]
        if challenge.qop:
            digest = _md5(f"{secret}:{challenge.nonce}:{count:08x}:{cnonce}:auth:{action}")
            parts += ["qop=auth", f"nc={count:08x}", f'cnonce="{cnonce}"']
        else:
            digest = _md5(f"{secret}:{challenge.nonce}:{action}")
        parts.append(f'response="{digest}"')
        if challenge.opaque is not None:
            parts.append(f'opaque="{challenge.opaque}"')
        return "Digest " + ", ".join(parts)
