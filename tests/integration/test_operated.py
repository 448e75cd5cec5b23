"""What operators and administrators see over HTTP of a hotline with a real Asterisk."""

from tests.integration.conversations import queued
from tests.integration.world import World


async def test_where_calls_are_what_they_hear_and_what_check_and_doctor_find(hotline: World) -> None:
    call = await queued(hotline, "1", "13800138000")
    intake = await hotline.get("intake")
    assert (intake["calls"]["waiting"], intake["drained_since"], intake["restarting"]) == (1, None, False)
    prompts = await hotline.get("prompts")
    menu = next(one for one in prompts if any(path.startswith("menus.") for path in one["where"]))
    sound = await hotline.http.get(f"/api/v1/prompts/{menu['id']}/sound")
    assert sound.content[:4] == b"RIFF"
    assert len(sound.content) > menu["seconds"] * 32_000
    checked = await hotline.get("check")
    assert checked["usable"], checked
    found = {one["what"]: one for one in await hotline.get("doctor")}
    assert found["hotline"]["level"] != "wrong"
    assert str(hotline.settings.folder.root) not in str(found)
    await call.hang_up()
