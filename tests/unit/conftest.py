"""What unit tests have in common."""

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture(autouse=True)
def cost_of_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Next to nothing: a hash as it is kept costs 30 ms, and its thread gives way to all other work of the machine.
    `tests/unit/accounts/test_passwords.py` has the real cost and the real thread.
    """
    monkeypatch.setattr("accounts.passwords._HASHER", CHEAP)
    monkeypatch.setattr("accounts.passwords._give_way", lambda: None)


@pytest.fixture(autouse=True)
def nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit test that came to install the voice would fetch a hundred megabytes for it."""
    for installer in ("PIP", "UV"):
        monkeypatch.setenv(f"{installer}_NO_INDEX", "1")
