"""The emergency message over HTTP: who sees and switches it, what is refused, PINs, and what the event stream tells."""

import re
from pathlib import Path

import pytest

from base.role import Role
from journal.actor import SYSTEM
from journal.records import Kind, Record
from sounds.shipped import shipped
from tests.unit.events.test_broadcast import parsed
from tests.unit.service.world import SOMEBODY, World
from tests.unit.sounds.making import AbsentVoice, tone

PATH = "/api/v1/emergency"
SHIPPED = "如果闻到燃气味，请先关阀门、开窗，到室外再打电话。"
MESSAGE = {"mode": "instead", "after": "person", "texts": {"zh": "燃气泄漏"}, "until": "2h"}


async def test_it_is_switched_on_seen_by_all_and_switched_off() -> None:
    world = World()
    async with world.client() as client:
        assert (await client.get(PATH)).json()["emergency"] is None
        answer = await client.put(PATH, json=MESSAGE)
        assert answer.status_code == 200, answer.text
        assert answer.json()["warnings"] == ["It has no words in en: those callers hear it in zh."]
        chinese = await client.put(PATH, json=MESSAGE, headers={"Accept-Language": "zh-CN"})
        assert chinese.json()["warnings"] == ["它没有 en 的内容：那些市民会听到 zh 的。"]
        told = answer.json()["emergency"]
        assert (told["mode"], told["after"], told["actor"]) == ("instead", "person", "token:local")
        (spoken,) = told["spoken"]
        assert (spoken["language"], spoken["words"]) == ("zh", "燃气泄漏")
        assert told["until"] == "2023-11-15T00:15:00.000+00:00"
        assert answer.json()["missing"] == ["en"]
        told = chinese.json()["emergency"]
    for role in Role:
        token = await world.key(role, agent="1001" if role is Role.AGENT else None)
        async with world.client(token) as client:
            assert (await client.get(PATH)).json()["emergency"] == told
    async with world.client() as client:
        assert [(await client.delete(PATH)).status_code for _ in range(2)] == [204, 204]
        assert (await client.get(PATH)).json()["emergency"] is None


async def test_those_on_duty_switch_it() -> None:
    world = World()
    for roles, queues, status in (
        ((Role.SUPERVISOR,), (), 200),
        ((Role.OPERATIONS,), (), 200),
        ((Role.SUPERVISOR,), ("greening",), 403),
        ((Role.DEPARTMENT,), (), 403),
    ):
        async with world.client(await world.key(*roles, queues=queues)) as client:
            assert (await client.put(PATH, json=MESSAGE)).status_code == status
            assert (await client.put(f"{PATH}/pins/wang")).status_code == 403


async def test_what_is_wrong_is_refused_in_a_sentence() -> None:
    world = World()
    wrong: tuple[tuple[dict[str, object], str], ...] = (
        ({"until": "9"}, "is not an end"),
        ({"until": "never"}, "until"),
        ({"mode": "sometimes"}, "mode"),
        ({"recordings": {"zh": "../../secrets"}}, "recordings"),
        ({"texts": {"zh": "x" * 2_001}}, "texts"),
        ({"texts": {f"z{letter}": "x" for letter in "abcdefghijklmnopqrstuvwxyz"}}, "texts"),
    )
    async with world.client() as client:
        for change, words in wrong:
            answer = await client.put(PATH, json={**MESSAGE, **change})
            assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert world.emergencies.on is None


async def test_an_end_that_is_none_is_refused_in_chinese_too() -> None:
    async with World().client() as client:
        answer = await client.put(PATH, json={**MESSAGE, "until": "9"}, headers={"Accept-Language": "zh"})
    assert re.fullmatch("'9' 不是.*。", answer.json()["detail"]), answer.text


async def test_another_end_needs_a_message() -> None:
    async with World().client() as client:
        answer = await client.put(PATH, json={"until": "2h"})
    assert (answer.status_code, answer.json()["detail"]) == (409, "No message is on: give its texts, or recordings.")


async def test_a_recording_is_kept_and_heard(tmp_path: Path) -> None:
    sound = tone(tmp_path / "sound", seconds=1, silence=0.5, rate=16_000, loudness=0.1).read_bytes()
    async with World().client() as client:
        kept = await client.post(f"{PATH}/takes", content=sound)
        assert (kept.status_code, kept.json()["seconds"]) == (201, pytest.approx(1.1, abs=0.1))
        bad = await client.post(f"{PATH}/takes", content=b"#EXTM3U")
        assert (bad.status_code, bad.json()["fault"]) == (422, "unreadable")
        heard = await client.get(f"{PATH}/takes/{kept.json()['take']}")
        assert (heard.content[:4], heard.headers["Content-Type"]) == (b"RIFF", "audio/wav")
        assert (await client.get(f"{PATH}/takes/{'0' * 32}")).status_code == 404
        assert (await client.get(f"{PATH}/takes/..%2f..%2fsecrets")).status_code in (404, 422)


