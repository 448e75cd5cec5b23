"""After a talk that the agent has ended, the caller is asked; who hangs up first is not, and the figures say so."""

from pathlib import Path
from typing import Any

import pytest

from calls import surveying
from lab.patience import PATIENCE
from lab.phone import Call, IncomingCall
from tests.integration.conftest import HOTLINE
from tests.integration.conversations import connected, copied, hear_each_other, in_menu, queued, taken
from tests.integration.test_messages import TONE, says
from tests.integration.world import World, kinds, record

RATE, SOLVED, THANKS = (
    {"zh": "今天停水", "en": "There is no water today"},
    {"zh": "快速队列", "en": "Quick queue"},
    {"zh": "现在很忙", "en": "We are very busy"},
)
"""Texts that the hotline has: no test waits for a voice."""

NUMBER = "13800138000"


def text(words: dict[str, str]) -> str:
    return f"{{zh: {words['zh']}, en: {words['en']}}}"


@pytest.fixture
def hotline_folder(tmp_path: Path) -> Path:
    """The queue behind key 1 has a survey of two questions, and a message after them."""
    folder = copied(HOTLINE, tmp_path / "hotline", ("", ""))
    file = folder / "hotline.yaml"
    queue = "    needs: {greening: 3}\n    ring: 120s\n"
    more = f"[{{say: {text(SOLVED)}, keys: 1-2}}]"
    survey = f"    survey: {{say: {text(RATE)}, more: {more}, message: 30s, thanks: {text(THANKS)}}}\n"
    written = file.read_text(encoding="utf-8")
    assert written.count(queue) == 1
    file.write_text(written.replace(queue, queue + survey), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def callers_have_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait for a key does not end of itself on a busy machine."""
    monkeypatch.setattr(surveying, "WAIT", PATIENCE)


async def talks(hotline: World) -> tuple[Call, IncomingCall]:
    return await connected(hotline, await hotline.agent("1001"), number=NUMBER)


async def hears(hotline: World, call: Call, said: dict[str, str] | str, language: str = "zh") -> None:
    await call.hears_recording(hotline.clip(said, language))


async def goodbye(hotline: World, call: Call, language: str = "zh") -> Any:
    """The caller hears it, and the call ends. Returns its story."""
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye, language))
    await call.ended()
    return await hotline.ended()


async def test_the_agent_hangs_up_and_the_caller_answers_two_questions_and_leaves_a_message(hotline: World) -> None:
    call, offer = await talks(hotline)
    await offer.hang_up()
    await hears(hotline, call, RATE)
    await call.press("4")
    await hears(hotline, call, SOLVED)
    await call.press("1")
    await hears(hotline, call, "message-ask")
    await call.hears(TONE)
    await call.hears("silence")
    await says(call)
    await call.press("#")
    call.send_silence()
    await hears(hotline, call, "message-keep")
    await call.press("1")
    await hears(hotline, call, "message-kept")
    await hears(hotline, call, THANKS)
    story = await goodbye(hotline, call)
    (message,) = await hotline.see("messages", lambda seen: len(seen) == 1)
    assert (message["id"], message["queue"], message["survey"]) == (story["id"], "greening", True)
    assert story["outcome"] == "answered"
    assert [one for one in kinds(story) if one.startswith("survey")] == [
        *("survey-offered", "survey-answered", "survey-answered", "survey-complete"),
    ]
    first = record(story, "survey-answered")
    version = record(story, "call-started")["version"]
    assert (first["question"], first["key"], first["queue"], first["agent"]) == (1, "4", "greening", "1001")
    assert first["version"] == version
    (queue,) = (await hotline.get("surveys"))["queues"]
    assert (queue["queue"], queue["offered"], queue["begun"], queue["complete"]) == ("greening", 1, 1, 1)
    assert [one["keys"] for one in queue["questions"]] == [{"4": 1}, {"1": 1}]


async def test_in_english_a_wrong_key_is_told_and_who_hangs_up_has_answered_so_far(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await in_menu(hotline)
    await call.press("8")
    await call.hears_recording(hotline.menu("main", "en"))
    await call.press("1")
    offer = await taken(call, agent)
    await offer.hang_up()
    await hears(hotline, call, RATE, "en")
    await call.press("9")
    await hears(hotline, call, "invalid-key", "en")
    await hears(hotline, call, RATE, "en")
    await call.press("5")
    await hears(hotline, call, SOLVED, "en")
    await call.hang_up()
    story = await hotline.ended()
    assert [one for one in kinds(story) if one.startswith("survey")] == ["survey-offered", "survey-answered"]
    (figures,) = (await hotline.get("surveys"))["agents"]
    assert (figures["agent"], figures["offered"], figures["begun"], figures["complete"]) == ("1001", 1, 1, 0)


async def test_a_caller_who_hangs_up_first_is_not_asked_and_counted(hotline: World) -> None:
    call, offer = await talks(hotline)
    await call.hang_up()
    await offer.ended()
    story = await hotline.ended()
    assert record(story, "survey-not-asked")["why"] == "caller-hung-up"
    (figures,) = (await hotline.get("surveys"))["agents"]
    assert (figures["agent"], figures["offered"], figures["not_asked"]) == ("1001", 0, {"caller-hung-up": 1})


async def test_nobody_is_asked_twice_not_even_after_a_restart(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call, offer = await connected(hotline, agent, number=NUMBER)
    await offer.hang_up()
    await hears(hotline, call, RATE)
    await call.press("4")
    await hears(hotline, call, SOLVED)
    await call.hang_up()
    await hotline.ended()
    await hotline.stop_service()
    await hotline.start_service()
    call = await queued(hotline, "1")
    offer = await taken(call, agent)
    await offer.hang_up()
    story = await goodbye(hotline, call)
    assert record(story, "survey-not-asked")["why"] == "asked-recently"
    (figures,) = (await hotline.get("surveys"))["agents"]
    assert (figures["offered"], figures["begun"], figures["not_asked"]) == (1, 1, {"asked-recently": 1})


async def test_after_a_transfer_the_last_agent_is_rated(hotline: World) -> None:
    call, offer = await talks(hotline)
    second = await hotline.agent("1002")
    (live,) = await hotline.get("calls?state=talking")
    sent = await hotline.http.post(
        f"/api/v1/calls/{live['id']}/transfer", json={"to": {"agent": "1002"}, "how": "blind"}
    )
    assert sent.status_code in (200, 202, 204), sent.text
    await offer.ended()
    other = await second.incoming()
    await other.answer()
    await hear_each_other(call, other)
    await other.hang_up()
    await hears(hotline, call, RATE)
    await call.press("5")
    await hears(hotline, call, SOLVED)
    await call.press("2")
    story = await goodbye(hotline, call)
    (why,) = [one for one in story["story"] if one["kind"] == "survey-not-asked"]
    assert (why["agent"], why["why"]) == ("1001", "transferred")
    assert record(story, "survey-complete")["agent"] == "1002"


async def test_a_talk_that_ends_while_the_service_is_away_has_its_survey(hotline: World) -> None:
    call, offer = await talks(hotline)
    await hotline.stop_service()
    await offer.hang_up()
    await hotline.start_service()
    await hears(hotline, call, RATE)
    await call.press("3")
    await hears(hotline, call, SOLVED)
    await call.press("1")
    assert "survey-complete" in kinds(await goodbye(hotline, call))
