"""Drafts over HTTP: who may work on them, how, and what is refused. The work itself: `app/test_drafts`."""

import json
from typing import Any

import pytest

from base.role import Role
from publishing.shapes import LARGEST
from tests.unit.desk import AGENTS, HOTLINE
from tests.unit.service.fakes import DraftsHere
from tests.unit.service.world import World

API = "/api/v1"
FILES = {"hotline.yaml": HOTLINE, "agents.yaml": AGENTS.replace(", password: hidden-from-all", "")}
TASKS = ("check", "outline", "walk", "tests", "replay", "differences", "edit")
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9"}


@pytest.fixture
def world() -> World:
    """The folder is in use, as version 1."""
    made = World()
    made.starts()
    return made


def drafting(world: World) -> DraftsHere:
    assert isinstance(world.drafts, DraftsHere)
    return world.drafts


async def test_each_task_gets_the_files_and_the_language_of_the_sentences(world: World) -> None:
    more = {"replay": {"days": 7}, "differences": {"against": 1}}
    async with world.client() as client:
        for task in TASKS:
            body = {"files": FILES, **more.get(task, {})}
            answer = await client.post(f"{API}/drafts/{task}", json=body, headers=CHINESE)
            did, given = drafting(world).asked[-1]
            assert (answer.status_code, did, given["speak"]) == (200, task, "zh"), answer.text
            assert given["files"] == {**FILES, "tests.yaml": None}


async def test_a_walk_has_addresses_at_which_it_can_be_heard(world: World) -> None:
    async with world.client() as client:
        wanted = {"files": FILES, "at": "09:00", "caller": "13800000000", "keys": ["2", "silence"]}
        walked = (await client.post(f"{API}/drafts/walk", json=wanted)).json()
        said = [each for each in walked["steps"][0]["said"] if each["sound"]]
        heard = await client.get(said[0]["sound"])
        lost = await client.get(f"{API}/drafts/sounds/0000")
        assert drafting(world).asked[1][0] == "speak"
        drafting(world).tones.absent = ("没有语音", "There is no voice")
        silent = await client.get(said[0]["sound"])
    assert (heard.headers["Content-Type"], heard.content[:4]) == ("audio/wav", b"RIFF")
    assert (lost.status_code, lost.json()["detail"][:22]) == (404, "No walk told of such a")
    assert (silent.status_code, silent.json()["detail"]) == (503, "There is no voice")


async def test_a_list_with_its_picture(world: World) -> None:
    async with world.client() as client:
        told = await client.post(f"{API}/drafts/outline?language=en&diff=1", json={"files": FILES})
    assert (told.json()["places"][1]["place"], told.json()["svg"][:5]) == ("menus/main", "<svg ")
    given = drafting(world).asked[-1][1]
    assert (given["language"], given["days"], given["against"]) == ("en", None, 1)


EDIT = {"do": "set", "file": "hotline.yaml", "path": ["queues", "greening", "wrap_up"], "value": "30s"}


async def test_edits_come_as_they_were_sent(world: World) -> None:
    async with world.client() as client:
        answer = await client.post(f"{API}/drafts/edit", json={"files": FILES, "edits": [EDIT]})
        odd = {**EDIT, "value": {"a": [1, None, "x", True, 1.5]}}
        await client.post(f"{API}/drafts/edit", json={"files": FILES, "edits": [odd]})
    assert "wrap_up: 30s" in answer.json()["files"]["hotline.yaml"]
    assert drafting(world).asked[-1][1]["edits"] == [{**odd, "to": ""}]


