"""The picture of the menu tree over HTTP."""

from base64 import b64encode
from hashlib import sha256
from html import unescape

from base.role import Role
from drawing.svg import svg
from tests.unit.archive import past
from tests.unit.drawing.graphs import of
from tests.unit.service.world import World

API = "/api/v1/hotline/picture"


async def test_a_picture_has_its_language_its_days_and_what_the_account_sees() -> None:
    world = World()
    world.archive.keep(past("c1", world.now - 100, "13800138000"))
    async with world.client(await world.key(Role.SUPERVISOR)) as client:
        found = await client.get(API, params={"language": "en", "days": 7})
        assert (found.status_code, found.headers["Content-Type"]) == (200, "image/svg+xml")
        assert ("Greening" in found.text, "1 call<" in found.text) == (True, True)
        plain = (await client.get(API)).text
        assert ("绿化" in plain, "Greening" in plain, "call<" in plain) == (True, False, False)
        assert "greening ≥ 3" in found.text
        assert (await client.get(API, params={"language": "fr"})).status_code == 404
        assert (await client.get(API, params={"days": 32})).status_code == 422
    async with world.client(await world.key(Role.DEPARTMENT, queues=["greening"])) as client:
        part = (await client.get(API)).text
        assert part != plain, "what others need is not shown"
    async with world.client(token=None) as client:
        assert (await client.get(API)).status_code == 401


async def test_a_browser_uses_the_style_sheet_of_the_picture_and_nothing_else() -> None:
    world = World()
    async with world.client(await world.key(Role.SUPERVISOR)) as client:
        policy = (await client.get(API)).headers["Content-Security-Policy"]
    style = unescape(svg(of()).partition("<style>")[2].partition("</style>")[0])
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert " style=" not in svg(of())


async def test_the_outline_lists_what_the_picture_shows() -> None:
    world = World()
    async with world.client(await world.key(Role.SUPERVISOR)) as client:
        told = (await client.get("/api/v1/hotline/outline", params={"language": "en", "days": 0})).json()
        drawn = (await client.get("/api/v1/hotline/outline", params={"days": 0, "picture": True})).json()["svg"]
        assert drawn.startswith("<svg")
        assert (await client.get("/api/v1/hotline/outline", params={"language": "fr"})).status_code == 404
    assert told["svg"] is None
    places = {place["place"]: place for place in told["places"]}
    first, menu = told["places"][:2]
    assert (first["kind"], first["level"], first["ways"][0]["to"]) == ("start", 1, menu["place"])
    assert (menu["place"], menu["level"]) == ("menus/main", 2)
    assert {way["to"] for place in told["places"] for way in place["ways"]} - {None} <= set(places)
    assert all(f'data-place="{place}"' in drawn for place in places)
