"""Drafts over HTTP: who may work on them, how, and what is refused. The work itself: `app/test_drafts`."""

import json

import pytest

from base.failure import NotDone
from base.role import Role
from hotline.problem import Spot, error
from publishing.drafts import Crowded, Flawed, Unfit
from publishing.versions_api import LARGEST
from sentences.sentence import Sentence
from tests.unit.service.drafted import FakeDrafts
from tests.unit.service.world import World

API = "/api/v1"
FILES = {"hotline.yaml": "name: 热线\n", "agents.yaml": "agents: []\n"}
TASKS = ("check", "outline", "walk", "tests", "replay", "differences", "edit")
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9"}


def drafting(world: World) -> FakeDrafts:
    assert isinstance(world.drafts, FakeDrafts)
    return world.drafts


async def test_each_task_gets_the_files_and_the_language_of_the_sentences() -> None:
    world = World()
    async with world.client() as client:
        for task in TASKS:
            answer = await client.post(f"{API}/drafts/{task}", json={"files": FILES}, headers=CHINESE)
            assert answer.status_code == 200, (task, answer.text)
            did, given = drafting(world).asked[-1]
            assert (did, given["speak"]) == (task, "zh")
            assert given["files"] == {**FILES, "tests.yaml": None}


async def test_a_walk_has_addresses_at_which_it_can_be_heard() -> None:
    world = World()
    async with world.client() as client:
        wanted = {"files": FILES, "at": "09:00", "caller": "13800000000", "keys": ["2", "silence", "*"]}
        walked = (await client.post(f"{API}/drafts/walk", json=wanted)).json()
        heard = await client.get(walked["steps"][0]["said"][0]["sound"])
        lost = await client.get(f"{API}/drafts/sounds/0000")
    assert drafting(world).asked[-1][1]["keys"] == ["2", "silence", "*"]
    assert (heard.headers["Content-Type"], heard.content) == ("audio/wav", b"RIFF")
    assert (lost.status_code, lost.json()["detail"][:22]) == (404, "No walk told of such a")


@pytest.mark.parametrize(
    ("failure", "status"), [(Unfit("too long"), 422), (Crowded("ask again"), 429), (NotDone("no voice"), 503)]
)
async def test_a_new_text_that_is_not_spoken(failure: Exception, status: int) -> None:
    world = World()
    drafting(world).failure = failure
    async with world.client() as client:
        refused = await client.get(f"{API}/drafts/sounds/0b7c5a0d2f4e6918")
    assert (refused.status_code, refused.json()["detail"]) == (status, str(failure))


async def test_a_list_with_its_picture() -> None:
    world = World()
    async with world.client() as client:
        told = await client.post(f"{API}/drafts/outline?language=en&days=0&diff=3", json={"files": FILES})
    assert (told.json()["places"][1]["place"], told.json()["svg"]) == ("menus/main", "<svg/>")
    given = drafting(world).asked[-1][1]
    assert (given["language"], given["days"], given["against"]) == ("en", 0, 3)


EDIT = {"do": "set", "file": "hotline.yaml", "path": ["queues", 0], "value": {"a": [1, None, "x", True, 1.5]}}


async def test_edits_come_as_they_were_sent() -> None:
    world = World()
    async with world.client() as client:
        answer = await client.post(f"{API}/drafts/edit", json={"files": FILES, "edits": [EDIT]})
    assert drafting(world).asked[-1][1]["edits"] == [{**EDIT, "to": ""}]
    assert answer.json()["files"] == {"hotline.yaml": "name: 新\n"}


@pytest.mark.parametrize(
    "edits",
    [
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
    ],
)
async def test_what_is_no_edit_is_refused(edits: object) -> None:
    world = World()
    body = json.dumps({"files": FILES, "edits": edits}).encode()
    async with world.client() as client:
        answer = await client.post(f"{API}/drafts/edit", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422
    assert drafting(world).asked == []


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OPERATIONS, Role.DEPARTMENT, Role.AGENT])
async def test_only_administrators_of_the_whole_hotline_work_on_drafts(task: str, role: Role) -> None:
    world = World()
    async with world.client(await world.key(role, agent="1001" if role is Role.AGENT else None)) as client:
        assert (await client.post(f"{API}/drafts/{task}", json={"files": FILES})).status_code == 403
    async with world.client(await world.key(Role.ADMINISTRATOR, queues=["greening"])) as client:
        assert (await client.post(f"{API}/drafts/{task}", json={"files": FILES})).status_code == 403
    assert drafting(world).asked == []


async def test_the_audit_has_each_replay() -> None:
    """A list of one number in a draft finds out whether that number called: it reads personal data."""
    world = World()
    async with world.client() as client:
        for task in TASKS:
            await client.post(f"{API}/drafts/{task}", json={"files": FILES})
        await client.post(f"{API}/drafts/replay", json={"files": FILES, "days": 31})
    await world.accounts.audit.close(1)
    noted = [(entry.what, entry.target, entry.detail, entry.status) for entry in world.audited.entries]
    assert noted == [("draft-replayed", "/drafts/replay", f"days={days}", 200) for days in (7, 31)]


async def test_a_draft_with_errors_says_which() -> None:
    world = World()
    wrong = error(
        "dangling-destination",
        Spot("hotline.yaml", 12, 5),
        Sentence("there is no menu watr"),
        Sentence("did you mean water?"),
    )
    drafting(world).failure = Flawed([wrong])
    async with world.client() as client:
        en = await client.post(f"{API}/drafts/tests", json={"files": FILES})
        zh = await client.post(f"{API}/drafts/tests", json={"files": FILES}, headers=CHINESE)
    assert (en.status_code, en.json()["problems"][0]["line"]) == (422, 12)
    assert en.json()["detail"].startswith("The draft has 1 error")
    assert zh.json()["detail"] == "草稿有 1 个错误，要先改正：POST /api/v1/drafts/check 会列出。"


@pytest.mark.parametrize(
    ("failure", "status", "members"),
    [
        (Unfit("12345 is not a number of this hotline", "number"), 422, {"fault": "number"}),
        (LookupError(3), 422, {"fault": "against"}),
        (Crowded("You already have work under way."), 429, {}),
        (NotDone("the journal cannot be read"), 503, {}),
    ],
)
async def test_what_cannot_be_done_is_told(failure: Exception, status: int, members: dict[str, str]) -> None:
    world = World()
    drafting(world).failure = failure
    async with world.client() as client:
        answer = await client.post(f"{API}/drafts/differences", json={"files": FILES, "against": 3})
    assert answer.status_code == status
    assert answer.json().items() >= members.items()
    assert ("Retry-After" in answer.headers) == (status == 429)


@pytest.mark.parametrize(
    "body",
    [
        {"files": {"agents.yaml": ""}},
        {"files": {**FILES, "../secrets.json": "x"}},
        {"files": FILES, "keys": ["A"]},
        {"files": FILES, "keys": ["1"] * 201},
        {"files": FILES, "caller": "$(reboot)"},
    ],
)
async def test_what_is_no_draft_or_no_caller_is_refused(body: object) -> None:
    world = World()
    async with world.client() as client:
        assert (await client.post(f"{API}/drafts/walk", json=body)).status_code == 422
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