async def test_what_is_no_edit_is_refused() -> None:
    world = World()
    wrong: tuple[Any, ...] = (
        [{**EDIT, "do": "run"}],
        [{**EDIT, "file": "../secrets.json"}],
        [{**EDIT, "path": []}],
        [{**EDIT, "path": [-1]}],
        [{**EDIT, "path": [True]}],
        [{**EDIT, "path": ["a"] * 25}],
        [{**EDIT, "path": ["a" * 201]}],
        [{**EDIT, "value": "\ud800"}],
        [{**EDIT, "more": 1}],
        [EDIT] * 51,
    )
    async with world.client() as client:
        for edits in wrong:
            body = json.dumps({"files": FILES, "edits": edits}).encode()
            answer = await client.post(f"{API}/drafts/edit", content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code == 422, edits
    assert drafting(world).asked == []


async def test_only_administrators_of_the_whole_hotline_work_on_drafts() -> None:
    world = World()
    others = (Role.SUPERVISOR, Role.OPERATIONS, Role.DEPARTMENT, Role.AGENT)
    keys = [await world.key(role, agent="1001" if role is Role.AGENT else None) for role in others]
    for key in (*keys, await world.key(Role.ADMINISTRATOR, queues=["greening"])):
        async with world.client(key) as client:
            for task in TASKS:
                assert (await client.post(f"{API}/drafts/{task}", json={"files": FILES})).status_code == 403
    assert drafting(world).asked == []


async def test_the_audit_has_each_replay() -> None:
    """A list of one number in a draft finds out whether that number called: it reads personal data."""
    world = World()
    async with world.client() as client:
        for task in ("check", "replay", "edit"):
            await client.post(f"{API}/drafts/{task}", json={"files": FILES})
        await client.post(f"{API}/drafts/replay", json={"files": FILES, "days": 31})
    await world.accounts.audit.close(1)
    noted = [(entry.what, entry.target, entry.detail, entry.status) for entry in world.audited.entries]
    assert noted == [("draft-replayed", "/drafts/replay", f"days={days}", 200) for days in (7, 31)]


async def test_a_draft_with_errors_says_which(world: World) -> None:
    wrong = {**FILES, "hotline.yaml": HOTLINE.replace("{queue: greening}", "{queue: grening}")}
    async with world.client() as client:
        en = await client.post(f"{API}/drafts/tests", json={"files": wrong})
        zh = await client.post(f"{API}/drafts/tests", json={"files": wrong}, headers=CHINESE)
    assert (en.status_code, "error" in [problem["level"] for problem in en.json()["problems"]]) == (422, True)
    assert en.json()["detail"].startswith("The draft has 1 error")
    assert zh.json()["detail"] == "草稿有 1 个错误，要先改正：POST /api/v1/drafts/check 会列出。"


async def test_what_cannot_be_done_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async with world.client() as client:

        async def asked(task: str, **more: object) -> tuple[int, object, bool]:
            answer = await client.post(f"{API}/drafts/{task}", json={"files": FILES, **more})
            return answer.status_code, answer.json().get("fault"), "Retry-After" in answer.headers

        assert await asked("walk", number="12345") == (422, "number", False)
        assert await asked("differences", against=3) == (422, "against", False)
        world.archive.lose()
        assert await asked("replay", days=7) == (503, None, False)
        monkeypatch.setattr("publishing.drafts.MOST_BYTES", 10)
        assert await asked("check") == (429, None, True)


async def test_what_is_no_draft_or_no_caller_is_refused() -> None:
    world = World()
    wrong: tuple[Any, ...] = (
        {"files": {"agents.yaml": ""}},
        {"files": {**FILES, "../secrets.json": "x"}},
        {"files": FILES, "keys": ["A"]},
        {"files": FILES, "keys": ["1"] * 201},
        {"files": FILES, "caller": "$(reboot)"},
    )
    async with world.client() as client:
        for body in wrong:
            assert (await client.post(f"{API}/drafts/walk", json=body)).status_code == 422, body
    assert drafting(world).asked == []


async def test_a_draft_may_be_large_but_not_larger() -> None:
    world = World()
    async with world.client() as client:
        large = {"files": {**FILES, "hotline.yaml": "#" * (LARGEST - 1000)}}
        assert (await client.post(f"{API}/drafts/check", json=large)).status_code == 200
        large["files"]["agents.yaml"] = "#" * 2000
        assert (await client.post(f"{API}/drafts/check", json=large)).status_code == 413


async def test_editors_get_the_schemas_by_file() -> None:
    world = World()
    async with world.client() as client:
        found = (await client.get(f"{API}/schema")).json()
    assert "menus" in found["hotline.yaml"]["properties"]
    assert "agents" in found["agents.yaml"]["properties"]
