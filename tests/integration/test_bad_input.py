"""Damaged, enormous and hostile files under a running hotline: each reload is refused, and callers notice nothing."""

from pathlib import Path

from tests.bad_input import CASES
from tests.integration.conversations import connected, hear_each_other, in_menu
from tests.integration.world import World


async def test_callers_notice_nothing_of_files_that_nobody_wants(hotline: World, hotline_folder: Path) -> None:
    agent = await hotline.agent("1001")
    call, offer = await connected(hotline, agent)
    listening = await in_menu(hotline, "13700137000")
    good = {name: (hotline_folder / name).read_bytes() for name in ("hotline.yaml", "agents.yaml")}
    before = (await hotline.get("check"))["in_use"]
    for name, bad in CASES.items():
        for file, data in bad.files.items():
            (hotline_folder / file).write_bytes(data)
        response = await hotline.http.post("/api/v1/reload")
        assert response.status_code == 422, name
        assert bad.codes & {problem["code"] for problem in response.json()["problems"]}, name
    assert (await hotline.get("check"))["in_use"] == before
    await hear_each_other(call, offer, one_says=900, other_says=500)
    await listening.press("4")
    await listening.hears_recording(hotline.clip({"zh": "今天停水"}))
    for file, data in good.items():
        (hotline_folder / file).write_bytes(data)
    response = await hotline.http.post("/api/v1/reload")
    assert (response.status_code, response.json()["changed"]) == (200, False)
