"""Versions with real calls and real processes: a live call keeps its own, a start takes what was published."""

import asyncio
import json
import shutil
import signal
from pathlib import Path
from typing import Any

from lab.patience import PATIENCE
from publishing.speech import speaker
from sounds.catalogue import Catalogue
from tests.integration.command import Wutong
from tests.integration.conversations import in_menu
from tests.integration.test_reload import edit
from tests.integration.world import World
from tests.unit.sounds.making import tone


async def published(hotline: World, body: dict[str, Any], tag: str) -> tuple[int, dict[str, Any]]:
    answer = await hotline.http.post("/api/v1/versions", json=body, headers={"If-Match": tag})
    return answer.status_code, answer.json()


async def tag_of(hotline: World) -> str:
    answer = await hotline.http.get("/api/v1/versions/current")
    assert answer.status_code == 200, answer.text
    return answer.headers["ETag"]


async def hears_menu(hotline: World, sound: Path) -> None:
    """A new caller hears that instead of the main menu, or as it."""
    call = await (await hotline.citizen("13700137000")).dial("12319")
    await call.hears_recording(sound)
    await call.hang_up()


async def test_a_live_call_keeps_its_version_and_a_start_takes_what_was_published(
    hotline: World, hotline_folder: Path
) -> None:
    (first,) = await hotline.get("versions")
    assert (first["number"], first["author"], first["from"], first["current"]) == (1, "system", "folder", True)
    live = await in_menu(hotline)
    files = (await hotline.get("versions/current/files"))["files"]
    files["hotline.yaml"] = files["hotline.yaml"].replace("entry: main\n", "entry: water\n")
    tag = await tag_of(hotline)

    # two people publish at one moment: one is told
    answers = await asyncio.gather(
        published(hotline, {"files": files, "note": "one"}, tag),
        published(hotline, {"files": files, "note": "two"}, tag),
    )
    assert sorted(status for status, _ in answers) == [200, 412]
    citizen = await hotline.citizen("13900139000")
    fresh = await citizen.dial("12319")
    await fresh.hears_recording(hotline.menu("water"))
    await live.press("*")
    await live.hears_recording(hotline.menu("main"))
    await fresh.hang_up()

    # an edit that nobody has published does not come with a start; nor does a start undo what was published elsewhere
    refused = await hotline.http.post("/api/v1/reload")
    assert (refused.status_code, "versions export 2" in refused.json()["detail"]) == (409, True)
    edit(hotline_folder, "hotline.yaml", ('"6": {queue: quick}', '"6": {queue: qick}'))
    await hotline.stop_service()
    await hotline.start_service()
    assert (await hotline.get("versions/current"))["number"] == 2
    ready = (await hotline.http.get("/readyz")).json()
    assert "is not used: version 2 of token:local is" in ready["notes"]["hotline"]
    again = await citizen.dial("12319")
    await again.hears_recording(hotline.menu("water"))
    await again.hang_up()

    status, back = await published(hotline, {"version": 1}, await tag_of(hotline))
    assert (status, back["number"], back["from"]) == (200, 3, 1)
    assert "hotline" not in (await hotline.http.get("/readyz")).json()["notes"]
    await hears_menu(hotline, hotline.menu("main"))
    await live.hang_up()

    # a recording comes back with its version, whatever has become of the folder
    edit(hotline_folder, "hotline.yaml", ('"6": {queue: qick}', '"6": {queue: quick}'))
    words = hotline.hotline.menus["main"].say["zh"]
    (hotline_folder / "prompts" / "zh").mkdir(parents=True)
    tone(hotline_folder / "prompts" / "zh" / "main.wav", seconds=1.2, rate=24_000, hertz=(650, 900), loudness=0.3)
    (hotline_folder / "prompts" / "recordings.yaml").write_text(f"zh:\n  main.wav: {words}\n")
    reloaded = await hotline.http.post("/api/v1/reload")
    assert (reloaded.status_code, reloaded.json()["changed"]) == (200, True), reloaded.text
    catalogue = Catalogue(
        *(hotline.settings.folder.sounds, hotline_folder / "prompts", hotline.hotline.languages),
        speaker(hotline.settings),
    )
    wanted = catalogue.clip("zh", words)
    recorded = wanted.path
    await hears_menu(hotline, recorded)
    assert (await published(hotline, {"version": 3}, await tag_of(hotline)))[0] == 200
    await hears_menu(hotline, hotline.menu("main"))
    shutil.rmtree(hotline_folder / "prompts")
    status, back = await published(hotline, {"version": 4}, await tag_of(hotline))
    assert (status, back["number"], back["from"]) == (200, 6, 4), back
    await hears_menu(hotline, recorded)
    assert [each["words"] for each in (await hotline.get("versions/current"))["recordings"]] == [wanted.words]

    # a recording that is lost: nothing changes
    for file in (hotline.settings.folder.versions / "contents").glob("*.wav"):
        file.unlink()
    status, lost = await published(hotline, {"version": 4}, await tag_of(hotline))
    assert (status, "its prompts/zh/main.wav is lost" in lost["detail"]) == (503, True), lost
    current = await hotline.get("versions/current")
    assert (current["number"], current["recordings"][0]["lost"]) == (6, True)
    await hears_menu(hotline, recorded)


async def test_publish_versions_rollback_and_what_a_start_uses(wutong: Wutong, hotline_folder: Path) -> None:
    await wutong.up()
    edit(hotline_folder, "hotline.yaml", ('"6": {queue: quick}', '"6": {queue: qick}'))
    status, output = await wutong.run("publish", "--yes")
    assert (status, "'qick'" in output) == (1, True), output
    logged = (wutong.folder.logs / "service.log").read_text().splitlines()
    refused = [line for line in logged if "publish-refused" in line]
    assert len(refused) == 1
    assert "qick" in json.loads(refused[0])["problems"][0]
    entry = (await wutong.get("audit?what=published"))[0]
    assert (entry["status"], "qick" in entry["detail"]) == (422, True)

    edit(hotline_folder, "hotline.yaml", ('"6": {queue: qick}', '"6": {queue: general}'))
    status, output = await wutong.run("publish", "--note", "no quick queue", "--yes")
    assert status == 0, output
    assert "Key 6 in the menu main now leads to the queue general, not to the queue quick" in output
    assert "No caller of the last 7 days is recorded" in output
    status, output = await wutong.run("versions")
    newest = output.splitlines()[0]
    assert "token:local" in newest
    assert newest.endswith("no quick queue  ← in use")
    status, output = await wutong.run("rollback", "--yes")
    assert status == 0, output

    # a service that is started again: the version that came back, though the folder has another
    _, service, _ = await wutong.processes()
    service.send(signal.SIGKILL)
    assert await service.gone(PATIENCE)
    await wutong.next_service(service.pid)
    current = await wutong.get("versions/current")
    assert (current["number"], current["from"]) == (3, 1)

    # by a person: the folder, if it was edited since
    await wutong.run("down", "--yes")
    await wutong.up()
    assert (await wutong.get("versions/current"))["number"] == 3
    await wutong.run("down", "--yes")
    edit(hotline_folder, "hotline.yaml", ("# A small hotline for tests", "# The hotline for tests"))
    await wutong.up()
    current = await wutong.get("versions/current")
    assert (current["number"], current["author"], current["from"]) == (4, "token:local", "folder")
    status, output = await wutong.run("doctor")
    assert "version 4 is the hotline's folder" in output
