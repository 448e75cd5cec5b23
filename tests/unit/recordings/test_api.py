"""The recordings over HTTP: who hears which, and parts of them."""

from typing import Any

import pyrage
import pytest
from pyrage.x25519 import Identity

from base.role import Role
from journal.actor import CALLER
from journal.records import Kind, Record
from recordings import keys
from recordings.api import RecordingFigures
from recordings.keys import Keys
from tests.unit.recordings.test_keys import encrypted, key_file
from tests.unit.recordings.test_model import AT, recorded
from tests.unit.service.world import World

SOUND = bytes(range(256)) * 4


def talked(call: str, queue: str, offer: str = "o-1") -> list[Record]:
    """A call that was recorded, and is over."""
    name = f"{call}.{offer}"
    about = (call, queue, "1001", offer)
    return [
        Record(AT, Kind.CALL_STARTED, call, data={"caller": "138", "number": "12319", "language": "zh"}, actor=CALLER),
        Record(AT + 1, Kind.QUEUED, call, queue, data={"language": "zh", "head_start": 0, "position": 1}),
        Record(AT + 2, Kind.CONNECTED, *about, {"waited_s": 1.0, "in_service_level": True}),
        Record(AT + 60, Kind.TALK_ENDED, *about, {"by": "caller", "talked_s": 58.0}),
        Record(AT + 60, Kind.CALL_FINISHED, call, data={"by": "caller"}),
        recorded(name)._replace(queue=queue, data={**recorded(name).data, "marks": [MARK]}),
    ]


MARK = {"at_s": 12.5, "what": "hold", "held_s": 30.0}


@pytest.fixture
def world() -> World:
    made = World()
    made.note(*talked("c1", "greening"), *talked("c2", "general"))
    for call in ("c1", "c2"):
        file = made.desk.centre.recordings.file(f"{call}.o-1", "2023/11/15")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(SOUND)
    return made


async def got(world: World, path: str, key: str | None = None, **headers: str) -> tuple[int, Any]:
    async with world.client() if key is None else world.client(key) as client:
        answer = await client.get(f"/api/v1/{path}", headers=headers)
        sound = answer.headers["content-type"] == "audio/flac"
        return answer.status_code, answer.content if sound else answer.json()


async def test_all_that_is_known_of_a_recording(world: World) -> None:
    status, listed = await got(world, "calls/c1/recordings")
    assert status == 200
    assert listed == [
        {
            "id": "c1.o-1",
            "queue": "greening",
            "agent": "1001",
            "began": "2023-11-14T22:13:20.000+00:00",
            "length_s": 2.0,
            "sha256": "0" * 64,
            "marks": [MARK],
            "recipients": [],
            "playable": True,
        }
    ]


async def test_it_is_heard_whole_or_in_parts(world: World) -> None:
    assert await got(world, "recordings/c1.o-1") == (200, SOUND)
    assert await got(world, "recordings/c1.o-1", Range="bytes=10-19") == (206, SOUND[10:20])


