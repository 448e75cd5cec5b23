"""A supervisor listens to a talk, whispers, joins: who hears whom, when it ends, what is told of it, who may."""

import asyncio
from typing import Any

import httpx
import pytest

from lab.phone import Call, audio
from tests.integration.conversations import connected, hear_each_other
from tests.integration.world import World, kinds, record

CALLER, AGENT, SUPERVISOR, TONE = 500, 900, 1_200, 1_400
"""Hertz: each says one tone, and one is the sign that somebody listens."""

SIGN = ('hotline: "12319"', 'hotline: "12319"\nlistening: {say: {zh: 您好，这里是测试热线}}')
"""The words of the greeting, so that no other clip is needed."""


async def token(hotline: World, name: str, **rights: Any) -> dict[str, str]:
    """The header of a program that may do that."""
    answer = await hotline.http.post("/api/v1/tokens", json={"name": name, "expires_s": 3_600, **rights})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def talk_id(hotline: World) -> str:
    (call,) = await hotline.get("calls?state=talking")
    return str(call["id"])


def has(call: Call, hertz: int) -> bool:
    """Whether that tone was in what the phone heard in the last 0.3 s."""
    return audio.share(call.heard(0.3), hertz) > 0.1


async def hear(who: dict[Call, set[int]]) -> None:
    """Each hears exactly these tones."""
    for call, tones in who.items():
        for hertz in tones:
            await call.hears(hertz)
    for call, tones in who.items():
        assert [hertz for hertz in (CALLER, AGENT, SUPERVISOR) if has(call, hertz)] == sorted(tones)


@pytest.mark.parametrize("change", [('hotline: "12319"', 'hotline: "12319"\nlistening: {announce: true}')])
async def test_who_hears_whom_in_each_mode_and_what_is_told_of_it(hotline: World) -> None:
    agent, phone = await hotline.agent("1002"), await hotline.agent("1005")
    call, offer = await connected(hotline, agent)
    talk = await talk_id(hotline)
    wang = await token(hotline, "wang", roles=["supervisor", "agent"], queues=["greening"], agent="1005")

    async def ask(how: str, mode: str = "", headers: dict[str, str] = wang) -> httpx.Response:
        body = {"mode": mode} if mode else None
        return await hotline.http.request(how, f"/api/v1/calls/{talk}/listen", headers=headers, json=body)

    other = await token(hotline, "other", roles=["supervisor"], queues=["general"])
    colleague = await token(hotline, "colleague", roles=["agent"], agent="1002")
    assert [(await ask("POST", "listen", who)).status_code for who in (other, colleague)] == [404, 403]

    answer = await ask("POST", "listen")
    assert (answer.status_code, answer.json()["began"]) == (201, None), answer.text
    ring = await phone.incoming()
    assert (ring.other_name, ring.caller_number) == ("旁听 绿化二席", "1002")
    await hotline.see_agent("1005", state="ready", phone="busy")  # so it gets no calls
    await asyncio.gather(ring.answer(), call.hears(TONE), offer.hears(TONE))
    call.send_tone(CALLER)
    offer.send_tone(AGENT)
    ring.send_tone(SUPERVISOR)
    await hear({ring: {CALLER, AGENT}, call: {AGENT}, offer: {CALLER}})
    assert (await ask("PUT", "whisper")).json()["mode"] == "whisper"
    await offer.hears(SUPERVISOR)
    await hear({ring: {CALLER, AGENT}, call: {AGENT}, offer: {CALLER, SUPERVISOR}})
    await hotline.stop_service()
    await hotline.start_service()
    assert [each["mode"] for each in (await ask("GET")).json()] == ["whisper"]
    assert (await ask("PUT", "join")).status_code == 200
    await call.hears(SUPERVISOR)
    await hear({ring: {CALLER, AGENT}, call: {AGENT, SUPERVISOR}, offer: {CALLER, SUPERVISOR}})
    await ring.press("45")  # the keys of the phone change nothing
    await hear({call: {AGENT, SUPERVISOR}, offer: {CALLER, SUPERVISOR}})

    await offer.hang_up()
    await ring.ended()
    await call.ended()
    story = await hotline.ended()
    told = [kind for kind in kinds(story) if kind.startswith("listening")]
    assert told == ["listening-asked", "listening-began", *["listening-changed"] * 2, "listening-ended"]
    over = record(story, "listening-ended")
    assert (over["why"], over["mode"], over["phone"], over["agent"]) == ("talk-over", "join", "1005", "1002")
    assert over["listened_s"] > 0
    assert record(story, "listening-asked")["actor"] == "token:wang"
    seen = await hotline.http.get(f"/api/v1/calls/{talk}", headers=colleague)
    assert not [kind for kind in kinds(seen.json()) if kind.startswith("listening")]
    audit = [(each["what"], each["status"]) for each in await hotline.get("audit?actor=token:wang")]
    assert audit[0] == ("listening-ended", 200)
    assert audit.count(("listening-changed", 200)) == 2
    assert ("listening-asked", 201) in audit


@pytest.mark.parametrize("change", [SIGN])
async def test_both_are_told_before_anybody_hears_them_and_a_restart_writes_the_end(hotline: World) -> None:
    agent, phone = await hotline.agent("1002"), await hotline.agent_phone("1005")
    call, offer = await connected(hotline, agent)
    talk = await talk_id(hotline)
    await hotline.see_agent("1005", phone="free")
    answer = await hotline.http.post(f"/api/v1/calls/{talk}/listen", json={"mode": "listen", "phone": "1005"})
    assert answer.status_code == 201, answer.text
    ring = await phone.incoming()
    await ring.answer()
    sign = hotline.clip({"zh": "您好，这里是测试热线"})
    for each in (call, offer):
        await each.hears("sound")
    assert not (await hotline.get(f"calls/{talk}/listen"))[0]["began"]
    assert not ring.received or not any(abs(sample) > 400 for sample in ring.heard(0.5))
    for each in (call, offer):
        await each.hears("silence")
    await hotline.see(f"calls/{talk}/listen", lambda all: all and all[0]["began"] is not None)
    call.send_tone(CALLER)
    await ring.hears(CALLER)
    assert sign.exists()
    await hotline.stop_service()
    await ring.hang_up()
    await hotline.start_service()
    await hotline.see(f"calls/{talk}/listen", lambda all: all == [], "no listener")
    over = record(await hotline.story(talk), "listening-ended")
    assert over["why"] == "unseen"
    assert [each["detail"].split(", ")[-1] for each in await hotline.get("audit?what=listening-ended")] == ["unseen"]
    offer.send_tone(AGENT)
    await call.hears(AGENT)

    answer = await hotline.http.post(f"/api/v1/calls/{talk}/listen", json={"mode": "listen", "phone": "1005"})
    assert answer.status_code == 201, answer.text
    ring = await phone.incoming()
    await ring.answer()
    await hotline.see(f"calls/{talk}/listen", lambda all: all and all[0]["began"] is not None)
    colleague = await hotline.agent_phone("1003")
    dialling = asyncio.create_task(phone.dial("1003"))
    there = await colleague.incoming()
    await there.answer()
    asking = await dialling
    await hear_each_other(asking, there)  # before: no bridge yet, and Asterisk refuses to join them (400)
    await ring.attended_transfer(asking)
    await there.ended()  # a listening cannot be passed on
    await hotline.see(f"calls/{talk}/listen", lambda all: all == [], "no listener")
