"""The Asterisk that tests share is as new for each of them, or it is another one."""

from pathlib import Path

from tests.integration.conversations import connected
from tests.integration.kept import KeptAsterisk


async def test_it_is_used_again_until_a_test_leaves_something_in_it(
    tmp_path: Path, hotline_folder: Path, sounds: Path, tables: Path
) -> None:
    kept = KeptAsterisk(tmp_path)
    try:
        async with kept.world(hotline_folder, sounds, tables) as first:
            await connected(first, await first.agent("1001"))
            pid = first.asterisk.running()
        async with kept.world(hotline_folder, sounds, tables) as second:
            assert second.asterisk.running() == pid
            assert await second.get("calls") == []
            assert (await second.get("agents/1001"))["state"] == "logged-out"
            assert "0 active channels" in await second.asterisk.command("core show channels")
            await (await second.agent("1001")).abandon_registration()
        async with kept.world(hotline_folder, sounds, tables) as third:
            assert third.asterisk.running() not in (None, pid)
            (third.asterisk.folder / "etc" / "extensions.conf").write_text("")
            pid = third.asterisk.running()
        async with kept.world(hotline_folder, sounds, tables) as fourth:
            assert fourth.asterisk.running() not in (None, pid)
    finally:
        kept.close()
