"""Recordings over HTTP: kept, heard, taken away; whose they are, and what is refused."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from base.role import Role
from hotline.keeping import key
from sounds.phrases import LANGUAGES
from sounds.recordings import INDEX, read
from sounds.takes import LARGEST
from tests.unit.desk import hotline
from tests.unit.service.world import World
from tests.unit.sounds.making import tone
from web.problems import MEDIA_TYPE

TEXT = hotline().menus["main"].say["zh"]
PATH = f"/api/v1/prompts/{key('zh', TEXT)}/recording"
NONE_YET = {"If-None-Match": "*"}


def _sound(hertz: int) -> bytes:
    with TemporaryDirectory() as folder:
        file = tone(Path(folder, "sound"), seconds=1, silence=0.5, rate=16_000, loudness=0.1, hertz=[hertz])
        return file.read_bytes()


SOUND, ANOTHER = _sound(1_000), _sound(800)


def kept(world: World) -> bool:
    """Whether the hotline's folder has a recording."""
    return read(world.desk.hotline.folder / "prompts", LANGUAGES).find("zh", TEXT) is not None


async def test_a_recording_is_kept_heard_replaced_and_taken_away() -> None:
    world = World()
    async with world.client() as client:
        assert (await client.get(PATH)).status_code == 404
        first = await client.put(PATH, content=SOUND, headers=NONE_YET)
        assert (first.status_code, first.json()["seconds"]) == (201, pytest.approx(1.1, abs=0.1))
        tag = first.headers["ETag"]
        assert tag == f'"{first.json()["recording"]}"'
        heard = await client.get(PATH)
        assert (heard.content[:4], heard.headers["Content-Type"], heard.headers["ETag"]) == (b"RIFF", "audio/wav", tag)
        second = await client.put(PATH, content=ANOTHER, headers={"If-Match": tag})
        assert (second.status_code, second.headers["ETag"] != tag) == (200, True)
        gone = await client.delete(PATH, headers={"If-Match": second.headers["ETag"]})
        assert gone.status_code == 204
        assert (await client.get(PATH)).status_code == 404


async def test_two_administrators_do_not_overwrite_each_other_unseen() -> None:
    world = World()
    async with world.client() as client:
        for answer in (await client.put(PATH, content=SOUND), await client.delete(PATH, headers=NONE_YET)):
            assert (answer.status_code, "If-Match" in answer.json()["detail"]) == (428, True)
        first = await client.put(PATH, content=SOUND, headers=NONE_YET)
        for known in (NONE_YET, {"If-Match": '"0123"'}):
            late = await client.put(PATH, content=ANOTHER, headers=known)
            assert (late.status_code, late.json()["recording"]) == (412, first.json()["recording"])
        assert (await client.delete(PATH, headers={"If-Match": '"0123"'})).status_code == 412
        assert (await client.put(PATH, content=ANOTHER, headers={"If-Match": "*"})).status_code == 428
        assert (await client.get(PATH)).headers["ETag"] == first.headers["ETag"]


async def test_what_is_no_recording_is_refused_with_the_fault() -> None:
    async with World().client() as client:
        answer = await client.put(PATH, content=b"#EXTM3U\n/etc/passwd", headers=NONE_YET)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, MEDIA_TYPE)
    assert answer.json()["fault"] == "unreadable"
    assert "passwd" not in answer.text


async def test_a_key_is_looked_up_and_never_a_name() -> None:
    world = World()
    async with world.client() as client:
        for key in ("0000000000000000", "..%2f..%2fsecrets", "%00", "a" * 4_000, "main.wav"):
            path = f"/api/v1/prompts/{key}/recording"
            assert (await client.get(path)).status_code == 404
            assert (await client.put(path, content=SOUND, headers=NONE_YET)).status_code == 404
            assert (await client.delete(path, headers={"If-Match": '"0123"'})).status_code == 404
    assert not kept(world)


