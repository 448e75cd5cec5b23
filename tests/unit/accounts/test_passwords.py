import asyncio
import time

import pytest

from accounts.passwords import LEAST, MOST_WAITING, Busy, Passwords, Weak, generated, why_weak


@pytest.fixture(autouse=True)
def cost_of_passwords() -> None:
    """The real one."""


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "x" * 200,
        "aaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "Password1234!",
        "password password",
        "qwertyuiop123",
        "administrator",
        "Wutong!20252026",
        "wang20252026!",
        "line\nbreak and more",
        "ＰＡＳＳＷＯＲＤ１２３４",
    ],
)
def test_what_is_too_weak(password: str) -> None:
    assert why_weak(password, "wang") is not None


@pytest.mark.parametrize("password", ["a long enough one", "梧桐树下的红色自行车与猫咪", "correct horse battery"])
def test_what_is_good_enough(password: str) -> None:
    assert why_weak(password, "wang") is None


def test_a_generated_one_is_good_enough() -> None:
    made = {generated() for _ in range(20)}
    assert len(made) == 20
    assert [why_weak(password, "wang") for password in made] == [None] * 20


async def test_a_password_fits_its_hash_and_no_other() -> None:
    passwords = Passwords()
    kept = await passwords.hash("a long enough one", "wang")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$"), "what OWASP recommends"
    assert "long" not in kept
    assert await passwords.fits("a long enough one", kept)
    assert not await passwords.fits("a long enough One", kept)
    assert not await passwords.fits("a long enough one", None)
    assert not await passwords.fits("a long enough one", "not a hash")
    assert kept != await passwords.hash("a long enough one", "wang"), "salted"
    with pytest.raises(Weak, match=f"{LEAST} to"):
        await passwords.hash("short", "wang")
    passwords.close()


async def test_a_wrong_password_and_an_unknown_name_take_as_long() -> None:
    """By the processor's time: the clock also counts what else this machine does."""
    passwords = Passwords()
    kept = await passwords.hash("a long enough one", "wang")

    def took(hashed: str | None) -> float:
        start = time.thread_time()
        assert not passwords._compare("wrong", hashed)
        return time.thread_time() - start

    took(None)  # the first one makes nobody's hash
    known, unknown = (min(took(hashed) for _ in range(5)) for hashed in (kept, None))
    assert 0.5 < known / unknown < 2
    passwords.close()


async def test_the_same_characters_composed_otherwise() -> None:
    passwords = Passwords()
    kept = await passwords.hash("caf\u00e9 und kuchen", "wang")
    assert await passwords.fits("cafe\u0301 und kuchen", kept)
    passwords.close()


async def test_the_loop_goes_on_and_a_crowd_is_refused() -> None:
    passwords = Passwords()
    kept = await passwords.hash("a long enough one", "wang")
    turns = 0
    done = asyncio.gather(*(passwords.fits("x" * 20, kept) for _ in range(MOST_WAITING)))
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await passwords.fits("x" * 20, kept)
    while not done.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert not any(await done)
    assert turns > 2 * MOST_WAITING, "the loop stood still while hashes were made"
    passwords.close()
