"""Which passwords are easily guessed."""

import pytest

from base.phone_passwords import weakness
from settings.secrets import _phone_password


@pytest.mark.parametrize(
    "password",
    [
        "short1234",
        "1234567890",
        "10011001ab",
        "1001-1001-1001",
        "password123",
        "Passw0rd!!",
        "aaaaaaaaaaab",
        "wutong12319",
        "qwerty123456",
        "Admin@123456",
        "abcabcabcabc",
        "mima1001mima",
        "hotline-1001",
    ],
)
def test_what_is_guessed_soon(password: str) -> None:
    assert weakness(password, "1001") is not None


@pytest.mark.parametrize("password", ["kq7m2x9tn4hd", "horse.battery.staple", "testament-of-kings", "a1b2c3d4e5f6"])
def test_what_is_not(password: str) -> None:
    assert weakness(password, "1001") is None


def test_what_is_generated_is_never_weak() -> None:
    assert all(weakness(_phone_password().get_secret_value(), "1001") is None for _ in range(200))
