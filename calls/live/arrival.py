"""What is known of every call as it comes in: the caller's number, and an id."""

import re
import secrets

_CALLER = re.compile(r"[0-9A-Za-z+*#._-]{1,40}")


def caller_number(said: str) -> str:
    """`said` by the caller's phone, if it can be a number or a SIP user; else "". It is hostile."""
    return said if _CALLER.fullmatch(said) else ""


def new_call_id(now: float) -> str:
    """Sorts by time, cannot be guessed. `now`: epoch seconds."""
    return f"{int(now * 1000):x}-{secrets.token_hex(4)}"
