"""A queue that is taken out while callers wait in it, and a version on trial, with real calls."""

import asyncio
from pathlib import Path
from typing import Any

from hotline.trial import LEAST, bucket, gets_it
from tests.integration.conversations import hear_each_other, queued
from tests.integration.test_reload import NEW_MENU, edit, reload
from tests.integration.test_versions import published, tag_of
from tests.integration.world import World, record

CALLERS = ("13800138001", "13800138002", "13800138003")


async def test_callers_of_a_queue_that_is_taken_out_go_where_the_hotline_says(
    hotline: World, hotline_folder: Path
) -> None:
    calls = {number: await queued(hotline, "1", number) for number in CALLERS}
    await hotline.see_queue("greening", waiting=3)
    text = (hotline_folder / "hotline.yaml").read_text()
    text = text.replace("{queue: greening", "{queue: quick").replace("  greening:\n", "  trees:\n", 1)
    (hotline_folder / "hotline.yaml").write_text(text)
    edit(
        hotline_folder, "hotline.yaml", ("entry: main\n", "entry: main\nremoved_queues: {greening: {queue: general}}\n")
    )
    report = await reload(hotline)
    assert report["removed"] == ["The queue greening is taken out: 3 callers wait there and go to the queue general"]
    await hotline.see_queue("general", waiting=3)
    await hotline.stop_service()
    await hotline.start_service()
    await hotline.see_queue("general", waiting=3)
    generalist = await hotline.agent("1003")
    for number, call in calls.items():
        offer = await generalist.incoming()
        assert offer.caller_number == number, "who came first is served first"
        await offer.answer()
        await hear_each_other(call, offer)
        await call.hang_up()
        told = await hotline.ended(number)
        assert record(told, "overflowed")["condition"] == "queue_removed"


async def test_some_callers_get_a_version_on_trial_and_it_is_taken_back_when_they_give_up(hotline: World) -> None:
    files = (await hotline.get("versions/current/files"))["files"]
    old, new = hotline.menu("main"), NEW_MENU["zh"]
    files["hotline.yaml"] = files["hotline.yaml"].replace("绿化请按1，供水请按2，燃气请按3，公告请按4", new)
    status, made = await published(hotline, {"files": files, "trial": {"percent": 50}}, await tag_of(hotline))
    assert (status, made["current"], made["trial"]["verdict"]) == (200, False, "running"), made
    tag = (await hotline.http.get(f"/api/v1/versions/{made['number']}")).headers["ETag"].strip('"')
    everybody = [f"139{n:08}" for n in range(200)]
    tried = [number for number in everybody if gets_it(bucket(tag, number), 50)]
    other = next(number for number in everybody if number not in tried)

    await _hears(hotline, tried[0], hotline.clip(NEW_MENU))
    await _hears(hotline, other, old)
    await hotline.stop_service()
    await hotline.start_service()
    await _hears(hotline, tried[0], hotline.clip(NEW_MENU))

    async def gives_up(number: str) -> None:
        citizen = await hotline.citizen(number)
        call = await citizen.dial("12319")
        await call.hang_up()

    for start in range(1, LEAST + 1, 5):
        await asyncio.gather(*(gives_up(number) for number in tried[start : start + 5]))

    def over(version: Any) -> bool:
        return bool(version["trial"]["verdict"] == "taken-back")

    taken_back = await hotline.see(f"versions/{made['number']}", over)
    assert taken_back["trial"]["given_up"] >= LEAST
    assert taken_back["trial"]["rest"]["calls"] == 1
    await _hears(hotline, tried[0], old)


async def _hears(hotline: World, number: str, clip: Path) -> None:
    citizen = await hotline.citizen(number)
    call = await citizen.dial("12319")
    await call.hears_recording(clip)
    await call.hang_up()
    await hotline.ended(number)  # a call that is live over a restart is not counted
