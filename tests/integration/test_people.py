"""People and programs, as an administrator makes them and as they use the running service."""

import json
import re

import httpx

from lab.patience import PATIENCE
from tests.integration.command import NOBODY, Wutong


def browser(wutong: Wutong) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{wutong.base}/api/v1/", timeout=PATIENCE, verify=NOBODY)


async def test_people_tokens_and_the_audit(wutong: Wutong) -> None:
    status, output = await wutong.run("up", *wutong.options, "--detach")
    assert status == 0, output
    told = re.search(r"Sign in +admin, password (\S+) \(it is shown only now\)", output)
    assert told is not None, output
    assert "Sign in" not in (await wutong.run("up", *wutong.options))[1], "once"

    status, output = await wutong.run_in(
        "user", "add", "li", "--role", "agent", "--agent", "1001", typed="a long enough one\n"
    )
    assert (status, output) == (0, "li may sign in\n")
    status, output = await wutong.run_in("user", "add", "wang", "--role", "agent", "--generate")
    assert (status, "belong together" in output) == (1, True), output
    status, output = await wutong.run_in("token", "add", "board", "--role", "operations", "--expires", "12h")
    assert status == 0, output
    token = output.splitlines()[0]

    async with browser(wutong) as admin, browser(wutong) as li, browser(wutong) as board:
        assert (await admin.post("session", json={"name": "admin", "password": told[1]})).status_code == 201
        csrf = (await li.post("session", json={"name": "li", "password": "a long enough one"})).json()["csrf"]
        assert [agent["id"] for agent in (await li.get("agents")).json()] == ["1001"]
        assert (await li.put("agents/1001/state", json={"state": "not-ready"})).status_code == 403
        changed = await li.put("agents/1001/state", json={"state": "not-ready"}, headers={"X-CSRF-Token": csrf})
        assert changed.json()["state"] == "not-ready"
        board.headers["Authorization"] = f"Bearer {token}"
        assert (await board.get("queues")).status_code == 200
        assert (await board.get("calls")).status_code == 403

        before = (await wutong.status())["pid"]
        assert (await wutong.run("restart"))[0] == 0
        await wutong.next_service(before)
        assert (await li.get("session")).json()["actor"] == "user:li", "a restart signs nobody out"
        assert (await board.get("queues")).status_code == 200
        assert (await admin.get("calls")).status_code == 200

        assert (await wutong.run_in("token", "revoke", "board"))[0] == 0
        assert (await board.get("queues")).status_code == 401
        assert (await wutong.run_in("user", "remove", "li"))[0] == 1, "it asks"
        assert (await wutong.run_in("user", "remove", "li", "--yes"))[0] == 0
        assert (await li.get("session")).status_code == 401

    before = (await wutong.status())["pid"]
    assert (await wutong.run("restart"))[0] == 0
    await wutong.next_service(before)
    status, output = await wutong.run("audit", "--json")
    assert status == 0, output
    entries = [(entry["actor"], entry["what"], entry["status"]) for entry in json.loads(output)[::-1]]
    for entry in (
        ("token:local", "user-added", 201),
        ("user:li", "signed-in", 201),
        ("user:li", "agent-state", 200),
        ("token:board", "calls-listed", 403),
        ("token:local", "restart", 202),
        ("user:admin", "calls-listed", 200),
        ("token:local", "token-revoked", 204),
        ("token:local", "user-removed", 204),
    ):
        assert entry in entries
    status, output = await wutong.run("audit", "--actor", "user:li", "--since", "1d")
    assert "agent-state" in output
    assert "token:local" not in output
    status, output = await wutong.run_in("user", "list")
    assert output.startswith("admin  administrator  signed in 1x")
