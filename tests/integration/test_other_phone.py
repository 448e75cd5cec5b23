"""A SIP program that others wrote, so that our own phones are not the only judge."""

from pathlib import Path

from lab.phone.baresip import Baresip
from tests.integration.conversations import recorded
from tests.integration.world import World, kinds, record


async def test_from_the_greeting_to_an_agent_and_back(hotline: World, tmp_path: Path) -> None:
    agent = await hotline.agent("1001")
    async with Baresip(hotline.sip, tmp_path / "baresip", user="13800138000") as program:
        await program.dial("12319")
        calls = await hotline.see("calls", lambda calls: len(calls) == 1)
        # greeting and menu, to the end
        await hotline.see(f"calls/{calls[0]['id']}", lambda call: "said" in kinds(call))
        await program.press("1")
        offer = await agent.incoming()
        assert offer.caller_number == "13800138000"
        await offer.answer()
        offer.send_tone(800)
        for _ in range(3):  # a second or so
            await offer.hears(440)  # what baresip says
        await hotline.see_queue("greening", talking=1)
        await program.hang_up()
        await program.event("CALL_CLOSED")
        await offer.ended()
        assert program.heard_tone(800) > 0.2
        for clip in (hotline.hotline.greeting, hotline.hotline.menus["main"].say):
            assert recorded(program.heard, hotline.clip(clip)) > 0.5
    told = await hotline.ended()
    assert told["outcome"] == "answered"
    assert record(told, "key-pressed")["key"] == "1"
    assert record(told, "talk-ended")["by"] == "caller"


async def test_an_agent_works_with_it(hotline: World, tmp_path: Path) -> None:
    password = hotline.secrets.phone_password("1001", hotline.hotline.phones["1001"]).get_secret_value()
    async with Baresip(hotline.sip, tmp_path / "baresip", user="1001", password=password) as program:
        await program.dial("*45")
        await program.event("CALL_CLOSED")
        await hotline.see_agent("1001", state="ready", phone="free")
        citizen = await hotline.citizen()
        call = await citizen.dial("12319")
        await call.hears_speech()
        await call.press("1")
        await program.accept()
        await call.hears(440)
        await program.hang_up()
        await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    assert record(await hotline.ended(), "talk-ended")["by"] == "agent"
