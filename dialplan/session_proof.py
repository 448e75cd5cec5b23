"""How an AGI session proves that our own Asterisk has opened it, and for which channel. Pure.

Whoever can connect to the service's AGI port may claim to be a caller. Only Asterisk and the service can read the
secret. The dialplan shows a digest of the channel's unique id and the secret (`asterisk-config/proof.inc`). The
arguments of AGI() are seen in `core show channel`, in AMI's events and in a verbose log. What is seen there counts for
that one channel.
"""

import hashlib
import secrets

from pydantic import SecretStr


def proof(secret: SecretStr, uniqueid: str) -> str:
    """What the dialplan shows for the channel with that unique id."""
    return hashlib.sha1((uniqueid + secret.get_secret_value()).encode()).hexdigest()  # noqa: S324 - what Asterisk has


def proven(shown: str, secret: SecretStr, uniqueid: str) -> bool:
    """Whether `shown` is the proof, compared in constant time."""
    return secrets.compare_digest(shown.encode(), proof(secret, uniqueid).encode())