async def test_a_recording_may_be_larger_than_other_bodies_and_not_endless() -> None:
    world = World()
    whole = bytes(LARGEST)

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1024 * 1024)

    async with world.client() as client:
        assert (await client.put(PATH, content=whole, headers=NONE_YET)).json()["fault"] == "unreadable"
        for body in (whole + b"1", endless()):
            answer = await client.put(PATH, content=body, headers=NONE_YET)
            assert (answer.status_code, str(LARGEST) in answer.json()["detail"]) == (413, True)
        for method, path in (("POST", PATH), ("PUT", "/api/v1/agents/1001/state")):
            assert (await client.request(method, path, content=whole)).status_code in (405, 413)


@pytest.mark.parametrize(
    ("index", "status", "said"),
    [
        (None, 503, "The recordings stay as they are: "),
        ("zh: [", 409, "Mend this first: "),
        ("zh: {gone.wav: 您好}\n", 409, "1:6: "),
    ],
    ids=["no folder", "no YAML", "a file is gone"],
)
async def test_what_hinders_it_is_said(index: str | None, status: int, said: str) -> None:
    world = World()
    prompts = world.desk.hotline.folder / "prompts"
    if index is None:
        prompts.write_bytes(b"")
    else:
        prompts.mkdir()
        (prompts / INDEX).write_text(index, encoding="utf-8")
    async with world.client() as client:
        answer = await client.put(PATH, content=SOUND, headers=NONE_YET)
        assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
        if index is not None:
            for answer in (await client.get(PATH), await client.delete(PATH, headers={"If-Match": '"0123"'})):
                assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


async def test_only_administrators_record() -> None:
    world, taken = World(), list[bytes]()

    async def body() -> AsyncIterator[bytes]:
        taken.append(SOUND)
        yield SOUND

    hears = {Role.SUPERVISOR: 404, Role.OPERATIONS: 404, Role.AGENT: 403, Role.DEPARTMENT: 403}
    for role, status in hears.items():
        async with world.client(await world.key(role, agent="1001" if role is Role.AGENT else None)) as client:
            assert (await client.put(PATH, content=body(), headers=NONE_YET)).status_code == 403
            assert (await client.delete(PATH, headers={"If-Match": '"0123"'})).status_code == 403
            assert (await client.get(PATH)).status_code == status, role
    async with world.client(await world.key(Role.ADMINISTRATOR, queues=["greening"])) as limited:
        assert (await limited.put(PATH, content=body(), headers=NONE_YET)).status_code == 403
    assert taken == [], "the body of somebody who may not is not read"


async def test_rights_that_are_gone_when_the_body_is_there_count_no_more() -> None:
    world = World()
    key = await world.key(Role.ADMINISTRATOR)

    async def slow() -> AsyncIterator[bytes]:
        yield SOUND[:100]
        await world.accounts.directory.revoke("key-0")
        yield SOUND[100:]

    async with world.client(key) as client:
        assert (await client.put(PATH, content=slow(), headers=NONE_YET)).status_code == 401
    assert not kept(world)


async def test_the_audit_has_the_text() -> None:
    world = World()
    noted: list[tuple[str, str, str, int]] = []
    world.accounts.audit.note = lambda entry, change: noted.append(  # type: ignore[method-assign,misc]
        (entry.what, entry.target, entry.detail, entry.status)
    )
    async with world.client(await world.key(Role.ADMINISTRATOR)) as client:
        made = await client.put(PATH, content=SOUND, headers=NONE_YET)
        await client.get(PATH)
        await client.put(PATH, content=b"noise", headers={"If-Match": made.headers["ETag"]})
        await client.delete(PATH, headers={"If-Match": made.headers["ETag"]})
    target, text = PATH.removeprefix("/api/v1"), f"zh {TEXT}"
    assert noted == [
        ("prompt-recorded", target, text, 201),
        ("prompt-recorded", target, text, 422),
        ("recording-removed", target, text, 204),
    ]
