"""Who gives up is missed until somebody speaks with them, and who rings again soon has the old place."""

from typing import Any

from lab.phone import Call
from tests.integration.conversations import hear_each_other, in_menu
from tests.integration.world import World, kinds, record

FIRST, SECOND = "13800138000", "13900139000"


async def waiting(hotline: World, number: str) -> Call:
    """This citizen waits in the queue for everybody."""
    call = await in_menu(hotline, number)
    await call.press("2")
    await call.press("3")
    await hotline.see("queues/everybody/callers", lambda seen: any(one["caller"] == number for one in seen))
    return call


async def given_up(hotline: World, number: str) -> None:
    """This citizen has waited for a while, and has hung up."""
    call = await waiting(hotline, number)
    await hotline.see_queue("everybody", waiting=1)
    await hotline.see("queues/everybody", lambda queue: queue["longest_wait_s"] > 1)
    await call.hang_up()
    await hotline.see("missed", lambda seen: [one["number"] for one in seen] == [number])


def line(seen: list[dict[str, Any]]) -> list[str]:
    return [one["caller"] for one in seen]


async def test_who_rings_again_has_the_old_place_and_is_missed_until_an_agent_speaks(hotline: World) -> None:
    await given_up(hotline, FIRST)
    (missed,) = await hotline.get("missed")
    assert (missed["queue"], missed["why"], missed["times"], missed["again"]) == ("everybody", "gave-up", 1, False)
    assert missed["waited_s"] > 1
    second = await waiting(hotline, SECOND)
    first = await waiting(hotline, FIRST)
    assert line(await hotline.get("queues/everybody/callers")) == [FIRST, SECOND]
    assert [one["again"] for one in await hotline.get("missed")] == [True]
    agent = await hotline.agent("1001")
    offer = await agent.incoming()
    assert offer.caller_number == FIRST
    await offer.answer()
    await hear_each_other(first, offer)
    await hotline.see("missed", lambda seen: seen == [])
    await first.hang_up()
    offer = await agent.incoming()
    assert offer.caller_number == SECOND
    await second.hang_up()
    await hotline.see("missed", lambda seen: [one["number"] for one in seen] == [SECOND])


async def test_a_restart_keeps_who_is_missed_and_the_place(hotline: World) -> None:
    await given_up(hotline, FIRST)
    await hotline.stop_service()
    await hotline.start_service()
    (missed,) = await hotline.get("missed")
    assert (missed["number"], missed["queue"]) == (FIRST, "everybody")
    second = await waiting(hotline, SECOND)
    first = await waiting(hotline, FIRST)
    assert line(await hotline.get("queues/everybody/callers")) == [FIRST, SECOND]
    done = await hotline.http.post(f"/api/v1/missed/{missed['id']}/done", json={"note": "waits again"})
    assert done.status_code == 204
    assert await hotline.get("missed") == []
    # the database has it in a moment
    story = await hotline.see(f"calls/{missed['id']}", lambda call: "missed-done" in kinds(call))
    assert record(story, "missed-done")["note"] == "waits again"
    await first.hang_up()
    await second.hang_up()