async def test_a_person_gets_a_pin() -> None:
    world = World()
    await world.person("wang", Role.OPERATIONS)
    async with world.client() as client:
        assert (await client.put(f"{PATH}/pins/li")).status_code == 404
        given = await client.put(f"{PATH}/pins/wang")
        pin = given.json()["pin"]
        assert (given.json(), len(pin)) == ({"name": "wang", "pin": pin, "code": "*90"}, 8)
        assert (await client.get(f"{PATH}/pins")).json() == ["wang"]
        assert [(await client.delete(f"{PATH}/pins/wang")).status_code for _ in range(2)] == [204, 404]
    await world.accounts.audit.close(1)
    noted = [entry for entry in world.audited.entries if entry.what.startswith("emergency-pin")]
    assert [entry.what for entry in noted] == ["emergency-pin"] * 2 + ["emergency-pin-removed"] * 2
    assert not any(pin in str(entry) for entry in noted)


async def test_a_page_that_asks_again_and_again_keeps_nobody_signed_in() -> None:
    world = World()
    await world.person("wang", Role.SUPERVISOR)
    secret, session = await world.accounts.sessions.begin("wang", "::1")
    async with world.client(None, "https://wutong") as client:
        client.cookies.set("__Host-wutong", secret)
        for _ in range(4):
            world.now += 600
            answer = await client.get(PATH)
        assert answer.status_code == 401
    assert not world.accounts.sessions.alive(session.digest)


async def test_the_event_stream_tells_it_while_it_is_on() -> None:
    world = World()
    async with world.client() as client:
        await client.put(PATH, json=MESSAGE)
    async with world.broadcast.stream(SOMEBODY) as messages:
        first = parsed(await anext(messages))
        assert [told["mode"] for told in first["data"]["emergency"]] == ["instead"]
        await world.emergencies.switch_off(SYSTEM)
        while "data" not in (told := parsed(await anext(messages))):
            pass
        assert told["data"]["emergency"] == []


async def test_metrics_say_that_it_is_on() -> None:
    world = World()
    world.note(Record(world.now, Kind.EMERGENCY_TOLD, "c1", data={"id": "1", "mode": "before"}))
    world.note(Record(world.now, Kind.EMERGENCY_TOLD, "c2", data={"id": "1", "mode": "before", "test": True}))
    async with world.client() as client:
        assert "wutong_emergency 0.0" in (await client.get("/metrics")).text
        await client.put(PATH, json=MESSAGE)
        page = (await client.get("/metrics")).text
    assert "wutong_emergency 1.0" in page
    assert "wutong_emergency_left_seconds 7200.0" in page
    assert "wutong_emergency_told_total 1.0" in page


async def test_a_node_has_a_message_of_its_own() -> None:
    world = World()
    async with world.client() as client:
        answer = (await client.put(PATH, json={**MESSAGE, "where": "queue:greening"})).json()
        assert answer["emergency"] is None
        assert [(each["where"], each["mode"]) for each in answer["places"]] == [("queue:greening", "instead")]
        assert (await client.put(PATH, json={**MESSAGE, "where": "greening"})).status_code == 422
        assert (await client.delete(f"{PATH}?where=everywhere")).status_code == 422
        assert (await client.delete(f"{PATH}?where=queue:greening")).status_code == 204
    (over,) = [record for record in world.desk.records if record.kind is Kind.EMERGENCY_OVER]
    assert (over.data["where"], over.data["why"]) == ("queue:greening", "switched-off")
    await world.accounts.audit.close(1)
    assert [entry.detail for entry in world.audited.entries if entry.what == "emergency-off"] == [
        "where=everywhere",
        "where=queue:greening",
    ]


async def test_the_draft_voice_is_told_before_and_has_to_be_meant() -> None:
    voice = AbsentVoice()
    world = World(voice=voice)
    async with world.client() as client:
        assert (await client.get(PATH)).json()["draft_voice"] is True
        refused = await client.put(PATH, json=MESSAGE)
        assert (refused.status_code, list(refused.json()["draft"])) == (409, ["zh"])
        assert (await client.get(f"{PATH}/takes/{refused.json()['draft']['zh']}")).content.startswith(b"RIFF")
        assert "`draft: true`" in refused.json()["detail"]
        chinese = await client.put(PATH, json=MESSAGE, headers={"Accept-Language": "zh-CN"})
        assert chinese.json()["detail"].startswith("还没有打开：这里只有草稿语音能读 zh 的内容")
        assert world.emergencies.on is None
        assert (await client.put(PATH, json={**MESSAGE, "draft": True})).status_code == 200
        assert world.emergencies.on is not None
        assert (await client.put(PATH, json={**MESSAGE, "draft": "yes"})).status_code == 422
        voice.absent = False
        assert (await client.get(PATH)).json()["draft_voice"] is False


async def test_words_are_heard_and_nothing_is_on() -> None:
    world = World(voice=AbsentVoice(ships=shipped("zh")))
    async with world.client() as client:
        answer = await client.post(f"{PATH}/hear", json={"texts": {"zh": SHIPPED, "en": "A gas leak"}})
        assert answer.status_code == 200
        said = answer.json()
        assert [each["language"] for each in said["spoken"]] == ["zh", "en"]
        assert said["drafts"] == ["en"], "the other one ships"
        assert (world.emergencies.on, world.desk.records) == (None, [])
        bodies: tuple[dict[str, object], ...] = ({}, {"texts": {}}, {"texts": {"zh": "a"}, "draft": True})
        for wrong in bodies:
            assert (await client.post(f"{PATH}/hear", json=wrong)).status_code == 422
