"""The service was stopped as an earlier version, and starts as this one while calls go on.

The calls are real. What the stopped service has left gets the spellings of the earlier version, whose files
`tests/unit/service/app/test_earlier.py` reads.
"""

from typing import Any

from tests.earlier import spelled_as_before
from tests.integration.conversations import connected, hear_each_other, in_menu, queued, taken
from tests.integration.world import World, kinds


async def call_of(hotline: World, number: str) -> Any:
    (call,) = [call for call in await hotline.get("calls") if call["caller"] == number]
    return call


async def asked(hotline: World, number: str, what: str, **body: Any) -> None:
    """Something over HTTP, of this citizen's call."""
    call = await call_of(hotline, number)
    answer = await hotline.http.post(f"/api/v1/calls/{call['id']}/{what}", json=body or None)
    assert answer.status_code == 200, answer.text


async def test_calls_go_on_when_an_earlier_version_has_given_way(hotline: World) -> None:
    generalist, expert = await hotline.agent("1003"), await hotline.agent_phone("1005")
    asking, asker = await connected(hotline, generalist, "0", number="13800000001")
    await asked(hotline, "13800000001", "transfer", to={"agent": "1005"}, how="consult")
    adviser = await (await expert.incoming()).answer()
    await hear_each_other(asker, adviser, one_says=900, other_says=500)
    first, second = await hotline.agent("1001"), await hotline.agent("1002")
    talking, talker = await connected(hotline, first, number="13800000002")
    held, holder = await connected(hotline, second, number="13800000003")
    await asked(hotline, "13800000003", "hold")
    await held.hears("sound")
    waiting = await queued(hotline, "9", "13800000004")  # no expert is signed in: the call was routed to `general`
    choosing = await in_menu(hotline, "13800000005")
    before = {call["caller"]: call for call in await hotline.get("calls")}
    await hotline.stop_service()
    assert spelled_as_before(hotline.settings.folder) == 1
    await hotline.start_service()
    await hear_each_other(talking, talker, one_says=1000, other_says=600)
    await hear_each_other(asker, adviser, one_says=700, other_says=400)
    now = {call["caller"]: call for call in await hotline.get("calls")}
    for number, call in before.items():
        assert {name: now[number][name] for name in ("id", "state", "queue", "agent", "started", "queued")} == {
            name: call[name] for name in ("id", "state", "queue", "agent", "started", "queued")
        }, number
    await asked(hotline, "13800000003", "unhold")
    await hear_each_other(held, holder)
    await asked(hotline, "13800000001", "complete")
    await asker.ended()
    await hear_each_other(asking, adviser)
    await (await taken(waiting, generalist)).hang_up()
    told = await hotline.ended("13800000004")
    assert [kind for kind in kinds(told) if kind in ("overflowed", "routed", "sent-on")] == ["overflowed", "routed"]
    await choosing.hears_recording(hotline.clip("service-apology"))
