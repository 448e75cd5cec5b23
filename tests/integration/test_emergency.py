"""`*90` on an agent's phone: a message is recorded and switched on, and every new caller hears it before the menu."""

import asyncio
import os
import signal
from pathlib import Path

from emergency import file
from lab.phone import Call, Phone
from processes import obtaining
from publishing.fetching import BEGINS, REMEDY
from tests.integration.command import Wutong, told
from tests.integration.world import World, kinds

TONE = 1_400
"""Hertz of the sign before a recording, as `dialplan.render` has it."""


async def asked(hotline: World, call: Call, key: str, *answer: str) -> None:
    """The phone hears that question and answers it."""
    await call.hears_recording(hotline.clip(key))
    for digit in answer:
        await call.press(digit)


async def test_who_is_on_duty_records_it_and_every_new_caller_hears_it(hotline: World) -> None:
    wang = {"name": "wang", "roles": ["operations"]}
    assert (await hotline.http.post("/api/v1/users", json=wang)).status_code == 201
    pin = (await hotline.http.put("/api/v1/emergency/pins/wang")).json()["pin"]
    phone = await hotline.agent_phone("1001")
    duty = await phone.dial("*90")
    await asked(hotline, duty, "emergency-pin", *pin)
    await asked(hotline, duty, "emergency-record-zh")
    await duty.hears(TONE)
    duty.send_tone(700)
    await asyncio.sleep(2.5)  # so long is the message
    await duty.press("#")
    duty.send_silence()
    await asked(hotline, duty, "emergency-keep", "1")
    await asked(hotline, duty, "emergency-leave-out")
    await duty.hears(TONE)
    await duty.hears_silence()
    await duty.press("#")
    await asked(hotline, duty, "emergency-mode", "1")
    await asked(hotline, duty, "emergency-hours", "2")
    await asked(hotline, duty, "emergency-confirm", "1")
    await asked(hotline, duty, "emergency-on")

    now = await hotline.get("emergency")
    assert (now["emergency"]["mode"], now["emergency"]["actor"], now["missing"]) == ("before", "user:wang", ["en"])
    [spoken] = now["emergency"]["spoken"]
    assert not list(hotline.settings.folder.recordings.glob("emergency-*"))
    clip = hotline.settings.folder.sounds / "emergency" / f"{spoken['take']}.wav"

    await hotline.stop_service()
    await asyncio.gather(*(_hears_that_it_is_away(hotline, phone, code) for code in ("*45", "*46", "*47", "*90")))
    _began_long_ago(hotline.settings.folder.emergency)
    await hotline.start_service()  # in its last half hour
    assert [done["what"] for done in await hotline.get("audit?what=emergency-ending")] == ["emergency-ending"]
    citizen = await (await hotline.citizen()).dial("12319")
    await citizen.hears_recording(clip)
    await citizen.press("1")
    await citizen.hears_recording(hotline.menu("main"))
    await citizen.hang_up()
    told = kinds(await hotline.ended())
    assert told.index("emergency-told") < told.index("menu-entered")
    assert "key-pressed" not in told

    assert (await hotline.http.delete("/api/v1/emergency")).status_code == 204
    at_greening = {"where": "queue:greening", "recordings": {"zh": spoken["take"]}}
    assert (await hotline.http.put("/api/v1/emergency", json=at_greening)).status_code == 200
    after = await (await hotline.citizen("13600136000")).dial("12319")
    await after.hears_recording(hotline.menu("main"))
    await after.press("1")
    await after.hears_recording(clip)
    await after.hears_recording(hotline.clip("nobody-there"))
    await after.hang_up()
    told = kinds(await hotline.ended("13600136000"))
    assert told.index("menu-entered") < told.index("emergency-told") < told.index("queued")
    assert (await hotline.http.delete("/api/v1/emergency?where=queue:greening")).status_code == 204


async def _hears_that_it_is_away(hotline: World, phone: Phone, code: str) -> None:
    away = await phone.dial(code)
    for language in ("zh", "en"):
        await away.hears_recording(hotline.clip("agent-code-away", language))
    await away.ended()


def _began_long_ago(kept: Path) -> None:
    [emergency] = file.read(kept)
    soon = emergency.begun + 600
    file.write(kept, [emergency.model_copy(update={"begun": emergency.begun - 7_200, "until": soon})])


async def test_without_the_natural_voice_up_says_so_and_nothing_is_live_in_the_draft_voice_unasked(
    wutong: Wutong, tmp_path: Path
) -> None:
    cache = tmp_path / "cache" / "wutong"
    cache.mkdir(parents=True)
    for each in obtaining.default_cache().glob("asterisk-*"):
        (cache / each.name).symlink_to(each)
    wutong.variables["WUTONG_VOICES__FETCH"] = "true"
    nowhere = "http://127.0.0.1:9/simple"
    wutong.variables |= {"XDG_CACHE_HOME": str(cache.parent), "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1"}
    wutong.variables |= {"PIP_INDEX_URL": nowhere, "PIP_EXTRA_INDEX_URL": "", "UV_DEFAULT_INDEX": nowhere}
    up = await wutong.start("up", *wutong.options)
    for words in (BEGINS, "./wutong down", "the package index cannot be reached", REMEDY):
        await told(up, words)

    say = ("--say", "zh=虹口区燃气泄漏。")
    status, output = await wutong.run("emergency on", *say)
    assert (status, "only the draft voice can speak zh" in output, "give --yes" in output) == (1, True, True), output
    assert (await wutong.get("emergency"))["draft_voice"]
    refused = await wutong.put("emergency", {"texts": {"zh": "虹口区燃气泄漏。"}})
    assert (refused["status"], list(refused["draft"])) == (409, ["zh"])
    assert (await wutong.text(f"emergency/takes/{refused['draft']['zh']}")).startswith("RIFF")
    assert (await wutong.get("emergency"))["emergency"] is None
    assert [path.name for path in cache.iterdir() if path.name.startswith("voice")] == ["voice.lock"]

    status, output = await wutong.run("emergency on", *say, "--yes")
    assert status == 0, output
    assert (await wutong.get("emergency"))["emergency"]["spoken"][0]["words"] == "虹口区燃气泄漏。"
    up.send_signal(signal.SIGINT)
    await up.wait()
