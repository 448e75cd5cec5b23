"""One-time codes of an authenticator app: RFC 6238 with SHA-1, six digits, 30 s, as every such app has them."""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote

STEP_S = 30
DIGITS = 6
EARLIER_AND_LATER = (0, -1, 1)
"""Steps beside the present one that count too: clocks differ, and people type slowly (RFC 6238, 5.2)."""


def new_secret() -> str:
    """160 random bits in base32, as apps take them (RFC 4226, section 4)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def uri(secret: str, name: str, issuer: str) -> str:
    """What an app reads from a QR code."""
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?secret={secret}&issuer={quote(issuer)}"


def code(secret: str, step: int) -> str:
    """The code of that step: RFC 4226, section 5.3."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, typed: str, now: float, after: int = -1) -> int | None:
    """The step whose code was typed; None: it is no code of now, or of no step later than `after`. `now`: seconds since
    the epoch.
    """
    present = int(now // STEP_S)
    fitting = [
        present + beside
        for beside in EARLIER_AND_LATER
        if hmac.compare_digest(code(secret, present + beside), typed.replace(" ", "")) and present + beside > after
    ]
    return fitting[0] if fitting else None
