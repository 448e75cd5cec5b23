"""A recording that came in over HTTP is what calls hear after the next reload."""

from pathlib import Path

from publishing.speech import speaker
from sounds.catalogue import Catalogue
from tests.integration.conversations import in_menu
from tests.integration.world import World
from tests.unit.sounds.making import tone


async def test_a_new_call_hears_it_and_one_that_is_here_does_not(
    hotline: World, hotline_folder: Path, tmp_path: Path
) -> None:
    before = hotline.menu("main")
    listening = await in_menu(hotline, "13700137000")
    prompts = await hotline.get("prompts")
    main = next(each for each in prompts if each["language"] == "zh" and "menus.main.say" in each["where"])
    sound = tone(tmp_path / "sound.wav", seconds=1.2, rate=24_000, hertz=(650, 900), loudness=0.3).read_bytes()
    path = f"/api/v1/prompts/{main['key']}/recording"
    kept = await hotline.http.put(path, content=sound, headers={"If-None-Match": "*"})
    assert kept.status_code == 201, kept.text
    reload = await hotline.http.post("/api/v1/reload")
    assert (reload.status_code, reload.json()["changed"]) == (200, True), reload.text

    fresh = await (await hotline.citizen("13600136000")).dial("12319")
    languages = hotline.hotline.languages
    catalogue = Catalogue(
        hotline.settings.folder.sounds, hotline_folder / "prompts", languages, speaker(hotline.settings)
    )
    await fresh.hears_recording(catalogue.clip("zh", main["text"]).path)
    await listening.press("*")
    await listening.hears_recording(before)
    for call in (listening, fresh):
        await call.hang_up()
