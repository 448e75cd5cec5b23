"""Versions over HTTP."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from accounts.audit import Entry
from accounts.model import EVERYTHING, Asker
from base.failure import NotDone
from base.role import Role
from calls.trials import TrialView
from hotline.extras import Extra
from hotline.problem import Level, Problem
from hotline.trial import Figures, Verdict
from journal.actor import Actor
from journal.records import Kind, Record
from publishing.publisher import Behind, Wanted
from publishing.shapes import broken
from service.http.admission import ADMINISTRATOR
from tests.unit.events.test_broadcast import parsed
from tests.unit.service.world import SOMEBODY, World

ERROR = Problem(Level.ERROR, "dangling", "hotline.yaml", 12, 5, "there is no queue grening", "did you mean greening?")
FILES = {"hotline.yaml": "hotline: other\n", "agents.yaml": "agents: []\n"}


async def publish(world: World, body: dict[str, Any], **headers: str) -> Any:
    async with world.client() as client:
        return await client.post("/api/v1/versions", json=body, headers=headers)


async def current(world: World) -> Any:
    async with world.client() as client:
        return await client.get("/api/v1/versions/current")


async def test_the_version_in_use_and_its_etag() -> None:
    world = World()
    answer = await current(world)
    assert answer.headers["ETag"].startswith('"1-')
    assert answer.json() == {
        "number": 1,
        "at": "2023-11-14T22:13:20.000+00:00",
        "author": "system",
        "note": "",
        "digest": "6f1c2a90b7d3",
        "sha256": world.versions.versions[0].content,
        "from": "folder",
        "current": True,
        "trial": None,
        "recordings": None,
        "lists": None,
    }


async def test_a_version_tells_its_recordings_and_lists_and_which_are_lost() -> None:
    world = World()
    extras = {
        "seniors.txt": Extra("0" * 64, 12),
        "prompts/recordings.yaml": Extra("1" * 64, 30),
        "prompts/zh/said.wav": Extra("2" * 64, 1_644, "您好"),
    }
    world.versions.versions[0] = replace(world.versions.versions[0], extras=extras)
    world.versions.gone = ["prompts/zh/said.wav"]
    told = (await current(world)).json()
    about = {"file": "prompts/zh/said.wav", "sha256": "2" * 64, "size": 1_644, "lost": True}
    assert told["recordings"] == [{**about, "language": "zh", "words": "您好"}]
    assert told["lists"] == [{"file": "seniors.txt", "sha256": "0" * 64, "size": 12, "lost": False}]
    assert told["sha256"] != world.versions.versions[0].content
    async with world.client() as client:
        (listed,) = (await client.get("/api/v1/versions")).json()
    assert "recordings" not in listed


async def test_files_are_published_with_a_note_and_the_list_has_the_newest_first() -> None:
    world = World()
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"files": FILES, "note": "  night\n duty "}, **{"If-Match": tag})
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert (made["number"], made["author"], made["note"], made["from"]) == (2, "token:local", "night duty", "draft")
    assert (made["changed"], made["current"], made["problems"]) == (True, True, [])
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


async def test_going_back_and_the_folder() -> None:
    world = World()
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"version": 1}, **{"If-Match": tag})
    assert answer.json()["from"] == 1
    answer = await publish(world, {"over": True}, **{"If-Match": answer.headers["ETag"]})
    assert answer.json()["from"] == "folder"
    assert world.versions.asked == [Wanted(number=1), Wanted(over=True)]
    answer = await publish(world, {"version": 9}, **{"If-Match": answer.headers["ETag"]})
    assert (answer.status_code, "There is no version 9" in answer.json()["detail"]) == (404, True)


async def test_of_two_who_publish_at_one_time_the_second_is_told() -> None:
    world = World()
    tag = (await current(world)).headers["ETag"]
    assert (await publish(world, {"files": FILES}, **{"If-Match": tag})).status_code == 200
    answer = await publish(world, {"files": FILES}, **{"If-Match": tag})
    assert (answer.status_code, answer.json()["current"]) == (412, 2)
    assert "Version 2 of token:local is in use" in answer.json()["detail"]


async def test_a_tag_that_a_compressing_proxy_made_weak_still_names_the_version() -> None:
    world = World()
    tag = (await current(world)).headers["ETag"]
    assert (await publish(world, {"files": FILES}, **{"If-Match": f"W/{tag}"})).status_code == 200
    assert (await publish(world, {"files": FILES}, **{"If-Match": f"W/{tag}"})).status_code == 412


@pytest.mark.parametrize("headers", [{}, {"If-Match": "*"}, {"If-Match": "1-abc"}, {"If-Match": '""'}])
async def test_without_the_tag_of_the_version_in_use_nothing_is_published(headers: dict[str, str]) -> None:
    world = World()
    answer = await publish(world, {"files": FILES}, **headers)
    assert (answer.status_code, "If-Match" in answer.json()["detail"]) == (428, True)
    assert not world.versions.asked


async def test_before_anything_is_kept_the_tag_is_0() -> None:
    world = World()
    world.versions.versions.clear()
    answer = await current(world)
    assert (answer.status_code, answer.headers["ETag"]) == (404, '"0"')
    assert (await publish(world, {}, **{"If-Match": '"0"'})).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"files": {"../x": ""}},
        {"files": FILES, "version": 1},
        {"version": 0},
        {"note": "x" * 501},
        {"note": "a\u0007b"},
        {"over": 1},
        {"colour": "green"},
    ],
)
async def test_a_wish_that_is_none_is_refused(body: dict[str, Any]) -> None:
    world = World()
    assert (await publish(world, body, **{"If-Match": '"1-x"'})).status_code == 422
    assert not world.versions.asked


async def test_a_refusal_has_every_problem_in_the_language_of_the_request_and_is_in_the_audit() -> None:
    world, noted = World(), list[Entry]()
    world.accounts.audit.note = lambda entry, change: noted.append(entry)  # type: ignore[method-assign,misc]
    world.versions.failure = broken([ERROR])
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"files": FILES}, **{"If-Match": tag, "Accept-Language": "zh"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("热线有 1 个错误")
    assert answer.json()["problems"][0]["line"] == 12
    world.versions.failure = None
    await publish(world, {"files": FILES, "note": "better"}, **{"If-Match": tag})
    refused, done = noted
    assert (refused.what, refused.status, refused.actor, "grening" in refused.detail) == (
        "published",
        422,
        "token:local",
        True,
    )
    assert (done.status, done.detail) == (200, '{"version": 2, "from": "draft", "note": "better"}')


@pytest.mark.parametrize(("failure", "status"), [(Behind("Version 2 …"), 409), (NotDone("Asterisk is away"), 503)])
async def test_what_could_not_be_published_says_why(failure: Exception, status: int) -> None:
    world = World()
    world.versions.failure = failure
    answer = await publish(world, {}, **{"If-Match": (await current(world)).headers["ETag"]})
    assert (answer.status_code, answer.json()["detail"]) == (status, str(getattr(failure, "detail", failure)))


async def test_a_version_is_put_on_trial_and_told_how_it_stands() -> None:
    world = World()
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"files": FILES, "trial": {"percent": 10}}, **{"If-Match": tag})
    assert (answer.status_code, world.versions.asked[0].percent) == (200, 10)
    stands = (Figures(40, 9, 8), Figures(380, 31, 30), 3.5, 20.0, Verdict.RUNNING)
    world.versions.trials[2] = TrialView(2, 10, 1_700_000_050.0, *stands)
    async with world.client() as client:
        listed = (await client.get("/api/v1/versions")).json()
    assert listed[0]["trial"] == {
        "percent": 10,
        "since": "2023-11-14T22:14:10.000+00:00",
        "calls": 40,
        "given_up": 9,
        "rest": {"calls": 380, "given_up": 31},
        "evidence": 3.5,
        "limit": 20.0,
        "verdict": "running",
        "ended": None,
    }
    assert listed[1]["trial"] is None


@pytest.mark.parametrize("whole", [10, 10.0])
async def test_a_share_may_be_written_as_json_writes_numbers(whole: float) -> None:
    world = World()
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"files": FILES, "trial": {"percent": whole}}, **{"If-Match": tag})
    assert (answer.status_code, world.versions.asked[0].percent) == (200, 10)


@pytest.mark.parametrize("percent", [0, 51, "10", 1.5, True, None])
async def test_no_share_of_the_callers(percent: object) -> None:
    world = World()
    tag = (await current(world)).headers["ETag"]
    answer = await publish(world, {"files": FILES, "trial": {"percent": percent}}, **{"If-Match": tag})
    assert (answer.status_code, world.versions.asked) == (422, [])


async def test_the_event_stream_tells_that_a_trial_begins_and_how_it_ends() -> None:
    world = World()
    tag = (await current(world)).headers["ETag"]
    agent = Asker(Actor.user("li"), replace(ADMINISTRATOR, roles=frozenset({Role.AGENT})), "127.0.0.1", EVERYTHING)
    async with world.broadcast.stream(SOMEBODY) as messages, world.broadcast.stream(agent) as others:
        for each in (messages, others):
            assert "trial" not in parsed(await anext(each))["data"]
        body = {"files": FILES, "trial": {"percent": 10}}
        assert (await publish(world, body, **{"If-Match": tag})).status_code == 200
        world.note(Record(world.now, Kind.TRIAL_STARTED, data={"number": 2}))
        (told,) = (await news(messages))["trial"]
        since = "2023-11-14T22:14:10.000+00:00"
        assert told == {"number": 2, "percent": 10, "since": since, "verdict": "running", "ended": None}
        world.versions.trials[2] = replace(world.versions.trials[2], verdict=Verdict.TAKEN_BACK, ended=1_700_000_060.0)
        world.note(Record(world.now, Kind.TRIAL_ENDED, data={"number": 2}))
        (told,) = (await news(messages))["trial"]
        assert (told["verdict"], told["ended"]) == ("taken-back", "2023-11-14T22:14:20.000+00:00")
        world.note(Record(world.now, Kind.HOTLINE_CHANGED, data={}))
        assert "trial" not in await news(others), "an agent may not read versions"
        assert (await news(messages))["trial"] == [told], "the whole state has it"


async def news(messages: AsyncGenerator[bytes]) -> Any:
    """The data of the next message that has any."""
    while "data" not in (told := parsed(await anext(messages))):
        pass
    return told["data"]
