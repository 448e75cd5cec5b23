"""Encrypted files, and the file of secret keys."""

import asyncio
import os
from pathlib import Path

import pyrage
import pytest
from pyrage.x25519 import Identity

from recordings import keys
from recordings.keys import Busy, Damaged, Keys, NoKey, identities, memory

SOUND = os.urandom(200_000)
"""Several of age's pieces, which have 64 KiB."""


def key_file(path: Path, *secret: Identity) -> Path:
    """As `age-keygen` writes it."""
    lines = [f"# public key: {each.to_public()}\n{each}\n" for each in secret]
    path.write_text("# created: 2026-12-01T09:59:34Z\n" + "\n".join(lines))
    path.chmod(0o600)
    return path


def encrypted(file: Path, *recipients: Identity, sound: bytes = SOUND) -> Path:
    with memory() as plain:
        plain.write(sound)
        with keys.encrypted(plain, [str(each.to_public()) for each in recipients]) as made:
            made.seek(0)
            file.write_bytes(made.read())
    return file


def test_what_is_encrypted_is_opened_by_any_of_its_keys_and_by_every_program_that_knows_age(tmp_path: Path) -> None:
    ours, auditors, stranger = (Identity.generate() for _ in range(3))
    content = encrypted(tmp_path / "a.age", ours, auditors).read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n")
    assert SOUND[:64] not in content
    assert pyrage.decrypt(content, [ours]) == pyrage.decrypt(content, [auditors]) == SOUND
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(content, [stranger])


async def test_after_a_rotation_earlier_keys_still_open_what_was_encrypted_for_them(tmp_path: Path) -> None:
    old, new = Identity.generate(), Identity.generate()
    here = Keys((), key_file(tmp_path / "keys", new, old))
    for each in old, new:
        file = encrypted(tmp_path / "a.age", each)
        with await here.opened(file, [str(each.to_public())]) as plain:
            assert os.pread(plain.fileno(), len(SOUND) + 1, 0) == SOUND


async def test_without_its_key_nothing_is_opened_and_a_key_that_comes_later_counts_at_once(tmp_path: Path) -> None:
    key, place = Identity.generate(), tmp_path / "keys"
    file, recipients = encrypted(tmp_path / "a.age", key), [str(key.to_public())]
    here = Keys((), place)
    for there in None, Identity.generate():
        if there is not None:
            key_file(place, there)
        with pytest.raises(NoKey):
            await here.opened(file, recipients)
    key_file(place, key)
    (await here.opened(file, recipients)).close()


@pytest.mark.parametrize("length", [0, 100, 65_000, 65_800, -1])
async def test_a_file_that_was_cut_off_or_changed_is_damaged(tmp_path: Path, length: int) -> None:
    key = Identity.generate()
    file = encrypted(tmp_path / "a.age", key)
    content = bytearray(file.read_bytes())
    content[-1] ^= length < 0
    file.write_bytes(content[:length] if length >= 0 else content)
    with pytest.raises(Damaged):
        await Keys((), key_file(tmp_path / "keys", key)).opened(file, [str(key.to_public())])


async def test_what_is_heard_at_the_same_time_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = Identity.generate()
    file, here = encrypted(tmp_path / "a.age", key), Keys((), key_file(tmp_path / "keys", key))
    monkeypatch.setattr(keys, "MOST", 2 * file.stat().st_size)
    first, second = await asyncio.gather(*(here.opened(file, [str(key.to_public())]) for _ in range(2)))
    with pytest.raises(Busy):
        await here.opened(file, [str(key.to_public())])
    first.close()
    (await here.opened(file, [str(key.to_public())])).close()
    second.close()


@pytest.mark.parametrize(
    ("content", "mode", "why"),
    [
        ("", 0o600, "has no secret key of age"),
        ("# nothing\n", 0o600, "has no secret key of age"),
        ("# one\nSECRET\nPUBLIC\n", 0o600, "line 3 of .* is no secret key"),
        ("SECRET\n", 0o644, "chmod 600"),
        ("SECRET\n", 0o620, "chmod 600"),
    ],
)
def test_a_file_that_is_no_file_of_secret_keys_says_what_to_do(
    tmp_path: Path, content: str, mode: int, why: str
) -> None:
    file = tmp_path / "keys"
    key = Identity.generate()
    file.write_text(content.replace("SECRET", str(key)).replace("PUBLIC", str(key.to_public())))
    file.chmod(mode)
    with pytest.raises(NoKey, match=why):
        identities(file)


def test_a_missing_file_says_so_and_no_file_is_no_mistake(tmp_path: Path) -> None:
    with pytest.raises(NoKey, match="No such file"):
        identities(tmp_path / "keys")
    assert identities(None) == {}