async def test_an_encrypted_one_is_heard_where_its_key_is_and_fetched_as_it_is_kept_elsewhere(world: World) -> None:
    key, keeper = Identity.generate(), world.desk.centre.recordings
    recipients = [str(key.to_public())]
    file = keeper.file("c3.o-1", "2023/11/15", encrypted=True)
    encrypted(file, key, sound=SOUND)
    *story, last = talked("c3", "greening")
    world.note(*story, last._replace(data={**last.data, "recipients": recipients}))

    (listed,) = (await got(world, "calls/c3/recordings"))[1]
    assert (listed["recipients"], listed["playable"]) == (recipients, False)
    status, problem = await got(world, "recordings/c3.o-1")
    assert (status, "no key" in problem["detail"]) == (409, True)
    async with world.client() as client:
        kept = await client.get("/api/v1/recordings/c3.o-1?as_kept=true")
    assert pyrage.decrypt(kept.content, [key]) == SOUND
    assert kept.headers["content-disposition"] == 'attachment; filename="c3.o-1.flac.age"'

    keeper.keys = Keys(file=key_file(world.folder.root / "keys", key))
    (listed,) = (await got(world, "calls/c3/recordings"))[1]
    assert listed["playable"]
    assert await got(world, "recordings/c3.o-1") == (200, SOUND)
    async with world.client() as client:  # as a player seeks
        path, tag = "/api/v1/recordings/c3.o-1", f'"{listed["sha256"]}"'
        part = await client.get(path, headers={"Range": "bytes=10-19", "If-Range": tag})
        assert (part.status_code, part.content, part.headers["etag"]) == (206, SOUND[10:20], tag)
        assert part.headers["content-range"] == f"bytes 10-19/{len(SOUND)}"

    file.write_bytes(file.read_bytes()[:-1])
    status, problem = await got(world, "recordings/c3.o-1")
    assert (status, "damaged" in problem["detail"], keeper.damaged) == (409, True, {"c3.o-1"})


async def test_who_hears_too_much_at_once_is_told_to_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MOST", 0)
    key = Identity.generate()
    keeper = world.desk.centre.recordings
    keeper.keys = Keys(file=key_file(world.folder.root / "keys", key))
    file = keeper.file("c3.o-1", "2023/11/15", encrypted=True)
    file.write_bytes(b"encrypted")
    *story, last = talked("c3", "greening")
    world.note(*story, last._replace(data={**last.data, "recipients": [str(key.to_public())]}))
    assert (await got(world, "recordings/c3.o-1"))[0] == 503


@pytest.mark.parametrize("name", ["c1.o-9", "c9.o-1", "c1", "..%2Fwutong.db", "c1.o-1%2F..%2Fx"])
async def test_there_is_no_other(world: World, name: str) -> None:
    assert (await got(world, f"recordings/{name}"))[0] == 404


async def test_a_removed_one_is_gone_and_so_is_one_without_its_file(world: World) -> None:
    world.note(Record(AT, Kind.RECORDING_REMOVED, "c1", data={"recording": "c1.o-1", "why": "old"}))
    world.desk.centre.recordings.file("c2.o-1", "2023/11/15").unlink()
    assert await got(world, "calls/c1/recordings") == (200, [])
    assert (await got(world, "recordings/c1.o-1"))[0] == 404
    assert (await got(world, "recordings/c2.o-1"))[0] == 404


@pytest.mark.parametrize(
    ("role", "limits", "own", "others"),
    [
        (Role.SUPERVISOR, {"queues": ["greening"]}, 200, 404),
        (Role.DEPARTMENT, {"queues": ["greening"]}, 200, 404),
        (Role.SUPERVISOR, {}, 200, 200),
        (Role.AGENT, {"agent": "1001"}, 403, 403),
        (Role.OPERATIONS, {}, 403, 403),
    ],
)
async def test_who_hears_which(world: World, role: Role, limits: dict[str, Any], own: int, others: int) -> None:
    key = await world.key(role, **limits)
    for call, expected in (("c1", own), ("c2", others)):
        assert (await got(world, f"calls/{call}/recordings", key))[0] == expected
        assert (await got(world, f"recordings/{call}.o-1", key))[0] == expected


async def test_what_went_wrong_is_measured(world: World) -> None:
    keeper = world.desk.centre.recordings
    keeper.full, keeper.failed, keeper.lost, keeper.strays = True, 2, 3, 4
    keeper.damaged, keeper.keys.count = {"c1.o-1"}, 5
    measured = {family.name: family.samples[0].value for family in RecordingFigures(keeper).collect()}
    expected = {"stopped": 1, "failed": 2, "lost": 3, "strays": 4, "damaged": 1, "keys": 5}
    assert measured == {f"wutong_recordings_{name}": value for name, value in expected.items()}
