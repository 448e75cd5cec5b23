"""The service dies and comes back: every call goes on at the place that it had."""

from tests.integration.conversations import connected, hear_each_other, in_menu, queued
from tests.integration.world import World, kinds, record


async def test_who_waits_talks_or_chooses_goes_on_where_he_was(hotline: World) -> None:
    agent = await hotline.agent("1001")
    talking, offer = await connected(hotline, agent)
    waiting = await queued(hotline, "1", "13900139000")
    await waiting.hears_recording(hotline.clip("please-hold"))
    choosing = await in_menu(hotline, "13700137000")
    before = {call["caller"]: call for call in await hotline.get("calls")}
    await hotline.stop_service()
    fresh = await (await hotline.citizen("13600136000")).place("12319")
    await fresh.ringing()
    await hear_each_other(talking, offer, one_says=900, other_says=500)
    await waiting.hears("sound")
    await hotline.start_service()
    await fresh.answered()
    await choosing.hears_recording(hotline.clip("service-apology"))
    await choosing.hears_recording(hotline.clip(hotline.hotline.greeting))
    await fresh.hears_recording(hotline.clip(hotline.hotline.greeting))
    await hear_each_other(talking, offer)
    now = {call["caller"]: call for call in await hotline.get("calls")}
    states = {"13800138000": "talking", "13900139000": "waiting", "13700137000": "menu"}
    for number, state in states.items():
        assert (now[number]["id"], now[number]["state"]) == (before[number]["id"], state)
        assert now[number]["queued"] == before[number]["queued"]
    assert (await hotline.get("agents/1001"))["state"] == "on-call"

    for call in (choosing, fresh):
        await call.hang_up()
    # who waited gets the next agent, without a word
    other = await hotline.agent("1002")
    second = await other.incoming()
    assert second.caller_number == "13900139000"
    await second.answer()
    await hear_each_other(waiting, second)
    await second.hang_up()
    await waiting.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await waiting.ended()
    told = await hotline.ended("13900139000")
    assert told["outcome"] == "answered"
    assert kinds(told).count("call-started") == 1
    # who talked hears the goodbye when his agent has hung up
    await offer.hang_up()
    await talking.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await talking.ended()
    told = await hotline.ended()
    assert (told["outcome"], kinds(told)[-2:]) == ("answered", ["said", "call-finished"])
    assert record(told, "talk-ended")["by"] == "agent"
