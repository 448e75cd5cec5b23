"""A caller's number: in no log at the lowest level, and gone everywhere once it is to be forgotten."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.patience import until
from lab.phone import Phone
from tests.integration.command import Wutong

CALLER = "13812345679"
"""Digits that stand in no time, no id and no other number of a test."""

STRANGE = "zhang.san-678"
"""A caller whose phone has a name for a number."""


def logged(wutong: Wutong) -> dict[Path, bytes]:
    """Every log file, Asterisk's too."""
    files = [*wutong.folder.logs.iterdir(), *(wutong.folder.asterisk / "log").iterdir()]
    return {path: path.read_bytes() for path in files if path.is_file()}


def kept(wutong: Wutong) -> set[str]:
    """Names of the files in the state folder that have the caller's number."""
    found = [path for path in wutong.folder.root.rglob("*") if path.is_file() and not path.is_symlink()]
    return {path.name for path in found if CALLER.encode() in path.read_bytes()}


async def called(wutong: Wutong, number: str) -> str:
    """A call through a menu into a queue, to an agent, and its end; its id."""
    sip = ("127.0.0.1", wutong.base + 1)
    async with Phone(sip, user="1003", password=wutong.password("1003")) as agent, Phone(sip, number=number) as caller:
        await agent.register()
        await wutong.put("agents/1003/state", {"state": "ready"})
        call = await caller.dial("12319")
        await call.hears_speech()
        await call.press("0")
        offer = await agent.incoming()
        await offer.answer()
        await until("the talk", lambda: wutong.get("calls?state=talking"))
        await call.hang_up()
        await offer.ended()
        ended = await until(
            "its end", lambda: wutong.get("calls?state=ended"), lambda calls: calls and calls[0]["caller"] == number
        )
        return str(ended[0]["id"])


async def test_a_whole_call_at_debug_writes_its_number_into_no_log(
    another: Callable[[str], Wutong], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WUTONG_LOG_LEVEL", "debug")
    wutong = another("state")
    try:
        await wutong.up()
        for number in (CALLER, STRANGE):
            call_id = await called(wutong, number)
            assert (await wutong.get(f"calls/{call_id}"))["caller"] == number
        status, output = await wutong.run("restart", "--wait", "0")
        assert status == 0, output
    finally:
        await wutong.run("down", "--yes")
    written = logged(wutong)
    assert {"service.log", "service.err", "supervisor.log", "messages"} <= {path.name for path in written}
    assert b'"level": "debug"' in written[wutong.folder.logs / "service.log"]
    for path, content in written.items():
        for number in (CALLER, STRANGE, CALLER[3:9]):
            assert number.encode() not in content, path


async def test_a_number_is_exported_and_forgotten_and_old_data_purged(wutong: Wutong, tmp_path: Path) -> None:
    await wutong.up()
    call_id = await called(wutong, CALLER)
    (wutong.folder.logs / "service.log.5").write_text(f"an older version wrote {CALLER} and 0086{CALLER}\n")

    file = tmp_path / "known.jsonl"
    status, output = await wutong.run("export", "138-1234-5679", str(file))
    assert (status, output) == (0, f"1 call in {file}\n")
    assert file.stat().st_mode & 0o777 == 0o600
    (line,) = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert (line["id"], line["caller"], line["story"][0]["caller"]) == (call_id, CALLER, CALLER)
    status, output = await wutong.run("export", CALLER, str(file))
    assert (status, "is there already" in output) == (1, True)

    status, output = await wutong.run("forget", CALLER)
    assert (status, "give --yes" in output) == (1, True)
    assert (await wutong.get(f"calls/{call_id}"))["caller"] == CALLER
    status, output = await wutong.run("forget", CALLER, "--yes")
    assert status == 0, output
    assert "with their Records: 1" in output
    assert "overwritten: 2" in output
    told = await wutong.get(f"calls/{call_id}")
    assert (told["caller"], told["story"][0]["caller"], told["outcome"], told["agent"]) == ("", "", "answered", "1003")

    async def left() -> set[str]:
        return kept(wutong)

    await until("a state folder without the number", left, lambda names: not names)
    assert "wrote *********** and 0086***********" in (wutong.folder.logs / "service.log.5").read_text()

    status, output = await wutong.run("purge", "--json")
    assert (status, json.loads(output)["numbers"]) == (0, 0), output
    assert "wutong_purge_last_timestamp_seconds 1" in await wutong.text("/metrics")
