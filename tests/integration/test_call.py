"""The call, from a real phone to an agent and to its end."""

from tests.integration.world import World, kinds, record


async def test_a_call_through_the_menu_to_the_agent_who_knows(hotline: World) -> None:
    agent = await hotline.agent("1001")
    citizen = await hotline.citizen()
    call = await citizen.dial("12319")
    await call.hears_speech()
    await call.press("1")
    offer = await agent.incoming(timeout=5)
    assert "绿化" in offer.caller_name
    assert offer.caller_number == "13800138000"
    await offer.answer()
    offer.send_tone(440)
    call.send_tone(800)
    await call.hears(440)
    await offer.hears(800)
    await hotline.see_agent("1001", state="on-call")
    await offer.hang_up()
    await call.ended(timeout=10)
    await hotline.see_agent("1001", state="wrap-up")
    await hotline.see_agent("1001", state="ready")
    told = await hotline.ended()
    assert told["outcome"] == "answered"
    assert kinds(told)[0] == "call-started"
    assert kinds(told)[-1] == "call-finished"
    assert record(told, "connected")["agent"] == "1001"
