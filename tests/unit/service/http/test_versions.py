"""Versions over HTTP."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from shutil import rmtree
from typing import Any

import pytest

from accounts.audit import Entry
from accounts.model import EVERYTHING, Asker
from base.role import Role
from journal.actor import Actor
from journal.records import Kind, Record
from processes.asterisk import AsteriskFailed
from service.http.admission import ADMINISTRATOR
from tests.unit.desk import AGENTS, HOTLINE, hotline
from tests.unit.events.test_broadcast import parsed
from tests.unit.hotline.folders import recorded
from tests.unit.service.world import SOMEBODY, World

FILES = {
    "hotline.yaml": HOTLINE.replace("您好", "欢迎"),
    "agents.yaml": AGENTS.replace(", password: hidden-from-all", ""),
}
WRONG = {**FILES, "hotline.yaml": HOTLINE.replace("{queue: greening}", "{queue: grening}")}


@pytest.fixture
def world() -> World:
    """The folder is in use, as version 1."""
    made = World()
    made.starts()
    return made


def published(world: World) -> list[int]:
    """The numbers of all versions."""
    return [each.number for each in world.versions.history()]


async def publish(world: World, body: dict[str, Any], **headers: str) -> Any:
    async with world.client() as client:
        return await client.post("/api/v1/versions", json=body, headers=headers)


async def current(world: World) -> Any:
    async with world.client() as client:
        return await client.get("/api/v1/versions/current")


async def test_the_version_in_use_and_its_etag(world: World) -> None:
    answer = await current(world)
    assert answer.headers["ETag"].startswith('"1-')
    assert answer.json() == {
        "number": 1,
        "at": "2023-11-14T22:15:00.000+00:00",
        "author": "system",
        "note": "",
        "digest": hotline().version,
        "sha256": world.versions.history()[0].content,
        "from": "folder",
        "current": True,
        "trial": None,
        "recordings": [],
        "lists": [],
    }


async def test_a_version_tells_its_recordings_and_lists_and_which_are_lost() -> None:
    world = World()
    folder = recorded(world.settings.hotline, "您好", 1)
    (folder / "seniors.txt").write_text("13800000000\n")
    text = HOTLINE.replace("entry: main\n", "entry: main\ncallers: {seniors: {file: seniors.txt}}\n")
    (folder / "hotline.yaml").write_text(text, encoding="utf-8")
    world.starts()
    told = (await current(world)).json()
    (listed,) = told["lists"]
    assert (listed["file"], listed["size"], listed["lost"]) == ("seniors.txt", 12, False)
    (said,) = [each for each in told["recordings"] if each["words"]]
    assert (said["language"], said["words"], said["lost"]) == ("zh", "您好", False)
    assert told["sha256"] != world.versions.history()[0].content
    rmtree(world.folder.versions / "contents")
    assert {each["lost"] for each in (await current(world)).json()["recordings"]} == {True}
    async with world.client() as client:
        (listed,) = (await client.get("/api/v1/versions")).json()
    assert "recordings" not in listed


async def test_files_are_published_with_a_note_and_the_list_has_the_newest_first(world: World) -> None:
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"files": FILES, "note": "  night\n duty "}, **{"If-Match": tag})
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert (made["number"], made["author"], made["note"], made["from"]) == (2, "token:local", "night duty", "draft")
    assert (made["changed"], made["current"]) == (True, True)
    assert {problem["level"] for problem in made["problems"]} == {"warning"}
    assert answer.headers["ETag"] == (await current(world)).headers["ETag"] != tag
    async with world.client() as client:
        listed = (await client.get("/api/v1/versions")).json()
        assert [(each["number"], each["current"]) for each in listed] == [(2, True), (1, False)]
        assert (await client.get("/api/v1/versions/2/files")).json() == {"files": FILES}
        assert (await client.get("/api/v1/versions/1")).json()["author"] == "system"
        assert (await client.get("/api/v1/versions/9")).status_code == 404
        assert (await client.get("/api/v1/versions/9/files")).status_code == 404
        assert (await client.get("/api/v1/versions/x")).status_code == 422
        assert (await client.get("/api/v1/versions/current/files")).json() == {"files": FILES}


async def test_going_back_and_the_folder(world: World) -> None:
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"files": FILES}, **{"If-Match": tag})
    answer = await publish(world, {"version": 1}, **{"If-Match": answer.headers["ETag"]})
    assert answer.json()["from"] == 1
    answer = await publish(world, {"files": FILES}, **{"If-Match": answer.headers["ETag"]})
    answer = await publish(world, {"over": True}, **{"If-Match": answer.headers["ETag"]})
    assert answer.json()["from"] == "folder"
    assert published(world) == [1, 2, 3, 4, 5]
    answer = await publish(world, {"version": 9}, **{"If-Match": answer.headers["ETag"]})
    assert (answer.status_code, "There is no version 9" in answer.json()["detail"]) == (404, True)


async def test_of_two_who_publish_at_one_time_the_second_is_told(world: World) -> None:
    tag = (await current(world)).headers["ETag"]
    assert (await publish(world, {"files": FILES}, **{"If-Match": tag})).status_code == 200
    answer = await publish(world, {"files": FILES}, **{"If-Match": tag})
    assert (answer.status_code, answer.json()["current"]) == (412, 2)
    assert "Version 2 of token:local is in use" in answer.json()["detail"]


async def test_a_tag_that_a_compressing_proxy_made_weak_still_names_the_version(world: World) -> None:
    tag = (await current(world)).headers["ETag"]
    assert (await publish(world, {"files": FILES}, **{"If-Match": f"W/{tag}"})).status_code == 200
    assert (await publish(world, {"files": FILES}, **{"If-Match": f"W/{tag}"})).status_code == 412


async def test_without_the_tag_of_the_version_in_use_nothing_is_published(world: World) -> None:
    wrong: tuple[dict[str, str], ...] = ({}, {"If-Match": "*"}, {"If-Match": "1-abc"}, {"If-Match": '""'})
    for headers in wrong:
        answer = await publish(world, {"files": FILES}, **headers)
        assert (answer.status_code, "If-Match" in answer.json()["detail"]) == (428, True)
    assert published(world) == [1]


async def test_before_anything_is_kept_the_tag_is_0() -> None:
    world = World()
    answer = await current(world)
    assert (answer.status_code, answer.headers["ETag"]) == (404, '"0"')
    assert (await publish(world, {}, **{"If-Match": '"0"'})).status_code == 200


async def test_a_wish_that_is_none_is_refused(world: World) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"files": {"../x": ""}},
        {"files": FILES, "version": 1},
        {"version": 0},
        {"note": "x" * 501},
        {"note": "a\u0007b"},
        {"over": 1},
        {"colour": "green"},
    )
    for body in wrong:
        assert (await publish(world, body, **{"If-Match": '"1-x"'})).status_code == 422, body
    assert published(world) == [1]


async def test_a_refusal_has_every_problem_in_the_language_of_the_request_and_is_in_the_audit(world: World) -> None:
    noted = list[Entry]()
    world.accounts.audit.note = lambda entry, change: noted.append(entry)  # type: ignore[method-assign,misc]
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"files": WRONG}, **{"If-Match": tag, "Accept-Language": "zh"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("热线有 1 个错误")
    (error,) = [problem for problem in answer.json()["problems"] if problem["level"] == "error"]
    assert error["line"] == 1 + HOTLINE[: HOTLINE.index("{queue: greening}")].count("\n")
    await publish(world, {"files": FILES, "note": "better"}, **{"If-Match": tag})
    refused, done = noted
    assert (refused.what, refused.status, refused.actor, "grening" in refused.detail) == (
        "published",
        422,
        "token:local",
        True,
    )
    assert (done.status, done.detail) == (200, '{"version": 2, "from": "draft", "note": "better"}')


async def test_what_could_not_be_published_says_why(world: World) -> None:
    world.control.failure = AsteriskFailed("Asterisk is away")
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"files": FILES}, **{"If-Match": tag})
    assert (answer.status_code, "not taken into use: Asterisk is away" in answer.json()["detail"]) == (503, True)
    world.control.failure = None
    tag = (await publish(world, {"files": FILES}, **{"If-Match": tag})).headers["ETag"]
    answer = await publish(world, {}, **{"If-Match": tag})
    assert (answer.status_code, "Version 2 of token:local" in answer.json()["detail"]) == (409, True), (
        "nobody edited it"
    )


async def test_a_version_is_put_on_trial_and_told_how_it_stands(world: World) -> None:
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"files": FILES, "trial": {"percent": 10}}, **{"If-Match": tag})
    assert answer.status_code == 200
    world.calls_in_trial(4, 1)
    world.calls_in_trial(9, 2, tried=False)
    async with world.client() as client:
        listed = (await client.get("/api/v1/versions")).json()
    assert listed[0]["trial"] == {
        "percent": 10,
        "since": "2023-11-14T22:15:00.000+00:00",
        "calls": 4,
        "given_up": 1,
        "rest": {"calls": 9, "given_up": 2},
        "evidence": listed[0]["trial"]["evidence"],
        "limit": 20.0,
        "verdict": "running",
        "ended": None,
    }
    assert listed[1]["trial"] is None


@pytest.mark.parametrize("whole", [10, 10.0])
async def test_a_share_may_be_written_as_json_writes_numbers(whole: float, world: World) -> None:
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"files": FILES, "trial": {"percent": whole}}, **{"If-Match": tag})
    view = world.versions.tried(2)
    assert (answer.status_code, view and view.percent) == (200, 10)


async def test_no_share_of_the_callers(world: World) -> None:
    tag = (await current(world)).headers["ETag"]
    for percent in (0, 51, "10", 1.5, True, None):
        answer = await publish(world, {"files": FILES, "trial": {"percent": percent}}, **{"If-Match": tag})
        assert (answer.status_code, published(world)) == (422, [1])


async def test_the_event_stream_tells_that_a_trial_begins_and_how_it_ends(world: World) -> None:
    tag = (await current(world)).headers["ETag"]
    agent = Asker(Actor.user("li"), replace(ADMINISTRATOR, roles=frozenset({Role.AGENT})), "127.0.0.1", EVERYTHING)
    async with world.broadcast.stream(SOMEBODY) as messages, world.broadcast.stream(agent) as others:
        for each in (messages, others):
            assert "trial" not in parsed(await anext(each))["data"]
        body = {"files": FILES, "trial": {"percent": 10}}
        assert (await publish(world, body, **{"If-Match": tag})).status_code == 200
        (told,) = (await news(messages))["trial"]
        since = "2023-11-14T22:15:00.000+00:00"
        assert told == {"number": 2, "percent": 10, "since": since, "verdict": "running", "ended": None}
        world.now += 60
        world.calls_in_trial(25, 25)  # it is taken back
        (told,) = (await news(messages))["trial"]
        assert (told["verdict"], told["ended"]) == ("taken-back", "2023-11-14T22:16:00.000+00:00")
        world.note(Record(world.now, Kind.HOTLINE_CHANGED, data={}))
        assert "trial" not in await news(others), "an agent may not read versions"
        assert (await news(messages))["trial"] == [told], "the whole state has it"


async def news(messages: AsyncGenerator[bytes]) -> Any:
    """The data of the next message that has any."""
    while "data" not in (told := parsed(await anext(messages))):
        pass
    return told["data"]
