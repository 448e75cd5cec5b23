"""Bodies that carry files: text by the megabyte, and little beside it."""

import json

import pytest

from publishing.shapes import LARGEST
from tests.unit.desk import AGENTS, HOTLINE
from tests.unit.service.world import World
from web.uploads import MOST_BESIDE

CHECK = "/api/v1/drafts/check"
ROUTES = (CHECK, "/api/v1/drafts/walk", "/api/v1/versions")
TAG = {"If-Match": '"0"', "Content-Type": "application/json"}
FILES = {"hotline.yaml": "hotline: x\n", "agents.yaml": "agents: []\n"}


HOSTILE = {
    "members": b'{"files":{' + b",".join(b'"%d":1' % number for number in range(200_000)) + b"}",
    "numbers": b'{"keys":[' + b"1," * 400_000 + b'1],"files":{}',
    "brackets": b'{"files":' + b"[" * 1_000_000,
    "quotes": b'{"files":' + b'"' * 1_000_000,
    "spaces": b'{"files":' + b" " * 1_000_000 + b"{}",
}
"""None of them is closed: who reads one to its end finds that it is no JSON."""


@pytest.mark.parametrize("route", ROUTES)
async def test_a_body_of_a_million_members_is_refused_before_it_is_read(route: str) -> None:
    async with World().client() as client:
        for name, body in HOSTILE.items():
            refused = await client.post(route, content=body, headers=TAG)
            assert (refused.status_code, refused.json()["detail"]) == (
                422,
                f"This has more than {MOST_BESIDE} bytes beside its texts, the most that is accepted.",
            ), name


async def test_text_is_taken_whatever_is_in_it() -> None:
    text = "路灯\n" * 40_000 + 'say: "a\\b"\n' * 10_000 + "\\" * 200_000 + "“,{}[]:1\t\x01" * 20_000
    files = {**FILES, "hotline.yaml": text}
    async with World().client() as client:
        for ascii_only in (False, True):
            body = json.dumps({"files": files}, ensure_ascii=ascii_only).encode()
            assert 1_000_000 < len(body) < LARGEST
            assert (await client.post(CHECK, content=body, headers=TAG)).status_code == 200


async def test_the_longest_walk_has_room_and_no_json_is_told_as_such() -> None:
    keys = {"files": {"hotline.yaml": HOTLINE, "agents.yaml": AGENTS}, "keys": ["silence"] * 200}
    async with World().client() as client:
        walked = await client.post("/api/v1/drafts/walk", content=json.dumps(keys, indent=4), headers=TAG)
        none = await client.post(CHECK, content=b'{"files": ', headers=TAG)
    assert walked.status_code == 200
    assert "JSON decode error" in none.json()["detail"]
